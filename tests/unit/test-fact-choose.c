// SPDX-License-Identifier: GPL-2.0-or-later
//
// Which event is the crash, and the roles of the others in the order of the log.
#include "unit/test-oops.h"
#include "unit/test-rows.h"

#define WARN "WARNING: CPU: 1 PID: 2 at a/b.c:3 warner+0x1/0x2\n"
#define OTHER_WARN "WARNING: CPU: 3 PID: 9 at a/b.c:3 warner+0x1/0x2\n"
#define BUG "kernel BUG at a/b.c:4!\ninvalid opcode: 0000 [#1] SMP\n"
#define FAULT "BUG: unable to handle page fault for address: ffffc90000000000\n" \
	      "Oops: 0000 [#2] SMP\n"
#define TASK "CPU: 1 PID: 2 Comm: cat Tainted: G      D    6.1.0 #1\nCall Trace:\n f+0x1/0x2\n"
#define DISABLES "\"echo 0 > /proc/sys/kernel/hung_task_timeout_secs\" disables this message.\n"
#define END "---[ end trace 0000000000000000 ]---\n"

struct row {
	const char *name, *log, *crash, *roles; /* an event: p, C(ause), c, =, u, P(anic) */
};

// clang-format off
static const struct row rows[] = {
	{"nothing", "all is well\n", NULL, ""},
	{"only a warning", WARN TASK END, "warning", "C"},
	{"no death: the oops, not the warning before it", WARN TASK END BUG TASK END, "kernel-bug", "pC"},
	{"no death: the first report of several", WARN TASK END "UBSAN: x in a.c:1:2\n", "warning", "Cc"},
	{"a fatal exception is the oops's", WARN TASK END FAULT TASK END "Kernel panic - not syncing: Fatal exception\n", "page-fault", "pCP"},
	{"panic_on_warn is the warning's", WARN "Kernel panic - not syncing: panic_on_warn set ...\n" TASK, "warning", "CP"},
	{"a panic by its own message", WARN TASK END "Kernel panic - not syncing: device is on fire\n" TASK, "panic", "pC"},
	{"OOM panic", "cat invoked oom-killer: gfp_mask=0x1, order=0\n" TASK "Kernel panic - not syncing: Out of memory: system-wide panic_on_oom is enabled\n", "oom", "pC"},
	{"hung task panic: the first of the scan",
	 "[  200.000000] INFO: task a:1 blocked for more than 120 seconds.\n[  200.100000] INFO: task b:2 blocked for more than 120 seconds.\n"
	 "[  200.200000] Kernel panic - not syncing: hung_task: blocked tasks\n", "hung-task", "C=P"},
	{"a task that hangs long after the first follows",
	 "[  200.000000] INFO: task a:1 blocked for more than 120 seconds.\n[  900.000000] INFO: task b:2 blocked for more than 120 seconds.\n", "hung-task", "Cc"},
	{"init died of an oops", "BUG: kernel NULL pointer dereference, address: 0000000000000000\nCPU: 0 PID: 1 Comm: init Not tainted 6.1.0 #1\n" END
	 "Kernel panic - not syncing: Attempted to kill init! exitcode=0x00000009\n", "null-pointer-dereference", "CP"},
	{"head lost: the line below it tells", DISABLES "Call Trace:\n schedule+0x1/0x2\n demo+0x1/0x2\n", "hung-task", "C"},
	{"head lost: a stall", "rcu: \t(detected by 1, t=5252 jiffies, g=1, q=1)\nCall Trace:\n demo+0x1/0x2\n", "rcu-stall", "C"},
	{"head there: the line below it is none", "INFO: task a:1 blocked for more than 120 seconds.\n" DISABLES "Call Trace:\n schedule+0x1/0x2\n", "hung-task", "C"},
	{"behind another report the line is none", WARN TASK END DISABLES "Call Trace:\n schedule+0x1/0x2\n", "warning", "C"},
	{"head lost, then a report with one", DISABLES "Call Trace:\n demo+0x1/0x2\n" WARN TASK END, "warning", "C"},
	{"init left by itself", "Kernel panic - not syncing: Attempted to kill init! exitcode=0x00000100\n", "init-killed", "C"},
	{"a lockup long before is no cause", "[   10.000000] watchdog: BUG: soft lockup - CPU#1 stuck for 22s! [a:1]\n[  900.000000] Kernel panic - not syncing: Fatal exception\n", "panic", "pC"},
	{"arm64: bad mode and its trap are one", "Bad mode in Error handler detected, code 0xbf000000 -- SError\nInternal error: Oops - bad mode: 0 [#1] SMP\n" TASK, "cpu-exception", "C"},
	{"arm: an unhandled fault and its trap are one", "Unhandled fault: alignment exception (0x001) at 0x00000001\nInternal error: : 1 [#1] SMP ARM\n" TASK, "cpu-exception", "C"},
	{"a warning of another task on another CPU is of its own", FAULT TASK END OTHER_WARN END, "page-fault", "Cu"},
	{"a warning of the same CPU follows", FAULT TASK END "WARNING: CPU: 1 PID: 9 at a/b.c:3 warner+0x1/0x2\n" END, "page-fault", "Cc"},
	{"a warning of the same task follows", FAULT TASK END "WARNING: CPU: 3 PID: 2 at a/b.c:3 warner+0x1/0x2\n" END, "page-fault", "Cc"},
	{"a warning of a kernel that the crash broke follows",
	 FAULT "CPU: 1 PID: 2 Comm: cat Not tainted 6.1.0 #1\n" END OTHER_WARN "CPU: 3 PID: 9 Comm: dog Tainted: G      D    6.1.0 #1\n" END, "page-fault", "Cc"},
	{"another CPU's oops follows", BUG TASK END FAULT "CPU: 3 PID: 9 Comm: dog Tainted: G      D    6.1.0 #1\n" END, "kernel-bug", "Cc"},
	{"idle tasks of two CPUs are two", "BUG: spinlock bad magic on CPU#0, swapper/0\nCPU: 0 PID: 0 Comm: swapper/0 Not tainted 6.1.0 #1\nCall Trace:\n f+0x1/0x2\n" "WARNING: CPU: 1 PID: 0 at a/b.c:3 warner+0x1/0x2\n" END, "spinlock-bug", "Cu"},
	{"sysrq", "sysrq: Trigger a crash\nKernel panic - not syncing: sysrq triggered crash\n" TASK, "sysrq-crash", "pC"},
	{"sysrq of old kernels: a fault on purpose", "SysRq : Trigger a crash\nBUG: unable to handle kernel NULL pointer dereference at (null)\nOops: 0002 [#1] SMP\nRIP: 0010:sysrq_handle_crash+0x16/0x20\n", "sysrq-crash", "C"},
	{"the crash kernel started: the last oops", BUG TASK END FAULT TASK "Starting crashdump kernel...\n", "page-fault", "pC"},
};
// clang-format on

static char letter(enum chain_role role)
{
	switch (role) {
	case ROLE_PRECURSOR:
		return 'p';
	case ROLE_CAUSE:
		return 'C';
	case ROLE_CONSEQUENCE:
		return 'c';
	case ROLE_CONCURRENT:
		return '=';
	case ROLE_UNRELATED:
		return 'u';
	case ROLE_PANIC:
		return 'P';
	}
	return '?';
}

static void choose(void **state)
{
	const struct row *row = *state;
	struct fact_set facts;
	char roles[OOPS_MAX_EVENTS + 1] = "";

	facts_of(&facts, row->log);
	assert_string_equal(or_none(facts.crash ? class_name(facts.crash->class) : NULL),
			    or_none(row->crash));
	assert_int_equal(facts.crash_source, row->crash ? FROM_LOG : FROM_NOWHERE);
	for (size_t i = 0; i < facts.chain_count; i++)
		roles[i] = letter(facts.chain[i].role);
	assert_string_equal(roles, row->roles);
	fact_done(&facts);
}

/* Oopses at once are one chain, and its first counts; one that was survived is not of it. */
static void chain_of_oopses(void **state)
{
	static const char *const second_at[] = {"10.100000", "90.000000"};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(second_at); i++) {
		struct fact_set facts;
		char text[512];

		snprintf(text, sizeof(text),
			 "[   10.000000] kernel BUG at a/b.c:4!\n[   10.000001] invalid opcode: 0000 [#1] SMP\n"
			 "[   %s] BUG: unable to handle page fault for address: 1\n"
			 "[   %s] CPU: 1 PID: 2 Comm: cat Tainted: G      D    6.1.0 #1\n"
			 "[   %s] Call Trace:\n[   %s]  f+0x1/0x2\n"
			 "[   %s] Kernel panic - not syncing: Fatal exception\n",
			 second_at[i], second_at[i], second_at[i], second_at[i], second_at[i]);
		facts_of(&facts, text);
		assert_int_equal(facts.crash->class, i ? CLASS_PAGE_FAULT : CLASS_KERNEL_BUG);
		fact_done(&facts);
	}
}

int main(void)
{
	struct CMUnitTest tests[ARRAY_SIZE(rows) + 1];

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		tests[i] = row_test(rows[i].name, choose, &rows[i]);
	tests[ARRAY_SIZE(rows)] = (struct CMUnitTest)cmocka_unit_test(chain_of_oopses);
	return cmocka_run_group_tests_name("fact-choose", tests, NULL, NULL);
}
