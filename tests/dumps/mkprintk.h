// SPDX-License-Identifier: GPL-2.0-or-later
//
// mkprintk: puts a kernel log, given as a table of messages, into a dump of mkdump's, in any
// of the three layouts that printk has had. It writes as the kernel does: what does not fit
// pushes out the oldest. Afterwards a test may damage any byte through mkdump_virt(), for the
// places are told.
#ifndef KDV_TESTS_MKPRINTK_H
#define KDV_TESTS_MKPRINTK_H

#include "dumps/mkdump.h"

enum mkprintk_layout {
	MKPRINTK_RING,	      /* 5.10 and later */
	MKPRINTK_RECORDS,     /* 3.11 to 5.9: VMCOREINFO says printk_log */
	MKPRINTK_RECORDS_OLD, /* 3.5 to 3.10: it says log */
	MKPRINTK_CHARS,	      /* 2.6.32 */
};

/* What became of a message; only the ring tells more than the first from the rest. */
enum mkprintk_state {
	MKPRINTK_FINAL,
	MKPRINTK_COMMITTED,  /* may still grow */
	MKPRINTK_UNFINISHED, /* reserved, the CPU was still writing */
	MKPRINTK_NO_ROOM,    /* the text found no place in the ring */
	MKPRINTK_FOREIGN,    /* the slot holds the id of another round */
};

/* Flags of the kernel; 0 in a table means MKPRINTK_NEWLINE. */
enum { MKPRINTK_NEWLINE = 2, MKPRINTK_PREFIX = 4, MKPRINTK_CONT = 8 };

struct mkprintk_message {
	uint64_t time_ns;
	unsigned level, facility, flags;
	uint32_t caller;	/* bit 31: a CPU */
	const char *text;
	size_t text_len;	/* 0: strlen(text) */
	const char *dict;	/* "SUBSYSTEM=..." or NULL */
	enum mkprintk_state state;
};

struct mkprintk_spec {
	enum mkprintk_layout layout;
	unsigned size_bits;	/* of the text buffer; 0: 16 */
	unsigned count_bits;	/* descriptors of the ring; 0: 8 */
	bool has_caller;	/* records only: a header with caller_id */
	bool has_context;	/* ring only: printk_info of CONFIG_PRINTK_EXECUTION_CTX, 112 bytes */
	/* Ring only: a block may end where the ring does, as since 7.x; else it wraps then. */
	bool ends_at_end;
	uint64_t first_seq;	/* ring only: of the first message in the table */
	uint64_t first_lpos;	/* ring and records: where the first message's text begins */
};

/* Virtual addresses of what was made. */
struct mkprintk_places {
	uint64_t text, text_size;
	uint64_t descs, desc_size;
	uint64_t infos, info_size;
	uint64_t head_id, tail_id; /* values, not addresses */
	uint64_t desc_ring;	   /* struct prb_desc_ring: count_bits, descs, infos, head, tail */
	uint64_t text_ring;	   /* struct prb_data_ring: size_bits, data */
	uint64_t variables;	   /* log_buf, log_buf_len, log_first_idx or log_end, log_next_idx */
};

/* base: where in the kernel's addresses to put it all, such as MKDUMP_TEXT. */
void mkprintk(struct mkdump *d, uint64_t base, const struct mkprintk_spec *spec,
	      const struct mkprintk_message *messages, size_t count,
	      struct mkprintk_places *ret_places);

#endif
