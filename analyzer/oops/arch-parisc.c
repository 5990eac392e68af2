// SPDX-License-Identifier: GPL-2.0-or-later
//
// parisc.
//
//	r00-03  00000000 00000000 00000000 00000000
//	IASQ: 00000000 00000000 IAOQ: 10123456 1012345a
//	IAOQ[0]: f+0x1/0x2
#include "oops/report.h"

static const char *const registers[] = {NULL};

static bool read_values(struct report *r, struct slice line)
{
	struct cursor c = cursor_of(line);
	uint64_t first, last, value;
	char name[8];

	if (!cursor_char(&c, 'r') || !cursor_dec(&c, &first) || !cursor_char(&c, '-') ||
	    !cursor_dec(&c, &last) || first > 31 || last > 31 || !cursor_blanks(&c))
		return false;
	for (; first <= last && cursor_hex(&c, &value) && cursor_blanks(&c); first++) {
		snprintf(name, sizeof(name), "r%u", (unsigned)first & 31);
		report_reg(r, name, value);
	}
	return true;
}

static bool read_line(struct report *r, struct slice line, uint32_t number)
{
	struct cursor c = cursor_of(line);
	struct oops_symbol symbol;

	if (!cursor_text(&c, "IAOQ[0]: "))
		return read_values(r, line);
	if (oops_read_symbol(&c, &symbol))
		report_ip(r, &symbol, number);
	return true;
}

const struct oops_arch oops_arch_parisc = {"parisc", read_line, registers};
