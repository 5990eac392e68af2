// SPDX-License-Identifier: GPL-2.0-or-later
//
// The line that names the function, in the forms of all architectures and ages; each stands for
// a report of which little else was left. A place is demo_f, whatever else is named.
#include "unit/test-oops.h"
#include "unit/test-rows.h"

#define ADDRESS "BUG: unable to handle kernel paging request at 12345678\n"
#define CPU "CPU: 0 PID: 12 Comm: cat Not tainted 6.1.0 #1\n"

struct row {
	const char *name, *log;
	enum crash_class class;
};

// clang-format off
static const struct row rows[] = {
	{"x86_64 under Xen, to 4.9", ADDRESS "Oops: 0000 [#1] SMP\nRIP: e030:[<ffffffff81012345>]  [<ffffffff81012345>] demo_f+0x12/0x34\n", CLASS_PAGE_FAULT},
	{"x86_64 under Xen", ADDRESS "Oops: 0000 [#1] SMP\nRIP: e030:demo_f+0x12/0x34\n", CLASS_PAGE_FAULT},
	{"x86_64, the last line", "Oops: 0000 [#1] SMP\nRIP  [<ffffffff81012345>] demo_f+0x12/0x34\n RSP <ffff880012345678>\n", CLASS_CPU_EXCEPTION},
	{"i386, to 4.9", ADDRESS "IP: [<c0123456>] demo_f+0x12/0x34\n*pde = 00000000\n", CLASS_PAGE_FAULT},
	{"i386 under Xen", ADDRESS "Oops: 0000 [#1] SMP\nEIP: 0061:[<c0123456>] EFLAGS: 00010246 CPU: 0\nEIP is at demo_f+0x12/0x34\n", CLASS_PAGE_FAULT},
	{"i386", ADDRESS "Oops: 0000 [#1] SMP\nEIP: demo_f+0x12/0x34\n", CLASS_PAGE_FAULT},
	{"i386, the last line", "Oops: 0000 [#1] SMP\nEIP: [<c0123456>] demo_f+0x12/0x34 SS:ESP 0068:c1234567\n", CLASS_CPU_EXCEPTION},
	{"arm to 4.12", "Unable to handle kernel NULL pointer dereference at virtual address 00000010\npgd = c0004000\nInternal error: Oops: 17 [#1] SMP ARM\nPC is at demo_f+0x12/0x34\nLR is at demo_g+0x1/0x2\n", CLASS_NULL_POINTER_DEREFERENCE},
	{"arm64, an exception that has no handler",
	 "Unhandled 64-bit el1h sync exception on CPU0, ESR 0x0000000002000000 -- Unknown/Uncategorized\n" CPU "pc : demo_f+0x12/0x34\nlr : demo_g+0x1/0x2\n"
	 "Kernel panic - not syncing: Unhandled exception\n" CPU "Call trace:\n panic+0x1/0x2\n __panic_unhandled+0x1/0x2\n el1h_64_sync+0x1/0x2\n demo_g+0x1/0x2\n", CLASS_CPU_EXCEPTION},
	{"arm64, a break instruction", "Unexpected kernel BRK exception at EL1\nInternal error: BRK handler: f20003e8 [#1] PREEMPT SMP\npc : demo_f+0x12/0x34\nlr : demo_g+0x1/0x2\n", CLASS_CPU_EXCEPTION},
	{"arm64, a BUG between head and trap of a fault",
	 "Unable to handle kernel paging request at virtual address dead000000100108\npgd = ffffffc000000000\n------------[ cut here ]------------\n"
	 "Kernel BUG at ffffff80085ab954 [verbose debug info unavailable]\nInternal error: Oops - BUG: 96000044 [#1] PREEMPT SMP\nPC is at demo_f+0x12/0x34\n", CLASS_PAGE_FAULT},
	{"powerpc64 to 4.x", "Unable to handle kernel paging request for data at address 0x00000008\nFaulting instruction address: 0xc000000000012345\nNIP [c000000000012345] .demo_f+0x12/0x34\nLR [c000000000012345] .demo_g+0x1/0x2\n", CLASS_PAGE_FAULT},
	{"powerpc64, a machine check", "MCE: CPU3: machine check (Severe)  Real address Load/Store [Not recovered]\nMCE: CPU3: NIP: [c000000000012345] demo_f+0x12/0x34\n", CLASS_MACHINE_CHECK},
	{"powerpc64, a hard lockup", "watchdog: CPU 3 self-detected hard LOCKUP @ demo_f+0x12/0x34\n", CLASS_HARD_LOCKUP},
	{"a hard lockup, noticed in an NMI (to 4.12)", "Kernel panic - not syncing: Watchdog detected hard LOCKUP on cpu 3\nCall Trace:\n <NMI>  [<ffffffff81000001>] dump_stack+0x1/0x2\n [<ffffffff81000002>] panic+0x1/0x2\n [<ffffffff81000003>] watchdog_overflow_callback+0x1/0x2\n [<ffffffff81000004>] __perf_event_overflow+0x1/0x2\n [<ffffffff81000005>] intel_pmu_handle_irq+0x1/0x2\n [<ffffffff81000006>] perf_event_nmi_handler+0x1/0x2\n [<ffffffff81000007>] nmi_handle.isra.0+0x1/0x2\n [<ffffffff81000008>] do_nmi+0x1/0x2\n [<ffffffff81000009>] end_repeat_nmi+0x1/0x2\n <<EOE>>  [<ffffffff8100000a>] demo_f+0x1/0x2\n [<ffffffff8100000b>] demo_g+0x1/0x2\n", CLASS_HARD_LOCKUP},
	{"s390 to 3.3", "addressing exception: 0005 [#1] SMP\nKrnl PSW : 0704100180000000 000003e000012345 (demo_f+0x12/0x34 [demo])\n", CLASS_CPU_EXCEPTION},
	{"s390, BUG", "kernel BUG at fs/x.c:12!\nmonitor event: 0040 ilc:2 [#1] SMP\nKrnl PSW : 0704100180000000 000003e000012345 (demo_f+0x12/0x34)\n", CLASS_KERNEL_BUG},
	{"mips, unaligned", "Unhandled kernel unaligned access[#1]:\n" CPU "epc   : 80012345 demo_f+0x12/0x34 [demo]\n", CLASS_CPU_EXCEPTION},
	{"loongarch, unaligned", "Kernel ale access[#1]:\n" CPU "   ra: 9000000000012345 demo_g+0x1/0x2\n  ERA: 9000000000012345 demo_f+0x12/0x34\n", CLASS_CPU_EXCEPTION},
	{"loongarch, BUG", "kernel BUG at fs/x.c:12!\nOops - BUG[#1]:\n" CPU "  ERA: 9000000000012345 demo_f+0x12/0x34\n", CLASS_KERNEL_BUG},
	{"ia64", "Unable to handle kernel NULL pointer dereference (address 0000000000000010)\ncat[12]: Oops 8813272891392 [1]\nip is at demo_f+0x12/0x34\n", CLASS_NULL_POINTER_DEREFERENCE},
	{"alpha", "Unable to handle kernel paging request at virtual address 0000000000000010\ncat(12): Oops 0\npc is at demo_f+0x12/0x34\nra is at demo_g+0x1/0x2\n", CLASS_PAGE_FAULT},
	{"sh", "BUG: unable to handle kernel NULL pointer dereference at 00000010\nPC: [<8c012345>] demo_f+0x12/0x34\n", CLASS_NULL_POINTER_DEREFERENCE},
	{"BUG without its file", "Kernel BUG at demo_f+0x12/0x34 [verbose debug info unavailable]\ninvalid opcode: 0000 [#1] SMP\n", CLASS_KERNEL_BUG},
	{"BUG of an architecture without a trap for it", "BUG: failure at fs/x.c:12/demo_f()!\nKernel panic - not syncing: BUG!\n", CLASS_KERNEL_BUG},
	{"WARNING without its file", "WARNING: CPU: 0 PID: 12 at demo_f+0x12/0x34\n" CPU, CLASS_WARNING},
	{"UBSAN that traps", "UBSAN: array index out of bounds at demo_f+0x12/0x34\nOops: invalid opcode: 0000 [#1] SMP\n" CPU "RIP: 0010:demo_f+0x12/0x34\n", CLASS_UBSAN},
	{"preemptible: the caller", "BUG: using smp_processor_id() in preemptible [00000000] code: cat/12\ncaller is demo_f+0x12/0x34\n", CLASS_PREEMPTIBLE_PERCPU},
	{"preemptible: above its wrapper", "BUG: using __this_cpu_add() in preemptible [00000000] code: cat/12\ncaller is __this_cpu_preempt_check+0x12/0x34\nCall Trace:\n __this_cpu_preempt_check+0x1/0x2\n demo_f+0x1/0x2\n", CLASS_PREEMPTIBLE_PERCPU},
};
// clang-format on

static void read_place(void **state)
{
	const struct row *row = *state;
	struct fact_set facts;
	struct slice name;

	facts_of(&facts, row->log);
	assert_non_null(facts.crash);
	assert_string_equal(class_name(facts.crash->class), class_name(row->class));
	assert_true(facts.crash->has_where);
	name = oops_plain_name(facts.crash->where.function);
	assert_int_equal(name.n, strlen("demo_f"));
	assert_memory_equal(name.p, "demo_f", name.n);
	fact_done(&facts);
}

/* Whose report it is, by the head alone: names of tasks may hold what else parts them. */
static void read_owner(void **state)
{
	static const struct {
		const char *log, *comm;
		int64_t pid;
	} owners[] = {
		{"BUG: scheduling while atomic: cat/12/0x00000002\n", "cat", 12},
		{"BUG: scheduling while atomic: kworker/0:1/12/0x00000002\n", "kworker/0:1", 12},
		{"BUG: scheduling with irqs disabled: swapper/1/0x00000000/12\n", "swapper/1", 12},
		{"WARNING: fs/x.c:12 at f+0x1/0x2, CPU#1: a b/12\n", "a b", 12},
		{"WARNING: [x > 1] fs/x.c:12 at f+0x1/0x2, CPU#1: kworker/0:1/12\n", "kworker/0:1", 12},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(owners); i++) {
		struct fact_set facts;

		facts_of(&facts, owners[i].log);
		assert_string_equal(or_none(facts.crash->comm), owners[i].comm);
		assert_int_equal(facts.crash->pid, owners[i].pid);
		fact_done(&facts);
	}
}

int main(void)
{
	struct CMUnitTest tests[ARRAY_SIZE(rows) + 1];

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		tests[i] = row_test(rows[i].name, read_place, &rows[i]);
	tests[ARRAY_SIZE(rows)] = (struct CMUnitTest)cmocka_unit_test(read_owner);
	return cmocka_run_group_tests_name("oops-place", tests, NULL, NULL);
}
