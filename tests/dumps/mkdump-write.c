// SPDX-License-Identifier: GPL-2.0-or-later
//
// Writing a made-up kernel as ELF, kdump-compressed, or a flattened stream of either.
#define _FILE_OFFSET_BITS 64
#include <elf.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

#include "dumps/mkdump-inside.h"

/* The file as it grows; parts may be put anywhere. */
struct out {
	uint8_t *data;
	size_t len, cap;
};

static uint8_t *out_at(struct out *o, size_t offset, size_t len)
{
	if (offset + len > o->cap) {
		size_t cap = (offset + len) * 2;

		o->data = realloc(o->data, cap);
		if (!o->data)
			abort();
		memset(o->data + o->cap, 0, cap - o->cap);
		o->cap = cap;
	}
	if (offset + len > o->len)
		o->len = offset + len;
	return o->data + offset;
}

static void out_put(struct out *o, size_t offset, const void *data, size_t len)
{
	if (len)
		memcpy(out_at(o, offset, len), data, len);
}

/* All notes, VMCOREINFO last; *ret_info is where its text begins. */
static struct out notes_of(struct mkdump *d, size_t *ret_info)
{
	struct out o = {0};
	size_t kept = d->notes_len;

	if (!d->no_info)
		mkdump_note(d, "VMCOREINFO", 0, d->info, d->info_len);
	out_put(&o, 0, d->notes, d->notes_len);
	d->notes_len = kept;
	*ret_info = kept + 12 + 12;
	return o;
}

/* --- ELF --------------------------------------------------------------------------------- */

#define PUT(d, p, type, member, value)                                                      \
	mkdump_put(d, (uint8_t *)(p) + offsetof(type, member), sizeof(((type *)0)->member), \
		   value)

/* Pages that follow each other and belong to the same part of the address space. */
static size_t run_length(const struct mkdump *d, size_t first)
{
	size_t n = 1;

	if (d->page[first].dropped)
		return 1;
	while (first + n < d->pages && !d->page[first + n].dropped &&
	       d->page[first + n].paddr == d->page[first].paddr + n * MKDUMP_PAGE &&
	       mkdump_is_text(d->page[first + n].paddr) ==
		   mkdump_is_text(d->page[first].paddr))
		n++;
	return n;
}

static uint64_t load_address(const struct mkdump *d, uint64_t paddr)
{
	if (d->arch == MKDUMP_PPC64)
		return paddr + 0xc000000000000000ull;
	if (!mkdump_is_x86_64(d))
		return paddr;
	return mkdump_is_text(paddr) ? paddr - MKDUMP_TEXT_PHYS + MKDUMP_TEXT
				     : paddr + MKDUMP_DIRECT;
}

static void elf_header(const struct mkdump *d, uint8_t *p, size_t phnum, size_t shoff)
{
	static const uint16_t machine[] = {EM_X86_64, EM_X86_64, EM_PPC64, EM_S390};

	memcpy(p, ELFMAG, SELFMAG);
	p[EI_CLASS] = ELFCLASS64;
	p[EI_DATA] = mkdump_is_big_endian(d) ? ELFDATA2MSB : ELFDATA2LSB;
	p[EI_VERSION] = EV_CURRENT;
	PUT(d, p, Elf64_Ehdr, e_type, ET_CORE);
	PUT(d, p, Elf64_Ehdr, e_machine, machine[d->arch]);
	PUT(d, p, Elf64_Ehdr, e_version, EV_CURRENT);
	PUT(d, p, Elf64_Ehdr, e_phoff, sizeof(Elf64_Ehdr));
	PUT(d, p, Elf64_Ehdr, e_ehsize, sizeof(Elf64_Ehdr));
	PUT(d, p, Elf64_Ehdr, e_phentsize, sizeof(Elf64_Phdr));
	PUT(d, p, Elf64_Ehdr, e_phnum, shoff ? PN_XNUM : phnum);
	if (!shoff)
		return;
	PUT(d, p, Elf64_Ehdr, e_shoff, shoff);
	PUT(d, p, Elf64_Ehdr, e_shentsize, sizeof(Elf64_Shdr));
	PUT(d, p, Elf64_Ehdr, e_shnum, 1);
}

static void elf_segment(const struct mkdump *d, uint8_t *p, uint32_t type, uint64_t offset,
			uint64_t paddr, uint64_t filesz, uint64_t memsz)
{
	PUT(d, p, Elf64_Phdr, p_type, type);
	PUT(d, p, Elf64_Phdr, p_offset, offset);
	PUT(d, p, Elf64_Phdr, p_paddr, paddr);
	PUT(d, p, Elf64_Phdr, p_vaddr, type == PT_LOAD ? load_address(d, paddr) : 0);
	PUT(d, p, Elf64_Phdr, p_filesz, filesz);
	PUT(d, p, Elf64_Phdr, p_memsz, memsz);
}

static struct out write_elf(struct mkdump *d, bool many)
{
	size_t info, phnum = 1, shoff, at;
	struct out o = {0}, notes = notes_of(d, &info);
	uint8_t *ph;

	for (size_t i = 0; i < d->pages; i += run_length(d, i))
		phnum++;
	shoff = sizeof(Elf64_Ehdr) + phnum * sizeof(Elf64_Phdr);
	at = shoff + sizeof(Elf64_Shdr);
	out_at(&o, 0, at + d->pages * MKDUMP_PAGE + notes.len + MKDUMP_PAGE);
	o.len = 0;
	elf_header(d, o.data, phnum, many ? shoff : 0);
	if (many)
		PUT(d, o.data + shoff, Elf64_Shdr, sh_info, phnum);
	ph = o.data + sizeof(Elf64_Ehdr);
	elf_segment(d, ph, PT_NOTE, at, 0, notes.len, 0);
	out_put(&o, at, notes.data, notes.len);
	at = (at + notes.len + MKDUMP_PAGE - 1) & ~(size_t)(MKDUMP_PAGE - 1);
	for (size_t i = 0, n; i < d->pages; i += n) {
		uint64_t size;

		n = run_length(d, i);
		size = n * MKDUMP_PAGE;
		ph += sizeof(Elf64_Phdr);
		elf_segment(d, ph, PT_LOAD, at, d->page[i].paddr,
			    d->page[i].dropped ? 0 : size, size);
		for (size_t j = i; j < i + n && !d->page[i].dropped; j++, at += MKDUMP_PAGE)
			out_put(&o, at, d->page[j].data, MKDUMP_PAGE);
	}
	free(notes.data);
	return o;
}

/* --- kdump-compressed -------------------------------------------------------------------- */

/*
 * Packers take a page and return how many bytes they made of it, a page's worth or more where it
 * did not shrink; `to` has room for two pages.
 *
 * For snappy and zstd no library is needed: the bytes up to the page's last that is not zero stand
 * as they are, the zeros behind them as what either format has for repetition.
 */
static size_t pack_zlib(uint8_t *to, const uint8_t *page)
{
	uLongf len = MKDUMP_PAGE * 2;

	return compress2(to, &len, page, MKDUMP_PAGE, 6) == Z_OK ? len : MKDUMP_PAGE;
}

static size_t used_bytes(const uint8_t *page)
{
	size_t n = MKDUMP_PAGE;

	while (n && !page[n - 1])
		n--;
	return n;
}

/* The length, 4096; a literal, with one zero; copies of up to 64 bytes from one byte back. */
static size_t pack_snappy(uint8_t *to, const uint8_t *page)
{
	size_t used = used_bytes(page), at = 5;

	if (used == MKDUMP_PAGE)
		return MKDUMP_PAGE;
	memcpy(to, (uint8_t[]){0x80, 0x20, 61 << 2, (uint8_t)used, (uint8_t)(used >> 8)}, at);
	memcpy(to + at, page, used + 1);
	at += used + 1;
	for (size_t left = MKDUMP_PAGE - used - 1; left;) {
		size_t len = left < 64 ? left : 64;

		memcpy(to + at, (uint8_t[]){(uint8_t)((len - 1) << 2 | 2), 1, 0}, 3);
		at += 3;
		left -= len;
	}
	return at;
}

/* One frame of known size, 4096 - 256; a raw block, and as the last one a byte repeated. */
static size_t pack_zstd(uint8_t *to, const uint8_t *page)
{
	size_t used = used_bytes(page), zeros = MKDUMP_PAGE - used, at = 10;

	memcpy(to, (uint8_t[]){0x28, 0xb5, 0x2f, 0xfd, 0x60, 0x00, 0x0f, (uint8_t)(used << 3),
			       (uint8_t)(used >> 5), 0},
	       at);
	memcpy(to + at, page, used);
	at += used;
	memcpy(to + at,
	       (uint8_t[]){(uint8_t)(zeros << 3 | 1 << 1 | 1), (uint8_t)(zeros >> 5), 0, 0}, 4);
	return at + 4;
}

struct packing {
	unsigned flag; /* of the dump and of each packed page */
	size_t (*pack)(uint8_t *to, const uint8_t *page);
};

static struct packing packing_of(enum mkdump_format format)
{
	switch (format) {
	case MKDUMP_RAW:
		return (struct packing){0};
	case MKDUMP_SNAPPY:
		return (struct packing){4, pack_snappy};
	case MKDUMP_ZSTD:
		return (struct packing){0x20, pack_zstd};
	default:
		return (struct packing){1, pack_zlib};
	}
}

/* Offsets in the headers and the fields' sizes are those of probe-kdump.c. */
static void kdump_header(const struct mkdump *d, uint8_t *p, unsigned flag, size_t bitmap_blocks,
			 uint64_t max_pfn)
{
	memcpy(p, "KDUMP   ", 8);
	mkdump_put(d, p + 8, 4, 6);
	strcpy((char *)p + 12, "Linux");
	strcpy((char *)p + 12 + 65, "mkdump");
	strcpy((char *)p + 12 + 2 * 65, "6.1.0-mkdump");
	strcpy((char *)p + 12 + 4 * 65, d->machine);
	mkdump_put(d, p + 424, 4, flag);
	mkdump_put(d, p + 428, 4, MKDUMP_PAGE);
	mkdump_put(d, p + 432, 4, 1);
	mkdump_put(d, p + 436, 4, bitmap_blocks);
	mkdump_put(d, p + 440, 4, max_pfn);
}

static void kdump_sub_header(const struct mkdump *d, uint8_t *p, uint64_t max_pfn,
			     size_t notes_at, size_t notes_len, size_t info)
{
	if (mkdump_is_x86_64(d))
		mkdump_put(d, p, 8, MKDUMP_TEXT_PHYS - (MKDUMP_TEXT - 0xffffffff80000000ull));
	mkdump_put(d, p + 12, 4, d->split);
	if (!d->no_info) {
		mkdump_put(d, p + 32, 8, notes_at + info);
		mkdump_put(d, p + 40, 8, d->info_len);
	}
	mkdump_put(d, p + 48, 8, notes_at);
	mkdump_put(d, p + 56, 8, notes_len);
	mkdump_put(d, p + 80, 8, d->split ? d->start_pfn : 0);
	mkdump_put(d, p + 88, 8, d->split ? d->end_pfn : 0);
	mkdump_put(d, p + 96, 8, max_pfn);
}

static size_t put_page(const struct mkdump *d, struct out *o, size_t descriptor, size_t at,
		       const uint8_t *data, struct packing packing)
{
	uint8_t packed[MKDUMP_PAGE * 2];
	size_t len = packing.pack ? packing.pack(packed, data) : MKDUMP_PAGE;

	if (len > MKDUMP_PAGE)
		len = MKDUMP_PAGE;
	out_put(o, at, len == MKDUMP_PAGE ? data : packed, len);
	mkdump_put(d, out_at(o, descriptor, 24), 8, at);
	mkdump_put(d, o->data + descriptor + 8, 4, len);
	mkdump_put(d, o->data + descriptor + 12, 4, len == MKDUMP_PAGE ? 0 : packing.flag);
	return at + len;
}

static bool in_member(const struct mkdump *d, const struct mkdump_page *page)
{
	uint64_t pfn = page->paddr / MKDUMP_PAGE;

	return !page->dropped && (!d->split || (pfn >= d->start_pfn && pfn < d->end_pfn));
}

static struct out write_kdump(struct mkdump *d, struct packing packing)
{
	uint64_t max_pfn = d->pages ? d->page[d->pages - 1].paddr / MKDUMP_PAGE + 1 : 0;
	size_t blocks = (max_pfn / 8 + MKDUMP_PAGE) / MKDUMP_PAGE, info, descriptor, at,
	       bitmap;
	struct out o = {0}, notes = notes_of(d, &info);
	/* The notes stand behind everything: nothing says that they are in the sub-header. */
	size_t count = 0;

	bitmap = 2 * MKDUMP_PAGE;
	descriptor = bitmap + 2 * blocks * MKDUMP_PAGE;
	out_at(&o, 0, descriptor);
	for (size_t i = 0; i < d->pages; i++) {
		uint64_t pfn = d->page[i].paddr / MKDUMP_PAGE;

		o.data[bitmap + pfn / 8] |= (uint8_t)(1 << pfn % 8);
		if (!d->page[i].dropped)
			o.data[bitmap + blocks * MKDUMP_PAGE + pfn / 8] |=
			    (uint8_t)(1 << pfn % 8);
		count += in_member(d, &d->page[i]);
	}
	at = descriptor + count * 24;
	for (size_t i = 0; i < d->pages; i++) {
		if (!in_member(d, &d->page[i]))
			continue;
		at = put_page(d, &o, descriptor, at, d->page[i].data, packing);
		descriptor += 24;
	}
	kdump_header(d, o.data, packing.flag, 2 * blocks, max_pfn);
	kdump_sub_header(d, o.data + MKDUMP_PAGE, max_pfn, at, notes.len, info);
	out_put(&o, at, notes.data, notes.len);
	free(notes.data);
	return o;
}

/* --- flattened --------------------------------------------------------------------------- */

static void add_record(struct out *o, uint64_t offset, const uint8_t *data, size_t len)
{
	uint8_t head[16];

	for (unsigned i = 0; i < 8; i++) {
		head[i] = (uint8_t)(offset >> (56 - 8 * i));
		head[8 + i] = (uint8_t)((uint64_t)len >> (56 - 8 * i));
	}
	out_put(o, o->len, head, sizeof(head));
	out_put(o, o->len, data, len);
}

/*
 * Records of uneven sizes. The first page is sent zeroed and again at the end, as makedumpfile
 * rewrites its header, so a reader that does not let the last record win sees no dump.
 */
static struct out flatten(const struct out *file)
{
	enum { PIECE = 10007 };
	static const uint8_t zeros[MKDUMP_PAGE];
	struct out o = {0};

	memcpy(out_at(&o, 0, 4096), "makedumpfile", 12);
	o.data[23] = 1; /* type and version, each 64 bits, big-endian */
	o.data[31] = 1;
	add_record(&o, 0, zeros, sizeof(zeros));
	for (size_t at = sizeof(zeros); at < file->len; at += PIECE)
		add_record(&o, at, file->data + at,
			   file->len - at < PIECE ? file->len - at : PIECE);
	add_record(&o, 0, file->data, sizeof(zeros));
	memset(out_at(&o, o.len, 16), 0xff, 16);
	return o;
}

void mkdump_write(struct mkdump *d, int fd, enum mkdump_format format)
{
	struct out o, flat;

	if (format == MKDUMP_ELF || format == MKDUMP_ELF_MANY || format == MKDUMP_FLAT_ELF)
		o = write_elf(d, format == MKDUMP_ELF_MANY);
	else
		o = write_kdump(d, packing_of(format));
	if (format == MKDUMP_FLAT_ELF || format == MKDUMP_FLAT_ZLIB) {
		flat = flatten(&o);
		free(o.data);
		o = flat;
	}
	for (size_t done = 0; done < o.len;) {
		ssize_t n = pwrite(fd, o.data + done, o.len - done, (off_t)done);

		if (n <= 0)
			abort();
		done += (size_t)n;
	}
	free(o.data);
}

int mkdump_open(struct mkdump *d, enum mkdump_format format)
{
	FILE *f = tmpfile();
	int fd = f ? dup(fileno(f)) : -1;

	if (fd < 0)
		abort();
	fclose(f);
	mkdump_write(d, fd, format);
	return fd;
}
