// SPDX-License-Identifier: GPL-2.0-or-later
//
// The three printk layouts, written the way the kernel writes them.
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "dumps/mkprintk.h"

/* Offsets from base: pointers and variables, the rings' structs, then the arrays. */
enum {
	VARIABLES = 0x000,
	RINGBUFFER = 0x100,
	ARRAYS = 0x1000,
	WORD = 8,
};

static void *allocate(size_t size)
{
	void *p = calloc(1, size);

	if (!p)
		abort();
	return p;
}

static size_t text_length(const struct mkprintk_message *m)
{
	return m->text_len || !m->text ? m->text_len : strlen(m->text);
}

static unsigned char flags_and_level(const struct mkdump *d, const struct mkprintk_message *m)
{
	unsigned flags = m->flags ? m->flags : MKPRINTK_NEWLINE;

	if (mkdump_is_big_endian(d))
		return (unsigned char)(flags << 3 | m->level);
	return (unsigned char)(m->level << 5 | flags);
}

/* ---- the lockless ring ------------------------------------------------------------------ */

enum { DESC_SIZE = 24, INFO_SIZE = 88, INFO_SIZE_CONTEXT = 112, DESC_RING = 48, TEXT_RING = 32 };

static uint64_t slots(const struct mkprintk_spec *spec)
{
	return UINT64_C(1) << (spec->count_bits ? spec->count_bits : 8);
}

/* Of the kernel's first message: ids run over once the ring was filled. -1: one before it. */
static uint64_t id_of(const struct mkprintk_spec *spec, uint64_t index)
{
	return (index - slots(spec)) & (UINT64_MAX >> 2);
}

/* All of a buffer is memory of the kernel from the start, used or not. */
static void put_zeroes(struct mkdump *d, uint64_t addr, uint64_t size)
{
	void *zeroes = allocate(size);

	mkdump_virt(d, addr, zeroes, size);
	free(zeroes);
}

struct ring_builder {
	struct mkdump *d;
	const struct mkprintk_spec *spec;
	const struct mkprintk_places *places;
	uint64_t lpos;		/* where the next block begins */
	uint64_t count;
};

/* Takes room for a text of len bytes and puts it there; the block's bounds go to the two. */
static void put_block(struct ring_builder *b, uint64_t id, const char *text, size_t len,
		      uint64_t *ret_begin, uint64_t *ret_next)
{
	uint64_t size = b->places->text_size;
	uint64_t bytes = (WORD + len + WORD - 1) / WORD * WORD;
	uint64_t begin = b->lpos, next = begin + bytes;
	uint64_t last = b->spec->ends_at_end ? next - 1 : next;
	uint64_t offset = begin % size;

	if (begin / size != last / size) {
		next = last / size * size + bytes;
		offset = 0;
	}
	mkdump_uint(b->d, b->places->text + offset, WORD, id);
	mkdump_virt(b->d, b->places->text + offset + WORD, text, len);
	b->lpos = next;
	*ret_begin = begin;
	*ret_next = next;
}

static void put_info(struct ring_builder *b, uint64_t slot, uint64_t seq,
		     const struct mkprintk_message *m)
{
	uint64_t info = b->places->infos + slot * b->places->info_size;
	uint64_t dev = info + (b->spec->has_context ? 44 : 24);

	mkdump_uint(b->d, info, 8, seq);
	mkdump_uint(b->d, info + 8, 8, m->time_ns);
	mkdump_uint(b->d, info + 16, 2, text_length(m));
	mkdump_uint(b->d, info + 18, 1, m->facility);
	mkdump_uint(b->d, info + 19, 1, flags_and_level(b->d, m));
	mkdump_uint(b->d, info + 20, 4, m->caller);
	if (b->spec->has_context)
		mkdump_virt(b->d, info + 28, "comm", 5);
	if (m->dict)
		mkdump_virt(b->d, dev, m->dict, strlen(m->dict) < 64 ? strlen(m->dict) : 64);
}

static void put_desc(struct ring_builder *b, uint64_t index, const struct mkprintk_message *m)
{
	static const unsigned states[] = {
		[MKPRINTK_FINAL] = 2,	[MKPRINTK_COMMITTED] = 1, [MKPRINTK_UNFINISHED] = 0,
		[MKPRINTK_NO_ROOM] = 2, [MKPRINTK_FOREIGN] = 2,
	};
	uint64_t id = id_of(b->spec, index), slot = id % b->count;
	uint64_t desc = b->places->descs + slot * DESC_SIZE;
	uint64_t begin = m->state == MKPRINTK_NO_ROOM ? 1 : 3, next = begin;

	if (m->state != MKPRINTK_NO_ROOM && text_length(m))
		put_block(b, id, m->text, text_length(m), &begin, &next);
	put_info(b, slot, b->spec->first_seq + index, m);
	if (m->state == MKPRINTK_FOREIGN)
		id -= b->count;
	mkdump_uint(b->d, desc, WORD, (uint64_t)states[m->state] << 62 | (id & UINT64_MAX >> 2));
	mkdump_uint(b->d, desc + 8, WORD, begin);
	mkdump_uint(b->d, desc + 16, WORD, next);
}

static void ring_vmcoreinfo(struct mkdump *d, uint64_t prb, uint64_t info_size)
{
	mkdump_info(d, "SYMBOL(prb)=%" PRIx64, prb);
	mkdump_info(d, "SIZE(printk_ringbuffer)=88");
	mkdump_info(d, "OFFSET(printk_ringbuffer.desc_ring)=0");
	mkdump_info(d, "OFFSET(printk_ringbuffer.text_data_ring)=%d", DESC_RING);
	mkdump_info(d, "OFFSET(printk_ringbuffer.fail)=80");
	mkdump_info(d, "SIZE(prb_desc_ring)=%d", DESC_RING);
	mkdump_info(d, "OFFSET(prb_desc_ring.count_bits)=0");
	mkdump_info(d, "OFFSET(prb_desc_ring.descs)=8");
	mkdump_info(d, "OFFSET(prb_desc_ring.infos)=16");
	mkdump_info(d, "OFFSET(prb_desc_ring.head_id)=24");
	mkdump_info(d, "OFFSET(prb_desc_ring.tail_id)=32");
	mkdump_info(d, "SIZE(prb_desc)=%d", DESC_SIZE);
	mkdump_info(d, "OFFSET(prb_desc.state_var)=0");
	mkdump_info(d, "OFFSET(prb_desc.text_blk_lpos)=8");
	mkdump_info(d, "SIZE(prb_data_blk_lpos)=16");
	mkdump_info(d, "OFFSET(prb_data_blk_lpos.begin)=0");
	mkdump_info(d, "OFFSET(prb_data_blk_lpos.next)=8");
	mkdump_info(d, "SIZE(printk_info)=%" PRIu64, info_size);
	mkdump_info(d, "OFFSET(printk_info.seq)=0");
	mkdump_info(d, "OFFSET(printk_info.ts_nsec)=8");
	mkdump_info(d, "OFFSET(printk_info.text_len)=16");
	mkdump_info(d, "OFFSET(printk_info.caller_id)=20");
	mkdump_info(d, "OFFSET(printk_info.dev_info)=%d", info_size == INFO_SIZE ? 24 : 44);
	mkdump_info(d, "SIZE(dev_printk_info)=64");
	mkdump_info(d, "OFFSET(dev_printk_info.subsystem)=0");
	mkdump_info(d, "LENGTH(printk_info_subsystem)=16");
	mkdump_info(d, "OFFSET(dev_printk_info.device)=16");
	mkdump_info(d, "LENGTH(printk_info_device)=48");
	mkdump_info(d, "SIZE(prb_data_ring)=%d", TEXT_RING);
	mkdump_info(d, "OFFSET(prb_data_ring.size_bits)=0");
	mkdump_info(d, "OFFSET(prb_data_ring.data)=8");
	mkdump_info(d, "OFFSET(prb_data_ring.head_lpos)=16");
	mkdump_info(d, "OFFSET(prb_data_ring.tail_lpos)=24");
	mkdump_info(d, "SIZE(atomic_long_t)=8");
	mkdump_info(d, "OFFSET(atomic_long_t.counter)=0");
}

/* The oldest message whose block and descriptor no later one took. */
static uint64_t oldest_kept(const struct ring_builder *b, const uint64_t *begins, uint64_t count)
{
	uint64_t oldest = count > b->count ? count - b->count : 0;

	while (oldest < count && b->lpos - begins[oldest] > b->places->text_size)
		oldest++;
	return oldest;
}

static void put_ring(struct mkdump *d, uint64_t base, const struct mkprintk_spec *spec,
		     const struct mkprintk_message *messages, size_t count,
		     struct mkprintk_places *places)
{
	struct ring_builder b = {
		.d = d,
		.spec = spec,
		.places = places,
		.lpos = spec->first_lpos,
		.count = slots(spec),
	};
	uint64_t *begins = allocate((count + 1) * sizeof(*begins));
	uint64_t rb = base + RINGBUFFER, oldest;

	places->desc_size = DESC_SIZE;
	places->info_size = spec->has_context ? INFO_SIZE_CONTEXT : INFO_SIZE;
	places->descs = base + ARRAYS;
	places->infos = places->descs + b.count * DESC_SIZE;
	places->text = (places->infos + b.count * places->info_size + 4095) & ~UINT64_C(4095);
	places->desc_ring = rb;
	places->text_ring = rb + DESC_RING;
	put_zeroes(d, places->descs, b.count * DESC_SIZE);
	put_zeroes(d, places->infos, b.count * places->info_size);
	put_zeroes(d, places->text, places->text_size);
	for (size_t i = 0; i < count; i++) {
		begins[i] = b.lpos;
		put_desc(&b, i, &messages[i]);
	}
	oldest = oldest_kept(&b, begins, count);
	free(begins);
	places->head_id = id_of(spec, count - 1);
	places->tail_id = id_of(spec, oldest);
	if (!oldest && count < b.count) {
		/* Nothing was pushed out yet: the tail is the slot before the first, reusable. */
		places->tail_id = id_of(spec, UINT64_MAX);
		mkdump_uint(d, places->descs + (b.count - 1) * DESC_SIZE, WORD,
			    UINT64_C(3) << 62 | places->tail_id);
	}

	mkdump_uint(d, base + VARIABLES, WORD, rb);
	mkdump_uint(d, rb, 4, spec->count_bits ? spec->count_bits : 8);
	mkdump_uint(d, rb + 8, WORD, places->descs);
	mkdump_uint(d, rb + 16, WORD, places->infos);
	mkdump_uint(d, rb + 24, WORD, places->head_id);
	mkdump_uint(d, rb + 32, WORD, places->tail_id);
	mkdump_uint(d, rb + DESC_RING, 4, spec->size_bits ? spec->size_bits : 16);
	mkdump_uint(d, rb + DESC_RING + 8, WORD, places->text);
	mkdump_uint(d, rb + DESC_RING + 16, WORD, b.lpos);
	ring_vmcoreinfo(d, base + VARIABLES, places->info_size);
}

/* ---- records ---------------------------------------------------------------------------- */

struct record_builder {
	const struct mkdump *d;
	unsigned char *buf;
	uint32_t size, header;
	uint32_t first, next;
	bool has_caller;
};

static uint32_t record_length(const struct record_builder *b, uint32_t at)
{
	uint16_t len;

	memcpy(&len, b->buf + at + 8, 2);
	if (mkdump_is_big_endian(b->d))
		len = (uint16_t)(b->buf[at + 8] << 8 | b->buf[at + 9]);
	return len;
}

/* As the kernel asks: a record and the zeroed header behind it must fit. */
static bool has_space(const struct record_builder *b, uint32_t len, bool empty)
{
	uint32_t room;

	if (b->next > b->first || empty)
		room = b->size - b->next > b->first ? b->size - b->next : b->first;
	else
		room = b->first - b->next;
	return room >= len + b->header;
}

static void make_room(struct record_builder *b, uint32_t len, uint32_t *stored)
{
	while (*stored && !has_space(b, len, false)) {
		uint32_t step = record_length(b, b->first);

		if (!step) {
			b->first = record_length(b, 0);
		} else {
			b->first += step;
		}
		--*stored;
	}
	if (b->next + len + b->header > b->size) {
		memset(b->buf + b->next, 0, b->size - b->next < b->header ? b->size - b->next
									  : b->header);
		b->next = 0;
	}
}

static void put_record(struct record_builder *b, const struct mkprintk_message *m,
		       uint32_t *stored)
{
	uint32_t text_len = (uint32_t)text_length(m);
	uint32_t dict_len = m->dict ? (uint32_t)strlen(m->dict) : 0;
	uint32_t len = (b->header + text_len + dict_len + 3) & ~3u;
	unsigned char *p;

	make_room(b, len, stored);
	p = b->buf + b->next;
	memset(p, 0, len);
	mkdump_put(b->d, p, 8, m->time_ns);
	mkdump_put(b->d, p + 8, 2, len);
	mkdump_put(b->d, p + 10, 2, text_len);
	mkdump_put(b->d, p + 12, 2, dict_len);
	p[14] = (unsigned char)m->facility;
	p[15] = flags_and_level(b->d, m);
	if (b->has_caller)
		mkdump_put(b->d, p + 16, 4, m->caller);
	if (text_len)
		memcpy(p + b->header, m->text, text_len);
	if (dict_len)
		memcpy(p + b->header + text_len, m->dict, dict_len);
	b->next += len;
	++*stored;
}

static void records_vmcoreinfo(struct mkdump *d, uint64_t variables, const char *type,
			       const struct record_builder *b)
{
	mkdump_info(d, "SYMBOL(log_buf)=%" PRIx64, variables);
	mkdump_info(d, "SYMBOL(log_buf_len)=%" PRIx64, variables + 8);
	mkdump_info(d, "SYMBOL(log_first_idx)=%" PRIx64, variables + 12);
	mkdump_info(d, "SYMBOL(log_next_idx)=%" PRIx64, variables + 16);
	mkdump_info(d, "SIZE(%s)=%" PRIu32, type, b->header);
	mkdump_info(d, "OFFSET(%s.ts_nsec)=0", type);
	mkdump_info(d, "OFFSET(%s.len)=8", type);
	mkdump_info(d, "OFFSET(%s.text_len)=10", type);
	mkdump_info(d, "OFFSET(%s.dict_len)=12", type);
	if (b->has_caller)
		mkdump_info(d, "OFFSET(%s.caller_id)=16", type);
}

static void put_records(struct mkdump *d, uint64_t base, const struct mkprintk_spec *spec,
			const struct mkprintk_message *messages, size_t count,
			struct mkprintk_places *places)
{
	struct record_builder b = {
		.d = d,
		.size = (uint32_t)places->text_size,
		.header = spec->has_caller ? 20 : 16,
		.first = (uint32_t)spec->first_lpos,
		.next = (uint32_t)spec->first_lpos,
		.has_caller = spec->has_caller,
	};
	uint32_t stored = 0;

	b.buf = allocate(b.size);
	for (size_t i = 0; i < count; i++)
		put_record(&b, &messages[i], &stored);
	places->text = base + ARRAYS;
	mkdump_virt(d, places->text, b.buf, b.size);
	mkdump_uint(d, places->variables, WORD, places->text);
	mkdump_uint(d, places->variables + 8, 4, b.size);
	mkdump_uint(d, places->variables + 12, 4, b.first);
	mkdump_uint(d, places->variables + 16, 4, b.next);
	records_vmcoreinfo(d, places->variables,
			   spec->layout == MKPRINTK_RECORDS ? "printk_log" : "log", &b);
	free(b.buf);
}

/* ---- characters ------------------------------------------------------------------------- */

static void put_chars(struct mkdump *d, uint64_t base, const struct mkprintk_message *messages,
		      size_t count, struct mkprintk_places *places)
{
	uint64_t size = places->text_size, end = 0;
	char *buf = allocate(size);

	for (size_t i = 0; i < count; i++) {
		const struct mkprintk_message *m = &messages[i];
		char *line = allocate(text_length(m) + 64);
		size_t n = (size_t)sprintf(line, "<%u>[%5" PRIu64 ".%06" PRIu64 "] ",
					   m->facility << 3 | m->level,
					   m->time_ns / 1000000000,
					   m->time_ns % 1000000000 / 1000);

		if (text_length(m))
			memcpy(line + n, m->text, text_length(m));
		n += text_length(m);
		line[n++] = '\n';
		for (size_t k = 0; k < n; k++)
			buf[end++ % size] = line[k];
		free(line);
	}
	places->text = base + ARRAYS;
	mkdump_virt(d, places->text, buf, size);
	free(buf);
	mkdump_uint(d, places->variables, WORD, places->text);
	mkdump_uint(d, places->variables + 8, 4, size);
	mkdump_uint(d, places->variables + 12, 4, end);
	mkdump_uint(d, places->variables + 16, 4, end < size ? end : size);
	mkdump_info(d, "SYMBOL(log_buf)=%" PRIx64, places->variables);
	mkdump_info(d, "SYMBOL(log_buf_len)=%" PRIx64, places->variables + 8);
	mkdump_info(d, "SYMBOL(log_end)=%" PRIx64, places->variables + 12);
	mkdump_info(d, "SYMBOL(logged_chars)=%" PRIx64, places->variables + 16);
}

void mkprintk(struct mkdump *d, uint64_t base, const struct mkprintk_spec *spec,
	      const struct mkprintk_message *messages, size_t count,
	      struct mkprintk_places *ret_places)
{
	struct mkprintk_places places = {
		.text_size = UINT64_C(1) << (spec->size_bits ? spec->size_bits : 16),
		.variables = base + VARIABLES,
	};

	if (spec->layout == MKPRINTK_RING)
		put_ring(d, base, spec, messages, count, &places);
	else if (spec->layout == MKPRINTK_CHARS)
		put_chars(d, base, messages, count, &places);
	else
		put_records(d, base, spec, messages, count, &places);
	if (ret_places)
		*ret_places = places;
}
