// SPDX-License-Identifier: GPL-2.0-or-later
//
// libyaml's events made into a small tree per rule, with limits, and the recovery from text
// that is not YAML. Aliases are refused: with them a file of ten lines can mean gigabytes.
#include <stdio.h>
#include <string.h>
#include <yaml.h>

#include "base/base.h"

#include "rule/node.h"

enum {
	MAX_RESTARTS = 20,	 /* broken rules of one file after which it is given up */
	SCRATCH_LIMIT = 4 << 20, /* bytes for the tree of one rule */
};

struct reader {
	struct loading *l;
	const char *text; /* what is still to be read */
	size_t len;
	unsigned lines_before; /* lines of the file in front of text */
	unsigned rule_line;    /* where the rule being read begins, in text */
	yaml_parser_t yaml;
	struct arena scratch;
	size_t nodes;
	void (*rule)(struct loading *l, const struct node *node);
};

static unsigned place_line(const struct reader *r, yaml_mark_t mark)
{
	return r->lines_before + (unsigned)mark.line + 1;
}

static void problem_at_event(struct reader *r, const yaml_event_t *event, const char *why)
{
	load_problem_at(r->l, place_line(r, event->start_mark),
			(unsigned)event->start_mark.column + 1, "%s", why);
}

static const char *yaml_hint(const char *problem)
{
	static const struct {
		const char *problem, *hint;
	} hints[] = {
	    {"cannot start any token",
	     "; indent with blanks, and quote text that begins with @, % or `"},
	    {"mapping values are not allowed", "; quote text that holds \": \""},
	    {"did not find expected key",
	     "; look at the indentation and for a quote within quotes"},
	    {"did not find expected '-'", "; look at the indentation"},
	    {"could not find expected ':'", "; a key stands without \": value\""},
	    {"unexpected end of stream", "; is a quote or bracket not closed?"},
	    {"unknown escape", "; use 'single quotes' for text with backslashes"},
	    {"expected ',' or", "; is a bracket or brace not closed?"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(hints); i++)
		if (problem && strstr(problem, hints[i].problem))
			return hints[i].hint;
	return "";
}

/* libyaml gives an offset, and no line, for bytes that are no text. */
static yaml_mark_t mark_of_offset(const struct reader *r, size_t offset)
{
	yaml_mark_t mark = {0};

	for (size_t i = 0; i < offset && i < r->len; i++) {
		mark.column++;
		if (r->text[i] == '\n') {
			mark.line++;
			mark.column = 0;
		}
	}
	return mark;
}

static void problem_of_yaml(struct reader *r)
{
	const yaml_parser_t *y = &r->yaml;
	yaml_mark_t mark = y->problem_mark;

	if (y->error == YAML_READER_ERROR)
		mark = mark_of_offset(r, y->problem_offset);
	else if (y->problem && strstr(y->problem, "end of stream") && y->context)
		mark = y->context_mark; // where the quote was opened
	load_problem_at(r->l, place_line(r, mark), (unsigned)mark.column + 1,
			"not YAML: %s%s%s%s", y->context ? y->context : "",
			y->context ? ": " : "", y->problem ? y->problem : "out of memory",
			yaml_hint(y->problem));
}

static bool next_event(struct reader *r, yaml_event_t *event)
{
	if (yaml_parser_parse(&r->yaml, event))
		return true;
	problem_of_yaml(r);
	return false;
}

/* NULL: fine; else why such an event has no place in a rule. */
static const char *refuse(const yaml_event_t *event)
{
	const yaml_char_t *anchor = NULL, *tag = NULL;

	switch (event->type) {
	case YAML_ALIAS_EVENT:
		return "an alias (*name) has no place in a rule file; write the value out";
	case YAML_SCALAR_EVENT:
		anchor = event->data.scalar.anchor;
		tag = event->data.scalar.tag;
		break;
	case YAML_SEQUENCE_START_EVENT:
		anchor = event->data.sequence_start.anchor;
		tag = event->data.sequence_start.tag;
		break;
	case YAML_MAPPING_START_EVENT:
		anchor = event->data.mapping_start.anchor;
		tag = event->data.mapping_start.tag;
		break;
	default:
		break;
	}
	if (anchor)
		return "an anchor (&name) has no place in a rule file; write the value out";
	return tag ? "a tag (!name) has no place in a rule file" : NULL;
}

static const char *refuse_scalar(const yaml_event_t *event)
{
	if (event->data.scalar.length > RULE_MAX_TEXT)
		return "the text is longer than 8192 bytes";
	if (memchr(event->data.scalar.value, '\0', event->data.scalar.length))
		return "the text holds a NUL byte";
	return NULL;
}

/* A node for the event; NULL after a problem. */
static struct node *new_node(struct reader *r, const yaml_event_t *event, int depth)
{
	const char *why = refuse(event);
	struct node *node = NULL;

	if (!why && event->type == YAML_SCALAR_EVENT)
		why = refuse_scalar(event);
	if (!why && depth > RULE_MAX_DEPTH)
		why = "lists and mappings lie too deep within each other";
	if (!why && ++r->nodes > RULE_MAX_NODES)
		why = "the rule has too many values";
	if (!why) {
		node = arena_alloc(&r->scratch, sizeof(*node));
		if (!node)
			why = "the rule is too large";
	}
	if (why) {
		if (!r->l->failed) // one is enough: the rest of this rule is passed over
			problem_at_event(r, event, why);
		r->l->failed = true;
		return NULL;
	}
	node->line = place_line(r, event->start_mark);
	node->column = (unsigned)event->start_mark.column + 1;
	node->kind = event->type == YAML_MAPPING_START_EVENT	? NODE_MAP
		     : event->type == YAML_SEQUENCE_START_EVENT ? NODE_LIST
								: NODE_SCALAR;
	if (event->type != YAML_SCALAR_EVENT)
		return node;
	node->quoted = event->data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
	node->text.n = event->data.scalar.length;
	node->text.p =
	    arena_str(&r->scratch, (struct slice){(const char *)event->data.scalar.value,
						  event->data.scalar.length});
	return node;
}

static void append(struct node *parent, struct node *child)
{
	if (parent->last)
		parent->last->next = child;
	else
		parent->first = child;
	parent->last = child;
	parent->count++;
}

/* True while the rule's events go on; *depth counts the lists and mappings that are open. */
static bool step(struct reader *r, struct node **open, size_t *depth, struct node **key,
		 struct node **ret, const yaml_event_t *event)
{
	struct node *parent = *depth && *depth <= RULE_MAX_DEPTH ? open[*depth - 1] : NULL;
	struct node *node;

	if (event->type == YAML_SEQUENCE_END_EVENT || event->type == YAML_MAPPING_END_EVENT)
		return --*depth > 0;
	node = new_node(r, event, (int)*depth);
	if (node && parent && parent->kind == NODE_MAP && !key[*depth - 1]) {
		key[*depth - 1] = node;
		if (node->kind != NODE_SCALAR)
			load_problem(r->l, node, "a key must be one word");
	} else if (node && parent) {
		node->key = key[*depth - 1];
		key[*depth - 1] = NULL;
		append(parent, node);
	}
	if (!*depth)
		*ret = node;
	if (event->type == YAML_SEQUENCE_START_EVENT ||
	    event->type == YAML_MAPPING_START_EVENT) {
		if (*depth < RULE_MAX_DEPTH) {
			open[*depth] = node;
			key[*depth] = NULL;
		}
		++*depth;
	}
	return *depth > 0;
}

/* Reads on from a rule's first event; false: not YAML. *ret stays NULL after a problem. */
static bool read_tree(struct reader *r, yaml_event_t *event, struct node **ret)
{
	struct node *open[RULE_MAX_DEPTH], *key[RULE_MAX_DEPTH];
	size_t depth = 0;

	while (step(r, open, &depth, key, ret, event)) {
		yaml_event_delete(event);
		if (!next_event(r, event))
			return false;
	}
	return true;
}

static bool read_rule(struct reader *r, yaml_event_t *event)
{
	struct node *node = NULL;
	bool is_yaml;

	r->rule_line = (unsigned)event->start_mark.line;
	r->nodes = 0;
	r->l->failed = false;
	arena_init(&r->scratch, SCRATCH_LIMIT);
	is_yaml = read_tree(r, event, &node);
	if (is_yaml && node && !r->l->failed)
		r->rule(r->l, node);
	arena_done(&r->scratch);
	return is_yaml;
}

/* Reads r->text to its end; false: it stopped being YAML. */
static bool read_stream(struct reader *r)
{
	bool in_list = false;

	for (;;) {
		yaml_event_t event;
		bool ok = true, done = false;

		if (!next_event(r, &event))
			return false;
		switch (event.type) {
		case YAML_STREAM_END_EVENT:
			done = true;
			break;
		case YAML_STREAM_START_EVENT:
		case YAML_DOCUMENT_START_EVENT:
		case YAML_DOCUMENT_END_EVENT:
			break;
		case YAML_SEQUENCE_START_EVENT:
			if (in_list)
				ok = read_rule(r, &event);
			in_list = true;
			break;
		case YAML_SEQUENCE_END_EVENT:
			in_list = false;
			break;
		default:
			if (in_list) {
				ok = read_rule(r, &event);
				break;
			}
			// A file of nothing but comments and "---" is an empty scalar here.
			if (event.type != YAML_SCALAR_EVENT || event.data.scalar.length)
				problem_at_event(r, &event,
						 "a rule file is a list: begin each rule with "
						 "\"- id: NAME\"");
			done = true;
		}
		if (ok)
			yaml_event_delete(&event);
		if (!ok || done)
			return ok;
	}
}

/* Moves to the first line behind the broken rule's first that begins with "- ". */
static bool skip_broken_rule(struct reader *r)
{
	const char *end = r->text + r->len;
	const char *line = r->text;

	for (unsigned i = 0; line; i++) {
		if (i > r->rule_line && end - line > 1 && line[0] == '-' && line[1] == ' ') {
			r->lines_before += i;
			r->len = (size_t)(end - line);
			r->text = line;
			r->rule_line = 0;
			return true;
		}
		line = memchr(line, '\n', (size_t)(end - line));
		line = line ? line + 1 : NULL;
	}
	return false;
}

void nodes_read(struct loading *l, const char *text, size_t len,
		void (*rule)(struct loading *l, const struct node *node))
{
	struct reader r = {.l = l, .text = text, .len = len, .rule = rule};

	for (int restarts = 0;; restarts++) {
		bool is_yaml;

		if (!yaml_parser_initialize(&r.yaml)) {
			load_problem(l, NULL, "out of memory");
			return;
		}
		yaml_parser_set_encoding(&r.yaml, YAML_UTF8_ENCODING);
		yaml_parser_set_input_string(&r.yaml, (const unsigned char *)r.text, r.len);
		is_yaml = read_stream(&r);
		yaml_parser_delete(&r.yaml);
		if (is_yaml || !skip_broken_rule(&r))
			return;
		if (restarts == MAX_RESTARTS) {
			load_problem_at(
			    l, r.lines_before + 1, 1,
			    "too many rules are broken; the rest of the file is not read");
			return;
		}
	}
}

const struct node *node_get(const struct node *map, const char *key)
{
	for (const struct node *n = map->first; n; n = n->next)
		if (n->key && slice_eq(n->key->text, key))
			return n;
	return NULL;
}
