// SPDX-License-Identifier: GPL-2.0-or-later
//
// The way of last resort: every word on the stack that is kernel code, in order. Many of them are
// left over from calls that returned long ago, so none of these frames is reliable.
#include "kernel/unwind-inside.h"

enum { WORD = 8 };

static bool step(struct walk *walk)
{
	struct kernel *kernel = unwinder_kernel(walk->unwinder);
	uint64_t ip;

	walk->reliable = false;
	walk->interrupted = false;
	for (; walk->sp < walk->stack_end && walk->stack_end - walk->sp >= WORD; walk->sp += WORD) {
		if (core_read_u64(walk->core, walk->sp, &ip, NULL))
			return walk_broken(walk, "the stack is not whole, and was only scanned");
		if (!kernel_is_text(kernel, ip))
			continue;
		walk->ip = ip;
		walk->sp += WORD;
		return true;
	}
	return walk_broken(walk, "the stack was only scanned");
}

/* There is a return address near the top, but only since v4.9 it is known where. */
static enum status start(struct walk *walk, uint64_t task, struct err *err)
{
	enum { MAX_WORDS = 16 };
	struct kernel *kernel = unwinder_kernel(walk->unwinder);
	enum status st;

	if (!kernel->types)
		return err_set(err, STATUS_ABSENT, "no types");
	st = types_read_path(kernel->types, task, "task_struct.thread.sp", &walk->sp, err);
	if (st)
		return st;
	walk->stack_end = walk->sp + MAX_WORDS * WORD;
	return step(walk) ? STATUS_FOUND
			  : err_set(err, STATUS_ABSENT, "no code near its saved stack pointer");
}

const struct unwind_method unwind_by_scan = {"scan", start, step};
