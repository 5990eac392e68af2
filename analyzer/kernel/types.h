// SPDX-License-Identifier: GPL-2.0-or-later
//
// Layout of the crashed kernel's types: member offsets, sizes, enum values. They come from the
// BTF that kernels since 5.4 carry in their rodata, else from VMCOREINFO and a small table of
// what is the same in all builds (types-table.c). A member that cannot be known is ABSENT, with
// the reason: this kernel has no such member, or has no BTF.
//
// BTF (4 to 5 MB) is read through once, in windows; what stays is 8 bytes for each named struct,
// union, enum and typedef and a mark at every 64th type.
#ifndef KDV_KERNEL_TYPES_H
#define KDV_KERNEL_TYPES_H

#include "core/core.h"
#include "kernel/symbols.h"

struct types;

/* Where a member is, from the start of the outermost struct of its path. */
struct member {
	uint64_t offset;     /* bytes; for a bitfield, of the byte that its first bit is in */
	uint64_t size;	     /* bytes: of the whole array for arrays, of the declared type for bitfields */
	unsigned bit_size;   /* of a bitfield; 0: it is none */
	unsigned bit_offset; /* of a bitfield, from bit offset * 8 on, in the order of BTF */
	uint64_t count;	     /* elements of an array (the outermost dimension); 0: it is none */
	uint64_t stride;     /* bytes from one element to the next */
	bool is_signed;	     /* a signed integer or enum */
	bool is_pointer;
};

/*
 * Opens the types of core. symbols (borrowed, may be NULL: no BTF then) find the BTF. Without
 * BTF it opens all the same; types_why_no_btf() says why there is none.
 */
enum status types_open(struct types **ret, struct core *core, struct symbols *symbols,
		       struct err *err);
void types_close(struct types *types);
/* NULL: there is BTF. */
const char *types_why_no_btf(const struct types *types);
/* How many types there are, with void (id 0): the first id of a module's BTF. */
uint32_t types_count(const struct types *types);

/*
 * A path begins with a struct, union or typedef name and goes on with members, through
 * anonymous structs and unions where there are any: "task_struct.thread.sp",
 * "module.mem[1].size", "cpumask.bits[0]". It does not follow pointers.
 */
enum status types_member(struct types *types, const char *path, struct member *ret,
			 struct err *err);
/* Just the offset. */
enum status types_offset(struct types *types, const char *path, uint64_t *ret, struct err *err);
/* Size of a type by name ("task_struct"), or of a member by path. */
enum status types_size(struct types *types, const char *name, uint64_t *ret, struct err *err);
/* A value of a named enum: ("node_stat_item", "NR_SHMEM"). */
enum status types_enum(struct types *types, const char *name, const char *value, int64_t *ret,
		       struct err *err);

/*
 * The type of a per-CPU variable: "rq" for "runqueues"; its size and array length go to ret
 * (offset 0). name is "" for a type without one. Only per-CPU variables are in BTF.
 */
enum { TYPE_NAME = 128 };
enum status types_percpu(struct types *types, const char *variable, char name[TYPE_NAME],
			 struct member *ret, struct err *err);

/*
 * The first of several members that this kernel has: for names that changed. paths ends with
 * NULL; the index of the one found goes to ret_which (may be NULL).
 */
enum status types_member_of(struct types *types, const char *const *paths, struct member *ret,
			    unsigned *ret_which, struct err *err);

/*
 * Reads an integer, pointer or bitfield member of the object at base; a signed one comes out
 * sign-extended to 64 bits. BROKEN for members of other sizes than 1, 2, 4 and 8.
 */
enum status types_read(struct core *core, uint64_t base, const struct member *member,
		       uint64_t *ret, struct err *err);
/* Both at once: the member at path of the object at base. */
enum status types_read_path(struct types *types, uint64_t base, const char *path, uint64_t *ret,
			    struct err *err);

/*
 * The types that a module adds (its split BTF in the list btf_modules, since v5.11). The kernel's
 * own names are found through it as well. types must outlive it.
 */
enum status types_open_module(struct types **ret, struct types *types, const char *module,
			      struct err *err);

#endif
