// SPDX-License-Identifier: GPL-2.0-or-later
//
// mkmodules: puts a list of modules into a dump of mkdump's, each with its memory and a symbol
// table, in the layouts that struct module has had; and the BTF that describes them, and the
// kallsyms that name the list. All of it is for x86_64.
#ifndef KDV_TESTS_MKMODULES_H
#define KDV_TESTS_MKMODULES_H

#include "dumps/mkdump.h"

enum mkmodules_layout {
	MKMODULES_MEM,	/* 6.4 and later: mem[7] */
	MKMODULES_CORE, /* 4.5 to 6.3: core_layout */
	MKMODULES_OLD,	/* to 4.4: module_core */
};

struct mkmodules_module {
	const char *name, *version; /* version NULL: none */
	unsigned state;
	uint64_t taints;
	unsigned users;
};

struct mkmodules_spec {
	enum mkmodules_layout layout;
	bool no_btf;
	const char *last_unloaded;
};

/* Each module has its struct and code at MKMODULES_AT(i); see mkmodules.c for what is in it. */
#define MKMODULES_AREA 0xffffffffc0200000ull
enum {
	MKMODULES_STRIDE = 0x10000,
	MKMODULES_STRUCT = 0x2080, /* of struct module in the module's data */
	MKMODULES_SYMTAB = 0x3000,
	MKMODULES_TEXT_BYTES = 0x1000,
	MKMODULES_BYTES = 0x4000,
};
#define MKMODULES_AT(i) (MKMODULES_AREA + (uint64_t)(i) * MKMODULES_STRIDE)

/* Where the head of the list is, and the tables of kallsyms and BTF. */
#define MKMODULES_HEAD	   (MKDUMP_TEXT + 0x210000)
#define MKMODULES_KALLSYMS (MKDUMP_TEXT + 0x100000)
#define MKMODULES_BTF	   (MKDUMP_TEXT + 0x140000)
/* Offset of the member list in struct module. */
enum { MKMODULES_LIST = 8 };

void mkmodules(struct mkdump *d, const struct mkmodules_spec *spec,
	       const struct mkmodules_module *modules, size_t count);

#endif
