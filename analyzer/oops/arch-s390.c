// SPDX-License-Identifier: GPL-2.0-or-later
//
// s390.
//
//	Failing address: 0000000000000000 TEID: 0000000000000483
//	Krnl PSW : 0704c00180000000 0000000000123456 (f+0x1/0x2 [mod])
//	Krnl GPRS: four values, and three more lines of four
//	Krnl Code: and seven more lines of a disassembly
#include "oops/report.h"

static const char *const registers[] = {NULL};

static bool read_ip(struct report *r, struct slice line, uint32_t number)
{
	struct cursor c = cursor_of(line);
	struct oops_symbol symbol;
	uint64_t mask, address;

	if (!cursor_text(&c, "Krnl PSW : ") || !cursor_hex(&c, &mask) || !cursor_blanks(&c) ||
	    !cursor_hex(&c, &address) || !cursor_blanks(&c))
		return false;
	report_reg(r, "pswmask", mask);
	report_reg(r, "psw", address);
	if (!cursor_char(&c, '(') || !oops_read_name(&c, &symbol))
		symbol = (struct oops_symbol){0};
	symbol.address = address;
	if (symbol.function.n || !address)
		report_ip(r, &symbol, number);
	return true;
}

/* The low bits of TEID: 0x400 alone of 0xc00 is a store; 0x800 may be a fetch of either kind. */
static bool read_failing_address(struct report *r, struct slice line)
{
	struct cursor c = cursor_of(line);
	uint64_t address, teid;

	if (!cursor_text(&c, "Failing address: ") || !cursor_hex(&c, &address))
		return false;
	report_set_address(r, address);
	if (cursor_text(&c, " TEID: ") && cursor_hex(&c, &teid) && (teid & 0xc00) == 0x400)
		r->event.access = ACCESS_WRITE;
	return true;
}

/* Sixteen registers, four a line; only the first line has the words. */
static bool read_gprs(struct report *r, struct slice line)
{
	struct cursor c = cursor_of(line);
	bool first = cursor_text(&c, "Krnl GPRS: ");
	uint64_t value[4];
	size_t i, gprs = r->event.reg_count;
	char name[8];

	for (i = 0; i < 4; i++) {
		const char *begin = c.p;

		if (!cursor_hex(&c, &value[i]) || (c.p - begin != 16 && c.p - begin != 8))
			return first;
		cursor_blanks(&c);
	}
	/* psw and its mask stand before them */
	if (!cursor_at_end(&c) || (!first && (gprs < 6 || gprs > 14 ||
					      strcmp(r->regs[0].name, "pswmask"))))
		return first;
	for (i = 0; i < 4; i++) {
		snprintf(name, sizeof(name), "r%u", (unsigned)((first ? 0 : gprs - 2) + i) & 15);
		report_reg(r, name, value[i]);
	}
	return true;
}

static bool read_line(struct report *r, struct slice line, uint32_t number)
{
	return read_ip(r, line, number) || read_failing_address(r, line) || read_gprs(r, line) ||
	       slice_starts(line, "Krnl Code:") || slice_starts(line, "Last Breaking-Event-Address");
}

const struct oops_arch oops_arch_s390 = {"s390", read_line, registers};
