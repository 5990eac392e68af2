// SPDX-License-Identifier: GPL-2.0-or-later
//
// The words that all reports are made of: symbols, task lines, names without suffix, taint.
#include "unit/test-oops.h"

#include "oops/line.h"
#include "unit/test-rows.h"

static bool same(struct slice s, const char *text)
{
	return s.n ? slice_eq(s, text) : !*text;
}

struct symbol_row {
	const char *name, *input;
	bool found;
	const char *function, *module;
	unsigned offset, size, file_line;
	unsigned long long address;
};

// clang-format off
static const struct symbol_row symbol_rows[] = {
	{"offset and size", "foo_bar+0x1c/0x40", true, "foo_bar", "", 0x1c, 0x40, 0, 0},
	{"module", "foo+0x0/0x9 [mod_a]", true, "foo", "mod_a", 0, 9, 0, 0},
	{"module with build id", "foo+0x1/0x9 [mod 0123456789abcdef0123456789abcdef01234567]", true, "foo", "mod", 1, 9, 0, 0},
	{"compiler suffix stays", "foo.isra.0.cold+0x1/0x2", true, "foo.isra.0.cold", "", 1, 2, 0, 0},
	{"first ABI of powerpc", ".foo+0x1/0x2", true, ".foo", "", 1, 2, 0, 0},
	{"module before the name, to 2.6.27", ":mod:foo+0x1/0x2", true, "foo", "mod", 1, 2, 0, 0},
	{"decoded", "foo+0x1/0x2 net/x.c:12", true, "foo", "", 1, 2, 12, 0},
	{"decoded and inlined", "foo include/x.h:7 [inline]", true, "foo", "", 0, 0, 7, 0},
	{"decoded in parentheses", "foo (lib/x.c:3 (discriminator 2)) mod", true, "foo", "mod", 0, 0, 3, 0},
	{"Rust, demangled", "<a::B as c::D>::run+0x1/0x2", true, "<a::B as c::D>::run", "", 1, 2, 0, 0},
	{"bare address", "0xffffffffc0123456", true, "", "", 0, 0, 0, 0xffffffffc0123456},
	{"no size", "foo+0x1c", true, "foo", "", 0x1c, 0, 0, 0},
	{"word of prose", "foo bar", false, "", "", 0, 0, 0, 0},
	{"label", "foo: bar+0x1/0x2", false, "", "", 0, 0, 0, 0},
	{"number", "1234+0x1/0x2", false, "", "", 0, 0, 0, 0},
	{"dots", "...", false, "", "", 0, 0, 0, 0},
	{"empty", "", false, "", "", 0, 0, 0, 0},
};
// clang-format on

static void read_symbol(void **state)
{
	const struct symbol_row *row = *state;
	struct cursor c = cursor_of(slice_of(row->input));
	struct oops_symbol symbol;

	assert_int_equal(oops_read_symbol(&c, &symbol), row->found);
	if (!row->found) {
		assert_ptr_equal(c.p, row->input);
		return;
	}
	assert_true(same(symbol.function, row->function));
	assert_true(same(symbol.module, row->module));
	assert_int_equal(symbol.offset, row->offset);
	assert_int_equal(symbol.size, row->size);
	assert_int_equal(symbol.file_line, row->file_line);
	assert_int_equal(symbol.address, row->address);
}

struct task_row {
	const char *name, *input;
	bool found;
	int cpu;
	long pid;
	const char *comm, *taint, *release;
};

// clang-format off
static const struct task_row task_rows[] = {
	{"plain", "CPU: 3 PID: 42 Comm: cat Not tainted 5.10.0-9 #1 Debian", true, 3, 42, "cat", "", "5.10.0-9"},
	{"kdump, taint, UID", "CPU: 0 UID: 1000 PID: 7 Comm: a b c Kdump: loaded Tainted: G           OE      6.12.1 #1", true, 0, 7, "a b c", "G           OE", "6.12.1"},
	{"reserved bits of Red Hat", "CPU: 1 PID: 1 Comm: init Tainted: G   OE   -------- -  - 4.18.0-80.el8 #1", true, 1, 1, "init", "G   OE   -------- -  -", "4.18.0-80.el8"},
	{"2.6.32", "Pid: 9, comm: swapper Not tainted 2.6.32-71.el6.x86_64 #1 KVM", true, -1, 9, "swapper", "", "2.6.32-71.el6.x86_64"},
	{"2.6.32 in parentheses", "Pid: 9, comm: x Not tainted (2.6.32-5-686 #1) VirtualBox", true, -1, 9, "x", "", "2.6.32-5-686"},
	{"cut after the comm", "CPU: 2 PID: 5 Comm: kworker/2:1", true, 2, 5, "kworker/2:1", "", ""},
	{"pid does not fit", "CPU: 2 PID: 99999999999999999999 Comm: x", false, 0, 0, "", "", ""},
	{"processor line of boot", "CPU: Physical Processor ID: 0", false, 0, 0, "", "", ""},
};
// clang-format on

static void read_task(void **state)
{
	const struct task_row *row = *state;
	struct task_line task;

	assert_int_equal(oops_read_task_line(slice_of(row->input), &task), row->found);
	if (!row->found)
		return;
	assert_int_equal(task.cpu, row->cpu);
	assert_int_equal(task.pid, row->pid);
	assert_true(same(task.comm, row->comm));
	assert_true(same(task.taint, row->taint));
	assert_int_equal(task.not_tainted, strstr(row->input, "Not tainted") != NULL);
	assert_true(same(task.release, row->release));
}

static void plain_names(void **state)
{
	static const char *const names[][2] = {
		{"foo", "foo"},		     {"foo.cold", "foo"},
		{"foo.isra.0", "foo"},	     {"foo.constprop.0.isra.2", "foo"},
		{"foo.part.3.cold", "foo"},  {"foo.llvm.1234567", "foo"},
		{".foo", "foo"},	     {"foo.bar", "foo.bar"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		assert_true(slice_eq(oops_plain_name(names[i][0]), names[i][1]));
}

static void letters_of_taint(void **state)
{
	(void)state;
	assert_string_equal(oops_taint_meaning('O'), "out-of-tree module");
	assert_non_null(oops_taint_meaning('W'));
	assert_null(oops_taint_meaning('Q'));
	assert_null(oops_taint_meaning(' '));
}

/* Every name maps back to its class, and every class has words and a weight. */
static void classes(void **state)
{
	(void)state;
	for (int class = 0; class < CLASS_COUNT; class++) {
		assert_int_equal(class_of_name(class_name(class)), class);
		assert_non_null(class_title(class));
		assert_int_equal(class_weight(class) == WEIGHT_NONE, class == CLASS_NONE);
	}
	assert_int_equal(class_of_name("segfault"), CLASS_COUNT);
	assert_string_equal(class_name(CLASS_COUNT), "none");
}

/* A line that is cut anywhere is read without a look beyond its end (under ASan). */
static void cut_lines(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(symbol_rows); i++) {
		size_t n = strlen(symbol_rows[i].input);

		for (size_t cut = 0; cut <= n; cut++) {
			char *copy = malloc(cut ? cut : 1);
			struct oops_symbol symbol;
			struct cursor c = {copy, copy + cut};

			assert_non_null(copy);
			memcpy(copy, symbol_rows[i].input, cut);
			(void)oops_read_symbol(&c, &symbol);
			assert_true(c.p <= c.end);
			free(copy);
		}
	}
}

int main(void)
{
	enum { SYMBOLS = ARRAY_SIZE(symbol_rows), TASKS = ARRAY_SIZE(task_rows) };
	struct CMUnitTest tests[SYMBOLS + TASKS + 4];
	size_t n = 0;

	for (size_t i = 0; i < SYMBOLS; i++)
		tests[n++] = row_test(symbol_rows[i].name, read_symbol, &symbol_rows[i]);
	for (size_t i = 0; i < TASKS; i++)
		tests[n++] = row_test(task_rows[i].name, read_task, &task_rows[i]);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(plain_names);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(letters_of_taint);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(classes);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(cut_lines);
	return cmocka_run_group_tests_name("oops-line", tests, NULL, NULL);
}
