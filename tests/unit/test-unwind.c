// SPDX-License-Identifier: GPL-2.0-or-later
//
// Backtraces by ORC in its four formats: whole ones, across an interrupt and from one stack to
// another; and stacks, tables and registers that are damaged, which must end with a reason.
#include <string.h>

#include "dumps/mkorc.h"
#include "kernel/unwind.h"
#include "unit/test-kernel.h"
#include "unit/test-rows.h"

enum { FORMATS = 4, MAX_WORDS = 12, MAX_IPS = 8 };

/* Addresses in the rows: code, places on the stack, and on the other stack. */
#define CODE(offset)  (MKDUMP_TEXT + (offset))
#define STACK(offset) (MKORC_STACK + (offset))
#define OTHER(offset) (MKORC_OTHER + (offset))
#define REPEAT	      CODE(MKORC_OUTER + 8)
/* Places in struct pt_regs. */
enum { BP = 32, R10 = 56, IP = 128, CS = 136, SP = 152, KERNEL = 0x10, USER = 0x33 };

static const struct row {
	const char *name;
	uint64_t ip, sp, bp, cs, r10;
	struct word {
		uint64_t at, value;
	} word[MAX_WORDS];
	enum unwind_end end;
	uint64_t user_ip;
	const char *why; /* part of it */
	unsigned count;
	uint64_t frame[MAX_IPS];
	unsigned interrupted, unreliable; /* bit k: frame k */
	bool from_sleep;
	uint64_t fill; /* of each word on the stack that is not given */
} rows[] = {
	{
		.name = "from a fault to user space",
		.ip = CODE(MKORC_INNER + 4), .sp = STACK(0x3000), .bp = STACK(0x3010),
		.word = {
			{STACK(0x3000), CODE(MKORC_MIDDLE + 0x20)},
			{STACK(0x3018), CODE(MKORC_OUTER + 0x30)},
			{STACK(0x3030), CODE(MKORC_ENTRY + 0x10)},
			{STACK(0x3038) + IP, 0x401000}, {STACK(0x3038) + CS, USER},
		},
		.end = UNWIND_USER, .user_ip = 0x401000, .count = 4,
		.frame = {CODE(MKORC_INNER + 4), CODE(MKORC_MIDDLE + 0x20),
			  CODE(MKORC_OUTER + 0x30), CODE(MKORC_ENTRY + 0x10)},
		.interrupted = 1,
	},
	{
		.name = "across an interrupt of a function's first instruction",
		.ip = CODE(MKORC_INNER), .sp = STACK(0x1000),
		.word = {
			{STACK(0x1000), CODE(MKORC_ENTRY + 0x10)},
			{STACK(0x1008) + IP, CODE(MKORC_OUTER)}, {STACK(0x1008) + CS, KERNEL},
			{STACK(0x1008) + SP, STACK(0x2000)},
			{STACK(0x2010), CODE(MKORC_FIRST + 8)},
		},
		.end = UNWIND_WHOLE, .count = 4,
		.frame = {CODE(MKORC_INNER), CODE(MKORC_ENTRY + 0x10), CODE(MKORC_OUTER),
			  CODE(MKORC_FIRST + 8)},
		.interrupted = 5,
	},
	{
		.name = "what the processor pushed alone, rbp is kept",
		.ip = CODE(MKORC_IRET), .sp = STACK(0x1000), .bp = STACK(0x2000),
		.word = {
			{STACK(0x1000), CODE(MKORC_MIDDLE + 9)}, {STACK(0x1008), KERNEL},
			{STACK(0x1018), STACK(0x1800)},
			{STACK(0x2008), CODE(MKORC_FIRST + 8)},
		},
		.end = UNWIND_WHOLE, .count = 3,
		.frame = {CODE(MKORC_IRET), CODE(MKORC_MIDDLE + 9), CODE(MKORC_FIRST + 8)},
		.interrupted = 3,
	},
	{
		.name = "from a stack to another",
		.ip = CODE(MKORC_SWITCH), .sp = OTHER(0x3ff8),
		.word = {
			{OTHER(0x3ff8), STACK(0x2000)},
			{STACK(0x2000), CODE(MKORC_FIRST + 8)},
		},
		.end = UNWIND_WHOLE, .count = 2,
		.frame = {CODE(MKORC_SWITCH), CODE(MKORC_FIRST + 8)},
		.interrupted = 1,
	},
	{
		.name = "from a stack to another, with the pointer to its top (to v5.11)",
		.ip = CODE(MKORC_SWITCH), .sp = OTHER(0x3ff0),
		.word = {
			{MKORC_IRQ_POINTER, OTHER(0x4000)}, {OTHER(0x3ff8), STACK(0x2008)},
			{STACK(0x2000), CODE(MKORC_FIRST + 8)},
		},
		.end = UNWIND_WHOLE, .count = 2,
		.frame = {CODE(MKORC_SWITCH), CODE(MKORC_FIRST + 8)},
		.interrupted = 1,
	},
	{
		.name = "more frames than there is room for",
		.ip = REPEAT, .sp = STACK(0), .fill = REPEAT,
		.end = UNWIND_FULL, .count = UNWIND_MAX_FRAMES,
		.frame = {REPEAT, REPEAT, REPEAT, REPEAT, REPEAT, REPEAT, REPEAT, REPEAT},
		.interrupted = 1,
	},
	{
		.name = "back to a stack that was left",
		.ip = CODE(MKORC_SWITCH), .sp = OTHER(0x100),
		.word = {
			{OTHER(0x100), STACK(0x2000)},
			{STACK(0x2000), CODE(MKORC_SWITCH + 8)},
			{STACK(0x2008), OTHER(0x200)},
			{OTHER(0x200), CODE(MKORC_OUTER + 8)},
		},
		.end = UNWIND_BROKEN, .why = "back on a stack", .count = 2,
		.frame = {CODE(MKORC_SWITCH), CODE(MKORC_SWITCH + 8)},
		.interrupted = 1,
	},
	{
		.name = "by a register, where all were saved",
		.ip = CODE(MKORC_R10), .sp = STACK(0x100), .r10 = STACK(0x208),
		.word = {{STACK(0x200), CODE(MKORC_FIRST + 8)}},
		.end = UNWIND_WHOLE, .count = 2,
		.frame = {CODE(MKORC_R10), CODE(MKORC_FIRST + 8)},
		.interrupted = 1,
	},
	{
		.name = "by a register, out of an interrupt's",
		.ip = CODE(MKORC_ENTRY), .sp = STACK(0x100),
		.word = {
			{STACK(0x100) + IP, CODE(MKORC_R10)}, {STACK(0x100) + CS, KERNEL},
			{STACK(0x100) + SP, STACK(0x400)}, {STACK(0x100) + R10, STACK(0x508)},
			{STACK(0x500), CODE(MKORC_FIRST + 8)},
		},
		.end = UNWIND_WHOLE, .count = 3,
		.frame = {CODE(MKORC_ENTRY), CODE(MKORC_R10), CODE(MKORC_FIRST + 8)},
		.interrupted = 3,
	},
	{
		.name = "by a register, after a call",
		.ip = CODE(MKORC_INNER), .sp = STACK(0x100), .r10 = STACK(0x208),
		.word = {{STACK(0x100), CODE(MKORC_R10 + 8)}},
		.end = UNWIND_BROKEN, .why = "register that was not saved", .count = 2,
		.frame = {CODE(MKORC_INNER), CODE(MKORC_R10 + 8)},
		.interrupted = 1,
	},
	{
		.name = "a call of NULL",
		.ip = 0, .sp = STACK(0x100),
		.word = {{STACK(0x100), CODE(MKORC_OUTER + 8)},
			 {STACK(0x118), CODE(MKORC_FIRST + 8)}},
		.end = UNWIND_WHOLE, .count = 3,
		.frame = {0, CODE(MKORC_OUTER + 8), CODE(MKORC_FIRST + 8)},
		.interrupted = 1,
	},
	{
		.name = "a jump to what is no code",
		.ip = 0x1234, .sp = STACK(0x100),
		.end = UNWIND_BROKEN, .why = "was not called", .count = 1,
		.frame = {0x1234},
		.interrupted = 1,
	},
	{
		.name = "code of no table, by rbp",
		.ip = MKORC_PROGRAM, .sp = STACK(0x100), .bp = STACK(0x200),
		.word = {{STACK(0x208), CODE(MKORC_FIRST + 8)}},
		.end = UNWIND_WHOLE, .count = 2,
		.frame = {MKORC_PROGRAM, CODE(MKORC_FIRST + 8)},
		.interrupted = 1, .unreliable = 2,
	},
	{
		.name = "a function without data: by its call, with rbp pushed second",
		.ip = CODE(MKORC_NO_DATA + 0x20), .sp = STACK(0x100), .bp = 1,
		.word = {
			/* push %rbx; push %rbp; call no_data at middle + 0x2b */
			{CODE(MKORC_NO_DATA), 0x5553},
			{CODE(MKORC_MIDDLE + 0x28), 0x5fd0e8000000},
			/* The first is left over: nothing is called there. */
			{STACK(0x100), CODE(MKORC_MIDDLE + 0x40)},
			{STACK(0x108), STACK(0x300)},
			{STACK(0x118), CODE(MKORC_MIDDLE + 0x30)},
			{STACK(0x308), CODE(MKORC_FIRST + 8)},
		},
		.end = UNWIND_WHOLE, .count = 3,
		.frame = {CODE(MKORC_NO_DATA + 0x20), CODE(MKORC_MIDDLE + 0x30),
			  CODE(MKORC_FIRST + 8)},
		.interrupted = 1,
	},
	{
		.name = "a function without data: no call of it",
		.ip = CODE(MKORC_NO_DATA + 0x20), .sp = STACK(0x100),
		.word = {{STACK(0x100), CODE(MKORC_OUTER + 0x40)}},
		.end = UNWIND_BROKEN, .why = "no unwind data for no_data()", .count = 1,
		.frame = {CODE(MKORC_NO_DATA + 0x20)},
		.interrupted = 1,
	},
	{
		.name = "the stack pointer goes down",
		.ip = CODE(MKORC_ENTRY), .sp = STACK(0x800),
		.word = {
			{STACK(0x800) + IP, CODE(MKORC_OUTER)}, {STACK(0x800) + CS, KERNEL},
			{STACK(0x800) + SP, STACK(0x400)},
		},
		.end = UNWIND_BROKEN, .why = "goes down", .count = 1,
		.frame = {CODE(MKORC_ENTRY)},
		.interrupted = 1,
	},
	{
		.name = "a return address that is data",
		.ip = CODE(MKORC_INNER), .sp = STACK(0x100),
		.word = {{STACK(0x100), 0xdead000000000100}},
		.end = UNWIND_BROKEN, .why = "0xdead000000000100 is no code", .count = 1,
		.frame = {CODE(MKORC_INNER)},
		.interrupted = 1,
	},
	{
		.name = "a return address that a tracer replaced",
		.ip = CODE(MKORC_INNER), .sp = STACK(0x100),
		.word = {{STACK(0x100), CODE(MKORC_TRAMPOLINE)}},
		.end = UNWIND_BROKEN, .why = "by return_to_handler()", .count = 1,
		.frame = {CODE(MKORC_INNER)},
		.interrupted = 1,
	},
	{
		.name = "a stack that is not in the dump",
		.ip = CODE(MKORC_INNER), .sp = MKDUMP_DIRECT + 0x7000000,
		.end = UNWIND_BROKEN, .why = "stack: ", .count = 1,
		.frame = {CODE(MKORC_INNER)},
		.interrupted = 1,
	},
	{
		.name = "the processor was in user space",
		.ip = 0x401000, .cs = USER,
		.end = UNWIND_USER, .user_ip = 0x401000,
	},
	{
		.name = "a task that sleeps",
		.from_sleep = true,
		.word = {
			{MKORC_TASK_SP, STACK(0x3000)},
			{STACK(0x3028), STACK(0x3100)}, {STACK(0x3030), CODE(MKORC_MIDDLE + 0x10)},
			{STACK(0x3108), CODE(MKORC_FIRST + 8)},
		},
		.end = UNWIND_WHOLE, .count = 2,
		.frame = {CODE(MKORC_MIDDLE + 0x10), CODE(MKORC_FIRST + 8)},
	},
	{
		.name = "a task that has not run yet",
		.from_sleep = true,
		.word = {{MKORC_TASK_SP, STACK(0x3000)}, {STACK(0x3030), CODE(MKORC_FIRST)}},
		.end = UNWIND_WHOLE, .count = 1,
		.frame = {CODE(MKORC_FIRST)},
		.interrupted = 1,
	},
};

static struct test {
	const struct row *row;
	unsigned format;
	char name[128];
} tests[ARRAY_SIZE(rows) * FORMATS];

/* The second format cannot be told from the first but by the release. */
static void set_release(struct mkdump *d, unsigned format)
{
	if (format != 2)
		return;
	mkdump_info_clear(d, false);
	mkdump_info(d, "OSRELEASE=6.3.0-mkdump");
	mkdump_info(d, "PAGESIZE=%d", MKDUMP_PAGE);
	mkdump_info(d, "SYMBOL(swapper_pg_dir)=%llx", MKDUMP_TEXT - MKDUMP_PAGE);
	mkdump_info(d, "NUMBER(phys_base)=%lld",
		    (long long)(MKDUMP_TEXT_PHYS - (MKDUMP_TEXT - 0xffffffff80000000ull)));
	mkdump_info(d, "NUMBER(KERNEL_IMAGE_SIZE)=1073741824");
}

static struct core_regs regs_of(const struct row *row)
{
	const struct core_reg reg[] = {
		{"rip", row->ip}, {"rsp", row->sp}, {"rbp", row->bp},
		{"cs", row->cs ? row->cs : KERNEL}, {"r10", row->r10},
	};
	struct core_regs regs = {.count = ARRAY_SIZE(reg)};

	memcpy(regs.reg, reg, sizeof(reg));
	return regs;
}

static void check(const struct row *row, const struct backtrace *trace)
{
	assert_int_equal(trace->count, row->count);
	for (unsigned i = 0; i < row->count && i < MAX_IPS; i++) {
		assert_int_equal(trace->frame[i].ip, row->frame[i]);
		assert_int_equal(trace->frame[i].interrupted, row->interrupted >> i & 1);
		assert_int_equal(trace->frame[i].reliable, !(row->unreliable >> i & 1));
	}
	assert_int_equal(trace->end, row->end);
	assert_int_equal(trace->user_ip, row->user_ip);
	if (!strstr(trace->why, row->why ? row->why : ""))
		fail_msg("why: %s", trace->why);
	assert_int_equal(!trace->why[0], row->end != UNWIND_BROKEN);
}

/* A made kernel, opened. */
struct opened {
	struct mkdump *dump;
	struct core *core;
	struct kernel kernel;
	struct unwinder *unwinder;
};

static void open_made(struct opened *o, struct mkdump *d)
{
	struct err err = {""};

	o->dump = d;
	o->core = open_dump(d);
	kernel_open(&o->kernel, o->core, NULL);
	if (unwinder_open(&o->unwinder, &o->kernel, NULL, &err))
		fail_msg("%s", err.text);
}

static void close_made(struct opened *o)
{
	unwinder_close(o->unwinder);
	kernel_close(&o->kernel);
	core_close(o->core);
	mkdump_free(o->dump);
}

static void unwind_row(void **state)
{
	const struct test *test = *state;
	const struct row *row = test->row;
	struct mkdump *d = mkdump_new(MKDUMP_X86_64);
	struct core_regs regs = regs_of(row);
	struct err err = {""};
	static struct backtrace trace;
	struct opened o;
	enum status st;

	set_release(d, test->format);
	mkorc(d, test->format);
	for (unsigned i = 0; row->fill && i < MKORC_STACK_BYTES; i += 8)
		mkdump_uint(d, STACK(i), 8, row->fill);
	for (unsigned i = 0; i < MAX_WORDS && row->word[i].at; i++)
		mkdump_uint(d, row->word[i].at, 8, row->word[i].value);
	open_made(&o, d);
	assert_string_equal(unwinder_method(o.unwinder), "orc");
	st = row->from_sleep ? unwind_task(o.unwinder, MKORC_TASK, &trace, &err)
			     : unwind_regs(o.unwinder, &regs, &trace, &err);
	if (st)
		fail_msg("%s", err.text);
	check(row, &trace);
	close_made(&o);
}

/* --- without tables ---------------------------------------------------------------- */

static const struct row scanned = {
	.ip = CODE(MKORC_INNER), .sp = STACK(0x3f00),
	.word = {
		{STACK(0x3f08), CODE(MKORC_MIDDLE + 4)}, {STACK(0x3f10), 0x1234},
		{STACK(0x3f20), CODE(MKORC_FIRST + 8)}, {STACK(0x3f28), CODE(MKORC_TEXT_END)},
	},
	.end = UNWIND_BROKEN, .why = "only scanned", .count = 3,
	.frame = {CODE(MKORC_INNER), CODE(MKORC_MIDDLE + 4), CODE(MKORC_FIRST + 8)},
	.interrupted = 1, .unreliable = 6,
};

static void scan(void **state)
{
	static struct backtrace trace;
	struct mkdump *d = mkdump_new(MKDUMP_X86_64);
	struct core_regs regs = regs_of(&scanned);
	struct opened o;

	(void)state;
	mkorc(d, 0);
	for (unsigned i = 0; i < MAX_WORDS && scanned.word[i].at; i++)
		mkdump_uint(d, scanned.word[i].at, 8, scanned.word[i].value);
	open_made(&o, d);
	assert_string_equal(unwinder_method(o.unwinder), "scan");
	assert_int_equal(unwind_regs(o.unwinder, &regs, &trace, NULL), STATUS_FOUND);
	check(&scanned, &trace);
	close_made(&o);
}

/* --- stacks ---------------------------------------------------------------- */

static const struct stack_row {
	const char *name;
	uint64_t addr;
	bool found;
	struct stack stack;
} stack_rows[] = {
	{"stack: the task's", STACK(0x3fff), true, {STACK_TASK, STACK(0), STACK(0x4000)}},
	{"stack: above the task's", STACK(0x4000), false, {0}},
	{"stack: for interrupts", OTHER(0), true, {STACK_IRQ, OTHER(0), OTHER(0x4000)}},
	{"stack: a guard page", MKORC_EXCEPTIONS, false, {0}},
	{"stack: for double faults", MKORC_EXCEPTIONS + MKORC_GUARD, true,
	 {STACK_EXCEPTION, MKORC_EXCEPTIONS + 0x1000, MKORC_EXCEPTIONS + 0x3000}},
	{"stack: for NMI", MKORC_EXCEPTIONS + 0x5ff8, true,
	 {STACK_NMI, MKORC_EXCEPTIONS + 0x4000, MKORC_EXCEPTIONS + 0x6000}},
	{"stack: behind the last", MKORC_EXCEPTIONS + 0x6000, false, {0}},
};

static void stack_row(void **state)
{
	const struct stack_row *row = *state;
	const struct cpu cpu = {.cpu = 0, .task = MKORC_TASK};
	struct mkdump *d = mkdump_new(MKDUMP_X86_64);
	struct stack stack;
	struct opened o;

	mkorc(d, 3);
	open_made(&o, d);
	assert_int_equal(unwind_stack_at(o.unwinder, &cpu, 0, row->addr, &stack), row->found);
	if (row->found) {
		assert_int_equal(stack.kind, row->stack.kind);
		assert_int_equal(stack.start, row->stack.start);
		assert_int_equal(stack.end, row->stack.end);
	}
	close_made(&o);
}

/* --- names ---------------------------------------------------------------- */

static const struct name_row {
	const char *name;
	struct unwind_frame frame;
	enum status st;
	const char *symbol, *module;
	uint64_t offset;
} name_rows[] = {
	{"name: what was interrupted", {.ip = CODE(MKORC_OUTER), .interrupted = true},
	 STATUS_FOUND, "outer", "", 0},
	{"name: a call at a function's end", {.ip = CODE(MKORC_OUTER)},
	 STATUS_FOUND, "middle", "", 0x1000},
	{"name: a BPF program", {.ip = MKORC_PROGRAM + 0x10},
	 STATUS_FOUND, "bpf_prog_made", "bpf", 0x10},
	{"name: behind the BPF program", {.ip = MKORC_PROGRAM + MKORC_PROGRAM_BYTES + 1},
	 STATUS_ABSENT, NULL, NULL, 0},
};

static void name_row(void **state)
{
	const struct name_row *row = *state;
	struct mkdump *d = mkdump_new(MKDUMP_X86_64);
	struct symbol symbol;
	struct opened o;

	mkorc(d, 3);
	open_made(&o, d);
	assert_int_equal(unwind_symbolize(o.unwinder, &row->frame, &symbol, NULL), row->st);
	if (!row->st) {
		assert_string_equal(symbol.name, row->symbol);
		assert_string_equal(symbol.module, row->module);
		assert_int_equal(symbol.offset, row->offset);
	}
	close_made(&o);
}

int main(void)
{
	struct CMUnitTest list[ARRAY_SIZE(tests) + ARRAY_SIZE(stack_rows) + ARRAY_SIZE(name_rows) +
			       1];
	size_t count = 0;

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		for (unsigned format = 1; format <= FORMATS; format++) {
			struct test *test = &tests[count];

			test->row = &rows[i];
			test->format = format;
			snprintf(test->name, sizeof(test->name), "format %u: %s", format,
				 rows[i].name);
			list[count++] = row_test(test->name, unwind_row, test);
		}
	}
	list[count++] = row_test("no tables: a scan", scan, NULL);
	for (size_t i = 0; i < ARRAY_SIZE(stack_rows); i++)
		list[count++] = row_test(stack_rows[i].name, stack_row, &stack_rows[i]);
	for (size_t i = 0; i < ARRAY_SIZE(name_rows); i++)
		list[count++] = row_test(name_rows[i].name, name_row, &name_rows[i]);
	return _cmocka_run_group_tests("unwind", list, count, NULL, NULL);
}
