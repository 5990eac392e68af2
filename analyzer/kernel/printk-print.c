// SPDX-License-Identifier: GPL-2.0-or-later
//
// Prints the log of a dump as vmcore-dmesg (kexec-tools 2.0.25) does, so that the two can be
// compared byte for byte: "[%5llu.%06llu] " before each record, a newline behind it, bytes that
// are neither printable ASCII nor white space as \xNN, newlines inside a record as they are.
//
// Where that tool is wrong we differ, and only there:
//
//	- Record buffers (3.5 to 5.9): the zeroed header that sends the reader back to the
//	  start is no record; vmcore-dmesg prints it as a line "[    0.000000] ".
//	- Ring (7.x): a block that ends exactly at the end of the ring did not wrap;
//	  vmcore-dmesg reads it from offset 0 and prints another record's text or fails.
//	- A record whose text cannot be read, belongs to another record or is longer than the
//	  kernel writes is left out or cut; vmcore-dmesg prints what lies there, or stops.
//	- Ring: a damaged id or a loop ends where the ring does; vmcore-dmesg goes on.
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "kernel/klog-source.h"

/* isprint() and isspace() of the C locale, whatever the locale is. */
static bool is_plain(unsigned char ch)
{
	return (ch >= ' ' && ch <= '~') || (ch >= '\t' && ch <= '\r');
}

static void print_text(struct slice text, FILE *out)
{
	const char *end = text.p + text.n;

	for (const char *p = text.p; p < end;) {
		const char *plain = p;

		while (p < end && is_plain((unsigned char)*p))
			p++;
		fwrite(plain, 1, (size_t)(p - plain), out);
		if (p < end)
			fprintf(out, "\\x%02x", (unsigned char)*p++);
	}
}

static void print_record(const struct klog_record *record, FILE *out)
{
	fprintf(out, "[%5" PRIu64 ".%06" PRIu64 "] ", record->time_ns / 1000000000,
		record->time_ns % 1000000000 / 1000);
	print_text(record->text, out);
	fputc('\n', out);
}

enum status klog_print(struct core *core, FILE *out, struct err *err)
{
	struct klog_record record;
	struct slice bytes;
	struct klog *klog;
	enum status st = klog_open_core(&klog, core, err);

	if (st)
		return st;
	if (klog->ops->raw_bytes) {
		while (klog->ops->raw_bytes(klog, &bytes))
			fwrite(bytes.p, 1, bytes.n, out);
	} else {
		while (klog->ops->raw_record(klog, &record))
			print_record(&record, out);
	}
	klog_finish(klog);
	if (fflush(out) || ferror(out))
		st = err_set(err, STATUS_BROKEN, "cannot write the log: %s", strerror(errno));
	else
		(void)err_set(err, STATUS_FOUND, "%s", klog->info.why_degraded);
	klog_free(klog);
	return st;
}
