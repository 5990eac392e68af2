// SPDX-License-Identifier: GPL-2.0-or-later
//
// Globs, and PCRE2 patterns over log lines. Log text is hostile, so each match has a limit on
// steps, depth and memory, and a pattern that runs into it repeatedly is given up. The
// interpreter is enough: just-in-time code would cost more to make than these few matches.
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>

#ifndef PCRE2_CODE_UNIT_WIDTH
#define PCRE2_CODE_UNIT_WIDTH 8
#endif
#include <pcre2.h>

#include "base/base.h"

#include "rule/language.h"

enum {
	PATTERN_STEPS = 5000, /* of one match */
	PATTERN_DEPTH = 200,
	PATTERN_HEAP_KIB = 128,
	PATTERN_MAX_LINE = 4096,  /* bytes of a line that are looked at */
	PATTERN_MAX_FAILURES = 8, /* matches given up before the pattern is */
	PATTERN_MIN_LITERAL = 3,
};

bool glob_match(const char *glob, struct slice text)
{
	const char *star = NULL, *back = NULL;
	const char *p = text.p, *end = text.p + text.n;

	while (p < end) {
		if (*glob == '*') {
			star = ++glob;
			back = p;
		} else if (*glob && (*glob == '?' || *glob == *p)) {
			glob++, p++;
		} else if (star) {
			glob = star;
			p = ++back;
		} else {
			return false;
		}
	}
	while (*glob == '*')
		glob++;
	return !*glob;
}

struct pattern {
	const char *source;
	unsigned line, column; /* in the rule file */
	pcre2_code *code;      /* NULL: not compiled yet, or it cannot be */
	bool bad;	       /* does not compile, or was given up */
	unsigned failures;
	struct slice literal; /* text that every match holds; n 0: none was found */
	uint8_t *shift;	      /* Horspool's table for it; NULL: not made yet */
};

/* The ']' that closes the class at p; NULL where that is not plain to see. */
static const char *end_of_class(const char *p)
{
	p += p[1] == '^';
	if (!p[1] || p[1] == ']')
		return NULL;
	while (*++p && *p != ']')
		if (*p == '[' || (*p == '\\' && !isalpha((unsigned char)p[1])))
			return NULL;
	return *p ? p : NULL;
}

/*
 * The longest run of plain characters that every match must hold, so that most lines are
 * dismissed by memmem(). Only what is plain to see: with an alternative, a group or an option
 * in the pattern, what stands outside of them; with '|' outside of a group, nothing.
 */
static struct slice find_literal(const char *source)
{
	struct slice best = {source, 0}, run = {source, 0};
	int depth = 0;

	if (strstr(source, "(?"))
		return best;
	for (const char *p = source;; p++) {
		bool plain = *p &&
			     (isalnum((unsigned char)*p) || strchr(" _-:;,/=<>#@%&'\"~!", *p));

		if (plain && !depth) {
			if (!run.n)
				run.p = p;
			run.n++;
			continue;
		}
		if (run.n && *p && strchr("?*{", *p)) // the last character may be missing
			run.n--;
		if (run.n > best.n)
			best = run;
		run.n = 0;
		if (*p == '|' && !depth)
			return (struct slice){source, 0};
		if (*p == '\\' && p[1]) {
			if (strchr("QEKxopPNcgk0123456789",
				   p[1])) // takes more than one character
				return (struct slice){source, 0};
			p++;
		} else if (*p == '(') {
			depth++;
		} else if (*p == ')') {
			depth--;
		} else if (*p == '[') {
			p = end_of_class(p);
			if (!p)
				return (struct slice){source, 0};
		} else if (*p == '{') {
			p += strcspn(p, "}");
			p -= !*p;
		}
		if (!*p)
			break;
	}
	if (best.n < PATTERN_MIN_LITERAL)
		best.n = 0;
	return best;
}

struct pattern *pattern_new(struct arena *arena, const char *source, unsigned line,
			    unsigned column)
{
	struct pattern *pattern = arena_alloc(arena, sizeof(*pattern));

	if (!pattern)
		return NULL;
	pattern->source = source;
	pattern->line = line;
	pattern->column = column;
	pattern->literal = find_literal(source);
	return pattern;
}

void pattern_done(struct pattern *pattern)
{
	pcre2_code_free(pattern->code);
	free(pattern->shift);
	pattern->shift = NULL;
	pattern->code = NULL;
}

const char *pattern_source(const struct pattern *pattern)
{
	return pattern->source;
}

void pattern_place(const struct pattern *pattern, unsigned *ret_line, unsigned *ret_column)
{
	*ret_line = pattern->line;
	*ret_column = pattern->column;
}

bool pattern_check(struct pattern *pattern, char ret_why[static 160])
{
	PCRE2_UCHAR why[120];
	PCRE2_SIZE at;
	int code;

	if (pattern->code)
		return true;
	pattern->code =
		pcre2_compile((PCRE2_SPTR)pattern->source, PCRE2_ZERO_TERMINATED,
			      PCRE2_NEVER_UTF | PCRE2_NEVER_BACKSLASH_C, &code, &at, NULL);
	if (pattern->code)
		return true;
	pattern->bad = true;
	if (pcre2_get_error_message(code, why, sizeof(why)) < 0)
		why[0] = '\0';
	snprintf(ret_why, 160, "%s, at character %zu of it", (char *)why, at + 1);
	return false;
}

/* One for the life of the program: the tool has one thread, and each holds 20 KiB. */
static struct {
	pcre2_match_context *context;
	pcre2_match_data *data;
} shared;

static void free_shared(void)
{
	pcre2_match_data_free(shared.data);
	pcre2_match_context_free(shared.context);
}

static bool make_shared(void)
{
	if (shared.data)
		return true;
	shared.context = pcre2_match_context_create(NULL);
	shared.data = pcre2_match_data_create(1, NULL);
	if (!shared.context || !shared.data)
		return false;
	pcre2_set_match_limit(shared.context, PATTERN_STEPS);
	pcre2_set_depth_limit(shared.context, PATTERN_DEPTH);
	pcre2_set_heap_limit(shared.context, PATTERN_HEAP_KIB);
	atexit(free_shared);
	return true;
}

/*
 * How far the literal moves on when its last byte meets a byte of the text (Horspool 1980). Made
 * once, where memmem() would prepare itself anew for every line of a log.
 */
static bool make_shift(struct pattern *pattern)
{
	size_t n = pattern->literal.n < UINT8_MAX ? pattern->literal.n : UINT8_MAX;

	pattern->shift = malloc(256);
	if (!pattern->shift)
		return false;
	memset(pattern->shift, (int)n, 256);
	for (size_t k = pattern->literal.n - n; k + 1 < pattern->literal.n; k++)
		pattern->shift[(uint8_t)pattern->literal.p[k]] =
			(uint8_t)(pattern->literal.n - 1 - k);
	return true;
}

static bool has_literal(struct pattern *pattern, struct slice text)
{
	const char *literal = pattern->literal.p;
	size_t last = pattern->literal.n - 1;

	if (!pattern->shift && !make_shift(pattern))
		return true; /* out of memory: the pattern itself will tell */
	for (size_t i = last; i < text.n; i += pattern->shift[(uint8_t)text.p[i]])
		if (text.p[i] == literal[last] && !memcmp(text.p + i - last, literal, last))
			return true;
	return false;
}

bool pattern_match(struct pattern *pattern, struct slice text)
{
	char why[160];
	int found;

	if (text.n > PATTERN_MAX_LINE)
		text.n = PATTERN_MAX_LINE;
	if (pattern->bad || (pattern->literal.n && !has_literal(pattern, text)))
		return false;
	if (!pattern_check(pattern, why) || !make_shared())
		return false;
	found = pcre2_match(pattern->code, (PCRE2_SPTR)(text.p ? text.p : ""), text.n, 0, 0,
			    shared.data, shared.context);
	// 0: the one slot for offsets was too small for its groups, and it matched.
	if (found >= 0)
		return true;
	if (found != PCRE2_ERROR_NOMATCH && ++pattern->failures == PATTERN_MAX_FAILURES)
		pattern->bad = true;
	return false;
}
