// SPDX-License-Identifier: GPL-2.0-or-later
//
// The crash as memory alone tells it: for a dump whose log cannot be read, or was wiped. The CPU
// that panicked, its trace, and what its task's thread_struct remembers of the last trap are
// enough for class, function, module and trace.
#include <string.h>

#include "oops/group.h"

#include "fact/fact.h"

/*
 * A function in the panicking CPU's trace, and what its being there says: the innermost counts.
 * Of an oops only the place of the fault itself does.
 */
static const struct {
	const char *function;
	enum crash_class class;
} witnesses[] = {
	// clang-format off
	{"sysrq_handle_crash", CLASS_SYSRQ_CRASH},
	{"__list_add_valid", CLASS_LIST_CORRUPTION},
	{"__list_add_valid_or_report", CLASS_LIST_CORRUPTION},
	{"__list_del_entry_valid", CLASS_LIST_CORRUPTION},
	{"__list_del_entry_valid_or_report", CLASS_LIST_CORRUPTION},
	{"usercopy_abort", CLASS_BAD_USERCOPY},
	{"__stack_chk_fail", CLASS_STACK_CORRUPTION},
	{"handle_stack_overflow", CLASS_STACK_OVERFLOW},
	{"exc_double_fault", CLASS_DOUBLE_FAULT},
	{"do_double_fault", CLASS_DOUBLE_FAULT},
	{"exc_general_protection", CLASS_GENERAL_PROTECTION_FAULT},
	{"do_general_protection", CLASS_GENERAL_PROTECTION_FAULT},
	{"exc_divide_error", CLASS_DIVIDE_ERROR},
	{"do_divide_error", CLASS_DIVIDE_ERROR},
	{"exc_page_fault", CLASS_PAGE_FAULT},
	{"do_page_fault", CLASS_PAGE_FAULT},
	{"exc_invalid_op", CLASS_KERNEL_BUG},
	{"do_invalid_op", CLASS_KERNEL_BUG},
	{"mce_panic", CLASS_MACHINE_CHECK},
	{"out_of_memory", CLASS_OOM},
	{"check_hung_uninterruptible_tasks", CLASS_HUNG_TASK},
	{"check_hung_task", CLASS_HUNG_TASK},
	{"watchdog", CLASS_HUNG_TASK}, /* khungtaskd's loop, with the check inlined */
	{"watchdog_timer_fn", CLASS_SOFT_LOCKUP},
	{"watchdog_hardlockup_check", CLASS_HARD_LOCKUP},
	{"watchdog_overflow_callback", CLASS_HARD_LOCKUP},
	{"panic_on_rcu_stall", CLASS_RCU_STALL},
	{"rcu_sched_clock_irq", CLASS_RCU_STALL},
	{"mount_root", CLASS_UNABLE_TO_MOUNT_ROOT},
	{"mount_root_generic", CLASS_UNABLE_TO_MOUNT_ROOT},
	{"nmi_panic", CLASS_NMI},
	{"do_exit", CLASS_INIT_KILLED},
	// clang-format on
};

static enum crash_class class_by_trace(const struct fact_trace *trace, size_t frames)
{
	for (size_t i = 0; i < frames && i < trace->count; i++)
		for (size_t k = 0; k < ARRAY_SIZE(witnesses); k++) {
			const char *name = trace->frame[i].function;

			if (name && slice_eq(oops_plain_name(name), witnesses[k].function))
				return witnesses[k].class;
		}
	return CLASS_NONE;
}

/* As the CPU numbers them (Intel SDM volume 3, 6.15). */
enum { TRAP_INVALID_OPCODE = 6, TRAP_DOUBLE_FAULT = 8, TRAP_GENERAL_PROTECTION = 13 };

static bool is_canonical(uint64_t addr)
{
	/* with 57 bits; with 48 the kernel's own addresses begin higher still */
	return addr >> 56 == 0 || addr >> 56 == 0xff;
}

/*
 * What kind of trap the oops began with. do_trap() notes its number in the task, a page fault
 * does not, and CR2 is lost: there the address comes from the instruction.
 */
static void class_by_trap(struct fact_kernel *fk, const struct core_regs *regs, uint64_t task,
			  struct event *e)
{
	struct dereference d;
	uint64_t number = 0;

	if (fk->kernel.types && task)
		(void)types_read_path(fk->kernel.types, task, "task_struct.thread.trap_nr", &number, NULL);
	if (number == TRAP_DOUBLE_FAULT) {
		e->class = CLASS_DOUBLE_FAULT;
	} else if (!pointer_dereference(&fk->kernel, regs, &d, NULL) && d.base) {
		e->class = !is_canonical(d.address) ? CLASS_GENERAL_PROTECTION_FAULT
			   : d.address < 4096	    ? CLASS_NULL_POINTER_DEREFERENCE
						    : CLASS_PAGE_FAULT;
		e->has_fault_address = true;
		e->fault_address = d.address;
		e->access = d.is_write ? ACCESS_WRITE : ACCESS_READ;
	} else {
		e->class = number == TRAP_INVALID_OPCODE      ? CLASS_KERNEL_BUG /* ud2: BUG() */
			   : number == TRAP_GENERAL_PROTECTION ? CLASS_GENERAL_PROTECTION_FAULT
							      : CLASS_PAGE_FAULT;
	}
}

/* Of a lockup, what the interrupt found running; of another panic, who called it. */
static void take_where(struct event *e)
{
	size_t at = class_weight(e->class) == WEIGHT_HANG ? oops_above_tick(e) : 0;

	while (!at && at < e->frame_count && e->trace[at].function &&
	       oops_group(e->trace[at].function) == GROUP_REPORT)
		e->trace++, e->frame_count--;
	if (at >= e->frame_count || e->class == CLASS_HUNG_TASK)
		return; /* khungtaskd only noticed */
	e->has_where = true;
	e->where = e->trace[at];
}

static void take_regs(struct fact_set *facts, struct event *e, const struct core_regs *regs)
{
	e->regs = arena_alloc(&facts->arena, regs->count * sizeof(*e->regs));
	for (unsigned i = 0; e->regs && i < regs->count; i++)
		e->regs[e->reg_count++] = (struct oops_reg){regs->reg[i].name, regs->reg[i].value};
}

static const char *title_of(struct fact_set *facts, enum crash_class class)
{
	return arena_printf(&facts->arena, "%s (told by memory: the log does not say)",
			    class_title(class));
}

/* The fault's own trace: from the registers of the oops, else of the CPU that panicked. */
static bool trace_of_crash(struct fact_set *facts, struct fact_kernel *fk,
			   const struct cpu *cpu, struct core_regs *regs,
			   struct fact_trace *ret, bool *ret_is_oops)
{
	struct backtrace backtrace;

	*ret_is_oops = !cpus_oops_regs(fk->cpus, regs, NULL);
	if (!*ret_is_oops && (!cpu || cpus_regs(fk->cpus, cpu, regs, NULL)))
		return false;
	if (!fk->unwinder || unwind_regs(fk->unwinder, regs, &backtrace, NULL))
		return false;
	fact_trace_of(facts, fk->unwinder, &backtrace, ret);
	return ret->count;
}

void fact_crash_from_memory(struct fact_set *facts, struct fact_kernel *fk)
{
	struct fact_state *m = &facts->state;
	const struct cpu *cpu = fact_panic_cpu(facts, fk);
	struct core_regs regs;
	struct fact_trace trace;
	struct event *e;
	bool is_oops;

	if (!fk->cpus || m->panic_cpu < 0)
		return; /* nobody panicked: a dump of a living machine */
	if (!trace_of_crash(facts, fk, cpu, &regs, &trace, &is_oops))
		return;
	e = arena_alloc(&facts->arena, sizeof(*e));
	if (!e)
		return;
	*e = (struct event){.cpu = m->panic_cpu, .pid = -1};
	e->class = class_by_trace(&trace, is_oops ? 1 : trace.count);
	if (e->class == CLASS_NONE && is_oops)
		class_by_trap(fk, &regs, cpu ? cpu->task : 0, e);
	else if (e->class == CLASS_NONE)
		e->class = CLASS_PANIC;
	if (cpu && cpu->task) {
		e->pid = cpu->pid;
		e->comm = arena_str(&facts->arena, slice_of(cpu->comm));
	}
	e->title = title_of(facts, e->class);
	e->trace = trace.frame;
	e->frame_count = trace.count;
	if (is_oops) {
		e->has_where = true;
		e->where = trace.frame[0];
		e->trace++;
		e->frame_count--;
		take_regs(facts, e, &regs);
	} else {
		take_where(e);
	}
	facts->crash = e;
	facts->crash_source = FROM_MEMORY;
	fact_blame(facts);
}
