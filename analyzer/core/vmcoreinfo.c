// SPDX-License-Identifier: GPL-2.0-or-later
//
// Looking things up in VMCOREINFO. It has about a hundred lines and is asked some dozen times,
// so each question just reads it through.
#include "core/vmcoreinfo.h"

static bool next_line(struct cursor *c, struct slice *ret)
{
	const char *nl;

	if (cursor_at_end(c))
		return false;
	nl = memchr(c->p, '\n', (size_t)(c->end - c->p));
	*ret = (struct slice){c->p, (size_t)((nl ? nl : c->end) - c->p)};
	c->p = nl ? nl + 1 : c->end;
	return true;
}

bool vmcoreinfo_find(struct slice text, const char *key, const char *name, struct slice *ret)
{
	struct cursor lines = cursor_of(text);
	struct slice line;

	while (next_line(&lines, &line)) {
		struct cursor c = cursor_of(line);

		if (!cursor_text(&c, key))
			continue;
		if (name &&
		    !(cursor_char(&c, '(') && cursor_text(&c, name) && cursor_char(&c, ')')))
			continue;
		if (!cursor_char(&c, '='))
			continue;
		*ret = slice_trim(cursor_rest(&c));
		return true;
	}
	return false;
}

bool vmcoreinfo_hex(struct slice value, uint64_t *ret)
{
	struct cursor c = cursor_of(value);
	uint64_t number;

	if (!cursor_hex(&c, &number) || !cursor_at_end(&c))
		return false;
	*ret = number;
	return true;
}

bool vmcoreinfo_number(struct slice value, int64_t *ret)
{
	struct cursor c = cursor_of(value);
	bool minus = cursor_char(&c, '-');
	uint64_t number;

	if (!cursor_0x(&c, &number) && !cursor_dec(&c, &number))
		return false;
	if (!cursor_at_end(&c))
		return false;
	/* Wraps as the kernel's own cast does: 0xffff... of a long long is negative. */
	*ret = (int64_t)(minus ? 0 - number : number);
	return true;
}
