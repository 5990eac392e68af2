// SPDX-License-Identifier: GPL-2.0-or-later
//
// Lines for the user's terminal: names of files and texts of dumps and rules are in them, and
// none of these may steer it.
#include <stdarg.h>
#include <stdio.h>

#include "write/write.h"

#include "cmd/cmd.h"

static void put_clean(FILE *to, const char *text)
{
	enum { LIMIT = 64 * 1024 };
	struct buf clean;

	buf_init(&clean, LIMIT);
	write_clean(&clean, text);
	fputs(clean.data ? clean.data : "", to);
	buf_done(&clean);
}

void cmd_print(const char *text)
{
	put_clean(stdout, text);
}

void cmd_complain(const char *fmt, ...)
{
	char text[1024];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	fflush(stdout);
	fputs("kdump-verdict: ", stderr);
	put_clean(stderr, text);
	fputc('\n', stderr);
}
