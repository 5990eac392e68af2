// SPDX-License-Identifier: GPL-2.0-or-later
//
// One file of a dump, read by offset: as it lies on disk, or as it would lie there if its
// flattened stream had been rearranged. Everything that core/ reads by itself comes from here.
#ifndef KDV_CORE_FILE_H
#define KDV_CORE_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/base.h"

struct flattened;

struct core_file {
	int fd;
	uint64_t disk_bytes;	/* size of the file */
	uint64_t size;		/* size of the dump in it: the same unless flattened */
	struct flattened *flat; /* NULL: not flattened */
};

/* Refuses directories, devices without a size, and empty files, saying which it was. */
enum status core_file_open(struct core_file *ret, const char *path, struct err *err);
void core_file_done(struct core_file *file);

/* All or nothing; BROKEN when the range is not all there. */
enum status core_file_read(const struct core_file *file, uint64_t offset, void *buf,
			   size_t len, struct err *err);

/* Whether the whole range lies within the file. */
bool core_file_has(const struct core_file *file, uint64_t offset, uint64_t len);

/* pread() that goes on after short reads; false at the end of the file or on an error. */
bool core_pread(int fd, void *buf, size_t len, uint64_t offset);

#endif
