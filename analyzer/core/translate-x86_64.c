// SPDX-License-Identifier: GPL-2.0-or-later
//
// x86_64 translation. The kernel's text and data are mapped linearly from 0xffffffff80000000
// at phys_base (signed: with KASLR the image may lie below its link address); everything else
// goes through 4 or 5 levels of tables from swapper_pg_dir, which lies in the image.
//
// i386 is here as a name only: its dumps open and are read by their PT_LOADs.
#include <elf.h>

#include "core/translate.h"

#define START_KERNEL_MAP 0xffffffff80000000ull

enum {
	PTE_PRESENT = 1 << 0,
	PTE_LARGE = 1 << 7,
	/* Without KERNEL_IMAGE_SIZE, before v4.10: the image has 512 MiB. */
	OLD_IMAGE_SIZE = 512 << 20,
};
#define PTE_ADDRESS 0x000ffffffffff000ull

/* v4.10 and RHEL 7 name it; before that the sub-header or kexec's PT_LOAD of the image tell.
 */
static uint64_t find_phys_base(struct core *core, const struct probe *probe)
{
	int64_t number;
	uint64_t addr, paddr;

	if (!core_number(core, "phys_base", &number, NULL))
		return (uint64_t)number;
	if (!probe->is_elf)
		return probe->kdump.phys_base;
	if (!core_symbol(core, "swapper_pg_dir", &addr, NULL) &&
	    probe_segment_virt(probe, addr, &paddr))
		return paddr - (addr - START_KERNEL_MAP);
	return 0;
}

static enum status set_up(struct core *core, const struct probe *probe, struct xlat *x,
			  struct err *err)
{
	uint64_t base = find_phys_base(core, probe);
	int64_t size = OLD_IMAGE_SIZE, five = 0, mask = 0;

	(void)core_number(core, "KERNEL_IMAGE_SIZE", &size, NULL);
	(void)core_number(core, "pgtable_l5_enabled", &five, NULL);
	(void)core_number(core, "sme_mask", &mask, NULL);
	if (size <= 0 || size > 1 << 30)
		size = 1 << 30;
	x->entry_mask = (uint64_t)mask & PTE_ADDRESS;
	x->bits = 9;
	x->shift = five ? 48 : 39;
	xlat_add_range(x, START_KERNEL_MAP, START_KERNEL_MAP + (uint64_t)size - 1, base);
	return xlat_root_symbol(x, core, "swapper_pg_dir", err);
}

static struct xlat_entry decode(const struct xlat *x, uint64_t entry, unsigned shift)
{
	struct xlat_entry e = {.pa = entry & PTE_ADDRESS};

	if (!(entry & PTE_PRESENT))
		return e;
	if (shift > x->page_shift && !(shift <= 30 && entry & PTE_LARGE)) {
		e.kind = XLAT_TABLE;
		return e;
	}
	e.kind = XLAT_LEAF;
	e.pa &= ~((1ull << shift) - 1); /* a large page has a flag in bit 12 */
	return e;
}

const struct xlat_arch xlat_x86_64 = {
    .id = CORE_ARCH_X86_64,
    .e_machine = EM_X86_64,
    .machine = "x86_64",
    .lib_name = "x86_64",
    .set_up = set_up,
    .decode = decode,
    .high_bits = UINT64_MAX,
};

const struct xlat_arch xlat_i386 = {
    .id = CORE_ARCH_I386,
    .e_machine = EM_386,
    .machine = "i686",
    .machine_also = "i386",
    .lib_name = "ia32",
};
