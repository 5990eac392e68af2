// SPDX-License-Identifier: GPL-2.0-or-later
//
// Which stack does an address lie in? A CPU has its task's stack, one for interrupts and one for
// each kind of exception that must not trust the others.
#ifndef KDV_KERNEL_STACKS_H
#define KDV_KERNEL_STACKS_H

#include <stdbool.h>
#include <stdint.h>

enum stack_kind { STACK_TASK, STACK_IRQ, STACK_NMI, STACK_EXCEPTION };

struct stack {
	enum stack_kind kind;
	uint64_t start, end; /* end: first address above it */
};

#endif
