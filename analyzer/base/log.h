// SPDX-License-Identifier: GPL-2.0-or-later
//
// Debug lines for `-v`. Rooms return errors; only cmd/ and main.c speak to the user.
#ifndef KDV_BASE_LOG_H
#define KDV_BASE_LOG_H

#include <stdbool.h>

/* Set once by main.c. */
extern bool log_verbose;

/* One line on stderr when -v was given. */
void log_debug(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

#endif
