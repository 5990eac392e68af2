// SPDX-License-Identifier: GPL-2.0-or-later
//
// Which group of group-table.c a function is of, and what the groups say of a trace.
#include <string.h>

#include "oops/group.h"
#include "oops/marker.h"
#include "oops/oops.h"

static const char *const titles[GROUP_COUNT] = {
	// clang-format off
	[GROUP_NONE] = "ordinary code",
	[GROUP_REPORT] = "report machinery",
	[GROUP_SANITIZER] = "sanitizer hook",
	[GROUP_ENTRY] = "trap or interrupt entry",
	[GROUP_LOCKDEP] = "lock debugging",
	[GROUP_LOCK] = "locking primitive",
	[GROUP_SCHED] = "scheduler",
	[GROUP_WAIT] = "wait primitive",
	[GROUP_ALLOC] = "allocator",
	[GROUP_LIST] = "list or tree helper",
	[GROUP_REFCOUNT] = "reference count or atomic helper",
	[GROUP_COPY] = "copy between kernel and user memory",
	[GROUP_STRING] = "memory or string helper",
	[GROUP_OBJECT] = "object debugging or generic object",
	[GROUP_RCU] = "RCU",
	[GROUP_IPI] = "cross-CPU call",
	[GROUP_TIMER] = "timer interrupt",
	[GROUP_IDLE] = "idle loop",
	[GROUP_WAIT_FOR] = "wait for a page, a lock or RCU",
	[GROUP_WORK] = "work queue or timer helper",
	[GROUP_MAKER] = "constructor",
	[GROUP_HELPER] = "small helper",
	[GROUP_SYSCALL] = "generic system call layer",
	[GROUP_DISPATCH] = "dispatcher of other code",
	// clang-format on
};

static bool fits(struct slice name, const char *pattern)
{
	size_t n = strlen(pattern);

	if (!memchr(pattern, '*', n))
		return slice_eq(name, pattern);
	if (pattern[n - 1] == '*')
		return oops_pattern(name, pattern);
	/* a tail after the last star must be the end of the name */
	return oops_pattern(name, pattern) && slice_ends(name, strrchr(pattern, '*') + 1);
}

struct slice oops_plain_name(const char *function)
{
	static const char *const suffixes[] = {".isra",	 ".cold",      ".part",	    ".constprop",
					       ".llvm",	 ".lto_priv", ".localalias", ".str",
					       ".number"};
	struct slice name = slice_of(function);
	size_t i;

	if (name.n > 1 && name.p[0] == '.')
		name.p++, name.n--;
	if (!name.n || !memchr(name.p, '.', name.n))
		return name; /* nearly always */
	for (i = 0; i < ARRAY_SIZE(suffixes); i++) {
		const char *at = slice_find(name, suffixes[i]);

		if (at && at > name.p)
			name.n = (size_t)(at - name.p);
	}
	return name;
}

static bool is_in_group(struct slice name, const char *const *patterns)
{
	for (; *patterns; patterns++) {
		char first = **patterns;

		if ((first == name.p[0] || first == '*') && fits(name, *patterns))
			return true;
	}
	return false;
}

enum frame_group oops_group(const char *function)
{
	struct slice name = oops_plain_name(function);
	const struct group_patterns *g;

	for (g = oops_groups; name.n && g->patterns; g++) {
		if (is_in_group(name, g->patterns))
			return g->group;
	}
	return GROUP_NONE;
}

const char *oops_group_title(enum frame_group group)
{
	return titles[group < GROUP_COUNT ? group : GROUP_NONE];
}

bool oops_frame_counts(const struct event *ev, const struct frame *f)
{
	return f->function && (f->reliable || ev->guessed);
}

/* The entry of the interrupt stands at most so many frames above the tick. A heuristic. */
enum { TICK_MAX_FRAMES = 12 };

size_t oops_above_tick(const struct event *ev)
{
	uint32_t entry = GROUP_BIT(GROUP_ENTRY) | GROUP_BIT(GROUP_TIMER);
	size_t i, begin = 0;

	for (i = 0; i < ev->frame_count && i <= begin + TICK_MAX_FRAMES; i++) {
		const struct frame *f = &ev->trace[i];

		if (oops_frame_counts(ev, f) && oops_group(f->function) == GROUP_TIMER)
			begin = i + 1;
	}
	while (begin && begin < ev->frame_count) {
		const struct frame *f = &ev->trace[begin];

		if (oops_frame_counts(ev, f) && !(entry & GROUP_BIT(oops_group(f->function))))
			break;
		begin++;
	}
	return begin < ev->frame_count ? begin : 0;
}
