// SPDX-License-Identifier: GPL-2.0-or-later
//
// Which function can be blamed? The faulting one, unless it only did what it was told: a
// helper, an allocator, a lock... (oops/group.c has the table); then the first frame above
// these. A stall is sampled anywhere in the work that does not end, so there the blamed
// function is the one that the dispatcher called: the system call, the work item, the packet
// handler.
#include <string.h>

#include "fact/fact.h"
#include "oops/group.h"

/* Passed over whatever happened. */
#define PASSED_ALWAYS                                                                             \
	(GROUP_BIT(GROUP_REPORT) | GROUP_BIT(GROUP_SANITIZER) | GROUP_BIT(GROUP_ENTRY) |          \
	 GROUP_BIT(GROUP_LOCKDEP) | GROUP_BIT(GROUP_LOCK) | GROUP_BIT(GROUP_SCHED) |              \
	 GROUP_BIT(GROUP_WAIT) | GROUP_BIT(GROUP_ALLOC) | GROUP_BIT(GROUP_LIST) |                 \
	 GROUP_BIT(GROUP_REFCOUNT) | GROUP_BIT(GROUP_COPY) | GROUP_BIT(GROUP_STRING) |            \
	 GROUP_BIT(GROUP_OBJECT) | GROUP_BIT(GROUP_RCU) | GROUP_BIT(GROUP_IPI) |                  \
	 GROUP_BIT(GROUP_TIMER) | GROUP_BIT(GROUP_IDLE) | GROUP_BIT(GROUP_SYSCALL) |              \
	 GROUP_BIT(GROUP_DISPATCH))

static bool in(uint32_t groups, const char *function)
{
	return groups & GROUP_BIT(oops_group(function));
}

static const struct frame *first_blamable(const struct event *ev, size_t from, uint32_t passed,
					  enum frame_group *ret_below)
{
	size_t i;

	for (i = from; i < ev->frame_count; i++) {
		const struct frame *f = &ev->trace[i];

		if (!oops_frame_counts(ev, f))
			continue;
		if (!in(passed, f->function))
			return f;
		*ret_below = oops_group(f->function);
	}
	return NULL;
}

/* The work that a dispatcher runs: the last blamable frame below it. */
static const struct frame *stalled_work(const struct event *ev)
{
	const struct frame *work = NULL;
	size_t i;

	for (i = oops_above_tick(ev); i < ev->frame_count; i++) {
		const struct frame *f = &ev->trace[i];

		if (!oops_frame_counts(ev, f))
			continue;
		if (work && in(GROUP_BIT(GROUP_DISPATCH), f->function))
			return work;
		if (!in(PASSED_ALWAYS, f->function))
			work = f;
	}
	return work;
}

static void blame_frame(struct fact_set *facts, const struct frame *f, enum frame_group below)
{
	facts->blame = *f;
	facts->blame_why = below == GROUP_NONE ?
				   "the faulting function itself" :
				   arena_printf(&facts->arena, "first frame above: %s",
						oops_group_title(below));
}

static bool blame_stall(struct fact_set *facts, const struct event *ev)
{
	const struct frame *f = stalled_work(ev);

	if (!f)
		return false;
	facts->blame = *f;
	facts->blame_why = "the work that did not end";
	return true;
}

void fact_blame(struct fact_set *facts)
{
	const struct event *ev = facts->crash;
	enum frame_group below = GROUP_NONE;
	const struct frame *f;

	facts->blame = (struct frame){0};
	facts->blame_why = NULL;
	if (!ev)
		return;
	if ((ev->class == CLASS_SOFT_LOCKUP || ev->class == CLASS_RCU_STALL) &&
	    blame_stall(facts, ev))
		return;
	if (ev->has_where && ev->where.function) {
		if (!in(PASSED_ALWAYS, ev->where.function)) {
			blame_frame(facts, &ev->where, GROUP_NONE);
			return;
		}
		below = oops_group(ev->where.function);
	}
	f = first_blamable(ev, 0, PASSED_ALWAYS, &below);
	if (f)
		blame_frame(facts, f, below);
	else if (ev->has_where && ev->where.function)
		blame_frame(facts, &ev->where, GROUP_NONE);
}
