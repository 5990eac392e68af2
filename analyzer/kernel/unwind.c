// SPDX-License-Identifier: GPL-2.0-or-later
//
// Walks stacks: where a walk begins, which stack each frame is on, and when to stop. How one
// frame leads to the next is the method's business (unwind-*.c).
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kernel/unwind-inside.h"

/*
 * What the tracers put in the place of a return address: the caller's is kept in a list of the
 * task, which is not read here. The names of kretprobes are those of v5.19, v5.15 and before.
 */
static const char *const trampolines[] = {
	"return_to_handler", "arch_rethook_trampoline", "__kretprobe_trampoline",
	"kretprobe_trampoline",
};

enum { MAX_STACKS = 8 }; /* of one trace: task, IRQ, and a few exceptions into each other */

struct unwinder {
	struct kernel *kernel;
	struct cpus *cpus;
	struct stacks *stacks;
	const struct machine *machine;
	const struct unwind_method *method;
	struct unwind_orc orc;
	uint64_t trampoline[ARRAY_SIZE(trampolines)]; /* 0: this kernel has no such */
};

static const struct machine {
	enum core_arch arch;
	const struct unwind_method *method;
} machines[] = {
	{CORE_ARCH_X86_64, &unwind_by_orc},
	{CORE_ARCH_AARCH64, &unwind_on_arm64},
	{CORE_ARCH_RISCV64, &unwind_on_riscv64},
	{CORE_ARCH_PPC64, &unwind_on_ppc64},
	{CORE_ARCH_S390X, &unwind_on_s390x},
};

/* The stacks of a trace, the one it is on last. */
struct route {
	const struct cpu *cpu;
	uint64_t task;
	struct stack stack[MAX_STACKS];
	unsigned count;
};

struct kernel *unwinder_kernel(struct unwinder *unwinder)
{
	return unwinder->kernel;
}

struct unwind_orc *unwinder_orc(struct unwinder *unwinder)
{
	return &unwinder->orc;
}

/*
 * On x86_64 BPF programs, and trampolines of ftrace and kprobes, lie among the modules. That area
 * ends the same everywhere and begins here at the earliest, without KASLR. On other machines,
 * where the modules are not known, any address outside of the kernel's image may be one's.
 */
bool unwinder_is_code(const struct unwinder *unwinder, uint64_t ip)
{
	const uint64_t start = UINT64_C(0xffffffffa0000000), end = UINT64_C(0xffffffffff000000);
	struct symbol symbol;

	if (kernel_is_text(unwinder->kernel, ip))
		return true;
	if (unwinder->machine->arch == CORE_ARCH_X86_64)
		return ip >= start && ip < end;
	return !unwinder->kernel->modules && ip && ip % 2 == 0 &&
	       kernel_symbolize(unwinder->kernel, ip, &symbol, NULL);
}

void walk_write_why(struct walk *walk, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(walk->trace->why, sizeof(walk->trace->why), fmt, ap);
	va_end(ap);
	walk->trace->end = UNWIND_BROKEN;
}

/* --- stacks ---------------------------------------------------------------- */

static bool on(const struct stack *stack, uint64_t addr)
{
	return addr >= stack->start && addr < stack->end;
}

static bool find_on_cpu(struct unwinder *unwinder, const struct cpu *cpu, uint64_t addr,
			struct stack *ret)
{
	return stacks_of_cpu(unwinder->stacks, cpu->cpu, addr, ret) ||
	       (stacks_of_task(unwinder->stacks, cpu->task, ret) && on(ret, addr));
}

bool unwind_stack_at(struct unwinder *unwinder, const struct cpu *cpu, uint64_t task,
		     uint64_t addr, struct stack *ret)
{
	if (stacks_of_task(unwinder->stacks, task, ret) && on(ret, addr))
		return true;
	if (cpu)
		return find_on_cpu(unwinder, cpu, addr, ret);
	for (size_t i = 0; unwinder->cpus && i < cpus_count(unwinder->cpus); i++) {
		if (find_on_cpu(unwinder, cpus_get(unwinder->cpus, i), addr, ret))
			return true;
	}
	return false;
}

/* Notes on which stack the frame is. A stack that was left is not come back to. */
static bool follow(struct walk *walk, struct route *route)
{
	struct stack *stack = &route->stack[route->count];

	if (route->count && on(&stack[-1], walk->sp))
		return true; /* still the same */
	for (unsigned i = 0; i + 1 < route->count; i++) {
		if (on(&route->stack[i], walk->sp))
			return walk_broken(walk, "%#" PRIx64 " is back on a stack that was left",
					   walk->sp);
	}
	if (route->count == MAX_STACKS)
		return walk_broken(walk, "more than %d stacks", MAX_STACKS);
	if (!unwind_stack_at(walk->unwinder, route->cpu, route->task, walk->sp, stack))
		*stack = stacks_around(walk->unwinder->stacks, walk->sp);
	route->count++;
	walk->stack_end = stack->end;
	return true;
}

/* --- walking ---------------------------------------------------------------- */

static bool add_frame(struct walk *walk, const struct route *route)
{
	struct backtrace *trace = walk->trace;

	if (trace->count == UNWIND_MAX_FRAMES)
		return walk_end(walk, UNWIND_FULL);
	trace->frame[trace->count++] = (struct unwind_frame){
		.ip = walk->ip,
		.sp = walk->sp,
		.stack = route->stack[route->count - 1].kind,
		.reliable = walk->reliable,
		.interrupted = walk->interrupted,
	};
	return true;
}

static bool was_replaced(struct walk *walk)
{
	for (size_t i = 0; i < ARRAY_SIZE(trampolines); i++) {
		uint64_t at = walk->unwinder->trampoline[i];

		if (at && walk->ip == at && !walk->interrupted) {
			walk_write_why(walk, "a tracer has replaced the return address by %s()",
				       trampolines[i]);
			return true;
		}
	}
	return false;
}

/* Whether what step() came to can be a frame below the one at sp. */
static bool is_sane(struct walk *walk, const struct route *route, uint64_t sp)
{
	const struct stack *stack = &route->stack[route->count - 1];

	if (walk->sp <= sp && on(stack, walk->sp))
		return walk_broken(walk, "the stack pointer goes down from %#" PRIx64
				   " to %#" PRIx64, sp, walk->sp);
	if (!walk->interrupted && !unwinder_is_code(walk->unwinder, walk->ip))
		return walk_broken(walk, "the return address %#" PRIx64 " is no code", walk->ip);
	return !was_replaced(walk);
}

static void run(struct walk *walk, struct route *route)
{
	uint64_t sp;

	do {
		if (!follow(walk, route) || !add_frame(walk, route))
			return;
		sp = walk->sp;
	} while (walk->unwinder->method->step(walk) && is_sane(walk, route, sp));
}

static struct walk walk_of(struct unwinder *unwinder, struct backtrace *ret)
{
	ret->count = 0;
	ret->end = UNWIND_BROKEN;
	ret->why[0] = '\0';
	ret->user_ip = 0;
	return (struct walk){
		.unwinder = unwinder,
		.core = unwinder->kernel->core,
		.reliable = true,
		.trace = ret,
	};
}

static enum status run_from_regs(struct unwinder *unwinder, const struct core_regs *regs,
				 struct route *route, struct backtrace *ret, struct err *err)
{
	struct walk walk = walk_of(unwinder, ret);
	struct regs_place place;

	if (!regs_place(unwinder->machine->arch, regs, &place))
		return err_set(err, STATUS_ABSENT, "registers without the instruction, stack or frame pointer");
	walk.ip = place.ip;
	walk.sp = place.sp;
	walk.fp = place.fp;
	if (place.in_user) {
		ret->user_ip = walk.ip;
		ret->end = UNWIND_USER;
		return STATUS_FOUND;
	}
	walk.interrupted = true;
	walk.regs = regs;
	run(&walk, route);
	return STATUS_FOUND;
}

enum status unwind_cpu(struct unwinder *unwinder, const struct cpu *cpu, struct backtrace *ret,
		       struct err *err)
{
	struct route route = {.cpu = cpu, .task = cpu->task};
	struct core_regs regs;
	enum status st;

	if (!unwinder->cpus)
		return err_set(err, STATUS_ABSENT, "the CPUs are not known");
	st = cpus_regs(unwinder->cpus, cpu, &regs, err);
	return st ? st : run_from_regs(unwinder, &regs, &route, ret, err);
}

enum status unwind_regs(struct unwinder *unwinder, const struct core_regs *regs,
			struct backtrace *ret, struct err *err)
{
	struct route route = {0};

	return run_from_regs(unwinder, regs, &route, ret, err);
}

enum status unwind_task(struct unwinder *unwinder, uint64_t task, struct backtrace *ret,
			struct err *err)
{
	struct walk walk = walk_of(unwinder, ret);
	struct route route = {.task = task};
	enum status st = unwinder->method->start(&walk, task, err);

	if (st)
		return err_add(err, st, "cannot unwind the task at %#" PRIx64, task);
	run(&walk, &route);
	return STATUS_FOUND;
}

enum status unwind_symbolize(struct unwinder *unwinder, const struct unwind_frame *frame,
			     struct symbol *ret, struct err *err)
{
	unsigned back = frame->interrupted ? 0 : 1;
	enum status st = kernel_symbolize(unwinder->kernel, frame->ip - back, ret, err);

	if (st && !kernel_is_text(unwinder->kernel, frame->ip - back) &&
	    !unwind_bpf_symbol(unwinder->kernel, frame->ip - back, ret, NULL))
		st = STATUS_FOUND;
	if (!st)
		ret->offset += back;
	return st;
}

/* --- opening ---------------------------------------------------------------- */

const char *unwinder_method(const struct unwinder *unwinder)
{
	return unwinder->method->name;
}

void unwinder_close(struct unwinder *unwinder)
{
	if (!unwinder)
		return;
	unwind_orc_close(&unwinder->orc);
	stacks_close(unwinder->stacks);
	free(unwinder);
}

static const struct machine *find_machine(enum core_arch arch)
{
	for (size_t i = 0; i < ARRAY_SIZE(machines); i++) {
		if (machines[i].arch == arch)
			return &machines[i];
	}
	return NULL;
}

static enum status open_method(struct unwinder *unwinder, struct err *err)
{
	unwinder->machine = find_machine(core_arch(unwinder->kernel->core));
	if (!unwinder->machine)
		return err_set(err, STATUS_ABSENT, "stacks of %s are not known",
			       core_machine(unwinder->kernel->core));
	unwinder->method = unwinder->machine->method;
	if (unwinder->method == &unwind_by_orc &&
	    unwind_orc_open(&unwinder->orc, unwinder->kernel, unwinder->stacks, err))
		unwinder->method = &unwind_by_scan;
	return STATUS_FOUND;
}

enum status unwinder_open(struct unwinder **ret, struct kernel *kernel, struct cpus *cpus,
			  struct err *err)
{
	struct unwinder *unwinder = calloc(1, sizeof(*unwinder));
	enum status st;

	if (!unwinder)
		return err_set(err, STATUS_BROKEN, "out of memory");
	unwinder->kernel = kernel;
	unwinder->cpus = cpus;
	st = stacks_open(&unwinder->stacks, kernel, err);
	if (!st)
		st = open_method(unwinder, err);
	for (size_t i = 0; i < ARRAY_SIZE(trampolines); i++) {
		if (kernel_find(kernel, trampolines[i], &unwinder->trampoline[i], NULL))
			unwinder->trampoline[i] = 0;
	}
	if (st) {
		unwinder_close(unwinder);
		return st;
	}
	*ret = unwinder;
	return STATUS_FOUND;
}
