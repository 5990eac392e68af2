// SPDX-License-Identifier: GPL-2.0-or-later
//
// The log of 5.10 and later: the lockless struct printk_ringbuffer, read in the state in which
// a crash left it.
//
// Two rings. Descriptors are numbered by ids that count up for ever (modulo 2^62, starting
// near the overflow); id & (2^count_bits - 1) is the slot of both the descriptor, which says
// where the text is, and its printk_info, which says the rest:
//
//	prb_desc      { state_var: state << 62 | id,  text_blk_lpos: { begin, next } }
//	printk_info   { seq, ts_nsec, u16 text_len, u8 facility, u8 flags:5 level:3,
//	                caller_id, ..., dev_info }
//
// Between printk_info's caller_id and its end kernels differ (with PRINTK_EXECUTION_CTX the
// name of the task lies there), so its size is VMCOREINFO's, never sizeof. States:
//
//	0 reserved    a CPU is writing it; only a crash lets us see one
//	1 committed   whole, but the same CPU may still append
//	2 finalized   whole
//	3 reusable    its text is gone already
//
// An id in the slot other than the one we came with means that another round has the slot.
//
// Text lies in blocks { unsigned long id; char text[] } padded to a word. begin and next are
// positions that count up for ever too; modulo 2^size_bits (S) they are offsets:
//
//	begin/S == (next-1)/S	the block is [begin, next)
//	else			it did not fit before the end: it is [0, next % S)
//
// The -1 matters: since 7.x a block may end exactly at the end of the ring, where next % S
// is 0 and yet nothing wrapped (up to 6.12 the kernel itself wrapped such a block, so the one
// rule reads both). Positions with bit 0 set have no block: 1 says that there was no room
// for the text, 3 that it was empty.
#include <inttypes.h>
#include <stddef.h>
#include <stdlib.h>

#include "kernel/klog-source.h"
#include "kernel/window.h"

enum {
	/* log_buf_len= takes at most 2 GiB, a descriptor for each 32 bytes of it. */
	RING_MAX_SIZE_BITS = 31,
	RING_MAX_COUNT_BITS = 26,
	/* printk's own limit for one record is 1 KiB. */
	RING_MAX_TEXT = 8 * 1024,
	RING_MAX_STRUCT = 1024,
};

enum desc_state { DESC_RESERVED, DESC_COMMITTED, DESC_FINALIZED, DESC_REUSABLE };

/* Values of LPOS that are no position: bit 0. */
enum { LPOS_DATALESS = 1, LPOS_FAILED = 1 };

/* All from VMCOREINFO. */
struct ring_layout {
	uint64_t long_size, counter;
	uint64_t rb_desc_ring, rb_text_data_ring;
	uint64_t dr_count_bits, dr_descs, dr_infos, dr_head_id, dr_tail_id;
	uint64_t desc_size, desc_state_var, desc_text_blk_lpos, lpos_begin, lpos_next;
	uint64_t info_size, info_seq, info_ts_nsec, info_text_len, info_caller_id;
	uint64_t data_size_bits, data_data;
};

struct ring {
	struct klog klog;
	struct core *core;
	struct ring_layout layout;
	unsigned word;		/* bytes of an unsigned long of that kernel */
	uint64_t word_mask;
	unsigned count_bits, size_bits;
	uint64_t first_id, records;
	uint64_t next;		/* record to read: 0 .. records */
	bool began;		/* a record was read */
	struct window descs, infos, text;
	unsigned char desc_buf[4 * 1024], info_buf[8 * 1024], text_buf[16 * 1024];
};

static enum status read_layout(struct ring_layout *ret, const struct core *core,
			       struct err *err)
{
	static const struct {
		bool is_size;
		const char *name;
		size_t field;
	} keys[] = {
#define RING_SIZE(name, field) {true, name, offsetof(struct ring_layout, field)}
#define RING_OFFSET(name, field) {false, name, offsetof(struct ring_layout, field)}
		RING_SIZE("atomic_long_t", long_size),
		RING_OFFSET("atomic_long_t.counter", counter),
		RING_OFFSET("printk_ringbuffer.desc_ring", rb_desc_ring),
		RING_OFFSET("printk_ringbuffer.text_data_ring", rb_text_data_ring),
		RING_OFFSET("prb_desc_ring.count_bits", dr_count_bits),
		RING_OFFSET("prb_desc_ring.descs", dr_descs),
		RING_OFFSET("prb_desc_ring.infos", dr_infos),
		RING_OFFSET("prb_desc_ring.head_id", dr_head_id),
		RING_OFFSET("prb_desc_ring.tail_id", dr_tail_id),
		RING_SIZE("prb_desc", desc_size),
		RING_OFFSET("prb_desc.state_var", desc_state_var),
		RING_OFFSET("prb_desc.text_blk_lpos", desc_text_blk_lpos),
		RING_OFFSET("prb_data_blk_lpos.begin", lpos_begin),
		RING_OFFSET("prb_data_blk_lpos.next", lpos_next),
		RING_SIZE("printk_info", info_size),
		RING_OFFSET("printk_info.seq", info_seq),
		RING_OFFSET("printk_info.ts_nsec", info_ts_nsec),
		RING_OFFSET("printk_info.text_len", info_text_len),
		RING_OFFSET("printk_info.caller_id", info_caller_id),
		RING_OFFSET("prb_data_ring.size_bits", data_size_bits),
		RING_OFFSET("prb_data_ring.data", data_data),
#undef RING_SIZE
#undef RING_OFFSET
	};

	for (size_t i = 0; i < ARRAY_SIZE(keys); i++) {
		uint64_t *field = (uint64_t *)((char *)ret + keys[i].field);
		enum status st = keys[i].is_size ? core_size(core, keys[i].name, field, err)
						 : core_offset(core, keys[i].name, field, err);

		if (st)
			return st;
		if (*field > RING_MAX_STRUCT)
			return err_set(err, STATUS_BROKEN, "VMCOREINFO: %s is %" PRIu64,
				       keys[i].name, *field);
	}
	return STATUS_FOUND;
}

/* The members that are read must lie in their structs; words are 4 or 8 bytes. */
static enum status check_layout(const struct ring_layout *l, struct err *err)
{
	uint64_t word = l->long_size;

	if (word != 4 && word != 8)
		return err_set(err, STATUS_BROKEN, "VMCOREINFO: a long of %" PRIu64 " bytes", word);
	if (l->desc_state_var + l->counter + word > l->desc_size ||
	    l->desc_text_blk_lpos + l->lpos_begin + word > l->desc_size ||
	    l->desc_text_blk_lpos + l->lpos_next + word > l->desc_size)
		return err_set(err, STATUS_BROKEN, "VMCOREINFO: members outside of prb_desc");
	if (l->info_seq + 8 > l->info_size || l->info_ts_nsec + 8 > l->info_size ||
	    l->info_text_len + 4 > l->info_size || l->info_caller_id + 4 > l->info_size)
		return err_set(err, STATUS_BROKEN, "VMCOREINFO: members outside of printk_info");
	return STATUS_FOUND;
}

static enum status read_desc_ring(struct ring *ring, uint64_t addr, struct err *err)
{
	const struct ring_layout *l = &ring->layout;
	uint64_t descs, infos, head, tail;
	uint64_t id_mask = ring->word_mask >> 2;
	uint32_t bits;
	enum status st;

	st = core_read_u32(ring->core, addr + l->dr_count_bits, &bits, err);
	if (!st)
		st = core_read_ptr(ring->core, addr + l->dr_descs, &descs, err);
	if (!st)
		st = core_read_ptr(ring->core, addr + l->dr_infos, &infos, err);
	if (!st)
		st = core_read_uint(ring->core, addr + l->dr_head_id + l->counter, ring->word,
				    &head, err);
	if (!st)
		st = core_read_uint(ring->core, addr + l->dr_tail_id + l->counter, ring->word,
				    &tail, err);
	if (st)
		return err_add(err, st, "cannot read the descriptor ring");
	if (!bits || bits > RING_MAX_COUNT_BITS)
		return err_set(err, STATUS_BROKEN, "the descriptor ring has 2^%" PRIu32 " slots",
			       bits);
	ring->count_bits = bits;
	ring->records = ((head - tail) & id_mask) + 1;
	ring->first_id = tail & id_mask;
	if (ring->records > UINT64_C(1) << bits) {
		/* Not from a kernel. The slots before head are the best guess. */
		ring->records = UINT64_C(1) << bits;
		ring->first_id = (head - ring->records + 1) & id_mask;
	}
	window_init(&ring->descs, ring->core, descs, l->desc_size << bits, ring->desc_buf,
		    sizeof(ring->desc_buf));
	window_init(&ring->infos, ring->core, infos, l->info_size << bits, ring->info_buf,
		    sizeof(ring->info_buf));
	return STATUS_FOUND;
}

static enum status read_data_ring(struct ring *ring, uint64_t addr, struct err *err)
{
	const struct ring_layout *l = &ring->layout;
	enum status st;
	uint64_t data;
	uint32_t bits;

	st = core_read_u32(ring->core, addr + l->data_size_bits, &bits, err);
	if (!st)
		st = core_read_ptr(ring->core, addr + l->data_data, &data, err);
	if (st)
		return err_add(err, st, "cannot read the text ring");
	if (bits < 4 || bits > RING_MAX_SIZE_BITS)
		return err_set(err, STATUS_BROKEN, "the text ring has 2^%" PRIu32 " bytes", bits);
	ring->size_bits = bits;
	window_init(&ring->text, ring->core, data, UINT64_C(1) << bits, ring->text_buf,
		    sizeof(ring->text_buf));
	return STATUS_FOUND;
}

/* Where a block is and how long, id included; false if no kernel can have written it. */
static bool find_block(const struct ring *ring, uint64_t begin, uint64_t next,
		       uint64_t *ret_offset, uint64_t *ret_size)
{
	uint64_t ring_mask = (UINT64_C(1) << ring->size_bits) - 1;
	uint64_t last = (next - 1) & ring->word_mask;
	uint64_t size = (next - begin) & ring->word_mask;

	if (begin % ring->word || next % ring->word || size > ring_mask + 1)
		return false;
	if (begin >> ring->size_bits != last >> ring->size_bits) {
		*ret_offset = 0;
		size = (last & ring_mask) + 1;
	} else {
		*ret_offset = begin & ring_mask;
	}
	*ret_size = size;
	return size >= ring->word;
}

static enum status read_text(struct ring *ring, uint64_t id, const unsigned char *desc,
			     uint32_t text_len, struct slice *ret, struct err *err)
{
	const struct ring_layout *l = &ring->layout;
	const unsigned char *lpos = desc + l->desc_text_blk_lpos, *block;
	uint64_t begin = core_uint(ring->core, lpos + l->lpos_begin, ring->word);
	uint64_t next = core_uint(ring->core, lpos + l->lpos_next, ring->word);
	uint64_t offset, size;
	enum status st;

	*ret = (struct slice){"", 0};
	if (begin & LPOS_DATALESS) {
		if (begin == LPOS_FAILED)
			klog_count_lost(&ring->klog, 1, "a message had no room in the ring");
		return STATUS_FOUND;
	}
	if (!find_block(ring, begin, next, &offset, &size))
		return err_set(err, STATUS_BROKEN, "its text is at %#" PRIx64 "..%#" PRIx64,
			       begin, next);
	if (text_len > size - ring->word)
		text_len = (uint32_t)(size - ring->word);
	if (text_len > RING_MAX_TEXT) {
		text_len = RING_MAX_TEXT;
		klog_degraded(&ring->klog, "a message was cut at %d bytes", RING_MAX_TEXT);
	}
	st = window_read(&ring->text, offset, ring->word + text_len, &block, err);
	if (st)
		return st;
	if (core_uint(ring->core, block, ring->word) != id)
		return err_set(err, STATUS_BROKEN, "its text belongs to another record");
	*ret = (struct slice){(const char *)block + ring->word, text_len};
	return STATUS_FOUND;
}

static void read_info(struct ring *ring, const unsigned char *info, struct klog_record *ret)
{
	const struct ring_layout *l = &ring->layout;
	const unsigned char *facility = info + l->info_text_len + 2;
	/* struct printk_info { ... u16 text_len; u8 facility; u8 flags:5; u8 level:3; */
	bool big_endian = core_is_big_endian(ring->core);

	*ret = (struct klog_record){
		.time_ns = core_uint(ring->core, info + l->info_ts_nsec, 8),
		.facility = facility[0],
		.level = (int8_t)(big_endian ? facility[1] & 7 : facility[1] >> 5),
		.flags = big_endian ? facility[1] >> 3 : facility[1] & 31,
	};
	klog_set_caller(ret, (uint32_t)core_uint(ring->core, info + l->info_caller_id, 4));
}

/* The first record tells how many there were before it. */
static void note_overwritten(struct ring *ring, const unsigned char *info)
{
	uint64_t seq = core_uint(ring->core, info + ring->layout.info_seq, 8);

	if (ring->began)
		return;
	ring->began = true;
	if (!seq)
		return;
	snprintf(ring->klog.why_truncated, sizeof(ring->klog.why_truncated),
		 "the first %" PRIu64 " messages were overwritten", seq);
}

static uint64_t slot_of(const struct ring *ring, uint64_t id)
{
	return id & ((UINT64_C(1) << ring->count_bits) - 1);
}

/*
 * How many descriptors from this one on begin on its page: when it cannot be read, they cannot
 * be either, and a ring that is said to have 2^26 of them is passed quickly.
 */
static uint64_t slots_on_page(const struct ring *ring, uint64_t id)
{
	uint64_t page = core_page_size(ring->core), size = ring->layout.desc_size;
	uint64_t slot = slot_of(ring, id);
	uint64_t bytes = page - (ring->descs.base + slot * size) % page;
	uint64_t slots = (bytes + size - 1) / size;
	uint64_t to_wrap = (UINT64_C(1) << ring->count_bits) - slot;
	uint64_t to_end = ring->records - ring->next;

	if (slots > to_wrap)
		slots = to_wrap;
	return slots < to_end ? slots : to_end;
}

/* Whether a slot holds a message that was finished; what it holds otherwise is counted. */
static bool has_message(struct ring *ring, uint64_t id, const unsigned char *desc)
{
	uint64_t state_var = core_uint(ring->core, desc + ring->layout.desc_state_var +
				       ring->layout.counter, ring->word);
	enum desc_state state = (enum desc_state)(state_var >> (ring->word * 8 - 2));

	if ((state_var & (ring->word_mask >> 2)) != id) {
		/* The head moved on, but the CPU that moved it had not yet taken the slot. */
		if (state == DESC_REUSABLE || !state_var)
			ring->klog.info.unfinished++;
		else
			klog_count_lost(&ring->klog, 1, "a descriptor has a foreign id");
		return false;
	}
	if (state == DESC_RESERVED)
		ring->klog.info.unfinished++;
	return state == DESC_COMMITTED || state == DESC_FINALIZED;
}

static enum status read_record(struct ring *ring, uint64_t id, const unsigned char *desc,
			       struct klog_record *ret, struct err *err)
{
	const struct ring_layout *l = &ring->layout;
	const unsigned char *info;
	enum status st;

	st = window_read(&ring->infos, slot_of(ring, id) * l->info_size,
			 (uint32_t)l->info_size, &info, err);
	if (st)
		return st;
	read_info(ring, info, ret);
	note_overwritten(ring, info);
	return read_text(ring, id, desc,
			 (uint32_t)core_uint(ring->core, info + l->info_text_len, 2),
			 &ret->text, err);
}

static bool ring_next(struct klog *klog, struct klog_record *ret)
{
	struct ring *ring = (struct ring *)klog;
	uint64_t size = ring->layout.desc_size;

	while (ring->next < ring->records) {
		uint64_t id = (ring->first_id + ring->next) & (ring->word_mask >> 2);
		uint64_t lost = 1;
		const unsigned char *desc;
		struct err err = {""};

		if (window_read(&ring->descs, slot_of(ring, id) * size, (uint32_t)size, &desc,
				&err)) {
			lost = slots_on_page(ring, id);
			ring->next += lost;
		} else {
			ring->next++;
			if (!has_message(ring, id, desc))
				continue;
			if (!read_record(ring, id, desc, ret, &err))
				return true;
		}
		klog_count_lost(klog, (uint32_t)lost, "a message is lost: %s", err.text);
	}
	if (klog->info.unfinished)
		klog_degraded(klog, "%" PRIu32 " messages were still being written",
			      klog->info.unfinished);
	return false;
}

static void ring_rewind(struct klog *klog)
{
	struct ring *ring = (struct ring *)klog;

	ring->next = 0;
	ring->began = false;
}

static const struct klog_ops ring_ops = {
	.layout = "ringbuffer",
	.next_record = ring_next,
	.raw_record = ring_next,
	.rewind = ring_rewind,
};

static enum status open_ring(struct ring *ring, struct err *err)
{
	enum status st = read_layout(&ring->layout, ring->core, err);
	uint64_t prb, rb;

	if (!st)
		st = check_layout(&ring->layout, err);
	if (st)
		return st;
	ring->word = (unsigned)ring->layout.long_size;
	ring->word_mask = ring->word == 8 ? UINT64_MAX : UINT32_MAX;
	/* A pointer: early in boot to a static ring, then to one of log_buf_len. */
	st = core_symbol(ring->core, "prb", &prb, err);
	if (!st)
		st = core_read_ptr(ring->core, prb, &rb, err);
	if (st)
		return err_add(err, st, "cannot read prb");
	st = read_desc_ring(ring, rb + ring->layout.rb_desc_ring, err);
	if (!st)
		st = read_data_ring(ring, rb + ring->layout.rb_text_data_ring, err);
	return st;
}

enum status printk_ring_open(struct klog **ret, struct core *core, struct err *err)
{
	struct ring *ring = calloc(1, sizeof(*ring));
	enum status st;

	if (!ring)
		return err_set(err, STATUS_BROKEN, "out of memory");
	ring->klog.ops = &ring_ops;
	ring->core = core;
	st = open_ring(ring, err);
	if (st) {
		free(ring);
		return st;
	}
	klog_rewind(&ring->klog);
	*ret = &ring->klog;
	return STATUS_FOUND;
}
