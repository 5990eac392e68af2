// SPDX-License-Identifier: GPL-2.0-or-later
//
// Sample logs: what is written for a class and a kernel of each form is read back as the same
// crash, so that a rule's own test tries the rule and not the sample.
#include "test-oops.h"

#include "base/base.h"
#include "rule/rule.h"
#include "rule/sample.h"
#include "unit/test-rows.h"

static const char *const releases[] = {
	"3.10.0-957.el7.x86_64", "4.18.0-305.el8.x86_64", "5.14.0-427.el9.x86_64",
	"6.12.17-amd64",
};

static char *log_of(const struct sample *sample)
{
	struct buf log;

	buf_init(&log, 1 << 20);
	sample_write(sample, &log);
	assert_false(log.failed);
	assert_non_null(log.data);
	return log.data;
}

static void read_back(const struct sample *sample, struct fact_set *facts)
{
	char *log = log_of(sample);

	facts_of(facts, log);
	free(log);
}

static bool has_frame(const struct event *crash, const char *function, const char *module)
{
	for (size_t i = 0; i < crash->frame_count; i++)
		if (!strcmp(crash->trace[i].function, function) &&
		    !strcmp(or_none(crash->trace[i].module), or_none(module)))
			return true;
	return false;
}

/* ---- every class, in every form ---- */

static void test_classes(void **state)
{
	(void)state;
	for (int c = CLASS_NONE + 1; c < CLASS_COUNT; c++)
		for (size_t i = 0; i < ARRAY_SIZE(releases); i++) {
			struct sample sample = {.class = (enum crash_class)c,
						.release = releases[i]};
			struct fact_set facts;

			read_back(&sample, &facts);
			if (!facts.crash || facts.crash->class != sample.class)
				fail_msg("%s of %s reads as %s", class_name(sample.class),
					 releases[i],
					 facts.crash ? class_name(facts.crash->class) : "none");
			assert_string_equal(or_none(facts.log.release), releases[i]);
			fact_done(&facts);
		}
}

static void test_no_crash(void **state)
{
	const struct sample sample = {.class = CLASS_NONE};
	struct fact_set facts;

	(void)state;
	read_back(&sample, &facts);
	assert_null(facts.crash);
	fact_done(&facts);
}

/* ---- every fact of a fault, in every form ---- */

static void test_fault(void **state)
{
	static const char *const trace[] = {"inner [vendor]", "? unsure", "outer", NULL};
	static const char *const lines[] = {"vendor: link lost", NULL};
	static const struct sample_register regs[] = {{"rdi", 0x1234}, {"r08", 0x5678}};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(releases); i++) {
		struct sample sample = {
			.class = CLASS_NULL_POINTER_DEREFERENCE,
			.release = releases[i],
			.function = "broken.isra.0",
			.module = "vendor",
			.trace = trace,
			.has_fault_address = true,
			.fault_address = 0x88,
			.registers = regs,
			.register_count = ARRAY_SIZE(regs),
			.comm = "fdisk",
			.workqueue = "events free_work",
			.panic = "Fatal exception in interrupt",
			.log = lines,
			.modules = "vendor(OE) ext4",
			.last_unloaded = "gone",
			.taint = "OE",
			.hardware = "Example Inc. Box/1",
			.cmdline = "ro quiet",
			.uptime = 120,
		};
		struct fact_set facts;
		const struct event *crash;
		uint64_t value;

		read_back(&sample, &facts);
		crash = facts.crash;
		assert_non_null(crash);
		assert_string_equal(or_none(crash->where.function), sample.function);
		assert_string_equal(or_none(crash->where.module), "vendor");
		assert_true(crash->has_fault_address);
		assert_int_equal(crash->fault_address, 0x88);
		assert_true(has_frame(crash, "inner", "vendor"));
		assert_true(has_frame(crash, "unsure", NULL));
		assert_true(has_frame(crash, "outer", NULL));
		assert_true(fact_register(&facts, "rdi", &value));
		assert_int_equal(value, 0x1234);
		assert_true(fact_register(&facts, "cr2", &value));
		assert_int_equal(value, 0x88);
		assert_string_equal(or_none(crash->comm), "fdisk");
		assert_string_equal(or_none(crash->workqueue), "events free_work");
		assert_string_equal(or_none(crash->hardware), sample.hardware);
		assert_non_null(facts.panic);
		assert_string_equal(or_none(facts.panic->message), sample.panic);
		assert_string_equal(or_none(facts.log.last_unloaded), "gone");
		assert_string_equal(or_none(facts.log.cmdline), sample.cmdline);
		assert_int_equal(facts.log.module_count, 2);
		assert_non_null(crash->taint);
		assert_non_null(strchr(crash->taint, 'O'));
		assert_int_equal(crash->time_ns / 1000000000, 120);
		fact_done(&facts);
	}
}

/* ---- forms that differ ---- */

static const struct row {
	const char *name;
	struct sample sample;
	const char *has, *has_not;
} rows[] = {
	// clang-format off
	{"addresses of old kernels", {.class = CLASS_PAGE_FAULT, .release = "3.10.0-1.el7.x86_64", .function = "f"},
	 "RIP: 0010:[<ffffffff81", "#PF: "},
	{"no addresses since 4.10", {.class = CLASS_PAGE_FAULT, .release = "4.18.0-1.el8.x86_64", .function = "f"},
	 "RIP: 0010:f+", "[<"},
	{"#PF since 5.1", {.class = CLASS_PAGE_FAULT, .release = "5.4.0-1-generic", .function = "f"},
	 "#PF: supervisor read access in kernel mode", "IP: ["},
	{"Oops twice since 6.8", {.class = CLASS_PAGE_FAULT, .release = "6.12.0", .function = "f"},
	 "Oops: Oops: 0000 [#1]", NULL},
	{"jump into nothing", {.class = CLASS_PAGE_FAULT, .has_fault_address = true, .fault_address = 0xffffffffc0a51040},
	 "RIP: 0010:0xffffffffc0a51040", "sample_function"},
	{"title of a BUG", {.class = CLASS_KERNEL_BUG, .title = "kernel BUG at lib/idr.c:1163!"},
	 "] kernel BUG at lib/idr.c:1163!\n", "kernel/sample.c"},
	{"title ahead of a BUG", {.class = CLASS_LIST_CORRUPTION, .title = "list_add corruption. next->prev is wrong"},
	 "] list_add corruption. next->prev is wrong\n", "list_del"},
	{"title of a write", {.class = CLASS_PAGE_FAULT, .title = "#PF: supervisor write access in kernel mode"},
	 "#PF: supervisor write access", "read access"},
	{"braces of a title stay", {.class = CLASS_WARNING, .title = "state {x} of {1}"}, "state {x} of {1}\n", NULL},
	{"place of s390", {.class = CLASS_RCU_STALL, .release = "5.4.0-1.s390x", .function = "f"}, "Krnl PSW : ", "RIP"},
	// clang-format on
};

static void test_row(void **state)
{
	const struct row *row = *state;
	char *log = log_of(&row->sample);

	if (!strstr(log, row->has))
		fail_msg("no '%s' in:\n%s", row->has, log);
	if (row->has_not && strstr(log, row->has_not))
		fail_msg("'%s' is in:\n%s", row->has_not, log);
	free(log);
}

/* ---- from a rule's file ---- */

#define RULE                               \
	"- id: x\n"                        \
	"  title: t\n"                     \
	"  category: unknown\n"            \
	"  confidence: likely\n"           \
	"  cause: c\n"                     \
	"  source: s\n"                    \
	"  match: {function: f}\n"

#define TEST "  test:\n    match: {class: oom}\n    near: {class: panic}\n"
#define KERNEL "  kernel: [{distro: rhel, affected: all}]\n"

static const struct load_row {
	const char *name, *test, *problem;
} load_rows[] = {
	// clang-format off
	{"fine", "  test:\n    match: {class: oom}\n    near: {class: panic}\n", NULL},
	{"missing", "", "x has no test"},
	{"no near", "  test: {match: {class: oom}}\n", "x has a test without near"},
	{"no match", "  test: {near: {class: oom}}\n", "test has no 'match'"},
	{"unknown key", "  test:\n    match: {clas: oom}\n", "unknown key 'clas'; did you mean 'class'?"},
	{"unknown key of test", "  test: {mach: {class: oom}}\n", "unknown key 'mach'; did you mean 'match'?"},
	{"class", "  test: {match: {class: omm}}\n", "no crash class 'omm'"},
	{"glob for a class", "  test: {match: {class: kasan-*}}\n", "a crash has one class"},
	{"number", "  test: {match: {fault_address: 88x}}\n", "'88x' is no number"},
	{"two lines in one", "  test: {match: {log: [\"a\\nb\"]}}\n", "a line of a log is one line"},
	{"registers", "  test: {match: {registers: [rdi]}}\n", "registers takes a mapping"},
	{"same conditions", TEST "- id: y\n  title: t\n  category: unknown\n  confidence: likely\n"
	 "  cause: c\n  source: s\n  match: {function: f}\n" TEST, "has the same conditions as x"},
	{"same conditions, other kernels", TEST KERNEL "- id: y\n  title: t\n  category: unknown\n"
	 "  confidence: likely\n  cause: c\n  source: s\n  match: {function: f}\n" TEST KERNEL, NULL},
	{"class that can never hold", TEST "- id: y\n  title: t\n  category: unknown\n  confidence: likely\n"
	 "  cause: c\n  source: s\n  match: {class: oom, any: [{class: panic}, {function: f}]}\n" TEST,
	 "can never hold beside the rule's other class: class: panic"},
	// clang-format on
};

static struct rule_base *load(const char *test, bool with_tests)
{
	struct rule_base *base = rule_base_new();
	char text[1024];

	assert_non_null(base);
	if (with_tests)
		rule_base_want_tests(base);
	snprintf(text, sizeof(text), RULE "%s", test);
	rule_base_load_text(base, "t.yaml", text, strlen(text));
	rule_base_check(base);
	return base;
}

static void test_load_row(void **state)
{
	const struct load_row *row = *state;
	struct rule_base *base = load(row->test, true);
	size_t count;
	const struct rule_problem *p = rule_base_problems(base, &count);

	assert_int_equal(count > 0, row->problem != NULL);
	if (row->problem && !strstr(p[0].why, row->problem))
		fail_msg("told '%s'", p[0].why);
	rule_base_free(base);
}

/* The near miss is the match but for what it names; an empty value takes a fact away. */
static void test_near(void **state)
{
	struct rule_base *base = load("  test:\n"
				      "    match: {class: oom, function: f, module: m, comm: a}\n"
				      "    near: {comm: b, module: ''}\n",
				      true);
	const struct rule_test *test = rule_base_test(base, 0);

	(void)state;
	assert_non_null(test);
	assert_true(test->has_near);
	assert_int_equal(test->near.class, CLASS_OOM);
	assert_string_equal(test->near.function, "f");
	assert_null(test->near.module);
	assert_string_equal(test->near.comm, "b");
	assert_string_equal(test->match.comm, "a");
	assert_string_equal(test->match.module, "m");
	rule_base_free(base);
}

static void test_not_wanted(void **state)
{
	struct rule_base *base = load("  test: {match: {class: oom}}\n", false);

	(void)state;
	assert_int_equal(rule_base_count(base), 1);
	assert_null(rule_base_test(base, 0));
	rule_base_free(base);
}

int main(void)
{
	struct CMUnitTest tests[5 + ARRAY_SIZE(rows) + ARRAY_SIZE(load_rows)] = {
		cmocka_unit_test(test_classes), cmocka_unit_test(test_no_crash),
		cmocka_unit_test(test_fault),	cmocka_unit_test(test_near),
		cmocka_unit_test(test_not_wanted),
	};
	size_t n = 5;

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		tests[n++] = row_test(rows[i].name, test_row, &rows[i]);
	for (size_t i = 0; i < ARRAY_SIZE(load_rows); i++)
		tests[n++] = row_test(load_rows[i].name, test_load_row, &load_rows[i]);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
