// SPDX-License-Identifier: GPL-2.0-or-later
//
// What a finished report tells as a whole: the place out of its trace when no line named it,
// the class that only the place gives away, and whether something is missing.
#include "oops/group.h"
#include "oops/report.h"

/* The place out of the trace. */
static void where_from_frame(struct report *r, const struct frame *f)
{
	if (!f || r->where_from >= WHERE_TRACE)
		return;
	r->where_from = WHERE_TRACE;
	r->event.has_where = true;
	r->event.where = *f;
}

/* A workqueue lockup without a trace: the item in flight is what is stuck. */
static void where_from_work(struct report *r)
{
	struct slice function, module;

	if (!r->event.workqueue || !oops_work_function(r->event.workqueue, &function, &module))
		return;
	where_from_frame(r, &(struct frame){
		.function = report_string(r, function),
		.module = module.n ? report_string(r, module) : NULL,
		.reliable = true,
	});
}

static const struct frame *first_outside(const struct report *r, size_t from, uint32_t groups)
{
	size_t i;

	for (i = from; i < r->event.frame_count; i++) {
		const struct frame *f = &r->frames[i];

		if (oops_frame_counts(&r->event, f) &&
		    !(groups & GROUP_BIT(oops_group(f->function))))
			return f;
	}
	return NULL;
}

/*
 * The frame that called panic(). For a hang that is whoever noticed, mostly in a timer or NMI: what
 * it interrupted is stuck.
 */
static const struct frame *panic_caller(const struct report *r)
{
	bool hang = class_weight(r->event.class) == WEIGHT_HANG;
	uint32_t noticed = GROUP_BIT(GROUP_REPORT) |
			   (hang ? GROUP_BIT(GROUP_ENTRY) | GROUP_BIT(GROUP_SANITIZER) : 0);
	size_t i, after = 0;

	for (i = 0; i < r->event.frame_count; i++) {
		const struct frame *f = &r->frames[i];

		if (!oops_frame_counts(&r->event, f))
			continue;
		if (slice_eq(oops_plain_name(f->function), "panic"))
			after = i + 1;
	}
	if (hang && oops_above_tick(&r->event) > after)
		after = oops_above_tick(&r->event);
	return first_outside(r, after, noticed);
}

static bool all_guessed(const struct event *ev)
{
	size_t i;

	for (i = 0; i < ev->frame_count; i++) {
		if (ev->trace[i].reliable)
			return false;
	}
	return ev->frame_count > 0;
}

/* Old WARNING lines name no module; the trace does. */
static void find_module(struct event *ev)
{
	size_t i;

	for (i = 0; ev->where.function && !ev->where.module && i < ev->frame_count; i++) {
		const struct frame *f = &ev->trace[i];

		if (f->function && !strcmp(f->function, ev->where.function))
			ev->where.module = f->module;
	}
}

/* Whether a whole report of this class has a trace; the machine-check banks come without. */
static bool has_trace(enum crash_class class)
{
	return class_weight(class) >= WEIGHT_HANG && class != CLASS_MACHINE_CHECK &&
	       class != CLASS_HARDWARE_ERROR && class != CLASS_WORKQUEUE_LOCKUP &&
	       class != CLASS_UNREGISTER_NETDEVICE_HANG;
}

/*
 * Behind the trace of an oops every architecture prints more: modules, the code, registers. A
 * hang or a panic may well end with its trace: the machine stops there.
 */
static bool is_tail_cut(const struct report *r)
{
	const struct event *ev = &r->event;

	if (!r->log_ended || !ev->frame_count || ev->code || ev->is_panic)
		return false;
	/* "</TASK>" may be the line behind the last frame */
	return ev->trace[ev->frame_count - 1].line + 1 >= ev->last_line &&
	       (class_is_fault(ev->class) || ev->class == CLASS_KERNEL_BUG);
}

void report_finish(struct report *r)
{
	struct event *ev = &r->event;
	uint32_t machinery = GROUP_BIT(GROUP_REPORT) | GROUP_BIT(GROUP_SANITIZER);

	ev->guessed = all_guessed(ev);
	if (r->jumped_to_nothing)
		where_from_frame(r, first_outside(r, 0, GROUP_BIT(GROUP_REPORT)));
	if (ev->class == CLASS_HUNG_TASK && !ev->is_panic)
		where_from_frame(r, first_outside(r, 0,
						  machinery | GROUP_BIT(GROUP_SCHED) |
							  GROUP_BIT(GROUP_LOCK) |
							  GROUP_BIT(GROUP_WAIT)));
	else if (ev->is_panic)
		where_from_frame(r, panic_caller(r));
	else
		where_from_frame(r, first_outside(r, oops_above_tick(ev),
						  machinery | GROUP_BIT(GROUP_ENTRY)));
	if (ev->class == CLASS_WORKQUEUE_LOCKUP)
		where_from_work(r);
	find_module(ev);
	if (ev->has_where && ev->where.function && class_is_fault(ev->class) &&
	    slice_eq(oops_plain_name(ev->where.function), "sysrq_handle_crash"))
		ev->class = CLASS_SYSRQ_CRASH;
	ev->cut = r->headless || is_tail_cut(r) || (!ev->frame_count && has_trace(ev->class) &&
				  !ev->is_panic);
}
