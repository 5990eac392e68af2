// SPDX-License-Identifier: GPL-2.0-or-later
//
// The common type: lines from any source, records cut into lines, and what was lost.
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kernel/klog-source.h"

void klog_degraded(struct klog *klog, const char *fmt, ...)
{
	va_list ap;

	if (klog->info.why_degraded[0])
		return;
	va_start(ap, fmt);
	vsnprintf(klog->info.why_degraded, sizeof(klog->info.why_degraded), fmt, ap);
	va_end(ap);
}

void klog_count_lost(struct klog *klog, uint32_t n, const char *fmt, ...)
{
	char why[sizeof(klog->info.why_degraded)];
	va_list ap;

	if (__builtin_add_overflow(klog->info.lost, n, &klog->info.lost))
		klog->info.lost = UINT32_MAX;
	if (klog->info.why_degraded[0])
		return;
	va_start(ap, fmt);
	vsnprintf(why, sizeof(why), fmt, ap);
	va_end(ap);
	klog_degraded(klog, "%s", why);
}

void klog_finish(struct klog *klog)
{
	klog->info.truncated = klog->why_truncated[0];
	if (klog->info.truncated)
		klog_degraded(klog, "%s", klog->why_truncated);
}

void klog_set_caller(struct klog_record *record, uint32_t caller_id)
{
	enum { CALLER_IS_CPU = 1u << 31 };
	bool is_cpu = caller_id & CALLER_IS_CPU;

	record->caller_kind = is_cpu ? KLOG_CALLER_CPU : KLOG_CALLER_TASK;
	record->caller = caller_id & ~(uint32_t)CALLER_IS_CPU;
}

static uint32_t count_lines(struct slice text)
{
	const char *end = text.p + text.n;
	uint32_t count = 1;

	for (const char *p = text.p; (p = memchr(p, '\n', (size_t)(end - p))); p++)
		count++;
	return count;
}

static bool begin_record(struct klog *klog)
{
	struct klog_record *record = &klog->record;

	if (!klog->ops->next_record(klog, record))
		return false;
	klog->rest = record->text;
	klog->in_record = true;
	klog->line = klog->next_line;
	klog->next_line += record->printed_lines ? record->printed_lines
						 : count_lines(record->text);
	return true;
}

/* Takes the next line off klog->rest; the last one ends the record. */
static struct slice take_line(struct klog *klog)
{
	struct slice rest = klog->rest;
	const char *eol = memchr(rest.p, '\n', rest.n);
	struct slice line = {rest.p, eol ? (size_t)(eol - rest.p) : rest.n};

	klog->in_record = eol;
	if (eol)
		klog->rest = (struct slice){eol + 1, rest.n - line.n - 1};
	return line;
}

static bool next_of_records(struct klog *klog, struct klog_line *ret)
{
	const struct klog_record *record = &klog->record;
	bool continues = klog->in_record;

	if (!continues && !begin_record(klog))
		return false;
	*ret = (struct klog_line){
		.number = klog->line,
		.continues = continues,
		.has_time = true,
		.time_ns = record->time_ns,
		.level = record->level,
		.facility = record->facility,
		.caller_kind = record->caller_kind,
		.caller = record->caller,
		.text = take_line(klog),
	};
	klog->line++;
	return true;
}

enum status klog_open_core(struct klog **ret, struct core *core, struct err *err)
{
	/* What VMCOREINFO names tells the layout; distributions backport, so versions do not. */
	static const struct {
		const char *symbol;
		enum status (*open)(struct klog **ret, struct core *core, struct err *err);
	} layouts[] = {
		{"prb", printk_ring_open},
		{"log_first_idx", printk_records_open},
		{"log_end", printk_chars_open},
	};
	uint64_t addr;

	for (size_t i = 0; i < ARRAY_SIZE(layouts); i++) {
		enum status st;

		if (core_symbol(core, layouts[i].symbol, &addr, NULL))
			continue;
		st = layouts[i].open(ret, core, err);
		return st ? err_add(err, st, "cannot read the kernel log") : st;
	}
	return err_set(err, STATUS_ABSENT,
		       "no kernel log: VMCOREINFO names none of prb, log_first_idx and log_end");
}

bool klog_next(struct klog *klog, struct klog_line *ret)
{
	bool more = klog->ops->next_line ? klog->ops->next_line(klog, ret)
					 : next_of_records(klog, ret);

	if (more)
		klog->info.lines = ret->number;
	else
		klog_finish(klog);
	return more;
}

void klog_rewind(struct klog *klog)
{
	klog->info = (struct klog_info){
		.layout = klog->ops->layout,
		.truncated = klog->why_truncated[0],
	};
	klog->in_record = false;
	klog->next_line = 1;
	klog->ops->rewind(klog);
}

void klog_mark(const struct klog *klog, struct klog_mark *ret)
{
	*ret = (struct klog_mark){0};
	if (klog->ops->mark)
		klog->ops->mark(klog, ret);
}

void klog_seek(struct klog *klog, const struct klog_mark *mark)
{
	klog_rewind(klog);
	if (klog->ops->seek)
		klog->ops->seek(klog, mark);
}

const struct klog_info *klog_info(const struct klog *klog)
{
	return &klog->info;
}

void klog_free(struct klog *klog)
{
	if (klog && klog->ops->free)
		klog->ops->free(klog);
	else
		free(klog);
}
