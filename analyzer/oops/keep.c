// SPDX-License-Identifier: GPL-2.0-or-later
//
// The store of finished events.
#include "oops/keep.h"

enum {
	KEEP_MAX_TEXT = 4 << 20, /* of each generation; far above real logs */
	KEEP_LAST = OOPS_MAX_EVENTS / 4, /* of each of the two later generations */
};

static const char *copy(struct arena *arena, const char *text)
{
	return text ? arena_str(arena, slice_of(text)) : NULL;
}

static void copy_frame(struct arena *arena, struct frame *f)
{
	f->function = copy(arena, f->function);
	f->module = copy(arena, f->module);
}

static void copy_regs(struct arena *arena, struct event *ev)
{
	struct oops_reg *regs = arena_alloc(arena, ev->reg_count * sizeof(*regs));
	size_t i;

	if (!regs)
		ev->reg_count = 0;
	for (i = 0; i < ev->reg_count; i++) {
		regs[i] = ev->regs[i];
		regs[i].name = copy(arena, regs[i].name);
	}
	ev->regs = regs;
}

static void copy_trace(struct arena *arena, struct event *ev)
{
	struct frame *trace = arena_alloc(arena, ev->frame_count * sizeof(*trace));
	size_t i;

	if (!trace) {
		ev->frames_dropped |= ev->frame_count > 0;
		ev->frame_count = 0;
	}
	for (i = 0; i < ev->frame_count; i++) {
		trace[i] = ev->trace[i];
		copy_frame(arena, &trace[i]);
	}
	ev->trace = trace;
}

static void copy_locks(struct arena *arena, struct event *ev)
{
	struct held_lock *held = arena_alloc(arena, ev->held_count * sizeof(*held));
	size_t i;

	if (!held)
		ev->held_count = 0;
	for (i = 0; i < ev->held_count; i++) {
		held[i] = ev->held[i];
		held[i].task = copy(arena, held[i].task);
		held[i].function = copy(arena, held[i].function);
	}
	ev->held = held;
}

/* The event with all that it points to in arena. */
static struct event copy_event(struct arena *arena, const struct event *from)
{
	struct event ev = *from;

	ev.title = copy(arena, ev.title);
	ev.message = copy(arena, ev.message);
	ev.comm = copy(arena, ev.comm);
	ev.workqueue = copy(arena, ev.workqueue);
	ev.file = copy(arena, ev.file);
	ev.code = copy(arena, ev.code);
	ev.taint = copy(arena, ev.taint);
	ev.release = copy(arena, ev.release);
	ev.hardware = copy(arena, ev.hardware);
	for (size_t i = 0; i < OOPS_HINT_COUNT; i++)
		ev.hints[i] = copy(arena, ev.hints[i]);
	copy_frame(arena, &ev.where);
	copy_regs(arena, &ev);
	copy_trace(arena, &ev);
	copy_locks(arena, &ev);
	return ev;
}

static void generation_clear(struct generation *generation)
{
	arena_done(&generation->arena);
	arena_init(&generation->arena, KEEP_MAX_TEXT);
	generation->count = 0;
}

/* Room for one more event: first to last, then two generations of which the older goes. */
static struct generation *room(struct keep *keep)
{
	if (keep->first.count < KEEP_FIRST)
		return &keep->first;
	if (keep->newer.count == KEEP_LAST) {
		struct arena gone = keep->older.arena;

		keep->dropped += keep->older.count;
		keep->older = keep->newer;
		arena_done(&gone);
		keep->newer = (struct generation){0};
		generation_clear(&keep->newer);
	}
	return &keep->newer;
}

void keep_init(struct keep *keep)
{
	generation_clear(&keep->first);
	generation_clear(&keep->older);
	generation_clear(&keep->newer);
}

void keep_done(struct keep *keep)
{
	arena_done(&keep->first.arena);
	arena_done(&keep->older.arena);
	arena_done(&keep->newer.arena);
}

size_t keep_count(const struct keep *keep)
{
	return keep->first.count + keep->older.count + keep->newer.count;
}

void keep_event(struct keep *keep, const struct event *ev, unsigned boot, bool headless)
{
	struct generation *generation = room(keep);

	generation->kept[generation->count++] = (struct kept){
		.event = copy_event(&generation->arena, ev),
		.boot = boot,
		.headless = headless,
	};
}

static void take_generation(const struct generation *generation, struct arena *arena,
			    unsigned boot, bool drop_headless, struct oops_log *log)
{
	size_t i;

	for (i = 0; i < generation->count; i++) {
		const struct kept *kept = &generation->kept[i];

		if (kept->boot != boot || (kept->headless && drop_headless))
			continue;
		log->events[log->count++] = copy_event(arena, &kept->event);
	}
}

static void sort_events(struct oops_log *log)
{
	size_t i, k;

	for (i = 1; i < log->count; i++) { /* nearly sorted: reports end out of order at times */
		struct event ev = log->events[i];

		for (k = i; k > 0 && log->events[k - 1].line > ev.line; k--)
			log->events[k] = log->events[k - 1];
		log->events[k] = ev;
	}
}

void keep_take(const struct keep *keep, struct arena *arena, unsigned boot, bool drop_headless,
	       struct oops_log *log)
{
	size_t count = keep_count(keep);

	log->dropped = keep->dropped;
	log->events = arena_alloc(arena, count * sizeof(*log->events));
	if (!log->events) {
		log->dropped += count;
		return;
	}
	take_generation(&keep->first, arena, boot, drop_headless, log);
	take_generation(&keep->older, arena, boot, drop_headless, log);
	take_generation(&keep->newer, arena, boot, drop_headless, log);
	sort_events(log);
}
