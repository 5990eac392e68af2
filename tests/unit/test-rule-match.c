// SPDX-License-Identifier: GPL-2.0-or-later
//
// Matching: each condition on one crash, met or not and with what evidence; then several rules
// against each other.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/base.h"
#include "rule/rule.h"
#include "unit/test-rows.h"

/* ---- the crash that all tests share ---- */

static const char log_text[] =
	"<6>[    1.000000] Linux version 4.19.91-22.2.al7.x86_64 (build@host)\n" // 1
	"<4>[   40.000000] EXT4-fs error (device vda1): bad block\n"		 // 2
	"<12>[   41.000000] agent: out of beer\n" // 3, user space
	"<1>[   49.800000] BUG: unable to handle kernel NULL pointer dereference at "
	"0000000000000088\n"
	"<4>[   49.800001] RIP: 0010:_raw_spin_lock+0xc/0x20\n" // 5
	"<4>[   49.800002] Call Trace:\n"
	"<4>[   49.800003]  d_delete+0x2c/0xb0\n" // 7
	"<4>[   49.800004]  ? ovl_rmdir+0x1/0x2 [overlay]\n"
	"<4>[   49.800005]  vfs_rmdir.part.3+0xfd/0x120\n" // 9
	"<4>[   49.800006]  do_rmdir+0x14f/0x1a0\n"
	"<4>[   49.800007] ---[ end trace 4e652b8aa299aa2d ]---\n" // 11
	"<0>[   50.000000] Kernel panic - not syncing: Fatal exception\n"
	"<4>[   50.100000] late words\n"; // 13

static struct frame trace[] = {
	{.function = "d_delete",
	 .offset = 0x2c,
	 .size = 0xb0,
	 .has_offset = true,
	 .reliable = true,
	 .line = 7},
	{.function = "ovl_rmdir",
	 .module = "overlay",
	 .offset = 1,
	 .size = 2,
	 .has_offset = true,
	 .line = 8},
	{.function = "vfs_rmdir.part.3",
	 .offset = 0xfd,
	 .size = 0x120,
	 .has_offset = true,
	 .reliable = true,
	 .line = 9},
	{.address = 0xffffffff81000000, .reliable = true, .line = 9},
	{.function = "do_rmdir",
	 .offset = 0x14f,
	 .size = 0x1a0,
	 .has_offset = true,
	 .reliable = true,
	 .line = 10},
};

static struct oops_reg regs[] = {
	{"rip", 0xffffffff99000000}, {"rdi", 0x88}, {"rcx", 0xdead000000000122}, {"rax", 0}};

static struct fact_module modules[] = {{.name = "overlay", .taints = ""}, {.name = "eudp", .taints = "OE"}};

static struct event crash = {
	.class = CLASS_NULL_POINTER_DEREFERENCE,
	.line = 4,
	.last_line = 11,
	.has_time = true,
	.time_ns = 49800000000,
	.title = "BUG: unable to handle kernel NULL pointer dereference at 0000000000000088",
	.cpu = 1,
	.pid = 1234,
	.comm = "kworker/0:1",
	.workqueue = "cgroup_destroy css_release_work_fn",
	.has_where = true,
	.where = {.function = "_raw_spin_lock",
		  .module = "kernel_mod",
		  .offset = 0xc,
		  .size = 0x20,
		  .has_offset = true,
		  .reliable = true,
		  .line = 5},
	.has_fault_address = true,
	.fault_address = 0x88,
	.regs = regs,
	.reg_count = ARRAY_SIZE(regs),
	.trace = trace,
	.frame_count = ARRAY_SIZE(trace),
	.file = "lib/list_debug.c",
	.file_line = 50,
};

static struct event panic = {.class = CLASS_PANIC,
			     .line = 12,
			     .last_line = 12,
			     .message = "Fatal exception",
			     .is_panic = true};

static const struct memory memory = {
	.total = 1000,
	.free = 30,
	.available = 49,
	.slab_reclaimable = 100,
	.slab_unreclaimable = 500,
	.hugetlb = -1,
	.swap_total = 0,
};

static const struct settings settings = {
	.setting = {{"kernel.panic_on_oops", 1}, {"vm.panic_on_oom", 2}},
	.count = 2,
};

static struct fact_set facts = {
	.release = "4.19.91-22.2.al7.x86_64",
	.machine = "x86_64",
	.hardware = "Alibaba Cloud ECS, BIOS 1.0",
	.cmdline = "root=/dev/vda1 crashkernel=auto",
	.distro = DISTRO_ALINUX2,
	.uptime = 49.8,
	.taint = "GOE",
	.state = {.modules = modules,
		.module_count = ARRAY_SIZE(modules),
		.last_unloaded = "tampercore",
		.memory = &memory,
		.settings = &settings},
	.crash = &crash,
	.panic = &panic,
};

static struct klog *klog;

static struct rule_base *load(const char *text)
{
	struct rule_base *base = rule_base_new();
	const struct rule_problem *problems;
	size_t count;

	rule_base_load_text(base, "t", text, strlen(text));
	problems = rule_base_problems(base, &count);
	if (count)
		fail_msg("%u:%u: %s", problems->line, problems->column, problems->why);
	return base;
}

/* ---- each condition ---- */

struct row {
	const char *match;
	uint32_t line;	  /* of the first evidence; NOT_MET: does not match */
	const char *text; /* that evidence; or what missing says, a part of it */
};

#define NOT_MET UINT32_MAX

// clang-format off
static const struct row rows[] = {
	{"class: null-pointer-dereference", 4, "BUG: unable to handle kernel NULL pointer dereference at 0000000000000088"},
	{"class: [oom, null-pointer-dereference]", 4, NULL},
	{"class: 'null-*'", 4, NULL},
	{"class: page-fault", NOT_MET, "class: page-fault (here: null-pointer-dereference)"},
	{"function: _raw_spin_lock", 5, "_raw_spin_lock+0xc/0x20 [kernel_mod]"},
	{"function: _raw_spin_lock.cold", 5, NULL},
	{"function: '_raw_*_loc?'", 5, NULL},
	{"function: [d_delete, _raw_spin_lock]", 5, NULL},
	{"function: raw_spin_lock", NOT_MET, "function: raw_spin_lock (here: _raw_spin_lock+0xc/0x20 [kernel_mod])"},
	{"function: '_raw_spin_loc'", NOT_MET, NULL},
	{"module: 'kernel_*'", 5, "kernel_mod"},
	{"module: ext4", NOT_MET, NULL},
	{"arch: x86_64", 0, "x86_64"},
	{"arch: aarch64", NOT_MET, "(here: x86_64)"},
	{"comm: 'kworker/*'", 0, "kworker/0:1"},
	{"comm: bash", NOT_MET, NULL},
	{"workqueue: 'cgroup_destroy*'", 0, "cgroup_destroy css_release_work_fn"},
	{"workqueue: cgroup_destroy", NOT_MET, NULL},
	{"taint: O", 0, "GOE"},
	{"taint: EO", 0, NULL},
	{"taint: [P, E]", 0, NULL},
	{"taint: PO", NOT_MET, "(here: GOE)"},
	{"loaded: eudp", 0, "eudp(OE)"},
	{"loaded: over*", 0, "overlay"},
	{"loaded: [xfs, ext4]", NOT_MET, NULL},
	{"last_unloaded: 'tamper*'", 0, "tampercore"},
	{"last_unloaded: '*'", 0, NULL},
	{"last_unloaded: core", NOT_MET, NULL},
	{"fault_address: 0x88", 4, "0x88"},
	{"fault_address: 136", 4, NULL},
	{"fault_address: 0x0..0xfff", 4, NULL},
	{"fault_address: [0x10, '8?']", 4, NULL},
	{"fault_address: 0x89..0xfff", NOT_MET, "(here: 0x88)"},
	{"fault_is: rip", NOT_MET, "fault address 0x88, instruction pointer 0xffffffff99000000"},
	{"registers: {rdi: 0x88}", 0, "rdi: 0x88"},
	{"registers: {rdi: 0x88, rcx: 'dead0000000001?\?'}", 0, NULL},
	{"registers: {any: 'dead0000000001?\?'}", 0, "rcx: 0xdead000000000122"},
	{"registers: {rdi: 0x88, rcx: 'dead0000000002?\?'}", NOT_MET, "rcx: 0xdead000000000122"},
	{"registers: {rcx: '1?\?'}", NOT_MET, NULL},	/* the digits in front count as zeros */
	{"registers: {r15: 0}", NOT_MET, NULL},
	{"memory: {slab_unreclaimable: 50..100}", 0, "slab_unreclaimable: 50% of memory"},
	{"memory: {slab: 60, available: 0..4}", 0, "available: 4% of memory"},
	{"memory: {slab: 60, available: 5..100}", NOT_MET, "(here: available: 4% of memory)"},
	{"memory: {hugetlb: 0..100}", NOT_MET, NULL},	/* not known */
	{"memory: {swap_free: 0..100}", NOT_MET, NULL}, /* of no swap at all */
	{"sysctl: {kernel.panic_on_oops: 1}", 0, "kernel.panic_on_oops: 1"},
	{"sysctl: {kernel.panic_on_oops: 1, vm.panic_on_oom: [1, 2]}", 0, "vm.panic_on_oom: 2"},
	{"sysctl: {vm.panic_on_oom: 0}", NOT_MET, "(here: vm.panic_on_oom: 2)"},
	{"sysctl: {kernel.softlockup_panic: 1}", NOT_MET, NULL},
	{"uptime: '< 60'", 0, "up for 49 seconds"},
	{"uptime: '>= 49, < 50'", 0, NULL},
	{"uptime: '> 49'", NOT_MET, NULL},
	{"release: '>= 4.19, < 5.0'", 0, "4.19.91-22.2.al7.x86_64"},
	{"release: '< 4.19.91'", NOT_MET, NULL},
	{"hardware: 'Alibaba'", 0, "Alibaba Cloud ECS, BIOS 1.0"},
	{"hardware: '^Cloud'", NOT_MET, NULL},
	{"cmdline: 'crashkernel='", 0, NULL},
	{"cmdline: '(?i)CRASHKERNEL=A'", 0, NULL},
	{"cmdline: ['nosmp', 'maxcpus=\\d']", NOT_MET, NULL},
	{"panic: 'Fatal exception$'", 12, "Fatal exception"},
	{"panic: 'not syncing'", NOT_MET, "(here: Fatal exception)"},
	{"title: 'NULL pointer .* at 0+88'", 4, "BUG: unable to handle kernel NULL pointer dereference at 0000000000000088"},
	{"title: 'kernel BUG at lib/list_debug\\.c:50'", 4, "kernel BUG at lib/list_debug.c:50!"},
	{"title: 'Fatal'", NOT_MET, NULL},

	{"trace: d_delete", 7, "d_delete+0x2c/0xb0"},
	{"trace: [d_delete, vfs_rmdir, do_rmdir]", 7, "d_delete+0x2c/0xb0, vfs_rmdir.part.3+0xfd/0x120, do_rmdir+0x14f/0x1a0"},
	{"trace: [d_delete, do_rmdir]", 7, NULL},
	{"trace: [_raw_spin_lock, d_delete]", 5, NULL},	/* the faulting function is the innermost */
	{"trace: ['d_*', 'vfs_*']", 7, NULL},
	{"trace: [[vfs_unlink, vfs_rmdir], do_rmdir]", 9, NULL},
	{"trace: ['? ovl_rmdir']", 8, "? ovl_rmdir+0x1/0x2 [overlay]"},
	{"trace: ['? ovl_rmdir [overlay]', do_rmdir]", 8, NULL},
	{"trace: ['? * [overlay]']", 8, NULL},
	{"trace: ['? d_delete']", 7, NULL},
	{"trace: ovl_rmdir", NOT_MET, "trace: ovl_rmdir (here: no ovl_rmdir)"},
	{"trace: ['* [overlay]']", NOT_MET, NULL},
	{"trace: ['* [kernel_mod]']", 5, NULL},
	{"trace: ['d_delete [overlay]']", NOT_MET, NULL},
	{"trace: [do_rmdir, vfs_rmdir]", NOT_MET, "(here: no vfs_rmdir behind do_rmdir+0x14f/0x1a0)"},
	{"trace: [d_delete, d_delete]", NOT_MET, NULL},

	{"log: 'EXT4-fs error'", 2, "EXT4-fs error (device vda1): bad block"},
	{"log: 'late words'", 13, NULL},
	{"log: ['no such', 'late (words|night)']", 13, NULL},
	{"log: 'device vd[a-z]1\\)'", 2, NULL},
	{"log: 'ba?d blocks*$'", 2, NULL},
	{"log: 'late|never'", 13, NULL},
	{"log: 'never'", NOT_MET, "log: never"},
	{"log: 'out of beer'", NOT_MET, NULL},		/* user space wrote it */
	{"log: {pattern: 'EXT4-fs error', where: before}", 2, NULL},
	{"log: {pattern: 'do_rmdir', where: crash}", 10, NULL},
	{"log: {pattern: 'late words', where: any}", 13, NULL},
	{"log: {pattern: 'do_rmdir', where: before}", NOT_MET, NULL},
	{"log: {pattern: 'EXT4-fs error', where: crash}", NOT_MET, NULL},
	{"log: {pattern: 'late words', where: crash}", NOT_MET, NULL},
	{"log: {pattern: 'BUG', where: before}", NOT_MET, NULL},

	{"any: [{function: nope}, {log: late}]", 13, NULL},
	{"any: [{function: nope}, {function: _raw_spin_lock, log: late}]", 5, NULL},
	{"any: [{function: nope}, {function: _raw_spin_lock, log: never}]", NOT_MET, "any: {function: nope}, {function: _raw_spin_lock, log: never}"},
	{"all: [{log: late}, {log: EXT4}]", 13, NULL},
	{"all: [{log: late}, {log: never}]", NOT_MET, "log: never"},
	{"not: {loaded: xfs}", 0, "nothing of the kind"},
	{"not: {log: never}", 0, NULL},
	{"not: {loaded: eudp, taint: P}", 0, NULL},	/* not both */
	{"not: [{loaded: xfs}, {loaded: eudp}]", NOT_MET, "not: {loaded: xfs}, {loaded: eudp} (here: loaded: eudp)"},
	{"not: {log: late}", NOT_MET, "(here: log: late)"},
	{"not: {not: {log: late}}", 0, NULL},
	{"any: [{not: {any: [{log: never}, {log: nowhere}]}}]", 0, NULL},
};
// clang-format on

static void test_row(void **state)
{
	const struct row *row = *state;
	char text[1024];
	struct rule_base *base;
	struct finding f, again;
	size_t count;

	snprintf(text, sizeof(text),
		 "- {id: class-x, title: t, category: unknown, confidence: likely, cause: c, "
		 "match: {%s}}\n",
		 row->match);
	base = load(text);
	rule_base_check(base);
	rule_base_problems(base, &count);
	assert_int_equal(count, 0);
	rule_explain(base, 0, &facts, klog, &facts.arena, &f);
	assert_int_equal(rule_match(base, &facts, klog, &facts.arena, &again, 1),
			 row->line != NOT_MET);
	if (row->line == NOT_MET) {
		assert_false(f.matched);
		assert_int_equal(f.confidence, CONFIDENCE_NONE);
		assert_true(f.missing_count > 0);
		if (row->text && !strstr(f.missing[0], row->text))
			fail_msg("missing: '%s'", f.missing[0]);
	} else {
		assert_true(f.matched);
		assert_true(again.matched);
		assert_int_equal(f.missing_count, 0);
		assert_true(f.evidence_count > 0);
		assert_int_equal(f.evidence[0].log_line, row->line);
		if (row->text)
			assert_string_equal(f.evidence[0].text, row->text);
		assert_int_equal(f.score, again.score);
	}
	rule_base_free(base);
}

/* ---- what the facts do not tell ---- */

/* Nothing is known but that there was a crash: no condition holds by accident. */
static void test_bare_crash(void **state)
{
	static const char *const conditions[] = {"function: '*'",
						 "module: '*'",
						 "arch: '*'",
						 "comm: '*'",
						 "workqueue: '*'",
						 "loaded: '*'",
						 "last_unloaded: '*'",
						 "taint: G",
						 "fault_is: rip",
						 "fault_address: 0",
						 "registers: {any: 0}",
						 "uptime: '>= 0'",
						 "release: '>= 0'",
						 "trace: '*'",
						 "panic: ''",
						 "title: '.'",
						 "hardware: '.'",
						 "cmdline: '.'",
						 "log: '.'"};
	static struct event bare = {.class = CLASS_PAGE_FAULT, .cpu = -1, .pid = -1};
	struct fact_set nothing = {.crash = &bare, .uptime = -1};
	struct finding f;
	char text[512];

	(void)state;
	arena_init(&nothing.arena, 1 << 16);
	for (size_t i = 0; i < ARRAY_SIZE(conditions); i++) {
		struct rule_base *base;

		if (strstr(conditions[i], "''")) // an empty pattern is refused when loading
			continue;
		snprintf(text, sizeof(text),
			 "- {id: x, title: t, category: unknown, confidence: likely, cause: "
			 "c, match: {%s}}\n",
			 conditions[i]);
		base = load(text);
		if (rule_match(base, &nothing, NULL, &nothing.arena, &f, 1))
			fail_msg("%s holds", conditions[i]);
		rule_base_free(base);
	}
	arena_done(&nothing.arena);
}

static void test_no_crash(void **state)
{
	struct rule_base *base = load("- {id: x, title: t, category: unknown, confidence: "
				      "likely, cause: c, match: {arch: x86_64}}\n");
	struct fact_set healthy = facts;
	struct finding f;

	(void)state;
	healthy.crash = NULL;
	assert_int_equal(rule_match(base, &healthy, klog, &facts.arena, &f, 1), 0);
	rule_explain(base, 0, &healthy, klog, &facts.arena, &f);
	assert_false(f.matched);
	assert_int_equal(f.missing_count, 1);
	rule_base_free(base);
}

/* ---- what a rule says, read when it matches ---- */

// clang-format off
#define BY_FUNCTION(id) \
	"- id: " id "\n  title: t\n  category: unknown\n  confidence: certain\n" \
	"  match: {function: _raw_spin_lock}\n"
// clang-format on

static void write_rules(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	fputs(text, file);
	fclose(file);
}

/* The rules of a file of this text, which is then changed (NULL: removed) before they match. */
static struct rule_base *load_file(const char *text, const char *changed)
{
	char path[] = "/tmp/kdv-rule-XXXXXX";
	struct rule_base *base = rule_base_new();
	int fd = mkstemp(path);
	struct err err;
	size_t problems;

	assert_true(fd >= 0);
	close(fd);
	write_rules(path, text);
	assert_int_equal(rule_base_load(base, path, &err), STATUS_FOUND);
	(void)rule_base_problems(base, &problems);
	assert_int_equal(problems, 0);
	unlink(path);
	if (changed)
		write_rules(path, changed);
	return base;
}

static void test_told_from_file(void **state)
{
	static const char text[] =
		"# a comment\n" BY_FUNCTION("one") "  cause: of {function}\n"
		"  suspect: {kind: module, name: m, why: w}\n"
		"  actions:\n    - text: do\n      commands: ['echo 1']\n"
		"  fixed_in: [1.2]\n  references: ['r']\n" BY_FUNCTION("two") "  cause: >\n    c\n";
	char path[256];
	struct rule_base *base = load_file(text, text);
	struct finding f[4];

	(void)state;
	snprintf(path, sizeof(path), "%s", rule_base_at(base, 0)->file);
	assert_int_equal(rule_match(base, &facts, klog, &facts.arena, f, 4), 2);
	unlink(path); /* it is read once */
	assert_int_equal(rule_match(base, &facts, klog, &facts.arena, f, 4), 2);
	assert_string_equal(f[0].cause, "of _raw_spin_lock");
	assert_string_equal(f[0].suspect_why, "w");
	assert_int_equal(f[0].action_count, 1);
	assert_string_equal(f[0].actions[0].commands[0], "echo 1");
	assert_string_equal(f[0].rule->fixed_in[0], "1.2");
	assert_string_equal(f[0].rule->references[0], "r");
	assert_string_equal(f[1].cause, "c");
	rule_base_free(base);
}

/* A rule that cannot be told leaves the other, which it would supersede, alone. */
static void test_not_told(void **state)
{
	static const struct {
		const char *text, *changed, *problem;
	} cases[] = {
		{"  cause: of {nothing}\n", "=", ":6:10: no template {nothing}"},
		{"  cause: 'open\n", "=", ":6:10: not YAML: "},
		{"  actions:\n    - text: do\n", "=", ":1:3: a rule has no 'cause'"},
		{"  cause: c\n", NULL, ":1:1: No such file or directory"},
		{"  cause: c\n", "- id: another\n  cause: c\n", ":1:1: the rule is no longer here"},
		{"  cause: c\n", "", ":1:1: the rule is no longer here"},
	};
	char place[600], text[1000], path[256];
	const struct rule_problem *problems;
	struct finding f[4];
	size_t count;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		const char *changed = cases[i].changed;
		struct rule_base *base;

		snprintf(text, sizeof(text), "%s%s  supersedes: [whole]\n",
			 BY_FUNCTION("broken"), cases[i].text);
		base = load_file(text, changed && *changed == '=' ? text : changed);
		snprintf(path, sizeof(path), "%s", rule_base_at(base, 0)->file);
		rule_base_load_text(base, "t", BY_FUNCTION("whole") "  cause: c\n",
				    strlen(BY_FUNCTION("whole") "  cause: c\n"));
		for (int twice = 0; twice < 2; twice++) {
			assert_int_equal(rule_match(base, &facts, klog, &facts.arena, f, 4), 1);
			assert_string_equal(f[0].rule->id, "whole");
		}
		problems = rule_base_problems(base, &count);
		assert_int_equal(count, 1);
		assert_true(problems[0].when_matched);
		snprintf(place, sizeof(place), "%s:%u:%u: %s", problems[0].file, problems[0].line,
			 problems[0].column, problems[0].why);
		if (!strstr(place, cases[i].problem))
			fail_msg("case %zu: told %s", i, place);
		unlink(path);
		rule_base_free(base);
	}
}

/* ---- rules against each other ---- */

#define HEAD(id) \
	"- id: " id "\n  title: t\n  category: unknown\n  confidence: certain\n  cause: c\n"

static size_t match(struct rule_base *base, struct finding *ret, size_t max)
{
	return rule_match(base, &facts, klog, &facts.arena, ret, max);
}

static void test_ranking(void **state)
{
	// clang-format off
	static const char rules[] =
		HEAD("class-null-pointer-dereference")
		"  match: {class: null-pointer-dereference}\n"
		HEAD("class-null-third-party")
		"  match: {class: null-pointer-dereference, taint: O}\n"
		HEAD("by-function")
		"  match: {function: _raw_spin_lock}\n"
		HEAD("by-trace")
		"  match: {function: _raw_spin_lock, trace: [d_delete, vfs_rmdir]}\n"
		HEAD("by-trace-fixed")
		"  match: {function: _raw_spin_lock, trace: [d_delete, vfs_rmdir, do_rmdir]}\n"
		"  kernel: [{distro: alinux2, fixed: 4.19.91-20.al7}]\n"
		HEAD("by-trace-here")
		"  match: {function: _raw_spin_lock, trace: [d_delete, vfs_rmdir]}\n"
		"  kernel: [{distro: alinux2, fixed: 4.19.91-23.al7}]\n"
		HEAD("other")
		"  match: {class: page-fault}\n";
	// clang-format on
	struct rule_base *base = load(rules);
	static const char *const expected[] = {"by-trace-here",
					       "by-trace",
					       "by-function",
					       "by-trace-fixed",
					       "class-null-third-party",
					       "class-null-pointer-dereference"};
	struct finding f[16];

	(void)state;
	assert_int_equal(match(base, f, 16), ARRAY_SIZE(expected));
	for (size_t i = 0; i < ARRAY_SIZE(expected); i++)
		assert_string_equal(f[i].rule->id, expected[i]);
	assert_int_equal(f[0].confidence, CONFIDENCE_CERTAIN);
	assert_int_equal(f[3].affected, AFFECTED_FIXED_HERE);
	assert_int_equal(f[3].confidence, CONFIDENCE_POSSIBLE);
	assert_true(f[4].rule->general);
	assert_int_equal(match(base, f, 2), 2); // and no more are written
	rule_base_free(base);
}

static void test_supersedes(void **state)
{
	// clang-format off
	static const char rules[] =
		HEAD("narrow")
		"  match: {trace: d_delete}\n"
		"  supersedes: [wide, 'class-*']\n"
		HEAD("wide")
		"  match: {function: _raw_spin_lock, arch: x86_64}\n"
		HEAD("misses")
		"  match: {function: other}\n"
		"  supersedes: [narrow]\n"
		HEAD("fixed")
		"  match: {trace: do_rmdir}\n"
		"  kernel: [{distro: '*', fixed: 4.0}]\n"
		"  supersedes: [narrow]\n"
		HEAD("class-x")
		"  match: {class: null-*}\n";
	// clang-format on
	struct rule_base *base = load(rules);
	struct finding f[8];

	(void)state;
	assert_int_equal(match(base, f, 8), 2);
	assert_string_equal(f[0].rule->id, "narrow");
	assert_string_equal(f[1].rule->id,
			    "fixed"); // one that does not apply takes nobody's place
	rule_base_free(base);
}

static void test_near_misses(void **state)
{
	// clang-format off
	static const char rules[] =
		HEAD("one-missing")
		"  match: {class: null-pointer-dereference, function: _raw_spin_lock, trace: [d_delete, d_move]}\n"
		HEAD("kernel-missing")
		"  match: {class: null-pointer-dereference, function: _raw_spin_lock}\n"
		"  kernel: [{distro: '*', affected: none}]\n"
		HEAD("log-missing")
		"  match: {class: null-pointer-dereference, function: _raw_spin_lock, log: never}\n"
		HEAD("two-missing")
		"  match: {class: null-pointer-dereference, function: other, trace: [d_move]}\n"
		HEAD("only-class-held")
		"  match: {class: null-pointer-dereference, arch: x86_64, function: other}\n"
		HEAD("too-few")
		"  match: {function: _raw_spin_lock, comm: bash}\n"
		HEAD("class-general")
		"  match: {class: null-pointer-dereference, function: _raw_spin_lock, comm: bash}\n";
	// clang-format on
	struct rule_base *base = load(rules);
	struct finding f[8];
	size_t count = match(base, f, 8);

	(void)state;
	assert_int_equal(count, 3);
	for (size_t i = 0; i < count; i++) {
		assert_false(f[i].matched);
		assert_int_equal(f[i].missing_count, 1);
		assert_int_equal(f[i].confidence, CONFIDENCE_NONE);
	}
	assert_string_equal(f[0].rule->id, "kernel-missing");
	assert_non_null(
		strstr(f[0].missing[0], "alinux2 kernel 4.19.91-22.2.al7 never had it"));
	assert_string_equal(f[1].rule->id, "log-missing");
	assert_string_equal(f[1].missing[0], "log: never");
	assert_string_equal(f[2].rule->id, "one-missing");
	assert_string_equal(
		f[2].missing[0],
		"trace: d_delete, d_move (here: no d_move behind d_delete+0x2c/0xb0)");
	rule_base_free(base);
}

/* ---- actions ---- */

static const char actions[] = HEAD(
	"x") "  match: {class: null-*}\n"
	     "  suspect: {kind: process, name: '{comm}', why: 'in {function}'}\n"
	     "  actions:\n"
	     "    - text: Old.\n"
	     "      when: {release: '< 4.19.91-19.1.al7'}\n"
	     "    - text: Hotfix.\n"
	     "      when: {release: '>= 4.19.91-19.1.al7, <= 4.19.91-22.2.al7'}\n"
	     "      commands: ['yum install -y x-{release.suffix}', 'pkill {comm}', 'true']\n"
	     "    - text: Others.\n"
	     "      when: {distro: [rhel, debian]}\n"
	     "    - text: Always.\n";

static void test_actions(void **state)
{
	struct rule_base *base = load(actions);
	struct finding f;

	(void)state;
	assert_int_equal(match(base, &f, 1), 1);
	assert_string_equal(f.suspect_name, "kworker/0:1");
	assert_string_equal(f.suspect_why, "in _raw_spin_lock");
	assert_int_equal(f.action_count, 2);
	// "kworker/0:1" has a '/', which no command gets from a log
	assert_string_equal(f.actions[0].text,
			    "Hotfix. (A command is left out: the log does not tell comm, or "
			    "tells what is not safe to paste into a shell.)");
	assert_string_equal(f.actions[0].commands[0], "yum install -y x-22.2.al7.x86_64");
	assert_string_equal(f.actions[0].commands[1], "true");
	assert_null(f.actions[0].commands[2]);
	assert_string_equal(f.actions[1].text, "Always.");
	assert_null(f.actions[1].commands[0]);
	rule_base_free(base);
}

/* Where the release is not known, each action says what it is for. */
static void test_actions_without_release(void **state)
{
	struct rule_base *base = load(actions);
	const char *was = facts.release;
	struct finding f;

	(void)state;
	facts.release = NULL;
	assert_int_equal(match(base, &f, 1), 1);
	assert_int_equal(f.action_count, 4);
	assert_string_equal(f.actions[0].text, "If the kernel is < 4.19.91-19.1.al7: Old.");
	assert_non_null(
		strstr(f.actions[1].text,
		       "If the kernel is >= 4.19.91-19.1.al7, <= 4.19.91-22.2.al7: Hotfix."));
	assert_string_equal(f.actions[2].text, "On rhel, debian: Others.");
	assert_string_equal(f.actions[3].text, "Always.");
	facts.release = was;
	rule_base_free(base);
}

/* ---- hostile input ---- */

static struct klog *open_text(const char *text, size_t len)
{
	char path[] = "/tmp/kdv-log-XXXXXX";
	int fd = mkstemp(path);
	struct klog *opened = NULL;
	struct err err;

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, len), (ssize_t)len);
	close(fd);
	if (klog_open_text(&opened, path, &err))
		fail_msg("%s", err.text);
	unlink(path);
	return opened;
}

/* Patterns that backtrack on lines made for it: given up, and the others still match. */
static void test_backtracking(void **state)
{
	enum { LINES = 2000, WIDTH = 200 };
	char *text = calloc(LINES, WIDTH + 1);
	// clang-format off
	static const char rules[] =
		HEAD("x")
		"  match: {log: '(a+)+$'}\n"
		HEAD("y")
		"  match: {log: '(a|aa)+b'}\n"
		HEAD("z")
		"  match: {log: 'Linux version'}\n";
	// clang-format on
	struct rule_base *base = load(rules);
	struct klog *hostile;
	struct finding f[4];
	size_t used = 0;

	(void)state;
	used += (size_t)sprintf(text, "[    0.000000] Linux version 6.1.0\n");
	while (used + WIDTH < (size_t)LINES * WIDTH) {
		memset(text + used, 'a', WIDTH - 2);
		memcpy(text + used, "[    1.000000] ", 15);
		memcpy(text + used + WIDTH - 2, "!\n", 2);
		used += WIDTH;
	}
	hostile = open_text(text, used);
	assert_int_equal(rule_match(base, &facts, hostile, &facts.arena, f, 4), 1);
	assert_string_equal(f[0].rule->id, "z");
	klog_free(hostile);
	free(text);
	rule_base_free(base);
}

/* A full arena costs words, and no rule. */
static void test_full_arena(void **state)
{
	struct rule_base *base =
		load(HEAD("x") "  match: {class: null-*, log: late, trace: [d_delete]}\n"
			       "  actions: [{text: 'for {comm}', commands: ['true']}]\n");
	struct arena tiny;
	struct finding f;

	(void)state;
	arena_init(&tiny, 0);
	assert_int_equal(rule_match(base, &facts, klog, &tiny, &f, 1), 1);
	assert_true(f.matched);
	assert_int_equal(f.evidence_count, 3);
	assert_string_equal(f.evidence[2].text, "");
	assert_int_equal(f.action_count, 0);
	assert_true(tiny.exhausted);
	arena_done(&tiny);
	rule_base_free(base);
}

static int setup(void **state)
{
	(void)state;
	arena_init(&facts.arena, 16 << 20);
	klog = open_text(log_text, sizeof(log_text) - 1);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	arena_done(&facts.arena);
	klog_free(klog);
	return 0;
}

int main(void)
{
	struct CMUnitTest tests[ARRAY_SIZE(rows) + 11] = {
		cmocka_unit_test(test_bare_crash),
		cmocka_unit_test(test_no_crash),
		cmocka_unit_test(test_told_from_file),
		cmocka_unit_test(test_not_told),
		cmocka_unit_test(test_ranking),
		cmocka_unit_test(test_supersedes),
		cmocka_unit_test(test_near_misses),
		cmocka_unit_test(test_actions),
		cmocka_unit_test(test_actions_without_release),
		cmocka_unit_test(test_backtracking),
		cmocka_unit_test(test_full_arena),
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		tests[11 + i] = row_test(rows[i].match, test_row, &rows[i]);
	return cmocka_run_group_tests(tests, setup, teardown);
}
