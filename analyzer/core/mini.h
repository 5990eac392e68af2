// SPDX-License-Identifier: GPL-2.0-or-later
//
// A small dump: just the pages that an analysis has read, with notes and VMCOREINFO, written
// as a kdump-compressed file (zlib) that opens like any other and gives the same answers.
#ifndef KDV_CORE_MINI_H
#define KDV_CORE_MINI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/core.h"

/* A set of physical page addresses. */
struct page_set {
	uint64_t *page;
	size_t count; /* with repeats until it is sorted */
	size_t cap;
	size_t limit;
	bool overflowed; /* a page did not find room: the set is not all of them */
};

/* limit: most pages to hold. */
void page_set_init(struct page_set *set, size_t limit);
void page_set_done(struct page_set *set);
void page_set_add(struct page_set *set, uint64_t page);
/* Sorts and drops repeats; page[] and count are the set's from here to the next add. */
void page_set_sort(struct page_set *set);

/* For core_observe(); ctx is a struct page_set. */
void page_set_seen(uint64_t page, void *ctx);

/*
 * Writes the pages of the set (which it sorts) into fd from offset 0. Ends any core_observe().
 * A page of which the dump holds but a part is filled up with zeros. The file is sparse where
 * physical memory is: 64 KiB of bitmap per GiB, mostly holes.
 */
enum status core_write_mini(struct core *core, struct page_set *pages, int fd,
			    struct err *err);

#endif
