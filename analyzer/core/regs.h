// SPDX-License-Identifier: GPL-2.0-or-later
//
// The registers in an NT_PRSTATUS note.
#ifndef KDV_CORE_REGS_H
#define KDV_CORE_REGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/core.h"

/* Larger than the note of any architecture here (ppc64: 504 bytes). */
enum { REGS_MAX_NOTE = 1024 };

/* Fills pid, count and reg of ret from the note's description. */
enum status regs_parse(struct core_regs *ret, enum core_arch arch, bool big_endian,
		       const void *desc, size_t size, struct err *err);

/*
 * The architecture whose notes have this size: for headers that name no machine. x86_64 and
 * s390x share theirs, and differ in byte order.
 */
enum core_arch regs_guess_arch(size_t note_size, bool big_endian);

#endif
