// SPDX-License-Identifier: GPL-2.0-or-later
//
// A growing text buffer with a limit. Failure is sticky and looked at once, at the end.
#ifndef KDV_BASE_BUF_H
#define KDV_BASE_BUF_H

#include <stdbool.h>
#include <stddef.h>

#include "base/slice.h"

struct buf {
	char *data; /* NUL-terminated once something was added */
	size_t len, cap, limit;
	bool failed;
};

void buf_init(struct buf *b, size_t limit);
void buf_done(struct buf *b);
void buf_add(struct buf *b, const void *data, size_t len);
void buf_str(struct buf *b, const char *text);
void buf_printf(struct buf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

#endif
