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
 * Opens count descriptors, which stay the caller's and stay open as long as this. arch, a
 * constant, is libkdumpfile's name of the architecture when the header of a kdump-compressed
 * file lacks it, else NULL.
 */
enum status kdumpfile_open(struct kdumpfile **ret, const int *fds, size_t count, bool is_elf,
			   const char *arch, struct err *err);
void kdumpfile_close(struct kdumpfile *lib);

/*
 * All or nothing. Only for memory that the file is known to hold: 0.5.1 does not survive many
 * questions for pages that were left out.
 */
enum status kdumpfile_read(struct kdumpfile *lib, uint64_t paddr, void *buf, size_t len,
			   struct err *err);

#endif
