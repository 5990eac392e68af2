// SPDX-License-Identifier: GPL-2.0-or-later
//
// rule: which known cause fits? Loads the rule files, and says of each rule whether its
// conditions hold for the facts, with the evidence for each. Sees fact/ and the log's lines,
// never a dump, so a rule can be written and tried on a laptop from a text.
#ifndef KDV_RULE_RULE_H
#define KDV_RULE_RULE_H

#include "fact/fact.h"

struct rule_base;
struct rule_test;

enum confidence {
	CONFIDENCE_NONE,
	CONFIDENCE_POSSIBLE,
	CONFIDENCE_LIKELY,
	CONFIDENCE_CERTAIN
};
const char *confidence_name(enum confidence c);

enum affected {
	AFFECTED_CANNOT_TELL,
	AFFECTED_YES,
	AFFECTED_FIXED_HERE,
	AFFECTED_NOT_IN_RANGE,
};
const char *affected_name(enum affected a);

struct rule_problem {
	char file[256];
	unsigned line, column; /* 1-based; 0: the file as a whole */
	bool when_matched;     /* found only when what the rule says was needed */
	char why[256];
};

/* A key of the language and what it means, for messages and to keep the manual page true. */
struct rule_key {
	const char *name, *doc;
};
/* Keys of a rule, of its kernel:, suspect:, actions: and test:, and the conditions of match:. */
const struct rule_key *rule_language_rule(size_t *ret_count);
const struct rule_key *rule_language_kernel(size_t *ret_count);
const struct rule_key *rule_language_action(size_t *ret_count);
const struct rule_key *rule_language_suspect(size_t *ret_count);
const struct rule_key *rule_language_conditions(size_t *ret_count);
const struct rule_key *rule_language_samples(size_t *ret_count); /* of test: match: */
const struct rule_key *rule_language_templates(size_t *ret_count);

/* An empty base; never NULL but out of memory. */
struct rule_base *rule_base_new(void);
void rule_base_free(struct rule_base *base);
/*
 * Rules loaded from now on are read whole, for who checks or tests them. Without, a file's rules
 * are read as far as matching needs; what they say is read when one has matched, and their
 * `test:` never.
 */
void rule_base_want_tests(struct rule_base *base);

/*
 * Adds the rules of one YAML file, or of every *.yaml of a directory in name order. A rule
 * with an id that is there already replaces it (local rules override shipped ones). What is
 * wrong goes to rule_base_problems(); the other rules, and the other files, still load.
 * ABSENT: no such file or directory.
 */
enum status rule_base_load(struct rule_base *base, const char *path, struct err *err);

/* The same for the text of a file; name stands in its problems. */
void rule_base_load_text(struct rule_base *base, const char *name, const char *text,
			 size_t len);
/*
 * Looks for what loading lets pass, and adds it to the problems: patterns that do not compile
 * (matching compiles only what it needs), conditions that can never hold, two rules with the
 * same conditions, a superseded rule that there is not, a specific rule without source, and, if
 * the base was loaded with tests, without test. For `rules check`.
 */
void rule_base_check(struct rule_base *base);

size_t rule_base_count(const struct rule_base *base);
/* "sha256:<hex>" over the bytes of all loaded files, in load order. */
const char *rule_base_digest(struct rule_base *base);
const struct rule_problem *rule_base_problems(const struct rule_base *base, size_t *ret_count);

/* One rule as others need it. Strings are owned by the base; lists end with NULL. Of a rule that
 * has not matched only id, title, category, confidence, dump_advice and place are sure. */
struct rule_action {
	const char *text;
	const char *const *commands;
};
struct rule_info {
	const char *id, *title, *category, *cause, *source, *dump_advice, *file;
	unsigned line;
	enum confidence confidence;
	bool general; /* id begins with "class-": never a known issue */
	const char *const *fixed_in;
	const char *const *references;
	const char *suspect_kind, *suspect_name, *suspect_why; /* NULL: none */
};
const struct rule_info *rule_base_at(const struct rule_base *base, size_t i);
/* Its `test:` (rule/sample.h); NULL: none, or the base was loaded without tests. */
const struct rule_test *rule_base_test(const struct rule_base *base, size_t i);

enum { RULE_MAX_EVIDENCE = 16, RULE_MAX_FINDINGS = 64 };

struct evidence {
	const char *condition; /* "trace: d_delete, vfs_rmdir, do_rmdir" */
	uint32_t log_line;     /* 0: not a line of the log */
	const char *text;      /* what met it, as it stands in the log or as a short reading */
};

/* A rule that matched, or nearly. Strings live in the arena given to rule_match(). */
struct finding {
	const struct rule_info *rule;
	bool matched; /* false: a near miss, see missing */
	enum affected affected;
	enum confidence confidence;
	const char *affected_why; /* "release 3.10.0-957.el7 < 3.10.0-957.27.2.el7"; NULL */
	unsigned score;		  /* more specific conditions weigh more; ranks findings */
	struct evidence evidence[RULE_MAX_EVIDENCE];
	size_t evidence_count;
	const char *missing[RULE_MAX_EVIDENCE]; /* conditions not met */
	size_t missing_count;
	/* Templates filled in and `when` applied; */
	const char *title, *cause;
	const char *suspect_name, *suspect_why;
	struct rule_action *actions;
	size_t action_count;
};

/*
 * Tries every rule. Findings: all that matched, and near misses (all conditions but one, of
 * specific rules with at least three), best first. klog is read again for `log:` conditions
 * (may be NULL: they then do not hold). Returns how many findings were written. A rule that
 * matches and cannot be read further is left out; base's problems tell of it (when_matched).
 */
size_t rule_match(struct rule_base *base, const struct fact_set *facts,
		  struct klog *klog, struct arena *arena, struct finding *ret, size_t max);

/* Tries one rule and tells of every condition, met or not (for `rules explain`). */
void rule_explain(struct rule_base *base, size_t i, const struct fact_set *facts,
		  struct klog *klog, struct arena *arena, struct finding *ret);

/* rule/version.c: a < b, as the distro orders kernel releases: negative, 0, positive. */
int rule_version_cmp(enum distro distro, const char *a, const char *b);

#endif
