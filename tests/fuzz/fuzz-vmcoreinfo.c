// SPDX-License-Identifier: GPL-2.0-or-later
//
// VMCOREINFO of any bytes: the first line names what is looked up, the rest is the text.
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "core/vmcoreinfo.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const keys[] = {"OSRELEASE", "SYMBOL", "NUMBER", "OFFSET"};
	struct slice text = {(const char *)data, size}, value;
	const char *nl = size ? memchr(data, '\n', size) : NULL;
	char name[32] = "";
	uint64_t hex;
	int64_t number;

	if (nl) {
		size_t n = (size_t)(nl - text.p);

		memcpy(name, data, n < sizeof(name) ? n : sizeof(name) - 1);
		text = (struct slice){nl + 1, size - n - 1};
	}
	for (size_t i = 0; i < ARRAY_SIZE(keys); i++) {
		if (!vmcoreinfo_find(text, keys[i], i ? name : NULL, &value))
			continue;
		/* What is found lies within the text, and nothing is no number. */
		if (value.p < text.p || value.p + value.n > text.p + text.n)
			abort();
		if (vmcoreinfo_hex(value, &hex) && !value.n)
			abort();
		(void)vmcoreinfo_number(value, &number);
	}
	return 0;
}
