// SPDX-License-Identifier: GPL-2.0-or-later
//
// Walks the tasks of the crashed kernel.
//
//	init_task.tasks <-> task.tasks <-> task.tasks ...	one for each process, its leader
//			       |
//			    signal->thread_head <-> task.thread_node ...	its threads (v3.14)
//
// The idle tasks of the CPUs are on no list, but for init_task, which is the head of the first.
// Of each task one span of its task_struct is read, from the first to the last member that is
// wanted: a machine may have a hundred thousand.
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "kernel/tasks.h"

enum {
	TASK_MAX_SPAN = 16 << 10, /* bytes; 3 KiB in 6.1 */

	TASK_UNINTERRUPTIBLE = 0x2,
	TASK_REPORT = 0x7f, /* what ps tells of: S D T t X Z P */
	TASK_IDLE = 0x402, /* with TASK_NOLOAD */
	TASK_RTLOCK_WAIT = 0x1000, /* v5.15, with PREEMPT_RT */
	TASK_FROZEN = 0x8000,	   /* v6.1 */
	PF_KTHREAD = 0x200000,
};

enum field {
	F_TASKS,
	F_PID,
	F_TGID,
	F_COMM,
	F_STATE,
	F_SIGNAL,
	F_THREAD_NODE,
	F_PARENT,
	F_EXIT_STATE,
	F_FLAGS,
	F_ON_CPU,
	F_CPU,
	F_MM,
	F_STACK,
	FIELDS,
};

static const struct {
	const char *path[3]; /* the newest name first */
	bool needed;
} fields[FIELDS] = {
	[F_TASKS] = {{"task_struct.tasks"}, true},
	[F_PID] = {{"task_struct.pid"}, true},
	[F_TGID] = {{"task_struct.tgid"}, true},
	[F_COMM] = {{"task_struct.comm"}, true},
	[F_STATE] = {{"task_struct.__state", "task_struct.state"}, true}, /* v5.14 */
	[F_SIGNAL] = {{"task_struct.signal"}, false},
	[F_THREAD_NODE] = {{"task_struct.thread_node"}, false},
	[F_PARENT] = {{"task_struct.real_parent"}, false},
	[F_EXIT_STATE] = {{"task_struct.exit_state"}, false},
	[F_FLAGS] = {{"task_struct.flags"}, false},
	[F_ON_CPU] = {{"task_struct.on_cpu"}, false},
	[F_CPU] = {{"task_struct.thread_info.cpu", "task_struct.cpu"}, false}, /* v5.16 */
	[F_MM] = {{"task_struct.mm"}, false},
	[F_STACK] = {{"task_struct.stack"}, false},
};

/* Where a task's members are, found once for all tasks, and the task that is looked at. */
struct reader {
	struct core *core;
	struct member member[FIELDS];
	bool has[FIELDS];
	bool has_threads;
	uint64_t thread_head; /* in struct signal_struct */
	uint64_t low;	      /* of the span, in task_struct */
	size_t span;
	uint64_t parent;      /* the last one asked for, and its pid: most have the same */
	int32_t parent_pid;
	unsigned char buf[TASK_MAX_SPAN];
};

static enum status set_span(struct reader *r, struct err *err)
{
	uint64_t low = UINT64_MAX, high = 0, word = core_is_64bit(r->core) ? 8 : 4;

	for (unsigned i = 0; i < FIELDS; i++) {
		const struct member *m = &r->member[i];

		if (!r->has[i])
			continue;
		if (m->size > TASK_MAX_SPAN || m->offset > UINT32_MAX ||
		    ((i == F_TASKS || i == F_THREAD_NODE) && m->size < 2 * word))
			return err_set(err, STATUS_BROKEN, "%s is not what it should be",
				       fields[i].path[0]);
		if (m->offset < low)
			low = m->offset;
		if (m->offset + m->size > high)
			high = m->offset + m->size;
	}
	if (high - low > TASK_MAX_SPAN)
		return err_set(err, STATUS_BROKEN, "struct task_struct is too large");
	r->low = low;
	r->span = high - low;
	return STATUS_FOUND;
}

static enum status reader_init(struct reader *r, struct kernel *kernel, struct err *err)
{
	if (!kernel->types)
		return err_set(err, STATUS_ABSENT, "no types");
	memset(r, 0, sizeof(*r));
	r->core = kernel->core;
	for (unsigned i = 0; i < FIELDS; i++) {
		enum status st =
		    types_member_of(kernel->types, fields[i].path, &r->member[i], NULL, err);

		if (st && fields[i].needed)
			return st;
		r->has[i] = !st;
	}
	r->has_threads = r->has[F_SIGNAL] && r->has[F_THREAD_NODE] &&
			 !types_offset(kernel->types, "signal_struct.thread_head",
				       &r->thread_head, NULL);
	return set_span(r, err);
}

/* --- one task ---------------------------------------------------------------------------- */

static uint64_t field(const struct reader *r, enum field f, uint64_t unknown)
{
	const struct member *m = &r->member[f];
	unsigned size = (unsigned)m->size;

	if (!r->has[f] || (size != 1 && size != 2 && size != 4 && size != 8))
		return unknown;
	return core_uint(r->core, r->buf + (m->offset - r->low), size);
}

/* The pointers of a struct list_head, in their order. */
enum way { NEXT, PREV };

static unsigned word_size(const struct reader *r)
{
	return core_is_64bit(r->core) ? 8 : 4;
}

/* One of a list_head among the members. */
static uint64_t list_pointer(const struct reader *r, enum field f, enum way way)
{
	unsigned word = word_size(r);

	return core_uint(r->core, r->buf + (r->member[f].offset - r->low) + way * word, word);
}

/* As task_state_index() of the kernel has it. */
static char state_letter(uint32_t state, uint32_t exit_state)
{
	static const char letters[] = "RSDTtXZP";
	uint32_t told = (state | exit_state) & TASK_REPORT;
	unsigned i = 0;

	if ((state & TASK_IDLE) == TASK_IDLE)
		return 'I';
	if (state & (TASK_RTLOCK_WAIT | TASK_FROZEN))
		told = TASK_UNINTERRUPTIBLE;
	for (; told; told >>= 1)
		i++;
	return letters[i];
}

/* The pid of a process is that of its leader: tgid. */
static int32_t parent_pid(struct reader *r)
{
	uint64_t parent = field(r, F_PARENT, 0), pid;

	if (!parent)
		return -1;
	if (parent == r->parent)
		return r->parent_pid;
	if (types_read(r->core, parent, &r->member[F_TGID], &pid, NULL))
		return -1;
	r->parent = parent;
	r->parent_pid = (int32_t)pid;
	return r->parent_pid;
}

static void read_comm(const struct reader *r, char comm[16])
{
	size_t size = r->member[F_COMM].size < 16 ? r->member[F_COMM].size : 16;

	memset(comm, 0, 16);
	memcpy(comm, r->buf + (r->member[F_COMM].offset - r->low), size);
	comm[15] = '\0';
}

static enum status read_task(struct reader *r, uint64_t addr, struct task *ret,
			     struct err *err)
{
	enum status st = core_read_virt(r->core, addr + r->low, r->buf, r->span, err);

	if (st)
		return err_add(err, st, "task at %#" PRIx64, addr);
	memset(ret, 0, sizeof(*ret));
	ret->addr = addr;
	ret->pid = (int32_t)field(r, F_PID, 0);
	ret->tgid = (int32_t)field(r, F_TGID, 0);
	ret->ppid = parent_pid(r);
	read_comm(r, ret->comm);
	ret->state = (uint32_t)field(r, F_STATE, 0);
	ret->exit_state = (uint32_t)field(r, F_EXIT_STATE, 0);
	ret->letter = state_letter(ret->state, ret->exit_state);
	ret->on_cpu = field(r, F_ON_CPU, 0);
	ret->blocked = ret->letter == 'D' && !(ret->state & TASK_FROZEN) && !ret->on_cpu;
	ret->is_kernel = field(r, F_FLAGS, 0) & PF_KTHREAD;
	ret->cpu = (int32_t)field(r, F_CPU, UINT64_MAX);
	ret->mm = field(r, F_MM, 0);
	ret->signal = field(r, F_SIGNAL, 0);
	ret->stack = field(r, F_STACK, 0);
	return STATUS_FOUND;
}

enum status task_read(struct kernel *kernel, uint64_t addr, struct task *ret, struct err *err)
{
	struct reader r;
	enum status st = reader_init(&r, kernel, err);

	return st ? st : read_task(&r, addr, ret, err);
}

/* --- all tasks --------------------------------------------------------------------------- */

struct walk {
	struct reader *reader;
	bool (*seen)(const struct task *task, void *ctx);
	void *ctx;
	size_t total;
	bool stopped; /* by seen() */
};

/* Finds circles: a place is kept, and a later one at every doubling of the steps. */
struct steps {
	uint64_t mark;
	size_t taken, next_mark;
};

static enum status step(struct steps *s, uint64_t addr, struct err *err)
{
	if (s->taken && addr == s->mark)
		return err_set(err, STATUS_BROKEN, "the list runs in a circle at %#" PRIx64,
			       addr);
	if (s->taken == s->next_mark) {
		s->mark = addr;
		s->next_mark = s->next_mark * 2 + 1;
	}
	s->taken++;
	return STATUS_FOUND;
}

static enum status give(struct walk *w, uint64_t addr, struct task *task, struct err *err)
{
	enum status st;

	if (w->total == TASKS_MAX)
		return err_set(err, STATUS_BROKEN, "more than %u tasks", TASKS_MAX);
	st = read_task(w->reader, addr, task, err);
	if (st)
		return st;
	w->total++;
	w->stopped = w->seen && !w->seen(task, w->ctx);
	return STATUS_FOUND;
}

/* Whether a leader is the only thread: the usual process, without a further read. */
static bool is_alone(const struct reader *r, uint64_t head)
{
	return list_pointer(r, F_THREAD_NODE, 0) == head &&
	       list_pointer(r, F_THREAD_NODE, 1) == head;
}

/* The threads but the leader, whose members are in the reader. */
static enum status walk_threads(struct walk *w, uint64_t leader, struct err *err)
{
	struct reader *r = w->reader;
	uint64_t signal = field(r, F_SIGNAL, 0), head = signal + r->thread_head, node;
	uint64_t offset = r->member[F_THREAD_NODE].offset;
	struct steps steps = {0};
	struct task task;
	enum status st;

	if (!signal || is_alone(r, head))
		return STATUS_FOUND;
	st = core_read_ptr(r->core, head, &node, err);
	while (!st && node != head && !w->stopped) {
		uint64_t addr = node - offset;

		st = step(&steps, addr, err);
		if (!st && addr != leader)
			st = give(w, addr, &task, err);
		if (!st)
			st = core_read_ptr(r->core, node, &node, err);
	}
	return st ? err_add(err, st, "threads of the task at %#" PRIx64, leader) : st;
}

/*
 * The processes, along their list one way, from its head to its head or to the node `end`.
 * *ret_lost: the node of a task that could not be read, which ends the walk; else 0. A process
 * with broken threads does not end it: the first such is told.
 */
static enum status walk_leaders(struct walk *w, uint64_t head, enum way way, uint64_t end,
				uint64_t *ret_lost, struct err *ret_threads, struct err *err)
{
	struct reader *r = w->reader;
	struct steps steps = {0};
	struct task task;
	uint64_t node;
	enum status st = core_read_ptr(r->core, head + way * word_size(r), &node, err);

	*ret_lost = 0;
	while (!st && node != head && node != end && !w->stopped) {
		uint64_t addr = node - r->member[F_TASKS].offset;
		struct err why = {""};

		st = step(&steps, addr, err);
		if (st)
			break;
		st = give(w, addr, &task, err);
		if (st) {
			*ret_lost = node;
			break;
		}
		node = list_pointer(r, F_TASKS, way);
		if (r->has_threads && !w->stopped && walk_threads(w, addr, &why) &&
		    !*ret_threads->text)
			*ret_threads = why;
	}
	return st;
}

enum status tasks_each(struct kernel *kernel, bool (*seen)(const struct task *task, void *ctx),
		       void *ctx, size_t *ret_total, char why_cut[256], struct err *err)
{
	struct reader r;
	struct walk w = {.reader = &r, .seen = seen, .ctx = ctx};
	struct err threads = {""}, why = {""}, other = {""};
	uint64_t init_task, head, lost, lost_too;
	enum status st = kernel_find(kernel, "init_task", &init_task, err);

	if (!st)
		st = reader_init(&r, kernel, err);
	if (st)
		return err_add(err, st, "tasks");
	if (!r.has_threads)
		err_write(&threads, "this kernel's threads cannot be found, only processes");
	head = init_task + r.member[F_TASKS].offset;
	st = walk_leaders(&w, head, NEXT, head, &lost, &threads, &why);
	if (lost) /* the rest, from the other end; why says already that not all are there */
		(void)walk_leaders(&w, head, PREV, lost, &lost_too, &threads, &other);
	if (st && !w.total)
		return err_set(err, st, "tasks: %s", why.text);
	if (ret_total)
		*ret_total = w.total;
	snprintf(why_cut, 256, "%.255s", *why.text ? why.text : threads.text);
	return STATUS_FOUND;
}
