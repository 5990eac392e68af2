// SPDX-License-Identifier: GPL-2.0-or-later
//
// What the readings without a dump (pointers.c) and with one (pointers-dump.c) share.
#ifndef KDV_KERNEL_POINTERS_INSIDE_H
#define KDV_KERNEL_POINTERS_INSIDE_H

#include "kernel/pointers.h"

struct pointer_machine {
	bool is_64bit, is_big_endian, is_x86_64;
	bool has_delta;	       /* its poison pointers begin with dead */
	unsigned address_bits; /* x86_64: 48, with five-level page tables 57 */
};

/* name: as uname -m, may be NULL. Four-level page tables are assumed. */
struct pointer_machine pointer_machine(const char *name);
/* Sign-extended from its address bits; true for machines other than x86_64. */
bool pointer_is_canonical(const struct pointer_machine *m, uint64_t value);
/* Values that the kernel gives a meaning: NULL, error codes, poison; and eight letters. */
bool pointer_constant(const struct pointer_machine *m, uint64_t value, char ret[POINTER_READING]);
/* User space, and what is no address at all. */
bool pointer_outside(const struct pointer_machine *m, uint64_t value, char ret[POINTER_READING]);

#endif
