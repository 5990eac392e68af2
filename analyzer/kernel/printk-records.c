// SPDX-License-Identifier: GPL-2.0-or-later
//
// The log of 3.5 to 5.9: records one behind the other in log_buf.
//
//	struct printk_log {		(struct log up to 3.10)
//		u64 ts_nsec;
//		u16 len;		of the whole record, padding included
//		u16 text_len, dict_len;
//		u8 facility;
//		u8 flags:5, level:3;
//		u32 caller_id;		5.1 and later, with PRINTK_CALLER
//	};				text, then the dictionary, follow at once
//
// The header is packed where unaligned reads are cheap, so that with caller_id it has 20
// bytes or 24: its size is VMCOREINFO's. log_first_idx is the oldest record, log_next_idx
// the place of the next one. A record is never split: when it does not fit before the end, a
// header of zeroes there (len 0) sends the reader to offset 0.
//
// Pieces. printk without a newline used to leave a record with PRINTK_CONT and without
// PRINTK_NEWLINE, and the pieces that went on with the line became records of their own
// (until 4.9 joined most of them beforehand). vmcore-dmesg prints a line per record. The
// kernel's own reader joins them, and so does klog_next(): a report reads as it was
// meant, and its number is that of the first piece. An interrupt's message that came
// between ends the line there, as it does in the kernel.
#include <inttypes.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "kernel/klog-source.h"
#include "kernel/window.h"

enum {
	RECORDS_MAX_HEADER = 256,
	/* What printk_log's u16 can say at most is 64 KiB; printk stops at 1 KiB. */
	RECORDS_MAX_TEXT = 8 * 1024,
	RECORDS_MAX_JOINED = 16 * 1024,
};
/* CONFIG_LOG_BUF_SHIFT and log_buf_len= end at 2^31. */
#define RECORDS_MAX_BUFFER (UINT64_C(1) << 31)

struct records {
	struct klog klog;
	struct core *core;
	/* Of the header; has_caller: caller_id is there. */
	uint64_t size, ts_nsec, len, text_len, caller_id;
	bool has_caller;
	uint32_t buffer_size, first, next_free;
	uint32_t at;		/* the next record */
	uint64_t walked;	/* bytes passed: a loop passes more than there are */
	bool ended;
	bool knows_prefix;	/* a record had PRINTK_PREFIX: this kernel still sets it */
	struct window window;
	unsigned char buf[16 * 1024];
	char joined[RECORDS_MAX_JOINED];
};

static enum status read_member(uint64_t *ret, const struct core *core, const char *type,
			       const char *member, struct err *err)
{
	char name[64];

	snprintf(name, sizeof(name), "%s.%s", type, member);
	return core_offset(core, name, ret, err);
}

static enum status read_layout(struct records *records, struct err *err)
{
	const struct core *core = records->core;
	const char *type = "printk_log";
	enum status st = core_size(core, type, &records->size, err);

	if (st) {
		type = "log";
		st = core_size(core, type, &records->size, err);
	}
	if (!st)
		st = read_member(&records->ts_nsec, core, type, "ts_nsec", err);
	if (!st)
		st = read_member(&records->len, core, type, "len", err);
	if (!st)
		st = read_member(&records->text_len, core, type, "text_len", err);
	if (st)
		return st;
	records->has_caller = !read_member(&records->caller_id, core, type, "caller_id", NULL);
	if (!records->has_caller)
		records->caller_id = 0;
	/* Behind text_len: u16 dict_len, u8 facility, u8 flags and level. */
	if (records->size > RECORDS_MAX_HEADER || records->ts_nsec + 8 > records->size ||
	    records->len + 2 > records->size || records->text_len + 6 > records->size ||
	    records->caller_id + 4 > records->size)
		return err_set(err, STATUS_BROKEN, "VMCOREINFO: members outside of %s", type);
	return STATUS_FOUND;
}

static enum status read_variable(const struct core *core, const char *name, uint32_t *ret,
				 struct err *err)
{
	uint64_t addr;
	enum status st = core_symbol(core, name, &addr, err);

	if (!st)
		st = core_read_u32((struct core *)core, addr, ret, err);
	return st ? err_add(err, st, "cannot read %s", name) : st;
}

static enum status find_buffer(struct records *records, struct err *err)
{
	struct core *core = records->core;
	uint64_t addr, buffer;
	enum status st = core_symbol(core, "log_buf", &addr, err);

	if (!st)
		st = core_read_ptr(core, addr, &buffer, err);
	if (st)
		return err_add(err, st, "cannot read log_buf");
	st = read_variable(core, "log_buf_len", &records->buffer_size, err);
	if (!st)
		st = read_variable(core, "log_first_idx", &records->first, err);
	if (!st)
		st = read_variable(core, "log_next_idx", &records->next_free, err);
	if (st)
		return st;
	if (records->buffer_size > RECORDS_MAX_BUFFER ||
	    records->first >= records->buffer_size || records->next_free > records->buffer_size)
		return err_set(err, STATUS_BROKEN,
			       "log_buf_len %" PRIu32 " does not hold records %" PRIu32 "..%" PRIu32,
			       records->buffer_size, records->first, records->next_free);
	window_init(&records->window, core, buffer, records->buffer_size, records->buf,
		    sizeof(records->buf));
	return STATUS_FOUND;
}

/* The header at records->at, past a wrap marker; false at the end of the log. */
static bool read_header(struct records *records, const unsigned char **ret)
{
	struct err err = {""};

	for (int tries = 0; tries < 2; tries++) {
		const unsigned char *header;

		if (records->ended || records->at == records->next_free)
			return false;
		if (window_read(&records->window, records->at, (uint32_t)records->size, &header,
				&err)) {
			klog_count_lost(&records->klog, 1, "the log ends early: %s", err.text);
			break;
		}
		if (core_uint(records->core, header + records->len, 2)) {
			*ret = header;
			return true;
		}
		records->walked += records->buffer_size - records->at;
		records->at = 0;
	}
	if (!err.text[0])
		klog_count_lost(&records->klog, 1, "the log ends early: a record of no length");
	records->ended = true;
	return false;
}

static uint8_t read_flags(const struct records *records, const unsigned char *header)
{
	uint8_t byte = header[records->text_len + 5];

	return core_is_big_endian(records->core) ? byte >> 3 : byte & 31;
}

static void read_fields(struct records *records, const unsigned char *header,
			struct klog_record *ret)
{
	uint8_t byte = header[records->text_len + 5];

	*ret = (struct klog_record){
		.time_ns = core_uint(records->core, header + records->ts_nsec, 8),
		.facility = header[records->text_len + 4],
		.level = (int8_t)(core_is_big_endian(records->core) ? byte & 7 : byte >> 5),
		.flags = read_flags(records, header),
	};
	if (records->has_caller)
		klog_set_caller(ret, (uint32_t)core_uint(records->core,
							 header + records->caller_id, 4));
	records->knows_prefix |= ret->flags & PRINTK_PREFIX;
}

/* Moves on behind a record of len bytes; false if no log can be that long. */
static bool advance(struct records *records, uint32_t len)
{
	uint32_t at = records->at;

	records->walked += len;
	if (len < records->size || records->at + (uint64_t)len > records->buffer_size)
		klog_count_lost(&records->klog, 1,
				"the log ends early: a record of %" PRIu32 " bytes at %" PRIu32,
				len, records->at);
	else if (records->walked > records->buffer_size)
		klog_count_lost(&records->klog, 1, "the log ends early: its records run in a circle");
	else
		records->at += len;
	records->ended = records->at == at;
	return !records->ended;
}

static bool next_raw(struct klog *klog, struct klog_record *ret)
{
	struct records *records = (struct records *)klog;
	uint32_t at, len, text_len;
	const unsigned char *header, *text;
	struct err err = {""};

	for (;;) {
		if (!read_header(records, &header))
			return false;
		read_fields(records, header, ret);
		at = records->at;
		len = (uint32_t)core_uint(records->core, header + records->len, 2);
		text_len = (uint32_t)core_uint(records->core, header + records->text_len, 2);
		if (!advance(records, len))
			return false;
		if (text_len > len - records->size) {
			klog_count_lost(klog, 1, "a message is longer than its record");
			continue;
		}
		if (text_len > RECORDS_MAX_TEXT) {
			text_len = RECORDS_MAX_TEXT;
			klog_degraded(klog, "a message was cut at %d bytes", RECORDS_MAX_TEXT);
		}
		if (!window_read(&records->window, at + records->size, text_len, &text, &err)) {
			ret->text = (struct slice){(const char *)text, text_len};
			return true;
		}
		klog_count_lost(klog, 1, "a message is lost: %s", err.text);
	}
}

static bool is_open(uint8_t flags)
{
	return (flags & PRINTK_CONT) && !(flags & PRINTK_NEWLINE);
}

/* Whether the next record goes on with a line that a record with these flags left open. */
static bool next_continues(struct records *records, uint8_t flags)
{
	const unsigned char *header;
	uint8_t next;

	if (!is_open(flags) || !read_header(records, &header))
		return false;
	next = read_flags(records, header);
	if (next & PRINTK_CONT)
		return true;
	return records->knows_prefix && !(next & PRINTK_PREFIX);
}

static uint32_t count_lines(struct slice text)
{
	uint32_t count = 1;

	for (size_t i = 0; i < text.n; i++)
		count += text.p[i] == '\n';
	return count;
}

static bool records_next(struct klog *klog, struct klog_record *ret)
{
	struct records *records = (struct records *)klog;
	struct klog_record piece;
	size_t n;

	if (!next_raw(klog, ret))
		return false;
	if (!next_continues(records, ret->flags))
		return true;
	/* The window moves with the next piece, so the line is built beside it. */
	n = ret->text.n;
	memcpy(records->joined, ret->text.p, n);
	ret->printed_lines = count_lines(ret->text);
	piece = *ret;
	while (n < RECORDS_MAX_JOINED - RECORDS_MAX_TEXT &&
	       next_continues(records, piece.flags) &&
	       next_raw(klog, &piece)) {
		memcpy(records->joined + n, piece.text.p, piece.text.n);
		n += piece.text.n;
		ret->printed_lines += count_lines(piece.text);
	}
	ret->text = (struct slice){records->joined, n};
	return true;
}

static void records_rewind(struct klog *klog)
{
	struct records *records = (struct records *)klog;

	records->at = records->first;
	records->walked = 0;
	records->ended = false;
}

static const struct klog_ops records_ops = {
	.layout = "records",
	.next_record = records_next,
	.raw_record = next_raw,
	.rewind = records_rewind,
};

enum status printk_records_open(struct klog **ret, struct core *core, struct err *err)
{
	struct records *records = calloc(1, sizeof(*records));
	enum status st;

	if (!records)
		return err_set(err, STATUS_BROKEN, "out of memory");
	records->klog.ops = &records_ops;
	records->core = core;
	st = read_layout(records, err);
	if (!st)
		st = find_buffer(records, err);
	if (st) {
		free(records);
		return st;
	}
	/* The first record of a boot lies at 0 and stays the first until its place is needed. */
	if (records->first)
		strcpy(records->klog.why_truncated, "the oldest messages were overwritten");
	klog_rewind(&records->klog);
	*ret = &records->klog;
	return STATUS_FOUND;
}
