// SPDX-License-Identifier: GPL-2.0-or-later
//
// For the fuzz targets that read kernel memory: a small valid dump in a file, which the fuzzer's
// input damages in places: { u16 offset, u8 count, bytes to be xor-ed in } and so on.
#ifndef KDV_FUZZ_MEMORY_H
#define KDV_FUZZ_MEMORY_H

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/core.h"
#include "dumps/mkdump.h"

enum { FUZZ_MEMORY = 1 << 16 };

struct fuzz_memory {
	int fd;
	off_t at;   /* of the range in the file */
	size_t len; /* bytes of the range */
	unsigned char bytes[FUZZ_MEMORY]; /* undamaged */
};

/* Writes the dump; the len bytes from addr on, all of them in it, are what will be damaged. */
static inline void fuzz_memory_make(struct fuzz_memory *m, struct mkdump *d, uint64_t addr,
				    size_t len)
{
	const struct core_limits limits = {.open_bytes = 64 << 20};
	char path[32];
	const char *paths[] = {path};
	struct core *core;
	unsigned char *file;
	const unsigned char *found;
	off_t size;

	m->fd = mkdump_open(d, MKDUMP_ELF);
	m->len = len;
	snprintf(path, sizeof(path), "/proc/self/fd/%d", m->fd);
	if (len > sizeof(m->bytes) || core_open(&core, paths, 1, &limits, NULL) ||
	    core_read_virt(core, addr, m->bytes, len, NULL))
		abort();
	core_close(core);
	size = lseek(m->fd, 0, SEEK_END);
	file = malloc((size_t)size);
	if (!file || pread(m->fd, file, (size_t)size, 0) != size)
		abort();
	found = memmem(file, (size_t)size, m->bytes, len);
	if (!found)
		abort();
	m->at = found - file;
	free(file);
}

/* Damages the file as the input says; NULL if it cannot be opened then. */
static inline struct core *fuzz_memory_open(struct fuzz_memory *m, const uint8_t *data, size_t size)
{
	enum { HEADER = 3 };
	const struct core_limits limits = {.open_bytes = 64 << 20};
	static unsigned char bytes[FUZZ_MEMORY];
	char path[32];
	const char *paths[] = {path};
	struct core *core;

	memcpy(bytes, m->bytes, m->len);
	while (size > HEADER) {
		size_t at = (size_t)(data[0] | data[1] << 8) % m->len, count = data[2] % 8 + 1u;

		data += HEADER;
		size -= HEADER;
		for (; count && size; count--, data++, size--, at++)
			bytes[at % m->len] ^= *data;
	}
	if (pwrite(m->fd, bytes, m->len, m->at) != (ssize_t)m->len)
		abort();
	snprintf(path, sizeof(path), "/proc/self/fd/%d", m->fd);
	return core_open(&core, paths, 1, &limits, NULL) ? NULL : core;
}

#endif
