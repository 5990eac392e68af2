// SPDX-License-Identifier: GPL-2.0-or-later
//
// Kdump-compressed dumps: makedumpfile -c -l -p -z -d, and QEMU's dump-guest-memory -z -l -s.
//
// Finding a page means counting bits of the bitmap: `rank` keeps the count at every PROBE_RANK
// pages. The format is told in kdump-format.h.
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "core/kdump-format.h"
#include "core/probe.h"

enum { PROBE_RANK = 64 * 1024 }; /* pages per rank entry: 8 KiB of bitmap */

struct head {
	uint32_t sub_blocks, bitmap_blocks, max_mapnr;
};

static bool plausible(uint64_t version, uint64_t block_size)
{
	return version <= 16 && block_size >= 4096 && block_size <= 65536 &&
	       !(block_size & (block_size - 1));
}

static enum status read_head(struct probe *probe, const struct core_file *file,
			     struct head *ret, struct err *err)
{
	struct probe_kdump *k = &probe->kdump;
	uint8_t p[DH_SIZE];
	enum status st = core_file_read(file, 0, p, sizeof(p), err);

	if (st)
		return err_add(err, st, "cut short within the kdump header");
	for (unsigned big = 0;; big++) {
		if (big == 2)
			return err_set(
			    err, STATUS_BROKEN,
			    "its kdump header makes no sense (or is of a 32-bit kernel)");
		if (plausible(probe_uint(big, p + DH_VERSION, 4),
			      probe_uint(big, p + DH_BLOCK_SIZE, 4))) {
			probe->big_endian = big;
			break;
		}
	}
	k->version = (int32_t)probe_uint(probe->big_endian, p + DH_VERSION, 4);
	k->status = (uint32_t)probe_uint(probe->big_endian, p + DH_STATUS, 4);
	k->block_size = (uint32_t)probe_uint(probe->big_endian, p + DH_BLOCK_SIZE, 4);
	memcpy(&k->uts, p + DH_UTSNAME, sizeof(k->uts));
	core_utsname_close(&k->uts);
	ret->sub_blocks = (uint32_t)probe_uint(probe->big_endian, p + DH_SUB_HDR_SIZE, 4);
	ret->bitmap_blocks = (uint32_t)probe_uint(probe->big_endian, p + DH_BITMAP_BLOCKS, 4);
	ret->max_mapnr = (uint32_t)probe_uint(probe->big_endian, p + DH_MAX_MAPNR, 4);
	/* Both are int in the file; libkdumpfile computes garbage offsets from negative ones.
	 */
	if (ret->sub_blocks > INT16_MAX || ret->bitmap_blocks > INT32_MAX)
		return err_set(err, STATUS_BROKEN,
			       "%" PRIu32 " sub-header and %" PRIu32 " bitmap blocks",
			       ret->sub_blocks, ret->bitmap_blocks);
	return STATUS_FOUND;
}

/* Notes and VMCOREINFO; version 3 pointed at the latter alone. */
static enum status read_texts(struct probe *probe, const struct core_file *file,
			      const uint8_t *p, struct err *err)
{
	struct probe_range *text = probe->kdump.text;
	const struct probe_range *info = &text[0], *note = &text[1];
	struct probe_notes *notes = &probe->notes;
	int have = probe->kdump.version < 3 ? 0 : probe->kdump.version - 2;
	enum status st = STATUS_FOUND;

	for (int i = 0; i < have && i < 3; i++) {
		text[i].offset = probe_uint(probe->big_endian, p + SH_TEXTS + i * 16, 8);
		text[i].size = probe_uint(probe->big_endian, p + SH_TEXTS + i * 16 + 8, 8);
		if (text[i].size > (uint64_t)PROBE_MAX_NOTES_GIB << 30)
			return err_set(err, STATUS_BROKEN, "notes of %" PRIu64 " bytes",
				       text[i].size);
	}
	if (info->size > PROBE_MAX_VMCOREINFO)
		return err_set(err, STATUS_BROKEN, "VMCOREINFO of %" PRIu64 " bytes",
			       info->size);
	if (note->size)
		st =
		    probe_notes(notes, file, note->offset, note->size, probe->big_endian, err);
	if (st || notes->vmcoreinfo || !info->size)
		return st;
	return probe_vmcoreinfo(notes, file, info->offset, (uint32_t)info->size, err);
}

static enum status read_sub_header(struct probe *probe, const struct core_file *file,
				   const struct head *head, struct err *err)
{
	struct probe_kdump *k = &probe->kdump;
	bool big = probe->big_endian;
	uint8_t p[SH_SIZE] = {0};
	enum status st;

	k->max_pfn = head->max_mapnr;
	if (head->sub_blocks) {
		st = core_file_read(file, k->block_size, p, sizeof(p), err);
		if (st)
			return err_add(err, st, "cut short within the kdump sub-header");
	}
	k->phys_base = probe_uint(big, p + SH_PHYS_BASE, 8);
	if (k->version >= 6 && probe_uint(big, p + SH_MAX_MAPNR_64, 8))
		k->max_pfn = probe_uint(big, p + SH_MAX_MAPNR_64, 8);
	k->split = k->version >= 2 && probe_uint(big, p + SH_SPLIT, 4);
	k->end_pfn = k->max_pfn;
	if (k->split && k->version >= 6) {
		k->start_pfn = probe_uint(big, p + SH_START_PFN_64, 8);
		k->end_pfn = probe_uint(big, p + SH_END_PFN_64, 8);
	} else if (k->split) {
		k->start_pfn = probe_uint(big, p + SH_START_PFN, 8);
		k->end_pfn = probe_uint(big, p + SH_END_PFN, 8);
	}
	if (k->start_pfn > k->end_pfn || k->end_pfn > k->max_pfn)
		return err_set(err, STATUS_BROKEN,
			       "pages %#" PRIx64 " to %#" PRIx64 " of %#" PRIx64, k->start_pfn,
			       k->end_pfn, k->max_pfn);
	return read_texts(probe, file, p, err);
}

/* Bit n of the bitmap is bit n % 8 of byte n / 8, on every machine. */
static unsigned count_bits(const uint8_t *p, size_t len)
{
	unsigned count = 0;
	size_t i = 0;

	for (; i + 8 <= len; i += 8) {
		uint64_t word;

		memcpy(&word, p + i, 8);
		count += (unsigned)__builtin_popcountll(word);
	}
	for (; i < len; i++)
		count += (unsigned)__builtin_popcount(p[i]);
	return count;
}

/* Runs that begin in these bytes; *carry is the bit before them. */
static unsigned count_runs(const uint8_t *p, size_t len, unsigned *carry)
{
	unsigned count = 0;

	for (size_t i = 0; i < len; i++) {
		if (p[i] == 0xff && *carry)
			continue;
		count += (unsigned)__builtin_popcount(p[i] & ~(p[i] << 1 | *carry) & 0xff);
		*carry = p[i] >> 7;
	}
	return count;
}

/* Clears what is not of this file's pfn range: bitmaps of split members are whole. */
static void mask_range(uint8_t *p, size_t len, uint64_t first_pfn, uint64_t start,
		       uint64_t end)
{
	for (size_t i = 0; i < len; i++) {
		uint64_t pfn = first_pfn + i * 8;

		if (pfn >= start && pfn + 8 <= end)
			continue;
		for (unsigned bit = 0; bit < 8; bit++) {
			if (pfn + bit < start || pfn + bit >= end)
				p[i] &= (uint8_t) ~(1 << bit);
		}
	}
}

static enum status read_bits(const struct probe_kdump *k, const struct core_file *file,
			     uint64_t chunk, uint8_t *buf, size_t *ret_len, struct err *err)
{
	uint64_t first = chunk * PROBE_RANK;
	uint64_t left = k->bitmap_bytes - first / 8;
	size_t len = left < PROBE_RANK / 8 ? (size_t)left : PROBE_RANK / 8;
	enum status st = core_file_read(file, k->bitmap + first / 8, buf, len, err);

	if (st)
		return err_add(err, st, "cannot read the page bitmap");
	if (first < k->start_pfn || first + len * 8 > k->end_pfn)
		mask_range(buf, len, first, k->start_pfn, k->end_pfn);
	*ret_len = len;
	return STATUS_FOUND;
}

static enum status read_bitmap(struct probe_kdump *k, const struct core_file *file,
			       struct err *err)
{
	uint64_t chunks = (k->bitmap_bytes * 8 + PROBE_RANK - 1) / PROBE_RANK;
	uint8_t bits[PROBE_RANK / 8];
	unsigned carry = 0;

	k->rank = calloc(chunks + 1, sizeof(*k->rank));
	if (!k->rank)
		return err_set(err, STATUS_BROKEN, "out of memory");
	for (uint64_t i = 0; i < chunks; i++) {
		size_t len;
		enum status st = read_bits(k, file, i, bits, &len, err);

		if (st)
			return st;
		k->rank[i] = k->pages;
		k->pages += count_bits(bits, len);
		k->runs += count_runs(bits, len, &carry);
	}
	return STATUS_FOUND;
}

static enum status lay_out(struct probe *probe, const struct core_file *file,
			   const struct head *head, struct err *err)
{
	struct probe_kdump *k = &probe->kdump;
	uint64_t bitmap = (1 + (uint64_t)head->sub_blocks) * k->block_size;
	uint64_t both = (uint64_t)head->bitmap_blocks * k->block_size;

	k->bitmap = bitmap + both / 2;
	k->bitmap_bytes = (k->max_pfn + 7) / 8;
	k->descriptors = bitmap + both;
	if (k->max_pfn > UINT64_MAX / 2 || k->bitmap_bytes > both / 2)
		return err_set(err, STATUS_BROKEN,
			       "its bitmap of %" PRIu64 " bytes has no room for %" PRIu64
			       " pages",
			       both / 2, k->max_pfn);
	if (both > (uint64_t)PROBE_MAX_BITMAPS_GIB << 30)
		return err_set(err, STATUS_BROKEN, "page bitmaps of %" PRIu64 " bytes", both);
	probe->memory_need = both;
	if (!core_file_has(file, k->bitmap, k->bitmap_bytes))
		return err_set(err, STATUS_BROKEN, "cut short within its page bitmap");
	return read_bitmap(k, file, err);
}

/* Pages lie in the order of their descriptors, so the last one tells where the file ends. */
static void expect_end(struct probe *probe, const struct core_file *file)
{
	struct probe_kdump *k = &probe->kdump;
	uint64_t end = k->descriptors + k->pages * PD_SIZE, offset;
	uint8_t pd[PD_SIZE];

	probe->expected_bytes = end;
	if (!k->pages || !core_file_has(file, k->descriptors, end - k->descriptors) ||
	    core_file_read(file, end - PD_SIZE, pd, sizeof(pd), NULL))
		return;
	offset = probe_uint(probe->big_endian, pd, 8);
	if (offset < INT64_MAX)
		offset += probe_uint(probe->big_endian, pd + 8, 4);
	if (offset > end && offset < INT64_MAX)
		probe->expected_bytes = offset;
}

enum status probe_kdump(struct probe *ret, const struct core_file *file, struct err *err)
{
	struct probe probe = {.is_64 = true};
	struct probe_kdump *k = &probe.kdump;
	struct head head;
	enum status st = read_head(&probe, file, &head, err);

	if (!st)
		st = read_sub_header(&probe, file, &head, err);
	if (!st)
		st = lay_out(&probe, file, &head, err);
	if (st) {
		probe_done(&probe);
		return st;
	}
	probe.incomplete = k->status & DH_INCOMPLETE;
	probe.dumped_bytes = k->pages * k->block_size;
	/* Measured: 24 bytes are kept per run, and one bitmap is held twice for a moment. */
	probe.memory_need += k->runs * 24 + probe.notes.bytes;
	expect_end(&probe, file);
	*ret = probe;
	return STATUS_FOUND;
}

/* Whether pfn was dumped, and how many of this file's pages came before it. */
static enum status find_index(const struct probe_kdump *k, const struct core_file *file,
			      uint64_t pfn, uint64_t *ret, struct err *err)
{
	uint8_t bits[PROBE_RANK / 8];
	unsigned in_chunk = (unsigned)(pfn % PROBE_RANK);
	size_t len;
	enum status st = read_bits(k, file, pfn / PROBE_RANK, bits, &len, err);

	if (st)
		return st;
	if (!(bits[in_chunk / 8] & 1 << in_chunk % 8))
		return err_set(err, STATUS_ABSENT,
			       "page %#" PRIx64 " was left out of the dump",
			       pfn * k->block_size);
	bits[in_chunk / 8] &= (uint8_t)((1 << in_chunk % 8) - 1);
	*ret = k->rank[pfn / PROBE_RANK] + count_bits(bits, in_chunk / 8 + 1);
	return STATUS_FOUND;
}

/* The checks that libkdumpfile 0.5.1 lacks: it reads size bytes into a buffer of one page. */
static enum status check_descriptor(const struct probe *probe, const struct core_file *file,
				    const uint8_t *pd, uint64_t page, struct probe_extent *ret,
				    struct err *err)
{
	uint64_t offset = probe_uint(probe->big_endian, pd, 8);
	uint64_t size = probe_uint(probe->big_endian, pd + 8, 4);

	if (!offset)
		return err_set(err, STATUS_BROKEN,
			       "page %#" PRIx64 " was not written any more", page);
	if (!size || size > probe->kdump.block_size)
		return err_set(err, STATUS_BROKEN,
			       "page %#" PRIx64 " is said to take %" PRIu64 " bytes", page,
			       size);
	if (!core_file_has(file, offset, size))
		return err_set(err, STATUS_BROKEN,
			       "page %#" PRIx64 " lies beyond the end of the cut file", page);
	ret->start = page;
	ret->end = page + probe->kdump.block_size;
	ret->offset = offset;
	ret->length = size;
	return STATUS_FOUND;
}

enum status probe_find_kdump(const struct probe *probe, const struct core_file *file,
			     uint64_t addr, struct probe_extent *ret, struct err *err)
{
	const struct probe_kdump *k = &probe->kdump;
	uint64_t pfn = addr / k->block_size, index = 0;
	uint8_t pd[PD_SIZE];
	enum status st;

	if (pfn < k->start_pfn || pfn >= k->end_pfn)
		return err_set(err, STATUS_ABSENT,
			       "physical address %#" PRIx64 " is not in the dump", addr);
	st = find_index(k, file, pfn, &index, err);
	if (st)
		return st;
	ret->descriptor = k->descriptors + index * PD_SIZE;
	ret->descriptor_bytes = PD_SIZE;
	if (!core_file_has(file, ret->descriptor, PD_SIZE))
		return err_set(err, STATUS_BROKEN,
			       "the descriptor of page %#" PRIx64
			       " lies beyond the end of the cut file",
			       pfn * k->block_size);
	st = core_file_read(file, ret->descriptor, pd, sizeof(pd), err);
	if (st)
		return st;
	return check_descriptor(probe, file, pd, pfn * k->block_size, ret, err);
}
