// SPDX-License-Identifier: GPL-2.0-or-later
//
// riscv64 translation: Sv39, Sv48 or Sv57, 9 index bits a level. The formulas matter here:
// kexec-tools leaves memory that was reserved early out of the dump, and with it page tables
// of the direct map.
#include <elf.h>

#include "core/translate.h"

/* Modules and BPF lie above this and below the image; the direct map ends before. */
#define DIRECT_LAST 0xfffffffeffffffffull

enum { PTE_VALID = 1 << 0, PTE_RWX = 7 << 1 };

static enum status set_up(struct core *core, const struct probe *probe, struct xlat *x,
			  struct err *err)
{
	int64_t link, offset, page_offset, ram, va_bits;
	enum status st = core_number(core, "VA_BITS", &va_bits, err);

	(void)probe;
	if (!st)
		st = core_number(core, "KERNEL_LINK_ADDR", &link, err);
	if (!st)
		st = core_number(core, "va_kernel_pa_offset", &offset, err);
	if (st)
		return st;
	if (va_bits != 39 && va_bits != 48 && va_bits != 57)
		return err_set(err, STATUS_BROKEN, "%d bits of virtual address", (int)va_bits);
	xlat_add_range(x, (uint64_t)link, UINT64_MAX, (uint64_t)link - (uint64_t)offset);
	if (!core_number(core, "PAGE_OFFSET", &page_offset, NULL) &&
	    !core_number(core, "phys_ram_base", &ram, NULL))
		xlat_add_range(x, (uint64_t)page_offset, DIRECT_LAST, (uint64_t)ram);
	x->bits = 9;
	x->shift = (unsigned)va_bits - x->bits;
	return xlat_root_symbol(x, core, "swapper_pg_dir", err);
}

static struct xlat_entry decode(const struct xlat *x, uint64_t entry, unsigned shift)
{
	struct xlat_entry e = {.pa = (entry >> 10 & ((1ull << 44) - 1)) << 12};

	(void)x;
	if (!(entry & PTE_VALID))
		return e;
	e.kind = entry & PTE_RWX ? XLAT_LEAF : XLAT_TABLE;
	if (e.kind == XLAT_LEAF)
		e.pa &= ~((1ull << shift) - 1);
	return e;
}

const struct xlat_arch xlat_riscv64 = {
    .id = CORE_ARCH_RISCV64,
    .e_machine = EM_RISCV,
    .machine = "riscv64",
    .lib_name = "riscv64",
    .set_up = set_up,
    .decode = decode,
    .high_bits = UINT64_MAX,
};
