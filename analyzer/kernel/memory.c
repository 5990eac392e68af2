// SPDX-License-Identifier: GPL-2.0-or-later
//
// What /proc/meminfo would have said: mostly counters, some variables, some sums.
#include "kernel/memory-inside.h"

enum { MAX_HSTATES = 16 /* sizes of huge pages */ };

static int64_t word_var(struct memory_counters *r, const char *name)
{
	uint64_t value;

	return kernel_var(r->kernel, name, 8, &value, NULL) ? -1 : (int64_t)value;
}

static int64_t counter_kib(struct memory_counters *r, const char *name, const char *old_name)
{
	int64_t pages = memory_counter(r, name, old_name);

	return pages < 0 ? -1 : pages_to_kib(r->core, pages);
}

/* --- what is more than a counter --------------------------------------------------------- */

static int64_t less_half_or(int64_t pages, int64_t low)
{
	return pages - (pages / 2 < low ? pages / 2 : low);
}

/* si_mem_available() of the kernel. */
static int64_t available(struct memory_counters *r)
{
	int64_t free = memory_counter(r, "NR_FREE_PAGES", NULL);
	int64_t low = memory_low_watermarks(r);
	int64_t file = pages_add(memory_counter(r, "NR_ACTIVE_FILE", NULL),
				 memory_counter(r, "NR_INACTIVE_FILE", NULL));
	int64_t slab = memory_counter(r, "NR_SLAB_RECLAIMABLE_B", "NR_SLAB_RECLAIMABLE");
	int64_t misc = memory_counter(r, "NR_KERNEL_MISC_RECLAIMABLE", NULL);
	int64_t reserve = word_var(r, "totalreserve_pages");

	if (free < 0 || file < 0 || slab < 0 || reserve < 0)
		return -1;
	slab = pages_add(slab, misc > 0 ? misc : 0);
	file = less_half_or(file, low);
	slab = less_half_or(slab, low);
	return pages_to_kib(r->core, pages_add(free - reserve, pages_add(file, slab)));
}

/* Without the swap cache, which is counted apart since v5.12. */
static int64_t page_cache(struct memory_counters *r)
{
	int64_t file = memory_counter(r, "NR_FILE_PAGES", NULL);
	int64_t shmem = memory_counter(r, "NR_SHMEM", NULL);
	int64_t swap_cache = memory_counter(r, "NR_SWAPCACHE", NULL);

	if (file < 0 || shmem < 0)
		return -1;
	return pages_to_kib(r->core, file - shmem - (swap_cache > 0 ? swap_cache : 0));
}

static int64_t total(struct memory_counters *r)
{
	int64_t pages = word_var(r, "_totalram_pages"); /* v5.0 */

	if (pages < 0)
		pages = word_var(r, "totalram_pages");
	return pages < 0 ? -1 : pages_to_kib(r->core, pages);
}

static int64_t percpu(struct memory_counters *r)
{
	int64_t pages = word_var(r, "pcpu_nr_populated"); /* v4.20 */
	int32_t units;

	if (pages < 0 || kernel_int(r->kernel, "pcpu_nr_units", &units, NULL) || units <= 0 ||
	    pages > INT32_MAX)
		return -1;
	return pages_to_kib(r->core, pages * units);
}

/* A variable, since some 7.x a counter of the nodes. */
static int64_t vmalloc(struct memory_counters *r)
{
	int64_t pages = memory_counter(r, "NR_VMALLOC", NULL);

	if (pages < 0)
		pages = word_var(r, "nr_vmalloc_pages");
	return pages < 0 ? -1 : pages_to_kib(r->core, pages);
}

static int64_t long_member(struct memory_counters *r, uint64_t base, const char *path)
{
	uint64_t value;

	if (types_read_path(r->kernel->types, base, path, &value, NULL))
		return -1;
	return (int64_t)value;
}

/* Huge pages of all sizes; 0 where this kernel has none. */
static int64_t hugetlb(struct memory_counters *r)
{
	uint64_t addr, size;
	int32_t count;
	int64_t sum = 0;

	if (kernel_find(r->kernel, "hstates", &addr, NULL))
		return r->kernel->symbols ? 0 : -1;
	if (kernel_int(r->kernel, "hugetlb_max_hstate", &count, NULL) || count < 0 ||
	    count > MAX_HSTATES || types_size(r->kernel->types, "hstate", &size, NULL))
		return -1;
	for (int i = 0; i < count; i++) {
		int64_t pages =
		    long_member(r, addr + (uint64_t)i * size, "hstate.nr_huge_pages");
		int64_t order = long_member(r, addr + (uint64_t)i * size, "hstate.order");

		if (pages < 0 || order < 0 || order > 20 || pages > INT64_MAX >> 40)
			return -1;
		sum = pages_add(sum, pages_to_kib(r->core, pages << order));
	}
	return sum;
}

/* --- all --------------------------------------------------------------------------------- */

static void fill(struct memory_counters *r, struct memory *ret)
{
	int64_t swap_total = word_var(r, "total_swap_pages"),
		swap_free = word_var(r, "nr_swap_pages");

	ret->total = total(r);
	ret->free = counter_kib(r, "NR_FREE_PAGES", NULL);
	ret->available = available(r);
	ret->anon = counter_kib(r, "NR_ANON_MAPPED", "NR_ANON_PAGES");
	ret->page_cache = page_cache(r);
	ret->shmem = counter_kib(r, "NR_SHMEM", NULL);
	/* _B counts bytes in a cgroup, but pages in these arrays. */
	ret->slab_reclaimable = counter_kib(r, "NR_SLAB_RECLAIMABLE_B", "NR_SLAB_RECLAIMABLE");
	ret->slab_unreclaimable =
	    counter_kib(r, "NR_SLAB_UNRECLAIMABLE_B", "NR_SLAB_UNRECLAIMABLE");
	ret->page_tables = counter_kib(r, "NR_PAGETABLE", NULL);
	ret->kernel_stacks =
	    memory_counter(r, "NR_KERNEL_STACK_KB", NULL); /* in KiB already */
	ret->vmalloc = vmalloc(r);
	ret->percpu = percpu(r);
	ret->hugetlb = hugetlb(r);
	ret->swap_total = swap_total < 0 ? -1 : pages_to_kib(r->core, swap_total);
	ret->swap_free = swap_free < 0 ? -1 : pages_to_kib(r->core, swap_free);
}

enum status memory_read(struct kernel *kernel, struct memory *ret, struct err *err)
{
	struct memory_counters counters;
	struct memory memory = {.nodes = 0};
	enum status st = memory_counters_read(kernel, &counters, &memory, err);

	if (st)
		return err_add(err, st, "memory");
	fill(&counters, &memory);
	*ret = memory;
	return STATUS_FOUND;
}
