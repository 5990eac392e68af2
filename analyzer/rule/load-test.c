// SPDX-License-Identifier: GPL-2.0-or-later
//
// The `test:` of a rule: facts of a crash that it matches, and what makes the near miss of it.
#include <ctype.h>
#include <stdio.h>

#include "base/base.h"

#include "rule/language.h"
#include "rule/node.h"
#include "rule/sample.h"

/* An empty value takes a fact away, as a near miss may want it. */
static bool is_empty(const struct node *value)
{
	if (value->kind == NODE_SCALAR)
		return !slice_trim(value->text).n ||
		       (!value->quoted && slice_eq(value->text, "~"));
	return !value->count;
}

/* A line of the log it will be. */
static const char *line_text(struct loading *l, const struct node *value)
{
	const char *text = is_empty(value) ? NULL : load_text(l, value);

	if (text && text[strcspn(text, "\n\r")])
		load_problem(l, value, "a line of a log is one line");
	return text;
}

static const char *const *line_texts(struct loading *l, const struct node *value)
{
	size_t count;
	const char **texts = is_empty(value) ? NULL : load_texts(l, value, &count);

	for (size_t i = 0; texts && texts[i]; i++)
		if (texts[i][strcspn(texts[i], "\n\r")])
			load_problem(l, value, "a line of a log is one line");
	return texts;
}

static bool take_value(struct loading *l, const struct node *value, uint64_t *ret)
{
	const char *text = load_text(l, value);
	struct cursor c;

	if (!text)
		return false;
	c = cursor_of(slice_of(text));
	if ((!cursor_0x(&c, ret) && !cursor_dec(&c, ret)) || !cursor_at_end(&c)) {
		load_problem(l, value, "'%.60s' is no number; write 0x88 or 136", text);
		return false;
	}
	return true;
}

static void sample_class(struct loading *l, const struct node *value, void *ret)
{
	struct sample *sample = ret;
	const char *name = load_text(l, value);
	struct condition condition = {0};

	if (!name)
		return;
	sample->class = class_of_name(name);
	if (sample->class != CLASS_COUNT)
		return;
	if (strpbrk(name, "*?"))
		load_problem(l, value, "a crash has one class, and no glob");
	else
		value_classes(l, value, &condition); // tells, with a hint
}

static void sample_fault_address(struct loading *l, const struct node *value, void *ret)
{
	struct sample *sample = ret;

	sample->has_fault_address =
		!is_empty(value) && take_value(l, value, &sample->fault_address);
}

static void sample_uptime(struct loading *l, const struct node *value, void *ret)
{
	(void)take_value(l, value, &((struct sample *)ret)->uptime);
}

static void sample_registers(struct loading *l, const struct node *value, void *ret)
{
	struct sample *sample = ret;
	struct sample_register *reg;

	sample->register_count = 0;
	if (value->kind != NODE_MAP) {
		load_problem(l, value, "registers takes a mapping such as {rdi: 0x88}");
		return;
	}
	reg = load_alloc(l, value->count, sizeof(*reg));
	sample->registers = reg;
	for (const struct node *n = value->first; reg && n; n = n->next, reg++) {
		reg->name = arena_str(l->arena, n->key->text);
		if (take_value(l, n, &reg->value))
			sample->register_count++;
	}
}

#define LINE_KEY(name)                                                                         \
	static void sample_##name(struct loading *l, const struct node *value, void *ret)      \
	{                                                                                      \
		((struct sample *)ret)->name = line_text(l, value);                            \
	}
LINE_KEY(release)
LINE_KEY(version)
LINE_KEY(title)
LINE_KEY(function)
LINE_KEY(module)
LINE_KEY(comm)
LINE_KEY(workqueue)
LINE_KEY(panic)
LINE_KEY(modules)
LINE_KEY(last_unloaded)
LINE_KEY(taint)
LINE_KEY(hardware)
LINE_KEY(cmdline)

static void sample_trace(struct loading *l, const struct node *value, void *ret)
{
	((struct sample *)ret)->trace = line_texts(l, value);
}

static void sample_log(struct loading *l, const struct node *value, void *ret)
{
	((struct sample *)ret)->log = line_texts(l, value);
}

// clang-format off
static const struct load_key sample_keys[] = {
	{{"class", "The class of the crash; none: a log without crash."}, 0, sample_class},
	{{"release", "The kernel's release, which decides the form of the log too."}, 0, sample_release},
	{{"version", "What uname -v prints; Debian and Ubuntu keep the package's version there."}, 0, sample_version},
	{{"title", "The report's headline, where the usual one of the class is not enough."}, 0, sample_title},
	{{"function", "The faulting function."}, 0, sample_function},
	{{"module", "Its module."}, 0, sample_module},
	{{"trace", "Frames, innermost first: function, function [module], or \"? function\"."}, 0, sample_trace},
	{{"fault_address", "The address that could not be accessed."}, 0, sample_fault_address},
	{{"registers", "A mapping of registers and their values."}, 0, sample_registers},
	{{"comm", "The name of the crashing task."}, 0, sample_comm},
	{{"workqueue", "The text of the Workqueue line."}, 0, sample_workqueue},
	{{"panic", "The panic message behind \"not syncing: \"."}, 0, sample_panic},
	{{"log", "Lines ahead of the crash."}, 0, sample_log},
	{{"modules", "The modules linked in, with their flags."}, 0, sample_modules},
	{{"last_unloaded", "The module that was unloaded last."}, 0, sample_last_unloaded},
	{{"taint", "Taint letters."}, 0, sample_taint},
	{{"hardware", "The Hardware name line."}, 0, sample_hardware},
	{{"cmdline", "The kernel command line."}, 0, sample_cmdline},
	{{"uptime", "Seconds from boot to the crash."}, 0, sample_uptime},
};
// clang-format on

const struct rule_key *rule_language_samples(size_t *ret_count)
{
	static struct rule_key keys[ARRAY_SIZE(sample_keys)];

	for (size_t i = 0; i < ARRAY_SIZE(sample_keys); i++)
		keys[i] = sample_keys[i].key;
	*ret_count = ARRAY_SIZE(sample_keys);
	return keys;
}

static void test_match(struct loading *l, const struct node *value, void *ret)
{
	load_map(l, value, sample_keys, ARRAY_SIZE(sample_keys), "a test's match",
		 &((struct rule_test *)ret)->match);
}

/* Read behind the match, over a copy of it. */
static void test_near(struct loading *l, const struct node *value, void *ret)
{
	(void)l;
	(void)value;
	((struct rule_test *)ret)->has_near = true;
}

// clang-format off
static const struct load_key test_keys[] = {
	{{"match", "Facts of a crash that the rule matches."}, LOAD_REQUIRED, test_match},
	{{"near", "What is different in a crash that it must leave alone."}, 0, test_near},
};
// clang-format on

const struct rule_test *load_test(struct loading *l, const struct node *value)
{
	struct rule_test *test = load_alloc(l, 1, sizeof(*test));

	if (!test)
		return NULL;
	test->line = value->line;
	load_map(l, value, test_keys, ARRAY_SIZE(test_keys), "test", test);
	test->near = test->match;
	if (test->has_near)
		load_map(l, node_get(value, "near"), sample_keys, ARRAY_SIZE(sample_keys),
			 "a test's near", &test->near);
	return l->failed ? NULL : test;
}
