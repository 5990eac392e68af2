// SPDX-License-Identifier: GPL-2.0-or-later
//
// oops: what does the log say? Reads the lines of a klog once, forward, and gives back the
// events it tells of, in the order of the log, and what it says of the machine. Text in, facts
// out: no dump is needed. Which event is the crash, and who is to blame, is fact/'s business.
//
// Where each form is recognised, so that a new wording of the kernel is a one-place change:
//	header lines and panic messages	marker.c, a row; what else the line tells: head.c
//	frames, stack markers		trace.c
//	registers, instruction pointer	arch-*.c, one each; regs.c for "name: value"
//	symbols, CPU/Pid lines, taint	line.c, taint.c
//	sections and end of a report	report.c (trace_headers, other_headers, ends_report)
//	where a lock was asked for	lockdep.c
//	who made, freed or holds it	hint.c
//	what the trace says of the place	conclude.c
//	which report a line belongs to	oops.c
//	what sort of function it is	group-table.c, a name
//
// All strings live in the arena that was given. Nothing here is escaped: log bytes are
// hostile text, and each writer escapes for its own format.
#ifndef KDV_OOPS_OOPS_H
#define KDV_OOPS_OOPS_H

#include <stdint.h>

#include "base/base.h"
#include "kernel/klog.h"
#include "kernel/stacks.h"
#include "oops/class.h"

enum {
	OOPS_MAX_EVENTS = 128,	/* of a longer series the first half and the last ones are kept */
	OOPS_MAX_FRAMES = 128,
	OOPS_MAX_REGS = 80,
	OOPS_MAX_MODULES = 1024,
	OOPS_MAX_LOCKS = 128,	/* of "Showing all locks held"; those beyond are not kept */
};

/* One line of a trace, or the place of a fault: function+offset/size [module]. */
struct frame {
	const char *function;	/* as printed, compiler suffix included; NULL: bare address */
	const char *module;	/* NULL: the kernel itself, or not told */
	uint64_t address;	/* 0: not told */
	uint32_t offset, size;	/* valid if has_offset */
	bool has_offset;
	bool reliable;		/* false: the kernel put '?' before it */
	enum stack_kind stack;
	uint32_t line;		/* in the log */
};

struct oops_reg {
	const char *name;	/* lower case as the kernel names it: "rip", "rax", "cr2", "pc" */
	uint64_t value;
};

/* What a report says of others: whose trace follows, or who holds the lock. */
enum oops_hint {
	OOPS_ALLOCATED_BY,	/* functions: the first that is no allocator, sanitizer... */
	OOPS_FREED_BY,
	OOPS_QUEUED_BY,		/* the work or RCU callback that last had to do with the object */
	OOPS_LOCK_HELD_BY,	/* a task: "comm:pid" */
	OOPS_HANDLERS,		/* functions of an interrupt's line: "f [module], g" */
	OOPS_HINT_COUNT
};

/*
 * A lock that lock debugging lists for a task. A task that waits for one has it in its list
 * already, as the last: there it is asked for, not held.
 */
struct held_lock {
	uint64_t lock;		/* its address */
	const char *task;	/* "comm:pid" */
	int64_t pid;
	const char *function;	/* that asked for it */
	bool last;		/* of its task's list */
};

enum access_kind { ACCESS_UNKNOWN, ACCESS_READ, ACCESS_WRITE, ACCESS_EXEC };

struct event {
	enum crash_class class;
	uint32_t line, last_line;	/* header and last line of the report in the log */
	bool has_time;
	uint64_t time_ns;
	const char *title;	/* the header line as it stands in the log */
	const char *message;	/* panic: what follows "not syncing: "; others: detail or NULL */
	bool is_panic;		/* the line "Kernel panic - not syncing" itself */
	/* Panic only: its message is how the machine ended, not what went wrong
	 * ("Fatal exception", "panic_on_warn set", "hung_task: blocked tasks", ...). */
	bool is_consequence;
	bool from_user;		/* the header line carries a user-space facility */
	bool cut;		/* the report's head or tail is missing, or lines were mixed in */

	/* Who. For hung tasks and lockups: what is stuck, not who noticed. */
	int cpu;		/* -1: not told */
	int64_t pid;		/* -1: not told */
	const char *comm;	/* NULL: not told */
	const char *workqueue;	/* "events free_work"; of a lockup the item in flight; NULL */
	uint32_t seconds;	/* stuck for; 0: not told */

	/* Where: the faulting instruction, or the caller of a bare panic. */
	bool has_where;
	struct frame where;
	const char *file;	/* "lib/list_debug.c" of BUG and WARNING; NULL */
	uint32_t file_line;

	bool has_fault_address;
	uint64_t fault_address;
	enum access_kind access;
	bool from_user_mode;	/* error code: the access came from user mode */
	unsigned oops_number;	/* N of [#N]; 0: not told */

	struct oops_reg *regs;	/* of the first register block of the report */
	size_t reg_count;
	struct frame *trace;	/* innermost first; also the '?' frames */
	size_t frame_count;
	bool frames_dropped;	/* OOPS_MAX_FRAMES was reached */
	bool guessed;		/* every frame has a '?': the kernel had no way to unwind */

	const char *hints[OOPS_HINT_COUNT]; /* NULL: not told */
	struct held_lock *held;	/* of all tasks, behind the report of a hang */
	size_t held_count;

	const char *code;	/* the bytes of "Code:", the faulting one in <> ; NULL */
	const char *taint;	/* letters as printed, "G           OE" ; NULL: not told */
	bool not_tainted;
	const char *release;	/* of the CPU:/Pid: line; NULL */
	const char *hardware;	/* "Hardware name:"; NULL */
};

struct oops_module {
	const char *name;
	const char *flags;	/* "OE", "PO-"; "" if none */
};

/* Everything the log tells. */
struct oops_log {
	struct event *events;	/* in log order */
	size_t count;
	size_t dropped;		/* events beyond OOPS_MAX_EVENTS */

	const char *banner;	/* "Linux version ..." of the last boot; NULL */
	const char *release;	/* of the banner, else of the crash lines; NULL */
	const char *version;	/* "#1 SMP ..." part; NULL */
	const char *cmdline;	/* NULL */
	const char *hardware;	/* of the last report, else of the DMI: line; NULL */
	const char *hypervisor;	/* "Hypervisor detected: "; NULL */
	struct oops_module *modules; /* the last "Modules linked in" */
	size_t module_count;
	const char *last_unloaded; /* NULL */
	uint32_t boot_line;	/* where the boot of the events begins: its banner; 0: not told */
	struct klog_mark boot_mark; /* the same for klog_seek(); of the log if not told */
	unsigned boots;		/* banners seen; events are those of the last boot */
	bool crash_kernel_started; /* a line says that kexec jumped */
	bool has_last_time;
	uint64_t last_time_ns;
	uint32_t lines;
};

enum { OOPS_LAST_CRASH = -1 };

/*
 * Reads the log to its end (klog is at its end afterwards). Never fails: a full arena or too
 * many events are told in *ret (dropped, arena->exhausted). boot: the boot whose events are
 * wanted, counted from 1 by their "Linux version" lines, or OOPS_LAST_CRASH.
 */
void oops_scan(struct klog *klog, int boot, struct arena *arena, struct oops_log *ret);

/* Whether a frame says that its function was called: reliable, or as good as it gets. */
bool oops_frame_counts(const struct event *ev, const struct frame *f);

/*
 * Where the interrupted work begins in a trace that the timer interrupt took: the index above
 * the tick and the interrupt's entry. 0 if no tick is in the trace.
 */
size_t oops_above_tick(const struct event *ev);

/* function without compiler suffixes (.isra.N, .cold, .part.N, .constprop.N, .llvm.N) and
 * without a leading dot; a slice of function. */
struct slice oops_plain_name(const char *function);

/*
 * The work item's function, and its module if it has one, out of what follows "Workqueue:":
 * "name function [module] (purpose)"; the name may hold blanks or be missing. false: none.
 */
bool oops_work_function(const char *workqueue, struct slice *function, struct slice *module);

/* "O" -> "out-of-tree module"; NULL for a letter that means nothing. */
const char *oops_taint_meaning(char letter);

#endif
