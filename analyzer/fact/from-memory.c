// SPDX-License-Identifier: GPL-2.0-or-later
//
// How much memory there was and who had it.
#include "fact/fact.h"

static void take_cgroup(struct fact_set *facts, struct fact_kernel *fk)
{
	struct fact_state *m = &facts->state;
	const struct cpu *cpu = fact_panic_cpu(facts, fk);
	struct task task;

	if (!cpu || !cpu->task || task_read(&fk->kernel, cpu->task, &task, NULL))
		return;
	m->has_cgroup = !memory_cgroup(&fk->kernel, &task, &m->cgroup, NULL);
}

void fact_from_memory(struct fact_set *facts, struct fact_kernel *fk)
{
	struct fact_state *m = &facts->state;
	struct memory *memory;
	struct err err;

	if (!fact_has_types(fk))
		return;
	memory = arena_alloc(&facts->arena, sizeof(*memory));
	if (!memory)
		return;
	if (memory_read(&fk->kernel, memory, &err)) {
		fact_degraded(facts, "memory", err.text);
		return;
	}
	m->memory = memory;
	if (memory->total >= 0)
		facts->memory_kib = memory->total;
	if (memory_caches(&fk->kernel, m->cache, &m->cache_count, &err))
		m->cache_count = 0;
	take_cgroup(facts, fk);
}
