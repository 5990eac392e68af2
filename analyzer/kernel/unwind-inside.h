// SPDX-License-Identifier: GPL-2.0-or-later
//
// What unwind.c and the methods of unwinding (unwind-*.c) share: a walk up one stack.
#ifndef KDV_KERNEL_UNWIND_INSIDE_H
#define KDV_KERNEL_UNWIND_INSIDE_H

#include "kernel/orc.h"
#include "kernel/unwind.h"

enum { UNWIND_LEAF_BYTES = 4096 }; /* a frame that is no larger, where that must be guessed */

struct walk {
	struct unwinder *unwinder;
	struct core *core;
	/* The frame: its place, and what its caller's is told from. */
	uint64_t ip, sp, fp;
	bool interrupted, reliable;
	/* All registers at the frame, if it was interrupted: */
	const struct core_regs *regs; /* of a note, only in the first frame; or NULL */
	uint64_t pt_regs;	      /* in memory; 0: none */
	uint64_t stack_end; /* of the stack that sp is on */
	struct backtrace *trace;
};

/*
 * A way to unwind. start() sets the frame of a task that does not run; step() turns the frame
 * into its caller's, or says no and tells in the trace how it ends.
 */
struct unwind_method {
	const char *name;
	enum status (*start)(struct walk *walk, uint64_t task, struct err *err);
	bool (*step)(struct walk *walk);
};

extern const struct unwind_method unwind_by_orc, unwind_on_arm64, unwind_on_riscv64,
	unwind_on_ppc64, unwind_on_s390x, unwind_by_scan;

/* What unwind_by_orc needs to know of the kernel, found once. */
struct unwind_orc {
	struct orc *orc;
	struct member thread_sp, frame_bp, frame_ip, regs_ip, regs_sp, regs_bp, regs_cs;
	uint64_t frame_size;	  /* of inactive_task_frame */
	uint64_t ret_from_fork[2]; /* where a task begins that has not run yet; 0: unknown */
	bool indirect_adds_first;
};
enum status unwind_orc_open(struct unwind_orc *ret, struct kernel *kernel, struct stacks *stacks,
			    struct err *err);
void unwind_orc_close(struct unwind_orc *orc);

struct kernel *unwinder_kernel(struct unwinder *unwinder);
struct unwind_orc *unwinder_orc(struct unwinder *unwinder);
/* Whether a function may begin or go on at ip: code of the kernel, of a module, or made later. */
bool unwinder_is_code(const struct unwinder *unwinder, uint64_t ip);

/* The BPF program that addr lies in. ABSENT: in none. */
enum status unwind_bpf_symbol(struct kernel *kernel, uint64_t addr, struct symbol *ret,
			      struct err *err);

/* Both end the trace and are false, so that step() can return them. */
static inline bool walk_end(struct walk *walk, enum unwind_end end)
{
	walk->trace->end = end;
	return false;
}
/* A macro, so that the compiler sees what comes back. */
#define walk_broken(walk, ...) (walk_write_why((walk), __VA_ARGS__), false)
void walk_write_why(struct walk *walk, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* A word of the stack; one that cannot be read ends the trace. */
static inline bool walk_read(struct walk *walk, uint64_t at, uint64_t *ret)
{
	struct err err = {""};

	return !core_read_u64(walk->core, at, ret, &err) ||
	       walk_broken(walk, "stack: %.100s", err.text);
}

#endif
