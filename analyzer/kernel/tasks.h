// SPDX-License-Identifier: GPL-2.0-or-later
//
// Every task and thread of the crashed kernel, what the blocked ones wait for, how long.
#ifndef KDV_KERNEL_TASKS_H
#define KDV_KERNEL_TASKS_H

#include "kernel/image.h"

enum { TASKS_MAX = 1 << 20 }; /* a busy machine has 100,000; pid_max is at most 4 Mi */

struct task {
	uint64_t addr;		/* of its task_struct */
	int32_t pid, tgid, ppid; /* -1: unknown */
	char comm[16];		/* terminated */
	uint32_t state;		/* bits as this kernel has them */
	uint32_t exit_state;
	char letter;		/* as ps shows: R S D T t Z X I P; '?' unknown */
	bool blocked;		/* uninterruptible, and counted as load */
	bool is_kernel;		/* a kernel thread */
	bool on_cpu;		/* it runs: its saved stack pointer is stale */
	int32_t cpu;		/* where it ran last; -1: unknown */
	uint64_t mm;		/* 0: none */
	uint64_t signal;	/* its struct signal_struct; 0: none */
	uint64_t stack;		/* its stack's lowest address; 0: unknown */
};

/*
 * Walks all tasks: the idle tasks of the CPUs are not among them. seen() gets each until it
 * returns false. *ret_total (may be NULL) counts them. A list that breaks off is FOUND with
 * why_cut (256 bytes, "" if whole).
 */
enum status tasks_each(struct kernel *kernel, bool (*seen)(const struct task *task, void *ctx),
		       void *ctx, size_t *ret_total, char why_cut[256], struct err *err);
/* One task by its address. */
enum status task_read(struct kernel *kernel, uint64_t addr, struct task *ret, struct err *err);

enum task_lock { LOCK_NONE, LOCK_MUTEX, LOCK_RWSEM };

struct task_wait {
	double seconds;		/* since it ran last; < 0: cannot be known */
	enum task_lock lock;
	uint64_t lock_addr;
	uint64_t owner;		/* task_struct that holds it; 0: unknown or readers */
	int32_t owner_pid;
	char owner_comm[16];
	bool owned_by_readers;	/* a rwsem */
};

/*
 * What a blocked task waits for: the time since the scheduler took it off its CPU, and, where
 * its stack shows a mutex or rwsem waiter (struct mutex_waiter, struct rwsem_waiter on its own
 * stack: both hold .task), the lock and its owner.
 */
enum status task_wait(struct kernel *kernel, const struct task *task, struct task_wait *ret,
		      struct err *err);

#endif
