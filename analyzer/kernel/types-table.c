// SPDX-License-Identifier: GPL-2.0-or-later
//
// For kernels without BTF (RHEL 6 and 7, RHEL 8.0 and 8.1, Debian 10): what neither configuration
// nor compiler moves, as read in the sources of 2.6.32, 3.10, 4.10, 4.14, 4.18 and 4.19. All else
// differs from build to build and is left absent rather than guessed.
#include <stdlib.h>

#include "kernel/types-table.h"

#define VERSION(major, minor) ((major) << 16 | (minor))

struct row {
	const char *path;
	uint32_t offset, size;
	uint32_t since, before; /* VERSION(); 0: always */
	bool x86_64_only, is_pointer;
};

// clang-format off
static const struct row rows[] = {
	/* All of these on 64-bit machines. */
	{"list_head.next",		0,  8, 0, 0, false, true},
	{"list_head.prev",		8,  8, 0, 0, false, true},
	{"module.state",		0,  4, 0, 0, false, false},
	{"module.list",			8, 16, 0, 0, false, false},
	{"module.name",			24, 56, 0, 0, false, false},
	{"mod_kallsyms.symtab",		0,  8, VERSION(4, 5), 0, false, true},
	{"mod_kallsyms.num_symtab",	8,  4, VERSION(4, 5), 0, false, false},
	{"mod_kallsyms.strtab",		16, 8, VERSION(4, 5), 0, false, true},
	/* Where a task that sleeps has put its registers, since 4.9. */
	{"inactive_task_frame.bp",	40, 8, VERSION(4, 9), 0, true, false},
	{"inactive_task_frame.ret_addr", 48, 8, VERSION(4, 9), 0, true, false},
	{"pt_regs.bp",			32, 8, 0, 0, true, false},
	{"pt_regs.ip",			128, 8, 0, 0, true, false},
	{"pt_regs.cs",			136, 8, 0, 0, true, false},
	{"pt_regs.sp",			152, 8, 0, 0, true, false},
};
// clang-format on

static uint32_t version_of(struct slice release)
{
	struct cursor c = cursor_of(release);
	uint64_t major = 0, minor = 0;

	if (!cursor_dec(&c, &major) || !cursor_char(&c, '.') || !cursor_dec(&c, &minor) ||
	    major > UINT16_MAX || minor > UINT16_MAX)
		return 0;
	return VERSION((uint32_t)major, (uint32_t)minor);
}

bool types_table_member(const char *path, enum core_arch arch, bool is_64bit,
			struct slice release, struct member *ret)
{
	uint32_t version = version_of(release);

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const struct row *row = &rows[i];

		if (strcmp(row->path, path) || !is_64bit || version < row->since ||
		    (row->before && version >= row->before) ||
		    (row->x86_64_only && arch != CORE_ARCH_X86_64))
			continue;
		*ret = (struct member){
			.offset = row->offset,
			.size = row->size,
			.is_pointer = row->is_pointer,
		};
		return true;
	}
	return false;
}
