// SPDX-License-Identifier: GPL-2.0-or-later
//
// fork, limits, a pipe of length-prefixed frames, a deadline.
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "cmd/supervise.h"

enum { FRAME_MAX = 16 * 1024 * 1024, TICK_MS = 1000 };

struct frame_header {
	uint32_t len;
	uint32_t kind;
	char pending[PENDING_MAX];
};

/* Sanitizers reserve terabytes of address space: a limit on it would end them at once. */
#if defined(__SANITIZE_ADDRESS__)
enum { LIMIT_ADDRESS_SPACE = 0 };
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
enum { LIMIT_ADDRESS_SPACE = 0 };
#else
enum { LIMIT_ADDRESS_SPACE = 1 };
#endif
#else
enum { LIMIT_ADDRESS_SPACE = 1 };
#endif

bool report_send(struct report_pipe *pipe, enum frame_kind kind, const char *pending,
		 const char *data, size_t len)
{
	struct frame_header h = {.kind = kind};

	if (len > FRAME_MAX)
		return false;
	h.len = (uint32_t)len;
	snprintf(h.pending, sizeof(h.pending), "%s", pending);
	return write_all(pipe->fd, &h, sizeof(h)) && write_all(pipe->fd, data, len);
}

static void limit(int resource, rlim_t soft, rlim_t hard)
{
	struct rlimit r = {soft, hard};

	(void)setrlimit(resource, &r); /* lower limits may be in force already */
}

static void apply_limits(const struct supervise_limits *limits)
{
	limit(RLIMIT_CORE, 0, 0);
	if (limits->seconds)
		limit(RLIMIT_CPU, limits->seconds + 1, limits->seconds + 2);
	if (limits->memory_mib && LIMIT_ADDRESS_SPACE)
		limit(RLIMIT_AS, (rlim_t)limits->memory_mib << 20, (rlim_t)limits->memory_mib << 20);
}

static _Noreturn void be_child(const struct supervise_limits *limits, int fd,
			       int (*work)(struct report_pipe *, void *), void *ctx)
{
	struct report_pipe pipe = {fd};

	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	(void)signal(SIGPIPE, SIG_DFL);
	apply_limits(limits);
	/* _exit: freeing a damaged dump's context is one more chance to crash */
	_exit(work(&pipe, ctx));
}

static int64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* The parent's side of the pipe: bytes so far, cut into frames. */
struct inbox {
	int fd;
	char *data;
	size_t len, cap;
};

/* Reads what is there; false at the end of the pipe. */
static bool inbox_fill(struct inbox *in)
{
	ssize_t n;

	if (in->cap - in->len < 65536) {
		size_t cap = in->cap * 2 + 131072;
		char *data = cap <= 2 * (size_t)FRAME_MAX + 262144 ? realloc(in->data, cap) : NULL;

		if (!data)
			return false;
		in->data = data;
		in->cap = cap;
	}
	n = read(in->fd, in->data + in->len, in->cap - in->len - 1);
	if (n < 0 && errno == EINTR)
		return true;
	if (n <= 0)
		return false;
	in->len += (size_t)n;
	return true;
}

/* Hands over every whole frame; false if the stream makes no sense. */
static bool inbox_deliver(struct inbox *in, void (*got)(const struct frame_in *, void *),
			  void *ctx)
{
	struct frame_header h;

	while (in->len >= sizeof(h)) {
		struct frame_in frame;
		size_t whole;

		memcpy(&h, in->data, sizeof(h));
		if (h.len > FRAME_MAX || h.kind > FRAME_NEXT)
			return false;
		whole = sizeof(h) + h.len;
		if (in->len < whole)
			return true;
		frame = (struct frame_in){.kind = h.kind, .len = h.len};
		memcpy(frame.pending, h.pending, PENDING_MAX);
		frame.pending[PENDING_MAX - 1] = '\0';
		frame.data = malloc(h.len + 1);
		if (!frame.data)
			return false;
		memcpy(frame.data, in->data + sizeof(h), h.len);
		frame.data[h.len] = '\0';
		memmove(in->data, in->data + whole, in->len - whole);
		in->len -= whole;
		got(&frame, ctx);
		free(frame.data);
	}
	return true;
}

/* Reads frames until the pipe ends; false if the deadline came first. */
static bool listen_to(struct inbox *in, int64_t deadline,
		      void (*got)(const struct frame_in *, void *), void (*idle)(void *),
		      void *ctx)
{
	for (;;) {
		struct pollfd p = {.fd = in->fd, .events = POLLIN};
		int64_t left = deadline ? deadline - now_ms() : TICK_MS;
		int ready;

		if (left <= 0)
			return false;
		ready = poll(&p, 1, (int)(left < TICK_MS ? left : TICK_MS));
		if (!ready && idle)
			idle(ctx);
		if (ready <= 0)
			continue;
		if (!inbox_fill(in) || !inbox_deliver(in, got, ctx))
			return true;
	}
}

static void tell_end(int status, bool in_time, const struct supervise_limits *limits,
		     struct supervise_end *ret)
{
	ret->ok = false;
	if (!in_time)
		snprintf(ret->why, sizeof(ret->why), "stopped at the time limit of %u s",
			 limits->seconds);
	else if (WIFSIGNALED(status) && WTERMSIG(status) == SIGXCPU)
		snprintf(ret->why, sizeof(ret->why), "stopped at the CPU time limit of %u s",
			 limits->seconds);
	else if (WIFSIGNALED(status))
		snprintf(ret->why, sizeof(ret->why), "stopped by signal %d (%s)",
			 WTERMSIG(status), strsignal(WTERMSIG(status)));
	else if (WEXITSTATUS(status))
		snprintf(ret->why, sizeof(ret->why), "ended with status %d", WEXITSTATUS(status));
	else
		ret->ok = true;
}

void supervise(const struct supervise_limits *limits,
	       int (*work)(struct report_pipe *pipe, void *ctx),
	       void (*got)(const struct frame_in *frame, void *ctx), void (*idle)(void *ctx),
	       void *ctx, struct supervise_end *ret)
{
	int64_t deadline = limits->seconds ? now_ms() + (int64_t)limits->seconds * 1000 : 0;
	struct inbox in = {0};
	int fds[2], status = 0;
	bool in_time;
	pid_t pid;

	*ret = (struct supervise_end){0};
	if (pipe(fds)) {
		snprintf(ret->why, sizeof(ret->why), "no pipe: %s", strerror(errno));
		return;
	}
	fflush(NULL);
	pid = fork();
	if (pid < 0) {
		snprintf(ret->why, sizeof(ret->why), "cannot fork: %s", strerror(errno));
		close(fds[0]);
		close(fds[1]);
		return;
	}
	if (!pid) {
		close(fds[0]);
		be_child(limits, fds[1], work, ctx);
	}
	close(fds[1]);
	in.fd = fds[0];
	in_time = listen_to(&in, deadline, got, idle, ctx);
	(void)kill(pid, SIGKILL); /* it has ended, or it must */
	close(fds[0]);
	free(in.data);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	tell_end(status, in_time, limits, ret);
}
