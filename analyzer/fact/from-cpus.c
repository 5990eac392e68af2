// SPDX-License-Identifier: GPL-2.0-or-later
//
// What each CPU did when the machine died, and the crash's registers read aloud.
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "fact/fact.h"

const char *fact_cpu_state_name(enum fact_cpu_state state)
{
	static const char *const names[] = {NULL, "idle", "user", "kernel", "irq", "nmi",
					    "did-not-stop"};

	return names[state];
}

static enum fact_cpu_state state_of(const struct cpu *cpu, const struct fact_trace *trace)
{
	if (cpu->regs_from == CPU_REGS_NONE)
		return FACT_CPU_DID_NOT_STOP;
	if (cpu->in_user)
		return FACT_CPU_USER;
	if (trace->count && trace->frame[0].stack == STACK_NMI)
		return FACT_CPU_NMI;
	if (trace->count && trace->frame[0].stack == STACK_IRQ)
		return FACT_CPU_IRQ;
	return cpu->is_idle ? FACT_CPU_IDLE : FACT_CPU_KERNEL;
}

static const struct cpu *cpu_numbered(const struct fact_kernel *fk, int number)
{
	return fk->cpus && number >= 0 ? cpus_numbered(fk->cpus, (unsigned)number) : NULL;
}

const struct cpu *fact_panic_cpu(const struct fact_set *facts, const struct fact_kernel *fk)
{
	return cpu_numbered(fk, facts->state.panic_cpu);
}

static void take_cpu(struct fact_set *facts, struct fact_kernel *fk, const struct cpu *from,
		     struct fact_cpu *ret)
{
	struct backtrace backtrace;

	*ret = (struct fact_cpu){
		.cpu = from->cpu,
		.pid = from->task ? from->pid : -1,
	};
	if (from->task)
		ret->comm = arena_str(&facts->arena, slice_of(from->comm));
	if (fk->unwinder && from->regs_from != CPU_REGS_NONE && !from->in_user &&
	    !unwind_cpu(fk->unwinder, from, &backtrace, NULL))
		fact_trace_of(facts, fk->unwinder, &backtrace, &ret->trace);
	ret->state = state_of(from, &ret->trace);
}

static void take_cpus(struct fact_set *facts, struct fact_kernel *fk)
{
	struct fact_state *m = &facts->state;
	size_t count = cpus_count(fk->cpus);
	bool all = count <= FACT_MAX_CPUS;

	m->panic_cpu = cpus_panic_cpu(fk->cpus);
	facts->cpus = (int)count;
	m->cpus = arena_alloc(&facts->arena, (all ? count : FACT_MAX_CPUS) * sizeof(*m->cpus));
	for (size_t i = 0; m->cpus && i < count && m->cpu_count < FACT_MAX_CPUS; i++) {
		const struct cpu *cpu = cpus_get(fk->cpus, i);

		if (all || !cpu->is_idle)
			take_cpu(facts, fk, cpu, &m->cpus[m->cpu_count++]);
	}
	if (!all)
		fact_degraded(facts, "cpus", "more CPUs than are told of: idle ones were left out");
}

/* --- registers read aloud ------------------------------------------------------------------ */

/* Those that hold no address, or one that is told elsewhere. */
static bool is_control(const char *name)
{
	static const char *const names[] = {"rip",  "eip", "pc", "eflags", "rflags", "cs",  "ss",
					    "ds",   "es",  "fs", "gs",	   "cr0",    "cr2", "cr3",
					    "cr4",  "dr0", "dr1", "dr2",   "dr3",    "dr6", "dr7",
					    "pkru", "knlgs", "orig_rax", "pstate", "nip", "epc"};

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (!strcmp(name, names[i]))
			return true;
	return false;
}

static uint64_t crashing_task(const struct fact_set *facts, const struct fact_kernel *fk)
{
	const struct event *e = facts->crash;
	const struct cpu *cpu = e && e->cpu >= 0 ? cpu_numbered(fk, e->cpu)
						 : fact_panic_cpu(facts, fk);

	return cpu ? cpu->task : 0;
}

/* Whether the faulting instruction made its address of the register. */
static bool is_used(const struct dereference *d, const char *name)
{
	return (d->base && !strcmp(d->base, name)) || (d->index && !strcmp(d->index, name));
}

static void read_registers(struct fact_set *facts, struct fact_kernel *fk,
			   const struct dereference *d)
{
	const struct event *e = facts->crash;
	struct fact_state *m = &facts->state;
	uint64_t task = crashing_task(facts, fk);
	char text[POINTER_READING];

	m->notes = arena_alloc(&facts->arena, e->reg_count * sizeof(*m->notes));
	for (size_t i = 0; m->notes && i < e->reg_count; i++) {
		if (is_control(e->regs[i].name) ||
		    !kernel_pointer_reading(&fk->kernel, e->regs[i].value, task, text) ||
		    !(pointer_is_telling(text) || is_used(d, e->regs[i].name)))
			continue;
		m->notes[m->note_count++] = (struct fact_note){
			.name = e->regs[i].name,
			.text = arena_str(&facts->arena, slice_of(text)),
		};
	}
	if (e->has_fault_address &&
	    kernel_pointer_reading(&fk->kernel, e->fault_address, task, text))
		fact_read_fault(facts, text);
}

/*
 * The crash's registers with the instruction pointer, which the log tells by name only: those
 * in memory that have the same stack pointer.
 */
static bool registers_of(const struct fact_set *facts, struct fact_kernel *fk,
			 struct core_regs *ret)
{
	const struct cpu *cpu = fact_panic_cpu(facts, fk);
	uint64_t sp, logged;

	if (!fk->cpus || !fact_register(facts, "rsp", &logged))
		return false;
	if (!cpus_oops_regs(fk->cpus, ret, NULL) && regs_get(ret, "rsp", &sp) && sp == logged)
		return true;
	return cpu && !cpus_regs(fk->cpus, cpu, ret, NULL) && regs_get(ret, "rsp", &sp) &&
	       sp == logged;
}

/* Which registers the faulting instruction went through; base NULL: not known. */
static struct dereference read_instruction(const struct fact_set *facts, struct fact_kernel *fk)
{
	struct core_regs regs;
	struct dereference d;

	if (!class_is_fault(facts->crash->class) || !registers_of(facts, fk, &regs) ||
	    pointer_dereference(&fk->kernel, &regs, &d, NULL))
		return (struct dereference){.base = NULL};
	return d;
}

/* "rdi + 0x88" */
static const char *dereferenced(struct fact_set *facts, const struct dereference *d)
{
	char displacement[24] = "", index[24] = "";

	if (!d->base)
		return NULL;
	if (d->index)
		snprintf(index, sizeof(index), " + %s * %u", d->index, d->scale);
	if (d->displacement)
		snprintf(displacement, sizeof(displacement), " %c %#" PRIx64,
			 d->displacement < 0 ? '-' : '+',
			 d->displacement < 0 ? -(uint64_t)d->displacement
					     : (uint64_t)d->displacement);
	return arena_printf(&facts->arena, "%s%s%s", d->base, index, displacement);
}

void fact_from_cpus(struct fact_set *facts, struct fact_kernel *fk)
{
	struct err err;

	if (!fk->kernel.symbols)
		return;
	if (cpus_open(&fk->cpus, &fk->kernel, &err)) {
		fk->cpus = NULL;
		fact_degraded(facts, "cpus", err.text);
	}
	if (unwinder_open(&fk->unwinder, &fk->kernel, fk->cpus, &err)) {
		fk->unwinder = NULL;
		fact_degraded(facts, "traces", err.text);
	} else {
		facts->state.unwinder = unwinder_method(fk->unwinder);
	}
	if (fk->cpus)
		take_cpus(facts, fk);
	if (!facts->crash)
		fact_crash_from_memory(facts, fk);
	if (facts->crash) {
		struct dereference d = read_instruction(facts, fk);

		facts->state.dereferenced = dereferenced(facts, &d);
		read_registers(facts, fk, &d);
	}
	fact_cross_check(facts, fk);
}
