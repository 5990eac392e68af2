// SPDX-License-Identifier: GPL-2.0-or-later
//
// One pass over the log: gives each line to the report it belongs to, keeps the finished
// events, and what the log says of the machine.
//
// A line belongs to the report of the same printer (klog_line.caller, where the kernel was
// built to tell); without callers there is one report at a time. Events of all boots are kept
// until the end, when the boot that crashed last is chosen.
#include <limits.h>
#include <stdlib.h>

#include "oops/keep.h"
#include "oops/report.h"

enum {
	MAX_OPEN = 4,			/* reports open at a time */
	MODULES_MAX_TEXT = 64 * 1024,
	TASK_LINE_BEFORE = 8,		/* lines: "Hardware name", "Workqueue", "task: ti:" */
	BOOT_MAX_TEXT = 8 * 1024,
};

/* What the log says of one boot. */
struct boot {
	struct buf banner, cmdline, hardware, hypervisor;
	unsigned number;
	uint32_t line;			/* of its banner */
	struct klog_mark mark;
	enum class_weight worst;	/* of its events */
	size_t events;
};

struct scan {
	const struct klog *klog;
	struct marker_filter filter;
	struct report reports[MAX_OPEN];
	unsigned open;			/* how many of them are */
	struct report *last;		/* that took the line before */
	struct boot boot, chosen;
	int wanted;			/* OOPS_LAST_CRASH, or the number of a boot */
	struct buf modules;
	uint32_t modules_line;		/* the last line of "Modules linked in" */
	struct buf task;		/* a CPU: or Pid: line that no report wanted... */
	uint32_t task_line;		/* ...and which it was */
	bool kernel_facility;
	struct keep keep;
	size_t events;			/* with a head; without panics that tell of another one */
	struct oops_log *log;
};

static void boot_init(struct boot *boot, unsigned number)
{
	*boot = (struct boot){.number = number};
	buf_init(&boot->banner, BOOT_MAX_TEXT);
	buf_init(&boot->cmdline, BOOT_MAX_TEXT);
	buf_init(&boot->hardware, BOOT_MAX_TEXT);
	buf_init(&boot->hypervisor, BOOT_MAX_TEXT);
}

static void boot_done(struct boot *boot)
{
	buf_done(&boot->banner);
	buf_done(&boot->cmdline);
	buf_done(&boot->hardware);
	buf_done(&boot->hypervisor);
}

/* The boot asked for; else the last that crashed, or without a crash the last with any event. */
static void choose_boot(struct scan *scan)
{
	bool hard = scan->boot.worst >= WEIGHT_HANG;

	if (scan->wanted != OOPS_LAST_CRASH && (unsigned)scan->wanted != scan->boot.number)
		return;
	if (scan->chosen.events && !(hard || (scan->boot.events &&
					      scan->chosen.worst < WEIGHT_HANG)))
		return;
	boot_done(&scan->chosen);
	scan->chosen = scan->boot;
	boot_init(&scan->boot, scan->chosen.number);
}

static void keep(struct scan *scan, struct report *r)
{
	enum class_weight weight = class_weight(r->event.class);

	keep_event(&scan->keep, &r->event, scan->boot.number, r->headless);
	if (r->headless)
		return;
	if (!r->event.is_consequence)
		scan->events++;
	scan->boot.events++;
	if (weight > scan->boot.worst && !r->user)
		scan->boot.worst = weight;
}

static void finish(struct scan *scan, struct report *r)
{
	if (!r->open)
		return;
	if (r->event.class != CLASS_NONE) {
		report_finish(r);
		keep(scan, r);
	}
	report_close(r);
	scan->open--;
	if (scan->last == r)
		scan->last = NULL;
}

static void finish_all(struct scan *scan)
{
	struct report *next;
	size_t i;

	do { /* in the order of their heads */
		next = NULL;
		for (i = 0; i < MAX_OPEN; i++) {
			struct report *r = &scan->reports[i];

			if (r->open && (!next || r->event.line < next->event.line))
				next = r;
		}
		if (next)
			finish(scan, next);
	} while (next);
}

static bool is_user(const struct klog_line *line)
{
	return line->facility != KLOG_FACILITY_KERN && line->facility != KLOG_FACILITY_UNKNOWN;
}

/* The open report of the line's printer. */
static struct report *same_printer(struct scan *scan, const struct klog_line *line)
{
	size_t i;

	if (line->caller_kind == KLOG_CALLER_UNKNOWN && scan->last && scan->last->open &&
	    scan->last->user == is_user(line))
		return scan->last;
	for (i = 0; i < MAX_OPEN; i++) {
		struct report *r = &scan->reports[i];

		if (r->open && r->user == is_user(line) && r->caller_kind == line->caller_kind &&
		    r->caller == line->caller)
			return r;
	}
	return NULL;
}

/* Other CPUs answer to the report of a hang. */
static struct report *hang_report(struct scan *scan, const struct klog_line *line)
{
	size_t i;

	for (i = 0; i < MAX_OPEN; i++) {
		struct report *r = &scan->reports[i];

		if (r->open && r->user == is_user(line) &&
		    class_weight(r->event.class) == WEIGHT_HANG)
			return r;
	}
	return NULL;
}

static struct report *open_report(struct scan *scan, const struct klog_line *line)
{
	struct report *r = NULL;
	size_t i;

	for (i = 0; i < MAX_OPEN; i++) {
		struct report *candidate = &scan->reports[i];

		if (!candidate->open) {
			r = candidate;
			break;
		}
		if (!r || candidate->event.last_line < r->event.last_line)
			r = candidate;
	}
	finish(scan, r);
	report_open(r, line, is_user(line));
	scan->open++;
	scan->last = r;
	return r;
}

/* A line that is a report of its own, and may be printed in the middle of another. */
static void note_line(struct scan *scan, struct report *open, const struct marker *marker,
		      const struct klog_line *line, struct slice body)
{
	struct report *note = open_report(scan, line);

	report_add_head(note, marker, line->text, body);
	finish(scan, note);
	if (open->open)
		scan->last = open;
}

/* A panic that only ends what an open report tells: its trace is that report's trace. */
static void note_panic(struct scan *scan, struct report *open, const struct marker *marker,
		       const struct klog_line *line, struct slice body)
{
	note_line(scan, open, marker, line, body);
	if (open->open)
		open->section = SECTION_BODY;
}

/* The panic's message tells what a report was of whose head was lost. */
static void class_by_panic(struct report *r, struct slice body)
{
	struct panic_reading reading = oops_panic_message(oops_panic_text(body));

	if (reading.consequence && class_weight(reading.class) == WEIGHT_HANG)
		r->event.class = reading.class;
}

static bool ends_open_report(const struct report *r, struct slice body)
{
	if (!r || r->event.frame_count || r->event.class == CLASS_NONE || r->event.is_panic)
		return false;
	return oops_panic_message(oops_panic_text(body)).consequence;
}

static void add_head(struct scan *scan, const struct marker *marker, struct slice body,
		     const struct klog_line *line)
{
	struct report *r = same_printer(scan, line);

	if (marker->kind == MARK_PANIC && ends_open_report(r, body)) {
		note_panic(scan, r, marker, line, body);
		return;
	}
	if (r && r->headless && marker->kind == MARK_PANIC)
		class_by_panic(r, body);
	if (r && r->section == SECTION_TRACE &&
	    marker->class == CLASS_UNREGISTER_NETDEVICE_HANG) {
		note_line(scan, r, marker, line, body);
		return;
	}
	if (!r || !report_joins(r, marker, body)) {
		if (r)
			finish(scan, r);
		r = open_report(scan, line);
	}
	report_add_head(r, marker, line->text, body);
	r->event.last_line = line->number;
	scan->last = r;
}

static void set(struct buf *buf, struct slice text)
{
	size_t limit = buf->limit;

	buf_done(buf);
	buf_init(buf, limit);
	buf_add(buf, text.p, text.n < limit - 1 ? text.n : limit - 1);
}

static struct slice after(struct slice body, const char *word)
{
	struct cursor c = cursor_of(body);

	return cursor_past(&c, word, NULL) ? slice_trim(cursor_rest(&c)) : body;
}

static void new_boot(struct scan *scan, struct slice banner)
{
	finish_all(scan);
	choose_boot(scan);
	scan->log->boots++;
	boot_done(&scan->boot);
	boot_init(&scan->boot, scan->log->boots);
	scan->boot.line = scan->log->lines;
	klog_mark(scan->klog, &scan->boot.mark);
	set(&scan->boot.banner, slice_trim(banner));
}

/* True when the marker was of the machine, not of a report. */
static bool add_fact(struct scan *scan, const struct marker *marker, struct slice body)
{
	switch (marker->kind) {
	case MARK_BANNER:
		new_boot(scan, body);
		return true;
	case MARK_CMDLINE:
		set(&scan->boot.cmdline, after(body, "ommand line:"));
		return true;
	case MARK_DMI:
		set(&scan->boot.hardware, after(body, "DMI:"));
		return true;
	case MARK_HYPERVISOR:
		if (slice_starts(body, "Hypervisor"))
			set(&scan->boot.hypervisor, after(body, "detected:"));
		return true;
	case MARK_JUMP:
		scan->log->crash_kernel_started = true;
		finish_all(scan);
		return true;
	default:
		return false;
	}
}

enum { MODULES_MIN_BLANKS = 4 }; /* prose has punctuation by then, or capitals without flags */

/*
 * Names, flags in parentheses, and blanks: a further line of a long module list. Some consoles
 * lose the blank it begins with.
 */
static bool is_module_list(struct slice line)
{
	size_t i, blanks = 0;

	for (i = 0; i < line.n; i++)
		blanks += line.p[i] == ' ';
	if (!line.n || slice_find(line, "+0x") ||
	    (line.p[0] != ' ' && blanks < MODULES_MIN_BLANKS))
		return false;
	for (i = 0; i < line.n; i++) {
		char ch = line.p[i];

		if (ch == '[')
			return slice_starts((struct slice){line.p + i, line.n - i}, "[last ");
		if (!(ch >= 'a' && ch <= 'z') && !(ch >= '0' && ch <= '9') && !strchr(" _-()+", ch) &&
		    !(ch >= 'A' && ch <= 'Z'))
			return false;
	}
	return true;
}

static bool add_modules(struct scan *scan, const struct klog_line *line)
{
	struct slice text = slice_trim(line->text);

	if (slice_starts(text, "Modules linked in:")) {
		set(&scan->modules, after(text, "Modules linked in:"));
		scan->modules_line = line->number;
		return false; /* the report wants to see it too */
	}
	if (!scan->modules_line || line->number != scan->modules_line + 1 ||
	    !is_module_list(line->text))
		return false;
	buf_str(&scan->modules, " ");
	buf_add(&scan->modules, text.p, text.n);
	scan->modules_line = line->number;
	return true;
}

/* Whether the log has told of nothing yet. */
static bool is_first(const struct scan *scan)
{
	return !scan->events && !keep_count(&scan->keep);
}

/*
 * A text may begin below the head of its report: then the instruction pointer of a kernel
 * function tells that there was one. Given up when the log has a report with a head. A bare
 * number (PC is at 0x10b1c, epc : 0000002a...) is what a process that dies leaves; RIP has the segment before it.
 */
static bool begins_headless(const struct scan *scan, struct slice line)
{
	static const char *const fronts[] = {
		"RIP: 0010:", "RIP: 0018:", "RIP  [<", "EIP is at ", "EIP: 0060:", "IP: ",
		"PC is at ", "NIP [", "epc : ", "Krnl PSW : ", "TPC: <", "CR2: ",
	};
	size_t i;

	if (!is_first(scan))
		return false;
	for (i = 0; i < ARRAY_SIZE(fronts); i++) {
		struct cursor c = cursor_of(line);

		if (line.p[0] == fronts[i][0] && cursor_text(&c, fronts[i]))
			return line.p[0] == 'R' || slice_find(line, " CR3: ") ||
			       cursor_peek(&c) != '0';
	}
	return false;
}

/* A line that tells of the task stands shortly before the instruction pointer. */
static void keep_task_line(struct scan *scan, struct slice line, uint32_t number)
{
	if (!slice_starts(line, "CPU: ") && !slice_starts(line, "Pid: "))
		return;
	set(&scan->task, slice_trim(line));
	scan->task_line = number;
}

static void open_headless(struct scan *scan, const struct klog_line *line, enum crash_class class)
{
	struct report *r = open_report(scan, line);

	r->headless = true;
	r->event.class = class;
	r->event.title = report_string(r, slice_trim(line->text));
	if (scan->task.len && line->number - scan->task_line <= TASK_LINE_BEFORE)
		(void)report_add_line(r, (struct slice){scan->task.data, scan->task.len},
				      scan->task_line);
	r->event.last_line = line->number; /* the task's line stood before the first */
	if (!report_add_line(r, line->text, line->number))
		finish(scan, r);
}

/* By its first two bytes: a line for begins_headless() or for keep_task_line(). */
static bool may_begin_headless(struct slice line)
{
	char second = line.n > 1 ? line.p[1] : '\0';

	switch (line.n ? line.p[0] : '\0') {
	case 'C': return second == 'R' || second == 'P';
	case 'E': case 'N': case 'R': return second == 'I';
	case 'I': case 'T': return second == 'P';
	case 'K': return second == 'r';
	case 'P': return second == 'C' || second == 'i';
	case 'e': return second == 'p';
	default: return false;
	}
}

/* Nearly every line of a log comes here, and two bytes dismiss most. */
static void add_stray_line(struct scan *scan, const struct klog_line *line)
{
	struct slice text = line->text;

	while (text.n && (text.p[0] == ' ' || text.p[0] == '\t'))
		text.p++, text.n--;
	if (!may_begin_headless(text))
		return;
	if (begins_headless(scan, text))
		open_headless(scan, line, CLASS_CPU_EXCEPTION);
	else
		keep_task_line(scan, text, line->number);
}

static void add_line(struct scan *scan, const struct klog_line *line)
{
	struct report *r = same_printer(scan, line);

	if (!r)
		r = hang_report(scan, line);
	if (!r) {
		add_stray_line(scan, line);
		return;
	}
	if (add_modules(scan, line))
		return;
	if (!report_add_line(r, line->text, line->number))
		finish(scan, r);
	else
		scan->last = r;
}

/* A line that other lines stand above, unless these are lost. */
static void add_below(struct scan *scan, const struct marker *marker, const struct klog_line *line)
{
	if (scan->open || !is_first(scan))
		add_line(scan, line);
	else
		open_headless(scan, line, marker->class);
}

/*
 * A console mixes user space in: "login: [   12.345678] BUG: ...". What stands behind a time
 * stamp in the middle of a line is the kernel's.
 */
static struct slice behind_stamp(struct slice text)
{
	struct cursor c = cursor_of(text);
	uint64_t number;

	while (cursor_past(&c, "[", NULL)) {
		struct cursor try = c;

		cursor_blanks(&try);
		if (!cursor_dec(&try, &number) || !cursor_char(&try, '.') ||
		    !cursor_dec(&try, &number) || !cursor_char(&try, ']'))
			continue;
		cursor_char(&try, ' ');
		return cursor_rest(&try);
	}
	return text;
}

static void scan_line(struct scan *scan, struct klog_line *line)
{
	const struct marker *marker;
	struct slice body;

	if (!line->has_time)
		line->text = behind_stamp(line->text);

	scan->log->lines = line->number;
	if (line->facility == KLOG_FACILITY_KERN)
		scan->kernel_facility = true;
	if (line->has_time) {
		scan->log->has_last_time = true;
		scan->log->last_time_ns = line->time_ns;
	}
	marker = oops_marker(&scan->filter, line->text, &body);
	if (marker && marker->kind == MARK_BELOW)
		add_below(scan, marker, line);
	else if (marker && (is_user(line) || !add_fact(scan, marker, body)))
		add_head(scan, marker, body, line);
	else if (!marker && scan->open)
		add_line(scan, line);
	else if (!marker)
		add_stray_line(scan, line);
}

/* name(flags), name, [last unloaded: name(flags)] */
static bool next_module(struct cursor *c, struct slice *name, struct slice *flags)
{
	*flags = (struct slice){0};
	cursor_blanks(c);
	if (cursor_peek(c) == '[' || !cursor_until(c, " \t([", name))
		return false;
	if (cursor_char(c, '(')) {
		(void)cursor_until(c, ") ", flags);
		cursor_char(c, ')');
	}
	return true;
}

static void take_modules(struct scan *scan, struct arena *arena)
{
	struct oops_log *log = scan->log;
	struct slice text = {scan->modules.data, scan->modules.len}, name, flags;
	struct cursor c, count;
	size_t n = 0;

	if (!text.n)
		return;
	c = count = cursor_of(text);
	while (n < OOPS_MAX_MODULES && next_module(&count, &name, &flags))
		n++;
	log->modules = n ? arena_alloc(arena, n * sizeof(*log->modules)) : NULL;
	while (log->modules && log->module_count < n && next_module(&c, &name, &flags))
		log->modules[log->module_count++] = (struct oops_module){
			.name = arena_str(arena, name),
			.flags = arena_str(arena, flags),
		};
	c = cursor_of(text);
	if (cursor_past(&c, "[last unloaded:", NULL) && next_module(&c, &name, &flags))
		log->last_unloaded = arena_str(arena,
					       slice_ends(name, "]") ?
						       (struct slice){name.p, name.n - 1} : name);
}

static const char *take(struct arena *arena, const struct buf *buf)
{
	return buf->len ? arena_str(arena, (struct slice){buf->data, buf->len}) : NULL;
}

/* Linux version 6.1.0-13 (who@where) (compiler) #1 SMP date */
static void take_banner(struct oops_log *log, struct arena *arena)
{
	struct slice release;
	const char *version;
	struct cursor c;

	if (!log->banner)
		return;
	c = cursor_of(slice_of(log->banner));
	if (!cursor_text(&c, "Linux version ") || !cursor_until(&c, " ", &release))
		return;
	log->release = arena_str(arena, release);
	version = slice_find(cursor_rest(&c), " #");
	if (version)
		log->version = version + 1;
}

static void take_boot(struct scan *scan, struct arena *arena)
{
	struct oops_log *log = scan->log;
	size_t i;

	log->boot_line = scan->chosen.line;
	log->boot_mark = scan->chosen.mark;
	log->banner = take(arena, &scan->chosen.banner);
	log->cmdline = take(arena, &scan->chosen.cmdline);
	log->hypervisor = take(arena, &scan->chosen.hypervisor);
	take_banner(log, arena);
	for (i = log->count; i > 0; i--) {
		const struct event *ev = &log->events[i - 1];

		if (!log->release && ev->release)
			log->release = ev->release;
		if (!log->hardware && ev->hardware)
			log->hardware = ev->hardware;
	}
	if (!log->hardware)
		log->hardware = take(arena, &scan->chosen.hardware);
}

/* No line of the log has the kernel's facility: then it is not told, and all are its. */
static void clear_facility(struct oops_log *log)
{
	size_t i;

	for (i = 0; i < log->count; i++)
		log->events[i].from_user = false;
}

static void scan_done(struct scan *scan)
{
	boot_done(&scan->boot);
	boot_done(&scan->chosen);
	buf_done(&scan->modules);
	buf_done(&scan->task);
	keep_done(&scan->keep);
	free(scan);
}

void oops_scan(struct klog *klog, int boot, struct arena *arena, struct oops_log *ret)
{
	struct scan *scan = calloc(1, sizeof(*scan));
	struct klog_line line;

	*ret = (struct oops_log){0};
	if (!scan) {
		arena->exhausted = true;
		return;
	}
	scan->klog = klog;
	scan->log = ret;
	scan->wanted = boot;
	oops_marker_filter(&scan->filter);
	buf_init(&scan->modules, MODULES_MAX_TEXT);
	buf_init(&scan->task, BOOT_MAX_TEXT);
	boot_init(&scan->boot, 0);
	/* a number that no boot has, until one is chosen */
	boot_init(&scan->chosen, boot == OOPS_LAST_CRASH ? 0 : UINT_MAX);
	keep_init(&scan->keep);
	while (klog_next(klog, &line))
		scan_line(scan, &line);
	if (scan->last)
		scan->last->log_ended = scan->last->event.last_line == ret->lines;
	finish_all(scan);
	choose_boot(scan);
	keep_take(&scan->keep, arena, scan->chosen.number, scan->events > 0, ret);
	if (!scan->kernel_facility)
		clear_facility(ret);
	take_modules(scan, arena);
	take_boot(scan, arena);
	scan_done(scan);
}
