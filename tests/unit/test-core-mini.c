// SPDX-License-Identifier: GPL-2.0-or-later
//
// Small dumps: what was read can be read from them again, byte for byte, and nothing else can.
#include <fcntl.h>
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/mini.h"
#include "dumps/mkdump.h"

#define READ (MKDUMP_TEXT + 0x1ff8) /* over a page boundary */
#define ZERO (MKDUMP_TEXT + 0x4000)
#define NOISE (MKDUMP_TEXT + 0x6000)
#define UNREAD (MKDUMP_TEXT + 0x8000)
#define VMALLOC 0xffffc90000000010ull
#define FAR (1ull << 40)
#define UTS (MKDUMP_TEXT + 0xa000)

static struct core *open_fd(int fd)
{
	char name[32];
	const char *path = name;
	struct core *core = NULL;
	struct err err = {""};

	snprintf(name, sizeof(name), "/proc/self/fd/%d", fd);
	if (core_open(&core, &path, 1, NULL, &err))
		fail_msg("core_open: %s", err.text);
	return core;
}

/* A page that no compression makes smaller. */
static void add_noise(struct mkdump *d)
{
	uint8_t noise[MKDUMP_PAGE];
	uint32_t x = 1;

	for (size_t i = 0; i < sizeof(noise); i++) {
		x = x * 1664525 + 1013904223;
		noise[i] = (uint8_t)(x >> 24);
	}
	mkdump_virt(d, NOISE, noise, sizeof(noise));
}

static struct mkdump *make_kernel(enum mkdump_arch arch)
{
	const uint64_t base = arch == MKDUMP_PPC64 ? 0xc000000000000000 : 0;
	const uint64_t regs[] = {1, 2, 3};
	struct mkdump *d = mkdump_new(arch);

	if (base) {
		mkdump_uint(d, base + 0x21000, 8, 0x1122334455667788);
	} else {
		mkdump_info(d, "SYMBOL(init_uts_ns)=%llx", UTS);
		mkdump_info(d, "OFFSET(uts_namespace.name)=0");
		mkdump_virt(d, UTS, "Linux", 6);
		mkdump_virt(d, UTS + 2 * 65, "6.1.0-tiny", 11);
		mkdump_uint(d, READ, 8, 1);
		mkdump_uint(d, READ + 8, 8, 2);
		mkdump_uint(d, ZERO, 1, 0);
		mkdump_uint(d, UNREAD, 8, 3);
		mkdump_uint(d, VMALLOC, 8, 4);
		add_noise(d);
	}
	mkdump_cpu(d, 42, regs, 3);
	mkdump_cpu(d, 43, regs, 3);
	return d;
}

/* Writes the small dump of what read() reads into a temporary file, and opens it. */
static struct core *make_mini(struct core *core, void (*read)(struct core *core))
{
	FILE *out = tmpfile();
	struct page_set pages;
	struct err err = {""};
	struct core *small;

	assert_non_null(out);
	page_set_init(&pages, 1000);
	core_observe(core, page_set_seen, &pages);
	read(core);
	if (core_write_mini(core, &pages, fileno(out), &err))
		fail_msg("core_write_mini: %s", err.text);
	small = open_fd(fileno(out));
	assert_int_equal(core_info(small)->dumped_bytes, pages.count * core_page_size(core));
	page_set_done(&pages);
	fclose(out);
	return small;
}

static void read_all(struct core *core)
{
	static uint8_t page[MKDUMP_PAGE];
	const uint64_t addr[] = {READ, READ + 8, VMALLOC}, want[] = {1, 2, 4};
	uint64_t value;

	for (size_t i = 0; i < ARRAY_SIZE(addr); i++) {
		assert_int_equal(core_read_u64(core, addr[i], &value, NULL), STATUS_FOUND);
		assert_int_equal(value, want[i]);
	}
	assert_int_equal(core_read_virt(core, ZERO, page, sizeof(page), NULL), STATUS_FOUND);
	assert_int_equal(page[0] | page[sizeof(page) - 1], 0);
	assert_int_equal(core_read_virt(core, NOISE, page, sizeof(page), NULL), STATUS_FOUND);
	assert_int_equal(page[0], (1664525u + 1013904223) >> 24);
}

static void check_names(struct core *small)
{
	struct core_utsname uts;
	struct core_regs regs;
	struct slice line;

	/* Their page was not read: the header has them. */
	assert_int_equal(core_utsname(small, &uts, NULL), STATUS_FOUND);
	assert_string_equal(uts.release, "6.1.0-tiny");
	assert_string_equal(uts.machine, "x86_64");
	assert_int_equal(core_info_line(small, "OSRELEASE", &line, NULL), STATUS_FOUND);
	assert_int_equal(core_cpu_notes(small), 2);
	assert_int_equal(core_cpu_regs(small, 1, &regs, NULL), STATUS_FOUND);
	assert_int_equal(regs.pid, 43);
	assert_true(regs.reg[2].value == 3);
}

static void same_again(void **state)
{
	const enum mkdump_format *format = *state;
	struct mkdump *d = make_kernel(MKDUMP_X86_64);
	int fd = mkdump_open(d, *format);
	struct core *core = open_fd(fd), *small, *smaller;
	uint64_t value;

	read_all(core); /* pages that are cached now must be in the small dump too */
	small = make_mini(core, read_all);
	core_close(core);
	assert_string_equal(core_info(small)->format, "kdump");
	assert_string_equal(core_info(small)->compression, "zlib");
	assert_true(core_info(small)->complete);
	read_all(small);
	check_names(small);
	assert_int_equal(core_read_u64(small, UNREAD, &value, NULL), STATUS_ABSENT);
	smaller = make_mini(small, read_all);
	core_close(small);
	read_all(smaller);
	check_names(smaller);
	core_close(smaller);
	close(fd);
	mkdump_free(d);
}

static void read_linear(struct core *core)
{
	uint64_t value;

	assert_int_equal(core_read_u64(core, 0xc000000000021000, &value, NULL), STATUS_FOUND);
	assert_true(value == 0x1122334455667788);
}

static void big_endian(void **state)
{
	struct mkdump *d = make_kernel(MKDUMP_PPC64);
	int fd = mkdump_open(d, MKDUMP_ELF);
	struct core *core = open_fd(fd), *small = make_mini(core, read_linear);

	(void)state;
	core_close(core);
	assert_true(core_is_big_endian(small));
	assert_string_equal(core_machine(small), "ppc64");
	read_linear(small);
	core_close(small);
	close(fd);
	mkdump_free(d);
}

static void read_far(struct core *core)
{
	uint8_t byte;

	assert_int_equal(core_read_phys(core, FAR, &byte, 1, NULL), STATUS_FOUND);
	assert_int_equal(byte, 'x');
	assert_int_equal(core_read_phys(core, 0x5000, &byte, 1, NULL), STATUS_FOUND);
}

/* A page at 1 TiB: 64 MiB of bitmaps, of which the file holds two blocks each. */
static void sparse_memory(void **state)
{
	struct mkdump *d = make_kernel(MKDUMP_X86_64);
	FILE *out = tmpfile();
	struct page_set pages;
	struct stat info;
	struct core *core;
	int fd;

	(void)state;
	mkdump_phys(d, FAR, "x", 1);
	mkdump_phys(d, 0x5000, "y", 1);
	fd = mkdump_open(d, MKDUMP_ELF);
	core = open_fd(fd);
	page_set_init(&pages, 10);
	core_observe(core, page_set_seen, &pages);
	read_far(core);
	assert_non_null(out);
	assert_int_equal(core_write_mini(core, &pages, fileno(out), NULL), STATUS_FOUND);
	core_close(core);
	assert_int_equal(fstat(fileno(out), &info), 0);
	assert_true(info.st_size > 64 << 20);
	assert_true(info.st_blocks * 512 < 256 * 1024);
	core = open_fd(fileno(out));
	read_far(core);
	core_close(core);
	fclose(out);
	page_set_done(&pages);
	close(fd);
	mkdump_free(d);
}

static void nothing_read(void **state)
{
	struct mkdump *d = make_kernel(MKDUMP_X86_64);
	int fd = mkdump_open(d, MKDUMP_ELF), full = open("/dev/full", O_WRONLY);
	struct core *core = open_fd(fd);
	struct page_set pages;
	struct err err;

	(void)state;
	page_set_init(&pages, 1000);
	assert_int_equal(core_write_mini(core, &pages, -1, &err), STATUS_ABSENT);
	assert_string_equal(err.text, "no page was read");
	page_set_add(&pages, MKDUMP_TEXT_PHYS);
	assert_int_equal(core_write_mini(core, &pages, full, &err), STATUS_BROKEN);
	assert_string_equal(err.text, "cannot write: No space left on device");
	page_set_done(&pages);
	core_close(core);
	close(full);
	close(fd);
	mkdump_free(d);
}

static void page_sets(void **state)
{
	struct page_set set;

	(void)state;
	page_set_init(&set, 300);
	for (unsigned round = 0; round < 50; round++) {
		for (uint64_t i = 0; i < 300; i++)
			page_set_add(&set, (299 - i) * 4096);
	}
	assert_false(set.overflowed);
	page_set_sort(&set);
	assert_int_equal(set.count, 300);
	for (uint64_t i = 0; i < 300; i++)
		assert_int_equal(set.page[i], i * 4096);
	for (uint64_t i = 0; i < 4000; i++)
		page_set_add(&set, (1000 + i) * 4096);
	assert_true(set.overflowed);
	page_set_done(&set);
}

int main(void)
{
	static enum mkdump_format format[] = {MKDUMP_ELF, MKDUMP_ZLIB, MKDUMP_FLAT_ZLIB};
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_prestate(same_again, &format[0]),
	    cmocka_unit_test_prestate(same_again, &format[1]),
	    cmocka_unit_test_prestate(same_again, &format[2]),
	    cmocka_unit_test(big_endian),
	    cmocka_unit_test(sparse_memory),
	    cmocka_unit_test(nothing_read),
	    cmocka_unit_test(page_sets),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
