// SPDX-License-Identifier: GPL-2.0-or-later
//
// Puts symbols and types of a made kernel into a dump: see mkkernel.h.
#include <stdlib.h>
#include <string.h>

#include "dumps/mkkernel.h"

#define KALLSYMS (MKDUMP_TEXT + 0x100000)
#define BTF	 (MKDUMP_TEXT + 0x140000)

enum { MAX_MEMBERS = 32 };

uint32_t mkkernel_struct(struct mkbtf *types, const char *name, unsigned size,
			 const struct mkkernel_member *members, size_t count)
{
	struct mkbtf_member made[MAX_MEMBERS];

	if (count > MAX_MEMBERS)
		abort();
	for (size_t i = 0; i < count; i++) {
		uint32_t type = mkbtf_int(types, "", members[i].size, false);

		if (members[i].count)
			type = mkbtf_array(types, type, members[i].count);
		made[i] = (struct mkbtf_member){members[i].name, type, members[i].offset * 8, 0};
	}
	return mkbtf_struct(types, name, size, made, count);
}

static int by_address(const void *a, const void *b)
{
	const struct mkkallsyms_symbol *x = a, *y = b;

	return (x->addr > y->addr) - (x->addr < y->addr);
}

void mkkernel(struct mkdump *d, struct mkbtf *types, const struct mkkallsyms_symbol *symbols,
	      size_t count)
{
	const struct mkkallsyms_spec spec = {.addresses = MKKALLSYMS_PERCPU};
	struct mkkallsyms_symbol all[MKKERNEL_MAX_SYMBOLS + 5] = {
		{MKDUMP_TEXT, 'T', "_stext"},
		{MKKERNEL_ETEXT, 'T', "_etext"},
		{MKKERNEL_END, 'B', "_end"},
	};
	struct mkkallsyms_places places;
	size_t n = 3, size = 0;

	if (count > MKKERNEL_MAX_SYMBOLS)
		abort();
	if (types) {
		void *btf = mkbtf_finish(types, &size);

		mkdump_virt(d, BTF, btf, size);
		free(btf);
		all[n++] = (struct mkkallsyms_symbol){BTF, 'R', "__start_BTF"};
		all[n++] = (struct mkkallsyms_symbol){BTF + size, 'R', "__stop_BTF"};
	}
	memcpy(&all[n], symbols, count * sizeof(*symbols));
	n += count;
	qsort(all, n, sizeof(*all), by_address);
	mkdump_info(d, "SYMBOL(_stext)=%llx", MKDUMP_TEXT);
	mkkallsyms(d, MKDUMP_TEXT, KALLSYMS, &spec, all, n, &places);
}
