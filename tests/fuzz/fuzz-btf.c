// SPDX-License-Identifier: GPL-2.0-or-later
//
// Fuzzes BTF: opening it, and each kind of question.
#include "dumps/mkbtf.h"
#include "dumps/mkdump.h"
#include "fuzz/fuzz-memory.h"
#include "kernel/btf.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void make(struct fuzz_memory *m)
{
	static const struct mkbtf_value values[] = {{"ZERO", 0}, {"LESS", -1}};
	struct mkdump *d = mkdump_new(MKDUMP_X86_64);
	struct mkbtf *b = mkbtf_new(false, 1, 0);
	uint32_t number = mkbtf_int(b, "int", 4, true);
	uint32_t row = mkbtf_array(b, mkbtf_array(b, number, 3), 4);
	const struct mkbtf_member inner[] = {{"low", number, 0, 3}, {"high", number, 3, 5}};
	const struct mkbtf_member outer[] = {
		{NULL, mkbtf_struct(b, NULL, 4, inner, 2), 0, 0},
		{"row", row, 32, 0},
		{"next", mkbtf_ref(b, 2, NULL, number + 5), 448, 0},
	};
	uint32_t variable;
	size_t size;
	void *bytes;

	variable = mkbtf_ref(b, 14, "runqueues", mkbtf_struct(b, "outer", 64, outer, 3));
	mkbtf_ref(b, 8, "outer_t", variable - 1);
	mkbtf_enum(b, "choice", 4, true, values, 2);
	mkbtf_enum(b, "wide", 8, false, values, 2);
	mkbtf_section(b, ".data..percpu", &variable, 1);
	bytes = mkbtf_finish(b, &size);
	mkdump_virt(d, MKDUMP_TEXT, bytes, size);
	free(bytes);
	fuzz_memory_make(m, d, MKDUMP_TEXT, size);
	mkdump_free(d);
}

static void ask(struct btf *btf)
{
	static const char *const members[] = {"low", "high", "row", "next", "none"};
	struct btf_type type;
	struct btf_member member;
	uint64_t size;
	int64_t value;
	uint32_t id, count;
	char name[64];

	if (!btf_find(btf, "outer", 1 << BTF_STRUCT | 1 << BTF_UNION, &type, NULL)) {
		for (unsigned i = 0; i < sizeof(members) / sizeof(*members); i++) {
			if (!btf_member(btf, &type, members[i], &member, NULL))
				(void)btf_size(btf, member.type, &size, NULL);
		}
	}
	if (!btf_find(btf, "choice", 1 << BTF_ENUM, &type, NULL))
		(void)btf_enum(btf, &type, "LESS", &value, NULL);
	if (!btf_find(btf, ".data..percpu", 1 << BTF_DATASEC, &type, NULL))
		(void)btf_variable(btf, &type, "runqueues", &id, NULL);
	for (uint32_t i = 0; i < btf_end(btf) && i < 64; i++) {
		(void)btf_size(btf, i, &size, NULL);
		if (btf_resolve(btf, i, &type, NULL))
			continue;
		(void)btf_name(btf, &type, name, sizeof(name), NULL);
		if (type.kind == BTF_ARRAY)
			(void)btf_array(btf, &type, &id, &count, NULL);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct fuzz_memory memory;
	struct core *core;
	struct btf *btf;

	if (!memory.len)
		make(&memory);
	core = fuzz_memory_open(&memory, data, size);
	if (!core)
		return 0;
	if (!btf_open(&btf, core, MKDUMP_TEXT, memory.len, NULL, 1, 0, NULL)) {
		ask(btf);
		btf_close(btf);
	}
	core_close(core);
	return 0;
}
