// SPDX-License-Identifier: GPL-2.0-or-later
//
// The kallsyms tables, one after the other, in either order.
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "dumps/mkkallsyms.h"

enum { TOKENS = 256, STEP = 256, TOKEN_CAP = 16, MAX_NAME = 1024 };

struct builder {
	struct mkdump *d;
	const struct mkkallsyms_spec *spec;
	const struct mkkallsyms_symbol *symbol;
	size_t count;
	uint64_t base, at;
	struct mkkallsyms_places *places;
	char token[TOKENS][TOKEN_CAP];
};

static void align(struct builder *b)
{
	uint64_t to = b->spec->align_4 ? 4 : 8;

	b->at = (b->at + to - 1) & ~(to - 1);
}

static void put(struct builder *b, unsigned size, uint64_t value)
{
	mkdump_uint(b->d, b->at, size, value);
	b->at += size;
}

/* ---- tokens ----------------------------------------------------------------------------- */

static void make_tokens(struct builder *b)
{
	static const char *const pieces[] = {"kmem_", "_init", "sched_", "__x64_sys_", "Tdo_", "__"};
	size_t next = 0;

	for (unsigned i = 0; i < TOKENS; i++) {
		if (i > ' ' && i < 0x7f && i != ':')
			b->token[i][0] = (char)i;
		else if (next < sizeof(pieces) / sizeof(*pieces))
			strcpy(b->token[i], pieces[next++]);
		else
			snprintf(b->token[i], TOKEN_CAP, "q%u", i);
	}
}

/* The longest token that text begins with. */
static unsigned token_of(const struct builder *b, const char *text)
{
	unsigned best = TOKENS;
	size_t best_len = 0;

	for (unsigned i = 0; i < TOKENS; i++) {
		size_t len = strlen(b->token[i]);

		if (len > best_len && !strncmp(text, b->token[i], len)) {
			best = i;
			best_len = len;
		}
	}
	if (best == TOKENS)
		abort();
	return best;
}

static void put_tokens(struct builder *b)
{
	uint64_t start;

	align(b);
	b->places->token_table = start = b->at;
	for (unsigned i = 0; i < TOKENS; i++) {
		mkdump_virt(b->d, b->at, b->token[i], strlen(b->token[i]) + 1);
		b->at += strlen(b->token[i]) + 1;
	}
	align(b);
	b->places->token_index = b->at;
	for (unsigned i = 0; i < TOKENS; i++) {
		put(b, 2, start - b->places->token_table);
		start += strlen(b->token[i]) + 1;
	}
}

/* ---- names ------------------------------------------------------------------------------ */

static void put_name(struct builder *b, const struct mkkallsyms_symbol *symbol)
{
	char text[MAX_NAME];
	unsigned char tokens[MAX_NAME];
	size_t count = 0;

	snprintf(text, sizeof(text), "%c%s", symbol->type, symbol->name);
	for (const char *p = text; *p; p += strlen(b->token[tokens[count - 1]]))
		tokens[count++] = (unsigned char)token_of(b, p);
	if (count < 0x80) {
		put(b, 1, count);
	} else {
		put(b, 1, (count & 0x7f) | 0x80);
		put(b, 1, count >> 7);
	}
	mkdump_virt(b->d, b->at, tokens, count);
	b->at += count;
}

static void put_names(struct builder *b)
{
	unsigned size = b->spec->wide_numbers ? 8 : 4;
	uint64_t *marker = calloc(b->count / STEP + 1, sizeof(*marker));

	if (!marker)
		abort();
	align(b);
	b->places->num_syms = b->at;
	put(b, size, b->count);
	align(b);
	b->places->names = b->at;
	for (size_t i = 0; i < b->count; i++) {
		if (i % STEP == 0)
			marker[i / STEP] = b->at - b->places->names;
		put_name(b, &b->symbol[i]);
	}
	b->places->names_end = b->at;
	align(b);
	b->places->markers = b->at;
	for (size_t i = 0; i < b->count; i += STEP)
		put(b, size, marker[i / STEP]);
	free(marker);
}

/* ---- addresses -------------------------------------------------------------------------- */

static void put_absolute(struct builder *b)
{
	b->places->addresses = b->at;
	for (size_t i = 0; i < b->count; i++)
		put(b, 8, b->symbol[i].addr);
}

static uint64_t offset_of(const struct builder *b, uint64_t addr)
{
	if (b->spec->addresses == MKKALLSYMS_PLACE)
		return addr - b->at;
	if (b->spec->addresses == MKKALLSYMS_BASE)
		return addr - b->base;
	return addr < b->base ? addr : b->base - 1 - addr;
}

static void put_addresses(struct builder *b)
{
	align(b);
	if (b->spec->addresses == MKKALLSYMS_ABSOLUTE) {
		put_absolute(b);
		return;
	}
	b->places->offsets = b->at;
	for (size_t i = 0; i < b->count; i++)
		put(b, 4, offset_of(b, b->symbol[i].addr) & UINT32_MAX);
	if (b->spec->addresses == MKKALLSYMS_PLACE)
		return;
	align(b);
	b->places->relative_base = b->at;
	put(b, 8, b->base);
}

static void name_places(struct builder *b)
{
	const struct mkkallsyms_places *p = b->places;
	const struct {
		const char *name;
		uint64_t addr;
	} known[] = {
		{"num_syms", p->num_syms},	 {"names", p->names},
		{"token_table", p->token_table}, {"token_index", p->token_index},
		{"addresses", p->addresses},	 {"offsets", p->offsets},
		{"relative_base", p->relative_base},
	};

	for (size_t i = 0; !b->spec->hidden && i < sizeof(known) / sizeof(*known); i++) {
		if (known[i].addr)
			mkdump_info(b->d, "SYMBOL(kallsyms_%s)=%" PRIx64, known[i].name,
				    known[i].addr);
	}
}

void mkkallsyms(struct mkdump *d, uint64_t base, uint64_t at, const struct mkkallsyms_spec *spec,
		const struct mkkallsyms_symbol *symbols, size_t count,
		struct mkkallsyms_places *ret_places)
{
	struct builder b = {
		.d = d, .spec = spec, .symbol = symbols, .count = count,
		.base = base, .at = at, .places = ret_places,
	};

	*ret_places = (struct mkkallsyms_places){0};
	make_tokens(&b);
	if (!spec->addresses_last)
		put_addresses(&b);
	put_names(&b);
	put_tokens(&b);
	if (spec->addresses_last)
		put_addresses(&b);
	ret_places->end = b.at;
	name_places(&b);
}
