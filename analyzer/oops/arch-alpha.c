// SPDX-License-Identifier: GPL-2.0-or-later
//
// alpha and ia64, of which only the place is read.
//
//	pc = [<fffffc0000312345>]  ra = [<fffffc0000312345>]  ps = 0000    Not tainted
//	pc is at f+0x1/0x2			alpha
//	ip is at f+0x1/0x2			ia64
#include "oops/report.h"

static const char *const registers[] = {NULL};

static bool read_line(struct report *r, struct slice line, uint32_t number)
{
	struct cursor c = cursor_of(line);
	struct oops_symbol symbol;

	if (!cursor_text(&c, "pc is at ") && !cursor_text(&c, "ip is at "))
		return false;
	if (oops_read_symbol(&c, &symbol))
		report_ip(r, &symbol, number);
	return true;
}

const struct oops_arch oops_arch_alpha = {"alpha", read_line, registers};
