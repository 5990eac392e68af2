// SPDX-License-Identifier: GPL-2.0-or-later
//
// The vocabulary of crash classes: 53 and none. Names are part of the verdict document.
#ifndef KDV_OOPS_CLASS_H
#define KDV_OOPS_CLASS_H

#include <stdbool.h>

enum crash_class {
	CLASS_NONE,
	/* fault */
	CLASS_NULL_POINTER_DEREFERENCE,
	CLASS_PAGE_FAULT,
	CLASS_GENERAL_PROTECTION_FAULT,
	CLASS_DIVIDE_ERROR,
	CLASS_INVALID_OPCODE,
	CLASS_DOUBLE_FAULT,
	CLASS_STACK_OVERFLOW,
	CLASS_EXTERNAL_ABORT,
	CLASS_CPU_EXCEPTION,
	/* assert */
	CLASS_KERNEL_BUG,
	CLASS_RUST_PANIC,
	CLASS_WARNING,
	CLASS_LIST_CORRUPTION,
	CLASS_REFCOUNT_ERROR,
	CLASS_BAD_USERCOPY,
	CLASS_STACK_CORRUPTION,
	CLASS_SLAB_CORRUPTION,
	CLASS_BAD_PAGE,
	CLASS_VFS_INCONSISTENCY,
	CLASS_CFI_FAILURE,
	/* sanitizer */
	CLASS_KASAN_USE_AFTER_FREE,
	CLASS_KASAN_OUT_OF_BOUNDS,
	CLASS_KASAN_INVALID_FREE,
	CLASS_KASAN_BAD_ACCESS,
	CLASS_KMSAN,
	CLASS_KCSAN,
	CLASS_KFENCE,
	CLASS_UBSAN,
	CLASS_MEMORY_LEAK,
	/* locking */
	CLASS_LOCKDEP_DEADLOCK,
	CLASS_LOCKDEP_INCONSISTENT_STATE,
	CLASS_LOCK_USAGE,
	CLASS_SUSPICIOUS_RCU_USAGE,
	CLASS_SPINLOCK_BUG,
	CLASS_SLEEPING_IN_ATOMIC,
	CLASS_SCHEDULING_WHILE_ATOMIC,
	CLASS_PREEMPTIBLE_PERCPU,
	/* hang */
	CLASS_SOFT_LOCKUP,
	CLASS_HARD_LOCKUP,
	CLASS_HUNG_TASK,
	CLASS_RCU_STALL,
	CLASS_WORKQUEUE_LOCKUP,
	CLASS_UNREGISTER_NETDEVICE_HANG,
	/* hardware */
	CLASS_MACHINE_CHECK,
	CLASS_HARDWARE_ERROR,
	CLASS_NMI,
	CLASS_IRQ_NOBODY_CARED,
	/* memory */
	CLASS_OOM,
	CLASS_PAGE_ALLOCATION_FAILURE,
	/* panic */
	CLASS_INIT_KILLED,
	CLASS_UNABLE_TO_MOUNT_ROOT,
	CLASS_SYSRQ_CRASH,
	CLASS_PANIC,
	CLASS_COUNT,
};

/* "null-pointer-dereference"; "none" for CLASS_NONE. */
const char *class_name(enum crash_class class);
/* Plain words for people: "NULL pointer dereference". */
const char *class_title(enum crash_class class);
/* CLASS_COUNT when there is no such name. */
enum crash_class class_of_name(const char *name);

/* A fault or another exception of the CPU. */
bool class_is_fault(enum crash_class class);

/*
 * Whether the place of such an event only tells of it: the handler that reports what the
 * hardware did, or what ran when memory was out, or init ended or was not found.
 */
bool class_place_is_messenger(enum crash_class class);

/*
 * How hard an event of this class hits by itself: FATAL ends the task or the machine (an
 * oops), HANG says something is stuck, REPORT is survived.
 */
enum class_weight { WEIGHT_NONE, WEIGHT_REPORT, WEIGHT_HANG, WEIGHT_FATAL, WEIGHT_PANIC };
enum class_weight class_weight(enum crash_class class);

#endif
