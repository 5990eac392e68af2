// SPDX-License-Identifier: GPL-2.0-or-later
//
// A test per row of a table: each is told by its name, and fails alone.
#ifndef KDV_TEST_ROWS_H
#define KDV_TEST_ROWS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static inline struct CMUnitTest row_test(const char *name, CMUnitTestFunction run, const void *row)
{
	return (struct CMUnitTest){
		.name = name,
		.test_func = run,
		.initial_state = (void *)(uintptr_t)row,
	};
}

#endif
