// SPDX-License-Identifier: GPL-2.0-or-later
//
// How much memory a process has. mm_struct.rss_stat has a counter each for pages of files,
// anonymous ones, swapped ones and shmem, in that order (an enum without a name, so not in
// BTF's by-name index; the order is that of v4.5 and later). Up to v6.1 the counters are
// atomics, and each thread may hold back up to 64 pages; since v6.2 they are percpu_counters:
//
//	rss = percpu_counter.count + sum of *percpu_counter.counters on all CPUs
#include <stdlib.h>
#include <string.h>

#include "kernel/memory-inside.h"

enum { MM_FILE, MM_ANON, MM_SWAP, MM_SHMEM, MM_COUNTERS };

enum {
	CANDIDATES = 2 * MEMORY_TOP, /* for the largest, before CPUs' shares are added */
	RSS_MAX_BYTES = 512, /* of mm_struct.rss_stat: 160 in 6.12, more with lockdep */
};

struct reader {
	struct kernel *kernel;
	struct core *core;
	struct member rss; /* the array, from the start of mm_struct */
	bool is_percpu;
	uint64_t count, counters; /* since v6.2: in struct percpu_counter */
	struct member oom_score_adj;
	bool has_oom_score_adj;
	struct percpu_offsets cpus;
};

static enum status reader_init(struct reader *r, struct kernel *kernel, struct err *err)
{
	struct types *types = kernel->types;
	enum status st;

	if (!types)
		return err_set(err, STATUS_ABSENT, "no types");
	memset(r, 0, sizeof(*r));
	r->kernel = kernel;
	r->core = kernel->core;
	st = types_member(types, "mm_struct.rss_stat.count", &r->rss, NULL);
	if (st) {
		r->is_percpu = true;
		st = types_member(types, "mm_struct.rss_stat", &r->rss, err);
		if (!st)
			st = types_offset(types, "percpu_counter.count", &r->count, err);
		if (!st)
			st = types_offset(types, "percpu_counter.counters", &r->counters, err);
		if (!st && percpu_offsets_read(kernel, &r->cpus, NULL))
			r->cpus.count = 0; /* the shares of CPUs stay unknown */
	}
	if (st)
		return st;
	if (r->rss.count < MM_COUNTERS || r->rss.size > RSS_MAX_BYTES || r->rss.stride < 8 ||
	    r->rss.stride * MM_COUNTERS > r->rss.size ||
	    (r->is_percpu &&
	     (r->count + 8 > r->rss.stride || r->counters + 8 > r->rss.stride)))
		return err_set(err, STATUS_ABSENT, "mm_struct.rss_stat of an unknown layout");
	r->has_oom_score_adj =
	    !types_member(types, "signal_struct.oom_score_adj", &r->oom_score_adj, NULL);
	return STATUS_FOUND;
}

static int64_t on_cpus(const struct reader *r, uint64_t percpu)
{
	int64_t sum = 0;
	uint32_t share;

	for (unsigned i = 0; i < r->cpus.count; i++) {
		if (!core_read_u32(r->core, percpu + r->cpus.offset[i], &share, NULL))
			sum += (int32_t)share;
	}
	return sum;
}

/* Pages of each kind; exact: with what CPUs hold back. */
static enum status read_counters(const struct reader *r, uint64_t mm, bool exact,
				 int64_t ret[MM_COUNTERS], struct err *err)
{
	unsigned char buf[RSS_MAX_BYTES];
	enum status st = core_read_virt(r->core, mm + r->rss.offset, buf, r->rss.size, err);

	if (st)
		return st;
	for (unsigned i = 0; i < MM_COUNTERS; i++) {
		const unsigned char *p = buf + i * r->rss.stride;
		int64_t pages = (int64_t)core_uint(r->core, p + r->count, 8);

		if (r->is_percpu && exact)
			pages = pages_add(pages,
					  on_cpus(r, core_uint(r->core, p + r->counters, 8)));
		ret[i] = pages_to_kib(r->core, pages);
	}
	return STATUS_FOUND;
}

static enum status read_process(const struct reader *r, const struct task *task, bool exact,
				struct memory_process *ret, struct err *err)
{
	int64_t kib[MM_COUNTERS];
	uint64_t adj;
	enum status st;

	if (!task->mm)
		return err_set(err, STATUS_ABSENT, "it has no memory of its own");
	if (task->pid != task->tgid)
		return err_set(err, STATUS_ABSENT, "it is a thread of another task");
	st = read_counters(r, task->mm, exact, kib, err);
	if (st)
		return st;
	memset(ret, 0, sizeof(*ret));
	ret->pid = task->pid;
	memcpy(ret->comm, task->comm, sizeof(ret->comm));
	if (__builtin_add_overflow(kib[MM_FILE], kib[MM_ANON], &ret->rss) ||
	    __builtin_add_overflow(ret->rss, kib[MM_SHMEM], &ret->rss))
		return err_set(err, STATUS_BROKEN, "its counters are nonsense");
	ret->swap = kib[MM_SWAP];
	if (r->has_oom_score_adj && task->signal &&
	    !types_read(r->core, task->signal, &r->oom_score_adj, &adj, NULL)) {
		ret->has_oom_score_adj = true;
		ret->oom_score_adj = (int32_t)adj;
	}
	return STATUS_FOUND;
}

enum status memory_process(struct kernel *kernel, const struct task *task,
			   struct memory_process *ret, struct err *err)
{
	struct reader r;
	enum status st = reader_init(&r, kernel, err);

	if (!st)
		st = read_process(&r, task, true, ret, err);
	return st ? err_add(err, st, "memory of %s", task->comm) : st;
}

/* --- the largest ------------------------------------------------------------------------- */

struct candidate {
	struct memory_process process;
	struct task task;
};

struct ranking {
	struct candidate list[CANDIDATES]; /* largest first */
	unsigned count;
};

struct memory_largest {
	struct reader reader;
	struct ranking rough; /* without what the CPUs hold back */
};

static void insert(struct ranking *r, const struct candidate *new)
{
	unsigned at = r->count;

	while (at && r->list[at - 1].process.rss < new->process.rss)
		at--;
	if (at == CANDIDATES)
		return;
	if (r->count < CANDIDATES)
		r->count++;
	memmove(&r->list[at + 1], &r->list[at], (r->count - at - 1) * sizeof(*r->list));
	r->list[at] = *new;
}

enum status memory_largest_open(struct memory_largest **ret, struct kernel *kernel,
				struct err *err)
{
	struct memory_largest *l = calloc(1, sizeof(*l));
	enum status st;

	if (!l)
		return err_set(err, STATUS_BROKEN, "out of memory");
	st = reader_init(&l->reader, kernel, err);
	if (st) {
		free(l);
		return err_add(err, st, "largest processes");
	}
	*ret = l;
	return STATUS_FOUND;
}

void memory_largest_add(struct memory_largest *largest, const struct task *task)
{
	struct candidate new = {.task = *task};

	if (!read_process(&largest->reader, task, false, &new.process, NULL))
		insert(&largest->rough, &new);
}

unsigned memory_largest_close(struct memory_largest *largest,
			      struct memory_process ret[MEMORY_TOP])
{
	struct ranking exact = {.count = 0};
	unsigned count;

	if (!largest)
		return 0;
	for (unsigned i = 0; i < largest->rough.count; i++) {
		struct candidate *c = &largest->rough.list[i];

		/* It was read before: if not now, the first reading stands. */
		(void)read_process(&largest->reader, &c->task, true, &c->process, NULL);
		insert(&exact, c);
	}
	free(largest);
	count = exact.count < MEMORY_TOP ? exact.count : MEMORY_TOP;
	for (unsigned i = 0; i < count; i++)
		ret[i] = exact.list[i].process;
	return count;
}
