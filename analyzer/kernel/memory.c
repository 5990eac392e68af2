// SPDX-License-Identifier: GPL-2.0-or-later
//
// What /proc/meminfo would have said. The counters are in pages, one array for what is counted
// by zone and one by node (v4.8); enums say which element is what. A CPU collects its changes
// in a signed byte for each counter of each zone and node and adds them when there are many:
//
//	vm_node_stat[i] + sum of pgdat->per_cpu_nodestats[cpu].vm_node_stat_diff[i]
//	vm_zone_stat[i] + sum of zone->per_cpu_zonestats[cpu].vm_stat_diff[i]
//
// On a machine of many CPUs and zones these changes are left out, as the kernel does itself.
#include <string.h>

#include "kernel/memory-inside.h"

enum {
	MAX_ITEMS = 128,   /* counters of one kind: 74 in 7.2 */
	MAX_ZONES = 8,	   /* of a node */
	MAX_HSTATES = 16,  /* sizes of huge pages */
	MAX_FOLDED = 2048, /* per-CPU arrays that are read */
	WMARK_LOW = 1,	   /* enum zone_watermarks */
};

/* The counters of one kind: by zone or by node. */
struct stats {
	const char *items; /* the enum */
	unsigned count;
	int64_t value[MAX_ITEMS];
};

struct zones {
	unsigned count;
	uint64_t addr[MEMORY_MAX_NODES * MAX_ZONES];
	unsigned node[MEMORY_MAX_NODES * MAX_ZONES]; /* index in struct memory */
};

struct reader {
	struct kernel *kernel;
	struct core *core;
	struct stats zone, node;
	struct zones zones;
	unsigned nodes;
	uint64_t node_addr[MEMORY_MAX_NODES]; /* of its struct pglist_data */
	int node_number[MEMORY_MAX_NODES];
	struct percpu_offsets cpus;
};

int64_t pages_to_kib(const struct core *core, int64_t pages)
{
	int64_t kib = core_page_size(core) / 1024;

	if (pages < 0)
		return 0;
	return pages > INT64_MAX / 2 / kib ? INT64_MAX / 2 : pages * kib;
}

/* A sum of numbers that a dump gives never overflows. */
static int64_t add(int64_t a, int64_t b)
{
	int64_t sum;

	return __builtin_add_overflow(a, b, &sum) ? INT64_MAX / 2 : sum;
}

static int64_t word_var(struct reader *r, const char *name)
{
	uint64_t value;

	return kernel_var(r->kernel, name, 8, &value, NULL) ? -1 : (int64_t)value;
}

/* --- nodes and zones ---------------------------------------------------------------------- */

/* node_data[] since there is NUMA, else the one contig_page_data. */
static enum status find_nodes(struct reader *r, struct err *err)
{
	uint64_t table, count, addr;
	enum status st = kernel_find(r->kernel, "node_data", &table, NULL);

	if (st) {
		st = kernel_find(r->kernel, "contig_page_data", &r->node_addr[0], err);
		r->nodes = !st;
		return st;
	}
	if (kernel_var(r->kernel, "nr_node_ids", 4, &count, NULL))
		count = 1;
	for (unsigned i = 0; i < count && i < MEMORY_MAX_NODES; i++) {
		st = core_read_ptr(r->core, table + i * (core_is_64bit(r->core) ? 8 : 4), &addr, err);
		if (st)
			return err_add(err, st, "node_data");
		if (!addr)
			continue;
		r->node_number[r->nodes] = (int)i;
		r->node_addr[r->nodes++] = addr;
	}
	return r->nodes ? STATUS_FOUND : err_set(err, STATUS_ABSENT, "no nodes");
}

static int64_t item_index(struct reader *r, const struct stats *stats, const char *name)
{
	int64_t value;

	if (types_enum(r->kernel->types, stats->items, name, &value, NULL) || value < 0 ||
	    value >= stats->count)
		return -1;
	return value;
}

/* An array of atomic_long_t. */
static enum status read_longs(struct core *core, uint64_t addr, unsigned count, int64_t *ret,
			      struct err *err)
{
	unsigned char buf[MAX_ITEMS * 8];
	enum status st = core_read_virt(core, addr, buf, count * 8, err);

	for (unsigned i = 0; !st && i < count; i++)
		ret[i] = (int64_t)core_uint(core, buf + i * 8, 8);
	return st;
}

static int64_t long_member(struct reader *r, uint64_t base, const char *path)
{
	uint64_t value;

	return types_read_path(r->kernel->types, base, path, &value, NULL) ? -1 : (int64_t)value;
}

/* Managed pages of a zone; < 0: unknown. An atomic since v5.0. */
static int64_t zone_managed(struct reader *r, uint64_t zone)
{
	int64_t pages = long_member(r, zone, "zone.managed_pages.counter");

	return pages >= 0 ? pages : long_member(r, zone, "zone.managed_pages");
}

static void read_node(struct reader *r, unsigned i, struct memory_node *ret)
{
	struct member zones, stat;
	int64_t free_item = item_index(r, &r->zone, "NR_FREE_PAGES");

	ret->node = r->node_number[i];
	ret->total = ret->free = -1;
	if (types_member(r->kernel->types, "pglist_data.node_zones", &zones, NULL) ||
	    types_member(r->kernel->types, "zone.vm_stat", &stat, NULL) || free_item < 0)
		return;
	ret->total = ret->free = 0;
	for (unsigned z = 0; z < zones.count && z < MAX_ZONES; z++) {
		uint64_t zone = r->node_addr[i] + zones.offset + z * zones.stride, pages;
		int64_t managed = zone_managed(r, zone);

		if (managed <= 0)
			continue;
		ret->total = add(ret->total, pages_to_kib(r->core, managed));
		if (!core_read_u64(r->core, zone + stat.offset + (uint64_t)free_item * 8, &pages, NULL))
			ret->free = add(ret->free, pages_to_kib(r->core, (int64_t)pages));
		r->zones.node[r->zones.count] = i;
		r->zones.addr[r->zones.count++] = zone;
	}
}

/* --- counters ----------------------------------------------------------------------------- */

static enum status read_stats(struct reader *r, struct stats *stats, const char *symbol,
			      const char *items, const char *last, struct err *err)
{
	uint64_t addr;
	int64_t count;
	enum status st = types_enum(r->kernel->types, items, last, &count, err);

	if (!st)
		st = kernel_find(r->kernel, symbol, &addr, err);
	if (st)
		return st;
	if (count <= 0 || count > MAX_ITEMS || !core_is_64bit(r->core))
		return err_set(err, STATUS_BROKEN, "%s has %lld counters", symbol,
			       (long long)count);
	stats->items = items;
	st = read_longs(r->core, addr, (unsigned)count, stats->value, err);
	if (!st)
		stats->count = (unsigned)count;
	return st ? err_add(err, st, "%s", symbol) : st;
}

/* Adds what the CPUs have not: percpu points to structs with the array diff. */
static void fold(struct reader *r, struct stats *stats, uint64_t percpu, const struct member *diff)
{
	int8_t buf[MAX_ITEMS];
	unsigned count = diff->size < stats->count ? (unsigned)diff->size : stats->count;

	for (unsigned cpu = 0; cpu < r->cpus.count; cpu++) {
		uint64_t at = percpu + r->cpus.offset[cpu] + diff->offset;

		if (core_read_virt(r->core, at, buf, count, NULL))
			continue;
		for (unsigned i = 0; i < count; i++)
			stats->value[i] = add(stats->value[i], buf[i]);
	}
}

/* v5.14 parted the counters from the lists of free pages. */
static void fold_zones(struct reader *r, struct memory_node *nodes)
{
	static const char *const pointers[] = {"zone.per_cpu_zonestats", "zone.pageset", NULL};
	static const char *const diffs[] = {"per_cpu_zonestat.vm_stat_diff",
					    "per_cpu_pageset.vm_stat_diff", NULL};
	int64_t free_item = item_index(r, &r->zone, "NR_FREE_PAGES");
	struct member pointer, diff;
	uint64_t percpu;

	if (free_item < 0 ||
	    types_member_of(r->kernel->types, pointers, &pointer, NULL, NULL) ||
	    types_member_of(r->kernel->types, diffs, &diff, NULL, NULL))
		return;
	for (unsigned i = 0; i < r->zones.count; i++) {
		struct memory_node *node = &nodes[r->zones.node[i]];
		int64_t free = r->zone.value[free_item];

		if (types_read(r->core, r->zones.addr[i], &pointer, &percpu, NULL))
			continue;
		fold(r, &r->zone, percpu, &diff);
		free = add(r->zone.value[free_item], -free);
		node->free = add(node->free, free < 0 ? -pages_to_kib(r->core, -free)
						      : pages_to_kib(r->core, free));
	}
}

static void fold_nodes(struct reader *r)
{
	struct member pointer, diff;
	uint64_t percpu;

	if (types_member(r->kernel->types, "pglist_data.per_cpu_nodestats", &pointer, NULL) ||
	    types_member(r->kernel->types, "per_cpu_nodestat.vm_node_stat_diff", &diff, NULL))
		return;
	for (unsigned i = 0; i < r->nodes; i++) {
		if (!types_read(r->core, r->node_addr[i], &pointer, &percpu, NULL))
			fold(r, &r->node, percpu, &diff);
	}
}

/* A counter in pages by its names, newest first; < 0: this kernel has none such. */
static int64_t counter(struct reader *r, const char *name, const char *old_name)
{
	const char *names[] = {name, old_name};

	for (size_t i = 0; i < ARRAY_SIZE(names) && names[i]; i++) {
		int64_t at = item_index(r, &r->node, names[i]);

		if (at >= 0)
			return r->node.value[at] < 0 ? 0 : r->node.value[at];
		at = item_index(r, &r->zone, names[i]);
		if (at >= 0)
			return r->zone.value[at] < 0 ? 0 : r->zone.value[at];
	}
	return -1;
}

static int64_t counter_kib(struct reader *r, const char *name, const char *old_name)
{
	int64_t pages = counter(r, name, old_name);

	return pages < 0 ? -1 : pages_to_kib(r->core, pages);
}

/* --- what is more than a counter ---------------------------------------------------------- */

static int64_t low_watermarks(struct reader *r)
{
	static const char *const paths[] = {"zone._watermark", "zone.watermark", NULL};
	struct member mark;
	int64_t sum = 0;
	uint64_t pages;

	if (types_member_of(r->kernel->types, paths, &mark, NULL, NULL))
		return 0;
	for (unsigned i = 0; i < r->zones.count; i++) {
		int64_t boost = long_member(r, r->zones.addr[i], "zone.watermark_boost");

		if (!core_read_u64(r->core, r->zones.addr[i] + mark.offset + WMARK_LOW * 8, &pages,
				   NULL))
			sum = add(sum, (int64_t)pages);
		sum = add(sum, boost > 0 ? boost : 0);
	}
	return sum;
}

static int64_t less_half_or(int64_t pages, int64_t low)
{
	return pages - (pages / 2 < low ? pages / 2 : low);
}

/* si_mem_available() of the kernel. */
static int64_t available(struct reader *r)
{
	int64_t free = counter(r, "NR_FREE_PAGES", NULL), low = low_watermarks(r);
	int64_t file = add(counter(r, "NR_ACTIVE_FILE", NULL), counter(r, "NR_INACTIVE_FILE", NULL));
	int64_t slab = counter(r, "NR_SLAB_RECLAIMABLE_B", "NR_SLAB_RECLAIMABLE");
	int64_t misc = counter(r, "NR_KERNEL_MISC_RECLAIMABLE", NULL);
	int64_t reserve = word_var(r, "totalreserve_pages");

	if (free < 0 || file < 0 || slab < 0 || reserve < 0)
		return -1;
	slab = add(slab, misc > 0 ? misc : 0);
	return pages_to_kib(r->core, add(free - reserve, add(less_half_or(file, low),
							     less_half_or(slab, low))));
}

/* Without the swap cache, which is counted apart since v5.12. */
static int64_t page_cache(struct reader *r)
{
	int64_t file = counter(r, "NR_FILE_PAGES", NULL), shmem = counter(r, "NR_SHMEM", NULL);
	int64_t swap_cache = counter(r, "NR_SWAPCACHE", NULL);

	if (file < 0 || shmem < 0)
		return -1;
	return pages_to_kib(r->core, file - shmem - (swap_cache > 0 ? swap_cache : 0));
}

static int64_t total(struct reader *r)
{
	int64_t pages = word_var(r, "_totalram_pages"); /* v5.0 */

	if (pages < 0)
		pages = word_var(r, "totalram_pages");
	return pages < 0 ? -1 : pages_to_kib(r->core, pages);
}

static int64_t percpu(struct reader *r)
{
	int64_t pages = word_var(r, "pcpu_nr_populated"); /* v4.20 */
	int32_t units;

	if (pages < 0 || kernel_int(r->kernel, "pcpu_nr_units", &units, NULL) || units <= 0 ||
	    pages > INT32_MAX)
		return -1;
	return pages_to_kib(r->core, pages * units);
}

/* A variable, since some 7.x a counter of the nodes. */
static int64_t vmalloc(struct reader *r)
{
	int64_t pages = counter(r, "NR_VMALLOC", NULL);

	if (pages < 0)
		pages = word_var(r, "nr_vmalloc_pages");
	return pages < 0 ? -1 : pages_to_kib(r->core, pages);
}

/* Huge pages of all sizes; 0 where this kernel has none. */
static int64_t hugetlb(struct reader *r)
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
		int64_t pages = long_member(r, addr + (uint64_t)i * size, "hstate.nr_huge_pages");
		int64_t order = long_member(r, addr + (uint64_t)i * size, "hstate.order");

		if (pages < 0 || order < 0 || order > 20 || pages > INT64_MAX >> 40)
			return -1;
		sum = add(sum, pages_to_kib(r->core, pages << order));
	}
	return sum;
}

/* --- all ---------------------------------------------------------------------------------- */

static void fill(struct reader *r, struct memory *ret)
{
	int64_t swap_total = word_var(r, "total_swap_pages"), swap_free = word_var(r, "nr_swap_pages");

	ret->total = total(r);
	ret->free = counter_kib(r, "NR_FREE_PAGES", NULL);
	ret->available = available(r);
	ret->anon = counter_kib(r, "NR_ANON_MAPPED", "NR_ANON_PAGES");
	ret->page_cache = page_cache(r);
	ret->shmem = counter_kib(r, "NR_SHMEM", NULL);
	/* _B counts bytes in a cgroup, but pages in these arrays. */
	ret->slab_reclaimable = counter_kib(r, "NR_SLAB_RECLAIMABLE_B", "NR_SLAB_RECLAIMABLE");
	ret->slab_unreclaimable = counter_kib(r, "NR_SLAB_UNRECLAIMABLE_B", "NR_SLAB_UNRECLAIMABLE");
	ret->page_tables = counter_kib(r, "NR_PAGETABLE", NULL);
	ret->kernel_stacks = counter(r, "NR_KERNEL_STACK_KB", NULL); /* in KiB already */
	ret->vmalloc = vmalloc(r);
	ret->percpu = percpu(r);
	ret->hugetlb = hugetlb(r);
	ret->swap_total = swap_total < 0 ? -1 : pages_to_kib(r->core, swap_total);
	ret->swap_free = swap_free < 0 ? -1 : pages_to_kib(r->core, swap_free);
}

enum status memory_read(struct kernel *kernel, struct memory *ret, struct err *err)
{
	struct reader r = {.kernel = kernel, .core = kernel->core};
	enum status st;

	if (!kernel->types)
		return err_set(err, STATUS_ABSENT, "memory: no types");
	st = read_stats(&r, &r.zone, "vm_zone_stat", "zone_stat_item", "NR_VM_ZONE_STAT_ITEMS", err);
	if (!st)
		st = read_stats(&r, &r.node, "vm_node_stat", "node_stat_item", "NR_VM_NODE_STAT_ITEMS",
				err);
	if (st)
		return err_add(err, st, "memory");
	memset(ret, 0, sizeof(*ret));
	if (!find_nodes(&r, NULL)) {
		for (unsigned i = 0; i < r.nodes; i++)
			read_node(&r, i, &ret->node[i]);
		ret->nodes = r.nodes;
	}
	if (!percpu_offsets_read(kernel, &r.cpus, NULL) &&
	    (r.zones.count + r.nodes) * r.cpus.count <= MAX_FOLDED) {
		fold_zones(&r, ret->node);
		fold_nodes(&r);
	}
	fill(&r, ret);
	return STATUS_FOUND;
}
