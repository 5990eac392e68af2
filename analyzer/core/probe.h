// SPDX-License-Identifier: GPL-2.0-or-later
//
// What the headers of a dump say, read with plain reads before libkdumpfile may touch the
// file: the library crashes on some damaged files, believes bytes beyond the end to be zeros,
// and takes memory by the number of page runs. Answers both "may it be opened?" and, for each
// page later, "does the file really hold these bytes?".
#ifndef KDV_CORE_PROBE_H
#define KDV_CORE_PROBE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/base.h"

#include "core/core.h"
#include "core/file.h"

enum {
	PROBE_MAX_SEGMENTS = 1 << 20,
	PROBE_MAX_NOTES = 1 << 16,
	PROBE_MAX_CPUS = 1 << 14,
	/*
	 * VMCOREINFO is at most a page of the crashed kernel, so 64 KiB. libkdumpfile keeps
	 * keys on the stack: one of megabytes would overflow it.
	 */
	PROBE_MAX_VMCOREINFO = 64 * 1024,
	/* Of both page bitmaps: 128 TiB of memory. Reading more would take minutes. */
	PROBE_MAX_BITMAPS_GIB = 8,
	/* Of notes in all: device dumps may be among them. */
	PROBE_MAX_NOTES_GIB = 1,
	/* Largest split set; makedumpfile takes as many files as it has threads. */
	PROBE_MAX_FILES = 64,
};

/* A PT_LOAD. memsz beyond filesz was left out of the file. */
struct probe_segment {
	uint64_t paddr, vaddr, offset, filesz, memsz;
	uint64_t reach; /* largest paddr + memsz of this and all segments before it */
};

/* An NT_PRSTATUS note: where its description lies. */
struct probe_cpu {
	uint64_t offset;
	uint32_t size;
};

/* What the notes of a dump hold. */
struct probe_notes {
	char *vmcoreinfo; /* owned; NUL-terminated; NULL: none */
	size_t vmcoreinfo_len;
	struct probe_cpu *cpu; /* owned */
	size_t cpus;
	uint64_t bytes; /* of all of them: libkdumpfile reads them whole */
	bool cut;	/* the file ends within */
};

/* The layout of one kdump-compressed file. Offsets are file offsets. */
struct probe_kdump {
	uint32_t block_size;
	uint32_t status;
	int32_t version;
	uint64_t max_pfn;	     /* one beyond the last */
	uint64_t start_pfn, end_pfn; /* of this file; 0 and max_pfn unless split */
	bool split;
	uint64_t phys_base;
	uint64_t bitmap; /* of the dumped pages */
	uint64_t bitmap_bytes;
	uint64_t descriptors; /* of the first dumped page of this file */
	uint64_t pages, runs; /* dumped pages in this file, and runs of them */
	struct probe_range {
		uint64_t offset, size;
	} text[3]; /* VMCOREINFO, notes, what makedumpfile erased: libkdumpfile reads them */
	uint64_t *rank; /* owned: dumped pages of this file before each PROBE_RANK pages */
	struct core_utsname uts;
};

struct probe {
	bool is_elf;
	bool is_64;
	bool has_sections; /* ELF only */
	bool big_endian;
	uint16_t e_machine;		/* ELF only */
	struct probe_segment *segments; /* owned, sorted by paddr; ELF only */
	size_t nsegments;
	struct probe_kdump kdump;
	struct probe_notes notes;
	uint64_t expected_bytes;
	uint64_t dumped_bytes;
	uint64_t memory_need; /* what libkdumpfile will take to open it, about */
	bool incomplete;      /* marked so by its writer */
};

/* Reads the headers of one file. */
enum status probe_file(struct probe *ret, const struct core_file *file, struct err *err);
void probe_done(struct probe *probe);

/* Whether these first bytes are a dump's. */
bool probe_is_magic(const void *head, size_t len);

enum status probe_elf(struct probe *ret, const struct core_file *file, struct err *err);
enum status probe_kdump(struct probe *ret, const struct core_file *file, struct err *err);

/* Reads the ELF notes in a range of the file, adding to what notes holds already. */
enum status probe_notes(struct probe_notes *notes, const struct core_file *file,
			uint64_t offset, uint64_t size, bool big_endian, struct err *err);

/* Reads VMCOREINFO's text, unless notes has one. */
enum status probe_vmcoreinfo(struct probe_notes *notes, const struct core_file *file,
			     uint64_t offset, uint32_t size, struct err *err);

/* A part of physical memory that lies in one piece in the file. */
struct probe_extent {
	uint64_t start, end;	   /* physical */
	uint64_t offset;	   /* of start, in the file */
	uint64_t length;	   /* bytes in the file: end - start, less when compressed */
	uint64_t descriptor;	   /* of the page in a kdump-compressed file: its offset, */
	uint32_t descriptor_bytes; /* and size; 0 in ELF */
};

/*
 * Where addr's bytes are: within the page of page_size around it (ELF), or its whole page.
 * ABSENT: not in the dump; BROKEN: promised, but beyond the end of the file or damaged.
 */
enum status probe_find_elf(const struct probe *probe, const struct core_file *file,
			   uint64_t addr, unsigned page_size, struct probe_extent *ret,
			   struct err *err);
enum status probe_find_kdump(const struct probe *probe, const struct core_file *file,
			     uint64_t addr, struct probe_extent *ret, struct err *err);

/* The physical address of a virtual one by the PT_LOADs; only kexec's ELF knows any. */
bool probe_segment_virt(const struct probe *probe, uint64_t vaddr, uint64_t *ret);

/* Ends each string of what was copied from a dump. */
void core_utsname_close(struct core_utsname *uts);

uint64_t probe_uint(bool big_endian, const void *p, unsigned size);

#endif
