// SPDX-License-Identifier: GPL-2.0-or-later
//
// VMCOREINFO: the text in which the kernel tells dump tools what they need about it. Lines, in
// no fixed order, up to one page of them:
//
//	OSRELEASE=6.1.0-42-amd64	SYMBOL(prb)=ffffffff8e2d4f60	hex without 0x
//	PAGESIZE=4096			OFFSET(printk_info.seq)=0	decimal
//	CRASHTIME=1763911234		SIZE(prb_desc)=24		decimal
//	KERNELOFFSET=c400000		NUMBER(phys_base)=-442499072	signed decimal
//	BUILD-ID=...			NUMBER(PHYS_OFFSET)=0x40000000	or hex with 0x
//
// 2.6.32 ends its last line, CRASHTIME, without a newline.
#ifndef KDV_CORE_VMCOREINFO_H
#define KDV_CORE_VMCOREINFO_H

#include <stdbool.h>
#include <stdint.h>

#include "base/base.h"

/*
 * The text behind "KEY=" or, when name is not NULL, "KEY(name)="; false if there is no such
 * line. ret points into text.
 */
bool vmcoreinfo_find(struct slice text, const char *key, const char *name, struct slice *ret);

/* SYMBOL values and KERNELOFFSET: hex without 0x. The whole value must be a number. */
bool vmcoreinfo_hex(struct slice value, uint64_t *ret);
/* All others: decimal with sign, or hex with 0x (then taken as the 64 bits it is). */
bool vmcoreinfo_number(struct slice value, int64_t *ret);

#endif
