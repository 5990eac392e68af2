// SPDX-License-Identifier: GPL-2.0-or-later
//
// The distribution that built a kernel, from its strings.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "fact/fact.h"
#include "unit/test-rows.h"

struct row {
	const char *release, *version, *expected;
};

// clang-format off
static const struct row rows[] = {
	{"3.10.0-957.27.2.el7.x86_64", "#1 SMP Mon Jul 29 17:46:05 UTC 2019", "rhel"},
	{"2.6.32-504.16.2.el6.x86_64", NULL, "rhel"},
	{"5.14.0-427.13.1.el9_4.aarch64", NULL, "rhel"},
	{"6.12.0-55.el10_0.x86_64", NULL, "rhel"},
	{"3.10.0-1160.el7.centos.plus.x86_64", NULL, "rhel"},
	{"5.4.250-1.el7.elrepo.x86_64", NULL, "upstream"},
	{"5.4.17-2136.300.7.el8uek.x86_64", NULL, "oracle-uek"},
	{"4.1.12-112.16.4.el7uek.x86_64", NULL, "oracle-uek"},
	{"4.19.91-22.2.al7.x86_64", NULL, "alinux2"},
	{"5.10.134-13.al8.x86_64", NULL, "alinux3"},
	{"5.10.134-16.1.an8.x86_64", NULL, "anolis"},
	{"3.10.0-1160.an7.x86_64", NULL, "anolis"},
	{"6.6.7-4.an23.x86_64", NULL, "anolis"},
	{"4.19.90-2003.4.0.0036.oe1.aarch64", NULL, "openeuler"},
	{"5.10.0-60.18.0.50.oe2203.x86_64", NULL, "openeuler"},
	{"4.14.198-152.320.amzn2.x86_64", NULL, "amazon"},
	{"4.14.26-46.32.amzn1.x86_64", NULL, "amazon"},
	{"6.1.61-85.141.amzn2023.x86_64", NULL, "amazon"},
	{"5.14.14-200.fc34.x86_64", NULL, "fedora"},
	{"6.6.141.1-1.azl3", "#1 SMP PREEMPT_DYNAMIC", "azurelinux"},
	{"5.15.158.2-1.cm2", NULL, "azurelinux"},
	{"5.3.18-24.9-default", "#1 SMP Wed Aug 5 07:21:14 UTC 2020 (deadbee)", "suse"},
	{"4.12.14-lp151.28.13-default", NULL, "suse"},
	{"6.4.3-1-default", NULL, "suse"},
	{"3.0.101-0.47.71-xen", NULL, "suse"},
	{"5.3.18-150300.38.37-azure", NULL, "suse"},
	{"5.4.0-122-generic", "#138-Ubuntu SMP Wed Jun 22 15:00:31 UTC 2022", "ubuntu"},
	{"5.4.0-122-generic", "#138~18.04.1-Ubuntu SMP", "ubuntu"},
	{"4.15.0-1056-azure", NULL, "ubuntu"},
	{"6.8.0-31-generic", NULL, "ubuntu"},
	{"6.8.0-1009-raspi", "#10-Ubuntu SMP PREEMPT_DYNAMIC", "ubuntu"},
	{"5.4.0-050400-generic", "#201911242031 SMP", "upstream"},
	{"5.6.0-050600rc3-generic", NULL, "upstream"},
	{"5.10.0-21-amd64", "#1 SMP Debian 5.10.162-1 (2023-01-21)", "debian"},
	{"5.10.0-21-amd64", NULL, "debian"},
	{"6.1.0-18-cloud-amd64", NULL, "debian"},
	{"6.1.0-18-rt-amd64", NULL, "debian"},
	{"4.19.0-5-686-pae", NULL, "debian"},
	{"6.12.38+deb13-amd64", NULL, "debian"},
	{"6.1.0-0.deb11.5-amd64", "#1 SMP PREEMPT_DYNAMIC Debian 6.1.12-1~bpo11+1 (2023-03-05)", "debian"},
	{"6.1.42", NULL, "upstream"},
	{"6.1", NULL, "upstream"},
	{"6.1.0-rc3+", NULL, "upstream"},
	{"4.12.0-rc1-next-20170515+", NULL, "upstream"},
	{"6.1.0-00012-gabcdef012345-dirty", NULL, "upstream"},
	{"5.4.0-syzkaller", NULL, "upstream"},
	{"6.10.0-rc2-default+", NULL, "upstream"},
	/* Debian's compiler does not make Debian's kernel. */
	{"5.15.161", "#1 SMP Mon Jun 17 07:00:10 UTC 2024", "upstream"},
	/* Vendors that freeze a version: unknown is honest, upstream would be wrong. */
	{"5.15.30-2-pve", "#1 SMP PVE 5.15.30-3 (Fri, 22 Apr 2022 18:08:27 +0200)", "unknown"},
	{"3.10.0-1160.vz7.119.8", NULL, "unknown"},
	{"4.19.0+1", "#1 SMP", "unknown"},
	{"4.19.36-vhulk1907.1.0.h702.eulerosv2r8.aarch64", NULL, "unknown"},
	{"", NULL, "unknown"},
	{NULL, NULL, "unknown"},
	{"garbage", NULL, "unknown"},
	{"5", NULL, "unknown"},
	{"99999999999999999999999.1", NULL, "unknown"},
};
// clang-format on

static void test_row(void **state)
{
	const struct row *row = *state;

	assert_string_equal(distro_name(distro_of_kernel(row->release, row->version)),
			    row->expected);
}

static void test_names(void **state)
{
	(void)state;
	for (int d = DISTRO_UNKNOWN + 1; d < DISTRO_COUNT; d++)
		assert_int_equal(distro_of_name(slice_of(distro_name(d))), d);
	assert_int_equal(distro_of_name(slice_of("unknown")), DISTRO_COUNT);
	assert_int_equal(distro_of_name(slice_of("rhe")), DISTRO_COUNT);
	assert_int_equal(distro_of_name(slice_of("")), DISTRO_COUNT);
}

int main(void)
{
	struct CMUnitTest tests[ARRAY_SIZE(rows) + 1] = {cmocka_unit_test(test_names)};
	char names[ARRAY_SIZE(rows)][96];

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		snprintf(names[i], sizeof(names[i]), "%s is %s",
			 rows[i].release ? rows[i].release : "nothing", rows[i].expected);
		tests[1 + i] = row_test(names[i], test_row, &rows[i]);
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
