// SPDX-License-Identifier: GPL-2.0-or-later
//
// mips.
//
//	$ 0   : 00000000 10008400 00000001 80012345
//	epc   : 80012345 f+0x1/0x2 [mod]
//	ra    : 80012345 g+0x1/0x2
//	Status: 10008403    KERNEL EXL IE
//	Cause : 00800008 (ExcCode 02)
//	BadVA : 00000028
#include "oops/report.h"

static const char *const registers[] = {"status", "cause", "badva", "prid", "hi", "lo", NULL};

static bool read_values(struct report *r, struct slice line)
{
	struct cursor c = cursor_of(line);
	uint64_t first, value;
	char name[8];

	if (!cursor_char(&c, '$') || !cursor_blanks(&c) || !cursor_dec(&c, &first) || first > 31 ||
	    !cursor_blanks(&c) || !cursor_char(&c, ':') || !cursor_blanks(&c))
		return false;
	for (; first < 32 && cursor_hex(&c, &value) && cursor_blanks(&c); first++) {
		snprintf(name, sizeof(name), "r%u", (unsigned)first & 31);
		report_reg(r, name, value);
	}
	return true;
}

/* epc : address name; in riscv no address stands before the name */
static bool read_ip(struct report *r, struct slice line, uint32_t number)
{
	struct cursor c = cursor_of(line);
	struct oops_symbol symbol;
	uint64_t address;
	bool return_address = cursor_text(&c, "ra ");

	if (!return_address && !cursor_text(&c, "epc "))
		return false;
	if (!cursor_blanks(&c) || !cursor_text(&c, ": ") || !cursor_hex(&c, &address) ||
	    !cursor_char(&c, ' ') || !oops_read_symbol(&c, &symbol))
		return false;
	if (return_address)
		return true;
	symbol.address = address;
	report_reg(r, "epc", address);
	report_ip(r, &symbol, number);
	return true;
}

/* Exception codes 1 and 3 are of stores; 2 and 4 may be of loads or fetches. */
static bool read_cause(struct report *r, struct slice line)
{
	struct cursor c = cursor_of(line);
	uint64_t code;

	if (!cursor_text(&c, "Cause : ") || !cursor_past(&c, "(ExcCode ", NULL) ||
	    !cursor_hex(&c, &code))
		return false;
	if (code == 1 || code == 3)
		r->event.access = ACCESS_WRITE;
	return false; /* its value is read as a pair */
}

static bool read_line(struct report *r, struct slice line, uint32_t number)
{
	return read_values(r, line) || read_cause(r, line) || read_ip(r, line, number);
}

const struct oops_arch oops_arch_mips = {"mips", read_line, registers};
