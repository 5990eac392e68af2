// SPDX-License-Identifier: GPL-2.0-or-later
//
// A borrowed piece of text: a pointer and a length, no closing NUL.
#ifndef KDV_BASE_SLICE_H
#define KDV_BASE_SLICE_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

struct slice {
	const char *p;
	size_t n;
};

static inline struct slice slice_of(const char *s)
{
	return (struct slice){s, s ? strlen(s) : 0};
}

static inline bool slice_eq(struct slice s, const char *text)
{
	size_t n = strlen(text);

	return s.n == n && !memcmp(s.p, text, n);
}

static inline bool slice_starts(struct slice s, const char *text)
{
	size_t n = strlen(text);

	return s.n >= n && !memcmp(s.p, text, n);
}

static inline bool slice_ends(struct slice s, const char *text)
{
	size_t n = strlen(text);

	return s.n >= n && !memcmp(s.p + s.n - n, text, n);
}

/* Where text begins in s, or NULL. */
static inline const char *slice_find(struct slice s, const char *text)
{
	return s.n ? memmem(s.p, s.n, text, strlen(text)) : NULL;
}

/* s without blanks (space, tab, CR, LF) at both ends. */
static inline struct slice slice_trim(struct slice s)
{
	while (s.n && strchr(" \t\r\n", s.p[0]) && s.p[0])
		s.p++, s.n--;
	while (s.n && strchr(" \t\r\n", s.p[s.n - 1]) && s.p[s.n - 1])
		s.n--;
	return s;
}

#endif
