// SPDX-License-Identifier: GPL-2.0-or-later
//
// Private to the readers of memory: what they share.
#ifndef KDV_KERNEL_MEMORY_INSIDE_H
#define KDV_KERNEL_MEMORY_INSIDE_H

#include "kernel/memory.h"
#include "kernel/percpu.h"

/* Pages as KiB; 0 for a count below 0, as counters that are not folded may be. */
int64_t pages_to_kib(const struct core *core, int64_t pages);

#endif
