// SPDX-License-Identifier: GPL-2.0-or-later
//
// ELF dumps: /proc/vmcore and copies of it, `makedumpfile -E`, QEMU's dump-guest-memory.
//
// One PT_NOTE or more, and a PT_LOAD per range of physical memory. The kernel's own image
// comes as one more PT_LOAD over memory that another one covers too, with its virtual address.
// Only program headers are looked at: QEMU writes section headers that are wrong on some
// hosts.
#include <elf.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "core/flattened.h"
#include "core/probe.h"

/* Set in e_flags by `makedumpfile -E` until it is done; other machines use that bit. */
enum { EF_INCOMPLETE = 1 };

struct elf_head {
	uint64_t phoff, shoff;
	uint32_t flags;
	unsigned phentsize;
	uint64_t phnum;
};

static uint64_t field(const struct probe *probe, const uint8_t *p, unsigned at64,
		      unsigned at32, unsigned size64, unsigned size32)
{
	return probe->is_64 ? probe_uint(probe->big_endian, p + at64, size64)
			    : probe_uint(probe->big_endian, p + at32, size32);
}

/* More than 65534 program headers are counted in sh_info of section header 0. */
static enum status read_extended_count(struct probe *probe, const struct core_file *file,
				       struct elf_head *head, struct err *err)
{
	uint64_t at = head->shoff + (probe->is_64 ? offsetof(Elf64_Shdr, sh_info)
						  : offsetof(Elf32_Shdr, sh_info));
	uint8_t info[4];
	enum status st;

	if (!head->shoff || at < head->shoff)
		return err_set(err, STATUS_BROKEN, "the program headers are not counted");
	st = core_file_read(file, at, info, sizeof(info), err);
	if (st)
		return err_add(err, st, "cannot count the program headers");
	head->phnum = probe_uint(probe->big_endian, info, sizeof(info));
	return STATUS_FOUND;
}

#define FIELD(probe, p, type, member)                                                   \
	field(probe, p, offsetof(Elf64_##type, member), offsetof(Elf32_##type, member), \
	      sizeof(((Elf64_##type *)0)->member), sizeof(((Elf32_##type *)0)->member))

static enum status read_head(struct probe *probe, const struct core_file *file,
			     struct elf_head *ret, struct err *err)
{
	uint8_t p[sizeof(Elf64_Ehdr)];
	struct elf_head head = {0};
	unsigned type;
	enum status st;

	st = core_file_read(file, 0, p, sizeof(p), err);
	if (st)
		return err_add(err, st, "cut short within the ELF header");
	if (p[EI_CLASS] != ELFCLASS64 && p[EI_CLASS] != ELFCLASS32)
		return err_set(err, STATUS_BROKEN, "ELF class %u", p[EI_CLASS]);
	if (p[EI_DATA] != ELFDATA2LSB && p[EI_DATA] != ELFDATA2MSB)
		return err_set(err, STATUS_BROKEN, "ELF byte order %u", p[EI_DATA]);
	probe->is_64 = p[EI_CLASS] == ELFCLASS64;
	probe->big_endian = p[EI_DATA] == ELFDATA2MSB;
	type = (unsigned)FIELD(probe, p, Ehdr, e_type);
	if (type != ET_CORE)
		return err_set(err, STATUS_BROKEN, "an ELF file of type %u, not a core dump",
			       type);
	probe->e_machine = (uint16_t)FIELD(probe, p, Ehdr, e_machine);
	head.phoff = FIELD(probe, p, Ehdr, e_phoff);
	head.shoff = FIELD(probe, p, Ehdr, e_shoff);
	head.flags = (uint32_t)FIELD(probe, p, Ehdr, e_flags);
	probe->has_sections =
	    head.shoff || FIELD(probe, p, Ehdr, e_shnum) || FIELD(probe, p, Ehdr, e_shstrndx);
	head.phentsize = (unsigned)FIELD(probe, p, Ehdr, e_phentsize);
	head.phnum = FIELD(probe, p, Ehdr, e_phnum);
	if (head.phentsize != (probe->is_64 ? sizeof(Elf64_Phdr) : sizeof(Elf32_Phdr)))
		return err_set(err, STATUS_BROKEN, "program headers of %u bytes",
			       head.phentsize);
	if (head.phnum == PN_XNUM && (st = read_extended_count(probe, file, &head, err)))
		return st;
	if (!head.phnum || head.phnum > PROBE_MAX_SEGMENTS)
		return err_set(err, STATUS_BROKEN, "%" PRIu64 " program headers", head.phnum);
	*ret = head;
	return STATUS_FOUND;
}

static void expect(struct probe *probe, uint64_t end)
{
	if (end > probe->expected_bytes)
		probe->expected_bytes = end;
}

static enum status take_header(struct probe *probe, const struct core_file *file,
			       const uint8_t *p, struct err *err)
{
	struct probe_segment seg = {
	    .paddr = FIELD(probe, p, Phdr, p_paddr),
	    .vaddr = FIELD(probe, p, Phdr, p_vaddr),
	    .offset = FIELD(probe, p, Phdr, p_offset),
	    .filesz = FIELD(probe, p, Phdr, p_filesz),
	    .memsz = FIELD(probe, p, Phdr, p_memsz),
	};
	uint64_t type = FIELD(probe, p, Phdr, p_type), end;

	if (type != PT_LOAD && type != PT_NOTE)
		return STATUS_FOUND;
	if (__builtin_add_overflow(seg.offset, seg.filesz, &end))
		return err_set(err, STATUS_BROKEN, "a program header reaches beyond any file");
	expect(probe, end);
	if (type == PT_NOTE)
		return probe_notes(&probe->notes, file, seg.offset, seg.filesz,
				   probe->big_endian, err);
	if (seg.memsz < seg.filesz)
		seg.memsz = seg.filesz;
	if (seg.paddr + seg.memsz < seg.paddr)
		return err_set(err, STATUS_BROKEN, "a PT_LOAD reaches beyond any memory");
	if (seg.memsz)
		probe->segments[probe->nsegments++] = seg;
	return STATUS_FOUND;
}

/* Reads the headers a few at a time: there may be a million. */
static enum status read_headers(struct probe *probe, const struct core_file *file,
				const struct elf_head *head, struct err *err)
{
	uint8_t p[64 * sizeof(Elf64_Phdr)];
	uint64_t bytes = head->phnum * head->phentsize;

	if (!core_file_has(file, head->phoff, bytes))
		return err_set(err, STATUS_BROKEN,
			       "cut short within its %" PRIu64 " program headers",
			       head->phnum);
	for (uint64_t at = 0; at < bytes;) {
		size_t len = bytes - at < 64 * head->phentsize ? (size_t)(bytes - at)
							       : 64 * head->phentsize;
		enum status st = core_file_read(file, head->phoff + at, p, len, err);

		for (size_t i = 0; !st && i < len; i += head->phentsize)
			st = take_header(probe, file, p + i, err);
		if (st)
			return st;
		at += len;
	}
	return STATUS_FOUND;
}

static int by_paddr(const void *pa, const void *pb)
{
	const struct probe_segment *a = pa, *b = pb;

	if (a->paddr != b->paddr)
		return a->paddr < b->paddr ? -1 : 1;
	return a->offset < b->offset ? -1 : a->offset > b->offset;
}

/* Sorts, and counts memory that two PT_LOADs cover once. */
static void sort_segments(struct probe *probe)
{
	uint64_t reach = 0, counted = 0;

	qsort(probe->segments, probe->nsegments, sizeof(*probe->segments), by_paddr);
	for (size_t i = 0; i < probe->nsegments; i++) {
		struct probe_segment *seg = &probe->segments[i];
		uint64_t from = seg->paddr > counted ? seg->paddr : counted;
		uint64_t to = seg->paddr + seg->filesz;

		if (seg->paddr + seg->memsz > reach)
			reach = seg->paddr + seg->memsz;
		seg->reach = reach;
		if (to > from) {
			probe->dumped_bytes += to - from;
			counted = to;
		}
	}
}

enum status probe_elf(struct probe *ret, const struct core_file *file, struct err *err)
{
	struct probe probe = {.is_elf = true};
	struct elf_head head;
	enum status st = read_head(&probe, file, &head, err);

	if (st)
		return st;
	probe.segments = calloc(head.phnum, sizeof(*probe.segments));
	if (!probe.segments)
		return err_set(err, STATUS_BROKEN, "out of memory");
	st = read_headers(&probe, file, &head, err);
	if (!st && !probe.nsegments)
		st = err_set(err, STATUS_BROKEN, "no PT_LOAD: %s",
			     file->flat && !flattened_is_complete(file->flat)
				 ? "the stream was cut before its writer filled them in"
				 : "the dump holds no memory");
	if (st) {
		probe_done(&probe);
		return st;
	}
	sort_segments(&probe);
	probe.incomplete = head.flags & EF_INCOMPLETE &&
			   (probe.e_machine == EM_X86_64 || probe.e_machine == EM_AARCH64 ||
			    probe.e_machine == EM_S390);
	/* Notes are read whole; per segment 70000 of them took 6.9 MB. */
	probe.memory_need = probe.notes.bytes + head.phnum * 100;
	*ret = probe;
	return STATUS_FOUND;
}

/* The segment with bytes for addr; one that the file's end cut away is only second best. */
static const struct probe_segment *find_segment(const struct probe *probe,
						const struct core_file *file, uint64_t addr,
						bool *ret_in_file)
{
	const struct probe_segment *best = NULL;
	size_t lo = 0, hi = probe->nsegments;

	*ret_in_file = false;
	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (probe->segments[mid].paddr > addr)
			hi = mid;
		else
			lo = mid + 1;
	}
	for (; lo && probe->segments[lo - 1].reach > addr; lo--) {
		const struct probe_segment *seg = &probe->segments[lo - 1];
		uint64_t into = addr - seg->paddr;

		if (into >= seg->memsz)
			continue;
		if (into < seg->filesz && core_file_has(file, seg->offset + into, 1)) {
			*ret_in_file = true;
			return seg;
		}
		if (!best || into < seg->filesz)
			best = seg;
	}
	return best;
}

enum status probe_find_elf(const struct probe *probe, const struct core_file *file,
			   uint64_t addr, unsigned page_size, struct probe_extent *ret,
			   struct err *err)
{
	bool in_file;
	const struct probe_segment *seg = find_segment(probe, file, addr, &in_file);
	uint64_t page = addr & ~(uint64_t)(page_size - 1);
	struct probe_extent ext = {.start = page, .end = page + page_size};

	if (!seg)
		return err_set(err, STATUS_ABSENT,
			       "physical address %#" PRIx64 " is not in the dump", addr);
	if (addr - seg->paddr >= seg->filesz)
		return err_set(err, STATUS_ABSENT,
			       "page %#" PRIx64 " was left out of the dump", page);
	if (!in_file)
		return err_set(err, STATUS_BROKEN,
			       "page %#" PRIx64 " lies beyond the end of the cut file", page);
	if (ext.start < seg->paddr)
		ext.start = seg->paddr;
	if (ext.end > seg->paddr + seg->filesz || ext.end < page)
		ext.end = seg->paddr + seg->filesz;
	ext.offset = seg->offset + (ext.start - seg->paddr);
	if (ext.end - ext.start > file->size - ext.offset)
		ext.end = ext.start + (file->size - ext.offset);
	ext.length = ext.end - ext.start;
	if (!core_file_has(file, ext.offset, ext.length))
		return err_set(err, STATUS_BROKEN,
			       "page %#" PRIx64 " is lost in the cut stream", page);
	*ret = ext;
	return STATUS_FOUND;
}

bool probe_segment_virt(const struct probe *probe, uint64_t vaddr, uint64_t *ret)
{
	for (size_t i = 0; i < probe->nsegments; i++) {
		const struct probe_segment *seg = &probe->segments[i];

		/* An emulator writes the physical address twice: it knows no virtual one. */
		if (seg->vaddr == seg->paddr || vaddr < seg->vaddr ||
		    vaddr - seg->vaddr >= seg->memsz)
			continue;
		*ret = seg->paddr + (vaddr - seg->vaddr);
		return true;
	}
	return false;
}
