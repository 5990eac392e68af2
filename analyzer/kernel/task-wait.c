// SPDX-License-Identifier: GPL-2.0-or-later
//
// What a blocked task waits for.
//
// A task that sleeps for a mutex or rw_semaphore has put a waiter on its own stack and linked
// it into the lock's list:
//
//	mutex.wait_list <-> mutex_waiter.list <-> mutex_waiter.list (another task's) <-> ...
//
// Both kinds of waiter have the member task. So a word of the stack that is the task's own
// address may be one; the list tells: the nodes on it lie each on the stack of the task they
// name, all but one, the head, which is inside the lock. Which kind of lock it is, the function
// says that slept: its return address lies on the stack right below the waiter.
//
// Since v6.15 (CONFIG_DETECT_HUNG_TASK_BLOCKER) task_struct.blocker has the lock and its kind.
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "kernel/percpu.h"
#include "kernel/tasks.h"

enum {
	STACK_BYTES = 16 << 10,	  /* THREAD_SIZE; twice that with KASAN */
	STACK_MAX = 64 << 10,	  /* for telling whether an address is on a stack */
	STACK_END = 0x57ac6e9d,	  /* STACK_END_MAGIC, at the lowest address */
	WAITERS_MAX = 4096,	  /* list steps for one lock */
	CANDIDATES_MAX = 64,	  /* words of a stack that are followed */
	NAMES_MAX = 64,		  /* return addresses that are looked up */
	OWNER_FLAGS = 7,
	OWNER_READERS = 1,	  /* RWSEM_READER_OWNED */
	BLOCKER_KIND = 3,
	BLOCKER_MUTEX = 0,
	BLOCKER_SEMAPHORE = 1,	  /* 2, 3: rwsem, to read, to write */
};

/* Of one kind of lock; not every kernel has the list (first_waiter in 7.2, rt_mutex). */
struct lock_layout {
	bool known, has_list;
	uint64_t owner, wait_list;  /* in the lock */
	uint64_t list, task;	    /* in a waiter */
};

struct reader {
	struct kernel *kernel;
	struct core *core;
	const struct task *task;
	uint64_t stack_member; /* task_struct.stack */
	unsigned word_size;
	struct lock_layout lock[LOCK_RWSEM + 1];
	uint64_t sp;	/* of words[0] */
	size_t words;
	uint64_t *word; /* owned: the stack from sp up */
};

/* --- how long ---------------------------------------------------------------------------- */

/*
 * A run queue has two clocks of nanoseconds: clock, and clock_task, which stands still in
 * interrupts and is the one that se.exec_start was taken from when the task last ran. An idle
 * CPU's clocks may be old: the latest of all is now.
 */
static double since_it_ran(struct kernel *kernel, const struct task *task)
{
	struct percpu_offsets cpus;
	struct member clock, clock_task;
	uint64_t runqueues, own, then, now = 0, value, own_clock, own_clock_task;

	if (types_member(kernel->types, "rq.clock", &clock, NULL) ||
	    types_member(kernel->types, "rq.clock_task", &clock_task, NULL) ||
	    types_read_path(kernel->types, task->addr, "task_struct.se.exec_start", &then,
			    NULL) ||
	    !then || task->cpu < 0 || kernel_find(kernel, "runqueues", &runqueues, NULL) ||
	    kernel_percpu_at(kernel, runqueues, (unsigned)task->cpu, &own, NULL) ||
	    types_read(kernel->core, own, &clock, &own_clock, NULL) ||
	    types_read(kernel->core, own, &clock_task, &own_clock_task, NULL) ||
	    percpu_offsets_read(kernel, &cpus, NULL))
		return -1;
	for (unsigned i = 0; i < cpus.count; i++) {
		if (types_read(kernel->core, runqueues + cpus.offset[i], &clock, &value, NULL))
			continue;
		if (value > now)
			now = value;
	}
	if (own_clock > own_clock_task)
		then += own_clock - own_clock_task;
	return now > then ? (double)(now - then) / 1e9 : 0;
}

/* --- which lock -------------------------------------------------------------------------- */

static void find_layouts(struct reader *r)
{
	static const struct {
		const char *owner, *wait_list, *list, *task;
	} paths[LOCK_RWSEM + 1] = {
		[LOCK_MUTEX] = {"mutex.owner", "mutex.wait_list", "mutex_waiter.list",
				"mutex_waiter.task"},
		[LOCK_RWSEM] = {"rw_semaphore.owner", "rw_semaphore.wait_list",
				"rwsem_waiter.list", "rwsem_waiter.task"},
	};
	struct types *types = r->kernel->types;

	for (unsigned i = LOCK_MUTEX; i <= LOCK_RWSEM; i++) {
		struct lock_layout *l = &r->lock[i];

		l->known = !types_offset(types, paths[i].owner, &l->owner, NULL);
		l->has_list = l->known &&
			      !types_offset(types, paths[i].wait_list, &l->wait_list, NULL) &&
			      !types_offset(types, paths[i].list, &l->list, NULL) &&
			      !types_offset(types, paths[i].task, &l->task, NULL);
	}
}

/* Whether node is in a waiter on the stack of the task that the waiter names. */
static bool is_waiter(const struct reader *r, const struct lock_layout *l, uint64_t node)
{
	uint64_t task, stack;

	return !core_read_ptr(r->core, node - l->list + l->task, &task, NULL) &&
	       !core_read_ptr(r->core, task + r->stack_member, &stack, NULL) && stack &&
	       node - stack < STACK_MAX;
}

/* The head of the list that node is on: the one that is not in a waiter. */
static bool find_head(const struct reader *r, const struct lock_layout *l, uint64_t first,
		      uint64_t *ret)
{
	uint64_t node = first, before;

	for (unsigned i = 0; i < WAITERS_MAX; i++) {
		if (core_read_ptr(r->core, node, &node, NULL) || !node || node == first)
			return false;
		if (is_waiter(r, l, node))
			continue;
		if (core_read_ptr(r->core, node + r->word_size, &before, NULL) ||
		    !is_waiter(r, l, before))
			return false;
		*ret = node;
		return true;
	}
	return false;
}

static enum task_lock lock_of_function(const char *name)
{
	static const struct {
		const char *prefix;
		enum task_lock lock;
	} functions[] = {
		{"__mutex_lock", LOCK_MUTEX}, {"mutex_lock", LOCK_MUTEX},
		{"__ww_mutex_lock", LOCK_MUTEX}, {"ww_mutex_lock", LOCK_MUTEX},
		{"rwsem_down_", LOCK_RWSEM}, {"__down_read", LOCK_RWSEM},
		{"__down_write", LOCK_RWSEM}, {"down_read", LOCK_RWSEM},
		{"down_write", LOCK_RWSEM},
	};

	for (size_t i = 0; i < ARRAY_SIZE(functions); i++) {
		if (!strncmp(name, functions[i].prefix, strlen(functions[i].prefix)))
			return functions[i].lock;
	}
	return LOCK_NONE;
}

/* The nearest return address below the word at into a function that waits for a lock. */
static enum task_lock lock_by_function(const struct reader *r, size_t at)
{
	struct symbol symbol;
	unsigned names = 0;

	while (at-- && names < NAMES_MAX) {
		enum task_lock lock;

		if (!kernel_is_text(r->kernel, r->word[at]))
			continue;
		names++;
		/* A call may be the last instruction of its function. */
		if (kernel_symbolize(r->kernel, r->word[at] - 1, &symbol, NULL))
			continue;
		lock = lock_of_function(symbol.name);
		if (lock != LOCK_NONE)
			return lock;
	}
	return LOCK_NONE;
}

/* The words of the task's stack that are in use. */
static enum status read_stack(struct reader *r, struct err *err)
{
	static const char *const paths[] = {"task_struct.thread.sp", "task_struct.thread.ksp",
					    "task_struct.thread.cpu_context.sp", NULL};
	unsigned word = r->word_size;
	unsigned char *bytes;
	struct member sp;
	uint64_t used;
	enum status st = types_member_of(r->kernel->types, paths, &sp, NULL, err);

	if (!st)
		st = types_read(r->core, r->task->addr, &sp, &r->sp, err);
	if (st)
		return st;
	r->sp -= r->sp % word;
	used = r->sp - r->task->stack;
	if (used >= 2 * STACK_BYTES)
		return err_set(err, STATUS_BROKEN, "its stack pointer is not on its stack");
	r->words = ((used < STACK_BYTES ? STACK_BYTES : 2 * STACK_BYTES) - used) / word;
	r->word = malloc(r->words * sizeof(*r->word));
	if (!r->word)
		return err_set(err, STATUS_BROKEN, "out of memory");
	st = core_read_virt(r->core, r->sp, r->word, r->words * word, err);
	bytes = (unsigned char *)r->word;
	for (size_t i = r->words; !st && i-- > 0;) /* from the end, for 4 bytes become 8 */
		r->word[i] = core_uint(r->core, bytes + i * word, word);
	return st;
}

static bool find_by_stack(struct reader *r, struct task_wait *ret)
{
	unsigned candidates = 0;

	if (!r->task->stack || read_stack(r, NULL))
		return false;
	for (size_t i = 0; i < r->words && candidates < CANDIDATES_MAX; i++) {
		const struct lock_layout *l;
		enum task_lock lock;
		uint64_t at, head;

		if (r->word[i] != r->task->addr)
			continue;
		candidates++;
		lock = lock_by_function(r, i);
		l = &r->lock[lock];
		at = r->sp + i * r->word_size;
		if (!l->has_list || !find_head(r, l, at - l->task + l->list, &head))
			continue;
		ret->lock = lock;
		ret->lock_addr = head - l->wait_list;
		return true;
	}
	return false;
}

/* task_struct.blocker: the lock's address with its kind in the lowest bits; 0: none. */
static bool find_by_blocker(struct reader *r, struct task_wait *ret)
{
	uint64_t blocker;
	unsigned kind;

	if (types_read_path(r->kernel->types, r->task->addr, "task_struct.blocker", &blocker,
			    NULL) ||
	    !blocker)
		return false;
	kind = blocker & BLOCKER_KIND;
	if (kind == BLOCKER_SEMAPHORE)
		return false; /* it has no owner */
	ret->lock = kind == BLOCKER_MUTEX ? LOCK_MUTEX : LOCK_RWSEM;
	ret->lock_addr = blocker & ~(uint64_t)BLOCKER_KIND;
	return true;
}

/* --- who has it -------------------------------------------------------------------------- */

static bool is_task(struct reader *r, uint64_t addr, struct task *ret)
{
	uint64_t magic;

	return !task_read(r->kernel, addr, ret, NULL) && ret->pid > 0 && ret->stack &&
	       !core_read_uint(r->core, ret->stack, 4, &magic, NULL) && magic == STACK_END;
}

static void find_owner(struct reader *r, struct task_wait *ret)
{
	const struct lock_layout *l = &r->lock[ret->lock];
	struct task owner;
	uint64_t word;

	if (!l->known || core_read_ptr(r->core, ret->lock_addr + l->owner, &word, NULL))
		return;
	if (ret->lock == LOCK_RWSEM && (word & OWNER_READERS)) {
		ret->owned_by_readers = true;
		return;
	}
	if (!is_task(r, word & ~(uint64_t)OWNER_FLAGS, &owner))
		return;
	ret->owner = owner.addr;
	ret->owner_pid = owner.pid;
	memcpy(ret->owner_comm, owner.comm, sizeof(ret->owner_comm));
}

enum status task_wait(struct kernel *kernel, const struct task *task, struct task_wait *ret,
		      struct err *err)
{
	struct reader r = {.kernel = kernel, .core = kernel->core, .task = task};
	enum status st;

	if (!kernel->types)
		return err_set(err, STATUS_ABSENT, "what %s waits for: no types", task->comm);
	st = types_offset(kernel->types, "task_struct.stack", &r.stack_member, err);
	if (st)
		return err_add(err, st, "what %s waits for", task->comm);
	r.word_size = core_is_64bit(r.core) ? 8 : 4;
	memset(ret, 0, sizeof(*ret));
	ret->seconds = task->on_cpu ? 0 : since_it_ran(kernel, task);
	find_layouts(&r);
	if (!task->on_cpu && (find_by_blocker(&r, ret) || find_by_stack(&r, ret)))
		find_owner(&r, ret);
	free(r.word);
	return STATUS_FOUND;
}
