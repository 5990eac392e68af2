// SPDX-License-Identifier: GPL-2.0-or-later
//
// Damaged and hostile files: what is refused and in which words, what opens all the same and
// says that it is not whole. Each row changes one thing of a healthy dump.
#include <elf.h>
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/core.h"
#include "core/kdump-format.h"
#include "dumps/mkdump.h"
#include "unit/test-rows.h"

#define DATA (MKDUMP_TEXT + 0x5000)

enum { BLOCK = MKDUMP_PAGE, DESCRIPTORS = 1 << 30, LAST_PAGE, KEEP = -1 };

struct row {
	const char *test;
	enum mkdump_format format;
	long cut;      /* bytes to keep; KEEP: all */
	long at;       /* where to put value, or DESCRIPTORS: in the first page's */
	unsigned size; /* of value; 0: nothing is changed */
	uint64_t value;
	const char *refused; /* part of the error of core_open(); NULL: it opens */
	const char *why;     /* part of why_incomplete; NULL: complete */
	const char *read;    /* part of the error when DATA is read; NULL: it is read right */
};

#define PHDR(n, member) \
	(long)(sizeof(Elf64_Ehdr) + (n) * sizeof(Elf64_Phdr) + offsetof(Elf64_Phdr, member))
#define EHDR(member) (long)offsetof(Elf64_Ehdr, member)
/* make_kernel() gives a PT_NOTE and three PT_LOADs: top table, text, other tables. */
#define SECTION_0_INFO (PHDR(4, p_type) + (long)offsetof(Elf64_Shdr, sh_info))

// clang-format off
static const struct row rows[] = {
	{"elf as it is", MKDUMP_ELF, KEEP, 0, 0, 0, NULL, NULL, NULL},
	{"empty", MKDUMP_ELF, 0, 0, 0, 0, "is empty", NULL, NULL},
	{"three bytes", MKDUMP_ELF, 3, 0, 0, 0, "neither an ELF nor", NULL, NULL},
	{"other magic", MKDUMP_ELF, KEEP, 0, 4, 0x20554e47, "neither an ELF nor", NULL, NULL},
	{"elf cut in its header", MKDUMP_ELF, 40, 0, 0, 0, "within the ELF header", NULL, NULL},
	{"elf cut in the program headers", MKDUMP_ELF, 100, 0, 0, 0, "program headers", NULL, NULL},
	{"elf cut before the notes", MKDUMP_ELF, 400, 0, 0, 0, "no VMCOREINFO note (the file is cut", NULL, NULL},
	{"elf cut in its memory", MKDUMP_ELF, 6000, 0, 0, 0, NULL, "cut short: 6000 of", "beyond the end of the cut file"},
	{"elf of a wrong class", MKDUMP_ELF, KEEP, EI_CLASS, 1, 7, "ELF class 7", NULL, NULL},
	{"elf of no byte order", MKDUMP_ELF, KEEP, EI_DATA, 1, 0, "byte order 0", NULL, NULL},
	{"a program, not a core", MKDUMP_ELF, KEEP, EHDR(e_type), 2, ET_EXEC, "not a core dump", NULL, NULL},
	{"program headers of another size", MKDUMP_ELF, KEEP, EHDR(e_phentsize), 2, 32, "program headers of 32", NULL, NULL},
	{"no program header", MKDUMP_ELF, KEEP, EHDR(e_phnum), 2, 0, "0 program headers", NULL, NULL},
	{"count in a section that is not there", MKDUMP_ELF, KEEP, EHDR(e_phnum), 2, PN_XNUM, "not counted", NULL, NULL},
	{"a huge count in section 0", MKDUMP_ELF_MANY, KEEP, SECTION_0_INFO, 4, 1 << 21, "2097152 program headers", NULL, NULL},
	{"headers beyond the file", MKDUMP_ELF, KEEP, EHDR(e_phoff), 8, UINT64_MAX - 8, "program headers", NULL, NULL},
	{"a segment beyond all files", MKDUMP_ELF, KEEP, PHDR(1, p_offset), 8, UINT64_MAX - 8, "beyond any file", NULL, NULL},
	{"a segment beyond all memory", MKDUMP_ELF, KEEP, PHDR(1, p_paddr), 8, UINT64_MAX - 8, "beyond any memory", NULL, NULL},
	{"notes longer than the file", MKDUMP_ELF, KEEP, PHDR(0, p_filesz), 8, 1 << 30, NULL, "cut short", NULL},
	{"no notes", MKDUMP_ELF, KEEP, PHDR(0, p_filesz), 8, 0, "no VMCOREINFO note, so", NULL, NULL},
	{"notes of 2 GiB", MKDUMP_ELF, KEEP, PHDR(0, p_filesz), 8, 1ull << 31, "notes of 2147483648", NULL, NULL},
	{"sections that are not there", MKDUMP_ELF, KEEP, EHDR(e_shoff), 8, 1ull << 40, NULL, NULL, NULL},
	{"names in no section", MKDUMP_ELF, KEEP, EHDR(e_shstrndx), 2, 7, NULL, NULL, NULL},
	{"marked incomplete", MKDUMP_ELF, KEEP, EHDR(e_flags), 4, 1, NULL, "marked it incomplete", NULL},
	{"another machine", MKDUMP_ELF, KEEP, EHDR(e_machine), 2, EM_MIPS, NULL, NULL, NULL},

	{"kdump as it is", MKDUMP_RAW, KEEP, 0, 0, 0, NULL, NULL, NULL},
	{"kdump cut in its header", MKDUMP_RAW, 100, 0, 0, 0, "within the kdump header", NULL, NULL},
	{"kdump cut in the sub-header", MKDUMP_RAW, BLOCK + 8, 0, 0, 0, "sub-header", NULL, NULL},
	{"kdump cut in its notes", MKDUMP_RAW, 3 * BLOCK, 0, 0, 0, "VMCOREINFO", NULL, NULL},
	{"no block size", MKDUMP_RAW, KEEP, DH_BLOCK_SIZE, 4, 0, "makes no sense", NULL, NULL},
	{"odd block size", MKDUMP_RAW, KEEP, DH_BLOCK_SIZE, 4, 5000, "makes no sense", NULL, NULL},
	{"negative sub-header blocks", MKDUMP_RAW, KEEP, DH_SUB_HDR_SIZE, 4, UINT32_MAX, "sub-header", NULL, NULL},
	{"negative bitmap blocks", MKDUMP_RAW, KEEP, DH_BITMAP_BLOCKS, 4, UINT32_MAX, "bitmap blocks", NULL, NULL},
	{"bitmaps of 16 GiB", MKDUMP_RAW, KEEP, DH_BITMAP_BLOCKS, 4, 1 << 22, "page bitmaps of 17179869184 bytes", NULL, NULL},
	{"more pages than bits", MKDUMP_RAW, KEEP, BLOCK + SH_MAX_MAPNR_64, 8, 1ull << 40, "no room for", NULL, NULL},
	{"all the pages there are", MKDUMP_RAW, KEEP, BLOCK + SH_MAX_MAPNR_64, 8, UINT64_MAX, "no room for", NULL, NULL},
	{"VMCOREINFO of 12 MiB", MKDUMP_RAW, KEEP, BLOCK + SH_TEXTS + 8, 8, 12 << 20, "VMCOREINFO of 12582912", NULL, NULL},
	{"notes beyond the file", MKDUMP_RAW, KEEP, BLOCK + SH_TEXTS + 16, 8, 1ull << 50, NULL, NULL, NULL},
	{"notes of 1 PiB", MKDUMP_RAW, KEEP, BLOCK + SH_TEXTS + 24, 8, 1ull << 50, "notes of 1125899906842624", NULL, NULL},
	{"marked incomplete, kdump", MKDUMP_RAW, KEEP, DH_STATUS, 4, DH_INCOMPLETE, NULL, "marked it incomplete", NULL},
	{"page of no bytes", MKDUMP_RAW, KEEP, DESCRIPTORS + 8, 4, 0, NULL, NULL, "said to take 0 bytes"},
	{"page larger than a page", MKDUMP_RAW, KEEP, DESCRIPTORS + 8, 4, BLOCK + 1, NULL, NULL, "said to take 4097 bytes"},
	{"page of 4 GiB", MKDUMP_RAW, KEEP, DESCRIPTORS + 8, 4, UINT32_MAX, NULL, NULL, "said to take"},
	{"page that was not written", MKDUMP_RAW, KEEP, DESCRIPTORS, 8, 0, NULL, NULL, "not written any more"},
	{"page beyond the end", MKDUMP_RAW, KEEP, DESCRIPTORS, 8, 1ull << 40, NULL, NULL, "beyond the end of the cut file"},
	{"page at a negative offset", MKDUMP_RAW, KEEP, DESCRIPTORS, 8, UINT64_MAX, NULL, NULL, "beyond the end of the cut file"},
	{"page of an unknown compression", MKDUMP_RAW, KEEP, DESCRIPTORS + 12, 4, 1, NULL, NULL, "page 0x"},

	{"flattened, cut in its header", MKDUMP_FLAT_ZLIB, 2000, 0, 0, 0, "holds no record", NULL, NULL},
	{"flattened, no dump in it", MKDUMP_FLAT_ZLIB, 9000, 0, 0, 0, "holds neither", NULL, NULL},
	{"flattened elf, cut before its header comes", MKDUMP_FLAT_ELF, 20000, 0, 0, 0, "holds neither", NULL, NULL},
	{"flattened, record of no size", MKDUMP_FLAT_ZLIB, KEEP, 4096 + 8, 8, 0, "record at 4096", NULL, NULL},
	{"flattened, record of negative size", MKDUMP_FLAT_ZLIB, KEEP, 4096 + 8, 8, 0x80 /* big-endian: the sign */, "record at 4096", NULL, NULL},
};
// clang-format on

static struct mkdump *make_kernel(void)
{
	struct mkdump *d = mkdump_new(MKDUMP_X86_64);

	mkdump_uint(d, DATA, 8, 0x1122334455667788);
	return d;
}

/* The kdump descriptor of DATA's page: pages stand in the order of their addresses. */
static long descriptor_of_data(int fd)
{
	uint32_t sub, bitmap;

	/* The first page is the top page table, which lies just before the text. */
	assert_int_equal(pread(fd, &sub, 4, DH_SUB_HDR_SIZE), 4);
	assert_int_equal(pread(fd, &bitmap, 4, DH_BITMAP_BLOCKS), 4);
	return (long)(1 + sub + bitmap) * BLOCK + PD_SIZE;
}

static int make_file(const struct row *row)
{
	struct mkdump *d = make_kernel();
	int fd = mkdump_open(d, row->format);
	long at = row->at;

	mkdump_free(d);
	if (at >= DESCRIPTORS)
		at = at - DESCRIPTORS + descriptor_of_data(fd);
	if (row->size)
		assert_int_equal(pwrite(fd, &row->value, row->size, at), row->size);
	if (row->cut != KEEP)
		assert_int_equal(ftruncate(fd, row->cut), 0);
	return fd;
}

static enum status open_fd(struct core **ret, int fd, const struct core_limits *limits,
			   struct err *err)
{
	char name[32];
	const char *path = name;
	enum status st;

	snprintf(name, sizeof(name), "/proc/self/fd/%d", fd);
	st = core_open(ret, &path, 1, limits, err);
	close(fd);
	return st;
}

static void expect(const char *text, const char *part)
{
	if (!strstr(text, part))
		fail_msg("\"%s\" does not say \"%s\"", text, part);
}

static void damaged(void **state)
{
	const struct row *row = *state;
	struct core *core = NULL;
	struct err err = {""};
	uint64_t value = 0;
	enum status st = open_fd(&core, make_file(row), NULL, &err);

	if (row->refused) {
		assert_int_equal(st, STATUS_BROKEN);
		assert_null(core);
		expect(err.text, row->refused);
		return;
	}
	if (st)
		fail_msg("core_open: %s", err.text);
	assert_int_equal(core_info(core)->complete, row->why == NULL);
	expect(core_info(core)->why_incomplete, row->why ? row->why : "");
	st = core_read_u64(core, DATA, &value, &err);
	if (row->read) {
		assert_int_equal(st, STATUS_BROKEN);
		expect(err.text, row->read);
	} else if (st) {
		fail_msg("read: %s", err.text);
	} else {
		assert_true(value == 0x1122334455667788);
	}
	core_close(core);
}

static void not_files(void **state)
{
	static const struct {
		const char *path, *say;
	} bad[] = {
	    {"/", "is a directory"},
	    {"/nonexistent/vmcore", "cannot open: No such file"},
	    {"/dev/null", "is no regular file"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		struct core *core;
		struct err err;

		assert_int_equal(core_open(&core, &bad[i].path, 1, NULL, &err), STATUS_BROKEN);
		expect(err.text, bad[i].say);
	}
}

static void magic(void **state)
{
	struct mkdump *d = make_kernel();
	int elf = mkdump_open(d, MKDUMP_ELF), flat = mkdump_open(d, MKDUMP_FLAT_ZLIB);
	FILE *log = tmpfile();

	(void)state;
	assert_non_null(log);
	fputs("[    0.000000] Linux version 6.1.0", log);
	fflush(log);
	assert_true(core_is_dump(elf));
	assert_true(core_is_dump(flat));
	assert_false(core_is_dump(fileno(log)));
	fclose(log);
	close(elf);
	close(flat);
	mkdump_free(d);
}

/* Every second of 8192 pages: 4096 runs of 24 bytes. */
static void memory_limit(void **state)
{
	const struct core_limits little = {.open_bytes = 4096 * 24}, enough = {1 << 20};
	struct mkdump *d = make_kernel();
	struct core *core = NULL;
	struct err err;
	int fd;

	(void)state;
	for (uint64_t i = 0; i < 4096; i++)
		mkdump_phys(d, 0x8000000 + i * 2 * MKDUMP_PAGE, "", 1);
	fd = mkdump_open(d, MKDUMP_ZLIB);
	assert_int_equal(open_fd(&core, dup(fd), &little, &err), STATUS_BROKEN);
	expect(err.text,
	       "takes about 1 MiB of memory, the limit is 0 MiB: raise the limit, or");
	assert_int_equal(open_fd(&core, fd, &enough, &err), STATUS_FOUND);
	core_close(core);
	/* ELF takes memory by its headers, not by its pages. */
	assert_int_equal(open_fd(&core, mkdump_open(d, MKDUMP_ELF), &enough, &err),
			 STATUS_FOUND);
	core_close(core);
	mkdump_free(d);
}

static void long_note(void **state)
{
	size_t size = 12 << 20;
	char *text = malloc(size);
	struct mkdump *d = make_kernel();
	struct core *core;
	struct err err;

	(void)state;
	assert_non_null(text);
	memset(text, 'K', size);
	mkdump_note(d, "VMCOREINFO", 0, text, size);
	assert_int_equal(open_fd(&core, mkdump_open(d, MKDUMP_ELF), NULL, &err),
			 STATUS_BROKEN);
	expect(err.text,
	       "the VMCOREINFO note has 12582912 bytes, a real one has at most 65536");
	free(text);
	mkdump_free(d);
}

static void put_u64(int fd, long at, uint64_t value)
{
	assert_int_equal(pwrite(fd, &value, sizeof(value), at), sizeof(value));
}

/* The kernel's image has a PT_LOAD of its own: when the other is cut off it is there still. */
static void cut_segment_with_double(void **state)
{
	struct mkdump *d = make_kernel();
	uint64_t value = 0;
	struct core *core;
	struct err err = {""};
	int fd;

	(void)state;
	mkdump_phys(d, 0x100000000, "last", 4);
	fd = mkdump_open(d, MKDUMP_ELF);
	mkdump_free(d);
	/* The PT_LOAD of the last page now claims to hold the text too, beyond the file's end.
	 */
	put_u64(fd, PHDR(4, p_paddr), MKDUMP_TEXT_PHYS - MKDUMP_PAGE);
	put_u64(fd, PHDR(4, p_filesz), 1 << 20);
	put_u64(fd, PHDR(4, p_memsz), 1 << 20);
	put_u64(fd, PHDR(4, p_offset), 1 << 30);
	if (open_fd(&core, fd, NULL, &err))
		fail_msg("%s", err.text);
	assert_false(core_info(core)->complete);
	assert_int_equal(core_read_u64(core, DATA, &value, &err), STATUS_FOUND);
	assert_true(value == 0x1122334455667788);
	assert_int_equal(core_read_phys(core, MKDUMP_TEXT_PHYS + 0x9000, &value, 8, &err),
			 STATUS_BROKEN);
	core_close(core);
}

enum { RECORD = 16, END_MARK = 16, MORE = 9000 };

/* A stream that was cut has holes: they must not pass for pages of zeros. */
static void cut_flattened(void **state)
{
	struct mkdump *d = make_kernel();
	int fd;
	uint8_t head[MKDUMP_PAGE];
	struct stat info;
	struct core *core;
	struct err err = {""};
	uint64_t value;
	off_t end;

	(void)state;
	mkdump_uint(d, 0xffffc90000000000, 8, 1);
	fd = mkdump_open(d, MKDUMP_FLAT_ELF);
	mkdump_free(d);
	assert_int_equal(fstat(fd, &info), 0);
	/* The headers come last. Send them first, and lose them and 9000 bytes before. */
	end = info.st_size - END_MARK - (off_t)sizeof(head);
	assert_int_equal(pread(fd, head, sizeof(head), end), sizeof(head));
	assert_int_equal(pwrite(fd, head, sizeof(head), MKDUMP_PAGE + RECORD), sizeof(head));
	assert_int_equal(ftruncate(fd, end - RECORD - MORE), 0);
	if (open_fd(&core, fd, NULL, &err))
		fail_msg("%s", err.text);
	assert_false(core_info(core)->complete);
	expect(core_info(core)->why_incomplete, "without its end mark");
	assert_int_equal(core_read_u64(core, DATA, &value, &err), STATUS_FOUND);
	assert_int_equal(core_read_u64(core, 0xffffc90000000000, &value, &err), STATUS_BROKEN);
	core_close(core);
}

int main(void)
{
	const struct CMUnitTest single[] = {
	    cmocka_unit_test(not_files),
	    cmocka_unit_test(magic),
	    cmocka_unit_test(memory_limit),
	    cmocka_unit_test(long_note),
	    cmocka_unit_test(cut_segment_with_double),
	    cmocka_unit_test(cut_flattened),
	};
	struct CMUnitTest tests[ARRAY_SIZE(rows) + ARRAY_SIZE(single)];

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		tests[i] = row_test(rows[i].test, damaged, &rows[i]);
	memcpy(tests + ARRAY_SIZE(rows), single, sizeof(single));
	return cmocka_run_group_tests(tests, NULL, NULL);
}
