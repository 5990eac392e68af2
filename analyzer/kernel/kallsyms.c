// SPDX-License-Identifier: GPL-2.0-or-later
//
// kallsyms: the symbol table that the kernel carries for itself, in its read-only data, packed.
//
//	num_syms	the number of symbols n: 8 bytes up to v4.19, then 4
//	names		n times: a length, then so many bytes, each the number of a token
//	token_table	256 strings, each ending with NUL, one after the other
//	token_index	256 u16: where in token_table each begins
//
// A length is one byte; if its top bit is set (since v6.1) a second byte follows with the bits
// from 7 on. Before, no name could have 128 tokens: it was at most 127 characters, and the most
// frequent pairs of them are tokens. Example, where token 0x41 is "Tpr", 0x07 "int" and 0x6b
// "k":
//
//	03 41 07 6b	"Tprintk": type T, name printk
//
// The symbols are in order of address; the i-th address is one of
//
//	addresses[i]			up to v4.5, and to v6.10 without BASE_RELATIVE
//	relative_base + (u32)offsets[i]	since v4.6
//	offsets[i] >= 0 ? offsets[i] : relative_base - 1 - offsets[i]
//					v4.6 to v6.14 on x86 SMP (ABSOLUTE_PERCPU)
//	&offsets[i] + (s32)offsets[i]	since v7.0
//
// Nothing tells which. VMCOREINFO has the address of _stext, so the formula is the one that gives
// it; distributions backport, so the release does not tell. All tables are in the same rodata,
// names before token_table before token_index in every order that there has been.
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "kernel/kallsyms.h"
#include "kernel/symbols-table.h"
#include "kernel/window.h"

enum formula { ABSOLUTE, BASE_RELATIVE, ABSOLUTE_PERCPU, PLACE_RELATIVE };

static const char *const formula_names[] = {
	[ABSOLUTE] = "absolute",
	[BASE_RELATIVE] = "base-relative",
	[ABSOLUTE_PERCPU] = "base-relative, absolute per-CPU",
	[PLACE_RELATIVE] = "place-relative",
};

enum { NAMES_WINDOW = 16 << 10, ADDRESS_WINDOW = 4 << 10, COPY = 16 };

struct kallsyms {
	struct symbols_table table; /* first: it is what the others see */
	struct core *core;
	struct kallsyms_layout at;
	enum formula formula;
	uint64_t base;
	struct token {
		const char *text; /* in token_text */
		unsigned len;
	} token[KALLSYMS_TOKENS];
	char token_text[KALLSYMS_MAX_TOKEN_TABLE + COPY]; /* zeros behind the last */
	struct window names, addresses, offsets;
	unsigned char names_buf[NAMES_WINDOW];
	unsigned char addresses_buf[ADDRESS_WINDOW], offsets_buf[ADDRESS_WINDOW];
};

/* --- tokens ------------------------------------------------------------------------------ */

static enum status read_tokens(struct kallsyms *k, struct err *err)
{
	unsigned char index[KALLSYMS_TOKENS * 2];
	uint64_t size = k->at.token_index - k->at.token_table;
	enum status st;

	if (!size || size > KALLSYMS_MAX_TOKEN_TABLE)
		return err_set(err, STATUS_BROKEN, "a token table of %" PRIu64 " bytes", size);
	st = core_read_virt(k->core, k->at.token_table, k->token_text, size, err);
	if (!st)
		st = core_read_virt(k->core, k->at.token_index, index, sizeof(index), err);
	if (st)
		return err_add(err, st, "tokens");
	for (unsigned i = 0; i < KALLSYMS_TOKENS; i++) {
		uint64_t start = core_uint(k->core, index + 2 * i, 2);

		if (start >= size)
			return err_set(err, STATUS_BROKEN, "token %u is at %" PRIu64 " of %" PRIu64,
				       i, start, size);
		k->token[i].text = k->token_text + start;
		k->token[i].len = (unsigned)strlen(k->token[i].text);
	}
	return STATUS_FOUND;
}

/* --- names ------------------------------------------------------------------------------- */

/* One encoded name: its tokens are valid until the next call. */
static enum status next_name(struct kallsyms *k, uint64_t *offset, const unsigned char **ret,
			     unsigned *ret_len, struct err *err)
{
	const unsigned char *p;
	unsigned head = 1, len;
	enum status st = window_read(&k->names, *offset, 1, &p, err);

	if (st)
		return st;
	len = p[0];
	if (len & 0x80) {
		st = window_read(&k->names, *offset, 2, &p, err);
		if (st)
			return st;
		len = (len & 0x7f) | (unsigned)p[1] << 7;
		head = 2;
	}
	if (!len)
		return err_set(err, STATUS_BROKEN, "a symbol without a name");
	if (len > NAMES_WINDOW - 2)
		return err_set(err, STATUS_BROKEN, "a name of %u tokens", len);
	st = window_read(&k->names, *offset + head, len, &p, err);
	if (st)
		return st;
	*offset += head + len;
	*ret = p;
	*ret_len = len;
	return STATUS_FOUND;
}

/*
 * The first character is the type; a name too long for us is cut, as the kernel does. Most
 * tokens are short: a copy of fixed size, which goes beyond them, takes half the time.
 */
static void expand(const struct kallsyms *k, const unsigned char *tokens, unsigned len,
		   struct symbol *ret)
{
	char text[SYMBOL_NAME + COPY]; /* with the type */
	size_t used = 0;

	for (unsigned i = 0; i < len && used < SYMBOL_NAME; i++) {
		const struct token *t = &k->token[tokens[i]];

		if (t->len <= COPY)
			memcpy(text + used, t->text, COPY);
		else
			memcpy(text + used, t->text,
			       t->len < SYMBOL_NAME - used ? t->len : SYMBOL_NAME - used);
		used += t->len;
	}
	if (used > SYMBOL_NAME)
		used = SYMBOL_NAME;
	text[used] = '\0';
	ret->type = text[0];
	memcpy(ret->name, used ? text + 1 : text, used ? used : 1);
}

/* --- addresses --------------------------------------------------------------------------- */

static enum status read_entry(struct kallsyms *k, struct window *w, uint32_t i, unsigned size,
			      uint64_t *ret, struct err *err)
{
	const unsigned char *p;
	enum status st = window_read(w, (uint64_t)i * size, size, &p, err);

	if (!st)
		*ret = core_uint(k->core, p, size);
	return st;
}

static enum status address_by(struct kallsyms *k, enum formula formula, uint32_t i, uint64_t *ret,
			      struct err *err)
{
	unsigned pointer = core_is_64bit(k->core) ? 8 : 4;
	uint64_t raw, addr;
	enum status st;

	if (formula == ABSOLUTE)
		return read_entry(k, &k->addresses, i, pointer, ret, err);
	st = read_entry(k, &k->offsets, i, 4, &raw, err);
	if (st)
		return st;
	if (formula == BASE_RELATIVE)
		addr = k->base + raw;
	else if (formula == PLACE_RELATIVE)
		addr = k->at.offsets + 4ull * i + (uint64_t)(int32_t)raw;
	else
		addr = (int32_t)raw >= 0 ? raw : k->base - 1 - (uint64_t)(int32_t)raw;
	*ret = pointer == 8 ? addr : (uint32_t)addr;
	return STATUS_FOUND;
}

static bool has_table_for(const struct kallsyms *k, enum formula formula)
{
	switch (formula) {
	case ABSOLUTE:
		return k->at.addresses;
	case PLACE_RELATIVE:
		return k->at.offsets;
	default:
		return k->at.offsets && k->at.relative_base;
	}
}

static enum status find_stext(struct kallsyms *k, uint32_t *ret, struct err *err)
{
	struct symbol symbol;
	const unsigned char *tokens;
	uint64_t offset = 0;
	unsigned len;

	for (uint32_t i = 0; i < k->at.count; i++) {
		enum status st = next_name(k, &offset, &tokens, &len, err);

		if (st)
			return err_add(err, st, "name %" PRIu32, i);
		expand(k, tokens, len, &symbol);
		if (!strcmp(symbol.name, "_stext")) {
			*ret = i;
			return STATUS_FOUND;
		}
	}
	return err_set(err, STATUS_BROKEN, "no _stext among the %" PRIu32 " names", k->at.count);
}

static enum status choose_formula(struct kallsyms *k, struct err *err)
{
	uint64_t stext, addr;
	uint32_t i;
	enum status st = core_symbol(k->core, "_stext", &stext, err);

	if (!st)
		st = find_stext(k, &i, err);
	if (!st && k->at.relative_base)
		st = core_read_ptr(k->core, k->at.relative_base, &k->base, err);
	if (st)
		return st;
	for (enum formula f = ABSOLUTE; f <= PLACE_RELATIVE; f++) {
		if (!has_table_for(k, f) || address_by(k, f, i, &addr, NULL) || addr != stext)
			continue;
		k->formula = f;
		log_debug("kallsyms: %" PRIu32 " symbols, %s addresses", k->at.count,
			  formula_names[f]);
		return STATUS_FOUND;
	}
	return err_set(err, STATUS_BROKEN, "no way of reading the addresses gives _stext");
}

/* --- finding the tables ------------------------------------------------------------------ */

/* Little-endian kernels with 8 bytes read alike; of big-endian ones the first 4 are 0. */
static enum status read_count(struct core *core, uint64_t addr, uint32_t *ret, struct err *err)
{
	uint64_t count;
	enum status st = core_read_uint(core, addr, 4, &count, err);

	if (!st && !count)
		st = core_read_uint(core, addr, 8, &count, err);
	if (st)
		return err_add(err, st, "kallsyms_num_syms");
	if (!count || count > SYMBOLS_MAX)
		return err_set(err, STATUS_BROKEN, "%" PRIu64 " symbols", count);
	*ret = (uint32_t)count;
	return STATUS_FOUND;
}

enum status kallsyms_from_vmcoreinfo(struct core *core, struct kallsyms_layout *ret,
				     struct err *err)
{
	struct kallsyms_layout at = {0};
	uint64_t num_syms;
	enum status st = core_symbol(core, "kallsyms_num_syms", &num_syms, err);

	if (!st)
		st = core_symbol(core, "kallsyms_names", &at.names, err);
	if (!st)
		st = core_symbol(core, "kallsyms_token_table", &at.token_table, err);
	if (!st)
		st = core_symbol(core, "kallsyms_token_index", &at.token_index, err);
	if (st)
		return st;
	/* One of them there is; v7.0 took the base away. */
	(void)core_symbol(core, "kallsyms_addresses", &at.addresses, NULL);
	(void)core_symbol(core, "kallsyms_offsets", &at.offsets, NULL);
	(void)core_symbol(core, "kallsyms_relative_base", &at.relative_base, NULL);
	at.names_end = at.token_table;
	st = read_count(core, num_syms, &at.count, err);
	if (!st)
		*ret = at;
	return st;
}

static enum status find_layout(struct core *core, struct kallsyms_layout *ret, struct err *err)
{
	enum status st = kallsyms_from_vmcoreinfo(core, ret, err);
	struct err why = {""};

	if (st != STATUS_ABSENT)
		return st;
	st = kallsyms_scan(core, ret, &why);
	/* Which of the two stories helps depends on the age of the kernel: tell both. */
	return st ? err_add(err, st, "%s", why.text) : STATUS_FOUND;
}

static enum status check_layout(const struct kallsyms_layout *at, struct err *err)
{
	if (at->names_end <= at->names || at->names_end - at->names > KALLSYMS_MAX_NAMES ||
	    at->token_index <= at->token_table)
		return err_set(err, STATUS_BROKEN,
			       "tables out of order: names %#" PRIx64 ", tokens %#" PRIx64
			       ", their index %#" PRIx64,
			       at->names, at->token_table, at->token_index);
	if (!at->addresses && !at->offsets)
		return err_set(err, STATUS_BROKEN, "no table of addresses");
	return STATUS_FOUND;
}

/* --- the table --------------------------------------------------------------------------- */

static enum status kallsyms_next(struct symbols_table *table, struct symbols_place *place,
				 struct symbol *ret, struct err *err)
{
	struct kallsyms *k = (struct kallsyms *)table;
	const unsigned char *tokens;
	uint64_t offset = place->at;
	unsigned len;
	enum status st = next_name(k, &offset, &tokens, &len, err);

	if (!st) {
		expand(k, tokens, len, ret);
		st = address_by(k, k->formula, place->index, &ret->addr, err);
	}
	if (st)
		return err_add(err, st, "symbol %" PRIu32, place->index);
	*place = (struct symbols_place){place->index + 1, offset};
	return STATUS_FOUND;
}

static enum status kallsyms_next_addr(struct symbols_table *table, struct symbols_place *place,
				      uint64_t *ret, struct err *err)
{
	struct kallsyms *k = (struct kallsyms *)table;
	const unsigned char *tokens;
	uint64_t offset = place->at;
	unsigned len;
	enum status st = next_name(k, &offset, &tokens, &len, err);

	if (!st)
		st = address_by(k, k->formula, place->index, ret, err);
	if (st)
		return err_add(err, st, "symbol %" PRIu32, place->index);
	*place = (struct symbols_place){place->index + 1, offset};
	return STATUS_FOUND;
}

static void kallsyms_close(struct symbols_table *table)
{
	free(table);
}

static void open_windows(struct kallsyms *k)
{
	const struct kallsyms_layout *at = &k->at;
	uint64_t pointer = core_is_64bit(k->core) ? 8 : 4;

	window_init(&k->names, k->core, at->names, at->names_end - at->names, k->names_buf,
		    sizeof(k->names_buf));
	window_init(&k->addresses, k->core, at->addresses, at->count * pointer, k->addresses_buf,
		    sizeof(k->addresses_buf));
	window_init(&k->offsets, k->core, at->offsets, at->count * 4ull, k->offsets_buf,
		    sizeof(k->offsets_buf));
}

enum status kallsyms_open(struct symbols_table **ret, struct core *core, struct err *err)
{
	struct kallsyms *k = calloc(1, sizeof(*k));
	enum status st;

	if (!k)
		return err_set(err, STATUS_BROKEN, "out of memory");
	k->core = core;
	st = find_layout(core, &k->at, err);
	if (!st)
		st = check_layout(&k->at, err);
	if (!st)
		st = read_tokens(k, err);
	if (!st) {
		open_windows(k);
		st = choose_formula(k, err);
	}
	if (st) {
		free(k);
		return err_add(err, st, "kallsyms");
	}
	k->table = (struct symbols_table){
		.source = "kallsyms",
		.count = k->at.count,
		.next = kallsyms_next,
		.next_addr = kallsyms_next_addr,
		.close = kallsyms_close,
	};
	*ret = &k->table;
	return STATUS_FOUND;
}
