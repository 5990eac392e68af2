// SPDX-License-Identifier: GPL-2.0-or-later
//
// The few primitives from which all text grammar of this project is made.
#include <string.h>

#include "base/cursor.h"

bool cursor_char(struct cursor *c, char want)
{
	if (cursor_at_end(c) || *c->p != want)
		return false;
	c->p++;
	return true;
}

bool cursor_text(struct cursor *c, const char *want)
{
	size_t n = strlen(want);

	if ((size_t)(c->end - c->p) < n || memcmp(c->p, want, n))
		return false;
	c->p += n;
	return true;
}

bool cursor_blanks(struct cursor *c)
{
	while (!cursor_at_end(c) && (*c->p == ' ' || *c->p == '\t'))
		c->p++;
	return true;
}

static int digit_value(char ch)
{
	if (ch >= '0' && ch <= '9')
		return ch - '0';
	if (ch >= 'a' && ch <= 'f')
		return ch - 'a' + 10;
	if (ch >= 'A' && ch <= 'F')
		return ch - 'A' + 10;
	return 16;
}

static bool number(struct cursor *c, unsigned base, uint64_t *ret)
{
	const char *p = c->p;
	uint64_t value = 0;

	for (; p < c->end && digit_value(*p) < (int)base; p++) {
		if (__builtin_mul_overflow(value, (uint64_t)base, &value) ||
		    __builtin_add_overflow(value, (uint64_t)digit_value(*p), &value))
			return false;
	}
	if (p == c->p)
		return false;
	c->p = p;
	*ret = value;
	return true;
}

bool cursor_dec(struct cursor *c, uint64_t *ret)
{
	return number(c, 10, ret);
}

bool cursor_hex(struct cursor *c, uint64_t *ret)
{
	return number(c, 16, ret);
}

bool cursor_0x(struct cursor *c, uint64_t *ret)
{
	struct cursor try = *c;

	if (!cursor_text(&try, "0x") || !cursor_hex(&try, ret))
		return false;
	*c = try;
	return true;
}

bool cursor_until(struct cursor *c, const char *stops, struct slice *ret)
{
	const char *p = c->p;

	while (p < c->end && !(*p && strchr(stops, *p)))
		p++;
	if (p == c->p)
		return false;
	*ret = (struct slice){c->p, (size_t)(p - c->p)};
	c->p = p;
	return true;
}

bool cursor_past(struct cursor *c, const char *text, struct slice *ret)
{
	const char *at = slice_find(cursor_rest(c), text);

	if (!at)
		return false;
	if (ret)
		*ret = (struct slice){c->p, (size_t)(at - c->p)};
	c->p = at + strlen(text);
	return true;
}
