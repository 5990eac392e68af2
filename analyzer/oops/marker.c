// SPDX-License-Identifier: GPL-2.0-or-later
//
// The headers of kernel reports. A new wording of the kernel is a new row here: the first
// row that fits a line wins, so the narrow wording stands before the wide one.
#include "oops/marker.h"

// clang-format off
static const struct marker markers[] = {
	/* The commonest line of all comes first. */
	{"------------[ cut here ]", CLASS_NONE, MARK_CUT},
	{"Kernel panic - not syncing", CLASS_PANIC, MARK_PANIC},
	{"Kernel panic: ", CLASS_PANIC, MARK_PANIC}, /* 2.4, and some ports later */

	/* Memory access. x86 (until 4.19, since 5.1), arm, arm64, riscv, mips, loongarch, sparc. */
	{"BUG: unable to handle kernel NULL pointer dereference", CLASS_NULL_POINTER_DEREFERENCE, MARK_HEAD},
	{"BUG: kernel NULL pointer dereference", CLASS_NULL_POINTER_DEREFERENCE, MARK_HEAD},
	{"BUG: unable to handle page fault", CLASS_PAGE_FAULT, MARK_HEAD},
	{"BUG: unable to handle kernel paging request", CLASS_PAGE_FAULT, MARK_HEAD},
	{"BUG: unable to handle kernel", CLASS_PAGE_FAULT, MARK_HEAD}, /* the rest was cut off */
	/* the second half, when another line came between (to 4.18) */
	{"NULL pointer dereference at ", CLASS_NULL_POINTER_DEREFERENCE, MARK_DETAIL},
	{"Unable to handle kernel NULL pointer dereference", CLASS_NULL_POINTER_DEREFERENCE, MARK_HEAD},
	{"Unable to handle kernel paging request in mna handler", CLASS_CPU_EXCEPTION, MARK_HEAD}, /* sparc: unaligned */
	{"Unable to handle kernel paging request", CLASS_PAGE_FAULT, MARK_HEAD},
	{"Unable to handle kernel pointer dereference", CLASS_PAGE_FAULT, MARK_HEAD}, /* s390 */
	{"Unable to handle kernel access", CLASS_PAGE_FAULT, MARK_HEAD},
	{"Unable to handle kernel ", CLASS_PAGE_FAULT, MARK_HEAD},
	{"Unable to handle paging request", CLASS_PAGE_FAULT, MARK_HEAD},
	{"CPU * Unable to handle kernel paging request", CLASS_PAGE_FAULT, MARK_HEAD}, /* mips */
	{"Kernel Fault: Code=", CLASS_PAGE_FAULT, MARK_HEAD}, /* parisc */
	{"Page fault: no context: Code=", CLASS_PAGE_FAULT, MARK_HEAD},
	/* powerpc */
	{"BUG: Kernel NULL pointer dereference", CLASS_NULL_POINTER_DEREFERENCE, MARK_HEAD},
	{"BUG: Unable to handle unaligned access", CLASS_CPU_EXCEPTION, MARK_HEAD},
	{"BUG: Unable to handle ", CLASS_PAGE_FAULT, MARK_HEAD},
	{"Kernel attempted to ", CLASS_PAGE_FAULT, MARK_LEAD},

	/* Lines of the trap itself. */
	{"general protection fault", CLASS_GENERAL_PROTECTION_FAULT, MARK_TRAP},
	{"segment-related general protection fault", CLASS_GENERAL_PROTECTION_FAULT, MARK_TRAP},
	{"divide error:", CLASS_DIVIDE_ERROR, MARK_TRAP},
	{"divide_error:", CLASS_DIVIDE_ERROR, MARK_TRAP},
	{"invalid opcode:", CLASS_INVALID_OPCODE, MARK_TRAP},
	{"double fault:", CLASS_DOUBLE_FAULT, MARK_TRAP},
	{"PANIC: double fault", CLASS_DOUBLE_FAULT, MARK_HEAD},
	{"kernel stack overflow (", CLASS_STACK_OVERFLOW, MARK_TRAP},
	{"stack segment:", CLASS_CPU_EXCEPTION, MARK_TRAP},
	{"stack segment fault:", CLASS_CPU_EXCEPTION, MARK_TRAP},
	{"segment not present:", CLASS_CPU_EXCEPTION, MARK_TRAP},
	{"alignment check:", CLASS_CPU_EXCEPTION, MARK_TRAP},
	{"int3:", CLASS_CPU_EXCEPTION, MARK_TRAP},
	{"coprocessor segment overrun:", CLASS_CPU_EXCEPTION, MARK_TRAP},
	{"invalid TSS:", CLASS_CPU_EXCEPTION, MARK_TRAP},
	{"bounds: *[#", CLASS_CPU_EXCEPTION, MARK_TRAP},
	{"overflow: *[#", CLASS_CPU_EXCEPTION, MARK_TRAP},
	{"iret exception: *[#", CLASS_CPU_EXCEPTION, MARK_TRAP},
	{"simd exception:", CLASS_CPU_EXCEPTION, MARK_TRAP},
	{"fpu exception:", CLASS_CPU_EXCEPTION, MARK_TRAP},
	{"control protection fault:", CLASS_CPU_EXCEPTION, MARK_TRAP},
	{"Oops: general protection fault", CLASS_GENERAL_PROTECTION_FAULT, MARK_TRAP},
	{"Oops: divide error", CLASS_DIVIDE_ERROR, MARK_TRAP},
	{"Oops: invalid opcode", CLASS_INVALID_OPCODE, MARK_TRAP},
	{"Oops: double fault", CLASS_DOUBLE_FAULT, MARK_TRAP},
	{"Oops: stack guard page", CLASS_STACK_OVERFLOW, MARK_TRAP},
	{"Oops: Machine check", CLASS_MACHINE_CHECK, MARK_TRAP},
	{"Oops: Exception in kernel mode", CLASS_CPU_EXCEPTION, MARK_TRAP},
	{"Oops: *achine check", CLASS_MACHINE_CHECK, MARK_TRAP},
	{"Oops - undefined instruction", CLASS_INVALID_OPCODE, MARK_TRAP},
	{"Oops - illegal instruction", CLASS_INVALID_OPCODE, MARK_TRAP}, /* riscv */
	{"Oops - BUG", CLASS_KERNEL_BUG, MARK_TRAP},
	{"Oops -", CLASS_CPU_EXCEPTION, MARK_TRAP},
	{"Oops: * [#", CLASS_CPU_EXCEPTION, MARK_TRAP},
	{"Oops: * [1]", CLASS_CPU_EXCEPTION, MARK_TRAP}, /* to 2.6.27 */
	{"Oops: 0", CLASS_CPU_EXCEPTION, MARK_TRAP},
	{"Oops [#", CLASS_CPU_EXCEPTION, MARK_TRAP},
	{"Oops[#", CLASS_CPU_EXCEPTION, MARK_TRAP}, /* mips, loongarch */
	{"Oops#: ", CLASS_CPU_EXCEPTION, MARK_TRAP}, /* openrisc */
	/* s390: the name and the code of the program interruption; since 3.4 "ilc:" behind it */
	{"illegal operation: 0001 ", CLASS_INVALID_OPCODE, MARK_TRAP},
	{"privileged operation: 0002 ", CLASS_CPU_EXCEPTION, MARK_TRAP},
	{"execute exception: 0003 ", CLASS_CPU_EXCEPTION, MARK_TRAP},
	{"protection exception: 0004 ", CLASS_CPU_EXCEPTION, MARK_TRAP},
	{"Low-address protection: 0004 ", CLASS_CPU_EXCEPTION, MARK_TRAP},
	{"addressing exception: 0005 ", CLASS_CPU_EXCEPTION, MARK_TRAP},
	{"specification exception: 0006 ", CLASS_CPU_EXCEPTION, MARK_TRAP},
	{"data exception: 0007 ", CLASS_CPU_EXCEPTION, MARK_TRAP},
	{"fixpoint divide exception: 0009 ", CLASS_DIVIDE_ERROR, MARK_TRAP},
	{"translation exception: 0012 ", CLASS_CPU_EXCEPTION, MARK_TRAP},
	{"special operation exception: 0013 ", CLASS_CPU_EXCEPTION, MARK_TRAP},
	{"operand exception: 0015 ", CLASS_CPU_EXCEPTION, MARK_TRAP},
	{"space switch event: 001c ", CLASS_CPU_EXCEPTION, MARK_TRAP},
	{"monitor event: 0040 ", CLASS_CPU_EXCEPTION, MARK_TRAP}, /* of BUG() */
	{"transaction constraint exception: 0218 ", CLASS_CPU_EXCEPTION, MARK_TRAP},
	/* arm, arm64 */
	{"Internal error: Oops - BUG", CLASS_KERNEL_BUG, MARK_TRAP},
	{"Internal error: Oops - CFI", CLASS_CFI_FAILURE, MARK_TRAP},
	{"Internal error: Oops - ndefined instruction", CLASS_INVALID_OPCODE, MARK_TRAP},
	{"Internal error: Oops - undefined instruction", CLASS_INVALID_OPCODE, MARK_TRAP},
	{"Internal error: Oops - Undefined instruction", CLASS_INVALID_OPCODE, MARK_TRAP},
	{"Internal error: undefined instruction", CLASS_INVALID_OPCODE, MARK_TRAP},
	{"Internal error: UBSAN", CLASS_UBSAN, MARK_TRAP},
	{"Internal error: synchronous external abort", CLASS_EXTERNAL_ABORT, MARK_HEAD},
	{"Internal error: Asynchronous SError", CLASS_EXTERNAL_ABORT, MARK_HEAD},
	{"Internal error: level * (translation table walk)", CLASS_EXTERNAL_ABORT, MARK_HEAD},
	/* the second head of "Bad mode in", behind its registers (arm64 to 4.13) */
	{"Internal error: Oops - bad mode", CLASS_CPU_EXCEPTION, MARK_DETAIL},
	{"Internal error: kernel stack overflow", CLASS_STACK_OVERFLOW, MARK_TRAP},
	{"Internal error:", CLASS_CPU_EXCEPTION, MARK_TRAP},
	{"Synchronous External Abort", CLASS_EXTERNAL_ABORT, MARK_HEAD},
	{"Unhandled fault: *external abort", CLASS_EXTERNAL_ABORT, MARK_HEAD},
	{"Unhandled fault:", CLASS_CPU_EXCEPTION, MARK_HEAD},
	{"Unhandled prefetch abort:", CLASS_CPU_EXCEPTION, MARK_HEAD},
	{"SError Interrupt on CPU", CLASS_EXTERNAL_ABORT, MARK_HEAD},
	{"Bad mode in ", CLASS_CPU_EXCEPTION, MARK_HEAD},
	{"Unhandled exception in ", CLASS_CPU_EXCEPTION, MARK_HEAD},
	{"Unhandled * exception on CPU", CLASS_CPU_EXCEPTION, MARK_HEAD}, /* arm64 since 5.14 */
	{"Unexpected kernel BRK exception at EL1", CLASS_CPU_EXCEPTION, MARK_HEAD},
	{"Unexpected kernel single-step exception at EL1", CLASS_CPU_EXCEPTION, MARK_HEAD},
	{"Insufficient stack space to handle exception", CLASS_STACK_OVERFLOW, MARK_HEAD},
	{"Alignment trap: not handling instruction", CLASS_CPU_EXCEPTION, MARK_HEAD},
	{"8<--- cut here ---", CLASS_NONE, MARK_CUT},
	/* sparc, mips, others */
	{"Kernel unaligned access", CLASS_CPU_EXCEPTION, MARK_HEAD},
	{"Kernel bad sw trap", CLASS_CPU_EXCEPTION, MARK_HEAD},
	{"Kernel bad trap", CLASS_CPU_EXCEPTION, MARK_HEAD},
	{"Kernel unaligned instruction access", CLASS_CPU_EXCEPTION, MARK_HEAD},
	{"Kernel illegal instruction", CLASS_INVALID_OPCODE, MARK_HEAD},
	{"Reserved instruction in kernel code", CLASS_INVALID_OPCODE, MARK_TRAP},
	{"Break instruction in kernel code", CLASS_CPU_EXCEPTION, MARK_TRAP},
	{"Trap instruction in kernel code", CLASS_CPU_EXCEPTION, MARK_TRAP},
	{"FP exception in kernel code", CLASS_CPU_EXCEPTION, MARK_TRAP},
	{"do_cpu invoked from kernel context!", CLASS_CPU_EXCEPTION, MARK_TRAP},
	{"do_fpu invoked from kernel context!", CLASS_CPU_EXCEPTION, MARK_TRAP}, /* loongarch */
	{"do_reserved exception[#", CLASS_CPU_EXCEPTION, MARK_TRAP},
	{"Kernel ade access[#", CLASS_CPU_EXCEPTION, MARK_TRAP}, /* address error */
	{"Kernel ale access[#", CLASS_CPU_EXCEPTION, MARK_TRAP}, /* alignment */
	{"Kernel bug detected[#", CLASS_KERNEL_BUG, MARK_TRAP},
	{"Kernel BUG [#", CLASS_KERNEL_BUG, MARK_TRAP}, /* riscv */
	{"Bad kernel stack pointer", CLASS_CPU_EXCEPTION, MARK_HEAD}, /* powerpc */
	{"Unrecoverable exception ", CLASS_CPU_EXCEPTION, MARK_HEAD}, /* powerpc */
	{"Data bus error, epc", CLASS_EXTERNAL_ABORT, MARK_HEAD},
	{"Instruction bus error, epc", CLASS_EXTERNAL_ABORT, MARK_HEAD},
	{"Unhandled kernel unaligned access", CLASS_CPU_EXCEPTION, MARK_TRAP},
	{"Kernel stack overflow", CLASS_STACK_OVERFLOW, MARK_HEAD},
	{"*** * ***   FORMAT=", CLASS_CPU_EXCEPTION, MARK_HEAD}, /* m68k */
	{"*** FORMAT ERROR ***", CLASS_CPU_EXCEPTION, MARK_HEAD},

	/* Stacks. */
	{"BUG: stack guard page was hit", CLASS_STACK_OVERFLOW, MARK_LEAD},
	{"BUG: * stack guard page was hit", CLASS_STACK_OVERFLOW, MARK_LEAD},
	{"do_IRQ: stack overflow:", CLASS_STACK_OVERFLOW, MARK_HEAD},
	{"low stack detected by irq handler", CLASS_STACK_OVERFLOW, MARK_HEAD},
	{"corrupted stack end detected", CLASS_STACK_CORRUPTION, MARK_LEAD},

	/* Narrow assertions: they stand before the BUG or WARNING they use. */
	{"list_add corruption", CLASS_LIST_CORRUPTION, MARK_LEAD},
	{"list_add_rcu corruption", CLASS_LIST_CORRUPTION, MARK_LEAD},
	{"list_add double add", CLASS_LIST_CORRUPTION, MARK_LEAD},
	{"list_del corruption", CLASS_LIST_CORRUPTION, MARK_LEAD},
	{"refcount_t: ", CLASS_REFCOUNT_ERROR, MARK_DETAIL},
	{"usercopy: Kernel memory ", CLASS_BAD_USERCOPY, MARK_LEAD},
	{"usercopy: kernel memory ", CLASS_BAD_USERCOPY, MARK_LEAD},
	{"Bad or missing usercopy whitelist?", CLASS_BAD_USERCOPY, MARK_DETAIL},
	{"CFI failure at ", CLASS_CFI_FAILURE, MARK_LEAD},
	{"CFI failure (", CLASS_CFI_FAILURE, MARK_LEAD},
	{"rust_kernel: panicked at ", CLASS_RUST_PANIC, MARK_LEAD},
	{"BUG: Dentry * still in use", CLASS_VFS_INCONSISTENCY, MARK_LEAD},
	{"VFS: Busy inodes after unmount", CLASS_VFS_INCONSISTENCY, MARK_LEAD},
	{"VFS: Close: file count is 0", CLASS_VFS_INCONSISTENCY, MARK_LEAD},
	{"DEBUG_LOCKS_WARN_ON(", CLASS_LOCK_USAGE, MARK_DETAIL},

	{"kernel BUG at ", CLASS_KERNEL_BUG, MARK_HEAD},
	{"Kernel BUG at ", CLASS_KERNEL_BUG, MARK_HEAD},
	{"Kernel bug at ", CLASS_KERNEL_BUG, MARK_HEAD}, /* alpha */
	{"BUG: failure at ", CLASS_KERNEL_BUG, MARK_HEAD},
	{"kernel BUG in ", CLASS_KERNEL_BUG, MARK_HEAD},
	{"BUG: warning at ", CLASS_WARNING, MARK_HEAD}, /* 2.6.18 to 2.6.20 */

	/* Memory debugging. */
	{"BUG: Bad page state", CLASS_BAD_PAGE, MARK_HEAD},
	{"BUG: Bad page map", CLASS_BAD_PAGE, MARK_HEAD},
	{"BUG: Bad page cache", CLASS_BAD_PAGE, MARK_HEAD},
	{"BUG: Bad rss-counter state", CLASS_BAD_PAGE, MARK_HEAD},
	{"BUG: non-zero pgtables_bytes", CLASS_BAD_PAGE, MARK_HEAD},
	{"BUG: non-zero nr_ptes", CLASS_BAD_PAGE, MARK_HEAD},
	{"Bad page state in process", CLASS_BAD_PAGE, MARK_HEAD},
	{"BUG: memory leak", CLASS_MEMORY_LEAK, MARK_HEAD},
	{"unreferenced object 0x", CLASS_MEMORY_LEAK, MARK_HEAD},
	{"unreferenced object (*) 0x", CLASS_MEMORY_LEAK, MARK_HEAD}, /* percpu, phys */
	{"BUG * (*): Poison overwritten", CLASS_SLAB_CORRUPTION, MARK_HEAD},
	{"BUG * (*): ", CLASS_SLAB_CORRUPTION, MARK_HEAD},
	{"BUG *: Objects remaining", CLASS_SLAB_CORRUPTION, MARK_HEAD},
	{"BUG *: Poison overwritten", CLASS_SLAB_CORRUPTION, MARK_HEAD},
	{"BUG *: Redzone overwritten", CLASS_SLAB_CORRUPTION, MARK_HEAD},
	{"BUG *: Object already free", CLASS_SLAB_CORRUPTION, MARK_HEAD},
	{"BUG *: Right Redzone overwritten", CLASS_SLAB_CORRUPTION, MARK_HEAD},
	{"BUG *: Left Redzone overwritten", CLASS_SLAB_CORRUPTION, MARK_HEAD},
	{"BUG *: Padding overwritten", CLASS_SLAB_CORRUPTION, MARK_HEAD},
	{"BUG *: Object padding overwritten", CLASS_SLAB_CORRUPTION, MARK_HEAD},
	{"BUG *: Freechain corrupt", CLASS_SLAB_CORRUPTION, MARK_HEAD},
	{"BUG *: Not a valid slab page", CLASS_SLAB_CORRUPTION, MARK_HEAD},
	{"BUG *: Wrong object count", CLASS_SLAB_CORRUPTION, MARK_HEAD},
	{"BUG *: Wrong number of objects", CLASS_SLAB_CORRUPTION, MARK_HEAD},
	{"BUG *: Freepointer corrupt", CLASS_SLAB_CORRUPTION, MARK_HEAD},
	{"BUG *: Invalid object pointer", CLASS_SLAB_CORRUPTION, MARK_HEAD},
	{"BUG: Object already free", CLASS_SLAB_CORRUPTION, MARK_HEAD},
	{"INFO: Allocated in ", CLASS_SLAB_CORRUPTION, MARK_HEAD},
	{"INFO: Freed in ", CLASS_SLAB_CORRUPTION, MARK_HEAD},
	{"INFO: Slab 0x", CLASS_SLAB_CORRUPTION, MARK_HEAD},
	{"INFO: 0x*First byte 0x", CLASS_SLAB_CORRUPTION, MARK_HEAD},
	{"slab error in ", CLASS_SLAB_CORRUPTION, MARK_HEAD},
	{"slab: double free detected", CLASS_SLAB_CORRUPTION, MARK_LEAD},
	{"slab: Internal list corruption", CLASS_SLAB_CORRUPTION, MARK_LEAD},
	{"Slab corruption", CLASS_SLAB_CORRUPTION, MARK_HEAD},

	/* Sanitizers. */
	{"BUG: KASAN: use-after-free", CLASS_KASAN_USE_AFTER_FREE, MARK_HEAD},
	{"BUG: KASAN: slab-use-after-free", CLASS_KASAN_USE_AFTER_FREE, MARK_HEAD},
	{"BUG: KASAN: use after free", CLASS_KASAN_USE_AFTER_FREE, MARK_HEAD},
	{"BUG: KASAN: *double-free", CLASS_KASAN_INVALID_FREE, MARK_HEAD},
	{"BUG: KASAN: *invalid-free", CLASS_KASAN_INVALID_FREE, MARK_HEAD},
	{"BUG: KASAN: null-ptr-deref", CLASS_KASAN_BAD_ACCESS, MARK_HEAD},
	{"BUG: KASAN: wild-memory-access", CLASS_KASAN_BAD_ACCESS, MARK_HEAD},
	{"BUG: KASAN: user-memory-access", CLASS_KASAN_BAD_ACCESS, MARK_HEAD},
	{"BUG: KASAN: null-ptr-deref", CLASS_KASAN_BAD_ACCESS, MARK_HEAD},
	{"BUG: KASAN: invalid-access", CLASS_KASAN_BAD_ACCESS, MARK_HEAD},
	{"BUG: KASAN: ", CLASS_KASAN_OUT_OF_BOUNDS, MARK_HEAD},
	{"BUG: KASan: use after free", CLASS_KASAN_USE_AFTER_FREE, MARK_HEAD},
	{"BUG: KASan: ", CLASS_KASAN_OUT_OF_BOUNDS, MARK_HEAD},
	{"KASAN: null-ptr-deref", CLASS_KASAN_BAD_ACCESS, MARK_DETAIL},
	{"KASAN: * in range", CLASS_KASAN_BAD_ACCESS, MARK_DETAIL},
	{"BUG: KMSAN: ", CLASS_KMSAN, MARK_HEAD},
	{"BUG: KCSAN: ", CLASS_KCSAN, MARK_HEAD},
	{"BUG: KFENCE: ", CLASS_KFENCE, MARK_HEAD},
	{"UBSAN: * at *+0x", CLASS_UBSAN, MARK_LEAD}, /* where it traps: x86 since 6.12 */
	{"UBSAN: ", CLASS_UBSAN, MARK_HEAD},

	/* Locking. The wording moved from INFO and BUG to WARNING in 4.15. */
	{"WARNING: possible circular locking dependency detected", CLASS_LOCKDEP_DEADLOCK, MARK_HEAD},
	{"WARNING: possible recursive locking detected", CLASS_LOCKDEP_DEADLOCK, MARK_HEAD},
	{"WARNING: possible irq lock inversion dependency detected", CLASS_LOCKDEP_DEADLOCK, MARK_HEAD},
	{"WARNING: *HARDIRQ-safe -> HARDIRQ-unsafe lock order detected", CLASS_LOCKDEP_DEADLOCK, MARK_HEAD},
	{"WARNING: *-safe -> *-unsafe lock order detected", CLASS_LOCKDEP_DEADLOCK, MARK_HEAD},
	{"WARNING: inconsistent lock state", CLASS_LOCKDEP_INCONSISTENT_STATE, MARK_HEAD},
	{"INFO: possible circular locking dependency detected", CLASS_LOCKDEP_DEADLOCK, MARK_HEAD},
	{"INFO: possible recursive locking detected", CLASS_LOCKDEP_DEADLOCK, MARK_HEAD},
	{"INFO: possible irq lock inversion dependency detected", CLASS_LOCKDEP_DEADLOCK, MARK_HEAD},
	{"INFO: *-safe -> *-unsafe lock order detected", CLASS_LOCKDEP_DEADLOCK, MARK_HEAD},
	{"INFO: inconsistent lock state", CLASS_LOCKDEP_INCONSISTENT_STATE, MARK_HEAD},
	{"possible circular locking dependency detected", CLASS_LOCKDEP_DEADLOCK, MARK_HEAD},
	{"possible recursive locking detected", CLASS_LOCKDEP_DEADLOCK, MARK_HEAD},
	{"possible irq lock inversion dependency detected", CLASS_LOCKDEP_DEADLOCK, MARK_HEAD},
	{"inconsistent lock state", CLASS_LOCKDEP_INCONSISTENT_STATE, MARK_HEAD},
	{"inconsistent {", CLASS_LOCKDEP_INCONSISTENT_STATE, MARK_HEAD},
	{"HARDIRQ-safe -> HARDIRQ-unsafe lock order detected", CLASS_LOCKDEP_DEADLOCK, MARK_HEAD},
	{"BUG: circular locking deadlock detected", CLASS_LOCKDEP_DEADLOCK, MARK_HEAD}, /* rtmutex to 4.9 */
	{"SOFTIRQ-safe -> SOFTIRQ-unsafe lock order detected", CLASS_LOCKDEP_DEADLOCK, MARK_HEAD},
	{"WARNING: bad unlock balance detected", CLASS_LOCK_USAGE, MARK_HEAD},
	{"BUG: bad unlock balance detected", CLASS_LOCK_USAGE, MARK_HEAD},
	{"WARNING: bad contention detected", CLASS_LOCK_USAGE, MARK_HEAD},
	{"BUG: bad contention detected", CLASS_LOCK_USAGE, MARK_HEAD},
	{"WARNING: held lock freed", CLASS_LOCK_USAGE, MARK_HEAD},
	{"BUG: held lock freed", CLASS_LOCK_USAGE, MARK_HEAD},
	{"WARNING: lock held when returning to user space", CLASS_LOCK_USAGE, MARK_HEAD},
	{"BUG: lock held when returning to user space", CLASS_LOCK_USAGE, MARK_HEAD},
	{"WARNING: * has locks held", CLASS_LOCK_USAGE, MARK_HEAD},
	{"BUG: * has locks held", CLASS_LOCK_USAGE, MARK_HEAD},
	{"WARNING: * still has locks held", CLASS_LOCK_USAGE, MARK_HEAD},
	{"BUG: * still has locks held", CLASS_LOCK_USAGE, MARK_HEAD},
	{"WARNING: lock held at task exit time", CLASS_LOCK_USAGE, MARK_HEAD},
	{"BUG: *lock held at task exit time", CLASS_LOCK_USAGE, MARK_HEAD},
	{"WARNING: Nested lock was not taken", CLASS_LOCK_USAGE, MARK_HEAD},
	{"WARNING: nested lock was not taken", CLASS_LOCK_USAGE, MARK_HEAD},
	{"BUG: Nested lock was not taken", CLASS_LOCK_USAGE, MARK_HEAD},
	{"WARNING: bad read-copy", CLASS_LOCK_USAGE, MARK_HEAD},
	{"BUG: Invalid wait context", CLASS_LOCK_USAGE, MARK_HEAD},
	{"INFO: trying to register non-static key", CLASS_LOCK_USAGE, MARK_HEAD},
	{"BUG: key * has not been registered", CLASS_LOCK_USAGE, MARK_HEAD},
	{"BUG: key * not in .data", CLASS_LOCK_USAGE, MARK_HEAD},
	{"BUG: looking up invalid subclass", CLASS_LOCK_USAGE, MARK_HEAD},
	{"BUG: workqueue leaked ", CLASS_LOCK_USAGE, MARK_HEAD},
	{"BUG: MAX_", CLASS_LOCK_USAGE, MARK_HEAD},
	{"WARNING: suspicious RCU usage", CLASS_SUSPICIOUS_RCU_USAGE, MARK_HEAD},
	{"INFO: suspicious RCU usage", CLASS_SUSPICIOUS_RCU_USAGE, MARK_HEAD},
	{"INFO: suspicious rcu_dereference_check() usage", CLASS_SUSPICIOUS_RCU_USAGE, MARK_HEAD},
	{"suspicious RCU usage", CLASS_SUSPICIOUS_RCU_USAGE, MARK_HEAD},
	{"BUG: spinlock ", CLASS_SPINLOCK_BUG, MARK_HEAD},
	{"BUG: rwlock ", CLASS_SPINLOCK_BUG, MARK_HEAD},
	{"BUG: write-lock lockup", CLASS_SPINLOCK_BUG, MARK_HEAD},
	{"BUG: read-lock lockup", CLASS_SPINLOCK_BUG, MARK_HEAD},
	{"BUG: sleeping function called from invalid context", CLASS_SLEEPING_IN_ATOMIC, MARK_HEAD},
	{"Debug: sleeping function called from invalid context", CLASS_SLEEPING_IN_ATOMIC, MARK_HEAD},
	{"BUG: scheduling while atomic", CLASS_SCHEDULING_WHILE_ATOMIC, MARK_HEAD},
	{"BUG: atomic scheduling while", CLASS_SCHEDULING_WHILE_ATOMIC, MARK_HEAD},
	{"BUG: scheduling with irqs disabled", CLASS_SCHEDULING_WHILE_ATOMIC, MARK_HEAD}, /* real-time */
	{"bad: scheduling from the idle thread", CLASS_SCHEDULING_WHILE_ATOMIC, MARK_HEAD},
	{"BUG: using ", CLASS_PREEMPTIBLE_PERCPU, MARK_HEAD},
	{"BUG: assuming ", CLASS_PREEMPTIBLE_PERCPU, MARK_HEAD}, /* atomic, non migratable context */

	/* Hangs. */
	{"BUG: soft lockup", CLASS_SOFT_LOCKUP, MARK_HEAD},
	{"WARN: soft lockup", CLASS_SOFT_LOCKUP, MARK_HEAD},
	{"Watchdog detected hard LOCKUP", CLASS_HARD_LOCKUP, MARK_HEAD},
	{"watchdog: Watchdog detected hard LOCKUP", CLASS_HARD_LOCKUP, MARK_HEAD},
	{"CPU * self-detected hard LOCKUP", CLASS_HARD_LOCKUP, MARK_HEAD},
	{"CPU * Hard LOCKUP", CLASS_HARD_LOCKUP, MARK_HEAD}, /* powerpc */
	{"Watchdog CPU:* Hard LOCKUP", CLASS_HARD_LOCKUP, MARK_HEAD},
	{"CPU * detected hard LOCKUP on other CPUs", CLASS_HARD_LOCKUP, MARK_HEAD},
	{"BUG: NMI Watchdog detected LOCKUP", CLASS_HARD_LOCKUP, MARK_HEAD},
	{"NMI Watchdog detected LOCKUP", CLASS_HARD_LOCKUP, MARK_HEAD},
	{"INFO: task * blocked for more than", CLASS_HUNG_TASK, MARK_HEAD},
	{"INFO: task * blocked in I/O wait for more than", CLASS_HUNG_TASK, MARK_HEAD},
	{"INFO: task * can't die for more than", CLASS_HUNG_TASK, MARK_HEAD},
	{"INFO: rcu* stall", CLASS_RCU_STALL, MARK_HEAD},
	{"INFO: * detected*stall", CLASS_RCU_STALL, MARK_HEAD},
	{"INFO: *detected expedited stalls", CLASS_RCU_STALL, MARK_HEAD},
	{"BUG: workqueue lockup", CLASS_WORKQUEUE_LOCKUP, MARK_HEAD},
	{"unregister_netdevice: waiting for ", CLASS_UNREGISTER_NETDEVICE_HANG, MARK_HEAD},

	/* Hardware. */
	{"[Hardware Error]: *Machine check events logged", CLASS_MACHINE_CHECK, MARK_HEAD},
	{"Machine check events logged", CLASS_MACHINE_CHECK, MARK_HEAD},
	{"[Hardware Error]: *Machine Check Exception", CLASS_MACHINE_CHECK, MARK_HEAD},
	{"[Hardware Error]: CPU *: Machine Check", CLASS_MACHINE_CHECK, MARK_HEAD},
	{"[Hardware Error]: *Machine check: ", CLASS_MACHINE_CHECK, MARK_HEAD},
	{"CPU *: Machine Check Exception", CLASS_MACHINE_CHECK, MARK_HEAD},
	{"HARDWARE ERROR", CLASS_MACHINE_CHECK, MARK_HEAD},
	{"Machine check in kernel mode", CLASS_MACHINE_CHECK, MARK_HEAD},
	{"Severe Machine check interrupt", CLASS_MACHINE_CHECK, MARK_HEAD},
	{"MCE: CPU*: machine check (Severe)", CLASS_MACHINE_CHECK, MARK_HEAD}, /* powerpc since 4.19 */
	{"MCE: CPU*: machine check (Fatal)", CLASS_MACHINE_CHECK, MARK_HEAD},
	{"Timeout: Not all CPUs entered broadcast exception handler", CLASS_MACHINE_CHECK, MARK_HEAD},
	/* The brace is of the record's number: what BERT tells of an earlier boot has none. */
	{"}[Hardware Error]: *event severity: fatal", CLASS_HARDWARE_ERROR, MARK_HEAD},
	{"Uhhuh. NMI received", CLASS_NMI, MARK_HEAD},
	{"NMI: PCI system error (SERR)", CLASS_NMI, MARK_HEAD},
	{"NMI: IOCK error", CLASS_NMI, MARK_HEAD},
	{"irq *: nobody cared", CLASS_IRQ_NOBODY_CARED, MARK_HEAD},
	{"irq event *: bogus return value", CLASS_IRQ_NOBODY_CARED, MARK_HEAD},

	/* Memory and deliberate crashes. */
	{"Out of memory: Kill", CLASS_OOM, MARK_HEAD},
	{"Out of memory (", CLASS_OOM, MARK_HEAD},
	{"Memory cgroup out of memory: Kill", CLASS_OOM, MARK_HEAD},
	{"SysRq : Trigger a crash", CLASS_SYSRQ_CRASH, MARK_LEAD},
	{"sysrq: Trigger a crash", CLASS_SYSRQ_CRASH, MARK_LEAD},
	{"sysrq: SysRq : Trigger a crash", CLASS_SYSRQ_CRASH, MARK_LEAD},

	/* Where the log begins below the head, these lines tell what it was. */
	{"\"echo 0 > /proc/sys/kernel/hung_task_timeout_secs\"", CLASS_HUNG_TASK, MARK_BELOW},
	{"(detected by *, t=", CLASS_RCU_STALL, MARK_BELOW},
	{"(t=* jiffies g=", CLASS_RCU_STALL, MARK_BELOW},
	{"\t(detected by *, t=", CLASS_RCU_STALL, MARK_BELOW}, /* behind "rcu: " */
	{"\t(t=* jiffies g=", CLASS_RCU_STALL, MARK_BELOW},
	{"but task is already holding lock:", CLASS_LOCKDEP_DEADLOCK, MARK_BELOW},
	{"which lock already depends on the new lock", CLASS_LOCKDEP_DEADLOCK, MARK_BELOW},
	{"the existing dependency chain (in reverse order) is", CLASS_LOCKDEP_DEADLOCK, MARK_BELOW},
	{"rcu_scheduler_active = ", CLASS_SUSPICIOUS_RCU_USAGE, MARK_BELOW},
	{"in_atomic(): *, irqs_disabled(): ", CLASS_SLEEPING_IN_ATOMIC, MARK_BELOW},
	{"caller is *+0x", CLASS_PREEMPTIBLE_PERCPU, MARK_BELOW},
	{"lock: *, .magic: *, .owner: ", CLASS_SPINLOCK_BUG, MARK_BELOW},
	{"comm \"*\", pid *, jiffies ", CLASS_MEMORY_LEAK, MARK_BELOW},
	{"Uninit was ", CLASS_KMSAN, MARK_BELOW},
	{"Reported by Kernel Concurrency Sanitizer on", CLASS_KCSAN, MARK_BELOW},
	{"shift exponent * is ", CLASS_UBSAN, MARK_BELOW},
	{"index * is out of range for type ", CLASS_UBSAN, MARK_BELOW},
	{"oom-kill:constraint=", CLASS_OOM, MARK_BELOW},

	/* WARNING last: the narrow ones above share its front. */
	{"WARNING: CPU: ", CLASS_WARNING, MARK_HEAD},
	{"WARNING: at ", CLASS_WARNING, MARK_HEAD},
	{"Badness at ", CLASS_WARNING, MARK_HEAD},
	{"Badness in ", CLASS_WARNING, MARK_HEAD}, /* to 2.6.17 */

	/* The machine. */
	{"Linux version ", CLASS_NONE, MARK_BANNER},
	{"Command line: ", CLASS_NONE, MARK_CMDLINE},
	{"Kernel command line: ", CLASS_NONE, MARK_CMDLINE},
	{"DMI: ", CLASS_NONE, MARK_DMI},
	{"Hypervisor detected: ", CLASS_NONE, MARK_HYPERVISOR},
	{"Booting paravirtualized kernel on ", CLASS_NONE, MARK_HYPERVISOR},
	{"Starting crashdump kernel", CLASS_NONE, MARK_JUMP},
	{"kexec: Starting switchover sequence", CLASS_NONE, MARK_JUMP},
};

/*
 * Since 6.18 the place comes first: "WARNING: [condition] lib/x.c:12 at f+0x1/0x2, CPU#0: a/1".
 * Other programs write "WARNING: " too; the tail tells.
 */
static const struct marker new_warning = {"WARNING: ", CLASS_WARNING, MARK_HEAD};

/* These begin with the name of a task or device. */
static const struct marker named_markers[] = {
	{"* invoked oom-killer", CLASS_OOM, MARK_HEAD},
	{"*: page allocation failure", CLASS_PAGE_ALLOCATION_FAILURE, MARK_HEAD},
	{"*): Oops ", CLASS_CPU_EXCEPTION, MARK_TRAP}, /* sparc, alpha */
	{"*): Kernel bad ", CLASS_CPU_EXCEPTION, MARK_TRAP}, /* sparc */
	{"*): Kernel illegal instruction", CLASS_INVALID_OPCODE, MARK_TRAP}, /* sparc */
};

/* Names of subsystems that newer kernels print before the same words. */
static const char *const decorations[] = {
	"NMI watchdog: ", "watchdog: ", "rcu: ", "traps: ", "mce: ", "workqueue: ",
	"Watchdog ", "EDAC ", "softlockup: ", "kernel: ", "slub: ", "Oops: ", "... ",
	/* 4.4 forgot the newline after this one */
	"kasan: GPF could be caused by NULL-ptr deref or user memory access",
};

static const struct {
	const char *text;
	struct panic_reading reading;
} panics[] = {
	{"*Fatal exception", {CLASS_PANIC, true}},
	{"*panic_on_warn", {CLASS_WARNING, true}},
	{"*panic_on_oops", {CLASS_PANIC, true}},
	{"*kasan.fault=panic", {CLASS_WARNING, true}},
	{"*kmsan.panic set", {CLASS_WARNING, true}},
	{"*panic_on_taint", {CLASS_PANIC, true}},
	{"scheduling while atomic", {CLASS_SCHEDULING_WHILE_ATOMIC, true}},
	{"softlockup: hung tasks", {CLASS_SOFT_LOCKUP, true}},
	{"*softlockup", {CLASS_SOFT_LOCKUP, true}},
	{"hung_task: blocked tasks", {CLASS_HUNG_TASK, true}},
	{"*Hard LOCKUP", {CLASS_HARD_LOCKUP, true}},
	{"*hard LOCKUP", {CLASS_HARD_LOCKUP, true}},
	{"*detected LOCKUP", {CLASS_HARD_LOCKUP, true}},
	{"*RCU Stall", {CLASS_RCU_STALL, true}},
	{"*Workqueue stall", {CLASS_WORKQUEUE_LOCKUP, true}},
	{"*workqueue stall", {CLASS_WORKQUEUE_LOCKUP, true}},
	{"Attempted to kill init", {CLASS_INIT_KILLED, true}},
	{"Attempted to kill the idle task", {CLASS_PANIC, true}},
	{"Aiee, killing interrupt handler", {CLASS_PANIC, true}},
	{"Unrecoverable exception", {CLASS_PANIC, true}},
	{"*Kernel mode BUG", {CLASS_KERNEL_BUG, true}},
	{"*stack-protector", {CLASS_STACK_CORRUPTION, false}},
	{"*Kernel stack is corrupted", {CLASS_STACK_CORRUPTION, false}},
	{"corrupted stack end detected", {CLASS_STACK_CORRUPTION, false}},
	{"corrupted shadow stack", {CLASS_STACK_CORRUPTION, false}},
	{"kernel stack overflow", {CLASS_STACK_OVERFLOW, true}},
	{"*Kernel stack overflow", {CLASS_STACK_OVERFLOW, true}},
	{"low stack detected", {CLASS_STACK_OVERFLOW, true}},
	{"Corrupt kernel stack", {CLASS_STACK_OVERFLOW, true}}, /* s390 */
	{"Machine halted", {CLASS_DOUBLE_FAULT, true}},
	{"bad mode", {CLASS_CPU_EXCEPTION, true}},
	{"Unhandled exception", {CLASS_CPU_EXCEPTION, true}},
	{"Asynchronous SError Interrupt", {CLASS_EXTERNAL_ABORT, true}},
	{"*CFI failure", {CLASS_CFI_FAILURE, false}},
	{"*Fatal hardware error", {CLASS_HARDWARE_ERROR, false}},
	{"EDAC ", {CLASS_HARDWARE_ERROR, false}},
	{"*Uncorrectable Error", {CLASS_HARDWARE_ERROR, false}},
	{"*Uncorrected Error", {CLASS_HARDWARE_ERROR, false}},
	{"*UE (uncorrected", {CLASS_HARDWARE_ERROR, false}},
	{"AER:", {CLASS_HARDWARE_ERROR, false}},
	{"*machine check", {CLASS_MACHINE_CHECK, true}},
	{"*Machine check", {CLASS_MACHINE_CHECK, true}},
	{"*broadcast exception handler", {CLASS_MACHINE_CHECK, false}},
	{"*synchronize_cmcs", {CLASS_MACHINE_CHECK, true}},
	{"NMI: Not continuing", {CLASS_NMI, false}},
	{"NMI*", {CLASS_NMI, false}},
	{"*An NMI occurred", {CLASS_NMI, false}}, /* hpwdt since 4.17: "3c: An NMI..." */
	{"Out of memory", {CLASS_OOM, false}},
	{"out of memory", {CLASS_OOM, false}},
	{"System is deadlocked on memory", {CLASS_OOM, false}},
	{"VFS: Unable to mount root fs", {CLASS_UNABLE_TO_MOUNT_ROOT, false}},
	{"No working init found", {CLASS_UNABLE_TO_MOUNT_ROOT, false}},
	{"No init found", {CLASS_UNABLE_TO_MOUNT_ROOT, false}},
	{"Requested init * failed", {CLASS_UNABLE_TO_MOUNT_ROOT, false}},
	{"*sysrq triggered crash", {CLASS_SYSRQ_CRASH, false}},
	{"BUG!", {CLASS_KERNEL_BUG, true}},
};
// clang-format on

bool oops_pattern(struct slice text, const char *pattern)
{
	struct cursor c = cursor_of(text);
	bool anchored = true;

	while (*pattern) {
		size_t n = strcspn(pattern, "*");

		if (n) {
			struct slice piece = {pattern, n};
			const char *at = c.p;

			if (anchored && ((size_t)(c.end - c.p) < n || memcmp(c.p, piece.p, n)))
				return false;
			if (!anchored)
				at = memmem(c.p, (size_t)(c.end - c.p), piece.p, n);
			if (!at)
				return false;
			c.p = at + n;
		}
		pattern += n;
		anchored = *pattern != '*';
		pattern += !anchored;
	}
	return true;
}

/* Every text of the tables begins with so many bytes that are no '*'. */
enum { FRONT = 4 };

static unsigned front_hash(const char *p)
{
	uint32_t front;

	memcpy(&front, p, FRONT);
	return front * 2654435761u >> 20; /* Knuth's multiplier; 12 bits */
}

static void filter_add(struct marker_filter *filter, const char *text)
{
	unsigned hash = front_hash(text);

	filter->bits[hash / 64] |= UINT64_C(1) << hash % 64;
}

void oops_marker_filter(struct marker_filter *ret)
{
	size_t i;

	*ret = (struct marker_filter){.bits = {0}};
	_Static_assert(ARRAY_SIZE(markers) <= MARKER_MAX, "MARKER_MAX is too small");
	for (i = ARRAY_SIZE(markers); i-- > 0;) { /* backwards: a chain keeps the table's order */
		uint16_t *first = &ret->first[front_hash(markers[i].text)];

		filter_add(ret, markers[i].text);
		ret->next[i] = *first;
		*first = (uint16_t)(i + 1);
	}
	for (i = 0; i < ARRAY_SIZE(decorations); i++)
		filter_add(ret, decorations[i]);
	filter_add(ret, new_warning.text);
}

static bool filter_passes(const struct marker_filter *filter, struct slice line)
{
	unsigned hash;

	if (line.n < FRONT)
		return false;
	hash = front_hash(line.p);
	return filter->bits[hash / 64] >> hash % 64 & 1;
}

/* A comm is at most 15 bytes; a network device or "comm(pid)" a little longer. */
enum { NAME_MAX_BYTES = 28 };

/* Whether one of named_markers may begin here, by the first bytes of each behind its '*'. */
static bool may_end_name(const char *p)
{
	return (p[0] == ' ' && p[1] == 'i' && p[2] == 'n' && p[3] == 'v') ||
	       (p[0] == ':' && p[2] == 'p' && p[3] == 'a') || (p[0] == ')' && p[1] == ':');
}

static const struct marker *named_marker(struct slice line)
{
	size_t k, n = line.n < NAME_MAX_BYTES + 12 ? line.n : NAME_MAX_BYTES + 12;
	const char *p, *end;

	if (n < 12)
		return NULL;
	end = line.p + n - 11;
	for (p = line.p + 1; p < end; p++) {
		struct slice rest;

		if (*p > ':')
			continue; /* most bytes are letters, which end no name */
		/* "subsystem: ..." is no task's name, and most lines begin so */
		if (p[0] == ':' && p[1] == ' ' && p[2] != 'p')
			return NULL;
		if (!may_end_name(p))
			continue;
		rest = (struct slice){p, (size_t)(line.p + line.n - p)};
		for (k = 0; k < ARRAY_SIZE(named_markers); k++) {
			if (oops_pattern(rest, named_markers[k].text + 1))
				return &named_markers[k];
		}
	}
	return NULL;
}

static bool is_new_warning(struct slice line)
{
	return slice_starts(line, "WARNING: ") && slice_find(line, ", CPU#") &&
	       slice_find(line, " at ");
}

static const struct marker *find(const struct marker_filter *filter, struct slice line)
{
	size_t i;

	for (i = filter->first[front_hash(line.p)]; i; i = filter->next[i - 1]) {
		const char *text = markers[i - 1].text;

		if (!memcmp(text, line.p, FRONT) && oops_pattern(line, text))
			return &markers[i - 1];
	}
	return is_new_warning(line) ? &new_warning : NULL;
}

/* "NMI watchdog: BUG: ...", "Oops: general protection fault" and the like, twice at most. */
enum { MAX_DECORATIONS = 3 };

static const struct marker *find_decorated(const struct marker_filter *filter, struct slice line,
					   struct slice *body)
{
	const struct marker *marker = NULL;
	size_t i, depth = 0;

	for (i = 0; i < ARRAY_SIZE(decorations) && !marker; i++) {
		if (decorations[i][0] != line.p[0] || !slice_starts(line, decorations[i]))
			continue;
		line.p += strlen(decorations[i]);
		line.n -= strlen(decorations[i]);
		if (line.n < 4 || ++depth > MAX_DECORATIONS)
			return NULL;
		marker = find(filter, line);
		i = (size_t)-1;
	}
	if (marker)
		*body = line;
	return marker;
}

/* The "{12}" that numbers the record of a hardware error, up to its second brace. */
static struct slice skip_sequence(struct slice line)
{
	size_t n = 1;

	while (n < line.n && line.p[n] >= '0' && line.p[n] <= '9')
		n++;
	if (n < line.n && line.p[n] == '}')
		return (struct slice){line.p + n, line.n - n};
	return line;
}

/* Blanks, the "[ " of old lock debugging, the number of a hardware error's record. */
static struct slice skip_front(struct slice line)
{
	while (line.n && (line.p[0] == ' ' || line.p[0] == '\t'))
		line.p++, line.n--;
	if (line.n > 2 && line.p[0] == '[' && line.p[1] == ' ')
		line.p += 2, line.n -= 2;
	else if (line.n && line.p[0] == '{')
		line = skip_sequence(line);
	return line;
}

const struct marker *oops_marker(const struct marker_filter *filter, struct slice line,
				 struct slice *body)
{
	const struct marker *marker = NULL;

	line = skip_front(line);
	*body = line;
	if (filter_passes(filter, line)) {
		marker = find_decorated(filter, line, body);
		if (!marker)
			marker = find(filter, line);
	}
	return marker ? marker : named_marker(line);
}

struct panic_reading oops_panic_message(struct slice message)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(panics); i++) {
		if (oops_pattern(message, panics[i].text))
			return panics[i].reading;
	}
	return (struct panic_reading){CLASS_PANIC, false};
}
