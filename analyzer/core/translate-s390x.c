// SPDX-License-Identifier: GPL-2.0-or-later
//
// s390x translation. Before v6.10 kernel virtual addresses are physical ones; since then the
// image is mapped at KERNELOFFSET, physically at KERNELOFFPHYS, and memory at IDENTITYBASE.
// Upper tables have 11 index bits at 53, 42, 31 and 20, the page table 8 at 12. An entry of an
// upper table says which level its table is, and that tells where the root stands.
//
// Stand-alone and emulator dumps have no VMCOREINFO note; the kernel leaves a pointer to it in
// the lowcore.
#include <elf.h>

#include "core/translate.h"
#include "core/vmcoreinfo.h"

enum {
	UPPER_BITS = 11,
	PTE_BITS = 8,
	SEGMENT_SHIFT = 20,
	UPPER_INVALID = 0x20,
	UPPER_TYPE = 0xc, /* 0 segment, 4 region-third, 8 region-second, 12 region-first */
	UPPER_LARGE = 0x400,
	PTE_INVALID = 0x400,
	LOWCORE_VMCOREINFO = 0xe0c,
};

/* The level whose entry for an address that is mapped for sure names that same level. */
static enum status find_level(struct core *core, struct xlat *x, uint64_t mapped,
			      struct err *err)
{
	for (unsigned type = 1; type <= 3; type++) {
		unsigned shift = SEGMENT_SHIFT + type * UPPER_BITS;
		uint64_t at = x->root + (mapped >> shift & ((1u << UPPER_BITS) - 1)) * 8;
		uint8_t raw[8];
		uint64_t entry;
		enum status st = core_read_phys(core, at, raw, sizeof(raw), err);

		if (st)
			return err_add(err, st, "the top page table is not readable");
		entry = probe_uint(true, raw, sizeof(raw));
		if (!(entry & UPPER_INVALID) && (entry & UPPER_TYPE) >> 2 == type) {
			x->shift = shift;
			return STATUS_FOUND;
		}
	}
	return err_set(err, STATUS_BROKEN, "the top page table makes no sense");
}

static bool hex_line(struct core *core, const char *key, uint64_t *ret)
{
	struct slice line;

	return !core_info_line(core, key, &line, NULL) && vmcoreinfo_hex(line, ret);
}

static enum status set_up(struct core *core, const struct probe *probe, struct xlat *x,
			  struct err *err)
{
	uint64_t base = 0, image = UINT64_MAX, phys, root;
	enum status st;

	(void)probe;
	(void)hex_line(core, "IDENTITYBASE", &base);
	if (hex_line(core, "KERNELOFFPHYS", &phys) && hex_line(core, "KERNELOFFSET", &image))
		xlat_add_range(x, image, base > image ? base - 1 : UINT64_MAX, phys);
	xlat_add_range(x, base, base > image ? UINT64_MAX : image - 1, 0);
	x->bits = UPPER_BITS;
	x->big_entries = true;
	st = xlat_root_symbol(x, core, "swapper_pg_dir", err);
	if (!st)
		st = core_symbol(core, "swapper_pg_dir", &root, err);
	if (!st)
		st = find_level(core, x, root, err);
	x->root_known = !st;
	return st;
}

static struct xlat_entry decode(const struct xlat *x, uint64_t entry, unsigned shift)
{
	struct xlat_entry e = {.bits = shift > SEGMENT_SHIFT ? UPPER_BITS : PTE_BITS};
	bool large = shift <= SEGMENT_SHIFT + UPPER_BITS && entry & UPPER_LARGE;

	if (shift == x->page_shift)
		large = true;
	if (entry & (shift == x->page_shift ? PTE_INVALID : UPPER_INVALID))
		return e;
	e.kind = large ? XLAT_LEAF : XLAT_TABLE;
	if (large)
		e.pa = entry & ~((1ull << shift) - 1);
	else
		e.pa = entry & ~(shift > SEGMENT_SHIFT ? 0xfffull : 0x7ffull);
	return e;
}

const struct xlat_arch xlat_s390x = {
    .id = CORE_ARCH_S390X,
    .e_machine = EM_S390,
    .machine = "s390x",
    .lib_name = "s390x",
    .set_up = set_up,
    .decode = decode,
    .vmcoreinfo_at = LOWCORE_VMCOREINFO,
};
