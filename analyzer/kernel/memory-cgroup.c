// SPDX-License-Identifier: GPL-2.0-or-later
//
// The memory limits that a task is under. A cgroup counts its pages and those of its children,
// with the limit beside, and points to its parent's counter:
//
//	task.cgroups -> css_set.subsys[memory_cgrp_id] -> mem_cgroup.css
//	mem_cgroup.memory = page_counter {usage, max, parent -> mem_cgroup.memory}
//	mem_cgroup.css.cgroup -> cgroup.kn -> kernfs_node.name
//
// Without a limit max is LONG_MAX in pages.
#include <inttypes.h>
#include <string.h>

#include "kernel/memory-inside.h"

enum { MAX_DEPTH = 64 }; /* cgroups above each other; Kubernetes has 5 or 6 */

/* The counter of the task's cgroup; ABSENT: it has none. */
static enum status find_counter(struct kernel *kernel, const struct task *task,
				uint64_t memory, uint64_t *ret, struct err *err)
{
	struct member subsys;
	uint64_t set, css, offset;
	int64_t id;
	enum status st =
	    types_enum(kernel->types, "cgroup_subsys_id", "memory_cgrp_id", &id, err);

	if (!st)
		st = types_member(kernel->types, "css_set.subsys", &subsys, err);
	if (!st)
		st = types_offset(kernel->types, "mem_cgroup.css", &offset, err);
	if (st)
		return st;
	if (id < 0 || (uint64_t)id >= subsys.count)
		return err_set(err, STATUS_BROKEN, "subsystem %" PRId64, id);
	st = types_read_path(kernel->types, task->addr, "task_struct.cgroups", &set, err);
	if (!st)
		st = core_read_ptr(kernel->core,
				   set + subsys.offset + (uint64_t)id * subsys.stride, &css,
				   err);
	if (st)
		return st;
	if (!css)
		return err_set(err, STATUS_ABSENT, "the memory controller is off");
	*ret = css - offset + memory;
	return STATUS_FOUND;
}

/* cgroup_name() of the kernel; the root is "/". */
static void read_name(struct kernel *kernel, uint64_t memcg, char *name, size_t size)
{
	uint64_t cgroup, kn, text;

	if (types_read_path(kernel->types, memcg, "mem_cgroup.css.cgroup", &cgroup, NULL) ||
	    types_read_path(kernel->types, cgroup, "cgroup.kn", &kn, NULL) ||
	    types_read_path(kernel->types, kn, "kernfs_node.name", &text, NULL) ||
	    core_read_str(kernel->core, text, name, size, NULL))
		name[0] = '\0';
	else if (!name[0])
		memcpy(name, "/", 2);
}

/* On the way up: the counter with the lowest limit; 0: none has one. */
static enum status find_tightest(struct kernel *kernel, uint64_t counter, uint64_t *ret,
				 struct memory_cgroup *ret_group, struct err *err)
{
	static const char *const limits[] = {"page_counter.max", "page_counter.limit", NULL};
	const int64_t no_limit = INT64_MAX / core_page_size(kernel->core);
	struct member usage, limit, parent;
	uint64_t pages, used;
	int64_t lowest = no_limit;
	enum status st = types_member_of(kernel->types, limits, &limit, NULL, err);

	if (!st)
		st = types_member(kernel->types, "page_counter.usage.counter", &usage, err);
	if (!st)
		st = types_member(kernel->types, "page_counter.parent", &parent, err);
	*ret = 0;
	for (unsigned i = 0; !st && counter && i < MAX_DEPTH; i++) {
		st = types_read(kernel->core, counter, &limit, &pages, err);
		if (!st)
			st = types_read(kernel->core, counter, &usage, &used, err);
		if (!st && (int64_t)pages >= 0 && (int64_t)pages < lowest) {
			lowest = (int64_t)pages;
			*ret = counter;
			ret_group->limit = pages_to_kib(kernel->core, lowest);
			ret_group->usage = pages_to_kib(kernel->core, (int64_t)used);
		}
		if (!st)
			st = types_read(kernel->core, counter, &parent, &counter, err);
	}
	return st;
}

enum status memory_cgroup(struct kernel *kernel, const struct task *task,
			  struct memory_cgroup *ret, struct err *err)
{
	struct memory_cgroup group = {.name = ""};
	uint64_t memory, counter, tightest;
	enum status st;

	if (!kernel->types)
		return err_set(err, STATUS_ABSENT, "cgroup of %s: no types", task->comm);
	st = types_offset(kernel->types, "mem_cgroup.memory", &memory, err);
	if (!st)
		st = find_counter(kernel, task, memory, &counter, err);
	if (!st)
		st = find_tightest(kernel, counter, &tightest, &group, err);
	if (!st && !tightest)
		st = err_set(err, STATUS_ABSENT, "no limit on its memory");
	if (st)
		return err_add(err, st, "cgroup of %s", task->comm);
	read_name(kernel, tightest - memory, group.name, sizeof(group.name));
	*ret = group;
	return STATUS_FOUND;
}
