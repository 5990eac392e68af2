// SPDX-License-Identifier: GPL-2.0-or-later
//
// Fuzzes the reader of the character buffer.
#include "fuzz/fuzz-printk-image.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct mkprintk_spec spec = {.layout = MKPRINTK_CHARS, .size_bits = 10};
	static struct printk_image image;

	if (!image.at)
		printk_image_make(&image, &spec);
	return printk_image_fuzz(&image, data, size);
}
