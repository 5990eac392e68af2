// SPDX-License-Identifier: GPL-2.0-or-later
//
// A made kernel for the tests of its readers: types as a table that becomes BTF, symbols as a
// table that becomes kallsyms. What the variables hold, the test puts into the dump.
#ifndef KDV_TESTS_TEST_IMAGE_H
#define KDV_TESTS_TEST_IMAGE_H

#include <string.h>

#include "kernel/image.h"

#include "dumps/mkbtf.h"
#include "dumps/mkkallsyms.h"
#include "unit/test-kernel.h"

/*
 * Rows of a struct stand together; the last has no member and tells the size. of: "u8", "s8",
 * "s16", "u32", "s32", "u64", "ptr", "char", or a struct from further up. count 0: no array.
 */
struct type_row {
	const char *type, *member, *of;
	unsigned offset, count;
};

/* An enum: its name and up to 15 values, from 0 on. */
struct enum_row {
	const char *name;
	const char *values[16];
};

struct symbol_row {
	uint64_t addr; /* rising */
	const char *name;
};

struct image_spec {
	const struct type_row *types;
	size_t type_count;
	const struct enum_row *enums;
	size_t enum_count;
	const struct symbol_row *symbols;
	size_t symbol_count;
};

/* Code is below IMAGE_ETEXT, variables from IMAGE_DATA up to IMAGE_END, all else anywhere. */
#define IMAGE_ETEXT (MKDUMP_TEXT + 0x80000)
#define IMAGE_BTF   (MKDUMP_TEXT + 0x140000)
#define IMAGE_DATA  (MKDUMP_TEXT + 0x200000)
#define IMAGE_END   (MKDUMP_TEXT + 0x300000)

struct image_names {
	const char *name[64];
	uint32_t id[64];
	size_t count;
};

static inline void image_name(struct image_names *n, const char *name, uint32_t id)
{
	assert_true(n->count < 64);
	n->name[n->count] = name;
	n->id[n->count++] = id;
}

static inline uint32_t image_type(const struct image_names *n, const char *name)
{
	for (size_t i = 0; i < n->count; i++) {
		if (!strcmp(n->name[i], name))
			return n->id[i];
	}
	fail_msg("no type %s", name);
	return 0;
}

static inline void image_basic_types(struct mkbtf *b, struct image_names *n)
{
	struct mkbtf_member list[2] = {{"next", 0, 0, 0}, {"prev", 0, 64, 0}};
	struct mkbtf_member counter[1] = {{"counter", 0, 0, 0}};

	image_name(n, "u8", mkbtf_int(b, "unsigned char", 1, false));
	image_name(n, "s8", mkbtf_int(b, "signed char", 1, true));
	image_name(n, "char", mkbtf_int(b, "char", 1, true));
	image_name(n, "s16", mkbtf_int(b, "short", 2, true));
	image_name(n, "u32", mkbtf_int(b, "unsigned int", 4, false));
	image_name(n, "s32", mkbtf_int(b, "int", 4, true));
	image_name(n, "u64", mkbtf_int(b, "unsigned long", 8, false));
	image_name(n, "ptr", mkbtf_ref(b, 2, NULL, 0));
	list[0].type = list[1].type = image_type(n, "ptr");
	image_name(n, "list_head", mkbtf_struct(b, "list_head", 16, list, 2));
	counter[0].type = image_type(n, "u64");
	image_name(n, "atomic", mkbtf_struct(b, "atomic_long", 8, counter, 1));
}

static inline void image_structs(struct mkbtf *b, struct image_names *n,
				 const struct image_spec *spec)
{
	struct mkbtf_member members[32];
	size_t count = 0;

	for (size_t i = 0; i < spec->type_count; i++) {
		const struct type_row *row = &spec->types[i];
		uint32_t type;

		if (!row->member) {
			image_name(n, row->type,
				   mkbtf_struct(b, row->type, row->offset, members, count));
			count = 0;
			continue;
		}
		type = image_type(n, row->of);
		if (row->count)
			type = mkbtf_array(b, type, row->count);
		assert_true(count < 32);
		members[count++] = (struct mkbtf_member){row->member, type, row->offset * 8, 0};
	}
}

static inline void image_enums(struct mkbtf *b, const struct image_spec *spec)
{
	for (size_t i = 0; i < spec->enum_count; i++) {
		struct mkbtf_value values[16];
		size_t count = 0;

		for (; count < 16 && spec->enums[i].values[count]; count++)
			values[count] = (struct mkbtf_value){spec->enums[i].values[count],
							     (int64_t)count};
		mkbtf_enum(b, spec->enums[i].name, 4, false, values, count);
	}
}

static inline void image_put(struct mkdump *d, const struct image_spec *spec)
{
	const struct mkkallsyms_spec kallsyms = {.addresses = MKKALLSYMS_BASE};
	struct mkkallsyms_symbol symbols[64] = {{MKDUMP_TEXT, 'T', "_stext"}};
	struct mkkallsyms_places places;
	struct image_names names = {.count = 0};
	struct mkbtf *b = mkbtf_new(false, 1, 0);
	size_t size, n = 1, i = 0;
	void *btf;

	image_basic_types(b, &names);
	image_structs(b, &names, spec);
	image_enums(b, spec);
	btf = mkbtf_finish(b, &size);
	mkdump_virt(d, IMAGE_BTF, btf, size);
	free(btf);
	assert_true(spec->symbol_count < 58);
	for (; i < spec->symbol_count && spec->symbols[i].addr < IMAGE_ETEXT; i++)
		symbols[n++] = (struct mkkallsyms_symbol){spec->symbols[i].addr, 't',
							  spec->symbols[i].name};
	symbols[n++] = (struct mkkallsyms_symbol){IMAGE_ETEXT, 'T', "_etext"};
	symbols[n++] = (struct mkkallsyms_symbol){IMAGE_BTF, 'R', "__start_BTF"};
	symbols[n++] = (struct mkkallsyms_symbol){IMAGE_BTF + size, 'R', "__stop_BTF"};
	for (; i < spec->symbol_count; i++)
		symbols[n++] = (struct mkkallsyms_symbol){spec->symbols[i].addr, 'd',
							  spec->symbols[i].name};
	symbols[n++] = (struct mkkallsyms_symbol){IMAGE_END, 'B', "_end"};
	mkdump_info(d, "SYMBOL(_stext)=%llx", MKDUMP_TEXT);
	mkkallsyms(d, MKDUMP_TEXT, MKDUMP_TEXT + 0x100000, &kallsyms, symbols, n, &places);
}

/* Frees d; image_close() closes the rest. */
static inline struct kernel image_open(struct mkdump *d)
{
	struct kernel kernel;

	kernel_open(&kernel, open_dump(d), NULL);
	assert_string_equal(kernel.why_no_symbols, "");
	assert_null(types_why_no_btf(kernel.types));
	mkdump_free(d);
	return kernel;
}

static inline void image_close(struct kernel *kernel)
{
	kernel_close(kernel);
	core_close(kernel->core);
}

#endif
