// SPDX-License-Identifier: GPL-2.0-or-later
//
// Dump headers of any bytes, up to where libkdumpfile would be called (whose own bugs are no
// finding here): probing, and the look-up of pages that may be read or not.
//
// The first byte chooses: 0 to 2 the rest is a file as it is; else it is a list of changes
// (offset in three bytes, value in one) of a healthy dump, for which see mkdump.
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "core/probe.h"
#include "dumps/mkdump.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const enum mkdump_format formats[] = {MKDUMP_ELF, MKDUMP_ELF_MANY, MKDUMP_ZLIB,
					     MKDUMP_FLAT_ELF, MKDUMP_FLAT_ZLIB};

/* Each healthy dump is made once. */
static int healthy(unsigned which)
{
	static int fd[ARRAY_SIZE(formats)];
	static bool made[ARRAY_SIZE(formats)];

	if (!made[which]) {
		struct mkdump *d = mkdump_new(MKDUMP_X86_64);

		mkdump_uint(d, MKDUMP_TEXT + 0x5000, 8, 0x1122334455667788);
		mkdump_cpu(d, 1, NULL, 0);
		fd[which] = mkdump_open(d, formats[which]);
		made[which] = true;
		mkdump_free(d);
	}
	return fd[which];
}

static void put(int fd, const void *data, size_t size, off_t at)
{
	if (pwrite(fd, data, size, at) != (ssize_t)size)
		abort();
}

static void make_file(int out, const uint8_t *data, size_t size)
{
	static uint8_t copy[1 << 20];
	unsigned which = data[0] % (ARRAY_SIZE(formats) + 3);
	ssize_t len;

	if (which < 3) {
		put(out, data + 1, size - 1, 0);
		return;
	}
	len = pread(healthy(which - 3), copy, sizeof(copy), 0);
	if (len <= 0)
		abort();
	for (data++, size--; size >= 4; data += 4, size -= 4) {
		size_t at = (size_t)data[0] << 16 | data[1] << 8 | data[2];

		copy[at % (size_t)len] = data[3];
	}
	put(out, copy, (size_t)len, 0);
}

static void look_up(const struct probe *probe, const struct core_file *file)
{
	static const uint64_t addr[] = {0,	    0x2fff000,	0x3005008,
					0x20000000, 0x20001fff, UINT64_MAX};
	uint8_t byte;

	for (size_t i = 0; i < ARRAY_SIZE(addr); i++) {
		struct probe_extent ext = {0};
		uint64_t paddr;
		enum status st = probe->is_elf
				     ? probe_find_elf(probe, file, addr[i], 4096, &ext, NULL)
				     : probe_find_kdump(probe, file, addr[i], &ext, NULL);

		(void)probe_segment_virt(probe, addr[i], &paddr);
		if (st)
			continue;
		/* What is said to be there is there. */
		if (addr[i] < ext.start || addr[i] >= ext.end || !ext.length ||
		    core_file_read(file, ext.offset + ext.length - 1, &byte, 1, NULL))
			abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct core_file file;
	struct probe probe = {0};
	char path[32];
	int fd;

	if (!size || size > 1 << 20)
		return 0;
	fd = memfd_create("dump", 0);
	if (fd < 0)
		abort();
	make_file(fd, data, size);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	if (!core_file_open(&file, path, NULL)) {
		if (!probe_file(&probe, &file, NULL))
			look_up(&probe, &file);
		probe_done(&probe);
		core_file_done(&file);
	}
	close(fd);
	return 0;
}
