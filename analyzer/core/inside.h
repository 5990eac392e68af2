// SPDX-License-Identifier: GPL-2.0-or-later
//
// What an open dump consists of, for the files of this room alone.
#ifndef KDV_CORE_INSIDE_H
#define KDV_CORE_INSIDE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/base.h"

#include "core/core.h"
#include "core/file.h"
#include "core/kdumpfile.h"
#include "core/probe.h"
#include "core/translate.h"

enum {
	CACHE_PAGES = 64,
	CACHE_BYTES = 1 << 20, /* fewer pages of 64 KiB */
};

/* A page in the cache, or the part of it that the dump holds. */
struct page {
	uint64_t start, end; /* physical; empty if equal */
	uint64_t used;	     /* when last, in reads */
};

struct core {
	struct core_info info;
	struct core_file file[PROBE_MAX_FILES];
	struct probe probe[PROBE_MAX_FILES];
	size_t files;
	struct kdumpfile *lib; /* NULL: an ELF file that is not its to read; we do */
	const struct xlat_arch *arch;
	char machine[CORE_UTS_FIELD];
	unsigned page_size;
	char *vmcoreinfo; /* owned if it was not in the notes, else borrowed from probe[0] */
	size_t vmcoreinfo_len;
	bool own_vmcoreinfo;
	struct xlat xlat;
	struct page page[CACHE_PAGES];
	unsigned pages;
	uint64_t clock;
	uint8_t *bytes; /* of page[], page_size each */
	void (*seen)(uint64_t page, void *ctx);
	void *seen_ctx;
};

/* pages.c: empties the page cache, and sizes it for pages of this size. */
enum status core_pages_init(struct core *core, unsigned page_size, struct err *err);

/* judge.c: fills in core->info from what the probes found. */
void core_judge(struct core *core);

#endif
