// SPDX-License-Identifier: GPL-2.0-or-later
//
// VMCOREINFO: what is found in it, and what is no number.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/vmcoreinfo.h"
#include "unit/test-rows.h"

static const char sample[] = "OSRELEASE=6.1.0-42-amd64\n"
			     "PAGESIZE=4096\n"
			     "SYMBOL(prb)=ffffffff8e2d4f60\n"
			     "SYMBOL(prb_desc)=1\n"
			     "SIZE(prb_desc)=24\n"
			     "OFFSET(printk_info.seq)=0\n"
			     "NUMBER(phys_base)=-442499072\n"
			     "SYMBOL(no_equals)\n"
			     "\n"
			     "KEY=first\n"
			     "KEY=second\n"
			     "EMPTY=\n"
			     "CRASHTIME=1763911234";

struct find_row {
	const char *test, *key, *name, *want; /* want NULL: not there */
};

static const struct find_row find_rows[] = {
    {"first line", "OSRELEASE", NULL, "6.1.0-42-amd64"},
    {"with a name", "SYMBOL", "prb", "ffffffff8e2d4f60"},
    {"name that another begins with", "SYMBOL", "prb_desc", "1"},
    {"same name, other key", "SIZE", "prb_desc", "24"},
    {"dot in the name", "OFFSET", "printk_info.seq", "0"},
    {"last line without newline", "CRASHTIME", NULL, "1763911234"},
    {"the first of two counts", "KEY", NULL, "first"},
    {"empty value", "EMPTY", NULL, ""},
    {"beginning of a name only", "SYMBOL", "pr", NULL},
    {"beginning of a key only", "SYM", NULL, NULL},
    {"key without its name", "SYMBOL", NULL, NULL},
    {"no equals sign", "SYMBOL", "no_equals", NULL},
    {"not there", "LENGTH", "prb", NULL},
    {"empty name", "SYMBOL", "", NULL},
};

static void find(void **state)
{
	const struct find_row *row = *state;
	struct slice value = {0};
	bool found = vmcoreinfo_find(slice_of(sample), row->key, row->name, &value);

	assert_int_equal(found, row->want != NULL);
	if (found) {
		assert_int_equal(value.n, strlen(row->want));
		assert_memory_equal(value.p, row->want, value.n);
	}
}

struct number_row {
	const char *test, *text;
	bool good;
	int64_t want;
};

static const struct number_row number_rows[] = {
    {"decimal", "4096", true, 4096},
    {"negative", "-442499072", true, -442499072},
    {"hex", "0x40000000", true, 0x40000000},
    {"hex with all bits", "0xfffffffeffe00000", true, (int64_t)0xfffffffeffe00000ull},
    {"leading zero is decimal", "010", true, 10},
    {"empty", "", false, 0},
    {"minus alone", "-", false, 0},
    {"0x alone", "0x", false, 0},
    {"text behind", "12 pages", false, 0},
    {"hex without 0x", "ff", false, 0},
    {"65 bits", "18446744073709551616", false, 0},
};

static void number(void **state)
{
	const struct number_row *row = *state;
	int64_t value = -1;

	assert_int_equal(vmcoreinfo_number(slice_of(row->text), &value), row->good);
	assert_true(value == (row->good ? row->want : -1));
}

static void hex(void **state)
{
	uint64_t value = 7;

	(void)state;
	assert_true(vmcoreinfo_hex(slice_of("ffffffff8e2d4f60"), &value));
	assert_true(value == 0xffffffff8e2d4f60ull);
	assert_false(vmcoreinfo_hex(slice_of("ffffffff8e2d4f60g"), &value));
	assert_false(vmcoreinfo_hex(slice_of("1ffffffff8e2d4f60"), &value));
	assert_false(vmcoreinfo_hex(slice_of(""), &value));
	assert_true(value == 0xffffffff8e2d4f60ull);
}

int main(void)
{
	struct CMUnitTest tests[ARRAY_SIZE(find_rows) + ARRAY_SIZE(number_rows) + 1];
	size_t n = 0;

	for (size_t i = 0; i < ARRAY_SIZE(find_rows); i++)
		tests[n++] = row_test(find_rows[i].test, find, &find_rows[i]);
	for (size_t i = 0; i < ARRAY_SIZE(number_rows); i++)
		tests[n++] = row_test(number_rows[i].test, number, &number_rows[i]);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(hex);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
