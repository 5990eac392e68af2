// SPDX-License-Identifier: GPL-2.0-or-later
//
// The table of crash classes: name in documents, words for people, weight.
#include <string.h>

#include "base/base.h"

#include "oops/class.h"

static const struct class_row {
	const char *name;
	const char *title;
	enum class_weight weight;
} rows[CLASS_COUNT] = {
	// clang-format off
	[CLASS_NONE] = {"none", "no crash", WEIGHT_NONE},

	[CLASS_NULL_POINTER_DEREFERENCE] = {"null-pointer-dereference", "NULL pointer dereference", WEIGHT_FATAL},
	[CLASS_PAGE_FAULT] = {"page-fault", "access to an address that is not mapped", WEIGHT_FATAL},
	[CLASS_GENERAL_PROTECTION_FAULT] = {"general-protection-fault", "general protection fault", WEIGHT_FATAL},
	[CLASS_DIVIDE_ERROR] = {"divide-error", "division by zero", WEIGHT_FATAL},
	[CLASS_INVALID_OPCODE] = {"invalid-opcode", "invalid instruction", WEIGHT_FATAL},
	[CLASS_DOUBLE_FAULT] = {"double-fault", "double fault", WEIGHT_FATAL},
	[CLASS_STACK_OVERFLOW] = {"stack-overflow", "kernel stack overflow", WEIGHT_FATAL},
	[CLASS_EXTERNAL_ABORT] = {"external-abort", "external abort or SError", WEIGHT_FATAL},
	[CLASS_CPU_EXCEPTION] = {"cpu-exception", "CPU exception", WEIGHT_FATAL},

	[CLASS_KERNEL_BUG] = {"kernel-bug", "failed assertion (BUG)", WEIGHT_FATAL},
	[CLASS_RUST_PANIC] = {"rust-panic", "panic in Rust code", WEIGHT_FATAL},
	[CLASS_WARNING] = {"warning", "kernel warning", WEIGHT_REPORT},
	[CLASS_LIST_CORRUPTION] = {"list-corruption", "corrupted linked list", WEIGHT_FATAL},
	[CLASS_REFCOUNT_ERROR] = {"refcount-error", "reference count error", WEIGHT_REPORT},
	[CLASS_BAD_USERCOPY] = {"bad-usercopy", "refused copy between kernel and user memory", WEIGHT_FATAL},
	[CLASS_STACK_CORRUPTION] = {"stack-corruption", "corrupted kernel stack", WEIGHT_FATAL},
	[CLASS_SLAB_CORRUPTION] = {"slab-corruption", "corrupted or leaked slab objects", WEIGHT_REPORT},
	[CLASS_BAD_PAGE] = {"bad-page", "page in an impossible state", WEIGHT_REPORT},
	[CLASS_VFS_INCONSISTENCY] = {"vfs-inconsistency", "busy dentries or inodes after unmount", WEIGHT_REPORT},
	[CLASS_CFI_FAILURE] = {"cfi-failure", "control flow integrity failure", WEIGHT_FATAL},

	[CLASS_KASAN_USE_AFTER_FREE] = {"kasan-use-after-free", "use after free (KASAN)", WEIGHT_REPORT},
	[CLASS_KASAN_OUT_OF_BOUNDS] = {"kasan-out-of-bounds", "out-of-bounds access (KASAN)", WEIGHT_REPORT},
	[CLASS_KASAN_INVALID_FREE] = {"kasan-invalid-free", "double or invalid free (KASAN)", WEIGHT_REPORT},
	[CLASS_KASAN_BAD_ACCESS] = {"kasan-bad-access", "access to a bad address (KASAN)", WEIGHT_REPORT},
	[CLASS_KMSAN] = {"kmsan", "use of uninitialised memory (KMSAN)", WEIGHT_REPORT},
	[CLASS_KCSAN] = {"kcsan", "data race (KCSAN)", WEIGHT_REPORT},
	[CLASS_KFENCE] = {"kfence", "memory error (KFENCE)", WEIGHT_REPORT},
	[CLASS_UBSAN] = {"ubsan", "undefined behaviour (UBSAN)", WEIGHT_REPORT},
	[CLASS_MEMORY_LEAK] = {"memory-leak", "memory leak (kmemleak)", WEIGHT_REPORT},

	[CLASS_LOCKDEP_DEADLOCK] = {"lockdep-deadlock", "possible deadlock", WEIGHT_REPORT},
	[CLASS_LOCKDEP_INCONSISTENT_STATE] = {"lockdep-inconsistent-state", "inconsistent lock state", WEIGHT_REPORT},
	[CLASS_LOCK_USAGE] = {"lock-usage", "wrong use of a lock", WEIGHT_REPORT},
	[CLASS_SUSPICIOUS_RCU_USAGE] = {"suspicious-rcu-usage", "suspicious RCU usage", WEIGHT_REPORT},
	[CLASS_SPINLOCK_BUG] = {"spinlock-bug", "broken spinlock", WEIGHT_REPORT},
	[CLASS_SLEEPING_IN_ATOMIC] = {"sleeping-in-atomic", "sleeping function called in atomic context", WEIGHT_REPORT},
	[CLASS_SCHEDULING_WHILE_ATOMIC] = {"scheduling-while-atomic", "scheduling while atomic", WEIGHT_REPORT},
	[CLASS_PREEMPTIBLE_PERCPU] = {"preemptible-percpu", "per-CPU access in preemptible code", WEIGHT_REPORT},

	[CLASS_SOFT_LOCKUP] = {"soft-lockup", "soft lockup", WEIGHT_HANG},
	[CLASS_HARD_LOCKUP] = {"hard-lockup", "hard lockup", WEIGHT_HANG},
	[CLASS_HUNG_TASK] = {"hung-task", "hung task", WEIGHT_HANG},
	[CLASS_RCU_STALL] = {"rcu-stall", "RCU stall", WEIGHT_HANG},
	[CLASS_WORKQUEUE_LOCKUP] = {"workqueue-lockup", "workqueue lockup", WEIGHT_HANG},
	[CLASS_UNREGISTER_NETDEVICE_HANG] = {"unregister-netdevice-hang", "network device never released", WEIGHT_HANG},

	[CLASS_MACHINE_CHECK] = {"machine-check", "machine check", WEIGHT_FATAL},
	[CLASS_HARDWARE_ERROR] = {"hardware-error", "hardware error", WEIGHT_FATAL},
	[CLASS_NMI] = {"nmi", "unknown or I/O check NMI", WEIGHT_REPORT},
	[CLASS_IRQ_NOBODY_CARED] = {"irq-nobody-cared", "interrupt nobody cared for", WEIGHT_REPORT},

	[CLASS_OOM] = {"oom", "out of memory", WEIGHT_REPORT},
	[CLASS_PAGE_ALLOCATION_FAILURE] = {"page-allocation-failure", "page allocation failure", WEIGHT_REPORT},

	[CLASS_INIT_KILLED] = {"init-killed", "init was killed", WEIGHT_PANIC},
	[CLASS_UNABLE_TO_MOUNT_ROOT] = {"unable-to-mount-root", "no root file system", WEIGHT_PANIC},
	[CLASS_SYSRQ_CRASH] = {"sysrq-crash", "crash requested by SysRq", WEIGHT_PANIC},
	[CLASS_PANIC] = {"panic", "kernel panic", WEIGHT_PANIC},
	// clang-format on
};

const char *class_name(enum crash_class class)
{
	return rows[class < CLASS_COUNT ? class : CLASS_NONE].name;
}

const char *class_title(enum crash_class class)
{
	return rows[class < CLASS_COUNT ? class : CLASS_NONE].title;
}

enum crash_class class_of_name(const char *name)
{
	int class;

	for (class = 0; class < CLASS_COUNT; class++) {
		if (!strcmp(rows[class].name, name))
			break;
	}
	return class;
}

bool class_is_fault(enum crash_class class)
{
	return class >= CLASS_NULL_POINTER_DEREFERENCE && class <= CLASS_CPU_EXCEPTION;
}

bool class_place_is_messenger(enum crash_class class)
{
	switch (class) {
	case CLASS_MACHINE_CHECK:
	case CLASS_HARDWARE_ERROR:
	case CLASS_NMI:
	case CLASS_IRQ_NOBODY_CARED:
	case CLASS_OOM:
	case CLASS_INIT_KILLED:
	case CLASS_UNABLE_TO_MOUNT_ROOT:
		return true;
	default:
		return false;
	}
}

enum class_weight class_weight(enum crash_class class)
{
	return rows[class < CLASS_COUNT ? class : CLASS_NONE].weight;
}
