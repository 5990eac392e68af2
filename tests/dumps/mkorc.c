// SPDX-License-Identifier: GPL-2.0-or-later
//
// The entries are written down once, with the register numbers of each format beside them.
#include <stdlib.h>

#include "dumps/mkbtf.h"
#include "dumps/mkkallsyms.h"
#include "dumps/mkorc.h"

enum { BTF = 0x140000, KALLSYMS = 0x100000, ENTRIES = 0x1000, FP_ENTRY = 0x2000,
	IRQ = 0x100, EXCEPTIONS = 0x108, OFFSETS = 0x1a0000 };
enum type { UNDEFINED, END, CALL, REGS, PARTIAL };
/* Register numbers up to format 3, and in format 4. */
enum reg { NONE = 0x00, PREV_SP = 0x18, BP = 0x44, SP = 0x53, R10 = 0x66, SP_INDIRECT = 0x99 };

static const struct code {
	const char *name;
	uint32_t at;
	enum reg sp_reg;
	int sp_offset;
	enum reg bp_reg;
	int bp_offset;
	enum type type;
	bool signal;
} codes[] = {
	{"middle", MKORC_MIDDLE, BP, 16, PREV_SP, -16, CALL, false},
	{"outer", MKORC_OUTER, SP, 24, NONE, 0, CALL, false},
	{"inner", MKORC_INNER, SP, 8, NONE, 0, CALL, false},
	{"entry", MKORC_ENTRY, SP, 0, NONE, 0, REGS, true},
	{"iret", MKORC_IRET, SP, 0, NONE, 0, PARTIAL, true},
	{"switch_stack", MKORC_SWITCH, SP_INDIRECT, 8, NONE, 0, CALL, false},
	{"by_r10", MKORC_R10, R10, 0, NONE, 0, CALL, false},
	{"ret_from_fork", MKORC_FIRST, NONE, 0, NONE, 0, END, false},
	{"no_data", MKORC_NO_DATA, NONE, 0, NONE, 0, UNDEFINED, false},
	{"return_to_handler", MKORC_TRAMPOLINE, SP, 8, NONE, 0, CALL, false},
};
enum { CODES = sizeof(codes) / sizeof(*codes) };

static unsigned number(unsigned format, enum reg reg)
{
	return format == 4 ? reg & 0xf : (unsigned)reg >> 4;
}

static unsigned flags(unsigned format, const struct code *code)
{
	unsigned regs = number(format, code->sp_reg) | number(format, code->bp_reg) << 4;

	if (format >= 3)
		return regs | (unsigned)code->type << 8 | (unsigned)code->signal << 11;
	if (code->type == END)
		return regs | (format == 1 ? 1 << 10 : 1 << 11);
	if (code->type == UNDEFINED)
		return regs;
	return regs | (unsigned)(code->type - CALL) << 8 |
	       (format == 2 ? (unsigned)code->signal << 10 : 0);
}

static void put_entry(struct mkdump *d, uint64_t at, unsigned format, const struct code *code)
{
	mkdump_uint(d, at, 2, (uint16_t)code->sp_offset);
	mkdump_uint(d, at + 2, 2, (uint16_t)code->bp_offset);
	mkdump_uint(d, at + 4, 2, flags(format, code));
}

static void put_tables(struct mkdump *d, unsigned format)
{
	static const struct code fp_entry = {NULL, 0, BP, 16, PREV_SP, -16, CALL, false};
	uint64_t ips = MKDUMP_TEXT + MKORC_TABLES;

	for (unsigned i = 0; i < CODES; i++) {
		uint64_t at = ips + 4ull * i;

		mkdump_uint(d, at, 4, (uint32_t)(MKDUMP_TEXT + codes[i].at - at));
		put_entry(d, ips + ENTRIES + 6ull * i, format, &codes[i]);
	}
	put_entry(d, ips + FP_ENTRY, format, &fp_entry);
}

static size_t put_btf(struct mkdump *d)
{
	struct mkbtf *b = mkbtf_new(false, 1, 0);
	uint32_t word = mkbtf_int(b, "unsigned long", 8, false);
	const struct mkbtf_member regs[] = {
		{"bp", word, 256, 0}, {"r10", word, 448, 0}, {"ip", word, 1024, 0},
		{"cs", word, 1088, 0}, {"sp", word, 1216, 0},
	};
	const struct mkbtf_member frame[] = {{"bp", word, 320, 0}, {"ret_addr", word, 384, 0}};
	const struct mkbtf_member thread[] = {{"sp", word, 0, 0}};
	const struct mkbtf_member stack[] = {
		{"stack", mkbtf_array(b, word, MKORC_STACK_BYTES / 8), 0, 0},
	};
	const uint32_t guard = mkbtf_array(b, word, MKORC_GUARD / 8);
	const uint32_t exception = mkbtf_array(b, word, MKORC_EXCEPTION_BYTES / 8);
	const struct mkbtf_member exceptions[] = {
		{"DF_stack_guard", guard, 0, 0},
		{"DF_stack", exception, 8 * MKORC_GUARD, 0},
		{"NMI_stack_guard", guard, 8 * (MKORC_GUARD + MKORC_EXCEPTION_BYTES), 0},
		{"NMI_stack", exception, 8 * (2 * MKORC_GUARD + MKORC_EXCEPTION_BYTES), 0},
	};
	struct mkbtf_member task[] = {{"stack", word, 256, 0}, {"thread", 0, 512, 0}};
	uint32_t node = mkbtf_struct(b, "list_head", 16,
				     (const struct mkbtf_member[]){{"next", word, 0, 0}}, 1);
	const struct mkbtf_member ksym[] = {
		{"start", word, 0, 0}, {"end", word, 64, 0},
		{"name", mkbtf_array(b, mkbtf_int(b, "char", 1, true), 32), 128, 0},
		{"lnode", node, 384, 0},
	};
	size_t size;
	void *bytes;

	mkbtf_struct(b, "cea_exception_stacks", 2 * (MKORC_GUARD + MKORC_EXCEPTION_BYTES),
		     exceptions, 4);
	mkbtf_struct(b, "bpf_ksym", 64, ksym, 4);
	mkbtf_struct(b, "pt_regs", 168, regs, 5);
	mkbtf_struct(b, "inactive_task_frame", 56, frame, 2);
	mkbtf_union(b, "thread_union", MKORC_STACK_BYTES, stack, 1);
	task[1].type = mkbtf_struct(b, "thread_struct", 8, thread, 1);
	mkbtf_struct(b, "task_struct", 128, task, 2);
	bytes = mkbtf_finish(b, &size);
	mkdump_virt(d, MKDUMP_TEXT + BTF, bytes, size);
	free(bytes);
	return size;
}

static void put_kallsyms(struct mkdump *d, size_t btf_size, bool orc)
{
	const uint64_t tables = MKDUMP_TEXT + MKORC_TABLES;
	const struct mkkallsyms_spec spec = {.addresses = MKKALLSYMS_PERCPU};
	struct mkkallsyms_symbol symbols[CODES + 14] = {
		{IRQ, 'A', "hardirq_stack_ptr"},
		{EXCEPTIONS, 'A', "cea_exception_stacks"},
		{MKDUMP_TEXT, 'T', "_stext"},
	};
	struct mkkallsyms_places places;
	const struct mkkallsyms_symbol rest[] = {
		{MKDUMP_TEXT + MKORC_TEXT_END, 'T', "_etext"},
		{MKDUMP_TEXT + BTF, 'R', "__start_BTF"},
		{MKDUMP_TEXT + BTF + btf_size, 'R', "__stop_BTF"},
		{tables, 'R', orc ? "__start_orc_unwind_ip" : "no_orc"},
		{tables + 4ull * CODES, 'R', "__stop_orc_unwind_ip"},
		{tables + ENTRIES, 'R', "__start_orc_unwind"},
		{tables + ENTRIES + 6ull * CODES, 'R', "__stop_orc_unwind"},
		{tables + FP_ENTRY, 'r', "orc_fp_entry"},
		{MKDUMP_TEXT + MKORC_BPF, 'd', "bpf_kallsyms"},
		{MKDUMP_TEXT + OFFSETS, 'd', "__per_cpu_offset"},
		{MKDUMP_TEXT + 0x300000, 'B', "_end"},
	};
	size_t count = 3;

	for (size_t i = 0; i < CODES; i++)
		symbols[count++] = (struct mkkallsyms_symbol){MKDUMP_TEXT + codes[i].at, 'T',
							      codes[i].name};
	for (size_t i = 0; i < sizeof(rest) / sizeof(*rest); i++)
		symbols[count++] = rest[i];
	mkdump_info(d, "SYMBOL(_stext)=%llx", MKDUMP_TEXT);
	mkkallsyms(d, MKDUMP_TEXT, MKDUMP_TEXT + KALLSYMS, &spec, symbols, count, &places);
}

/* The list's head, and the struct bpf_ksym of one program behind it. */
static void put_program(struct mkdump *d)
{
	static const char name[] = "bpf_prog_made";
	uint64_t head = MKDUMP_TEXT + MKORC_BPF, ksym = head + 0x100;

	mkdump_uint(d, head, 8, ksym + 48);
	mkdump_uint(d, ksym, 8, MKORC_PROGRAM);
	mkdump_uint(d, ksym + 8, 8, MKORC_PROGRAM + MKORC_PROGRAM_BYTES);
	mkdump_virt(d, ksym + 16, name, sizeof(name));
	mkdump_uint(d, ksym + 48, 8, head);
}

void mkorc(struct mkdump *d, unsigned format)
{
	static const unsigned char zeros[MKORC_STACK_BYTES];

	mkdump_virt(d, MKDUMP_TEXT, zeros, sizeof(zeros));
	mkdump_virt(d, MKDUMP_TEXT + sizeof(zeros), zeros, sizeof(zeros));
	put_tables(d, format);
	put_kallsyms(d, put_btf(d), format != 0);
	put_program(d);
	mkdump_uint(d, MKDUMP_TEXT + OFFSETS, 8, MKORC_IRQ_POINTER - IRQ);
	mkdump_uint(d, MKORC_IRQ_POINTER, 8, MKORC_OTHER + MKORC_STACK_BYTES - 8);
	mkdump_uint(d, MKORC_IRQ_POINTER - IRQ + EXCEPTIONS, 8, MKORC_EXCEPTIONS);
	mkdump_virt(d, MKORC_STACK, zeros, sizeof(zeros));
	mkdump_virt(d, MKORC_OTHER, zeros, sizeof(zeros));
	mkdump_uint(d, MKORC_TASK + 32, 8, MKORC_STACK);
}
