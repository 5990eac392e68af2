// SPDX-License-Identifier: GPL-2.0-or-later
//
// What sort of function is this? A table of name patterns (group-table.c), each group with the
// reason why a function of it tells little about the cause of a crash by standing in the trace.
#ifndef KDV_OOPS_GROUP_H
#define KDV_OOPS_GROUP_H

#include <stdint.h>

enum frame_group {
	GROUP_NONE,	/* ordinary code: can be blamed */
	GROUP_REPORT,	/* prints the report */
	GROUP_SANITIZER,
	GROUP_ENTRY,	/* trap and interrupt entry */
	GROUP_LOCKDEP,
	GROUP_LOCK,
	GROUP_SCHED,
	GROUP_WAIT,
	GROUP_ALLOC,
	GROUP_LIST,
	GROUP_REFCOUNT,
	GROUP_COPY,
	GROUP_STRING,
	GROUP_OBJECT,
	GROUP_RCU,
	GROUP_IPI,
	GROUP_TIMER,
	GROUP_IDLE,
	GROUP_WAIT_FOR,	/* waits, and the caller says what for */
	GROUP_WORK,
	GROUP_MAKER,	/* makes an object for its caller */
	GROUP_HELPER,	/* checks what its caller hands it */
	GROUP_SYSCALL,	/* generic layers between system call and driver */
	GROUP_DISPATCH,	/* runs work of others: system call table, workqueue, softirq... */
	GROUP_COUNT,
};

/* group-table.c: patterns end with NULL, the table with NULL patterns. */
struct group_patterns {
	enum frame_group group;
	const char *const *patterns;
};
extern const struct group_patterns oops_groups[];

#define GROUP_BIT(group) (UINT32_C(1) << (group))

/* function as printed, with or without compiler suffix. */
enum frame_group oops_group(const char *function);

/* Plain words: "locking primitive". */
const char *oops_group_title(enum frame_group group);

#endif
