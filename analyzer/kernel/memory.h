// SPDX-License-Identifier: GPL-2.0-or-later
//
// The memory of the crashed machine in the words of /proc/meminfo: how much there was, who had
// it, and whether a process, a slab cache, hugepages or a cgroup limit used it up.
#ifndef KDV_KERNEL_MEMORY_H
#define KDV_KERNEL_MEMORY_H

#include "kernel/image.h"
#include "kernel/tasks.h"

enum { MEMORY_MAX_NODES = 64, MEMORY_TOP = 10, MEMORY_MAX_CACHES = 4096 };

/* KiB; < 0: could not be known. */
struct memory {
	int64_t total, free, available;
	int64_t anon, shmem;
	int64_t page_cache; /* Cached + Buffers - Shmem; up to v5.11 with the swap cache */
	int64_t slab_reclaimable, slab_unreclaimable;
	int64_t page_tables, kernel_stacks, vmalloc, percpu;
	int64_t hugetlb;		/* reserved for huge pages, used or not */
	int64_t swap_total, swap_free;
	struct memory_node {
		int node;
		int64_t total, free;
	} node[MEMORY_MAX_NODES];
	unsigned nodes;
};
enum status memory_read(struct kernel *kernel, struct memory *ret, struct err *err);

struct memory_process {
	int32_t pid;
	char comm[16];
	int64_t rss;		/* KiB: anon + file + shmem pages */
	int64_t swap;		/* KiB */
	bool has_oom_score_adj; /* dumps may lack what holds it, the signal_struct */
	int32_t oom_score_adj;
};
/*
 * Reads one process of a task (ABSENT: no mm, or a thread that is not the leader). It looks the
 * types up each time: for many processes see memory_largest_open().
 */
enum status memory_process(struct kernel *kernel, const struct task *task,
			   struct memory_process *ret, struct err *err);

/*
 * The largest processes by rss: add() every task, close() gives them, largest first, at most
 * MEMORY_TOP, and frees. Types are looked up once, and what CPUs hold back of the counters
 * (since v6.2) is read for those that may be among the largest only. NULL is closed as none.
 */
struct memory_largest;
enum status memory_largest_open(struct memory_largest **ret, struct kernel *kernel,
				struct err *err);
void memory_largest_add(struct memory_largest *largest, const struct task *task);
unsigned memory_largest_close(struct memory_largest *largest,
			      struct memory_process ret[MEMORY_TOP]);

struct memory_cache {
	char name[64];
	int64_t total;		/* KiB */
	uint64_t object_size, objects; /* bytes; in use and free together */
	bool reclaimable;
};
/* The largest slab caches, largest first; *ret_count at most MEMORY_TOP. */
enum status memory_caches(struct kernel *kernel, struct memory_cache ret[MEMORY_TOP],
			  unsigned *ret_count, struct err *err);

/*
 * The cgroup of a task with the tightest memory limit, on the way up to the root: its name,
 * limit and use in KiB. ABSENT: none has a limit, or no memory controller.
 */
struct memory_cgroup {
	char name[64];
	int64_t limit, usage;
};
enum status memory_cgroup(struct kernel *kernel, const struct task *task,
			  struct memory_cgroup *ret, struct err *err);

#endif
