// SPDX-License-Identifier: GPL-2.0-or-later
//
// The per-CPU memory of all CPUs, for sums over them: a per-CPU pointer or symbol p is at
// p + offset on each.
#ifndef KDV_KERNEL_PERCPU_H
#define KDV_KERNEL_PERCPU_H

#include "kernel/image.h"

/* __per_cpu_offset of each possible CPU: only those have per-CPU memory of their own. */
enum { PERCPU_MAX = 1024 };
struct percpu_offsets {
	unsigned count;
	uint64_t offset[PERCPU_MAX];
};
enum status percpu_offsets_read(struct kernel *kernel, struct percpu_offsets *ret,
				struct err *err);

#endif
