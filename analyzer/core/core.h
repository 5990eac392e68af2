// SPDX-License-Identifier: GPL-2.0-or-later
//
// core: which bytes lie at this address? An open dump: its format and completeness, its
// VMCOREINFO, its CPU notes, and one read function each for physical and kernel virtual
// memory. The only room that knows libkdumpfile. What the bytes mean is kernel/'s business.
//
// A dump is hostile and half broken (libkdumpfile can crash on damaged files and reads lost
// bytes as zeros), so core_open() looks at sizes, truncation and run count with plain pread
// first, and the whole room is meant to run in the supervised child (cmd/supervise.h).
#ifndef KDV_CORE_CORE_H
#define KDV_CORE_CORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/base.h"

struct core;

/* What the file is, as far as headers tell. Strings are constants. */
struct core_info {
	const char *format;	 /* "elf", "kdump" or "flattened" (either of them inside) */
	const char *inner;	 /* of a flattened file: what is inside, "elf" or "kdump" */
	const char *compression; /* "zlib", "lzo", "snappy", "zstd" or "none"; NULL: unknown */
	bool complete;		 /* neither cut short nor marked incomplete by its writer */
	uint64_t file_bytes;	 /* what is there */
	uint64_t expected_bytes; /* what the headers promise; 0: unknown */
	uint64_t dumped_bytes;	 /* memory that the dump says it holds */
	unsigned split_files;	 /* how many files of a --split set were given */
	char why_incomplete[160]; /* one clause for `degraded`; "" when complete */
};

struct core_limits {
	/* Refuse (with advice) a dump that libkdumpfile would need more than this to open. */
	uint64_t open_bytes;
};

/* pt_regs of one CPU as its NT_PRSTATUS note holds them; names as the kernel prints them. */
enum { CORE_MAX_REGS = 80 };
struct core_regs {
	unsigned note; /* k-th note: not always CPU k */
	uint32_t pid;  /* 0 = idle */
	unsigned count;
	struct core_reg {
		const char *name;
		uint64_t value;
	} reg[CORE_MAX_REGS];
};

enum core_arch {
	CORE_ARCH_UNKNOWN,
	CORE_ARCH_X86_64,
	CORE_ARCH_I386,
	CORE_ARCH_AARCH64,
	CORE_ARCH_PPC64,
	CORE_ARCH_RISCV64,
	CORE_ARCH_S390X,
};

/*
 * Opens the npaths files of one dump (more than one only for a --split set). What was tried
 * and why it failed is in err. A truncated dump opens; core_info() says so.
 */
enum status core_open(struct core **ret, const char *const *paths, size_t npaths,
		      const struct core_limits *limits, struct err *err);
void core_close(struct core *core);

/* Whether this looks like a dump at all (else it may be a text log): magic only, no open. */
bool core_is_dump(int fd);

const struct core_info *core_info(const struct core *core);
enum core_arch core_arch(const struct core *core);
const char *core_machine(const struct core *core); /* as uname -m: "x86_64" */
bool core_is_big_endian(const struct core *core);
bool core_is_64bit(const struct core *core);
unsigned core_page_size(const struct core *core);

/*
 * Reads len bytes at a physical or kernel virtual address. All or nothing: on failure buf is
 * undefined. ABSENT: filtered from the dump, not mapped, or outside of it; BROKEN: damaged,
 * beyond the end of a cut file, or a table of the page walk is.
 */
enum status core_read_phys(struct core *core, uint64_t addr, void *buf, size_t len,
			   struct err *err);
enum status core_read_virt(struct core *core, uint64_t addr, void *buf, size_t len,
			   struct err *err);

/* The physical address; the memory there need not be in the dump. */
enum status core_virt_to_phys(struct core *core, uint64_t addr, uint64_t *ret,
			      struct err *err);

/* As core_read_virt(), for one number in the dump's byte order (size 1, 2, 4 or 8). */
enum status core_read_uint(struct core *core, uint64_t addr, unsigned size, uint64_t *ret,
			   struct err *err);
static inline enum status core_read_u32(struct core *core, uint64_t addr, uint32_t *ret,
					struct err *err)
{
	uint64_t value;
	enum status st = core_read_uint(core, addr, 4, &value, err);

	if (!st)
		*ret = (uint32_t)value;
	return st;
}
static inline enum status core_read_u64(struct core *core, uint64_t addr, uint64_t *ret,
					struct err *err)
{
	return core_read_uint(core, addr, 8, ret, err);
}
/* A pointer: 4 or 8 bytes as the dump's kernel has it. */
enum status core_read_ptr(struct core *core, uint64_t addr, uint64_t *ret, struct err *err);
/* A C string of at most cap - 1 bytes; buf is always terminated. */
enum status core_read_str(struct core *core, uint64_t addr, char *buf, size_t cap,
			  struct err *err);

/* A number of size bytes at p, in the dump's byte order. */
uint64_t core_uint(const struct core *core, const void *p, unsigned size);

/* VMCOREINFO: the raw text, and its values. See core/vmcoreinfo.h for the format. */
struct slice core_vmcoreinfo(const struct core *core);
enum status core_symbol(const struct core *core, const char *name, uint64_t *ret,
			struct err *err);
enum status core_offset(const struct core *core, const char *member, uint64_t *ret,
			struct err *err); /* "printk_info.seq" */
enum status core_size(const struct core *core, const char *type, uint64_t *ret,
		      struct err *err);
enum status core_number(const struct core *core, const char *name, int64_t *ret,
			struct err *err);
/* Another line, such as "OSRELEASE" or "BUILD-ID"; ABSENT if not there. */
enum status core_info_line(const struct core *core, const char *key, struct slice *ret,
			   struct err *err);

/* struct new_utsname, as the kernel has it. */
enum { CORE_UTS_FIELD = 65 };
struct core_utsname {
	char sysname[CORE_UTS_FIELD];
	char nodename[CORE_UTS_FIELD];
	char release[CORE_UTS_FIELD];
	char version[CORE_UTS_FIELD];
	char machine[CORE_UTS_FIELD];
	char domainname[CORE_UTS_FIELD];
};
/* From init_uts_ns, or from a kdump-compressed header where that is not in the dump. */
enum status core_utsname(struct core *core, struct core_utsname *ret, struct err *err);

/* How many NT_PRSTATUS notes there are: not always as many as CPUs. */
unsigned core_cpu_notes(const struct core *core);
/* The whole NT_PRSTATUS description as it stands in the dump. */
enum status core_cpu_note(const struct core *core, unsigned note, void *buf, size_t cap,
			  size_t *ret_size, struct err *err);
enum status core_cpu_regs(struct core *core, unsigned note, struct core_regs *ret,
			  struct err *err);

/*
 * Calls seen(page address, ctx) for each page of the dump that any read touched from now on
 * (physical address of the page, possibly more than once). `mini` records with it.
 */
void core_observe(struct core *core, void (*seen)(uint64_t page, void *ctx), void *ctx);

#endif
