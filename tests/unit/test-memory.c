// SPDX-License-Identifier: GPL-2.0-or-later
//
// Memory of a made kernel: the counters, processes, slab caches and cgroups.
#include "kernel/memory.h"

#include "unit/test-image.h"
#include "unit/test-rows.h"

/* --- the made kernel ---------------------------------------------------------------------- */

enum item {
	INACTIVE_FILE, ACTIVE_FILE, ANON, FILE_PAGES, SHMEM, SLAB_R, SLAB_U, STACK_KB, PAGETABLE,
	SWAPCACHE, ITEMS,
};

static const struct enum_row enums[] = {
	{"zone_stat_item", {"NR_FREE_PAGES", "NR_VM_ZONE_STAT_ITEMS"}},
	{"node_stat_item",
	 {"NR_INACTIVE_FILE", "NR_ACTIVE_FILE", "NR_ANON_MAPPED", "NR_FILE_PAGES", "NR_SHMEM",
	  "NR_SLAB_RECLAIMABLE_B", "NR_SLAB_UNRECLAIMABLE_B", "NR_KERNEL_STACK_KB", "NR_PAGETABLE",
	  "NR_SWAPCACHE", "NR_VM_NODE_STAT_ITEMS"}},
	{"cgroup_subsys_id", {"cpu_cgrp_id", "memory_cgrp_id"}},
};

enum {
	ZONE_BYTES = 48, ZONE_STAT = 8, ZONE_PERCPU = 16, ZONE_MARK = 24, NODE_PERCPU = 96,
	PID = 4, TGID = 8, MM = 16, SIGNAL = 24, TASKS = 32, COMM = 48, CGROUPS = 64,
	TASK_BYTES = 72,
	CACHE_NAME = 16, CACHE_OBJECT = 28, CACHE_OO = 32, CACHE_FLAGS = 36, CACHE_NODE = 40,
	MEMCG_MEMORY = 16,
	COUNTER_BYTES = 24, COUNTER_COUNT = 8, COUNTER_PERCPU = 16,
};

static const struct type_row types[] = {
	{"zone", "managed_pages", "atomic", 0, 0},
	{"zone", "vm_stat", "atomic", ZONE_STAT, 1},
	{"zone", "per_cpu_zonestats", "ptr", ZONE_PERCPU, 0},
	{"zone", "_watermark", "u64", ZONE_MARK, 3},
	{"zone", NULL, NULL, ZONE_BYTES, 0},
	{"pglist_data", "node_zones", "zone", 0, 2},
	{"pglist_data", "per_cpu_nodestats", "ptr", NODE_PERCPU, 0},
	{"pglist_data", NULL, NULL, 104, 0},
	{"per_cpu_zonestat", "vm_stat_diff", "s8", 0, 1},
	{"per_cpu_zonestat", NULL, NULL, 1, 0},
	{"per_cpu_nodestat", "vm_node_stat_diff", "s8", 1, ITEMS},
	{"per_cpu_nodestat", NULL, NULL, 1 + ITEMS, 0},
	{"hstate", "order", "u32", 0, 0},
	{"hstate", "nr_huge_pages", "u64", 8, 0},
	{"hstate", NULL, NULL, 16, 0},
	{"task_struct", "__state", "u32", 0, 0},
	{"task_struct", "pid", "s32", PID, 0},
	{"task_struct", "tgid", "s32", TGID, 0},
	{"task_struct", "mm", "ptr", MM, 0},
	{"task_struct", "signal", "ptr", SIGNAL, 0},
	{"task_struct", "tasks", "list_head", TASKS, 0},
	{"task_struct", "comm", "char", COMM, 16},
	{"task_struct", "cgroups", "ptr", CGROUPS, 0},
	{"task_struct", NULL, NULL, TASK_BYTES, 0},
	{"signal_struct", "oom_score_adj", "s16", 2, 0},
	{"signal_struct", NULL, NULL, 4, 0},
	{"oo", "x", "u32", 0, 0},
	{"oo", NULL, NULL, 4, 0},
	{"kmem_cache", "list", "list_head", 0, 0},
	{"kmem_cache", "name", "ptr", CACHE_NAME, 0},
	{"kmem_cache", "size", "u32", 24, 0},
	{"kmem_cache", "object_size", "u32", CACHE_OBJECT, 0},
	{"kmem_cache", "oo", "oo", CACHE_OO, 0},
	{"kmem_cache", "flags", "u32", CACHE_FLAGS, 0},
	{"kmem_cache", "node", "ptr", CACHE_NODE, 4},
	{"kmem_cache", NULL, NULL, 72, 0},
	{"kmem_cache_node", "nr_slabs", "atomic", 0, 0},
	{"kmem_cache_node", "total_objects", "atomic", 8, 0},
	{"kmem_cache_node", NULL, NULL, 16, 0},
	{"css_set", "subsys", "ptr", 0, 2},
	{"css_set", NULL, NULL, 16, 0},
	{"cgroup_subsys_state", "cgroup", "ptr", 0, 0},
	{"cgroup_subsys_state", NULL, NULL, 8, 0},
	{"page_counter", "usage", "atomic", 0, 0},
	{"page_counter", "max", "u64", 8, 0},
	{"page_counter", "parent", "ptr", 16, 0},
	{"page_counter", NULL, NULL, 24, 0},
	{"mem_cgroup", "css", "cgroup_subsys_state", 0, 0},
	{"mem_cgroup", "memory", "page_counter", MEMCG_MEMORY, 0},
	{"mem_cgroup", NULL, NULL, 40, 0},
	{"cgroup", "kn", "ptr", 0, 0},
	{"cgroup", NULL, NULL, 8, 0},
	{"kernfs_node", "name", "ptr", 0, 0},
	{"kernfs_node", NULL, NULL, 8, 0},
};

/* mm_struct.rss_stat up to v6.1, and since. */
static const struct type_row rss_atomics[] = {
	{"mm_rss_stat", "count", "atomic", 0, 4},
	{"mm_rss_stat", NULL, NULL, 32, 0},
	{"mm_struct", "rss_stat", "mm_rss_stat", 8, 0},
	{"mm_struct", NULL, NULL, 40, 0},
};
static const struct type_row rss_percpu[] = {
	{"percpu_counter", "count", "u64", COUNTER_COUNT, 0},
	{"percpu_counter", "counters", "ptr", COUNTER_PERCPU, 0},
	{"percpu_counter", NULL, NULL, COUNTER_BYTES, 0},
	{"mm_struct", "rss_stat", "percpu_counter", 8, 4},
	{"mm_struct", NULL, NULL, 104, 0},
};

#define VAR(i)	 (IMAGE_DATA + (i) * 0x100ull)
#define NODE(i)	 (MKDUMP_DIRECT + 0x10000 + (i) * 0x1000ull)
#define TASK(i)	 (MKDUMP_DIRECT + 0x20000 + (i) * 0x1000ull)
#define CACHE(i) (MKDUMP_DIRECT + 0x80000 + (i) * 0x200ull)
#define GROUP(i) (MKDUMP_DIRECT + 0xa0000 + (i) * 0x1000ull)
/* Per-CPU pointers are small numbers; CPU i has this memory for them. */
#define PERCPU(i) (MKDUMP_DIRECT + 0x200000 + (i) * 0x10000ull)

enum variable {
	HSTATES, TOTALRAM, MASK, OFFSETS, MAX_HSTATE, INIT_TASK, NODE_DATA, CPU_IDS, NODE_IDS,
	SWAP_PAGES, VMALLOC, PERCPU_PAGES, PERCPU_UNITS, SLABS, SWAP_TOTAL, RESERVE, NODE_STAT,
	ZONE_STATS,
};

static const struct symbol_row symbols[] = {
	{VAR(HSTATES), "hstates"}, {VAR(TOTALRAM), "_totalram_pages"},
	{VAR(MASK), "__cpu_possible_mask"}, {VAR(OFFSETS), "__per_cpu_offset"},
	{VAR(MAX_HSTATE), "hugetlb_max_hstate"}, {VAR(INIT_TASK), "init_task"},
	{VAR(NODE_DATA), "node_data"}, {VAR(CPU_IDS), "nr_cpu_ids"},
	{VAR(NODE_IDS), "nr_node_ids"}, {VAR(SWAP_PAGES), "nr_swap_pages"},
	{VAR(VMALLOC), "nr_vmalloc_pages"}, {VAR(PERCPU_PAGES), "pcpu_nr_populated"},
	{VAR(PERCPU_UNITS), "pcpu_nr_units"}, {VAR(SLABS), "slab_caches"},
	{VAR(SWAP_TOTAL), "total_swap_pages"}, {VAR(RESERVE), "totalreserve_pages"},
	{VAR(NODE_STAT), "vm_node_stat"}, {VAR(ZONE_STATS), "vm_zone_stat"},
};

static void put_list(struct mkdump *d, uint64_t node, uint64_t next)
{
	mkdump_uint(d, node, 8, next);
	mkdump_uint(d, next + 8, 8, node);
}

static void put_text(struct mkdump *d, uint64_t pointer, uint64_t at, const char *text)
{
	mkdump_virt(d, at, text, strlen(text) + 1);
	mkdump_uint(d, pointer, 8, at);
}

/* CPUs 0 and 2 of 3 are possible, nodes 0 and 2 of 3 are there. */
static struct mkdump *machine(const struct type_row *rss, size_t rss_count)
{
	struct mkdump *d = mkdump_new(MKDUMP_X86_64);
	struct type_row all[ARRAY_SIZE(types) + 8];
	struct image_spec spec = {all, ARRAY_SIZE(types) + rss_count, enums, ARRAY_SIZE(enums),
				  symbols, ARRAY_SIZE(symbols)};

	memcpy(all, types, sizeof(types));
	memcpy(all + ARRAY_SIZE(types), rss, rss_count * sizeof(*rss));
	image_put(d, &spec);
	mkdump_uint(d, VAR(CPU_IDS), 4, 3);
	mkdump_uint(d, VAR(MASK), 8, 5);
	mkdump_uint(d, VAR(OFFSETS), 8, PERCPU(0));
	mkdump_uint(d, VAR(OFFSETS) + 8, 8, PERCPU(0)); /* never counted */
	mkdump_uint(d, VAR(OFFSETS) + 16, 8, PERCPU(2));
	mkdump_uint(d, VAR(NODE_IDS), 4, 3);
	mkdump_uint(d, VAR(NODE_DATA), 8, NODE(0));
	mkdump_uint(d, VAR(NODE_DATA) + 16, 8, NODE(2));
	put_list(d, VAR(SLABS), VAR(SLABS));
	put_list(d, VAR(INIT_TASK) + TASKS, VAR(INIT_TASK) + TASKS);
	mkdump_uint(d, VAR(INIT_TASK) + TASK_BYTES, 8, 0);
	return d;
}

/* --- the counters ------------------------------------------------------------------------- */

static void put_zone(struct mkdump *d, unsigned node, unsigned z, unsigned managed, int free)
{
	uint64_t zone = NODE(node) + z * (uint64_t)ZONE_BYTES;

	mkdump_uint(d, zone, 8, managed);
	mkdump_uint(d, zone + ZONE_STAT, 8, (uint64_t)(int64_t)free);
	mkdump_uint(d, zone + ZONE_PERCPU, 8, 0x100 + node * 0x20 + z * 0x10);
	mkdump_uint(d, zone + ZONE_MARK + 8, 8, 10); /* low */
}

static struct mkdump *full_machine(void)
{
	static const uint64_t items[ITEMS] = {
		[INACTIVE_FILE] = 300, [ACTIVE_FILE] = 100, [ANON] = 2000, [FILE_PAGES] = 500,
		[SHMEM] = 50, [SLAB_R] = 30, [SLAB_U] = 70, [STACK_KB] = 160, [PAGETABLE] = 20,
		[SWAPCACHE] = 5,
	};
	struct mkdump *d = machine(rss_atomics, ARRAY_SIZE(rss_atomics));

	for (unsigned i = 0; i < ITEMS; i++)
		mkdump_uint(d, VAR(NODE_STAT) + i * 8, 8, items[i]);
	mkdump_uint(d, VAR(ZONE_STATS), 8, 1000);
	put_zone(d, 0, 0, 100, 40);
	put_zone(d, 0, 1, 9000, 860);
	put_zone(d, 2, 1, 5000, 100);
	mkdump_uint(d, NODE(0) + NODE_PERCPU, 8, 0x400);
	mkdump_uint(d, NODE(2) + NODE_PERCPU, 8, 0x500);
	for (unsigned cpu = 0; cpu < 3; cpu += 2)
		mkdump_uint(d, PERCPU(cpu) + 0x600, 8, 0);
	mkdump_uint(d, VAR(TOTALRAM), 8, 14100);
	mkdump_uint(d, VAR(RESERVE), 8, 200);
	mkdump_uint(d, VAR(SWAP_TOTAL), 8, 4000);
	mkdump_uint(d, VAR(SWAP_PAGES), 8, 1500);
	mkdump_uint(d, VAR(VMALLOC), 8, 80);
	mkdump_uint(d, VAR(PERCPU_PAGES), 8, 16);
	mkdump_uint(d, VAR(PERCPU_UNITS), 4, 2);
	mkdump_uint(d, VAR(MAX_HSTATE), 4, 2);
	mkdump_uint(d, VAR(HSTATES), 4, 9);
	mkdump_uint(d, VAR(HSTATES) + 8, 8, 3);
	mkdump_uint(d, VAR(HSTATES) + 16, 4, 0);
	mkdump_uint(d, VAR(HSTATES) + 24, 8, 1);
	return d;
}

static void check_memory(struct mkdump *d, void (*check)(const struct memory *memory))
{
	struct kernel kernel = image_open(d);
	struct memory memory;
	struct err err = {""};

	if (memory_read(&kernel, &memory, &err))
		fail_msg("%s", err.text);
	check(&memory);
	image_close(&kernel);
}

static void all_known(const struct memory *m)
{
	assert_int_equal(m->total, 14100 * 4);
	assert_int_equal(m->free, 1000 * 4);
	/* free - reserve + (400 - three low marks) + (30 - half, for that is less) */
	assert_int_equal(m->available, (1000 - 200 + 400 - 30 + 30 - 15) * 4);
	assert_int_equal(m->anon, 2000 * 4);
	assert_int_equal(m->page_cache, (500 - 50 - 5) * 4);
	assert_int_equal(m->shmem, 50 * 4);
	assert_int_equal(m->slab_reclaimable, 30 * 4);
	assert_int_equal(m->slab_unreclaimable, 70 * 4);
	assert_int_equal(m->kernel_stacks, 160);
	assert_int_equal(m->page_tables, 20 * 4);
	assert_int_equal(m->swap_total, 4000 * 4);
	assert_int_equal(m->swap_free, 1500 * 4);
	assert_int_equal(m->vmalloc, 80 * 4);
	assert_int_equal(m->percpu, 32 * 4);
	assert_int_equal(m->hugetlb, (3 * 512 + 1) * 4);
	assert_int_equal(m->nodes, 2);
	assert_int_equal(m->node[0].node, 0);
	assert_int_equal(m->node[0].total, 9100 * 4);
	assert_int_equal(m->node[0].free, 900 * 4);
	assert_int_equal(m->node[1].node, 2);
	assert_int_equal(m->node[1].total, 5000 * 4);
	assert_int_equal(m->node[1].free, 100 * 4);
}

static void reads_counters(void **state)
{
	(void)state;
	check_memory(full_machine(), all_known);
}

static void folded(const struct memory *m)
{
	assert_int_equal(m->free, (1000 + 7 - 20 + 3) * 4);
	assert_int_equal(m->node[0].free, (900 + 7 - 20) * 4);
	assert_int_equal(m->node[1].free, (100 + 3) * 4);
	assert_int_equal(m->anon, (2000 + 60 - 128) * 4);
}

static void adds_what_cpus_hold_back(void **state)
{
	struct mkdump *d = full_machine();

	(void)state;
	mkdump_uint(d, PERCPU(0) + 0x100, 1, 7);	/* node 0, zone 0 */
	mkdump_uint(d, PERCPU(2) + 0x110, 1, (uint8_t)-20); /* node 0, zone 1 */
	mkdump_uint(d, PERCPU(2) + 0x150, 1, 3);	/* node 2, zone 1 */
	mkdump_uint(d, PERCPU(0) + 0x400 + 1 + ANON, 1, 60);
	mkdump_uint(d, PERCPU(2) + 0x500 + 1 + ANON, 1, (uint8_t)-128);
	check_memory(d, folded);
}

static void in_bounds(const struct memory *m)
{
	assert_int_equal(m->free, 0);
	assert_true(m->anon > 0);
	assert_true(m->swap_total > 0);
	assert_int_equal(m->hugetlb, -1);
	assert_int_equal(m->percpu, -1);
}

static void bounds_nonsense(void **state)
{
	struct mkdump *d = full_machine();

	(void)state;
	mkdump_uint(d, VAR(ZONE_STATS), 8, (uint64_t)-50);
	mkdump_uint(d, VAR(NODE_STAT) + ANON * 8, 8, INT64_MAX);
	mkdump_uint(d, VAR(SWAP_TOTAL), 8, INT64_MAX);
	mkdump_uint(d, VAR(HSTATES), 4, 60);
	mkdump_uint(d, VAR(PERCPU_UNITS), 4, 0);
	check_memory(d, in_bounds);
}

static void tells_lost_counters(void **state)
{
	struct mkdump *d = full_machine();
	struct memory memory;
	struct kernel kernel;

	(void)state;
	mkdump_drop(d, mkdump_translate(d, VAR(NODE_STAT)) & ~UINT64_C(0xfff));
	kernel = image_open(d);
	assert_int_equal(memory_read(&kernel, &memory, NULL), STATUS_ABSENT);
	image_close(&kernel);
}

/* --- processes ---------------------------------------------------------------------------- */

/* In pages; anonymous ones of CPU 2 are held back there since v6.2. */
static void put_process(struct mkdump *d, unsigned i, unsigned file, unsigned anon, bool percpu)
{
	const unsigned pages[] = {file, anon, 8, 1};
	uint64_t task = TASK(i), mm = task + 0x100;

	mkdump_uint(d, task + PID, 4, i + 1);
	mkdump_uint(d, task + TGID, 4, i + 1);
	mkdump_uint(d, task + MM, 8, mm);
	mkdump_uint(d, task + SIGNAL, 8, task + 0x200);
	mkdump_uint(d, task + 0x202, 2, (uint16_t)-998);
	mkdump_virt(d, task + COMM, "worker", 7);
	for (unsigned c = 0; c < 4; c++) {
		uint64_t at = mm + 8 + c * (percpu ? (uint64_t)COUNTER_BYTES : 8);

		mkdump_uint(d, at + (percpu ? COUNTER_COUNT : 0), 8, c == 1 && percpu ? 0 : pages[c]);
		if (percpu)
			mkdump_uint(d, at + COUNTER_PERCPU, 8, 0x1000 + i * 0x20 + c * 4);
	}
	mkdump_uint(d, PERCPU(0) + 0x1000 + i * 0x20, 8, 0);
	mkdump_uint(d, PERCPU(2) + 0x1000 + i * 0x20 + 4, 4, anon);
	put_list(d, TASK(i) + TASKS, VAR(INIT_TASK) + TASKS);
	put_list(d, i ? TASK(i - 1) + TASKS : VAR(INIT_TASK) + TASKS, TASK(i) + TASKS);
}

static const struct rss_row {
	const char *name;
	const struct type_row *types;
	size_t count;
	bool percpu;
} rss_rows[] = {
	{"processes: atomics", rss_atomics, ARRAY_SIZE(rss_atomics), false},
	{"processes: percpu_counters", rss_percpu, ARRAY_SIZE(rss_percpu), true},
};

static bool add_process(const struct task *task, void *ctx)
{
	memory_largest_add(ctx, task);
	return true;
}

static void finds_largest(void **state)
{
	static const unsigned anon[] = {5, 900, 40, 3, 700, 50, 60, 800, 70, 80, 90, 100, 30};
	const struct rss_row *row = *state;
	struct mkdump *d = machine(row->types, row->count);
	struct memory_process largest[MEMORY_TOP];
	struct memory_largest *ranking = NULL;
	struct kernel kernel;
	char why_cut[256];
	unsigned count;

	for (unsigned i = 0; i < ARRAY_SIZE(anon); i++)
		put_process(d, i, 10, anon[i], row->percpu);
	kernel = image_open(d);
	assert_int_equal(memory_largest_open(&ranking, &kernel, NULL), STATUS_FOUND);
	assert_int_equal(tasks_each(&kernel, add_process, ranking, NULL, why_cut, NULL),
			 STATUS_FOUND);
	count = memory_largest_close(ranking, largest);
	assert_int_equal(count, MEMORY_TOP);
	assert_int_equal(largest[0].pid, 2);
	assert_int_equal(largest[0].rss, (10 + 900 + 1) * 4);
	assert_int_equal(largest[0].swap, 8 * 4);
	assert_true(largest[0].has_oom_score_adj);
	assert_int_equal(largest[0].oom_score_adj, -998);
	assert_string_equal(largest[0].comm, "worker");
	assert_int_equal(largest[1].pid, 8);
	assert_int_equal(largest[2].pid, 5);
	assert_int_equal(largest[9].rss, (10 + 40 + 1) * 4);
	image_close(&kernel);
}

static void leaves_threads_out(void **state)
{
	struct mkdump *d = machine(rss_percpu, ARRAY_SIZE(rss_percpu));
	struct memory_process process;
	struct kernel kernel;
	struct task task;

	(void)state;
	put_process(d, 0, 1, 2, true);
	kernel = image_open(d);
	assert_int_equal(task_read(&kernel, TASK(0), &task, NULL), STATUS_FOUND);
	assert_int_equal(memory_process(&kernel, &task, &process, NULL), STATUS_FOUND);
	assert_int_equal(process.rss, (1 + 2 + 1) * 4);
	task.tgid = 7;
	assert_int_equal(memory_process(&kernel, &task, &process, NULL), STATUS_ABSENT);
	task.tgid = 1;
	task.mm = 0;
	assert_int_equal(memory_process(&kernel, &task, &process, NULL), STATUS_ABSENT);
	image_close(&kernel);
}

/* makedumpfile drops the page, as 1.7.8 does of some slabs of 7.2: 0 would be a wrong answer. */
static void knows_no_adj_without_signal(void **state)
{
	struct mkdump *d = machine(rss_percpu, ARRAY_SIZE(rss_percpu));
	struct memory_process process;
	struct kernel kernel;
	struct task task;

	(void)state;
	put_process(d, 0, 1, 2, true);
	kernel = image_open(d);
	assert_int_equal(task_read(&kernel, TASK(0), &task, NULL), STATUS_FOUND);
	task.signal = TASK(0) + (1ull << 40);
	assert_int_equal(memory_process(&kernel, &task, &process, NULL), STATUS_FOUND);
	assert_int_equal(process.rss, (1 + 2 + 1) * 4);
	assert_false(process.has_oom_score_adj);
	image_close(&kernel);
}

/* --- slab caches -------------------------------------------------------------------------- */

static void put_cache(struct mkdump *d, unsigned i, unsigned slabs, unsigned order, uint32_t flags)
{
	uint64_t cache = CACHE(i), node = cache + 0x100;
	char name[16];

	snprintf(name, sizeof(name), "cache-%u", i);
	put_text(d, cache + CACHE_NAME, cache + 0x140, name);
	mkdump_uint(d, cache + CACHE_OBJECT, 4, 100 + i);
	mkdump_uint(d, cache + CACHE_OO, 4, order << 16 | 8);
	mkdump_uint(d, cache + CACHE_FLAGS, 4, flags);
	mkdump_uint(d, cache + CACHE_NODE, 8, node);
	mkdump_uint(d, cache + CACHE_NODE + 16, 8, node + 16);
	mkdump_uint(d, node, 8, slabs);
	mkdump_uint(d, node + 8, 8, slabs * 8ull);
	mkdump_uint(d, node + 16, 8, 1);
	mkdump_uint(d, node + 24, 8, 8);
	put_list(d, cache, VAR(SLABS));
	put_list(d, i ? CACHE(i - 1) : VAR(SLABS), cache);
}

static struct mkdump *caches(void)
{
	struct mkdump *d = machine(rss_percpu, ARRAY_SIZE(rss_percpu));

	for (unsigned i = 0; i < 12; i++)
		put_cache(d, i, 10 + i, 0, 0);
	put_cache(d, 3, 9, 3, 0x20000);
	put_list(d, CACHE(3), CACHE(4));
	return d;
}

static void finds_largest_caches(void **state)
{
	struct kernel kernel = image_open(caches());
	struct memory_cache list[MEMORY_TOP];
	unsigned count;

	(void)state;
	assert_int_equal(memory_caches(&kernel, list, &count, NULL), STATUS_FOUND);
	assert_int_equal(count, MEMORY_TOP);
	assert_string_equal(list[0].name, "cache-3");
	assert_int_equal(list[0].total, (9 + 1) * 8 * 4);
	assert_int_equal(list[0].objects, 10 * 8);
	assert_int_equal(list[0].object_size, 103);
	assert_true(list[0].reclaimable);
	assert_string_equal(list[1].name, "cache-11");
	assert_false(list[1].reclaimable);
	assert_string_equal(list[9].name, "cache-2");
	image_close(&kernel);
}

static void leaves_out_nonsense(void **state)
{
	struct mkdump *d = caches();
	struct memory_cache list[MEMORY_TOP];
	struct kernel kernel;
	unsigned count;

	(void)state;
	mkdump_uint(d, CACHE(3) + CACHE_OO, 4, 0xffff0001);
	mkdump_uint(d, CACHE(11) + 0x100, 8, UINT64_MAX);
	kernel = image_open(d);
	assert_int_equal(memory_caches(&kernel, list, &count, NULL), STATUS_FOUND);
	assert_int_equal(count, MEMORY_TOP);
	assert_string_equal(list[0].name, "cache-10");
	image_close(&kernel);
}

static void tells_a_circle_of_caches(void **state)
{
	struct mkdump *d = caches();
	struct memory_cache list[MEMORY_TOP];
	struct kernel kernel;
	unsigned count;

	(void)state;
	put_list(d, CACHE(11), CACHE(5));
	kernel = image_open(d);
	assert_int_equal(memory_caches(&kernel, list, &count, NULL), STATUS_BROKEN);
	image_close(&kernel);
}

/* --- cgroups ------------------------------------------------------------------------------ */

enum { NONE = 0 };

static const struct group_row {
	const char *name;
	uint64_t max[3]; /* of the task's cgroup, its parent, the root; NONE: no limit */
	bool circle;	 /* the root has the task's for parent */
	const char *found;
	int64_t limit, usage;
} group_rows[] = {
	{"cgroup: its own limit", {100, NONE, NONE}, false, "app", 400, 40},
	{"cgroup: its parent's is lower", {100, 90, NONE}, false, "pod", 360, 80},
	{"cgroup: its parent's is higher", {100, 200, NONE}, false, "app", 400, 40},
	{"cgroup: the root", {NONE, NONE, 50}, false, "/", 200, 120},
	{"cgroup: no limit", {NONE, NONE, NONE}, false, NULL, 0, 0},
	{"cgroup: a circle", {NONE, 90, NONE}, true, "pod", 360, 80},
};

static void finds_limit(void **state)
{
	static const char *const names[] = {"app", "pod", ""};
	const struct group_row *row = *state;
	struct mkdump *d = machine(rss_percpu, ARRAY_SIZE(rss_percpu));
	uint64_t set = TASK(0) + 0x400;
	struct memory_cgroup group;
	struct kernel kernel;
	struct task task;

	put_process(d, 0, 1, 2, true);
	mkdump_uint(d, TASK(0) + CGROUPS, 8, set);
	mkdump_uint(d, set + 8, 8, GROUP(0));
	for (unsigned i = 0; i < 3; i++) {
		uint64_t counter = GROUP(i) + MEMCG_MEMORY;
		uint64_t parent = i < 2 ? GROUP(i + 1) : row->circle ? GROUP(0) : 0;

		mkdump_uint(d, GROUP(i), 8, GROUP(i) + 0x100);
		mkdump_uint(d, GROUP(i) + 0x100, 8, GROUP(i) + 0x200);
		put_text(d, GROUP(i) + 0x200, GROUP(i) + 0x300, names[i]);
		mkdump_uint(d, counter, 8, (i + 1) * 10);
		mkdump_uint(d, counter + 8, 8, row->max[i] ? row->max[i] : INT64_MAX / 4096);
		mkdump_uint(d, counter + 16, 8, parent ? parent + MEMCG_MEMORY : 0);
	}
	kernel = image_open(d);
	assert_int_equal(task_read(&kernel, TASK(0), &task, NULL), STATUS_FOUND);
	assert_int_equal(memory_cgroup(&kernel, &task, &group, NULL),
			 row->found ? STATUS_FOUND : STATUS_ABSENT);
	if (row->found) {
		assert_string_equal(group.name, row->found);
		assert_int_equal(group.limit, row->limit);
		assert_int_equal(group.usage, row->usage);
	}
	image_close(&kernel);
}

int main(void)
{
	struct CMUnitTest tests[32] = {
		cmocka_unit_test(reads_counters),
		cmocka_unit_test(adds_what_cpus_hold_back),
		cmocka_unit_test(bounds_nonsense),
		cmocka_unit_test(tells_lost_counters),
		cmocka_unit_test(leaves_threads_out),
		cmocka_unit_test(knows_no_adj_without_signal),
		cmocka_unit_test(finds_largest_caches),
		cmocka_unit_test(leaves_out_nonsense),
		cmocka_unit_test(tells_a_circle_of_caches),
	};
	size_t n = 8;

	for (size_t i = 0; i < ARRAY_SIZE(rss_rows); i++)
		tests[n++] = row_test(rss_rows[i].name, finds_largest, &rss_rows[i]);
	for (size_t i = 0; i < ARRAY_SIZE(group_rows); i++)
		tests[n++] = row_test(group_rows[i].name, finds_limit, &group_rows[i]);
	return _cmocka_run_group_tests("memory", tests, n, NULL, NULL);
}
