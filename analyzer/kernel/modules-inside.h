// SPDX-License-Identifier: GPL-2.0-or-later
//
// What the files about the module list share.
#ifndef KDV_KERNEL_MODULES_INSIDE_H
#define KDV_KERNEL_MODULES_INSIDE_H

#include "kernel/modules.h"

struct modules {
	struct core *core;
	struct symbols *symbols; /* NULL: none */
	struct module *list;
	size_t count;
	char last_unloaded[SYMBOL_MODULE_NAME];
	char why_cut[256];
};

#endif
