// SPDX-License-Identifier: GPL-2.0-or-later
//
// A child that does the dangerous work under limits, and a parent that keeps what it got.
// A damaged dump may crash libkdumpfile, a hostile log may loop: the parent only reads frames
// from a pipe, and a frame is whole or ignored.
#ifndef KDV_CMD_SUPERVISE_H
#define KDV_CMD_SUPERVISE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/base.h"

struct supervise_limits {
	unsigned seconds;	/* wall clock and CPU; 0: none */
	unsigned memory_mib;	/* address space; 0: none */
};

enum frame_kind {
	FRAME_DOCUMENT,	/* a verdict document; more may follow, each better than the last */
	FRAME_ERROR,	/* one line: why there can be none */
	FRAME_NEXT,	/* nothing more of this source; the next one is begun */
};

/* What the child writes to: frames to its parent. */
struct report_pipe {
	int fd;
};

/*
 * Sends a frame. pending: the stage that is not in this document yet and is begun next ("" if
 * the document is the last). False if the parent is gone.
 */
bool report_send(struct report_pipe *pipe, enum frame_kind kind, const char *pending,
		 const char *data, size_t len);

enum { PENDING_MAX = 16 };

struct frame_in {
	enum frame_kind kind;
	char pending[PENDING_MAX];
	char *data;	/* len bytes and a NUL; owned by the supervisor until the call ends */
	size_t len;
};

/* How the child ended. */
struct supervise_end {
	bool ok;		/* by itself, exit status 0 */
	char why[128];		/* else, in words: "stopped by signal 11 (Segmentation fault)" */
};

/*
 * Runs work(pipe, ctx) in a child under limits and calls got(frame, ctx) in this process for
 * each frame, and idle(ctx) about once a second in between (may be NULL). Returns when the
 * child has ended, by itself or because a limit was reached.
 */
void supervise(const struct supervise_limits *limits,
	       int (*work)(struct report_pipe *pipe, void *ctx),
	       void (*got)(const struct frame_in *frame, void *ctx), void (*idle)(void *ctx),
	       void *ctx, struct supervise_end *ret);

#endif
