// SPDX-License-Identifier: GPL-2.0-or-later
//
// What stands in front of a line of a stored kernel log, by whoever wrote it:
//
//	[   12.345678] text				vmcore-dmesg, dmesg
//	<4>[   12.345678] text				the kernel itself, vmcore-dmesg of 2.6.32
//	[   12.345678][   T77] text  [ 12.345678] [   C0] text	CONFIG_PRINTK_CALLER
//	kern  :warn  : [   12.345678] text		dmesg -x
//	[Sat Nov 21 22:40:24 2026] text  [Nov21 22:40] text  [  +0.000012] text	dmesg -T, -e, -d
//	2026-11-21T22:40:24,123456+00:00 text		dmesg --time-format iso, netconsole tools
//	6,339,5140900,-;text				/dev/kmsg
//	Nov 21 22:40:24 node kernel: [   12.345678] text	syslog, journalctl -o short
//	2026-11-21T22:40:24+0000 node kernel: text	journalctl -o short-iso, rsyslog
//	[   12.345678] node kernel: text		journalctl -o short-monotonic
//	Nov 21 22:40:24 node kern.err kernel: text	busybox syslogd
//	** 44 printk messages dropped ** [ 12.345678] text	a console that fell behind
//	> [   12.345678] text				a mail that quotes, a kernel self test
//
// They nest in nearly every order that one can think of, so a line is peeled piece by piece,
// each kind at most once, and a piece that does not fit exactly stays: it is text. This runs
// for every line of a log, so the frequent form comes first and costs no call.
#include <endian.h>
#include <string.h>

#include "kernel/klog-source.h"

/* What was already taken off a line, in bits. */
enum piece {
	PIECE_LEVEL = 1,
	PIECE_STAMP = 2,	/* seconds since boot */
	PIECE_CALLER = 4,
	PIECE_DATE = 8,		/* wall-clock time: nothing that klog_line has room for */
	PIECE_TAG = 16,		/* "node kernel:" */
	PIECE_DROPPED = 32,
	PIECE_QUOTE = 64,
};

struct prefix {
	unsigned taken;
	uint64_t dropped;
};

static bool is_digit(char ch)
{
	return ch >= '0' && ch <= '9';
}

static bool is_alpha(char ch)
{
	return (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z');
}

/* One blank after a prefix is its own; more are the text's. */
static void skip_blank(struct cursor *c)
{
	(void)cursor_char(c, ' ');
}

/* At most max digits, at least one. Never overflows for max <= 19. */
static bool digits(struct cursor *c, unsigned max, uint64_t *ret)
{
	const char *p = c->p;
	const char *end = (size_t)(c->end - p) > max ? p + max : c->end;
	uint64_t value = 0;

	while (p < end && is_digit(*p))
		value = value * 10 + (uint64_t)(*p++ - '0');
	if (p == c->p || (p < c->end && is_digit(*p)))
		return false;
	c->p = p;
	*ret = value;
	return true;
}

static bool fixed_digits(struct cursor *c, unsigned count)
{
	if ((size_t)(c->end - c->p) < count)
		return false;
	for (unsigned i = 0; i < count; i++)
		if (!is_digit(c->p[i]))
			return false;
	c->p += count;
	return true;
}

/* A byte in each of the eight places of a word. */
#define BYTES(byte) (UINT64_C(0x0101010101010101) * (byte))

/* Eight bytes with the first in the lowest place, so that shifts mean the same everywhere. */
static inline uint64_t load_8(const char *p)
{
	uint64_t word;

	memcpy(&word, p, sizeof(word));
	return le64toh(word);
}

/*
 * The number that eight digits make, all at once: neighbours are joined to two digits, those to
 * four, those to eight. False if one is no digit.
 */
static inline bool eight_digits(uint64_t text, uint32_t *ret)
{
	uint64_t value = text - BYTES('0');

	/* A byte below '0' borrows, one above '9' carries: both set the high bits of some byte. */
	if ((value | (value + BYTES(6))) & BYTES(0xf0))
		return false;
	value = value * 10 + (value >> 8);
	value = (value & UINT64_C(0x00ff00ff00ff00ff)) * 100 +
		((value >> 16) & UINT64_C(0x00ff00ff00ff00ff));
	value = (value & 0xffff) * 10000 + ((value >> 32) & 0xffff);
	*ret = (uint32_t)value;
	return true;
}

/* dmesg -d puts " <    0.000012>" before the bracket closes. */
static const char *skip_delta(const char *p, const char *end)
{
	struct cursor c = {p, end};

	if (!cursor_text(&c, " <") || !cursor_past(&c, ">]", NULL))
		return NULL;
	return c.p - 1;
}

/* Blanks and then a number, in eight places. */
static inline bool padded_number(uint64_t text, uint64_t *ret)
{
	uint64_t rest = text ^ BYTES(' '), blanks;
	uint32_t number;

	if (!rest)
		return false;
	blanks = (UINT64_C(1) << (__builtin_ctzll(rest) & ~7)) - 1;
	if (!eight_digits((text & ~blanks) | (BYTES('0') & blanks), &number))
		return false;
	*ret = number;
	return true;
}

/* The seconds of a stamp whose dot stands anywhere, byte by byte. */
__attribute__((noinline)) static const char *skip_any_seconds(const char *p, const char *end,
							       uint64_t *ret)
{
	enum { MAX_DIGITS = 10 };
	struct cursor c = {p + 1, end};

	while (cursor_char(&c, ' '))
		;
	return digits(&c, MAX_DIGITS, ret) && cursor_char(&c, '.') ? c.p : NULL;
}

/*
 * The seconds behind the bracket at p, and the dot: what follows it, or NULL. The kernel prints
 * them with "%5lu" (print_time() of kernel/printk/printk.c): for the first day of a boot the dot
 * is the seventh byte, for the first 115 days the ninth at most.
 */
static inline const char *skip_seconds(const char *p, const char *end, uint64_t *ret)
{
	enum { FIRST_DOT = 6, LAST_DOT = 8 };
	unsigned dot = FIRST_DOT;
	uint64_t places, text;

	if (end - p <= LAST_DOT)
		return skip_any_seconds(p, end, ret);
	while (dot < LAST_DOT && p[dot] != '.')
		dot++;
	if (p[dot] != '.')
		return skip_any_seconds(p, end, ret);
	/* What stands before the dot moves to the end of eight places; the bracket is blanked. */
	places = ~UINT64_C(0) << 8 * (9 - dot);
	text = (load_8(p) << 8 * (8 - dot) & places) | (BYTES(' ') & ~places);
	return padded_number(text, ret) ? p + dot + 1 : NULL;
}

/* "[   12.345678] ", which nearly every line of a log has. */
static bool skip_stamp(struct cursor *c, struct klog_line *line)
{
	enum { USEC_DIGITS = 6 };
	const char *end = c->end, *p;
	uint64_t sec;
	uint32_t usec;

	p = skip_seconds(c->p, end, &sec);
	if (!p || end - p < USEC_DIGITS + 1)
		return false;
	/* From the dot on: it and the bracket go, two zeros come. */
	if (!eight_digits(load_8(p - 1) >> 8 << 16 | (BYTES('0') & 0xffff), &usec))
		return false;
	p += USEC_DIGITS;
	if (*p != ']')
		p = skip_delta(p, end);
	if (!p)
		return false;
	p++;
	c->p = p < end && *p == ' ' ? p + 1 : p;
	line->has_time = true;
	line->time_ns = sec * 1000000000 + (uint64_t)usec * 1000;
	return true;
}

/* "[   T77] " or "[   C0]": a thread or a CPU. */
static bool skip_caller(struct cursor *c, struct klog_line *line)
{
	struct cursor try = {c->p + 1, c->end};
	enum klog_caller kind;
	uint64_t number;

	(void)cursor_blanks(&try);
	if (cursor_char(&try, 'T'))
		kind = KLOG_CALLER_TASK;
	else if (cursor_char(&try, 'C'))
		kind = KLOG_CALLER_CPU;
	else
		return false;
	if (!digits(&try, 9, &number) || !cursor_char(&try, ']'))
		return false;
	skip_blank(&try);
	line->caller_kind = kind;
	line->caller = (uint32_t)number;
	*c = try;
	return true;
}

/* "<4>": level, and facility << 3. "<d>" and "<c>" are 2.6's default level and continuation. */
static bool skip_level(struct cursor *c, struct klog_line *line)
{
	struct cursor try = *c;
	uint64_t number;

	if (cursor_text(&try, "<d>") || cursor_text(&try, "<c>")) {
		*c = try;
		return true;
	}
	if (!cursor_char(&try, '<') || !digits(&try, 3, &number) || !cursor_char(&try, '>'))
		return false;
	line->level = (int8_t)(number & 7);
	line->facility = (uint8_t)(number >> 3);
	*c = try;
	return true;
}

/* "22:40:24", "22:40:24.123456", "22:40:24,123" */
static bool skip_clock(struct cursor *c)
{
	struct cursor try = *c;
	uint64_t fraction;

	if (!fixed_digits(&try, 2) || !cursor_char(&try, ':') || !fixed_digits(&try, 2) ||
	    !cursor_char(&try, ':') || !fixed_digits(&try, 2))
		return false;
	if (cursor_char(&try, '.') || cursor_char(&try, ','))
		if (!digits(&try, 9, &fraction))
			return false;
	*c = try;
	return true;
}

/* "Z", "+0000", "+00:00", " UTC" */
static void skip_zone(struct cursor *c)
{
	struct cursor try = *c;

	if (cursor_char(c, 'Z') || cursor_text(c, " UTC"))
		return;
	if (!cursor_char(&try, '+') && !cursor_char(&try, '-'))
		return;
	if (!fixed_digits(&try, 2))
		return;
	(void)cursor_char(&try, ':');
	if (fixed_digits(&try, 2))
		*c = try;
}

static bool skip_name(struct cursor *c, const char *names)
{
	if (c->end - c->p < 3)
		return false;
	for (; *names; names += 3) {
		if (!memcmp(c->p, names, 3)) {
			c->p += 3;
			return true;
		}
	}
	return false;
}

static bool skip_month(struct cursor *c)
{
	return skip_name(c, "JanFebMarAprMayJunJulAugSepOctNovDec");
}

static bool skip_weekday(struct cursor *c)
{
	struct cursor try = *c;

	if (!skip_name(&try, "MonTueWedThuFriSatSun") || !cursor_char(&try, ' '))
		return false;
	*c = try;
	return true;
}

/*
 * "2026-11-21T22:40:24" and the zone behind it; journalctl short-full has a blank for the T,
 * programs in Go write slashes.
 */
static bool skip_iso_date(struct cursor *c)
{
	struct cursor try = *c;

	char dash;

	if (!fixed_digits(&try, 4))
		return false;
	dash = cursor_peek(&try) == '/' ? '/' : '-';
	if (!cursor_char(&try, dash) || !fixed_digits(&try, 2) || !cursor_char(&try, dash) ||
	    !fixed_digits(&try, 2))
		return false;
	if (!cursor_char(&try, 'T') && !cursor_char(&try, ' '))
		return false;
	if (!skip_clock(&try))
		return false;
	skip_zone(&try);
	*c = try;
	return true;
}

/* "Nov 21 22:40:24" or "Nov  1 22:40:24", with a year behind it in dmesg -T */
static bool skip_month_date(struct cursor *c)
{
	struct cursor try = *c, year;
	uint64_t day;

	if (!skip_month(&try) || !cursor_char(&try, ' '))
		return false;
	(void)cursor_char(&try, ' ');
	if (!digits(&try, 2, &day) || !cursor_char(&try, ' ') || !skip_clock(&try))
		return false;
	year = try;
	if (cursor_char(&year, ' ') && fixed_digits(&year, 4))
		try = year;
	*c = try;
	return true;
}

static bool skip_date(struct cursor *c)
{
	struct cursor try = *c;

	(void)skip_weekday(&try);
	if (!skip_iso_date(&try) && !skip_month_date(&try) && !skip_clock(&try))
		return false;
	*c = try;
	return true;
}

/* dmesg -e: "Nov21 22:40" on a new minute, else the step "  +0.000012" */
static bool skip_short_date(struct cursor *c)
{
	struct cursor try = *c;
	uint64_t number;

	if (skip_month(&try)) {
		if (!fixed_digits(&try, 2) || !cursor_char(&try, ' ') || !fixed_digits(&try, 2) ||
		    !cursor_char(&try, ':') || !fixed_digits(&try, 2))
			return false;
	} else {
		(void)cursor_blanks(&try);
		if (!cursor_char(&try, '+') || !digits(&try, 10, &number) ||
		    !cursor_char(&try, '.') || !fixed_digits(&try, 6))
			return false;
	}
	*c = try;
	return true;
}

static bool skip_bracketed_date(struct cursor *c)
{
	struct cursor try = {c->p + 1, c->end};

	if (!skip_date(&try) && !skip_short_date(&try))
		return false;
	if (!cursor_char(&try, ']'))
		return false;
	skip_blank(&try);
	*c = try;
	return true;
}

/* A syslog tag: "kernel:" or, with a pid that tells it from text, "systemd[1]:". */
static bool skip_tag(struct cursor *c, bool *is_kernel)
{
	struct cursor try = *c;
	bool has_pid = false;
	struct slice name;
	uint64_t pid;

	if (!cursor_until(&try, " \t:[", &name))
		return false;
	if (cursor_char(&try, '[')) {
		if (!digits(&try, 10, &pid) || !cursor_char(&try, ']'))
			return false;
		has_pid = true;
	}
	if (!cursor_char(&try, ':'))
		return false;
	*is_kernel = slice_eq(name, "kernel");
	if (!*is_kernel && !has_pid)
		return false;
	skip_blank(&try);
	*c = try;
	return true;
}

/* "node kernel: " behind a date; busybox puts "kern.err" between the two. */
static bool skip_node_and_tag(struct cursor *c, struct klog_line *line)
{
	struct cursor try = *c, facility;
	struct slice word;
	bool is_kernel;

	if (!skip_tag(&try, &is_kernel)) {
		if (!cursor_until(&try, " \t", &word) || !cursor_char(&try, ' '))
			return false;
		facility = try;
		if (cursor_until(&facility, " :[", &word) && memchr(word.p, '.', word.n) &&
		    cursor_char(&facility, ' '))
			try = facility;
		if (!skip_tag(&try, &is_kernel))
			return false;
	}
	line->facility = is_kernel ? KLOG_FACILITY_KERN : KLOG_FACILITY_USER;
	*c = try;
	return true;
}

/* The same behind a boot-time stamp, where only the kernel's tag is sure not to be text. */
static bool skip_node_and_kernel(struct cursor *c, struct klog_line *line)
{
	static const char tag[] = " kernel: ";
	const char *p = c->p;

	while (p < c->end && *p > ' ')
		p++;
	if ((size_t)(c->end - p) < sizeof(tag) - 1 || memcmp(p, tag, sizeof(tag) - 1))
		return false;
	line->facility = KLOG_FACILITY_KERN;
	c->p = p + sizeof(tag) - 1;
	return true;
}

/* Index of the six-column name at p in a table of such columns. */
static int column(const char *p, const char *table)
{
	for (int i = 0; table[i * 6]; i++)
		if (!memcmp(p, table + i * 6, 6))
			return i;
	return -1;
}

/* dmesg -x: "kern  :warn  : " */
static bool skip_decoded_level(struct cursor *c, struct klog_line *line)
{
	static const char facilities[] = "kern  user  mail  daemonauth  syslog";
	static const char levels[] = "emerg alert crit  err   warn  noticeinfo  debug ";
	int facility, level;

	if (c->end - c->p < 15 || c->p[6] != ':' || memcmp(c->p + 13, ": ", 2))
		return false;
	facility = column(c->p, facilities);
	level = column(c->p + 7, levels);
	if (facility < 0 || level < 0)
		return false;
	line->facility = (uint8_t)facility;
	line->level = (int8_t)level;
	c->p += 15;
	return true;
}

/* /dev/kmsg: "6,339,5140900,-;text"; more fields may come before the semicolon. */
static bool skip_kmsg_record(struct cursor *c, struct klog_line *line)
{
	struct cursor try = *c;
	uint64_t priority, seq, usec;
	struct slice flags;

	if (!digits(&try, 3, &priority) || !cursor_char(&try, ',') || !digits(&try, 19, &seq) ||
	    !cursor_char(&try, ',') || !digits(&try, 15, &usec) || !cursor_char(&try, ','))
		return false;
	if (!cursor_until(&try, "; ", &flags) || !cursor_char(&try, ';'))
		return false;
	line->level = (int8_t)(priority & 7);
	line->facility = (uint8_t)(priority >> 3);
	line->has_time = true;
	line->time_ns = usec * 1000;
	*c = try;
	return true;
}

/* "** 44 printk messages dropped **" of a console, maybe with the next message behind it */
static bool skip_dropped(struct cursor *c, uint64_t *dropped)
{
	struct cursor try = *c;
	uint64_t count;

	if (!cursor_text(&try, "** ") || !digits(&try, 9, &count) ||
	    !cursor_text(&try, " printk messages dropped **"))
		return false;
	skip_blank(&try);
	*dropped += count;
	*c = try;
	return true;
}

/* A mark that others put before the whole line. "# " only where a stamp follows. */
static bool skip_quote(struct cursor *c)
{
	struct cursor try = *c;

	while (cursor_text(&try, "> ") || cursor_text(&try, ">> "))
		;
	if (try.p == c->p && (!cursor_text(&try, "# ") || cursor_peek(&try) != '['))
		return false;
	*c = try;
	return true;
}

static bool skip_bracketed(struct cursor *c, struct klog_line *line, struct prefix *seen)
{
	if (skip_stamp(c, line))
		seen->taken |= PIECE_STAMP;
	else if (!(seen->taken & PIECE_CALLER) && skip_caller(c, line))
		seen->taken |= PIECE_CALLER;
	else if (!(seen->taken & (PIECE_STAMP | PIECE_DATE)) && skip_bracketed_date(c))
		seen->taken |= PIECE_DATE;
	else
		return false;
	return true;
}

/* A date, and the node and tag that syslog puts behind it. */
static bool skip_dated(struct cursor *c, struct klog_line *line, struct prefix *seen)
{
	struct cursor try = *c;

	if (seen->taken & (PIECE_STAMP | PIECE_DATE) || !skip_date(&try))
		return false;
	if (!cursor_char(&try, ' ') && cursor_peek(&try) != '[' && cursor_peek(&try) != '<')
		return false;
	*c = try;
	seen->taken |= PIECE_DATE;
	if (skip_node_and_tag(c, line))
		seen->taken |= PIECE_TAG;
	return true;
}

static bool skip_worded(struct cursor *c, struct klog_line *line, struct prefix *seen)
{
	if (seen->taken & PIECE_STAMP) {
		if (seen->taken & PIECE_TAG || !skip_node_and_kernel(c, line))
			return false;
		seen->taken |= PIECE_TAG;
		return true;
	}
	if (skip_dated(c, line, seen))
		return true;
	if (!(seen->taken & PIECE_LEVEL) && skip_decoded_level(c, line)) {
		seen->taken |= PIECE_LEVEL;
		return true;
	}
	/* wall(1) and cut syslogs: the tag alone */
	if (seen->taken & PIECE_TAG || !cursor_text(c, "kernel:"))
		return false;
	skip_blank(c);
	seen->taken |= PIECE_TAG;
	line->facility = KLOG_FACILITY_KERN;
	return true;
}

/* Blanks in front of a bracket belong to no text when a piece was taken before them. */
static bool skip_gap(struct cursor *c, const struct prefix *seen, struct klog_line *line)
{
	struct cursor try = *c;

	if (!seen->taken)
		return false;
	(void)cursor_blanks(&try);
	if (cursor_peek(&try) != '[')
		return false;
	if (!skip_stamp(&try, line) && !skip_caller(&try, line))
		return false;
	*c = try;
	return true;
}

static bool skip_piece(struct cursor *c, struct klog_line *line, struct prefix *seen)
{
	char ch = cursor_peek(c);

	if (ch == '[')
		return skip_bracketed(c, line, seen);
	if (ch == '<')
		return skip_level(c, line);
	if (is_alpha(ch))
		return skip_worded(c, line, seen);
	if (ch == ' ')
		return skip_gap(c, seen, line);
	if (seen->taken & PIECE_STAMP)
		return ch == '*' && skip_dropped(c, &seen->dropped);
	if (is_digit(ch))
		return skip_dated(c, line, seen) ||
		       (!seen->taken && skip_kmsg_record(c, line));
	if (ch == '*')
		return skip_dropped(c, &seen->dropped);
	return !seen->taken && skip_quote(c);
}

uint64_t klog_prefix_strip(struct slice raw, struct klog_line *ret)
{
	/* More pieces than any writer nests: a line of nothing but prefixes stays text. */
	enum { MAX_PIECES = 8 };
	struct prefix seen = {0};
	struct cursor c = cursor_of(raw);

	for (unsigned i = 0; i < MAX_PIECES && skip_piece(&c, ret, &seen); i++)
		;
	ret->text = cursor_rest(&c);
	return seen.dropped;
}
