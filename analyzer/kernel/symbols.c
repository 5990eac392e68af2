// SPDX-License-Identifier: GPL-2.0-or-later
//
// Lookups in a symbol table: one pass over it leaves a hash for each name and a mark at every
// 64th symbol; everything else is decoded when it is asked for.
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kernel/symbols-table.h"

enum {
	STEP = 64,
	/* Symbols that are looked at behind an address for the next different one. */
	MAX_ALIASES = 16 * STEP,
	/* Without _end: how far behind its start the last symbol may be asked about. */
	LAST_SYMBOL = 64 << 10,
	HASHES_PER_WORD = 4,
};

struct symbols {
	struct core *core;
	struct symbols_table *table;
	uint32_t count;
	uint16_t *hash; /* count of them, then zeros up to a whole word */
	struct mark {
		uint64_t at, addr;
	} *mark; /* of symbol 0, STEP, 2 * STEP... */
	uint32_t marks;
	uint64_t stext, etext, sinittext, einittext, end;
	char why_cut[256];
};

static uint16_t hash_of(const char *name)
{
	uint32_t h = 2166136261u; /* FNV-1a, folded */

	for (; *name; name++)
		h = (h ^ (unsigned char)*name) * 16777619u;
	return (uint16_t)(h ^ h >> 16);
}

static struct symbols_place place_of(const struct symbols *s, uint32_t mark)
{
	return (struct symbols_place){mark * STEP, s->mark[mark].at};
}

/* --- the one pass ------------------------------------------------------------------------ */

static enum status allocate(struct symbols *s, struct err *err)
{
	size_t words = s->table->count / HASHES_PER_WORD + 1;

	s->hash = calloc(words, HASHES_PER_WORD * sizeof(*s->hash));
	s->mark = calloc(s->table->count / STEP + 1, sizeof(*s->mark));
	if (!s->hash || !s->mark)
		return err_set(err, STATUS_BROKEN, "out of memory");
	return STATUS_FOUND;
}

static enum status index_names(struct symbols *s, struct err *err)
{
	struct symbols_place place = {0};
	struct symbol symbol;

	while (s->count < s->table->count) {
		struct symbols_place before = place;
		enum status st = s->table->next(s->table, &place, &symbol, err);

		if (st && !s->count)
			return st;
		if (st) {
			snprintf(s->why_cut, sizeof(s->why_cut), "%.*s",
				 (int)sizeof(s->why_cut) - 1, err->text);
			break;
		}
		if (s->count % STEP == 0)
			s->mark[s->marks++] = (struct mark){before.at, symbol.addr};
		s->hash[s->count++] = hash_of(symbol.name);
	}
	return STATUS_FOUND;
}

/* A kernel without KALLSYMS_ALL has no _end: its last symbol is near the end of what it has. */
static void find_ranges(struct symbols *s)
{
	struct symbol symbol = {0};
	struct symbols_place place = place_of(s, s->marks - 1);
	struct {
		const char *name;
		uint64_t *addr;
	} bounds[] = {
		{"_stext", &s->stext},		{"_etext", &s->etext}, {"_sinittext", &s->sinittext},
		{"_einittext", &s->einittext}, {"_end", &s->end},
	};

	for (size_t i = 0; i < ARRAY_SIZE(bounds); i++)
		(void)symbols_find(s, bounds[i].name, bounds[i].addr, NULL); /* else 0 */
	while (!s->end && place.index < s->count &&
	       !s->table->next(s->table, &place, &symbol, NULL))
		;
	if (!s->end)
		s->end = symbol.addr + LAST_SYMBOL;
}

static enum status open_table(struct symbols *s, const struct symbols_files *files,
			      struct err *err)
{
	if (files && files->vmlinux)
		return vmlinux_open(&s->table, s->core, files->vmlinux, err);
	if (files && files->system_map)
		return system_map_open(&s->table, s->core, files->system_map, err);
	return kallsyms_open(&s->table, s->core, err);
}

enum status symbols_open(struct symbols **ret, struct core *core,
			 const struct symbols_files *files, struct err *err)
{
	struct symbols *s = calloc(1, sizeof(*s));
	struct err own = {""};
	enum status st;

	if (!err)
		err = &own; /* what ends a table early is kept */
	if (!s)
		return err_set(err, STATUS_BROKEN, "out of memory");
	s->core = core;
	st = open_table(s, files, err);
	if (!st)
		st = allocate(s, err);
	if (!st)
		st = index_names(s, err);
	if (st) {
		symbols_close(s);
		return st;
	}
	find_ranges(s);
	*ret = s;
	return STATUS_FOUND;
}

void symbols_close(struct symbols *symbols)
{
	if (!symbols)
		return;
	if (symbols->table)
		symbols->table->close(symbols->table);
	free(symbols->hash);
	free(symbols->mark);
	free(symbols);
}

const char *symbols_source(const struct symbols *symbols)
{
	return symbols->table->source;
}

uint32_t symbols_count(const struct symbols *symbols)
{
	return symbols->count;
}

const char *symbols_why_cut(const struct symbols *symbols)
{
	return *symbols->why_cut ? symbols->why_cut : NULL;
}

/* --- name to address --------------------------------------------------------------------- */

/* The next i from *i on with this hash; four at once, since most are none. */
static bool next_hash(const struct symbols *s, uint16_t hash, uint32_t *i)
{
	const uint64_t ones = UINT64_C(0x0001000100010001), tops = ones << 15;

	while (*i < s->count) {
		uint64_t word;

		if (*i % HASHES_PER_WORD == 0) {
			memcpy(&word, s->hash + *i, sizeof(word));
			word ^= ones * hash;
			if (!((word - ones) & ~word & tops)) {
				*i += HASHES_PER_WORD;
				continue;
			}
		}
		if (s->hash[*i] == hash)
			return true;
		++*i;
	}
	return false;
}

/* Decodes symbol i; place is moved forward to it where it can be, which bounds a whole search. */
static enum status decode(struct symbols *s, uint32_t i, struct symbols_place *place,
			  struct symbol *ret, struct err *err)
{
	enum status st = STATUS_FOUND;
	uint64_t passed;

	if (place->index > i || i - place->index > i % STEP)
		*place = place_of(s, i / STEP);
	while (!st && place->index < i)
		st = s->table->next_addr(s->table, place, &passed, err);
	return st ? st : s->table->next(s->table, place, ret, err);
}

enum status symbols_find_nth(struct symbols *symbols, const char *name, unsigned k,
			     uint64_t *ret, struct err *err)
{
	struct symbols_place place = {0};
	uint16_t hash = hash_of(name);
	struct symbol symbol;

	for (uint32_t i = 0; next_hash(symbols, hash, &i); i++) {
		enum status st = decode(symbols, i, &place, &symbol, err);

		if (st)
			return st;
		if (strcmp(symbol.name, name))
			continue;
		if (k--)
			continue;
		*ret = symbol.addr;
		return STATUS_FOUND;
	}
	return err_set(err, STATUS_ABSENT, "no symbol %s in %s%s", name, symbols_source(symbols),
		       *symbols->why_cut ? ", which is not whole" : "");
}

enum status symbols_find(struct symbols *symbols, const char *name, uint64_t *ret,
			 struct err *err)
{
	return symbols_find_nth(symbols, name, 0, ret, err);
}

enum status symbols_read_uint(struct symbols *symbols, const char *name, unsigned size,
			      uint64_t *ret, struct err *err)
{
	uint64_t addr;
	enum status st = symbols_find(symbols, name, &addr, err);

	if (!st)
		st = core_read_uint(symbols->core, addr, size, ret, err);
	return st ? err_add(err, st, "%s", name) : STATUS_FOUND;
}

/* --- address to name --------------------------------------------------------------------- */

/* The last mark up to addr; 0 if there is none. */
static uint32_t mark_of(const struct symbols *s, uint64_t addr)
{
	uint32_t low = 0, high = s->marks;

	while (high - low > 1) {
		uint32_t middle = low + (high - low) / 2;

		if (s->mark[middle].addr <= addr)
			low = middle;
		else
			high = middle;
	}
	/* The first of several symbols of one address may be in the block before. */
	while (low && s->mark[low].addr == s->mark[low - 1].addr)
		low--;
	return low ? low - 1 : 0;
}

/*
 * The place of the first symbol with the greatest address up to addr, from the mark on, and the
 * first address above addr (0: none near).
 */
static enum status search(struct symbols *s, uint64_t addr, uint32_t mark,
			  struct symbols_place *ret, uint64_t *ret_next, struct err *err)
{
	struct symbols_place place = place_of(s, mark);
	uint64_t at, best = 0;
	uint32_t seen_behind = 0;
	bool found = false;

	*ret_next = 0;
	while (place.index < s->count && seen_behind < MAX_ALIASES) {
		struct symbols_place before = place;
		enum status st = s->table->next_addr(s->table, &place, &at, err);

		if (st)
			return st;
		seen_behind++;
		if (at > addr) {
			*ret_next = at;
			break;
		}
		if (found && at <= best)
			continue;
		*ret = before;
		best = at;
		found = true;
		seen_behind = 0;
	}
	if (!found)
		return err_set(err, STATUS_ABSENT, "no symbol up to %#" PRIx64, addr);
	return STATUS_FOUND;
}

enum status symbols_at(struct symbols *symbols, uint64_t addr, struct symbol *ret,
		       struct err *err)
{
	struct symbols_place place;
	uint64_t next;
	enum status st;

	if (addr < symbols->stext || addr >= symbols->end)
		return err_set(err, STATUS_ABSENT, "%#" PRIx64 " is not in the kernel's image", addr);
	st = search(symbols, addr, mark_of(symbols, addr), &place, &next, err);
	if (!st)
		st = symbols->table->next(symbols->table, &place, ret, err);
	if (st)
		return st;
	if (!next && ret->addr < symbols->end)
		next = symbols->end;
	ret->size = next > ret->addr ? next - ret->addr : 0;
	ret->offset = addr - ret->addr;
	ret->module[0] = '\0';
	return STATUS_FOUND;
}

bool symbols_is_text(const struct symbols *symbols, uint64_t addr)
{
	return (addr >= symbols->stext && addr < symbols->etext) ||
	       (addr >= symbols->sinittext && addr < symbols->einittext);
}

enum status symbols_each(struct symbols *symbols,
			 bool (*seen)(const struct symbol *symbol, void *ctx), void *ctx,
			 struct err *err)
{
	struct symbols_place place = {0};
	struct symbol symbol = {0};

	while (place.index < symbols->count) {
		enum status st = symbols->table->next(symbols->table, &place, &symbol, err);

		if (st)
			return st;
		if (!seen(&symbol, ctx))
			break;
	}
	return STATUS_FOUND;
}
