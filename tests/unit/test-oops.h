// SPDX-License-Identifier: GPL-2.0-or-later
//
// For the tests of oops/ and of what fact/ makes of it: a text becomes facts.
#ifndef KDV_TEST_OOPS_H
#define KDV_TEST_OOPS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

#include "fact/fact.h"

/* A first line that every judge takes for a kernel's, whatever follows. */
#define TEST_FIRST_LINE "Linux version 6.1.0-test (a@b) (gcc) #1 SMP\n"

/* facts_of(text) until facts_free(): events chosen and blamed. Line 1 is TEST_FIRST_LINE. */
static inline void facts_of(struct fact_set *facts, const char *text)
{
	int fd = memfd_create("log", 0);
	struct klog *klog;
	struct err err = {{0}};
	char path[32];

	assert_true(fd >= 0);
	assert_int_equal(write(fd, TEST_FIRST_LINE, strlen(TEST_FIRST_LINE)),
			 strlen(TEST_FIRST_LINE));
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	if (klog_open_text(&klog, path, &err))
		fail_msg("%s", err.text);
	fact_init(facts);
	oops_scan(klog, OOPS_LAST_CRASH, &facts->arena, &facts->log);
	fact_choose(facts);
	fact_blame(facts);
	klog_free(klog);
	close(fd);
}

static inline const char *or_none(const char *text)
{
	return text ? text : "(none)";
}

#endif
