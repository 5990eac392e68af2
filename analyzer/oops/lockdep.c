// SPDX-License-Identifier: GPL-2.0-or-later
//
// Where a lock was asked for: the place of a lock-debugging report, which no instruction
// pointer tells.
#include "oops/group.h"
#include "oops/report.h"

static bool is_lock_class(enum crash_class class)
{
	return class == CLASS_LOCKDEP_DEADLOCK || class == CLASS_LOCKDEP_INCONSISTENT_STATE ||
	       class == CLASS_LOCK_USAGE;
}

/* Functions that stand for their callers when a lock is told of. */
#define LOCK_PLUMBING                                                                             \
	(GROUP_BIT(GROUP_REPORT) | GROUP_BIT(GROUP_SANITIZER) | GROUP_BIT(GROUP_LOCKDEP) |        \
	 GROUP_BIT(GROUP_LOCK) | GROUP_BIT(GROUP_DISPATCH) | GROUP_BIT(GROUP_WORK) |              \
	 GROUP_BIT(GROUP_ALLOC) | GROUP_BIT(GROUP_RCU) | GROUP_BIT(GROUP_WAIT))

static void name_lock_place(struct report *r, const struct oops_symbol *symbol)
{
	const char *function = symbol->function.n ? report_string(r, symbol->function) : NULL;

	if (!function || GROUP_BIT(oops_group(function)) & LOCK_PLUMBING)
		return;
	r->lock_named = true;
	report_where(r, WHERE_IP, symbol, r->event.last_line);
}

/*
 * Lock debugging tells where the lock was asked for, in one of these forms:
 *	comm/1 is trying to acquire lock:
 *	 (&lock){+.+.}, at: [<address>] f+0x1/0x2
 *	comm/1 is trying to release lock (&lock) at:
 *	[<address>] f+0x1/0x2
 *	... which became HARDIRQ-irq-safe at:	(then f is in the list below)
 */
bool report_read_lock_place(struct report *r, struct slice line)
{
	struct cursor c = cursor_of(line);
	struct oops_symbol symbol;
	uint64_t address;

	if (!is_lock_class(r->event.class) || r->trace_begun || r->lock_named || r->event.file)
		return false;
	if (slice_ends(line, "-safe at:") || slice_starts(line, "-> #") ||
	    (slice_ends(line, " at:") && slice_find(line, "trying to release"))) {
		r->lock_list = true;
		return true;
	}
	if (cursor_past(&c, ", at: ", NULL)) {
		bool other = r->lock_at_seen || r->lock_list ||
			     slice_find(slice_of(r->event.title), "-safe -> ");

		r->lock_at_seen = true;
		if (other)
			return true;
	} else if (!r->lock_list) {
		return false;
	}
	if (cursor_text(&c, "[<") && (!cursor_hex(&c, &address) || !cursor_text(&c, ">]")))
		return false;
	cursor_blanks(&c);
	if (!oops_read_symbol(&c, &symbol))
		return false;
	name_lock_place(r, &symbol);
	return true;
}
