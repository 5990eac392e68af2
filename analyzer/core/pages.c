// SPDX-License-Identifier: GPL-2.0-or-later
//
// Physical memory, page by page through a small cache. Every page is first looked for in the
// file by our own reading of its headers (probe.h), and only then asked from libkdumpfile,
// which cannot tell bytes that are lost from zeros.
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "core/flattened.h"
#include "core/inside.h"

static enum status find_in_split_set(struct core *core, uint64_t addr, size_t *ret,
				     struct err *err)
{
	uint64_t pfn = addr / core->page_size;

	for (size_t i = 0; i < core->files; i++) {
		const struct probe_kdump *k = &core->probe[i].kdump;

		if (pfn >= k->start_pfn && pfn < k->end_pfn) {
			*ret = i;
			return STATUS_FOUND;
		}
	}
	if (pfn < core->probe[0].kdump.max_pfn)
		return err_set(err, STATUS_ABSENT,
			       "page %#" PRIx64
			       " is in a file of the split set that was not given",
			       pfn * core->page_size);
	return err_set(err, STATUS_ABSENT, "physical address %#" PRIx64 " is not in the dump",
		       addr);
}

static enum status find_extent(struct core *core, uint64_t addr, size_t *ret_file,
			       struct probe_extent *ret, struct err *err)
{
	enum status st;

	*ret_file = 0;
	if (core->probe[0].is_elf)
		return probe_find_elf(&core->probe[0], &core->file[0], addr, core->page_size,
				      ret, err);
	st = find_in_split_set(core, addr, ret_file, err);
	if (st)
		return st;
	return probe_find_kdump(&core->probe[*ret_file], &core->file[*ret_file], addr, ret,
				err);
}

/*
 * The library reads what the probe found, but for ELF files that it refuses or that are cut:
 * of two PT_LOADs over one page it may choose the one that is lost, and then reads zeros.
 */
static enum status load_extent(struct core *core, size_t file, const struct probe_extent *ext,
			       void *buf, struct err *err)
{
	struct core_file *f = &core->file[file];
	size_t len = (size_t)(ext->end - ext->start);
	enum status st = STATUS_FOUND;

	if (!core->lib || (core->probe[0].is_elf && !core->info.complete))
		return core_file_read(f, ext->offset, buf, len, err);
	if (f->flat)
		st = flattened_fill(f->flat, ext->descriptor, ext->descriptor_bytes, err);
	if (!st && f->flat)
		st = flattened_fill(f->flat, ext->offset, ext->length, err);
	if (!st)
		st = kdumpfile_read(core->lib, ext->start, buf, len, err);
	return st ? err_add(err, st, "page %#" PRIx64, ext->start) : STATUS_FOUND;
}

static uint8_t *page_bytes(struct core *core, const struct page *page)
{
	return core->bytes + (size_t)(page - core->page) * core->page_size;
}

static struct page *find_cached(struct core *core, uint64_t addr)
{
	for (unsigned i = 0; i < core->pages; i++) {
		if (addr >= core->page[i].start && addr < core->page[i].end)
			return &core->page[i];
	}
	return NULL;
}

static struct page *longest_unused(struct core *core)
{
	struct page *oldest = &core->page[0];

	for (unsigned i = 1; i < core->pages; i++) {
		if (core->page[i].used < oldest->used)
			oldest = &core->page[i];
	}
	return oldest;
}

/* The cached page that holds the byte at addr. */
static enum status get_page(struct core *core, uint64_t addr, struct page **ret,
			    struct err *err)
{
	struct page *page = find_cached(core, addr);
	struct probe_extent ext;
	size_t file;
	enum status st;

	if (!page) {
		st = find_extent(core, addr, &file, &ext, err);
		if (st)
			return st;
		page = longest_unused(core);
		page->end = page->start;
		st = load_extent(core, file, &ext, page_bytes(core, page), err);
		if (st)
			return st;
		page->start = ext.start;
		page->end = ext.end;
		if (core->seen)
			core->seen(addr & ~(uint64_t)(core->page_size - 1), core->seen_ctx);
	}
	page->used = ++core->clock;
	*ret = page;
	return STATUS_FOUND;
}

static void forget_pages(struct core *core)
{
	memset(core->page, 0, sizeof(core->page));
	xlat_forget(&core->xlat);
}

void core_observe(struct core *core, void (*seen)(uint64_t page, void *ctx), void *ctx)
{
	core->seen = seen;
	core->seen_ctx = ctx;
	forget_pages(core); /* so that a page read before is loaded, and seen, once more */
}

enum status core_pages_init(struct core *core, unsigned page_size, struct err *err)
{
	uint8_t *bytes;

	core->page_size = page_size;
	core->pages =
	    CACHE_BYTES / page_size < CACHE_PAGES ? CACHE_BYTES / page_size : CACHE_PAGES;
	bytes = realloc(core->bytes, (size_t)core->pages * page_size);
	if (!bytes)
		return err_set(err, STATUS_BROKEN, "out of memory");
	core->bytes = bytes;
	forget_pages(core);
	return STATUS_FOUND;
}

enum status core_read_phys(struct core *core, uint64_t addr, void *buf, size_t len,
			   struct err *err)
{
	uint8_t *to = buf;

	while (len) {
		struct page *page;
		size_t part;
		enum status st = get_page(core, addr, &page, err);

		if (st)
			return st;
		part = (size_t)(page->end - addr) < len ? (size_t)(page->end - addr) : len;
		memcpy(to, page_bytes(core, page) + (addr - page->start), part);
		to += part;
		addr += part;
		len -= part;
	}
	return STATUS_FOUND;
}
