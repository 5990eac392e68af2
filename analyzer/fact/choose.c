// SPDX-License-Identifier: GPL-2.0-or-later
//
// Which event of the log was the crash? The one that brought the machine down: the panic, or,
// where the panic's message only tells how the machine ended, the report that led to it. Of a
// series of oopses that follow each other at once the first counts: the later ones ran on a
// broken kernel. A log without a death is judged by its first oops, else its first report.
#include <string.h>

#include "fact/fact.h"

/* Oopses within this time of each other are one chain. A heuristic. */
static const uint64_t CHAIN_NS = UINT64_C(2) * 1000 * 1000 * 1000;
/* Hung tasks and lockups within this time are of one scan, slow consoles included. */
static const uint64_t SCAN_NS = UINT64_C(10) * 1000 * 1000 * 1000;

typedef bool (*event_test)(const struct event *ev);

static bool is_hard(const struct event *ev)
{
	return !ev->is_panic && class_weight(ev->class) >= WEIGHT_FATAL;
}

/* Of two reports that were printed at once one may be cut. */
static bool is_whole(const struct event *ev)
{
	return is_hard(ev) && !ev->cut;
}

static bool is_report(const struct event *ev)
{
	return !ev->is_panic;
}

/* Faults, failed assertions, hardware; not warnings, sanitizers, lock debugging or hangs. */
static bool is_oops_like(const struct event *ev)
{
	bool assertion = ev->class >= CLASS_KERNEL_BUG && ev->class <= CLASS_CFI_FAILURE &&
			 ev->class != CLASS_WARNING && ev->class != CLASS_REFCOUNT_ERROR;
	bool hardware = ev->class >= CLASS_MACHINE_CHECK && ev->class <= CLASS_IRQ_NOBODY_CARED;

	return class_is_fault(ev->class) || assertion || hardware;
}

static bool is_init(const struct event *ev)
{
	return is_hard(ev) && (ev->pid == 1 || ev->pid < 0);
}

/* The last event before end that passes the test. */
static const struct event *last_before(const struct oops_log *log, const struct event *end,
				       event_test test)
{
	const struct event *ev;

	for (ev = end; ev > log->events;) {
		ev--;
		if (!ev->from_user && test(ev))
			return ev;
	}
	return NULL;
}

static const struct event *last_of_class(const struct oops_log *log, const struct event *end,
					 enum crash_class class)
{
	const struct event *ev;

	for (ev = end; ev > log->events;) {
		ev--;
		if (!ev->from_user && !ev->is_panic && ev->class == class)
			return ev;
	}
	return NULL;
}

static bool within(const struct event *a, const struct event *b, uint64_t ns)
{
	return a->has_time && b->has_time && b->time_ns - a->time_ns <= ns;
}

/* The first of the oopses that follow each other without recovery in between. */
static const struct event *first_of_chain(const struct oops_log *log, const struct event *ev)
{
	const struct event *before;

	while ((before = last_before(log, ev, is_hard))) {
		bool broken = ev->taint && strchr(ev->taint, 'D');

		if (!(broken && within(before, ev, CHAIN_NS)))
			break;
		ev = before;
	}
	return ev;
}

/* The hang detectors report all that is stuck in one go: the first of it counts. */
static const struct event *first_of_scan(const struct oops_log *log, const struct event *ev)
{
	const struct event *before;

	while ((before = last_of_class(log, ev, ev->class)) &&
	       (!before->has_time || within(before, ev, SCAN_NS)))
		ev = before;
	return ev;
}

/* The report in whose middle the panic's line stands: panic_on_warn comes before its trace. */
static const struct event *interrupted(const struct oops_log *log, const struct event *panic)
{
	const struct event *ev;

	for (ev = panic; ev > log->events;) {
		ev--;
		if (!ev->from_user && !ev->is_panic && ev->last_line > panic->line &&
		    class_weight(ev->class) == WEIGHT_REPORT)
			return ev;
	}
	return NULL;
}

static const struct event *cause_of(const struct oops_log *log, const struct event *panic)
{
	const struct event *ev;

	switch (panic->class) {
	case CLASS_WARNING:
		ev = interrupted(log, panic);
		if (!ev)
			ev = last_before(log, panic, is_report);
		break;
	case CLASS_SOFT_LOCKUP:
	case CLASS_HARD_LOCKUP:
	case CLASS_HUNG_TASK:
	case CLASS_RCU_STALL:
	case CLASS_WORKQUEUE_LOCKUP:
	case CLASS_MACHINE_CHECK:
		ev = last_of_class(log, panic, panic->class);
		break;
	case CLASS_INIT_KILLED:
		ev = last_before(log, panic, is_init);
		break;
	default:
		ev = last_before(log, panic, is_whole);
		if (!ev)
			ev = last_before(log, panic, is_hard);
		if (!ev)
			ev = last_before(log, panic, is_oops_like);
		if (!ev)
			ev = last_of_class(log, panic, panic->class);
		break;
	}
	if (ev && class_weight(ev->class) == WEIGHT_HANG)
		return first_of_scan(log, ev);
	return ev && is_hard(ev) ? first_of_chain(log, ev) : ev;
}

static const struct event *find_panic(const struct oops_log *log)
{
	size_t i;

	for (i = 0; i < log->count; i++) {
		if (log->events[i].is_panic && !log->events[i].from_user)
			return &log->events[i];
	}
	return NULL;
}

static const struct event *first(const struct oops_log *log, event_test test)
{
	size_t i;

	for (i = 0; i < log->count; i++) {
		if (!log->events[i].from_user && test(&log->events[i]))
			return &log->events[i];
	}
	return NULL;
}

static const struct event *choose(const struct fact_set *facts)
{
	const struct oops_log *log = &facts->log;
	const struct event *ev = NULL;

	if (facts->panic) {
		if (facts->panic->is_consequence)
			ev = cause_of(log, facts->panic);
		return ev ? ev : facts->panic;
	}
	if (facts->is_vmcore || log->crash_kernel_started) {
		ev = last_before(log, log->events + log->count, is_hard);
		if (ev)
			return first_of_chain(log, ev);
	}
	ev = first(log, is_oops_like);
	return ev ? ev : first(log, is_report);
}

/*
 * A report that was survived, of another task on another CPU, is a matter of its own although
 * it stands below the crash's head. Not when the kernel calls itself broken (taint D) and did
 * not before: then the crash may be the reason. What died or hangs later may hang by the crash.
 */
static bool is_unrelated(const struct event *crash, const struct event *ev)
{
	bool broke = ev->taint && strchr(ev->taint, 'D') &&
		     !(crash->taint && strchr(crash->taint, 'D'));
	bool other_cpu = crash->cpu >= 0 && ev->cpu >= 0 && crash->cpu != ev->cpu;
	bool other_task = crash->pid >= 0 && ev->pid >= 0 &&
			  (crash->pid != ev->pid || !ev->pid); /* pid 0: each CPU's idle task */

	return !ev->is_panic && class_weight(ev->class) == WEIGHT_REPORT && other_cpu &&
	       other_task && !broke;
}

static bool is_of_scan(const struct fact_set *facts, const struct event *ev)
{
	return !ev->is_panic && ev->class == facts->crash->class &&
	       class_weight(ev->class) == WEIGHT_HANG &&
	       first_of_scan(&facts->log, ev) == facts->crash;
}

static enum chain_role role_of(const struct fact_set *facts, const struct event *ev)
{
	if (ev == facts->crash)
		return ROLE_CAUSE;
	if (ev == facts->panic)
		return ROLE_PANIC;
	if (ev < facts->crash)
		return ROLE_PRECURSOR;
	if (is_of_scan(facts, ev))
		return ROLE_CONCURRENT;
	return is_unrelated(facts->crash, ev) ? ROLE_UNRELATED : ROLE_CONSEQUENCE;
}

static void link_chain(struct fact_set *facts)
{
	const struct oops_log *log = &facts->log;
	size_t i;

	facts->chain = arena_alloc(&facts->arena, log->count * sizeof(*facts->chain));
	for (i = 0; facts->chain && i < log->count; i++) {
		const struct event *ev = &log->events[i];

		if (!ev->from_user)
			facts->chain[facts->chain_count++] =
				(struct chain_link){ev, role_of(facts, ev)};
	}
}

void fact_choose(struct fact_set *facts)
{
	facts->chain = NULL;
	facts->chain_count = 0;
	facts->panic = find_panic(&facts->log);
	facts->crash = choose(facts);
	facts->crash_source = facts->crash ? FROM_LOG : FROM_NOWHERE;
	if (facts->crash)
		link_chain(facts);
}
