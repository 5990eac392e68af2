// SPDX-License-Identifier: GPL-2.0-or-later
//
// A report that is being read: what the lines so far have told. The readers of one line each
// (head.c, trace.c, regs.c and the arch-*.c) write here; report.c decides which line is whose.
#ifndef KDV_OOPS_REPORT_H
#define KDV_OOPS_REPORT_H

#include "base/base.h"
#include "kernel/klog.h"
#include "oops/line.h"
#include "oops/marker.h"
#include "oops/oops.h"

enum {
	REPORT_MAX_TEXT = 48 * 1024,	/* strings of one report */
	REPORT_MAX_STRING = 1024,	/* one of them: a longer line is cut */
};

/* Where the place of the crash came from: a better source replaces a worse one. */
enum where_source { WHERE_NONE, WHERE_TRACE, WHERE_INLINED, WHERE_IP, WHERE_HEAD };

enum section {
	SECTION_HEAD,	/* header lines only, so far */
	SECTION_BODY,	/* CPU line, registers, code */
	SECTION_TRACE,	/* frames of the report's own trace */
	SECTION_OTHER,	/* somebody else's frames: "Allocated by", "NMI backtrace", lock chains */
};

struct report {
	bool open;
	struct event event;		/* strings in text; trace and regs point below */
	struct arena text;
	struct frame frames[OOPS_MAX_FRAMES];
	struct oops_reg regs[OOPS_MAX_REGS];
	struct held_lock held[OOPS_MAX_LOCKS];
	const char *holder;		/* the task whose locks follow: "comm:pid" */
	int64_t holder_pid;

	/* whose lines these are */
	bool user;
	enum klog_caller caller_kind;
	uint32_t caller;

	enum section section;
	enum where_source where_from;
	enum stack_kind stack;		/* of the next frame */
	enum oops_hint hint;		/* what the next foreign frame tells; OOPS_HINT_COUNT: nothing */
	bool handlers;			/* an interrupt's handlers follow */
	const char *queue;		/* workqueue lockup: whose items follow */
	bool pool_stuck;		/* what follows is in flight in the pool that is stuck */
	bool leads;			/* a BUG or WARNING that follows is only its trap */
	bool trapped;			/* the trap's line was seen */
	bool headless;			/* its head was lost */
	bool trace_begun, trace_done;
	bool task_seen;			/* the CPU: or Pid: line */
	bool lock_named;		/* lock debugging: the place of the lock was told */
	bool lock_at_seen;		/* the first ", at:" is of the lock that is asked for */
	bool lock_list;			/* the place is in the lines that follow */
	bool skip_trace;		/* the next trace is somebody else's */
	bool jumped_to_nothing;		/* the instruction pointer is 0 */
	bool regs_done;			/* a second register block began */
	bool log_ended;			/* behind its last line there is no other */
	unsigned quiet;			/* lines in a row that said nothing to us */
};

/* report.c: the life of a report. */
void report_open(struct report *r, const struct klog_line *line, bool user);
/* Whether a marker's line goes on with the head of this report. */
bool report_joins(const struct report *r, const struct marker *marker, struct slice body);
void report_add_head(struct report *r, const struct marker *marker, struct slice line,
		     struct slice body);
/* A line that is no head. false: it ended the report, which is then to be closed. */
bool report_add_line(struct report *r, struct slice line, uint32_t number);
void report_close(struct report *r);

/* conclude.c: draws the last conclusions; r->event is complete then. */
void report_finish(struct report *r);

/* lockdep.c: true when the line tells where a lock was asked for, or that the next one does. */
bool report_read_lock_place(struct report *r, struct slice line);

/* hint.c: true when the line tells of others, or that their trace follows. */
bool report_read_hint(struct report *r, struct slice line);
/* A frame of such a trace. */
void report_hint_frame(struct report *r, struct slice function);

/* head.c: what the header line itself tells. */
void report_read_head(struct report *r, const struct marker *marker, struct slice body);

/* What follows "Kernel panic - not syncing: " in a panic's line. */
struct slice oops_panic_text(struct slice body);

/* trace.c: true when the line is a frame or a stack marker and was taken. */
bool report_read_frame(struct report *r, struct slice line, uint32_t number);

/* regs.c: true when the line holds registers, an instruction pointer or code. */
bool report_read_regs(struct report *r, struct slice line, uint32_t number);

/* For the readers. */
const char *report_string(struct report *r, struct slice s);
void report_where(struct report *r, enum where_source from, const struct oops_symbol *symbol,
		  uint32_t number);
/* The instruction pointer: of the fault when it is the first one of the report. */
void report_ip(struct report *r, const struct oops_symbol *symbol, uint32_t number);
void report_reg(struct report *r, const char *name, uint64_t value);
void report_set_address(struct report *r, uint64_t address);

/* Registers of the form "name: value name: value", names out of a list (regs.c). */
bool report_read_pairs(struct report *r, struct slice line, const char *const *names);

/*
 * One function per architecture (arch-*.c) that reads the lines which only it prints: the
 * instruction pointer above all. A new architecture is one file and a row in regs.c.
 */
struct oops_arch {
	const char *name;
	bool (*read)(struct report *r, struct slice line, uint32_t number);
	const char *const *registers;	/* names of the "name: value" lines, NULL-ended */
};
extern const struct oops_arch oops_arch_x86, oops_arch_arm, oops_arch_powerpc, oops_arch_s390,
	oops_arch_riscv, oops_arch_sparc, oops_arch_mips, oops_arch_loongarch, oops_arch_m68k,
	oops_arch_parisc, oops_arch_alpha;

/* arch-arm.c: what the access was by the number in "Internal error: Oops: number [#1]". */
enum access_kind oops_arm_access(uint64_t status);

#endif
