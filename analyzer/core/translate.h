// SPDX-License-Identifier: GPL-2.0-or-later
//
// Kernel virtual to physical addresses. Each architecture says in its own small file where its
// top-level page table is, which address ranges follow a formula, and how to read one entry.
// The tables are asked first: they alone know what is not mapped. Where a table is missing
// from the dump (kexec-tools on riscv64, cut files) the formulas answer, and last the
// PT_LOADs.
//
// libkdumpfile could translate too, but walks the whole direct map before its first answer (17
// seconds per TiB of 4 KiB pages), cannot do it on three of our architectures, and does not
// tell a missing table from an address that is not mapped.
#ifndef KDV_CORE_TRANSLATE_H
#define KDV_CORE_TRANSLATE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/base.h"

#include "core/core.h"
#include "core/probe.h"

struct xlat;

/* What one page table entry says. */
enum xlat_kind {
	XLAT_NONE,  /* not mapped */
	XLAT_TABLE, /* pa is the next table */
	XLAT_LEAF,  /* pa is the memory */
};

struct xlat_entry {
	enum xlat_kind kind;
	uint64_t pa;
	unsigned bits; /* index bits of the next table; 0: as many as this one's */
};

struct xlat_arch {
	enum core_arch id;
	uint16_t e_machine;
	const char *machine;	  /* as uname -m says */
	const char *machine_also; /* another name of it, or NULL */
	const char *lib_name;	  /* libkdumpfile's */
	/*
	 * Fills in root, shift, bits and ranges from VMCOREINFO. What is missing is said in
	 * err and leaves root_known false; ranges may be there all the same.
	 */
	enum status (*set_up)(struct core *core, const struct probe *probe, struct xlat *x,
			      struct err *err);
	/* Decodes the entry that covers 1 << shift bytes. */
	struct xlat_entry (*decode)(const struct xlat *x, uint64_t entry, unsigned shift);
	/* What the pointer is without tag bits; NULL: itself. */
	uint64_t (*untag)(uint64_t addr);
	/* The bits of all kernel addresses above those that the walk uses. */
	uint64_t high_bits;
	/* Where the kernel keeps a pointer to VMCOREINFO's note; 0: nowhere. */
	uint64_t vmcoreinfo_at;
};

/* Addresses from start up to and with last are at start's physical address and on. */
struct xlat_range {
	uint64_t start, last, paddr;
};

enum { XLAT_MAX_RANGES = 4, XLAT_TLB = 64 };

struct xlat {
	const struct xlat_arch *arch;
	bool root_known;
	uint64_t root;	/* physical */
	unsigned shift; /* an entry of the root table covers 1 << shift bytes */
	unsigned bits;	/* index bits of the root table */
	unsigned page_shift;
	bool big_entries;    /* entries are big-endian */
	uint64_t entry_mask; /* bits of an entry that are none of an address (AMD's C bit) */
	bool wide_pa;	     /* arm64: 52-bit physical addresses in the entries */
	struct xlat_range range[XLAT_MAX_RANGES];
	unsigned ranges;
	char why_no_root[160];
	struct { /* what was found lately, by page */
		uint64_t va, pa;
	} tlb[XLAT_TLB];
};

extern const struct xlat_arch xlat_x86_64, xlat_i386, xlat_aarch64, xlat_ppc64, xlat_riscv64,
    xlat_s390x;

/* The architecture of an ELF machine number, a uname -m, or our own number; NULL: unknown. */
const struct xlat_arch *xlat_by_elf(uint16_t e_machine);
const struct xlat_arch *xlat_by_machine(const char *machine);
const struct xlat_arch *xlat_by_arch(enum core_arch arch);

void xlat_init(struct xlat *x, const struct xlat_arch *arch, struct core *core,
	       const struct probe *probe, unsigned page_size);
/* Forgets what was looked up, so that tables are read (and observed) again. */
void xlat_forget(struct xlat *x);

/* ABSENT: not mapped, or its page table is not in the dump; BROKEN: the table is damaged. */
enum status xlat_translate(struct xlat *x, struct core *core, const struct probe *probe,
			   uint64_t addr, uint64_t *ret, struct err *err);

/* For set_up: addr by the ranges alone. */
bool xlat_by_range(const struct xlat *x, uint64_t addr, uint64_t *ret);
void xlat_add_range(struct xlat *x, uint64_t start, uint64_t last, uint64_t paddr);
/* For set_up: root is where this symbol is by the ranges; err says if there is none. */
enum status xlat_root_symbol(struct xlat *x, struct core *core, const char *symbol,
			     struct err *err);

#endif
