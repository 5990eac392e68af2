// SPDX-License-Identifier: GPL-2.0-or-later
//
// {release}, {module}...: what a rule's texts take from the facts. The values come from the
// log and are hostile; texts are escaped by the writers, but commands are made to be pasted
// into a root shell, so nothing but plain words goes into them.
#include <ctype.h>
#include <stdio.h>

#include "base/base.h"

#include "rule/language.h"

enum { MAX_VALUE = 256, MAX_FILLED = 32 << 10 };

typedef const char *(*value_of)(const struct fact_set *facts, struct arena *arena);

static const char *value_release(const struct fact_set *facts, struct arena *arena)
{
	(void)arena;
	return facts->release;
}

/* 4.19.91 of 4.19.91-22.2.al7.x86_64 */
static const char *value_base(const struct fact_set *facts, struct arena *arena)
{
	const char *release = facts->release;

	return release ? arena_str(arena, (struct slice){release, strcspn(release, "-")})
		       : NULL;
}

/* 22.2.al7.x86_64 of 4.19.91-22.2.al7.x86_64, as awk -F- '{print $NF}' prints it */
static const char *value_suffix(const struct fact_set *facts, struct arena *arena)
{
	const char *dash = facts->release ? strrchr(facts->release, '-') : NULL;

	(void)arena;
	return dash ? dash + 1 : facts->release;
}

static const char *value_machine(const struct fact_set *facts, struct arena *arena)
{
	(void)arena;
	return facts->machine;
}

static const char *value_module(const struct fact_set *facts, struct arena *arena)
{
	(void)arena;
	if (facts->crash && facts->crash->has_where && facts->crash->where.module)
		return facts->crash->where.module;
	return facts->blame.module;
}

static const char *value_function(const struct fact_set *facts, struct arena *arena)
{
	const char *function = facts->blame.function;

	if (facts->crash && facts->crash->has_where && facts->crash->where.function)
		function = facts->crash->where.function;
	return function ? arena_str(arena, oops_plain_name(function)) : NULL;
}

static const char *value_comm(const struct fact_set *facts, struct arena *arena)
{
	(void)arena;
	return facts->crash ? facts->crash->comm : NULL;
}

static const char *value_pid(const struct fact_set *facts, struct arena *arena)
{
	if (!facts->crash || facts->crash->pid < 0)
		return NULL;
	return arena_printf(arena, "%lld", (long long)facts->crash->pid);
}

static const char *value_last_unloaded(const struct fact_set *facts, struct arena *arena)
{
	(void)arena;
	return facts->state.last_unloaded;
}

/* Flags of modules that did not come with the kernel: proprietary, out of tree, forced,
 * unsigned, and EL6's (U). */
static bool is_third_party(const struct fact_module *module)
{
	return strpbrk(module->taints, "POFEU");
}

static void list_third_party(const struct fact_set *facts, bool only_in_trace, struct buf *ret)
{
	for (size_t i = 0; i < facts->state.module_count; i++) {
		const struct fact_module *module = &facts->state.modules[i];

		if (!is_third_party(module) ||
		    (only_in_trace && !fact_is_in_crash(facts, module->name)))
			continue;
		if (ret->len)
			buf_str(ret, ", ");
		buf_str(ret, module->name);
	}
}

static const char *value_third_party(const struct fact_set *facts, struct arena *arena)
{
	struct buf b;
	const char *text;

	buf_init(&b, MAX_VALUE);
	list_third_party(facts, true, &b);
	if (!b.len)
		list_third_party(facts, false, &b);
	text = b.len ? arena_str(arena, (struct slice){b.data, b.len}) : NULL;
	buf_done(&b);
	return text;
}

// clang-format off
static const struct {
	struct rule_key key;
	value_of value;
} templates[] = {
	{{"release", "The kernel's release, as uname -r prints it."}, value_release},
	{{"release.base", "The release up to its first -."}, value_base},
	{{"release.suffix", "The release behind its last -."}, value_suffix},
	{{"machine", "The machine, as uname -m prints it."}, value_machine},
	{{"module", "The module of the faulting function, or of the function to blame."}, value_module},
	{{"function", "The faulting function, without compiler suffixes."}, value_function},
	{{"comm", "The name of the crashing task."}, value_comm},
	{{"pid", "Its process id."}, value_pid},
	{{"last_unloaded", "The module that was unloaded last."}, value_last_unloaded},
	{{"third_party", "Modules that did not come with the kernel: those in the trace, else all, with commas."},
	 value_third_party},
};
// clang-format on

const struct rule_key *rule_language_templates(size_t *ret_count)
{
	static struct rule_key keys[ARRAY_SIZE(templates)];

	for (size_t i = 0; i < ARRAY_SIZE(templates); i++)
		keys[i] = templates[i].key;
	*ret_count = ARRAY_SIZE(templates);
	return keys;
}

/*
 * A template at the cursor: "{name}" of small letters, '_' and '.'. Other braces are plain
 * text, as in awk '{print $NF}' and ${VAR}; "{{" is a plain brace where that is not enough.
 */
static bool take_template(struct cursor *c, struct slice *ret)
{
	struct cursor at = *c;

	if (!cursor_char(&at, '{'))
		return false;
	ret->p = at.p;
	while (islower((unsigned char)cursor_peek(&at)) || cursor_peek(&at) == '_' ||
	       cursor_peek(&at) == '.')
		at.p++;
	ret->n = (size_t)(at.p - ret->p);
	if (!ret->n || !cursor_char(&at, '}'))
		return false;
	*c = at;
	return true;
}

static value_of find_template(struct slice name)
{
	for (size_t i = 0; i < ARRAY_SIZE(templates); i++)
		if (slice_eq(name, templates[i].key.name))
			return templates[i].value;
	return NULL;
}

const char *template_check(const char *text, struct arena *arena)
{
	struct cursor c = cursor_of(slice_of(text));
	struct slice name;

	while ((c.p = memchr(c.p, '{', (size_t)(c.end - c.p)))) {
		if (cursor_text(&c, "{{"))
			continue;
		if (!take_template(&c, &name))
			c.p++;
		else if (!find_template(name))
			return arena_str(arena, name);
	}
	return NULL;
}

/* Nothing a shell reads as more than a word, and no leading '-' that a command reads as
 * option. */
static bool is_plain_word(const char *value)
{
	if (!*value || *value == '-' || *value == '~' || strlen(value) > MAX_VALUE)
		return false;
	for (; *value; value++)
		if (!isalnum((unsigned char)*value) && !strchr("._+:~-", *value))
			return false;
	return true;
}

static bool fill_one(const struct fact_set *facts, struct arena *arena, struct slice name,
		     enum template_use use, struct buf *ret)
{
	value_of of = find_template(name);
	const char *value = of ? of(facts, arena) : NULL;

	if (use == TEMPLATE_COMMAND) {
		if (!value || !is_plain_word(value))
			return false;
		buf_str(ret, value);
		return true;
	}
	if (!value || !*value)
		buf_printf(ret, "(unknown %.*s)", (int)name.n, name.p);
	else
		buf_printf(ret, "%.*s", MAX_VALUE, value);
	return true;
}

const char *template_fill(struct arena *arena, const struct fact_set *facts, const char *text,
			  enum template_use use, const char **ret_refused)
{
	struct cursor c = cursor_of(slice_of(text));
	const char *filled = NULL;
	struct slice name;
	struct buf b;

	if (!strchr(text, '{'))
		return text;
	buf_init(&b, MAX_FILLED);
	while (!cursor_at_end(&c)) {
		if (cursor_text(&c, "{{")) {
			buf_str(&b, "{");
		} else if (!take_template(&c, &name)) {
			buf_add(&b, c.p++, 1);
		} else if (!fill_one(facts, arena, name, use, &b)) {
			*ret_refused = arena_str(arena, name);
			goto out;
		}
	}
	filled = arena_str(arena, (struct slice){b.data, b.len});
out:
	buf_done(&b);
	return filled;
}
