// SPDX-License-Identifier: GPL-2.0-or-later
//
// SHA-256 (FIPS 180-4), for digests of what an answer rests on. Not for secrets.
#ifndef KDV_BASE_SHA256_H
#define KDV_BASE_SHA256_H

#include <stddef.h>
#include <stdint.h>

enum { SHA256_HEX_SIZE = 65 };

struct sha256 {
	uint32_t state[8];
	uint64_t bytes;
	uint8_t block[64];
};

void sha256_init(struct sha256 *sha);
void sha256_add(struct sha256 *sha, const void *data, size_t len);
/* The digest of all that was added, as 64 lower-case hex digits and a NUL; ends *sha. */
void sha256_hex(struct sha256 *sha, char ret[SHA256_HEX_SIZE]);

#endif
