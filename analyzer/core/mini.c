// SPDX-License-Identifier: GPL-2.0-or-later
//
// Writing a kdump-compressed dump, header version 6. Its layout is told in probe-kdump.c.
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

#include "core/kdump-format.h"
#include "core/mini.h"
#include "core/regs.h"

enum {
	MINI_LEVEL = 9, /* read many times, written once */
	MINI_MAX_PAGE = 64 * 1024,
	MINI_PIECE = 256, /* grain of pages that are there in part */
	MINI_MAX_NOTES = 64 << 20,
};

void page_set_init(struct page_set *set, size_t limit)
{
	*set = (struct page_set){.limit = limit};
}

void page_set_done(struct page_set *set)
{
	free(set->page);
	*set = (struct page_set){0};
}

static int by_value(const void *pa, const void *pb)
{
	uint64_t a = *(const uint64_t *)pa, b = *(const uint64_t *)pb;

	return a < b ? -1 : a > b;
}

void page_set_sort(struct page_set *set)
{
	size_t kept = 0;

	if (set->count)
		qsort(set->page, set->count, sizeof(*set->page), by_value);
	for (size_t i = 0; i < set->count; i++) {
		if (!kept || set->page[kept - 1] != set->page[i])
			set->page[kept++] = set->page[i];
	}
	set->count = kept;
}

/*
 * Repeats are frequent: they go before more memory is asked for. Room for twice the limit, so
 * that a set that is full of different pages can still take repeats at little cost.
 */
static bool make_room(struct page_set *set)
{
	size_t cap = set->cap ? set->cap * 2 : 256;
	uint64_t *page;

	page_set_sort(set);
	if (set->count > set->limit)
		return false;
	if (set->cap && set->count <= set->cap / 2)
		return true;
	if (cap > set->limit * 2 + 2)
		cap = set->limit * 2 + 2;
	page = realloc(set->page, cap * sizeof(*page));
	if (!page)
		return false;
	set->page = page;
	set->cap = cap;
	return true;
}

void page_set_add(struct page_set *set, uint64_t page)
{
	if (set->count == set->cap && !make_room(set)) {
		set->overflowed = true;
		return;
	}
	set->page[set->count++] = page;
}

void page_set_seen(uint64_t page, void *ctx)
{
	page_set_add(ctx, page);
}

/* --- writing ----------------------------------------------------------------------------- */

/* Where things go; all file offsets. */
struct layout {
	unsigned block;
	uint64_t max_pfn;
	uint64_t notes, notes_len;
	uint64_t info;			/* VMCOREINFO's text within the notes */
	uint64_t bitmap, bitmap_blocks; /* of one of the two */
	uint64_t descriptors;
	uint64_t data;
};

static void put(const struct core *core, uint8_t *p, unsigned size, uint64_t value)
{
	for (unsigned i = 0; i < size; i++)
		p[core_is_big_endian(core) ? size - 1 - i : i] = (uint8_t)(value >> 8 * i);
}

static enum status write_at(int fd, uint64_t offset, const void *buf, size_t len,
			    struct err *err)
{
	const char *p = buf;

	while (len) {
		ssize_t n = pwrite(fd, p, len, (off_t)offset);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return err_set(err, STATUS_BROKEN, "cannot write: %s",
				       strerror(n ? errno : ENOSPC));
		p += n;
		offset += (uint64_t)n;
		len -= (size_t)n;
	}
	return STATUS_FOUND;
}

static void add_note(const struct core *core, struct buf *b, const char *name, uint32_t type,
		     const void *desc, size_t size)
{
	static const char zeros[4];
	uint8_t head[12];
	size_t name_size = strlen(name) + 1;

	put(core, head, 4, name_size);
	put(core, head + 4, 4, size);
	put(core, head + 8, 4, type);
	buf_add(b, head, sizeof(head));
	buf_add(b, name, name_size);
	buf_add(b, zeros, -name_size & 3);
	buf_add(b, desc, size);
	buf_add(b, zeros, -size & 3);
}

static enum status make_notes(struct core *core, struct buf *b, uint64_t *ret_info,
			      struct err *err)
{
	struct slice info = core_vmcoreinfo(core);
	uint8_t desc[REGS_MAX_NOTE];
	size_t size;

	for (unsigned i = 0; i < core_cpu_notes(core); i++) {
		/* libkdumpfile would refuse a dump with a note of the wrong size. */
		if (core_cpu_note(core, i, desc, sizeof(desc), &size, NULL))
			continue;
		add_note(core, b, "CORE", 1, desc, size);
	}
	*ret_info = b->len + 12 + 12;
	add_note(core, b, "VMCOREINFO", 0, info.p, info.n);
	return b->failed ? err_set(err, STATUS_BROKEN, "no memory for the notes")
			 : STATUS_FOUND;
}

static struct layout lay_out(const struct core *core, const struct page_set *pages,
			     uint64_t notes_len, uint64_t info)
{
	struct layout lay = {.block = core_page_size(core), .notes_len = notes_len};
	uint64_t bits = (uint64_t)lay.block * 8, sub_end;

	lay.max_pfn = pages->page[pages->count - 1] / lay.block + 1;
	lay.notes = lay.block + SH_SIZE;
	lay.info = lay.notes + info;
	sub_end = (lay.notes + notes_len + lay.block - 1) / lay.block * lay.block;
	lay.bitmap = sub_end;
	lay.bitmap_blocks = (lay.max_pfn + bits - 1) / bits;
	lay.descriptors = lay.bitmap + 2 * lay.bitmap_blocks * lay.block;
	lay.data = lay.descriptors + pages->count * PD_SIZE;
	return lay;
}

/* phys_base is in VMCOREINFO since v4.10 only, so readers of older kernels want it here. */
static uint64_t phys_base(struct core *core)
{
	const uint64_t start_kernel_map = 0xffffffff80000000ull;
	uint64_t addr, paddr;

	if (core_arch(core) != CORE_ARCH_X86_64 ||
	    core_symbol(core, "swapper_pg_dir", &addr, NULL) ||
	    core_virt_to_phys(core, addr, &paddr, NULL))
		return 0;
	return paddr - (addr - start_kernel_map);
}

static enum status write_headers(struct core *core, const struct layout *lay, int fd,
				 struct err *err)
{
	uint8_t head[DH_SIZE] = KDUMP_SIGNATURE, sub[SH_SIZE] = {0};
	struct core_utsname uts;
	enum status st;

	if (core_utsname(core, &uts, NULL))
		memset(&uts, 0, sizeof(uts));
	strcpy(uts.machine, core_machine(core));
	put(core, head + DH_VERSION, 4, 6);
	memcpy(head + DH_UTSNAME, &uts, sizeof(uts));
	put(core, head + DH_STATUS, 4, DH_ZLIB);
	put(core, head + DH_BLOCK_SIZE, 4, lay->block);
	put(core, head + DH_SUB_HDR_SIZE, 4, lay->bitmap / lay->block - 1);
	put(core, head + DH_BITMAP_BLOCKS, 4, 2 * lay->bitmap_blocks);
	put(core, head + DH_MAX_MAPNR, 4,
	    lay->max_pfn > UINT32_MAX ? UINT32_MAX : lay->max_pfn);
	put(core, head + DH_NR_CPUS, 4, core_cpu_notes(core));
	put(core, sub + SH_PHYS_BASE, 8, phys_base(core));
	put(core, sub + SH_DUMP_LEVEL, 4, 31);
	put(core, sub + SH_TEXTS, 8, lay->info);
	put(core, sub + SH_TEXTS + 8, 8, core_vmcoreinfo(core).n);
	put(core, sub + SH_TEXTS + 16, 8, lay->notes);
	put(core, sub + SH_TEXTS + 24, 8, lay->notes_len);
	put(core, sub + SH_MAX_MAPNR_64, 8, lay->max_pfn);
	st = write_at(fd, 0, head, sizeof(head), err);
	return st ? st : write_at(fd, lay->block, sub, sizeof(sub), err);
}

/* Both bitmaps, block by block: those without a page stay holes of the file. */
static enum status write_bitmaps(const struct layout *lay, const struct page_set *pages,
				 int fd, struct err *err)
{
	static uint8_t bits[MINI_MAX_PAGE];
	uint64_t per_block = (uint64_t)lay->block * 8;
	enum status st = STATUS_FOUND;

	for (size_t i = 0; !st && i < pages->count;) {
		uint64_t block = pages->page[i] / lay->block / per_block;

		memset(bits, 0, lay->block);
		for (; i < pages->count; i++) {
			uint64_t pfn = pages->page[i] / lay->block;

			if (pfn / per_block != block)
				break;
			bits[pfn % per_block / 8] |= (uint8_t)(1 << pfn % 8);
		}
		st = write_at(fd, lay->bitmap + block * lay->block, bits, lay->block, err);
		if (!st)
			st = write_at(fd,
				      lay->bitmap + (lay->bitmap_blocks + block) * lay->block,
				      bits, lay->block, err);
	}
	return st;
}

static enum status read_page(struct core *core, uint64_t page, uint8_t *buf, struct err *err)
{
	unsigned size = core_page_size(core);
	bool any = false;

	if (!core_read_phys(core, page, buf, size, err))
		return STATUS_FOUND;
	memset(buf, 0, size);
	for (unsigned at = 0; at < size; at += MINI_PIECE) {
		if (!core_read_phys(core, page + at, buf + at, MINI_PIECE, NULL))
			any = true;
		else
			memset(buf + at, 0, MINI_PIECE);
	}
	return any ? STATUS_FOUND
		   : err_add(err, STATUS_BROKEN, "page %#" PRIx64 " was read before", page);
}

/* Packs one page behind the data, and fills in its descriptor. */
static enum status write_page(struct core *core, uint64_t page, uint8_t *pd, uint64_t *at,
			      int fd, struct err *err)
{
	static uint8_t raw[MINI_MAX_PAGE], packed[MINI_MAX_PAGE + MINI_MAX_PAGE / 8];
	unsigned size = core_page_size(core);
	uLongf len = sizeof(packed);
	enum status st = read_page(core, page, raw, err);
	bool zlib;

	if (st)
		return st;
	zlib = compress2(packed, &len, raw, size, MINI_LEVEL) == Z_OK && len < size;
	if (!zlib)
		len = size;
	put(core, pd, 8, *at);
	put(core, pd + 8, 4, len);
	put(core, pd + 12, 4, zlib ? DH_ZLIB : 0);
	st = write_at(fd, *at, zlib ? packed : raw, len, err);
	*at += len;
	return st;
}

static enum status write_pages(struct core *core, const struct layout *lay,
			       const struct page_set *pages, int fd, struct err *err)
{
	_cleanup_free_ uint8_t *pd = calloc(pages->count, PD_SIZE);
	uint64_t at = lay->data;
	enum status st = STATUS_FOUND;

	if (!pd)
		return err_set(err, STATUS_BROKEN, "out of memory");
	for (size_t i = 0; !st && i < pages->count; i++)
		st = write_page(core, pages->page[i], pd + i * PD_SIZE, &at, fd, err);
	return st ? st : write_at(fd, lay->descriptors, pd, pages->count * PD_SIZE, err);
}

enum status core_write_mini(struct core *core, struct page_set *pages, int fd, struct err *err)
{
	struct buf notes;
	struct layout lay;
	uint64_t info;
	enum status st;

	core_observe(core, NULL, NULL);
	page_set_sort(pages);
	if (!pages->count)
		return err_set(err, STATUS_ABSENT, "no page was read");
	if (pages->overflowed || pages->count > pages->limit)
		return err_set(err, STATUS_BROKEN, "more than %zu pages were read",
			       pages->limit);
	if (!core_is_64bit(core))
		return err_set(err, STATUS_ABSENT,
			       "small dumps of 32-bit kernels are not written");
	buf_init(&notes, MINI_MAX_NOTES);
	st = make_notes(core, &notes, &info, err);
	if (!st) {
		lay = lay_out(core, pages, notes.len, info);
		st = write_headers(core, &lay, fd, err);
	}
	if (!st)
		st = write_at(fd, lay.notes, notes.data, notes.len, err);
	if (!st)
		st = write_bitmaps(&lay, pages, fd, err);
	if (!st)
		st = write_pages(core, &lay, pages, fd, err);
	buf_done(&notes);
	return st;
}
