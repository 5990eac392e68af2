// SPDX-License-Identifier: GPL-2.0-or-later
//
// A window over a range of the crashed kernel's memory: small pieces are asked for one after
// the other, and core/ is asked for a few KiB at once.
#ifndef KDV_KERNEL_WINDOW_H
#define KDV_KERNEL_WINDOW_H

#include "core/core.h"

struct window {
	struct core *core;
	uint64_t base, size;	/* the range: virtual address and bytes */
	unsigned char *buf;	/* borrowed: cap bytes */
	uint32_t cap;
	uint64_t at;		/* what buf holds: [at, at + len) of the range */
	uint32_t len;
};

void window_init(struct window *w, struct core *core, uint64_t base, uint64_t size,
		 void *buf, uint32_t cap);

/*
 * len bytes (at most cap) at offset of the range, valid until the next call. BROKEN when they
 * do not lie in the range, else as core_read_virt().
 */
enum status window_read(struct window *w, uint64_t offset, uint32_t len,
			const unsigned char **ret, struct err *err);

#endif
