// SPDX-License-Identifier: GPL-2.0-or-later
//
// Debug lines on stderr.
#include <stdarg.h>
#include <stdio.h>

#include "base/log.h"

bool log_verbose;

void log_debug(const char *fmt, ...)
{
	va_list ap;

	if (!log_verbose)
		return;
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
}
