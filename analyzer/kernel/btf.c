// SPDX-License-Identifier: GPL-2.0-or-later
//
// BTF: the kernel's types, in its read-only data since v5.4 (__start_BTF). After a header,
//
//	u16 magic 0xeb9f, u8 version, u8 flags, u32 header length,
//	u32 types: offset (from the header's end), length, u32 strings: offset, length
//
// come the types, numbered from 1 (0 is void), each 12 bytes and what its kind adds:
//
//	u32 name	offset in the strings; 0: none
//	u32 info	entries in bits 0-23, kind in bits 24-30, a flag in bit 31
//	u32 size	or, of pointers, typedefs, const..., the type it is made of
//
// v7.2 widened both numbers in info; the bits were 0 before. A struct is followed by its members
//
//	u32 name, u32 type, u32 offset in bits	(with the flag: 8 bits bitfield size, 24 bits offset)
//
// Example, struct list_head {next, prev}, whose id is 77: name "list_head", info 0x04000002,
// size 16; "next", 78, 0; "prev", 78, 64; and type 78: name 0, info 0x02000000 (PTR), type 77.
//
// Types have no index: to find the n-th, all before must be passed over. So one pass notes where
// every 64th is, and the names of those that are asked for by name; a second, over the strings in
// order, turns these into hashes. A module's BTF goes on with the ids and strings of the kernel's.
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "kernel/btf.h"
#include "kernel/window.h"

enum {
	MAGIC = 0xeb9f,
	HEADER = 24, /* bytes of it that we know */
	TYPE = 12,
	STEP = 64,
	PASS_WINDOW = 16 << 10,
	WINDOW = 4 << 10,
	MAX_CHAIN = 32,	    /* typedef of const of typedef...; arrays of arrays */
	MAX_ANONYMOUS = 16, /* nesting */
	MAX_STEPS = 1 << 16, /* members looked at for one name */
};

struct btf {
	struct core *core;
	struct btf *base;
	uint32_t first_id, end_id, first_string;
	uint64_t strings;	/* address */
	uint32_t strings_len;
	uint32_t *mark;		/* offset of type first_id + i * STEP */
	uint32_t marks;
	struct named {
		uint32_t id;
		uint32_t name; /* while it is opened: offset of the name; then its hash */
	} *named;
	uint32_t named_count, named_cap;
	uint32_t steps;
	struct window types;
	unsigned char buf[WINDOW];
};

/* --- one type ---------------------------------------------------------------------------- */

/* What follows a type: fixed bytes, and bytes per entry. */
static const struct {
	uint8_t fixed, entry;
} tail[BTF_KINDS] = {
	[BTF_INT] = {4, 0},	   [BTF_ARRAY] = {12, 0},    [BTF_STRUCT] = {0, 12},
	[BTF_UNION] = {0, 12},	   [BTF_ENUM] = {0, 8},	     [BTF_FUNC_PROTO] = {0, 8},
	[BTF_VAR] = {4, 0},	   [BTF_DATASEC] = {0, 12},  [BTF_DECL_TAG] = {4, 0},
	[BTF_ENUM64] = {0, 12},
};

static uint32_t u32_of(const struct btf *btf, const unsigned char *p)
{
	return (uint32_t)core_uint(btf->core, p, 4);
}

/* The type at offset at; *ret_next is where the next one begins. */
static enum status read_type(struct btf *btf, struct window *w, uint32_t id, uint32_t at,
			     struct btf_type *ret, uint32_t *ret_next, struct err *err)
{
	const unsigned char *p;
	uint64_t next;
	uint32_t info;
	enum status st = window_read(w, at, TYPE, &p, err);

	if (st)
		return err_add(err, st, "type %" PRIu32, id);
	info = u32_of(btf, p + 4);
	*ret = (struct btf_type){
		.id = id,
		.name = u32_of(btf, p),
		.kind = (info >> 24) & 0x7f,
		.kind_flag = info >> 31,
		.vlen = info & 0xffffff,
		.size = u32_of(btf, p + 8),
		.at = at + TYPE,
		.of = btf,
	};
	if (ret->kind == BTF_VOID || ret->kind >= BTF_KINDS)
		return err_set(err, STATUS_BROKEN, "type %" PRIu32 " is of unknown kind %u", id,
			       ret->kind);
	next = (uint64_t)ret->at + tail[ret->kind].fixed +
	       (uint64_t)tail[ret->kind].entry * ret->vlen;
	if (next > w->size)
		return err_set(err, STATUS_BROKEN, "type %" PRIu32 " does not end in the section", id);
	*ret_next = (uint32_t)next;
	return STATUS_FOUND;
}

/* Which section a type is in: its window is not const, so not from type->of. */
static struct btf *section_of(struct btf *btf, const struct btf_type *type)
{
	return btf->base && type->of == btf->base ? btf->base : btf;
}

enum status btf_type(struct btf *btf, uint32_t id, struct btf_type *ret, struct err *err)
{
	uint32_t index, at, next;
	enum status st = STATUS_FOUND;

	if (!id) {
		*ret = (struct btf_type){.of = btf};
		return STATUS_FOUND;
	}
	if (btf->base && id < btf->first_id)
		return btf_type(btf->base, id, ret, err);
	if (id < btf->first_id || id >= btf->end_id)
		return err_set(err, STATUS_BROKEN, "there is no type %" PRIu32, id);
	index = id - btf->first_id;
	next = btf->mark[index / STEP];
	for (uint32_t i = index - index % STEP; !st && i <= index; i++) {
		at = next;
		st = read_type(btf, &btf->types, btf->first_id + i, at, ret, &next, err);
	}
	return st;
}

enum status btf_resolve(struct btf *btf, uint32_t id, struct btf_type *ret, struct err *err)
{
	for (unsigned i = 0; i < MAX_CHAIN; i++) {
		enum status st = btf_type(btf, id, ret, err);

		if (st)
			return st;
		switch (ret->kind) {
		case BTF_TYPEDEF:
		case BTF_VOLATILE:
		case BTF_CONST:
		case BTF_RESTRICT:
		case BTF_TYPE_TAG:
			id = ret->size;
			break;
		default:
			return STATUS_FOUND;
		}
	}
	return err_set(err, STATUS_BROKEN, "type %" PRIu32 " does not end", id);
}

/* Bytes that follow a type, at offset from their start. */
static enum status read_tail(struct btf *btf, const struct btf_type *type, uint64_t offset,
			     uint32_t len, const unsigned char **ret, struct err *err)
{
	enum status st = window_read(&section_of(btf, type)->types, type->at + offset, len, ret,
				     err);

	return st ? err_add(err, st, "type %" PRIu32, type->id) : STATUS_FOUND;
}

/* --- strings ----------------------------------------------------------------------------- */

static const struct btf *holder_of(const struct btf *btf, uint32_t *name)
{
	if (btf->base && *name < btf->first_string)
		return btf->base;
	*name -= btf->first_string;
	return btf;
}

static enum status is_name(struct btf *btf, uint32_t name, const char *text, bool *ret,
			   struct err *err)
{
	char buf[BTF_MAX_NAME];
	size_t len = strlen(text) + 1;
	const struct btf *in = holder_of(btf, &name);
	enum status st;

	*ret = false;
	if (len > sizeof(buf) || name >= in->strings_len || len > in->strings_len - name)
		return STATUS_FOUND;
	st = core_read_virt(btf->core, in->strings + name, buf, len, err);
	if (!st)
		*ret = !memcmp(buf, text, len);
	return st ? err_add(err, st, "a name") : STATUS_FOUND;
}

enum status btf_name(struct btf *btf, const struct btf_type *type, char *buf, size_t cap,
		     struct err *err)
{
	uint32_t name = type->name;
	const struct btf *in = holder_of(btf, &name);

	buf[0] = '\0';
	if (name >= in->strings_len)
		return type->kind == BTF_VOID ? STATUS_FOUND
					      : err_set(err, STATUS_BROKEN, "a name out of bounds");
	return core_read_str(btf->core, in->strings + name, buf, cap, err);
}

static uint32_t hash_of(const unsigned char *text, size_t len)
{
	uint32_t h = 2166136261u; /* FNV-1a */

	while (len--)
		h = (h ^ *text++) * 16777619u;
	return h;
}

/* --- opening ----------------------------------------------------------------------------- */

enum { NAMED_KINDS = 1 << BTF_STRUCT | 1 << BTF_UNION | 1 << BTF_ENUM | 1 << BTF_ENUM64 |
		     1 << BTF_TYPEDEF | 1 << BTF_DATASEC };

static enum status note_name(struct btf *btf, const struct btf_type *type, struct err *err)
{
	if (!(NAMED_KINDS & 1u << type->kind) || !type->name)
		return STATUS_FOUND;
	if (btf->named_count == btf->named_cap) {
		uint32_t cap = btf->named_cap ? 2 * btf->named_cap : 1024;
		struct named *more;

		if (cap > BTF_MAX_NAMED)
			return err_set(err, STATUS_BROKEN, "more than %u named types", BTF_MAX_NAMED);
		more = realloc(btf->named, cap * sizeof(*more));
		if (!more)
			return err_set(err, STATUS_BROKEN, "out of memory");
		btf->named = more;
		btf->named_cap = cap;
	}
	btf->named[btf->named_count++] = (struct named){type->id, type->name};
	return STATUS_FOUND;
}

static enum status note_mark(struct btf *btf, uint32_t at, struct err *err)
{
	enum { BLOCK = 256 };
	uint32_t *more;

	if ((btf->end_id - btf->first_id) % STEP)
		return STATUS_FOUND;
	if (btf->marks % BLOCK == 0) {
		more = realloc(btf->mark, (btf->marks + BLOCK) * sizeof(*more));
		if (!more)
			return err_set(err, STATUS_BROKEN, "out of memory");
		btf->mark = more;
	}
	btf->mark[btf->marks++] = at;
	return STATUS_FOUND;
}

static enum status pass_types(struct btf *btf, struct window *w, struct err *err)
{
	struct btf_type type;
	uint32_t at = 0;

	btf->end_id = btf->first_id;
	while (at < w->size) {
		enum status st = note_mark(btf, at, err);

		if (!st)
			st = read_type(btf, w, btf->end_id, at, &type, &at, err);
		if (!st)
			st = note_name(btf, &type, err);
		if (!st && btf->end_id - btf->first_id == BTF_MAX_TYPES)
			st = err_set(err, STATUS_BROKEN, "more than %u types", BTF_MAX_TYPES);
		if (st)
			return st;
		btf->end_id++;
	}
	return STATUS_FOUND;
}

static int by_name(const void *a, const void *b)
{
	uint32_t x = ((const struct named *)a)->name, y = ((const struct named *)b)->name;

	return x < y ? -1 : x > y;
}

/* A name among the module's own strings, which are read in order, or among the kernel's. */
static uint32_t hash_at(struct btf *btf, struct window *w, uint32_t name)
{
	char text[BTF_MAX_NAME] = "";
	const unsigned char *p = (const unsigned char *)text, *nul;
	const struct btf *in = holder_of(btf, &name);
	uint32_t left = name < in->strings_len ? in->strings_len - name : 0;
	uint32_t len = left < BTF_MAX_NAME ? left : BTF_MAX_NAME;

	if (in == btf)
		(void)window_read(w, name, len, &p, NULL); /* else "": found by no search */
	else
		(void)core_read_str(btf->core, in->strings + name, text, len ? len : 1, NULL);
	nul = len ? memchr(p, '\0', len) : NULL;
	return nul ? hash_of(p, (size_t)(nul - p)) : 0;
}

static void pass_names(struct btf *btf, struct window *w)
{
	if (btf->named_count)
		qsort(btf->named, btf->named_count, sizeof(*btf->named), by_name);
	for (uint32_t i = 0; i < btf->named_count; i++)
		btf->named[i].name = hash_at(btf, w, btf->named[i].name);
}

static enum status pass(struct btf *btf, struct err *err)
{
	unsigned char *buf = malloc(PASS_WINDOW);
	struct window w;
	enum status st;

	if (!buf)
		return err_set(err, STATUS_BROKEN, "out of memory");
	window_init(&w, btf->core, btf->types.base, btf->types.size, buf, PASS_WINDOW);
	st = pass_types(btf, &w, err);
	window_init(&w, btf->core, btf->strings, btf->strings_len, buf, PASS_WINDOW);
	if (!st)
		pass_names(btf, &w);
	free(buf);
	return st;
}

static enum status read_header(struct btf *btf, uint64_t addr, uint64_t size, struct err *err)
{
	unsigned char head[HEADER];
	uint64_t header, types, types_len, strings, strings_len;
	enum status st;

	if (size < HEADER || size > BTF_MAX_BYTES)
		return err_set(err, STATUS_BROKEN, "%" PRIu64 " bytes of BTF", size);
	st = core_read_virt(btf->core, addr, head, sizeof(head), err);
	if (st)
		return err_add(err, st, "its header");
	if (core_uint(btf->core, head, 2) != MAGIC || head[2] != 1)
		return err_set(err, STATUS_BROKEN, "no BTF header of version 1 at %#" PRIx64, addr);
	header = u32_of(btf, head + 4);
	types = header + u32_of(btf, head + 8);
	types_len = u32_of(btf, head + 12);
	strings = header + u32_of(btf, head + 16);
	strings_len = u32_of(btf, head + 20);
	if (header < HEADER || types > size || types_len > size - types || strings > size ||
	    strings_len > size - strings)
		return err_set(err, STATUS_BROKEN, "parts that pass the end of its %" PRIu64 " bytes",
			       size);
	window_init(&btf->types, btf->core, addr + types, types_len, btf->buf, sizeof(btf->buf));
	btf->strings = addr + strings;
	btf->strings_len = (uint32_t)strings_len;
	return STATUS_FOUND;
}

enum status btf_open(struct btf **ret, struct core *core, uint64_t addr, uint64_t size,
		     struct btf *base, uint32_t first_id, uint32_t first_string, struct err *err)
{
	struct btf *btf = calloc(1, sizeof(*btf));
	enum status st;

	if (!btf)
		return err_set(err, STATUS_BROKEN, "out of memory");
	btf->core = core;
	btf->base = base;
	btf->first_id = first_id;
	btf->first_string = first_string;
	st = read_header(btf, addr, size, err);
	if (!st)
		st = pass(btf, err);
	if (st) {
		btf_close(btf);
		return err_add(err, st, "BTF");
	}
	log_debug("BTF: %" PRIu32 " types, %" PRIu32 " named", btf->end_id - btf->first_id,
		  btf->named_count);
	*ret = btf;
	return STATUS_FOUND;
}

void btf_close(struct btf *btf)
{
	if (!btf)
		return;
	free(btf->mark);
	free(btf->named);
	free(btf);
}

uint32_t btf_end(const struct btf *btf)
{
	return btf->end_id;
}

/* --- by name ----------------------------------------------------------------------------- */

static enum status is_wanted(struct btf *btf, uint32_t id, const char *name, uint32_t kinds,
			     struct btf_type *ret, bool *ret_is, struct err *err)
{
	enum status st = btf_type(btf, id, ret, err);

	*ret_is = false;
	if (st || !(kinds & 1u << ret->kind))
		return st;
	return is_name(btf, ret->name, name, ret_is, err);
}

static enum status find_here(struct btf *btf, const char *name, uint32_t kinds,
			     struct btf_type *ret, bool *ret_found, struct err *err)
{
	uint32_t hash = hash_of((const unsigned char *)name, strlen(name));
	struct btf_type type;
	bool is;

	*ret_found = false;
	for (uint32_t i = 0; i < btf->named_count; i++) {
		const struct named *named = &btf->named[i];
		enum status st;

		if (named->name != hash || (*ret_found && named->id > ret->id && ret->size))
			continue;
		st = is_wanted(btf, named->id, name, kinds, &type, &is, err);
		if (st)
			return st;
		if (!is || (*ret_found && ret->size && !type.size))
			continue;
		*ret = type;
		*ret_found = true;
	}
	return STATUS_FOUND;
}

enum status btf_find(struct btf *btf, const char *name, uint32_t kinds, struct btf_type *ret,
		     struct err *err)
{
	bool found;

	for (struct btf *in = btf; in; in = in->base) {
		enum status st = find_here(in, name, kinds, ret, &found, err);

		if (st || found)
			return st;
	}
	return err_set(err, STATUS_ABSENT, "this kernel has no type %s", name);
}

/* --- members ----------------------------------------------------------------------------- */

struct entry {
	uint32_t name, type, offset;
};

static enum status read_entry(struct btf *btf, const struct btf_type *type, uint32_t i,
			      struct entry *ret, struct err *err)
{
	const unsigned char *p;
	enum status st = read_tail(btf, type, 12ull * i, 12, &p, err);

	if (!st)
		*ret = (struct entry){u32_of(btf, p), u32_of(btf, p + 4), u32_of(btf, p + 8)};
	return st;
}

static enum status find_member(struct btf *btf, const struct btf_type *type, const char *name,
			       uint64_t bits, unsigned depth, struct btf_member *ret,
			       bool *ret_found, struct err *err);

/* An unnamed struct in a struct: its members are the outer one's. */
static enum status find_in_anonymous(struct btf *btf, const struct entry *e, const char *name,
				     uint64_t bits, unsigned depth, struct btf_member *ret,
				     bool *ret_found, struct err *err)
{
	struct btf_type inner;
	enum status st;

	if (depth == MAX_ANONYMOUS)
		return err_set(err, STATUS_BROKEN, "anonymous structs without end");
	st = btf_resolve(btf, e->type, &inner, err);
	if (st || (inner.kind != BTF_STRUCT && inner.kind != BTF_UNION))
		return st;
	return find_member(btf, &inner, name, bits, depth + 1, ret, ret_found, err);
}

static enum status find_member(struct btf *btf, const struct btf_type *type, const char *name,
			       uint64_t bits, unsigned depth, struct btf_member *ret,
			       bool *ret_found, struct err *err)
{
	for (uint32_t i = 0; i < type->vlen && !*ret_found; i++) {
		struct entry e;
		uint64_t at;
		enum status st = read_entry(btf, type, i, &e, err);

		if (!st && ++btf->steps > MAX_STEPS)
			st = err_set(err, STATUS_BROKEN, "a struct of too many members");
		if (st)
			return st;
		at = bits + (type->kind_flag ? e.offset & 0xffffff : e.offset);
		if (!e.name)
			st = find_in_anonymous(btf, &e, name, at, depth, ret, ret_found, err);
		else
			st = is_name(btf, e.name, name, ret_found, err);
		if (st)
			return st;
		if (e.name && *ret_found)
			*ret = (struct btf_member){e.type, at, type->kind_flag ? e.offset >> 24 : 0};
	}
	return STATUS_FOUND;
}

enum status btf_member(struct btf *btf, const struct btf_type *type, const char *name,
		       struct btf_member *ret, struct err *err)
{
	bool found = false;
	enum status st;

	if (type->kind != BTF_STRUCT && type->kind != BTF_UNION)
		return err_set(err, STATUS_ABSENT, "no struct that could have a member %s", name);
	btf->steps = 0;
	st = find_member(btf, type, name, 0, 0, ret, &found, err);
	if (!st && !found)
		st = err_set(err, STATUS_ABSENT, "this kernel has no member %s there", name);
	return st;
}

/* --- what types are ---------------------------------------------------------------------- */

enum status btf_array(struct btf *btf, const struct btf_type *type, uint32_t *ret_type,
		      uint32_t *ret_count, struct err *err)
{
	const unsigned char *p;
	enum status st = read_tail(btf, type, 0, 12, &p, err);

	if (st)
		return st;
	*ret_type = u32_of(btf, p);
	*ret_count = u32_of(btf, p + 8);
	return STATUS_FOUND;
}

enum status btf_size(struct btf *btf, uint32_t id, uint64_t *ret, struct err *err)
{
	uint64_t times = 1;

	for (unsigned i = 0; i < MAX_CHAIN; i++) {
		struct btf_type type;
		uint32_t count;
		enum status st = btf_resolve(btf, id, &type, err);

		if (!st && type.kind == BTF_ARRAY)
			st = btf_array(btf, &type, &id, &count, err);
		if (st)
			return st;
		if (type.kind != BTF_ARRAY) {
			uint64_t size = 0;

			if (type.kind == BTF_PTR)
				size = core_is_64bit(btf->core) ? 8 : 4;
			else if (type.kind != BTF_FUNC && type.kind != BTF_FUNC_PROTO &&
				 type.kind != BTF_FWD && type.kind != BTF_VOID)
				size = type.size;
			if (__builtin_mul_overflow(times, size, ret))
				break;
			return STATUS_FOUND;
		}
		if (__builtin_mul_overflow(times, (uint64_t)count, &times))
			break;
	}
	return err_set(err, STATUS_BROKEN, "type %" PRIu32 " has no size", id);
}

enum status btf_is_signed(struct btf *btf, const struct btf_type *type, bool *ret,
			  struct err *err)
{
	enum { INT_SIGNED = 1 << 24 };
	const unsigned char *p;
	enum status st = STATUS_FOUND;

	*ret = (type->kind == BTF_ENUM || type->kind == BTF_ENUM64) && type->kind_flag;
	if (type->kind == BTF_INT)
		st = read_tail(btf, type, 0, 4, &p, err);
	if (!st && type->kind == BTF_INT)
		*ret = u32_of(btf, p) & INT_SIGNED;
	return st;
}

enum status btf_enum(struct btf *btf, const struct btf_type *type, const char *name,
		     int64_t *ret, struct err *err)
{
	unsigned entry = tail[type->kind].entry;

	if (type->kind != BTF_ENUM && type->kind != BTF_ENUM64)
		return err_set(err, STATUS_ABSENT, "no enum that could have %s", name);
	for (uint32_t i = 0; i < type->vlen && i < MAX_STEPS; i++) {
		const unsigned char *p;
		uint32_t low, high = 0;
		bool is = false;
		enum status st = read_tail(btf, type, (uint64_t)entry * i, entry, &p, err);

		if (st)
			return st;
		low = u32_of(btf, p + 4);
		if (type->kind == BTF_ENUM64)
			high = u32_of(btf, p + 8);
		else if (type->kind_flag && low >> 31)
			high = UINT32_MAX;
		st = is_name(btf, u32_of(btf, p), name, &is, err);
		if (st)
			return st;
		if (is) {
			*ret = (int64_t)((uint64_t)high << 32 | low);
			return STATUS_FOUND;
		}
	}
	return err_set(err, STATUS_ABSENT, "this kernel has no %s", name);
}

enum status btf_variable(struct btf *btf, const struct btf_type *section, const char *name,
			 uint32_t *ret_type, struct err *err)
{
	for (uint32_t i = 0; i < section->vlen && i < MAX_STEPS; i++) {
		struct btf_type variable;
		struct entry e; /* of a section: type, offset, size */
		bool is = false;
		enum status st = read_entry(btf, section, i, &e, err);

		if (!st)
			st = btf_type(btf, e.name, &variable, err);
		if (!st && variable.kind == BTF_VAR)
			st = is_name(btf, variable.name, name, &is, err);
		if (st)
			return st;
		if (is) {
			*ret_type = variable.size;
			return STATUS_FOUND;
		}
	}
	return err_set(err, STATUS_ABSENT, "no variable %s", name);
}
