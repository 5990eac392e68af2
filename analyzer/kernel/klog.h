// SPDX-License-Identifier: GPL-2.0-or-later
//
// The kernel log as lines, from a dump or from a text, read one at a time: memory does not
// grow with the log.
#ifndef KDV_KERNEL_KLOG_H
#define KDV_KERNEL_KLOG_H

#include <stdio.h>

#include "core/core.h"

struct klog;

enum { KLOG_FACILITY_KERN = 0, KLOG_FACILITY_USER = 1, KLOG_FACILITY_UNKNOWN = 255 };

/* Who called printk, where the log says so ([T123] or [C0]; CONFIG_PRINTK_CALLER). */
enum klog_caller { KLOG_CALLER_UNKNOWN, KLOG_CALLER_TASK, KLOG_CALLER_CPU };

struct klog_line {
	uint32_t number;	/* 1-based line of the log as `kdump-verdict dmesg` prints it */
	bool continues;		/* a further line of the record above */
	bool has_time;
	uint64_t time_ns;	/* since boot */
	int8_t level;		/* 0 emergency .. 7 debug; -1 unknown */
	uint8_t facility;	/* KERN; USER and above: text that user space wrote */
	enum klog_caller caller_kind;
	uint32_t caller;	/* pid or CPU */
	/* Without any prefix and without the newline; lives until the next klog_next(). */
	struct slice text;
};

/* What is known of the log as a whole once it has been read to its end. */
struct klog_info {
	const char *layout;	/* "ringbuffer", "records", "characters" or "text" */
	uint32_t lines;
	uint32_t lost;		/* records that could not be read, messages a console dropped */
	uint32_t unfinished;	/* records that a CPU was still writing */
	bool truncated;		/* the head was overwritten, or the source was cut */
	char why_degraded[160];	/* one clause; "" if the log is whole */
};

/* A place in a log, to come back to. Zeroed: its beginning. */
struct klog_mark {
	uint64_t at;		/* the source's own */
	uint32_t lines_before;
};

/* The log of an open dump, whichever of the three printk layouts its kernel has. */
enum status klog_open_core(struct klog **ret, struct core *core, struct err *err);

/*
 * The log of a text: vmcore-dmesg.txt, console captures, journalctl output, gzip of these.
 * path "-" is standard input (spooled to an unlinked file). A text that holds no line that
 * looks like a kernel log is BROKEN ("no kernel log: ..."), an empty file too.
 */
enum status klog_open_text(struct klog **ret, const char *path, struct err *err);

/*
 * The next line; false at the end. Call klog_rewind() to read again. Pieces of one line that a
 * kernel of 3.5 to 4.19 kept as records of their own are joined (kernel/printk-records.c); the
 * number is that of the first.
 */
bool klog_next(struct klog *klog, struct klog_line *ret);
void klog_rewind(struct klog *klog);

/* The place of the line that klog_next() gave last; the line that it continues, if it does. */
void klog_mark(const struct klog *klog, struct klog_mark *ret);
/*
 * As klog_rewind(), but the next line is that of the mark: what lies before it is not read
 * again. From a dump, whose log is small, it is the first line after all.
 */
void klog_seek(struct klog *klog, const struct klog_mark *mark);

const struct klog_info *klog_info(const struct klog *klog);
void klog_free(struct klog *klog);

/*
 * Writes the log of a dump as vmcore-dmesg (kexec-tools 2.0.25) prints it, byte for byte,
 * except where that tool is wrong (listed in kernel/printk-print.c). FOUND with a text in err
 * means that the log was printed but is not whole.
 */
enum status klog_print(struct core *core, FILE *out, struct err *err);

#endif
