// SPDX-License-Identifier: GPL-2.0-or-later
//
// Taint bits to letters: upstream's up to v7.2, and the high bits that Red Hat and SUSE use.
#include "kernel/taint.h"

/* Bit 0 is 'P'; the 'G' that is printed when it is clear is no taint. */
static const char upstream[] = "PFSRMBUDAWCIOELKXTNJ";

static const struct {
	const char *in_release; /* the distribution's mark in OSRELEASE */
	unsigned bit;
	char letter;
} others[] = {
	{".el6", 27, 'Z'}, {".el6", 28, 'H'}, {".el6", 29, 'T'}, {".el7", 28, 'H'},
	{".el7", 29, 'T'}, {".el8", 27, 'r'}, {".el8", 29, 't'}, {".el8", 30, 'u'},
	{".el9", 26, 'p'}, {".el9", 27, 'h'}, {".el9", 31, 'u'}, {".el10", 27, 'h'},
	{".el10", 31, 'u'}, {"-default", 31, 'n'}, {"-default", 30, 'N'},
};

static char letter_of(unsigned bit, struct slice release)
{
	if (bit < sizeof(upstream) - 1)
		return upstream[bit];
	for (size_t i = 0; i < ARRAY_SIZE(others); i++) {
		if (others[i].bit == bit && slice_find(release, others[i].in_release))
			return others[i].letter;
	}
	return '?';
}

void taint_letters(uint64_t bits, struct slice release, char buf[TAINT_LETTERS])
{
	size_t used = 0;

	for (unsigned bit = 0; bit < 64 && used + 1 < TAINT_LETTERS; bit++) {
		if (bits >> bit & 1)
			buf[used++] = letter_of(bit, release);
	}
	buf[used] = '\0';
}
