// SPDX-License-Identifier: GPL-2.0-or-later
//
// arm64 translation: pages of 4, 16 or 64 KiB and 36 to 52 bits of virtual address. VA_BITS is
// what the kernel was built for, TCR_EL1_T1SZ (v5.4) what this CPU can do. All index bits but
// the root's are page shift - 3; the root table has what is left.
#include <elf.h>

#include "core/translate.h"

enum { PTE_VALID = 1 << 0, PTE_TABLE = 1 << 1 };

static void add_linear(struct core *core, struct xlat *x, uint64_t va_bits, bool low)
{
	int64_t offset;
	uint64_t start = low ? 0 - (1ull << va_bits) : 0 - (1ull << (va_bits - 1));

	if (!core_number(core, "PHYS_OFFSET", &offset, NULL))
		xlat_add_range(x, start, start + (1ull << (va_bits - 1)) - 1,
			       (uint64_t)offset);
}

static enum status set_up(struct core *core, const struct probe *probe, struct xlat *x,
			  struct err *err)
{
	int64_t voffset, va_bits, t1sz;
	unsigned step = x->page_shift - 3, real;
	uint64_t root;
	enum status st = core_number(core, "kimage_voffset", &voffset, err);

	(void)probe;
	if (!st)
		st = core_number(core, "VA_BITS", &va_bits, err);
	if (!st)
		st = core_symbol(core, "swapper_pg_dir", &root, err);
	if (st)
		return st;
	real = (unsigned)va_bits;
	if (!core_number(core, "TCR_EL1_T1SZ", &t1sz, NULL))
		real = (unsigned)(64 - t1sz);
	if (va_bits < 36 || va_bits > 52 || real < 36 || real > 52)
		return err_set(err, STATUS_BROKEN, "%u of %d bits of virtual address", real,
			       (int)va_bits);
	/* v5.4 turned the halves around: the linear map is the lower one since. */
	add_linear(core, x, (uint64_t)va_bits,
		   !core_number(core, "TCR_EL1_T1SZ", &t1sz, NULL));
	x->shift = x->page_shift + (real - x->page_shift - 1) / step * step;
	x->bits = real - x->shift;
	x->wide_pa = real == 52 || x->page_shift == 16;
	x->root = root - (uint64_t)voffset;
	x->root_known = true;
	return STATUS_FOUND;
}

/* Where 52 bits of physical address go: 64 KiB pages keep 51:48 in 15:12, others 51:50 in 9:8.
 */
static uint64_t entry_address(const struct xlat *x, uint64_t entry)
{
	uint64_t low = 0 - (1ull << x->page_shift);

	if (!x->wide_pa)
		return entry & 0x0000ffffffffffffull & low;
	if (x->page_shift == 16)
		return (entry & 0x0000ffffffff0000ull) | (entry >> 12 & 0xf) << 48;
	return (entry & 0x0003ffffffffffffull & low) | (entry >> 8 & 3) << 50;
}

static struct xlat_entry decode(const struct xlat *x, uint64_t entry, unsigned shift)
{
	struct xlat_entry e = {.pa = entry_address(x, entry), .bits = x->page_shift - 3};

	if (!(entry & PTE_VALID))
		return e;
	if (shift > x->page_shift && entry & PTE_TABLE) {
		e.kind = XLAT_TABLE;
		return e;
	}
	e.kind = XLAT_LEAF;
	e.pa &= ~((1ull << shift) - 1);
	return e;
}

/* Bits 63 to 56 may be a tag; bit 55 says which half the address is in. */
static uint64_t untag(uint64_t addr)
{
	return addr >> 55 & 1 ? addr | 0xffull << 56 : addr;
}

const struct xlat_arch xlat_aarch64 = {
    .id = CORE_ARCH_AARCH64,
    .e_machine = EM_AARCH64,
    .machine = "aarch64",
    .machine_also = "arm64",
    .lib_name = "aarch64",
    .set_up = set_up,
    .decode = decode,
    .high_bits = UINT64_MAX,
    .untag = untag,
};
