// SPDX-License-Identifier: GPL-2.0-or-later
//
// ORC, the tables by which an x86_64 kernel unwinds its own stacks: for each instruction, where
// its frame begins and what its caller had in rbp. One form here for the four in memory.
#ifndef KDV_KERNEL_ORC_H
#define KDV_KERNEL_ORC_H

#include "kernel/image.h"

enum { ORC_MAX = 1 << 22 }; /* entries of one table; Debian's 7.2 has 392,677 */

enum orc_reg {
	ORC_REG_UNDEFINED,
	ORC_REG_PREV_SP, /* the frame's own beginning */
	ORC_REG_AX,
	ORC_REG_DX,
	ORC_REG_DI,
	ORC_REG_BP,
	ORC_REG_SP,
	ORC_REG_R10,
	ORC_REG_R13,
	ORC_REG_BP_INDIRECT, /* what memory at rbp + offset holds */
	ORC_REG_SP_INDIRECT, /* what memory at rsp holds, and the offset added */
	ORC_REG_UNKNOWN,     /* a number that no format has */
};

enum orc_type {
	ORC_TYPE_UNDEFINED,    /* nothing is known of this code */
	ORC_TYPE_END,	       /* the first function of a stack */
	ORC_TYPE_CALL,	       /* the frame begins above the return address */
	ORC_TYPE_REGS,	       /* it is a struct pt_regs */
	ORC_TYPE_REGS_PARTIAL, /* its last five words alone, as the processor pushes them */
};

struct orc_entry {
	int16_t sp_offset, bp_offset; /* from sp_reg, bp_reg */
	enum orc_reg sp_reg, bp_reg;
	enum orc_type type;
	bool signal; /* the caller was interrupted here, it did not call */
};

struct orc;

/*
 * Finds the kernel's table and tells its format. kernel is borrowed. ABSENT: the kernel was built
 * with another unwinder, or its symbols are not known.
 */
enum status orc_open(struct orc **ret, struct kernel *kernel, struct err *err);
void orc_close(struct orc *orc);

/* What is known of the code at pc, in the kernel or a module. ABSENT: pc is in no table. */
enum status orc_find(struct orc *orc, uint64_t pc, struct orc_entry *ret, struct err *err);

#endif
