// SPDX-License-Identifier: GPL-2.0-or-later
//
// Error texts: set at the place of failure, extended by each caller.
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/err.h"

void err_write(struct err *err, const char *fmt, ...)
{
	va_list ap;

	if (!err)
		return;
	va_start(ap, fmt);
	vsnprintf(err->text, sizeof(err->text), fmt, ap);
	va_end(ap);
}

void err_prefix(struct err *err, const char *fmt, ...)
{
	char tail[sizeof(err->text)];
	va_list ap;
	int len;

	if (!err)
		return;
	memcpy(tail, err->text, sizeof(tail));
	va_start(ap, fmt);
	len = vsnprintf(err->text, sizeof(err->text), fmt, ap);
	va_end(ap);
	if (len < 0 || (size_t)len + 3 > sizeof(err->text))
		return;
	memcpy(err->text + len, ": ", 2);
	snprintf(err->text + len + 2, sizeof(err->text) - (size_t)len - 2, "%.*s",
		 (int)(sizeof(err->text) - (size_t)len - 3), tail);
}
