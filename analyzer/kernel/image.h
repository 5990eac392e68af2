// SPDX-License-Identifier: GPL-2.0-or-later
//
// The crashed kernel as its readers see it: its symbols, types and modules together, and the
// variables that are found through them. cpus.h, unwind.h, tasks.h, memory.h and settings.h
// all lean on it.
#ifndef KDV_KERNEL_IMAGE_H
#define KDV_KERNEL_IMAGE_H

#include "core/core.h"
#include "kernel/modules.h"
#include "kernel/symbols.h"
#include "kernel/types.h"

struct kernel {
	struct core *core;	 /* borrowed */
	struct symbols *symbols; /* NULL: see why_no_symbols */
	struct types *types;	 /* NULL only when out of memory */
	struct modules *modules; /* NULL: see why_no_modules */
	char why_no_symbols[256], why_no_modules[256]; /* "": they are there */
};

/* Opens what there is; what cannot be read is NULL with its reason. files: as symbols_open(). */
void kernel_open(struct kernel *ret, struct core *core, const struct symbols_files *files);
void kernel_close(struct kernel *kernel);

/* Address of a variable: from kallsyms, else VMCOREINFO. */
enum status kernel_find(struct kernel *kernel, const char *name, uint64_t *ret, struct err *err);
/* A variable of size bytes (1, 2, 4, 8), without sign. */
enum status kernel_var(struct kernel *kernel, const char *name, unsigned size, uint64_t *ret,
		       struct err *err);
/* A variable that is an int. */
enum status kernel_int(struct kernel *kernel, const char *name, int32_t *ret, struct err *err);

/* The address of a per-CPU variable on cpu: symbol + __per_cpu_offset[cpu]. */
enum status kernel_percpu(struct kernel *kernel, const char *name, unsigned cpu, uint64_t *ret,
			  struct err *err);
/* The same for an address or a per-CPU pointer that is known already. */
enum status kernel_percpu_at(struct kernel *kernel, uint64_t base, unsigned cpu, uint64_t *ret,
			     struct err *err);

/* Whether addr is code of the kernel or of a module. */
bool kernel_is_text(const struct kernel *kernel, uint64_t addr);
/* What `%pS` prints; ABSENT: no symbol there. */
enum status kernel_symbolize(struct kernel *kernel, uint64_t addr, struct symbol *ret,
			     struct err *err);

#endif
