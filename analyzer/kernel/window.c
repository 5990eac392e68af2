// SPDX-License-Identifier: GPL-2.0-or-later
//
// The window: filled forward, since rings and tables are walked that way.
#include <inttypes.h>

#include "kernel/window.h"

void window_init(struct window *w, struct core *core, uint64_t base, uint64_t size,
		 void *buf, uint32_t cap)
{
	*w = (struct window){.core = core, .base = base, .size = size, .buf = buf, .cap = cap};
}

static enum status fill(struct window *w, uint64_t offset, uint32_t len, struct err *err)
{
	enum status st;

	w->len = 0;
	st = core_read_virt(w->core, w->base + offset, w->buf, len, err);
	if (!st) {
		w->at = offset;
		w->len = len;
	}
	return st;
}

enum status window_read(struct window *w, uint64_t offset, uint32_t len,
			const unsigned char **ret, struct err *err)
{
	uint64_t left = offset < w->size ? w->size - offset : 0;
	enum status st = STATUS_FOUND;

	if (len > left || len > w->cap)
		return err_set(err, STATUS_BROKEN, "%" PRIu32 " bytes at %" PRIu64
			       " reach out of the %" PRIu64 " there are", len, offset, w->size);
	if (offset < w->at || offset - w->at > w->len || len > w->len - (offset - w->at)) {
		uint32_t more = left < w->cap ? (uint32_t)left : w->cap;

		st = fill(w, offset, more, err);
		/* A page further on may be missing: then just what was asked for. */
		if (st && more > len)
			st = fill(w, offset, len, err);
	}
	if (!st)
		*ret = w->buf + (offset - w->at);
	return st;
}
