// SPDX-License-Identifier: GPL-2.0-or-later
//
// The module list in all layouts of struct module, with BTF and without; lists that are damaged.
#include <string.h>

#include "dumps/mkmodules.h"
#include "kernel/modules.h"
#include "unit/test-kernel.h"
#include "unit/test-rows.h"

static const struct mkmodules_module three[] = {
	{.name = "oot_driver", .version = "1.2-3", .taints = 1 << 12 | 1 << 13, .users = 0},
	{.name = "leaving", .state = MODULE_GOING, .users = 2},
	{.name = "library", .users = 5},
};

/* What is read, opened as the rest of the tool does. */
struct opened {
	struct core *core;
	struct symbols *symbols;
	struct types *types;
	struct modules *modules;
	struct err err;
};

static enum status open_all(struct opened *o, struct mkdump *d)
{
	enum status st;

	*o = (struct opened){.core = open_dump(d)};
	if (symbols_open(&o->symbols, o->core, NULL, &o->err))
		fail_msg("%s", o->err.text);
	if (types_open(&o->types, o->core, o->symbols, &o->err))
		fail_msg("%s", o->err.text);
	st = modules_open(&o->modules, o->core, o->symbols, o->types, &o->err);
	return st;
}

static void close_all(struct opened *o)
{
	modules_close(o->modules);
	types_close(o->types);
	symbols_close(o->symbols);
	core_close(o->core);
}

/* ---- whole lists ------------------------------------------------------------------------ */

static const struct row {
	const char *name;
	struct mkmodules_spec spec;
} rows[] = {
	{"6.4: mem[]", {MKMODULES_MEM, false, "gone"}},
	{"4.5: core_layout", {MKMODULES_CORE, false, NULL}},
	{"to 4.4: module_core", {MKMODULES_OLD, false, NULL}},
	{"4.5, no BTF", {MKMODULES_CORE, true, "gone"}},
	{"to 4.4, no BTF", {MKMODULES_OLD, true, NULL}},
};

static void check_parts(const struct row *row, const struct module *m, uint64_t at)
{
	assert_true(m->base == at);
	assert_int_equal(m->size, MKMODULES_BYTES);
	if (row->spec.layout != MKMODULES_MEM) {
		assert_int_equal(m->parts, 1);
		assert_int_equal(m->part[0].kind, MODULE_CORE);
		assert_int_equal(m->part[0].text_size, MKMODULES_TEXT_BYTES);
		return;
	}
	assert_int_equal(m->parts, 3);
	assert_int_equal(m->part[1].kind, MODULE_DATA);
	assert_true(m->part[1].addr == at + 0x2000);
	assert_int_equal(m->part[1].size, 0x2000);
	assert_int_equal(m->part[2].kind, MODULE_RODATA);
}

/* What only BTF can tell. */
static void check_details(const struct row *row, const struct module *m,
			  const struct mkmodules_module *made)
{
	if (row->spec.no_btf) {
		assert_false(m->taints_known);
		assert_int_equal(m->refcount, -1);
		assert_string_equal(m->version, "");
		return;
	}
	assert_true(m->taints_known);
	assert_true(m->taints == made->taints);
	assert_int_equal(m->refcount, made->users);
	assert_string_equal(m->version, made->version ? made->version : "");
	assert_int_equal(m->num_orcs, 7);
	assert_true(m->orc == m->base + 0x1900);
}

static void check_symbol(struct opened *o, uint64_t addr, const char *name, uint64_t offset,
			 uint64_t size)
{
	struct symbol symbol;

	if (modules_symbolize(o->symbols, o->modules, addr, &symbol, &o->err))
		fail_msg("%s", o->err.text);
	assert_string_equal(symbol.name, name);
	assert_int_equal(symbol.offset, offset);
	assert_int_equal(symbol.size, size);
}

static void check_symbols(struct opened *o, const struct row *row)
{
	const struct module *library = modules_named(o->modules, "library");
	uint64_t at = MKMODULES_AT(2), addr;
	struct symbol symbol;

	check_symbol(o, at + 0x10, "init_library", 0x10, 0x100);
	check_symbol(o, at + 0x1ff, "library_work", 0xff, 0x100);
	/* The first of two, and up to the end of the code. */
	check_symbol(o, at + 0x300, "library_end", 0x100, MKMODULES_TEXT_BYTES - 0x200);
	check_symbol(o, at + 0x2004, "library_data", 4, 0x2000);
	check_symbol(o, MKDUMP_TEXT + 4, "_stext", 4, 0x80000);
	assert_int_equal(modules_symbol_at(o->modules, library, at + 0x150, &symbol, &o->err),
			 STATUS_FOUND);
	assert_string_equal(symbol.module, "library");
	/* Without BTF it is not known where since v5.2 the types are. */
	assert_int_equal(symbol.type, row->spec.no_btf && row->spec.layout == MKMODULES_CORE ? '?' : 't');
	assert_int_equal(modules_symbol_find(o->modules, library, "library_work", &addr, NULL),
			 STATUS_FOUND);
	assert_true(addr == at + 0x100);
	assert_int_equal(modules_symbol_find(o->modules, library, "leaving_work", &addr, NULL),
			 STATUS_ABSENT);
	assert_int_equal(modules_symbol_at(o->modules, library, at + MKMODULES_STRIDE, &symbol, NULL),
			 STATUS_ABSENT);
}

static void read_row(void **state)
{
	static const char *const taints[] = {"OE", "-", ""}, *const no_taints[] = {"", "-", ""};
	const struct row *row = *state;
	struct mkdump *d = mkdump_new(MKDUMP_X86_64);
	struct opened o;

	mkmodules(d, &row->spec, three, ARRAY_SIZE(three));
	if (open_all(&o, d))
		fail_msg("%s", o.err.text);
	assert_int_equal(modules_count(o.modules), 3);
	assert_null(modules_why_cut(o.modules));
	for (size_t i = 0; i < 3; i++) {
		const struct module *m = modules_get(o.modules, i);

		assert_string_equal(m->name, three[i].name);
		assert_int_equal(m->state, three[i].state);
		assert_string_equal(m->taint, row->spec.no_btf ? no_taints[i] : taints[i]);
		assert_true(m->address == MKMODULES_AT(i) + MKMODULES_STRUCT);
		check_parts(row, m, MKMODULES_AT(i));
		check_details(row, m, &three[i]);
	}
	check_symbols(&o, row);
	assert_string_equal(modules_last_unloaded(o.modules),
			    row->spec.last_unloaded ? row->spec.last_unloaded : "");
	assert_true(modules_at(o.modules, MKMODULES_AT(1) + 0x2fff, NULL) ==
		    modules_get(o.modules, 1));
	assert_null(modules_at(o.modules, MKDUMP_TEXT, NULL));
	assert_null(modules_named(o.modules, "gone"));
	assert_true(modules_is_text(o.modules, MKMODULES_AT(0) + 0xfff));
	assert_false(modules_is_text(o.modules, MKMODULES_AT(0) + 0x2000));
	close_all(&o);
	mkdump_free(d);
}

static void empty_list(void **state)
{
	const struct mkmodules_spec spec = {.layout = MKMODULES_MEM};
	struct mkdump *d = mkdump_new(MKDUMP_X86_64);
	struct opened o;

	(void)state;
	mkmodules(d, &spec, NULL, 0);
	assert_int_equal(open_all(&o, d), STATUS_FOUND);
	assert_int_equal(modules_count(o.modules), 0);
	assert_null(modules_why_cut(o.modules));
	close_all(&o);
	mkdump_free(d);
}

/* ---- damage ----------------------------------------------------------------------------- */

#define SELF(i) (MKMODULES_AT(i) + MKMODULES_STRUCT)
#define NODE(i) (SELF(i) + MKMODULES_LIST)

static const struct damage {
	const char *name;
	struct {
		uint64_t at;
		unsigned size;
		uint64_t value;
	} write;
	uint64_t drop;		/* a page; 0: none */
	enum status status;
	size_t count;
	const char *why;	/* a part of why the list is cut; NULL: it is whole */
} damages[] = {
	{"the last points at the first", {NODE(2), 8, NODE(0)}, 0, STATUS_FOUND, 3, "circle"},
	{"the second points at itself", {NODE(1), 8, NODE(1)}, 0, STATUS_FOUND, 2, "circle"},
	{"a NULL pointer", {NODE(0), 8, 0}, 0, STATUS_FOUND, 1, "after 1 modules"},
	{"a poisoned pointer", {NODE(1), 8, 0xdead000000000100}, 0, STATUS_FOUND, 2,
	 "after 2 modules"},
	{"a state that there is not", {SELF(1), 4, 99}, 0, STATUS_FOUND, 1, "state 99"},
	{"a name that is none", {SELF(2) + 24, 4, 0x0a1b0101}, 0, STATUS_FOUND, 2, "no module's name"},
	{"the head points nowhere", {MKMODULES_HEAD, 8, 0x10}, 0, STATUS_ABSENT, 0, NULL},
	{"the second filtered", {0}, SELF(1), STATUS_FOUND, 1, "after 1 modules"},
	{"the head filtered", {0}, MKMODULES_HEAD, STATUS_ABSENT, 0, NULL},
	{"a symbol count of all ones", {SELF(0) + 552 + 8, 4, UINT32_MAX}, 0, STATUS_FOUND, 3, NULL},
	{"a part of all of memory", {SELF(0) + 320 + 12, 4, UINT32_MAX}, 0, STATUS_FOUND, 3, NULL},
	{"symbols filtered", {0}, SELF(0) - MKMODULES_STRUCT + MKMODULES_SYMTAB, STATUS_FOUND, 3,
	 NULL},
	{"BTF without its header", {MKMODULES_BTF, 2, 0}, 0, STATUS_FOUND, 3, NULL},
};

static void read_damaged(void **state)
{
	const struct damage *damage = *state;
	const struct mkmodules_spec spec = {.layout = MKMODULES_MEM};
	struct mkdump *d = mkdump_new(MKDUMP_X86_64);
	struct symbol symbol;
	struct opened o;

	mkmodules(d, &spec, three, ARRAY_SIZE(three));
	if (damage->write.size)
		mkdump_uint(d, damage->write.at, damage->write.size, damage->write.value);
	if (damage->drop)
		mkdump_drop(d, mkdump_translate(d, damage->drop) & ~(uint64_t)(MKDUMP_PAGE - 1));
	assert_int_equal(open_all(&o, d), damage->status);
	if (damage->status) {
		assert_non_null(strstr(o.err.text, "module list"));
	} else {
		assert_int_equal(modules_count(o.modules), damage->count);
		if (damage->why)
			assert_non_null(strstr(modules_why_cut(o.modules), damage->why));
		else
			assert_null(modules_why_cut(o.modules));
		/* Whatever it answers, it comes back. */
		(void)modules_symbolize(o.symbols, o.modules, MKMODULES_AT(0) + 0x180, &symbol, NULL);
	}
	close_all(&o);
	mkdump_free(d);
}

int main(void)
{
	static const struct CMUnitTest others[] = {cmocka_unit_test(empty_list)};
	struct CMUnitTest tests[ARRAY_SIZE(rows) + ARRAY_SIZE(damages) + ARRAY_SIZE(others)];
	size_t n = 0;

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		tests[n++] = row_test(rows[i].name, read_row, &rows[i]);
	for (size_t i = 0; i < ARRAY_SIZE(damages); i++)
		tests[n++] = row_test(damages[i].name, read_damaged, &damages[i]);
	memcpy(&tests[n], others, sizeof(others));
	return cmocka_run_group_tests_name("modules", tests, NULL, NULL);
}
