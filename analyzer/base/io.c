// SPDX-License-Identifier: GPL-2.0-or-later
//
// The loop that write() needs around it.
#include <errno.h>
#include <unistd.h>

#include "base/io.h"

bool write_all(int fd, const void *data, size_t len)
{
	const char *p = data;

	while (len) {
		ssize_t n = write(fd, p, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		p += n;
		len -= (size_t)n;
	}
	return true;
}
