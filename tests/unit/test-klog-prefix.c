// SPDX-License-Identifier: GPL-2.0-or-later
//
// What klog_prefix_strip() takes off a line, and what it must leave.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "kernel/klog-source.h"
#include "unit/test-rows.h"

enum { NO_LEVEL = -1, KERN = KLOG_FACILITY_KERN, USER = 1, DAEMON = 3,
       NONE = KLOG_FACILITY_UNKNOWN };
#define NO_TIME UINT64_MAX

struct row {
	const char *name, *input, *text;
	uint64_t usec;
	int level, facility;
	const char *caller;	/* "T77", "C0" or NULL */
	uint64_t dropped;
};

// clang-format off
static const struct row rows[] = {
	{"bare text", "Call Trace:", "Call Trace:", NO_TIME, NO_LEVEL, NONE, NULL, 0},
	{"empty line", "", "", NO_TIME, NO_LEVEL, NONE, NULL, 0},
	{"stamp", "[   12.345678] usb 1-1: new", "usb 1-1: new", 12345678, NO_LEVEL, NONE, NULL, 0},
	{"stamp of a long uptime", "[8837401.114892] PGD 0", "PGD 0", 8837401114892, NO_LEVEL, NONE, NULL, 0},
	{"stamp and nothing", "[    0.000001]", "", 1, NO_LEVEL, NONE, NULL, 0},
	{"only one blank is the prefix's", "[    1.000000]  [<ffffffff81>] f", " [<ffffffff81>] f", 1000000, NO_LEVEL, NONE, NULL, 0},
	{"level", "<4>[   12.345678] text", "text", 12345678, 4, KERN, NULL, 0},
	{"level without stamp", "<6>Initializing", "Initializing", NO_TIME, 6, KERN, NULL, 0},
	{"facility of user space", "<30>[    1.000000] systemd[1]: hi", "systemd[1]: hi", 1000000, 6, DAEMON, NULL, 0},
	{"2.6 default level inside", "<4>[    2.815087] <d> ffffffffa0007015", " ffffffffa0007015", 2815087, 4, KERN, NULL, 0},
	{"caller joined", "[   12.345678][   T77] text", "text", 12345678, NO_LEVEL, NONE, "T77", 0},
	{"caller apart", "[   12.345678] [     C3] text", "text", 12345678, NO_LEVEL, NONE, "C3", 0},
	{"caller without stamp", "[T1352] text", "text", NO_TIME, NO_LEVEL, NONE, "T1352", 0},
	{"dmesg -x", "kern  :warn  : [   12.345678] text", "text", 12345678, 4, KERN, NULL, 0},
	{"dmesg -x of user space", "user  :notice: [   12.345678] text", "text", 12345678, 5, USER, NULL, 0},
	{"dmesg -T", "[Sat Nov 21 22:40:24 2026] text", "text", NO_TIME, NO_LEVEL, NONE, NULL, 0},
	{"dmesg -e", "[Nov21 22:40] text", "text", NO_TIME, NO_LEVEL, NONE, NULL, 0},
	{"dmesg -e, a step", "[  +0.000012] text", "text", NO_TIME, NO_LEVEL, NONE, NULL, 0},
	{"dmesg -d", "[    0.000012 <    0.000003>] text", "text", 12, NO_LEVEL, NONE, NULL, 0},
	{"dmesg iso", "2026-11-21T22:40:24,123456+00:00 text", "text", NO_TIME, NO_LEVEL, NONE, NULL, 0},
	{"/dev/kmsg", "6,339,5140900,-;text", "text", 5140900, 6, KERN, NULL, 0},
	{"/dev/kmsg with caller", "30,340,5140901,-,caller=T1;text", "text", 5140901, 6, DAEMON, NULL, 0},
	{"syslog", "Nov 21 22:40:24 node kernel: [   12.345678] text", "text", 12345678, NO_LEVEL, KERN, NULL, 0},
	{"syslog, one-digit day", "Nov  1 22:40:24 node kernel: BUG: x", "BUG: x", NO_TIME, NO_LEVEL, KERN, NULL, 0},
	{"syslog keeps the text's blanks", "Nov 21 22:40:24 node kernel:  [<c0>] f", " [<c0>] f", NO_TIME, NO_LEVEL, KERN, NULL, 0},
	{"syslog of a daemon", "Nov 21 22:40:24 node systemd[1]: WARNING: x", "WARNING: x", NO_TIME, NO_LEVEL, USER, NULL, 0},
	{"journal short-iso", "2026-11-21T22:40:24+0000 node kernel: text", "text", NO_TIME, NO_LEVEL, KERN, NULL, 0},
	{"journal short-full", "Sat 2026-11-21 22:40:24 UTC node kernel: text", "text", NO_TIME, NO_LEVEL, KERN, NULL, 0},
	{"journal short-precise", "Nov 21 22:40:24.123456 node kernel: text", "text", NO_TIME, NO_LEVEL, KERN, NULL, 0},
	{"journal short-monotonic", "[   12.345678] node kernel: text", "text", 12345678, NO_LEVEL, KERN, NULL, 0},
	{"rsyslog", "2026-11-21T22:40:24.123456+00:00 node kernel: [   12.345678] text", "text", 12345678, NO_LEVEL, KERN, NULL, 0},
	{"busybox syslogd", "Jan  1 00:00:24 node kern.err kernel: [   12.345678] text", "text", 12345678, NO_LEVEL, KERN, NULL, 0},
	{"tag alone", "kernel:[   12.345678] text", "text", 12345678, NO_LEVEL, KERN, NULL, 0},
	{"Go's date", "2026/11/21 22:40:24 BUG: memory leak", "BUG: memory leak", NO_TIME, NO_LEVEL, NONE, NULL, 0},
	{"console's date", "[2026-11-21 22:40:24.123] Kernel panic", "Kernel panic", NO_TIME, NO_LEVEL, NONE, NULL, 0},
	{"console's clock", "22:40:24.123  [    1.000000] text", "text", 1000000, NO_LEVEL, NONE, NULL, 0},
	{"dropped, with the next message", "** 44 printk messages dropped ** [   12.345678] text", "text", 12345678, NO_LEVEL, NONE, NULL, 44},
	{"dropped, behind a stamp", "[   12.345678] ** 7 printk messages dropped **", "", 12345678, NO_LEVEL, NONE, NULL, 7},
	{"quoted in a mail", "> [   12.345678] text", "text", 12345678, NO_LEVEL, NONE, NULL, 0},
	{"quoted twice", "> > Call Trace:", "Call Trace:", NO_TIME, NO_LEVEL, NONE, NULL, 0},
	{"self test", "# [   12.345678] text", "text", 12345678, NO_LEVEL, NONE, NULL, 0},
	{"an empty piece was stamped before", "[   33.634860]  [   33.635331] text", "text", 33635331, NO_LEVEL, NONE, NULL, 0},

	{"no stamp: one digit", "[    2.8] text", "[    2.8] text", NO_TIME, NO_LEVEL, NONE, NULL, 0},
	{"no stamp: seven digits", "[    2.8123456] text", "[    2.8123456] text", NO_TIME, NO_LEVEL, NONE, NULL, 0},
	{"no stamp: cut", "[    2.812345", "[    2.812345", NO_TIME, NO_LEVEL, NONE, NULL, 0},
	{"no stamp: more seconds than fit", "[18446744073709551616.000000] x", "[18446744073709551616.000000] x", NO_TIME, NO_LEVEL, NONE, NULL, 0},
	{"no caller: a module", "[drm] text", "[drm] text", NO_TIME, NO_LEVEL, NONE, NULL, 0},
	{"no level: a code byte", "<0f> 0b eb fe", "<0f> 0b eb fe", NO_TIME, NO_LEVEL, NONE, NULL, 0},
	{"no level: cut", "<4", "<4", NO_TIME, NO_LEVEL, NONE, NULL, 0},
	{"no quote: KASAN's mark", ">ffff8880: fb fb", ">ffff8880: fb fb", NO_TIME, NO_LEVEL, NONE, NULL, 0},
	{"no clock: a MAC address", "00:11:22:33:44:55 up", "00:11:22:33:44:55 up", NO_TIME, NO_LEVEL, NONE, NULL, 0},
	{"no tag: text behind a date", "2026-11-21T22:40:24Z Call Trace:", "Call Trace:", NO_TIME, NO_LEVEL, NONE, NULL, 0},
	{"no tag: two words behind a date", "22:40:24 Hardware name: x", "Hardware name: x", NO_TIME, NO_LEVEL, NONE, NULL, 0},
	{"no self test", "# Socket 0", "# Socket 0", NO_TIME, NO_LEVEL, NONE, NULL, 0},
};
// clang-format on

static void strip(void **state)
{
	const struct row *row = *state;
	struct klog_line line = {.level = -1, .facility = NONE};
	uint64_t dropped = klog_prefix_strip(slice_of(row->input), &line);
	char caller[16] = "";

	assert_int_equal(line.text.n, strlen(row->text));
	assert_memory_equal(line.text.p, row->text, line.text.n);
	assert_int_equal(line.has_time, row->usec != NO_TIME);
	if (line.has_time)
		assert_int_equal(line.time_ns, row->usec * 1000);
	assert_int_equal(line.level, row->level);
	assert_int_equal(line.facility, row->facility);
	assert_int_equal(dropped, row->dropped);
	if (line.caller_kind)
		snprintf(caller, sizeof(caller), "%c%u", "?TC"[line.caller_kind], line.caller);
	assert_string_equal(caller, row->caller ? row->caller : "");
}

/* Every prefix of every input, in a buffer of just its size: no read behind the end. */
static void strip_cut_lines(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		for (size_t n = 0; n <= strlen(rows[i].input); n++) {
			struct klog_line line = {.level = -1, .facility = NONE};
			char *copy = malloc(n ? n : 1);

			assert_non_null(copy);
			memcpy(copy, rows[i].input, n);
			(void)klog_prefix_strip((struct slice){copy, n}, &line);
			assert_true(line.text.n <= n);
			free(copy);
		}
	}
}

int main(void)
{
	struct CMUnitTest tests[ARRAY_SIZE(rows) + 1];

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		tests[i] = row_test(rows[i].name, strip, &rows[i]);
	tests[ARRAY_SIZE(rows)] = (struct CMUnitTest)cmocka_unit_test(strip_cut_lines);
	return cmocka_run_group_tests_name("klog-prefix", tests, NULL, NULL);
}
