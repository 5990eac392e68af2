// SPDX-License-Identifier: GPL-2.0-or-later
//
// Names of BPF programs, trampolines and dispatchers: they are no symbols, but the kernel lists
// them for its own traces in bpf_kallsyms (struct bpf_ksym, since v5.7).
#include <string.h>

#include "kernel/unwind-inside.h"

enum { MAX_PROGRAMS = 4096 }; /* list steps; a desktop has some 100 */

struct ksym_layout {
	struct member start, end, name, next; /* next: of its node in the list */
	uint64_t node;
};

static enum status find_layout(struct types *types, struct ksym_layout *ret, struct err *err)
{
	enum status st = types_member(types, "bpf_ksym.start", &ret->start, err);

	if (!st)
		st = types_member(types, "bpf_ksym.end", &ret->end, err);
	if (!st)
		st = types_member(types, "bpf_ksym.name", &ret->name, err);
	if (!st)
		st = types_offset(types, "bpf_ksym.lnode", &ret->node, err);
	return st ? st : types_member(types, "list_head.next", &ret->next, err);
}

static enum status read_name(struct core *core, const struct ksym_layout *l, uint64_t ksym,
			     uint64_t start, uint64_t end, uint64_t addr, struct symbol *ret,
			     struct err *err)
{
	enum status st = core_read_str(core, ksym + l->name.offset, ret->name,
				       l->name.size < sizeof(ret->name) ? l->name.size
									: sizeof(ret->name), err);

	if (st)
		return st;
	ret->addr = start;
	ret->size = end - start;
	ret->offset = addr - start;
	ret->type = 't';
	memcpy(ret->module, "bpf", sizeof("bpf")); /* as the kernel prints it */
	return STATUS_FOUND;
}

enum status unwind_bpf_symbol(struct kernel *kernel, uint64_t addr, struct symbol *ret,
			      struct err *err)
{
	struct ksym_layout l;
	uint64_t head, at, start, end;
	enum status st;

	if (!kernel->types)
		return err_set(err, STATUS_ABSENT, "no types");
	st = kernel_find(kernel, "bpf_kallsyms", &head, err);
	if (!st)
		st = find_layout(kernel->types, &l, err);
	if (!st)
		st = types_read(kernel->core, head, &l.next, &at, err);
	for (unsigned i = 0; !st && at != head && i < MAX_PROGRAMS; i++) {
		uint64_t ksym = at - l.node;

		st = types_read(kernel->core, ksym, &l.start, &start, err);
		if (!st)
			st = types_read(kernel->core, ksym, &l.end, &end, err);
		if (!st && addr >= start && addr < end)
			return read_name(kernel->core, &l, ksym, start, end, addr, ret, err);
		if (!st)
			st = types_read(kernel->core, at, &l.next, &at, err);
	}
	return st ? err_add(err, st, "bpf_kallsyms")
		  : err_set(err, STATUS_ABSENT, "no BPF program there");
}
