// SPDX-License-Identifier: GPL-2.0-or-later
//
// A rule's node made into a rule: the keys of the language in tables, each with how its value
// is read. Strict, because a typing error in a rule is else found at the next crash: what is
// unknown, twice, empty or of the wrong form is a problem, and the rule is left out.
#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>

#include "base/base.h"

#include "rule/language.h"
#include "rule/node.h"

enum { MAX_ID = 80 };

/* ---- problems ---- */

static void add_problem(struct loading *l, unsigned line, unsigned column, const char *fmt,
			va_list ap)
{
	struct rule_problem problem = {
		.line = line, .column = column, .when_matched = l->completing};

	l->failed = true;
	snprintf(problem.file, sizeof(problem.file), "%s", l->file);
	vsnprintf(problem.why, sizeof(problem.why), fmt, ap);
	rule_base_problem(l->base, &problem);
}

void load_problem(struct loading *l, const struct node *at, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	add_problem(l, at ? at->line : 0, at ? at->column : 0, fmt, ap);
	va_end(ap);
}

void load_problem_at(struct loading *l, unsigned line, unsigned column, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	add_problem(l, line, column, fmt, ap);
	va_end(ap);
}

/* Levenshtein's distance, of names short enough to be keys. */
static size_t distance(struct slice a, struct slice b)
{
	enum { MAX = 40 };
	size_t row[MAX + 1];

	if (a.n > MAX || b.n > MAX)
		return MAX;
	for (size_t j = 0; j <= b.n; j++)
		row[j] = j;
	for (size_t i = 1; i <= a.n; i++) {
		size_t diagonal = row[0];

		row[0] = i;
		for (size_t j = 1; j <= b.n; j++) {
			size_t best = diagonal + (a.p[i - 1] != b.p[j - 1]);

			diagonal = row[j];
			if (row[j] + 1 < best)
				best = row[j] + 1;
			if (row[j - 1] + 1 < best)
				best = row[j - 1] + 1;
			row[j] = best;
		}
	}
	return row[b.n];
}

const char *load_hint(struct slice wrong, const char *const *names, char *buf, size_t size)
{
	const char *nearest = NULL;
	size_t least = wrong.n / 3 + 2, used;

	for (size_t i = 0; names[i]; i++) {
		size_t d = distance(wrong, slice_of(names[i]));

		if (d < least) {
			least = d;
			nearest = names[i];
		}
	}
	if (nearest) {
		snprintf(buf, size, "; did you mean '%s'?", nearest);
		return buf;
	}
	used = (size_t)snprintf(buf, size, "; one of ");
	for (size_t i = 0; names[i] && used + strlen(names[i]) + 6 < size; i++)
		used += (size_t)snprintf(buf + used, size - used, "%s%s", i ? ", " : "",
					 names[i]);
	return buf;
}

/* ---- values ---- */

void *load_alloc(struct loading *l, size_t count, size_t size)
{
	void *p = arena_alloc(l->arena,
			      (count ? count : 1) * size); // nodes are few: no overflow

	if (!p)
		load_problem(l, NULL, "the rules need more memory than is allowed");
	return p;
}

static bool is_null(const struct node *value)
{
	return !value->quoted &&
	       (!value->text.n || slice_eq(value->text, "~") || slice_eq(value->text, "null"));
}

const char *load_text(struct loading *l, const struct node *value)
{
	if (value->kind != NODE_SCALAR) {
		load_problem(l, value, "'%s' takes one text, and no %s",
			     value->key ? value->key->text.p : "",
			     value->kind == NODE_LIST ? "list" : "mapping");
		return NULL;
	}
	if (is_null(value) || !slice_trim(value->text).n) {
		load_problem(l, value, "a value is missing");
		return NULL;
	}
	return arena_str(l->arena, slice_trim(value->text));
}

const char **load_texts(struct loading *l, const struct node *value, size_t *ret_count)
{
	bool list = value->kind == NODE_LIST;
	const char **texts = load_alloc(l, (list ? value->count : 1) + 1, sizeof(*texts));

	*ret_count = 0;
	if (!texts)
		return NULL;
	if (list && !value->count)
		load_problem(l, value, "the list is empty");
	for (const struct node *n = list ? value->first : value; n;
	     n = list ? n->next : NULL) {
		const char *text = load_text(l, n);

		if (text)
			texts[(*ret_count)++] = text;
	}
	return texts;
}

static const char **load_list(struct loading *l, const struct node *value)
{
	size_t count;

	if (value->kind != NODE_LIST) {
		load_problem(l, value, "'%s' takes a list: [\"...\"]", value->key->text.p);
		return NULL;
	}
	return load_texts(l, value, &count);
}

/* One of names: the entry itself, so that a word that many rules use is stored once. */
static const char *load_word(struct loading *l, const struct node *value,
			     const char *const *names)
{
	char hint[200];
	const char *text = load_text(l, value);

	for (size_t i = 0; text && names[i]; i++)
		if (!strcmp(text, names[i]))
			return names[i];
	if (text)
		load_problem(l, value, "%s is no '%.60s'%s", value->key->text.p, text,
			     load_hint(slice_of(text), names, hint, sizeof(hint)));
	return NULL;
}

static void check_templates(struct loading *l, const struct node *value, const char *text)
{
	const char *unknown = text ? template_check(text, l->arena) : NULL;
	char hint[200];
	size_t count;
	const struct rule_key *keys = rule_language_templates(&count);
	const char *names[32] = {NULL};

	if (!unknown)
		return;
	for (size_t i = 0; i < count && i + 1 < ARRAY_SIZE(names); i++)
		names[i] = keys[i].name;
	load_problem(l, value, "no template {%.40s}%s; write {{ for a plain brace", unknown,
		     load_hint(slice_of(unknown), names, hint, sizeof(hint)));
}

/* A text with templates. */
static const char *load_template(struct loading *l, const struct node *value)
{
	const char *text = load_text(l, value);

	check_templates(l, value, text);
	return text;
}

static uint32_t load_distros(struct loading *l, const struct node *value)
{
	const char *names[DISTRO_COUNT + 1] = {"*"};
	uint32_t distros = 0;
	char hint[200];
	size_t count;
	const char **texts = load_texts(l, value, &count);

	for (int d = DISTRO_UNKNOWN + 1; d < DISTRO_COUNT; d++)
		names[d] = distro_name(d);
	for (size_t i = 0; i < count; i++) {
		enum distro d = distro_of_name(slice_of(texts[i]));

		if (!strcmp(texts[i], "*"))
			distros |= UINT32_MAX;
		else if (d < DISTRO_COUNT)
			distros |= UINT32_C(1) << d;
		else
			load_problem(l, value, "no distro '%.60s'%s", texts[i],
				     load_hint(slice_of(texts[i]), names, hint, sizeof(hint)));
	}
	return distros;
}

/* ---- mappings ---- */

static void unknown_key(struct loading *l, const struct node *key,
			const struct load_key *keys, size_t count)
{
	const char *names[32] = {NULL};
	char hint[200];

	for (size_t i = 0; i < count && i + 1 < ARRAY_SIZE(names); i++)
		names[i] = keys[i].key.name;
	load_problem(l, key, "unknown key '%.60s'%s", key->text.p,
		     load_hint(key->text, names, hint, sizeof(hint)));
}

static bool wants(const struct loading *l, const struct load_key *key)
{
	return !(key->use & LOAD_ALL) || key->use & l->wanted;
}

void load_map(struct loading *l, const struct node *map, const struct load_key *keys,
	      size_t count, const char *what, void *ret)
{
	uint32_t seen = 0;

	if (map->kind != NODE_MAP) {
		load_problem(l, map, "%s is a mapping of keys and values", what);
		return;
	}
	for (const struct node *n = map->first; n; n = n->next) {
		size_t i = 0;

		while (i < count && !slice_eq(n->key->text, keys[i].key.name))
			i++;
		if (i == count) {
			unknown_key(l, n->key, keys, count);
			continue;
		}
		if (seen >> i & 1)
			load_problem(l, n->key, "'%s' stands here twice", n->key->text.p);
		else if (wants(l, &keys[i]))
			keys[i].parse(l, n, ret);
		seen |= UINT32_C(1) << i;
	}
	for (size_t i = 0; i < count; i++)
		if (keys[i].use & LOAD_REQUIRED && wants(l, &keys[i]) && !(seen >> i & 1))
			load_problem(l, map, "%s has no '%s'", what, keys[i].key.name);
}

/* ---- kernel: ---- */

static void kernel_distro(struct loading *l, const struct node *value, void *ret)
{
	((struct kernel_entry *)ret)->distros = load_distros(l, value);
}

static const char *load_version(struct loading *l, const struct node *value)
{
	const char *text = load_text(l, value);

	if (!text)
		return NULL;
	if (!isdigit((unsigned char)*text) || strlen(text) >= KERNEL_VERSION_SIZE ||
	    text[strspn(text, "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ."
			      "_+:~^-")]) {
		load_problem(l, value,
			     "'%.60s' is no version; write it as uname -r does, such as "
			     "4.18.0-305.el8",
			     text);
		return NULL;
	}
	return text;
}

static void kernel_affected(struct loading *l, const struct node *value, void *ret)
{
	struct kernel_entry *entry = ret;
	size_t count;
	const char **texts = load_texts(l, value, &count);

	entry->affected = RANGE_BOUNDS;
	if (count == 1 && !strcmp(texts[0], "all"))
		entry->affected = RANGE_ALL;
	if (count == 1 && !strcmp(texts[0], "none"))
		entry->affected = RANGE_NONE;
	if (entry->affected != RANGE_BOUNDS)
		return;
	entry->ranges = load_alloc(l, count, sizeof(*entry->ranges));
	for (size_t i = 0; entry->ranges && i < count; i++) {
		const char *why =
			range_parse(l->arena, texts[i], &entry->ranges[entry->range_count++]);

		if (why)
			load_problem(l, value, "'%.60s': %s", texts[i], why);
	}
}

static void kernel_fixed(struct loading *l, const struct node *value, void *ret)
{
	((struct kernel_entry *)ret)->fixed = load_version(l, value);
}

static void kernel_branch(struct loading *l, const struct node *value, void *ret)
{
	((struct kernel_entry *)ret)->branch = load_version(l, value);
}

// clang-format off
static const struct load_key kernel_keys[] = {
	{{"distro", "The distributions that this entry speaks for; \"*\" is any other."}, LOAD_REQUIRED, kernel_distro},
	{{"branch", "The entry speaks only for releases that begin with this."}, 0, kernel_branch},
	{{"affected", "all, none, or comparisons that must all hold: \">= 4.18.0-305, < 4.18.0-348.el8\"."}, 0,
	 kernel_affected},
	{{"fixed", "The first kernel with the fix."}, 0, kernel_fixed},
};
// clang-format on

static void rule_kernel(struct loading *l, const struct node *value, void *ret)
{
	struct rule *rule = ret;

	if (value->kind != NODE_LIST || !value->count) {
		load_problem(l, value, "kernel takes a list of entries: \"- distro: NAME\"");
		return;
	}
	rule->kernel = load_alloc(l, value->count, sizeof(*rule->kernel));
	for (const struct node *n = value->first; rule->kernel && n; n = n->next) {
		struct kernel_entry *entry = &rule->kernel[rule->kernel_count++];
		bool ranged = n->kind == NODE_MAP && node_get(n, "affected");

		load_map(l, n, kernel_keys, ARRAY_SIZE(kernel_keys), "an entry of kernel",
			 entry);
		if (!ranged && entry->fixed)
			entry->affected = RANGE_ALL; // below the fix
		else if (!ranged && !l->failed)
			load_problem(l, n, "an entry of kernel needs affected or fixed");
		if (entry->affected == RANGE_NONE && entry->fixed)
			load_problem(l, n, "affected: none leaves nothing to be fixed");
	}
}

/* ---- suspect: ---- */

static void suspect_kind(struct loading *l, const struct node *value, void *ret)
{
	static const char *const kinds[] = {"module",  "function", "device",
					    "process", "operator", NULL};

	((struct rule *)ret)->info.suspect_kind = load_word(l, value, kinds);
}

static void suspect_name(struct loading *l, const struct node *value, void *ret)
{
	((struct rule *)ret)->info.suspect_name = load_template(l, value);
}

static void suspect_why(struct loading *l, const struct node *value, void *ret)
{
	((struct rule *)ret)->info.suspect_why = load_template(l, value);
}

// clang-format off
static const struct load_key suspect_keys[] = {
	{{"kind", "module, function, device, process or operator."}, LOAD_REQUIRED, suspect_kind},
	{{"name", "Its name; may hold templates."}, LOAD_REQUIRED, suspect_name},
	{{"why", "Why it is suspected; may hold templates."}, LOAD_REQUIRED, suspect_why},
};
// clang-format on

static void rule_suspect(struct loading *l, const struct node *value, void *ret)
{
	load_map(l, value, suspect_keys, ARRAY_SIZE(suspect_keys), "suspect", ret);
}

/* ---- actions: ---- */

static void action_text(struct loading *l, const struct node *value, void *ret)
{
	((struct action *)ret)->text = load_template(l, value);
}

static void action_commands(struct loading *l, const struct node *value, void *ret)
{
	struct action *action = ret;
	const char **commands = load_list(l, value);
	const struct node *n = value->first;

	if (!commands)
		return;
	action->commands = commands;
	for (; *commands && n; commands++, n = n->next) {
		check_templates(l, n, *commands);
		if (strpbrk(*commands, "\n\r"))
			load_problem(l, n, "a command is one line");
	}
}

static void when_release(struct loading *l, const struct node *value, void *ret)
{
	const char *text = load_text(l, value);
	const char *why =
		text ? range_parse(l->arena, text, &((struct action *)ret)->when_release)
		     : NULL;

	if (why)
		load_problem(l, value, "'%.60s': %s", text, why);
}

static void when_distro(struct loading *l, const struct node *value, void *ret)
{
	((struct action *)ret)->when_distros = load_distros(l, value);
}

static void action_when(struct loading *l, const struct node *value, void *ret)
{
	static const struct load_key keys[] = {
		{{"release", NULL}, 0, when_release},
		{{"distro", NULL}, 0, when_distro},
	};

	load_map(l, value, keys, ARRAY_SIZE(keys), "when", ret);
}

// clang-format off
static const struct load_key action_keys[] = {
	{{"text", "What to do, as a sentence; may hold templates."}, LOAD_REQUIRED, action_text},
	{{"when", "{release: \"< 4.18.0-305.el8\"} or {distro: NAME}: for which kernels it is shown."}, 0,
	 action_when},
	{{"commands", "A list of commands that can be pasted; may hold templates."}, 0, action_commands},
};
// clang-format on

static void rule_actions(struct loading *l, const struct node *value, void *ret)
{
	static const char *none[] = {NULL};
	struct rule *rule = ret;

	if (value->kind != NODE_LIST || !value->count) {
		load_problem(l, value, "actions takes a list: \"- text: ...\"");
		return;
	}
	rule->actions = load_alloc(l, value->count, sizeof(*rule->actions));
	for (const struct node *n = value->first; rule->actions && n; n = n->next) {
		struct action *action = &rule->actions[rule->action_count++];

		action->commands = none;
		load_map(l, n, action_keys, ARRAY_SIZE(action_keys), "an action", action);
	}
}

/* ---- a rule ---- */

static void rule_id(struct loading *l, const struct node *value, void *ret)
{
	struct rule *rule = ret;
	const char *id = load_text(l, value);

	if (!id)
		return;
	rule->info.id = id;
	rule->info.general = !strncmp(id, "class-", 6);
	if (strlen(id) > MAX_ID || id[strspn(id, "abcdefghijklmnopqrstuvwxyz0123456789-")])
		load_problem(l, value,
			     "an id has only a-z, 0-9 and -, and at most 80 of them");
}

static void rule_title(struct loading *l, const struct node *value, void *ret)
{
	((struct rule *)ret)->info.title = load_template(l, value);
}

static void rule_category(struct loading *l, const struct node *value, void *ret)
{
	static const char *const categories[] = {"kernel-bug",
						 "third-party-module",
						 "hardware",
						 "hypervisor",
						 "memory-exhaustion",
						 "storage",
						 "configuration",
						 "operator-action",
						 "boot-failure",
						 "unknown",
						 NULL};

	((struct rule *)ret)->info.category = load_word(l, value, categories);
}

static void rule_confidence(struct loading *l, const struct node *value, void *ret)
{
	static const char *const names[] = {"certain", "likely", "possible", NULL};
	const char *name = load_word(l, value, names);

	for (enum confidence c = CONFIDENCE_POSSIBLE; name && c <= CONFIDENCE_CERTAIN; c++)
		if (!strcmp(name, confidence_name(c)))
			((struct rule *)ret)->info.confidence = c;
}

static void rule_conditions(struct loading *l, const struct node *value, void *ret)
{
	struct rule *rule = ret;

	rule->conditions = conditions_parse(l, value, &rule->condition_count);
}

static void rule_cause(struct loading *l, const struct node *value, void *ret)
{
	((struct rule *)ret)->info.cause = load_template(l, value);
}

static void rule_fixed_in(struct loading *l, const struct node *value, void *ret)
{
	((struct rule *)ret)->info.fixed_in = load_list(l, value);
}

static void rule_references(struct loading *l, const struct node *value, void *ret)
{
	((struct rule *)ret)->info.references = load_list(l, value);
}

static void rule_source(struct loading *l, const struct node *value, void *ret)
{
	((struct rule *)ret)->info.source = load_text(l, value);
}

static void rule_dump_advice(struct loading *l, const struct node *value, void *ret)
{
	static const char *const names[] = {"keep", "small", "skip", NULL};

	((struct rule *)ret)->info.dump_advice = load_word(l, value, names);
}

static void rule_supersedes(struct loading *l, const struct node *value, void *ret)
{
	((struct rule *)ret)->supersedes = load_list(l, value);
}

static void rule_test(struct loading *l, const struct node *value, void *ret)
{
	((struct rule *)ret)->test = load_test(l, value);
}

// clang-format off
static const struct load_key rule_keys[] = {
	{{"id", "The rule's name, unique: a-z, 0-9 and -. Those of general rules begin with class-."}, LOAD_REQUIRED, rule_id},
	{{"title", "The cause in one line; may hold templates."}, LOAD_REQUIRED | LOAD_TO_MATCH, rule_title},
	{{"category", "kernel-bug, third-party-module, hardware, hypervisor, memory-exhaustion, storage, "
	  "configuration, operator-action, boot-failure or unknown."}, LOAD_REQUIRED | LOAD_TO_MATCH, rule_category},
	{{"confidence", "certain, likely or possible: how sure when all conditions hold and the kernel is affected."},
	 LOAD_REQUIRED | LOAD_TO_MATCH, rule_confidence},
	{{"match", "The conditions, which must all hold."}, LOAD_REQUIRED | LOAD_TO_MATCH, rule_conditions},
	{{"kernel", "Which kernels are affected, an entry per distribution; the first that fits decides."}, LOAD_TO_MATCH,
	 rule_kernel},
	{{"cause", "What went wrong, in plain words; may hold templates."}, LOAD_REQUIRED | LOAD_TO_TELL, rule_cause},
	{{"suspect", "Whom the rule suspects, and why."}, LOAD_TO_TELL, rule_suspect},
	{{"actions", "What to do, in order."}, LOAD_TO_TELL, rule_actions},
	{{"fixed_in", "A list of the kernels that have the fix, for people."}, LOAD_TO_TELL, rule_fixed_in},
	{{"references", "A list of public pages, bugs and commits."}, LOAD_TO_TELL, rule_references},
	{{"source", "Where the rule's facts come from."}, LOAD_TO_TELL, rule_source},
	{{"dump_advice", "keep, small or skip: whether the memory dump is worth keeping."}, LOAD_TO_MATCH, rule_dump_advice},
	{{"supersedes", "A list of ids, globs allowed, that are not told beside this rule."}, LOAD_TO_MATCH, rule_supersedes},
	{{"test", "The facts of a crash that the rule matches, and of one that it must leave alone."}, LOAD_TO_CHECK, rule_test},
};
// clang-format on

static const struct rule_key *keys_of(const struct load_key *keys, size_t count,
				      struct rule_key *ret)
{
	for (size_t i = 0; i < count; i++)
		ret[i] = keys[i].key;
	return ret;
}

const struct rule_key *rule_language_rule(size_t *ret_count)
{
	static struct rule_key keys[ARRAY_SIZE(rule_keys)];

	*ret_count = ARRAY_SIZE(keys);
	return keys_of(rule_keys, ARRAY_SIZE(keys), keys);
}

const struct rule_key *rule_language_kernel(size_t *ret_count)
{
	static struct rule_key keys[ARRAY_SIZE(kernel_keys)];

	*ret_count = ARRAY_SIZE(keys);
	return keys_of(kernel_keys, ARRAY_SIZE(keys), keys);
}

const struct rule_key *rule_language_action(size_t *ret_count)
{
	static struct rule_key keys[ARRAY_SIZE(action_keys)];

	*ret_count = ARRAY_SIZE(keys);
	return keys_of(action_keys, ARRAY_SIZE(keys), keys);
}

const struct rule_key *rule_language_suspect(size_t *ret_count)
{
	static struct rule_key keys[ARRAY_SIZE(suspect_keys)];

	*ret_count = ARRAY_SIZE(keys);
	return keys_of(suspect_keys, ARRAY_SIZE(keys), keys);
}

bool load_skips(const struct loading *l, struct slice line)
{
	struct cursor c = cursor_of(line);
	struct slice name;

	/* Keys of a rule stand below its "- id:", as everybody writes them. */
	if (!cursor_text(&c, "  ") || cursor_peek(&c) == ' ' || !cursor_until(&c, ":\n", &name) ||
	    !cursor_char(&c, ':'))
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(rule_keys); i++)
		if (!wants(l, &rule_keys[i]) && slice_eq(name, rule_keys[i].key.name))
			return true;
	return false;
}

static void read_keys(struct loading *l, const struct node *node, struct rule *ret)
{
	load_map(l, node, rule_keys, ARRAY_SIZE(rule_keys), "a rule", ret);
	ret->is_complete = l->wanted & LOAD_TO_TELL;
	if (l->arena->exhausted)
		load_problem(l, node, "the rules need more memory than is allowed");
}

void load_rule(struct loading *l, const struct node *node)
{
	static const char *none[] = {NULL};
	struct rule rule = {.info = {.file = l->file,
				     .line = node->line,
				     .fixed_in = none,
				     .references = none,
				     .confidence = CONFIDENCE_POSSIBLE},
			    .supersedes = none};

	read_keys(l, node, &rule);
	if (!l->failed)
		rule_base_add(l, &rule, node);
}

void load_further(struct loading *l, const struct node *node)
{
	const struct node *id = node->kind == NODE_MAP ? node_get(node, "id") : NULL;
	struct rule rule = *l->completing;

	if (!id || id->kind != NODE_SCALAR || !slice_eq(id->text, rule.info.id))
		return;
	read_keys(l, node, &rule);
	if (!l->failed)
		*l->completing = rule;
}
