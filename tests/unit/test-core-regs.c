// SPDX-License-Identifier: GPL-2.0-or-later
//
// NT_PRSTATUS of each machine. Word n of pr_reg holds 0x1000 + n, so that a wrong offset
// shows.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/regs.h"
#include "unit/test-rows.h"

struct row {
	const char *test;
	enum core_arch arch;
	bool big_endian;
	size_t size;
	unsigned pid_at, reg_at, word;
	unsigned count;
	struct {
		const char *name;
		unsigned index;
	} reg[4]; /* some that matter: where the kernel's headers put them */
	enum core_arch guess;
};

// clang-format off
static const struct row rows[] = {
	{"x86_64", CORE_ARCH_X86_64, false, 336, 32, 112, 8, 27,
	 {{"rbp", 4}, {"rip", 16}, {"rsp", 19}, {"gs", 26}}, CORE_ARCH_X86_64},
	{"i386", CORE_ARCH_I386, false, 144, 24, 72, 4, 17,
	 {{"eax", 6}, {"orig_eax", 11}, {"eip", 12}, {"esp", 15}}, CORE_ARCH_I386},
	{"arm64", CORE_ARCH_AARCH64, false, 392, 32, 112, 8, 34,
	 {{"x29", 29}, {"lr", 30}, {"sp", 31}, {"pc", 32}}, CORE_ARCH_AARCH64},
	{"ppc64", CORE_ARCH_PPC64, true, 504, 32, 112, 8, 44,
	 {{"r1", 1}, {"nip", 32}, {"lr", 36}, {"dar", 41}}, CORE_ARCH_PPC64},
	{"ppc64le", CORE_ARCH_PPC64, false, 504, 32, 112, 8, 44,
	 {{"r31", 31}, {"msr", 33}, {"ctr", 35}, {"trap", 40}}, CORE_ARCH_PPC64},
	{"riscv64", CORE_ARCH_RISCV64, false, 376, 32, 112, 8, 32,
	 {{"epc", 0}, {"ra", 1}, {"sp", 2}, {"s0", 8}}, CORE_ARCH_RISCV64},
	{"s390x", CORE_ARCH_S390X, true, 336, 32, 112, 8, 18,
	 {{"psw_mask", 0}, {"psw_addr", 1}, {"r14", 16}, {"r15", 17}}, CORE_ARCH_S390X},
};
// clang-format on

static void put(uint8_t *p, bool big_endian, unsigned size, uint64_t value)
{
	for (unsigned i = 0; i < size; i++)
		p[big_endian ? size - 1 - i : i] = (uint8_t)(value >> 8 * i);
}

static void registers(void **state)
{
	const struct row *row = *state;
	uint8_t note[REGS_MAX_NOTE] = {0};
	struct core_regs regs;
	struct err err;

	put(note + row->pid_at, row->big_endian, 4, 4711);
	for (unsigned i = 0; row->reg_at + (i + 1) * row->word <= row->size; i++)
		put(note + row->reg_at + i * row->word, row->big_endian, row->word,
		    0x1000 + i);
	assert_int_equal(regs_parse(&regs, row->arch, row->big_endian, note, row->size, &err),
			 STATUS_FOUND);
	assert_int_equal(regs.pid, 4711);
	assert_int_equal(regs.count, row->count);
	for (size_t i = 0; i < ARRAY_SIZE(row->reg); i++) {
		unsigned at = row->reg[i].index;

		assert_string_equal(regs.reg[at].name, row->reg[i].name);
		assert_int_equal(regs.reg[at].value, 0x1000 + at);
	}
	assert_int_equal(regs_parse(&regs, row->arch, row->big_endian, note, 100, &err),
			 STATUS_BROKEN);
	assert_string_equal(err.text, "its NT_PRSTATUS note has only 100 bytes");
	assert_int_equal(regs_guess_arch(row->size, row->big_endian), row->guess);
}

static void unknown(void **state)
{
	uint8_t note[REGS_MAX_NOTE] = {0};
	struct core_regs regs;

	(void)state;
	assert_int_equal(regs_parse(&regs, CORE_ARCH_UNKNOWN, false, note, sizeof(note), NULL),
			 STATUS_ABSENT);
	assert_int_equal(regs_guess_arch(337, false), CORE_ARCH_UNKNOWN);
	assert_int_equal(regs_guess_arch(392, true), CORE_ARCH_UNKNOWN);
}

int main(void)
{
	struct CMUnitTest tests[ARRAY_SIZE(rows) + 1];

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		tests[i] = row_test(rows[i].test, registers, &rows[i]);
	tests[ARRAY_SIZE(rows)] = (struct CMUnitTest)cmocka_unit_test(unknown);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
