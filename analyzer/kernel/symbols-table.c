// SPDX-License-Identifier: GPL-2.0-or-later
//
// Addresses as linked to addresses as run, for symbols that come from files.
#include <inttypes.h>

#include "kernel/symbols-table.h"

enum {
	ALIGNMENT = 4096,
	/* How far below _stext the image may begin: boot code, arm64's 64 KiB header. */
	LINKED_HEAD = 16 << 20,
};

/* KASLR moves the image by whole pages on every architecture. */
enum status symbols_relocation(struct core *core, uint64_t linked_stext,
			       struct symbols_relocation *ret, struct err *err)
{
	uint64_t stext;
	enum status st = core_symbol(core, "_stext", &stext, err);

	if (st)
		return st;
	if ((stext - linked_stext) % ALIGNMENT)
		return err_set(err, STATUS_BROKEN,
			       "of another kernel: its _stext is %#" PRIx64 ", the dump's %#" PRIx64,
			       linked_stext, stext);
	*ret = (struct symbols_relocation){
		.shift = stext - linked_stext,
		.from = linked_stext - (linked_stext < LINKED_HEAD ? linked_stext : LINKED_HEAD),
	};
	return STATUS_FOUND;
}

enum status symbols_check_known(struct core *core, const char *name, uint64_t addr,
				struct err *err)
{
	/* Those of VMCOREINFO's that are neither macros nor values of pointers. */
	static const char *const known[] = {
		"init_uts_ns", "init_top_pgt", "swapper_pg_dir", "prb", "log_buf",
	};
	uint64_t there;

	for (size_t i = 0; i < ARRAY_SIZE(known); i++) {
		if (strcmp(known[i], name) || core_symbol(core, name, &there, NULL) ||
		    there == addr)
			continue;
		return err_set(err, STATUS_BROKEN,
			       "of another kernel: %s would be at %#" PRIx64 ", the dump says %#" PRIx64,
			       name, addr, there);
	}
	return STATUS_FOUND;
}
