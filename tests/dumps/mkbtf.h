// SPDX-License-Identifier: GPL-2.0-or-later
//
// mkbtf: builds a BTF section type by type; each call gives the new type's id.
//
//	struct mkbtf *b = mkbtf_new(false, 1, 0);
//	uint32_t u64 = mkbtf_int(b, "unsigned long", 8, false);
//	const struct mkbtf_member members[] = {{"next", u64, 0}, {"prev", u64, 64}};
//	mkbtf_struct(b, "list_head", 16, members, 2);
//	bytes = mkbtf_finish(b, &size);
#ifndef KDV_TESTS_MKBTF_H
#define KDV_TESTS_MKBTF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct mkbtf;

struct mkbtf_member {
	const char *name; /* NULL: anonymous */
	uint32_t type;
	uint32_t bits;	   /* offset */
	uint32_t bit_size; /* of a bitfield; one of them gives the struct its flag */
};

struct mkbtf_value {
	const char *name;
	int64_t value;
};

/* A module's begins with the id and string offset at which the kernel's ends; else 1 and 0. */
struct mkbtf *mkbtf_new(bool big_endian, uint32_t first_id, uint32_t first_string);
/* The section, malloc()ed; frees the builder. */
void *mkbtf_finish(struct mkbtf *b, size_t *ret_size);
/* The id the next type will get; how long the strings are. */
uint32_t mkbtf_next_id(const struct mkbtf *b);
uint32_t mkbtf_strings(const struct mkbtf *b);

uint32_t mkbtf_int(struct mkbtf *b, const char *name, uint32_t size, bool is_signed);
uint32_t mkbtf_array(struct mkbtf *b, uint32_t element, uint32_t count);
uint32_t mkbtf_struct(struct mkbtf *b, const char *name, uint32_t size,
		      const struct mkbtf_member *members, size_t count);
uint32_t mkbtf_union(struct mkbtf *b, const char *name, uint32_t size,
		     const struct mkbtf_member *members, size_t count);
/* Of 4 bytes, or 8 (ENUM64). */
uint32_t mkbtf_enum(struct mkbtf *b, const char *name, uint32_t size, bool is_signed,
		    const struct mkbtf_value *values, size_t count);
/* Any kind that is just made of another type: pointer 2, typedef 8, const 10, variable 14... */
uint32_t mkbtf_ref(struct mkbtf *b, unsigned kind, const char *name, uint32_t type);
/* A DATASEC of variables. */
uint32_t mkbtf_section(struct mkbtf *b, const char *name, const uint32_t *variables, size_t count);

#endif
