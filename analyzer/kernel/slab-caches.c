// SPDX-License-Identifier: GPL-2.0-or-later
//
// The slab caches of SLUB, the only allocator since v6.8 and that of all distributions before:
//
//	slab_caches <-> kmem_cache.list ...
//	kmem_cache.oo = order << 16 | objects: of one slab, 2^order pages
//	kmem_cache.node[n] -> kmem_cache_node {nr_slabs, total_objects} of a node
//
// nr_slabs counts every slab, those that CPUs hold too (CONFIG_SLUB_DEBUG). A slab that was
// made small for want of memory counts as large as the others.
#include <inttypes.h>
#include <string.h>

#include "kernel/memory-inside.h"

enum {
	OO_SHIFT = 16,
	MAX_ORDER = 12, /* of pages in a slab; the buddy allocator has up to 10 */
	RECLAIM_ACCOUNT = 0x20000, /* SLAB_RECLAIM_ACCOUNT, before v6.9 has an enum */
};

struct reader {
	struct core *core;
	struct member list, name, size, object_size, oo, flags;
	struct member nodes; /* an array; of each element the first word is the pointer */
	struct member nr_slabs, total_objects;
	uint64_t reclaimable; /* bit of flags */
	unsigned node_count;
};

static enum status find_members(struct reader *r, struct types *types, struct err *err)
{
	static const char *const nodes[] = {"kmem_cache.node", "kmem_cache.per_node", NULL};
	const struct {
		const char *path;
		struct member *ret;
	} members[] = {
	    {"kmem_cache.list", &r->list},
	    {"kmem_cache.name", &r->name},
	    {"kmem_cache.size", &r->size},
	    {"kmem_cache.object_size", &r->object_size},
	    {"kmem_cache.oo.x", &r->oo},
	    {"kmem_cache.flags", &r->flags},
	    {"kmem_cache_node.nr_slabs.counter", &r->nr_slabs},
	    {"kmem_cache_node.total_objects.counter", &r->total_objects},
	};
	struct member pointer;
	enum status st = types_member_of(types, nodes, &r->nodes, NULL, err);

	for (size_t i = 0; !st && i < ARRAY_SIZE(members); i++)
		st = types_member(types, members[i].path, members[i].ret, err);
	/* Since 7.x (per_node) it has more than the pointer. */
	if (!st && !types_member(types, "kmem_cache_per_node_ptrs.node", &pointer, NULL))
		r->nodes.offset += pointer.offset;
	return st;
}

static enum status reader_init(struct reader *r, struct kernel *kernel, struct err *err)
{
	uint64_t count;
	int64_t bit;
	enum status st;

	if (!kernel->types)
		return err_set(err, STATUS_ABSENT, "no types");
	r->core = kernel->core;
	st = find_members(r, kernel->types, err);
	if (st)
		return st;
	st = types_enum(kernel->types, "_slab_flag_bits", "_SLAB_RECLAIM_ACCOUNT", &bit, NULL);
	r->reclaimable = !st && bit >= 0 && bit < 64 ? UINT64_C(1) << bit : RECLAIM_ACCOUNT;
	if (kernel_var(kernel, "nr_node_ids", 4, &count, NULL))
		count = 1;
	if (count > r->nodes.count)
		count = r->nodes.count;
	r->node_count = count < MEMORY_MAX_NODES ? (unsigned)count : MEMORY_MAX_NODES;
	return STATUS_FOUND;
}

static enum status read_sizes(const struct reader *r, uint64_t cache, struct memory_cache *ret,
			      struct err *err)
{
	uint64_t oo, node, slabs, objects, all_slabs = 0;
	enum status st = types_read(r->core, cache, &r->oo, &oo, err);

	if (!st && oo >> OO_SHIFT > MAX_ORDER)
		st = err_set(err, STATUS_BROKEN, "slabs of order %" PRIu64, oo >> OO_SHIFT);
	for (unsigned i = 0; !st && i < r->node_count; i++) {
		st = core_read_ptr(r->core, cache + r->nodes.offset + i * r->nodes.stride,
				   &node, err);
		if (st || !node)
			continue; /* a node without memory has none */
		st = types_read(r->core, node, &r->nr_slabs, &slabs, err);
		if (!st)
			st = types_read(r->core, node, &r->total_objects, &objects, err);
		if (!st && (slabs > INT32_MAX || objects > INT64_MAX >> 8))
			st = err_set(err, STATUS_BROKEN, "%" PRIu64 " slabs", slabs);
		if (!st) {
			all_slabs += slabs;
			ret->objects += objects;
		}
	}
	if (!st)
		ret->total = pages_to_kib(r->core, (int64_t)(all_slabs << (oo >> OO_SHIFT)));
	return st;
}

static void read_rest(const struct reader *r, uint64_t cache, struct memory_cache *ret)
{
	uint64_t value;

	if (!types_read(r->core, cache, &r->object_size, &value, NULL))
		ret->object_size = value;
	if (!types_read(r->core, cache, &r->flags, &value, NULL))
		ret->reclaimable = value & r->reclaimable;
	if (types_read(r->core, cache, &r->name, &value, NULL) ||
	    core_read_str(r->core, value, ret->name, sizeof(ret->name), NULL))
		strcpy(ret->name, "?");
}

/* Keeps the largest, largest first; those that are not among them are read no further. */
static void keep(const struct reader *r, uint64_t addr, struct memory_cache *cache,
		 struct memory_cache *list, unsigned *count)
{
	unsigned at = *count;

	while (at && list[at - 1].total < cache->total)
		at--;
	if (at == MEMORY_TOP || !cache->total)
		return;
	read_rest(r, addr, cache);
	if (*count < MEMORY_TOP)
		++*count;
	memmove(&list[at + 1], &list[at], (*count - at - 1) * sizeof(*list));
	list[at] = *cache;
}

static enum status walk(const struct reader *r, uint64_t head, struct memory_cache *list,
			unsigned *count, struct err *err)
{
	uint64_t node;
	enum status st = core_read_ptr(r->core, head, &node, err);

	for (unsigned i = 0; !st && node != head; i++) {
		uint64_t addr = node - r->list.offset;
		struct memory_cache cache = {0};

		if (i == MEMORY_MAX_CACHES)
			return err_set(err, STATUS_BROKEN, "more than %u", MEMORY_MAX_CACHES);
		if (!read_sizes(r, addr, &cache, NULL))
			keep(r, addr, &cache, list, count);
		st = core_read_ptr(r->core, node, &node, err);
	}
	return st;
}

enum status memory_caches(struct kernel *kernel, struct memory_cache ret[MEMORY_TOP],
			  unsigned *ret_count, struct err *err)
{
	struct reader r = {0};
	struct memory_cache list[MEMORY_TOP];
	unsigned count = 0;
	uint64_t head;
	enum status st = kernel_find(kernel, "slab_caches", &head, err);

	if (!st)
		st = reader_init(&r, kernel, err);
	if (!st)
		st = walk(&r, head, list, &count, err);
	if (st)
		return err_add(err, st, "slab caches");
	memcpy(ret, list, count * sizeof(*list));
	*ret_count = count;
	return STATUS_FOUND;
}
