// SPDX-License-Identifier: GPL-2.0-or-later
//
// Kernel versions as their distributions order them, and what of a running kernel's strings is
// the version that the distribution's tools would compare.
#ifndef KDV_RULE_VERSION_H
#define KDV_RULE_VERSION_H

#include "fact/fact.h"

enum { KERNEL_VERSION_SIZE = 128 };

struct kernel_version {
	enum distro distro;
	/* "4.19.91-22.2.al7" (no architecture), "5.4.0-122.138" (Ubuntu's package),
	 * "5.10.162-1" (Debian's package). */
	char text[KERNEL_VERSION_SIZE];
	/* Debian: false when uname -v was not at hand; text is then just what the release
	 * begins with, good for telling series apart. */
	bool package_known;
};

/* False: release is NULL, empty, or does not begin with a digit. version may be NULL. */
bool kernel_version_of(struct kernel_version *ret, enum distro distro, const char *release,
		       const char *version);

/*
 * The kernel's version against one that a rule names; negative, 0, positive. What a rule
 * leaves out does not count: "4.18.0" stands for every package of it, "3.10.0-957"
 * for 3.10.0-957.el7. *ret_unsure: too little is known of the kernel to say.
 */
int kernel_version_against(const struct kernel_version *kernel, const char *named,
			   bool *ret_unsure);

#endif
