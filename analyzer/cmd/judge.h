// SPDX-License-Identifier: GPL-2.0-or-later
//
// The child's side of analyze.
#ifndef KDV_CMD_JUDGE_H
#define KDV_CMD_JUDGE_H

#include "cmd/cmd.h"
#include "cmd/supervise.h"

/* What `degraded` says of parts that an unfinished verdict lacks; WHY_STOPPED begins the sentence. */
#define WHY_NOT_REACHED "not reached: the analysis was stopped before it"
#define WHY_STOPPED "the analyzer was "

struct judge_options {
	struct rule_base *rules;
	int boot;	/* of a log that holds several; OOPS_LAST_CRASH */
	bool stages;	/* times and memory of each stage go into the document */
	int dump_status; /* how the dump of this crash ended, as kdump told; -1: not told */
	struct symbols_files symbols; /* of a dump; NULL: from the dump itself */
};

/* Sends a FRAME_DOCUMENT after each stage, or one FRAME_ERROR. Leaves a dump open: the process
 * is to end after it. */
void judge_source(struct report_pipe *pipe, const struct source *source,
		  const struct judge_options *options);

#endif
