// SPDX-License-Identifier: GPL-2.0-or-later
//
// klog_open_text(): which files are taken, which are refused and why, and what comes out.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>
#include <zlib.h>

#include "kernel/klog-source.h"
#include "unit/test-rows.h"

static int file_of(const void *data, size_t len)
{
	int fd = memfd_create("log", 0);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, data, len), (ssize_t)len);
	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	return fd;
}

static enum status open_fd(struct klog **ret, int fd, struct err *err)
{
	char path[32];

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	return klog_open_text(ret, path, err);
}

/* The lines of a log: "number text", or "number+text" for a further piece of a line. */
static char *lines_of(struct klog *klog, size_t *ret_len)
{
	struct buf b;
	struct klog_line line;

	buf_init(&b, 1 << 24);
	buf_str(&b, "");
	while (klog_next(klog, &line)) {
		buf_printf(&b, "%u%c", line.number, line.continues ? '+' : ' ');
		buf_add(&b, line.text.p, line.text.n);
		buf_str(&b, "\n");
	}
	assert_false(b.failed);
	*ret_len = b.len;
	return b.data;
}

struct row {
	const char *name, *input;
	size_t len;
	const char *lines;	/* NULL: refused */
	size_t lines_len;
	const char *why;	/* in the error, or why_degraded */
};

// clang-format off
#define BYTES(text) text, sizeof(text) - 1
static const struct row rows[] = {
	{"plain", BYTES("[    1.000000] a\n[    2.000000] b\n"), BYTES("1 a\n2 b\n"), ""},
	{"no newline at the end", BYTES("[    1.000000] a\nb"), BYTES("1 a\n2 b\n"), ""},
	{"empty lines count", BYTES("[    1.000000] a\n\n\n[    2.000000] b\n"), BYTES("1 a\n2 \n3 \n4 b\n"), ""},
	{"carriage returns", BYTES("[    1.000000] a\r\n[    2.000000] b\r\r\n"), BYTES("1 a\n2 b\n"), ""},
	{"byte order mark", BYTES("\xef\xbb\xbf[    1.000000] a\n"), BYTES("1 a\n"), ""},
	{"colours", BYTES("\033[32m[    1.000000] \033[0m\033[33musb:\033[0m x\n[    2.000000] b\n"), BYTES("1 usb: x\n2 b\n"), ""},
	{"a colour cut off", BYTES("[    1.000000] a\033[3"), BYTES("1 a\n"), ""},
	{"other escapes", BYTES("[    1.000000] \033(Ba\0337b\n"), BYTES("1 ab\n"), ""},
	{"a terminal's title", BYTES("\033]0;x y\a[    1.000000] a\033]8;;u\033\\b\n"), BYTES("1 ab\n"), ""},
	{"NUL and high bytes stay", BYTES("[    1.000000] a\0\xff" "b\nBUG: x\n"), BYTES("1 a\0\xff" "b\n2 BUG: x\n"), ""},
	{"bare excerpt", BYTES("some words\nCall Trace:\n"), BYTES("1 some words\n2 Call Trace:\n"), ""},
	{"bare frames", BYTES("  kfree+0x12/0x34\n"), BYTES("1   kfree+0x12/0x34\n"), ""},
	{"mixed consoles", BYTES("login: [[   69.295771][ T2742] x\n"), BYTES("1 login: [[   69.295771][ T2742] x\n"), ""},
	{"dropped messages", BYTES("** 5 printk messages dropped **\n[    1.000000] a\n"), BYTES("1 \n2 a\n"), "dropped messages"},

	{"empty", BYTES(""), NULL, 0, "the file is empty"},
	{"prose", BYTES("Oops, said the BUG.\nIt panicked. Call Trace, he cried: [12.5]\n"), NULL, 0, "no line"},
	{"binary with messages", BYTES("\1\2\3\0\0\0\0\0\nCall Trace:\n\0\0\1\0\0\0\0"), NULL, 0, "binary data"},
	{"xz", BYTES("\xfd" "7zXZ\0\0\4"), NULL, 0, "xz-compressed"},
	{"zstd", BYTES("\x28\xb5\x2f\xfd\x04"), NULL, 0, "zstd-compressed"},
	{"UTF-16", BYTES("\xff\xfe[\0 \0"), NULL, 0, "UTF-16"},
	{"ELF", BYTES("\x7f" "ELF\2\1\1"), NULL, 0, "an ELF file"},
};
// clang-format on

static void check_log(struct klog *klog, const struct row *row)
{
	for (int pass = 0; pass < 2; pass++) {
		size_t len;
		char *lines = lines_of(klog, &len);

		assert_int_equal(len, row->lines_len);
		assert_memory_equal(lines, row->lines, len);
		free(lines);
		assert_string_equal(klog_info(klog)->layout, "text");
		if (row->why[0])
			assert_non_null(strstr(klog_info(klog)->why_degraded, row->why));
		else
			assert_string_equal(klog_info(klog)->why_degraded, "");
		klog_rewind(klog);
	}
}

static void open_row(const struct row *row, int fd)
{
	struct err err = {""};
	struct klog *klog = NULL;
	enum status st = open_fd(&klog, fd, &err);

	close(fd);
	if (row->lines) {
		assert_int_equal(st, STATUS_FOUND);
		check_log(klog, row);
	} else {
		assert_int_equal(st, STATUS_BROKEN);
		assert_null(klog);
		assert_non_null(strstr(err.text, row->why));
		assert_non_null(strstr(err.text, "no kernel log: "));
	}
	klog_free(klog);
}

static void open_plain(void **state)
{
	const struct row *row = *state;

	open_row(row, file_of(row->input, row->len));
}

static int gzip_of(const void *data, size_t len)
{
	int fd = memfd_create("log.gz", 0);
	gzFile gz = gzdopen(dup(fd), "wb");

	assert_non_null(gz);
	assert_int_equal(gzwrite(gz, data, (unsigned)len), (int)len);
	assert_int_equal(gzclose(gz), Z_OK);
	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	return fd;
}

static void open_gzip(void **state)
{
	const struct row *row = *state;

	if (row->len)
		open_row(row, gzip_of(row->input, row->len));
}

/* Reads the log from fd as standard input. Takes fd over. */
static void expect_from_stdin(int fd, const char *expected)
{
	int saved = dup(STDIN_FILENO);
	struct err err = {""};
	struct klog *klog;
	char *lines;
	size_t len;

	dup2(fd, STDIN_FILENO);
	close(fd);
	assert_int_equal(klog_open_text(&klog, "-", &err), STATUS_FOUND);
	dup2(saved, STDIN_FILENO);
	close(saved);
	lines = lines_of(klog, &len);
	assert_string_equal(lines, expected);
	free(lines);
	klog_free(klog);
}

static const char two_lines[] = "[    1.000000] a\n[    2.000000] b\n";

static void open_pipe(void **state)
{
	int ends[2];

	(void)state;
	assert_int_equal(pipe(ends), 0);
	assert_int_equal(write(ends[1], two_lines, sizeof(two_lines) - 1), sizeof(two_lines) - 1);
	close(ends[1]);
	expect_from_stdin(ends[0], "1 a\n2 b\n");
}

/* Someone read the first line already: the rest is the log. */
static void open_stdin_half_read(void **state)
{
	int fd = file_of(two_lines, sizeof(two_lines) - 1);

	(void)state;
	assert_int_equal(lseek(fd, 17, SEEK_SET), 17);
	expect_from_stdin(fd, "1 b\n");
}

/* A log of many lines, so that what is cut from its gzip form leaves some. */
static char *long_log(size_t *ret_len)
{
	struct buf b;

	buf_init(&b, 1 << 24);
	for (unsigned i = 0; i < 20000; i++)
		buf_printf(&b, "[%5u.%06u] line %u\n", i / 100, i * 7919 % 1000000, i * i);
	*ret_len = b.len;
	return b.data;
}

static void open_cut_gzip(void **state)
{
	struct err err = {""};
	struct klog_line line;
	struct klog *klog;
	uint32_t count;
	size_t len;
	char *log = long_log(&len);
	int fd = gzip_of(log, len);

	(void)state;
	free(log);
	assert_int_equal(ftruncate(fd, lseek(fd, 0, SEEK_END) / 2), 0);
	assert_int_equal(open_fd(&klog, fd, &err), STATUS_FOUND);
	close(fd);
	for (int pass = 0; pass < 2; pass++) {
		for (count = 0; klog_next(klog, &line); count++)
			;
		assert_true(count >= 5000 && count <= 15000);
		assert_true(klog_info(klog)->truncated);
		assert_string_equal(klog_info(klog)->why_degraded, "the gzip data is cut short");
		klog_rewind(klog);
	}
	klog_free(klog);
}

static void open_two_gzip_members(void **state)
{
	const char one[] = "[    1.000000] a\n", two[] = "[    2.000000] b\n";
	int fd = gzip_of(one, sizeof(one) - 1), other = gzip_of(two, sizeof(two) - 1);
	struct err err = {""};
	struct klog *klog;
	char block[256];
	ssize_t n = read(other, block, sizeof(block));
	char *lines;
	size_t len;

	(void)state;
	close(other);
	assert_true(lseek(fd, 0, SEEK_END) > 0);
	assert_int_equal(write(fd, block, (size_t)n), n);
	assert_int_equal(open_fd(&klog, fd, &err), STATUS_FOUND);
	close(fd);
	lines = lines_of(klog, &len);
	assert_string_equal(lines, "1 a\n2 b\n");
	free(lines);
	klog_free(klog);
}

static void open_gzip_damaged_at_once(void **state)
{
	int fd = file_of("\x1f\x8b\x08\0\0\0\0\0\0\3\xff\xff\xff\xff", 14);
	struct err err = {""};
	struct klog *klog;

	(void)state;
	assert_int_equal(open_fd(&klog, fd, &err), STATUS_BROKEN);
	assert_non_null(strstr(err.text, "cannot unpack: "));
	assert_non_null(strstr(err.text, "damaged gzip data"));
	close(fd);
}

/* One line of 150,000 bytes: three pieces with one number, and nothing is lost. */
static void long_line_in_pieces(void **state)
{
	enum { BYTES = 150000 };
	const char head[] = "[    1.000000] ", tail[] = "\n[    2.000000] b\n";
	size_t got = 0, pieces = 0;
	struct err err = {""};
	struct klog_line line;
	struct klog *klog;
	struct buf b;
	int fd;

	(void)state;
	buf_init(&b, 1 << 20);
	buf_str(&b, head);
	for (int i = 0; i < BYTES; i++)
		buf_add(&b, "x", 1);
	buf_str(&b, tail);
	fd = file_of(b.data, b.len);
	buf_done(&b);
	assert_int_equal(open_fd(&klog, fd, &err), STATUS_FOUND);
	close(fd);
	while (klog_next(klog, &line) && line.number == 1) {
		assert_int_equal(line.continues, pieces > 0);
		assert_int_equal(line.has_time, pieces == 0);
		pieces++;
		got += line.text.n;
	}
	assert_int_equal(got, BYTES);
	assert_int_equal(pieces, 3);
	assert_int_equal(line.number, 2);
	assert_int_equal(line.text.n, 1);
	klog_free(klog);
}

/* Every line of a file of many windows comes out whole, also those that lie across two. */
static void lines_across_windows(void **state)
{
	struct err err = {""};
	struct klog_line line;
	struct klog *klog;
	unsigned count = 0;
	size_t len;
	char *log = long_log(&len), want[40];
	int fd = file_of(log, len);

	(void)state;
	free(log);
	assert_int_equal(open_fd(&klog, fd, &err), STATUS_FOUND);
	close(fd);
	for (; klog_next(klog, &line); count++) {
		int n = snprintf(want, sizeof(want), "line %u", count * count);

		assert_int_equal(line.number, count + 1);
		assert_false(line.continues);
		assert_int_equal(line.time_ns / 1000000000, count / 100);
		assert_int_equal(line.time_ns / 1000 % 1000000, count * 7919 % 1000000);
		assert_int_equal(line.text.n, n);
		assert_memory_equal(line.text.p, want, n);
	}
	assert_int_equal(count, 20000);
	klog_free(klog);
}

/* Others may cut a log while it is read: then it ends there, and nothing else happens. */
static void file_that_shrinks(void **state)
{
	struct err err = {""};
	struct klog_line line;
	struct klog *klog;
	unsigned count = 0;
	size_t len;
	char *log = long_log(&len);
	int fd = file_of(log, len);

	(void)state;
	free(log);
	assert_int_equal(open_fd(&klog, fd, &err), STATUS_FOUND);
	for (; count < 10; count++)
		assert_true(klog_next(klog, &line));
	assert_int_equal(ftruncate(fd, 0), 0);
	close(fd);
	for (; klog_next(klog, &line); count++)
		;
	assert_true(count >= 10 && count <= 19999);
	klog_rewind(klog);
	assert_false(klog_next(klog, &line));
	klog_free(klog);
}

/* Reading on from a mark gives the rest of the log, the marked line first. */
static void check_rest(struct klog *klog, const struct klog_mark *mark, const char *rest)
{
	size_t len;
	char *lines;

	klog_seek(klog, mark);
	lines = lines_of(klog, &len);
	assert_string_equal(lines, rest);
	free(lines);
}

static void seek_to_mark(void **state)
{
	static const char log[] = "\xef\xbb\xbf[    1.000000] a\n\033[1mb\n\n[    2.000000] c";
	static const char *const rests[] = {
		"1 a\n2 b\n3 \n4 c\n", "2 b\n3 \n4 c\n", "3 \n4 c\n", "4 c\n",
	};
	struct klog_mark mark = {0};
	struct err err = {""};
	struct klog_line line;
	struct klog *klog;
	int fd = file_of(log, sizeof(log) - 1);

	(void)state;
	assert_int_equal(open_fd(&klog, fd, &err), STATUS_FOUND);
	close(fd);
	check_rest(klog, &mark, rests[0]);
	for (size_t i = 0; i < ARRAY_SIZE(rests); i++) {
		klog_rewind(klog);
		for (size_t n = 0; n <= i; n++)
			assert_true(klog_next(klog, &line));
		klog_mark(klog, &mark);
		check_rest(klog, &mark, rests[i]);
	}
	klog_free(klog);
}

/* Far behind the part that is mapped in, and in the middle of a line that comes in pieces. */
static void seek_far(void **state)
{
	enum { LINES = 40, BYTES = 200000 };
	struct klog_mark mark = {0};
	struct err err = {""};
	struct klog_line line;
	struct klog *klog;
	struct buf b;
	int fd;

	(void)state;
	buf_init(&b, 1 << 24);
	buf_str(&b, "[    1.000000] a\n");
	for (unsigned i = 2; i <= LINES; i++)
		buf_printf(&b, "[    1.000000] %0*u\n", BYTES, i);
	fd = file_of(b.data, b.len);
	buf_done(&b);
	assert_int_equal(open_fd(&klog, fd, &err), STATUS_FOUND);
	close(fd);
	while (klog_next(klog, &line))
		if (line.number == LINES - 1 && line.continues)
			klog_mark(klog, &mark);
	klog_seek(klog, &mark);
	assert_true(klog_next(klog, &line));
	assert_int_equal(line.number, LINES - 1);
	assert_false(line.continues);
	while (klog_next(klog, &line))
		;
	assert_int_equal(line.number, LINES);
	klog_free(klog);
}

static void no_such_file(void **state)
{
	struct err err = {""};
	struct klog *klog;

	(void)state;
	assert_int_equal(klog_open_text(&klog, "/nonexistent/log", &err), STATUS_BROKEN);
	assert_string_equal(err.text, "cannot open: No such file or directory");
	assert_int_equal(klog_open_text(&klog, "/", &err), STATUS_BROKEN);
	assert_string_equal(err.text, "is a directory");
}

int main(void)
{
	enum { OTHERS = 11 };
	struct CMUnitTest tests[2 * ARRAY_SIZE(rows) + OTHERS];
	static char names[ARRAY_SIZE(rows)][64];
	size_t n = 0;

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		snprintf(names[i], sizeof(names[i]), "gzip: %s", rows[i].name);
		tests[n++] = row_test(rows[i].name, open_plain, &rows[i]);
		tests[n++] = row_test(names[i], open_gzip, &rows[i]);
	}
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(open_pipe);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(open_stdin_half_read);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(open_cut_gzip);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(open_two_gzip_members);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(open_gzip_damaged_at_once);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(long_line_in_pieces);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(lines_across_windows);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(file_that_shrinks);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(seek_to_mark);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(seek_far);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(no_such_file);
	return _cmocka_run_group_tests("klog-text", tests, n, NULL, NULL);
}
