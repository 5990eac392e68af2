// SPDX-License-Identifier: GPL-2.0-or-later
//
// Types: members by path, bitfields, enums, per-CPU variables, a module's types; kernels without
// BTF; sections that are damaged.
#include <string.h>

#include "dumps/mkbtf.h"
#include "dumps/mkkallsyms.h"
#include "kernel/types.h"
#include "unit/test-kernel.h"
#include "unit/test-rows.h"

#define TEXT MKDUMP_TEXT
#define BTF_AT (TEXT + 0x140010) /* in 6.1 it is not aligned either */
#define MODULE_BTF (TEXT + 0x180000)
#define STRUCT_BTF (TEXT + 0x190000)
#define MODULE_LIST (TEXT + 0x1a0000)
#define OBJECT (TEXT + 0x1b0000)

enum { PTR = 2, TYPEDEF = 8, VOLATILE = 9, CONST = 10, VAR = 14, FILLERS = 300 };

/* ---- a kernel with types ---------------------------------------------------------------- */

static void add_task(struct mkbtf *b, uint32_t s32, uint32_t u64, uint32_t pointer)
{
	const struct mkbtf_member thread[] = {{"sp", u64, 64, 0}, {"es", s32, 128, 0}};
	const struct mkbtf_member deep[] = {{"inside", s32, 32, 0}};
	const struct mkbtf_member choice[] = {
		{"pid", s32, 0, 0},
		{NULL, mkbtf_struct(b, NULL, 8, deep, 1), 0, 0},
	};
	const struct mkbtf_member bits[] = {
		{"first", s32, 0, 3}, {"second", s32, 3, 7}, {"signed_bits", s32, 10, 6},
	};
	uint32_t comm = mkbtf_array(b, mkbtf_int(b, "char", 1, true), 16);
	uint32_t matrix = mkbtf_array(b, mkbtf_array(b, u64, 3), 2);
	const struct mkbtf_member task[] = {
		{"state", mkbtf_ref(b, VOLATILE, NULL, mkbtf_ref(b, CONST, NULL, s32)), 0, 0},
		{NULL, mkbtf_union(b, NULL, 8, choice, 2), 64, 0},
		{"comm", comm, 128, 0},
		{"thread", mkbtf_struct(b, "thread_struct", 24, thread, 2), 256, 0},
		{"mm", pointer, 448, 0},
		{"matrix", matrix, 512, 0},
		{"bits", mkbtf_struct(b, "bits", 4, bits, 3), 896, 0},
	};

	mkbtf_struct(b, "task_struct", 128, task, 7);
}

static void add_enums(struct mkbtf *b)
{
	static const struct mkbtf_value items[] = {{"NR_FREE", 0}, {"NR_SHMEM", 23}};
	static const struct mkbtf_value negative[] = {{"BELOW", -5}};
	static const struct mkbtf_value wide[] = {{"HIGH", INT64_C(0x123456789)}};

	mkbtf_enum(b, "stat_item", 4, false, items, 2);
	mkbtf_enum(b, "negative", 4, true, negative, 1);
	mkbtf_enum(b, "wide", 8, false, wide, 1);
}

/* struct btf, struct btf_module as far as the reader wants them. */
static void add_module_types(struct mkbtf *b, uint32_t u32, uint32_t u64, uint32_t pointer)
{
	uint32_t name = mkbtf_array(b, mkbtf_int(b, "char", 1, true), 56);
	const struct mkbtf_member list[] = {{"next", pointer, 0, 0}, {"prev", pointer, 64, 0}};
	const struct mkbtf_member btf[] = {
		{"data", pointer, 0, 0}, {"data_size", u32, 64, 0}, {"start_id", u32, 96, 0},
		{"start_str_off", u32, 128, 0}, {"name", name, 192, 0},
	};
	const struct mkbtf_member btf_module[] = {
		{"list", mkbtf_struct(b, "list_head", 16, list, 2), 0, 0},
		{"module", u64, 128, 0}, {"btf", pointer, 192, 0},
	};

	mkbtf_struct(b, "btf", 80, btf, 5);
	mkbtf_struct(b, "btf_module", 32, btf_module, 3);
}

/* The ids and strings where a module's go on. */
struct kernel_btf {
	void *bytes;
	size_t size;
	uint32_t next_id, strings;
};

static struct kernel_btf make_btf(bool big_endian)
{
	struct mkbtf *b = mkbtf_new(big_endian, 1, 0);
	uint32_t s32 = mkbtf_int(b, "int", 4, true), u32 = mkbtf_int(b, "unsigned int", 4, false);
	uint32_t u64 = mkbtf_int(b, "unsigned long", 8, false);
	uint32_t pointer = mkbtf_ref(b, PTR, NULL, 0);
	const struct mkbtf_member counter[] = {{"counter", s32, 0, 0}};
	const struct mkbtf_member rq[] = {{"nr_running", u32, 32, 0}, {"curr", pointer, 64, 0}};
	struct kernel_btf ret;
	uint32_t variables[2];

	mkbtf_struct(b, "task_struct", 0, NULL, 0); /* one without a size comes first */
	for (unsigned i = 0; i < FILLERS; i++) {
		char name[32];

		snprintf(name, sizeof(name), "filler_%u", i);
		mkbtf_struct(b, name, 4, counter, 1);
	}
	add_task(b, s32, u64, pointer);
	add_enums(b);
	add_module_types(b, u32, u64, pointer);
	mkbtf_ref(b, TYPEDEF, "atomic_t", mkbtf_struct(b, NULL, 4, counter, 1));
	variables[0] = mkbtf_ref(b, VAR, "current_task", pointer);
	variables[1] = mkbtf_ref(b, VAR, "runqueues", mkbtf_struct(b, "rq", 64, rq, 2));
	mkbtf_section(b, ".data..percpu", variables, 2);
	ret.next_id = mkbtf_next_id(b);
	ret.strings = mkbtf_strings(b);
	ret.bytes = mkbtf_finish(b, &ret.size);
	return ret;
}

static void put_symbols(struct mkdump *d, size_t btf_size)
{
	const struct mkkallsyms_symbol symbols[] = {
		{TEXT, 'T', "_stext"},		       {BTF_AT, 'R', "__start_BTF"},
		{BTF_AT + btf_size, 'R', "__stop_BTF"}, {MODULE_LIST, 'd', "btf_modules"},
		{TEXT + 0x300000, 'B', "_end"},
	};
	const struct mkkallsyms_spec spec = {.addresses = MKKALLSYMS_BASE};
	struct mkkallsyms_places places;

	mkdump_info(d, "SYMBOL(_stext)=%llx", TEXT);
	mkkallsyms(d, TEXT, TEXT + 0x100000, &spec, symbols, ARRAY_SIZE(symbols), &places);
}

/* "kdv" in the list btf_modules, with a struct of its own that has a task in it. */
static void put_module(struct mkdump *d, const struct kernel_btf *kernel)
{
	struct mkbtf *b = mkbtf_new(false, kernel->next_id, kernel->strings);
	const struct mkbtf_member own[] = {{"number", 1, 0, 0}, {"where", 2, 32, 0}};
	uint64_t node = MODULE_LIST + 0x100;
	size_t size;
	void *bytes;

	mkbtf_struct(b, "kdv_device", 8, own, 2);
	bytes = mkbtf_finish(b, &size);
	mkdump_virt(d, MODULE_BTF, bytes, size);
	free(bytes);
	mkdump_uint(d, MODULE_LIST, 8, node);
	mkdump_uint(d, node, 8, MODULE_LIST);
	mkdump_uint(d, node + 24, 8, STRUCT_BTF);
	mkdump_uint(d, STRUCT_BTF, 8, MODULE_BTF);
	mkdump_uint(d, STRUCT_BTF + 8, 4, size);
	mkdump_uint(d, STRUCT_BTF + 12, 4, kernel->next_id);
	mkdump_uint(d, STRUCT_BTF + 16, 4, kernel->strings);
	mkdump_virt(d, STRUCT_BTF + 24, "kdv", 4);
}

struct opened {
	struct mkdump *d;
	struct core *core;
	struct symbols *symbols;
	struct types *types;
	struct err err;
};

static void open_types(struct opened *o)
{
	o->core = open_dump(o->d);
	if (symbols_open(&o->symbols, o->core, NULL, &o->err))
		fail_msg("%s", o->err.text);
	assert_int_equal(types_open(&o->types, o->core, o->symbols, &o->err), STATUS_FOUND);
}

static void close_types(struct opened *o)
{
	types_close(o->types);
	symbols_close(o->symbols);
	core_close(o->core);
	mkdump_free(o->d);
}

static struct mkdump *make_dump(struct kernel_btf *ret)
{
	struct mkdump *d = mkdump_new(MKDUMP_X86_64);

	*ret = make_btf(false);
	put_symbols(d, ret->size);
	mkdump_virt(d, BTF_AT, ret->bytes, ret->size);
	put_module(d, ret);
	free(ret->bytes);
	return d;
}

static int set_up(void **state)
{
	static struct opened o;
	struct kernel_btf kernel;

	o = (struct opened){.d = make_dump(&kernel)};
	mkdump_uint(o.d, OBJECT, 4, 0xfffffffe);	   /* state -2 */
	mkdump_uint(o.d, OBJECT + 8, 4, 4711);		   /* pid */
	mkdump_uint(o.d, OBJECT + 112, 4, 5 | 0x41 << 3 | 0x3e << 10); /* bits */
	open_types(&o);
	*state = &o;
	return 0;
}

static int tear_down(void **state)
{
	close_types(*state);
	return 0;
}

/* ---- members ---------------------------------------------------------------------------- */

static const struct {
	const char *path;
	struct member expected;
} members[] = {
	{"task_struct", {.size = 128}},
	{"task_struct.state", {.offset = 0, .size = 4, .is_signed = true}},
	{"task_struct.pid", {.offset = 8, .size = 4, .is_signed = true}},
	{"task_struct.inside", {.offset = 12, .size = 4, .is_signed = true}},
	{"task_struct.comm", {.offset = 16, .size = 16, .count = 16, .stride = 1}},
	{"task_struct.comm[3]", {.offset = 19, .size = 1, .is_signed = true}},
	{"task_struct.thread.sp", {.offset = 40, .size = 8}},
	{"task_struct.mm", {.offset = 56, .size = 8, .is_pointer = true}},
	{"task_struct.matrix", {.offset = 64, .size = 48, .count = 2, .stride = 24}},
	{"task_struct.matrix[1]", {.offset = 88, .size = 24, .count = 3, .stride = 8}},
	{"task_struct.matrix[1][2]", {.offset = 104, .size = 8}},
	{"task_struct.bits.first", {.offset = 112, .size = 4, .bit_size = 3, .is_signed = true}},
	{"task_struct.bits.signed_bits",
	 {.offset = 113, .size = 4, .bit_size = 6, .bit_offset = 2, .is_signed = true}},
	{"atomic_t.counter", {.offset = 0, .size = 4, .is_signed = true}},
	{"filler_299.counter", {.offset = 0, .size = 4, .is_signed = true}},
};

static void find_members(void **state)
{
	struct opened *o = *state;

	for (size_t i = 0; i < ARRAY_SIZE(members); i++) {
		const struct member *want = &members[i].expected;
		struct member m;

		if (types_member(o->types, members[i].path, &m, &o->err))
			fail_msg("%s", o->err.text);
		if (m.offset != want->offset || m.size != want->size ||
		    m.bit_size != want->bit_size || m.bit_offset != want->bit_offset ||
		    m.count != want->count || m.stride != want->stride ||
		    m.is_signed != want->is_signed || m.is_pointer != want->is_pointer)
			fail_msg("%s: offset %" PRIu64 ", size %" PRIu64 ", bits %u+%u, count %" PRIu64
				 " of %" PRIu64 ", signed %d, pointer %d", members[i].path, m.offset,
				 m.size, m.bit_offset, m.bit_size, m.count, m.stride, m.is_signed,
				 m.is_pointer);
	}
}

static const struct {
	const char *path;
	enum status status;
	const char *why;
} refusals[] = {
	{"no_such_struct", STATUS_ABSENT, "no type no_such_struct"},
	{"no_such_struct.x", STATUS_ABSENT, "no type no_such_struct"},
	{"task_struct.no_such", STATUS_ABSENT, "no member no_such"},
	{"task_struct.mm.pgd", STATUS_ABSENT, "no struct that could have a member pgd"},
	{"task_struct.comm[16]", STATUS_ABSENT, "an array of 16 elements"},
	{"task_struct.pid[0]", STATUS_ABSENT, "no array"},
	{"task_struct.", STATUS_BROKEN, "a bad path"},
	{"task_struct.comm[x]", STATUS_BROKEN, "a bad path"},
	{"", STATUS_BROKEN, "a bad path"},
};

static void refuse_members(void **state)
{
	struct opened *o = *state;

	for (size_t i = 0; i < ARRAY_SIZE(refusals); i++) {
		struct member m;

		assert_int_equal(types_member(o->types, refusals[i].path, &m, &o->err),
				 refusals[i].status);
		if (!strstr(o->err.text, refusals[i].why))
			fail_msg("%s", o->err.text);
	}
}

static void first_of_members(void **state)
{
	static const char *const paths[] = {"task_struct.__state", "task_struct.state", NULL};
	static const char *const none[] = {"task_struct.a", "task_struct.b", NULL};
	struct opened *o = *state;
	struct member m;
	unsigned which;

	assert_int_equal(types_member_of(o->types, paths, &m, &which, &o->err), STATUS_FOUND);
	assert_int_equal(which, 1);
	assert_int_equal(types_member_of(o->types, none, &m, NULL, &o->err), STATUS_ABSENT);
}

static void read_members(void **state)
{
	static const struct {
		const char *path;
		int64_t value;
	} values[] = {
		{"task_struct.state", -2}, {"task_struct.pid", 4711},
		{"task_struct.bits.first", -3}, {"task_struct.bits.second", -0x3f},
		{"task_struct.bits.signed_bits", -2},
	};
	struct opened *o = *state;
	uint64_t value;

	for (size_t i = 0; i < ARRAY_SIZE(values); i++) {
		if (types_read_path(o->types, OBJECT, values[i].path, &value, &o->err))
			fail_msg("%s", o->err.text);
		assert_int_equal((int64_t)value, values[i].value);
	}
	assert_int_equal(types_read_path(o->types, OBJECT, "task_struct.comm", &value, NULL),
			 STATUS_BROKEN);
	assert_int_equal(types_read_path(o->types, 0x10, "task_struct.pid", &value, NULL),
			 STATUS_ABSENT);
}

/* ---- the rest of BTF -------------------------------------------------------------------- */

static void find_values(void **state)
{
	struct opened *o = *state;
	int64_t value;

	assert_int_equal(types_enum(o->types, "stat_item", "NR_SHMEM", &value, NULL), STATUS_FOUND);
	assert_int_equal(value, 23);
	assert_int_equal(types_enum(o->types, "negative", "BELOW", &value, NULL), STATUS_FOUND);
	assert_int_equal(value, -5);
	assert_int_equal(types_enum(o->types, "wide", "HIGH", &value, NULL), STATUS_FOUND);
	assert_true(value == INT64_C(0x123456789));
	assert_int_equal(types_enum(o->types, "stat_item", "BELOW", &value, NULL), STATUS_ABSENT);
	assert_int_equal(types_enum(o->types, "task_struct", "x", &value, NULL), STATUS_ABSENT);
}

static void find_percpu(void **state)
{
	struct opened *o = *state;
	char name[TYPE_NAME];
	struct member m;

	assert_int_equal(types_percpu(o->types, "runqueues", name, &m, NULL), STATUS_FOUND);
	assert_string_equal(name, "rq");
	assert_int_equal(m.size, 64);
	assert_int_equal(types_percpu(o->types, "current_task", name, &m, NULL), STATUS_FOUND);
	assert_string_equal(name, "");
	assert_true(m.is_pointer);
	assert_int_equal(types_percpu(o->types, "rq", name, &m, NULL), STATUS_ABSENT);
}

static void find_module_types(void **state)
{
	struct opened *o = *state;
	struct types *m = NULL;
	struct member member;

	if (types_open_module(&m, o->types, "kdv", &o->err))
		fail_msg("%s", o->err.text);
	assert_int_equal(types_count(m), types_count(o->types) + 1);
	assert_int_equal(types_member(m, "kdv_device.where", &member, NULL), STATUS_FOUND);
	assert_int_equal(member.offset, 4);
	assert_false(member.is_signed);
	assert_int_equal(types_member(m, "task_struct.pid", &member, NULL), STATUS_FOUND);
	assert_int_equal(types_member(o->types, "kdv_device.where", &member, NULL), STATUS_ABSENT);
	types_close(m);
	assert_int_equal(types_open_module(&m, o->types, "other", &o->err), STATUS_ABSENT);
}

/* ---- big-endian, and no BTF ------------------------------------------------------------- */

static void big_endian(void **state)
{
	const uint64_t at = 0xc000000000140000;
	struct opened o = {.d = mkdump_new(MKDUMP_PPC64)};
	struct kernel_btf kernel = make_btf(true);
	const struct mkkallsyms_symbol symbols[] = {
		{0xc000000000100000, 'T', "_stext"}, {at, 'R', "__start_BTF"},
		{at + kernel.size, 'R', "__stop_BTF"},
	};
	const struct mkkallsyms_spec spec = {.addresses = MKKALLSYMS_BASE};
	struct mkkallsyms_places places;
	uint64_t value;

	(void)state;
	mkdump_info(o.d, "SYMBOL(_stext)=c000000000100000");
	mkkallsyms(o.d, symbols[0].addr, 0xc000000000120000, &spec, symbols, 3, &places);
	mkdump_virt(o.d, at, kernel.bytes, kernel.size);
	free(kernel.bytes);
	mkdump_uint(o.d, at + 0x20000, 4, 4711);
	/* From the top: first 3 bits, then 7, then 6. */
	mkdump_uint(o.d, at + 0x20000 + 112, 4, 5u << 29 | 0x41u << 22 | 0x3eu << 16);
	open_types(&o);
	assert_null(types_why_no_btf(o.types));
	assert_int_equal(types_read_path(o.types, at + 0x20000 - 8, "task_struct.pid", &value, NULL),
			 STATUS_FOUND);
	assert_int_equal(value, 4711);
	assert_int_equal(types_read_path(o.types, at + 0x20000, "task_struct.bits.first", &value, NULL),
			 STATUS_FOUND);
	assert_int_equal((int64_t)value, -3);
	assert_int_equal(types_read_path(o.types, at + 0x20000, "task_struct.bits.signed_bits", &value,
					 NULL), STATUS_FOUND);
	assert_int_equal((int64_t)value, -2);
	close_types(&o);
}

static void no_btf(void **state)
{
	struct mkdump *d = mkdump_new(MKDUMP_X86_64);
	struct core *core;
	struct types *t;
	struct member m;
	struct err err = {""};
	uint64_t value;

	(void)state;
	mkdump_info(d, "OFFSET(page.lru)=8");
	mkdump_info(d, "SIZE(page)=64");
	mkdump_uint(d, TEXT, 8, 0);
	core = open_dump(d);
	assert_int_equal(types_open(&t, core, NULL, &err), STATUS_FOUND);
	assert_non_null(types_why_no_btf(t));
	assert_int_equal(types_offset(t, "page.lru", &value, NULL), STATUS_FOUND);
	assert_int_equal(value, 8);
	assert_int_equal(types_size(t, "page", &value, NULL), STATUS_FOUND);
	assert_int_equal(value, 64);
	assert_int_equal(types_member(t, "module.name", &m, NULL), STATUS_FOUND);
	assert_int_equal(m.offset, 24);
	assert_int_equal(m.size, 56);
	assert_int_equal(types_member(t, "task_struct.pid", &m, &err), STATUS_ABSENT);
	assert_non_null(strstr(err.text, "no symbols to find BTF by"));
	types_close(t);
	core_close(core);
	mkdump_free(d);
}

/* ---- damage ----------------------------------------------------------------------------- */

enum { HEADER = 24, NONE = 0 };

static const struct damage {
	const char *name;
	uint32_t offset, value; /* 4 bytes in the section */
	bool drop;		/* the page instead */
	bool opens;		/* with BTF all the same */
} damages[] = {
	{"no magic", 0, 0, false, false},
	{"version 2", 0, 0x0002eb9f, false, false},
	{"header shorter than itself", 4, 8, false, false},
	{"header longer than all", 4, 0x7fffffff, false, false},
	{"types pass the end", 12, 0x7fffffff, false, false},
	{"types begin past the end", 8, UINT32_MAX, false, false},
	{"strings pass the end", 20, UINT32_MAX, false, false},
	{"types end within one", 12, 20, false, false},
	{"no types", 12, 0, false, true},
	{"no strings", 20, 0, false, true},
	{"a kind that there is not", HEADER + 4, 0x7f000000, false, false},
	{"a kind of void", HEADER + 4, 0, false, false},
	{"a struct of 16 million members", HEADER + 4, 0x04ffffff, false, false},
	{"a name out of the strings", HEADER, 0x7fffffff, false, true},
	{"all filtered", 0, 0, true, false},
};

static void read_damaged(void **state)
{
	const struct damage *damage = *state;
	struct kernel_btf kernel;
	struct opened o = {.d = make_dump(&kernel)};
	struct member m;
	uint64_t value;
	int64_t number;

	if (damage->drop)
		mkdump_drop(o.d, mkdump_translate(o.d, BTF_AT) & ~(uint64_t)(MKDUMP_PAGE - 1));
	else
		mkdump_uint(o.d, BTF_AT + damage->offset, 4, damage->value);
	open_types(&o);
	assert_true(damage->opens == !types_why_no_btf(o.types));
	/* Whatever they answer, they come back. */
	(void)types_member(o.types, "task_struct.thread.sp", &m, NULL);
	(void)types_enum(o.types, "stat_item", "NR_SHMEM", &number, NULL);
	if (!damage->opens) {
		assert_int_equal(types_offset(o.types, "task_struct.pid", &value, &o.err),
				 STATUS_ABSENT);
		assert_int_equal(types_offset(o.types, "module.list", &value, NULL), STATUS_FOUND);
	}
	close_types(&o);
}

/* Types that are made of themselves, in every way that this can be. */
static void types_in_circles(void **state)
{
	struct opened o = {.d = mkdump_new(MKDUMP_X86_64)};
	struct mkbtf *b = mkbtf_new(false, 1, 0);
	const struct mkbtf_member twice[] = {{NULL, 3, 0, 0}, {NULL, 3, 0, 0}, {NULL, 4, 0, 0}};
	struct member m;
	uint64_t size;
	void *bytes;
	size_t n;

	(void)state;
	mkbtf_ref(b, TYPEDEF, "self", 1);	  /* 1 */
	mkbtf_array(b, 2, 1000000);		  /* 2 */
	mkbtf_struct(b, NULL, 8, twice, 3);	  /* 3 */
	mkbtf_struct(b, "nest", 8, twice, 2);	  /* 4 */
	mkbtf_ref(b, TYPEDEF, "endless", 2);	  /* 5 */
	mkbtf_ref(b, TYPEDEF, "nowhere", 0x12345); /* 6 */
	bytes = mkbtf_finish(b, &n);
	put_symbols(o.d, n);
	mkdump_virt(o.d, BTF_AT, bytes, n);
	free(bytes);
	open_types(&o);
	assert_null(types_why_no_btf(o.types));
	assert_int_equal(types_size(o.types, "self", &size, NULL), STATUS_BROKEN);
	assert_int_equal(types_size(o.types, "endless", &size, NULL), STATUS_BROKEN);
	assert_int_equal(types_size(o.types, "nowhere", &size, NULL), STATUS_BROKEN);
	assert_int_equal(types_member(o.types, "nest.x", &m, NULL), STATUS_BROKEN);
	close_types(&o);
}

int main(void)
{
	static const struct CMUnitTest others[] = {
		cmocka_unit_test_setup_teardown(find_members, set_up, tear_down),
		cmocka_unit_test_setup_teardown(refuse_members, set_up, tear_down),
		cmocka_unit_test_setup_teardown(first_of_members, set_up, tear_down),
		cmocka_unit_test_setup_teardown(read_members, set_up, tear_down),
		cmocka_unit_test_setup_teardown(find_values, set_up, tear_down),
		cmocka_unit_test_setup_teardown(find_percpu, set_up, tear_down),
		cmocka_unit_test_setup_teardown(find_module_types, set_up, tear_down),
		cmocka_unit_test(big_endian),
		cmocka_unit_test(no_btf),
		cmocka_unit_test(types_in_circles),
	};
	struct CMUnitTest tests[ARRAY_SIZE(damages) + ARRAY_SIZE(others)];
	size_t n = 0;

	for (size_t i = 0; i < ARRAY_SIZE(damages); i++)
		tests[n++] = row_test(damages[i].name, read_damaged, &damages[i]);
	memcpy(&tests[n], others, sizeof(others));
	return cmocka_run_group_tests_name("btf", tests, NULL, NULL);
}
