// SPDX-License-Identifier: GPL-2.0-or-later
//
// Header lines, old and new wordings of every class: which class they announce; and lines that
// look alike and announce nothing.
#include "unit/test-oops.h"

#include "oops/marker.h"

struct row {
	const char *line;
	enum crash_class class;
};

// clang-format off
static const struct row rows[] = {
	{"BUG: kernel NULL pointer dereference, address: 0000000000000028", CLASS_NULL_POINTER_DEREFERENCE},
	{"BUG: unable to handle kernel NULL pointer dereference at (null)", CLASS_NULL_POINTER_DEREFERENCE},
	{"Unable to handle kernel NULL pointer dereference at virtual address 0000000000000010", CLASS_NULL_POINTER_DEREFERENCE},
	{"BUG: Kernel NULL pointer dereference on read at 0x00000008", CLASS_NULL_POINTER_DEREFERENCE},
	{"BUG: unable to handle page fault for address: ffffc90000123000", CLASS_PAGE_FAULT},
	{"BUG: unable to handle kernel paging request at ffffc90000123000", CLASS_PAGE_FAULT},
	{"Unable to handle kernel paging request for data at address 0x00001230", CLASS_PAGE_FAULT},
	{"Unable to handle kernel pointer dereference in virtual kernel address space", CLASS_PAGE_FAULT},
	{"Unable to handle kernel access to user memory without uaccess routines at virtual address 28", CLASS_PAGE_FAULT},
	{"BUG: Unable to handle kernel data access on write at 0xc000000012345678", CLASS_PAGE_FAULT},
	{"Kernel attempted to read user page (330) - exploit attempt? (uid: 0)", CLASS_PAGE_FAULT},
	{"CPU 1 Unable to handle kernel paging request at virtual address 00000004, epc == 80012345, ra == 80012346", CLASS_PAGE_FAULT},
	{"Unable to handle kernel paging request in mna handler", CLASS_CPU_EXCEPTION},
	{"general protection fault: 0000 [#1] SMP", CLASS_GENERAL_PROTECTION_FAULT},
	{"Oops: general protection fault, probably for non-canonical address 0xdead000000000100: 0000 [#1] SMP", CLASS_GENERAL_PROTECTION_FAULT},
	{"divide error: 0000 [#1] SMP PTI", CLASS_DIVIDE_ERROR},
	{"fixpoint divide exception: 0009 ilc:2 [#1] SMP", CLASS_DIVIDE_ERROR},
	{"invalid opcode: 0000 [#1] SMP", CLASS_INVALID_OPCODE},
	{"Internal error: Oops - undefined instruction: 0 [#1] SMP ARM", CLASS_INVALID_OPCODE},
	{"Oops - illegal instruction [#1]", CLASS_INVALID_OPCODE},
	{"double fault: 0000 [#1] SMP", CLASS_DOUBLE_FAULT},
	{"traps: PANIC: double fault, error_code: 0x0", CLASS_DOUBLE_FAULT},
	{"BUG: TASK stack guard page was hit at 00000000abcdef01 (stack is 0..1)", CLASS_STACK_OVERFLOW},
	{"Insufficient stack space to handle exception!", CLASS_STACK_OVERFLOW},
	{"Internal error: synchronous external abort: 96000210 [#1] SMP", CLASS_EXTERNAL_ABORT},
	{"Unhandled fault: imprecise external abort (0x1406) at 0x00000000", CLASS_EXTERNAL_ABORT},
	{"SError Interrupt on CPU2, code 0xbf000002 -- SError", CLASS_EXTERNAL_ABORT},
	{"Oops: 0002 [#1] SMP", CLASS_CPU_EXCEPTION},
	{"Oops[#1]:", CLASS_CPU_EXCEPTION},
	{"insmod(77): Oops [#1]", CLASS_CPU_EXCEPTION},
	{"Bad mode in Error handler detected on CPU0, code 0xbf000000 -- SError", CLASS_CPU_EXCEPTION},
	{"Unhandled fault: page domain fault (0x01b) at 0x00000002", CLASS_CPU_EXCEPTION},
	{"kernel BUG at fs/inode.c:612!", CLASS_KERNEL_BUG},
	{"Kernel bug detected[#1]:", CLASS_KERNEL_BUG},
	{"rust_kernel: panicked at drivers/x.rs:60:5:", CLASS_RUST_PANIC},
	{"WARNING: CPU: 1 PID: 77 at kernel/x.c:12 f+0x1/0x2()", CLASS_WARNING},
	{"WARNING: at net/core/dev.c:12 f+0x1/0x2()", CLASS_WARNING},
	{"WARNING: mm/memblock.c:904 at f+0x1/0x2, CPU#0: swapper/0/0", CLASS_WARNING},
	{"WARNING: [x > 1] mm/memblock.c:904 at f+0x1/0x2, CPU#0: swapper/0/0", CLASS_WARNING},
	{"Badness at arch/powerpc/kernel/x.c:12", CLASS_WARNING},
	{"list_add corruption. next->prev should be prev (1), but was 2. (next=3).", CLASS_LIST_CORRUPTION},
	{"list_del corruption, ffff888012345678->next is LIST_POISON1 (dead000000000100)", CLASS_LIST_CORRUPTION},
	{"refcount_t: underflow; use-after-free.", CLASS_REFCOUNT_ERROR},
	{"usercopy: Kernel memory exposure attempt detected from SLUB object 'x' (offset 0, size 9)!", CLASS_BAD_USERCOPY},
	{"BUG kmalloc-64 (Not tainted): Poison overwritten", CLASS_SLAB_CORRUPTION},
	{"BUG foo_cache: Objects remaining on kmem_cache_close()", CLASS_SLAB_CORRUPTION},
	{"slab error in verify_redzone_free(): cache `x': double free detected", CLASS_SLAB_CORRUPTION},
	{"BUG: Bad page state in process cat  pfn:12345", CLASS_BAD_PAGE},
	{"BUG: Bad rss-counter state mm:000000001234 idx:1 val:1", CLASS_BAD_PAGE},
	{"BUG: Dentry 00000000deadbeef{i=1,n=x}  still in use (1) [unmount of ext4 sda1]", CLASS_VFS_INCONSISTENCY},
	{"VFS: Busy inodes after unmount of sda1. Self-destruct in 5 seconds.", CLASS_VFS_INCONSISTENCY},
	{"CFI failure at f+0x1/0x2 (target: g+0x0/0x8; expected type: 0x12345678)", CLASS_CFI_FAILURE},
	{"BUG: KASAN: slab-use-after-free in f+0x1/0x2", CLASS_KASAN_USE_AFTER_FREE},
	{"BUG: KASAN: double-free in f+0x1/0x2", CLASS_KASAN_INVALID_FREE},
	{"BUG: KASAN: null-ptr-deref in f+0x1/0x2", CLASS_KASAN_BAD_ACCESS},
	{"BUG: KASAN: vmalloc-out-of-bounds in f+0x1/0x2", CLASS_KASAN_OUT_OF_BOUNDS},
	{"BUG: KMSAN: uninit-value in f+0x1/0x2", CLASS_KMSAN},
	{"BUG: KCSAN: data-race in f / g", CLASS_KCSAN},
	{"BUG: KFENCE: memory corruption in f+0x1/0x2", CLASS_KFENCE},
	{"UBSAN: shift-out-of-bounds in lib/x.c:1:2", CLASS_UBSAN},
	{"unreferenced object 0xffff888012345678 (size 64):", CLASS_MEMORY_LEAK},
	{"[ INFO: possible recursive locking detected ]", CLASS_LOCKDEP_DEADLOCK},
	{"WARNING: possible circular locking dependency detected", CLASS_LOCKDEP_DEADLOCK},
	{"WARNING: SOFTIRQ-safe -> SOFTIRQ-unsafe lock order detected", CLASS_LOCKDEP_DEADLOCK},
	{"WARNING: inconsistent lock state", CLASS_LOCKDEP_INCONSISTENT_STATE},
	{"[ BUG: Invalid wait context ]", CLASS_LOCK_USAGE},
	{"WARNING: cat/77 still has locks held!", CLASS_LOCK_USAGE},
	{"INFO: trying to register non-static key.", CLASS_LOCK_USAGE},
	{"BUG: MAX_STACK_TRACE_ENTRIES too low!", CLASS_LOCK_USAGE},
	{"WARNING: suspicious RCU usage", CLASS_SUSPICIOUS_RCU_USAGE},
	{"BUG: spinlock bad magic on CPU#0, swapper/1", CLASS_SPINLOCK_BUG},
	{"BUG: sleeping function called from invalid context at mm/slab.h:12", CLASS_SLEEPING_IN_ATOMIC},
	{"BUG: scheduling while atomic: cat/77/0x00000002", CLASS_SCHEDULING_WHILE_ATOMIC},
	{"BUG: using smp_processor_id() in preemptible [00000000] code: cat/77", CLASS_PREEMPTIBLE_PERCPU},
	{"NMI watchdog: BUG: soft lockup - CPU#3 stuck for 22s! [cat:77]", CLASS_SOFT_LOCKUP},
	{"NMI watchdog: Watchdog detected hard LOCKUP on cpu 3", CLASS_HARD_LOCKUP},
	{"watchdog: CPU 3 self-detected hard LOCKUP @ f+0x1/0x2", CLASS_HARD_LOCKUP},
	{"INFO: task cat:77 blocked for more than 120 seconds.", CLASS_HUNG_TASK},
	{"INFO: task cat:77 blocked in I/O wait for more than 120 seconds.", CLASS_HUNG_TASK},
	{"rcu: INFO: rcu_preempt detected stalls on CPUs/tasks:", CLASS_RCU_STALL},
	{"INFO: rcu_sched self-detected stall on CPU", CLASS_RCU_STALL},
	{"BUG: workqueue lockup - pool cpus=0 node=0 flags=0x0 nice=0 stuck for 31s!", CLASS_WORKQUEUE_LOCKUP},
	{"unregister_netdevice: waiting for lo to become free. Usage count = 1", CLASS_UNREGISTER_NETDEVICE_HANG},
	{"mce: [Hardware Error]: CPU 1: Machine Check Exception: 5 Bank 3: be00000000800400", CLASS_MACHINE_CHECK},
	{"{1}[Hardware Error]: event severity: fatal", CLASS_HARDWARE_ERROR},
	{"Uhhuh. NMI received for unknown reason 3d on CPU 0.", CLASS_NMI},
	{"irq 16: nobody cared (try booting with the \"irqpoll\" option)", CLASS_IRQ_NOBODY_CARED},
	{"cat invoked oom-killer: gfp_mask=0x100cca(GFP_HIGHUSER_MOVABLE), order=0, oom_score_adj=0", CLASS_OOM},
	{"kworker/u8:3: page allocation failure: order:4, mode:0xc0d0", CLASS_PAGE_ALLOCATION_FAILURE},
	{"sysrq: SysRq : Trigger a crash", CLASS_SYSRQ_CRASH},
	{"Kernel panic - not syncing: whatever", CLASS_PANIC},

	/* and what only looks like it */
	{"NMI watchdog: Enabled. Permanently consumes one hw-PMU counter.", CLASS_NONE},
	{"watchdog: Delayed init of the lockup detector failed: -19", CLASS_NONE},
	{"traps: cat[77] general protection fault ip:7f00 sp:7ffe error:0 in libc.so[7f00+1000]", CLASS_NONE},
	{"cat[77]: segfault at 0 ip 00007f00 sp 00007ffe error 4 in cat[400000+1000]", CLASS_NONE},
	{"cat[77] trap int3 ip:400123 sp:7ffe error:0", CLASS_NONE},
	{"systemd[1]: WARNING: CPU: 1 is busy", CLASS_NONE},
	{"WARNING: the firmware is old", CLASS_NONE},
	{"INFO: task cat:77 is blocked on a mutex likely owned by task dog:78.", CLASS_NONE},
	{"INFO: lockdep is turned off.", CLASS_NONE},
	{"drm: registered panic notifier", CLASS_NONE},
	{"Oops: efitime: cannot read time!", CLASS_NONE},
	{"rcu: Hierarchical RCU implementation.", CLASS_NONE},
	{"mce: CPU0: Thermal monitoring enabled (TM1)", CLASS_NONE},
	{"irq 16: using MSI", CLASS_NONE},
	{"ACPI: bus type PCI registered", CLASS_NONE},
	{"RIP: 0033:0x7f0012345678", CLASS_NONE},
	{"BUG", CLASS_NONE},
	{"", CLASS_NONE},
};
// clang-format on

static void classify(void **state)
{
	const struct row *row = *state;
	const struct marker *marker;
	struct marker_filter filter;
	struct slice body;

	oops_marker_filter(&filter);
	marker = oops_marker(&filter, slice_of(row->line), &body);
	assert_string_equal(class_name(marker ? marker->class : CLASS_NONE),
			    class_name(row->class));
}

/* What a decoration hides does not nest without end. */
static void deep_decorations(void **state)
{
	struct marker_filter filter;
	struct slice body;
	char line[4096];
	size_t n = 0;

	(void)state;
	oops_marker_filter(&filter);
	while (n + 5 < sizeof(line))
		memcpy(line + n, "rcu: ", 5), n += 5;
	assert_null(oops_marker(&filter, (struct slice){line, n}, &body));
}

struct panic_row {
	const char *message;
	enum crash_class class;
	bool consequence;
};

// clang-format off
static const struct panic_row panic_rows[] = {
	{"Fatal exception in interrupt", CLASS_PANIC, true},
	{"Fatal exception: panic_on_oops", CLASS_PANIC, true},
	{"kernel: panic_on_warn set ...", CLASS_WARNING, true},
	{"softlockup: hung tasks", CLASS_SOFT_LOCKUP, true},
	{"hung_task: blocked tasks", CLASS_HUNG_TASK, true},
	{"Hard LOCKUP", CLASS_HARD_LOCKUP, true},
	{"RCU Stall", CLASS_RCU_STALL, true},
	{"Attempted to kill init! exitcode=0x0000000b", CLASS_INIT_KILLED, true},
	{"Out of memory: system-wide panic_on_oom is enabled", CLASS_OOM, false},
	{"VFS: Unable to mount root fs on unknown-block(0,0)", CLASS_UNABLE_TO_MOUNT_ROOT, false},
	{"sysrq triggered crash", CLASS_SYSRQ_CRASH, false},
	{"stack-protector: Kernel stack is corrupted in: f+0x1/0x2", CLASS_STACK_CORRUPTION, false},
	{"Fatal machine check on current CPU", CLASS_MACHINE_CHECK, true},
	{"Fatal hardware error!", CLASS_HARDWARE_ERROR, false},
	{"NMI: Not continuing", CLASS_NMI, false},
	{"EXT4-fs (device sda1): panic forced after error", CLASS_PANIC, false},
};
// clang-format on

static void panic_messages(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(panic_rows); i++) {
		const struct panic_row *row = &panic_rows[i];
		struct panic_reading reading = oops_panic_message(slice_of(row->message));

		assert_string_equal(class_name(reading.class), class_name(row->class));
		assert_int_equal(reading.consequence, row->consequence);
	}
}

static void patterns(void **state)
{
	(void)state;
	assert_true(oops_pattern(slice_of("abc def"), "abc"));
	assert_true(oops_pattern(slice_of("abc def"), "abc*f"));
	assert_true(oops_pattern(slice_of("abc def"), "*def"));
	assert_false(oops_pattern(slice_of("abc def"), "bc"));
	assert_false(oops_pattern(slice_of("abc def"), "abc*x"));
	assert_false(oops_pattern(slice_of("ab"), "abc"));
	assert_true(oops_pattern(slice_of(""), ""));
}

int main(void)
{
	struct CMUnitTest tests[ARRAY_SIZE(rows) + 3];
	size_t n = 0;

	for (; n < ARRAY_SIZE(rows); n++)
		tests[n] = (struct CMUnitTest){
			.name = rows[n].line,
			.test_func = classify,
			.initial_state = (void *)(uintptr_t)&rows[n],
		};
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(deep_decorations);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(panic_messages);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(patterns);
	return cmocka_run_group_tests_name("oops-marker", tests, NULL, NULL);
}
