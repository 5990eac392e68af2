// SPDX-License-Identifier: GPL-2.0-or-later
//
// sparc, 32 and 64 bit.
//
//	TSTATE: 0000004411001602 TPC: 0000000000123456 TNPC: 000000000012345a Y: 00000000
//	TPC: <f+0x1/0x2>
//	g0: 0000000000000000 ... i7: 0000000000123456
//	I7: <g+0x1/0x2>
//	PC: <f+0x1/0x2>				32 bit
#include "oops/report.h"

static const char *const registers[] = {
	"g#", "o#", "l#", "i#", "tstate", "tpc", "tnpc", "y", "sp", "fp", "psr", "npc", NULL,
};

static bool read_line(struct report *r, struct slice line, uint32_t number)
{
	struct cursor c = cursor_of(line);
	struct oops_symbol symbol;

	if (slice_starts(line, "I7: <") || slice_starts(line, "RPC: <"))
		return true;
	if (!cursor_text(&c, "TPC: <") && !cursor_text(&c, "PC: <"))
		return false;
	if (oops_read_name(&c, &symbol))
		report_ip(r, &symbol, number);
	return true;
}

const struct oops_arch oops_arch_sparc = {"sparc", read_line, registers};
