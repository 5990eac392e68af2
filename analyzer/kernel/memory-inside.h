// SPDX-License-Identifier: GPL-2.0-or-later
//
// Private to the readers of memory: what they share.
#ifndef KDV_KERNEL_MEMORY_INSIDE_H
#define KDV_KERNEL_MEMORY_INSIDE_H

#include "kernel/memory.h"
#include "kernel/percpu.h"

/* Pages as KiB; 0 for a count below 0, as counters that are not folded may be. */
int64_t pages_to_kib(const struct core *core, int64_t pages);

/* A sum that does not overflow, whatever a dump says. */
int64_t pages_add(int64_t a, int64_t b);

enum {
	MEMORY_MAX_ITEMS = 128, /* counters of one kind: 74 in 7.2 */
	MEMORY_MAX_ZONES = 8,	/* of a node */
};

/* The counters of one kind: by zone or by node. */
struct memory_stats {
	const char *items; /* the enum */
	unsigned count;
	int64_t value[MEMORY_MAX_ITEMS];
};

struct memory_counters {
	struct kernel *kernel;
	struct core *core;
	struct memory_stats zone, node;
	unsigned nodes;
	uint64_t node_addr[MEMORY_MAX_NODES]; /* of its struct pglist_data */
	int node_number[MEMORY_MAX_NODES];
	unsigned zones; /* those with memory, of all nodes */
	uint64_t zone_addr[MEMORY_MAX_NODES * MEMORY_MAX_ZONES];
	unsigned zone_node[MEMORY_MAX_NODES * MEMORY_MAX_ZONES]; /* index of its node */
};

/* Fills the nodes of memory, too. ABSENT: this kernel or dump has no such counters. */
enum status memory_counters_read(struct kernel *kernel, struct memory_counters *ret,
				 struct memory *memory, struct err *err);
/*
 * Pages of a counter by its name, or the one it had before (may be NULL); never below 0 but
 * where this kernel has no such counter.
 */
int64_t memory_counter(struct memory_counters *counters, const char *name,
		       const char *old_name);
/* Pages below which the zones begin to reclaim, all together. */
int64_t memory_low_watermarks(struct memory_counters *counters);

#endif
