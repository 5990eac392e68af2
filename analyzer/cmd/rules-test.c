// SPDX-License-Identifier: GPL-2.0-or-later
//
// `kdump-verdict rules test` and `rules log`: the logs that the rules' own tests stand for, read
// as any log is, and whether each rule claims its own, leaves its near miss alone, and leaves
// those of the others alone.
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/base.h"
#include "rule/sample.h"
#include "verdict/verdict.h"

#include "cmd/rules.h"

enum { MAX_LOG = 1 << 20 };

struct tally {
	size_t passed, failed;
};

/* What the rules say of one log. */
struct trial {
	struct fact_set facts;
	struct klog *klog;
	struct finding findings[RULE_MAX_FINDINGS];
	size_t count;
	struct verdict verdict;
};

/* A klog of text reads a file: this one lives in memory only. */
static enum status open_log(struct trial *t, const struct buf *log, struct err *err)
{
	_cleanup_close_ int fd = memfd_create("rule-test", MFD_CLOEXEC);
	char path[64];

	if (log->failed || fd < 0 || !write_all(fd, log->data, log->len))
		return err_set(err, STATUS_BROKEN, "cannot keep the log of a test");
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	return klog_open_text(&t->klog, path, err);
}

static struct trial *trial_new(struct rule_base *base, const struct sample *sample)
{
	struct trial *t = calloc(1, sizeof(*t));
	struct buf log;
	struct err err;
	enum status st;

	if (!t)
		return NULL;
	fact_init(&t->facts);
	buf_init(&log, MAX_LOG);
	sample_write(sample, &log);
	st = open_log(t, &log, &err);
	buf_done(&log);
	if (st) {
		cmd_complain("rules: %s", err.text);
		fact_done(&t->facts);
		free(t);
		return NULL;
	}
	fact_from_log(&t->facts, t->klog);
	t->count = rule_match(base, &t->facts, t->klog, &t->facts.arena, t->findings,
			      RULE_MAX_FINDINGS);
	verdict_form(&t->verdict, &t->facts, t->findings, t->count, base);
	return t;
}

static void trial_free(struct trial *t)
{
	if (!t)
		return;
	klog_free(t->klog);
	fact_done(&t->facts);
	free(t);
}

static const struct finding *finding_of(const struct trial *t, const struct rule_info *info)
{
	for (size_t i = 0; i < t->count; i++)
		if (t->findings[i].matched && t->findings[i].rule == info)
			return &t->findings[i];
	return NULL;
}

__attribute__((format(printf, 3, 4))) static void tell(struct tally *tally, bool ok,
						       const char *fmt, ...)
{
	va_list ap;

	printf("%sok - ", ok ? "" : "not ");
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	putchar('\n');
	*(ok ? &tally->passed : &tally->failed) += 1;
}

static bool is_known_issue(const struct trial *t, const struct rule_info *info)
{
	return t->verdict.known_issue && !strcmp(t->verdict.known_issue, info->id);
}

/* Why a rule does not answer to its own log. */
static void tell_missing(struct rule_base *base, size_t i, struct trial *t)
{
	struct finding f;

	printf("# crash: %s, function: %s, known issue: %s\n",
	       t->facts.crash ? class_name(t->facts.crash->class) : "none",
	       t->facts.crash && t->facts.crash->has_where && t->facts.crash->where.function
		       ? t->facts.crash->where.function
		       : "none",
	       t->verdict.known_issue ? t->verdict.known_issue : "none");
	rule_explain(base, i, &t->facts, t->klog, &t->facts.arena, &f);
	for (size_t k = 0; k < f.missing_count; k++)
		printf("# not met: %s\n", f.missing[k]);
	if (!f.matched && f.affected_why)
		printf("# %s\n", f.affected_why);
}

/*
 * Rules of others that claim the log too, though nothing says which is right. One that is no
 * more than possible is a hint, and may stand beside a better answer.
 */
static void tell_confusion(struct tally *tally, const struct trial *t,
			   const struct rule_info *info)
{
	for (size_t i = 0; i < t->count; i++) {
		const struct finding *f = &t->findings[i];

		if (f->matched && !f->rule->general && f->rule != info &&
		    f->rule->confidence > CONFIDENCE_POSSIBLE)
			tell(tally, false, "%s claims the log of %s too", f->rule->id, info->id);
	}
}

static void test_match(struct rule_base *base, size_t i, struct tally *tally)
{
	const struct rule_info *info = rule_base_at(base, i);
	struct trial *t = trial_new(base, &rule_base_test(base, i)->match);
	bool ok = t && (info->general ? finding_of(t, info) != NULL : is_known_issue(t, info));

	tell(tally, ok, "%s", info->id);
	if (t && !ok)
		tell_missing(base, i, t);
	if (t && !info->general)
		tell_confusion(tally, t, info);
	trial_free(t);
}

/* A rule that says "this kernel has the fix" leaves the crash alone, as it should. */
static void test_near(struct rule_base *base, size_t i, struct tally *tally)
{
	const struct rule_info *info = rule_base_at(base, i);
	struct trial *t = trial_new(base, &rule_base_test(base, i)->near);
	const struct finding *f = t ? finding_of(t, info) : NULL;
	bool claims = f && (f->affected == AFFECTED_YES || f->affected == AFFECTED_CANNOT_TELL) &&
		      (info->general || is_known_issue(t, info));

	tell(tally, t && !claims, "%s: near miss", info->id);
	trial_free(t);
}

static struct rule_base *load(char **paths)
{
	struct rule_base *base = *paths ? rule_base_new() : cmd_rule_base_with_tests();
	struct err err;

	if (!base)
		return NULL;
	rule_base_want_tests(base);
	for (; *paths; paths++)
		if (rule_base_load(base, *paths, &err))
			cmd_complain("%s: %s", *paths, err.text);
	return base;
}

int cmd_rules_test(char **paths)
{
	struct rule_base *base = load(paths);
	struct tally tally = {0};
	size_t problems;

	if (!base)
		return EXIT_FAILED;
	for (size_t i = 0; i < rule_base_count(base); i++) {
		const struct rule_test *test = rule_base_test(base, i);

		if (!test) {
			tell(&tally, false, "%s has no test", rule_base_at(base, i)->id);
			continue;
		}
		test_match(base, i, &tally);
		if (test->has_near)
			test_near(base, i, &tally);
	}
	rule_base_problems(base, &problems);
	if (problems || !rule_base_count(base))
		tell(&tally, false, "the rules load (see kdump-verdict rules check)");
	rule_base_free(base);
	return tally.failed ? EXIT_FAILED : EXIT_DONE;
}

int cmd_rules_log(const char *id, bool near)
{
	struct rule_base *base = cmd_rule_base_with_tests();
	const struct rule_test *test = NULL;
	size_t i;
	struct buf log;

	if (base && cmd_rules_find(base, id, &i)) {
		test = rule_base_test(base, i);
		if (!test || (near && !test->has_near))
			cmd_complain("rules: %s has no such test", id);
	}
	if (!test || (near && !test->has_near)) {
		rule_base_free(base);
		return EXIT_FAILED;
	}
	buf_init(&log, MAX_LOG);
	sample_write(near ? &test->near : &test->match, &log);
	fputs(log.data ? log.data : "", stdout);
	buf_done(&log);
	rule_base_free(base);
	return EXIT_DONE;
}
