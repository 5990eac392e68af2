// SPDX-License-Identifier: GPL-2.0-or-later
//
// mkkallsyms: puts a kernel's own symbol table, given as a list, into a dump of mkdump's, in any
// of the formats that kallsyms has had. Its tokens are each printable character itself (but ':')
// and a few longer pieces. Afterwards a test may damage any byte, for the places are told.
#ifndef KDV_TESTS_MKKALLSYMS_H
#define KDV_TESTS_MKKALLSYMS_H

#include "dumps/mkdump.h"

struct mkkallsyms_symbol {
	uint64_t addr; /* in rising order */
	char type;
	const char *name;
};

enum mkkallsyms_addresses {
	MKKALLSYMS_ABSOLUTE,
	MKKALLSYMS_BASE,	   /* relative_base + u32 */
	MKKALLSYMS_PERCPU,	   /* the same, and negative for all but small values */
	MKKALLSYMS_PLACE,	   /* relative to the entry; since v7.0 */
};

struct mkkallsyms_spec {
	enum mkkallsyms_addresses addresses;
	bool wide_numbers;  /* num_syms and markers of 8 bytes, up to v4.19 */
	bool addresses_last; /* the order since v6.4 */
	bool align_4;	    /* since v7.0; else 8 */
	bool hidden;	    /* VMCOREINFO names none of the tables, up to v5.19 */
};

/* Addresses; 0: not made. */
struct mkkallsyms_places {
	uint64_t num_syms, names, names_end, markers, token_table, token_index;
	uint64_t addresses, offsets, relative_base, end;
};

/* base is also the relative base: no symbol but small ones may lie below. */
void mkkallsyms(struct mkdump *d, uint64_t base, uint64_t at, const struct mkkallsyms_spec *spec,
		const struct mkkallsyms_symbol *symbols, size_t count,
		struct mkkallsyms_places *ret_places);

#endif
