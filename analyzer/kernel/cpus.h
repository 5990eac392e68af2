// SPDX-License-Identifier: GPL-2.0-or-later
//
// The CPUs of the crashed kernel: what each ran, and with which registers it was stopped. The
// registers come from the CPU's own buffer in crash_notes, because the k-th note of a dump is
// not always CPU k's; where kdump did not run, from the notes of the file.
#ifndef KDV_KERNEL_CPUS_H
#define KDV_KERNEL_CPUS_H

#include "kernel/image.h"

enum { CPUS_MAX = 8192 };

enum cpu_regs_from {
	CPU_REGS_NONE,		/* it did not stop, or no kdump ran */
	CPU_REGS_OWN_NOTE,	/* its buffer in crash_notes */
	CPU_REGS_FILE_NOTE,	/* k-th note of the file: by the task's pid, or by order */
};

struct cpu {
	unsigned cpu;		/* its number */
	bool online;		/* as the mask says; after a panic without kdump it may not be so */
	uint64_t task;		/* struct task_struct it ran; 0: unknown */
	bool is_idle;		/* that is its idle task */
	int32_t pid;		/* of the task; valid if task */
	char comm[16];		/* of the task, terminated; "" unknown */
	enum cpu_regs_from regs_from;
	uint64_t ip, sp, fp;	/* rip, rsp, rbp (pc, sp, x29); valid if regs_from */
	bool in_user;		/* the registers are user space's */
};

struct cpus;

/*
 * Reads all CPUs that are present (those with a note or a run queue). ABSENT: nothing tells of
 * CPUs (no symbols). kernel is borrowed.
 */
enum status cpus_open(struct cpus **ret, struct kernel *kernel, struct err *err);
void cpus_close(struct cpus *cpus);

size_t cpus_count(const struct cpus *cpus);
const struct cpu *cpus_get(const struct cpus *cpus, size_t i);
/* The CPU with that number; NULL: none. */
const struct cpu *cpus_numbered(const struct cpus *cpus, unsigned cpu);
unsigned cpus_possible(const struct cpus *cpus); /* how many could be there; 0: unknown */
unsigned cpus_online(const struct cpus *cpus);

/* All registers of a CPU. ABSENT: regs_from is CPU_REGS_NONE. */
enum status cpus_regs(struct cpus *cpus, const struct cpu *cpu, struct core_regs *ret,
		      struct err *err);

/* panic_cpu, else crashing_cpu; -1: nobody panicked, or unknown. */
int cpus_panic_cpu(const struct cpus *cpus);
/* The same where the CPUs are not opened. */
int cpus_read_panic_cpu(struct kernel *kernel);

/*
 * Registers of the first oops of this boot (exec_summary_regs, since v4.19 on x86), which the
 * kernel keeps when die_counter is not 0. ABSENT: no oops, or another kernel.
 */
enum status cpus_oops_regs(struct cpus *cpus, struct core_regs *ret, struct err *err);

/* Where a CPU was, by the registers that its machine keeps it in. */
struct regs_place {
	uint64_t ip, sp, fp; /* as in struct cpu */
	bool in_user;
};
/* false: an unknown machine, or one of its registers is not there. */
bool regs_place(enum core_arch arch, const struct core_regs *regs, struct regs_place *ret);

/* A register by name; false: there is none of that name. */
bool regs_get(const struct core_regs *regs, const char *name, uint64_t *ret);

#endif
