// SPDX-License-Identifier: GPL-2.0-or-later
//
// The way into libkdumpfile: open files that probe.h has found harmless, read physical memory.
#ifndef KDV_CORE_KDUMPFILE_H
#define KDV_CORE_KDUMPFILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/base.h"

struct kdumpfile;

/*
 * Opens count descriptors, which stay the caller's. arch is libkdumpfile's name of the
 * architecture when the header of a kdump-compressed file lacks it, else NULL.
 */
enum status kdumpfile_open(struct kdumpfile **ret, const int *fds, size_t count, const char *arch,
			   struct err *err);
/* is_elf: see the comment there on what must not be freed. */
void kdumpfile_close(struct kdumpfile *lib, bool is_elf);

/* All or nothing. */
enum status kdumpfile_read(struct kdumpfile *lib, uint64_t paddr, void *buf, size_t len,
			   struct err *err);

#endif
