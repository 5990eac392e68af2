// SPDX-License-Identifier: GPL-2.0-or-later
//
// Flattened dumps: what `makedumpfile -F` and QEMU write where seeking is not possible.
#ifndef KDV_CORE_FLATTENED_H
#define KDV_CORE_FLATTENED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/base.h"

struct flattened;

/* Whether the first bytes of a file are those of a flattened dump. */
bool flattened_is(const void *head, size_t len);

/* Indexes the records of the stream; fd stays the caller's. */
enum status flattened_new(struct flattened **ret, int fd, uint64_t file_bytes,
			  struct err *err);
void flattened_free(struct flattened *flat);

/* Size of the rearranged file, and whether the stream had its end mark. */
uint64_t flattened_size(const struct flattened *flat);
bool flattened_is_complete(const struct flattened *flat);
/* Whether records cover the whole range: what a cut stream has lost must not pass for zeros.
 */
bool flattened_has(const struct flattened *flat, uint64_t offset, uint64_t len);
/* Bytes of memory that the index takes. */
uint64_t flattened_memory(const struct flattened *flat);

/* Reads from the rearranged file. Bytes that no record holds are zeros, as in a hole. */
enum status flattened_read(const struct flattened *flat, uint64_t offset, void *buf,
			   size_t len, struct err *err);

/*
 * For a reader that wants a descriptor: a temporary file of the rearranged size that is all
 * hole. Before each use flattened_fill() puts in what is going to be read, so only the part of
 * the dump that is looked at ever takes room.
 */
enum status flattened_fd(struct flattened *flat, int *ret, struct err *err);
enum status flattened_fill(struct flattened *flat, uint64_t offset, uint64_t len,
			   struct err *err);

#endif
