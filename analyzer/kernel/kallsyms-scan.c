// SPDX-License-Identifier: GPL-2.0-or-later
//
// Finds the kallsyms tables in read-only data, for kernels before v6.0, whose VMCOREINFO does
// not name them. They stand together, in one of two orders:
//
//	up to v6.3	addresses | offsets, relative_base;
//			num_syms, names, markers, token_table, token_index
//	since v6.4	num_syms, names, markers, token_table, token_index,
//			offsets, [relative_base]
//
// each aligned to a pointer (since v7 to 4). In token_table the tokens of the ten digits are
// the digits themselves in every kernel, ten short strings in a row, since digits are in few
// names. (':' is in none, so its token is always a longer one.) That is what is searched for:
//
//	30 00 31 00 32 00 33 00 34 00 35 00 36 00 37 00 38 00 39 00
//
// Behind the table, token_index must agree with the lengths of the strings found there; it says
// where the table begins. markers[i] is where name 256 * i begins: going back from token_table,
// they fall to 0. From there the names are found, as markers[1] says how long 256 of them are.
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "kernel/kallsyms.h"
#include "kernel/symbols-table.h"
#include "kernel/window.h"

enum {
	CHUNK = 32 << 10,
	SCAN_LIMIT = 256 << 20, /* bytes of kernel image looked through */
	DIGIT_0 = '0',
	DIGITS = 10,
	INDEX_BYTES = 2 * KALLSYMS_TOKENS,
	/* Between the end of one table and the next: alignment. */
	MAX_PAD = 256,
	/* 256 names are never shorter or longer than this (the linker pads to 8). */
	MIN_MARKER_STEP = KALLSYMS_STEP * 2,
	MAX_MARKER_STEP = 1 << 18,
	MAX_MARKERS = SYMBOLS_MAX / KALLSYMS_STEP,
	/* The tail of names that have no marker behind them. */
	MAX_LAST_BLOCK = MAX_MARKER_STEP,
};

static const unsigned char digits[2 * DIGITS] = "0\0001\0002\0003\0004\0005\0006\0007\0008\0009";

struct scan {
	struct core *core;
	unsigned char buf[CHUNK + sizeof(digits)];
	struct window window; /* over the whole range, for what is read piece by piece */
	unsigned char window_buf[CHUNK];
	uint64_t start, end; /* the range */
	uint64_t token_table, token_index;
	uint64_t markers;
	unsigned marker_size;
	uint32_t marker_count;
	uint64_t first_step, last_marker; /* values of markers[1] (0: none) and of the last */
};

/* A number in the range; false: not readable. */
static bool number_at(struct scan *s, uint64_t addr, unsigned size, uint64_t *ret)
{
	const unsigned char *p;

	if (addr < s->start || window_read(&s->window, addr - s->start, size, &p, NULL))
		return false;
	*ret = core_uint(s->core, p, size);
	return true;
}

/* --- tokens ------------------------------------------------------------------------------ */

/*
 * The strings from '0' on, as offsets from that one; after 256 the end of the table. text is
 * what stands from "0" on.
 */
static bool measure_strings(const unsigned char *text, size_t len,
			    uint16_t offset[KALLSYMS_TOKENS + 1])
{
	size_t at = 0;

	for (unsigned i = DIGIT_0; i < KALLSYMS_TOKENS; i++) {
		const unsigned char *nul = memchr(text + at, '\0', len - at);

		if (!nul || at > UINT16_MAX)
			return false;
		offset[i] = (uint16_t)at;
		at = (size_t)(nul - text) + 1;
		if (at >= len)
			return false;
	}
	offset[KALLSYMS_TOKENS] = (uint16_t)at;
	return at <= UINT16_MAX;
}

static bool is_index(const struct scan *s, const unsigned char *p,
		     const uint16_t offset[KALLSYMS_TOKENS + 1], uint64_t *ret_first)
{
	uint64_t first = core_uint(s->core, p + 2 * DIGIT_0, 2);

	if (core_uint(s->core, p, 2))
		return false; /* the first token begins the table */
	for (unsigned i = DIGIT_0; i < KALLSYMS_TOKENS; i++) {
		if (core_uint(s->core, p + 2 * i, 2) != first + offset[i])
			return false;
	}
	*ret_first = first;
	return true;
}

/* Whether the digits at addr are those of a token table. */
static bool check_digits(struct scan *s, uint64_t addr)
{
	enum { LEN = KALLSYMS_MAX_TOKEN_TABLE };
	uint16_t offset[KALLSYMS_TOKENS + 1];
	const unsigned char *text;
	uint64_t end, at, first;
	uint32_t len = s->end - addr < LEN ? (uint32_t)(s->end - addr) : LEN;

	/* A page behind the tables may be missing: then a little has to do. */
	while (window_read(&s->window, addr - s->start, len, &text, NULL)) {
		len /= 2;
		if (len < INDEX_BYTES)
			return false;
	}
	if (!measure_strings(text, len, offset))
		return false;
	end = addr + offset[KALLSYMS_TOKENS];
	for (at = (end + 3) & ~UINT64_C(3); at - end < MAX_PAD; at += 4) {
		const unsigned char *p = text + (at - addr);

		if (at - addr + INDEX_BYTES > len)
			return false;
		if (!is_index(s, p, offset, &first))
			continue;
		s->token_index = at;
		s->token_table = addr - first;
		return true;
	}
	return false;
}

/* What can be read of a piece of the image; zeros for pages that were freed or filtered. */
static void read_patchy(struct scan *s, uint64_t addr, size_t len)
{
	uint64_t page = core_page_size(s->core);

	if (!core_read_virt(s->core, addr, s->buf, len, NULL))
		return;
	for (size_t at = 0; at < len;) {
		size_t part = (size_t)(page - ((addr + at) & (page - 1)));

		if (part > len - at)
			part = len - at;
		if (core_read_virt(s->core, addr + at, s->buf + at, part, NULL))
			memset(s->buf + at, 0, part);
		at += part;
	}
}

/* The tables are at the end of rodata: backwards from the data that follows it. */
static bool find_tokens(struct scan *s)
{
	for (uint64_t at = s->end; at > s->start;) {
		uint64_t from = at - s->start > CHUNK ? at - CHUNK : s->start;
		/* With the start of the chunk before: the digits may be on both sides. */
		size_t len = (size_t)(at - from) + sizeof(digits) - 1;
		const unsigned char *p = s->buf, *hit;

		if (len > s->end - from)
			len = (size_t)(s->end - from);
		read_patchy(s, from, len);
		while ((hit = memmem(p, len - (size_t)(p - s->buf), digits, sizeof(digits)))) {
			if (check_digits(s, from + (uint64_t)(hit - s->buf)))
				return true;
			p = hit + 1;
		}
		at = from;
	}
	return false;
}

/* --- markers and names ------------------------------------------------------------------- */

/* Markers of this size that end at end: they fall by believable steps, down to 0. */
static bool measure_markers(struct scan *s, uint64_t end, unsigned size)
{
	uint64_t later, value;

	if (!number_at(s, end - size, size, &later))
		return false;
	s->last_marker = later;
	s->first_step = 0;
	for (uint32_t count = 1; count <= MAX_MARKERS; count++) {
		uint64_t at = end - (uint64_t)count * size;

		if (!later) {
			s->markers = at;
			s->marker_size = size;
			s->marker_count = count;
			return true;
		}
		if (!number_at(s, at - size, size, &value) || value >= later ||
		    later - value < MIN_MARKER_STEP || later - value > MAX_MARKER_STEP)
			return false;
		s->first_step = later;
		later = value;
	}
	return false;
}

/*
 * Right before token_table, but for its alignment. A single marker would be just a 0, as in
 * every padding; but no kernel has less than 256 symbols.
 */
static bool find_markers(struct scan *s)
{
	static const unsigned sizes[] = {8, 4};

	for (unsigned pad = 0; pad <= 8; pad += 4) {
		for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
			if (measure_markers(s, s->token_table - pad, sizes[i]) && s->first_step)
				return true;
		}
	}
	return false;
}

/* Where count names that begin at addr end; 0: there are no such names. */
static uint64_t end_of_names(struct scan *s, uint64_t addr, uint32_t count)
{
	uint64_t byte, more;

	while (count--) {
		if (addr >= s->markers || !number_at(s, addr, 1, &byte) || !byte)
			return 0;
		addr++;
		if (byte & 0x80) {
			if (!number_at(s, addr++, 1, &more))
				return 0;
			byte = (byte & 0x7f) | more << 7;
		}
		addr += byte;
	}
	return addr;
}

/* Whether the names begin at addr and num_syms is the size bytes that end `before` it. */
static bool is_names(struct scan *s, uint64_t addr, unsigned before, unsigned size,
		     struct kallsyms_layout *ret)
{
	uint32_t least = (s->marker_count - 1) * KALLSYMS_STEP;
	uint64_t count, end;

	if (!number_at(s, addr - before, size, &count) || count <= least ||
	    count > least + KALLSYMS_STEP)
		return false;
	if (end_of_names(s, addr, KALLSYMS_STEP) != addr + s->first_step)
		return false;
	end = end_of_names(s, addr + s->last_marker, (uint32_t)count - least);
	if (!end || s->markers - end > MAX_PAD)
		return false;
	ret->count = (uint32_t)count;
	ret->names = addr;
	ret->names_end = end;
	ret->token_table = s->token_table;
	ret->token_index = s->token_index;
	return true;
}

/* The last block of names ends where the markers begin; where it begins is tried out. */
static bool find_names(struct scan *s, struct kallsyms_layout *ret, uint64_t *ret_num_syms)
{
	static const struct {
		unsigned before, size;
	} num_syms[] = {{8, 8}, {8, 4}, {4, 4}};
	uint64_t highest = (s->markers - s->last_marker) & ~UINT64_C(3);

	for (uint64_t back = 0; back < MAX_LAST_BLOCK; back += 4) {
		for (size_t i = 0; i < ARRAY_SIZE(num_syms); i++) {
			if (!is_names(s, highest - back, num_syms[i].before, num_syms[i].size, ret))
				continue;
			*ret_num_syms = highest - back - num_syms[i].before;
			return true;
		}
	}
	return false;
}

/* --- addresses --------------------------------------------------------------------------- */

static uint64_t align(uint64_t value, uint64_t to)
{
	return (value + to - 1) & ~(to - 1);
}

/* A base is the address of _text or little below, and so near _stext. */
static bool is_base(struct scan *s, uint64_t addr)
{
	unsigned pointer = core_is_64bit(s->core) ? 8 : 4;
	uint64_t base;

	return number_at(s, addr, pointer, &base) && base <= s->start &&
	       s->start - base < SCAN_LIMIT;
}

/* Every place that the order of tables allows; kallsyms.c takes the one that gives _stext. */
static void find_addresses(struct scan *s, struct kallsyms_layout *at, uint64_t num_syms)
{
	uint64_t pointer = core_is_64bit(s->core) ? 8 : 4;
	uint64_t offset_bytes = align(at->count * UINT64_C(4), pointer);
	uint64_t behind = align(s->token_index + INDEX_BYTES, 4);

	if (is_base(s, num_syms - pointer)) {
		at->relative_base = num_syms - pointer;
		at->offsets = at->relative_base - offset_bytes;
		return;
	}
	at->addresses = num_syms - at->count * pointer;
	at->offsets = behind;
	if (is_base(s, align(behind + at->count * UINT64_C(4), pointer)))
		at->relative_base = align(behind + at->count * UINT64_C(4), pointer);
}

/* --- all of it --------------------------------------------------------------------------- */

/* init_uts_ns is in .data, which comes after rodata on all machines. */
static enum status find_range(struct scan *s, struct err *err)
{
	uint64_t data;
	enum status st = core_symbol(s->core, "_stext", &s->start, err);

	if (st)
		return st;
	s->end = s->start + SCAN_LIMIT;
	if (!core_symbol(s->core, "init_uts_ns", &data, NULL) && data > s->start && data < s->end)
		s->end = data;
	if (s->end < s->start)
		return err_set(err, STATUS_BROKEN, "_stext is at the end of memory");
	window_init(&s->window, s->core, s->start, s->end - s->start, s->window_buf,
		    sizeof(s->window_buf));
	return STATUS_FOUND;
}

static enum status scan(struct scan *s, struct kallsyms_layout *ret, struct err *err)
{
	struct kallsyms_layout at = {0};
	uint64_t num_syms;
	enum status st = find_range(s, err);

	if (st)
		return st;
	if (!find_tokens(s))
		return err_set(err, STATUS_ABSENT,
			       "no tables between %#" PRIx64 " and %#" PRIx64, s->start, s->end);
	log_debug("kallsyms: tokens at %#" PRIx64, s->token_table);
	if (!find_markers(s))
		return err_set(err, STATUS_BROKEN, "no markers before the tokens at %#" PRIx64,
			       s->token_table);
	if (!find_names(s, &at, &num_syms))
		return err_set(err, STATUS_BROKEN, "no names before the markers at %#" PRIx64,
			       s->markers);
	find_addresses(s, &at, num_syms);
	*ret = at;
	return STATUS_FOUND;
}

enum status kallsyms_scan(struct core *core, struct kallsyms_layout *ret, struct err *err)
{
	struct scan *s = calloc(1, sizeof(*s));
	enum status st;

	if (!s)
		return err_set(err, STATUS_BROKEN, "out of memory");
	s->core = core;
	st = scan(s, ret, err);
	free(s);
	return st;
}
