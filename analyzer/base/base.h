// SPDX-License-Identifier: GPL-2.0-or-later
//
// base: what C lacks. Errors that tell a story, slices and cursors over text that has no
// closing NUL, a bounded arena that owns what facts keep, and a growable buffer. Leans on
// libc only; every other room leans on this one.
#ifndef KDV_BASE_BASE_H
#define KDV_BASE_BASE_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/cleanup.h"
#include "base/cursor.h"
#include "base/err.h"
#include "base/io.h"
#include "base/log.h"
#include "base/slice.h"

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

#endif
