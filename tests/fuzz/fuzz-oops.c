// SPDX-License-Identifier: GPL-2.0-or-later
//
// Fuzzes the reader of reports, the choice of the crash and the blame. The first line is one
// that every judge takes for a kernel's, so that the rest reaches the grammar.
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "fact/fact.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void write_log(int fd, const uint8_t *data, size_t size)
{
	static const char line[] = "[    0.000001] Linux version 6.1.0 (a@b) #1 SMP\n";

	if (ftruncate(fd, 0) || lseek(fd, 0, SEEK_SET) ||
	    write(fd, line, sizeof(line) - 1) < 0 || (size && write(fd, data, size) < 0))
		abort();
}

/* What every reader of events relies on. */
static void check_event(const struct event *ev, uint32_t lines)
{
	if (ev->class == CLASS_NONE || ev->class >= CLASS_COUNT || !ev->title)
		abort();
	if (!ev->line || ev->last_line < ev->line || ev->last_line > lines)
		abort();
	if (ev->frame_count > OOPS_MAX_FRAMES || ev->reg_count > OOPS_MAX_REGS)
		abort();
	for (size_t i = 0; i < ev->reg_count; i++) {
		if (!ev->regs[i].name)
			abort();
	}
}

static void check_facts(const struct fact_set *facts)
{
	const struct oops_log *log = &facts->log;

	for (size_t i = 0; i < log->count; i++) {
		check_event(&log->events[i], log->lines);
		if (i && log->events[i].line < log->events[i - 1].line)
			abort();
	}
	if (facts->crash && (facts->crash < log->events || facts->crash >= log->events + log->count))
		abort();
	if (facts->crash && facts->crash->from_user)
		abort();
	if (facts->chain_count > log->count || (facts->blame.function && !facts->blame_why))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static int fd = -1;
	struct fact_set facts;
	struct klog *klog;
	char path[32];

	if (fd < 0)
		fd = memfd_create("log", 0);
	write_log(fd, data, size);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	if (klog_open_text(&klog, path, NULL))
		return 0;
	fact_init(&facts);
	oops_scan(klog, OOPS_LAST_CRASH, &facts.arena, &facts.log);
	fact_choose(&facts);
	fact_blame(&facts);
	check_facts(&facts);
	fact_done(&facts);
	klog_free(klog);
	return 0;
}
