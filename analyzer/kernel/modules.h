// SPDX-License-Identifier: GPL-2.0-or-later
//
// The modules that were loaded when the kernel crashed, with every part of their memory, and
// the symbols in them.
#ifndef KDV_KERNEL_MODULES_H
#define KDV_KERNEL_MODULES_H

#include "core/core.h"
#include "kernel/symbols.h"
#include "kernel/taint.h"
#include "kernel/types.h"

enum {
	MODULES_MAX = 2048,	/* list steps; a big server has some 300 */
	MODULE_MAX_PARTS = 7,	/* MOD_MEM_NUM_TYPES */
	MODULE_VERSION = 64,
	MODULE_MAX_SYMBOLS = 1 << 17, /* of one module; amdgpu has some 30,000 */
};

struct modules;

enum module_state { MODULE_LIVE, MODULE_COMING, MODULE_GOING, MODULE_UNFORMED };

/* In the kernel's order since v6.4; before, a module has one area, and one more for its init. */
enum module_part_kind {
	MODULE_TEXT,
	MODULE_DATA,
	MODULE_RODATA,
	MODULE_RO_AFTER_INIT,
	MODULE_INIT_TEXT,
	MODULE_INIT_DATA,
	MODULE_INIT_RODATA,
	MODULE_CORE, /* text, rodata and data together (up to v6.3) */
	MODULE_INIT, /* the same of what is freed after init */
};

struct module {
	uint64_t address;	/* of its struct module */
	char name[SYMBOL_MODULE_NAME];
	uint64_t base;		/* as /proc/modules shows it: its core or text area; 0: unknown */
	uint64_t size;		/* as lsmod shows it: without what is freed after init */
	struct module_part {
		enum module_part_kind kind;
		uint64_t addr, size;
		uint64_t text_size; /* of the part, from its start: code; 0: none or unknown */
	} part[MODULE_MAX_PARTS];
	unsigned parts;		/* those with a size */
	enum module_state state;
	bool taints_known;
	uint64_t taints;	/* the kernel's bits */
	char taint[TAINT_LETTERS]; /* the letters that they are printed as: "OE", and "+" or "-" for
				      a module that is coming or going */
	char version[MODULE_VERSION], srcversion[MODULE_VERSION]; /* "": none */
	int64_t refcount;	/* users, as lsmod shows; < 0: unknown */
	/* Where its symbol table and its ORC table are; 0: none or unknown. */
	uint64_t symtab, strtab, typetab;
	uint32_t num_symtab;
	uint64_t orc_ip, orc;	/* int[num_orcs], struct orc_entry[num_orcs] */
	uint32_t num_orcs;
};

/*
 * Walks the kernel's list. symbols and types are borrowed and must outlive the result. A list
 * that breaks off is FOUND with what was read: modules_why_cut(). ABSENT: no list (a kernel
 * without modules, no symbols, or filtered).
 */
enum status modules_open(struct modules **ret, struct core *core, struct symbols *symbols,
			 struct types *types, struct err *err);
void modules_close(struct modules *modules);

size_t modules_count(const struct modules *modules);
/* i < modules_count(); the newest first, as the kernel lists them. Lives as long as modules. */
const struct module *modules_get(const struct modules *modules, size_t i);
/* Why the list is not whole; NULL: it is. */
const char *modules_why_cut(const struct modules *modules);
/* Name of the module unloaded last, "" if none or unknown. */
const char *modules_last_unloaded(const struct modules *modules);

/* The module that addr lies in, and which part (may be NULL); NULL: in none. */
const struct module *modules_at(const struct modules *modules, uint64_t addr,
				const struct module_part **ret_part);
const struct module *modules_named(const struct modules *modules, const char *name);
/* Whether addr is code of a module. */
bool modules_is_text(const struct modules *modules, uint64_t addr);

/* The symbol of module that addr lies in; ABSENT: none (or no symbol table). */
enum status modules_symbol_at(struct modules *modules, const struct module *module,
			      uint64_t addr, struct symbol *ret, struct err *err);
/* Address of a name in a module. */
enum status modules_symbol_find(struct modules *modules, const struct module *module,
				const char *name, uint64_t *ret, struct err *err);
/* Every symbol of a module, in its table's order, until seen() returns false. */
enum status modules_each_symbol(struct modules *modules, const struct module *module,
				bool (*seen)(const struct symbol *symbol, void *ctx), void *ctx,
				struct err *err);

/* Any address of the kernel or of a module: what `%pS` prints. modules may be NULL. */
enum status modules_symbolize(struct symbols *symbols, struct modules *modules, uint64_t addr,
			      struct symbol *ret, struct err *err);

#endif
