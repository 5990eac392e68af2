// SPDX-License-Identifier: GPL-2.0-or-later
//
// Symbols of a module: the ELF symbol table that it was loaded with, which the kernel keeps (of
// what init does not use) for kallsyms. Values are addresses. An entry has 24 bytes,
//
//	u32 name (in strtab), u8 info, u8 other, u16 section, u64 value, u64 size
//
// or on 32-bit machines 16: u32 name, u32 value, u32 size, u8 info, u8 other, u16 section. The
// type letter is in typetab since v5.2, in info before. They are not sorted.
#include <ctype.h>
#include <inttypes.h>
#include <string.h>

#include "kernel/modules-inside.h"
#include "kernel/window.h"

enum { WINDOW = 4 << 10, ENTRY_64 = 24, ENTRY_32 = 16 };

/* A module's table, read in its order. */
struct reader {
	struct core *core;
	const struct module *module;
	unsigned entry;
	struct window window;
	unsigned char buf[WINDOW];
};

struct elf_symbol {
	uint32_t index, name;
	uint8_t info;
	uint16_t section; /* 0: undefined */
	uint64_t value;
};

static enum status open_reader(struct reader *r, struct modules *modules,
			       const struct module *module, struct err *err)
{
	r->core = modules->core;
	r->module = module;
	r->entry = core_is_64bit(r->core) ? ENTRY_64 : ENTRY_32;
	if (!module->symtab || !module->num_symtab)
		return err_set(err, STATUS_ABSENT, "no symbol table of %s is known", module->name);
	window_init(&r->window, r->core, module->symtab, (uint64_t)module->num_symtab * r->entry,
		    r->buf, sizeof(r->buf));
	return STATUS_FOUND;
}

static enum status read_symbol(struct reader *r, uint32_t i, struct elf_symbol *ret,
			       struct err *err)
{
	const unsigned char *p;
	bool wide = r->entry == ENTRY_64;
	enum status st = window_read(&r->window, (uint64_t)i * r->entry, r->entry, &p, err);

	if (st)
		return err_add(err, st, "symbol %" PRIu32 " of %s", i, r->module->name);
	*ret = (struct elf_symbol){
		.index = i,
		.name = (uint32_t)core_uint(r->core, p, 4),
		.info = p[wide ? 4 : 12],
		.section = (uint16_t)core_uint(r->core, p + (wide ? 6 : 14), 2),
		.value = core_uint(r->core, p + (wide ? 8 : 4), wide ? 8 : 4),
	};
	return STATUS_FOUND;
}

/* Not the marks that some compilers put between code and data. */
static bool is_symbol_name(const char *name)
{
	return *name && *name != '$' && strncmp(name, ".L", 2) && strncmp(name, "L0\001", 3);
}

static bool read_name(struct reader *r, const struct elf_symbol *symbol, char name[SYMBOL_NAME])
{
	return symbol->section &&
	       !core_read_str(r->core, r->module->strtab + symbol->name, name, SYMBOL_NAME, NULL) &&
	       is_symbol_name(name);
}

static void describe(struct reader *r, const struct elf_symbol *symbol, struct symbol *ret)
{
	uint64_t type = symbol->info;

	if (r->module->typetab &&
	    core_read_uint(r->core, r->module->typetab + symbol->index, 1, &type, NULL))
		type = 0;
	ret->addr = symbol->value;
	ret->type = isalpha((int)type) ? (char)type : '?';
	memcpy(ret->module, r->module->name, sizeof(ret->module));
}

/* --- by address -------------------------------------------------------------------------- */

/* The part of module that addr is in, and where that ends; its code is a part of its own. */
static bool find_bounds(const struct module *module, uint64_t addr, uint64_t *ret_start,
			uint64_t *ret_end)
{
	for (unsigned i = 0; i < module->parts; i++) {
		const struct module_part *part = &module->part[i];
		uint64_t text_end = part->addr + part->text_size;

		if (addr < part->addr || addr - part->addr >= part->size)
			continue;
		*ret_start = part->addr;
		*ret_end = addr < text_end ? text_end : part->addr + part->size;
		return true;
	}
	return false;
}

/* The first of those with the greatest value up to addr, as the kernel chooses. */
static enum status search(struct reader *r, uint64_t addr, uint64_t start,
			  struct elf_symbol *ret, uint64_t *end, struct err *err)
{
	char name[SYMBOL_NAME];
	bool found = false;

	for (uint32_t i = 1; i < r->module->num_symtab; i++) {
		struct elf_symbol symbol;
		enum status st = read_symbol(r, i, &symbol, err);

		if (st)
			return st;
		if (symbol.value < start || symbol.value >= *end ||
		    (found && symbol.value <= ret->value) || !read_name(r, &symbol, name))
			continue;
		if (symbol.value > addr) {
			*end = symbol.value;
			continue;
		}
		*ret = symbol;
		found = true;
	}
	return found ? STATUS_FOUND
		     : err_set(err, STATUS_ABSENT, "no symbol of %s up to %#" PRIx64,
			       r->module->name, addr);
}

enum status modules_symbol_at(struct modules *modules, const struct module *module,
			      uint64_t addr, struct symbol *ret, struct err *err)
{
	struct reader r;
	struct elf_symbol best = {0};
	uint64_t start, end;
	enum status st = open_reader(&r, modules, module, err);

	if (st)
		return st;
	if (!find_bounds(module, addr, &start, &end))
		return err_set(err, STATUS_ABSENT, "%#" PRIx64 " is not in %s", addr, module->name);
	st = search(&r, addr, start, &best, &end, err);
	if (st)
		return st;
	(void)read_name(&r, &best, ret->name); /* it was read before */
	describe(&r, &best, ret);
	ret->size = end - best.value;
	ret->offset = addr - best.value;
	return STATUS_FOUND;
}

enum status modules_symbolize(struct symbols *symbols, struct modules *modules, uint64_t addr,
			      struct symbol *ret, struct err *err)
{
	const struct module *module = modules ? modules_at(modules, addr, NULL) : NULL;

	if (module)
		return modules_symbol_at(modules, module, addr, ret, err);
	return symbols_at(symbols, addr, ret, err);
}

/* --- by name, and all -------------------------------------------------------------------- */

enum status modules_each_symbol(struct modules *modules, const struct module *module,
				bool (*seen)(const struct symbol *symbol, void *ctx), void *ctx,
				struct err *err)
{
	struct reader r;
	enum status st = open_reader(&r, modules, module, err);

	for (uint32_t i = 1; !st && i < module->num_symtab; i++) {
		struct symbol symbol = {0};
		struct elf_symbol raw;

		st = read_symbol(&r, i, &raw, err);
		if (st || !read_name(&r, &raw, symbol.name))
			continue;
		describe(&r, &raw, &symbol);
		if (!seen(&symbol, ctx))
			break;
	}
	return st;
}

struct wanted {
	const char *name;
	uint64_t addr;
	bool found;
};

static bool is_wanted(const struct symbol *symbol, void *ctx)
{
	struct wanted *wanted = ctx;

	wanted->found = !strcmp(symbol->name, wanted->name);
	wanted->addr = symbol->addr;
	return !wanted->found;
}

enum status modules_symbol_find(struct modules *modules, const struct module *module,
				const char *name, uint64_t *ret, struct err *err)
{
	struct wanted wanted = {.name = name};
	enum status st = modules_each_symbol(modules, module, is_wanted, &wanted, err);

	if (st)
		return st;
	if (!wanted.found)
		return err_set(err, STATUS_ABSENT, "no symbol %s in %s", name, module->name);
	*ret = wanted.addr;
	return STATUS_FOUND;
}
