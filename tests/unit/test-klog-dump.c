// SPDX-License-Identifier: GPL-2.0-or-later
//
// The log of a dump in all three layouts: what klog_next() gives and what klog_print() prints,
// from dumps made out of the tables here; then the same with one thing damaged.
#include "unit/test-kernel.h"

#include "dumps/mkprintk.h"
#include "kernel/klog-source.h"
#include "unit/test-rows.h"

#define CPU(n) (UINT32_C(1) << 31 | (n))
#define MS UINT64_C(1000000)

/* ---- what every test does --------------------------------------------------------------- */

/* "number level facility caller time text" of each line; `+` marks further lines of a record. */
static char *lines_of(struct klog *klog)
{
	struct klog_line line;
	struct buf b;

	buf_init(&b, 1 << 24);
	buf_str(&b, "");
	while (klog_next(klog, &line)) {
		buf_printf(&b, "%" PRIu32 "%s %d %d ", line.number, line.continues ? "+" : "",
			   line.level, line.facility);
		if (line.caller_kind)
			buf_printf(&b, "%c%" PRIu32 " ", "?TC"[line.caller_kind], line.caller);
		buf_printf(&b, "%" PRIu64 " ", line.time_ns / MS);
		buf_add(&b, line.text.p, line.text.n);
		buf_str(&b, "\n");
	}
	assert_false(b.failed);
	return b.data;
}

static char *print_of(struct core *core)
{
	struct err err = {""};
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	assert_non_null(out);
	assert_int_equal(klog_print(core, out, &err), STATUS_FOUND);
	fclose(out);
	return text;
}

static struct klog *open_log(struct core *core)
{
	struct err err = {""};
	struct klog *klog = NULL;

	if (klog_open_core(&klog, core, &err))
		fail_msg("klog_open_core: %s", err.text);
	return klog;
}

/* ---- whole logs, as tables -------------------------------------------------------------- */

static const struct mkprintk_message ring_messages[] = {
	{.time_ns = 0, .level = 5, .caller = 0, .text = "Linux version 6.1"},
	{.time_ns = 1234567890, .level = 3, .caller = CPU(1), .text = "two\nlines"},
	{.time_ns = 1234567891, .level = 6, .facility = 3, .caller = 77, .text = "from user space",
	 .dict = "SUBSYSTEM"},
	{.time_ns = 12345678901234, .level = 7, .caller = 1, .text = ""},
	{.time_ns = 12345678902000, .level = 0, .caller = 1, .text = "\xe2\x82\xac \t\033[m \x7f"},
	{.time_ns = 12345678903000, .level = 4, .caller = 1, .text = "not final",
	 .state = MKPRINTK_COMMITTED},
	{.time_ns = 12345678904000, .level = 4, .caller = 1, .text = "still writing",
	 .state = MKPRINTK_UNFINISHED},
	{.time_ns = 12345678905000, .level = 4, .caller = 1, .state = MKPRINTK_NO_ROOM},
	{.time_ns = 12345678906000, .level = 1, .caller = CPU(0), .text = "last"},
};
#define RING_LINES \
	"1 5 0 T0 0 Linux version 6.1\n" \
	"2 3 0 C1 1234 two\n" \
	"3+ 3 0 C1 1234 lines\n" \
	"4 6 3 T77 1234 from user space\n" \
	"5 7 0 T1 12345678 \n" \
	"6 0 0 T1 12345678 \xe2\x82\xac \t\033[m \x7f\n" \
	"7 4 0 T1 12345678 not final\n" \
	"8 4 0 T1 12345678 \n" \
	"9 1 0 C0 12345678 last\n"
#define RING_PRINT \
	"[    0.000000] Linux version 6.1\n" \
	"[    1.234567] two\nlines\n" \
	"[    1.234567] from user space\n" \
	"[12345.678901] \n" \
	"[12345.678902] \\xe2\\x82\\xac \t\\x1b[m \\x7f\n" \
	"[12345.678903] not final\n" \
	"[12345.678905] \n" \
	"[12345.678906] last\n"

#define WHOLE_RING &ring_messages[8], 1, "ringbuffer", "1 1 0 C0 12345678 last\n", \
	"[12345.678906] last\n", 0, 0

static const struct mkprintk_message record_messages[] = {
	{.time_ns = 0, .level = 5, .text = "Linux version 3.10", .flags = 6},
	{.time_ns = 1234567890, .level = 3, .text = "two\nlines", .flags = 6, .dict = "DEVICE=+x"},
	{.time_ns = 1234567891, .level = 6, .facility = 3, .text = "user", .flags = 6},
	{.time_ns = 2 * MS, .level = 4, .text = "pieces", .flags = MKPRINTK_PREFIX | MKPRINTK_CONT},
	{.time_ns = 3 * MS, .level = 4, .text = " 1", .flags = MKPRINTK_CONT},
	{.time_ns = 4 * MS, .level = 4, .text = " 2", .flags = MKPRINTK_CONT | MKPRINTK_NEWLINE},
	{.time_ns = 5 * MS, .level = 4, .text = "cut off", .flags = MKPRINTK_CONT},
	{.time_ns = 6 * MS, .level = 2, .text = "by another", .flags = 6},
	{.time_ns = 7 * MS, .level = 4, .text = "no level", .flags = MKPRINTK_CONT},
	{.time_ns = 8 * MS, .level = 4, .text = " goes on", .flags = MKPRINTK_NEWLINE},
	{.time_ns = 9 * MS, .level = 1, .text = "\x01\xff", .flags = 6},
};
#define RECORD_LINES \
	"1 5 0 0 Linux version 3.10\n" \
	"2 3 0 1234 two\n" \
	"3+ 3 0 1234 lines\n" \
	"4 6 3 1234 user\n" \
	"5 4 0 2 pieces 1 2\n" \
	"8 4 0 5 cut off\n" \
	"9 2 0 6 by another\n" \
	"10 4 0 7 no level goes on\n" \
	"12 1 0 9 \x01\xff\n"
#define RECORD_PRINT \
	"[    0.000000] Linux version 3.10\n" \
	"[    1.234567] two\nlines\n" \
	"[    1.234567] user\n" \
	"[    0.002000] pieces\n[    0.003000]  1\n[    0.004000]  2\n" \
	"[    0.005000] cut off\n[    0.006000] by another\n" \
	"[    0.007000] no level\n[    0.008000]  goes on\n" \
	"[    0.009000] \\x01\\xff\n"

/* 5.x no longer sets PREFIX, so a record without CONT never goes on with a line. */
static const struct mkprintk_message new_record_messages[] = {
	{.time_ns = 1 * MS, .level = 4, .caller = 7, .text = "open", .flags = MKPRINTK_CONT},
	{.time_ns = 2 * MS, .level = 4, .caller = CPU(3), .text = "other"},
	{.time_ns = 3 * MS, .level = 4, .caller = 7, .text = "open", .flags = MKPRINTK_CONT},
	{.time_ns = 4 * MS, .level = 4, .caller = 7, .text = " on",
	 .flags = MKPRINTK_CONT | MKPRINTK_NEWLINE},
};
#define NEW_RECORD_LINES "1 4 0 T7 1 open\n2 4 0 C3 2 other\n3 4 0 T7 3 open on\n"
#define NEW_RECORD_PRINT \
	"[    0.001000] open\n[    0.002000] other\n[    0.003000] open\n[    0.004000]  on\n"

static const struct mkprintk_message char_messages[] = {
	{.time_ns = 0, .level = 5, .text = "Linux version 2.6.32"},
	{.time_ns = 1234567890, .level = 3, .text = "two\n<3>lines"},
	{.time_ns = 1234567891, .level = 6, .facility = 3, .text = "\xc3\xa9 raw \001"},
};
#define CHAR_LINES \
	"1 5 0 0 Linux version 2.6.32\n" \
	"2 3 0 1234 two\n" \
	"3 3 0 0 lines\n" \
	"4 6 3 1234 \xc3\xa9 raw \001\n"
#define CHAR_PRINT \
	"<5>[    0.000000] Linux version 2.6.32\n" \
	"<3>[    1.234567] two\n<3>lines\n" \
	"<30>[    1.234567] \xc3\xa9 raw \001\n"

struct row {
	const char *name;
	enum mkdump_arch arch;
	uint64_t base;
	struct mkprintk_spec spec;
	const struct mkprintk_message *messages;
	size_t count;
	const char *layout, *lines, *print;
	uint32_t lost, unfinished;
	const char *why;	/* "": the log is whole */
};

#define RING ring_messages, ARRAY_SIZE(ring_messages), "ringbuffer", RING_LINES, RING_PRINT, 1, 1
#define RECORDS \
	record_messages, ARRAY_SIZE(record_messages), "records", RECORD_LINES, RECORD_PRINT, 0, 0
#define NEW_RECORDS \
	new_record_messages, ARRAY_SIZE(new_record_messages), "records", NEW_RECORD_LINES, \
		NEW_RECORD_PRINT, 0, 0
#define CHARS char_messages, ARRAY_SIZE(char_messages), "characters", CHAR_LINES, CHAR_PRINT, 0, 0
#define PPC64_BASE UINT64_C(0xc000000000100000)
#define S390X_BASE UINT64_C(0x100000)

// clang-format off
static const struct row rows[] = {
	{"ring", MKDUMP_X86_64, MKDUMP_TEXT, {.layout = MKPRINTK_RING}, RING, "had no room"},
	{"ring, task names in printk_info", MKDUMP_X86_64, MKDUMP_TEXT, {.layout = MKPRINTK_RING, .has_context = true}, RING, "had no room"},
	{"ring, big-endian", MKDUMP_PPC64, PPC64_BASE, {.layout = MKPRINTK_RING}, RING, "had no room"},
	{"ring, s390x", MKDUMP_S390X, S390X_BASE, {.layout = MKPRINTK_RING}, RING, "had no room"},
	{"ring, head overwritten", MKDUMP_X86_64, MKDUMP_TEXT, {.layout = MKPRINTK_RING, .first_seq = 40}, RING, "had no room"},
	{"ring, only the head overwritten", MKDUMP_X86_64, MKDUMP_TEXT, {.layout = MKPRINTK_RING, .first_seq = 40}, WHOLE_RING, "the first 40 messages were overwritten"},
	{"ring, whole", MKDUMP_X86_64, MKDUMP_TEXT, {.layout = MKPRINTK_RING}, WHOLE_RING, ""},
	{"records of 3.10", MKDUMP_X86_64, MKDUMP_TEXT, {.layout = MKPRINTK_RECORDS_OLD}, RECORDS, ""},
	{"records of 4.x", MKDUMP_X86_64, MKDUMP_TEXT, {.layout = MKPRINTK_RECORDS}, RECORDS, ""},
	{"records, big-endian", MKDUMP_S390X, S390X_BASE, {.layout = MKPRINTK_RECORDS}, RECORDS, ""},
	{"records of 5.x with callers", MKDUMP_X86_64, MKDUMP_TEXT, {.layout = MKPRINTK_RECORDS, .has_caller = true}, NEW_RECORDS, ""},
	{"records, head overwritten", MKDUMP_X86_64, MKDUMP_TEXT, {.layout = MKPRINTK_RECORDS, .first_lpos = 512}, RECORDS, "the oldest messages were overwritten"},
	{"characters", MKDUMP_X86_64, MKDUMP_TEXT, {.layout = MKPRINTK_CHARS}, CHARS, ""},
	{"characters, big-endian", MKDUMP_PPC64, PPC64_BASE, {.layout = MKPRINTK_CHARS}, CHARS, ""},
};
// clang-format on

static void read_row(void **state)
{
	const struct row *row = *state;
	struct mkdump *d = mkdump_new(row->arch);
	struct core *core;
	struct klog *klog;
	char *text;

	mkprintk(d, row->base, &row->spec, row->messages, row->count, NULL);
	core = open_dump(d);
	mkdump_free(d);
	klog = open_log(core);
	for (int pass = 0; pass < 2; pass++) {
		text = lines_of(klog);
		assert_string_equal(text, row->lines);
		free(text);
		assert_string_equal(klog_info(klog)->layout, row->layout);
		assert_int_equal(klog_info(klog)->lost, row->lost);
		assert_int_equal(klog_info(klog)->unfinished, row->unfinished);
		assert_int_equal(klog_info(klog)->truncated,
				 row->spec.first_seq || row->spec.first_lpos);
		if (row->why[0])
			assert_non_null(strstr(klog_info(klog)->why_degraded, row->why));
		else
			assert_string_equal(klog_info(klog)->why_degraded, "");
		klog_rewind(klog);
	}
	klog_free(klog);
	text = print_of(core);
	assert_string_equal(text, row->print);
	free(text);
	core_close(core);
}

/* ---- buffers that went around ----------------------------------------------------------- */

/* Messages of growing length: sooner or later a block ends everywhere that one can end. */
enum { WRAP_MESSAGES = 700, WRAP_BITS = 10 };

static void make_wrapping(struct mkprintk_message *messages, char (*texts)[64])
{
	for (unsigned i = 0; i < WRAP_MESSAGES; i++) {
		int n = snprintf(texts[i], 64, "message %u ", i);

		memset(texts[i] + n, 'a' + (int)(i % 26), i % 41);
		texts[i][n + (int)(i % 41)] = '\0';
		messages[i] = (struct mkprintk_message){
			.time_ns = i * 1000,
			.level = 6,
			.text = texts[i],
		};
	}
}

/* The lines of a wrapped log are its newest messages in a row, the last one included. */
static void expect_newest(struct klog *klog, char (*texts)[64], uint32_t count)
{
	struct klog_line line;
	uint32_t seen = 0, index = 0;

	while (klog_next(klog, &line)) {
		if (!seen)
			index = (uint32_t)(line.time_ns / 1000);
		assert_true(index + seen < count);
		assert_int_equal(line.time_ns, (index + seen) * UINT64_C(1000));
		assert_int_equal(line.text.n, strlen(texts[index + seen]));
		assert_memory_equal(line.text.p, texts[index + seen], line.text.n);
		seen++;
	}
	assert_int_equal(index + seen, count);
	assert_true(seen > 8);
	assert_int_equal(klog_info(klog)->lost, 0);
	assert_int_equal(klog_info(klog)->unfinished, 0);
}

static void read_wrapped(const struct mkprintk_spec *spec)
{
	static struct mkprintk_message messages[WRAP_MESSAGES];
	static char texts[WRAP_MESSAGES][64];

	make_wrapping(messages, texts);
	/* Each count has another place where the log ends in the buffer. */
	for (uint32_t count = WRAP_MESSAGES - 150; count <= WRAP_MESSAGES; count += 3) {
		struct mkdump *d = mkdump_new(MKDUMP_X86_64);
		struct core *core;
		struct klog *klog;

		mkprintk(d, MKDUMP_TEXT, spec, messages, count, NULL);
		core = open_dump(d);
		mkdump_free(d);
		klog = open_log(core);
		expect_newest(klog, texts, count);
		assert_true(klog_info(klog)->truncated);
		klog_free(klog);
		core_close(core);
	}
}

static void ring_wraps(void **state)
{
	(void)state;
	read_wrapped(&(struct mkprintk_spec){
		.layout = MKPRINTK_RING, .size_bits = WRAP_BITS, .count_bits = 7});
}

static void ring_wraps_by_descriptors(void **state)
{
	(void)state;
	read_wrapped(&(struct mkprintk_spec){.layout = MKPRINTK_RING, .count_bits = 4});
}

static void ring_blocks_end_at_its_end(void **state)
{
	(void)state;
	read_wrapped(&(struct mkprintk_spec){.layout = MKPRINTK_RING,
					     .size_bits = WRAP_BITS,
					     .count_bits = 7,
					     .ends_at_end = true});
}

static void records_wrap(void **state)
{
	(void)state;
	read_wrapped(&(struct mkprintk_spec){.layout = MKPRINTK_RECORDS, .size_bits = WRAP_BITS});
}

/* The oldest line lacks its head; all others are whole. */
static void characters_wrap(void **state)
{
	static struct mkprintk_message messages[WRAP_MESSAGES];
	static char texts[WRAP_MESSAGES][64];
	const struct mkprintk_spec spec = {.layout = MKPRINTK_CHARS, .size_bits = 13};
	struct mkdump *d = mkdump_new(MKDUMP_X86_64);
	struct klog_line line;
	struct core *core;
	struct klog *klog;
	uint32_t index = 0;
	char *print;

	(void)state;
	make_wrapping(messages, texts);
	mkprintk(d, MKDUMP_TEXT, &spec, messages, WRAP_MESSAGES, NULL);
	core = open_dump(d);
	mkdump_free(d);
	klog = open_log(core);
	assert_true(klog_next(klog, &line));
	while (klog_next(klog, &line)) {
		if (!index)
			index = (uint32_t)(line.time_ns / 1000);
		assert_int_equal(line.text.n, strlen(texts[index]));
		assert_memory_equal(line.text.p, texts[index], line.text.n);
		index++;
	}
	assert_int_equal(index, WRAP_MESSAGES);
	assert_true(klog_info(klog)->truncated);
	klog_free(klog);
	print = print_of(core);
	assert_int_equal(strlen(print), 1 << 13);
	free(print);
	core_close(core);
}

/* ---- one thing damaged ------------------------------------------------------------------ */

static const struct mkprintk_message four[] = {
	{.time_ns = 1 * MS, .level = 6, .text = "one"},
	{.time_ns = 2 * MS, .level = 6, .text = "two dogs"},
	{.time_ns = 3 * MS, .level = 6, .text = "three"},
	{.time_ns = 4 * MS, .level = 6, .text = "four"},
};

enum place { IN_DESC, IN_INFO, IN_TEXT, IN_DESC_RING, IN_TEXT_RING, IN_VARIABLES };

struct damage {
	const char *name;
	enum mkprintk_layout layout;
	enum place place;
	unsigned offset, size;	/* in it; of message 1 for desc and info */
	uint64_t value;
	const char *lines;	/* NULL: the log cannot be opened */
	uint32_t lost, unfinished;
	const char *why;
};

#define NOT_TWO "1 6 0 T0 1 one\n2 6 0 T0 3 three\n3 6 0 T0 4 four\n"
#define ALL_RING "1 6 0 T0 1 one\n2 6 0 T0 2 two dogs\n3 6 0 T0 3 three\n4 6 0 T0 4 four\n"
#define ONLY_ONE "1 6 0 1 one\n"

// clang-format off
static const struct damage damages[] = {
	{"ring: foreign id", MKPRINTK_RING, IN_DESC, 0, 8, UINT64_C(2) << 62 | 5, NOT_TWO, 1, 0, "a descriptor has a foreign id"},
	{"ring: never used slot", MKPRINTK_RING, IN_DESC, 0, 8, 0, NOT_TWO, 0, 1, "1 messages were still being written"},
	{"ring: slot of the round before", MKPRINTK_RING, IN_DESC, 0, 8, UINT64_C(3) << 62 | 5, NOT_TWO, 0, 1, "1 messages were still being written"},
	{"ring: text out of step", MKPRINTK_RING, IN_DESC, 8, 8, 12, NOT_TWO, 1, 0, "its text is at 0xc"},
	{"ring: text of another", MKPRINTK_RING, IN_DESC, 8, 8, 0, NOT_TWO, 1, 0, "its text belongs to another record"},
	{"ring: text longer than the ring", MKPRINTK_RING, IN_DESC, 16, 8, 1 << 20, NOT_TWO, 1, 0, "its text is at"},
	{"ring: block before its begin", MKPRINTK_RING, IN_DESC, 16, 8, 8, NOT_TWO, 1, 0, "its text is at"},
	{"ring: text longer than its block", MKPRINTK_RING, IN_INFO, 16, 2, 0xffff, ALL_RING, 0, 0, ""},
	{"ring: no slots", MKPRINTK_RING, IN_DESC_RING, 0, 4, 0, NULL, 0, 0, "2^0 slots"},
	{"ring: too many slots", MKPRINTK_RING, IN_DESC_RING, 0, 4, 40, NULL, 0, 0, "2^40 slots"},
	{"ring: text ring too large", MKPRINTK_RING, IN_TEXT_RING, 0, 4, 63, NULL, 0, 0, "2^63 bytes"},
	{"ring: descriptors nowhere", MKPRINTK_RING, IN_DESC_RING, 8, 8, UINT64_C(0xffffffffb0000000), "", 5, 0, "a message is lost: "},
	{"ring: text nowhere", MKPRINTK_RING, IN_TEXT_RING, 8, 8, UINT64_C(0xffffffffb0000000), "", 4, 0, "a message is lost: "},
	{"records: length too small", MKPRINTK_RECORDS, IN_TEXT, 20 + 8, 2, 4, ONLY_ONE, 1, 0, "a record of 4 bytes at 20"},
	{"records: length out of the buffer", MKPRINTK_RECORDS, IN_TEXT, 20 + 8, 2, 0xfff0, ONLY_ONE, 1, 0, "a record of 65520 bytes at 20"},
	{"records: loop through the marker", MKPRINTK_RECORDS, IN_TEXT, 20 + 8, 2, 0, ONLY_ONE, 1, 0, "its records run in a circle"},
	{"records: text longer than its record", MKPRINTK_RECORDS, IN_TEXT, 20 + 10, 2, 100, "1 6 0 1 one\n2 6 0 3 three\n3 6 0 4 four\n", 1, 0, "longer than its record"},
	{"records: first beyond the buffer", MKPRINTK_RECORDS, IN_VARIABLES, 12, 4, 1 << 20, NULL, 0, 0, "does not hold"},
	{"records: first where no header fits", MKPRINTK_RECORDS, IN_VARIABLES, 12, 4, 65530, "", 1, 0, "reach out of the 65536 there are"},
	{"records: buffer too large", MKPRINTK_RECORDS, IN_VARIABLES, 8, 4, UINT32_MAX, NULL, 0, 0, "does not hold"},
	{"records: buffer nowhere", MKPRINTK_RECORDS, IN_VARIABLES, 0, 8, UINT64_C(0xffffffffb0000000), "", 1, 0, "the log ends early: "},
	{"characters: length no power of two", MKPRINTK_CHARS, IN_VARIABLES, 8, 4, 1000, NULL, 0, 0, "log_buf_len is 1000"},
	{"characters: buffer nowhere", MKPRINTK_CHARS, IN_VARIABLES, 0, 8, UINT64_C(0xffffffffb0000000), "", 1, 0, "a part of the log is lost: "},
};
// clang-format on

static uint64_t address_of(const struct damage *damage, const struct mkprintk_places *places)
{
	uint64_t slots = UINT64_C(1) << 4;

	switch (damage->place) {
	case IN_DESC:
		return places->descs + (places->head_id - 2) % slots * places->desc_size;
	case IN_INFO:
		return places->infos + (places->head_id - 2) % slots * places->info_size;
	case IN_TEXT:
		return places->text;
	case IN_DESC_RING:
		return places->desc_ring;
	case IN_TEXT_RING:
		return places->text_ring;
	default:
		return places->variables;
	}
}

static void read_damaged(void **state)
{
	const struct damage *damage = *state;
	const struct mkprintk_spec spec = {.layout = damage->layout, .count_bits = 4};
	struct mkdump *d = mkdump_new(MKDUMP_X86_64);
	struct mkprintk_places places;
	struct err err = {""};
	struct core *core;
	struct klog *klog;
	char *lines;

	mkprintk(d, MKDUMP_TEXT, &spec, four, ARRAY_SIZE(four), &places);
	mkdump_uint(d, address_of(damage, &places) + damage->offset, damage->size, damage->value);
	core = open_dump(d);
	mkdump_free(d);
	if (!damage->lines) {
		assert_int_equal(klog_open_core(&klog, core, &err), STATUS_BROKEN);
		assert_non_null(strstr(err.text, "cannot read the kernel log: "));
		assert_non_null(strstr(err.text, damage->why));
		core_close(core);
		return;
	}
	klog = open_log(core);
	lines = lines_of(klog);
	assert_string_equal(lines, damage->lines);
	assert_int_equal(klog_info(klog)->lost, damage->lost);
	assert_int_equal(klog_info(klog)->unfinished, damage->unfinished);
	if (damage->why[0])
		assert_non_null(strstr(klog_info(klog)->why_degraded, damage->why));
	else
		assert_string_equal(klog_info(klog)->why_degraded, "");
	free(lines);
	klog_free(klog);
	core_close(core);
}

/* A page of the text that the dump's filter dropped takes only its own messages along. */
static void ring_page_missing(void **state)
{
	static struct mkprintk_message messages[WRAP_MESSAGES];
	static char texts[WRAP_MESSAGES][64];
	const struct mkprintk_spec spec = {.layout = MKPRINTK_RING, .count_bits = 10};
	struct mkdump *d = mkdump_new(MKDUMP_X86_64);
	struct mkprintk_places places;
	struct klog_line line, last = {0};
	struct core *core;
	struct klog *klog;
	uint32_t seen = 0;

	(void)state;
	make_wrapping(messages, texts);
	mkprintk(d, MKDUMP_TEXT, &spec, messages, WRAP_MESSAGES, &places);
	mkdump_drop(d, mkdump_translate(d, places.text + MKDUMP_PAGE));
	core = open_dump(d);
	mkdump_free(d);
	klog = open_log(core);
	while (klog_next(klog, &line)) {
		last = line;
		seen++;
	}
	assert_int_equal(last.time_ns / 1000, WRAP_MESSAGES - 1);
	assert_int_equal(seen + klog_info(klog)->lost, WRAP_MESSAGES);
	/* 4096 bytes of blocks of 24 to 72. */
	assert_true(klog_info(klog)->lost >= 4096 / 72 && klog_info(klog)->lost <= 4096 / 24);
	assert_non_null(strstr(klog_info(klog)->why_degraded, "a message is lost: "));
	klog_free(klog);
	core_close(core);
}

static void no_buffer_named(void **state)
{
	struct mkdump *d = mkdump_new(MKDUMP_X86_64);
	struct err err = {""};
	struct core *core;
	struct klog *klog;

	(void)state;
	mkdump_uint(d, MKDUMP_TEXT, 8, 1);
	core = open_dump(d);
	mkdump_free(d);
	assert_int_equal(klog_open_core(&klog, core, &err), STATUS_ABSENT);
	assert_non_null(strstr(err.text, "VMCOREINFO names none of"));
	core_close(core);
}

static void print_to_full_disk(void **state)
{
	const struct mkprintk_spec spec = {.layout = MKPRINTK_RING};
	struct mkdump *d = mkdump_new(MKDUMP_X86_64);
	FILE *full = fopen("/dev/full", "w");
	struct err err = {""};
	struct core *core;

	(void)state;
	assert_non_null(full);
	mkprintk(d, MKDUMP_TEXT, &spec, four, ARRAY_SIZE(four), NULL);
	core = open_dump(d);
	mkdump_free(d);
	assert_int_equal(klog_print(core, full, &err), STATUS_BROKEN);
	assert_string_equal(err.text, "cannot write the log: No space left on device");
	fclose(full);
	core_close(core);
}

int main(void)
{
	static const struct CMUnitTest others[] = {
		cmocka_unit_test(ring_wraps),
		cmocka_unit_test(ring_wraps_by_descriptors),
		cmocka_unit_test(ring_blocks_end_at_its_end),
		cmocka_unit_test(records_wrap),
		cmocka_unit_test(characters_wrap),
		cmocka_unit_test(ring_page_missing),
		cmocka_unit_test(no_buffer_named),
		cmocka_unit_test(print_to_full_disk),
	};
	struct CMUnitTest tests[ARRAY_SIZE(rows) + ARRAY_SIZE(damages) + ARRAY_SIZE(others)];
	size_t n = 0;

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		tests[n++] = row_test(rows[i].name, read_row, &rows[i]);
	for (size_t i = 0; i < ARRAY_SIZE(damages); i++)
		tests[n++] = row_test(damages[i].name, read_damaged, &damages[i]);
	memcpy(&tests[n], others, sizeof(others));
	return cmocka_run_group_tests_name("klog-dump", tests, NULL, NULL);
}
