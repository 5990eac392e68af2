// SPDX-License-Identifier: GPL-2.0-or-later
//
// mkkernel: puts the symbols and the types of a made x86_64 kernel into a dump of mkdump's, so
// that kernel_open() finds both:
//
//	struct mkbtf *types = mkbtf_new(false, 1, 0);
//	...
//	mkkernel(d, types, symbols, ARRAY_SIZE(symbols));
//	mkdump_uint(d, MKKERNEL_DATA + 8, 4, 17);	what is at the symbols
#ifndef KDV_TESTS_MKKERNEL_H
#define KDV_TESTS_MKKERNEL_H

#include "dumps/mkbtf.h"
#include "dumps/mkdump.h"
#include "dumps/mkkallsyms.h"

/* Code is from MKDUMP_TEXT to MKKERNEL_ETEXT; the data are the test's, up to MKKERNEL_END. */
#define MKKERNEL_ETEXT (MKDUMP_TEXT + 0x80000)
#define MKKERNEL_DATA (MKDUMP_TEXT + 0x200000)
#define MKKERNEL_END (MKDUMP_TEXT + 0x300000)

enum { MKKERNEL_MAX_SYMBOLS = 128 };

/* Per-CPU symbols are those with small values. types (NULL: a kernel without BTF) is freed. */
void mkkernel(struct mkdump *d, struct mkbtf *types, const struct mkkallsyms_symbol *symbols,
	      size_t count);

/* A member of a struct for mkkernel_struct(). */
struct mkkernel_member {
	const char *name;
	unsigned offset, size; /* bytes */
	unsigned count;	       /* elements of an array; 0: it is none */
};
/* A struct of unsigned integers and arrays of them; gives its id. */
uint32_t mkkernel_struct(struct mkbtf *types, const char *name, unsigned size,
			 const struct mkkernel_member *members, size_t count);

#endif
