// SPDX-License-Identifier: GPL-2.0-or-later
//
// Building the memory of a made-up kernel: pages, page tables, notes. Writing it to a file is
// mkdump-write.c's business.
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "dumps/mkdump-inside.h"

/* Physical memory: text from MKDUMP_TEXT_PHYS - 1 page, tables, then pages for other
 * addresses. */
#define ROOT_PHYS (MKDUMP_TEXT_PHYS - MKDUMP_PAGE)
#define TABLE_PHYS 0x20000000ull
#define OTHER_PHYS 0x21000000ull
#define PPC64_LINEAR 0xc000000000000000ull
#define PTE_TABLE 0x67ull /* present, writable, accessed, dirty, user */
#define PTE_LEAF 0x63ull
#define PTE_ADDRESS 0x000ffffffffff000ull
#define DIRECT_SIZE (1ull << 46)

enum { NT_PRSTATUS = 1, PR_PID = 32, PR_REG = 112, PR_MAX = 504 };

static void *grown(void *p, size_t size)
{
	p = realloc(p, size);
	if (!p)
		abort();
	return p;
}

bool mkdump_is_big_endian(const struct mkdump *d)
{
	return d->arch == MKDUMP_PPC64 || d->arch == MKDUMP_S390X;
}

bool mkdump_is_x86_64(const struct mkdump *d)
{
	return d->arch == MKDUMP_X86_64 || d->arch == MKDUMP_X86_64_L5;
}

bool mkdump_is_text(uint64_t paddr)
{
	return paddr >= ROOT_PHYS && paddr < 0x10000000;
}

void mkdump_put(const struct mkdump *d, void *p, unsigned size, uint64_t value)
{
	uint8_t *byte = p;

	for (unsigned i = 0; i < size; i++)
		byte[mkdump_is_big_endian(d) ? size - 1 - i : i] = (uint8_t)(value >> 8 * i);
}

struct mkdump *mkdump_new(enum mkdump_arch arch)
{
	static const char *const machine[] = {"x86_64", "x86_64", "ppc64", "s390x"};
	struct mkdump *d = calloc(1, sizeof(*d));

	if (!d)
		abort();
	d->arch = arch;
	d->next_table = TABLE_PHYS;
	d->next_page = OTHER_PHYS;
	d->end_pfn = UINT64_MAX;
	mkdump_machine(d, machine[arch]);
	mkdump_info(d, "OSRELEASE=6.1.0-mkdump");
	mkdump_info(d, "PAGESIZE=%d", MKDUMP_PAGE);
	if (!mkdump_is_x86_64(d))
		return d;
	mkdump_page(d, ROOT_PHYS);
	mkdump_info(d, "SYMBOL(swapper_pg_dir)=%llx", MKDUMP_TEXT - MKDUMP_PAGE);
	mkdump_info(d, "NUMBER(phys_base)=%lld",
		    (long long)(MKDUMP_TEXT_PHYS - (MKDUMP_TEXT - 0xffffffff80000000ull)));
	mkdump_info(d, "NUMBER(pgtable_l5_enabled)=%d", arch == MKDUMP_X86_64_L5);
	mkdump_info(d, "NUMBER(KERNEL_IMAGE_SIZE)=1073741824");
	return d;
}

void mkdump_free(struct mkdump *d)
{
	if (!d)
		return;
	for (size_t i = 0; i < d->pages; i++)
		free(d->page[i].data);
	free(d->page);
	free(d->notes);
	free(d->info);
	free(d);
}

void mkdump_machine(struct mkdump *d, const char *machine)
{
	snprintf(d->machine, sizeof(d->machine), "%s", machine);
}

void mkdump_split(struct mkdump *d, uint64_t start_pfn, uint64_t end_pfn)
{
	d->split = true;
	d->start_pfn = start_pfn;
	d->end_pfn = end_pfn;
}

void mkdump_info(struct mkdump *d, const char *fmt, ...)
{
	char line[1024];
	va_list ap;
	int len;

	va_start(ap, fmt);
	len = vsnprintf(line, sizeof(line) - 1, fmt, ap);
	va_end(ap);
	if (len < 0 || (size_t)len >= sizeof(line) - 1)
		abort();
	line[len++] = '\n';
	d->info = grown(d->info, d->info_len + (size_t)len);
	memcpy(d->info + d->info_len, line, (size_t)len);
	d->info_len += (size_t)len;
}

void mkdump_info_clear(struct mkdump *d, bool none)
{
	d->info_len = 0;
	d->no_info = none;
}

/* The page at paddr's page, made if needed. Pages are kept sorted. */
struct mkdump_page *mkdump_page(struct mkdump *d, uint64_t paddr)
{
	uint64_t start = paddr & ~(uint64_t)(MKDUMP_PAGE - 1);
	size_t lo = 0, hi = d->pages;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (d->page[mid].paddr < start)
			lo = mid + 1;
		else
			hi = mid;
	}
	if (lo < d->pages && d->page[lo].paddr == start)
		return &d->page[lo];
	d->page = grown(d->page, (d->pages + 1) * sizeof(*d->page));
	memmove(&d->page[lo + 1], &d->page[lo], (d->pages - lo) * sizeof(*d->page));
	d->pages++;
	d->page[lo] = (struct mkdump_page){start, calloc(1, MKDUMP_PAGE), false};
	if (!d->page[lo].data)
		abort();
	return &d->page[lo];
}

void mkdump_phys(struct mkdump *d, uint64_t addr, const void *data, size_t len)
{
	const uint8_t *from = data;

	while (len) {
		size_t at = addr % MKDUMP_PAGE;
		size_t part = MKDUMP_PAGE - at < len ? MKDUMP_PAGE - at : len;

		memcpy(mkdump_page(d, addr)->data + at, from, part);
		from += part;
		addr += part;
		len -= part;
	}
}

void mkdump_drop(struct mkdump *d, uint64_t page)
{
	mkdump_page(d, page)->dropped = true;
}

static uint64_t get_entry(struct mkdump *d, uint64_t at)
{
	const uint8_t *p = mkdump_page(d, at)->data + at % MKDUMP_PAGE;
	uint64_t value = 0;

	for (unsigned i = 0; i < 8; i++)
		value |= (uint64_t)p[i] << 8 * i;
	return value;
}

static void set_entry(struct mkdump *d, uint64_t at, uint64_t value)
{
	uint8_t raw[8];

	mkdump_put(d, raw, sizeof(raw), value);
	mkdump_phys(d, at, raw, sizeof(raw));
}

/* Where x86_64 puts this address if it is new: text and direct map are linear. */
static uint64_t place(struct mkdump *d, uint64_t addr)
{
	if (addr >= MKDUMP_TEXT - MKDUMP_PAGE && addr < MKDUMP_TEXT + 0xd000000)
		return addr - MKDUMP_TEXT + MKDUMP_TEXT_PHYS;
	if (addr >= MKDUMP_DIRECT && addr < MKDUMP_DIRECT + DIRECT_SIZE)
		return addr - MKDUMP_DIRECT;
	d->next_page += MKDUMP_PAGE;
	return d->next_page - MKDUMP_PAGE;
}

uint64_t mkdump_translate(struct mkdump *d, uint64_t addr)
{
	uint64_t table = ROOT_PHYS, offset = addr % MKDUMP_PAGE, at, entry;

	if (!mkdump_is_x86_64(d))
		return d->arch == MKDUMP_PPC64 ? addr - PPC64_LINEAR : addr;
	for (unsigned shift = d->arch == MKDUMP_X86_64_L5 ? 48 : 39; shift > 12; shift -= 9) {
		at = table + (addr >> shift & 511) * 8;
		entry = get_entry(d, at);
		if (!entry) {
			entry = d->next_table | PTE_TABLE;
			d->next_table += MKDUMP_PAGE;
			set_entry(d, at, entry);
		}
		table = entry & PTE_ADDRESS;
	}
	at = table + (addr >> 12 & 511) * 8;
	entry = get_entry(d, at);
	if (!entry) {
		entry = place(d, addr - offset) | PTE_LEAF;
		set_entry(d, at, entry);
	}
	return (entry & PTE_ADDRESS) + offset;
}

void mkdump_virt(struct mkdump *d, uint64_t addr, const void *data, size_t len)
{
	const uint8_t *from = data;

	while (len) {
		size_t left = MKDUMP_PAGE - addr % MKDUMP_PAGE;
		size_t part = left < len ? left : len;

		mkdump_phys(d, mkdump_translate(d, addr), from, part);
		from += part;
		addr += part;
		len -= part;
	}
}

void mkdump_uint(struct mkdump *d, uint64_t addr, unsigned size, uint64_t value)
{
	uint8_t raw[8];

	if (size > sizeof(raw))
		abort();
	mkdump_put(d, raw, size, value);
	mkdump_virt(d, addr, raw, size);
}

void mkdump_note(struct mkdump *d, const char *name, uint32_t type, const void *desc,
		 size_t size)
{
	size_t namesz = strlen(name) + 1, name_room = (namesz + 3) & ~(size_t)3;
	size_t room = 12 + name_room + ((size + 3) & ~(size_t)3);
	uint8_t *p;

	d->notes = grown(d->notes, d->notes_len + room);
	p = d->notes + d->notes_len;
	memset(p, 0, room);
	mkdump_put(d, p, 4, namesz);
	mkdump_put(d, p + 4, 4, size);
	mkdump_put(d, p + 8, 4, type);
	memcpy(p + 12, name, namesz);
	if (size)
		memcpy(p + 12 + name_room, desc, size);
	d->notes_len += room;
}

void mkdump_cpu(struct mkdump *d, uint32_t pid, const uint64_t *values, size_t count)
{
	size_t size = d->arch == MKDUMP_PPC64 ? 504 : 336;
	uint8_t desc[PR_MAX] = {0};

	mkdump_put(d, desc + PR_PID, 4, pid);
	for (size_t i = 0; i < count && PR_REG + i * 8 + 8 <= size; i++)
		mkdump_put(d, desc + PR_REG + i * 8, 8, values[i]);
	mkdump_note(d, "CORE", NT_PRSTATUS, desc, size);
}
