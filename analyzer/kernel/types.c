// SPDX-License-Identifier: GPL-2.0-or-later
//
// Members by path: each step of the path is asked from BTF; without BTF, whole paths from
// VMCOREINFO and the table.
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kernel/btf.h"
#include "kernel/types-table.h"
#include "kernel/types.h"

enum {
	MAX_MODULES = 2048, /* steps in the list btf_modules */
	AGGREGATES = 1 << BTF_STRUCT | 1 << BTF_UNION,
	ENUMS = 1 << BTF_ENUM | 1 << BTF_ENUM64,
};

struct types {
	struct core *core;
	struct symbols *symbols; /* NULL: none */
	struct btf *btf;	 /* NULL: none */
	char why_no_btf[256];
};

/* --- opening ----------------------------------------------------------------------------- */

/* v5.4 and v5.5 had the first names of these. */
static enum status find_btf(struct types *t, uint64_t *ret, uint64_t *ret_size, struct err *err)
{
	static const char *const names[][2] = {
		{"__start_BTF", "__stop_BTF"},
		{"_binary__btf_vmlinux_bin_start", "_binary__btf_vmlinux_bin_end"},
	};
	uint64_t start, stop;
	enum status st;

	if (!t->symbols)
		return err_set(err, STATUS_ABSENT, "no symbols to find BTF by");
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		if (symbols_find(t->symbols, names[i][0], &start, NULL))
			continue;
		st = symbols_find(t->symbols, names[i][1], &stop, err);
		if (st)
			return st;
		if (stop <= start)
			return err_set(err, STATUS_ABSENT, "the kernel's BTF is empty");
		*ret = start;
		*ret_size = stop - start;
		return STATUS_FOUND;
	}
	return err_set(err, STATUS_ABSENT, "this kernel was built without BTF");
}

enum status types_open(struct types **ret, struct core *core, struct symbols *symbols,
		       struct err *err)
{
	struct types *t = calloc(1, sizeof(*t));
	struct err why = {""};
	uint64_t addr = 0, size = 0;
	enum status st;

	if (!t)
		return err_set(err, STATUS_BROKEN, "out of memory");
	t->core = core;
	t->symbols = symbols;
	st = find_btf(t, &addr, &size, &why);
	if (!st)
		st = btf_open(&t->btf, core, addr, size, NULL, 1, 0, &why);
	if (st)
		snprintf(t->why_no_btf, sizeof(t->why_no_btf), "%.*s",
			 (int)sizeof(t->why_no_btf) - 1, why.text);
	*ret = t;
	return STATUS_FOUND;
}

void types_close(struct types *types)
{
	if (!types)
		return;
	btf_close(types->btf);
	free(types);
}

const char *types_why_no_btf(const struct types *types)
{
	return types->btf ? NULL : types->why_no_btf;
}

uint32_t types_count(const struct types *types)
{
	return types->btf ? btf_end(types->btf) : 0;
}

/* --- one step of a path ------------------------------------------------------------------ */

/* Where the path has come to. */
struct step {
	struct btf_type type; /* resolved */
	uint32_t id;
	uint64_t bits;
	unsigned bit_size;
};

static enum status type_named(struct types *t, const char *name, struct step *ret,
			      struct err *err)
{
	enum status st = btf_find(t->btf, name, AGGREGATES, &ret->type, NULL);

	/* Only a type without a struct of its name: `typedef struct {...} atomic_t`. */
	if (st)
		st = btf_find(t->btf, name, 1 << BTF_TYPEDEF | ENUMS, &ret->type, err);
	if (st)
		return st;
	ret->id = ret->type.id;
	ret->bits = 0;
	ret->bit_size = 0;
	return btf_resolve(t->btf, ret->id, &ret->type, err);
}

static enum status into_member(struct types *t, struct step *step, const char *name,
			       struct err *err)
{
	struct btf_member member;
	enum status st = btf_member(t->btf, &step->type, name, &member, err);

	if (st)
		return st;
	step->bits += member.bits;
	step->bit_size = member.bit_size;
	step->id = member.type;
	return btf_resolve(t->btf, step->id, &step->type, err);
}

static enum status into_element(struct types *t, struct step *step, uint64_t index,
				struct err *err)
{
	uint32_t element, count;
	uint64_t size;
	enum status st;

	if (step->type.kind != BTF_ARRAY)
		return err_set(err, STATUS_ABSENT, "no array");
	st = btf_array(t->btf, &step->type, &element, &count, err);
	if (!st)
		st = btf_size(t->btf, element, &size, err);
	if (st)
		return st;
	if (index >= count)
		return err_set(err, STATUS_ABSENT, "an array of %" PRIu32 " elements", count);
	if (size > BTF_MAX_BYTES)
		return err_set(err, STATUS_BROKEN, "elements of %" PRIu64 " bytes", size);
	step->bits += index * size * 8;
	step->id = element;
	return btf_resolve(t->btf, element, &step->type, err);
}

/* --- the whole path ---------------------------------------------------------------------- */

static bool take_name(struct cursor *c, char *buf, size_t cap)
{
	struct slice name;

	if (!cursor_until(c, ".[", &name) || name.n >= cap)
		return false;
	memcpy(buf, name.p, name.n);
	buf[name.n] = '\0';
	return true;
}

static enum status follow(struct types *t, const char *path, struct step *ret, struct err *err)
{
	struct cursor c = cursor_of(slice_of(path));
	char name[BTF_MAX_NAME];
	uint64_t index;
	enum status st;

	if (!take_name(&c, name, sizeof(name)))
		return err_set(err, STATUS_BROKEN, "a bad path");
	st = type_named(t, name, ret, err);
	while (!st && !cursor_at_end(&c)) {
		if (cursor_char(&c, '.') && take_name(&c, name, sizeof(name)))
			st = into_member(t, ret, name, err);
		else if (cursor_char(&c, '[') && cursor_dec(&c, &index) && cursor_char(&c, ']'))
			st = into_element(t, ret, index, err);
		else
			return err_set(err, STATUS_BROKEN, "a bad path");
	}
	return st;
}

static enum status describe(struct types *t, const struct step *step, struct member *ret,
			    struct err *err)
{
	struct member m = {
		.offset = step->bits / 8,
		.bit_size = step->bit_size,
		.bit_offset = step->bit_size ? step->bits % 8 : 0,
		.is_pointer = step->type.kind == BTF_PTR,
	};
	uint32_t element, count;
	enum status st = btf_size(t->btf, step->id, &m.size, err);

	if (!st)
		st = btf_is_signed(t->btf, &step->type, &m.is_signed, err);
	if (!st && step->type.kind == BTF_ARRAY) {
		st = btf_array(t->btf, &step->type, &element, &count, err);
		if (!st)
			st = btf_size(t->btf, element, &m.stride, err);
		m.count = count;
	}
	if (!st)
		*ret = m;
	return st;
}

static enum status member_without_btf(struct types *t, const char *path, struct member *ret,
				      struct err *err)
{
	struct slice release = {0};
	uint64_t offset;

	(void)core_info_line(t->core, "OSRELEASE", &release, NULL); /* else no version is new enough */
	if (types_table_member(path, core_arch(t->core), core_is_64bit(t->core), release, ret))
		return STATUS_FOUND;
	if (!core_offset(t->core, path, &offset, NULL)) {
		*ret = (struct member){.offset = offset}; /* of unknown size */
		return STATUS_FOUND;
	}
	return err_set(err, STATUS_ABSENT, "not known: %s", t->why_no_btf);
}

enum status types_member(struct types *types, const char *path, struct member *ret,
			 struct err *err)
{
	struct step step;
	enum status st;

	if (!types->btf) {
		st = member_without_btf(types, path, ret, err);
	} else {
		st = follow(types, path, &step, err);
		if (!st)
			st = describe(types, &step, ret, err);
	}
	return st ? err_add(err, st, "%s", path) : STATUS_FOUND;
}

enum status types_offset(struct types *types, const char *path, uint64_t *ret, struct err *err)
{
	struct member member;
	enum status st = types_member(types, path, &member, err);

	if (!st)
		*ret = member.offset;
	return st;
}

enum status types_size(struct types *types, const char *name, uint64_t *ret, struct err *err)
{
	struct member member = {0};
	enum status st;

	if (!types->btf && !core_size(types->core, name, ret, NULL))
		return STATUS_FOUND;
	st = types_member(types, name, &member, err);
	if (st)
		return st;
	if (!member.size)
		return err_set(err, STATUS_ABSENT, "%s: no size", name);
	*ret = member.size;
	return STATUS_FOUND;
}

enum status types_enum(struct types *types, const char *name, const char *value, int64_t *ret,
		       struct err *err)
{
	struct btf_type type;
	enum status st;

	if (!types->btf)
		st = err_set(err, STATUS_ABSENT, "not known: %s", types->why_no_btf);
	else
		st = btf_find(types->btf, name, ENUMS, &type, err);
	if (!st)
		st = btf_enum(types->btf, &type, value, ret, err);
	return st ? err_add(err, st, "enum %s, %s", name, value) : STATUS_FOUND;
}

enum status types_percpu(struct types *types, const char *variable, char name[TYPE_NAME],
			 struct member *ret, struct err *err)
{
	struct btf_type section;
	struct step step = {0};
	enum status st;

	if (!types->btf)
		return err_set(err, STATUS_ABSENT, "%s: %s", variable, types->why_no_btf);
	st = btf_find(types->btf, ".data..percpu", 1 << BTF_DATASEC, &section, err);
	if (!st)
		st = btf_variable(types->btf, &section, variable, &step.id, err);
	if (!st)
		st = btf_resolve(types->btf, step.id, &step.type, err);
	if (!st)
		st = btf_name(types->btf, &step.type, name, TYPE_NAME, err);
	if (!st)
		st = describe(types, &step, ret, err);
	return st ? err_add(err, st, "type of %s", variable) : STATUS_FOUND;
}

enum status types_member_of(struct types *types, const char *const *paths, struct member *ret,
			    unsigned *ret_which, struct err *err)
{
	enum status st = STATUS_ABSENT;

	for (unsigned i = 0; paths[i]; i++) {
		st = types_member(types, paths[i], ret, err);
		if (st != STATUS_ABSENT) {
			if (!st && ret_which)
				*ret_which = i;
			return st;
		}
	}
	return st;
}

/* --- reading ----------------------------------------------------------------------------- */

static uint64_t extend(uint64_t value, unsigned bits, bool is_signed)
{
	if (bits < 64) {
		value &= (UINT64_C(1) << bits) - 1;
		if (is_signed && value >> (bits - 1))
			value |= ~UINT64_C(0) << bits;
	}
	return value;
}

/* Big-endian machines count bits from the top of the first byte. */
static enum status read_bits(struct core *core, uint64_t addr, const struct member *m,
			     uint64_t *ret, struct err *err)
{
	unsigned char bytes[8] = {0};
	unsigned used = m->bit_offset + m->bit_size, len = (used + 7) / 8;
	uint64_t value;
	enum status st;

	if (m->bit_offset > 7 || used > 64)
		return err_set(err, STATUS_BROKEN, "a bitfield of %u bits", m->bit_size);
	st = core_read_virt(core, addr, bytes, len, err);
	if (st)
		return st;
	value = core_uint(core, bytes, 8);
	value = core_is_big_endian(core) ? value >> (64 - used) : value >> m->bit_offset;
	*ret = extend(value, m->bit_size, m->is_signed);
	return STATUS_FOUND;
}

enum status types_read(struct core *core, uint64_t base, const struct member *member,
		       uint64_t *ret, struct err *err)
{
	uint64_t value, size = member->size;
	enum status st;

	if (member->bit_size)
		return read_bits(core, base + member->offset, member, ret, err);
	if (size != 1 && size != 2 && size != 4 && size != 8)
		return err_set(err, STATUS_BROKEN, "a number of %" PRIu64 " bytes", size);
	st = core_read_uint(core, base + member->offset, (unsigned)size, &value, err);
	if (!st)
		*ret = extend(value, (unsigned)size * 8, member->is_signed);
	return st;
}

enum status types_read_path(struct types *types, uint64_t base, const char *path, uint64_t *ret,
			    struct err *err)
{
	struct member member;
	enum status st = types_member(types, path, &member, err);

	if (st)
		return st;
	st = types_read(types->core, base, &member, ret, err);
	return st ? err_add(err, st, "%s", path) : STATUS_FOUND;
}

/* --- a module's types -------------------------------------------------------------------- */

/* struct btf of the module, by the list btf_modules. */
static enum status find_module_btf(struct types *t, const char *module, uint64_t *ret,
				   struct err *err)
{
	uint64_t head, node, list, btf_at, name_at, btf;
	char name[SYMBOL_MODULE_NAME];
	enum status st = symbols_find(t->symbols, "btf_modules", &head, err);

	if (!st)
		st = types_offset(t, "btf_module.list", &list, err);
	if (!st)
		st = types_offset(t, "btf_module.btf", &btf_at, err);
	if (!st)
		st = types_offset(t, "btf.name", &name_at, err);
	if (!st)
		st = core_read_ptr(t->core, head, &node, err);
	for (unsigned i = 0; !st && node != head && i < MAX_MODULES; i++) {
		st = core_read_ptr(t->core, node - list + btf_at, &btf, err);
		if (!st)
			st = core_read_str(t->core, btf + name_at, name, sizeof(name), err);
		if (!st && !strcmp(name, module)) {
			*ret = btf;
			return STATUS_FOUND;
		}
		if (!st)
			st = core_read_ptr(t->core, node, &node, err);
	}
	return st ? st : err_set(err, STATUS_ABSENT, "it has none");
}

static enum status open_module_btf(struct types *m, struct types *t, uint64_t btf,
				   struct err *err)
{
	uint64_t data, size, first_id, first_string;
	enum status st = types_read_path(t, btf, "btf.data", &data, err);

	if (!st)
		st = types_read_path(t, btf, "btf.data_size", &size, err);
	if (!st)
		st = types_read_path(t, btf, "btf.start_id", &first_id, err);
	if (!st)
		st = types_read_path(t, btf, "btf.start_str_off", &first_string, err);
	if (st)
		return st;
	if (first_id != btf_end(t->btf))
		return err_set(err, STATUS_BROKEN, "its ids begin at %" PRIu64 ", the kernel's end at %"
			       PRIu32, first_id, btf_end(t->btf));
	return btf_open(&m->btf, t->core, data, size, t->btf, (uint32_t)first_id,
			(uint32_t)first_string, err);
}

enum status types_open_module(struct types **ret, struct types *types, const char *module,
			      struct err *err)
{
	struct types *m;
	uint64_t btf = 0;
	enum status st;

	if (!types->btf)
		return err_set(err, STATUS_ABSENT, "types of %s: %s", module, types->why_no_btf);
	st = find_module_btf(types, module, &btf, err);
	if (st)
		return err_add(err, st, "types of %s", module);
	m = calloc(1, sizeof(*m));
	if (!m)
		return err_set(err, STATUS_BROKEN, "out of memory");
	m->core = types->core;
	m->symbols = types->symbols;
	st = open_module_btf(m, types, btf, err);
	if (st) {
		types_close(m);
		return err_add(err, st, "types of %s", module);
	}
	*ret = m;
	return STATUS_FOUND;
}
