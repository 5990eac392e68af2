// SPDX-License-Identifier: GPL-2.0-or-later
//
// Reads __per_cpu_offset[] of the possible CPUs; the others' entries lead to freed memory.
#include "kernel/percpu.h"

enum status percpu_offsets_read(struct kernel *kernel, struct percpu_offsets *ret,
				struct err *err)
{
	uint64_t mask, offsets, count, bits = 0;
	enum status st = kernel_find(kernel, "__cpu_possible_mask", &mask, err);

	if (!st)
		st = kernel_find(kernel, "__per_cpu_offset", &offsets, err);
	if (!st)
		st = kernel_var(kernel, "nr_cpu_ids", 4, &count, err);
	if (st)
		return st;
	if (!core_is_64bit(kernel->core) || count > PERCPU_MAX)
		return err_set(err, STATUS_ABSENT, "too many CPUs, or of 32 bits");
	ret->count = 0;
	for (unsigned cpu = 0; cpu < count; cpu++) {
		if (cpu % 64 == 0)
			st = core_read_u64(kernel->core, mask + cpu / 8, &bits, err);
		if (!st && (bits >> cpu % 64 & 1))
			st = core_read_u64(kernel->core, offsets + UINT64_C(8) * cpu,
					   &ret->offset[ret->count++], err);
		if (st)
			return err_add(err, st, "possible CPUs");
	}
	return STATUS_FOUND;
}
