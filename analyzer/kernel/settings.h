// SPDX-License-Identifier: GPL-2.0-or-later
//
// How the crashed kernel was set up, and what it says of itself and its machine.
#ifndef KDV_KERNEL_SETTINGS_H
#define KDV_KERNEL_SETTINGS_H

#include "kernel/image.h"

/* A kernel setting as sysctl names it: "kernel.panic_on_oops". */
struct setting {
	const char *name;
	int64_t value;
};
enum { SETTINGS_MAX = 32 };

struct settings {
	struct setting setting[SETTINGS_MAX]; /* those that this kernel has */
	unsigned count;
	char cmdline[4096];	/* saved_command_line; "": unknown */
	char hardware[160];	/* as "Hardware name:" prints it; "": unknown */
	const char *hypervisor;	/* "KVM", "VMware", "Microsoft Hyper-V"...: a constant; NULL: none or unknown.
				   The log line "Hypervisor detected:" tells it of older kernels. */
	bool taint_known;
	uint64_t taint;		/* tainted_mask */
	double uptime;		/* seconds, by jiffies; < 0: unknown */
	int64_t wall_time;	/* seconds since 1970: CRASHTIME, else the last tick; 0: unknown */
	int32_t oopses;		/* die_counter; -1: unknown */
	int32_t panic_cpu;	/* -1: none or unknown */
};

/* Each part that cannot be read stays unknown. */
void settings_read(struct kernel *kernel, struct settings *ret);
/* By sysctl name; false: this kernel has no such, or it could not be read. */
bool settings_get(const struct settings *settings, const char *name, int64_t *ret);

#endif
