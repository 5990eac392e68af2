// SPDX-License-Identifier: GPL-2.0-or-later
//
// Private to the readers of memory: what they share of pages and per-CPU counters.
#ifndef KDV_KERNEL_MEMORY_INSIDE_H
#define KDV_KERNEL_MEMORY_INSIDE_H

#include "kernel/memory.h"

/* __per_cpu_offset of each possible CPU: only those have per-CPU memory of their own. */
enum { PERCPU_MAX = 1024 };
struct percpu_offsets {
	unsigned count;
	uint64_t offset[PERCPU_MAX];
};
enum status percpu_offsets_read(struct kernel *kernel, struct percpu_offsets *ret,
				struct err *err);

/* Pages as KiB; 0 for a count below 0, as counters that are not folded may be. */
int64_t pages_to_kib(const struct core *core, int64_t pages);

#endif
