// SPDX-License-Identifier: GPL-2.0-or-later
//
// The one way in which the program speaks of trouble.
#include <stdarg.h>
#include <stdio.h>

#include "cmd/cmd.h"

void cmd_complain(const char *fmt, ...)
{
	char text[1024];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	/* errors quote file names and dumps: neither may steer a terminal */
	for (char *p = text; *p; p++)
		if ((unsigned char)*p < 0x20 || *p == 0x7f)
			*p = '?';
	fflush(stdout);
	fprintf(stderr, "kdump-verdict: %s\n", text);
}
