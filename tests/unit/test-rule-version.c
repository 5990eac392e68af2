// SPDX-License-Identifier: GPL-2.0-or-later
//
// Orders of versions: tables of what each distribution says, and dpkg itself as the judge.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/base.h"
#include "rule/rule.h"
#include "rule/version.h"
#include "unit/test-rows.h"

static char relation(int order)
{
	return order < 0 ? '<' : order > 0 ? '>' : '=';
}

struct row {
	enum distro distro;
	const char *a;
	char relation;
	const char *b;
};

// clang-format off
static const struct row rows[] = {
	/* kernels, as their distributions released them */
	{DISTRO_RHEL, "3.10.0-957.el7", '<', "3.10.0-957.27.2.el7"},
	{DISTRO_RHEL, "3.10.0-957.27.2.el7", '<', "3.10.0-1062.el7"},
	{DISTRO_RHEL, "3.10.0-1160.80.1.el7", '<', "3.10.0-1160.88.1.el7"},
	{DISTRO_RHEL, "2.6.32-754.el6", '<', "3.10.0-123.el7"},
	{DISTRO_RHEL, "4.18.0-305.3.1.el8", '<', "4.18.0-305.12.1.el8_4"},
	{DISTRO_RHEL, "4.18.0-305.12.1.el8", '<', "4.18.0-305.12.1.el8_4"},
	{DISTRO_RHEL, "5.14.0-70.el9", '<', "5.14.0-427.13.1.el9_4"},
	{DISTRO_ALINUX2, "4.19.91-19.1.al7", '<', "4.19.91-22.2.al7"},
	{DISTRO_ALINUX2, "4.19.91-22.2.al7", '<', "4.19.91-23.al7"},
	{DISTRO_ALINUX2, "4.19.91-9.al7", '<', "4.19.91-18.al7"},
	{DISTRO_ANOLIS, "5.10.134-13.an8", '<', "5.10.134-16.1.an8"},
	{DISTRO_OPENEULER, "4.19.90-2003.4.0.0036.oe1", '<', "4.19.90-2112.8.0.0131.oe1"},
	{DISTRO_OPENEULER, "5.10.0-60.18.0.50.oe2203", '<', "5.10.0-136.12.0.86.oe2203sp1"},
	{DISTRO_AMAZON, "4.14.193-149.317.amzn2", '<', "4.14.198-152.320.amzn2"},
	{DISTRO_FEDORA, "5.14.9-300.fc35", '<', "5.14.14-200.fc34"},
	{DISTRO_SUSE, "3.0.101-0.5", '<', "3.0.101-0.47.71"},
	{DISTRO_SUSE, "5.3.18-24.9", '<', "5.3.18-150300.59.93"},
	{DISTRO_AZURELINUX, "6.6.141.1-1.azl3", '<', "6.6.150.1-1.azl3"},
	{DISTRO_ORACLE_UEK, "5.4.17-2102.201.3.el8uek", '<', "5.4.17-2136.300.7.el8uek"},
	{DISTRO_UBUNTU, "5.4.0-122.138", '<', "5.4.0-123.139"},
	{DISTRO_UBUNTU, "5.4.0-99.112", '<', "5.4.0-122.138"},
	{DISTRO_UBUNTU, "5.4.0-122.138~18.04.1", '<', "5.4.0-122.138"},
	{DISTRO_DEBIAN, "5.10.162-1", '<', "5.10.179-1"},
	{DISTRO_DEBIAN, "6.1.12-1~bpo11+1", '<', "6.1.12-1"},
	{DISTRO_DEBIAN, "3.2.9-1", '<', "3.2.57-3+deb7u2"},
	{DISTRO_UPSTREAM, "5.15.9", '<', "5.15.10"},
	{DISTRO_UPSTREAM, "5.15-rc3", '<', "5.15"},
	{DISTRO_UPSTREAM, "5.15.0", '=', "5.15"},
	{DISTRO_UPSTREAM, "6.1.0-rc8", '>', "6.1-rc7"},
	{DISTRO_UPSTREAM, "6.1.42", '=', "6.1.42-custom"},
	{DISTRO_UPSTREAM, "4.19.300", '<', "5.0"},
	{DISTRO_UPSTREAM, "2.6.32.71", '>', "2.6.32"},
	/* rpm's rules */
	{DISTRO_RHEL, "1.0-1", '=', "1.0-1"},
	{DISTRO_RHEL, "1.0-1", '<', "1.0-1a"},
	{DISTRO_RHEL, "1.0-2", '<', "1.0-10"},
	{DISTRO_RHEL, "1.05-1", '=', "1.5-1"},
	{DISTRO_RHEL, "1.0.a-1", '<', "1.0.1-1"},
	{DISTRO_RHEL, "1.0a-1", '<', "1.0b-1"},
	{DISTRO_RHEL, "1.0_1-1", '=', "1.0.1-1"},
	{DISTRO_RHEL, "1.0.-1", '=', "1.0-1"},
	{DISTRO_RHEL, "1.0~rc1-1", '<', "1.0-1"},
	{DISTRO_RHEL, "1.0~rc1-1", '<', "1.0~rc2-1"},
	{DISTRO_RHEL, "1.0~~-1", '<', "1.0~-1"},
	{DISTRO_RHEL, "1.0^-1", '>', "1.0-1"},
	{DISTRO_RHEL, "1.0^git1-1", '<', "1.0.1-1"},
	{DISTRO_RHEL, "1.0^git1-1", '<', "1.0^git2-1"},
	{DISTRO_RHEL, "1.0~rc1^git1-1", '>', "1.0~rc1-1"},
	{DISTRO_RHEL, "2:1.0-1", '>', "1:9.0-1"},
	{DISTRO_RHEL, "0:1.0-1", '=', "1.0-1"},
	{DISTRO_RHEL, "20000000000000000000001-1", '>', "20000000000000000000000-1"},
	{DISTRO_RHEL, "0000000000000000000000002-1", '=', "2-1"},
	/* dpkg's rules */
	{DISTRO_DEBIAN, "1.0", '=', "1.0-0"},
	{DISTRO_DEBIAN, "1.0~~", '<', "1.0~~a"},
	{DISTRO_DEBIAN, "1.0~~a", '<', "1.0~"},
	{DISTRO_DEBIAN, "1.0~", '<', "1.0"},
	{DISTRO_DEBIAN, "1.0", '<', "1.0a"},
	{DISTRO_DEBIAN, "1.0a", '<', "1.0+b"},
	{DISTRO_DEBIAN, "1.0-1", '<', "1.0-1.1"},
	{DISTRO_DEBIAN, "1-2-1", '>', "1-1-9"},
	{DISTRO_DEBIAN, "1:1.0", '>', "2.0"},
	{DISTRO_DEBIAN, "1.09", '=', "1.9"},
	/* nothing to compare */
	{DISTRO_RHEL, "", '=', ""},
	{DISTRO_RHEL, "", '<', "1"},
	{DISTRO_DEBIAN, "", '=', ""},
	{DISTRO_UPSTREAM, "", '<', "1"},
};
// clang-format on

static void test_row(void **state)
{
	const struct row *row = *state;

	assert_int_equal(relation(rule_version_cmp(row->distro, row->a, row->b)),
			 row->relation);
	assert_int_equal(relation(rule_version_cmp(row->distro, row->b, row->a)),
			 row->relation == '<'	? '>'
			 : row->relation == '>' ? '<'
						: '=');
}

/* What dpkg answers; 0 if it cannot be asked. */
static char ask_dpkg(const char *a, const char *b)
{
	static const struct {
		const char *op;
		char relation;
	} ops[] = {{"lt", '<'}, {"eq", '='}, {"gt", '>'}};

	for (size_t i = 0; i < ARRAY_SIZE(ops); i++) {
		int status;
		pid_t pid = fork();

		if (pid < 0)
			return 0;
		if (!pid) {
			freopen("/dev/null", "w", stderr);
			execlp("dpkg", "dpkg", "--compare-versions", a, ops[i].op, b,
			       (char *)NULL);
			_exit(127);
		}
		if (waitpid(pid, &status, 0) != pid || !WIFEXITED(status) ||
		    WEXITSTATUS(status) > 1)
			return 0;
		if (!WEXITSTATUS(status))
			return ops[i].relation;
	}
	return 0;
}

/* Versions of up to six parts, the same in every run. */
static void make_version(uint32_t *seed, char *ret, size_t size)
{
	static const char *const parts[] = {"0", "1", "9",  "10", "00", ".", ".", "~", "+",
					    "a", "b", "rc", "-",  "-1", "z", "5", "."};
	int count;

	*seed = *seed * 1664525 + 1013904223;
	count = 1 + (int)(*seed >> 24) % 6;
	snprintf(ret, size, "%u", *seed >> 16 & 3);
	while (count--) {
		size_t used = strlen(ret);

		*seed = *seed * 1664525 + 1013904223;
		snprintf(ret + used, size - used, "%s",
			 parts[(*seed >> 16) % ARRAY_SIZE(parts)]);
	}
	if (ret[strlen(ret) - 1] == '-') // an empty revision is no version for dpkg
		strcat(ret, "0");
}

static void test_as_dpkg(void **state)
{
	uint32_t seed = 20261124;

	(void)state;
	if (!ask_dpkg("1", "2"))
		skip();
	for (int i = 0; i < 300; i++) {
		char a[64], b[64], judge;

		make_version(&seed, a, sizeof(a));
		make_version(&seed, b, sizeof(b));
		judge = ask_dpkg(a, b);
		if (judge && judge != relation(rule_version_cmp(DISTRO_DEBIAN, a, b)))
			fail_msg("dpkg says %s %c %s", a, judge, b);
	}
}

/* Any three of a set, so that a sort by it makes sense. */
static void test_transitive(void **state)
{
	static const enum distro distros[] = {DISTRO_RHEL, DISTRO_DEBIAN, DISTRO_UPSTREAM};
	char v[24][64];
	uint32_t seed = 7;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(v); i++)
		make_version(&seed, v[i], sizeof(v[i]));
	for (size_t d = 0; d < ARRAY_SIZE(distros); d++)
		for (size_t i = 0; i < ARRAY_SIZE(v); i++)
			for (size_t j = 0; j < ARRAY_SIZE(v); j++)
				for (size_t k = 0; k < ARRAY_SIZE(v); k++)
					if (rule_version_cmp(distros[d], v[i], v[j]) <= 0 &&
					    rule_version_cmp(distros[d], v[j], v[k]) <= 0)
						assert_true(rule_version_cmp(distros[d], v[i],
									     v[k]) <= 0);
}

static void test_kernel_version(void **state)
{
	static const struct {
		enum distro distro;
		const char *release, *version, *expected;
	} kernels[] = {
		{DISTRO_ALINUX2, "4.19.91-22.2.al7.x86_64", NULL, "4.19.91-22.2.al7"},
		{DISTRO_RHEL, "5.14.0-427.13.1.el9_4.x86_64+debug", NULL,
		 "5.14.0-427.13.1.el9_4"},
		{DISTRO_RHEL, "3.10.0-957.el7.x86_64.debug", NULL, "3.10.0-957.el7"},
		{DISTRO_RHEL, "4.18.0-305.el8.ppc64le", "#1 SMP", "4.18.0-305.el8"},
		{DISTRO_SUSE, "5.3.18-24.9-default", NULL, "5.3.18-24.9"},
		{DISTRO_SUSE, "4.12.14-lp151.28.13-default", NULL, "4.12.14-lp151.28.13"},
		{DISTRO_UBUNTU, "5.4.0-122-generic",
		 "#138-Ubuntu SMP Wed Jun 22 15:00:31 UTC 2022", "5.4.0-122.138"},
		{DISTRO_UBUNTU, "5.4.0-122-generic", "#138~18.04.1-Ubuntu SMP",
		 "5.4.0-122.138~18.04.1"},
		{DISTRO_UBUNTU, "4.15.0-1056-azure", NULL, "4.15.0-1056"},
		{DISTRO_DEBIAN, "5.10.0-21-amd64", "#1 SMP Debian 5.10.162-1 (2023-01-21)",
		 "5.10.162-1"},
		{DISTRO_DEBIAN, "6.12.38+deb13-amd64",
		 "#1 SMP PREEMPT_DYNAMIC Debian 6.12.38-1 (2025-07-16)", "6.12.38-1"},
		{DISTRO_UPSTREAM, "6.1.0-rc3+", NULL, "6.1.0-rc3+"},
	};
	struct kernel_version kernel;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(kernels); i++) {
		assert_true(kernel_version_of(&kernel, kernels[i].distro, kernels[i].release,
					      kernels[i].version));
		assert_string_equal(kernel.text, kernels[i].expected);
		assert_true(kernel.package_known);
	}
	assert_true(kernel_version_of(&kernel, DISTRO_DEBIAN, "5.10.0-21-amd64", NULL));
	assert_false(kernel.package_known);
	assert_false(kernel_version_of(&kernel, DISTRO_RHEL, NULL, NULL));
	assert_false(kernel_version_of(&kernel, DISTRO_RHEL, "", NULL));
	assert_false(kernel_version_of(&kernel, DISTRO_RHEL, "garbage", NULL));
}

/* What a rule, or uname, leaves out of a version does not count. */
static void test_against(void **state)
{
	static const struct {
		enum distro distro;
		const char *release, *version;
		char relation;
		const char *named;
	} kernels[] = {
		{DISTRO_RHEL, "3.10.0-957.el7.x86_64", NULL, '=', "3.10.0-957"},
		{DISTRO_RHEL, "3.10.0-957.27.2.el7.x86_64", NULL, '>', "3.10.0-957"},
		{DISTRO_RHEL, "3.10.0-957.27.2.el7.x86_64", NULL, '=', "3.10.0"},
		{DISTRO_RHEL, "3.10.0-957.27.2.el7.x86_64", NULL, '<', "4.18.0"},
		{DISTRO_AZURELINUX, "6.6.150.1-2.azl3", NULL, '=', "6.6.150.1"},
		{DISTRO_SUSE, "5.3.18-24.9-default", NULL, '=', "5.3.18-24.9.1"},
		{DISTRO_SUSE, "5.3.18-24.9-default", NULL, '<', "5.3.18-24.15.1"},
		{DISTRO_UBUNTU, "5.4.0-123-generic", NULL, '=', "5.4.0-123.139"},
		{DISTRO_UBUNTU, "5.4.0-122-generic", NULL, '<', "5.4.0-123.139"},
		{DISTRO_UBUNTU, "5.4.0-122-generic", "#138-Ubuntu SMP", '=', "5.4.0-122"},
		{DISTRO_UBUNTU, "5.4.0-123-generic", "#139~18.04.1-Ubuntu SMP", '=',
		 "5.4.0-123.139"},
		{DISTRO_UBUNTU, "5.4.0-1228-generic", NULL, '>', "5.4.0-122.138"},
		{DISTRO_DEBIAN, "6.1.0-0.deb11.5-amd64",
		 "#1 SMP Debian 6.1.12-1~bpo11+1 (2023)", '=', "6.1.12-1"},
		{DISTRO_DEBIAN, "4.19.0-5-amd64", NULL, '<', "5.10.162-1"},
		{DISTRO_DEBIAN, "5.10.0-21-amd64", NULL, '?', "5.10.162-1"},
		{DISTRO_UPSTREAM, "5.10.3", NULL, '<', "5.10.20"},
	};
	struct kernel_version kernel;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(kernels); i++) {
		bool unsure;
		int order;

		assert_true(kernel_version_of(&kernel, kernels[i].distro, kernels[i].release,
					      kernels[i].version));
		order = kernel_version_against(&kernel, kernels[i].named, &unsure);
		if ((unsure ? '?' : relation(order)) != kernels[i].relation)
			fail_msg("%s is not %c %s", kernel.text, kernels[i].relation,
				 kernels[i].named);
	}
}

int main(void)
{
	struct CMUnitTest tests[ARRAY_SIZE(rows) + 4] = {
		cmocka_unit_test(test_as_dpkg),
		cmocka_unit_test(test_transitive),
		cmocka_unit_test(test_kernel_version),
		cmocka_unit_test(test_against),
	};
	char names[ARRAY_SIZE(rows)][128];

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		snprintf(names[i], sizeof(names[i]), "%s: %s %c %s",
			 distro_name(rows[i].distro), rows[i].a, rows[i].relation, rows[i].b);
		tests[4 + i] = row_test(names[i], test_row, &rows[i]);
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
