// SPDX-License-Identifier: GPL-2.0-or-later
//
// The log against memory. User space can write any text into the log; it cannot write the
// kernel's variables. What agrees makes the verdict firmer, what differs is told.
#include <ctype.h>
#include <string.h>

#include "fact/fact.h"

/*
 * The kernel itself wrote down that it died: panic_cpu, and die_counter for an oops. A log that
 * tells of a death which memory does not know was written by somebody else, or the dump is one
 * of a living machine.
 */
static void check_death(struct fact_set *facts, struct fact_kernel *fk)
{
	const struct settings *s = facts->state.settings;
	int32_t panic_cpu;
	bool died;

	if (!facts->crash || facts->crash_source == FROM_MEMORY ||
	    (!facts->panic && class_weight(facts->crash->class) < WEIGHT_FATAL) ||
	    kernel_int(&fk->kernel, "panic_cpu", &panic_cpu, NULL))
		return;
	died = panic_cpu >= 0 || (s && s->oopses > 0);
	fact_check(facts, "the kernel itself noted that it crashed", died);
	if (died && facts->panic)
		facts->crash_source = FROM_BOTH;
}

static void check_panic_cpu(struct fact_set *facts)
{
	const struct event *e = facts->panic ? facts->panic : facts->crash;

	if (!e || e->cpu < 0 || facts->state.panic_cpu < 0)
		return;
	/* A lockup's report names the CPU that is stuck, and any CPU may panic over it. */
	if (class_weight(e->class) == WEIGHT_HANG || e->line != facts->crash->line)
		return;
	fact_check(facts, "the CPU of the crash in the log is the one that panicked in memory",
		   e->cpu == facts->state.panic_cpu);
}

static void check_task(struct fact_set *facts, struct fact_kernel *fk)
{
	const struct event *e = facts->crash;
	const struct cpu *cpu;

	if (!e || e->pid < 0 || e->cpu < 0 || !fk->cpus ||
	    class_weight(e->class) == WEIGHT_HANG)
		return;
	cpu = cpus_numbered(fk->cpus, (unsigned)e->cpu);
	if (cpu && cpu->task)
		fact_check(facts, "the task of the crash in the log is the one its CPU runs in memory",
			   cpu->pid == e->pid);
}

/* Every letter of the log stands for a bit that is set; bits may be set after the report. */
static void check_taint(struct fact_set *facts)
{
	const char *memory = facts->state.taint;
	bool agrees = true;

	if (!facts->crash || !memory || facts->crash_source == FROM_MEMORY || !facts->taint)
		return;
	for (const char *p = facts->taint; *p; p++)
		agrees &= *p == 'G' || !isupper((unsigned char)*p) || strchr(memory, *p) != NULL;
	fact_check(facts, "every taint of the log is set in memory", agrees);
}

static bool has_module(const struct fact_state *m, const char *name)
{
	for (size_t i = 0; i < m->module_count; i++)
		if (!strcmp(m->modules[i].name, name))
			return true;
	return false;
}

static void check_modules(struct fact_set *facts)
{
	bool agrees = true;

	if (!facts->state.modules_from_memory || !facts->log.module_count)
		return;
	for (size_t i = 0; i < facts->log.module_count; i++)
		agrees &= has_module(&facts->state, facts->log.modules[i].name);
	fact_check(facts, "every module that the log's last report lists is loaded in memory", agrees);
}

static void check_oopses(struct fact_set *facts)
{
	const struct settings *s = facts->state.settings;

	if (!s || s->oopses < 0 || !facts->crash || !facts->crash->oops_number ||
	    facts->crash_source == FROM_MEMORY)
		return;
	fact_check(facts, "memory counts at least the oopses that the log numbers",
		   (int64_t)facts->crash->oops_number <= s->oopses);
}

void fact_cross_check(struct fact_set *facts, struct fact_kernel *fk)
{
	check_death(facts, fk);
	check_panic_cpu(facts);
	check_task(facts, fk);
	check_taint(facts);
	check_modules(facts);
	check_oopses(facts);
}
