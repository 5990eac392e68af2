// SPDX-License-Identifier: GPL-2.0-or-later
//
// The page walk that all architectures share, and its fallbacks.
#include <endian.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "core/translate.h"

/* A table may point anywhere: more levels than any machine has mean damage. */
enum { XLAT_MAX_LEVELS = 5 };

static const struct xlat_arch *const archs[] = {
    &xlat_x86_64, &xlat_i386, &xlat_aarch64, &xlat_ppc64, &xlat_riscv64, &xlat_s390x,
};

const struct xlat_arch *xlat_by_elf(uint16_t e_machine)
{
	for (size_t i = 0; i < ARRAY_SIZE(archs); i++) {
		if (archs[i]->e_machine == e_machine)
			return archs[i];
	}
	return NULL;
}

const struct xlat_arch *xlat_by_machine(const char *machine)
{
	for (size_t i = 0; i < ARRAY_SIZE(archs); i++) {
		if (!strcmp(archs[i]->machine, machine) ||
		    (archs[i]->machine_also && !strcmp(archs[i]->machine_also, machine)))
			return archs[i];
	}
	return NULL;
}

const struct xlat_arch *xlat_by_arch(enum core_arch arch)
{
	for (size_t i = 0; i < ARRAY_SIZE(archs); i++) {
		if (archs[i]->id == arch)
			return archs[i];
	}
	return NULL;
}

void xlat_forget(struct xlat *x)
{
	for (size_t i = 0; i < XLAT_TLB; i++)
		x->tlb[i].va = UINT64_MAX; /* no page begins there */
}

void xlat_init(struct xlat *x, const struct xlat_arch *arch, struct core *core,
	       const struct probe *probe, unsigned page_size)
{
	struct err why = {{0}};

	*x = (struct xlat){.arch = arch, .page_shift = (unsigned)__builtin_ctz(page_size)};
	xlat_forget(x);
	if (!arch || !arch->set_up)
		(void)err_set(&why, STATUS_ABSENT,
			      "page tables of this machine are not understood");
	else
		(void)arch->set_up(core, probe, x, &why); /* told when an address needs it */
	snprintf(x->why_no_root, sizeof(x->why_no_root), "%.*s",
		 (int)sizeof(x->why_no_root) - 1, why.text);
	log_debug("translation: root %#" PRIx64 ", %u index bits at %u, %u ranges%s%s",
		  x->root, x->bits, x->shift, x->ranges,
		  x->root_known ? "" : "; no root: ", x->why_no_root);
}

void xlat_add_range(struct xlat *x, uint64_t start, uint64_t last, uint64_t paddr)
{
	if (x->ranges < XLAT_MAX_RANGES)
		x->range[x->ranges++] = (struct xlat_range){start, last, paddr};
}

bool xlat_by_range(const struct xlat *x, uint64_t addr, uint64_t *ret)
{
	for (unsigned i = 0; i < x->ranges; i++) {
		const struct xlat_range *r = &x->range[i];

		if (addr < r->start || addr > r->last)
			continue;
		*ret = r->paddr + (addr - r->start);
		return true;
	}
	return false;
}

enum status xlat_root_symbol(struct xlat *x, struct core *core, const char *symbol,
			     struct err *err)
{
	uint64_t addr, root;
	enum status st = core_symbol(core, symbol, &addr, err);

	if (st)
		return st;
	if (!xlat_by_range(x, addr, &root))
		return err_set(err, STATUS_BROKEN, "%s at %#" PRIx64 " is in no known range",
			       symbol, addr);
	x->root = root;
	x->root_known = true;
	return STATUS_FOUND;
}

static enum status read_entry(const struct xlat *x, struct core *core, uint64_t at,
			      uint64_t *ret, struct err *err)
{
	uint64_t raw;
	enum status st = core_read_phys(core, at, &raw, sizeof(raw), err);

	if (st)
		return err_add(err, st, "its page table is not readable");
	*ret = (x->big_entries ? be64toh(raw) : le64toh(raw)) & ~x->entry_mask;
	return STATUS_FOUND;
}

/*
 * Walks from the root down. Fails only if a table cannot be read; *ret_mapped tells what the
 * tables say about addr, and *ret_entry the last entry.
 */
static enum status walk(const struct xlat *x, struct core *core, uint64_t addr,
			bool *ret_mapped, uint64_t *ret, uint64_t *ret_entry, struct err *err)
{
	uint64_t table = x->root;
	unsigned shift = x->shift, bits = x->bits;

	for (unsigned level = 0; level < XLAT_MAX_LEVELS; level++) {
		uint64_t index = addr >> shift & ((1ull << bits) - 1);
		struct xlat_entry e;
		enum status st = read_entry(x, core, table + index * 8, ret_entry, err);

		if (st)
			return st;
		e = x->arch->decode(x, *ret_entry, shift);
		*ret_mapped = e.kind == XLAT_LEAF;
		if (e.kind == XLAT_LEAF)
			*ret = e.pa + (addr & ((1ull << shift) - 1));
		if (e.kind != XLAT_TABLE)
			return STATUS_FOUND;
		if (e.bits)
			bits = e.bits;
		if (shift < x->page_shift + bits)
			return err_set(err, STATUS_BROKEN,
				       "page table entry %#" PRIx64
				       " of the last level names a table",
				       *ret_entry);
		shift -= bits;
		table = e.pa;
	}
	return err_set(err, STATUS_BROKEN, "page tables do not end");
}

static enum status look_up(const struct xlat *x, struct core *core, const struct probe *probe,
			   uint64_t addr, uint64_t *ret, struct err *err)
{
	bool mapped = false;
	uint64_t entry = 0;
	struct err why;
	enum status st;

	if (x->root_known && (addr ^ x->arch->high_bits) >> (x->shift + x->bits - 1) >> 1)
		return err_set(err, STATUS_ABSENT, "not a kernel address");
	if (x->root_known)
		st = walk(x, core, addr, &mapped, ret, &entry, &why);
	else
		st = err_set(&why, STATUS_ABSENT, "no page tables: %s", x->why_no_root);
	if (!st && mapped)
		return STATUS_FOUND;
	if (!st)
		return err_set(err, STATUS_ABSENT,
			       "not mapped (page table entry %#" PRIx64 ")", entry);
	if (xlat_by_range(x, addr, ret) || probe_segment_virt(probe, addr, ret))
		return STATUS_FOUND;
	return err_set(err, st, "%s", why.text);
}

enum status xlat_translate(struct xlat *x, struct core *core, const struct probe *probe,
			   uint64_t addr, uint64_t *ret, struct err *err)
{
	uint64_t offset, page, pa;
	unsigned slot;
	enum status st;

	if (x->arch && x->arch->untag)
		addr = x->arch->untag(addr);
	offset = addr & ((1ull << x->page_shift) - 1);
	page = addr - offset;
	slot = (unsigned)(addr >> x->page_shift) % XLAT_TLB;
	if (x->tlb[slot].va != page) {
		/* No kernel maps its first page; s390x has CPU data there, but no pointer to
		 * it. */
		if (!page)
			return err_set(err, STATUS_ABSENT, "a NULL pointer");
		st = look_up(x, core, probe, page, &pa, err);
		if (st)
			return st;
		x->tlb[slot].va = page;
		x->tlb[slot].pa = pa;
	}
	*ret = x->tlb[slot].pa + offset;
	return STATUS_FOUND;
}
