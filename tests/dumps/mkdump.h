// SPDX-License-Identifier: GPL-2.0-or-later
//
// mkdump: makes small dumps for tests. A dump is described first (kernel addresses and their
// bytes, VMCOREINFO lines, CPU notes) and then written as ELF, kdump-compressed or flattened:
//
//	struct mkdump *d = mkdump_new(MKDUMP_X86_64);
//	mkdump_info(d, "SYMBOL(prb)=%" PRIx64, prb);
//	mkdump_virt(d, prb, bytes, sizeof(bytes));
//	mkdump_uint(d, prb + 8, 4, 17);
//	mkdump_write(d, fd, MKDUMP_ELF);
//	mkdump_free(d);
//
// The kernel it builds is MKDUMP_TEXT upward for text and data (mapped at phys_base, as x86_64
// does) and whatever else was given an address: the page tables for all of it are made too,
// and VMCOREINFO opens with OSRELEASE, PAGESIZE and what the page walk of the architecture
// needs. Nothing here fails softly: running out of memory or a bad call aborts the test.
#ifndef KDV_TESTS_MKDUMP_H
#define KDV_TESTS_MKDUMP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct mkdump;

/*
 * x86_64 gets page tables; with the others only physical memory and the ranges that need no
 * table (the linear map of ppc64, the identity map of s390x) can be read.
 */
enum mkdump_arch {
	MKDUMP_X86_64,
	MKDUMP_X86_64_L5, /* five levels */
	MKDUMP_PPC64,	  /* big-endian; virtual addresses 0xc000000000000000 + physical */
	MKDUMP_S390X,	  /* big-endian; virtual addresses are physical */
};

enum mkdump_format {
	MKDUMP_ELF,
	MKDUMP_ELF_MANY, /* program headers counted in section header 0, as for > 65534 */
	MKDUMP_RAW,	 /* kdump-compressed, pages stored as they are */
	MKDUMP_ZLIB,
	MKDUMP_SNAPPY,
	MKDUMP_ZSTD,
	MKDUMP_FLAT_ELF, /* flattened, as `makedumpfile -F` writes */
	MKDUMP_FLAT_ZLIB,
};

/* Where text and data of the made x86_64 kernel lie, and its direct map. */
#define MKDUMP_TEXT 0xffffffff90000000ull
#define MKDUMP_DIRECT 0xffff888000000000ull
/* MKDUMP_TEXT is physically here: phys_base = MKDUMP_TEXT_PHYS - 0x10000000. */
#define MKDUMP_TEXT_PHYS 0x3000000ull

enum { MKDUMP_PAGE = 4096 };

struct mkdump *mkdump_new(enum mkdump_arch arch);
void mkdump_free(struct mkdump *d);

bool mkdump_is_big_endian(const struct mkdump *d);

/* One line of VMCOREINFO, without its newline. */
void mkdump_info(struct mkdump *d, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* Leaves out what mkdump_new() put into VMCOREINFO, or (none) the whole note. */
void mkdump_info_clear(struct mkdump *d, bool none);

/* Bytes at a physical or kernel virtual address; pages come into being zeroed. */
void mkdump_phys(struct mkdump *d, uint64_t addr, const void *data, size_t len);
void mkdump_virt(struct mkdump *d, uint64_t addr, const void *data, size_t len);
/* One number in the dump's byte order at a virtual address; size is 1, 2, 4 or 8. */
void mkdump_uint(struct mkdump *d, uint64_t addr, unsigned size, uint64_t value);
/* The same into a buffer of the caller. */
void mkdump_put(const struct mkdump *d, void *p, unsigned size, uint64_t value);

/* The physical address that a virtual one has got (mapped now if it had none). */
uint64_t mkdump_translate(struct mkdump *d, uint64_t addr);
/* Takes the physical page back out of the dump, as makedumpfile's filter does. */
void mkdump_drop(struct mkdump *d, uint64_t page);

/* An NT_PRSTATUS note: values fill pr_reg from its start, in the kernel's order. */
void mkdump_cpu(struct mkdump *d, uint32_t pid, const uint64_t *values, size_t count);
/* Any other note. */
void mkdump_note(struct mkdump *d, const char *name, uint32_t type, const void *desc,
		 size_t size);

/* What is written next is one member of a split set: the pages from start up to end. */
void mkdump_split(struct mkdump *d, uint64_t start_pfn, uint64_t end_pfn);
/* Sets the machine name of a kdump header; "" is what QEMU writes. */
void mkdump_machine(struct mkdump *d, const char *machine);

/* Writes the dump from offset 0 of fd. */
void mkdump_write(struct mkdump *d, int fd, enum mkdump_format format);
/* Writes it into an unlinked temporary file and returns its descriptor. */
int mkdump_open(struct mkdump *d, enum mkdump_format format);

/*
 * Reads a description, a line each (`#` starts a comment), and returns false with the number
 *of the bad line in ret_line: arch x86_64 | x86_64-l5 | ppc64 | s390x		(first) info
 *LINE					VMCOREINFO virt ADDR hex 00 01 02 ... | ADDR text WORDS
 *bytes; in text, \n and \\ are escapes virt ADDR u32 VALUE				u8 u16
 *u32 u64 phys ADDR ...					as virt cpu PID VALUE...
 *NT_PRSTATUS drop ADDR					takes a page out again
 */
struct mkdump *mkdump_parse(FILE *in, unsigned *ret_line);

#endif
