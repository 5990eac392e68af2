// SPDX-License-Identifier: GPL-2.0-or-later
//
// Which distribution built this kernel? Told by marks in `uname -r` and `uname -v`.
//
//	3.10.0-957.27.2.el7.x86_64		rhel: also CentOS, Rocky, Alma, Oracle's RHCK
//	5.4.17-2136.300.7.el8uek.x86_64		oracle-uek
//	4.19.91-22.2.al7.x86_64			alinux2; .al8 alinux3; .an7 .an8 .an23 anolis
//	5.10.0-60.18.0.50.oe2203.x86_64		openeuler
//	4.14.198-152.320.amzn2.x86_64		amazon; .fc34 fedora; .cm2 .azl3 azurelinux
//	5.3.18-24.9-default			suse
//	5.4.0-122-generic			ubuntu: #138-Ubuntu in uname -v
//	5.10.0-21-amd64				debian: Debian 5.10.162-1 in uname -v
//	6.12.38+deb13-amd64			debian
//	6.1.42, 6.1.0-rc3+, 6.1.0-00012-gabcdef	upstream
#include <ctype.h>
#include <stdio.h>

#include "base/base.h"

#include "fact/fact.h"

static const char *const names[DISTRO_COUNT] = {
	[DISTRO_UNKNOWN] = "unknown",
	[DISTRO_UPSTREAM] = "upstream",
	[DISTRO_RHEL] = "rhel",
	[DISTRO_ALINUX2] = "alinux2",
	[DISTRO_ALINUX3] = "alinux3",
	[DISTRO_ANOLIS] = "anolis",
	[DISTRO_OPENEULER] = "openeuler",
	[DISTRO_AMAZON] = "amazon",
	[DISTRO_FEDORA] = "fedora",
	[DISTRO_SUSE] = "suse",
	[DISTRO_DEBIAN] = "debian",
	[DISTRO_UBUNTU] = "ubuntu",
	[DISTRO_AZURELINUX] = "azurelinux",
	[DISTRO_ORACLE_UEK] = "oracle-uek",
};

const char *distro_name(enum distro d)
{
	return (unsigned)d < DISTRO_COUNT ? names[d] : names[DISTRO_UNKNOWN];
}

enum distro distro_of_name(struct slice name)
{
	for (int d = DISTRO_UNKNOWN + 1; d < DISTRO_COUNT; d++)
		if (slice_eq(name, names[d]))
			return d;
	return DISTRO_COUNT;
}

/* A package's distribution mark: mark, then a digit. The first row that fits decides. */
static const struct {
	const char *mark;
	enum distro distro;
} package_marks[] = {
	{".al7", DISTRO_ALINUX2},   {".al8", DISTRO_ALINUX3},	 {".an", DISTRO_ANOLIS},
	{".oe", DISTRO_OPENEULER},  {".amzn", DISTRO_AMAZON},	 {".fc", DISTRO_FEDORA},
	{".cm", DISTRO_AZURELINUX}, {".azl", DISTRO_AZURELINUX}, {".el", DISTRO_RHEL},
};

static bool has_mark(const char *release, const char *mark)
{
	size_t n = strlen(mark);

	for (const char *p = strstr(release, mark); p; p = strstr(p + 1, mark))
		if (isdigit((unsigned char)p[n]) || isdigit((unsigned char)mark[n - 1]))
			return true;
	return false;
}

static enum distro of_package_mark(const char *release)
{
	if (strstr(release, ".elrepo")) // repackaged mainline kernels
		return DISTRO_UPSTREAM;
	if (strstr(release, ".el") && strstr(release, "uek"))
		return DISTRO_ORACLE_UEK;
	for (size_t i = 0; i < ARRAY_SIZE(package_marks); i++)
		if (has_mark(release, package_marks[i].mark))
			return package_marks[i].distro;
	return DISTRO_UNKNOWN;
}

/* x.y, x.y.z or longer, and then -rcN: what is behind it, or NULL. */
static const char *behind_upstream(const char *release)
{
	struct cursor c = cursor_of(slice_of(release));
	uint64_t number;
	int parts = 1;

	if (!cursor_dec(&c, &number))
		return NULL;
	for (; parts < 5 && cursor_peek(&c) == '.'; parts++)
		if (!cursor_char(&c, '.') || !cursor_dec(&c, &number))
			return NULL;
	if (parts < 2)
		return NULL;
	if (cursor_text(&c, "-rc"))
		cursor_dec(&c, &number);
	return c.p;
}

/* "-ABI-flavour": the flavour, and whether the ABI is one plain number; else NULL. */
static const char *flavour_of(const char *rest, bool *ret_plain, bool *ret_mainline)
{
	size_t digits, abi;

	if (*rest != '-' || (!isdigit((unsigned char)rest[1]) && strncmp(rest, "-lp", 3)))
		return NULL;
	digits = strspn(rest + 1, "0123456789");
	abi = strcspn(rest + 1, "-");
	if (rest[1 + abi] != '-' || !isalnum((unsigned char)rest[2 + abi]))
		return NULL;
	*ret_plain = digits == abi;
	// Ubuntu's builds of mainline kernels: 5.4.0-050400-generic, 5.6.0-050600rc3-generic.
	*ret_mainline = digits >= 6 && rest[1] == '0';
	return rest + 1 + abi + 1;
}

static bool is_one_of(const char *text, const char *const *list)
{
	for (; *list; list++)
		if (!strcmp(text, *list))
			return true;
	return false;
}

static bool is_debian_flavour(const char *flavour)
{
	static const char *const archs[] = {
		"amd64",      "arm64",	     "686",	   "686-pae", "armmp",
		"armmp-lpae", "powerpc64le", "s390x",	   "riscv64", "loong64",
		"5kc-malta",  "octeon",	     "loongson-3", NULL};

	for (size_t i = 0; i < 3; i++) {
		static const char *const kinds[] = {"cloud-", "rt-", "xen-"};

		if (!strncmp(flavour, kinds[i], strlen(kinds[i])))
			flavour += strlen(kinds[i]);
	}
	return is_one_of(flavour, archs);
}

static enum distro of_flavour(const char *rest)
{
	static const char *const suse[] = {"default", "desktop", "preempt", "kvmsmall",
					   "vanilla", "debug",	 "64kb",    "lpae",
					   "trace",   "xen",	 "pae",	    "bigsmp",
					   "smp",     "ec2",	 NULL};
	static const char *const ubuntu[] = {
		"generic",     "lowlatency",   "virtual",   "server",	"generic-pae",
		"generic-64k", "generic-lpae", "kvm",	    "aws",	"gcp",
		"gke",	       "azure",	       "azure-fde", "oracle",	"ibm",
		"raspi",       "raspi2",       "oem",	    "realtime", "nvidia",
		NULL};
	bool plain, mainline;
	const char *flavour = flavour_of(rest, &plain, &mainline);

	if (!flavour)
		return DISTRO_UNKNOWN;
	if (mainline)
		return DISTRO_UPSTREAM;
	if (is_one_of(flavour, suse) ||
	    (!plain && is_one_of(flavour, (const char *const[]){"azure", "rt", NULL})))
		return DISTRO_SUSE;
	if (plain && is_one_of(flavour, ubuntu))
		return DISTRO_UBUNTU;
	return is_debian_flavour(flavour) ? DISTRO_DEBIAN : DISTRO_UNKNOWN;
}

static bool is_debian_version(const char *version)
{
	const char *p = strstr(version, " Debian ");

	return p && isdigit((unsigned char)p[8]);
}

/*
 * What follows x.y.z of a kernel that somebody built from upstream or stable source: nothing,
 * "+", git's mark, or a word of their own. A guess: vendors that freeze a version and backport
 * to it put a number there, which we leave unknown rather than compare with upstream.
 */
static bool is_local_version(const char *rest)
{
	struct cursor c = cursor_of(slice_of(rest));
	uint64_t number;

	if (cursor_at_end(&c))
		return true;
	if (cursor_char(&c, '+')) // XenServer: 4.19.0+1
		return !isdigit((unsigned char)cursor_peek(&c));
	if (!cursor_char(&c, '-') || strstr(rest, "euleros"))
		return false;
	if (cursor_dec(&c, &number)) // commits since the tag
		return cursor_text(&c, "-g");
	return isalpha((unsigned char)cursor_peek(&c));
}

enum distro distro_of_kernel(const char *release, const char *version)
{
	const char *rest = release ? behind_upstream(release) : NULL;
	enum distro distro;

	if (!rest)
		return DISTRO_UNKNOWN;
	distro = of_package_mark(release);
	if (distro == DISTRO_UNKNOWN && strstr(rest, "+deb"))
		distro = DISTRO_DEBIAN;
	if (distro == DISTRO_UNKNOWN && version && is_debian_version(version))
		distro = DISTRO_DEBIAN;
	if (distro == DISTRO_UNKNOWN && version && strstr(version, "-Ubuntu"))
		distro = DISTRO_UBUNTU;
	if (distro == DISTRO_UNKNOWN)
		distro = of_flavour(rest);
	if (distro == DISTRO_UNKNOWN && is_local_version(rest))
		distro = DISTRO_UPSTREAM;
	return distro;
}
