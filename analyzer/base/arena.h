// SPDX-License-Identifier: GPL-2.0-or-later
//
// A bounded arena: what events and facts keep lives in it and is given back at once. A full
// arena is a fact to report (`exhausted`), never a reason to stop.
#ifndef KDV_BASE_ARENA_H
#define KDV_BASE_ARENA_H

#include <stdbool.h>
#include <stddef.h>

#include "base/slice.h"

struct arena_block;

struct arena {
	struct arena_block *blocks;
	size_t used;
	size_t limit;
	bool exhausted;
};

/* limit: bytes that may be taken in all. */
void arena_init(struct arena *a, size_t limit);
void arena_done(struct arena *a);
/* Takes back all that was given, and keeps one block for what comes next. */
void arena_reset(struct arena *a);

/* Zeroed memory, aligned for any type; NULL when the limit is reached or memory is out. */
void *arena_alloc(struct arena *a, size_t size);

/* A NUL-terminated copy; never NULL: a full arena answers with the constant "". */
const char *arena_str(struct arena *a, struct slice s);
const char *arena_printf(struct arena *a, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

#endif
