// SPDX-License-Identifier: GPL-2.0-or-later
//
// A cursor walks a slice. Each parser returns true and moves it, or returns false and
// leaves it where it was, so that grammar composes like sentences.
#ifndef KDV_BASE_CURSOR_H
#define KDV_BASE_CURSOR_H

#include <stdbool.h>
#include <stdint.h>

#include "base/slice.h"

struct cursor {
	const char *p;
	const char *end;
};

static inline struct cursor cursor_of(struct slice s)
{
	return (struct cursor){s.p, s.p + s.n};
}

static inline struct slice cursor_rest(const struct cursor *c)
{
	return (struct slice){c->p, (size_t)(c->end - c->p)};
}

static inline bool cursor_at_end(const struct cursor *c)
{
	return c->p == c->end;
}

/* The next byte, or NUL at the end. */
static inline char cursor_peek(const struct cursor *c)
{
	return c->p < c->end ? *c->p : '\0';
}

bool cursor_char(struct cursor *c, char want);
bool cursor_text(struct cursor *c, const char *want);
/* Any number of blanks (space and tab), also none: always true. */
bool cursor_blanks(struct cursor *c);
/* Unsigned numbers; false on no digit or on overflow of 64 bits. Hex takes no "0x". */
bool cursor_dec(struct cursor *c, uint64_t *ret);
bool cursor_hex(struct cursor *c, uint64_t *ret);
/* As hex, but "0x" must stand before it. */
bool cursor_0x(struct cursor *c, uint64_t *ret);
/* At least one byte up to a byte in stops, or to the end. */
bool cursor_until(struct cursor *c, const char *stops, struct slice *ret);
/* Moves behind the next occurrence of text; what was passed goes to ret (may be NULL). */
bool cursor_past(struct cursor *c, const char *text, struct slice *ret);

#endif
