// SPDX-License-Identifier: GPL-2.0-or-later
//
// What the tests of the kernel's log, symbols, types and modules share: a made dump, opened.
#ifndef KDV_TESTS_TEST_KERNEL_H
#define KDV_TESTS_TEST_KERNEL_H

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/core.h"
#include "dumps/mkdump.h"

static inline struct core *open_dump(struct mkdump *d)
{
	const struct core_limits limits = {.open_bytes = 64 << 20};
	struct err err = {""};
	struct core *core = NULL;
	char path[32];
	const char *paths[] = {path};
	int fd = mkdump_open(d, MKDUMP_ELF);

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	if (core_open(&core, paths, 1, &limits, &err))
		fail_msg("core_open: %s", err.text);
	close(fd);
	return core;
}

#endif
