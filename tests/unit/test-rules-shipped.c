// SPDX-License-Identifier: GPL-2.0-or-later
//
// The rules that come with the program: they load without a problem, every class of crash has
// a general rule, and the manual tells of every key.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/base.h"
#include "rule/rule.h"

/* Tests run from the top of the tree. */
static const char rules_dir[] = "rules";
static const char manual[] = "man/kdump-verdict-rules.5";

static struct rule_base *base;

static int setup(void **state)
{
	struct err err;

	(void)state;
	base = rule_base_new();
	rule_base_want_tests(base);
	if (rule_base_load(base, rules_dir, &err)) {
		print_error("%s: %s\n", rules_dir, err.text);
		return -1;
	}
	rule_base_check(base);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	rule_base_free(base);
	return 0;
}

static void test_no_problems(void **state)
{
	size_t count;
	const struct rule_problem *p = rule_base_problems(base, &count);

	(void)state;
	for (size_t i = 0; i < count; i++)
		print_error("%s:%u:%u: %s\n", p[i].file, p[i].line, p[i].column, p[i].why);
	assert_int_equal(count, 0);
	assert_true(rule_base_count(base) > CLASS_COUNT);
}

static bool has_rule(const char *id)
{
	for (size_t i = 0; i < rule_base_count(base); i++)
		if (!strcmp(rule_base_at(base, i)->id, id))
			return true;
	return false;
}

/* ... which matches a crash of which only the class is known, as the last resort. */
static void test_every_class(void **state)
{
	(void)state;
	for (int c = CLASS_NONE + 1; c < CLASS_COUNT; c++) {
		struct event crash = {.class = (enum crash_class)c, .cpu = -1, .pid = -1};
		struct fact_set facts = {.crash = &crash, .uptime = -1};
		struct finding f[8];
		size_t count;
		char id[80];

		snprintf(id, sizeof(id), "class-%s", class_name(crash.class));
		if (!has_rule(id))
			fail_msg("there is no rule %s", id);
		arena_init(&facts.arena, 1 << 20);
		count = rule_match(base, &facts, NULL, &facts.arena, f, ARRAY_SIZE(f));
		assert_true(count > 0);
		assert_true(f[count - 1].matched);
		assert_string_equal(f[count - 1].rule->id, id);
		assert_true(f[count - 1].action_count > 0);
		arena_done(&facts.arena);
	}
}

/* "class-" stands for a class that there is, and for no certainty. */
static void test_general_rules(void **state)
{
	(void)state;
	for (size_t i = 0; i < rule_base_count(base); i++) {
		const struct rule_info *info = rule_base_at(base, i);
		bool of_class = false;

		if (!info->general)
			continue;
		for (int c = CLASS_NONE + 1; c < CLASS_COUNT; c++)
			of_class |= !strncmp(info->id + strlen("class-"),
					     class_name((enum crash_class)c),
					     strlen(class_name((enum crash_class)c)));
		if (!of_class)
			fail_msg("%s is a rule for no class", info->id);
		if (info->confidence == CONFIDENCE_CERTAIN)
			fail_msg("%s is certain, and knows the class only", info->id);
	}
}

/* ---- the manual ---- */

static char *read_manual(void)
{
	FILE *file = fopen(manual, "re");
	char *text = calloc(1, 256 << 10);

	assert_non_null(file);
	assert_non_null(text);
	assert_true(fread(text, 1, (256 << 10) - 1, file) > 0);
	fclose(file);
	return text;
}

static bool has_line(const char *text, const char *macro, const char *name)
{
	char item[80];

	for (const char *const *end = (const char *const[]){"\n", " ", NULL}; *end; end++) {
		snprintf(item, sizeof(item), "\n.It %s %s%s", macro, name, *end);
		if (strstr(text, item))
			return true;
	}
	return false;
}

static void expect_keys(const char *text, const struct rule_key *keys, size_t count,
			const char *macro)
{
	assert_true(count > 0);
	for (size_t i = 0; i < count; i++)
		if (!has_line(text, macro, keys[i].name))
			fail_msg("the manual has no .It %s %s", macro, keys[i].name);
}

static void test_manual(void **state)
{
	char *text = read_manual();
	size_t count;
	const struct rule_key *keys;

	(void)state;
	keys = rule_language_rule(&count);
	expect_keys(text, keys, count, "Cm");
	keys = rule_language_kernel(&count);
	expect_keys(text, keys, count, "Cm");
	keys = rule_language_suspect(&count);
	expect_keys(text, keys, count, "Cm");
	keys = rule_language_action(&count);
	expect_keys(text, keys, count, "Cm");
	keys = rule_language_conditions(&count);
	expect_keys(text, keys, count, "Cm");
	keys = rule_language_samples(&count);
	expect_keys(text, keys, count, "Cm");
	keys = rule_language_templates(&count);
	expect_keys(text, keys, count, "Brq");
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_no_problems),
		cmocka_unit_test(test_every_class),
		cmocka_unit_test(test_general_rules),
		cmocka_unit_test(test_manual),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
