// SPDX-License-Identifier: GPL-2.0-or-later
//
// Opens symbols, types and modules, and reads variables through them.
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "kernel/image.h"

static void keep_why(char *why, size_t size, const struct err *err)
{
	snprintf(why, size, "%.*s", (int)size - 1, err->text);
}

void kernel_open(struct kernel *ret, struct core *core, const struct symbols_files *files)
{
	struct err err = {""};

	memset(ret, 0, sizeof(*ret));
	ret->core = core;
	if (symbols_open(&ret->symbols, core, files, &err)) {
		ret->symbols = NULL;
		keep_why(ret->why_no_symbols, sizeof(ret->why_no_symbols), &err);
	}
	if (types_open(&ret->types, core, ret->symbols, &err))
		ret->types = NULL;
	if (!ret->types || modules_open(&ret->modules, core, ret->symbols, ret->types, &err)) {
		ret->modules = NULL;
		keep_why(ret->why_no_modules, sizeof(ret->why_no_modules), &err);
	}
}

void kernel_close(struct kernel *kernel)
{
	modules_close(kernel->modules);
	types_close(kernel->types);
	symbols_close(kernel->symbols);
}

enum status kernel_find(struct kernel *kernel, const char *name, uint64_t *ret, struct err *err)
{
	if (kernel->symbols && !symbols_find(kernel->symbols, name, ret, err))
		return STATUS_FOUND;
	return core_symbol(kernel->core, name, ret, err);
}

enum status kernel_var(struct kernel *kernel, const char *name, unsigned size, uint64_t *ret,
		       struct err *err)
{
	uint64_t addr;
	enum status st = kernel_find(kernel, name, &addr, err);

	if (!st)
		st = core_read_uint(kernel->core, addr, size, ret, err);
	return st ? err_add(err, st, "%s", name) : st;
}

enum status kernel_int(struct kernel *kernel, const char *name, int32_t *ret, struct err *err)
{
	uint64_t value;
	enum status st = kernel_var(kernel, name, 4, &value, err);

	if (!st)
		*ret = (int32_t)value;
	return st;
}

enum status kernel_percpu_at(struct kernel *kernel, uint64_t base, unsigned cpu, uint64_t *ret,
			     struct err *err)
{
	uint64_t offsets, offset;
	enum status st = kernel_find(kernel, "__per_cpu_offset", &offsets, err);

	if (st)
		return st;
	st = core_read_u64(kernel->core, offsets + UINT64_C(8) * cpu, &offset, err);
	if (st)
		return err_add(err, st, "__per_cpu_offset[%u]", cpu);
	*ret = base + offset; /* modulo 2^64: the offset may be "negative" */
	return STATUS_FOUND;
}

enum status kernel_percpu(struct kernel *kernel, const char *name, unsigned cpu, uint64_t *ret,
			  struct err *err)
{
	uint64_t base;
	enum status st = kernel_find(kernel, name, &base, err);

	return st ? st : kernel_percpu_at(kernel, base, cpu, ret, err);
}

bool kernel_is_text(const struct kernel *kernel, uint64_t addr)
{
	return (kernel->symbols && symbols_is_text(kernel->symbols, addr)) ||
	       (kernel->modules && modules_is_text(kernel->modules, addr));
}

enum status kernel_symbolize(struct kernel *kernel, uint64_t addr, struct symbol *ret,
			     struct err *err)
{
	if (!kernel->symbols)
		return err_set(err, STATUS_ABSENT, "%s", kernel->why_no_symbols);
	return modules_symbolize(kernel->symbols, kernel->modules, addr, ret, err);
}
