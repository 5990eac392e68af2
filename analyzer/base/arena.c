// SPDX-License-Identifier: GPL-2.0-or-later
//
// The arena's blocks: a list of mallocs, newest first, each filled from the front.
#include <stdalign.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

enum { ARENA_BLOCK = 16 * 1024 };

struct arena_block {
	struct arena_block *next;
	size_t size, used;
	alignas(max_align_t) char data[];
};

void arena_init(struct arena *a, size_t limit)
{
	*a = (struct arena){.limit = limit};
}

void arena_done(struct arena *a)
{
	while (a->blocks) {
		struct arena_block *next = a->blocks->next;

		free(a->blocks);
		a->blocks = next;
	}
	*a = (struct arena){0};
}

void arena_reset(struct arena *a)
{
	struct arena_block *kept = a->blocks;

	while (kept && kept->next) {
		struct arena_block *next = kept->next;

		free(kept);
		kept = next;
	}
	if (kept) {
		memset(kept->data, 0, kept->used);
		kept->used = 0;
	}
	*a = (struct arena){.blocks = kept, .limit = a->limit};
}

static struct arena_block *add_block(struct arena *a, size_t size)
{
	struct arena_block *block = calloc(1, sizeof(*block) + size);

	if (!block)
		return NULL;
	block->size = size;
	block->next = a->blocks;
	a->blocks = block;
	return block;
}

void *arena_alloc(struct arena *a, size_t size)
{
	struct arena_block *block = a->blocks;
	size_t step = (size + alignof(max_align_t) - 1) & ~(alignof(max_align_t) - 1);
	void *ret;

	if (step < size || step > a->limit - a->used) {
		a->exhausted = true;
		return NULL;
	}
	if (!block || step > block->size - block->used)
		block = add_block(a, step > ARENA_BLOCK ? step : ARENA_BLOCK);
	if (!block) {
		a->exhausted = true;
		return NULL;
	}
	ret = block->data + block->used;
	block->used += step;
	a->used += step;
	return ret;
}

const char *arena_str(struct arena *a, struct slice s)
{
	char *copy = s.n < a->limit ? arena_alloc(a, s.n + 1) : NULL;

	if (!copy) {
		a->exhausted = true;
		return "";
	}
	if (s.n)
		memcpy(copy, s.p, s.n);
	return copy;
}

const char *arena_printf(struct arena *a, const char *fmt, ...)
{
	char text[1024];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	return arena_str(a, slice_of(text));
}
