// SPDX-License-Identifier: GPL-2.0-or-later
//
// arm and arm64.
//
//	PC is at f+0x1/0x2 [mod]		arm, and arm64 to 4.13
//	pc : [<c0012345>]    lr : [<c0012345>]    psr: 60000013
//	pc : f+0x1/0x2 [mod]			arm64 since 4.14
//	pc : 0x0				a jump to nothing
//	  ESR = 0x0000000096000046		arm64: what the access was
//	  CM = 0, WnR = 1
//	Internal error: Oops: 96000046 [#1]	arm64: the same word; arm: the fault status
#include "oops/report.h"

static const char *const registers[] = {
	"x#", "r#", "pc", "lr", "sp", "ip", "fp", "psr", "pstate", "pmr_save", NULL,
};

static bool read_ip(struct report *r, struct slice line, uint32_t number)
{
	struct cursor c = cursor_of(line);
	struct oops_symbol symbol;

	if (!cursor_text(&c, "PC is at ") && !cursor_text(&c, "pc : "))
		return false;
	cursor_blanks(&c);
	if (!oops_read_symbol(&c, &symbol)) {
		if (!slice_starts(cursor_rest(&c), "0x0"))
			return false; /* a line of addresses */
		symbol = (struct oops_symbol){0};
	}
	report_ip(r, &symbol, number);
	return true;
}

/* Exception class 0x24, 0x25: data abort; 0x20, 0x21: fetch. */
static enum access_kind access_of_esr(uint64_t esr)
{
	enum { CACHE_MAINTENANCE = 0x100, WRITE = 0x40 };

	switch (esr >> 26 & 0x3f) {
	case 0x24:
	case 0x25:
		if (esr & CACHE_MAINTENANCE)
			return ACCESS_UNKNOWN; /* is told as a write whatever it did */
		return esr & WRITE ? ACCESS_WRITE : ACCESS_READ;
	case 0x20:
	case 0x21:
		return ACCESS_EXEC;
	default:
		return ACCESS_UNKNOWN;
	}
}

static bool read_syndrome(struct report *r, struct slice line)
{
	struct cursor c = cursor_of(line);
	uint64_t esr;

	if (slice_starts(line, "CM = 0, WnR = ")) { /* the line of the syndrome may be lost */
		if (r->event.access == ACCESS_UNKNOWN)
			r->event.access = line.p[strlen("CM = 0, WnR = ")] == '1' ? ACCESS_WRITE :
										    ACCESS_READ;
		return true;
	}
	if (!cursor_text(&c, "ESR = ") || !cursor_0x(&c, &esr))
		return false;
	r->event.access = access_of_esr(esr);
	report_reg(r, "esr", esr);
	return true;
}

/*
 * arm has no exception classes: bit 11 tells a write (before ARMv6 it is always clear, so
 * without it nothing is known), bit 31 is Linux's own mark of a prefetch abort.
 */
enum access_kind oops_arm_access(uint64_t status)
{
	enum { WRITE = 0x800, STATUS_MAX = 0xffff };

	if (status > STATUS_MAX)
		return access_of_esr(status);
	return status & WRITE ? ACCESS_WRITE : ACCESS_UNKNOWN;
}

static bool read_line(struct report *r, struct slice line, uint32_t number)
{
	return read_ip(r, line, number) || read_syndrome(r, line) ||
	       slice_starts(line, "LR is at ") || slice_starts(line, "lr : ");
}

const struct oops_arch oops_arch_arm = {"arm", read_line, registers};
