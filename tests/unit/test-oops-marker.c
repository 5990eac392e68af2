// SPDX-License-Identifier: GPL-2.0-or-later
//
// Header lines, old and new wordings of every class: which class they announce; and lines that
// look alike and announce nothing.
#include "unit/test-oops.h"

#include "oops/marker.h"
#include "unit/test-rows.h"

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

	/* old, rare and other architectures' wordings */
	{"Unable to handle kernel NULL pointer dereference at virtual address 00000000 when read", CLASS_NULL_POINTER_DEREFERENCE},
	{"Unable to handle kernel NULL pointer dereference (address 0000000000000010)", CLASS_NULL_POINTER_DEREFERENCE},
	{"BUG: Kernel NULL pointer dereference at 0x00000008", CLASS_NULL_POINTER_DEREFERENCE},
	{"BUG: Unable to handle unknown paging fault at 0xc000000012345678", CLASS_PAGE_FAULT},
	{"BUG: Unable to handle kernel instruction fetch", CLASS_PAGE_FAULT},
	{"Page fault: no context: Code=15 (Data TLB miss fault) at addr 0000000000000008", CLASS_PAGE_FAULT},
	{"Kernel Fault: Code=26 (Data memory access rights trap) at addr 0000000000000008", CLASS_PAGE_FAULT},
	{"fixpoint divide exception: 0009 [#1] SMP", CLASS_DIVIDE_ERROR},
	{"illegal operation: 0001 [#1] SMP", CLASS_INVALID_OPCODE},
	{"low stack detected by irq handler", CLASS_STACK_OVERFLOW},
	{"Kernel stack overflow in process 00000000abcdef01, r1=c0000000", CLASS_STACK_OVERFLOW},
	{"BUG: IRQ stack guard page was hit at 00000000abcdef01 (stack is 0..1)", CLASS_STACK_OVERFLOW},
	{"BUG: #DF stack guard page was hit at 00000000abcdef01 (stack is 0..1)", CLASS_STACK_OVERFLOW},
	{"Unhandled fault: synchronous external abort (0x96000210) at 0xffffff8000000000", CLASS_EXTERNAL_ABORT},
	{"Unhandled fault: external abort on non-linefetch (0x1028) at 0xfed00000", CLASS_EXTERNAL_ABORT},
	{"Data bus error, epc == 80012345, ra == 80012346", CLASS_EXTERNAL_ABORT},
	{"BUG: Unable to handle unaligned access at 0xc000000012345679", CLASS_CPU_EXCEPTION},
	{"*** ADDRESS ERROR ***   FORMAT=B", CLASS_CPU_EXCEPTION},
	{"*** ILLEGAL INSTRUCTION ***   FORMAT=0", CLASS_CPU_EXCEPTION},
	{"addressing exception: 0005 [#1] PREEMPT SMP", CLASS_CPU_EXCEPTION},
	{"addressing exception: 0005 ilc:2 [#1] SMP", CLASS_CPU_EXCEPTION},
	{"special operation exception: 0013 ilc:2 [#1] SMP", CLASS_CPU_EXCEPTION},
	{"translation exception: 0012 ilc:2 [#1] SMP", CLASS_CPU_EXCEPTION},
	{"transaction constraint exception: 0218 ilc:3 [#1] SMP", CLASS_CPU_EXCEPTION},
	{"space switch event: 001c ilc:2 [#1] SMP", CLASS_CPU_EXCEPTION},
	{"Low-address protection: 0004 ilc:3 [#1] SMP", CLASS_CPU_EXCEPTION},
	{"bounds: 0000 [#1] SMP", CLASS_CPU_EXCEPTION},
	{"overflow: 0000 [#1] SMP", CLASS_CPU_EXCEPTION},
	{"iret exception: 0000 [#1] SMP", CLASS_CPU_EXCEPTION},
	{"Oops: stack segment: 0000 [#1] SMP", CLASS_CPU_EXCEPTION},
	{"Oops: int3: 0000 [#1] SMP", CLASS_CPU_EXCEPTION},
	{"Unhandled 64-bit el1h sync exception on CPU0, ESR 0x0000000002000000 -- Unknown/Uncategorized", CLASS_CPU_EXCEPTION},
	{"Unhandled 64-bit el1t error exception on CPU3, ESR 0x00000000bf000002 -- SError", CLASS_CPU_EXCEPTION},
	{"Unexpected kernel BRK exception at EL1", CLASS_CPU_EXCEPTION},
	{"Unexpected kernel single-step exception at EL1", CLASS_CPU_EXCEPTION},
	{"Kernel ale access[#1]:", CLASS_CPU_EXCEPTION},
	{"Kernel ade access[#1]:", CLASS_CPU_EXCEPTION},
	{"FP exception in kernel code[#1]:", CLASS_CPU_EXCEPTION},
	{"do_fpu invoked from kernel context![#1]:", CLASS_CPU_EXCEPTION},
	{"do_reserved exception[#1]:", CLASS_CPU_EXCEPTION},
	{"Trap instruction in kernel code[#1]:", CLASS_CPU_EXCEPTION},
	{"do_cpu invoked from kernel context![#1]:", CLASS_CPU_EXCEPTION},
	{"Unhandled kernel unaligned access[#1]:", CLASS_CPU_EXCEPTION},
	{"Bad mode in Synchronous Abort handler detected on CPU0, code 0x86000006 -- IABT (current EL)", CLASS_CPU_EXCEPTION},
	{"Alignment trap: not handling instruction e1932f9f at [<c0012345>]", CLASS_CPU_EXCEPTION},
	{"Oops - BUG[#1]:", CLASS_KERNEL_BUG},
	{"Kernel BUG at c0012345 [verbose debug info unavailable]", CLASS_KERNEL_BUG},
	{"Kernel bug at fs/x.c:12", CLASS_KERNEL_BUG},
	{"BUG: failure at fs/x.c:12/f()!", CLASS_KERNEL_BUG},
	{"rust_kernel: panicked at 'attempt to add with overflow', drivers/x.rs:12:5", CLASS_RUST_PANIC},
	{"WARNING: CPU: 0 PID: 12 at f+0x1/0x2", CLASS_WARNING},
	{"WARNING: net/core/dev.c:12 at f+0x1/0x2, CPU#1: a b/12", CLASS_WARNING},
	{"Badness at net/core/dev.c:12", CLASS_WARNING},
	{"list_add_rcu corruption. next->prev should be prev (1), but was 2. (next=3).", CLASS_LIST_CORRUPTION},
	{"list_del corruption. prev->next should be 1, but was 2. (prev=3)", CLASS_LIST_CORRUPTION},
	{"list_add double add: new=1, prev=1, next=2.", CLASS_LIST_CORRUPTION},
	{"slab: double free detected in cache 'x', objp 1", CLASS_SLAB_CORRUPTION},
	{"slab: Internal list corruption detected in cache 'x'(7), slabp 1(5). Tainted(no)", CLASS_SLAB_CORRUPTION},
	{"BUG kmalloc-64: Object padding overwritten", CLASS_SLAB_CORRUPTION},
	{"BUG kmalloc-64: Freechain corrupt", CLASS_SLAB_CORRUPTION},
	{"BUG kmalloc-64: Not a valid slab page", CLASS_SLAB_CORRUPTION},
	{"BUG kmalloc-64: Wrong object count. Counter is 5 but counted were 6", CLASS_SLAB_CORRUPTION},
	{"BUG kmalloc-64: Wrong number of objects. Found 5 but should be 6", CLASS_SLAB_CORRUPTION},
	{"BUG kmalloc-64 (Tainted: G    B  ): Freelist Pointer(0x1) check fails", CLASS_SLAB_CORRUPTION},
	{"Slab corruption (Not tainted): size-64 start=1, len=64", CLASS_SLAB_CORRUPTION},
	{"Bad page state in process 'cat'", CLASS_BAD_PAGE},
	{"BUG: Bad page cache in process cat  pfn:12345", CLASS_BAD_PAGE},
	{"VFS: Busy inodes after unmount of loop0 (ext4)", CLASS_VFS_INCONSISTENCY},
	{"BUG: Dentry ffff888012345678{i=1,n=/}  still in use (-1) [unmount of proc proc]", CLASS_VFS_INCONSISTENCY},
	{"CFI failure (target: f+0x0/0x8):", CLASS_CFI_FAILURE},
	{"BUG: KASAN: use-after-scope in f+0x1/0x2", CLASS_KASAN_OUT_OF_BOUNDS},
	{"BUG: KASAN: user-memory-access on address 000000000000b000", CLASS_KASAN_BAD_ACCESS},
	{"BUG: KFENCE: invalid free in f+0x1/0x2", CLASS_KFENCE},
	{"UBSAN: array index out of bounds at f+0x1/0x2", CLASS_UBSAN},
	{"UBSAN: unrecognized failure code 0x1 at f+0x1/0x2", CLASS_UBSAN},
	{"UBSAN: Undefined behaviour in lib/x.c:1:2", CLASS_UBSAN},
	{"unreferenced object (percpu) 0x607fd4c08038 (size 8):", CLASS_MEMORY_LEAK},
	{"[ INFO: HARDIRQ-safe -> HARDIRQ-unsafe lock order detected ]", CLASS_LOCKDEP_DEADLOCK},
	{"[ BUG: circular locking deadlock detected! ]", CLASS_LOCKDEP_DEADLOCK},
	{"[ INFO: possible irq lock inversion dependency detected ]", CLASS_LOCKDEP_DEADLOCK},
	{"[ BUG: cat/12 still has locks held! ]", CLASS_LOCK_USAGE},
	{"[ BUG: bad unlock balance detected! ]", CLASS_LOCK_USAGE},
	{"WARNING: bad unlock balance detected!", CLASS_LOCK_USAGE},
	{"[ BUG: lock held at task exit time! ]", CLASS_LOCK_USAGE},
	{"[ BUG: cat/12, lock held at task exit time! ]", CLASS_LOCK_USAGE},
	{"BUG: key ffff888012345678 not in .data!", CLASS_LOCK_USAGE},
	{"BUG: workqueue leaked atomic, lock or RCU: kworker/0:1[12]", CLASS_LOCK_USAGE},
	{"[ BUG: held lock freed! ]", CLASS_LOCK_USAGE},
	{"WARNING: Nested lock was not taken", CLASS_LOCK_USAGE},
	{"BUG: MAX_LOCK_DEPTH too low!", CLASS_LOCK_USAGE},
	{"[ INFO: suspicious RCU usage. ]", CLASS_SUSPICIOUS_RCU_USAGE},
	{"[ INFO: suspicious rcu_dereference_check() usage. ]", CLASS_SUSPICIOUS_RCU_USAGE},
	{"BUG: read-lock lockup on CPU#1, cat/12, 1", CLASS_SPINLOCK_BUG},
	{"BUG: write-lock lockup on CPU#1, cat/12, 1", CLASS_SPINLOCK_BUG},
	{"BUG: spinlock lockup suspected on CPU#0, cat/12", CLASS_SPINLOCK_BUG},
	{"BUG: rwlock already unlocked on CPU#0, cat/12", CLASS_SPINLOCK_BUG},
	{"BUG: sleeping function called from invalid context at kernel/locking/spinlock_rt.c:46", CLASS_SLEEPING_IN_ATOMIC},
	{"bad: scheduling from the idle thread!", CLASS_SCHEDULING_WHILE_ATOMIC},
	{"BUG: scheduling with irqs disabled: cat/0x00000000/12", CLASS_SCHEDULING_WHILE_ATOMIC},
	{"BUG: scheduling while atomic: cat/0x00000002/12", CLASS_SCHEDULING_WHILE_ATOMIC},
	{"BUG: using __this_cpu_add() in preemptible [00000000] code: cat/12", CLASS_PREEMPTIBLE_PERCPU},
	{"BUG: assuming atomic context at kernel/x.c:12", CLASS_PREEMPTIBLE_PERCPU},
	{"BUG: soft lockup detected on CPU#0!", CLASS_SOFT_LOCKUP},
	{"watchdog: BUG: soft lockup - CPU#2 stuck for 134s! [cat:12]", CLASS_SOFT_LOCKUP},
	{"NMI Watchdog detected LOCKUP on CPU 3", CLASS_HARD_LOCKUP},
	{"BUG: NMI Watchdog detected LOCKUP on CPU1, ip ffffffff81012345, registers:", CLASS_HARD_LOCKUP},
	{"Watchdog CPU:4 Hard LOCKUP", CLASS_HARD_LOCKUP},
	{"Watchdog CPU:4 detected Hard LOCKUP other CPUS:3", CLASS_HARD_LOCKUP},
	{"watchdog: CPU 4 detected hard LOCKUP on other CPUs 3", CLASS_HARD_LOCKUP},
	{"watchdog: CPU 3 Hard LOCKUP", CLASS_HARD_LOCKUP},
	{"watchdog: Watchdog detected hard LOCKUP on cpu 3", CLASS_HARD_LOCKUP},
	{"INFO: task khugepaged:12 can't die for more than 143 seconds.", CLASS_HUNG_TASK},
	{"INFO: task a b:12 blocked for more than 120 seconds.", CLASS_HUNG_TASK},
	{"INFO: RCU detected CPU 0 stall (t=10000 jiffies)", CLASS_RCU_STALL},
	{"INFO: RCU detected CPU stalls: 1 (detected by 0, t=4002 jiffies)", CLASS_RCU_STALL},
	{"INFO: rcu_sched_state detected stall on CPU 0 (t=0 jiffies)", CLASS_RCU_STALL},
	{"INFO: rcu_preempt_state detected stalls on CPUs/tasks: { 1} (detected by 0, t=60002 jiffies)", CLASS_RCU_STALL},
	{"rcu: INFO: rcu_preempt detected expedited stalls on CPUs/tasks: { 1-...D } 21 jiffies s: 1 root: 0x2/.", CLASS_RCU_STALL},
	{"INFO: rcu_tasks detected stalls on tasks:", CLASS_RCU_STALL},
	{"INFO: rcu_bh detected stalls on CPUs/tasks: {} (detected by 1, t=5252 jiffies, g=1, c=0, q=1)", CLASS_RCU_STALL},
	{"INFO: rcu_tasks_rude detected stalls on tasks:", CLASS_RCU_STALL},
	{"unregister_netdevice: waiting for eth0 to become free. Usage count = 3", CLASS_UNREGISTER_NETDEVICE_HANG},
	{"HARDWARE ERROR", CLASS_MACHINE_CHECK},
	{"CPU 0: Machine Check Exception:                4 Bank 4: f200200000000863", CLASS_MACHINE_CHECK},
	{"[Hardware Error]: CPU 0: Machine Check Exception: 5 Bank 8: fe00000000800400", CLASS_MACHINE_CHECK},
	{"Machine check in kernel mode.", CLASS_MACHINE_CHECK},
	{"MCE: CPU3: machine check (Severe)  Real address Load/Store (foreign/control memory) [Not recovered]", CLASS_MACHINE_CHECK},
	{"Severe Machine check interrupt [Not recovered]", CLASS_MACHINE_CHECK},
	{"Oops: Machine check, sig: 7 [#1]", CLASS_MACHINE_CHECK},
	{"{12}[Hardware Error]: event severity: fatal", CLASS_HARDWARE_ERROR},
	{"Uhhuh. NMI received. Dazed and confused, but trying to continue", CLASS_NMI},
	{"NMI: PCI system error (SERR) for reason b1 on CPU 0.", CLASS_NMI},
	{"NMI: IOCK error (debug interrupt?) for reason 61 on CPU 0.", CLASS_NMI},
	{"irq event 16: bogus return value 4", CLASS_IRQ_NOBODY_CARED},
	{"Memory cgroup out of memory: Killed process 12 (cat) total-vm:1kB", CLASS_OOM},
	{"Out of memory: Kill process 12 (cat) score 9 or sacrifice child", CLASS_OOM},
	{"cat: page allocation failure. order:4, mode:0x20", CLASS_PAGE_ALLOCATION_FAILURE},
	{"Web Content: page allocation failure: order:4, mode:0x20", CLASS_PAGE_ALLOCATION_FAILURE},
	{"SysRq : Trigger a crashdump", CLASS_SYSRQ_CRASH},

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
	{"[Hardware Error]: event severity: fatal", CLASS_NONE},
	{"BERT: Error records from previous boot:", CLASS_NONE},
	{"MCE: CPU3: machine check (Warning)  Real address Load/Store [Recovered]", CLASS_NONE},
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
	{"3c: An NMI occurred. Depending on your system the reason is logged elsewhere", CLASS_NMI, false},
	{"low stack detected by irq handler - check messages", CLASS_STACK_OVERFLOW, true},
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
		tests[n] = row_test(rows[n].line, classify, &rows[n]);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(deep_decorations);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(panic_messages);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(patterns);
	return cmocka_run_group_tests_name("oops-marker", tests, NULL, NULL);
}
