// SPDX-License-Identifier: GPL-2.0-or-later
//
// Backtraces by back chain, on the two machines whose stacks a made dump can hold without page
// tables: ppc64 and s390x. No symbols: all addresses but 0 and odd ones pass for a module's code.
#include <string.h>

#include "kernel/unwind.h"
#include "unit/test-kernel.h"
#include "unit/test-rows.h"

enum { MAX_WORDS = 16, MAX_IPS = 8, BYTES = 0x4000 };

#define PPC(offset)  (0xc000000000100000ull + (offset))
#define S390(offset) (0x100000ull + (offset))
/* In the frame of an interrupt: where registers begin, and what is where in them. */
enum {
	PPC_MARKER = 32, PPC_REGS = 48, PPC_R1 = PPC_REGS + 8, PPC_NIP = PPC_REGS + 256,
	PPC_MSR = PPC_REGS + 264, PPC_USER = 0x4000,
	S390_BACK = 152, S390_R14 = 136, S390_MASK = 168, S390_ADDR = 176, S390_R15 = 304,
};
#define PPC_MARK      0x52454753ull
#define S390_USER     (1ull << 48)
#define S390_KERNEL   (1ull << 32)

static const struct row {
	const char *name;
	enum mkdump_arch arch;
	uint64_t ip, sp, mode;
	struct {
		uint64_t at, value;
	} word[MAX_WORDS];
	enum unwind_end end;
	uint64_t user_ip;
	const char *why;
	unsigned count;
	uint64_t frame[MAX_IPS];
	unsigned interrupted; /* bit k: frame k */
} rows[] = {
	{
		.name = "ppc64: across an interrupt to user space",
		.arch = MKDUMP_PPC64, .ip = 0xa000, .sp = PPC(0x100),
		.word = {
			{PPC(0x100), PPC(0x200)}, {PPC(0x210), 0xb000},
			{PPC(0x200 + PPC_MARKER), PPC_MARK}, {PPC(0x200 + PPC_NIP), 0xc000},
			{PPC(0x200 + PPC_R1), PPC(0x600)},
			{PPC(0x600), PPC(0x700)}, {PPC(0x710), 0xd000},
			{PPC(0x700 + PPC_MARKER), PPC_MARK}, {PPC(0x700 + PPC_NIP), 0x1000},
			{PPC(0x700 + PPC_MSR), PPC_USER},
		},
		.end = UNWIND_USER, .user_ip = 0x1000, .count = 4,
		.frame = {0xa000, 0xb000, 0xc000, 0xd000}, .interrupted = 5,
	},
	{
		.name = "ppc64: a leaf that saved no return address",
		.arch = MKDUMP_PPC64, .ip = 0xa000, .sp = PPC(0x100),
		.word = {
			{PPC(0x100), PPC(0x200)}, {PPC(0x210), 0}, {PPC(0x200), PPC(0x300)},
			{PPC(0x310), 0xc000}, {PPC(0x300), 0},
		},
		.end = UNWIND_WHOLE, .count = 2,
		.frame = {0xa000, 0xc000}, .interrupted = 1,
	},
	{
		.name = "ppc64: the chain goes down",
		.arch = MKDUMP_PPC64, .ip = 0xa000, .sp = PPC(0x300),
		.word = {{PPC(0x300), PPC(0x200)}, {PPC(0x210), 0xb000}},
		.end = UNWIND_BROKEN, .why = "goes down", .count = 1,
		.frame = {0xa000}, .interrupted = 1,
	},
	{
		.name = "s390x: across an interrupt to the first function",
		.arch = MKDUMP_S390X, .ip = 0xa000, .sp = S390(0x100),
		.word = {
			{S390(0x100 + S390_BACK), S390(0x300)}, {S390(0x300 + S390_R14), 0xb000},
			{S390(0x300 + S390_BACK), 0}, {S390(0x300 + S390_MASK), S390_KERNEL},
			{S390(0x300 + S390_ADDR), 0xc000}, {S390(0x300 + S390_R15), S390(0x800)},
			{S390(0x800 + S390_BACK), 0}, {S390(0x800 + S390_MASK), 0},
		},
		.end = UNWIND_WHOLE, .count = 3,
		.frame = {0xa000, 0xb000, 0xc000}, .interrupted = 5,
	},
	{
		.name = "s390x: to user space",
		.arch = MKDUMP_S390X, .ip = 0xa000, .sp = S390(0x100),
		.word = {{S390(0x100 + S390_MASK), S390_USER}, {S390(0x100 + S390_ADDR), 0x1000}},
		.end = UNWIND_USER, .user_ip = 0x1000, .count = 1,
		.frame = {0xa000}, .interrupted = 1,
	},
	{
		.name = "s390x: a return address that is no code",
		.arch = MKDUMP_S390X, .ip = 0xa000, .sp = S390(0x100),
		.word = {{S390(0x100 + S390_BACK), S390(0x300)}, {S390(0x300 + S390_R14), 0xb001}},
		.end = UNWIND_BROKEN, .why = "0xb001 is no code", .count = 1,
		.frame = {0xa000}, .interrupted = 1,
	},
	{
		.name = "s390x: the stack is not in the dump",
		.arch = MKDUMP_S390X, .ip = 0xa000, .sp = 0x9000000,
		.end = UNWIND_BROKEN, .why = "stack: ", .count = 1,
		.frame = {0xa000}, .interrupted = 1,
	},
	{
		.name = "s390x: in user space",
		.arch = MKDUMP_S390X, .ip = 0x1000, .mode = S390_USER,
		.end = UNWIND_USER, .user_ip = 0x1000,
	},
};

static struct core_regs regs_of(const struct row *row)
{
	const struct core_reg ppc[] = {{"nip", row->ip}, {"r1", row->sp}, {"msr", row->mode}};
	const struct core_reg s390[] = {{"psw_addr", row->ip}, {"r15", row->sp},
					{"psw_mask", row->mode}};
	struct core_regs regs = {.count = ARRAY_SIZE(ppc)};

	memcpy(regs.reg, row->arch == MKDUMP_PPC64 ? ppc : s390, sizeof(ppc));
	return regs;
}

static void check(const struct row *row, const struct backtrace *trace)
{
	assert_int_equal(trace->count, row->count);
	for (unsigned i = 0; i < row->count; i++) {
		assert_int_equal(trace->frame[i].ip, row->frame[i]);
		assert_int_equal(trace->frame[i].interrupted, row->interrupted >> i & 1);
	}
	assert_int_equal(trace->end, row->end);
	assert_int_equal(trace->user_ip, row->user_ip);
	if (!strstr(trace->why, row->why ? row->why : ""))
		fail_msg("why: %s", trace->why);
}

static void unwind_row(void **state)
{
	static const unsigned char zeros[BYTES];
	static struct backtrace trace;
	const struct row *row = *state;
	struct mkdump *d = mkdump_new(row->arch);
	struct core_regs regs = regs_of(row);
	struct unwinder *unwinder;
	struct kernel kernel;
	struct err err = {""};
	struct core *core;

	mkdump_cpu(d, 1, &row->ip, 1); /* its size tells the machine */
	mkdump_virt(d, row->arch == MKDUMP_PPC64 ? PPC(0) : S390(0), zeros, sizeof(zeros));
	for (unsigned i = 0; i < MAX_WORDS && row->word[i].at; i++)
		mkdump_uint(d, row->word[i].at, 8, row->word[i].value);
	core = open_dump(d);
	kernel_open(&kernel, core, NULL);
	if (unwinder_open(&unwinder, &kernel, NULL, &err))
		fail_msg("%s", err.text);
	assert_string_equal(unwinder_method(unwinder), "frame pointers");
	if (unwind_regs(unwinder, &regs, &trace, &err))
		fail_msg("%s", err.text);
	check(row, &trace);
	unwinder_close(unwinder);
	kernel_close(&kernel);
	core_close(core);
	mkdump_free(d);
}

int main(void)
{
	struct CMUnitTest tests[ARRAY_SIZE(rows)];

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		tests[i] = row_test(rows[i].name, unwind_row, &rows[i]);
	return _cmocka_run_group_tests("unwind-fp", tests, ARRAY_SIZE(tests), NULL, NULL);
}
