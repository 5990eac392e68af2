// SPDX-License-Identifier: GPL-2.0-or-later
//
// mkorc: puts a small x86_64 kernel with ORC tables, in any of their four formats, into a dump of
// mkdump's: the functions below, their symbols, and the BTF of what a stack is read by. The stacks
// are for the test to fill.
#ifndef KDV_TESTS_MKORC_H
#define KDV_TESTS_MKORC_H

#include "dumps/mkdump.h"

/* Code, and how its frame begins; each holds up to the next. */
enum {
	MKORC_MIDDLE = 0x1000,	/* rbp + 16, and saves rbp there */
	MKORC_OUTER = 0x2000,	/* rsp + 24 */
	MKORC_INNER = 0x3000,	/* rsp + 8: it has just been called */
	MKORC_ENTRY = 0x4000,	/* struct pt_regs at rsp */
	MKORC_IRET = 0x4800,	/* the last five words of it at rsp */
	MKORC_SWITCH = 0x5000,	/* 8 above where the word at rsp points */
	MKORC_R10 = 0x5800,	/* r10 */
	MKORC_FIRST = 0x6000,	/* the end */
	MKORC_NO_DATA = 0x7000, /* not known */
	MKORC_TRAMPOLINE = 0x7800, /* return_to_handler() */
	MKORC_TEXT_END = 0x8000,
	MKORC_BPF = 0x190000, /* the list of BPF programs: "bpf_prog_made" is at MKORC_PROGRAM */
	MKORC_TABLES = 0x180000, /* ips, entries 0x1000 behind, orc_fp_entry 0x2000 */
	MKORC_TABLES_BYTES = 0x2010,
};

/* A task at MKORC_TASK has its stack at MKORC_STACK; its saved rsp is for the test to write. */
#define MKORC_TASK	(MKDUMP_DIRECT + 0x200000)
#define MKORC_TASK_SP	(MKORC_TASK + 64)
#define MKORC_STACK	(MKDUMP_DIRECT + 0x210000)
#define MKORC_OTHER	(MKDUMP_DIRECT + 0x220000) /* another piece of memory as large */
#define MKORC_PROGRAM	0xffffffffc0100000ull
enum { MKORC_PROGRAM_BYTES = 0x80 };
enum { MKORC_STACK_BYTES = 0x4000 };

/*
 * CPU 0: its pointer to the interrupt stack, which is MKORC_OTHER, and its exception stacks: a
 * guard page, DF_stack, a guard page, NMI_stack.
 */
#define MKORC_IRQ_POINTER (MKDUMP_DIRECT + 0x230100)
#define MKORC_EXCEPTIONS  (MKDUMP_DIRECT + 0x240000)
enum { MKORC_GUARD = 0x1000, MKORC_EXCEPTION_BYTES = 0x2000 };

/* format 0: the kernel has no tables. */
void mkorc(struct mkdump *d, unsigned format);

#endif
