// SPDX-License-Identifier: GPL-2.0-or-later
//
// Pages that do not decompress: each is told broken, all others are still read right, in any
// order and however often. libkdumpfile 0.5.1 by itself crashes over this after a while.
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/core.h"
#include "core/kdump-format.h"
#include "dumps/mkdump.h"
#include "unit/test-rows.h"

enum { PAGES = 600, ROUNDS = 20 };

#define FIRST 0x8000000ull /* physical; all pages of the dump before it are tables */

struct row {
	const char *test;
	unsigned every; /* each every-th page is damaged */
	bool given_up;
};

static const struct row rows[] = {
    {"a page in 100 damaged", 100, false},
    {"a page in 10 damaged", 10, true},
};

static bool is_damaged(const struct row *row, uint64_t page)
{
	return page % row->every == row->every - 1;
}

/* Flips bytes of the compressed pages; the dump's first page is the top page table. */
static void damage(const struct row *row, int fd)
{
	uint32_t sub, bitmap;
	uint64_t descriptors, offset;
	const uint8_t junk[8] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff};

	assert_int_equal(pread(fd, &sub, 4, DH_SUB_HDR_SIZE), 4);
	assert_int_equal(pread(fd, &bitmap, 4, DH_BITMAP_BLOCKS), 4);
	descriptors = (1 + (uint64_t)sub + bitmap) * MKDUMP_PAGE;
	for (uint64_t i = 0; i < PAGES; i++) {
		if (!is_damaged(row, i))
			continue;
		assert_int_equal(
		    pread(fd, &offset, 8, (off_t)(descriptors + (1 + i) * PD_SIZE)), 8);
		assert_int_equal(pwrite(fd, junk, sizeof(junk), (off_t)offset + 2),
				 sizeof(junk));
	}
}

static struct core *open_damaged(const struct row *row)
{
	struct mkdump *d = mkdump_new(MKDUMP_X86_64);
	char name[32];
	const char *path = name;
	struct core *core = NULL;
	struct err err = {""};
	int fd;

	for (uint64_t i = 0; i < PAGES; i++) {
		const uint64_t words[3] = {i, ~i, i * 0x123456789};

		mkdump_phys(d, FIRST + i * MKDUMP_PAGE + 64, words, sizeof(words));
	}
	fd = mkdump_open(d, MKDUMP_ZLIB);
	mkdump_free(d);
	damage(row, fd);
	snprintf(name, sizeof(name), "/proc/self/fd/%d", fd);
	if (core_open(&core, &path, 1, NULL, &err))
		fail_msg("core_open: %s", err.text);
	close(fd);
	return core;
}

static void damaged_pages(void **state)
{
	const struct row *row = *state;
	struct core *core = open_damaged(row);
	struct err err = {""};
	bool given_up = false;
	uint64_t value, page = 1;

	for (unsigned i = 0; i < PAGES * ROUNDS; i++) {
		enum status st;

		page = (page * 1103515245 + 12345) & 0x7fffffff;
		st = core_read_phys(core, FIRST + page % PAGES * MKDUMP_PAGE + 64, &value, 8,
				    &err);
		given_up |= st && strstr(err.text, "given up after 16 damaged pages");
		if (is_damaged(row, page % PAGES))
			assert_int_equal(st, STATUS_BROKEN);
		else if (!given_up)
			assert_int_equal(st, STATUS_FOUND);
		if (!st)
			assert_true(value == page % PAGES);
	}
	assert_int_equal(given_up, row->given_up);
	core_close(core);
}

int main(void)
{
	struct CMUnitTest tests[ARRAY_SIZE(rows)];

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		tests[i] = row_test(rows[i].test, damaged_pages, &rows[i]);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
