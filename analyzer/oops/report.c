// SPDX-License-Identifier: GPL-2.0-or-later
//
// The life of one report: which further header lines belong to it, what each of its lines
// tells, and where it ends.
#include "oops/group.h"
#include "oops/report.h"

enum {
	/* Lines that may stand between two header lines of one report. */
	HEAD_MAX_QUIET = 16,
	/* A report has ended when so many lines in a row said nothing. */
	REPORT_MAX_QUIET = 64,
	/* The "=====" line around sanitizer reports is longer than that of old i386 traces. */
	RULER_MIN = 40,
	/* Addresses below are offsets into a NULL structure. */
	FIRST_PAGE = 4096,
};

const char *report_string(struct report *r, struct slice s)
{
	if (s.n > REPORT_MAX_STRING)
		s.n = REPORT_MAX_STRING;
	return arena_str(&r->text, s);
}

void report_where(struct report *r, enum where_source from, const struct oops_symbol *symbol,
		  uint32_t number)
{
	struct event *ev = &r->event;

	if (r->where_from >= from)
		return;
	r->where_from = from;
	ev->has_where = true;
	ev->where = (struct frame){
		.address = symbol->address,
		.offset = symbol->offset,
		.size = symbol->size,
		.has_offset = symbol->has_offset,
		.reliable = true,
		.stack = r->stack,
		.line = number,
	};
	if (symbol->function.n)
		ev->where.function = report_string(r, symbol->function);
	if (symbol->module.n)
		ev->where.module = report_string(r, symbol->module);
}

void report_ip(struct report *r, const struct oops_symbol *symbol, uint32_t number)
{
	bool other = r->event.class == CLASS_HUNG_TASK ||
		     (r->section == SECTION_OTHER && r->trace_begun);
	bool inlined = symbol->function.n && symbol->file.n && !symbol->has_offset;

	if (other)
		return; /* of another CPU */
	if (r->section == SECTION_HEAD)
		r->section = SECTION_BODY;
	if (!symbol->function.n && symbol->address < FIRST_PAGE)
		r->jumped_to_nothing |= !r->where_from;
	else if (!r->jumped_to_nothing)
		report_where(r, inlined ? WHERE_INLINED : WHERE_IP, symbol, number);
}

void report_set_address(struct report *r, uint64_t address)
{
	if (r->event.has_fault_address)
		return;
	r->event.has_fault_address = true;
	r->event.fault_address = address;
}

void report_open(struct report *r, const struct klog_line *line, bool user)
{
	arena_done(&r->text);
	*r = (struct report){
		.open = true,
		.user = user,
		.caller_kind = line->caller_kind,
		.caller = line->caller,
		.hint = OOPS_HINT_COUNT,
	};
	arena_init(&r->text, REPORT_MAX_TEXT);
	r->event = (struct event){
		.line = line->number,
		.last_line = line->number,
		.has_time = line->has_time,
		.time_ns = line->time_ns,
		.from_user = user,
		.cpu = -1,
		.pid = -1,
		.trace = r->frames,
		.regs = r->regs,
		.held = r->held,
	};
}

void report_close(struct report *r)
{
	arena_done(&r->text);
	r->open = false;
}

static bool is_kasan(enum crash_class class)
{
	return class >= CLASS_KASAN_USE_AFTER_FREE && class <= CLASS_KASAN_BAD_ACCESS;
}

/* Narrow beats wide inside one report. */
static int rank(enum crash_class class)
{
	if (class == CLASS_NONE)
		return 0;
	if (class == CLASS_CPU_EXCEPTION || class == CLASS_INVALID_OPCODE)
		return 1;
	if (class == CLASS_WARNING)
		return 2;
	if (class == CLASS_STACK_OVERFLOW || class == CLASS_EXTERNAL_ABORT)
		return 4;
	return class_is_fault(class) || class == CLASS_KERNEL_BUG ? 3 : 4;
}

/* A KASAN line after a general protection fault only explains the address. */
static int marker_rank(const struct marker *marker)
{
	return marker->kind == MARK_DETAIL && is_kasan(marker->class) ? 1 : rank(marker->class);
}

/* Classes whose report has several header lines of the same class. */
static bool repeats_head(const struct report *r)
{
	switch (r->event.class) {
	case CLASS_SLAB_CORRUPTION:
	case CLASS_OOM:
		return !r->trace_done;
	case CLASS_MACHINE_CHECK:
	case CLASS_HARDWARE_ERROR:
		return true;
	case CLASS_MEMORY_LEAK:
	case CLASS_LOCKDEP_DEADLOCK:
	case CLASS_LOCKDEP_INCONSISTENT_STATE:
		return r->section == SECTION_HEAD;
	default:
		return false;
	}
}

static bool detail_fits(const struct report *r, const struct marker *marker)
{
	enum crash_class class = r->event.class;

	if (r->event.frame_count || r->event.is_panic)
		return false;
	if (is_kasan(marker->class) || class_is_fault(marker->class))
		return class_is_fault(class);
	/* the file of the WARNING may have told the class already; 4.11 to 4.14 print the words below */
	return class == CLASS_WARNING || class == CLASS_KERNEL_BUG || class == marker->class ||
	       marker->class == CLASS_STACK_CORRUPTION;
}

/* The trap's line may stand below the first line with an instruction pointer. */
static bool trap_fits(const struct report *r)
{
	enum crash_class class = r->event.class;

	return !r->trapped && !r->event.is_panic && !r->event.frame_count && !r->task_seen &&
	       r->quiet <= HEAD_MAX_QUIET &&
	       (r->leads || class_is_fault(class) || class == CLASS_KERNEL_BUG ||
		class == CLASS_CPU_EXCEPTION || class == CLASS_EXTERNAL_ABORT);
}

/* A console may show a line twice. */
static bool same_title(const struct event *ev, struct slice body)
{
	size_t n = ev->title ? strlen(ev->title) : 0;

	body = slice_trim(body);
	return n >= body.n && body.n && !memcmp(ev->title + n - body.n, body.p, body.n);
}

/*
 * Some arm kernels (3.x and 4.x of telephones) print "cut here" and a BUG without its file
 * between the head of a fault and its trap.
 */
static bool names_bug_of_fault(const struct report *r, const struct marker *marker,
			       struct slice body)
{
	if (!class_is_fault(r->event.class) || r->trapped)
		return false;
	return marker->kind == MARK_CUT || (marker->class == CLASS_KERNEL_BUG &&
					    slice_ends(body, "[verbose debug info unavailable]"));
}

bool report_joins(const struct report *r, const struct marker *marker, struct slice body)
{
	const struct event *ev = &r->event;

	if (marker->class == ev->class && repeats_head(r))
		return true;
	if (marker->class == CLASS_SLAB_CORRUPTION && is_kasan(ev->class))
		return true; /* KASAN to 4.7 has SLUB's own report inside */
	if (marker->class == CLASS_KMSAN && ev->class == CLASS_KMSAN &&
	    r->section == SECTION_HEAD && r->quiet == 0)
		return true; /* decoded: the inlined function, then the one that holds it */
	if (marker->kind == MARK_DETAIL && detail_fits(r, marker))
		return true;
	if (marker->kind == MARK_TRAP && trap_fits(r))
		return true;
	if (r->section != SECTION_HEAD || r->quiet > HEAD_MAX_QUIET || ev->is_panic)
		return false;
	if (names_bug_of_fault(r, marker, body))
		return true;
	if (ev->class == CLASS_NONE || (r->quiet == 0 && same_title(ev, body)))
		return true;
	if (marker->kind == MARK_CUT)
		return r->leads ? !r->trapped : r->trapped && ev->class == CLASS_KERNEL_BUG;
	if (marker->kind == MARK_TRAP)
		return false;
	if (marker->kind == MARK_LEAD && marker->class == ev->class)
		return true; /* WARNING to 4.11 printed its own words below the header line */
	if (r->leads)
		return class_is_fault(marker->class) || marker->class == CLASS_KERNEL_BUG ||
		       marker->class == CLASS_WARNING || marker->class == CLASS_CFI_FAILURE;
	/* interleaved output: the trap came first */
	return r->trapped && ev->class == CLASS_KERNEL_BUG && marker->class == CLASS_KERNEL_BUG;
}

/* BUG and WARNING of these files are what a narrow class uses; its own line may be lost. */
static const struct {
	const char *file;
	enum crash_class class;
} narrow_files[] = {
	{"lib/list_debug.c", CLASS_LIST_CORRUPTION},
	{"lib/refcount.c", CLASS_REFCOUNT_ERROR},
	{"include/linux/refcount.h", CLASS_REFCOUNT_ERROR},
	{"mm/usercopy.c", CLASS_BAD_USERCOPY},
	{"kernel/locking/lockdep.c", CLASS_LOCK_USAGE},
	{"kernel/lockdep.c", CLASS_LOCK_USAGE},
	{"rust/helpers/bug.c", CLASS_RUST_PANIC},
};

static void narrow_by_file(struct report *r)
{
	struct event *ev = &r->event;
	size_t i;

	if (!ev->file || (ev->class != CLASS_KERNEL_BUG && ev->class != CLASS_WARNING))
		return;
	for (i = 0; i < ARRAY_SIZE(narrow_files); i++) {
		if (!slice_ends(slice_of(ev->file), narrow_files[i].file))
			continue;
		ev->class = narrow_files[i].class;
		r->leads = true;
	}
}

static struct slice after_info(struct slice body)
{
	size_t n = strlen("INFO: ");

	return (struct slice){body.p + n, body.n - n};
}

void report_add_head(struct report *r, const struct marker *marker, struct slice line,
		     struct slice body)
{
	struct event *ev = &r->event;

	r->quiet = 0;
	if (marker->kind == MARK_CUT)
		return;
	if (marker_rank(marker) > rank(ev->class) && !is_kasan(ev->class))
		ev->class = marker->class;
	if (marker->kind == MARK_DETAIL && marker->class == CLASS_NULL_POINTER_DEREFERENCE)
		ev->class = marker->class; /* the other half of a head */
	if (!ev->title)
		ev->title = report_string(r, slice_trim(line));
	if (marker->kind == MARK_LEAD || marker->kind == MARK_DETAIL)
		r->leads = true;
	if (marker->kind == MARK_TRAP)
		r->trapped = true;
	report_read_head(r, marker, body);
	narrow_by_file(r);
	if (slice_starts(body, "INFO: Allocated in") || slice_starts(body, "INFO: Freed in")) {
		(void)report_read_hint(r, after_info(body));
		r->section = SECTION_OTHER;
	}
}

/* A trace that tells nothing about a hang: the idle loop, RCU's own thread, mere printing. */
static bool trace_is_weak(const struct report *r)
{
	bool weak = true;
	size_t i;

	for (i = 0; i < r->event.frame_count; i++) {
		const struct frame *f = &r->frames[i];

		if (!f->function || !f->reliable)
			continue;
		if (oops_group(f->function) == GROUP_IDLE)
			return true;
		weak &= oops_group(f->function) == GROUP_REPORT;
	}
	return weak;
}

static void begin_trace(struct report *r)
{
	bool mine = !r->trace_begun || r->event.frame_count == 0;

	if (!mine && class_weight(r->event.class) == WEIGHT_HANG && trace_is_weak(r))
		mine = true;
	if (r->skip_trace || !mine) {
		r->section = SECTION_OTHER;
		r->trace_done = mine ? r->trace_done : true;
		r->skip_trace = false;
		return;
	}
	r->event.frame_count = 0;
	r->section = SECTION_TRACE;
	r->stack = STACK_TASK;
	r->trace_begun = true;
}

static const char *const trace_headers[] = {
	"Call Trace:", "Call trace:", "Call Trace ", "Backtrace:", "backtrace:", "backtrace (",
	"stack backtrace:", "Stack backtrace:", "Trace:", "all Trace:",
};

/* What follows is not the trace of the report itself. */
static const char *const other_headers[] = {
	"Second to last potentially related",
	"Uninit was ", "Local variable ", "Bytes ", "-> #", "the existing dependency chain",
	"the dependencies between", "other info that might help", "Preemption disabled at:",
	"hardirqs last", "softirqs last", "Showing all locks held", "Showing busy workqueues",
	"Disabled lock debugging", "addr ", "Object ", "Slab ", "Memory state around",
	"The buggy address", "page last allocated via order", "page last free ", "page_owner tracks",
	"page allocated via order", "Last Breaking-Event-Address", "Mem-Info:", "Backtrace for ",
	"{IN-", "{HARDIRQ", "{SOFTIRQ", "irq event stamp", "to a ",
};

static bool starts_with_any(struct slice line, const char *const *list, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++) {
		if (slice_starts(line, list[i]))
			return true;
	}
	return false;
}

/* Starts anew when another CPU's backtrace promises more than the one we have. */
static void restart_if_weak(struct report *r)
{
	if (class_weight(r->event.class) != WEIGHT_HANG || r->event.class == CLASS_HUNG_TASK ||
	    !trace_is_weak(r)) {
		if (r->trace_begun && r->event.frame_count) {
			r->section = SECTION_OTHER;
			r->trace_done = true;
		}
		return;
	}
	r->event.frame_count = 0;
	r->trace_begun = false;
	r->section = SECTION_BODY;
	if (r->where_from != WHERE_HEAD) {
		r->where_from = WHERE_NONE;
		r->event.has_where = false;
	}
}

static void begin_other(struct report *r)
{
	r->trace_done |= r->section == SECTION_TRACE && r->event.frame_count;
	r->section = SECTION_OTHER;
}

/* task:comm  state:D stack:0 pid:1 ...: whose trace follows, where the head is lost */
static bool read_hung_line(struct report *r, struct slice line)
{
	struct cursor c = cursor_of(line);
	struct slice comm;
	int64_t pid;

	if (r->event.class != CLASS_HUNG_TASK || r->event.comm || r->event.frame_count ||
	    !cursor_text(&c, "task:") || !cursor_past(&c, " state:", &comm) ||
	    !cursor_past(&c, " pid:", NULL) || !oops_read_int(&c, &pid))
		return false;
	r->event.comm = report_string(r, slice_trim(comm));
	r->event.pid = pid;
	return true;
}

static bool read_section(struct report *r, struct slice line)
{
	if (report_read_hint(r, line)) {
		begin_other(r);
		return true;
	}
	if (starts_with_any(line, trace_headers, ARRAY_SIZE(trace_headers))) {
		begin_trace(r);
		return true;
	}
	if (report_read_lock_place(r, line) || read_hung_line(r, line))
		return true;
	if (slice_starts(line, "NMI backtrace for cpu") || slice_starts(line, "Task dump for CPU") ||
	    slice_starts(line, "task:") || slice_starts(line, "Sending NMI ")) {
		restart_if_weak(r);
		return true;
	}
	if (slice_find(line, "kthread stack dump:")) {
		r->skip_trace = true;
		return true;
	}
	if (starts_with_any(line, other_headers, ARRAY_SIZE(other_headers))) {
		r->hint = OOPS_HINT_COUNT;
		begin_other(r);
		return true;
	}
	return false;
}

static void read_task(struct report *r, const struct task_line *task)
{
	struct event *ev = &r->event;
	bool noticed_only = class_weight(ev->class) == WEIGHT_HANG && ev->comm;

	r->task_seen = true;
	if (ev->cpu < 0)
		ev->cpu = task->cpu;
	if (!noticed_only && (!ev->comm || ev->pid < 0)) {
		ev->pid = task->pid;
		ev->comm = report_string(r, task->comm);
	}
	if (!ev->taint && !ev->not_tainted) {
		ev->not_tainted = task->not_tainted;
		if (task->taint.n)
			ev->taint = report_string(r, task->taint);
		if (task->release.n)
			ev->release = report_string(r, task->release);
	}
}

/* "CPU 3 ", a line of its own in 2.6.32 */
static bool read_cpu_line(struct report *r, struct slice line)
{
	struct cursor c = cursor_of(slice_trim(line));
	int64_t cpu;

	if (!cursor_text(&c, "CPU ") || !oops_read_int(&c, &cpu) || !cursor_at_end(&c))
		return false;
	if (r->event.cpu < 0)
		r->event.cpu = (int)cpu;
	return true;
}

/* Process comm (pid: 1, threadinfo ...) of old kernels */
static bool read_process(struct report *r, struct slice line)
{
	struct cursor c = cursor_of(line);
	struct slice comm;
	int64_t pid;

	if (!cursor_text(&c, "Process ") || !cursor_past(&c, " (pid: ", &comm) ||
	    !oops_read_int(&c, &pid))
		return false;
	if (!r->event.comm) {
		r->event.comm = report_string(r, comm);
		r->event.pid = pid;
	}
	return true;
}

/* '  comm "name", pid 12, jiffies ...' of kmemleak */
static bool read_leak_owner(struct report *r, struct slice line)
{
	struct cursor c = cursor_of(slice_trim(line));
	struct slice comm;
	int64_t pid;

	if (r->event.class != CLASS_MEMORY_LEAK || !cursor_text(&c, "comm \"") ||
	    !cursor_past(&c, "\", pid ", &comm) || !oops_read_int(&c, &pid))
		return false;
	if (!r->event.comm) {
		r->event.comm = report_string(r, comm);
		r->event.pid = pid;
	}
	return true;
}

/* comm/12 is leaving the kernel with locks still held! (no line of the task follows) */
static bool read_lock_owner(struct report *r, struct slice line)
{
	struct cursor c = cursor_of(line);
	struct slice owner, comm;
	int64_t pid;

	if (r->event.class != CLASS_LOCK_USAGE || r->event.comm ||
	    !cursor_past(&c, " is leaving the kernel with locks still held", &owner) ||
	    !oops_read_owner(owner, &comm, &pid))
		return false;
	r->event.comm = report_string(r, comm);
	r->event.pid = pid;
	return true;
}

/* caller is f+0x1/0x2: who used per-CPU data while it could be preempted, or its wrapper */
static bool read_caller(struct report *r, struct slice line)
{
	struct cursor c = cursor_of(line);
	struct oops_symbol symbol;

	if (r->event.class != CLASS_PREEMPTIBLE_PERCPU || !cursor_text(&c, "caller is ") ||
	    !oops_read_symbol(&c, &symbol) || !symbol.function.n)
		return false;
	if (oops_group(report_string(r, symbol.function)) != GROUP_REPORT)
		report_where(r, WHERE_IP, &symbol, r->event.last_line + 1);
	return true;
}

/* "      Not tainted 5.10.0 #1" below the head of a hung task or lockdep report */
static bool read_bare_taint(struct report *r, struct slice line)
{
	struct cursor c = cursor_of(line);
	struct slice taint = {0}, release;
	bool not_tainted = false;

	if (!oops_read_taint(&c, &taint, &not_tainted))
		return false;
	if (r->event.taint || r->event.not_tainted)
		return true;
	r->event.not_tainted = not_tainted;
	if (taint.n)
		r->event.taint = report_string(r, taint);
	cursor_char(&c, '(');
	if (cursor_until(&c, " )", &release))
		r->event.release = report_string(r, release);
	return true;
}

static bool read_kept(struct report *r, struct slice line, const char *word, const char **ret)
{
	struct cursor c = cursor_of(line);

	if (!cursor_text(&c, word))
		return false;
	cursor_blanks(&c);
	if (!*ret)
		*ret = report_string(r, slice_trim(cursor_rest(&c)));
	return true;
}

static bool read_body(struct report *r, struct slice line)
{
	struct task_line task;

	if (oops_read_task_line(line, &task))
		read_task(r, &task);
	else if (read_cpu_line(r, line))
		return true;
	else if (!read_kept(r, line, "Hardware name:", &r->event.hardware) &&
		 !read_kept(r, line, "Workqueue:", &r->event.workqueue) &&
		 !slice_starts(line, "Modules linked in:") && !read_process(r, line) &&
		 !read_leak_owner(r, line) && !read_lock_owner(r, line) && !read_caller(r, line) &&
		 !slice_starts(line, "CPU: ") && !slice_starts(line, "CPU "))
		return false;
	if (r->section == SECTION_HEAD)
		r->section = SECTION_BODY;
	return true;
}

static bool is_ruler(struct slice line)
{
	size_t n = 0;

	while (n < line.n && line.p[n] == '=')
		n++;
	return n >= RULER_MIN;
}

static bool ends_report(const struct report *r, struct slice line)
{
	/* without its head, a report may still show its place again behind the end mark */
	if (slice_starts(line, "---[ end trace") && r->headless && !r->event.has_where)
		return false;
	if (slice_starts(line, "---[ end ") || slice_starts(line, "Rebooting in ") ||
	    slice_starts(line, "Kernel Offset: "))
		return true;
	return is_ruler(line) && r->event.frame_count;
}

/* Frames without a trace header: only where no other list of functions can come first. */
static bool headless_trace(const struct report *r)
{
	enum crash_class class = r->event.class;

	return !r->trace_begun && !r->skip_trace && r->section != SECTION_OTHER &&
	       !(class >= CLASS_LOCKDEP_DEADLOCK && class <= CLASS_SUSPICIOUS_RCU_USAGE) &&
	       class != CLASS_SLAB_CORRUPTION && class != CLASS_NONE;
}

static bool read_frame(struct report *r, struct slice line, uint32_t number)
{
	enum section before = r->section;

	if (headless_trace(r)) {
		r->section = SECTION_TRACE;
		if (report_read_frame(r, line, number)) {
			r->trace_begun = true;
			return true;
		}
		r->section = before;
		return false;
	}
	return report_read_frame(r, line, number);
}

bool report_add_line(struct report *r, struct slice line, uint32_t number)
{
	struct slice trimmed = slice_trim(line);

	if (ends_report(r, line))
		return false;
	if (read_section(r, trimmed) || read_body(r, trimmed) ||
	    report_read_regs(r, line, number) || read_frame(r, line, number) ||
	    read_bare_taint(r, trimmed)) {
		r->quiet = 0;
		r->event.last_line = number;
		return true;
	}
	return ++r->quiet < REPORT_MAX_QUIET;
}
