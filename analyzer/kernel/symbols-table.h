// SPDX-License-Identifier: GPL-2.0-or-later
//
// What symbols.c asks of a source of symbols: a table in order of address that is read forward
// from any place it was at before. kallsyms.c, system-map.c and vmlinux.c each make one.
#ifndef KDV_KERNEL_SYMBOLS_TABLE_H
#define KDV_KERNEL_SYMBOLS_TABLE_H

#include "core/core.h"
#include "kernel/symbols.h"

/* Between two symbols: before number index, which begins at `at` (the table's own unit). */
struct symbols_place {
	uint32_t index;
	uint64_t at;
};

struct symbols_table {
	const char *source; /* "kallsyms" */
	uint32_t count;	    /* at most SYMBOLS_MAX */
	/* Moves place behind the next symbol (index < count), and fills in its addr, type, name. */
	enum status (*next)(struct symbols_table *table, struct symbols_place *place,
			    struct symbol *ret, struct err *err);
	/* The same where only the address is wanted: cheaper. */
	enum status (*next_addr)(struct symbols_table *table, struct symbols_place *place,
				 uint64_t *ret, struct err *err);
	void (*close)(struct symbols_table *table);
};

enum status kallsyms_open(struct symbols_table **ret, struct core *core, struct err *err);
enum status system_map_open(struct symbols_table **ret, struct core *core, const char *path,
			    struct err *err);
enum status vmlinux_open(struct symbols_table **ret, struct core *core, const char *path,
			 struct err *err);

/* --- shared by System.map and vmlinux: addresses as linked to addresses as run ------------- */

/*
 * The kernel ran `shift` bytes from where it was linked, all of it but absolute symbols and the
 * offsets of per-CPU variables, which lie below `from`.
 */
struct symbols_relocation {
	uint64_t shift, from;
};

static inline uint64_t symbols_relocate(const struct symbols_relocation *r, uint64_t addr)
{
	return addr < r->from ? addr : addr + r->shift;
}

/* From the linked address of _stext, and VMCOREINFO's own. BROKEN: of another kernel. */
enum status symbols_relocation(struct core *core, uint64_t linked_stext,
			       struct symbols_relocation *ret, struct err *err);
/* BROKEN if VMCOREINFO knows this symbol and says that it is elsewhere. */
enum status symbols_check_known(struct core *core, const char *name, uint64_t addr,
				struct err *err);

#endif
