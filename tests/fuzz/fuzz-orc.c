// SPDX-License-Identifier: GPL-2.0-or-later
//
// Fuzzes backtraces by ORC: damaged tables, then a damaged stack.
#include "dumps/mkorc.h"
#include "fuzz/fuzz-memory.h"
#include "kernel/unwind.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A fault in inner(), called by middle(), interrupted in outer(), the first of its task. */
static struct mkdump *make(void)
{
	static const uint64_t words[][2] = {
		{0x100, MKDUMP_TEXT + MKORC_MIDDLE + 0x20},
		{0x118, MKDUMP_TEXT + MKORC_ENTRY + 0x10},
		{0x120 + 128, MKDUMP_TEXT + MKORC_OUTER},
		{0x120 + 136, 0x10},
		{0x120 + 152, MKORC_STACK + 0x200},
		{0x210, MKDUMP_TEXT + MKORC_SWITCH + 4},
		{0x218, MKORC_STACK + 0x300},
		{0x300, MKDUMP_TEXT + MKORC_FIRST + 8},
	};
	struct mkdump *d = mkdump_new(MKDUMP_X86_64);

	mkorc(d, 3);
	mkdump_uint(d, MKORC_TASK_SP, 8, MKORC_STACK + 0x300);
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		mkdump_uint(d, MKORC_STACK + words[i][0], 8, words[i][1]);
	return d;
}

static void unwind(struct kernel *kernel)
{
	const struct core_regs regs = {
		.count = 3,
		.reg = {{"rip", MKDUMP_TEXT + MKORC_INNER + 4}, {"rsp", MKORC_STACK + 0x100},
			{"rbp", MKORC_STACK + 0x110}},
	};
	static struct backtrace trace;
	struct unwinder *unwinder;
	struct symbol symbol;

	if (unwinder_open(&unwinder, kernel, NULL, NULL))
		return;
	if (!unwind_regs(unwinder, &regs, &trace, NULL)) {
		for (unsigned i = 0; i < trace.count; i++)
			(void)unwind_symbolize(unwinder, &trace.frame[i], &symbol, NULL);
	}
	(void)unwind_task(unwinder, MKORC_TASK, &trace, NULL);
	unwinder_close(unwinder);
}

static void unwind_damaged(struct fuzz_memory *memory, const uint8_t *data, size_t size)
{
	struct core *core = fuzz_memory_open(memory, data, size);
	struct kernel kernel;

	if (!core)
		return;
	kernel_open(&kernel, core, NULL);
	unwind(&kernel);
	kernel_close(&kernel);
	core_close(core);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct fuzz_memory tables, stack;

	if (!tables.len) {
		struct mkdump *d = make();

		fuzz_memory_make(&tables, d, MKDUMP_TEXT + MKORC_TABLES, MKORC_TABLES_BYTES);
		fuzz_memory_make(&stack, d, MKORC_STACK, MKORC_STACK_BYTES);
		mkdump_free(d);
	}
	unwind_damaged(&tables, data, size);
	unwind_damaged(&stack, data, size);
	return 0;
}
