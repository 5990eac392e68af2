// SPDX-License-Identifier: GPL-2.0-or-later
//
// The description of a dump as text; see mkdump.h for its lines.
#include <stdlib.h>
#include <string.h>

#include "dumps/mkdump-inside.h"

enum { MAX_BYTES = 4096, MAX_VALUES = 80 };

static bool take_number(char **p, uint64_t *ret)
{
	char *end;

	*ret = strtoull(*p, &end, 0);
	if (end == *p || (*end && *end != ' '))
		return false;
	*p = end + strspn(end, " ");
	return true;
}

static bool take_word(char **p, const char *word)
{
	size_t n = strlen(word);

	if (strncmp(*p, word, n) || ((*p)[n] && (*p)[n] != ' '))
		return false;
	*p += n;
	*p += strspn(*p, " ");
	return true;
}

static bool hex_bytes(char *p, uint8_t *ret, size_t *ret_len)
{
	size_t len = 0;

	while (*p && len < MAX_BYTES) {
		char *end;
		unsigned long byte = strtoul(p, &end, 16);

		if (end == p || byte > 255)
			return false;
		ret[len++] = (uint8_t)byte;
		p = end + strspn(end, " ");
	}
	*ret_len = len;
	return !*p;
}

static bool text_bytes(const char *p, uint8_t *ret, size_t *ret_len)
{
	size_t len = 0;

	for (; *p && len < MAX_BYTES; p++) {
		if (*p != '\\')
			ret[len++] = (uint8_t)*p;
		else if (*++p == 'n' || *p == '\\')
			ret[len++] = *p == 'n' ? '\n' : '\\';
		else
			return false;
	}
	*ret_len = len;
	return !*p;
}

/* The bytes of "hex ...", "text ..." or "u32 VALUE". */
static bool take_bytes(struct mkdump *d, char *p, uint8_t *ret, size_t *ret_len)
{
	static const char *const sized[] = {"u8", "u16", "u32", "u64"};
	uint64_t value;

	if (take_word(&p, "hex"))
		return hex_bytes(p, ret, ret_len);
	if (take_word(&p, "text"))
		return text_bytes(p, ret, ret_len);
	for (unsigned i = 0; i < 4; i++) {
		if (!take_word(&p, sized[i]))
			continue;
		if (!take_number(&p, &value) || *p)
			return false;
		*ret_len = (size_t)1 << i;
		mkdump_put(d, ret, 1u << i, value);
		return true;
	}
	return false;
}

static bool memory_line(struct mkdump *d, char *p, bool virt)
{
	uint8_t bytes[MAX_BYTES];
	uint64_t addr;
	size_t len;

	if (!take_number(&p, &addr) || !take_bytes(d, p, bytes, &len))
		return false;
	if (virt)
		mkdump_virt(d, addr, bytes, len);
	else
		mkdump_phys(d, addr, bytes, len);
	return true;
}

static bool cpu_line(struct mkdump *d, char *p)
{
	uint64_t pid, value[MAX_VALUES];
	size_t count = 0;

	if (!take_number(&p, &pid))
		return false;
	while (*p && count < MAX_VALUES) {
		if (!take_number(&p, &value[count++]))
			return false;
	}
	mkdump_cpu(d, (uint32_t)pid, value, count);
	return true;
}

static bool take_line(struct mkdump *d, char *p)
{
	uint64_t addr;

	if (take_word(&p, "virt"))
		return memory_line(d, p, true);
	if (take_word(&p, "phys"))
		return memory_line(d, p, false);
	if (take_word(&p, "cpu"))
		return cpu_line(d, p);
	if (take_word(&p, "info")) {
		mkdump_info(d, "%s", p);
		return true;
	}
	if (!take_word(&p, "drop") || !take_number(&p, &addr))
		return false;
	mkdump_drop(d, addr);
	return true;
}

static struct mkdump *new_for(char *p)
{
	static const char *const name[] = {"x86_64", "x86_64-l5", "ppc64", "s390x"};

	if (!take_word(&p, "arch"))
		return NULL;
	for (unsigned i = 0; i < 4; i++) {
		if (!strcmp(p, name[i]))
			return mkdump_new((enum mkdump_arch)i);
	}
	return NULL;
}

struct mkdump *mkdump_parse(FILE *in, unsigned *ret_line)
{
	struct mkdump *d = NULL;
	char line[MAX_BYTES * 3 + 64];
	bool good = true;

	for (*ret_line = 0; good && fgets(line, sizeof(line), in);) {
		++*ret_line;
		line[strcspn(line, "\n")] = '\0';
		if (!*line || *line == '#')
			continue;
		if (!d)
			good = (d = new_for(line)) != NULL;
		else
			good = take_line(d, line);
	}
	if (good)
		return d;
	mkdump_free(d);
	return NULL;
}
