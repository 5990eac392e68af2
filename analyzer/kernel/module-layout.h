// SPDX-License-Identifier: GPL-2.0-or-later
//
// Reading one struct module. The list of them is walked in modules.c.
#ifndef KDV_KERNEL_MODULE_LAYOUT_H
#define KDV_KERNEL_MODULE_LAYOUT_H

#include "kernel/modules.h"

/* A member that this kernel may have. */
struct module_member {
	bool known;
	struct member at;
};

/* Where this kernel's struct module has what we read; members not known stay out. */
struct module_layout {
	struct module_member state, list, name, version, srcversion, taints, refcnt;
	/* Since v6.4: mem[], and in one element base and size. */
	struct module_member mem, mem_base, mem_size;
	/* Before: two areas, each with base, size and size of its text. */
	struct module_area {
		struct module_member base, size, text_size;
	} core, init;
	/* Since v4.5 a pointer to struct mod_kallsyms; before, the members themselves. */
	struct module_member kallsyms;
	struct module_member symtab, num_symtab, strtab, typetab;
	struct module_member num_orcs, orc_ip, orc;
};

/* ABSENT: not even its name and list are known. */
enum status module_layout_init(struct module_layout *layout, struct types *types,
			       struct err *err);

/*
 * The module whose struct is at addr. Only its state and name must be readable and believable,
 * else BROKEN or as core_read_virt(); what else cannot be read is left unknown.
 */
enum status module_read(struct core *core, const struct module_layout *layout, uint64_t addr,
			struct module *ret, struct err *err);

/*
 * Without BTF: finds area and symbol table of the module by what is in its struct, which lies in
 * the area itself (up to v6.3).
 */
void module_guess(struct core *core, struct module *module);

#endif
