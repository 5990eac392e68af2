// SPDX-License-Identifier: GPL-2.0-or-later
//
// The log up to 3.4 (RHEL 6 has 2.6.32): nothing but characters in log_buf, a power of two
// long. log_end counts all that were ever written, so the text is the last
// min(log_end, log_buf_len) of them and ends at log_end modulo log_buf_len:
//
//	log_end & (len - 1)
//	         v
//	ewer text|older text ... new		when log_end > log_buf_len
//
// Each line carries "<level>" and, if printk.time was set, "[  sec.usec] " as text, just as
// stored logs do, so its lines are read by the same grammar. When the buffer has gone around,
// the oldest line lacks its head.
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "kernel/klog-source.h"
#include "kernel/window.h"

/* log_buf_len= is an int. */
#define CHARS_MAX_BUFFER (UINT32_C(1) << 30)
enum {
	CHARS_WINDOW = 4 * 1024,
	/* printk wrote at most 1 KiB; a longer line comes in pieces. */
	CHARS_MAX_LINE = 4 * 1024,
};

struct chars {
	struct klog klog;
	struct core *core;
	uint32_t buffer_size, start, length;
	uint32_t at;		/* 0 .. length */
	uint32_t number;
	bool in_line;		/* a piece of the line at `at` was given already */
	struct window window;
	unsigned char buf[CHARS_WINDOW];
	char line[CHARS_MAX_LINE];
};

static enum status read_unsigned(struct core *core, const char *name, uint32_t *ret,
				 struct err *err)
{
	uint64_t addr;
	enum status st = core_symbol(core, name, &addr, err);

	if (!st)
		st = core_read_u32(core, addr, ret, err);
	return st ? err_add(err, st, "cannot read %s", name) : st;
}

static enum status find_buffer(struct chars *chars, struct err *err)
{
	struct core *core = chars->core;
	uint32_t end, size;
	uint64_t addr, buffer;
	enum status st = core_symbol(core, "log_buf", &addr, err);

	if (!st)
		st = core_read_ptr(core, addr, &buffer, err);
	if (st)
		return err_add(err, st, "cannot read log_buf");
	st = read_unsigned(core, "log_buf_len", &size, err);
	if (!st)
		st = read_unsigned(core, "log_end", &end, err);
	if (st)
		return st;
	if (!size || size > CHARS_MAX_BUFFER || size & (size - 1))
		return err_set(err, STATUS_BROKEN, "log_buf_len is %" PRIu32, size);
	chars->buffer_size = size;
	chars->length = end < size ? end : size;
	chars->start = (end - chars->length) & (size - 1);
	if (end > size)
		strcpy(chars->klog.why_truncated, "the oldest messages were overwritten");
	window_init(&chars->window, core, buffer, size, chars->buf, sizeof(chars->buf));
	return STATUS_FOUND;
}

/* The characters from chars->at on that one read gives. */
static bool next_stretch(struct chars *chars, struct slice *ret)
{
	while (chars->at < chars->length) {
		uint32_t offset = (chars->start + chars->at) & (chars->buffer_size - 1);
		uint32_t to_end = chars->buffer_size - offset;
		uint32_t to_page = CHARS_WINDOW - offset % CHARS_WINDOW;
		uint32_t n = chars->length - chars->at;
		const unsigned char *bytes;
		struct err err = {""};

		if (n > to_end)
			n = to_end;
		if (n > to_page)
			n = to_page;
		if (!window_read(&chars->window, offset, n, &bytes, &err)) {
			*ret = (struct slice){(const char *)bytes, n};
			return true;
		}
		klog_count_lost(&chars->klog, 1, "a part of the log is lost: %s", err.text);
		chars->at += n;
	}
	return false;
}

static bool next_raw(struct klog *klog, struct slice *ret)
{
	struct chars *chars = (struct chars *)klog;

	if (!next_stretch(chars, ret))
		return false;
	chars->at += (uint32_t)ret->n;
	return true;
}

/*
 * Copies up to the next newline into chars->line. ret_whole: the line ended here. False at the
 * end of the log, also when all that was left could not be read.
 */
static bool take_line(struct chars *chars, struct slice *ret, bool *ret_whole)
{
	const char *eol = NULL;
	struct slice part;
	size_t n = 0;

	while (!eol && n < CHARS_MAX_LINE && next_stretch(chars, &part)) {
		if (part.n > CHARS_MAX_LINE - n)
			part.n = CHARS_MAX_LINE - n;
		eol = memchr(part.p, '\n', part.n);
		if (eol)
			part.n = (size_t)(eol - part.p);
		memcpy(chars->line + n, part.p, part.n);
		n += part.n;
		chars->at += (uint32_t)part.n + !!eol;
	}
	*ret = (struct slice){chars->line, n};
	*ret_whole = eol || chars->at == chars->length;
	return n || eol;
}

static bool chars_next(struct klog *klog, struct klog_line *ret)
{
	struct chars *chars = (struct chars *)klog;
	bool continues = chars->in_line, whole;
	struct slice raw;

	if (!take_line(chars, &raw, &whole))
		return false;
	chars->in_line = !whole;
	chars->number += !continues;
	*ret = (struct klog_line){
		.number = chars->number,
		.continues = continues,
		.level = -1,
		.facility = KLOG_FACILITY_UNKNOWN,
		.text = raw,
	};
	if (!continues)
		(void)klog_prefix_strip(raw, ret);
	return true;
}

static void chars_rewind(struct klog *klog)
{
	struct chars *chars = (struct chars *)klog;

	chars->at = 0;
	chars->number = 0;
	chars->in_line = false;
}

static const struct klog_ops chars_ops = {
	.layout = "characters",
	.next_line = chars_next,
	.raw_bytes = next_raw,
	.rewind = chars_rewind,
};

enum status printk_chars_open(struct klog **ret, struct core *core, struct err *err)
{
	struct chars *chars = calloc(1, sizeof(*chars));
	enum status st;

	if (!chars)
		return err_set(err, STATUS_BROKEN, "out of memory");
	chars->klog.ops = &chars_ops;
	chars->core = core;
	st = find_buffer(chars, err);
	if (st) {
		free(chars);
		return st;
	}
	klog_rewind(&chars->klog);
	*ret = &chars->klog;
	return STATUS_FOUND;
}
