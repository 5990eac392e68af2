// SPDX-License-Identifier: GPL-2.0-or-later
//
// Finds stacks. A task's is at task_struct.stack and as large as union thread_union. Each CPU has
// a pointer to its interrupt stack: on x86_64 to the top or the last word, on arm64 and riscv64
// to the start. x86_64 has the exception stacks too, side by side in struct
// cea_exception_stacks (v5.2) with guard pages between.
#include <stdlib.h>

#include "kernel/stacks.h"

enum {
	THREAD_SIZE = 16 << 10, /* where nothing tells it; 16 KiB since v3.15 on x86_64 */
	MAX_THREAD_SIZE = 1 << 20,
	MIN_THREAD_SIZE = 4096,
};

static const struct exception_stack {
	const char *member;
	enum stack_kind kind;
} exception_stacks[] = {
	{"cea_exception_stacks.DF_stack", STACK_EXCEPTION},
	{"cea_exception_stacks.NMI_stack", STACK_NMI},
	{"cea_exception_stacks.DB_stack", STACK_EXCEPTION},
	{"cea_exception_stacks.MCE_stack", STACK_EXCEPTION},
	{"cea_exception_stacks.VC_stack", STACK_EXCEPTION},
	{"cea_exception_stacks.VC2_stack", STACK_EXCEPTION},
};
enum { EXCEPTION_STACKS = ARRAY_SIZE(exception_stacks) };

struct stacks {
	struct kernel *kernel;
	uint64_t thread_size;
	bool have_task;
	struct member task; /* task_struct.stack */
	uint64_t irq;	    /* per-CPU address of the pointer; 0: unknown */
	uint64_t exceptions; /* the same */
	struct member exception[EXCEPTION_STACKS]; /* size 0: this kernel has no such */
};

static uint64_t find_thread_size(struct kernel *kernel)
{
	uint64_t size;

	if (!kernel->types || types_size(kernel->types, "thread_union", &size, NULL) ||
	    size < MIN_THREAD_SIZE || size > MAX_THREAD_SIZE || size & (size - 1))
		return THREAD_SIZE;
	return size;
}

/* In pcpu_hot from v6.2 to v6.14. */
static uint64_t find_irq_pointer(struct kernel *kernel)
{
	uint64_t at;
	struct member member;
	bool x86 = core_arch(kernel->core) == CORE_ARCH_X86_64;

	if (x86 && !kernel_find(kernel, "hardirq_stack_ptr", &at, NULL))
		return at;
	if (x86 && kernel->types && !kernel_find(kernel, "pcpu_hot", &at, NULL) &&
	    !types_member(kernel->types, "pcpu_hot.hardirq_stack_ptr", &member, NULL))
		return at + member.offset;
	if (!kernel_find(kernel, "irq_stack_ptr", &at, NULL))
		return at;
	return 0;
}

static void find_exception_stacks(struct stacks *stacks)
{
	struct kernel *kernel = stacks->kernel;

	if (!kernel->types ||
	    kernel_find(kernel, "cea_exception_stacks", &stacks->exceptions, NULL))
		return;
	for (size_t i = 0; i < EXCEPTION_STACKS; i++) {
		if (types_member(kernel->types, exception_stacks[i].member,
				 &stacks->exception[i], NULL))
			stacks->exception[i].size = 0;
	}
}

void stacks_close(struct stacks *stacks)
{
	free(stacks);
}

enum status stacks_open(struct stacks **ret, struct kernel *kernel, struct err *err)
{
	struct stacks *stacks = calloc(1, sizeof(*stacks));

	if (!stacks)
		return err_set(err, STATUS_BROKEN, "out of memory");
	stacks->kernel = kernel;
	stacks->thread_size = find_thread_size(kernel);
	stacks->have_task = kernel->types && !types_member(kernel->types, "task_struct.stack",
							   &stacks->task, NULL);
	stacks->irq = find_irq_pointer(kernel);
	find_exception_stacks(stacks);
	*ret = stacks;
	return STATUS_FOUND;
}

static bool make_stack(struct stack *ret, enum stack_kind kind, uint64_t start, uint64_t size)
{
	if (!start || start > UINT64_MAX - size)
		return false;
	*ret = (struct stack){kind, start, start + size};
	return true;
}

static bool has(const struct stack *stack, uint64_t addr)
{
	return addr >= stack->start && addr < stack->end;
}

bool stacks_of_task(struct stacks *stacks, uint64_t task, struct stack *ret)
{
	uint64_t start;

	return stacks->have_task && task &&
	       !types_read(stacks->kernel->core, task, &stacks->task, &start, NULL) &&
	       make_stack(ret, STACK_TASK, start, stacks->thread_size);
}

static bool read_pointer(struct stacks *stacks, uint64_t base, unsigned cpu, uint64_t *ret)
{
	uint64_t at;

	return base && !kernel_percpu_at(stacks->kernel, base, cpu, &at, NULL) &&
	       !core_read_ptr(stacks->kernel->core, at, ret, NULL);
}

static bool irq_stack(struct stacks *stacks, unsigned cpu, struct stack *ret)
{
	enum { WORD = 8 };
	uint64_t pointer;

	if (!read_pointer(stacks, stacks->irq, cpu, &pointer) || pointer > UINT64_MAX - WORD)
		return false;
	if (core_arch(stacks->kernel->core) != CORE_ARCH_X86_64)
		return make_stack(ret, STACK_IRQ, pointer, stacks->thread_size);
	if (pointer % MIN_THREAD_SIZE)
		pointer += WORD;
	return pointer > stacks->thread_size &&
	       make_stack(ret, STACK_IRQ, pointer - stacks->thread_size, stacks->thread_size);
}

bool stacks_of_cpu(struct stacks *stacks, unsigned cpu, uint64_t addr, struct stack *ret)
{
	uint64_t base;

	if (irq_stack(stacks, cpu, ret) && has(ret, addr))
		return true;
	if (!read_pointer(stacks, stacks->exceptions, cpu, &base))
		return false;
	for (size_t i = 0; i < EXCEPTION_STACKS; i++) {
		const struct member *member = &stacks->exception[i];

		if (member->size && base <= UINT64_MAX - member->offset &&
		    make_stack(ret, exception_stacks[i].kind, base + member->offset,
			       member->size) &&
		    has(ret, addr))
			return true;
	}
	return false;
}

struct stack stacks_around(const struct stacks *stacks, uint64_t addr)
{
	uint64_t start = addr & ~(stacks->thread_size - 1);
	uint64_t end = start + stacks->thread_size;

	return (struct stack){STACK_UNKNOWN, start, end ? end : UINT64_MAX};
}

bool stacks_irq_pointer_inside(struct stacks *stacks)
{
	uint64_t pointer;

	return !read_pointer(stacks, stacks->irq, 0, &pointer) || pointer % MIN_THREAD_SIZE;
}
