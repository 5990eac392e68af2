// SPDX-License-Identifier: GPL-2.0-or-later
//
// The supervisor keeps what a child sent, whatever becomes of the child.
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "cmd/supervise.h"

struct row {
	const char *name;
	int (*work)(struct report_pipe *pipe, void *ctx);
	unsigned seconds;
	const char *frames;	/* kind:text|... of what must arrive */
	const char *why;	/* how the child ended; NULL: well */
};

struct seen {
	char frames[512];
	const struct row *row;
};

static void send(struct report_pipe *pipe, enum frame_kind kind, const char *text)
{
	(void)report_send(pipe, kind, "memory", text, strlen(text));
}

static int work_well(struct report_pipe *pipe, void *ctx)
{
	(void)ctx;
	send(pipe, FRAME_DOCUMENT, "one");
	send(pipe, FRAME_DOCUMENT, "two");
	send(pipe, FRAME_NEXT, "");
	return 0;
}

static int work_crashes(struct report_pipe *pipe, void *ctx)
{
	(void)ctx;
	send(pipe, FRAME_DOCUMENT, "one");
	signal(SIGSEGV, SIG_DFL); /* a sanitizer would catch it */
	raise(SIGSEGV);
	return 0;
}

static int work_hangs(struct report_pipe *pipe, void *ctx)
{
	(void)ctx;
	send(pipe, FRAME_DOCUMENT, "one");
	while (pause())
		;
	return 0;
}

static int work_fails(struct report_pipe *pipe, void *ctx)
{
	(void)ctx;
	send(pipe, FRAME_ERROR, "no dump");
	return 1;
}

static int work_sends_half(struct report_pipe *pipe, void *ctx)
{
	static const char header[] = "\x40\0\0\0\0\0\0\0"; /* 64 bytes of a document to come */

	(void)ctx;
	send(pipe, FRAME_DOCUMENT, "one");
	return write(pipe->fd, header, 8) == 8 ? 0 : 1;
}

static int work_sends_nonsense(struct report_pipe *pipe, void *ctx)
{
	char noise[4096];

	(void)ctx;
	memset(noise, 0xee, sizeof(noise));
	return write(pipe->fd, noise, sizeof(noise)) > 0 ? 0 : 1;
}

static int work_sends_much(struct report_pipe *pipe, void *ctx)
{
	size_t size = 3 * 1024 * 1024;
	char *text = calloc(1, size);

	(void)ctx;
	memset(text, 'x', size);
	(void)report_send(pipe, FRAME_DOCUMENT, "", text, size);
	free(text);
	return 0;
}

static const struct row rows[] = {
	{"a child that ends well", work_well, 0, "0:one|0:two|2:|", NULL},
	{"a child that crashes", work_crashes, 0, "0:one|", "stopped by signal 11"},
	{"a child that hangs", work_hangs, 1, "0:one|", "stopped at the time limit of 1 s"},
	{"a child that fails", work_fails, 0, "1:no dump|", "ended with status 1"},
	{"half a frame is no frame", work_sends_half, 0, "0:one|", NULL},
	{"nonsense is no frame", work_sends_nonsense, 0, "", ""},
	{"a frame larger than the pipe", work_sends_much, 0, "0:3145728 bytes|", NULL},
};

static void got(const struct frame_in *frame, void *ctx)
{
	struct seen *seen = ctx;
	size_t used = strlen(seen->frames);

	if (frame->len > 100)
		snprintf(seen->frames + used, sizeof(seen->frames) - used, "%d:%zu bytes|",
			 (int)frame->kind, frame->len);
	else
		snprintf(seen->frames + used, sizeof(seen->frames) - used, "%d:%s|",
			 (int)frame->kind, frame->data);
}

static void test_row(void **state)
{
	const struct row *row = *state;
	struct supervise_limits limits = {.seconds = row->seconds};
	struct seen seen = {.row = row};
	struct supervise_end end;

	supervise(&limits, row->work, got, NULL, &seen, &end);
	assert_string_equal(seen.frames, row->frames);
	if (!row->why) {
		assert_true(end.ok);
	} else if (row->why[0]) {
		assert_false(end.ok);
		assert_non_null(strstr(end.why, row->why));
	}
}

int main(void)
{
	struct CMUnitTest tests[ARRAY_SIZE(rows)];

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		tests[i] = (struct CMUnitTest){rows[i].name, test_row, NULL, NULL,
					       (void *)(uintptr_t)&rows[i]};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
