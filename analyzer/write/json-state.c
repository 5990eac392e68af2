// SPDX-License-Identifier: GPL-2.0-or-later
//
// The part of the document that tells of the machine at the moment of the crash: panic and
// settings, modules, CPUs, blocked tasks, memory.
#include <string.h>

#include "oops/group.h"

#include "write/put.h"

static json_t *sysctl_of(const struct settings *s)
{
	json_t *o = json_object();

	for (unsigned i = 0; i < s->count; i++)
		put_int(o, s->setting[i].name, s->setting[i].value);
	return o;
}

static json_t *panic_of(const struct fact_set *f)
{
	json_t *o = json_object();

	if (f->panic) {
		put_str(o, "reason", f->panic->message);
		put_int(o, "log_line", f->panic->line);
	}
	if (f->state.panic_cpu >= 0)
		put_int(o, "cpu", f->state.panic_cpu);
	if (f->state.settings && f->state.settings->count)
		put(o, "sysctl", sysctl_of(f->state.settings));
	return o;
}

static json_t *module_of(const struct fact_set *f, const struct fact_module *m)
{
	json_t *o = json_object();

	put_str(o, "name", m->name);
	if (m->address)
		put_addr(o, "address", m->address);
	if (m->size)
		put_int(o, "size", (int64_t)m->size);
	if (m->taints && m->taints[0])
		put_str(o, "taints", m->taints);
	put_str(o, "version", m->version);
	put_str(o, "srcversion", m->srcversion);
	if (fact_is_in_crash(f, m->name))
		put(o, "in_trace", json_true());
	return o;
}

static json_t *modules_of(const struct fact_set *f)
{
	json_t *array = json_array();

	for (size_t i = 0; i < f->state.module_count; i++)
		(void)json_array_append_new(array, module_of(f, &f->state.modules[i]));
	return array;
}

/*
 * The first function, above the tick where one came between, of none of these groups; without
 * one, the innermost.
 */
static const char *telling(const struct fact_trace *trace, uint32_t passed)
{
	const struct event ev = {.trace = trace->frame, .frame_count = trace->count};

	for (size_t i = oops_above_tick(&ev); i < trace->count; i++)
		if (trace->frame[i].function &&
		    !(GROUP_BIT(oops_group(trace->frame[i].function)) & passed))
			return trace->frame[i].function;
	return trace->count ? trace->frame[0].function : NULL;
}

/* How a CPU was stopped, or noticed a lockup, tells nothing of what it did. */
enum {
	NOTICING = GROUP_BIT(GROUP_REPORT) | GROUP_BIT(GROUP_TIMER) | GROUP_BIT(GROUP_ENTRY) |
		   GROUP_BIT(GROUP_IPI),
	SLEEPING = GROUP_BIT(GROUP_SCHED) | GROUP_BIT(GROUP_WAIT) | GROUP_BIT(GROUP_LOCK) |
		   GROUP_BIT(GROUP_TIMER),
};

static json_t *cpu_of(const struct fact_cpu *cpu)
{
	json_t *o = json_object();

	put_int(o, "cpu", cpu->cpu);
	if (cpu->pid >= 0)
		put_int(o, "pid", cpu->pid);
	put_str(o, "comm", cpu->comm);
	put_str(o, "state", fact_cpu_state_name(cpu->state));
	if (cpu->trace.count) {
		put_str(o, "function", telling(&cpu->trace, NOTICING));
		put(o, "trace", put_trace(cpu->trace.frame, cpu->trace.count));
	}
	put_str(o, "trace_ends", cpu->trace.why_cut);
	return o;
}

static json_t *cpus_of(const struct fact_state *state)
{
	json_t *array = json_array();

	for (size_t i = 0; i < state->cpu_count; i++)
		(void)json_array_append_new(array, cpu_of(&state->cpus[i]));
	return array;
}

static json_t *blocked_of(const struct fact_blocked *group)
{
	static const char *const locks[] = {NULL, "mutex", "rwsem"};
	json_t *o = json_object(), *pids = json_array();

	put_int(o, "tasks", (int64_t)group->tasks);
	for (size_t i = 0; i < group->pids; i++)
		(void)json_array_append_new(pids, json_integer(group->pid[i]));
	put(o, "pids", pids);
	put_str(o, "comm", group->comm);
	if (group->seconds >= 0)
		put(o, "seconds", json_real((double)(int64_t)(group->seconds * 1000) / 1000));
	put_str(o, "waits_for", locks[group->lock]);
	if (group->owner_pid >= 0) {
		json_t *owner = json_object();

		put_int(owner, "pid", group->owner_pid);
		put_str(owner, "comm", group->owner_comm);
		put(o, "owner", owner);
	} else if (group->owned_by_readers) {
		put_str(o, "held_by", "readers");
	}
	put_str(o, "function", telling(&group->trace, SLEEPING));
	put(o, "trace", put_trace(group->trace.frame, group->trace.count));
	return o;
}

static json_t *tasks_of(const struct fact_state *state)
{
	json_t *o = json_object(), *array = json_array();

	put_int(o, "total", state->tasks);
	put_int(o, "blocked", (int64_t)state->blocked_tasks);
	for (size_t i = 0; i < state->blocked_groups; i++)
		(void)json_array_append_new(array, blocked_of(&state->blocked[i]));
	put(o, "uninterruptible", array);
	return o;
}

static void put_kib(json_t *o, const char *key, int64_t kib)
{
	if (kib >= 0)
		put_int(o, key, kib);
}

static json_t *processes_of(const struct fact_state *state)
{
	json_t *array = json_array();

	for (size_t i = 0; i < state->process_count; i++) {
		const struct memory_process *p = &state->process[i];
		json_t *o = json_object();

		put_int(o, "pid", p->pid);
		put_str(o, "comm", p->comm);
		put_int(o, "rss_kib", p->rss);
		if (p->has_oom_score_adj)
			put_int(o, "oom_score_adj", p->oom_score_adj);
		(void)json_array_append_new(array, o);
	}
	return array;
}

static json_t *caches_of(const struct fact_state *state)
{
	json_t *array = json_array();

	for (unsigned i = 0; i < state->cache_count; i++) {
		const struct memory_cache *c = &state->cache[i];
		json_t *o = json_object();

		put_str(o, "name", c->name);
		put_int(o, "kib", c->total);
		put_int(o, "objects", (int64_t)c->objects);
		put_int(o, "object_bytes", (int64_t)c->object_size);
		(void)json_array_append_new(array, o);
	}
	return array;
}

static json_t *nodes_of(const struct memory *m)
{
	json_t *array = json_array();

	for (unsigned i = 0; i < m->nodes; i++) {
		json_t *o = json_object();

		put_int(o, "node", m->node[i].node);
		put_kib(o, "total_kib", m->node[i].total);
		put_kib(o, "free_kib", m->node[i].free);
		(void)json_array_append_new(array, o);
	}
	return array;
}

static json_t *memory_of(const struct fact_state *state)
{
	const struct memory *m = state->memory;
	json_t *o = json_object();

	put_kib(o, "total_kib", m->total);
	put_kib(o, "free_kib", m->free);
	put_kib(o, "available_kib", m->available);
	put_kib(o, "anon_kib", m->anon);
	put_kib(o, "page_cache_kib", m->page_cache);
	put_kib(o, "shmem_kib", m->shmem);
	put_kib(o, "slab_reclaimable_kib", m->slab_reclaimable);
	put_kib(o, "slab_unreclaimable_kib", m->slab_unreclaimable);
	put_kib(o, "page_tables_kib", m->page_tables);
	put_kib(o, "kernel_stacks_kib", m->kernel_stacks);
	put_kib(o, "vmalloc_kib", m->vmalloc);
	put_kib(o, "percpu_kib", m->percpu);
	put_kib(o, "hugetlb_kib", m->hugetlb);
	put_kib(o, "swap_total_kib", m->swap_total);
	put_kib(o, "swap_free_kib", m->swap_free);
	put(o, "nodes", nodes_of(m));
	put(o, "largest", processes_of(state));
	put(o, "slab_caches", caches_of(state));
	if (state->has_cgroup) {
		json_t *cgroup = json_object();

		put_str(cgroup, "name", state->cgroup.name);
		put_kib(cgroup, "limit_kib", state->cgroup.limit);
		put_kib(cgroup, "usage_kib", state->cgroup.usage);
		put(o, "cgroup", cgroup);
	}
	return o;
}

void put_state(json_t *document, const struct fact_set *facts)
{
	const struct fact_state *state = &facts->state;

	if (facts->panic || state->panic_cpu >= 0 || state->settings)
		put(document, "panic", panic_of(facts));
	if (state->module_count)
		put(document, "modules", modules_of(facts));
	put_str(document, "last_unloaded", state->last_unloaded);
	if (state->cpu_count)
		put(document, "cpus", cpus_of(state));
	if (state->tasks >= 0)
		put(document, "tasks", tasks_of(state));
	if (state->memory)
		put(document, "memory", memory_of(state));
}
