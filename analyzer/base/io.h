// SPDX-License-Identifier: GPL-2.0-or-later
//
// write() until all is written.
#ifndef KDV_BASE_IO_H
#define KDV_BASE_IO_H

#include <stdbool.h>
#include <stddef.h>

/* False with errno set if not every byte could be written. */
bool write_all(int fd, const void *data, size_t len);

#endif
