// SPDX-License-Identifier: GPL-2.0-or-later
//
// Fuzzes text logs: the judge, the line splitter, escapes and prefixes, and unpacking. A first
// byte that is even puts a line before the rest that every judge takes for a kernel's.
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "kernel/klog.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int write_log(const uint8_t *data, size_t size)
{
	static const char line[] = "[    0.000001] Linux version\n";
	static int fd = -1;

	if (fd < 0)
		fd = memfd_create("log", 0);
	if (ftruncate(fd, 0) || lseek(fd, 0, SEEK_SET))
		abort();
	if (!(data[0] & 1) && write(fd, line, sizeof(line) - 1) < 0)
		abort();
	if (write(fd, data + 1, size - 1) < 0)
		abort();
	return fd;
}

/* Counts lines and touches every byte of them. */
static size_t read_log(struct klog *klog, size_t *ret_bytes)
{
	volatile char sum = 0;
	struct klog_line line;
	size_t lines = 0;

	*ret_bytes = 0;
	for (; klog_next(klog, &line); lines++) {
		for (size_t i = 0; i < line.text.n; i++)
			sum = (char)(sum + line.text.p[i]);
		*ret_bytes += line.text.n;
	}
	return lines;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	size_t lines, bytes, lines_again, bytes_again;
	struct klog *klog;
	char path[32];

	if (!size)
		return 0;
	snprintf(path, sizeof(path), "/proc/self/fd/%d", write_log(data, size));
	if (klog_open_text(&klog, path, NULL))
		return 0;
	lines = read_log(klog, &bytes);
	klog_rewind(klog);
	lines_again = read_log(klog, &bytes_again);
	if (lines != lines_again || bytes != bytes_again)
		abort();
	klog_free(klog);
	return 0;
}
