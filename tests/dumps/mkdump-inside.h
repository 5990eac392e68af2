// SPDX-License-Identifier: GPL-2.0-or-later
//
// What mkdump's files share.
#ifndef KDV_TESTS_MKDUMP_INSIDE_H
#define KDV_TESTS_MKDUMP_INSIDE_H

#include "dumps/mkdump.h"

struct mkdump_page {
	uint64_t paddr;
	uint8_t *data;
	bool dropped; /* exists, but was left out of the dump */
};

struct mkdump {
	enum mkdump_arch arch;
	char machine[65];
	struct mkdump_page *page; /* sorted */
	size_t pages;
	uint64_t next_table, next_page; /* physical memory not given out yet */
	uint8_t *notes;			/* all but VMCOREINFO */
	size_t notes_len;
	char *info;
	size_t info_len;
	bool no_info;
	bool split;
	uint64_t start_pfn, end_pfn;
};

bool mkdump_is_x86_64(const struct mkdump *d);
/* Whether the page is part of the kernel image, at MKDUMP_TEXT and on. */
bool mkdump_is_text(uint64_t paddr);
struct mkdump_page *mkdump_page(struct mkdump *d, uint64_t paddr);

#endif
