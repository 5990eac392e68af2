// SPDX-License-Identifier: GPL-2.0-or-later
//
// The kernel's taint bits (tainted_mask, module.taints) as the letters that it prints. What a
// letter means is told by oops_taint_meaning().
#ifndef KDV_KERNEL_TAINT_H
#define KDV_KERNEL_TAINT_H

#include "core/core.h"

enum { TAINT_LETTERS = 40 };

/*
 * The letters of the bits that are set, in the kernel's order, without blanks; '?' for a bit
 * without a letter. release: OSRELEASE, which tells Red Hat's own bits.
 */
void taint_letters(uint64_t bits, struct slice release, char buf[TAINT_LETTERS]);

#endif
