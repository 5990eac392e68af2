// SPDX-License-Identifier: GPL-2.0-or-later
//
// Is this kernel affected? One rule per case, one crash, many kernels.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/base.h"
#include "rule/rule.h"
#include "unit/test-rows.h"

struct row {
	const char *kernel; /* the entries, in YAML's flow form */
	const char *release, *version;
	const char *expected; /* affected, or "excluded" */
	const char *why;      /* a part of it; NULL: not looked at */
};

#define ALINUX                                                                         \
	"[{distro: alinux2, affected: '<= 4.19.91-22.2.al7', fixed: 4.19.91-23.al7}, " \
	"{distro: '*', affected: none}]"
#define KMEM                                                                 \
	"[{distro: rhel, branch: '3.10.0-957', fixed: 3.10.0-957.27.2.el7}," \
	" {distro: rhel, branch: 3.10.0, affected: '>= 3.10.0-957', fixed: 3.10.0-1062.el7}]"
#define TCP "[{distro: ubuntu, affected: '>= 5.4.0-122, < 5.4.0-123', fixed: 5.4.0-123.139}]"
#define STABLE                                                                          \
	"[{distro: upstream, branch: '5.10', affected: '>= 5.10.20', fixed: 5.10.112}," \
	" {distro: upstream, branch: '5.15', fixed: 5.15.35},"                          \
	" {distro: [upstream, fedora], affected: ['>= 5.8, < 5.10', '>= 5.16, < 5.17.4']}]"

// clang-format off
static const struct row rows[] = {
	{ALINUX, "4.19.91-18.al7.x86_64", NULL, "yes", "release 4.19.91-18.al7 is in the affected range <= 4.19.91-22.2.al7"},
	{ALINUX, "4.19.91-22.2.al7.x86_64", NULL, "yes", NULL},
	{ALINUX, "4.19.91-22.2.al7.aarch64", NULL, "yes", NULL},
	{ALINUX, "4.19.91-23.al7.x86_64", NULL, "fixed-here", "release 4.19.91-23.al7 >= 4.19.91-23.al7, which has the fix"},
	{ALINUX, "4.19.91-26.1.al7.x86_64", NULL, "fixed-here", NULL},
	{ALINUX, "4.19.91-22.3.al7.x86_64", NULL, "fixed-here", "above the affected range"},
	{ALINUX, "4.18.0-305.el8.x86_64", NULL, "excluded", "rhel kernel 4.18.0-305.el8 never had it"},
	{ALINUX, "6.1.0", NULL, "excluded", NULL},
	{ALINUX, "3.10.0-1160.vz7.119.8", NULL, "excluded", NULL},
	{ALINUX, NULL, NULL, "cannot-tell", "does not tell the kernel's release"},

	{KMEM, "3.10.0-957.el7.x86_64", NULL, "yes", "release 3.10.0-957.el7 < 3.10.0-957.27.2.el7, the first with the fix"},
	{KMEM, "3.10.0-957.21.3.el7.x86_64", NULL, "yes", NULL},
	{KMEM, "3.10.0-957.27.2.el7.x86_64", NULL, "fixed-here", NULL},
	{KMEM, "3.10.0-957.99.1.el7.x86_64", NULL, "fixed-here", NULL},
	{KMEM, "3.10.0-1000.el7.x86_64", NULL, "yes", "in the affected range >= 3.10.0-957"},
	{KMEM, "3.10.0-1062.el7.x86_64", NULL, "fixed-here", NULL},
	{KMEM, "3.10.0-1160.6.1.el7.x86_64", NULL, "fixed-here", NULL},
	{KMEM, "3.10.0-862.14.4.el7.x86_64", NULL, "not-in-range", NULL},
	{KMEM, "3.10.0-9571.el7.x86_64", NULL, "fixed-here", NULL},
	{KMEM, "4.18.0-305.el8.x86_64", NULL, "cannot-tell", "nothing is known of rhel kernel 4.18.0-305.el8"},
	{KMEM, "4.19.91-18.al7.x86_64", NULL, "cannot-tell", "nothing is known of alinux2 kernel"},
	{KMEM, "3.10.0-957.vz7.1", NULL, "cannot-tell", "nothing is known of an unrecognized kernel"},

	{TCP, "5.4.0-122-generic", "#138-Ubuntu SMP Wed Jun 22 15:00:31 UTC 2022", "yes", "release 5.4.0-122.138 is in"},
	{TCP, "5.4.0-122-generic", NULL, "yes", NULL},
	{TCP, "5.4.0-121-generic", "#137-Ubuntu SMP", "not-in-range", NULL},
	{TCP, "5.4.0-123-generic", "#139-Ubuntu SMP", "fixed-here", NULL},
	{TCP, "5.4.0-123-generic", "#139~18.04.1-Ubuntu SMP", "fixed-here", NULL},
	{TCP, "5.4.0-123-generic", NULL, "fixed-here", NULL},
	{TCP, "5.4.0-1228-aws", "#1240-Ubuntu SMP", "fixed-here", NULL},

	{STABLE, "5.10.19", NULL, "not-in-range", NULL},
	{STABLE, "5.10.20", NULL, "yes", NULL},
	{STABLE, "5.10.111+", NULL, "yes", NULL},
	{STABLE, "5.10.112", NULL, "fixed-here", NULL},
	{STABLE, "5.15.0-rc3", NULL, "yes", NULL},
	{STABLE, "5.15.35-00012-gabcdef", NULL, "fixed-here", NULL},
	{STABLE, "5.9.16", NULL, "yes", "range >= 5.8, < 5.10 or >= 5.16, < 5.17.4"},
	{STABLE, "5.7.19", NULL, "not-in-range", "outside the affected range >= 5.8, < 5.10 or >= 5.16, < 5.17.4"},
	{STABLE, "5.17.4", NULL, "fixed-here", NULL},
	{STABLE, "5.17.3-200.fc35.x86_64", NULL, "yes", NULL},
	{STABLE, "5.17.4-200.fc35.x86_64", NULL, "fixed-here", NULL},

	{"[{distro: debian, fixed: 5.10.162-1}]", "5.10.0-20-amd64", "#1 SMP Debian 5.10.158-2 (2022-12-13)", "yes", NULL},
	{"[{distro: debian, fixed: 5.10.162-1}]", "5.10.0-21-amd64", "#1 SMP Debian 5.10.162-1 (2023-01-21)", "fixed-here", NULL},
	{"[{distro: debian, fixed: 5.10.162-1}]", "5.10.0-21-amd64", NULL, "cannot-tell", "does not tell the package version"},
	{"[{distro: debian, fixed: 5.10.162-1}]", "4.19.0-5-amd64", NULL, "yes", NULL},
	{"[{distro: debian, fixed: 5.10.162-1}]", "6.1.0-18-amd64", NULL, "fixed-here", NULL},
	{"[{distro: debian, affected: '>= 5.10.100, < 5.10.150'}]", "5.10.0-21-amd64", NULL, "cannot-tell", NULL},
	{"[{distro: suse, fixed: 5.3.18-24.9.1}]", "5.3.18-24.9-default", NULL, "fixed-here", NULL},
	{"[{distro: suse, fixed: 5.3.18-24.9.1}]", "5.3.18-22.2-default", NULL, "yes", NULL},
	{"[{distro: '*', affected: all}]", "3.10.0-957.el7.x86_64", NULL, "yes", "every rhel kernel is taken as affected"},
	{"[{distro: rhel, branch: '2.6.32-504', affected: all}]", "2.6.32-504.16.2.el6.x86_64", NULL, "yes", "every rhel kernel 2.6.32-504 is"},
	{"[{distro: rhel, affected: '!= 3.10.0-957.el7'}]", "3.10.0-957.el7.x86_64", NULL, "not-in-range", NULL},
	{"[{distro: rhel, affected: '3.10.0-957.el7'}]", "3.10.0-957.el7.x86_64", NULL, "yes", "range = 3.10.0-957.el7"},
	{NULL, "3.10.0-957.el7.x86_64", NULL, "yes", NULL},
	{NULL, NULL, NULL, "yes", NULL},
};
// clang-format on

static void test_row(void **state)
{
	const struct row *row = *state;
	char text[1024];
	struct rule_base *base = rule_base_new();
	struct event crash = {.class = CLASS_PAGE_FAULT, .cpu = -1, .pid = -1, .line = 1};
	struct fact_set facts = {.release = row->release,
				 .version = row->version,
				 .crash = &crash,
				 .uptime = -1};
	struct finding f;
	size_t problems;

	snprintf(
		text, sizeof(text),
		"- id: x\n  title: t\n  category: unknown\n  confidence: certain\n  cause: c\n"
		"  match: {class: page-fault}\n%s%s",
		row->kernel ? "  kernel: " : "", row->kernel ? row->kernel : "");
	rule_base_load_text(base, "t", text, strlen(text));
	rule_base_problems(base, &problems);
	assert_int_equal(problems, 0);

	arena_init(&facts.arena, 1 << 20);
	facts.distro = distro_of_kernel(row->release, row->version);
	rule_explain(base, 0, &facts, NULL, &facts.arena, &f);
	if (!strcmp(row->expected, "excluded")) {
		assert_false(f.matched);
		assert_int_equal(f.missing_count, 1);
		assert_int_equal(f.affected, AFFECTED_NOT_IN_RANGE);
		assert_int_equal(rule_match(base, &facts, NULL, &facts.arena, &f, 1), 0);
	} else {
		assert_true(f.matched);
		assert_string_equal(affected_name(f.affected), row->expected);
	}
	if (row->why && (!f.affected_why || !strstr(f.affected_why, row->why)))
		fail_msg("said '%s'", f.affected_why ? f.affected_why : "nothing");
	arena_done(&facts.arena);
	rule_base_free(base);
}

int main(void)
{
	struct CMUnitTest tests[ARRAY_SIZE(rows)];
	char names[ARRAY_SIZE(rows)][160];

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		snprintf(names[i], sizeof(names[i]), "%zu: %s %s", i,
			 rows[i].release ? rows[i].release : "no release", rows[i].expected);
		tests[i] = row_test(names[i], test_row, &rows[i]);
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
