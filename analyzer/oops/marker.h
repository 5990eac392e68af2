// SPDX-License-Identifier: GPL-2.0-or-later
//
// Which line begins a report? One table of the kernel's wordings, old and new.
#ifndef KDV_OOPS_MARKER_H
#define KDV_OOPS_MARKER_H

#include <stdint.h>

#include "base/base.h"
#include "oops/class.h"

/* What a line means to the report that may be open already. */
enum marker_kind {
	MARK_HEAD,	/* begins a report, or adds to the head of one that has just begun */
	MARK_LEAD,	/* as HEAD; a BUG or WARNING that follows is only its trap */
	MARK_DETAIL,	/* as HEAD, and narrows a WARNING or fault that has begun */
	MARK_TRAP,	/* the line of the CPU trap: belongs to the head before it, if any */
	MARK_BELOW,	/* stands below a head of its class: begins a report only where that is lost */
	MARK_CUT,	/* "cut here": a head follows */
	MARK_PANIC,
	MARK_BANNER,	/* not of a report: facts about the machine */
	MARK_CMDLINE,
	MARK_DMI,
	MARK_HYPERVISOR,
	MARK_JUMP,	/* the crash kernel is started */
};

struct marker {
	const char *text;	/* '*' stands for any text; the front is anchored */
	enum crash_class class;
	enum marker_kind kind;
};

/*
 * The markers by their first four bytes, hashed: most lines cost one load and one test, and the
 * others try the few markers that begin as they do.
 */
enum { MARKER_MAX = 512 };
struct marker_filter {
	uint64_t bits[64];
	uint16_t first[4096];		/* 1 + index of the first marker of a hash; 0: none */
	uint16_t next[MARKER_MAX];	/* 1 + index of the next one, in the table's order */
};
void oops_marker_filter(struct marker_filter *ret);

/*
 * The marker of a line; NULL for most. *body is the line from the marker on, without the
 * decorations before it ("watchdog: ", "[ ").
 */
const struct marker *oops_marker(const struct marker_filter *filter, struct slice line,
				 struct slice *body);

/* What a panic message says by itself. consequence: it only tells how the machine ended. */
struct panic_reading {
	enum crash_class class;
	bool consequence;
};
struct panic_reading oops_panic_message(struct slice message);

/* Whether text fits a pattern of the tables. */
bool oops_pattern(struct slice text, const char *pattern);

#endif
