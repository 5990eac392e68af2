// SPDX-License-Identifier: GPL-2.0-or-later
//
// From a source to facts, in this process, and the rules in force.
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd/cmd.h"

enum { MAX_RULE_PATHS = 32 };

static const char *rule_paths[MAX_RULE_PATHS];
static size_t rule_path_count;

/* By hand on a server: what a compressed dump of a few TiB needs, not what would swap it out. */
struct core_limits cmd_core_limits = {.open_bytes = UINT64_C(2) << 30};

void cmd_add_rules(const char *path)
{
	if (rule_path_count < MAX_RULE_PATHS)
		rule_paths[rule_path_count++] = path;
}

static void load(struct rule_base *base, const char *path, bool must_exist)
{
	struct err err;
	enum status st = rule_base_load(base, path, &err);

	if (st == STATUS_BROKEN || (st && must_exist))
		cmd_complain("%s: %s", path, err.text);
}

static void tell_problems(const struct rule_base *base)
{
	size_t count;
	const struct rule_problem *p = rule_base_problems(base, &count);

	for (size_t i = 0; i < count; i++)
		cmd_complain("%s:%u:%u: %s (this rule is left out)", p[i].file, p[i].line,
			     p[i].column, p[i].why);
}

/* Where the shipped rules are: in the source tree that the program was built in, as build/ or
 * build/KIND/, else where they are installed. */
static const char *shipped_rules(char *buf, size_t size)
{
	static const char *const trees[] = {"../rules", "../../rules"};
	char exe[PATH_MAX], probe[PATH_MAX + 32];
	ssize_t len = readlink("/proc/self/exe", exe, sizeof(exe) - 1);
	const char *dir;

	if (len <= 0)
		return KDV_RULES_DIR;
	exe[len] = '\0';
	dir = dirname(exe);
	for (size_t i = 0; i < ARRAY_SIZE(trees); i++) {
		if ((size_t)snprintf(buf, size, "%s/%s", dir, trees[i]) >= size)
			continue;
		snprintf(probe, sizeof(probe), "%s/classes.yaml", buf);
		if (!access(probe, R_OK))
			return buf;
	}
	return KDV_RULES_DIR;
}

static struct rule_base *rule_base(bool with_tests)
{
	char shipped[PATH_MAX];
	struct rule_base *base = rule_base_new();

	if (!base)
		return NULL;
	if (with_tests)
		rule_base_want_tests(base);
	for (size_t i = 0; i < rule_path_count; i++)
		load(base, rule_paths[i], true);
	if (!rule_path_count) {
		load(base, shipped_rules(shipped, sizeof(shipped)), true);
		load(base, KDV_LOCAL_RULES_DIR, false);
	}
	tell_problems(base);
	return base;
}

struct rule_base *cmd_rule_base(void)
{
	return rule_base(false);
}

struct rule_base *cmd_rule_base_with_tests(void)
{
	return rule_base(true);
}

void cmd_facts_of_memory(struct fact_set *facts, struct fact_kernel *fk, struct core *core,
			 const struct symbols_files *files)
{
	fact_from_core(facts, core);
	fact_from_kernel(facts, fk, core, files);
	fact_from_cpus(facts, fk);
	fact_from_tasks(facts, fk);
	fact_from_memory(facts, fk);
}

/* Stays open: the klog reads it, and the process ends soon. */
static struct core *open_core;

static enum status facts_of_dump(const struct source *source, struct fact_set *facts,
				 struct klog **klog, struct err *err)
{
	struct fact_kernel fk;
	enum status st = core_open(&open_core, (const char *const *)source->files, source->file_count,
				   &cmd_core_limits, err);

	if (st)
		return st;
	st = klog_open_core(klog, open_core, err);
	if (st)
		return st;
	fact_from_log(facts, *klog);
	cmd_facts_of_memory(facts, &fk, open_core, NULL);
	fact_kernel_close(&fk);
	return STATUS_FOUND;
}

enum status cmd_facts_of(const char *name, struct fact_set *facts, struct klog **klog,
			 struct err *err)
{
	struct source source;
	enum status st = source_find(&source, name, err);

	*klog = NULL;
	fact_init(facts);
	if (!st && source.kind == SOURCE_DUMP) {
		st = facts_of_dump(&source, facts, klog, err);
	} else if (!st) {
		st = klog_open_text(klog, source.files[0], err);
		if (!st)
			fact_from_log(facts, *klog);
	}
	source_done(&source);
	return st;
}
