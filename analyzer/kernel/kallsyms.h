// SPDX-License-Identifier: GPL-2.0-or-later
//
// Where the kallsyms tables are. The format is told in kallsyms.c.
#ifndef KDV_KERNEL_KALLSYMS_H
#define KDV_KERNEL_KALLSYMS_H

#include "core/core.h"

enum {
	KALLSYMS_TOKENS = 256,
	KALLSYMS_STEP = 256,		   /* symbols from one marker to the next */
	KALLSYMS_MAX_TOKEN_TABLE = 1 << 14, /* bytes; about 1 KiB in practice */
	KALLSYMS_MAX_NAMES = 1 << 25,	   /* bytes; 2.4 MB in Debian's 7.2 */
};

/* Addresses; 0: this kernel has no such table. */
struct kallsyms_layout {
	uint32_t count;
	uint64_t names, names_end; /* the end may include padding and other tables */
	uint64_t token_table, token_index;
	uint64_t addresses;
	uint64_t offsets;
	uint64_t relative_base; /* of the variable */
};

/* VMCOREINFO names the tables since v6.0; ABSENT before. */
enum status kallsyms_from_vmcoreinfo(struct core *core, struct kallsyms_layout *ret,
				     struct err *err);
/* Looks for them in rodata. ABSENT: not found. */
enum status kallsyms_scan(struct core *core, struct kallsyms_layout *ret, struct err *err);

#endif
