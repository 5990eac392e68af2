// SPDX-License-Identifier: GPL-2.0-or-later
//
// Private to kernel/: what a source of the log gives klog.c. A source either gives lines
// (text, the character buffer) or records (the two record layouts of printk).
#ifndef KDV_KERNEL_KLOG_SOURCE_H
#define KDV_KERNEL_KLOG_SOURCE_H

#include "kernel/klog.h"

/* enum printk_info_flags and, before 5.10, enum log_flags of the kernel: the same bits. */
enum { PRINTK_NEWLINE = 2, PRINTK_PREFIX = 4, PRINTK_CONT = 8 };

/*
 * A line longer than this comes in pieces, the further ones marked `continues`: the kernel
 * writes at most 1 KiB, so this only bounds what a damaged or foreign file can demand.
 */
enum { KLOG_MAX_LINE = 64 * 1024 };
enum { KLOG_WHY_CUT = 120 };

struct klog_record {
	uint64_t time_ns;
	int8_t level;
	uint8_t facility;
	uint8_t flags;
	enum klog_caller caller_kind;
	uint32_t caller;
	struct slice text;	/* may hold newlines, never NULL; lives until the next record */
	uint32_t printed_lines;	/* 0: as many as text has; else (joined records) this many */
};

/* A source has two of the four functions: next_line and raw_bytes, or the ones of records. */
struct klog_ops {
	const char *layout;
	bool (*next_line)(struct klog *klog, struct klog_line *ret);
	bool (*next_record)(struct klog *klog, struct klog_record *ret);
	/* For klog_print(): what the buffer holds, pieces not joined, nothing stripped. */
	bool (*raw_bytes)(struct klog *klog, struct slice *ret);
	bool (*raw_record)(struct klog *klog, struct klog_record *ret);
	void (*rewind)(struct klog *klog);
	/* NULL: the source can only be read from its beginning. */
	void (*mark)(const struct klog *klog, struct klog_mark *ret);
	void (*seek)(struct klog *klog, const struct klog_mark *mark); /* after a rewind */
	void (*free)(struct klog *klog); /* NULL: the source is one block of memory */
};

/* The first member of every source. */
struct klog {
	const struct klog_ops *ops;
	struct klog_info info;
	/* Why the log is not all there ever was: known when it was opened, or "" */
	char why_truncated[KLOG_WHY_CUT];

	/* klog.c: the record whose lines are being handed out. */
	struct klog_record record;
	struct slice rest;
	bool in_record;
	uint32_t line, next_line;
};

/* Counts n records as unreadable; the first reason given becomes why_degraded. */
void klog_count_lost(struct klog *klog, uint32_t n, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
/* Says what is wrong with the log as a whole; the first one stands. */
void klog_degraded(struct klog *klog, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* At the end of a reading: what was cut off stands as the reason when nothing worse does. */
void klog_finish(struct klog *klog);

/* Fills kind and number from a printk caller id: bit 31 says CPU, else a thread's pid. */
void klog_set_caller(struct klog_record *record, uint32_t caller_id);

/* The three layouts of printk. */
enum status printk_ring_open(struct klog **ret, struct core *core, struct err *err);
enum status printk_records_open(struct klog **ret, struct core *core, struct err *err);
enum status printk_chars_open(struct klog **ret, struct core *core, struct err *err);

/*
 * Takes off everything that stood in front of what printk was given, fills the fields of
 * *ret that the prefixes tell, and sets the text (see kernel/klog-prefix.c for the grammar).
 * Returns how many messages the prefix says were dropped before this one.
 */
uint64_t klog_prefix_strip(struct slice raw, struct klog_line *ret);

/*
 * A descriptor of a file that can be read at any place, with what path ("-": standard input) holds: the
 * file itself, or an unlinked copy of what a pipe gives or a gzip file unpacks to. *ret_cut
 * says why the copy is not all of it ("" if it is).
 */
enum status klog_spool(int *ret_fd, char ret_cut[static KLOG_WHY_CUT], const char *path,
		       struct err *err);

/* How far to look for evidence: firmware and boot loader can fill a console log first. */
enum { KLOG_JUDGE_BYTES = 16 * 1024 * 1024 };

/*
 * Judges a file by its first bytes: BROKEN with the reason if they are of a known format that is
 * no text. *ret_is_binary: so many bytes are no text that evidence has to be strict.
 */
enum status klog_judge_head(struct slice head, bool *ret_is_binary, struct err *err);
/*
 * Whether a line, without the blanks around it, is one that only a kernel prints; of binary
 * data, one that nothing but a running kernel writes.
 */
bool klog_is_evidence(struct slice line, bool is_binary);
/* What to say of a file without evidence: always BROKEN. */
enum status klog_judge_without(bool is_binary, struct err *err);

#endif
