// SPDX-License-Identifier: GPL-2.0-or-later
//
// The values that conditions take: names with globs, patterns, numbers, registers, traces,
// version comparisons. A value in the wrong form is a problem with its place and an example.
#include <ctype.h>
#include <stdio.h>

#include "base/base.h"

#include "rule/language.h"
#include "rule/node.h"

_Static_assert(CLASS_COUNT <= 64, "condition.classes has a bit per class");

void value_globs(struct loading *l, const struct node *value, struct condition *ret)
{
	ret->globs = load_texts(l, value, &ret->count);
}

void value_functions(struct loading *l, const struct node *value, struct condition *ret)
{
	value_globs(l, value, ret);
	for (size_t i = 0; i < ret->count; i++)
		ret->globs[i] = arena_str(l->arena, oops_plain_name(ret->globs[i]));
}

/* ---- classes ---- */

static void class_problem(struct loading *l, const struct node *value, const char *name)
{
	const char *names[CLASS_COUNT];
	char hint[160];

	for (int c = CLASS_NONE + 1; c < CLASS_COUNT; c++)
		names[c - 1] = class_name(c);
	names[CLASS_COUNT - 1] = NULL;
	load_problem(l, value, "no crash class '%.60s'%s", name,
		     load_hint(slice_of(name), names, hint, sizeof(hint)));
}

void value_classes(struct loading *l, const struct node *value, struct condition *ret)
{
	const char **names = load_texts(l, value, &ret->count);

	for (size_t i = 0; i < ret->count; i++) {
		uint64_t found = 0;

		for (int c = CLASS_NONE + 1; c < CLASS_COUNT; c++)
			if (glob_match(names[i], slice_of(class_name(c))))
				found |= UINT64_C(1) << c;
		if (!found)
			class_problem(l, value, names[i]);
		ret->classes |= found;
	}
}

/* ---- taint letters ---- */

void value_letters(struct loading *l, const struct node *value, struct condition *ret)
{
	value_globs(l, value, ret);
	for (size_t i = 0; i < ret->count; i++)
		if (ret->globs[i][strspn(ret->globs[i], "ABCDEFGHIJKLMNOPQRSTUVWXYZ")])
			load_problem(l, value,
				     "taint takes capital letters as the kernel prints them, "
				     "such as OE");
}

/* ---- patterns ---- */

static struct pattern **make_patterns(struct loading *l, const struct node *value,
				      size_t *ret_count)
{
	const char **texts = load_texts(l, value, ret_count);
	struct pattern **patterns = load_alloc(l, *ret_count, sizeof(*patterns));
	const struct node *at = value->kind == NODE_LIST ? value->first : value;

	if (!patterns)
		*ret_count = 0;
	for (size_t i = 0; i < *ret_count; i++, at = at ? at->next : NULL) {
		patterns[i] = pattern_new(l->arena, texts[i], at ? at->line : value->line,
					  at ? at->column : value->column);
		if (!patterns[i]) {
			load_problem(l, value, "out of memory");
			*ret_count = 0;
		}
	}
	return patterns;
}

void value_patterns(struct loading *l, const struct node *value, struct condition *ret)
{
	ret->patterns = make_patterns(l, value, &ret->count);
}

static void log_where(struct loading *l, const struct node *value, struct condition *ret)
{
	static const char *const names[] = {
		[LOG_ANY] = "any", [LOG_BEFORE] = "before", [LOG_CRASH] = "crash"};

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (value->kind == NODE_SCALAR && slice_eq(value->text, names[i])) {
			ret->where = (enum log_where)i;
			return;
		}
	load_problem(
		l, value,
		"where is one of before (ahead of the crash), crash (in its report), any");
}

void value_log(struct loading *l, const struct node *value, struct condition *ret)
{
	if (value->kind != NODE_MAP) {
		value_patterns(l, value, ret);
		return;
	}
	for (const struct node *n = value->first; n; n = n->next) {
		if (slice_eq(n->key->text, "pattern"))
			value_patterns(l, n, ret);
		else if (slice_eq(n->key->text, "where"))
			log_where(l, n, ret);
		else
			load_problem(l, n->key, "log takes pattern and where, and no '%.60s'",
				     n->key->text.p);
	}
	if (!ret->count && !l->failed)
		load_problem(l, value, "log has no pattern");
}

/* ---- numbers ---- */

static bool take_number(struct cursor *c, uint64_t *ret)
{
	return cursor_0x(c, ret) || (cursor_peek(c) != '\0' && cursor_dec(c, ret));
}

/* "dead0000000001??": each '?' is a hex digit that does not count. */
static bool parse_mask(struct slice text, struct number_test *ret)
{
	if (slice_starts(text, "0x")) {
		text.p += 2;
		text.n -= 2;
	}
	if (!text.n || text.n > 16)
		return false;
	*ret = (struct number_test){.mask = UINT64_MAX};
	for (size_t i = 0; i < text.n; i++) {
		struct cursor digit = {text.p + i, text.p + i + 1};
		uint64_t value = 0;
		bool any = text.p[i] == '?';

		if (!any && !cursor_hex(&digit, &value))
			return false;
		ret->lo = ret->lo << 4 | value;
		ret->mask = ret->mask << 4 | (any ? 0 : 0xf);
	}
	// The digits in front of a short text count as zero.
	if (text.n < 16)
		ret->mask |= UINT64_MAX << (4 * text.n);
	ret->hi = ret->lo;
	return true;
}

static bool parse_number_test(struct slice text, struct number_test *ret)
{
	struct cursor c = cursor_of(slice_trim(text));

	if (memchr(text.p, '?', text.n))
		return parse_mask(slice_trim(text), ret);
	ret->mask = UINT64_MAX;
	if (!take_number(&c, &ret->lo))
		return false;
	ret->hi = ret->lo;
	if (cursor_text(&c, "..") && !take_number(&c, &ret->hi))
		return false;
	return cursor_at_end(&c) && ret->lo <= ret->hi;
}

static struct number_test *make_numbers(struct loading *l, const struct node *value,
					size_t *ret_count)
{
	const char **texts = load_texts(l, value, ret_count);
	struct number_test *tests = load_alloc(l, *ret_count, sizeof(*tests));

	if (!tests)
		*ret_count = 0;
	for (size_t i = 0; i < *ret_count; i++)
		if (!parse_number_test(slice_of(texts[i]), &tests[i]))
			load_problem(l, value,
				     "'%.60s' is no number; write 0x88, 0x0..0xfff or "
				     "dead0000000001?? (any digit)",
				     texts[i]);
	return tests;
}

void value_numbers(struct loading *l, const struct node *value, struct condition *ret)
{
	ret->numbers = make_numbers(l, value, &ret->count);
}

bool number_holds(const struct number_test *tests, size_t count, uint64_t value)
{
	for (size_t i = 0; i < count; i++) {
		uint64_t masked = value & tests[i].mask;

		if (tests[i].lo <= masked && masked <= tests[i].hi)
			return true;
	}
	return false;
}

/* A mapping of names and numbers. is_name: NULL, or why a name is none. */
static void read_named(struct loading *l, const struct node *value, struct condition *ret,
		       const char *example, const char *(*why_no_name)(const char *name))
{
	if (value->kind != NODE_MAP || !value->count) {
		load_problem(l, value, "%s", example);
		return;
	}
	ret->registers = load_alloc(l, value->count, sizeof(*ret->registers));
	if (!ret->registers)
		return;
	for (const struct node *n = value->first; n; n = n->next) {
		struct register_test *test = &ret->registers[ret->count++];
		const char *why;

		test->name = arena_str(l->arena, n->key->text);
		test->any = make_numbers(l, n, &test->count);
		why = why_no_name(test->name);
		if (why)
			load_problem(l, n->key, "%s", why);
	}
}

static const char *why_no_register(const char *name)
{
	for (const char *p = name; *p; p++)
		if (!islower((unsigned char)*p) && !isdigit((unsigned char)*p) && *p != '_')
			return "registers have lower-case names, such as rdi or x19";
	return NULL;
}

void value_registers(struct loading *l, const struct node *value, struct condition *ret)
{
	read_named(l, value, ret, "registers takes a mapping such as {rdi: 0x88}",
		   why_no_register);
}

static const char *why_no_sysctl(const char *name)
{
	return strchr(name, '.') ? NULL : "settings are named as sysctl does, such as vm.panic_on_oom";
}

void value_sysctl(struct loading *l, const struct node *value, struct condition *ret)
{
	read_named(l, value, ret, "sysctl takes a mapping such as {kernel.panic_on_oops: 1}",
		   why_no_sysctl);
}

static const char *why_no_memory(const char *name)
{
	return rule_memory_share(NULL, name, NULL)
		       ? NULL
		       : "memory knows free, available, anon, page_cache, shmem, slab, slab_unreclaimable, page_tables, kernel_stacks, hugetlb and swap_free";
}

void value_memory(struct loading *l, const struct node *value, struct condition *ret)
{
	read_named(l, value, ret,
		   "memory takes a mapping of names and percents, such as {slab_unreclaimable: 50..100}",
		   why_no_memory);
}

void value_rip(struct loading *l, const struct node *value, struct condition *ret)
{
	ret->globs = load_texts(l, value, &ret->count);
	if (ret->count != 1 || strcmp(ret->globs[0], "rip"))
		load_problem(l, value,
			     "fault_is takes only rip: the fault address is the instruction "
			     "pointer");
}

/* ---- traces ---- */

static void parse_choice(struct loading *l, const struct node *value, const char *text,
			 struct trace_choice *ret)
{
	struct slice rest = slice_of(text);
	const char *open;

	if (slice_starts(rest, "? ")) {
		ret->unreliable_too = true;
		rest.p += 2;
		rest.n -= 2;
	}
	rest = slice_trim(rest);
	open = slice_find(rest, " [");
	if (open && slice_ends(rest, "]")) {
		struct slice module = {open + 2, (size_t)(rest.p + rest.n - 1 - (open + 2))};

		ret->module = arena_str(l->arena, module);
		rest.n = (size_t)(open - rest.p);
	}
	ret->function = arena_str(l->arena, oops_plain_name(arena_str(l->arena, rest)));
	if (!*ret->function || strpbrk(ret->function, " []+") ||
	    (ret->module && !*ret->module))
		load_problem(l, value,
			     "'%.60s' is no frame; write function, function [module], * "
			     "[module], or \"? function\"",
			     text);
}

static void parse_step(struct loading *l, const struct node *value, struct trace_step *ret)
{
	const char **texts = load_texts(l, value, &ret->count);

	ret->any = load_alloc(l, ret->count, sizeof(*ret->any));
	if (!ret->any)
		ret->count = 0;
	for (size_t i = 0; i < ret->count; i++)
		parse_choice(l, value, texts[i], &ret->any[i]);
}

void value_trace(struct loading *l, const struct node *value, struct condition *ret)
{
	bool list = value->kind == NODE_LIST;

	if (list && !value->count) {
		load_problem(l, value, "trace is empty");
		return;
	}
	ret->steps = load_alloc(l, list ? value->count : 1, sizeof(*ret->steps));
	if (!ret->steps)
		return;
	if (!list)
		parse_step(l, value, &ret->steps[ret->count++]);
	for (const struct node *n = list ? value->first : NULL; n; n = n->next)
		parse_step(l, n, &ret->steps[ret->count++]);
}

/* ---- comparisons ---- */

void value_ranges(struct loading *l, const struct node *value, struct condition *ret)
{
	const char **texts = load_texts(l, value, &ret->count);

	ret->ranges = load_alloc(l, ret->count, sizeof(*ret->ranges));
	if (!ret->ranges)
		ret->count = 0;
	for (size_t i = 0; i < ret->count; i++) {
		const char *why = range_parse(l->arena, texts[i], &ret->ranges[i]);

		if (why)
			load_problem(l, value, "'%.60s': %s", texts[i], why);
	}
}

void value_seconds(struct loading *l, const struct node *value, struct condition *ret)
{
	value_ranges(l, value, ret);
	if (l->failed)
		return;
	for (size_t i = 0; i < ret->count; i++)
		for (size_t j = 0; j < ret->ranges[i].count; j++)
			if (ret->ranges[i].bounds[j].version[strspn(
				    ret->ranges[i].bounds[j].version, "0123456789")])
				load_problem(l, value,
					     "uptime takes whole seconds, such as \"< 60\"");
}
