// SPDX-License-Identifier: GPL-2.0-or-later
//
// Values of the document.
#include <inttypes.h>
#include <string.h>

#include "write/put.h"

/* Longest valid UTF-8 sequence at p: its length, or 0. */
static size_t utf8_length(const unsigned char *p, size_t n)
{
	size_t len = p[0] < 0x80 ? 1 : p[0] < 0xc2 ? 0 : p[0] < 0xe0 ? 2 : p[0] < 0xf0 ? 3 : 4;

	if (!len || len > n || p[0] > 0xf4)
		return 0;
	for (size_t i = 1; i < len; i++)
		if ((p[i] & 0xc0) != 0x80)
			return 0;
	/* overlong forms, surrogates, beyond U+10FFFF */
	if ((p[0] == 0xe0 && p[1] < 0xa0) || (p[0] == 0xed && p[1] > 0x9f) ||
	    (p[0] == 0xf0 && p[1] < 0x90) || (p[0] == 0xf4 && p[1] > 0x8f))
		return 0;
	return len;
}

json_t *put_text(const char *text)
{
	size_t n = strlen(text);
	struct buf b;
	json_t *ret;

	buf_init(&b, 64 * 1024);
	for (size_t i = 0; i < n;) {
		size_t len = utf8_length((const unsigned char *)text + i, n - i);

		if (len)
			buf_add(&b, text + i, len);
		else
			buf_printf(&b, "\\x%02x", (unsigned char)text[i]);
		i += len ? len : 1;
	}
	ret = json_string(b.data ? b.data : "");
	buf_done(&b);
	return ret;
}

void put(json_t *object, const char *key, json_t *value)
{
	if (value)
		(void)json_object_set_new(object, key, value); /* out of memory: left out */
}

void put_str(json_t *object, const char *key, const char *text)
{
	if (text)
		put(object, key, put_text(text));
}

void put_int(json_t *object, const char *key, int64_t value)
{
	put(object, key, json_integer(value));
}

void put_addr(json_t *object, const char *key, uint64_t addr)
{
	put(object, key, json_sprintf("0x%" PRIx64, addr));
}

void put_strings(json_t *object, const char *key, const char *const *list)
{
	json_t *array;

	if (!list || !list[0])
		return;
	array = json_array();
	for (; *list; list++)
		(void)json_array_append_new(array, put_text(*list));
	put(object, key, array);
}

static json_t *put_frame(const struct frame *f)
{
	static const char *const stacks[] = {"task", "irq", "nmi", "exception"};
	json_t *o = json_object();

	put_str(o, "function", f->function);
	if (f->has_offset) {
		put_int(o, "offset", f->offset);
		if (f->size)
			put_int(o, "size", f->size);
	}
	put_str(o, "module", f->module);
	if (!f->function)
		put_addr(o, "address", f->address);
	put(o, "reliable", json_boolean(f->reliable));
	put_str(o, "stack", stacks[f->stack]);
	return o;
}

json_t *put_trace(const struct frame *frames, size_t count)
{
	json_t *array = json_array();

	for (size_t i = 0; i < count; i++)
		(void)json_array_append_new(array, put_frame(&frames[i]));
	return array;
}
