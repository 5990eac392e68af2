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
	RULE_KEY_INDENT = 2,	 /* of the keys below "- id:", as everybody writes them */
};

struct reader {
	struct loading *l;
	const char *text; /* what is still to be read */
	size_t len;
	struct slice unfed;    /* what libyaml has not been given yet */
	bool mid_line;	       /* unfed begins within a line... */
	bool skipping;	       /* ...and within what nobody wants now */
	unsigned lines_before; /* lines of the file in front of text */
	unsigned rule_line;    /* where the rule being read begins, in text */
	yaml_parser_t yaml;
	struct arena scratch;
	size_t nodes;
	bool abandoned; /* reading the rule to its end would cost too much */
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

static void problem_of_yaml(struct reader *r)
{
	const yaml_parser_t *y = &r->yaml;
	yaml_mark_t mark = y->problem_mark;

	if (y->problem && strstr(y->problem, "end of stream") && y->context)
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

/* libyaml's time grows with the square of the depth, so such a rule is not read to its end. */
static const char *refuse_size(struct reader *r, int depth)
{
	r->abandoned = true;
	if (depth > RULE_MAX_DEPTH)
		return "lists and mappings lie too deep within each other";
	if (++r->nodes > RULE_MAX_NODES)
		return "the rule has too many values";
	r->abandoned = false;
	return NULL;
}

/* A node for the event; NULL after a problem. */
static struct node *new_node(struct reader *r, const yaml_event_t *event, int depth)
{
	const char *why = refuse(event);
	struct node *node = NULL;

	if (!why && event->type == YAML_SCALAR_EVENT)
		why = refuse_scalar(event);
	if (!why)
		why = refuse_size(r, depth);
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

/* Reads on from a rule's first event; false: it cannot be read on from its end. *ret stays
 * NULL after a problem. */
static bool read_tree(struct reader *r, yaml_event_t *event, struct node **ret)
{
	struct node *open[RULE_MAX_DEPTH], *key[RULE_MAX_DEPTH];
	size_t depth = 0;

	while (step(r, open, &depth, key, ret, event)) {
		yaml_event_delete(event);
		if (r->abandoned || !next_event(r, event))
			return false;
	}
	return !r->abandoned;
}

static bool read_rule(struct reader *r, yaml_event_t *event)
{
	struct node *node = NULL;
	bool is_yaml;

	r->rule_line = (unsigned)event->start_mark.line;
	r->nodes = 0;
	r->abandoned = false;
	r->l->failed = false;
	is_yaml = read_tree(r, event, &node);
	if (is_yaml && node && !r->l->failed)
		r->rule(r->l, node);
	arena_reset(&r->scratch);
	return is_yaml;
}

/* Reads the parser's text to its end; false: it stopped being YAML, or cost too much. */
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

/* ---- recovery ---- */

static bool begins_rule(const char *line, const char *end)
{
	return end - line > 1 && line[0] == '-' && line[1] == ' ';
}

/* Moves to the first line behind the broken rule's first that begins with "- ". */
static bool skip_broken_rule(struct reader *r)
{
	const char *end = r->text + r->len;
	const char *line = r->text;

	for (unsigned i = 0; line; i++) {
		if (i > r->rule_line && begins_rule(line, end)) {
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

/* The bytes of one character that YAML allows in a file; 0: not allowed, or no UTF-8. */
static size_t character_size(const unsigned char *p, size_t len)
{
	static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
	size_t size = *p < 0x80	      ? 1
		      : *p >> 5 == 6  ? 2
		      : *p >> 4 == 14 ? 3
		      : *p >> 3 == 30 ? 4
				      : 0;
	uint32_t c = size == 1 ? *p : size ? *p & (0x7fu >> size) : 0;

	if (!size || size > len)
		return 0;
	for (size_t i = 1; i < size; i++) {
		if (p[i] >> 6 != 2)
			return 0;
		c = c << 6 | (p[i] & 0x3f);
	}
	if (c < least[size] || c > 0x10ffff || (c >= 0xd800 && c < 0xe000) || c == 0xfeff ||
	    c == 0xfffe || c == 0xffff)
		return 0;
	if (c < 0x20 ? c != '\t' && c != '\n' && c != '\r'
		     : c >= 0x7f && c < 0xa0 && c != 0x85)
		return 0;
	return size;
}

/* Where the text stops being text; len if it does not. */
static size_t length_of_text(const char *text, size_t len)
{
	for (size_t at = 0, size; at < len; at += size) {
		size = 1;
		if (text[at] >= ' ' && text[at] <= '~')
			continue;
		size = character_size((const unsigned char *)text + at, len - at);
		if (!size)
			return at;
	}
	return len;
}

/* libyaml refuses a file with such a byte as a whole, so it gets the part in front of the rule
 * that holds it, whose length this gives back. */
static size_t cut_bad_rule(struct reader *r, size_t bad)
{
	const char *line = r->text, *end = r->text + bad, *rule = r->text;
	unsigned count = 0;

	for (const char *next; (next = memchr(line, '\n', (size_t)(end - line)));
	     line = next + 1) {
		if (begins_rule(line, end))
			rule = line;
		count++;
	}
	if (begins_rule(line, end))
		rule = line;
	load_problem_at(r->l, r->lines_before + count + 1, (unsigned)(end - line) + 1,
			"not YAML: a byte that is no UTF-8 text, or a control character");
	return (size_t)(rule - r->text);
}

/*
 * Whether a line goes on with the value of a rule's key: it is indented deeper than the rule's keys,
 * is empty or a comment, or closes a bracket.
 */
static bool continues_value(struct slice line)
{
	size_t indent = 0;

	while (indent < line.n && line.p[indent] == ' ')
		indent++;
	if (indent > RULE_KEY_INDENT || indent == line.n)
		return true;
	return strchr(indent ? "#\r\n}]" : "#\r\n", line.p[indent]);
}

/*
 * libyaml's input, without what is not wanted now: three quarters of the shipped rules.
 * Its lines come empty, so that the places of problems stay right.
 */
static int feed(void *data, unsigned char *buffer, size_t size, size_t *ret_size)
{
	struct reader *r = data;

	for (*ret_size = 0; r->unfed.n && *ret_size < size;) {
		const char *eol = memchr(r->unfed.p, '\n', r->unfed.n);
		size_t n = eol ? (size_t)(eol - r->unfed.p) + 1 : r->unfed.n;
		size_t skip = 0;

		if (!r->mid_line)
			r->skipping = load_skips(r->l, (struct slice){r->unfed.p, n}) ||
				      (r->skipping && continues_value((struct slice){r->unfed.p, n}));
		if (r->skipping)
			skip = eol ? n - 1 : n;
		n -= skip;
		r->mid_line = n > size - *ret_size;
		if (r->mid_line)
			n = size - *ret_size;
		memcpy(buffer + *ret_size, r->unfed.p + skip, n);
		*ret_size += n;
		r->unfed.p += skip + n;
		r->unfed.n -= skip + n;
	}
	return 1;
}

static bool read_part(struct reader *r, size_t len)
{
	bool is_yaml;

	if (!yaml_parser_initialize(&r->yaml)) {
		load_problem(r->l, NULL, "out of memory");
		return false;
	}
	yaml_parser_set_encoding(&r->yaml, YAML_UTF8_ENCODING);
	if (r->l->wanted == LOAD_ALL) {
		yaml_parser_set_input_string(&r->yaml, (const unsigned char *)r->text, len);
	} else {
		r->unfed = (struct slice){r->text, len};
		r->mid_line = r->skipping = false;
		yaml_parser_set_input(&r->yaml, feed, r);
	}
	is_yaml = read_stream(r);
	yaml_parser_delete(&r->yaml);
	return is_yaml;
}

static unsigned line_of(const char *text, size_t offset)
{
	unsigned line = 0;

	for (size_t i = 0; i < offset; i++)
		line += text[i] == '\n';
	return line;
}

static void read_all(struct reader *r)
{
	if (slice_starts((struct slice){r->text, r->len}, "\xef\xbb\xbf")) { // a byte order mark
		r->text += 3;
		r->len -= 3;
	}
	for (int restarts = 0;; restarts++) {
		size_t good = length_of_text(r->text, r->len);
		size_t part = good == r->len ? r->len : cut_bad_rule(r, good);

		if (read_part(r, part)) {
			if (good == r->len)
				return;
			r->rule_line = line_of(r->text, good);
		}
		if (!skip_broken_rule(r))
			return;
		if (restarts == MAX_RESTARTS) {
			load_problem_at(
				r->l, r->lines_before + 1, 1,
				"too many rules are broken; the rest of the file is not read");
			return;
		}
	}
}

void nodes_read(struct loading *l, const char *text, size_t len,
		void (*rule)(struct loading *l, const struct node *node))
{
	struct reader r = {.l = l,
			   .text = text,
			   .len = len,
			   .lines_before = l->lines_before,
			   .rule = rule};

	arena_init(&r.scratch, SCRATCH_LIMIT);
	read_all(&r);
	arena_done(&r.scratch);
}

const struct node *node_get(const struct node *map, const char *key)
{
	for (const struct node *n = map->first; n; n = n->next)
		if (n->key && slice_eq(n->key->text, key))
			return n;
	return NULL;
}
