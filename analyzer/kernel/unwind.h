// SPDX-License-Identifier: GPL-2.0-or-later
//
// Exact backtraces without debuginfo: by the kernel's own ORC tables on x86_64, by frame records
// on arm64, riscv64, ppc64 and s390x, else by a scan of the stack in which every frame is
// marked unreliable.
#ifndef KDV_KERNEL_UNWIND_H
#define KDV_KERNEL_UNWIND_H

#include "kernel/cpus.h"
#include "kernel/image.h"
#include "kernel/stacks.h"

enum { UNWIND_MAX_FRAMES = 128 };

struct unwind_frame {
	uint64_t ip;
	uint64_t sp;		/* at ip; on arm64 the end of the record that ip is from */
	enum stack_kind stack;	/* that sp lies in */
	bool reliable;		/* false: it, or one before it, was found by scanning or guessing */
	bool interrupted;	/* ip was interrupted here (a fault, an IRQ): not a return address */
};

enum unwind_end {
	UNWIND_WHOLE,	/* at the first function of the task, or idle's */
	UNWIND_USER,	/* came from user space */
	UNWIND_BROKEN,	/* see why: it stops short of the end */
	UNWIND_FULL,	/* UNWIND_MAX_FRAMES were not enough */
};

struct backtrace {
	struct unwind_frame frame[UNWIND_MAX_FRAMES]; /* innermost first */
	unsigned count;
	enum unwind_end end;
	char why[128];	   /* UNWIND_BROKEN: what was in the way; else "" */
	uint64_t user_ip;  /* UNWIND_USER: where user space was; 0: unknown */
};

struct unwinder;

/*
 * kernel is borrowed; cpus (borrowed, may be NULL) tell the interrupt and exception stacks.
 * ABSENT: a machine that is not known. Without ORC tables x86_64 is scanned.
 */
enum status unwinder_open(struct unwinder **ret, struct kernel *kernel, struct cpus *cpus,
			  struct err *err);
void unwinder_close(struct unwinder *unwinder);
/* "orc", "frame pointers", "scan" */
const char *unwinder_method(const struct unwinder *unwinder);

/*
 * From a CPU's registers. ABSENT: it has none. A trace that breaks off is FOUND with its end
 * and why.
 */
enum status unwind_cpu(struct unwinder *unwinder, const struct cpu *cpu, struct backtrace *ret,
		       struct err *err);
/* From registers that were saved elsewhere (cpus_oops_regs()). */
enum status unwind_regs(struct unwinder *unwinder, const struct core_regs *regs,
			struct backtrace *ret, struct err *err);
/* Of a task that does not run: from what __switch_to() saved. */
enum status unwind_task(struct unwinder *unwinder, uint64_t task, struct backtrace *ret,
			struct err *err);

/*
 * The name of a frame: function+offset as the kernel prints it (a return address is looked up
 * one byte before, so that a call at a function's end is not taken for the next function).
 * ABSENT: no symbol (BPF programs by their ksym where the list is readable).
 */
enum status unwind_symbolize(struct unwinder *unwinder, const struct unwind_frame *frame,
			     struct symbol *ret, struct err *err);

/* The stack that addr lies in: of cpu (NULL: any), or of task (0: none). false: in none. */
bool unwind_stack_at(struct unwinder *unwinder, const struct cpu *cpu, uint64_t task,
		     uint64_t addr, struct stack *ret);

#endif
