// SPDX-License-Identifier: GPL-2.0-or-later
//
// Reads a value aloud with the dump's help: by the symbols, the task, and on x86_64 by the map
// of the kernel's half of the address space (Documentation/arch/x86/x86_64/mm.rst), whose parts
// begin at variables since the kernel places them at random.
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "kernel/cpus.h"
#include "kernel/pointers-inside.h"
#include "kernel/stacks.h"
#include "kernel/x86-operand.h"

#define IMAGE_AREA	 UINT64_C(0xffffffff80000000)
#define MODULES_END	 UINT64_C(0xffffffffff000000)
#define CPU_ENTRY_AREA	 UINT64_C(0xfffffe0000000000)
#define CPU_ENTRY_END	 UINT64_C(0xfffffe8000000000)

enum {
	PAGE = 4096, /* of x86_64 */
	MAX_STACK = 1 << 20,
	LOWEST_FLIP = 30,    /* lower bits stay within one area, and would be found too often */
	CPU_WINDOW = 256,
};

static bool __attribute__((format(printf, 2, 3))) say(char ret[POINTER_READING],
						      const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vsnprintf(ret, POINTER_READING, fmt, args);
	va_end(args);
	return true;
}

/* --- symbols, the task, per-CPU areas ----------------------------------------------------- */

static bool read_symbol(struct kernel *kernel, uint64_t value, char ret[POINTER_READING])
{
	const char *what = kernel_is_text(kernel, value) ? "text" : "data";
	const struct module *module =
	    kernel->modules ? modules_at(kernel->modules, value, NULL) : NULL;
	struct symbol symbol;

	if (!kernel_symbolize(kernel, value, &symbol, NULL)) {
		bool in_module = symbol.module[0];

		/* Long names of Rust functions are cut, so that the module is always told. */
		return say(ret, "%s: %.60s+0x%" PRIx64 "%s%.30s%s", what, symbol.name,
			   symbol.offset, in_module ? " [" : "", symbol.module,
			   in_module ? "]" : "");
	}
	return module && say(ret, "%s of module %.60s", what, module->name);
}

/* value: near enough that opening the stacks is worth while. */
static bool in_stack(struct kernel *kernel, uint64_t value, uint64_t task)
{
	struct stacks *stacks;
	struct stack stack;
	bool in;

	if (stacks_open(&stacks, kernel, NULL))
		return false;
	in = stacks_of_task(stacks, task, &stack) && value >= stack.start && value < stack.end;
	stacks_close(stacks);
	return in;
}

static bool read_task(struct kernel *kernel, uint64_t value, uint64_t task,
		      char ret[POINTER_READING])
{
	uint64_t stack, size;

	if (!task || !kernel->types)
		return false;
	if (!types_size(kernel->types, "task_struct", &size, NULL) && value - task < size)
		return say(ret, "this task's task_struct + 0x%" PRIx64, value - task);
	if (types_read_path(kernel->types, task, "task_struct.stack", &stack, NULL))
		return false;
	if (value - stack < MAX_STACK && in_stack(kernel, value, task))
		return say(ret, "this task's stack");
	if (value < stack && stack - value <= PAGE)
		return say(ret, "just below this task's stack");
	return false;
}

/* The areas of all CPUs are equally long; the symbols bound the first, which is a template. */
static bool read_percpu(struct kernel *kernel, uint64_t value, char ret[POINTER_READING])
{
	uint64_t offsets, start, end, count;
	uint8_t window[CPU_WINDOW * 8];

	if (!core_is_64bit(kernel->core) ||
	    kernel_find(kernel, "__per_cpu_offset", &offsets, NULL) ||
	    kernel_find(kernel, "__per_cpu_start", &start, NULL) ||
	    kernel_find(kernel, "__per_cpu_end", &end, NULL) || end <= start ||
	    kernel_var(kernel, "nr_cpu_ids", 4, &count, NULL))
		return false;
	for (uint64_t cpu = 0; cpu < count && cpu < CPUS_MAX; cpu++) {
		uint64_t at = cpu % CPU_WINDOW, left = count - cpu;

		if (!at && core_read_virt(kernel->core, offsets + 8 * cpu, window,
					  8 * (left < CPU_WINDOW ? left : CPU_WINDOW), NULL))
			return false;
		if (value - start - core_uint(kernel->core, window + 8 * at, 8) < end - start)
			return say(ret, "per-CPU data of CPU %" PRIu64, cpu);
	}
	return false;
}

/* --- the areas of x86_64 ------------------------------------------------------------------ */

/* Where an area begins: 0 where it has no variable. */
static uint64_t area(struct kernel *kernel, const char *name)
{
	uint64_t base = 0;

	(void)kernel_var(kernel, name, 8, &base, NULL); /* 0 then */
	return base;
}

static bool in_direct_map(struct kernel *kernel, uint64_t value, uint64_t *ret_phys)
{
	uint64_t base = area(kernel, "page_offset_base"), frames;

	if (!base || kernel_var(kernel, "max_pfn", 8, &frames, NULL) ||
	    frames > UINT64_MAX / PAGE || value - base >= frames * PAGE)
		return false;
	*ret_phys = value - base;
	return true;
}

static bool is_mapped(struct kernel *kernel, uint64_t value)
{
	uint64_t phys;

	return !core_virt_to_phys(kernel->core, value, &phys, NULL);
}

static bool read_area(struct kernel *kernel, uint64_t value, char ret[POINTER_READING])
{
	uint64_t vmalloc = area(kernel, "vmalloc_base"), vmemmap = area(kernel, "vmemmap_base");
	uint64_t phys, frames, size;
	int64_t image_size;

	if (in_direct_map(kernel, value, &phys))
		return say(ret, "direct map: physical 0x%" PRIx64, phys);
	if (vmalloc && vmalloc < vmemmap && value >= vmalloc && value < vmemmap)
		return say(ret, "vmalloc%s", is_mapped(kernel, value) ? "" : ", not mapped");
	if (vmemmap && !core_size(kernel->core, "page", &size, NULL) && size &&
	    !kernel_var(kernel, "max_pfn", 8, &frames, NULL) &&
	    value >= vmemmap && (value - vmemmap) / size < frames)
		return say(ret, "vmemmap: struct page of physical 0x%" PRIx64,
			   (value - vmemmap) / size * PAGE);
	if (value >= CPU_ENTRY_AREA && value < CPU_ENTRY_END)
		return say(ret, "CPU entry area: descriptor tables and exception stacks");
	if (!core_number(kernel->core, "KERNEL_IMAGE_SIZE", &image_size, NULL) &&
	    image_size > 0 && value >= IMAGE_AREA + (uint64_t)image_size && value < MODULES_END)
		return say(ret, "module area, in no module that is loaded%s",
			   is_mapped(kernel, value) ? "" : ": not mapped");
	return false;
}

/* A bit that one fault in memory may have changed: only if there is exactly one such. */
static bool read_changed_bit(struct kernel *kernel, const struct pointer_machine *m,
			     uint64_t value, char ret[POINTER_READING])
{
	char reading[POINTER_READING];
	uint64_t phys, found = 0;
	int bit = -1;

	for (int i = LOWEST_FLIP; i < 64; i++) {
		uint64_t other = value ^ UINT64_C(1) << i;

		if (!pointer_is_canonical(m, other) ||
		    !(kernel_is_text(kernel, other) || in_direct_map(kernel, other, &phys)))
			continue;
		if (bit >= 0)
			return false;
		bit = i;
		found = other;
	}
	if (bit < 0 || !is_mapped(kernel, found) ||
	    (!read_symbol(kernel, found, reading) && !read_area(kernel, found, reading)))
		return false;
	return say(ret, "one bit (bit %d) away from %.120s", bit, reading);
}

bool kernel_pointer_reading(struct kernel *kernel, uint64_t value, uint64_t task,
			    char ret[POINTER_READING])
{
	struct pointer_machine m = pointer_machine(core_machine(kernel->core));
	int64_t five_levels = 0;
	uint64_t phys;

	ret[0] = '\0';
	(void)core_number(kernel->core, "pgtable_l5_enabled", &five_levels, NULL); /* 0 then */
	if (five_levels)
		m.address_bits = 57;
	if (pointer_constant(&m, value, ret) || read_task(kernel, value, task, ret) ||
	    read_symbol(kernel, value, ret) || read_percpu(kernel, value, ret))
		return true;
	if (m.is_x86_64) {
		bool canonical = pointer_is_canonical(&m, value);
		bool valid = canonical && (in_direct_map(kernel, value, &phys) ||
					   is_mapped(kernel, value));

		if ((!canonical || value >> 63) && !valid &&
		    read_changed_bit(kernel, &m, value, ret))
			return true;
		if (canonical && read_area(kernel, value, ret))
			return true;
	}
	return pointer_outside(&m, value, ret);
}

/* --- the faulting instruction --------------------------------------------------------------- */

/* What there is of the instruction: the next page need not be in the dump. */
static enum status read_code(struct core *core, uint64_t ip, uint8_t code[X86_MAX_INSTRUCTION],
			     size_t *ret_size, struct err *err)
{
	size_t size = X86_MAX_INSTRUCTION, in_page = PAGE - ip % PAGE;
	enum status st = core_read_virt(core, ip, code, size, err);

	if (st && in_page < size) {
		size = in_page;
		st = core_read_virt(core, ip, code, size, err);
	}
	if (!st)
		*ret_size = size;
	return st;
}

/* Bit numbers are signed, and as wide as the word. */
static uint64_t word_of_bit(uint64_t bit, unsigned word)
{
	unsigned unused = 64 - 8 * word;
	int64_t number = (int64_t)(bit << unused) >> unused;

	return (uint64_t)(number >> (word == 8 ? 6 : word == 4 ? 5 : 4)) * word;
}

static uint64_t effective_address(const struct core_regs *regs,
				  const struct x86_operand *operand, uint64_t ip)
{
	uint64_t addr = (uint64_t)operand->displacement, value;

	if (operand->base && !strcmp(operand->base, "rip"))
		addr += ip + operand->length;
	else if (operand->base && regs_get(regs, operand->base, &value))
		addr += value;
	if (operand->index && regs_get(regs, operand->index, &value))
		addr += value * operand->scale;
	if (operand->bit && regs_get(regs, operand->bit, &value))
		addr += word_of_bit(value, operand->bit_word);
	return addr;
}

enum status pointer_dereference(struct kernel *kernel, const struct core_regs *regs,
				struct dereference *ret, struct err *err)
{
	uint8_t code[X86_MAX_INSTRUCTION];
	struct x86_operand operand;
	uint64_t ip;
	size_t size;
	enum status st;

	if (core_arch(kernel->core) != CORE_ARCH_X86_64 || !regs_get(regs, "rip", &ip))
		return err_set(err, STATUS_ABSENT, "instructions of this machine are not read");
	st = read_code(kernel->core, ip, code, &size, err);
	if (st)
		return err_add(err, st, "cannot read the instruction at %#" PRIx64, ip);
	if (!x86_operand_decode(code, size, &operand))
		return err_set(err, STATUS_ABSENT, "the instruction at %#" PRIx64 " is not known",
			       ip);
	if (!operand.has_memory)
		return err_set(err, STATUS_ABSENT,
			       "the instruction at %#" PRIx64 " has no memory operand", ip);
	*ret = (struct dereference){
		.base = operand.base,
		.index = operand.index,
		.scale = operand.scale,
		.displacement = operand.displacement,
		.address = effective_address(regs, &operand, ip),
		.is_write = operand.is_write,
		.length = operand.length,
		.segment = operand.segment,
		.second = operand.second,
	};
	return STATUS_FOUND;
}
