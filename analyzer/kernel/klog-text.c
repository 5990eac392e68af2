// SPDX-License-Identifier: GPL-2.0-or-later
//
// The log as a text file: mapped, walked once, and handed out in slices of the mapping, so
// that a log of any size costs no heap. Only lines with terminal colours in them are copied.
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "kernel/klog-source.h"

/* Lines with escape sequences come in pieces of this size at most. */
enum { PLAIN_BYTES = 4096 };
/* How far to look ahead for the next escape at once: stays in the cache for the next lines. */
enum { ESCAPE_BLOCK = 64 * 1024 };

/* How much that was read stays mapped in: a log of any size takes no more memory than this. */
enum { RELEASE_BYTES = 2 * 1024 * 1024 };

#ifndef MADV_POPULATE_READ
#define MADV_POPULATE_READ 22 /* Linux 5.14; older ones refuse it, and fault pages in one by one */
#endif

enum { ESC = '\033' };

struct text_log {
	struct klog klog;
	char *map;
	size_t size;
	const char *start, *end;
	const char *at;
	const char *line;	/* where the line begins that was given last */
	size_t released;	/* bytes of the mapping, from its start */
	size_t populated;	/* likewise: mapped in before they are read */
	bool in_line;		/* `at` is inside a line of which a piece was given */
	const char *escape;	/* no ESC lies between `at` and here... */
	bool has_escape;	/* ...and here is one */
	uint32_t number;
	char plain[PLAIN_BYTES];
};

/* Whether [from, to) has an ESC; nearly always answered by one comparison. */
static bool find_escape(struct text_log *log, const char *from, const char *to)
{
	if (log->escape < from) {
		log->escape = from;
		log->has_escape = false;
	}
	while (!log->has_escape && log->escape < to) {
		size_t left = (size_t)(log->end - log->escape);
		size_t n = left < ESCAPE_BLOCK ? left : ESCAPE_BLOCK;
		const char *p = memchr(log->escape, ESC, n);

		log->has_escape = p;
		log->escape = p ? p : log->escape + n;
	}
	return log->has_escape && log->escape < to;
}

/*
 * Where the sequence that begins at p ends (ECMA-48): ESC [ parameters letter, ESC ] text up to
 * BEL or ESC \, or ESC, intermediates and one byte. One that the end cuts off ends there.
 */
static const char *past_escape(const char *p, const char *end)
{
	char kind = p + 1 < end ? p[1] : '\0';

	p += 2;
	if (kind == ']') {
		while (p < end && *p != '\a' && *p != ESC)
			p++;
		return p < end && *p == ESC ? p + (p + 1 < end) + 1 : p + (p < end);
	}
	if (kind == '[')
		while (p < end && *p >= 0x20 && *p < 0x40)
			p++;
	else if (kind >= 0x20 && kind < 0x30)
		while (p < end && *p >= 0x20 && *p < 0x30)
			p++;
	else
		return p < end ? p : end;
	return p < end ? p + 1 : end;
}

static struct slice without_escapes(struct text_log *log, struct slice s)
{
	const char *end = s.p + s.n;
	size_t n = 0;

	for (const char *p = s.p; p < end;) {
		if (*p == ESC)
			p = past_escape(p, end);
		else
			log->plain[n++] = *p++;
	}
	return (struct slice){log->plain, n};
}

/* Takes the next line, or the next piece of one that is too long; ret_whole: it ended here. */
static struct slice take_line(struct text_log *log, bool *ret_whole)
{
	size_t left = (size_t)(log->end - log->at);
	size_t room = left < KLOG_MAX_LINE ? left : KLOG_MAX_LINE;
	const char *eol = memchr(log->at, '\n', room);
	struct slice raw = {log->at, eol ? (size_t)(eol - log->at) : room};

	if (find_escape(log, raw.p, raw.p + raw.n)) {
		if (raw.n > PLAIN_BYTES) {
			raw.n = PLAIN_BYTES;
			eol = NULL;
		}
		log->at = raw.p + raw.n;
		raw = without_escapes(log, raw);
	} else {
		log->at = raw.p + raw.n;
	}
	*ret_whole = eol || log->at == log->end;
	if (eol)
		log->at = eol + 1;
	if (*ret_whole)
		while (raw.n && raw.p[raw.n - 1] == '\r')
			raw.n--;
	return raw;
}

/*
 * Moves the part of the file that is mapped in along with `at`. Lines live until the next one is
 * asked for, so nothing before `at` is in use.
 */
static void move_window(struct text_log *log)
{
	size_t at = (size_t)(log->at - log->map);

	while (log->populated <= at && log->populated < log->size) {
		size_t left = log->size - log->populated;
		size_t n = left < RELEASE_BYTES ? left : RELEASE_BYTES;

		(void)madvise(log->map + log->populated, n, MADV_POPULATE_READ); /* a hint */
		log->populated += n;
	}
	while (at - log->released >= RELEASE_BYTES) {
		/* Gives the pages back; a rewind finds them in the page cache. */
		(void)madvise(log->map + log->released, RELEASE_BYTES, MADV_DONTNEED);
		log->released += RELEASE_BYTES;
	}
}

static bool text_next(struct klog *klog, struct klog_line *ret)
{
	struct text_log *log = (struct text_log *)klog;
	struct slice raw;
	uint64_t dropped;
	bool whole;

	if (log->at == log->end)
		return false;
	move_window(log);
	*ret = (struct klog_line){
		.level = -1,
		.facility = KLOG_FACILITY_UNKNOWN,
		.continues = log->in_line,
	};
	if (!log->in_line) {
		log->line = log->at;
		log->number++;
	}
	raw = take_line(log, &whole);
	ret->number = log->number;
	ret->text = raw;
	if (log->in_line) {
		log->in_line = !whole;
		return true;
	}
	log->in_line = !whole;
	dropped = klog_prefix_strip(raw, ret);
	if (dropped)
		klog_count_lost(klog, (uint32_t)dropped,
				"the console dropped messages while the log was written");
	return true;
}

static void text_rewind(struct klog *klog)
{
	struct text_log *log = (struct text_log *)klog;

	log->at = log->line = log->start;
	log->released = 0;
	log->populated = 0;
	log->in_line = false;
	log->escape = log->start;
	log->has_escape = false;
	log->number = 0;
}

static void text_mark(const struct klog *klog, struct klog_mark *ret)
{
	const struct text_log *log = (const struct text_log *)klog;

	ret->at = (uint64_t)(log->line - log->start);
	ret->lines_before = log->number ? log->number - 1 : 0;
}

static void text_seek(struct klog *klog, const struct klog_mark *mark)
{
	struct text_log *log = (struct text_log *)klog;
	size_t block;

	if (mark->at > (size_t)(log->end - log->start))
		return;
	log->at = log->line = log->start + mark->at;
	log->escape = log->at;
	log->number = mark->lines_before;
	block = (size_t)(log->at - log->map) / RELEASE_BYTES * RELEASE_BYTES;
	log->released = log->populated = block;
}

static void text_free(struct klog *klog)
{
	struct text_log *log = (struct text_log *)klog;

	if (log->map)
		munmap(log->map, log->size);
	free(log);
}

static const struct klog_ops text_ops = {
	.layout = "text",
	.next_line = text_next,
	.rewind = text_rewind,
	.mark = text_mark,
	.seek = text_seek,
	.free = text_free,
};

static enum status map_file(struct text_log *log, int fd, struct err *err)
{
	struct stat sb;

	if (fstat(fd, &sb) < 0)
		return err_set(err, STATUS_BROKEN, "cannot read: %s", strerror(errno));
	if (!sb.st_size)
		return klog_judge((struct slice){NULL, 0}, err);
	if ((uint64_t)sb.st_size > SIZE_MAX)
		return err_set(err, STATUS_BROKEN, "too large for this machine's addresses");
	log->size = (size_t)sb.st_size;
	log->map = mmap(NULL, log->size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (log->map == MAP_FAILED) {
		log->map = NULL;
		return err_set(err, STATUS_BROKEN, "cannot map: %s", strerror(errno));
	}
	(void)madvise(log->map, log->size, MADV_SEQUENTIAL); /* only a hint */
	log->start = log->map;
	log->end = log->map + log->size;
	if (log->size >= 3 && !memcmp(log->start, "\xef\xbb\xbf", 3))
		log->start += 3;
	return klog_judge((struct slice){log->start, (size_t)(log->end - log->start)}, err);
}

enum status klog_open_text(struct klog **ret, const char *path, struct err *err)
{
	struct text_log *log = calloc(1, sizeof(*log));
	_cleanup_close_ int fd = -1;
	enum status st;

	if (!log)
		return err_set(err, STATUS_BROKEN, "out of memory");
	log->klog.ops = &text_ops;
	st = klog_spool(&fd, log->klog.why_truncated, path, err);
	if (!st)
		st = map_file(log, fd, err);
	if (st) {
		text_free(&log->klog);
		return st;
	}
	klog_rewind(&log->klog);
	*ret = &log->klog;
	return STATUS_FOUND;
}
