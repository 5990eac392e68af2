// SPDX-License-Identifier: GPL-2.0-or-later
//
// What a report's header line tells besides its class: the address, the place, the task.
#include "oops/report.h"

/* Moves behind the last occurrence of word in c. */
static bool past_last(struct cursor *c, const char *word)
{
	bool found = false;

	while (cursor_past(c, word, NULL))
		found = true;
	return found;
}

/* "at 00000000000003a7", "address: 0x88", "at (null)" */
static void read_address(struct report *r, struct slice body)
{
	struct cursor c = cursor_of(body);
	uint64_t value;

	if (!past_last(&c, "address") && !past_last(&c, " at "))
		return;
	while (cursor_peek(&c) == ':' || cursor_peek(&c) == ' ')
		c.p++;
	if (cursor_text(&c, "(null)"))
		report_set_address(r, 0);
	else if (cursor_0x(&c, &value) || cursor_hex(&c, &value))
		report_set_address(r, value);
}

static void read_access(struct report *r, struct slice body)
{
	if (slice_find(body, " write ") || slice_find(body, "to write") ||
	    slice_find(body, " when write"))
		r->event.access = ACCESS_WRITE;
	else if (slice_find(body, " read ") || slice_find(body, "to read") ||
		 slice_find(body, " when read"))
		r->event.access = ACCESS_READ;
	else if (slice_find(body, "instruction fetch") || slice_find(body, "to execute") ||
		 slice_find(body, "execute from") || slice_find(body, " when execute"))
		r->event.access = ACCESS_EXEC;
}

/* lib/list_debug.c:53 */
static bool read_file(struct report *r, struct cursor *c)
{
	struct cursor try = *c;
	struct slice path;
	uint64_t line;

	if (!cursor_until(&try, ": \t", &path) || !cursor_char(&try, ':') ||
	    !cursor_dec(&try, &line) || line > UINT32_MAX)
		return false;
	r->event.file = report_string(r, path);
	r->event.file_line = (uint32_t)line;
	*c = try;
	return true;
}

static bool read_place(struct report *r, struct cursor *c)
{
	struct oops_symbol symbol;

	cursor_blanks(c);
	if (!oops_read_name(c, &symbol) || !symbol.function.n)
		return false;
	report_where(r, WHERE_HEAD, &symbol, r->event.line);
	return true;
}

/* f+0x1/0x2 in the place of a file name, of kernels that know none */
static void read_offset_place(struct report *r, struct cursor *c)
{
	struct oops_symbol symbol;

	if (oops_read_symbol(c, &symbol) && symbol.function.n && symbol.has_offset)
		report_where(r, WHERE_HEAD, &symbol, r->event.line);
}

/* ": comm/12" behind the CPU, since 6.18; the name may hold slashes */
static void read_owner(struct report *r, struct slice text)
{
	struct cursor c = cursor_of(text);
	struct slice comm;
	int64_t pid;

	if (!cursor_text(&c, ": ") || !oops_read_owner(cursor_rest(&c), &comm, &pid) || !comm.n)
		return;
	r->event.comm = report_string(r, comm);
	r->event.pid = pid;
}

static void read_number(struct cursor *c, int64_t *ret)
{
	int64_t value;

	cursor_blanks(c);
	if (oops_read_int(c, &value))
		*ret = value;
}

/* Badness in f at kernel/x.c:12; BUG: warning at kernel/x.c:12/f() */
static bool read_old_warning(struct report *r, struct slice body)
{
	struct cursor c = cursor_of(body);

	if (cursor_text(&c, "Badness in ")) {
		if (read_place(r, &c) && cursor_past(&c, " at ", NULL))
			(void)read_file(r, &c);
		return true;
	}
	if (!cursor_text(&c, "BUG: warning at "))
		return false;
	if (read_file(r, &c) && cursor_char(&c, '/'))
		(void)read_place(r, &c);
	return true;
}

/*
 * WARNING: CPU: 1 PID: 2 at kernel/x.c:12 f+0x1/0x2()
 * WARNING: at kernel/x.c:12 f+0x1/0x2()
 * WARNING: [cond] kernel/x.c:12 at f+0x1/0x2, CPU#1: comm/2
 */
static void read_warning(struct report *r, struct slice body)
{
	struct cursor c = cursor_of(body), find = c;
	int64_t cpu = -1;

	if (read_old_warning(r, body))
		return;
	if (cursor_past(&find, "CPU: ", NULL)) {
		read_number(&find, &cpu);
		if (cursor_past(&find, "PID: ", NULL))
			read_number(&find, &r->event.pid);
	}
	if (cursor_past(&find, ", CPU#", NULL)) {
		const char *at = memmem(body.p, body.n, " at ", 4);
		const char *file = at;

		read_number(&find, &cpu);
		while (file && file > body.p && file[-1] != ' ')
			file--;
		if (file) {
			c.p = file;
			(void)read_file(r, &c); /* without, the function still tells */
			(void)cursor_past(&c, " at ", NULL);
			(void)read_place(r, &c);
		}
		read_owner(r, cursor_rest(&find));
	} else if (cursor_past(&c, " at ", NULL) || cursor_past(&c, "at ", NULL)) {
		if (read_file(r, &c))
			(void)read_place(r, &c); /* powerpc prints no function here */
		else
			read_offset_place(r, &c);
	}
	r->event.cpu = (int)cpu;
}

/* CPU#1 stuck for 22s! [comm:1234] */
static void read_soft_lockup(struct report *r, struct slice body)
{
	struct cursor c = cursor_of(body);
	int64_t value;
	struct slice comm;
	const char *colon;

	if (cursor_past(&c, "CPU#", NULL) && oops_read_int(&c, &value))
		r->event.cpu = (int)value;
	if (cursor_past(&c, "stuck for ", NULL) && oops_read_int(&c, &value))
		r->event.seconds = value > 0 ? (uint32_t)value : 0;
	if (!cursor_past(&c, "[", NULL) || !cursor_until(&c, "]", &comm))
		return;
	colon = memrchr(comm.p, ':', comm.n);
	if (!colon)
		return;
	c = (struct cursor){colon + 1, comm.p + comm.n};
	read_number(&c, &r->event.pid);
	r->event.comm = report_string(r, (struct slice){comm.p, (size_t)(colon - comm.p)});
}

/* INFO: task comm:1234 blocked for more than 120 seconds. */
static void read_hung_task(struct report *r, struct slice body)
{
	struct cursor c = cursor_of(body);
	struct slice task;
	const char *colon;
	int64_t value;

	if (!cursor_past(&c, "task ", NULL))
		return;
	if (!cursor_past(&c, " blocked", &task) && !cursor_past(&c, " can't die", &task))
		return;
	if (cursor_past(&c, "more than ", NULL) && oops_read_int(&c, &value))
		r->event.seconds = value > 0 ? (uint32_t)value : 0;
	colon = memrchr(task.p, ':', task.n);
	if (!colon)
		return;
	c = (struct cursor){colon + 1, task.p + task.n};
	read_number(&c, &r->event.pid);
	r->event.comm = report_string(r, (struct slice){task.p, (size_t)(colon - task.p)});
}

/* hard LOCKUP on cpu 3, CPU 3 self-detected hard LOCKUP, CPU 3: Machine Check Exception,
 * self-detected stall on CPU { 3} */
static void read_cpu(struct report *r, struct slice body)
{
	struct cursor c = cursor_of(body);
	int64_t value;

	if (!cursor_past(&c, "on cpu ", NULL) && !cursor_past(&c, "CPU", NULL) &&
	    !cursor_past(&c, "cpu ", NULL))
		return;
	while (cursor_peek(&c) == ' ' || cursor_peek(&c) == '{')
		c.p++;
	if (oops_read_int(&c, &value))
		r->event.cpu = (int)value;
}

/*
 * BUG: scheduling while atomic: comm/1234/0x2		the name may hold slashes
 * BUG: scheduling with irqs disabled: comm/0x2/1234
 */
static void read_atomic(struct report *r, struct slice body)
{
	struct cursor c = cursor_of(body), number;
	const char *last, *before;
	struct slice text;

	if (!cursor_past(&c, ": ", NULL) || !cursor_past(&c, ": ", NULL))
		return;
	text = slice_trim(cursor_rest(&c));
	last = memrchr(text.p, '/', text.n);
	before = last ? memrchr(text.p, '/', (size_t)(last - text.p)) : NULL;
	if (!before)
		return;
	number = (struct cursor){before + 1, text.p + text.n};
	if (cursor_text(&number, "0x"))
		number.p = last + 1;
	read_number(&number, &r->event.pid);
	r->event.comm = report_string(r, (struct slice){text.p, (size_t)(before - text.p)});
}

static void read_oom(struct report *r, struct slice body)
{
	struct cursor c = cursor_of(body);
	struct slice comm;

	if (cursor_past(&c, " invoked oom-killer", &comm) ||
	    cursor_past(&c, ": page allocation failure", &comm))
		r->event.comm = report_string(r, slice_trim(comm));
}

/* CPU 3 self-detected hard LOCKUP @ f+0x1/0x2 (powerpc) */
static void read_hard_lockup(struct report *r, struct slice body)
{
	struct cursor c = cursor_of(body);

	read_cpu(r, body);
	if (cursor_past(&c, " LOCKUP @ ", NULL))
		read_offset_place(r, &c);
}

/* BUG: KASAN: use-after-free in f+0x1/0x2; KCSAN names two functions: f / g */
static void read_in_function(struct report *r, struct slice body)
{
	struct cursor c = cursor_of(body);

	if (cursor_past(&c, " in ", NULL))
		(void)read_place(r, &c); /* a cut line has none */
}

static void read_cfi(struct report *r, struct slice body)
{
	struct cursor c = cursor_of(body);

	if (cursor_past(&c, "failure at ", NULL))
		(void)read_place(r, &c);
}

/* INFO: Allocated in f+0x1/0x2 age=1 cpu=2 pid=3 */
static void read_slab(struct report *r, struct slice body)
{
	struct cursor c = cursor_of(body);

	if (cursor_text(&c, "INFO: Allocated in ") || cursor_text(&c, "INFO: Freed in "))
		(void)read_place(r, &c);
}

/*
 * kernel BUG at fs/x.c:12!
 * BUG: failure at fs/x.c:12/f()!
 * Kernel BUG at f+0x1/0x2 [verbose debug info unavailable]
 */
static void read_bug(struct report *r, struct slice body)
{
	struct cursor c = cursor_of(body);

	if (!cursor_past(&c, " at ", NULL))
		return;
	if (!read_file(r, &c))
		read_offset_place(r, &c);
	else if (cursor_char(&c, '/'))
		(void)read_place(r, &c);
}

/*
 * UBSAN: shift-out-of-bounds in drivers/x/regs.c:204:17
 * UBSAN: array index out of bounds at f+0x1/0x2
 */
static void read_ubsan(struct report *r, struct slice body)
{
	struct cursor c = cursor_of(body);

	if (cursor_past(&c, " in ", NULL))
		(void)read_file(r, &c);
	else if (cursor_past(&c, " at ", NULL))
		read_offset_place(r, &c);
}

static void read_rust(struct report *r, struct slice body)
{
	struct cursor c = cursor_of(body);

	if (cursor_past(&c, "panicked at ", NULL))
		(void)read_file(r, &c);
}

static void skip_panic_words(struct cursor *c)
{
	if (!cursor_text(c, "Kernel panic - not syncing"))
		(void)cursor_text(c, "Kernel panic");
	cursor_char(c, ':');
	cursor_blanks(c);
}

struct slice oops_panic_text(struct slice body)
{
	struct cursor c = cursor_of(body);

	skip_panic_words(&c);
	return cursor_rest(&c);
}

/* Kernel panic - not syncing: message */
static void read_panic(struct report *r, struct slice body)
{
	struct cursor c = cursor_of(body);
	struct panic_reading reading;

	r->event.is_panic = true;
	skip_panic_words(&c);
	reading = oops_panic_message(cursor_rest(&c));
	r->event.message = report_string(r, slice_trim(cursor_rest(&c)));
	r->event.class = reading.class;
	r->event.is_consequence = reading.consequence;
	if (reading.class == CLASS_STACK_CORRUPTION && cursor_past(&c, "corrupted in: ", NULL))
		(void)read_place(r, &c); /* some kernels print an address only */
}

/* comm(1234): Oops [#1] of sparc */
static void read_named_trap(struct report *r, struct slice body)
{
	struct cursor c = cursor_of(body);
	struct slice comm;

	if (!cursor_until(&c, "(", &comm) || comm.n > 15 || !cursor_char(&c, '('))
		return;
	r->event.comm = report_string(r, comm);
	read_number(&c, &r->event.pid);
}

/* Oops: 0002 [#1]: the error code of x86 and the number of the oops */
static void read_trap(struct report *r, struct slice body)
{
	struct cursor c = cursor_of(body);
	uint64_t code;
	int64_t value;

	while (cursor_text(&c, "Oops: "))
		;
	if (cursor_hex(&c, &code) && cursor_text(&c, " [#") &&
	    r->event.access == ACCESS_UNKNOWN) {
		r->event.access = code & 0x10 ? ACCESS_EXEC : code & 2 ? ACCESS_WRITE : ACCESS_READ;
		r->event.from_user_mode = code & 4;
	}
	c = cursor_of(body);
	if (cursor_text(&c, "Internal error: Oops: ") && cursor_hex(&c, &code) &&
	    r->event.access == ACCESS_UNKNOWN)
		r->event.access = oops_arm_access(code);
	c = cursor_of(body);
	if (cursor_past(&c, "[#", NULL) && oops_read_int(&c, &value) && value > 0)
		r->event.oops_number = (unsigned)value;
	c = cursor_of(body);
	if (cursor_past(&c, "canonical address ", NULL) && cursor_0x(&c, &code))
		report_set_address(r, code);
}

void report_read_head(struct report *r, const struct marker *marker, struct slice body)
{
	if (marker->kind == MARK_PANIC) {
		read_panic(r, body);
		return;
	}
	if (marker->kind == MARK_TRAP) {
		if (marker->text[0] == '*')
			read_named_trap(r, body);
		read_trap(r, body);
		return;
	}
	switch (marker->class) {
	case CLASS_NULL_POINTER_DEREFERENCE:
	case CLASS_PAGE_FAULT:
	case CLASS_EXTERNAL_ABORT:
		read_access(r, body);
		read_address(r, body);
		break;
	case CLASS_WARNING:
		read_warning(r, body);
		break;
	case CLASS_KERNEL_BUG:
		read_bug(r, body);
		break;
	case CLASS_UBSAN:
		read_ubsan(r, body);
		break;
	case CLASS_RUST_PANIC:
		read_rust(r, body);
		break;
	case CLASS_CFI_FAILURE:
		read_cfi(r, body);
		break;
	case CLASS_KASAN_USE_AFTER_FREE:
	case CLASS_KASAN_OUT_OF_BOUNDS:
	case CLASS_KASAN_INVALID_FREE:
	case CLASS_KASAN_BAD_ACCESS:
	case CLASS_KMSAN:
	case CLASS_KCSAN:
	case CLASS_KFENCE:
		if (marker->kind == MARK_HEAD)
			read_in_function(r, body);
		break;
	case CLASS_SLAB_CORRUPTION:
		read_slab(r, body);
		break;
	case CLASS_SOFT_LOCKUP:
		read_soft_lockup(r, body);
		break;
	case CLASS_HARD_LOCKUP:
		read_hard_lockup(r, body);
		break;
	case CLASS_RCU_STALL:
	case CLASS_MACHINE_CHECK:
		read_cpu(r, body);
		break;
	case CLASS_HUNG_TASK:
		read_hung_task(r, body);
		break;
	case CLASS_SCHEDULING_WHILE_ATOMIC:
		read_atomic(r, body);
		break;
	case CLASS_OOM:
	case CLASS_PAGE_ALLOCATION_FAILURE:
		read_oom(r, body);
		break;
	default:
		break;
	}
}
