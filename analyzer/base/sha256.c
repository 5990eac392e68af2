// SPDX-License-Identifier: GPL-2.0-or-later
//
// SHA-256 as FIPS 180-4 describes it, section 6.2; none of the libraries we link offers it.
#include <stdio.h>
#include <string.h>

#include "base/sha256.h"

// The first 32 bits of the fractional parts of the cube roots of the first 64 primes.
// clang-format off
static const uint32_t round_constants[64] = {
	0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
	0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
	0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
	0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
	0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
	0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
	0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
	0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};
// clang-format on

void sha256_init(struct sha256 *sha)
{
	// The first 32 bits of the fractional parts of the square roots of the first 8 primes.
	*sha = (struct sha256){.state = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
					 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19}};
}

static uint32_t rotate(uint32_t x, unsigned n)
{
	return x >> n | x << (32 - n);
}

static void expand(const uint8_t *block, uint32_t w[64])
{
	for (int i = 0; i < 16; i++)
		w[i] = (uint32_t)block[4 * i] << 24 | (uint32_t)block[4 * i + 1] << 16 |
		       (uint32_t)block[4 * i + 2] << 8 | block[4 * i + 3];
	for (int i = 16; i < 64; i++) {
		uint32_t a = w[i - 15], b = w[i - 2];

		w[i] = w[i - 16] + (rotate(a, 7) ^ rotate(a, 18) ^ a >> 3) + w[i - 7] +
		       (rotate(b, 17) ^ rotate(b, 19) ^ b >> 10);
	}
}

static void add_block(uint32_t state[8], const uint8_t *block)
{
	uint32_t v[8], w[64];

	expand(block, w);
	memcpy(v, state, sizeof(v));
	for (int i = 0; i < 64; i += 8) {
		/* The variables take turns instead of moving on; unrolled, they are registers. */
#pragma GCC unroll 8
		for (unsigned k = 0; k < 8; k++) {
			uint32_t a = v[-k & 7], b = v[(1 - k) & 7], c = v[(2 - k) & 7];
			uint32_t e = v[(4 - k) & 7], f = v[(5 - k) & 7], g = v[(6 - k) & 7];
			uint32_t one = v[(7 - k) & 7] +
				       (rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)) +
				       (g ^ (e & (f ^ g))) + round_constants[i + k] + w[i + k];
			uint32_t two = (rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) +
				       ((a & b) | (c & (a | b)));

			v[(3 - k) & 7] += one;
			v[(7 - k) & 7] = one + two;
		}
	}
	for (int i = 0; i < 8; i++)
		state[i] += v[i];
}

void sha256_add(struct sha256 *sha, const void *data, size_t len)
{
	const uint8_t *p = data;
	size_t held = sha->bytes % sizeof(sha->block);

	sha->bytes += len;
	while (len) {
		size_t n = sizeof(sha->block) - held;

		if (n > len)
			n = len;
		memcpy(sha->block + held, p, n);
		held += n;
		p += n;
		len -= n;
		if (held < sizeof(sha->block))
			return;
		add_block(sha->state, sha->block);
		held = 0;
	}
}

void sha256_hex(struct sha256 *sha, char ret[SHA256_HEX_SIZE])
{
	static const uint8_t padding[64] = {0x80};
	uint64_t bits = sha->bytes * 8;
	size_t held = sha->bytes % 64;
	uint8_t length[8];

	for (int i = 0; i < 8; i++)
		length[i] = (uint8_t)(bits >> (56 - 8 * i));
	sha256_add(sha, padding, held < 56 ? 56 - held : 120 - held);
	sha256_add(sha, length, sizeof(length));
	for (int i = 0; i < 8; i++)
		snprintf(ret + 8 * i, 9, "%08x", (unsigned)sha->state[i]);
}
