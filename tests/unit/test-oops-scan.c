// SPDX-License-Identifier: GPL-2.0-or-later
//
// A whole log: which lines are whose, several boots, what the log says of the machine, limits.
#include "unit/test-oops.h"

static void machine(void **state)
{
	struct fact_set facts;
	const struct oops_log *log = &facts.log;

	(void)state;
	facts_of(&facts, "Command line: root=/dev/vda1 ro\n"
			 "DMI: ACME Box 9/Board, BIOS 1.2 01/02/2026\n"
			 "Hypervisor detected: KVM\n"
			 "------------[ cut here ]------------\n"
			 "WARNING: CPU: 1 PID: 2 at a/b.c:3 f+0x1/0x2\n"
			 "Modules linked in: one two(OE) three(+)\n"
			 " four(PO-) [last unloaded: five(OE)]\n"
			 "CPU: 1 PID: 2 Comm: cat Not tainted 6.1.0-test #1\n");
	assert_int_equal(log->boots, 1);
	assert_string_equal(log->release, "6.1.0-test");
	assert_string_equal(log->version, "#1 SMP");
	assert_string_equal(log->cmdline, "root=/dev/vda1 ro");
	assert_string_equal(log->hardware, "ACME Box 9/Board, BIOS 1.2 01/02/2026");
	assert_string_equal(log->hypervisor, "KVM");
	assert_int_equal(log->module_count, 4);
	assert_string_equal(log->modules[1].name, "two");
	assert_string_equal(log->modules[1].flags, "OE");
	assert_string_equal(log->modules[3].name, "four");
	assert_string_equal(log->modules[3].flags, "PO-");
	assert_string_equal(log->last_unloaded, "five");
	fact_done(&facts);
}

/* The caller field keeps two reports apart that were printed at once. */
static void callers(void **state)
{
	struct fact_set facts;
	const struct event *ev;

	(void)state;
	facts_of(&facts, "[    1.000001][    C1] watchdog: BUG: soft lockup - CPU#1 stuck for 22s! [a:11]\n"
			 "[    1.000002][   T22] WARNING: CPU: 0 PID: 22 at a/b.c:3 demo_warn+0x1/0x2\n"
			 "[    1.000003][    C1] CPU: 1 PID: 11 Comm: a Not tainted 6.1.0 #1\n"
			 "[    1.000004][   T22] CPU: 0 PID: 22 Comm: b Not tainted 6.1.0 #1\n"
			 "[    1.000005][    C1] RIP: 0010:demo_spin+0x1/0x2\n"
			 "[    1.000006][   T22] Call Trace:\n"
			 "[    1.000007][    C1] Call Trace:\n"
			 "[    1.000008][   T22]  warn_user+0x1/0x2\n"
			 "[    1.000009][    C1]  spin_user+0x1/0x2\n");
	assert_int_equal(facts.log.count, 2);
	ev = &facts.log.events[0];
	assert_int_equal(ev->class, CLASS_SOFT_LOCKUP);
	assert_string_equal(ev->where.function, "demo_spin");
	assert_int_equal(ev->frame_count, 1);
	assert_string_equal(ev->trace[0].function, "spin_user");
	ev = &facts.log.events[1];
	assert_int_equal(ev->class, CLASS_WARNING);
	assert_string_equal(ev->comm, "b");
	assert_int_equal(ev->frame_count, 1);
	assert_string_equal(ev->trace[0].function, "warn_user");
	fact_done(&facts);
}

static void stacks(void **state)
{
	static const enum stack_kind want[] = {STACK_NMI, STACK_IRQ, STACK_TASK, STACK_TASK};
	struct fact_set facts;
	const struct event *ev;

	(void)state;
	facts_of(&facts, "BUG: unable to handle page fault for address: ffffc90000000000\n"
			 "Oops: 0000 [#1] SMP\n"
			 "RIP: 0010:f+0x1/0x2\n"
			 "Call Trace:\n"
			 " <NMI>\n"
			 " a+0x1/0x2\n"
			 " </NMI>\n"
			 " <IRQ>\n"
			 " b+0x1/0x2\n"
			 " </IRQ>\n"
			 " <TASK>\n"
			 " c+0x1/0x2\n"
			 " ? d+0x1/0x2 [mod]\n"
			 " </TASK>\n");
	ev = &facts.log.events[0];
	assert_int_equal(ev->frame_count, ARRAY_SIZE(want));
	for (size_t i = 0; i < ARRAY_SIZE(want); i++)
		assert_int_equal(ev->trace[i].stack, want[i]);
	assert_true(ev->trace[2].reliable);
	assert_false(ev->trace[3].reliable);
	assert_string_equal(ev->trace[3].module, "mod");
	assert_int_equal(ev->trace[3].line, 14);
	fact_done(&facts);
}

struct boots_row {
	const char *name, *log;
	size_t count;
	enum crash_class class;
	const char *release;
};

// clang-format off
static const struct boots_row boots_rows[] = {
	{"the last boot that crashed counts",
	 "kernel BUG at a/b.c:1!\n"
	 "Linux version 6.2.0 (a@b) #2 SMP\n"
	 "BUG: unable to handle page fault for address: ffffc90000000000\n",
	 1, CLASS_PAGE_FAULT, "6.2.0"},
	{"a boot without events after the crash hides nothing",
	 "kernel BUG at a/b.c:1!\n"
	 "Linux version 6.2.0 (a@b) #2 SMP\n"
	 "all is well\n",
	 1, CLASS_KERNEL_BUG, "6.1.0-test"},
	{"a warning after the crash hides nothing",
	 "kernel BUG at a/b.c:1!\n"
	 "Linux version 6.2.0 (a@b) #2 SMP\n"
	 "WARNING: CPU: 1 PID: 2 at a/b.c:3 f+0x1/0x2\n",
	 1, CLASS_KERNEL_BUG, "6.1.0-test"},
	{"without a crash the last boot with a report",
	 "WARNING: CPU: 1 PID: 2 at a/b.c:3 f+0x1/0x2\n"
	 "Linux version 6.2.0 (a@b) #2 SMP\n"
	 "UBSAN: shift-out-of-bounds in a/b.c:1:2\n",
	 1, CLASS_UBSAN, "6.2.0"},
};
// clang-format on

static void several_boots(void **state)
{
	const struct boots_row *row = *state;
	struct fact_set facts;

	facts_of(&facts, row->log);
	assert_int_equal(facts.log.boots, 2);
	assert_int_equal(facts.log.count, row->count);
	assert_string_equal(class_name(facts.log.events[0].class), class_name(row->class));
	assert_string_equal(facts.log.release, row->release);
	fact_done(&facts);
}

/* Text that a process wrote into the log is no event of the kernel's. */
static void user_text(void **state)
{
	struct fact_set facts;

	(void)state;
	facts_of(&facts, "<6>[    1.000000] usb 1-1: new device\n"
			 "<12>[    2.000000] BUG: kernel NULL pointer dereference, address: 0000000000000000\n"
			 "<12>[    2.000001] RIP: 0010:pasted+0x1/0x2\n");
	assert_int_equal(facts.log.count, 1);
	assert_true(facts.log.events[0].from_user);
	assert_null(facts.crash);
	assert_int_equal(facts.chain_count, 0);
	fact_done(&facts);
}

/* A log whose every line has the same wrong facility is a log of the kernel all the same. */
static void wrong_facility(void **state)
{
	struct fact_set facts;

	(void)state;
	facts_of(&facts, "<30>[    1.000000] usb 1-1: new device\n"
			 "<30>[    2.000000] WARNING: CPU: 1 PID: 2 at a/b.c:3 f+0x1/0x2\n");
	assert_non_null(facts.crash);
	assert_int_equal(facts.crash->class, CLASS_WARNING);
	fact_done(&facts);
}

/* The head is lost: the instruction pointer tells of a crash, unless the log has a real one. */
static void headless(void **state)
{
	static const char text[] = "CPU: 1 PID: 7 Comm: cat Not tainted 5.4.0 #1\n"
				   "RIP: 0010:demo_read+0x1/0x2 [demo]\n"
				   "Call Trace:\n"
				   " vfs_read+0x1/0x2\n";
	char with_head[sizeof(text) + 64];
	struct fact_set facts;

	(void)state;
	facts_of(&facts, text);
	assert_int_equal(facts.log.count, 1);
	assert_int_equal(facts.log.events[0].class, CLASS_CPU_EXCEPTION);
	assert_true(facts.log.events[0].cut);
	assert_string_equal(facts.log.events[0].where.function, "demo_read");
	fact_done(&facts);

	snprintf(with_head, sizeof(with_head), "%skernel BUG at a/b.c:1!\n", text);
	facts_of(&facts, with_head);
	assert_int_equal(facts.log.count, 1);
	assert_int_equal(facts.log.events[0].class, CLASS_KERNEL_BUG);
	fact_done(&facts);

	snprintf(with_head, sizeof(with_head), "%sKernel panic - not syncing: Fatal exception\n", text);
	facts_of(&facts, with_head);
	assert_int_equal(facts.crash->class, CLASS_CPU_EXCEPTION);
	assert_string_equal(facts.crash->where.function, "demo_read");
	fact_done(&facts);

	snprintf(with_head, sizeof(with_head), "%sKernel panic - not syncing: softlockup: hung tasks\n",
		 text);
	facts_of(&facts, with_head);
	assert_int_equal(facts.crash->class, CLASS_SOFT_LOCKUP);
	assert_string_equal(facts.crash->where.function, "demo_read");
	fact_done(&facts);
}

/* A deep trace keeps its two ends. */
static void long_trace(void **state)
{
	enum { FRAMES = OOPS_MAX_FRAMES + 40 };
	struct fact_set facts;
	const struct event *ev;
	char text[FRAMES * 32 + 256];
	size_t n;

	(void)state;
	n = (size_t)sprintf(text, "BUG: stack guard page was hit at 1 (stack is 1..2)\n"
				  "RIP: 0010:f+0x1/0x2\nCall Trace:\n");
	for (int i = 0; i < FRAMES; i++)
		n += (size_t)sprintf(text + n, " f%d+0x1/0x2\n", i);
	facts_of(&facts, text);
	ev = &facts.log.events[0];
	assert_int_equal(ev->frame_count, OOPS_MAX_FRAMES);
	assert_true(ev->frames_dropped);
	assert_string_equal(ev->trace[0].function, "f0");
	snprintf(text, sizeof(text), "f%d", FRAMES - 1);
	assert_string_equal(ev->trace[OOPS_MAX_FRAMES - 1].function, text);
	fact_done(&facts);
}

/* Of a deep trace's outer part the frames that the kernel doubts go first. */
static void long_doubted_trace(void **state)
{
	enum { FRAMES = OOPS_MAX_FRAMES };
	char text[FRAMES * 64 + 256];
	struct fact_set facts;
	size_t n, found = 0;

	(void)state;
	n = (size_t)sprintf(text, "BUG: stack guard page was hit at 1 (stack is 1..2)\n"
				  "RIP: 0010:f+0x1/0x2\nCall Trace:\n");
	for (int i = 0; i < FRAMES; i++)
		n += (size_t)sprintf(text + n, " deep+0x1/0x2\n");
	for (int i = 0; i < 20; i++)
		n += (size_t)sprintf(text + n, " outer+0x1/0x2\n ? doubted+0x1/0x2\n ? doubted+0x1/0x2\n");
	facts_of(&facts, text);
	for (size_t i = 0; i < facts.log.events[0].frame_count; i++)
		found += !strcmp(facts.log.events[0].trace[i].function, "outer");
	assert_int_equal(found, 20);
	fact_done(&facts);
}

/* A line that is a report of its own does not end the one in whose trace it stands. */
static void line_inside(void **state)
{
	struct fact_set facts;

	(void)state;
	facts_of(&facts, "INFO: task cat:9 blocked for more than 120 seconds.\n"
			 "Call Trace:\n"
			 " schedule+0x1/0x2\n"
			 "unregister_netdevice: waiting for lo to become free. Usage count = 6\n"
			 " demo_open+0x1/0x2\n");
	assert_int_equal(facts.log.count, 2);
	assert_int_equal(facts.log.events[0].class, CLASS_HUNG_TASK);
	assert_string_equal(facts.log.events[0].where.function, "demo_open");
	assert_int_equal(facts.log.events[1].class, CLASS_UNREGISTER_NETDEVICE_HANG);
	fact_done(&facts);
}

/* Of many events the first and the last are kept, in order, and the rest is counted. */
static void many_events(void **state)
{
	enum { EVENTS = 1000 };
	char *text = malloc(EVENTS * 64);
	struct fact_set facts;
	size_t n = 0;

	(void)state;
	assert_non_null(text);
	for (int i = 0; i < EVENTS; i++)
		n += (size_t)sprintf(text + n, "WARNING: CPU: 1 PID: %d at a/b.c:%d f+0x1/0x2\n", i, i);
	facts_of(&facts, text);
	free(text);
	assert_true(facts.log.count <= OOPS_MAX_EVENTS);
	assert_true(facts.log.count >= OOPS_MAX_EVENTS * 3 / 4);
	assert_int_equal(facts.log.count + facts.log.dropped, EVENTS);
	assert_int_equal(facts.log.events[0].file_line, 0);
	assert_int_equal(facts.log.events[facts.log.count - 1].file_line, EVENTS - 1);
	for (size_t i = 1; i < facts.log.count; i++)
		assert_true(facts.log.events[i - 1].line < facts.log.events[i].line);
	fact_done(&facts);
}

static void clean_boot(void **state)
{
	struct fact_set facts;

	(void)state;
	facts_of(&facts, "rcu: Hierarchical RCU implementation.\n"
			 "rcu: \tRCU-based detection of stalled CPUs is disabled.\n"
			 "x86/mm: Checked W+X mappings: passed, no W+X pages found.\n"
			 "check: Scanning 1 areas for low memory corruption\n"
			 "NMI watchdog: Enabled. Permanently consumes one hw-PMU counter.\n"
			 "mce: Using 32 MCE banks\n"
			 "drm: registered panic notifier\n"
			 "systemd[1]: WARNING: something of its own\n"
			 "cat[7]: segfault at 0 ip 0000000000401136 sp 00007ffe error 6 in cat[401000+1000]\n"
			 "Code: 55 48 89 e5 <c7> 00\n"
			 "traps: dog[8] general protection fault ip:401136 sp:7ffe error:0 in dog[401000+1000]\n");
	assert_int_equal(facts.log.count, 0);
	assert_null(facts.crash);
	assert_null(facts.panic);
	assert_null(facts.blame.function);
	fact_done(&facts);
}

/* The trace of a panic_on_warn stands below the panic's line and is the warning's. */
static void panic_inside(void **state)
{
	struct fact_set facts;
	const struct event *ev;

	(void)state;
	facts_of(&facts, "------------[ cut here ]------------\n"
			 "WARNING: CPU: 1 PID: 2 at a/b.c:3 demo_warn+0x1/0x2\n"
			 "Kernel panic - not syncing: panic_on_warn set ...\n"
			 "CPU: 1 PID: 2 Comm: cat Not tainted 5.10.0 #1\n"
			 "Call Trace:\n"
			 " panic+0x1/0x2\n"
			 " __warn.cold+0x1/0x2\n"
			 " demo_ioctl+0x1/0x2\n");
	assert_int_equal(facts.log.count, 2);
	ev = &facts.log.events[0];
	assert_int_equal(ev->class, CLASS_WARNING);
	assert_int_equal(ev->frame_count, 3);
	assert_string_equal(ev->comm, "cat");
	ev = &facts.log.events[1];
	assert_true(ev->is_panic);
	assert_string_equal(ev->message, "panic_on_warn set ...");
	assert_int_equal(ev->frame_count, 0);
	fact_done(&facts);
}

/* An oops goes on behind its trace; a hang need not. */
static void cut_tail(void **state)
{
#define OOPS "BUG: unable to handle page fault for address: ffffc90000000000\nRIP: 0010:f+0x1/0x2\n" \
	     "Call Trace:\n <TASK>\n g+0x1/0x2\n"
	static const struct {
		const char *log;
		bool cut;
	} logs[] = {
		{OOPS, true},
		{OOPS " </TASK>\n", true},
		{OOPS " </TASK>\nModules linked in: a\n", false},
		{OOPS "another line\n", false},
		{"INFO: task a:1 blocked for more than 120 seconds.\nCall Trace:\n g+0x1/0x2\n", false},
		{"Kernel panic - not syncing: on fire\nCall Trace:\n g+0x1/0x2\n", false},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(logs); i++) {
		struct fact_set facts;

		facts_of(&facts, logs[i].log);
		assert_int_equal(facts.log.events[0].cut, logs[i].cut);
		fact_done(&facts);
	}
#undef OOPS
}

int main(void)
{
	struct CMUnitTest tests[] = {
		cmocka_unit_test(machine),	  cmocka_unit_test(callers),
		cmocka_unit_test(stacks),	  cmocka_unit_test(user_text),
		cmocka_unit_test(wrong_facility), cmocka_unit_test(headless),
		cmocka_unit_test(long_trace),	  cmocka_unit_test(many_events),
		cmocka_unit_test(clean_boot),	  cmocka_unit_test(panic_inside),
		cmocka_unit_test(line_inside),	  cmocka_unit_test(long_doubted_trace),
		cmocka_unit_test(cut_tail),
		{boots_rows[0].name, several_boots, NULL, NULL, (void *)(uintptr_t)&boots_rows[0]},
		{boots_rows[1].name, several_boots, NULL, NULL, (void *)(uintptr_t)&boots_rows[1]},
		{boots_rows[2].name, several_boots, NULL, NULL, (void *)(uintptr_t)&boots_rows[2]},
		{boots_rows[3].name, several_boots, NULL, NULL, (void *)(uintptr_t)&boots_rows[3]},
	};

	return cmocka_run_group_tests_name("oops-scan", tests, NULL, NULL);
}
