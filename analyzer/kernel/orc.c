// SPDX-License-Identifier: GPL-2.0-or-later
//
// Reads ORC tables. There are two arrays for the kernel, two more for each module:
//
//	int32_t ip[n]		in rising order; the code begins at &ip[i] + ip[i]
//	struct orc_entry[n]	s16 sp_offset, s16 bp_offset, u16 flags: 6 bytes, packed
//
// An entry holds up to the next one's code. In flags, bits 0-3 are the register that the frame
// is found by, 4-7 the one that rbp is found by, and then, as the formats came:
//
//	1	v4.14	type in 2 bits: 0 call, 1 registers, 2 partial; bit 10 end (v4.19)
//	2	v6.3	the same; bit 10 signal, bit 11 end
//	3	v6.4	type in 3 bits, counted as enum orc_type here; bit 11 signal
//	4	v7.1	as 3, with other register numbers
//
// Distributions carry formats back (RHEL 9.6 has the third in 5.14), and no number names them.
// But one entry is known: orc_fp_entry (since v5.4), by which the kernel follows rbp where the
// tables say nothing: the frame begins at rbp + 16 and rbp is saved at -16 of it.
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "kernel/orc.h"

enum {
	ENTRY_SIZE = 6,
	WINDOW = 16,	/* ips read at once at the end of a search */
	CACHED = 512,	/* all sleeping tasks share most of their frames */
	MAX_REGS = 16,
};

struct orc {
	struct kernel *kernel;
	struct table {
		uint64_t ip, entries;
		uint32_t count;
	} table; /* the kernel's */
	unsigned format;
	struct cached {
		uint64_t pc; /* 0: free */
		struct orc_entry entry;
	} cached[CACHED];
};

// clang-format off
static const enum orc_reg old_regs[MAX_REGS] = {
	ORC_REG_UNDEFINED, ORC_REG_PREV_SP, ORC_REG_DX, ORC_REG_DI, ORC_REG_BP, ORC_REG_SP,
	ORC_REG_R10, ORC_REG_R13, ORC_REG_BP_INDIRECT, ORC_REG_SP_INDIRECT, ORC_REG_UNKNOWN,
	ORC_REG_UNKNOWN, ORC_REG_UNKNOWN, ORC_REG_UNKNOWN, ORC_REG_UNKNOWN, ORC_REG_UNKNOWN,
};
static const enum orc_reg new_regs[MAX_REGS] = {
	ORC_REG_UNDEFINED, ORC_REG_AX, ORC_REG_DX, ORC_REG_SP, ORC_REG_BP, ORC_REG_DI,
	ORC_REG_R10, ORC_REG_R13, ORC_REG_PREV_SP, ORC_REG_SP_INDIRECT, ORC_REG_BP_INDIRECT,
	ORC_REG_UNKNOWN, ORC_REG_UNKNOWN, ORC_REG_UNKNOWN, ORC_REG_UNKNOWN, ORC_REG_UNKNOWN,
};
static const enum orc_type types_by_bits[8] = {
	ORC_TYPE_UNDEFINED, ORC_TYPE_END, ORC_TYPE_CALL, ORC_TYPE_REGS, ORC_TYPE_REGS_PARTIAL,
	ORC_TYPE_UNDEFINED, ORC_TYPE_UNDEFINED, ORC_TYPE_UNDEFINED,
};
// clang-format on

/* Formats 1 and 2: without a register the frame has no caller, or none that is known. */
static void decode_old_type(unsigned format, uint16_t flags, struct orc_entry *ret)
{
	static const enum orc_type types[4] = {ORC_TYPE_CALL, ORC_TYPE_REGS,
					       ORC_TYPE_REGS_PARTIAL, ORC_TYPE_UNDEFINED};
	bool end = (flags >> (format == 1 ? 10 : 11)) & 1;

	ret->type = types[(flags >> 8) & 3];
	if (ret->sp_reg == ORC_REG_UNDEFINED)
		ret->type = end ? ORC_TYPE_END : ORC_TYPE_UNDEFINED;
	ret->signal = format == 1 ? ret->type == ORC_TYPE_REGS || ret->type == ORC_TYPE_REGS_PARTIAL
				  : (flags >> 10) & 1;
}

static void decode(const struct core *core, unsigned format, const uint8_t *p,
		   struct orc_entry *ret)
{
	uint16_t flags = (uint16_t)core_uint(core, p + 4, 2);
	const enum orc_reg *regs = format == 4 ? new_regs : old_regs;

	ret->sp_offset = (int16_t)core_uint(core, p, 2);
	ret->bp_offset = (int16_t)core_uint(core, p + 2, 2);
	ret->sp_reg = regs[flags & 0xf];
	ret->bp_reg = regs[(flags >> 4) & 0xf];
	if (format < 3) {
		decode_old_type(format, flags, ret);
		return;
	}
	ret->type = types_by_bits[(flags >> 8) & 7];
	ret->signal = (flags >> 11) & 1;
}

static enum status read_ip(struct core *core, const struct table *table, uint32_t i,
			   uint64_t *ret, struct err *err)
{
	uint64_t at = table->ip + UINT64_C(4) * i;
	uint32_t distance;
	enum status st = core_read_u32(core, at, &distance, err);

	if (!st)
		*ret = at + (uint64_t)(int64_t)(int32_t)distance;
	return st;
}

/* The last of the ips from low up to pc, at most WINDOW of them. */
static enum status search_window(struct core *core, const struct table *table, uint64_t pc,
				 uint32_t low, uint32_t count, uint32_t *ret, struct err *err)
{
	uint8_t bytes[WINDOW * 4];
	uint64_t at = table->ip + UINT64_C(4) * low;
	enum status st = core_read_virt(core, at, bytes, (size_t)count * 4, err);

	if (st)
		return st;
	*ret = low;
	for (uint32_t i = 0; i < count; i++, at += 4) {
		int32_t distance = (int32_t)core_uint(core, bytes + (size_t)i * 4, 4);

		if (at + (uint64_t)(int64_t)distance > pc)
			break;
		*ret = low + i;
	}
	return STATUS_FOUND;
}

static enum status search(struct core *core, const struct table *table, uint64_t pc,
			  uint32_t *ret, struct err *err)
{
	uint32_t low = 0, high = table->count;
	uint64_t ip;
	enum status st = read_ip(core, table, 0, &ip, err);

	if (st)
		return st;
	if (ip > pc)
		return err_set(err, STATUS_ABSENT, "no ORC entry up to %#" PRIx64, pc);
	while (high - low > WINDOW) {
		uint32_t middle = low + (high - low) / 2;

		st = read_ip(core, table, middle, &ip, err);
		if (st)
			return st;
		if (ip <= pc)
			low = middle;
		else
			high = middle;
	}
	return search_window(core, table, pc, low, high - low, ret, err);
}

/* A module's table may still cover init code that was freed, so its memory is asked first. */
static bool table_of(const struct orc *orc, uint64_t pc, struct table *ret)
{
	const struct kernel *kernel = orc->kernel;
	const struct module *module;

	if (symbols_is_text(kernel->symbols, pc)) {
		*ret = orc->table;
		return true;
	}
	if (!kernel->modules || !modules_is_text(kernel->modules, pc))
		return false;
	module = modules_at(kernel->modules, pc, NULL);
	if (!module || !module->orc_ip || !module->orc || !module->num_orcs ||
	    module->num_orcs > ORC_MAX)
		return false;
	*ret = (struct table){module->orc_ip, module->orc, module->num_orcs};
	return true;
}

enum status orc_find(struct orc *orc, uint64_t pc, struct orc_entry *ret, struct err *err)
{
	struct cached *cached = &orc->cached[(pc ^ pc >> 9) % CACHED];
	struct core *core = orc->kernel->core;
	uint8_t bytes[ENTRY_SIZE];
	struct table table;
	uint32_t i;
	enum status st;

	if (pc && cached->pc == pc) {
		*ret = cached->entry;
		return STATUS_FOUND;
	}
	if (!table_of(orc, pc, &table))
		return err_set(err, STATUS_ABSENT, "no ORC table has %#" PRIx64, pc);
	st = search(core, &table, pc, &i, err);
	if (!st)
		st = core_read_virt(core, table.entries + (uint64_t)ENTRY_SIZE * i, bytes,
				    sizeof(bytes), err);
	if (st)
		return err_add(err, st, "ORC table");
	decode(core, orc->format, bytes, ret);
	*cached = (struct cached){pc, *ret};
	return STATUS_FOUND;
}

static enum status find_table(struct kernel *kernel, struct table *ret, struct err *err)
{
	uint64_t ip_end, entries_end;
	enum status st = kernel_find(kernel, "__start_orc_unwind_ip", &ret->ip, err);

	if (!st)
		st = kernel_find(kernel, "__stop_orc_unwind_ip", &ip_end, err);
	if (!st)
		st = kernel_find(kernel, "__start_orc_unwind", &ret->entries, err);
	if (!st)
		st = kernel_find(kernel, "__stop_orc_unwind", &entries_end, err);
	if (st)
		return st;
	if (ip_end <= ret->ip || (ip_end - ret->ip) / 4 > ORC_MAX)
		return err_set(err, STATUS_BROKEN, "ORC table at %#" PRIx64 " has no sane end",
			       ret->ip);
	ret->count = (uint32_t)((ip_end - ret->ip) / 4);
	if (entries_end - ret->entries != (uint64_t)ENTRY_SIZE * ret->count)
		return err_set(err, STATUS_BROKEN, "ORC table of %" PRIu32 " ips has %" PRIu64
			       " bytes of entries", ret->count, entries_end - ret->entries);
	return STATUS_FOUND;
}

/* Formats 1 and 2 have the same orc_fp_entry; the second was in v6.3 alone. */
static unsigned old_format(const struct core *core)
{
	struct slice release;

	if (core_info_line(core, "OSRELEASE", &release, NULL) || release.n < 4)
		return 1;
	return release.p[0] == '6' && release.p[1] == '.' && release.p[2] == '3' &&
			       (release.p[3] < '0' || release.p[3] > '9')
		       ? 2
		       : 1;
}

static enum status find_format(struct kernel *kernel, unsigned *ret, struct err *err)
{
	enum { PREV_SP_SINCE_4 = 8, CALL_SINCE_3 = 2 };
	uint64_t at, flags;

	*ret = 1;
	if (kernel_find(kernel, "orc_fp_entry", &at, NULL))
		return STATUS_FOUND; /* before v5.4 */
	if (core_read_uint(kernel->core, at + 4, 2, &flags, err))
		return err_add(err, STATUS_ABSENT, "cannot tell the format of ORC: orc_fp_entry");
	if (((flags >> 4) & 0xf) == PREV_SP_SINCE_4)
		*ret = 4;
	else if (((flags >> 8) & 7) == CALL_SINCE_3)
		*ret = 3;
	else
		*ret = old_format(kernel->core);
	return STATUS_FOUND;
}

void orc_close(struct orc *orc)
{
	free(orc);
}

enum status orc_open(struct orc **ret, struct kernel *kernel, struct err *err)
{
	struct orc *orc;
	enum status st;

	if (!kernel->symbols)
		return err_set(err, STATUS_ABSENT, "%s", kernel->why_no_symbols);
	orc = calloc(1, sizeof(*orc));
	if (!orc)
		return err_set(err, STATUS_BROKEN, "out of memory");
	orc->kernel = kernel;
	st = find_table(kernel, &orc->table, err);
	if (!st)
		st = find_format(kernel, &orc->format, err);
	if (st) {
		orc_close(orc);
		return st;
	}
	*ret = orc;
	return STATUS_FOUND;
}
