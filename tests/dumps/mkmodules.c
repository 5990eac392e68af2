// SPDX-License-Identifier: GPL-2.0-or-later
//
// A module takes four pages: code, read-only data, data with its struct module, and symbols. The
// symbols are "init_NAME" at the start of the code, "NAME_work" 0x100 and "NAME_end" 0x200 behind
// (two of them), and "NAME_data" in its data.
#include <stdlib.h>
#include <string.h>

#include "dumps/mkbtf.h"
#include "dumps/mkkallsyms.h"
#include "dumps/mkmodules.h"

/* Where our struct module has its members; what a configuration would move is put anywhere. */
enum {
	STATE = 0, LIST = MKMODULES_LIST, NAME = 24, VERSION = 184, SRCVERSION = 192,
	AREAS = 320,	/* mem[7], or core_layout, init_layout; or module_init and so on */
	MEM_STRIDE = 24,
	TAINTS = 504, KALLSYMS = 544, CORE_KALLSYMS = 552, OLD_SYMTAB = 560, ORCS = 640,
	REFCNT = 700, STRUCT_BYTES = 832,
	SYMBOLS = 5, ENTRY = 24, STRINGS = 0x200, TYPES = 0x180, VERSION_TEXT = 0x400,
};

/* ---- BTF -------------------------------------------------------------------------------- */

struct ids {
	uint32_t u32, s32, pointer, u64, chars, list, atomic;
};

static struct ids basic_types(struct mkbtf *b)
{
	struct ids ids = {.u32 = mkbtf_int(b, "unsigned int", 4, false)};
	uint32_t chars = mkbtf_int(b, "char", 1, true);
	struct mkbtf_member list[2], counter[1];

	ids.s32 = mkbtf_int(b, "int", 4, true);
	ids.u64 = mkbtf_int(b, "unsigned long", 8, false);
	ids.pointer = mkbtf_ref(b, 2, NULL, 0);
	ids.chars = mkbtf_array(b, chars, 56);
	list[0] = (struct mkbtf_member){"next", ids.pointer, 0, 0};
	list[1] = (struct mkbtf_member){"prev", ids.pointer, 64, 0};
	ids.list = mkbtf_struct(b, "list_head", 16, list, 2);
	counter[0] = (struct mkbtf_member){"counter", ids.s32, 0, 0};
	ids.atomic = mkbtf_ref(b, 8, "atomic_t", mkbtf_struct(b, NULL, 4, counter, 1));
	return ids;
}

static size_t area_members(struct mkbtf *b, const struct ids *ids, enum mkmodules_layout layout,
			   struct mkbtf_member *m)
{
	const struct mkbtf_member mem[] = {{"base", ids->pointer, 0, 0}, {"size", ids->u32, 96, 0}};
	const struct mkbtf_member area[] = {
		{"base", ids->pointer, 0, 0}, {"size", ids->u32, 64, 0}, {"text_size", ids->u32, 96, 0},
	};
	uint32_t type;

	if (layout == MKMODULES_MEM) {
		type = mkbtf_struct(b, "module_memory", MEM_STRIDE, mem, 2);
		m[0] = (struct mkbtf_member){"mem", mkbtf_array(b, type, 7), AREAS * 8, 0};
		return 1;
	}
	if (layout == MKMODULES_CORE) {
		type = mkbtf_struct(b, "module_layout", 32, area, 3);
		m[0] = (struct mkbtf_member){"core_layout", type, AREAS * 8, 0};
		m[1] = (struct mkbtf_member){"init_layout", type, (AREAS + 32) * 8, 0};
		return 2;
	}
	m[0] = (struct mkbtf_member){"module_init", ids->pointer, AREAS * 8, 0};
	m[1] = (struct mkbtf_member){"module_core", ids->pointer, (AREAS + 8) * 8, 0};
	m[2] = (struct mkbtf_member){"init_size", ids->u32, (AREAS + 16) * 8, 0};
	m[3] = (struct mkbtf_member){"core_size", ids->u32, (AREAS + 20) * 8, 0};
	m[4] = (struct mkbtf_member){"core_text_size", ids->u32, (AREAS + 28) * 8, 0};
	return 5;
}

static size_t symtab_members(const struct ids *ids, enum mkmodules_layout layout,
			     struct mkbtf_member *m)
{
	if (layout != MKMODULES_OLD) {
		m[0] = (struct mkbtf_member){"kallsyms", ids->pointer, KALLSYMS * 8, 0};
		return 1;
	}
	m[0] = (struct mkbtf_member){"symtab", ids->pointer, OLD_SYMTAB * 8, 0};
	m[1] = (struct mkbtf_member){"num_symtab", ids->u32, (OLD_SYMTAB + 16) * 8, 0};
	m[2] = (struct mkbtf_member){"strtab", ids->pointer, (OLD_SYMTAB + 24) * 8, 0};
	return 3;
}

static void *make_btf(enum mkmodules_layout layout, size_t *ret_size)
{
	struct mkbtf *b = mkbtf_new(false, 1, 0);
	struct ids ids = basic_types(b);
	const struct mkbtf_member kallsyms[] = {
		{"symtab", ids.pointer, 0, 0}, {"num_symtab", ids.u32, 64, 0},
		{"strtab", ids.pointer, 128, 0}, {"typetab", ids.pointer, 192, 0},
	};
	const struct mkbtf_member arch[] = {
		{"num_orcs", ids.u32, 0, 0}, {"orc_unwind_ip", ids.pointer, 64, 0},
		{"orc_unwind", ids.pointer, 128, 0},
	};
	struct mkbtf_member m[20] = {
		{"state", ids.u32, STATE * 8, 0}, {"list", ids.list, LIST * 8, 0},
		{"name", ids.chars, NAME * 8, 0}, {"version", ids.pointer, VERSION * 8, 0},
		{"srcversion", ids.pointer, SRCVERSION * 8, 0}, {"taints", ids.u64, TAINTS * 8, 0},
		{"refcnt", ids.atomic, REFCNT * 8, 0},
	};
	size_t n = 7;

	mkbtf_struct(b, "mod_kallsyms", 32, kallsyms, 4);
	m[n++] = (struct mkbtf_member){
		"arch", mkbtf_struct(b, "mod_arch_specific", 24, arch, 3), ORCS * 8, 0};
	n += area_members(b, &ids, layout, m + n);
	n += symtab_members(&ids, layout, m + n);
	mkbtf_struct(b, "module", STRUCT_BYTES, m, n);
	return mkbtf_finish(b, ret_size);
}

/* ---- the modules ------------------------------------------------------------------------ */

static void put_areas(struct mkdump *d, enum mkmodules_layout layout, uint64_t at, uint64_t self)
{
	uint64_t areas = self + AREAS;

	if (layout == MKMODULES_MEM) {
		for (unsigned i = 0; i < 3; i++) { /* text, data, rodata: in another order in memory */
			static const unsigned page[] = {0, 2, 1}, pages[] = {1, 2, 1};

			mkdump_uint(d, areas + i * MEM_STRIDE, 8, at + page[i] * MKDUMP_PAGE);
			mkdump_uint(d, areas + i * MEM_STRIDE + 12, 4, pages[i] * MKDUMP_PAGE);
		}
	} else if (layout == MKMODULES_CORE) {
		mkdump_uint(d, areas, 8, at);
		mkdump_uint(d, areas + 8, 4, MKMODULES_BYTES);
		mkdump_uint(d, areas + 12, 4, MKMODULES_TEXT_BYTES);
	} else {
		mkdump_uint(d, areas + 8, 8, at);
		mkdump_uint(d, areas + 20, 4, MKMODULES_BYTES);
		mkdump_uint(d, areas + 28, 4, MKMODULES_TEXT_BYTES);
	}
}

static void put_symtab(struct mkdump *d, enum mkmodules_layout layout, uint64_t at, uint64_t self)
{
	uint64_t symtab = at + MKMODULES_SYMTAB, strtab = symtab + STRINGS;

	if (layout == MKMODULES_OLD) {
		mkdump_uint(d, self + OLD_SYMTAB, 8, symtab);
		mkdump_uint(d, self + OLD_SYMTAB + 8, 8, symtab);
		mkdump_uint(d, self + OLD_SYMTAB + 16, 4, SYMBOLS + 1);
		mkdump_uint(d, self + OLD_SYMTAB + 20, 4, SYMBOLS + 1);
		mkdump_uint(d, self + OLD_SYMTAB + 24, 8, strtab);
		mkdump_uint(d, self + OLD_SYMTAB + 32, 8, strtab);
		return;
	}
	mkdump_uint(d, self + KALLSYMS, 8, self + CORE_KALLSYMS);
	mkdump_uint(d, self + CORE_KALLSYMS, 8, symtab);
	mkdump_uint(d, self + CORE_KALLSYMS + 8, 4, SYMBOLS + 1);
	mkdump_uint(d, self + CORE_KALLSYMS + 16, 8, strtab);
	mkdump_uint(d, self + CORE_KALLSYMS + 24, 8, symtab + TYPES);
}

static void put_symbols(struct mkdump *d, const char *module, uint64_t at, bool has_types)
{
	static const struct {
		const char *format;
		uint32_t offset;
	} symbols[SYMBOLS] = {
		{"%s_data", 0x2000}, {"%s_end", 0x200}, {"%s_also_end", 0x200},
		{"init_%s", 0}, {"%s_work", 0x100},
	};
	uint64_t symtab = at + MKMODULES_SYMTAB;
	uint32_t name_at = 1;

	for (unsigned i = 0; i < SYMBOLS; i++) {
		uint64_t entry = symtab + (i + 1) * ENTRY;
		char name[128];

		snprintf(name, sizeof(name), symbols[i].format, module);
		mkdump_virt(d, symtab + STRINGS + name_at, name, strlen(name) + 1);
		mkdump_uint(d, entry, 4, name_at);
		mkdump_uint(d, entry + 4, 1, has_types ? 0 : 't');
		mkdump_uint(d, entry + 6, 2, 1);
		mkdump_uint(d, entry + 8, 8, at + symbols[i].offset);
		mkdump_uint(d, symtab + TYPES + i + 1, 1, has_types ? 't' : 0);
		name_at += (uint32_t)strlen(name) + 1;
	}
}

static void put_module(struct mkdump *d, enum mkmodules_layout layout,
		       const struct mkmodules_module *module, uint64_t at, uint64_t next,
		       uint64_t before)
{
	const unsigned char filler[MKMODULES_BYTES] = {0};
	uint64_t self = at + MKMODULES_STRUCT;

	mkdump_virt(d, at, filler, sizeof(filler));
	mkdump_uint(d, self + STATE, 4, module->state);
	mkdump_uint(d, self + LIST, 8, next);
	mkdump_uint(d, self + LIST + 8, 8, before);
	mkdump_virt(d, self + NAME, module->name, strlen(module->name) + 1);
	if (module->version) {
		mkdump_uint(d, self + VERSION, 8, at + VERSION_TEXT + 0x1000);
		mkdump_virt(d, at + VERSION_TEXT + 0x1000, module->version,
			    strlen(module->version) + 1);
	}
	mkdump_uint(d, self + TAINTS, 8, module->taints);
	mkdump_uint(d, self + REFCNT, 4, module->users + 1);
	mkdump_uint(d, self + ORCS, 4, 7);
	mkdump_uint(d, self + ORCS + 8, 8, at + 0x1800);
	mkdump_uint(d, self + ORCS + 16, 8, at + 0x1900);
	put_areas(d, layout, at, self);
	put_symtab(d, layout, at, self);
	put_symbols(d, module->name, at, layout != MKMODULES_OLD);
}

/* ---- all of it -------------------------------------------------------------------------- */

static void put_kallsyms(struct mkdump *d, bool no_btf, size_t btf_size)
{
	const struct mkkallsyms_symbol symbols[] = {
		{MKDUMP_TEXT, 'T', "_stext"},
		{MKDUMP_TEXT + 0x80000, 'T', "_etext"},
		{MKMODULES_BTF, 'R', no_btf ? "no_BTF" : "__start_BTF"},
		{MKMODULES_BTF + btf_size, 'R', "__stop_BTF"},
		{MKMODULES_HEAD, 'd', "modules"},
		{MKMODULES_HEAD + 0x10, 'd', "last_unloaded_module"},
		{MKDUMP_TEXT + 0x300000, 'B', "_end"},
	};
	const struct mkkallsyms_spec spec = {.addresses = MKKALLSYMS_PERCPU};
	struct mkkallsyms_places places;

	mkdump_info(d, "SYMBOL(_stext)=%llx", MKDUMP_TEXT);
	mkkallsyms(d, MKDUMP_TEXT, MKMODULES_KALLSYMS, &spec, symbols,
		   sizeof(symbols) / sizeof(*symbols), &places);
}

void mkmodules(struct mkdump *d, const struct mkmodules_spec *spec,
	       const struct mkmodules_module *modules, size_t count)
{
	char last[64] = "";
	size_t btf_size = 0;
	void *btf = make_btf(spec->layout, &btf_size);

	mkdump_virt(d, MKMODULES_BTF, btf, btf_size);
	free(btf);
	put_kallsyms(d, spec->no_btf, btf_size);
	snprintf(last, sizeof(last), "%s", spec->last_unloaded ? spec->last_unloaded : "");
	mkdump_virt(d, MKMODULES_HEAD + 0x10, last, sizeof(last));
	mkdump_uint(d, MKMODULES_HEAD, 8,
		    count ? MKMODULES_AT(0) + MKMODULES_STRUCT + LIST : MKMODULES_HEAD);
	for (size_t i = 0; i < count; i++) {
		uint64_t next = MKMODULES_AT(i + 1) + MKMODULES_STRUCT + LIST;
		uint64_t before = i ? MKMODULES_AT(i - 1) + MKMODULES_STRUCT + LIST : MKMODULES_HEAD;

		put_module(d, spec->layout, &modules[i], MKMODULES_AT(i),
			   i + 1 < count ? next : MKMODULES_HEAD, before);
	}
}
