// SPDX-License-Identifier: GPL-2.0-or-later
//
// The signature: a name for a crash that stays the same across boots, KASLR and rebuilds.
#include <stdio.h>
#include <string.h>

#include "base/sha256.h"

#include "verdict/verdict.h"

enum { SHORT_FRAMES = 3, LONG_FRAMES = 16 };

static void short_id(const char *text, char ret[17])
{
	char hex[SHA256_HEX_SIZE];
	struct sha256 sha;

	sha256_init(&sha);
	sha256_add(&sha, text, strlen(text));
	sha256_hex(&sha, hex);
	memcpy(ret, hex, 16);
	ret[16] = '\0';
}

static struct slice place(const struct event *crash)
{
	if (crash->has_where && crash->where.function)
		return oops_plain_name(crash->where.function);
	return slice_of("?");
}

/*
 * A frame counts when the unwinder trusted it and it has a name. An interrupt's frames belong
 * to the crash; what it interrupted is chance, so the walk ends where the stack changes back.
 */
static bool counts(const struct event *crash, const struct frame *f)
{
	return f->reliable && f->function &&
	       f->stack == (crash->frame_count ? crash->trace[0].stack : STACK_TASK);
}

/*
 * The first frame above the place of the crash. The place itself stands in the trace of a panic
 * below dump_stack and panic, and old kernels repeat it as the first frame of an oops.
 */
static size_t first_caller(const struct event *crash)
{
	struct slice where = place(crash);

	for (size_t i = 0; i < crash->frame_count; i++) {
		struct slice name;

		if (!counts(crash, &crash->trace[i]))
			continue;
		name = oops_plain_name(crash->trace[i].function);
		if (name.n == where.n && !memcmp(name.p, where.p, name.n))
			return i + 1;
	}
	return 0;
}

static void add_frames(struct buf *b, const struct event *crash, size_t max)
{
	size_t added = 0;

	for (size_t i = first_caller(crash); i < crash->frame_count && added < max; i++) {
		struct slice name;

		if (!counts(crash, &crash->trace[i]))
			continue;
		name = oops_plain_name(crash->trace[i].function);
		buf_str(b, "<");
		buf_add(b, name.p, name.n);
		added++;
	}
}

void verdict_signature(struct signature *ret, struct fact_set *facts)
{
	const struct event *crash = facts->crash;
	struct slice where;
	struct buf b;

	memset(ret, 0, sizeof(*ret));
	if (!crash)
		return;
	where = place(crash);
	buf_init(&b, 8192);
	buf_printf(&b, "%s:%.*s", class_name(crash->class), (int)where.n, where.p);
	short_id(b.data ? b.data : "", ret->coarse);
	add_frames(&b, crash, SHORT_FRAMES);
	ret->text = arena_str(&facts->arena, slice_of(b.data ? b.data : ""));
	short_id(ret->text, ret->id);

	b.len = 0;
	buf_printf(&b, "%s:%.*s[%s]", class_name(crash->class), (int)where.n, where.p,
		   crash->where.module ? crash->where.module : "");
	add_frames(&b, crash, LONG_FRAMES);
	short_id(b.data ? b.data : "", ret->fine);
	buf_done(&b);
}
