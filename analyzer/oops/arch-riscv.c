// SPDX-License-Identifier: GPL-2.0-or-later
//
// riscv.
//
//	epc : f+0x1/0x2 [mod]
//	 ra : f+0x1/0x2 [mod]
//	epc : ffffffff80012345 ra : ffffffff80012345 sp : ffffffc000012345
//	status: 0000000200000120 badaddr: 0000000000000028 cause: 000000000000000d
#include "oops/report.h"

static const char *const registers[] = {
	"epc", "ra", "sp", "gp", "tp", "t#", "s#", "a#", "status", "badaddr", "cause", NULL,
};

static bool read_ip(struct report *r, struct slice line, uint32_t number)
{
	struct cursor c = cursor_of(line);
	struct oops_symbol symbol;

	if (!cursor_text(&c, "epc : ") || !oops_read_symbol(&c, &symbol))
		return false;
	report_ip(r, &symbol, number);
	return true;
}

/* 12, 13 and 15 are the page faults of fetch, load and store; 1, 5 and 7 their access faults. */
static bool read_cause(struct report *r, struct slice line)
{
	struct cursor c = cursor_of(line);
	uint64_t cause;

	if (!cursor_text(&c, "status: ") || !cursor_past(&c, "cause: ", NULL) ||
	    !cursor_hex(&c, &cause))
		return false;
	if (cause == 13 || cause == 5)
		r->event.access = ACCESS_READ;
	else if (cause == 15 || cause == 7)
		r->event.access = ACCESS_WRITE;
	else if (cause == 12 || cause == 1)
		r->event.access = ACCESS_EXEC;
	return false; /* its values are read as pairs */
}

static bool read_line(struct report *r, struct slice line, uint32_t number)
{
	struct cursor c = cursor_of(line);
	struct oops_symbol symbol;

	return read_ip(r, line, number) || read_cause(r, line) ||
	       (cursor_text(&c, "ra : ") && oops_read_symbol(&c, &symbol));
}

const struct oops_arch oops_arch_riscv = {"riscv", read_line, registers};
