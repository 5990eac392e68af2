// SPDX-License-Identifier: GPL-2.0-or-later
//
// The list `modules`: every struct module is linked into it by its member list. A crash may leave
// it broken, and a dump may lack a part of it: what was read until then is kept.
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kernel/module-layout.h"
#include "kernel/modules-inside.h"

static bool is_listed(const struct modules *m, uint64_t address)
{
	for (size_t i = 0; i < m->count; i++) {
		if (m->list[i].address == address)
			return true;
	}
	return false;
}

static enum status append(struct modules *m, const struct module *module, struct err *err)
{
	enum { BLOCK = 64 };

	if (m->count == MODULES_MAX)
		return err_set(err, STATUS_BROKEN, "more than %u modules", MODULES_MAX);
	if (m->count % BLOCK == 0) {
		struct module *more = realloc(m->list, (m->count + BLOCK) * sizeof(*more));

		if (!more)
			return err_set(err, STATUS_BROKEN, "out of memory");
		m->list = more;
	}
	m->list[m->count++] = *module;
	return STATUS_FOUND;
}

static enum status add(struct modules *m, const struct module_layout *layout, uint64_t node,
		       struct err *err)
{
	struct module module;
	uint64_t address = node - layout->list.at.offset;
	enum status st;

	if (is_listed(m, address))
		return err_set(err, STATUS_BROKEN, "the list runs in a circle at %#" PRIx64, address);
	st = module_read(m->core, layout, address, &module, err);
	return st ? st : append(m, &module, err);
}

static enum status walk(struct modules *m, const struct module_layout *layout, uint64_t head,
			struct err *err)
{
	uint64_t node;
	enum status st = core_read_ptr(m->core, head, &node, err);

	while (!st && node != head) {
		st = add(m, layout, node, err);
		if (!st)
			st = core_read_ptr(m->core, node, &node, err);
	}
	return st;
}

static void read_last_unloaded(struct modules *m)
{
	uint64_t addr;

	/* A string, since v6.1 (v5.18) the first member of a struct. */
	if (symbols_find(m->symbols, "last_unloaded_module", &addr, NULL) ||
	    core_read_str(m->core, addr, m->last_unloaded, sizeof(m->last_unloaded), NULL))
		m->last_unloaded[0] = '\0';
}

static enum status open_modules(struct modules *m, struct types *types, struct err *err)
{
	struct module_layout layout;
	struct err why = {""};
	uint64_t head = 0;
	enum status st;

	if (!m->symbols)
		return err_set(err, STATUS_ABSENT, "no symbols to find the list by");
	st = symbols_find(m->symbols, "modules", &head, err);
	if (!st)
		st = module_layout_init(&layout, types, err);
	if (st)
		return st;
	read_last_unloaded(m);
	st = walk(m, &layout, head, &why);
	if (st && !m->count)
		return err_set(err, st, "%s", why.text);
	if (st)
		snprintf(m->why_cut, sizeof(m->why_cut), "after %zu modules: %.*s", m->count,
			 (int)sizeof(m->why_cut) - 40, why.text);
	return STATUS_FOUND;
}

enum status modules_open(struct modules **ret, struct core *core, struct symbols *symbols,
			 struct types *types, struct err *err)
{
	struct modules *m = calloc(1, sizeof(*m));
	enum status st;

	if (!m)
		return err_set(err, STATUS_BROKEN, "out of memory");
	m->core = core;
	m->symbols = symbols;
	st = open_modules(m, types, err);
	if (st) {
		modules_close(m);
		return err_add(err, st, "module list");
	}
	*ret = m;
	return STATUS_FOUND;
}

void modules_close(struct modules *modules)
{
	if (!modules)
		return;
	free(modules->list);
	free(modules);
}

size_t modules_count(const struct modules *modules)
{
	return modules->count;
}

const struct module *modules_get(const struct modules *modules, size_t i)
{
	return &modules->list[i];
}

const char *modules_why_cut(const struct modules *modules)
{
	return *modules->why_cut ? modules->why_cut : NULL;
}

const char *modules_last_unloaded(const struct modules *modules)
{
	return modules->last_unloaded;
}

const struct module *modules_named(const struct modules *modules, const char *name)
{
	for (size_t i = 0; i < modules->count; i++) {
		if (!strcmp(modules->list[i].name, name))
			return &modules->list[i];
	}
	return NULL;
}

const struct module *modules_at(const struct modules *modules, uint64_t addr,
				const struct module_part **ret_part)
{
	for (size_t i = 0; i < modules->count; i++) {
		const struct module *m = &modules->list[i];

		for (unsigned p = 0; p < m->parts; p++) {
			if (addr < m->part[p].addr || addr - m->part[p].addr >= m->part[p].size)
				continue;
			if (ret_part)
				*ret_part = &m->part[p];
			return m;
		}
	}
	return NULL;
}

bool modules_is_text(const struct modules *modules, uint64_t addr)
{
	const struct module_part *part;

	return modules_at(modules, addr, &part) && addr - part->addr < part->text_size;
}
