// SPDX-License-Identifier: GPL-2.0-or-later
//
// The words of which every report of every architecture is made: a symbol with its offset,
// the line that says which CPU and task printed. Text in, slices out.
#ifndef KDV_OOPS_LINE_H
#define KDV_OOPS_LINE_H

#include <stdint.h>

#include "base/base.h"

/*
 * function+0x1c/0x40 [module]     also without size, and with "[module build-id]"
 * function file.c:123 [inline]    of a decoded trace
 * 0xffffffffc0123456              no name known
 */
struct oops_symbol {
	struct slice function, module; /* n == 0: not told */
	struct slice file;		/* of a decoded trace */
	uint64_t address;		/* 0: not told */
	uint32_t offset, size;
	uint32_t file_line;
	bool has_offset;
};

/* Reads a symbol with an offset, a decoded one, or a bare "0x..." address. */
bool oops_read_symbol(struct cursor *c, struct oops_symbol *ret);
/* The same, or a bare function name with neither offset nor place. */
bool oops_read_name(struct cursor *c, struct oops_symbol *ret);

/*
 * CPU: 3 UID: 0 PID: 12 Comm: a b Kdump: loaded Tainted: G   OE  5.10.0-8 #1 SMP
 * Pid: 12, comm: a b Not tainted 2.6.32-71.el6.x86_64 #1 Model
 */
struct task_line {
	int cpu;		/* -1: not told */
	int64_t pid;		/* -1: not told */
	struct slice comm, taint, release;
	bool not_tainted;
};
bool oops_read_task_line(struct slice line, struct task_line *ret);

/* Letters of "Tainted: G   OE  5.10.0": leaves c in front of the release. */
bool oops_read_taint(struct cursor *c, struct slice *taint, bool *not_tainted);

/* Signed decimal that fits a pid or CPU number. */
bool oops_read_int(struct cursor *c, int64_t *ret);
/* "comm/12" of lock debugging and others: a name may hold slashes, so the last one parts them. */
bool oops_read_owner(struct slice text, struct slice *ret_comm, int64_t *ret_pid);

#endif
