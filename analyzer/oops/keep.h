// SPDX-License-Identifier: GPL-2.0-or-later
//
// Finished events until the log is at its end: of a long series the first ones and the last,
// so that memory does not grow with the log.
#ifndef KDV_OOPS_KEEP_H
#define KDV_OOPS_KEEP_H

#include "oops/oops.h"

enum { KEEP_FIRST = OOPS_MAX_EVENTS / 2 };

struct kept {
	struct event event;
	unsigned boot;
	bool headless;
};

/* Events in order; a whole generation is given up at once. */
struct generation {
	struct arena arena;
	size_t count;
	struct kept kept[KEEP_FIRST];
};

struct keep {
	struct generation first, older, newer;
	size_t dropped;
};

/* keep: zeroed. */
void keep_init(struct keep *keep);
void keep_done(struct keep *keep);
size_t keep_count(const struct keep *keep);

/* Keeps a copy of ev. headless: its head was lost. */
void keep_event(struct keep *keep, const struct event *ev, unsigned boot, bool headless);

/* Copies the events of one boot into arena and log, in the order of their lines. */
void keep_take(const struct keep *keep, struct arena *arena, unsigned boot, bool drop_headless,
	       struct oops_log *log);

#endif
