// SPDX-License-Identifier: GPL-2.0-or-later
//
// What memory tells of the crashed machine beside the crash itself: modules, CPUs, blocked
// tasks, memory, settings. Strings and arrays live in the fact set's arena.
#ifndef KDV_FACT_STATE_H
#define KDV_FACT_STATE_H

#include "kernel/kernel.h"
#include "oops/oops.h"

enum {
	FACT_MAX_CPUS = 512,	/* told of in a verdict: those that were busy first */
	FACT_MAX_GROUPS = 64,	/* different traces of blocked tasks */
	FACT_GROUP_PIDS = 8,	/* named of each */
	FACT_MAX_TRACE = 48,	/* frames of one */
};

struct fact_module {
	const char *name;
	const char *taints;	/* "OE"; "" none */
	uint64_t address, size;	/* 0: not known (from the log) */
	const char *version, *srcversion; /* NULL: none or not known */
	int64_t refcount;	/* < 0: not known */
};

struct fact_trace {
	struct frame *frame;	/* innermost first */
	size_t count;
	const char *why_cut;	/* NULL: it is whole */
};

enum fact_cpu_state {
	FACT_CPU_UNKNOWN,
	FACT_CPU_IDLE,
	FACT_CPU_USER,
	FACT_CPU_KERNEL,
	FACT_CPU_IRQ,
	FACT_CPU_NMI,
	FACT_CPU_DID_NOT_STOP,
};
const char *fact_cpu_state_name(enum fact_cpu_state state);

struct fact_cpu {
	unsigned cpu;
	int64_t pid;		/* -1: not known */
	const char *comm;	/* NULL: not known */
	enum fact_cpu_state state;
	struct fact_trace trace;
};

/* Tasks in uninterruptible sleep with the same trace. */
struct fact_blocked {
	size_t tasks;
	int32_t pid[FACT_GROUP_PIDS]; /* the longest blocked first */
	size_t pids;
	const char *comm;	/* of pid[0] */
	double seconds;		/* of pid[0]; < 0: not known */
	enum task_lock lock;	/* what pid[0] waits for */
	int32_t owner_pid;	/* -1: not known */
	const char *owner_comm;
	bool owned_by_readers;
	struct fact_trace trace;
};

struct fact_note {
	const char *name, *text; /* a register and its reading */
};

struct fact_state {
	struct fact_module *modules; /* of memory, else of the log */
	size_t module_count;
	bool modules_from_memory;
	const char *last_unloaded;   /* NULL: none */

	struct fact_cpu *cpus;
	size_t cpu_count;
	int panic_cpu;		     /* -1: not known */
	const char *unwinder;	     /* "orc"...; NULL: no traces */

	int64_t tasks;		     /* all, threads too; < 0: not known */
	struct fact_blocked *blocked;
	size_t blocked_groups, blocked_tasks;

	const struct memory *memory; /* NULL: not known */
	struct memory_process process[MEMORY_TOP]; /* largest first */
	size_t process_count;
	struct memory_cache cache[MEMORY_TOP];
	unsigned cache_count;
	bool has_cgroup;	     /* of the crashing task */
	struct memory_cgroup cgroup;

	const struct settings *settings; /* NULL: not known */
	const char *taint;	     /* letters of tainted_mask; NULL: not known */

	struct fact_note *notes;     /* of the crash's registers */
	size_t note_count;
	const char *fault_reading;   /* of its fault address; NULL: nothing to say */
	const char *dereferenced;    /* "rdi + 0x88, rdi is ..."; NULL */
};

#endif
