// SPDX-License-Identifier: GPL-2.0-or-later
//
// Templates: what texts say of the facts, and that a hostile log never gets shell text into a
// command that a person will paste.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/base.h"
#include "rule/language.h"

static struct fact_module modules[] = {
	{.name = "ext4", .taints = ""}, {.name = "eudp", .taints = "E"}, {.name = "nvidia", .taints = "POE"}, {.name = "old", .taints = "U"}, {.name = "overlay", .taints = "T"}};

static struct frame trace[] = {
	{.function = "vsnprintf", .reliable = true},
	{.function = "close_eudp_mmap_dev", .module = "eudp"},
};

static struct event crash = {
	.pid = 4711,
	.comm = "php-fpm",
	.has_where = true,
	.where = {.function = "xfs_read.isra.12", .module = "xfs", .reliable = true},
	.trace = trace,
	.frame_count = ARRAY_SIZE(trace),
};

static struct fact_set facts = {
	.release = "4.19.91-22.2.al7.x86_64",
	.machine = "x86_64",
	.state = {.modules = modules,
		.module_count = ARRAY_SIZE(modules),
		.last_unloaded = "tampercore"},
	.crash = &crash,
};

struct row {
	const char *text, *expected;
};

// clang-format off
static const struct row texts[] = {
	{"plain", "plain"},
	{"", ""},
	{"{release}", "4.19.91-22.2.al7.x86_64"},
	{"{release.base}", "4.19.91"},
	{"{release.suffix}", "22.2.al7.x86_64"},
	{"{machine}: {comm}[{pid}] in {function} [{module}]", "x86_64: php-fpm[4711] in xfs_read [xfs]"},
	{"{last_unloaded}", "tampercore"},
	{"{third_party}", "eudp"},
	{"awk '{print $NF}' {a b} {} { } ${VAR} {pid", "awk '{print $NF}' {a b} {} { } ${VAR} {pid"},
	{"{{release}", "{release}"},
	{"${{pid}", "${pid}"},
	{"x{{{pid}}}", "x{4711}}"},
};
// clang-format on

static struct arena arena;

static const char *fill(const char *text, enum template_use use)
{
	const char *refused = NULL;

	return template_fill(&arena, &facts, text, use, &refused);
}

static void test_texts(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		assert_null(template_check(texts[i].text, &arena));
		assert_string_equal(fill(texts[i].text, TEMPLATE_TEXT), texts[i].expected);
	}
}

static void test_unknown_templates(void **state)
{
	(void)state;
	assert_string_equal(template_check("a {relase} {pid}", &arena), "relase");
	assert_string_equal(template_check("{{pid} {module.name}", &arena), "module.name");
	assert_string_equal(template_check("${var}", &arena), "var");
}

static void test_third_party(void **state)
{
	(void)state;
	crash.frame_count = 1; // without eudp's frame
	assert_string_equal(fill("{third_party}", TEMPLATE_TEXT), "eudp, nvidia, old");
	crash.where.module = "nvidia";
	assert_string_equal(fill("{third_party}", TEMPLATE_TEXT), "nvidia");
	facts.state.module_count = 1;
	assert_string_equal(fill("{third_party}", TEMPLATE_TEXT), "(unknown third_party)");
	facts.state.module_count = ARRAY_SIZE(modules);
	crash.where.module = "xfs";
	crash.frame_count = ARRAY_SIZE(trace);
}

static void test_what_is_not_known(void **state)
{
	static struct fact_set nothing;
	const char *refused = NULL;

	(void)state;
	assert_string_equal(template_fill(&arena, &nothing, "in {comm} of {release}",
					  TEMPLATE_TEXT, &refused),
			    "in (unknown comm) of (unknown release)");
	assert_null(template_fill(&arena, &nothing, "yum install x-{release.suffix}",
				  TEMPLATE_COMMAND, &refused));
	assert_string_equal(refused, "release.suffix");
}

static void test_release_without_dash(void **state)
{
	const char *was = facts.release;

	(void)state;
	facts.release = "6.1";
	assert_string_equal(fill("{release.base} {release.suffix}", TEMPLATE_TEXT), "6.1 6.1");
	facts.release = "6.1-";
	assert_null(fill("rm {release.suffix}", TEMPLATE_COMMAND)); // empty
	facts.release = was;
}

/* The module blamed stands in where the faulting function has none. */
static void test_blame(void **state)
{
	(void)state;
	crash.where.module = NULL;
	facts.blame = (struct frame){.function = "btrfs_sync", .module = "btrfs"};
	assert_string_equal(fill("{module} {function}", TEMPLATE_TEXT), "btrfs xfs_read");
	crash.has_where = false;
	assert_string_equal(fill("{module} {function}", TEMPLATE_TEXT), "btrfs btrfs_sync");
	crash.has_where = true;
	crash.where.module = "xfs";
}

static void test_commands(void **state)
{
	(void)state;
	assert_string_equal(fill("yum install -y kernel-hotfix-4375449-{release.suffix}",
				 TEMPLATE_COMMAND),
			    "yum install -y kernel-hotfix-4375449-22.2.al7.x86_64");
	assert_string_equal(
		fill("modinfo {module}; ps {pid} | awk '{print $1}'", TEMPLATE_COMMAND),
		"modinfo xfs; ps 4711 | awk '{print $1}'");
}

/* Names from a hostile log, in every place where a log puts one. */
static void test_hostile(void **state)
{
	static const char *const names[] = {
		"x;reboot", "$(reboot)", "`reboot`", "a b", "a\nreboot", "a\treboot", "a'b",
		"a\"b",	    "a&b",	 "a|b",	     "a>b", "a<b",	 "a*",	      "a?",
		"[a]",	    "{a,b}",	 "a\\b",     "#a",  "!a",	 "~root",     "--rf-",
		"a/../b",   "a=b",	 "\x1b[31m", "",    "\xff\xfe",	 "a%b",	      "a@b",
		"a,b",	    "(a)",	 "a\rb",     "^a",
	};
	static const char *const commands[] = {
		"rmmod {comm}",	       "rmmod {module}",       "rmmod {last_unloaded}",
		"rmmod {third_party}", "rmmod {function}",     "rmmod {release}",
		"rmmod {machine}",     "rmmod {release.base}", "rmmod {release.suffix}"};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		struct fact_module module = {.name = names[i], .taints = "OE"};
		struct event event = {
			.pid = 1,
			.comm = names[i],
			.has_where = true,
			.where = {.function = names[i], .module = names[i], .reliable = true}};
		struct fact_set hostile = {
			.release = names[i],
			.machine = names[i],
			.state = {.modules = &module,
				.module_count = 1,
				.last_unloaded = names[i]},
			.crash = &event,
		};

		for (size_t j = 0; j < ARRAY_SIZE(commands); j++) {
			const char *refused = NULL;
			const char *filled = template_fill(&arena, &hostile, commands[j],
							   TEMPLATE_COMMAND, &refused);

			if (filled)
				fail_msg("'%s' became '%s'", commands[j], filled);
			assert_non_null(refused);
		}
		// In a text it is shown as it stands; the writers escape.
		if (*names[i])
			assert_non_null(
				strstr(template_fill(&arena, &hostile, "{comm}", TEMPLATE_TEXT,
						     &(const char *){NULL}),
				       names[i]));
	}
}

static void test_long_values(void **state)
{
	static char name[100000];
	const char *was = crash.comm;

	(void)state;
	memset(name, 'a', sizeof(name) - 1);
	crash.comm = name;
	assert_int_equal(strlen(fill("{comm}", TEMPLATE_TEXT)), 256);
	assert_null(fill("kill {comm}", TEMPLATE_COMMAND));
	crash.comm = was;
}

static int setup(void **state)
{
	(void)state;
	arena_init(&arena, 1 << 20);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	arena_done(&arena);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_texts),
		cmocka_unit_test(test_unknown_templates),
		cmocka_unit_test(test_third_party),
		cmocka_unit_test(test_what_is_not_known),
		cmocka_unit_test(test_release_without_dash),
		cmocka_unit_test(test_blame),
		cmocka_unit_test(test_commands),
		cmocka_unit_test(test_hostile),
		cmocka_unit_test(test_long_values),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
