// SPDX-License-Identifier: GPL-2.0-or-later
//
// What is wrong with rules that load: each by itself, and beside the others.
#include <stdio.h>
#include <string.h>

#include "base/base.h"

#include "rule/language.h"
#include "rule/sample.h"

struct base_check {
	struct rule_base *base;
	const struct rule *rule;
};

static void check_problem(const struct base_check *check, unsigned line, unsigned column,
			  const char *what, const char *why)
{
	struct rule_problem problem = {.line = line, .column = column};

	snprintf(problem.file, sizeof(problem.file), "%s", check->rule->info.file);
	snprintf(problem.why, sizeof(problem.why), "%.100s%.150s", what, why);
	rule_base_problem(check->base, &problem);
}

static void check_pattern(struct pattern *pattern, void *data)
{
	unsigned line, column;
	char why[160];

	if (pattern_check(pattern, why))
		return;
	pattern_place(pattern, &line, &column);
	check_problem(data, line, column, "not a pattern: ", why);
}

/* ---- conditions that can never hold ---- */

static bool asks_class(const struct condition *c)
{
	return !strcmp(c->type->name, "class");
}

/* A group below a class that asks for other classes; classes: those that are left. */
static void check_classes(const struct base_check *check, const struct condition *c, size_t count,
			  uint64_t classes)
{
	for (size_t i = 0; i < count; i++) {
		if (c[i].type->kind == CONDITION_ALL || c[i].type->kind == CONDITION_ANY)
			check_classes(check, c[i].children, c[i].count, classes);
		else if (asks_class(&c[i]) && !(c[i].classes & classes))
			check_problem(check, check->rule->info.line, 1,
				      "can never hold beside the rule's other class: ",
				      c[i].text);
	}
}

static void check_dead(const struct base_check *check)
{
	const struct rule *rule = check->rule;

	for (size_t i = 0; i < rule->condition_count; i++)
		if (asks_class(&rule->conditions[i]))
			check_classes(check, rule->conditions, rule->condition_count,
				      rule->conditions[i].classes);
}

/* ---- two rules with the same conditions ---- */

static bool same_conditions(const struct rule *a, const struct rule *b)
{
	if (a->condition_count != b->condition_count)
		return false;
	for (size_t i = 0; i < a->condition_count; i++)
		if (strcmp(a->conditions[i].text, b->conditions[i].text))
			return false;
	return true;
}

/* Their kernels may tell two such rules apart, if both name any. */
static void check_same(const struct base_check *check, size_t index)
{
	for (size_t i = 0; i < index; i++) {
		const struct rule *other = rule_base_rule(check->base, i);

		if ((!other->kernel_count || !check->rule->kernel_count) &&
		    same_conditions(other, check->rule))
			check_problem(check, check->rule->info.line, 1,
				      "has the same conditions as ", other->info.id);
	}
}

/* ---- what an author owes ---- */

static bool has_rule_like(const struct rule_base *base, const char *glob)
{
	for (size_t i = 0; i < rule_base_count(base); i++)
		if (glob_match(glob, slice_of(rule_base_at(base, i)->id)))
			return true;
	return false;
}

static void check_supersedes(const struct base_check *check)
{
	for (const char *const *id = check->rule->supersedes; *id; id++)
		if (!has_rule_like(check->base, *id))
			check_problem(check, check->rule->info.line, 1,
				      "supersedes a rule that there is not: ", *id);
}

static void check_source(const struct base_check *check)
{
	const struct rule_info *info = &check->rule->info;

	if (!info->source && !info->general)
		check_problem(check, info->line, 1, info->id,
			      " has no source: where do its facts come from?");
}

/* A general rule has no near miss: every crash of its class is one of its own. */
static void check_test(const struct base_check *check)
{
	const struct rule_info *info = &check->rule->info;
	const struct rule_test *test = check->rule->test;

	if (!rule_base_has_tests(check->base))
		return;
	if (!test)
		check_problem(check, info->line, 1, info->id,
			      " has no test: a crash that it matches, and a near miss");
	else if (!test->has_near && !info->general)
		check_problem(check, test->line, 1, info->id,
			      " has a test without near: a crash that it must leave alone");
}

void rule_base_check(struct rule_base *base)
{
	for (size_t i = 0; i < rule_base_count(base); i++) {
		struct base_check check = {base, rule_base_rule(base, i)};

		conditions_each_pattern(check.rule->conditions, check.rule->condition_count,
					check_pattern, &check);
		check_dead(&check);
		check_same(&check, i);
		check_source(&check);
		check_supersedes(&check);
		check_test(&check);
	}
}
