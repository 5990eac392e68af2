// SPDX-License-Identifier: GPL-2.0-or-later
//
// Which stack does an address lie in? A CPU has its task's stack, one for interrupts and one for
// each kind of exception that must not trust the others.
#ifndef KDV_KERNEL_STACKS_H
#define KDV_KERNEL_STACKS_H

#include <stdbool.h>
#include <stdint.h>

#include "kernel/image.h"

enum stack_kind {
	STACK_TASK,
	STACK_IRQ,
	STACK_NMI,
	STACK_EXCEPTION,
	STACK_UNKNOWN, /* in none that is known: its bounds are a guess */
};

struct stack {
	enum stack_kind kind;
	uint64_t start, end; /* end: first address above it */
};

struct stacks;

/* kernel is borrowed. Opens always but when out of memory: what cannot be found stays away. */
enum status stacks_open(struct stacks **ret, struct kernel *kernel, struct err *err);
void stacks_close(struct stacks *stacks);

/* The stack of a task; false: unknown. */
bool stacks_of_task(struct stacks *stacks, uint64_t task, struct stack *ret);
/* The stack for interrupts or exceptions of the CPU that addr lies in; false: in none. */
bool stacks_of_cpu(struct stacks *stacks, unsigned cpu, uint64_t addr, struct stack *ret);
/* STACK_UNKNOWN: the piece of a stack's size and alignment around addr. */
struct stack stacks_around(const struct stacks *stacks, uint64_t addr);

/*
 * x86_64: whether the word that hardirq_stack_ptr points at is the stack's last, as since v5.12,
 * and not the first above it. (ORC's way to switch stacks changed in the same release.)
 */
bool stacks_irq_pointer_inside(struct stacks *stacks);

#endif
