// SPDX-License-Identifier: GPL-2.0-or-later
//
// Symbols and task lines.
#include "oops/line.h"

#include "oops/oops.h"

static bool is_name_char(char ch)
{
	return (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z') || (ch >= '0' && ch <= '9') ||
	       ch == '_' || ch == '.' || ch == '$';
}

/* Rust names are printed demangled and hold blanks: <a::B as c::D>::f::<u8> */
static bool is_rust_char(char ch)
{
	return is_name_char(ch) || (ch && strchr("<>:,&*()[]{}#'; -", ch));
}

/* A function name up to what may follow it. */
static bool read_function(struct cursor *c, struct slice *ret)
{
	const char *p = c->p;
	bool rust = cursor_peek(c) == '<';

	if (p < c->end && *p == '.')
		p++; /* powerpc's first ABI: .f is the code of f */
	if (p < c->end && !(*p >= 'a' && *p <= 'z') && !(*p >= 'A' && *p <= 'Z') && *p != '_' &&
	    *p != '$' && !rust)
		return false;
	if (rust) {
		while (p < c->end && *p != '+' && is_rust_char(*p))
			p++;
	} else {
		while (p < c->end && (is_name_char(*p) ||
				      (*p == ':' && p + 1 < c->end && p[1] == ':' && p > c->p) ||
				      (*p == ':' && p > c->p && p[-1] == ':')))
			p++;
	}
	if (p == c->p || (rust && (p == c->end || *p != '+')))
		return false;
	*ret = (struct slice){c->p, (size_t)(p - c->p)};
	c->p = p;
	return true;
}

static uint32_t clamp32(uint64_t value)
{
	return value > UINT32_MAX ? UINT32_MAX : (uint32_t)value;
}

/* +0x1c/0x40 */
static bool read_offset(struct cursor *c, struct oops_symbol *ret)
{
	struct cursor try = *c;
	uint64_t offset, size = 0;

	if (!cursor_text(&try, "+0x") || !cursor_hex(&try, &offset))
		return false;
	if (cursor_text(&try, "/0x") && !cursor_hex(&try, &size))
		size = 0;
	ret->offset = clamp32(offset);
	ret->size = clamp32(size);
	ret->has_offset = true;
	*c = try;
	return true;
}

/* [module] or [module build-id]; "[inline]" is no module. */
static bool read_module(struct cursor *c, struct slice *ret)
{
	struct cursor try = *c;
	struct slice module, rest;

	cursor_blanks(&try);
	if (!cursor_char(&try, '[') || !cursor_until(&try, " ]\t", &module))
		return false;
	if (cursor_peek(&try) == ' ' && (!cursor_until(&try, "]", &rest) || rest.n > 64))
		return false;
	if (!cursor_char(&try, ']') || module.n > 63 || module.p[0] == '<')
		return false;
	if (!slice_eq(module, "inline"))
		*ret = module;
	*c = try;
	return true;
}

/* "f (a.c:1) module" at the end of the line: older decoders leave the brackets out */
static void read_bare_module(struct cursor *c, struct slice *ret)
{
	struct slice word = slice_trim(cursor_rest(c));
	size_t i;

	for (i = 0; i < word.n && is_name_char(word.p[i]); i++)
		;
	if (i && i == word.n && i < 64 && cursor_peek(c) == ' ')
		*ret = word;
}

/* path/file.c:123, also in parentheses and with a discriminator, as decoders write it */
static bool read_place(struct cursor *c, struct oops_symbol *ret)
{
	struct cursor try = *c;
	struct slice path;
	uint64_t line, which;
	bool nested;

	cursor_blanks(&try);
	nested = cursor_char(&try, '(');
	if (!cursor_until(&try, ": \t()", &path) || !cursor_char(&try, ':') ||
	    !cursor_dec(&try, &line))
		return false;
	if (!memchr(path.p, '.', path.n) || line > UINT32_MAX)
		return false;
	ret->file = path;
	ret->file_line = (uint32_t)line;
	if (cursor_text(&try, " (discriminator ") && cursor_dec(&try, &which))
		cursor_char(&try, ')');
	if (nested)
		cursor_char(&try, ')');
	*c = try;
	return true;
}

/* :module:f+0x1/0x2 of kernels to 2.6.27 */
static void read_old_module(struct cursor *c, struct slice *ret)
{
	struct cursor try = *c;
	struct slice module;

	if (cursor_char(&try, ':') && cursor_until(&try, ": ", &module) && cursor_char(&try, ':')) {
		*ret = module;
		*c = try;
	}
}

static bool read_symbol(struct cursor *c, struct oops_symbol *ret, bool bare_name)
{
	struct cursor try = *c;
	struct oops_symbol symbol = {0};

	if (cursor_0x(&try, &symbol.address)) {
		if (is_name_char(cursor_peek(&try)))
			return false;
	} else {
		read_old_module(&try, &symbol.module);
		if (!read_function(&try, &symbol.function))
			return false;
		read_offset(&try, &symbol);
		if (!symbol.has_offset && (cursor_peek(&try) == ':' || cursor_peek(&try) == '='))
			return false;
		read_module(&try, &symbol.module);
		if (!read_place(&try, &symbol) && !symbol.has_offset && !bare_name)
			return false;
		if (symbol.file.n && !read_module(&try, &symbol.module) && try.p > symbol.file.p &&
		    try.p[-1] == ')')
			read_bare_module(&try, &symbol.module);
	}
	*ret = symbol;
	*c = try;
	return true;
}

bool oops_read_symbol(struct cursor *c, struct oops_symbol *ret)
{
	return read_symbol(c, ret, false);
}

bool oops_read_name(struct cursor *c, struct oops_symbol *ret)
{
	return read_symbol(c, ret, true);
}

bool oops_work_function(const char *workqueue, struct slice *function, struct slice *module)
{
	struct slice text = slice_of(workqueue);
	const char *purpose = slice_find(text, " ("), *at, *blank;
	struct oops_symbol symbol;
	struct cursor c;

	if (purpose)
		text.n = (size_t)(purpose - text.p);
	at = slice_find(text, " [");
	blank = memrchr(text.p, ' ', at ? (size_t)(at - text.p) : text.n);
	c = cursor_of(text);
	c.p = blank ? blank + 1 : text.p;
	if (!oops_read_name(&c, &symbol) || !symbol.function.n || !cursor_at_end(&c))
		return false;
	*function = symbol.function;
	*module = symbol.module;
	return true;
}

bool oops_read_int(struct cursor *c, int64_t *ret)
{
	struct cursor try = *c;
	bool minus = cursor_char(&try, '-');
	uint64_t value;

	if (!cursor_dec(&try, &value) || value > INT32_MAX)
		return false;
	*ret = minus ? -(int64_t)value : (int64_t)value;
	*c = try;
	return true;
}

bool oops_read_owner(struct slice text, struct slice *ret_comm, int64_t *ret_pid)
{
	const char *slash = memrchr(text.p, '/', text.n);
	struct cursor c;

	if (!slash)
		return false;
	c = (struct cursor){slash + 1, text.p + text.n};
	*ret_comm = (struct slice){text.p, (size_t)(slash - text.p)};
	return oops_read_int(&c, ret_pid);
}

bool oops_read_taint(struct cursor *c, struct slice *taint, bool *not_tainted)
{
	struct cursor try = *c;
	const char *begin;

	if (cursor_text(&try, "Not tainted")) {
		cursor_blanks(&try);
		*not_tainted = true;
		*c = try;
		return true;
	}
	if (!cursor_text(&try, "Tainted:"))
		return false;
	cursor_blanks(&try);
	for (begin = try.p; try.p < try.end; try.p++) {
		bool letter = (*try.p >= 'A' && *try.p <= 'Z') || (*try.p >= 'a' && *try.p <= 'z') ||
			      *try.p == '-' || *try.p == '?';

		if (!letter && *try.p != ' ')
			break;
	}
	*taint = slice_trim((struct slice){begin, (size_t)(try.p - begin)});
	*c = try;
	return taint->n > 0;
}

/* Where the comm ends: the words that may follow it, since a comm may hold blanks itself. */
static struct slice comm_before_taint(struct cursor *c)
{
	static const char *const next[] = {" Kdump: loaded", " Not tainted", " Tainted:"};
	const char *end = c->end;
	struct slice comm;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(next); i++) {
		const char *at = slice_find(cursor_rest(c), next[i]);

		if (at && at < end)
			end = at;
	}
	comm = (struct slice){c->p, (size_t)(end - c->p)};
	c->p = end;
	cursor_blanks(c);
	if (cursor_text(c, "Kdump: loaded"))
		cursor_blanks(c);
	return slice_trim(comm);
}

bool oops_read_task_line(struct slice line, struct task_line *ret)
{
	struct cursor c = cursor_of(line);
	struct task_line task = {.cpu = -1, .pid = -1};
	int64_t number;

	cursor_blanks(&c);
	if (cursor_text(&c, "CPU:") && cursor_blanks(&c)) {
		if (!oops_read_int(&c, &number))
			return false;
		task.cpu = (int)number;
		cursor_blanks(&c);
		if (cursor_text(&c, "UID: ") && !oops_read_int(&c, &number))
			return false;
		cursor_blanks(&c);
	}
	if (!cursor_text(&c, "PID:") && !cursor_text(&c, "Pid:"))
		return false;
	cursor_blanks(&c);
	if (!oops_read_int(&c, &task.pid))
		return false;
	cursor_char(&c, ',');
	cursor_blanks(&c);
	if (!cursor_text(&c, "Comm:") && !cursor_text(&c, "comm:"))
		return false;
	cursor_blanks(&c);
	task.comm = comm_before_taint(&c);
	if (oops_read_taint(&c, &task.taint, &task.not_tainted)) {
		cursor_char(&c, '(');
		(void)cursor_until(&c, " )", &task.release); /* a cut line has none */
	}
	*ret = task;
	return true;
}
