// SPDX-License-Identifier: GPL-2.0-or-later
//
// Which memory does an x86_64 instruction touch? No disassembler: just the length and the
// operand, so that a fault can be traced to the register that held the bad address.
#ifndef KDV_KERNEL_X86_OPERAND_H
#define KDV_KERNEL_X86_OPERAND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { X86_MAX_INSTRUCTION = 15 };

struct x86_operand {
	unsigned length;	/* of the instruction in bytes */
	bool has_memory;	/* it reads or writes memory by an operand: not lea, not push */
	/* Valid if has_memory. Names are as core_regs has them; NULL: none. */
	bool is_write;		/* also for those that read, change and write */
	const char *segment;	/* "fs", "gs": its base is to be added */
	const char *base, *index; /* base "rip": the address after the instruction */
	unsigned scale;
	int64_t displacement;
	const char *second;	/* movs (written), cmps (read): the register of another address */
	/* bt, bts, btr, btc: the register of a bit number, which may be far from the address; the
	   word of so many bytes that the bit is in is the one touched. */
	const char *bit;
	unsigned bit_word;
};

/*
 * Decodes the instruction at code, of which n bytes are there. false: cut short, not an
 * instruction, or one that is not known here (x87, EVEX, 32-bit addresses).
 */
bool x86_operand_decode(const uint8_t *code, size_t n, struct x86_operand *ret);

#endif
