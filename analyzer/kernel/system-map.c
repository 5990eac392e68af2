// SPDX-License-Identifier: GPL-2.0-or-later
//
// System.map: the symbols of a kernel as text, in order of address as linked, one a line:
//
//	ffffffff81000000 T _stext
//
// It carries no build id, so it is held against what VMCOREINFO knows.
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kernel/symbols-table.h"

enum {
	BUFFER = 16 << 10,
	MAX_LINE = 1024,
};

struct system_map {
	struct symbols_table table; /* first: it is what the others see */
	int fd;
	struct symbols_relocation relocation;
	char buf[BUFFER];
	uint64_t at; /* buf holds [at, at + len) of the file */
	size_t len;
};

/* The line that begins at offset, without its newline; length 0 and FOUND at the end. */
static enum status line_at(struct system_map *m, uint64_t offset, struct slice *ret,
			   struct err *err)
{
	const char *p, *nl = NULL;
	size_t left = 0;

	if (offset >= m->at && offset - m->at < m->len) {
		left = m->len - (size_t)(offset - m->at);
		nl = memchr(m->buf + (offset - m->at), '\n', left);
	}
	if (!nl) {
		ssize_t got = pread(m->fd, m->buf, sizeof(m->buf), (off_t)offset);

		if (got < 0)
			return err_set(err, STATUS_BROKEN, "cannot read it: %m");
		m->at = offset;
		m->len = left = (size_t)got;
		nl = memchr(m->buf, '\n', left);
	}
	p = m->buf + (offset - m->at);
	if (!nl && left > MAX_LINE)
		return err_set(err, STATUS_BROKEN, "no line of a System.map at byte %" PRIu64, offset);
	*ret = (struct slice){p, nl ? (size_t)(nl - p) : left};
	return STATUS_FOUND;
}

/* A symbol of a module in a copy of /proc/kallsyms has a tab and the module behind its name. */
static bool parse_line(struct slice line, uint64_t *ret_addr, char *ret_type, struct slice *ret_name)
{
	struct cursor c = cursor_of(line);

	if (!cursor_hex(&c, ret_addr) || !cursor_char(&c, ' ') || cursor_at_end(&c))
		return false;
	*ret_type = *c.p++;
	return cursor_char(&c, ' ') && cursor_until(&c, "\t\r", ret_name) &&
	       ret_name->n < SYMBOL_NAME;
}

static enum status next_line(struct system_map *m, struct symbols_place *place,
			     uint64_t *ret_addr, char *ret_type, struct slice *ret_name,
			     struct err *err)
{
	struct slice line;
	enum status st = line_at(m, place->at, &line, err);

	if (st)
		return st;
	if (!parse_line(line, ret_addr, ret_type, ret_name))
		return err_set(err, STATUS_BROKEN, "line %" PRIu32 " is not one of a System.map",
			       place->index + 1);
	*ret_addr = symbols_relocate(&m->relocation, *ret_addr);
	*place = (struct symbols_place){place->index + 1, place->at + line.n + 1};
	return STATUS_FOUND;
}

static enum status map_next(struct symbols_table *table, struct symbols_place *place,
			    struct symbol *ret, struct err *err)
{
	struct slice name;
	enum status st = next_line((struct system_map *)table, place, &ret->addr, &ret->type,
				   &name, err);

	if (st)
		return st;
	memcpy(ret->name, name.p, name.n);
	ret->name[name.n] = '\0';
	return STATUS_FOUND;
}

static enum status map_next_addr(struct symbols_table *table, struct symbols_place *place,
				 uint64_t *ret, struct err *err)
{
	struct slice name;
	char type;

	return next_line((struct system_map *)table, place, ret, &type, &name, err);
}

/* Counts the lines as they are, and finds _stext. */
static enum status count_lines(struct system_map *m, uint64_t *ret_stext, struct err *err)
{
	struct symbols_place place = {0};
	uint64_t addr, before = 0;
	bool found = false;

	for (;;) {
		struct slice line, name;
		char type;
		enum status st = line_at(m, place.at, &line, err);

		if (!st && !line.n)
			break;
		if (!st)
			st = next_line(m, &place, &addr, &type, &name, err);
		if (st)
			return st;
		if (addr < before)
			return err_set(err, STATUS_BROKEN, "line %" PRIu32 " is out of order",
				       place.index);
		if (place.index > SYMBOLS_MAX)
			return err_set(err, STATUS_BROKEN, "more than %u symbols", SYMBOLS_MAX);
		before = addr;
		if (!found && slice_eq(name, "_stext")) {
			*ret_stext = addr;
			found = true;
		}
	}
	m->table.count = place.index;
	return found ? STATUS_FOUND : err_set(err, STATUS_BROKEN, "no _stext in it");
}

static enum status check_lines(struct system_map *m, struct core *core, struct err *err)
{
	struct symbols_place place = {0};
	struct symbol symbol;

	while (place.index < m->table.count) {
		enum status st = map_next(&m->table, &place, &symbol, err);

		if (!st)
			st = symbols_check_known(core, symbol.name, symbol.addr, err);
		if (st)
			return st;
	}
	return STATUS_FOUND;
}

static void map_close(struct symbols_table *table)
{
	struct system_map *m = (struct system_map *)table;

	if (m->fd >= 0)
		close(m->fd);
	free(m);
}

enum status system_map_open(struct symbols_table **ret, struct core *core, const char *path,
			    struct err *err)
{
	struct system_map *m = calloc(1, sizeof(*m));
	uint64_t stext = 0;
	enum status st = STATUS_FOUND;

	if (!m)
		return err_set(err, STATUS_BROKEN, "out of memory");
	m->table = (struct symbols_table){
		.source = "System.map",
		.next = map_next,
		.next_addr = map_next_addr,
		.close = map_close,
	};
	m->fd = open(path, O_RDONLY | O_CLOEXEC);
	if (m->fd < 0)
		st = err_set(err, STATUS_BROKEN, "cannot open it: %m");
	if (!st)
		st = count_lines(m, &stext, err);
	if (!st)
		st = symbols_relocation(core, stext, &m->relocation, err);
	if (!st)
		st = check_lines(m, core, err);
	if (st) {
		map_close(&m->table);
		return err_add(err, STATUS_BROKEN, "%s", path);
	}
	*ret = &m->table;
	return STATUS_FOUND;
}
