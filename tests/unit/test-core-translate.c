// SPDX-License-Identifier: GPL-2.0-or-later
//
// Page table entries of each architecture: which are mapped, where they lead. Entries are as
// the architectures' manuals lay them out; the walks themselves are tested by test-core-read.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/translate.h"
#include "unit/test-rows.h"

struct row {
	const char *test;
	const struct xlat_arch *arch;
	unsigned page_shift;
	bool wide_pa;
	unsigned shift; /* the entry covers 1 << shift bytes */
	uint64_t entry;
	enum xlat_kind kind;
	uint64_t pa;
	unsigned bits;
};

// clang-format off
static const struct row rows[] = {
	{"x86_64 table", &xlat_x86_64, 12, false, 39, 0x8000000012345067, XLAT_TABLE, 0x12345000, 0},
	{"x86_64 not present", &xlat_x86_64, 12, false, 39, 0x12345066, XLAT_NONE, 0, 0},
	{"x86_64 page", &xlat_x86_64, 12, false, 12, 0x80000000123451e3, XLAT_LEAF, 0x12345000, 0},
	{"x86_64 page with PAT, no table", &xlat_x86_64, 12, false, 12, 0x123450e3, XLAT_LEAF, 0x12345000, 0},
	{"x86_64 2 MiB, flag in bit 12", &xlat_x86_64, 12, false, 21, 0x122010e3, XLAT_LEAF, 0x12200000, 0},
	{"x86_64 1 GiB", &xlat_x86_64, 12, false, 30, 0x1400000e3, XLAT_LEAF, 0x140000000, 0},
	{"x86_64 bit 7 higher up means nothing", &xlat_x86_64, 12, false, 39, 0x123450e7, XLAT_TABLE, 0x12345000, 0},
	{"x86_64 52 bits of address", &xlat_x86_64, 12, false, 12, 0x000fffffffffe063, XLAT_LEAF, 0x000fffffffffe000, 0},

	{"arm64 table", &xlat_aarch64, 12, false, 39, 0x41a92003, XLAT_TABLE, 0x41a92000, 9},
	{"arm64 invalid", &xlat_aarch64, 12, false, 39, 0x41a92002, XLAT_NONE, 0, 9},
	{"arm64 block", &xlat_aarch64, 12, false, 21, 0x0060000040200701, XLAT_LEAF, 0x40200000, 9},
	{"arm64 page", &xlat_aarch64, 12, false, 12, 0x00680000412347ff, XLAT_LEAF, 0x41234000, 9},
	{"arm64 LPA2: bits 9:8 are 51:50", &xlat_aarch64, 12, true, 12, 0x0000000041234303, XLAT_LEAF, 0xc000041234000, 9},
	{"arm64 LPA2 table", &xlat_aarch64, 12, true, 48, 0x180000007ffff003, XLAT_TABLE, 0x7ffff000, 9},
	{"arm64 16 KiB", &xlat_aarch64, 14, false, 25, 0x41a94003, XLAT_TABLE, 0x41a94000, 11},
	{"arm64 64 KiB: bits 15:12 are 51:48", &xlat_aarch64, 16, true, 16, 0x41233703, XLAT_LEAF, 0x3000041230000, 13},

	{"ppc64 table says its bits", &xlat_ppc64, 12, false, 39, 0x800000003fffb009, XLAT_TABLE, 0x3fffb000, 9},
	{"ppc64 not valid", &xlat_ppc64, 12, false, 39, 0x3fffb009, XLAT_NONE, 0, 0},
	{"ppc64 2 MiB leaf", &xlat_ppc64, 12, false, 21, 0xc00000000020018e, XLAT_LEAF, 0x200000, 0},
	{"ppc64 page", &xlat_ppc64, 12, false, 12, 0xc00000000123418e, XLAT_LEAF, 0x1234000, 0},
	{"ppc64 hash table's entry is none", &xlat_ppc64, 12, false, 39, 0x800000003fffb01f, XLAT_NONE, 0, 0},

	{"riscv64 table", &xlat_riscv64, 12, false, 39, 0x20950001, XLAT_TABLE, 0x82540000, 0},
	{"riscv64 invalid", &xlat_riscv64, 12, false, 39, 0x20950000, XLAT_NONE, 0, 0},
	{"riscv64 2 MiB", &xlat_riscv64, 12, false, 21, 0x200800e7, XLAT_LEAF, 0x80200000, 0},
	{"riscv64 page, memory type bits", &xlat_riscv64, 12, false, 12, 0x40000000200844e7, XLAT_LEAF, 0x80211000, 0},

	{"s390x region-third", &xlat_s390x, 12, false, 31, 0x3fed0007, XLAT_TABLE, 0x3fed0000, 11},
	{"s390x invalid region", &xlat_s390x, 12, false, 31, 0x24, XLAT_NONE, 0, 11},
	{"s390x segment to page table", &xlat_s390x, 12, false, 20, 0x3feda800, XLAT_TABLE, 0x3feda800, 8},
	{"s390x large segment", &xlat_s390x, 12, false, 20, 0x01100c00, XLAT_LEAF, 0x01100000, 8},
	{"s390x page", &xlat_s390x, 12, false, 12, 0x01234200, XLAT_LEAF, 0x01234000, 8},
	{"s390x invalid page", &xlat_s390x, 12, false, 12, 0x01234400, XLAT_NONE, 0, 8},
};
// clang-format on

static void decode(void **state)
{
	const struct row *row = *state;
	const struct xlat x = {
	    .arch = row->arch, .page_shift = row->page_shift, .wide_pa = row->wide_pa};
	struct xlat_entry e = row->arch->decode(&x, row->entry, row->shift);

	assert_int_equal(e.kind, row->kind);
	if (row->kind == XLAT_NONE)
		return;
	assert_true(e.pa == row->pa);
	assert_int_equal(e.bits, row->bits);
}

static void by_name(void **state)
{
	(void)state;
	assert_ptr_equal(xlat_by_machine("x86_64"), &xlat_x86_64);
	assert_ptr_equal(xlat_by_machine("i386"), &xlat_i386);
	assert_ptr_equal(xlat_by_machine("ppc64le"), &xlat_ppc64);
	assert_ptr_equal(xlat_by_machine("ppc64"), &xlat_ppc64);
	assert_ptr_equal(xlat_by_machine("s390x"), &xlat_s390x);
	assert_null(xlat_by_machine("m68k"));
	assert_null(xlat_by_machine(""));
	assert_ptr_equal(xlat_by_elf(183), &xlat_aarch64);
	assert_ptr_equal(xlat_by_elf(243), &xlat_riscv64);
	assert_null(xlat_by_elf(0));
}

static void ranges(void **state)
{
	struct xlat x = {0};
	uint64_t pa = 5;

	(void)state;
	xlat_add_range(&x, 0xffffffff80000000, 0xffffffffbfffffff, 0 - 0x1000000ull);
	xlat_add_range(&x, 0xc000000000000000, UINT64_MAX, 0);
	assert_true(xlat_by_range(&x, 0xffffffff80000000, &pa));
	assert_true(pa == 0 - 0x1000000ull);
	assert_true(xlat_by_range(&x, 0xffffffffbfffffff, &pa));
	assert_true(pa == 0x3effffff);
	assert_true(xlat_by_range(&x, 0xffffffffc0000000, &pa));
	assert_true(pa == 0x3fffffffc0000000);
	assert_false(xlat_by_range(&x, 0xbfffffffffffffff, &pa));
}

static void tags(void **state)
{
	(void)state;
	assert_true(xlat_aarch64.untag(0xf3ff800012345678) == 0xffff800012345678);
	assert_true(xlat_aarch64.untag(0xff00aaaabbbbcccc) == 0xff00aaaabbbbcccc);
}

int main(void)
{
	const struct CMUnitTest single[] = {
	    cmocka_unit_test(by_name),
	    cmocka_unit_test(ranges),
	    cmocka_unit_test(tags),
	};
	struct CMUnitTest tests[ARRAY_SIZE(rows) + ARRAY_SIZE(single)];

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		tests[i] = row_test(rows[i].test, decode, &rows[i]);
	memcpy(tests + ARRAY_SIZE(rows), single, sizeof(single));
	return cmocka_run_group_tests(tests, NULL, NULL);
}
