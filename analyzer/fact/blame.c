// SPDX-License-Identifier: GPL-2.0-or-later
//
// Which function can be blamed? The faulting one, unless it only did what it was told: a
// helper, an allocator, a lock... (oops/group-table.c); then the first frame above
// these. A stall is sampled anywhere in the work that does not end, so there the blamed
// function is the one that the dispatcher called: the system call, the work item, the packet
// handler; or the module's function that the sample hit.
#include <stdlib.h>
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

/* What has nothing but layers above it: of a crash in there it is the place itself. */
#define OUTERMOST (GROUP_BIT(GROUP_IDLE) | GROUP_BIT(GROUP_SYSCALL) | GROUP_BIT(GROUP_DISPATCH))

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

/* do_rmdir() is the body of sys_rmdir(): as a name of the work the system call is better. */
static bool is_body_of(const char *function, const char *syscall)
{
	static const char *const fronts[] = {"do_", "__do_", "__sys_", "ksys_", "do_sys_"};
	struct slice body = oops_plain_name(function), call = oops_plain_name(syscall);
	const char *name = slice_find(call, "sys_");
	size_t i;

	if (!name)
		return false;
	name += strlen("sys_");
	call = (struct slice){name, (size_t)(call.p + call.n - name)};
	for (i = 0; i < ARRAY_SIZE(fronts); i++) {
		size_t n = strlen(fronts[i]);

		if (body.n == n + call.n && slice_starts(body, fronts[i]) &&
		    !memcmp(body.p + n, call.p, call.n))
			return true;
	}
	return false;
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
	return work && !(layer && is_body_of(work->function, layer->function)) ? work : layer;
}

/*
 * Facilities whose variants are one thing to whoever waits in them: that they do not come back
 * is the finding, and the caller is a victim.
 */
static const struct facility {
	const char *front, *name, *why;
} facilities[] = {
	{"smp_call_function", "smp_call_function", "waits for another CPU that does not answer"},
	{"synchronize_rcu", "synchronize_rcu", "waits for an RCU grace period that does not end"},
	{"synchronize_sched", "synchronize_rcu", "waits for an RCU grace period that does not end"},
};

static const struct facility *facility_of(const char *function)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(facilities); i++) {
		if (slice_starts(oops_plain_name(function), facilities[i].front))
			return &facilities[i];
	}
	return NULL;
}

/* Blames the facility that the stuck code waits in, if it is one. */
static bool blame_facility(struct fact_set *facts, const struct event *ev)
{
	size_t i;

	for (i = oops_above_tick(ev); i < ev->frame_count; i++) {
		const struct frame *f = &ev->trace[i];
		const struct facility *facility;

		if (!oops_frame_counts(ev, f))
			continue;
		facility = facility_of(f->function);
		if (facility) {
			facts->blame = *f;
			facts->blame.function = facility->name;
			facts->blame_why = facility->why;
			return true;
		}
		if (!in(PASSED_ALWAYS, f->function))
			return false;
	}
	return false;
}

static void blame_frame(struct fact_set *facts, const struct frame *f, enum frame_group below)
{
	facts->blame = *f;
	if (below != GROUP_NONE)
		facts->blame_why = arena_printf(&facts->arena, "first frame above: %s",
						oops_group_title(below));
	else if (class_weight(facts->crash->class) == WEIGHT_HANG)
		facts->blame_why = "where it is stuck";
	else
		facts->blame_why = "the faulting function itself";
}

/* Blames what a line of the report names: "words function [module]". */
static bool blame_named(struct fact_set *facts, const char *text, const char *why)
{
	struct slice function, module;

	if (!text || !oops_work_function(text, &function, &module))
		return false;
	facts->blame.function = arena_str(&facts->arena, function);
	if (module.n)
		facts->blame.module = arena_str(&facts->arena, module);
	facts->blame_why = why;
	return true;
}

/* A worker whose trace has nothing but layers: the item that it was working on. */
static bool blame_work(struct fact_set *facts, const struct event *ev)
{
	return blame_named(facts, ev->workqueue, "the work item, as the trace has no function of its own");
}

/* The trace of an interrupt that nobody cares for is of whoever was interrupted. */
static bool blame_handler(struct fact_set *facts, const struct event *ev)
{
	const char *handlers = ev->hints[OOPS_HANDLERS];
	const char *comma = handlers ? strchr(handlers, ',') : NULL;
	struct slice first;

	if (!comma)
		return blame_named(facts, handlers, "the only handler of the interrupt's line");
	first = (struct slice){handlers, (size_t)(comma - handlers)};
	return blame_named(facts, arena_str(&facts->arena, first),
			   arena_printf(&facts->arena, "one of the handlers of the line: %s", handlers));
}

static bool blame_stall(struct fact_set *facts, const struct event *ev)
{
	const struct frame *f = stalled_work(ev);

	/* A module's function is nearer to the trouble than the system call that led into it. */
	if (!f || (ev->has_where && ev->where.module && !in(PASSED_ALWAYS, ev->where.function)))
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

static const char *of_object(const struct event *ev, const char **ret_did)
{
	bool made_too_small = ev->class == CLASS_KASAN_OUT_OF_BOUNDS;

	*ret_did = "object allocated by";
	if (made_too_small || !ev->hints[OOPS_FREED_BY])
		return ev->hints[OOPS_ALLOCATED_BY];
	*ret_did = "object freed by";
	return ev->hints[OOPS_FREED_BY];
}

/* The lists of lock debugging, which stand behind the last report of a scan. */
static const struct event *lock_lists(const struct fact_set *facts)
{
	const struct oops_log *log = &facts->log;
	const struct event *ev;

	for (ev = facts->crash; ev < log->events + log->count; ev++) {
		if (ev->held_count && !ev->from_user)
			return ev;
	}
	return NULL;
}

/* What the task asked for last, if its trace says that it waits for a lock. */
static const struct held_lock *wanted_lock(const struct event *crash, const struct event *lists)
{
	bool waits = false;
	size_t i;

	for (i = 0; i < crash->frame_count && !waits; i++) {
		const struct frame *f = &crash->trace[i];

		if (oops_frame_counts(crash, f) && !in(PASSED_ALWAYS, f->function))
			break;
		waits = f->function && oops_group(f->function) == GROUP_LOCK;
	}
	for (i = 0; waits && i < lists->held_count; i++) {
		if (lists->held[i].last && lists->held[i].pid == crash->pid)
			return &lists->held[i];
	}
	return NULL;
}

/*
 * Who else lists that lock: the task that went on to ask for another one holds it, and one that
 * is the only other does. Of several either may be the holder, and none is named.
 */
static const struct held_lock *holder_of(const struct fact_set *facts)
{
	const struct event *lists = lock_lists(facts);
	const struct held_lock *wanted = lists ? wanted_lock(facts->crash, lists) : NULL;
	const struct held_lock *only = NULL, *holder = NULL;
	size_t i, others = 0, holders = 0;

	for (i = 0; wanted && i < lists->held_count; i++) {
		const struct held_lock *held = &lists->held[i];

		if (held->lock != wanted->lock || held->pid == wanted->pid)
			continue;
		others++;
		only = held;
		if (!held->last) {
			holders++;
			holder = held;
		}
	}
	if (holders)
		return holders == 1 ? holder : NULL;
	return others == 1 ? only : NULL;
}

/* Where a task hangs that the log reports too; task: "comm:pid". */
static const char *hangs_in(const struct fact_set *facts, const char *task)
{
	const char *colon = strrchr(task, ':');
	int64_t pid = colon ? strtoll(colon + 1, NULL, 10) : 0;
	size_t i;

	for (i = 0; pid > 0 && i < facts->log.count; i++) {
		const struct event *ev = &facts->log.events[i];

		if (ev != facts->crash && ev->class == CLASS_HUNG_TASK && !ev->is_panic &&
		    ev->pid == pid && ev->has_where && ev->where.function)
			return ev->where.function;
	}
	return NULL;
}

/* The report names the holder since 6.16; else the lists may. */
static void tell_holder(struct fact_set *facts, const struct event *ev)
{
	const char *task = ev->hints[OOPS_LOCK_HELD_BY], *hangs;
	const struct held_lock *holder = task ? NULL : holder_of(facts);

	if (holder)
		task = holder->task;
	if (!task)
		return;
	facts->blame_why = arena_printf(&facts->arena, "%s; the lock is likely held by task %s",
					facts->blame_why, task);
	if (holder && holder->function && !in(GROUP_BIT(GROUP_LOCK), holder->function))
		facts->blame_why = arena_printf(&facts->arena, "%s (taken in %s)", facts->blame_why,
						holder->function);
	hangs = hangs_in(facts, task);
	if (hangs)
		facts->blame_why = arena_printf(&facts->arena, "%s, which itself hangs in %s",
						facts->blame_why, hangs);
}

/* The report's own hints go with the reason: where to look when the place is but the victim. */
static void tell_hints(struct fact_set *facts, const struct event *ev)
{
	const char *did, *by = of_object(ev, &did);

	if (!facts->blame_why)
		return; /* nobody can be blamed */
	if (by)
		facts->blame_why = arena_printf(&facts->arena, "%s; %s %s", facts->blame_why, did, by);
	if (ev->hints[OOPS_QUEUED_BY])
		facts->blame_why = arena_printf(&facts->arena, "%s, work or RCU callback last queued by %s",
						facts->blame_why, ev->hints[OOPS_QUEUED_BY]);
	tell_holder(facts, ev);
}

/*
 * Where the trace goes on above the place of the crash: what stands below that is how the report
 * was printed, whatever it is called. 0 where the place is not in the trace.
 */
static size_t above_place(const struct event *ev)
{
	struct slice place = oops_plain_name(ev->where.function);
	size_t i;

	for (i = 0; i < ev->frame_count; i++) {
		struct slice name;

		if (!oops_frame_counts(ev, &ev->trace[i]))
			continue;
		name = oops_plain_name(ev->trace[i].function);
		if (name.n == place.n && !memcmp(name.p, place.p, name.n))
			return i + 1;
	}
	return 0;
}

static void find_blame(struct fact_set *facts, const struct event *ev)
{
	enum frame_group below = GROUP_NONE;
	const struct frame *f;
	size_t from = 0;
	uint32_t passed;

	if (class_weight(ev->class) == WEIGHT_HANG && blame_facility(facts, ev))
		return;
	if (is_stall(ev) && blame_stall(facts, ev))
		return;
	if (ev->class == CLASS_IRQ_NOBODY_CARED && blame_handler(facts, ev))
		return;
	if (class_place_is_messenger(ev->class))
		return;
	if (ev->class == CLASS_WORKQUEUE_LOCKUP && !ev->frame_count && blame_work(facts, ev))
		return;
	passed = passed_groups(ev->class);
	if (ev->has_where && ev->where.function) {
		if (is_named(ev) || !in(passed, ev->where.function)) {
			blame_frame(facts, &ev->where, GROUP_NONE);
			return;
		}
		below = oops_group(ev->where.function);
		from = above_place(ev);
	}
	f = first_blamable(ev, from, passed, &below);
	if (!f && below == GROUP_DISPATCH && blame_work(facts, ev))
		return; /* a trace that goes to the worker's end */
	if (!f && ev->has_where && ev->where.function && in(OUTERMOST, ev->where.function)) {
		blame_frame(facts, &ev->where, GROUP_NONE);
		return;
	}
	if (!f) /* nothing but layers: then the system call, then whoever dispatched */
		f = first_blamable(ev, from, passed & ~GROUP_BIT(GROUP_SYSCALL), &below);
	if (!f)
		f = first_blamable(ev, from, passed & ~GROUP_BIT(GROUP_DISPATCH), &below);
	if (f)
		blame_frame(facts, f, below);
	else if (ev->has_where && ev->where.function)
		blame_frame(facts, &ev->where, GROUP_NONE);
}

void fact_blame(struct fact_set *facts)
{
	facts->blame = (struct frame){0};
	facts->blame_why = NULL;
	if (!facts->crash)
		return;
	find_blame(facts, facts->crash);
	tell_hints(facts, facts->crash);
}
