// SPDX-License-Identifier: GPL-2.0-or-later
//
// Fuzzes the module list: the memory of the modules themselves, with BTF and without. The first
// byte says which layout.
#include "dumps/mkmodules.h"
#include "fuzz/fuzz-memory.h"
#include "kernel/modules.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct mkmodules_spec specs[] = {
	{MKMODULES_MEM, false, "gone"},
	{MKMODULES_CORE, false, NULL},
	{MKMODULES_CORE, true, NULL},
	{MKMODULES_OLD, true, NULL},
};
enum { SPECS = sizeof(specs) / sizeof(*specs) };

/* Its data and symbols. */
#define DAMAGED (MKMODULES_AT(0) + 0x2000)

static void make(struct fuzz_memory *m, const struct mkmodules_spec *spec)
{
	static const struct mkmodules_module modules[] = {
		{.name = "first", .version = "1.0", .taints = 1 << 12, .users = 1},
		{.name = "second", .state = 1},
	};
	struct mkdump *d = mkdump_new(MKDUMP_X86_64);

	mkmodules(d, spec, modules, 2);
	fuzz_memory_make(m, d, DAMAGED, MKMODULES_BYTES - 0x2000);
	mkdump_free(d);
}

static bool seen(const struct symbol *symbol, void *ctx)
{
	*(uint64_t *)ctx += symbol->addr;
	return true;
}

static void ask(struct symbols *symbols, struct modules *modules)
{
	struct symbol symbol;
	uint64_t sum = 0, addr;

	for (uint64_t at = MKMODULES_AT(0); at < MKMODULES_AT(2); at += 0x123)
		(void)modules_symbolize(symbols, modules, at, &symbol, NULL);
	for (size_t i = 0; i < modules_count(modules); i++) {
		const struct module *m = modules_get(modules, i);

		(void)modules_each_symbol(modules, m, seen, &sum, NULL);
		(void)modules_symbol_find(modules, m, "first_work", &addr, NULL);
	}
}

static void read_all(struct core *core)
{
	struct symbols *symbols = NULL;
	struct types *types = NULL;
	struct modules *modules = NULL;

	if (symbols_open(&symbols, core, NULL, NULL) || types_open(&types, core, symbols, NULL))
		abort();
	if (!modules_open(&modules, core, symbols, types, NULL))
		ask(symbols, modules);
	modules_close(modules);
	types_close(types);
	symbols_close(symbols);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct fuzz_memory memory[SPECS];
	struct fuzz_memory *m;
	struct core *core;

	if (!size)
		return 0;
	m = &memory[data[0] % SPECS];
	if (!m->len)
		make(m, &specs[data[0] % SPECS]);
	core = fuzz_memory_open(m, data + 1, size - 1);
	if (!core)
		return 0;
	read_all(core);
	core_close(core);
	return 0;
}
