// SPDX-License-Identifier: GPL-2.0-or-later
//
// powerpc, 32 and 64 bit.
//
//	NIP:  c000000000012345 LR: c000000000012345 CTR: c000000000012345
//	REGS: c000000000012340 TRAP: 0300   Not tainted  (6.1.0)
//	CFAR: c000000000012345 DAR: 0000000000000028 DSISR: 40000000 IRQMASK: 0
//	GPR00: four values (eight on 32 bit)
//	NIP [c000000000012345] f+0x1/0x2 [mod]
//	MCE: CPU3: NIP: [c000000000012345] f+0x1/0x2		machine check, since 4.19
//	--- interrupt: 300 at f+0x1		what follows is the interrupted context
#include "oops/report.h"

static const char *const registers[] = {
	"nip", "lr", "ctr", "trap", "msr", "cr", "xer", "cfar", "dar", "dsisr", "irqmask", "softe",
	"dear", "esr", NULL,
};

static bool read_ip(struct report *r, struct slice line, uint32_t number)
{
	struct cursor c = cursor_of(line);
	struct oops_symbol symbol;
	uint64_t address;
	bool mce = cursor_text(&c, "MCE: CPU") && cursor_past(&c, ": ", NULL);

	if (!cursor_text(&c, mce ? "NIP: " : "NIP "))
		return false;
	if (!cursor_char(&c, '[')) {
		if (oops_read_symbol(&c, &symbol))
			report_ip(r, &symbol, number);
		return true;
	}
	if (!cursor_hex(&c, &address) || !cursor_text(&c, "] ") || !oops_read_name(&c, &symbol))
		return true;
	symbol.address = address;
	if (symbol.function.n || !address)
		report_ip(r, &symbol, number);
	return true;
}

/* The interrupt: 300 is of a data access, 400 of a fetch; in others DSISR means other things. */
static bool is_trap(const struct report *r, uint64_t trap)
{
	size_t i;

	for (i = 0; i < r->event.reg_count; i++) {
		if (!strcmp(r->regs[i].name, "trap"))
			return r->regs[i].value == trap;
	}
	return false;
}

/* Bit 0x02000000 of DSISR tells a store. */
static bool read_dsisr(struct report *r, struct slice line)
{
	struct cursor c = cursor_of(line);
	uint64_t dsisr;

	if (!cursor_past(&c, "DSISR: ", NULL) || !cursor_hex(&c, &dsisr))
		return false;
	if (r->event.access == ACCESS_UNKNOWN && is_trap(r, 0x300))
		r->event.access = dsisr & 0x02000000 ? ACCESS_WRITE : ACCESS_READ;
	return false; /* its values are read as pairs */
}

static bool read_trap(struct report *r, struct slice line)
{
	struct cursor c = cursor_of(line);
	uint64_t trap;

	if (!cursor_text(&c, "REGS: "))
		return false;
	if (cursor_past(&c, " TRAP: ", NULL) && cursor_hex(&c, &trap))
		report_reg(r, "trap", trap);
	if (r->event.access == ACCESS_UNKNOWN && is_trap(r, 0x400))
		r->event.access = ACCESS_EXEC;
	return true;
}

static bool read_gprs(struct report *r, struct slice line)
{
	struct cursor c = cursor_of(line);
	uint64_t first, value;
	char name[8];

	if (!cursor_text(&c, "GPR") || !cursor_dec(&c, &first) || first > 31 ||
	    !cursor_text(&c, ": "))
		return false;
	for (; first < 32 && cursor_hex(&c, &value) && cursor_blanks(&c); first++) {
		snprintf(name, sizeof(name), "r%u", (unsigned)first & 31);
		report_reg(r, name, value);
	}
	return true;
}

static bool read_line(struct report *r, struct slice line, uint32_t number)
{
	return read_trap(r, line) || read_ip(r, line, number) || read_dsisr(r, line) ||
	       read_gprs(r, line) || slice_starts(line, "LR ") ||
	       slice_starts(line, "Faulting instruction address") ||
	       slice_starts(line, "Instruction dump:");
}

const struct oops_arch oops_arch_powerpc = {"powerpc", read_line, registers};
