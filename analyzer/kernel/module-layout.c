// SPDX-License-Identifier: GPL-2.0-or-later
//
// struct module: what a kernel calls the members we read changed over time; each is looked for
// under its names.
//
//	up to v4.4	module_core, core_size, core_text_size, and the same with init
//	v4.5 to v6.3	core_layout.{base, size, text_size}, init_layout
//	since v6.4	mem[7].{base, size}: text, data, rodata and what is read-only after init,
//			then text, data and rodata of init, each an area of its own
//
// state, list and name have always been first.
#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "kernel/module-layout.h"
#include "kernel/taint.h"

enum {
	MAX_PART = 1 << 30,  /* bytes */
	MODULE_REF_BASE = 1,  /* what the kernel itself holds while a module is loaded */
};

/* --- which members there are ------------------------------------------------------------- */

static void find(struct types *types, const char *path, struct module_member *ret)
{
	ret->known = ret->known || !types_member(types, path, &ret->at, NULL);
}

static void find_areas(struct types *types, struct module_layout *l)
{
	find(types, "module.mem", &l->mem);
	find(types, "module_memory.base", &l->mem_base);
	find(types, "module_memory.size", &l->mem_size);
	find(types, "module.core_layout.base", &l->core.base);
	find(types, "module.core_layout.size", &l->core.size);
	find(types, "module.core_layout.text_size", &l->core.text_size);
	find(types, "module.init_layout.base", &l->init.base);
	find(types, "module.init_layout.size", &l->init.size);
	find(types, "module.init_layout.text_size", &l->init.text_size);
	find(types, "module.module_core", &l->core.base);
	find(types, "module.core_size", &l->core.size);
	find(types, "module.core_text_size", &l->core.text_size);
	find(types, "module.module_init", &l->init.base);
	find(types, "module.init_size", &l->init.size);
	find(types, "module.init_text_size", &l->init.text_size);
}

static void find_tables(struct types *types, struct module_layout *l)
{
	find(types, "module.kallsyms", &l->kallsyms);
	if (l->kallsyms.known) {
		find(types, "mod_kallsyms.symtab", &l->symtab);
		find(types, "mod_kallsyms.num_symtab", &l->num_symtab);
		find(types, "mod_kallsyms.strtab", &l->strtab);
		find(types, "mod_kallsyms.typetab", &l->typetab);
	} else {
		find(types, "module.symtab", &l->symtab);
		find(types, "module.num_symtab", &l->num_symtab);
		find(types, "module.strtab", &l->strtab);
	}
	find(types, "module.arch.num_orcs", &l->num_orcs);
	find(types, "module.arch.orc_unwind_ip", &l->orc_ip);
	find(types, "module.arch.orc_unwind", &l->orc);
}

enum status module_layout_init(struct module_layout *layout, struct types *types, struct err *err)
{
	struct module_layout l = {0};
	enum status st = types_member(types, "module.list", &l.list.at, err);

	if (!st)
		st = types_member(types, "module.name", &l.name.at, err);
	if (!st)
		st = types_member(types, "module.state", &l.state.at, err);
	if (st)
		return st;
	find(types, "module.version", &l.version);
	find(types, "module.srcversion", &l.srcversion);
	find(types, "module.taints", &l.taints);
	find(types, "module.refcnt.counter", &l.refcnt);
	find_areas(types, &l);
	find_tables(types, &l);
	*layout = l;
	return STATUS_FOUND;
}

/* --- one module -------------------------------------------------------------------------- */

static bool read_member(struct core *core, uint64_t base, const struct module_member *member,
		 uint64_t *ret)
{
	return member->known && !types_read(core, base, &member->at, ret, NULL);
}

static void read_string(struct core *core, uint64_t module, const struct module_member *member,
			char *buf, size_t cap)
{
	uint64_t at;

	buf[0] = '\0';
	if (read_member(core, module, member, &at) && at && core_read_str(core, at, buf, cap, NULL))
		buf[0] = '\0';
}

static enum status read_name(struct core *core, const struct module_layout *l, uint64_t addr,
			     struct module *m, struct err *err)
{
	size_t cap = l->name.at.size && l->name.at.size < sizeof(m->name) ? l->name.at.size
									   : sizeof(m->name);
	enum status st = core_read_str(core, addr + l->name.at.offset, m->name, cap, err);

	if (st)
		return err_add(err, st, "module at %#" PRIx64, addr);
	for (const char *p = m->name; *p; p++) {
		if (!isgraph((unsigned char)*p))
			m->name[0] = '\0';
	}
	if (!m->name[0])
		return err_set(err, STATUS_BROKEN, "what is at %#" PRIx64 " has no module's name",
			       addr);
	return STATUS_FOUND;
}

static enum status read_state(struct core *core, const struct module_layout *l, uint64_t addr,
			      struct module *m, struct err *err)
{
	uint64_t state;
	enum status st = core_read_uint(core, addr + l->state.at.offset, 4, &state, err);

	if (st)
		return err_add(err, st, "module at %#" PRIx64, addr);
	if (state > MODULE_UNFORMED)
		return err_set(err, STATUS_BROKEN,
			       "what is at %#" PRIx64 " has state %" PRIu64 ", no module's", addr,
			       state);
	m->state = (enum module_state)state;
	return STATUS_FOUND;
}

static void add_part(struct module *m, enum module_part_kind kind, uint64_t addr, uint64_t size,
		     uint64_t text_size)
{
	if (!addr || !size || size > MAX_PART || addr + size < addr ||
	    m->parts == MODULE_MAX_PARTS)
		return;
	m->part[m->parts++] = (struct module_part){
		.kind = kind,
		.addr = addr,
		.size = size,
		.text_size = text_size < size ? text_size : size,
	};
	if (kind < MODULE_INIT_TEXT || kind == MODULE_CORE)
		m->size += size;
	if (kind == MODULE_TEXT || kind == MODULE_CORE)
		m->base = addr;
}

static void read_area(struct core *core, const struct module_area *area, uint64_t module,
		      enum module_part_kind kind, struct module *m)
{
	uint64_t addr, size, text_size = 0;

	if (!read_member(core, module, &area->base, &addr) || !read_member(core, module, &area->size, &size))
		return;
	(void)read_member(core, module, &area->text_size, &text_size); /* else not known */
	add_part(m, kind, addr, size, text_size);
}

static void read_parts(struct core *core, const struct module_layout *l, struct module *m)
{
	uint64_t addr, size, kinds = l->mem.known ? l->mem.at.count : 0;

	for (unsigned i = 0; i < kinds && i < MODULE_MAX_PARTS; i++) {
		uint64_t at = m->address + l->mem.at.offset + i * l->mem.at.stride;

		if (read_member(core, at, &l->mem_base, &addr) && read_member(core, at, &l->mem_size, &size))
			add_part(m, (enum module_part_kind)i, addr, size,
				 i == MODULE_TEXT || i == MODULE_INIT_TEXT ? size : 0);
	}
	read_area(core, &l->core, m->address, MODULE_CORE, m);
	read_area(core, &l->init, m->address, MODULE_INIT, m);
}

static void read_symtab(struct core *core, const struct module_layout *l, struct module *m)
{
	uint64_t at = m->address, count;

	if (l->kallsyms.known && (!read_member(core, m->address, &l->kallsyms, &at) || !at))
		return;
	if (!read_member(core, at, &l->num_symtab, &count) || !read_member(core, at, &l->strtab, &m->strtab) ||
	    !read_member(core, at, &l->symtab, &m->symtab))
		return;
	m->num_symtab = count < MODULE_MAX_SYMBOLS ? (uint32_t)count : MODULE_MAX_SYMBOLS;
	(void)read_member(core, at, &l->typetab, &m->typetab); /* before v5.2 there was none */
}

static void read_orc(struct core *core, const struct module_layout *l, struct module *m)
{
	uint64_t count;

	if (read_member(core, m->address, &l->num_orcs, &count) &&
	    read_member(core, m->address, &l->orc_ip, &m->orc_ip) &&
	    read_member(core, m->address, &l->orc, &m->orc))
		m->num_orcs = (uint32_t)count;
}

static void read_taints(struct core *core, const struct module_layout *l, struct module *m)
{
	struct slice release = {0};
	size_t len;

	m->taints_known = read_member(core, m->address, &l->taints, &m->taints);
	(void)core_info_line(core, "OSRELEASE", &release, NULL); /* else upstream's letters */
	taint_letters(m->taints_known ? m->taints : 0, release, m->taint);
	len = strlen(m->taint);
	if (m->state == MODULE_COMING || m->state == MODULE_GOING)
		snprintf(m->taint + len, sizeof(m->taint) - len, "%c",
			 m->state == MODULE_COMING ? '+' : '-');
}

enum status module_read(struct core *core, const struct module_layout *layout, uint64_t addr,
			struct module *ret, struct err *err)
{
	struct module m = {.address = addr, .refcount = -1};
	uint64_t refs;
	enum status st = read_state(core, layout, addr, &m, err);

	if (!st)
		st = read_name(core, layout, addr, &m, err);
	if (st)
		return st;
	read_string(core, addr, &layout->version, m.version, sizeof(m.version));
	read_string(core, addr, &layout->srcversion, m.srcversion, sizeof(m.srcversion));
	if (read_member(core, addr, &layout->refcnt, &refs) && (int64_t)refs >= MODULE_REF_BASE)
		m.refcount = (int64_t)refs - MODULE_REF_BASE;
	read_taints(core, layout, &m);
	read_parts(core, layout, &m);
	read_symtab(core, layout, &m);
	read_orc(core, layout, &m);
	if (!m.parts && !layout->mem.known && !layout->core.base.known)
		module_guess(core, &m);
	*ret = m;
	return STATUS_FOUND;
}
