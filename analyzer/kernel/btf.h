// SPDX-License-Identifier: GPL-2.0-or-later
//
// One BTF section in the dump: types by name and by number, members by name. The format is told
// in btf.c; what the rest of the tool asks is in types.h.
#ifndef KDV_KERNEL_BTF_H
#define KDV_KERNEL_BTF_H

#include "core/core.h"

enum {
	BTF_MAX_BYTES = 64 << 20, /* of a section; 5.2 MB in Debian's 7.2 */
	BTF_MAX_TYPES = 1 << 20,  /* 118,487 there */
	BTF_MAX_NAMED = 1 << 18,
	BTF_MAX_NAME = 256,	  /* of a type that is looked for */
};

enum btf_kind {
	BTF_VOID,
	BTF_INT,
	BTF_PTR,
	BTF_ARRAY,
	BTF_STRUCT,
	BTF_UNION,
	BTF_ENUM,
	BTF_FWD,
	BTF_TYPEDEF,
	BTF_VOLATILE,
	BTF_CONST,
	BTF_RESTRICT,
	BTF_FUNC,
	BTF_FUNC_PROTO,
	BTF_VAR,
	BTF_DATASEC,
	BTF_FLOAT,
	BTF_DECL_TAG,
	BTF_TYPE_TAG,
	BTF_ENUM64,
	BTF_KINDS,
};

struct btf;

struct btf_type {
	uint32_t id, name; /* name: offset of a string */
	enum btf_kind kind;
	bool kind_flag;
	uint32_t vlen;	/* entries that follow */
	uint32_t size;	/* bytes, or the id of the type it is made of */
	uint32_t at;	/* of what follows, in the section of its types */
	const struct btf *of; /* the section: a module's or the kernel's */
};

/* A member as its struct holds it. */
struct btf_member {
	uint32_t type;
	uint64_t bits;	   /* from the start of the struct asked about */
	unsigned bit_size; /* of a bitfield; 0: it is none */
};

/*
 * size bytes of BTF at addr, numbered from first_id, strings from first_string on: 1 and 0, or for
 * a module the ends of base (borrowed, must outlive it). Reads the section once.
 */
enum status btf_open(struct btf **ret, struct core *core, uint64_t addr, uint64_t size,
		     struct btf *base, uint32_t first_id, uint32_t first_string, struct err *err);
void btf_close(struct btf *btf);
/* One more than the greatest id. */
uint32_t btf_end(const struct btf *btf);

enum status btf_type(struct btf *btf, uint32_t id, struct btf_type *ret, struct err *err);
/* The same without typedefs, const, volatile, restrict and tags. */
enum status btf_resolve(struct btf *btf, uint32_t id, struct btf_type *ret, struct err *err);
/* By name, of one of the kinds (bits 1 << kind); the first that has a size, else the first. */
enum status btf_find(struct btf *btf, const char *name, uint32_t kinds, struct btf_type *ret,
		     struct err *err);

/* By name, through anonymous structs and unions. ABSENT: there is none. */
enum status btf_member(struct btf *btf, const struct btf_type *type, const char *name,
		       struct btf_member *ret, struct err *err);
/* Element type and number of elements. */
enum status btf_array(struct btf *btf, const struct btf_type *type, uint32_t *ret_type,
		      uint32_t *ret_count, struct err *err);
/* Bytes of a type; 0 for those without (functions, void). */
enum status btf_size(struct btf *btf, uint32_t id, uint64_t *ret, struct err *err);
enum status btf_is_signed(struct btf *btf, const struct btf_type *type, bool *ret,
			  struct err *err);
/* Value of an enum by name. */
enum status btf_enum(struct btf *btf, const struct btf_type *type, const char *name,
		     int64_t *ret, struct err *err);
/* The variable of that name in a section (a DATASEC), and its type. */
enum status btf_variable(struct btf *btf, const struct btf_type *section, const char *name,
			 uint32_t *ret_type, struct err *err);
/* Name of a type; cut at cap. */
enum status btf_name(struct btf *btf, const struct btf_type *type, char *buf, size_t cap,
		     struct err *err);

#endif
