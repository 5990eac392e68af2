// SPDX-License-Identifier: GPL-2.0-or-later
//
// The types and strings of a BTF section grow side by side; the header comes last.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dumps/mkbtf.h"

enum {
	INT = 1, ARRAY = 3, STRUCT = 4, UNION = 5, ENUM = 6, VAR = 14, DATASEC = 15, ENUM64 = 19,
	HEADER = 24, CAP = 1 << 20,
};

struct mkbtf {
	bool big_endian;
	uint32_t first_string, next_id;
	size_t types_len, strings_len;
	unsigned char types[CAP];
	char strings[CAP];
};

static void put_into(bool big_endian, unsigned char *p, unsigned size, uint64_t value)
{
	for (unsigned i = 0; i < size; i++)
		p[big_endian ? size - 1 - i : i] = (unsigned char)(value >> 8 * i);
}

static void put32(struct mkbtf *b, uint32_t value)
{
	if (b->types_len + 4 > CAP)
		abort();
	put_into(b->big_endian, b->types + b->types_len, 4, value);
	b->types_len += 4;
}

static uint32_t string(struct mkbtf *b, const char *text)
{
	size_t len = text ? strlen(text) + 1 : 0, at = b->strings_len;

	if (!text)
		return 0;
	if (at + len > CAP)
		abort();
	memcpy(b->strings + at, text, len);
	b->strings_len += len;
	return b->first_string + (uint32_t)at;
}

static uint32_t begin(struct mkbtf *b, const char *name, unsigned kind, bool flag, size_t entries,
		      uint32_t size)
{
	put32(b, string(b, name));
	put32(b, (uint32_t)flag << 31 | kind << 24 | (uint32_t)entries);
	put32(b, size);
	return b->next_id++;
}

struct mkbtf *mkbtf_new(bool big_endian, uint32_t first_id, uint32_t first_string)
{
	struct mkbtf *b = calloc(1, sizeof(*b));

	if (!b)
		abort();
	b->big_endian = big_endian;
	b->next_id = first_id;
	b->first_string = first_string;
	b->strings_len = first_string ? 0 : 1; /* the empty string is the kernel's */
	return b;
}

void *mkbtf_finish(struct mkbtf *b, size_t *ret_size)
{
	size_t size = HEADER + b->types_len + b->strings_len;
	unsigned char *p = calloc(1, size);

	if (!p)
		abort();
	put_into(b->big_endian, p, 2, 0xeb9f);
	p[2] = 1;
	put_into(b->big_endian, p + 4, 4, HEADER);
	put_into(b->big_endian, p + 12, 4, b->types_len);
	put_into(b->big_endian, p + 16, 4, b->types_len);
	put_into(b->big_endian, p + 20, 4, b->strings_len);
	memcpy(p + HEADER, b->types, b->types_len);
	memcpy(p + HEADER + b->types_len, b->strings, b->strings_len);
	free(b);
	*ret_size = size;
	return p;
}

uint32_t mkbtf_next_id(const struct mkbtf *b)
{
	return b->next_id;
}

uint32_t mkbtf_strings(const struct mkbtf *b)
{
	return b->first_string + (uint32_t)b->strings_len;
}

uint32_t mkbtf_int(struct mkbtf *b, const char *name, uint32_t size, bool is_signed)
{
	uint32_t id = begin(b, name, INT, false, 0, size);

	put32(b, (uint32_t)is_signed << 24 | size * 8);
	return id;
}

uint32_t mkbtf_array(struct mkbtf *b, uint32_t element, uint32_t count)
{
	uint32_t id = begin(b, NULL, ARRAY, false, 0, 0);

	put32(b, element);
	put32(b, element);
	put32(b, count);
	return id;
}

static uint32_t aggregate(struct mkbtf *b, unsigned kind, const char *name, uint32_t size,
			  const struct mkbtf_member *members, size_t count)
{
	bool flag = false;
	uint32_t id;

	for (size_t i = 0; i < count; i++)
		flag |= members[i].bit_size != 0;
	id = begin(b, name, kind, flag, count, size);
	for (size_t i = 0; i < count; i++) {
		put32(b, string(b, members[i].name));
		put32(b, members[i].type);
		put32(b, members[i].bit_size << 24 | members[i].bits);
	}
	return id;
}

uint32_t mkbtf_struct(struct mkbtf *b, const char *name, uint32_t size,
		      const struct mkbtf_member *members, size_t count)
{
	return aggregate(b, STRUCT, name, size, members, count);
}

uint32_t mkbtf_union(struct mkbtf *b, const char *name, uint32_t size,
		     const struct mkbtf_member *members, size_t count)
{
	return aggregate(b, UNION, name, size, members, count);
}

uint32_t mkbtf_enum(struct mkbtf *b, const char *name, uint32_t size, bool is_signed,
		    const struct mkbtf_value *values, size_t count)
{
	uint32_t id = begin(b, name, size == 8 ? ENUM64 : ENUM, is_signed, count, size);

	for (size_t i = 0; i < count; i++) {
		put32(b, string(b, values[i].name));
		put32(b, (uint32_t)values[i].value);
		if (size == 8)
			put32(b, (uint32_t)((uint64_t)values[i].value >> 32));
	}
	return id;
}

uint32_t mkbtf_ref(struct mkbtf *b, unsigned kind, const char *name, uint32_t type)
{
	uint32_t id = begin(b, name, kind, false, 0, type);

	if (kind == VAR)
		put32(b, 1); /* global */
	return id;
}

uint32_t mkbtf_section(struct mkbtf *b, const char *name, const uint32_t *variables, size_t count)
{
	uint32_t id = begin(b, name, DATASEC, false, count, 0);

	for (size_t i = 0; i < count; i++) {
		put32(b, variables[i]);
		put32(b, (uint32_t)(8 * i));
		put32(b, 8);
	}
	return id;
}
