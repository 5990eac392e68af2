// SPDX-License-Identifier: GPL-2.0-or-later
//
// Members that lie at the same place in every build of the kernels that have no BTF.
#ifndef KDV_KERNEL_TYPES_TABLE_H
#define KDV_KERNEL_TYPES_TABLE_H

#include "kernel/types.h"

/* release: OSRELEASE. False: not in the table for this kernel. */
bool types_table_member(const char *path, enum core_arch arch, bool is_64bit,
			struct slice release, struct member *ret);

#endif
