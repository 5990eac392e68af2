// SPDX-License-Identifier: GPL-2.0-or-later
//
// x86, 32 and 64 bit.
//
//	RIP: 0010:[<ffffffff81012345>]  [<ffffffff81012345>] f+0x1/0x2 [mod]	to 4.9
//	RIP: 0010:f+0x1/0x2 [mod]						since 4.10
//	RIP: 0010:0x0	RIP: 0010:[<          (null)>]           (null)		a jump to nothing
//	RIP  [<ffffffff81012345>] f+0x1/0x2	IP: f+0x1/0x2			short forms
//	EIP: 0060:[<c0012345>] EFLAGS: 00010286 CPU: 0		EIP is at f+0x1/0x2
//	EIP: f+0x1/0x2						32 bit since 4.10
#include "oops/report.h"

static const char *const registers[] = {
	"rax", "rbx", "rcx", "rdx", "rsi", "rdi", "rbp", "rsp", "r#", "eflags", "rflags",
	"eax", "ebx", "ecx", "edx", "esi", "edi", "ebp", "esp", "cs", "ds", "es", "fs", "gs",
	"ss", "knlgs", "cr#", "dr#", "pkru", "ssp", "orig_rax", NULL,
};

static bool read_ip_word(struct cursor *c)
{
	return cursor_text(c, "RIP:") || cursor_text(c, "EIP:") || cursor_text(c, "RIP ") ||
	       cursor_text(c, "EIP is at ") || cursor_text(c, "IP: ") || cursor_text(c, "RIP is at ");
}

/* 0010: the code segment; its low two bits are the privilege level */
static bool read_segment(struct cursor *c, bool *user)
{
	struct cursor try = *c;
	uint64_t cs;

	if (!cursor_hex(&try, &cs) || try.p - c->p != 4 || !cursor_char(&try, ':'))
		return false;
	*user = cs & 3;
	cursor_blanks(&try);
	*c = try;
	return true;
}

/* Any number of [<ffffffff81012345>]; the last value counts. */
static void read_addresses(struct cursor *c, struct oops_symbol *ret, bool *null)
{
	struct cursor try = *c;
	struct slice text;

	while (cursor_text(&try, "[<")) {
		cursor_blanks(&try);
		if (cursor_text(&try, "(null)"))
			*null = true;
		else if (!cursor_hex(&try, &ret->address))
			return;
		if (!cursor_text(&try, ">]"))
			return;
		cursor_blanks(&try);
		*c = try;
	}
	if (cursor_text(c, "(null)") || (cursor_until(&try, " ", &text) && slice_eq(text, "0x0")))
		*null = true;
}

/* EIP: 0060:[<c0012345>] EFLAGS: 00010286 CPU: 0, until 3.x */
static void read_cpu_of_ip(struct report *r, struct slice line)
{
	struct cursor c = cursor_of(line);
	int64_t cpu;

	if (r->event.cpu < 0 && cursor_past(&c, " CPU: ", NULL) && oops_read_int(&c, &cpu))
		r->event.cpu = (int)cpu;
}

static bool read_ip(struct report *r, struct slice line, uint32_t number)
{
	struct cursor c = cursor_of(line);
	struct oops_symbol symbol = {0}, named;
	bool user = false, null = false, in_32 = slice_starts(line, "EIP:"), long_form;

	if (!read_ip_word(&c))
		return false;
	cursor_blanks(&c);
	long_form = read_segment(&c, &user);
	read_addresses(&c, &symbol, &null);
	cursor_blanks(&c);
	if (user)
		return true;
	if (in_32)
		read_cpu_of_ip(r, line);
	if (long_form && symbol.address)
		report_reg(r, in_32 ? "eip" : "rip", symbol.address);
	if (oops_read_symbol(&c, &named) || (oops_read_name(&c, &named) && cursor_at_end(&c))) {
		if (!named.address)
			named.address = symbol.address;
		report_ip(r, &named, number);
		return true;
	}
	if (null || !in_32 || !slice_find(line, "EFLAGS")) {
		if (null || symbol.address)
			report_ip(r, &symbol, number);
	}
	return true; /* "EIP: 0060:[<..>] EFLAGS": the next line has the name */
}

/* #PF: supervisor write access in kernel mode / #PF: error_code(0x0002) */
static bool read_page_fault(struct report *r, struct slice line)
{
	struct event *ev = &r->event;

	if (!slice_starts(line, "#PF: "))
		return false;
	if (slice_find(line, "write access"))
		ev->access = ACCESS_WRITE;
	else if (slice_find(line, "read access"))
		ev->access = ACCESS_READ;
	else if (slice_find(line, "instruction fetch"))
		ev->access = ACCESS_EXEC;
	if (slice_starts(line, "#PF: user "))
		ev->from_user_mode = true;
	return true;
}

/*
 * The last line of an oops is CR2 alone. It is the right one: the CR2 of the register block
 * may tell of a fault that the dump of Code: caused itself.
 */
enum { NULL_PAGE = 4096 };

static bool read_last_cr2(struct report *r, struct slice line)
{
	struct cursor c = cursor_of(line);
	uint64_t value;
	size_t i;

	if (!cursor_text(&c, "CR2: ") || !cursor_hex(&c, &value) || !cursor_at_end(&c))
		return false;
	for (i = 0; i < r->event.reg_count; i++) {
		if (!strcmp(r->regs[i].name, "cr2"))
			r->regs[i].value = value;
	}
	/* Only page faults end so: it tells the class where the head of the report is lost. */
	if (r->headless && r->event.class == CLASS_CPU_EXCEPTION) {
		r->event.class = value < NULL_PAGE ? CLASS_NULL_POINTER_DEREFERENCE : CLASS_PAGE_FAULT;
		report_set_address(r, value);
	}
	return true;
}

static bool read_line(struct report *r, struct slice line, uint32_t number)
{
	return read_ip(r, line, number) || read_page_fault(r, line) || read_last_cr2(r, line);
}

const struct oops_arch oops_arch_x86 = {"x86", read_line, registers};
