// SPDX-License-Identifier: GPL-2.0-or-later
//
// Values read aloud: what a register or a fault address points at, in a few words.
#ifndef KDV_KERNEL_POINTERS_H
#define KDV_KERNEL_POINTERS_H

#include "kernel/image.h"

enum { POINTER_READING = 160 };

/*
 * What needs no dump: NULL and small offsets, error codes, list and slab poison (or one bit away
 * from it), eight letters, non-canonical, user space. machine: as uname -m. false: nothing is to
 * be said, *ret is "".
 */
bool pointer_reading(uint64_t value, const char *machine, char ret[POINTER_READING]);
/*
 * Whether a reading of either function is worth telling of a register, which may hold any
 * number: not NULL and small numbers, user space and the merely non-canonical. Of a fault
 * address, all of them are.
 */
bool pointer_is_telling(const char *reading);

/*
 * The same with the dump's help: kernel text and data by symbol, modules, the stack of task
 * (0: unknown), direct map, vmalloc, vmemmap, per-CPU areas, and "one bit away from kernel
 * text ...".
 */
bool kernel_pointer_reading(struct kernel *kernel, uint64_t value, uint64_t task,
			    char ret[POINTER_READING]);

/*
 * The register that the faulting x86_64 instruction at ip dereferenced, out of its bytes in
 * the dump: "rdi" and the displacement. ABSENT: unreadable, no memory operand, or another
 * architecture.
 */
struct dereference {
	const char *base, *index; /* register names; NULL: none */
	unsigned scale;
	int64_t displacement;
	uint64_t address;	  /* by the registers given, without the segment's base */
	bool is_write;		  /* to that address */
	unsigned length;	  /* of the instruction in bytes */
	const char *segment;	  /* "gs": per-CPU data; "fs"; NULL: none */
	const char *second;	  /* movs (written), cmps (read): this register is an address too */
};
enum status pointer_dereference(struct kernel *kernel, const struct core_regs *regs,
				struct dereference *ret, struct err *err);

#endif
