// SPDX-License-Identifier: GPL-2.0-or-later
//
// The crashes that kdump stored on this system, each with the verdict that lies beside it.
#ifndef KDV_CMD_LAST_H
#define KDV_CMD_LAST_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

/* ---- cmd/last-places.c: where kdump saves ---- */

enum { PLACES_MAX = 16 };

struct places {
	char *dirs[PLACES_MAX];	/* each with root in front */
	size_t count;
};

/*
 * The directories that hold dumps by the configuration of each kdump family, and /var/crash.
 * root: "" or the directory at which the system in question is mounted. Free with places_done().
 */
void places_find(struct places *ret, const char *root);
void places_done(struct places *places);

/* ---- cmd/last-find.c: what is there ---- */

/* More are passed over, and that is told. */
enum { STORED_MAX = 4096 };

enum stored_state {
	STORED_JUDGED,
	STORED_UNFINISHED,	/* the verdict lacks what the dump could still tell */
	STORED_UNJUDGED,	/* no verdict, or none that can be read */
};

struct stored {
	char *dir;
	char time[32];		/* of the crash, UTC; without a verdict that of its files */
	enum stored_state state;
	char *node, *class, *summary, *known_issue; /* from the verdict; NULL: it says nothing */
	int dump_status;	/* see judge_options; -1: not told */
	bool has_source;	/* a dump or a log is there to be judged; else just a verdict */
	bool is_roots;		/* only root, or who asks, can have put there what is read */
};

struct stored_list {
	struct stored *crashes;	/* newest first */
	size_t count;
	bool failed;		/* a directory could not be read (told already) */
};

/*
 * dirs: directories of crashes. If the user named them, each may be that of one crash, and a missing
 * one is told. Else they are kdump's own places, where each dump has a directory: a verdict beside
 * those never got to one, and of other files there none is its dump.
 */
void stored_find(struct stored_list *ret, char *const *dirs, size_t count, bool named);
void stored_list_done(struct stored_list *list);

/* Reads one crash directory; false if there is no crash in it. Free with stored_done(). */
bool stored_read(struct stored *ret, const char *dir);
void stored_done(struct stored *crash);

#endif
