// SPDX-License-Identifier: GPL-2.0-or-later
//
// For the fuzz targets of the printk buffers: a small valid dump with a log in it, which the
// fuzzer's input damages in places: { u16 offset, u8 count, bytes to be xor-ed in } and so on.
#ifndef KDV_FUZZ_PRINTK_IMAGE_H
#define KDV_FUZZ_PRINTK_IMAGE_H

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "dumps/mkprintk.h"
#include "kernel/klog.h"

/* The variables and the rings' structs, then the arrays. */
enum { IMAGE_HEAD = 0x180, IMAGE_ARRAYS = 0x1000, IMAGE_BYTES = 0x3000 };

struct printk_image {
	int fd;
	off_t at;		/* of MKDUMP_TEXT in the file */
	unsigned char bytes[IMAGE_BYTES];
};

/* Text and data lie in one piece in an ELF file, so one known text tells where. */
static inline void printk_image_make(struct printk_image *image, const struct mkprintk_spec *spec)
{
	static const struct mkprintk_message messages[] = {
		{.time_ns = 1000, .level = 6, .text = "where the log lies"},
		{.time_ns = 2000, .level = 3, .text = "two\nlines", .dict = "SUBSYSTEM=x"},
		{.time_ns = 3000, .level = 4, .text = "piece", .flags = MKPRINTK_CONT},
		{.time_ns = 4000, .level = 4, .text = " by piece",
		 .flags = MKPRINTK_CONT | MKPRINTK_NEWLINE},
		{.time_ns = 5000, .level = 4, .text = "", .caller = 7},
		{.time_ns = 6000, .level = 1, .text = "the last message of all"},
	};
	struct mkdump *d = mkdump_new(MKDUMP_X86_64);
	const char filler[IMAGE_BYTES] = "";
	struct mkprintk_places places;
	const char *text, *found;
	char *file;
	off_t size;

	mkdump_virt(d, MKDUMP_TEXT, filler, sizeof(filler));
	mkprintk(d, MKDUMP_TEXT, spec, messages, sizeof(messages) / sizeof(*messages), &places);
	image->fd = mkdump_open(d, MKDUMP_ELF);
	mkdump_free(d);
	size = lseek(image->fd, 0, SEEK_END);
	file = malloc((size_t)size);
	if (!file || pread(image->fd, file, (size_t)size, 0) != size)
		abort();
	text = messages[0].text;
	found = memmem(file, (size_t)size, text, strlen(text));
	if (!found)
		abort();
	/* Between the start of the text buffer and its first text lies one header. */
	image->at = (found - file) & ~(off_t)(MKDUMP_PAGE - 1);
	image->at -= (off_t)((places.text - MKDUMP_TEXT) & ~(uint64_t)(MKDUMP_PAGE - 1));
	memcpy(image->bytes, file + image->at, sizeof(image->bytes));
	free(file);
}

static inline void printk_image_read(const struct printk_image *image)
{
	const struct core_limits limits = {.open_bytes = 64 << 20};
	struct core *core;
	struct klog *klog;
	struct klog_line line;
	char path[32];
	const char *paths[] = {path};
	static FILE *sink;
	uint32_t count = 0;

	if (!sink)
		sink = fopen("/dev/null", "w");
	snprintf(path, sizeof(path), "/proc/self/fd/%d", image->fd);
	if (core_open(&core, paths, 1, &limits, NULL))
		return;
	if (!klog_open_core(&klog, core, NULL)) {
		while (klog_next(klog, &line)) {
			fwrite(line.text.p, 1, line.text.n, sink);
			count++;
		}
		klog_rewind(klog);
		while (klog_next(klog, &line))
			count--;
		if (count)
			abort();
		klog_free(klog);
	}
	(void)klog_print(core, sink, NULL);
	core_close(core);
}

/* Takes one patch off the input; returns what is left of it. */
static inline size_t printk_image_patch(unsigned char *bytes, const uint8_t *data, size_t size)
{
	enum { HEADER = 3, AREA = IMAGE_HEAD + IMAGE_BYTES - IMAGE_ARRAYS };
	size_t at = (size_t)(data[0] | data[1] << 8) % AREA;
	size_t count = data[2] % 8 + 1u;

	if (count > size - HEADER)
		count = size - HEADER;
	if (at >= IMAGE_HEAD)
		at += IMAGE_ARRAYS - IMAGE_HEAD;
	for (size_t i = 0; i < count && at + i < IMAGE_BYTES; i++)
		bytes[at + i] ^= data[HEADER + i];
	return size - HEADER - count;
}

static inline int printk_image_fuzz(struct printk_image *image, const uint8_t *data, size_t size)
{
	unsigned char bytes[IMAGE_BYTES];
	size_t left = size;

	memcpy(bytes, image->bytes, sizeof(bytes));
	while (left >= 3)
		left = printk_image_patch(bytes, data + size - left, left);
	if (pwrite(image->fd, bytes, sizeof(bytes), image->at) != (ssize_t)sizeof(bytes))
		abort();
	printk_image_read(image);
	return 0;
}

#endif
