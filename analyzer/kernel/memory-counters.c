// SPDX-License-Identifier: GPL-2.0-or-later
//
// The counters of memory, in pages, one array for what is counted by zone and one by node
// (v4.8); enums say which element is what. A CPU collects its changes in a signed byte for
// each counter of each zone and node, and adds them when there are many:
//
//	vm_node_stat[i] + sum of pgdat->per_cpu_nodestats[cpu].vm_node_stat_diff[i]
//	vm_zone_stat[i] + sum of zone->per_cpu_zonestats[cpu].vm_stat_diff[i]
//
// On a machine of many CPUs and zones these changes are left out, as the kernel does itself.
#include <string.h>

#include "kernel/memory-inside.h"

enum {
	MAX_FOLDED = 2048, /* per-CPU arrays that are read */
	WMARK_LOW = 1,	   /* enum zone_watermarks */
};

int64_t pages_to_kib(const struct core *core, int64_t pages)
{
	int64_t kib = core_page_size(core) / 1024;

	if (pages < 0)
		return 0;
	return pages > INT64_MAX / 2 / kib ? INT64_MAX / 2 : pages * kib;
}

int64_t pages_add(int64_t a, int64_t b)
{
	int64_t sum;

	return __builtin_add_overflow(a, b, &sum) ? INT64_MAX / 2 : sum;
}

/* --- nodes and zones --------------------------------------------------------------------- */

/* node_data[] since there is NUMA, else the one contig_page_data. */
static enum status find_nodes(struct memory_counters *r, struct err *err)
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
		st = core_read_u64(r->core, table + UINT64_C(8) * i, &addr, err);
		if (st)
			return err_add(err, st, "node_data");
		if (!addr)
			continue;
		r->node_number[r->nodes] = (int)i;
		r->node_addr[r->nodes++] = addr;
	}
	return r->nodes ? STATUS_FOUND : err_set(err, STATUS_ABSENT, "no nodes");
}

static int64_t item_index(struct memory_counters *r, const struct memory_stats *stats,
			  const char *name)
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
	unsigned char buf[MEMORY_MAX_ITEMS * 8];
	enum status st = core_read_virt(core, addr, buf, count * 8, err);

	for (unsigned i = 0; !st && i < count; i++)
		ret[i] = (int64_t)core_uint(core, buf + i * 8, 8);
	return st;
}

static int64_t long_member(struct memory_counters *r, uint64_t base, const char *path)
{
	uint64_t value;

	if (types_read_path(r->kernel->types, base, path, &value, NULL))
		return -1;
	return (int64_t)value;
}

/* Managed pages of a zone; < 0: unknown. An atomic since v5.0. */
static int64_t zone_managed(struct memory_counters *r, uint64_t zone)
{
	int64_t pages = long_member(r, zone, "zone.managed_pages.counter");

	return pages >= 0 ? pages : long_member(r, zone, "zone.managed_pages");
}

static void read_node(struct memory_counters *r, unsigned i, struct memory_node *ret)
{
	struct member zones, stat;
	int64_t free_item = item_index(r, &r->zone, "NR_FREE_PAGES");

	ret->node = r->node_number[i];
	ret->total = ret->free = -1;
	if (types_member(r->kernel->types, "pglist_data.node_zones", &zones, NULL) ||
	    types_member(r->kernel->types, "zone.vm_stat", &stat, NULL) || free_item < 0)
		return;
	ret->total = ret->free = 0;
	for (unsigned z = 0; z < zones.count && z < MEMORY_MAX_ZONES; z++) {
		uint64_t zone = r->node_addr[i] + zones.offset + z * zones.stride, pages;
		int64_t managed = zone_managed(r, zone);

		if (managed <= 0)
			continue;
		ret->total = pages_add(ret->total, pages_to_kib(r->core, managed));
		if (!core_read_u64(r->core, zone + stat.offset + (uint64_t)free_item * 8,
				   &pages, NULL))
			ret->free =
			    pages_add(ret->free, pages_to_kib(r->core, (int64_t)pages));
		r->zone_node[r->zones] = i;
		r->zone_addr[r->zones++] = zone;
	}
}

/* --- counters ---------------------------------------------------------------------------- */

static enum status read_stats(struct memory_counters *r, struct memory_stats *stats,
			      const char *symbol, const char *items, const char *last,
			      struct err *err)
{
	uint64_t addr;
	int64_t count;
	enum status st = types_enum(r->kernel->types, items, last, &count, err);

	if (!st)
		st = kernel_find(r->kernel, symbol, &addr, err);
	if (st)
		return st;
	if (count <= 0 || count > MEMORY_MAX_ITEMS)
		return err_set(err, STATUS_BROKEN, "%s has %lld counters", symbol,
			       (long long)count);
	stats->items = items;
	st = read_longs(r->core, addr, (unsigned)count, stats->value, err);
	if (!st)
		stats->count = (unsigned)count;
	return st ? err_add(err, st, "%s", symbol) : st;
}

/* Adds what the CPUs have not: percpu points to structs with the array diff. */
static void fold(struct memory_counters *r, const struct percpu_offsets *cpus,
		 struct memory_stats *stats, uint64_t percpu, const struct member *diff)
{
	int8_t buf[MEMORY_MAX_ITEMS];
	unsigned count = diff->size < stats->count ? (unsigned)diff->size : stats->count;

	for (unsigned cpu = 0; cpu < cpus->count; cpu++) {
		uint64_t at = percpu + cpus->offset[cpu] + diff->offset;

		if (core_read_virt(r->core, at, buf, count, NULL))
			continue;
		for (unsigned i = 0; i < count; i++)
			stats->value[i] = pages_add(stats->value[i], buf[i]);
	}
}

/* v5.14 parted the counters from the lists of free pages. */
static void fold_zones(struct memory_counters *r, const struct percpu_offsets *cpus,
		       struct memory_node *nodes)
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
	for (unsigned i = 0; i < r->zones; i++) {
		struct memory_node *node = &nodes[r->zone_node[i]];
		int64_t free = r->zone.value[free_item];

		if (types_read(r->core, r->zone_addr[i], &pointer, &percpu, NULL))
			continue;
		fold(r, cpus, &r->zone, percpu, &diff);
		free = pages_add(r->zone.value[free_item], -free);
		node->free = pages_add(node->free, free < 0 ? -pages_to_kib(r->core, -free)
							    : pages_to_kib(r->core, free));
	}
}

static void fold_nodes(struct memory_counters *r, const struct percpu_offsets *cpus)
{
	struct member pointer, diff;
	uint64_t percpu;

	if (types_member(r->kernel->types, "pglist_data.per_cpu_nodestats", &pointer, NULL) ||
	    types_member(r->kernel->types, "per_cpu_nodestat.vm_node_stat_diff", &diff, NULL))
		return;
	for (unsigned i = 0; i < r->nodes; i++) {
		if (!types_read(r->core, r->node_addr[i], &pointer, &percpu, NULL))
			fold(r, cpus, &r->node, percpu, &diff);
	}
}

int64_t memory_counter(struct memory_counters *r, const char *name, const char *old_name)
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

int64_t memory_low_watermarks(struct memory_counters *r)
{
	static const char *const paths[] = {"zone._watermark", "zone.watermark", NULL};
	struct member mark;
	int64_t sum = 0;
	uint64_t pages;

	if (types_member_of(r->kernel->types, paths, &mark, NULL, NULL))
		return 0;
	for (unsigned i = 0; i < r->zones; i++) {
		int64_t boost = long_member(r, r->zone_addr[i], "zone.watermark_boost");

		if (!core_read_u64(r->core, r->zone_addr[i] + mark.offset + WMARK_LOW * 8,
				   &pages, NULL))
			sum = pages_add(sum, (int64_t)pages);
		sum = pages_add(sum, boost > 0 ? boost : 0);
	}
	return sum;
}

enum status memory_counters_read(struct kernel *kernel, struct memory_counters *ret,
				 struct memory *memory, struct err *err)
{
	struct memory_counters *r = ret;
	struct percpu_offsets cpus;
	enum status st;

	memset(r, 0, sizeof(*r));
	r->kernel = kernel;
	r->core = kernel->core;
	if (!kernel->types)
		return err_set(err, STATUS_ABSENT, "no types");
	if (!core_is_64bit(kernel->core))
		return err_set(err, STATUS_ABSENT, "a kernel of 32 bits");
	st = read_stats(r, &r->zone, "vm_zone_stat", "zone_stat_item", "NR_VM_ZONE_STAT_ITEMS",
			err);
	if (!st)
		st = read_stats(r, &r->node, "vm_node_stat", "node_stat_item",
				"NR_VM_NODE_STAT_ITEMS", err);
	if (st || find_nodes(r, NULL))
		return st;
	for (unsigned i = 0; i < r->nodes; i++)
		read_node(r, i, &memory->node[i]);
	memory->nodes = r->nodes;
	if (!percpu_offsets_read(kernel, &cpus, NULL) &&
	    (r->zones + r->nodes) * cpus.count <= MAX_FOLDED) {
		fold_zones(r, &cpus, memory->node);
		fold_nodes(r, &cpus);
	}
	return STATUS_FOUND;
}
