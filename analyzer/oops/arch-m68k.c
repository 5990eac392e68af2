// SPDX-License-Identifier: GPL-2.0-or-later
//
// m68k.
//
//	PC: [<00012345>] f+0x1/0x2
//	SR: 2000  SP: 00123456  a2: 00123456
//	d0: 00000000    d1: 00000000 ...
#include "oops/report.h"

static const char *const registers[] = {"d#", "a#", "sr", "sp", NULL};

static bool read_line(struct report *r, struct slice line, uint32_t number)
{
	struct cursor c = cursor_of(line);
	struct oops_symbol symbol;
	uint64_t address;

	if (!cursor_text(&c, "PC: [<") || !cursor_hex(&c, &address) || !cursor_text(&c, ">] "))
		return false;
	if (oops_read_symbol(&c, &symbol)) {
		symbol.address = address;
		report_ip(r, &symbol, number);
	}
	return true;
}

const struct oops_arch oops_arch_m68k = {"m68k", read_line, registers};
