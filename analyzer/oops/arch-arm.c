// SPDX-License-Identifier: GPL-2.0-or-later
//
// arm and arm64.
//
//	PC is at f+0x1/0x2 [mod]		arm, and arm64 to 4.13
//	pc : [<c0012345>]    lr : [<c0012345>]    psr: 60000013
//	pc : f+0x1/0x2 [mod]			arm64 since 4.14
//	pc : 0x0				a jump to nothing
//	  ESR = 0x96000046  /  WnR = 1		arm64: what the access was
#include "oops/report.h"

static const char *const registers[] = {
	"x#", "r#", "pc", "lr", "sp", "ip", "fp", "psr", "pstate", "pmr_save", NULL,
};

static bool read_ip(struct report *r, struct slice line, uint32_t number)
{
	struct cursor c = cursor_of(line);
	struct symbol symbol;

	if (!cursor_text(&c, "PC is at ") && !cursor_text(&c, "pc : "))
		return false;
	cursor_blanks(&c);
	if (!oops_read_symbol(&c, &symbol)) {
		if (!slice_starts(cursor_rest(&c), "0x0"))
			return false; /* a line of addresses */
		symbol = (struct symbol){0};
	}
	report_ip(r, &symbol, number);
	return true;
}

/* Exception class 0x24, 0x25: data abort, bit 6 tells a write; 0x20, 0x21: fetch. */
static bool read_syndrome(struct report *r, struct slice line)
{
	struct cursor c = cursor_of(line);
	uint64_t esr, class;

	if (!cursor_text(&c, "ESR = ") || !cursor_0x(&c, &esr))
		return false;
	class = esr >> 26 & 0x3f;
	if (class == 0x24 || class == 0x25)
		r->event.access = esr & 0x40 ? ACCESS_WRITE : ACCESS_READ;
	else if (class == 0x20 || class == 0x21)
		r->event.access = ACCESS_EXEC;
	report_reg(r, "esr", esr);
	return true;
}

static bool read_line(struct report *r, struct slice line, uint32_t number)
{
	return read_ip(r, line, number) || read_syndrome(r, line) ||
	       slice_starts(line, "LR is at ") || slice_starts(line, "lr : ");
}

const struct oops_arch oops_arch_arm = {"arm", read_line, registers};
