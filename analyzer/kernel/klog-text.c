// SPDX-License-Identifier: GPL-2.0-or-later
//
// The log as a text file: read once through a window that moves along, and handed out in slices
// of it, so that a log of any size takes the same small memory. Read, not mapped: that is
// faster by the time it takes to map 8,000 pages of 32 MiB, and a file that shrinks under us, or
// a disk that fails, ends the log instead of the process. Only lines with terminal colours in
// them are copied.
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kernel/klog-source.h"

/* Lines with escape sequences come in pieces of this size at most. */
enum { PLAIN_BYTES = 4096 };
/* Twice the longest line; stays in the processor's cache from the reading to the last look. */
enum { WINDOW_BYTES = 2 * (int)KLOG_MAX_LINE };

enum { ESC = '\033' };

struct text_log {
	struct klog klog;
	int fd;
	uint64_t start;		/* offset in the file: behind a byte order mark */
	uint64_t read_to;	/* offset of the window's end */
	uint64_t line;		/* offset of the line that was given last */
	const char *at, *end;	/* what of the window was not given yet */
	bool ended;		/* nothing comes behind the window */
	bool in_line;		/* `at` is inside a line of which a piece was given */
	bool has_escape;	/* the window has one somewhere */
	uint32_t number;
	char plain[PLAIN_BYTES];
	char window[WINDOW_BYTES];
};

static uint64_t offset_of(const struct text_log *log, const char *p)
{
	return log->read_to - (uint64_t)(log->end - p);
}

/* The window from offset on. */
static void move_to(struct text_log *log, uint64_t offset)
{
	log->read_to = offset;
	log->at = log->end = log->window;
	log->ended = false;
}

/* Keeps what was not given yet, and reads on behind it. False: that failed, see why_truncated. */
static bool read_on(struct text_log *log)
{
	size_t kept = (size_t)(log->end - log->at), room = WINDOW_BYTES - kept;
	ssize_t n;

	memmove(log->window, log->at, kept);
	log->at = log->window;
	do
		n = pread(log->fd, log->window + kept, room, (off_t)log->read_to);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		snprintf(log->klog.why_truncated, sizeof(log->klog.why_truncated),
			 "reading it failed at byte %" PRIu64 ": %s", log->read_to, strerror(errno));
	log->ended = n <= 0;
	if (n > 0)
		log->read_to += (uint64_t)n;
	log->end = log->window + kept + (n > 0 ? (size_t)n : 0);
	log->has_escape = memchr(log->at, ESC, (size_t)(log->end - log->at));
	return n >= 0;
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

/* Takes the next line, or the next piece of one that is too long; in_line then says so. */
static inline struct slice take_line(struct text_log *log)
{
	const char *eol = memchr(log->at, '\n', (size_t)(log->end - log->at));
	struct slice raw;
	size_t left;

	while (!eol && !log->ended && log->end - log->at < KLOG_MAX_LINE) {
		(void)read_on(log); /* a failure ends the log, and is told in its end */
		eol = memchr(log->at, '\n', (size_t)(log->end - log->at));
	}
	left = (size_t)((eol ? eol : log->end) - log->at);
	raw = (struct slice){log->at, left < KLOG_MAX_LINE ? left : KLOG_MAX_LINE};
	if (log->has_escape && memchr(raw.p, ESC, raw.n)) {
		if (raw.n > PLAIN_BYTES)
			raw.n = PLAIN_BYTES;
		log->at += raw.n;
		raw = without_escapes(log, raw);
	} else {
		log->at += raw.n;
	}
	log->in_line = log->at != eol && !(log->ended && log->at == log->end);
	if (log->in_line)
		return raw;
	log->at += log->at == eol;
	while (raw.n && raw.p[raw.n - 1] == '\r')
		raw.n--;
	return raw;
}

/* False at the end of the file. */
static bool has_more(struct text_log *log)
{
	if (log->at == log->end && !log->ended)
		(void)read_on(log);
	return log->at < log->end;
}

static bool text_next(struct klog *klog, struct klog_line *ret)
{
	struct text_log *log = (struct text_log *)klog;
	bool continues = log->in_line;
	uint64_t dropped;

	if (!has_more(log))
		return false;
	if (!continues) {
		log->line = offset_of(log, log->at);
		log->number++;
	}
	*ret = (struct klog_line){
		.number = log->number,
		.continues = continues,
		.level = -1,
		.facility = KLOG_FACILITY_UNKNOWN,
		.text = take_line(log),
	};
	if (continues)
		return true;
	dropped = klog_prefix_strip(ret->text, ret);
	if (dropped)
		klog_count_lost(klog, (uint32_t)dropped,
				"the console dropped messages while the log was written");
	return true;
}

static void begin_at(struct text_log *log, uint64_t offset, uint32_t lines_before)
{
	log->line = offset;
	log->number = lines_before;
	log->in_line = false;
	move_to(log, offset);
}

static void text_rewind(struct klog *klog)
{
	struct text_log *log = (struct text_log *)klog;

	begin_at(log, log->start, 0);
}

static void text_mark(const struct klog *klog, struct klog_mark *ret)
{
	const struct text_log *log = (const struct text_log *)klog;

	ret->at = log->line;
	ret->lines_before = log->number ? log->number - 1 : 0;
}

static void text_seek(struct klog *klog, const struct klog_mark *mark)
{
	struct text_log *log = (struct text_log *)klog;

	if (mark->at > log->start)
		begin_at(log, mark->at, mark->lines_before);
}

static void text_free(struct klog *klog)
{
	struct text_log *log = (struct text_log *)klog;

	if (log->fd >= 0)
		close(log->fd);
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

static void skip_byte_order_mark(struct text_log *log)
{
	if (log->end - log->at >= 3 && !memcmp(log->at, "\xef\xbb\xbf", 3))
		log->start = 3;
}

/* Whether the file holds a kernel log; BROKEN with the reason if not. */
static enum status judge(struct text_log *log, struct err *err)
{
	bool is_binary, is_piece = false;
	enum status st;

	if (!read_on(log))
		return err_set(err, STATUS_BROKEN, "%s", log->klog.why_truncated);
	skip_byte_order_mark(log);
	st = klog_judge_head((struct slice){log->at + log->start,
					    (size_t)(log->end - log->at) - log->start},
			     &is_binary, err);
	if (st)
		return st;
	for (move_to(log, log->start); log->read_to < KLOG_JUDGE_BYTES && has_more(log);
	     is_piece = log->in_line) {
		struct slice line = take_line(log);

		if (!is_piece && !log->in_line && klog_is_evidence(slice_trim(line), is_binary))
			return STATUS_FOUND;
	}
	return klog_judge_without(is_binary, err);
}

enum status klog_open_text(struct klog **ret, const char *path, struct err *err)
{
	struct text_log *log = calloc(1, sizeof(*log));
	enum status st;

	if (!log)
		return err_set(err, STATUS_BROKEN, "out of memory");
	log->klog.ops = &text_ops;
	log->fd = -1;
	move_to(log, 0);
	st = klog_spool(&log->fd, log->klog.why_truncated, path, err);
	if (!st)
		st = judge(log, err);
	if (st) {
		text_free(&log->klog);
		return st;
	}
	(void)posix_fadvise(log->fd, 0, 0, POSIX_FADV_SEQUENTIAL); /* only a hint */
	klog_rewind(&log->klog);
	*ret = &log->klog;
	return STATUS_FOUND;
}
