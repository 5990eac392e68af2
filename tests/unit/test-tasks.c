// SPDX-License-Identifier: GPL-2.0-or-later
//
// Tasks of a made kernel: the walk, the states, and what blocked ones wait for.
#include "kernel/tasks.h"

#include "unit/test-image.h"
#include "unit/test-rows.h"

/* --- the made kernel ---------------------------------------------------------------------- */

enum {
	STATE = 0, STACK = 8, FLAGS = 16, ON_CPU = 20, CPU = 24, TASKS = 32, MM = 48,
	EXIT_STATE = 56, PID = 60, TGID = 64, PARENT = 72, THREAD_NODE = 80, COMM = 96,
	SIGNAL = 112, EXEC_START = 120, SP = 128, BLOCKER = 136, TASK_BYTES = 144,
	STRIDE = 0x10000, /* from one task to the next: its struct, signal_struct, and stack */
	SIGNAL_AT = 0x400, STACK_AT = 0x4000, STACK_BYTES = 0x4000, STACK_END = 0x57ac6e9d,
	PF_KTHREAD = 0x200000,
};

#define TASK(i)	   (MKDUMP_DIRECT + 0x100000 + (uint64_t)(i) * STRIDE)
#define INIT_TASK  (IMAGE_DATA + 0x1000)
#define MUTEX_LOCK (MKDUMP_TEXT + 0x4000)
#define RWSEM_DOWN (MKDUMP_TEXT + 0x5000)
#define SCHEDULE   (MKDUMP_TEXT + 0x6000)
#define OFFSETS	   (IMAGE_DATA + 0x3000)
#define RUNQUEUES  (IMAGE_DATA + 0x4000)
#define LOCK	   (IMAGE_DATA + 0x5000)

static const struct type_row types[] = {
	{"sched_entity", "exec_start", "u64", 0, 0}, {"sched_entity", NULL, NULL, 8, 0},
	{"thread_struct", "sp", "u64", 0, 0}, {"thread_struct", NULL, NULL, 8, 0},
	{"task_struct", "__state", "u32", STATE, 0},
	{"task_struct", "stack", "ptr", STACK, 0},
	{"task_struct", "flags", "u32", FLAGS, 0},
	{"task_struct", "on_cpu", "s32", ON_CPU, 0},
	{"task_struct", "cpu", "u32", CPU, 0},
	{"task_struct", "tasks", "list_head", TASKS, 0},
	{"task_struct", "mm", "ptr", MM, 0},
	{"task_struct", "exit_state", "s32", EXIT_STATE, 0},
	{"task_struct", "pid", "s32", PID, 0},
	{"task_struct", "tgid", "s32", TGID, 0},
	{"task_struct", "real_parent", "ptr", PARENT, 0},
	{"task_struct", "thread_node", "list_head", THREAD_NODE, 0},
	{"task_struct", "comm", "char", COMM, 16},
	{"task_struct", "signal", "ptr", SIGNAL, 0},
	{"task_struct", "se", "sched_entity", EXEC_START, 0},
	{"task_struct", "thread", "thread_struct", SP, 0},
	{"task_struct", "blocker", "u64", BLOCKER, 0},
	{"task_struct", NULL, NULL, TASK_BYTES, 0},
	{"signal_struct", "thread_head", "list_head", 16, 0},
	{"signal_struct", NULL, NULL, 32, 0},
	{"mutex", "owner", "atomic", 0, 0}, {"mutex", "wait_list", "list_head", 16, 0},
	{"mutex", NULL, NULL, 32, 0},
	{"rw_semaphore", "owner", "atomic", 8, 0},
	{"rw_semaphore", "wait_list", "list_head", 24, 0},
	{"rw_semaphore", NULL, NULL, 40, 0},
	{"mutex_waiter", "list", "list_head", 0, 0}, {"mutex_waiter", "task", "ptr", 16, 0},
	{"mutex_waiter", NULL, NULL, 24, 0},
	{"rwsem_waiter", "list", "list_head", 0, 0}, {"rwsem_waiter", "task", "ptr", 16, 0},
	{"rwsem_waiter", NULL, NULL, 24, 0},
	{"rq", "clock", "u64", 0, 0}, {"rq", "clock_task", "u64", 8, 0}, {"rq", NULL, NULL, 16, 0},
};

static const struct symbol_row symbols[] = {
	{MUTEX_LOCK, "__mutex_lock.constprop.0"},
	{RWSEM_DOWN, "rwsem_down_write_slowpath"},
	{SCHEDULE, "schedule"},
	{INIT_TASK, "init_task"},
	{IMAGE_DATA + 0x2000, "nr_cpu_ids"},
	{IMAGE_DATA + 0x2100, "__cpu_possible_mask"},
	{OFFSETS, "__per_cpu_offset"},
	{RUNQUEUES, "runqueues"},
};

static void put_list(struct mkdump *d, uint64_t node, uint64_t next)
{
	mkdump_uint(d, node, 8, next);
	mkdump_uint(d, next + 8, 8, node);
}

/* Task i is alone in its process, asleep, a child of task 0; tests change it from there. */
static void put_task(struct mkdump *d, unsigned i, int pid, const char *comm)
{
	uint64_t task = TASK(i), signal = task + SIGNAL_AT;

	mkdump_uint(d, task + STATE, 4, 1);
	mkdump_uint(d, task + STACK, 8, task + STACK_AT);
	mkdump_uint(d, task + STACK_AT, 4, STACK_END);
	mkdump_uint(d, task + STACK_AT + STACK_BYTES - 8, 8, 0);
	mkdump_uint(d, task + SP, 8, task + STACK_AT + STACK_BYTES - 0x200);
	mkdump_uint(d, task + PID, 4, (unsigned)pid);
	mkdump_uint(d, task + TGID, 4, (unsigned)pid);
	mkdump_uint(d, task + PARENT, 8, TASK(0));
	mkdump_virt(d, task + COMM, comm, strlen(comm) + 1);
	mkdump_uint(d, task + SIGNAL, 8, signal);
	mkdump_uint(d, task + BLOCKER, 8, 0);
	put_list(d, signal + 16, task + THREAD_NODE);
	put_list(d, task + THREAD_NODE, signal + 16);
}

/* Processes 0 to count - 1, in that order, pid 1 and on. */
static struct mkdump *processes(unsigned count)
{
	struct mkdump *d = mkdump_new(MKDUMP_X86_64);
	const struct image_spec spec = {types, ARRAY_SIZE(types), NULL, 0, symbols,
					ARRAY_SIZE(symbols)};

	image_put(d, &spec);
	mkdump_uint(d, INIT_TASK + TASK_BYTES, 8, 0);
	put_list(d, INIT_TASK + TASKS, count ? TASK(0) + TASKS : INIT_TASK + TASKS);
	for (unsigned i = 0; i < count; i++) {
		char comm[16];

		snprintf(comm, sizeof(comm), "task-%u", i);
		put_task(d, i, (int)i + 1, comm);
		put_list(d, TASK(i) + TASKS, i + 1 < count ? TASK(i + 1) + TASKS : INIT_TASK + TASKS);
	}
	return d;
}

/* Makes task i a thread of process leader, behind its others. */
static void put_thread(struct mkdump *d, unsigned i, int pid, unsigned leader, unsigned before)
{
	put_task(d, i, pid, "thread");
	mkdump_uint(d, TASK(i) + TGID, 4, leader + 1);
	mkdump_uint(d, TASK(i) + SIGNAL, 8, TASK(leader) + SIGNAL_AT);
	put_list(d, TASK(before) + THREAD_NODE, TASK(i) + THREAD_NODE);
	put_list(d, TASK(i) + THREAD_NODE, TASK(leader) + SIGNAL_AT + 16);
}

/* --- the walk ----------------------------------------------------------------------------- */

struct walked {
	char text[256];
	unsigned left; /* tasks until seen() has enough */
};

static bool note(const struct task *task, void *ctx)
{
	struct walked *w = ctx;
	size_t len = strlen(w->text);

	snprintf(w->text + len, sizeof(w->text) - len, "%d/%d %s, ", task->pid, task->tgid,
		 task->comm);
	return --w->left > 0;
}

static void check_walk(struct mkdump *d, unsigned enough, const char *expected, const char *why)
{
	struct walked w = {"", enough};
	struct kernel kernel = image_open(d);
	struct err err = {""};
	char why_cut[256];
	size_t total;

	if (tasks_each(&kernel, note, &w, &total, why_cut, &err))
		fail_msg("%s", err.text);
	assert_string_equal(w.text, expected);
	if (*why)
		assert_non_null(strstr(why_cut, why));
	else
		assert_string_equal(why_cut, "");
	image_close(&kernel);
}

static void walks_all_threads(void **state)
{
	struct mkdump *d = processes(3);

	(void)state;
	put_thread(d, 5, 50, 1, 1);
	put_thread(d, 6, 60, 1, 5);
	check_walk(d, 99, "1/1 task-0, 2/2 task-1, 50/2 thread, 60/2 thread, 3/3 task-2, ", "");
}

static void stops_when_enough(void **state)
{
	(void)state;
	check_walk(processes(3), 2, "1/1 task-0, 2/2 task-1, ", "");
}

static void tells_no_tasks(void **state)
{
	(void)state;
	check_walk(processes(0), 9, "", "");
}

static void tells_a_circle(void **state)
{
	struct mkdump *d = processes(3);
	struct walked w = {"", 99};
	struct kernel kernel;
	struct err err = {""};
	char why_cut[256];
	size_t total;

	(void)state;
	put_list(d, TASK(2) + TASKS, TASK(1) + TASKS);
	kernel = image_open(d);
	assert_int_equal(tasks_each(&kernel, note, &w, &total, why_cut, &err), STATUS_FOUND);
	assert_non_null(strstr(why_cut, "circle"));
	assert_true(total >= 3 && total <= 9);
	image_close(&kernel);
}

/* The threads of a process run in a circle: the processes behind it are still there. */
static void keeps_processes_behind_a_circle(void **state)
{
	struct mkdump *d = processes(2);

	(void)state;
	put_thread(d, 5, 50, 0, 0);
	mkdump_uint(d, TASK(5) + THREAD_NODE, 8, TASK(5) + THREAD_NODE);
	check_walk(d, 99, "1/1 task-0, 50/1 thread, 2/2 task-1, ", "circle");
}

/* A lost page takes its task, or all between two of them: the list has two ends. */
static void walks_around_lost_pages(void **state)
{
	struct mkdump *d = processes(5);

	(void)state;
	mkdump_drop(d, mkdump_translate(d, TASK(1)));
	check_walk(d, 99, "1/1 task-0, 5/5 task-4, 4/4 task-3, 3/3 task-2, ", "task at");
	d = processes(5);
	mkdump_drop(d, mkdump_translate(d, TASK(1)));
	mkdump_drop(d, mkdump_translate(d, TASK(3)));
	check_walk(d, 99, "1/1 task-0, 5/5 task-4, ", "task at");
}

/* --- one task ----------------------------------------------------------------------------- */

static const struct state_row {
	const char *name;
	uint32_t state, exit_state;
	bool on_cpu;
	char letter;
	bool blocked;
} state_rows[] = {
	{"state: running", 0, 0, true, 'R', false},
	{"state: interruptible", 1, 0, false, 'S', false},
	{"state: interruptible and freezable", 0x2001, 0, false, 'S', false},
	{"state: uninterruptible", 2, 0, false, 'D', true},
	{"state: uninterruptible, on its way to sleep", 2, 0, true, 'D', false},
	{"state: killable", 0x102, 0, false, 'D', true},
	{"state: idle kernel thread", 0x402, 0, false, 'I', false},
	{"state: frozen", 0x8000, 0, false, 'D', false},
	{"state: stopped", 4, 0, false, 'T', false},
	{"state: traced", 8, 0, false, 't', false},
	{"state: parked", 0x40, 0, false, 'P', false},
	{"state: zombie", 0x80, 0x20, false, 'Z', false},
	{"state: dead", 0x80, 0x10, false, 'X', false},
	{"state: all bits", 0xffffffff, 0xffffffff, false, 'I', false},
};

static void reads_state(void **state)
{
	const struct state_row *row = *state;
	struct mkdump *d = processes(2);
	struct kernel kernel;
	struct task task;

	mkdump_uint(d, TASK(1) + STATE, 4, row->state);
	mkdump_uint(d, TASK(1) + EXIT_STATE, 4, row->exit_state);
	mkdump_uint(d, TASK(1) + ON_CPU, 4, row->on_cpu);
	mkdump_uint(d, TASK(1) + FLAGS, 4, PF_KTHREAD);
	mkdump_uint(d, TASK(1) + CPU, 4, 3);
	mkdump_uint(d, TASK(1) + MM, 8, 0x1234);
	kernel = image_open(d);
	assert_int_equal(task_read(&kernel, TASK(1), &task, NULL), STATUS_FOUND);
	assert_int_equal(task.letter, row->letter);
	assert_int_equal(task.blocked, row->blocked);
	assert_int_equal(task.on_cpu, row->on_cpu);
	assert_true(task.is_kernel);
	assert_int_equal(task.cpu, 3);
	assert_int_equal(task.ppid, 1);
	assert_int_equal(task.mm, 0x1234);
	assert_int_equal(task.stack, TASK(1) + STACK_AT);
	image_close(&kernel);
}

static void tells_what_is_no_task(void **state)
{
	struct kernel kernel = image_open(processes(1));
	struct task task;

	(void)state;
	assert_int_equal(task_read(&kernel, 0x10, &task, NULL), STATUS_ABSENT);
	image_close(&kernel);
}

/* --- what it waits for -------------------------------------------------------------------- */

enum { WAITER = STACK_AT + STACK_BYTES - 0x100, BELOW = STACK_AT + STACK_BYTES - 0x180 };

static const struct wait_row {
	const char *name;
	uint64_t function; /* whose return address lies below the waiter */
	unsigned list, owner_at; /* in the lock */
	uint64_t owner;
	bool others;	/* another task waits, too */
	bool no_head;	/* the list runs through stacks only */
	enum task_lock lock;
	int owner_pid;	/* 0: none */
	bool readers;
} wait_rows[] = {
	{"wait: mutex", MUTEX_LOCK + 8, 16, 0, TASK(1), false, false, LOCK_MUTEX, 2, false},
	{"wait: mutex, flags in the owner", MUTEX_LOCK + 8, 16, 0, TASK(1) | 5, true, false,
	 LOCK_MUTEX, 2, false},
	{"wait: mutex, call at the end of the function", RWSEM_DOWN, 16, 0, TASK(1), true, false,
	 LOCK_MUTEX, 2, false},
	{"wait: mutex without owner", MUTEX_LOCK + 8, 16, 0, 0, false, false, LOCK_MUTEX, 0, false},
	{"wait: owner that is no task", MUTEX_LOCK + 8, 16, 0, LOCK, false, false, LOCK_MUTEX, 0,
	 false},
	{"wait: owner without a task's stack", MUTEX_LOCK + 8, 16, 0, TASK(4), false, false,
	 LOCK_MUTEX, 0, false},
	{"wait: owner outside of memory", MUTEX_LOCK + 8, 16, 0, 0xdead000000000000, false, false,
	 LOCK_MUTEX, 0, false},
	{"wait: rwsem of a writer", RWSEM_DOWN + 8, 24, 8, TASK(1), true, false, LOCK_RWSEM, 2,
	 false},
	{"wait: rwsem of readers", RWSEM_DOWN + 8, 24, 8, TASK(1) | 1, false, false, LOCK_RWSEM, 0,
	 true},
	{"wait: another sleeping function", SCHEDULE + 8, 16, 0, TASK(1), false, false, LOCK_NONE, 0,
	 false},
	{"wait: no lock on the list", MUTEX_LOCK + 8, 16, 0, TASK(1), true, true, LOCK_NONE, 0,
	 false},
};

static void put_waiter(struct mkdump *d, unsigned i, uint64_t next)
{
	mkdump_uint(d, TASK(i) + WAITER + 16, 8, TASK(i));
	put_list(d, TASK(i) + WAITER, next);
}

static void finds_lock(void **state)
{
	const struct wait_row *row = *state;
	struct mkdump *d = processes(3);
	uint64_t head = LOCK + row->list, first = TASK(0) + WAITER, last = TASK(2) + WAITER;
	struct task_wait wait;
	struct kernel kernel;
	struct task task;

	put_task(d, 4, 9, "ghost");
	mkdump_uint(d, TASK(4) + STACK_AT, 4, 0);
	mkdump_uint(d, LOCK + 0x40, 8, 0);
	mkdump_uint(d, LOCK + row->owner_at, 8, row->owner);
	mkdump_uint(d, TASK(0) + STATE, 4, 2);
	mkdump_uint(d, TASK(0) + BELOW, 8, row->function);
	put_list(d, head, first);
	put_waiter(d, 0, row->others ? last : head);
	if (row->others)
		put_waiter(d, 2, row->no_head ? first : head);
	kernel = image_open(d);
	assert_int_equal(task_read(&kernel, TASK(0), &task, NULL), STATUS_FOUND);
	assert_int_equal(task_wait(&kernel, &task, &wait, NULL), STATUS_FOUND);
	assert_int_equal(wait.lock, row->lock);
	if (row->lock != LOCK_NONE)
		assert_int_equal(wait.lock_addr, LOCK);
	assert_int_equal(wait.owner_pid, row->owner_pid);
	assert_string_equal(wait.owner_comm, row->owner_pid ? "task-1" : "");
	assert_int_equal(wait.owned_by_readers, row->readers);
	image_close(&kernel);
}

/* As task_struct.blocker says, without any list. */
static const struct blocker_row {
	const char *name;
	unsigned kind, owner_at; /* in the lock */
	enum task_lock lock;
	int owner_pid;
} blocker_rows[] = {
	{"blocker: mutex", 0, 0, LOCK_MUTEX, 2},
	{"blocker: semaphore", 1, 0, LOCK_NONE, 0},
	{"blocker: rwsem, to read", 2, 8, LOCK_RWSEM, 2},
	{"blocker: rwsem, to write", 3, 8, LOCK_RWSEM, 2},
};

static void takes_blocker(void **state)
{
	const struct blocker_row *row = *state;
	struct mkdump *d = processes(2);
	struct task_wait wait;
	struct kernel kernel;
	struct task task;

	mkdump_uint(d, LOCK + 0x40, 8, 0);
	mkdump_uint(d, LOCK + row->owner_at, 8, TASK(1));
	mkdump_uint(d, TASK(0) + BLOCKER, 8, LOCK | row->kind);
	kernel = image_open(d);
	assert_int_equal(task_read(&kernel, TASK(0), &task, NULL), STATUS_FOUND);
	assert_int_equal(task_wait(&kernel, &task, &wait, NULL), STATUS_FOUND);
	assert_int_equal(wait.lock, row->lock);
	assert_int_equal(wait.owner_pid, row->owner_pid);
	if (row->lock != LOCK_NONE)
		assert_int_equal(wait.lock_addr, LOCK);
	image_close(&kernel);
}

static const struct time_row {
	const char *name;
	uint64_t clock[2], clock_task[2]; /* of the CPUs: the task ran on 1 */
	uint64_t exec_start;
	double seconds;
} time_rows[] = {
	{"time: by its own CPU", {5, 70}, {5, 70}, 40, 30},
	{"time: its CPU has been idle", {90, 45}, {90, 45}, 40, 50},
	{"time: its CPU's task clock lacks interrupts", {90, 45}, {90, 41}, 40, 46},
	{"time: it just ran", {30, 30}, {30, 30}, 40, 0},
	{"time: it never ran", {30, 30}, {30, 30}, 0, -1},
};

static void tells_time(void **state)
{
	const struct time_row *row = *state;
	const uint64_t second = 1000000000, area = MKDUMP_DIRECT + 0x900000;
	struct mkdump *d = processes(1);
	struct task_wait wait;
	struct kernel kernel;
	struct task task;

	mkdump_uint(d, IMAGE_DATA + 0x2000, 4, 8);
	mkdump_uint(d, IMAGE_DATA + 0x2100, 8, 3);
	for (unsigned i = 0; i < 2; i++) {
		mkdump_uint(d, OFFSETS + i * 8, 8, area + i * 0x1000 - RUNQUEUES);
		mkdump_uint(d, area + i * 0x1000, 8, row->clock[i] * second);
		mkdump_uint(d, area + i * 0x1000 + 8, 8, row->clock_task[i] * second);
	}
	mkdump_uint(d, TASK(0) + CPU, 4, 1);
	mkdump_uint(d, TASK(0) + EXEC_START, 8, row->exec_start * second);
	kernel = image_open(d);
	assert_int_equal(task_read(&kernel, TASK(0), &task, NULL), STATUS_FOUND);
	assert_int_equal(task_wait(&kernel, &task, &wait, NULL), STATUS_FOUND);
	assert_true(wait.seconds == row->seconds);
	image_close(&kernel);
}

int main(void)
{
	struct CMUnitTest tests[64] = {
		cmocka_unit_test(walks_all_threads),
		cmocka_unit_test(stops_when_enough),
		cmocka_unit_test(tells_no_tasks),
		cmocka_unit_test(tells_a_circle),
		cmocka_unit_test(keeps_processes_behind_a_circle),
		cmocka_unit_test(walks_around_lost_pages),
		cmocka_unit_test(tells_what_is_no_task),
	};
	size_t n = 7;

	for (size_t i = 0; i < ARRAY_SIZE(state_rows); i++)
		tests[n++] = row_test(state_rows[i].name, reads_state, &state_rows[i]);
	for (size_t i = 0; i < ARRAY_SIZE(wait_rows); i++)
		tests[n++] = row_test(wait_rows[i].name, finds_lock, &wait_rows[i]);
	for (size_t i = 0; i < ARRAY_SIZE(blocker_rows); i++)
		tests[n++] = row_test(blocker_rows[i].name, takes_blocker, &blocker_rows[i]);
	for (size_t i = 0; i < ARRAY_SIZE(time_rows); i++)
		tests[n++] = row_test(time_rows[i].name, tells_time, &time_rows[i]);
	return _cmocka_run_group_tests("tasks", tests, n, NULL, NULL);
}
