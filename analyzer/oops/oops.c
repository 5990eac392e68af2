// SPDX-License-Identifier: GPL-2.0-or-later
//
// One pass over the log: gives each line to the report it belongs to, keeps the finished
// events, and what the log says of the machine.
//
// A line belongs to the report of the same printer (klog_line.caller, where the kernel was
// built to tell); without callers there is one report at a time. Events of all boots are kept
// until the end, when the boot that crashed last is chosen.
#include <stdlib.h>

#include "oops/report.h"

enum {
	MAX_OPEN = 4,			/* reports open at a time */
	KEEP_FIRST = OOPS_MAX_EVENTS / 2,
	KEEP_LAST = OOPS_MAX_EVENTS / 4, /* of each of two generations */
	EVENTS_MAX_TEXT = 4 << 20,	/* a limit of each generation, far above real logs */
	MODULES_MAX_TEXT = 64 * 1024,
	BOOT_MAX_TEXT = 8 * 1024,
};

/* What the log says of one boot. */
struct boot {
	struct buf banner, cmdline, hardware, hypervisor;
	unsigned number;
	enum class_weight worst;	/* of its events */
	size_t events;
};

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

struct scan {
	struct marker_filter filter;
	struct report reports[MAX_OPEN];
	struct report *last;		/* that took the line before */
	struct boot boot, chosen;
	struct buf modules;
	uint32_t modules_line;		/* the last line of "Modules linked in" */
	bool kernel_facility;
	struct generation first, older, newer;
	size_t events, dropped;
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

/* The last boot that crashed counts; without a crash the last that had any event. */
static void choose_boot(struct scan *scan)
{
	bool hard = scan->boot.worst >= WEIGHT_HANG;

	if (scan->chosen.events && !(hard || (scan->boot.events &&
					      scan->chosen.worst < WEIGHT_HANG)))
		return;
	boot_done(&scan->chosen);
	scan->chosen = scan->boot;
	boot_init(&scan->boot, scan->chosen.number);
}

static const char *copy(struct arena *arena, const char *text)
{
	return text ? arena_str(arena, slice_of(text)) : NULL;
}

static void copy_frame(struct arena *arena, struct frame *f)
{
	f->function = copy(arena, f->function);
	f->module = copy(arena, f->module);
}

static void copy_regs(struct arena *arena, struct event *ev)
{
	struct oops_reg *regs = arena_alloc(arena, ev->reg_count * sizeof(*regs));
	size_t i;

	if (!regs)
		ev->reg_count = 0;
	for (i = 0; i < ev->reg_count; i++) {
		regs[i] = ev->regs[i];
		regs[i].name = copy(arena, regs[i].name);
	}
	ev->regs = regs;
}

static void copy_trace(struct arena *arena, struct event *ev)
{
	struct frame *trace = arena_alloc(arena, ev->frame_count * sizeof(*trace));
	size_t i;

	if (!trace) {
		ev->frames_dropped |= ev->frame_count > 0;
		ev->frame_count = 0;
	}
	for (i = 0; i < ev->frame_count; i++) {
		trace[i] = ev->trace[i];
		copy_frame(arena, &trace[i]);
	}
	ev->trace = trace;
}

/* The event with all that it points to in arena. */
static struct event copy_event(struct arena *arena, const struct event *from)
{
	struct event ev = *from;

	ev.title = copy(arena, ev.title);
	ev.message = copy(arena, ev.message);
	ev.comm = copy(arena, ev.comm);
	ev.workqueue = copy(arena, ev.workqueue);
	ev.file = copy(arena, ev.file);
	ev.code = copy(arena, ev.code);
	ev.taint = copy(arena, ev.taint);
	ev.release = copy(arena, ev.release);
	ev.hardware = copy(arena, ev.hardware);
	copy_frame(arena, &ev.where);
	copy_regs(arena, &ev);
	copy_trace(arena, &ev);
	return ev;
}

static void generation_clear(struct generation *generation)
{
	arena_done(&generation->arena);
	arena_init(&generation->arena, EVENTS_MAX_TEXT);
	generation->count = 0;
}

/* Room for one more event: first to last, then two generations of which the older goes. */
static struct generation *room(struct scan *scan)
{
	if (scan->first.count < KEEP_FIRST)
		return &scan->first;
	if (scan->newer.count == KEEP_LAST) {
		struct arena gone = scan->older.arena;

		scan->dropped += scan->older.count;
		scan->older = scan->newer;
		arena_done(&gone);
		scan->newer = (struct generation){0};
		generation_clear(&scan->newer);
	}
	return &scan->newer;
}

static void keep(struct scan *scan, struct report *r)
{
	struct generation *generation = room(scan);
	enum class_weight weight = class_weight(r->event.class);

	generation->kept[generation->count++] = (struct kept){
		.event = copy_event(&generation->arena, &r->event),
		.boot = scan->boot.number,
		.headless = r->headless,
	};
	if (r->headless)
		return;
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
	scan->last = r;
	return r;
}

/* A panic that only ends what an open report tells: its trace is that report's trace. */
static void note_panic(struct scan *scan, struct report *open, const struct marker *marker,
		       const struct klog_line *line, struct slice body)
{
	struct report *panic = open_report(scan, line);

	report_add_head(panic, marker, line->text, body);
	finish(scan, panic);
	if (open->open) {
		open->section = SECTION_BODY;
		scan->last = open;
	}
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

/* Names, flags in parentheses, and blanks: a further line of a long module list. */
static bool is_module_list(struct slice line)
{
	size_t i;

	if (!line.n || line.p[0] != ' ' || slice_find(line, "+0x"))
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

/*
 * A text may begin below the head of its report: then the instruction pointer of a kernel
 * function tells that there was one. Given up when the log has a report with a head.
 */
static bool begins_headless(const struct scan *scan, struct slice line)
{
	static const char *const fronts[] = {
		"RIP: 0010:", "RIP: 0018:", "RIP  [<", "EIP is at ", "EIP: 0060:", "IP: ",
		"PC is at ", "NIP [", "epc : ", "Krnl PSW : ", "TPC: <",
	};
	size_t i;

	if (scan->events || scan->first.count)
		return false;
	while (line.n && line.p[0] == ' ')
		line.p++, line.n--;
	for (i = 0; line.n && i < ARRAY_SIZE(fronts); i++) {
		if (line.p[0] == fronts[i][0] && slice_starts(line, fronts[i]))
			return true;
	}
	return false;
}

static void open_headless(struct scan *scan, const struct klog_line *line)
{
	struct report *r = open_report(scan, line);

	r->headless = true;
	r->event.class = CLASS_CPU_EXCEPTION;
	r->event.title = report_string(r, slice_trim(line->text));
	if (!report_add_line(r, line->text, line->number))
		finish(scan, r);
}

static void add_line(struct scan *scan, const struct klog_line *line)
{
	struct report *r = same_printer(scan, line);

	if (!r)
		r = hang_report(scan, line);
	if (!r) {
		if (begins_headless(scan, line->text))
			open_headless(scan, line);
		return;
	}
	if (add_modules(scan, line))
		return;
	if (!report_add_line(r, line->text, line->number))
		finish(scan, r);
	else
		scan->last = r;
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
	if (marker && (is_user(line) || !add_fact(scan, marker, body)))
		add_head(scan, marker, body, line);
	else if (!marker)
		add_line(scan, line);
}

static void take_generation(struct scan *scan, struct generation *generation,
			    struct arena *arena)
{
	struct oops_log *log = scan->log;
	size_t i;

	for (i = 0; i < generation->count; i++) {
		const struct kept *kept = &generation->kept[i];

		if (kept->boot != scan->chosen.number || (kept->headless && scan->events))
			continue;
		log->events[log->count] = copy_event(arena, &kept->event);
		if (!scan->kernel_facility)
			log->events[log->count].from_user = false;
		log->count++;
	}
	generation_clear(generation);
}

static void sort_events(struct oops_log *log)
{
	size_t i, k;

	for (i = 1; i < log->count; i++) { /* nearly sorted: reports end out of order at times */
		struct event ev = log->events[i];

		for (k = i; k > 0 && log->events[k - 1].line > ev.line; k--)
			log->events[k] = log->events[k - 1];
		log->events[k] = ev;
	}
}

static void take_events(struct scan *scan, struct arena *arena)
{
	struct oops_log *log = scan->log;
	size_t count = scan->first.count + scan->older.count + scan->newer.count;

	log->dropped = scan->dropped;
	log->events = arena_alloc(arena, count * sizeof(*log->events));
	if (!log->events) {
		log->dropped += count;
		return;
	}
	take_generation(scan, &scan->first, arena);
	take_generation(scan, &scan->older, arena);
	take_generation(scan, &scan->newer, arena);
	sort_events(log);
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

static void scan_done(struct scan *scan)
{
	boot_done(&scan->boot);
	boot_done(&scan->chosen);
	buf_done(&scan->modules);
	arena_done(&scan->first.arena);
	arena_done(&scan->older.arena);
	arena_done(&scan->newer.arena);
	free(scan);
}

void oops_scan(struct klog *klog, struct arena *arena, struct oops_log *ret)
{
	struct scan *scan = calloc(1, sizeof(*scan));
	struct klog_line line;

	*ret = (struct oops_log){0};
	if (!scan) {
		arena->exhausted = true;
		return;
	}
	scan->log = ret;
	oops_marker_filter(&scan->filter);
	buf_init(&scan->modules, MODULES_MAX_TEXT);
	boot_init(&scan->boot, 0);
	boot_init(&scan->chosen, 0);
	generation_clear(&scan->first);
	generation_clear(&scan->older);
	generation_clear(&scan->newer);
	while (klog_next(klog, &line))
		scan_line(scan, &line);
	finish_all(scan);
	choose_boot(scan);
	take_events(scan, arena);
	take_modules(scan, arena);
	take_boot(scan, arena);
	scan_done(scan);
}
