// SPDX-License-Identifier: GPL-2.0-or-later
//
// ppc64 translation. From 0xc000000000000000 memory is mapped linearly, whatever the MMU. The
// rest (vmalloc, modules, vmemmap) is known for the radix MMU of POWER9 and later: the root
// table has 13 index bits, each entry says in its low five bits how many the next one has, and
// entries are big-endian in little-endian kernels too. With the hash MMU it is not read.
#include <elf.h>

#include "core/translate.h"

#define LINEAR_START 0xc000000000000000ull
#define LINEAR_LAST 0xc007ffffffffffffull
#define RADIX_VALID (1ull << 63)
#define RADIX_LEAF (1ull << 62)
#define RADIX_TABLE 0x00ffffffffffff00ull
#define RADIX_PAGE 0x01fffffffffff000ull

enum { ROOT_BITS = 13, ROOT_SHIFT = 39, NEXT_BITS = 0x1f, MAX_BITS = 16 };

static enum status set_up(struct core *core, const struct probe *probe, struct xlat *x,
			  struct err *err)
{
	int64_t radix = 1;

	(void)probe;
	xlat_add_range(x, LINEAR_START, LINEAR_LAST, 0);
	x->shift = ROOT_SHIFT;
	x->bits = ROOT_BITS;
	x->big_entries = true;
	/* v6.12 says; before that an entry that is no radix one is taken for not mapped. */
	(void)core_number(core, "RADIX_MMU", &radix, NULL);
	if (!radix)
		return err_set(err, STATUS_ABSENT, "the hash MMU's tables are not understood");
	return xlat_root_symbol(x, core, "swapper_pg_dir", err);
}

static struct xlat_entry decode(const struct xlat *x, uint64_t entry, unsigned shift)
{
	struct xlat_entry e = {0};

	if (!(entry & RADIX_VALID))
		return e;
	if (entry & RADIX_LEAF || shift <= x->page_shift) {
		e.kind = XLAT_LEAF;
		e.pa = entry & RADIX_PAGE & ~((1ull << shift) - 1);
		return e;
	}
	e.bits = entry & NEXT_BITS;
	e.pa = entry & RADIX_TABLE;
	e.kind = e.bits && e.bits <= MAX_BITS ? XLAT_TABLE : XLAT_NONE;
	return e;
}

const struct xlat_arch xlat_ppc64 = {
    .id = CORE_ARCH_PPC64,
    .e_machine = EM_PPC64,
    .machine = "ppc64le",
    .machine_also = "ppc64",
    .lib_name = "ppc64",
    .set_up = set_up,
    .decode = decode,
    .high_bits = LINEAR_START,
};
