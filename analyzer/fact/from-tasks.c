// SPDX-License-Identifier: GPL-2.0-or-later
//
// The tasks: who is blocked, for how long, on what, and which processes hold the most memory.
// One walk over the task list serves both.
#include <stdlib.h>
#include <string.h>

#include "fact/fact.h"

enum {
	TRACED_MAX = 128, /* blocked tasks that are unwound; the others are counted */
};

struct walk {
	struct fact_set *facts;
	struct fact_kernel *fk;
	uint64_t hash[FACT_MAX_GROUPS]; /* of each group's trace */
	size_t dropped;			/* blocked tasks without a group */
	struct memory_largest *largest; /* NULL: not asked */
};

static uint64_t hash_of(const struct backtrace *b)
{
	uint64_t hash = UINT64_C(0xcbf29ce484222325);

	for (unsigned i = 0; i < b->count; i++)
		hash = (hash ^ b->frame[i].ip) * UINT64_C(0x100000001b3);
	return hash;
}

/* The group with this trace; a new one when there is none; NULL: there is no room. */
static struct fact_blocked *group_of(struct walk *w, const struct backtrace *b)
{
	struct fact_state *m = &w->facts->state;
	uint64_t hash = hash_of(b);
	struct fact_blocked *group;

	for (size_t i = 0; i < m->blocked_groups; i++)
		if (w->hash[i] == hash)
			return &m->blocked[i];
	if (m->blocked_groups == FACT_MAX_GROUPS)
		return NULL;
	w->hash[m->blocked_groups] = hash;
	group = &m->blocked[m->blocked_groups++];
	fact_trace_of(w->facts, w->fk->unwinder, b, &group->trace);
	return group;
}

/* The longest blocked speaks for its group. */
static void add_to_group(struct walk *w, struct fact_blocked *group, const struct task *task)
{
	struct task_wait wait = {.seconds = -1};
	size_t kept, at = 0;

	if (task_wait(&w->fk->kernel, task, &wait, NULL))
		wait = (struct task_wait){.seconds = -1};
	group->tasks++;
	if (group->pids && wait.seconds <= group->seconds)
		at = group->pids;
	if (at == FACT_GROUP_PIDS)
		return;
	kept = group->pids < FACT_GROUP_PIDS ? group->pids : FACT_GROUP_PIDS - 1;
	memmove(&group->pid[at + 1], &group->pid[at], (kept - at) * sizeof(group->pid[0]));
	group->pid[at] = task->pid;
	group->pids = kept + 1;
	if (at)
		return;
	group->comm = arena_str(&w->facts->arena, slice_of(task->comm));
	group->seconds = wait.seconds;
	group->lock = wait.lock;
	group->owned_by_readers = wait.owned_by_readers;
	group->owner_pid = wait.owner ? wait.owner_pid : -1;
	group->owner_comm = wait.owner ? arena_str(&w->facts->arena, slice_of(wait.owner_comm))
				       : NULL;
}

static void take_blocked(struct walk *w, const struct task *task)
{
	struct fact_state *m = &w->facts->state;
	struct fact_blocked *group = NULL;
	struct backtrace backtrace = {.count = 0};

	m->blocked_tasks++;
	if (m->blocked && m->blocked_tasks <= TRACED_MAX) {
		if (!w->fk->unwinder || unwind_task(w->fk->unwinder, task->addr, &backtrace, NULL))
			backtrace.count = 0;
		group = group_of(w, &backtrace);
	}
	if (group)
		add_to_group(w, group, task);
	else
		w->dropped++;
}

static bool seen(const struct task *task, void *ctx)
{
	struct walk *w = ctx;

	if (task->blocked && !task->on_cpu)
		take_blocked(w, task);
	if (w->largest && !task->is_kernel)
		memory_largest_add(w->largest, task);
	return true;
}

static int longest_first(const void *a, const void *b)
{
	const struct fact_blocked *x = a, *y = b;

	return x->seconds < y->seconds ? 1 : x->seconds > y->seconds ? -1 : 0;
}

void fact_from_tasks(struct fact_set *facts, struct fact_kernel *fk)
{
	struct walk walk = {.facts = facts, .fk = fk};
	struct fact_state *m = &facts->state;
	char why_cut[256] = "";
	size_t total = 0;
	struct err err;
	enum status st;

	if (!fact_has_types(fk))
		return;
	m->blocked = arena_alloc(&facts->arena, FACT_MAX_GROUPS * sizeof(*m->blocked));
	if (memory_largest_open(&walk.largest, &fk->kernel, NULL))
		walk.largest = NULL; /* not known then */
	st = tasks_each(&fk->kernel, seen, &walk, &total, why_cut, &err);
	m->process_count = memory_largest_close(walk.largest, m->process);
	if (st) {
		fact_degraded(facts, "tasks", err.text);
		return;
	}
	m->tasks = (int64_t)total;
	if (why_cut[0])
		fact_degraded(facts, "tasks", why_cut);
	if (walk.dropped)
		fact_degraded(facts, "tasks", "more blocked tasks than are told of: the rest is counted only");
	if (m->blocked)
		qsort(m->blocked, m->blocked_groups, sizeof(*m->blocked), longest_first);
}
