// SPDX-License-Identifier: GPL-2.0-or-later
//
// struct module of a kernel without BTF: where its members are depends on the configuration,
// but up to v6.3 the struct itself lies in the one area that it describes, and that gives the
// members away. 64-bit kernels:
//
//	v4.5 to v6.3	core_layout:	void *base; u32 size, text_size, ...
//			kallsyms:	points at core_kallsyms, in the struct:
//					Elf_Sym *symtab; u32 num_symtab; char *strtab;
//	up to v4.4	void *module_core; u32 init_size, core_size, init_text_size,
//					core_text_size;
//			Elf_Sym *symtab, *core_symtab; u32 num_symtab, core_num_syms;
//			char *strtab, *core_strtab;	(each pair equal after init)
//
// base is the start of a page, not above the struct, and base + size is above it.
#include "kernel/module-layout.h"

enum {
	NAME_END = 24 + 56,
	STRUCT = 1024, /* bytes looked through: 2 or 3 times where the members have been */
	MAX_AREA = 256 << 20,
	BASE_ALIGNMENT = 4096,
};

struct guess {
	struct core *core;
	struct module *module;
	unsigned char bytes[STRUCT];
	size_t len;
};

static uint64_t u64_at(const struct guess *g, size_t at)
{
	return core_uint(g->core, g->bytes + at, 8);
}

static uint32_t u32_at(const struct guess *g, size_t at)
{
	return (uint32_t)core_uint(g->core, g->bytes + at, 4);
}

/* As much of the struct as can be read: it may be the last thing in its page. */
static bool read_struct(struct guess *g)
{
	for (g->len = STRUCT; g->len >= STRUCT / 4; g->len -= STRUCT / 8) {
		if (!core_read_virt(g->core, g->module->address, g->bytes, g->len, NULL))
			return true;
	}
	return false;
}

static bool is_area(const struct guess *g, uint64_t base, uint32_t size, uint32_t text_size)
{
	uint64_t self = g->module->address;

	return base && base % BASE_ALIGNMENT == 0 && base <= self && size <= MAX_AREA &&
	       self - base < size && text_size && text_size <= size;
}

static bool guess_area(struct guess *g)
{
	for (size_t at = NAME_END; at + 24 <= g->len; at += 8) {
		uint64_t base = u64_at(g, at);
		size_t size = at + 8, text = at + 12;

		if (!is_area(g, base, u32_at(g, size), u32_at(g, text))) {
			size = at + 12;
			text = at + 20;
		}
		if (!is_area(g, base, u32_at(g, size), u32_at(g, text)))
			continue;
		g->module->part[0] = (struct module_part){
			.kind = MODULE_CORE,
			.addr = base,
			.size = u32_at(g, size),
			.text_size = u32_at(g, text),
		};
		g->module->parts = 1;
		g->module->base = base;
		g->module->size = u32_at(g, size);
		return true;
	}
	return false;
}

static bool is_inside(const struct guess *g, uint64_t addr)
{
	const struct module_part *part = &g->module->part[0];

	return addr >= part->addr && addr - part->addr < part->size;
}

static bool take_symtab(struct guess *g, uint64_t symtab, uint32_t count, uint64_t strtab)
{
	if (!is_inside(g, symtab) || !is_inside(g, strtab) || !count || count > MODULE_MAX_SYMBOLS)
		return false;
	g->module->symtab = symtab;
	g->module->num_symtab = count;
	g->module->strtab = strtab;
	return true;
}

static void guess_symtab(struct guess *g)
{
	for (size_t at = NAME_END; at + 40 <= g->len; at += 8) {
		uint64_t to = u64_at(g, at) - g->module->address;

		if (to >= NAME_END && to % 8 == 0 && to + 24 <= g->len &&
		    take_symtab(g, u64_at(g, to), u32_at(g, to + 8), u64_at(g, to + 16)))
			return;
		if (u64_at(g, at) == u64_at(g, at + 8) && u32_at(g, at + 16) == u32_at(g, at + 20) &&
		    u64_at(g, at + 24) == u64_at(g, at + 32) &&
		    take_symtab(g, u64_at(g, at), u32_at(g, at + 16), u64_at(g, at + 24)))
			return;
	}
}

void module_guess(struct core *core, struct module *module)
{
	struct guess g = {.core = core, .module = module};

	if (core_is_64bit(core) && read_struct(&g) && guess_area(&g))
		guess_symtab(&g);
}
