// SPDX-License-Identifier: GPL-2.0-or-later
//
// Fuzzes kallsyms, found through VMCOREINFO and by the search. The first byte says which.
#include <string.h>

#include "dumps/mkkallsyms.h"
#include "fuzz/fuzz-memory.h"
#include "kernel/symbols.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { SYMBOLS = 520 };

static void make(struct fuzz_memory *m, bool hidden)
{
	static struct mkkallsyms_symbol symbols[SYMBOLS];
	static char names[SYMBOLS][16];
	const struct mkkallsyms_spec spec = {.addresses = MKKALLSYMS_PERCPU, .hidden = hidden};
	struct mkkallsyms_places places;
	struct mkdump *d = mkdump_new(MKDUMP_X86_64);

	for (unsigned i = 0; i < SYMBOLS; i++) {
		snprintf(names[i], sizeof(names[i]), "function_%u", i % 500);
		symbols[i] = (struct mkkallsyms_symbol){MKDUMP_TEXT + i / 2 * 32, 'T', names[i]};
	}
	symbols[1].name = "_stext";
	symbols[SYMBOLS - 1].name = "_end";
	mkdump_info(d, "SYMBOL(_stext)=%llx", MKDUMP_TEXT);
	mkdump_info(d, "SYMBOL(init_uts_ns)=%llx", MKDUMP_TEXT + 0x10000);
	mkkallsyms(d, MKDUMP_TEXT, MKDUMP_TEXT + 0x1000, &spec, symbols, SYMBOLS, &places);
	fuzz_memory_make(m, d, MKDUMP_TEXT + 0x1000, (size_t)(places.end - MKDUMP_TEXT) - 0x1000);
	mkdump_free(d);
}

static bool count(const struct symbol *symbol, void *ctx)
{
	*(size_t *)ctx += strlen(symbol->name);
	return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct fuzz_memory memory[2];
	struct symbol symbol;
	struct symbols *s;
	struct core *core;
	uint64_t addr;
	size_t length = 0;

	if (!size)
		return 0;
	if (!memory[data[0] & 1].len)
		make(&memory[data[0] & 1], data[0] & 1);
	core = fuzz_memory_open(&memory[data[0] & 1], data + 1, size - 1);
	if (!core)
		return 0;
	if (!symbols_open(&s, core, NULL, NULL)) {
		(void)symbols_find(s, "function_250", &addr, NULL);
		(void)symbols_find_nth(s, "function_10", 1, &addr, NULL);
		for (unsigned i = 0; i < SYMBOLS * 16; i += 77)
			(void)symbols_at(s, MKDUMP_TEXT + i, &symbol, NULL);
		(void)symbols_each(s, count, &length, NULL);
		symbols_close(s);
	}
	core_close(core);
	return 0;
}
