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
	 GROUP_BIT(GROUP_WAIT_FOR) | GROUP_BIT(GROUP_WORK) | GROUP_BIT(GROUP_HELPER) |            \
	 GROUP_BIT(GROUP_DISPATCH))

/* An object that leaks is of whoever had it made. */
static uint32_t passed_groups(enum crash_class class)
{
	return class == CLASS_MEMORY_LEAK ? PASSED_ALWAYS | GROUP_BIT(GROUP_MAKER) : PASSED_ALWAYS;
}

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

/*
 * The work that a dispatcher runs: the last blamable frame below it, or, where only layers
 * stand below it, the system call.
 */
static const struct frame *stalled_work(const struct event *ev)
{
	const struct frame *work = NULL, *layer = NULL;
	size_t i;

	for (i = oops_above_tick(ev); i < ev->frame_count; i++) {
		const struct frame *f = &ev->trace[i];

		if (!oops_frame_counts(ev, f))
			continue;
		if ((work || layer) && in(GROUP_BIT(GROUP_DISPATCH), f->function))
			break;
		if (in(GROUP_BIT(GROUP_SYSCALL), f->function))
			layer = f;
		else if (!in(PASSED_ALWAYS, f->function))
			work = f;
	}
	return work ? work : layer;
}

/* The frame that waits for another CPU to answer, when that is what the code above does. */
static const struct frame *waits_for_cpu(const struct event *ev)
{
	size_t i;

	for (i = oops_above_tick(ev); i < ev->frame_count; i++) {
		const struct frame *f = &ev->trace[i];

		if (!oops_frame_counts(ev, f))
			continue;
		if (in(GROUP_BIT(GROUP_IPI), f->function) &&
		    slice_starts(oops_plain_name(f->function), "smp_call_function"))
			return f;
		if (!in(PASSED_ALWAYS, f->function))
			return NULL;
	}
	return NULL;
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
	const struct frame *f = waits_for_cpu(ev);

	if (f) {
		facts->blame = *f;
		/* its variants (_single, _many...) are one thing to whoever waits */
		facts->blame.function = "smp_call_function";
		facts->blame_why = "waits for another CPU that does not answer";
		return true;
	}
	f = stalled_work(ev);
	if (!f)
		return false;
	facts->blame = *f;
	facts->blame_why = "the work that did not end";
	return true;
}

/* Classes whose innermost function is there by chance. */
static bool is_stall(const struct event *ev)
{
	switch (ev->class) {
	case CLASS_SOFT_LOCKUP:
	case CLASS_RCU_STALL:
	case CLASS_STACK_OVERFLOW:
		return true;
	case CLASS_STACK_CORRUPTION:
		return ev->message && strstr(ev->message, "corrupted stack end");
	default:
		return false;
	}
}

/* The report's header names the function by itself. */
static bool is_named(const struct event *ev)
{
	return ev->class == CLASS_KCSAN || ev->class == CLASS_SLAB_CORRUPTION;
}

void fact_blame(struct fact_set *facts)
{
	const struct event *ev = facts->crash;
	enum frame_group below = GROUP_NONE;
	const struct frame *f;
	uint32_t passed;

	facts->blame = (struct frame){0};
	facts->blame_why = NULL;
	if (!ev || (is_stall(ev) && blame_stall(facts, ev)))
		return;
	passed = passed_groups(ev->class);
	if (ev->has_where && ev->where.function) {
		if (is_named(ev) || !in(passed, ev->where.function)) {
			blame_frame(facts, &ev->where, GROUP_NONE);
			return;
		}
		below = oops_group(ev->where.function);
	}
	f = first_blamable(ev, 0, passed, &below);
	if (f)
		blame_frame(facts, f, below);
	else if (ev->has_where && ev->where.function)
		blame_frame(facts, &ev->where, GROUP_NONE);
}
