// SPDX-License-Identifier: GPL-2.0-or-later
//
// Registers: the "name: value" lines that architectures share, and the table of those that
// have lines of their own.
#include <ctype.h>

#include "oops/report.h"

static const struct oops_arch *const arches[] = {
	&oops_arch_x86, &oops_arch_arm, &oops_arch_powerpc, &oops_arch_s390, &oops_arch_riscv,
	&oops_arch_sparc, &oops_arch_mips, &oops_arch_loongarch, &oops_arch_m68k, &oops_arch_parisc,
	&oops_arch_alpha,
};

enum { REG_NAME_MAX = 12 };

void report_reg(struct report *r, const char *name, uint64_t value)
{
	struct event *ev = &r->event;
	size_t i;

	for (i = 0; i < ev->reg_count && !r->regs_done; i++) {
		if (!strcmp(r->regs[i].name, name))
			r->regs_done = true;
	}
	if (r->regs_done || ev->reg_count == OOPS_MAX_REGS)
		return;
	r->regs[ev->reg_count++] = (struct oops_reg){
		.name = report_string(r, slice_of(name)),
		.value = value,
	};
}

/* "x#" stands for x0 to x99. */
static bool is_register(const char *name, const char *const *names)
{
	for (; *names; names++) {
		size_t n = strcspn(*names, "#");
		const char *digits = name + n;

		if (strncmp(name, *names, n))
			continue;
		if (!(*names)[n] ? !*digits : isdigit((unsigned char)digits[0]) &&
		    (!digits[1] || (isdigit((unsigned char)digits[1]) && !digits[2])))
			return true;
	}
	return false;
}

/* "RSP: 0018:", "x29: ", "sp : ", "CR2=" up to the value; the name in lower case. */
static bool read_reg_name(struct cursor *c, char name[REG_NAME_MAX])
{
	struct cursor try = *c;
	size_t n = 0;

	cursor_blanks(&try);
	while (n < REG_NAME_MAX - 1 && isalnum((unsigned char)cursor_peek(&try)))
		name[n++] = (char)tolower((unsigned char)*try.p++);
	name[n] = '\0';
	cursor_blanks(&try);
	if (!n || (!cursor_char(&try, ':') && !cursor_char(&try, '=')))
		return false;
	cursor_blanks(&try);
	*c = try;
	return true;
}

/* 00000000ffffffff, 0x12, 0018:ffff8800 (the segment is dropped), [<c0012345>] */
static bool read_reg_value(struct cursor *c, uint64_t *ret)
{
	struct cursor try = *c;
	bool bracket = cursor_text(&try, "[<");

	(void)cursor_text(&try, "0x");
	if (!cursor_hex(&try, ret))
		return false;
	if (cursor_char(&try, ':') && !cursor_hex(&try, ret))
		return false;
	if (bracket && !cursor_text(&try, ">]"))
		return false;
	if (isalnum((unsigned char)cursor_peek(&try)) || cursor_peek(&try) == '_')
		return false;
	*c = try;
	return true;
}

bool report_read_pairs(struct report *r, struct slice line, const char *const *names)
{
	struct cursor c = cursor_of(line);
	char name[REG_NAME_MAX];
	struct slice skipped;
	bool any = false;
	uint64_t value;

	while (!cursor_at_end(&c)) {
		struct cursor at = c;

		if (read_reg_name(&c, name) && is_register(name, names) &&
		    read_reg_value(&c, &value)) {
			report_reg(r, name, value);
			any = true;
			continue;
		}
		if (!any)
			return false;
		c = at;
		cursor_blanks(&c);
		if (!cursor_until(&c, " \t", &skipped))
			break;
	}
	return any;
}

static bool read_code(struct report *r, struct slice line)
{
	struct cursor c = cursor_of(line);

	cursor_blanks(&c);
	if (!cursor_text(&c, "Code:"))
		return false;
	cursor_blanks(&c);
	if (!r->event.code)
		r->event.code = report_string(r, slice_trim(cursor_rest(&c)));
	return true;
}

bool report_read_regs(struct report *r, struct slice line, uint32_t number)
{
	struct slice trimmed = slice_trim(line);
	size_t i;

	if (!trimmed.n)
		return false;
	if (read_code(r, trimmed))
		return true;
	for (i = 0; i < ARRAY_SIZE(arches); i++) {
		if (arches[i]->read(r, trimmed, number))
			return true;
	}
	for (i = 0; i < ARRAY_SIZE(arches); i++) {
		if (report_read_pairs(r, trimmed, arches[i]->registers))
			return true;
	}
	return false;
}
