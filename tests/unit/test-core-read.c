// SPDX-License-Identifier: GPL-2.0-or-later
//
// Reading memory: the same kernel in every format gives the same bytes, and what is not there
// is said to be absent, not made up.
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/core.h"
#include "dumps/mkdump.h"
#include "unit/test-rows.h"

/* An address in each part of the kernel; `spans` runs over a page boundary. */
#define TEXT (MKDUMP_TEXT + 0x1230)
#define SPANS (MKDUMP_TEXT + 0x3ffc)
#define VMALLOC 0xffffc90000001ff8ull
#define DIRECT (MKDUMP_DIRECT + 0x123450)
#define DROPPED (MKDUMP_TEXT + 0x8000)
#define STRING (MKDUMP_TEXT + 0x7ff0)
#define UNMAPPED 0xffffc90000100000ull

static struct core *open_fds(const int *fds, size_t count)
{
	char name[8][32];
	const char *path[8] = {NULL};
	struct core *core = NULL;
	struct err err = {""};

	for (size_t i = 0; i < count; i++) {
		snprintf(name[i], sizeof(name[i]), "/proc/self/fd/%d", fds[i]);
		path[i] = name[i];
	}
	if (core_open(&core, path, count, NULL, &err))
		fail_msg("core_open: %s", err.text);
	for (size_t i = 0; i < count; i++)
		close(fds[i]);
	return core;
}

static struct core *open_dump(struct mkdump *d, enum mkdump_format format)
{
	int fd = mkdump_open(d, format);

	return open_fds(&fd, 1);
}

static struct mkdump *make_kernel(enum mkdump_arch arch)
{
	static const uint64_t regs[27] = {0x1515, 0x1414, [16] = 0xffffffff90001234ull};
	struct mkdump *d = mkdump_new(arch);

	mkdump_uint(d, TEXT, 8, 0x1122334455667788);
	mkdump_uint(d, SPANS, 8, 0x99aabbccddeeff00);
	mkdump_uint(d, VMALLOC, 8, 0xffffffff90001230);
	mkdump_uint(d, VMALLOC + 8, 8, 0x5ca1ab1e);
	mkdump_uint(d, DIRECT, 4, 0xfeedface);
	mkdump_uint(d, DROPPED, 8, 1);
	mkdump_virt(d, STRING, "fifteen letters", 16);
	mkdump_drop(d, mkdump_translate(d, DROPPED));
	mkdump_cpu(d, 42, regs, 27);
	mkdump_cpu(d, 0, NULL, 0);
	return d;
}

struct row {
	const char *test;
	enum mkdump_arch arch;
	enum mkdump_format format;
	const char *is, *inner, *compression;
};

static const struct row rows[] = {
    {"elf", MKDUMP_X86_64, MKDUMP_ELF, "elf", NULL, "none"},
    {"elf with counted headers", MKDUMP_X86_64, MKDUMP_ELF_MANY, "elf", NULL, "none"},
    {"kdump, raw pages", MKDUMP_X86_64, MKDUMP_RAW, "kdump", NULL, "none"},
    {"kdump, zlib", MKDUMP_X86_64, MKDUMP_ZLIB, "kdump", NULL, "zlib"},
    {"kdump, snappy", MKDUMP_X86_64, MKDUMP_SNAPPY, "kdump", NULL, "snappy"},
    {"kdump, zstd", MKDUMP_X86_64, MKDUMP_ZSTD, "kdump", NULL, "zstd"},
    {"flattened elf", MKDUMP_X86_64, MKDUMP_FLAT_ELF, "flattened", "elf", "none"},
    {"flattened kdump", MKDUMP_X86_64, MKDUMP_FLAT_ZLIB, "flattened", "kdump", "zlib"},
    {"five levels", MKDUMP_X86_64_L5, MKDUMP_ELF, "elf", NULL, "none"},
    {"five levels, kdump", MKDUMP_X86_64_L5, MKDUMP_ZLIB, "kdump", NULL, "zlib"},
};

static void check_info(struct core *core, const struct row *row)
{
	const struct core_info *info = core_info(core);

	assert_string_equal(info->format, row->is);
	assert_string_equal(info->inner ? info->inner : "", row->inner ? row->inner : "");
	assert_string_equal(info->compression, row->compression);
	assert_true(info->complete);
	assert_string_equal(info->why_incomplete, "");
	assert_int_equal(info->dumped_bytes % MKDUMP_PAGE, 0);
	assert_int_equal(core_arch(core), CORE_ARCH_X86_64);
	assert_string_equal(core_machine(core), "x86_64");
	assert_int_equal(core_page_size(core), MKDUMP_PAGE);
	assert_true(core_is_64bit(core));
}

static void check_u64(struct core *core, uint64_t addr, uint64_t want)
{
	uint64_t value = 0;
	struct err err = {""};

	if (core_read_u64(core, addr, &value, &err))
		fail_msg("%#" PRIx64 ": %s", addr, err.text);
	assert_true(value == want);
}

static void check_absent(struct core *core, uint64_t addr, const char *why)
{
	uint64_t value = 1234;
	struct err err = {""};

	assert_int_equal(core_read_u64(core, addr, &value, &err), STATUS_ABSENT);
	assert_true(value == 1234);
	if (!strstr(err.text, why))
		fail_msg("%#" PRIx64 ": %s", addr, err.text);
}

static void check_registers(struct core *core)
{
	struct core_regs regs;

	assert_int_equal(core_cpu_notes(core), 2);
	assert_int_equal(core_cpu_regs(core, 0, &regs, NULL), STATUS_FOUND);
	assert_int_equal(regs.pid, 42);
	assert_string_equal(regs.reg[0].name, "r15");
	assert_true(regs.reg[0].value == 0x1515);
	assert_string_equal(regs.reg[16].name, "rip");
	assert_true(regs.reg[16].value == 0xffffffff90001234ull);
	assert_int_equal(core_cpu_regs(core, 1, &regs, NULL), STATUS_FOUND);
	assert_int_equal(regs.pid, 0);
	assert_int_equal(core_cpu_regs(core, 2, &regs, NULL), STATUS_ABSENT);
}

static void check_strings(struct core *core)
{
	char text[32];
	struct err err;

	assert_int_equal(core_read_str(core, STRING, text, sizeof(text), &err), STATUS_FOUND);
	assert_string_equal(text, "fifteen letters");
	assert_int_equal(core_read_str(core, STRING, text, 8, &err), STATUS_FOUND);
	assert_string_equal(text, "fifteen");
	/* The next page was left out: a string that ends before it is whole. */
	assert_int_equal(core_read_str(core, STRING + 8, text, sizeof(text), &err),
			 STATUS_FOUND);
	assert_string_equal(text, "letters");
}

static void every_format(void **state)
{
	const struct row *row = *state;
	struct mkdump *d = make_kernel(row->arch);
	struct core *core = open_dump(d, row->format);
	uint32_t word = 0;
	uint64_t paddr;

	check_info(core, row);
	check_u64(core, TEXT, 0x1122334455667788);
	check_u64(core, SPANS, 0x99aabbccddeeff00);
	check_u64(core, VMALLOC, 0xffffffff90001230);
	check_u64(core, VMALLOC + 8, 0x5ca1ab1e);
	check_u64(core, TEXT + 8, 0);
	assert_int_equal(core_read_u32(core, DIRECT, &word, NULL), STATUS_FOUND);
	assert_true(word == 0xfeedface);
	assert_int_equal(core_virt_to_phys(core, TEXT, &paddr, NULL), STATUS_FOUND);
	assert_true(paddr == MKDUMP_TEXT_PHYS + 0x1230);
	assert_int_equal(core_read_phys(core, paddr, &word, 4, NULL), STATUS_FOUND);
	assert_true(core_uint(core, &word, 4) == 0x55667788);

	check_absent(core, DROPPED, "left out");
	check_absent(core, DROPPED - 4, "left out");
	check_absent(core, UNMAPPED, "not mapped");
	check_absent(core, 0x88, "NULL");
	check_absent(core, 0x00007f0000000000, "not a kernel address");
	check_absent(core, UINT64_MAX - 3, "end of memory");
	assert_int_equal(core_read_phys(core, 1ull << 45, &word, 4, NULL), STATUS_ABSENT);
	check_strings(core);
	check_registers(core);
	core_close(core);
	mkdump_free(d);
}

/* Without the tables, text is still where phys_base says; what only tables know is absent. */
static void missing_tables(void **state)
{
	struct mkdump *d = make_kernel(MKDUMP_X86_64);
	struct core *core;

	(void)state;
	mkdump_drop(d, MKDUMP_TEXT_PHYS - MKDUMP_PAGE);
	core = open_dump(d, MKDUMP_ZLIB);
	check_u64(core, TEXT, 0x1122334455667788);
	check_absent(core, VMALLOC, "page table is not readable");
	core_close(core);
	/* kexec's ELF also knows where the direct map is. */
	core = open_dump(d, MKDUMP_ELF);
	check_u64(core, DIRECT, 0xfeedface);
	check_absent(core, VMALLOC, "page table is not readable");
	core_close(core);
	mkdump_free(d);
}

/* Kernels before 4.10: the ELF's PT_LOAD of the image, or the kdump sub-header, has phys_base.
 */
static void no_phys_base_number(void **state)
{
	static const enum mkdump_format format[] = {MKDUMP_ELF, MKDUMP_ZLIB};
	struct mkdump *d = make_kernel(MKDUMP_X86_64);

	(void)state;
	mkdump_info_clear(d, false);
	mkdump_info(d, "PAGESIZE=4096");
	mkdump_info(d, "SYMBOL(swapper_pg_dir)=%llx", MKDUMP_TEXT - MKDUMP_PAGE);
	for (size_t i = 0; i < ARRAY_SIZE(format); i++) {
		struct core *core = open_dump(d, format[i]);

		check_u64(core, VMALLOC + 8, 0x5ca1ab1e);
		core_close(core);
	}
	mkdump_free(d);
}

static void big_endian(void **state)
{
	static const enum mkdump_format format[] = {MKDUMP_ELF, MKDUMP_ZLIB, MKDUMP_FLAT_ZLIB};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(format); i++) {
		struct mkdump *d = mkdump_new(MKDUMP_PPC64);
		const uint64_t gpr[2] = {0, 0xc000000000abcdef};
		struct core_regs regs;
		struct core *core;

		mkdump_info(d, "NUMBER(RADIX_MMU)=0");
		mkdump_uint(d, 0xc000000000010008, 8, 0x0102030405060708);
		mkdump_cpu(d, 7, gpr, 2);
		core = open_dump(d, format[i]);
		assert_true(core_is_big_endian(core));
		assert_string_equal(core_machine(core), "ppc64");
		check_u64(core, 0xc000000000010008, 0x0102030405060708);
		check_absent(core, 0xc008000000010008, "hash MMU");
		assert_int_equal(core_cpu_regs(core, 0, &regs, NULL), STATUS_FOUND);
		assert_int_equal(regs.pid, 7);
		assert_true(regs.reg[1].value == 0xc000000000abcdef);
		core_close(core);
		mkdump_free(d);
	}
}

/* Radix tables: 13 index bits, then as many as each entry says. */
static void ppc64_radix(void **state)
{
	struct mkdump *d = mkdump_new(MKDUMP_PPC64);
	const uint64_t addr = 0xc008000000012340;
	uint64_t table[] = {0xc000000000100000, 0xc000000000200000, 0xc000000000300000,
			    0xc000000000400000};
	const unsigned shift[] = {39, 30, 21, 12}, bits[] = {13, 9, 9, 9};
	struct core *core;

	(void)state;
	mkdump_info(d, "SYMBOL(swapper_pg_dir)=%" PRIx64, table[0]);
	for (unsigned i = 0; i < 4; i++) {
		uint64_t at = table[i] + (addr >> shift[i] & ((1ull << bits[i]) - 1)) * 8;
		uint64_t next =
		    i < 3 ? (table[i + 1] & 0xfffffff) | bits[i + 1] : 0x500000 | 1ull << 62;

		mkdump_uint(d, at, 8, next | 1ull << 63);
	}
	mkdump_uint(d, 0xc000000000500340, 8, 0x7777);
	core = open_dump(d, MKDUMP_ELF);
	check_u64(core, addr, 0x7777);
	check_absent(core, addr + MKDUMP_PAGE, "not mapped");
	core_close(core);
	mkdump_free(d);
}

/* A dump that no kernel prepared: the lowcore points at the note. */
static void s390x_lowcore(void **state)
{
	static const char text[] = "PAGESIZE=4096\nSYMBOL(there)=10000\n";
	struct mkdump *d = mkdump_new(MKDUMP_S390X);
	struct core *core;
	uint64_t value;

	(void)state;
	mkdump_info_clear(d, true);
	mkdump_uint(d, 0xe0c, 8, 0x20000);
	mkdump_uint(d, 0x20000, 4, sizeof("VMCOREINFO"));
	mkdump_uint(d, 0x20004, 4, sizeof(text) - 1);
	mkdump_virt(d, 0x2000c, "VMCOREINFO", sizeof("VMCOREINFO"));
	mkdump_virt(d, 0x20018, text, sizeof(text));
	mkdump_uint(d, 0x10000, 8, 0x390);
	core = open_dump(d, MKDUMP_ELF);
	assert_int_equal(core_symbol(core, "there", &value, NULL), STATUS_FOUND);
	check_u64(core, value, 0x390);
	core_close(core);
	mkdump_free(d);
}

/* QEMU leaves the header's utsname blank: the notes tell the machine. */
static void blank_header(void **state)
{
	struct mkdump *d = make_kernel(MKDUMP_X86_64);
	struct core *core;

	(void)state;
	mkdump_machine(d, "");
	core = open_dump(d, MKDUMP_ZLIB);
	assert_int_equal(core_arch(core), CORE_ARCH_X86_64);
	check_u64(core, VMALLOC + 8, 0x5ca1ab1e);
	check_registers(core);
	core_close(core);
	mkdump_free(d);
}

/* Three members, one of them empty as makedumpfile leaves them; then one member alone. */
static void split_set(void **state)
{
	const uint64_t middle = (MKDUMP_TEXT_PHYS + 0x2000) / MKDUMP_PAGE, end = 0x21002;
	const uint64_t bound[] = {0, middle, end, end};
	struct mkdump *d = make_kernel(MKDUMP_X86_64);
	struct core *core;
	int fd[3], first;

	(void)state;
	for (unsigned i = 0; i < 3; i++) {
		mkdump_split(d, bound[i], bound[i + 1]);
		fd[2 - i] = mkdump_open(d, MKDUMP_ZLIB);
	}
	first = dup(fd[2]);
	core = open_fds(fd, 3);
	assert_int_equal(core_info(core)->split_files, 3);
	assert_true(core_info(core)->complete);
	check_u64(core, TEXT, 0x1122334455667788);
	check_u64(core, VMALLOC + 8, 0x5ca1ab1e);
	check_absent(core, DROPPED, "left out");
	core_close(core);

	core = open_fds(&first, 1);
	assert_false(core_info(core)->complete);
	assert_non_null(strstr(core_info(core)->why_incomplete, "missing"));
	check_u64(core, TEXT, 0x1122334455667788);
	check_absent(core, SPANS, "was not given");
	core_close(core);
	mkdump_free(d);
}

/* A note that libkdumpfile refuses the whole file for: the memory is read without it. */
static void refused_by_library(void **state)
{
	struct mkdump *d = make_kernel(MKDUMP_X86_64);
	struct core *core;
	struct core_regs regs;
	struct err err;

	(void)state;
	mkdump_note(d, "CORE", 1, "too short", 9);
	core = open_dump(d, MKDUMP_ELF);
	check_u64(core, TEXT, 0x1122334455667788);
	check_absent(core, DROPPED, "left out");
	assert_int_equal(core_cpu_regs(core, 0, &regs, &err), STATUS_FOUND);
	assert_int_equal(core_cpu_regs(core, 2, &regs, &err), STATUS_BROKEN);
	assert_string_equal(err.text, "its NT_PRSTATUS note has only 9 bytes");
	core_close(core);
	mkdump_free(d);
}

static void vmcoreinfo_values(void **state)
{
	struct mkdump *d = mkdump_new(MKDUMP_X86_64);
	struct core *core;
	struct err err;
	struct slice line;
	uint64_t value = 9;
	int64_t number = 9;

	(void)state;
	mkdump_info(d, "OFFSET(list_head.next)=8");
	mkdump_info(d, "OFFSET(bad.one)=-8");
	mkdump_info(d, "SIZE(page)=64");
	mkdump_info(d, "SYMBOL(bad)=xyz");
	core = open_dump(d, MKDUMP_ELF);
	assert_int_equal(core_offset(core, "list_head.next", &value, NULL), STATUS_FOUND);
	assert_int_equal(value, 8);
	assert_int_equal(core_size(core, "page", &value, NULL), STATUS_FOUND);
	assert_int_equal(value, 64);
	assert_int_equal(core_offset(core, "bad.one", &value, &err), STATUS_BROKEN);
	assert_string_equal(err.text, "VMCOREINFO says OFFSET(bad.one)=-8");
	assert_int_equal(core_symbol(core, "bad", &value, NULL), STATUS_BROKEN);
	assert_int_equal(core_symbol(core, "none", &value, &err), STATUS_ABSENT);
	assert_string_equal(err.text, "VMCOREINFO has no SYMBOL(none)");
	assert_int_equal(core_number(core, "phys_base", &number, NULL), STATUS_FOUND);
	assert_true(number == 0x3000000 - 0x10000000);
	assert_int_equal(core_info_line(core, "OSRELEASE", &line, NULL), STATUS_FOUND);
	assert_true(slice_eq(line, "6.1.0-mkdump"));
	core_close(core);
	mkdump_free(d);
}

struct seen {
	unsigned pages;
	bool text, root;
};

static void note_page(uint64_t page, void *ctx)
{
	struct seen *seen = ctx;

	seen->pages++;
	seen->text |= page == MKDUMP_TEXT_PHYS + 0x1000;
	seen->root |= page == MKDUMP_TEXT_PHYS - MKDUMP_PAGE;
}

/* Also a page that the cache held before, and the tables on the way to it. */
static void observer(void **state)
{
	struct mkdump *d = make_kernel(MKDUMP_X86_64);
	struct core *core = open_dump(d, MKDUMP_ELF);
	struct seen seen = {0};
	uint64_t value;

	(void)state;
	check_u64(core, TEXT, 0x1122334455667788);
	core_observe(core, note_page, &seen);
	check_u64(core, TEXT, 0x1122334455667788);
	assert_true(seen.text);
	assert_true(seen.root);
	assert_int_equal(seen.pages, 5);
	assert_int_equal(core_read_u64(core, DROPPED, &value, NULL), STATUS_ABSENT);
	assert_int_equal(seen.pages, 5);
	core_close(core);
	mkdump_free(d);
}

int main(void)
{
	const struct CMUnitTest single[] = {
	    cmocka_unit_test(missing_tables), cmocka_unit_test(no_phys_base_number),
	    cmocka_unit_test(big_endian),     cmocka_unit_test(ppc64_radix),
	    cmocka_unit_test(s390x_lowcore),  cmocka_unit_test(blank_header),
	    cmocka_unit_test(split_set),      cmocka_unit_test(vmcoreinfo_values),
	    cmocka_unit_test(observer),	      cmocka_unit_test(refused_by_library),
	};
	struct CMUnitTest tests[ARRAY_SIZE(rows) + ARRAY_SIZE(single)];

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		tests[i] = row_test(rows[i].test, every_format, &rows[i]);
	memcpy(tests + ARRAY_SIZE(rows), single, sizeof(single));
	return cmocka_run_group_tests(tests, NULL, NULL);
}
