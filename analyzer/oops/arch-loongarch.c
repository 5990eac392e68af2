// SPDX-License-Identifier: GPL-2.0-or-later
//
// loongarch: no colon in the register block.
//
//	pc 9000000000123456 ra 9000000000123456 tp 9000000100123456 sp 9000000100123456
//	a0 0000000000000000 a1 ...
//	   ra: 9000000000123456 g+0x1/0x2
//	  ERA: 9000000000123456 f+0x1/0x2 [mod]
//	ESTAT: 00010000 [PIL] (IS= ECode=1 EsubCode=0)	the access
//	 BADV: 0000000000000028
#include <ctype.h>

#include "oops/report.h"

static const char *const registers[] = {
	"crmd", "prmd", "euen", "ecfg", "estat", "badv", "prid", NULL,
};

/* "a0 0000000000000000 a1 ..."; sixteen digits each, so prose does not pass */
static bool read_values(struct report *r, struct slice line)
{
	struct cursor c = cursor_of(line);
	bool any = false;

	while (!cursor_at_end(&c)) {
		const char *begin, *name_at = c.p;
		char name[4];
		uint64_t value;
		size_t n;

		while (isalnum((unsigned char)cursor_peek(&c)))
			c.p++;
		n = (size_t)(c.p - name_at);
		if (n != 2 || !cursor_char(&c, ' '))
			return any;
		begin = c.p;
		if (!cursor_hex(&c, &value) || c.p - begin != 16)
			return any;
		memcpy(name, name_at, n);
		name[n] = '\0';
		report_reg(r, name, value);
		any = true;
		cursor_blanks(&c);
	}
	return any;
}

/* Page invalid for load, store, fetch; page modification exception. */
static bool read_estat(struct report *r, struct slice line)
{
	if (!slice_starts(line, "ESTAT: "))
		return false;
	if (slice_find(line, "[PIL]"))
		r->event.access = ACCESS_READ;
	else if (slice_find(line, "[PIS]") || slice_find(line, "[PME]"))
		r->event.access = ACCESS_WRITE;
	else if (slice_find(line, "[PIF]"))
		r->event.access = ACCESS_EXEC;
	return false; /* its value is read as a pair */
}

static bool read_line(struct report *r, struct slice line, uint32_t number)
{
	struct cursor c = cursor_of(line);
	struct oops_symbol symbol;
	uint64_t address;

	if (cursor_text(&c, "ERA: ")) {
		if (cursor_hex(&c, &address) && cursor_blanks(&c) &&
		    oops_read_symbol(&c, &symbol)) {
			symbol.address = address;
			report_ip(r, &symbol, number);
		}
		return true;
	}
	return read_estat(r, line) || read_values(r, line) ||
	       (cursor_text(&c, "ra: ") && cursor_hex(&c, &address));
}

const struct oops_arch oops_arch_loongarch = {"loongarch", read_line, registers};
