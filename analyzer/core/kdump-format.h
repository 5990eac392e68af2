// SPDX-License-Identifier: GPL-2.0-or-later
//
// The kdump-compressed format, for its reader (probe-kdump.c) and its writer (mini.c).
//
// The file is counted in blocks of the page size:
//
//	block 0		header: "KDUMP   ", version, utsname, status, sizes
//	1		sub-header: phys_base, pfn range, where notes and VMCOREINFO are
//	then		two bitmaps, a bit per page: exists; was dumped
//	then		a descriptor of 24 bytes per dumped page: offset, size, flags
//	then		the pages
//
// All in the byte order and with the structure layout of the crashed kernel; 64 bit only here.
// The n-th set bit of the second bitmap owns the n-th descriptor. Each member of a split set
// has whole bitmaps, but descriptors of its own pfn range alone.
#ifndef KDV_CORE_KDUMP_FORMAT_H
#define KDV_CORE_KDUMP_FORMAT_H

#define KDUMP_SIGNATURE "KDUMP   "

enum {
	/* Offsets in struct disk_dump_header, as a 64-bit kernel's compiler lays it out. */
	DH_VERSION = 8,
	DH_UTSNAME = 12, /* six strings of 65 bytes */
	DH_STATUS = 424,
	DH_BLOCK_SIZE = 428,
	DH_SUB_HDR_SIZE = 432,
	DH_BITMAP_BLOCKS = 436, /* of both bitmaps */
	DH_MAX_MAPNR = 440,
	DH_NR_CPUS = 460,
	DH_SIZE = 464,

	/* Bits of its status; those of the compressions are a page descriptor's flags too. */
	DH_ZLIB = 0x1,
	DH_LZO = 0x2,
	DH_SNAPPY = 0x4,
	DH_INCOMPLETE = 0x8,
	DH_ZSTD = 0x20,

	/* Offsets in struct kdump_sub_header; the header version that brought them. */
	SH_PHYS_BASE = 0,
	SH_DUMP_LEVEL = 8, /* 1 */
	SH_SPLIT = 12,	   /* 2 */
	SH_START_PFN = 16,
	SH_END_PFN = 24,
	SH_TEXTS = 32,	      /* 3 VMCOREINFO, 4 notes, 5 eraseinfo: offset and size of each */
	SH_START_PFN_64 = 80, /* 6 */
	SH_END_PFN_64 = 88,
	SH_MAX_MAPNR_64 = 96,
	SH_SIZE = 104,

	PD_SIZE = 24, /* struct page_desc: offset 8, size 4, flags 4, page flags 8 */
};

#endif
