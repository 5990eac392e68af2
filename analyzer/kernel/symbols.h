// SPDX-License-Identifier: GPL-2.0-or-later
//
// Symbols of the crashed kernel: name to address and address to name. They come from the
// kernel's own kallsyms tables in the dump, or from a System.map or vmlinux that the user
// names; one type for all. Modules have their own: see kernel/modules.h, whose
// modules_symbolize() answers for any kernel address.
//
// Nothing is loaded whole. Opening reads the table once, in windows of a few KiB, and keeps
// two bytes of hash per name and a mark at every 64th symbol: a lookup by address passes over
// some 100 symbols, one by name decodes those with the same hash (some 3 of 187,000).
#ifndef KDV_KERNEL_SYMBOLS_H
#define KDV_KERNEL_SYMBOLS_H

#include "core/core.h"

enum {
	SYMBOL_NAME = 512,	   /* KSYM_NAME_LEN since v6.1 (128 before), with its NUL */
	SYMBOL_MODULE_NAME = 64,   /* MODULE_NAME_LEN and more */
	SYMBOLS_MAX = 1 << 20,	   /* symbols of one kernel; Debian's 7.2 has 186,798 */
};

struct symbols;

struct symbol {
	uint64_t addr;	 /* where it begins, as the crashed kernel ran */
	uint64_t size;	 /* up to the next different address, as the kernel prints it; 0: unknown */
	uint64_t offset; /* of the address asked for: addr + offset */
	char type;	 /* nm's letter; 7.2 marks data as 't', so never tell text from data by it */
	char name[SYMBOL_NAME];
	char module[SYMBOL_MODULE_NAME]; /* "" for the kernel itself */
};

/* Files to take symbols from instead of the dump; NULL: none. vmlinux is asked first. */
struct symbols_files {
	const char *system_map;
	const char *vmlinux; /* its build id must be the dump's; a separate debug file will do */
};

/*
 * Opens the symbols of core (borrowed, must outlive them). files may be NULL. ABSENT: the
 * kernel was built without kallsyms, or its pages are not in the dump. A table that becomes
 * unreadable on the way keeps what came before: symbols_why_cut().
 */
enum status symbols_open(struct symbols **ret, struct core *core,
			 const struct symbols_files *files, struct err *err);
void symbols_close(struct symbols *symbols);

/* "kallsyms", "System.map" or "vmlinux", and how many there are. */
const char *symbols_source(const struct symbols *symbols);
uint32_t symbols_count(const struct symbols *symbols);
/* Why symbols at the table's end are missing; NULL: it is whole. */
const char *symbols_why_cut(const struct symbols *symbols);

/*
 * The address of a name; with several of that name (static functions), the lowest. Per-CPU
 * symbols give what the kernel adds __per_cpu_offset[cpu] to. ABSENT: no such symbol.
 */
enum status symbols_find(struct symbols *symbols, const char *name, uint64_t *ret,
			 struct err *err);
/* The k-th (from 0) of that name in order of address; ABSENT: there are not so many. */
enum status symbols_find_nth(struct symbols *symbols, const char *name, unsigned k,
			     uint64_t *ret, struct err *err);

/*
 * The symbol that addr lies in: the first of those with the greatest address up to it, as the
 * kernel chooses. ABSENT: not within the kernel's image [_stext, _end).
 */
enum status symbols_at(struct symbols *symbols, uint64_t addr, struct symbol *ret,
		       struct err *err);

/* Whether addr is kernel code: [_stext, _etext) or init text. */
bool symbols_is_text(const struct symbols *symbols, uint64_t addr);

/*
 * Calls seen() for every symbol in the table's order (by address), without sizes, until it
 * returns false.
 */
enum status symbols_each(struct symbols *symbols,
			 bool (*seen)(const struct symbol *symbol, void *ctx), void *ctx,
			 struct err *err);

/* --- reading numbers by symbol: the variables of the crashed kernel ------------------------ */

/* Reads the number of size bytes at the symbol. */
enum status symbols_read_uint(struct symbols *symbols, const char *name, unsigned size,
			      uint64_t *ret, struct err *err);

#endif
