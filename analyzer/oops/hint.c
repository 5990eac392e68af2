// SPDX-License-Identifier: GPL-2.0-or-later
//
// What a report says of others than its own trace: who had the object made, who freed it, who
// queued the work, who holds which lock, which work item is in flight, who serves the interrupt.
#include "oops/group.h"
#include "oops/report.h"

/* How the lines begin behind which the trace of another one stands; '*' is any text. */
static const struct {
	const char *front;
	enum oops_hint hint;
} fronts[] = {
	/* KASAN, of kernels to 4.8 without the task; KFENCE writes small letters */
	{"Allocated by task ", OOPS_ALLOCATED_BY}, {"Allocated:", OOPS_ALLOCATED_BY},
	{"allocated by task ", OOPS_ALLOCATED_BY}, {"Freed by task ", OOPS_FREED_BY},
	{"Freed:", OOPS_FREED_BY},		   {"freed by task ", OOPS_FREED_BY},
	{"Last potentially related work creation:", OOPS_QUEUED_BY},
	{"Last call_rcu():", OOPS_QUEUED_BY},
	{"kfence-#* allocated by task ", OOPS_ALLOCATED_BY}, /* to 5.12 */
	/* SLUB, with the function in the same line */
	{"Allocated in ", OOPS_ALLOCATED_BY},	   {"Freed in ", OOPS_FREED_BY},
};

/* Functions that do such a thing for whoever calls them. */
#define HINT_PLUMBING                                                                             \
	(GROUP_BIT(GROUP_REPORT) | GROUP_BIT(GROUP_SANITIZER) | GROUP_BIT(GROUP_ALLOC) |          \
	 GROUP_BIT(GROUP_RCU) | GROUP_BIT(GROUP_WORK) | GROUP_BIT(GROUP_STRING) |                 \
	 GROUP_BIT(GROUP_ENTRY) | GROUP_BIT(GROUP_LOCKDEP) | GROUP_BIT(GROUP_DISPATCH))

static void keep_hint(struct report *r, enum oops_hint hint, struct slice text)
{
	if (!r->event.hints[hint])
		r->event.hints[hint] = report_string(r, text);
}

void report_hint_frame(struct report *r, struct slice function)
{
	char name[128];

	if (r->hint == OOPS_HINT_COUNT || !function.n || function.n >= sizeof(name))
		return;
	memcpy(name, function.p, function.n);
	name[function.n] = '\0';
	if (GROUP_BIT(oops_group(name)) & HINT_PLUMBING)
		return;
	keep_hint(r, r->hint, function);
	r->hint = OOPS_HINT_COUNT;
}

/* INFO: task a:1 is blocked on a mutex likely owned by task b:2. (6.16; "last held by", too) */
static bool read_lock_holder(struct report *r, struct slice line)
{
	struct cursor c = cursor_of(line);
	struct slice holder;

	if (r->event.class != CLASS_HUNG_TASK || !cursor_text(&c, "INFO: task ") ||
	    !cursor_past(&c, " is blocked on ", NULL) || !cursor_past(&c, " by task ", NULL))
		return false;
	holder = slice_trim(cursor_rest(&c));
	if (slice_ends(holder, "."))
		holder.n--;
	keep_hint(r, OOPS_LOCK_HELD_BY, holder);
	return true;
}

/*
 * BUG: workqueue lockup - pool cpus=3 node=0 flags=0x0 nice=0 stuck for 38s!
 * workqueue events: flags=0x0
 *   pwq 6: cpus=3 node=0 flags=0x0 nice=0 active=2/256
 *     in-flight: 812:reset_work [nic] for 40s, 813(RESCUER):other
 * Only the pool that is stuck counts: it is written alike in both lines.
 */
static bool read_in_flight(struct report *r, struct slice line)
{
	struct cursor title, c = cursor_of(line);
	struct oops_symbol symbol;
	struct slice pool, queue, item;
	uint64_t pid;

	if (r->event.class != CLASS_WORKQUEUE_LOCKUP || !r->event.title)
		return false; /* a report without its head has no title */
	title = cursor_of(slice_of(r->event.title));
	if (cursor_text(&c, "workqueue ")) {
		r->queue = cursor_past(&c, ": flags=", &queue) ? report_string(r, queue) : "";
		return true;
	}
	if (cursor_text(&c, "pwq ")) {
		r->pool_stuck = cursor_past(&c, ": ", NULL) &&
				cursor_past(&title, "pool ", NULL) &&
				cursor_past(&title, " stuck for ", &pool) && pool.n &&
				memmem(c.p, (size_t)(c.end - c.p), pool.p, pool.n) == c.p;
		return true;
	}
	if (!cursor_text(&c, "in-flight: ") || !cursor_dec(&c, &pid))
		return false;
	(void)cursor_text(&c, "(RESCUER)");
	if (!cursor_char(&c, ':'))
		return false;
	item = cursor_rest(&c);
	if (r->pool_stuck && !r->event.workqueue && oops_read_name(&c, &symbol)) {
		item.n -= (size_t)(c.end - c.p);
		r->event.workqueue = arena_printf(&r->text, "%s %.*s", r->queue ? r->queue : "",
						  (int)item.n, item.p);
	}
	return true;
}

/*
 * handlers:
 * [<c1234567>] nic_irq [nic]
 * [<c1234567>] (nic_irq+0x0/0x40 [nic])		to 3.0
 * [<c1234567>] irq_default_primary_handler threaded [<c1234567>] nic_irq_thread [nic]
 */
static bool read_handler(struct report *r, struct slice line)
{
	const char **all = &r->event.hints[OOPS_HANDLERS];
	struct cursor c = cursor_of(line);
	struct oops_symbol symbol;

	if (r->event.class != CLASS_IRQ_NOBODY_CARED)
		return false;
	if (slice_eq(line, "handlers:")) {
		r->handlers = true;
		return true;
	}
	if (!r->handlers || !cursor_past(&c, "[<", NULL))
		return false;
	(void)cursor_past(&c, " threaded [<", NULL);
	if (!cursor_past(&c, ">]", NULL))
		return false;
	cursor_blanks(&c);
	(void)cursor_char(&c, '(');
	if (!oops_read_name(&c, &symbol) || !symbol.function.n)
		return true;
	*all = arena_printf(&r->text, "%s%s%.*s%s%.*s%s", *all ? *all : "", *all ? ", " : "",
			    (int)symbol.function.n, symbol.function.p, symbol.module.n ? " [" : "",
			    (int)symbol.module.n, symbol.module.n ? symbol.module.p : "",
			    symbol.module.n ? "]" : "");
	return true;
}

/* 2 locks held by comm/12: the list follows */
static bool read_lock_list(struct report *r, struct slice line)
{
	struct cursor c = cursor_of(line);
	struct slice comm;
	uint64_t count;

	if (!cursor_dec(&c, &count) || !cursor_text(&c, " lock") ||
	    !cursor_past(&c, " held by ", NULL))
		return false;
	r->holder = NULL;
	if (oops_read_owner(cursor_rest(&c), &comm, &r->holder_pid))
		r->holder = arena_printf(&r->text, "%.*s:%lld", (int)comm.n, comm.p,
					 (long long)r->holder_pid);
	return true;
}

/*
 * Showing all locks held in the system:
 * 2 locks held by dd/812:
 *  #0: ffff888012345678 (&demo->lock){+.+.}-{3:3}, at: demo_write+0x1c/0x40
 * Without the address, which kernels to 4.16 do not print, locks cannot be told apart.
 */
static bool read_held_lock(struct report *r, struct slice line)
{
	struct event *ev = &r->event;
	struct cursor c = cursor_of(line);
	struct oops_symbol symbol = {0};
	uint64_t number, lock;

	if (class_weight(ev->class) != WEIGHT_HANG)
		return false;
	if (!cursor_char(&c, '#'))
		return read_lock_list(r, line);
	if (!cursor_dec(&c, &number) || !cursor_text(&c, ": ") || !r->holder)
		return false;
	if (!cursor_hex(&c, &lock) || !cursor_text(&c, " (") || !lock ||
	    ev->held_count == OOPS_MAX_LOCKS)
		return true;
	if (cursor_past(&c, ", at: ", NULL))
		(void)oops_read_name(&c, &symbol);
	if (ev->held_count && ev->held[ev->held_count - 1].pid == r->holder_pid)
		ev->held[ev->held_count - 1].last = false;
	ev->held[ev->held_count++] = (struct held_lock){
		.lock = lock,
		.task = r->holder,
		.pid = r->holder_pid,
		.function = symbol.function.n ? report_string(r, symbol.function) : NULL,
		.last = true,
	};
	return true;
}

bool report_read_hint(struct report *r, struct slice line)
{
	struct cursor c = cursor_of(line);
	struct oops_symbol symbol;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(fronts); i++) {
		if (fronts[i].front[0] != cursor_peek(&c) || !oops_pattern(line, fronts[i].front))
			continue;
		r->hint = fronts[i].hint;
		if (cursor_past(&c, "ed in ", NULL) && oops_read_symbol(&c, &symbol))
			report_hint_frame(r, symbol.function);
		return true;
	}
	return read_lock_holder(r, line) || read_in_flight(r, line) || read_handler(r, line) ||
	       read_held_lock(r, line);
}
