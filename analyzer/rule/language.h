// SPDX-License-Identifier: GPL-2.0-or-later
//
// What a rule is once it is loaded, for the files of this room. Everything lives in the base's
// arena; strings end with NUL, lists of strings with NULL.
#ifndef KDV_RULE_LANGUAGE_H
#define KDV_RULE_LANGUAGE_H

#include "rule/rule.h"

#include "rule/version.h"

struct node;
struct pattern;

/* ---- kernel ranges (range.c) ---- */

enum range_op { OP_LT, OP_LE, OP_EQ, OP_NE, OP_GE, OP_GT };

struct bound {
	enum range_op op;
	const char *version;
};

/* Bounds that must all hold: "> 4.19.91-19.1.al7, <= 4.19.91-22.2.al7". */
struct range {
	struct bound *bounds;
	size_t count;
};

enum range_kind { RANGE_NONE, RANGE_ALL, RANGE_BOUNDS };

/* One entry of `kernel:`; tried in order, the first that speaks for the kernel decides. */
struct kernel_entry {
	uint32_t distros;   /* bit per enum distro */
	const char *branch; /* NULL: every release */
	enum range_kind affected;
	struct range *ranges; /* any of them, if affected is RANGE_BOUNDS */
	size_t range_count;
	const char *fixed; /* NULL: not known */
};

/* "< 5.0", or "5.0" for equality; NULL: fine; else what is wrong with it. */
const char *range_parse(struct arena *arena, const char *text, struct range *ret);
/* "> 4.19.91-19.1.al7, <= 4.19.91-22.2.al7" */
const char *range_text(const struct range *range, struct arena *arena);
/* *ret_unsure: the kernel's version is not known well enough; the answer is then false. */
bool range_holds(const struct range *range, const struct kernel_version *kernel,
		 bool *ret_unsure);
/*
 * What the entries say of the crashed kernel; *ret_why (may be NULL for no reason) lives in
 * arena. False: an entry says that this kernel never had the fault, the rule does not match.
 */
bool range_affected(const struct kernel_entry *entries, size_t count,
		    const struct fact_set *facts, struct arena *arena, enum affected *ret,
		    const char **ret_why);
/* The crashed kernel's version; false where the facts name no release. */
bool range_kernel(const struct fact_set *facts, struct kernel_version *ret);

/* ---- patterns (pattern.c) ---- */

/* Shell globs with * and ?, over the whole text. */
bool glob_match(const char *glob, struct slice text);

/* A PCRE2 pattern, compiled when it is first used. source is kept, not copied. */
struct pattern *pattern_new(struct arena *arena, const char *source, unsigned line,
			    unsigned column);
/* Frees what was compiled; *pattern itself belongs to its arena. */
void pattern_done(struct pattern *pattern);
/*
 * Whether it is found in text. A pattern that does not compile, or costs too much on hostile
 * text, does not match.
 */
bool pattern_match(struct pattern *pattern, struct slice text);
const char *pattern_source(const struct pattern *pattern);
/* Compiles it now; false: *ret_why (static or the pattern's) says what is wrong. */
bool pattern_check(struct pattern *pattern, char ret_why[static 160]);
void pattern_place(const struct pattern *pattern, unsigned *ret_line, unsigned *ret_column);

/* ---- conditions (condition.c) ---- */

enum met { NOT_MET, MET, PENDING };

struct loading;
struct condition;
struct log_find;

/* One crash being compared with the rules. */
struct matcher {
	const struct fact_set *facts;
	const struct event *crash;
	struct arena *arena; /* for evidence */
	/* match.c: what the log's lines answered; until it was read, log conditions are
	 * PENDING */
	bool log_known;
	struct log_find *finds;
	size_t find_count, find_cap;
};

/* match.c: notes that the log must be read for c, or says what was found there. */
enum met match_log(struct matcher *m, const struct condition *c, struct evidence *ret);

enum condition_kind {
	CONDITION_FACT,
	CONDITION_LOG,
	CONDITION_ALL,
	CONDITION_ANY,
	CONDITION_NOT
};

/* One row per condition of the language; evaluated in the order of the table, cheap first. */
struct condition_type {
	const char *name;
	enum condition_kind kind;
	/* Reads the value; problems go to load_problem(). */
	void (*parse)(struct loading *l, const struct node *value, struct condition *ret);
	/* NULL for a group: match.c knows how. ret (may be NULL): where and by what it was
	 * met, or, if it was not, what was there instead (text, may stay NULL). */
	enum met (*test)(struct matcher *m, const struct condition *c, struct evidence *ret);
	unsigned weight; /* how much it narrows; for the score */
	const char *doc; /* one line for the manual page */
};

/* A number condition: lo <= (value & mask) <= hi. */
struct number_test {
	uint64_t mask, lo, hi;
};

struct register_test {
	const char *name; /* "any": one of all registers */
	struct number_test *any;
	size_t count;
};

/* "function", "function [module]", "* [module]", each also with "? " in front. */
struct trace_choice {
	const char *function, *module; /* globs; module NULL: not asked */
	bool unreliable_too;
};

struct trace_step {
	struct trace_choice *any;
	size_t count;
};

enum log_where { LOG_ANY, LOG_BEFORE, LOG_CRASH };

struct condition {
	const struct condition_type *type;
	const char *text; /* all of it, for people: "trace: d_delete, vfs_rmdir" */
	size_t count;	  /* of the array below */
	union {
		uint64_t classes; /* bit per enum crash_class */
		const char **globs;
		struct pattern **patterns;
		struct trace_step *steps;
		struct number_test *numbers;
		struct register_test *registers;
		struct range *ranges;
		struct condition *children;
	};
	enum log_where where;
};

/* The conditions of one mapping (`match:`, an item of `any:`), in the table's order. */
struct condition *conditions_parse(struct loading *l, const struct node *map,
				   size_t *ret_count);
/* Calls f for every pattern below. */
void conditions_each_pattern(const struct condition *c, size_t count,
			     void (*f)(struct pattern *, void *), void *data);

/* ---- values of conditions (value.c); each tells of its problem ---- */

void value_classes(struct loading *l, const struct node *value, struct condition *ret);
void value_globs(struct loading *l, const struct node *value, struct condition *ret);
/* Globs of functions: compiler suffixes are taken off. */
void value_functions(struct loading *l, const struct node *value, struct condition *ret);
void value_letters(struct loading *l, const struct node *value, struct condition *ret);
void value_patterns(struct loading *l, const struct node *value, struct condition *ret);
/* A pattern, or {pattern: ..., where: before|crash|any}. */
void value_log(struct loading *l, const struct node *value, struct condition *ret);
void value_numbers(struct loading *l, const struct node *value, struct condition *ret);
void value_registers(struct loading *l, const struct node *value, struct condition *ret);
/* Sysctl names, and what memory was used for in percent: kept as registers are. */
void value_sysctl(struct loading *l, const struct node *value, struct condition *ret);
void value_memory(struct loading *l, const struct node *value, struct condition *ret);
void value_trace(struct loading *l, const struct node *value, struct condition *ret);
/* Version comparisons, and those of whole seconds. */
void value_ranges(struct loading *l, const struct node *value, struct condition *ret);
void value_seconds(struct loading *l, const struct node *value, struct condition *ret);
void value_rip(struct loading *l, const struct node *value, struct condition *ret);

/*
 * What a name of `memory:` stands for, in percent of all memory (swap_free: of all swap). False:
 * no such name, or it is not known. memory NULL: only whether there is such a name.
 */
bool rule_memory_share(const struct memory *memory, const char *name, uint64_t *ret);

bool number_holds(const struct number_test *tests, size_t count, uint64_t value);

/* ---- templates (template.c) ---- */

enum template_use { TEMPLATE_TEXT, TEMPLATE_COMMAND };

/* NULL: every template in text is known; else the first that is not, braces left out. */
const char *template_check(const char *text, struct arena *arena);
/*
 * Fills the templates in. For a command a value that is not known, or holds a byte that a
 * shell could take for anything but plain text, gives NULL and its name in *ret_refused.
 */
const char *template_fill(struct arena *arena, const struct fact_set *facts, const char *text,
			  enum template_use use, const char **ret_refused);

/* ---- a rule ---- */

struct action {
	const char *text;
	const char **commands;	   /* never NULL */
	uint32_t when_distros;	   /* 0: any */
	struct range when_release; /* count 0: any */
};

struct rule {
	struct rule_info info;
	const struct rule_test *test; /* NULL: none, or the base was loaded without tests */
	bool is_complete;	      /* what is LOAD_TO_TELL was read */
	bool is_broken;		      /* reading that failed, which was told */
	struct condition *conditions;
	size_t condition_count;
	struct kernel_entry *kernel;
	size_t kernel_count;
	struct action *actions;
	size_t action_count;
	const char **supersedes; /* globs of ids */
	uint32_t id_hash;
	unsigned load; /* which rule_base_load() brought it */
};

const struct rule *rule_base_rule(const struct rule_base *base, size_t i);
/* Whether rule_base_want_tests() was called. */
bool rule_base_has_tests(const struct rule_base *base);

/* ---- loading (load.c, node.c, rule.c) ---- */

enum {
	RULE_MAX_FILE = 8 << 20, /* bytes of one rule file */
	RULE_MAX_TEXT = 8 << 10, /* bytes of one value */
	RULE_MAX_DEPTH = 12,	 /* lists and mappings within each other */
	RULE_MAX_NODES = 2000,	 /* values in one rule */
	RULE_MAX_PROBLEMS = 100, /* told of one base */
	RULE_MAX_RULES = 20000,
};

struct loading {
	struct rule_base *base;
	struct arena *arena; /* the base's */
	const char *file;
	unsigned lines_before; /* of the file, in front of the text being read */
	bool failed; /* the rule being read has a problem */
	unsigned wanted; /* of enum load_use */
	struct rule *completing; /* for rule_complete(): NULL else */
};

/* What a key of a rule is for: the fewer keys are read, the sooner a crash is judged. */
enum load_use {
	LOAD_REQUIRED = 1,
	/* None of these: read in any case. */
	LOAD_TO_MATCH = 2,
	LOAD_TO_TELL = 4,  /* read when the rule has matched */
	LOAD_TO_CHECK = 8, /* for `rules check` and `rules test` only */
	LOAD_ALL = LOAD_TO_MATCH | LOAD_TO_TELL | LOAD_TO_CHECK,
};

/* A key of a mapping, and the reader of its value. */
struct load_key {
	struct rule_key key;
	unsigned use; /* of enum load_use */
	void (*parse)(struct loading *l, const struct node *value, void *ret);
};

/* Whether a line of a rule file begins a key of a rule that is not wanted now. */
bool load_skips(const struct loading *l, struct slice line);

/* Reads a mapping into *ret by its keys; what stands in problems as "what has no 'key'". */
void load_map(struct loading *l, const struct node *map, const struct load_key *keys,
	      size_t count, const char *what, void *ret);

/* Notes a problem at the node (NULL: the file as a whole) and fails the rule being read. */
void load_problem(struct loading *l, const struct node *at, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
void load_problem_at(struct loading *l, unsigned line, unsigned column, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));

/* Helpers for the parsers of values; each tells of its problem and returns NULL. */
const char *load_text(struct loading *l, const struct node *value);
/* One text or a list of texts. */
const char **load_texts(struct loading *l, const struct node *value, size_t *ret_count);
/* "; did you mean ...?" or the whole list, for a name that is not in names (NULL at the end).
 */
const char *load_hint(struct slice wrong, const char *const *names, char *buf, size_t size);
void *load_alloc(struct loading *l, size_t count, size_t size);

/* The `test:` of a rule (load-test.c); NULL after a problem. */
const struct rule_test *load_test(struct loading *l, const struct node *value);

/* Reads one rule of a file and adds it to the base, or tells what is wrong with it. */
void load_rule(struct loading *l, const struct node *node);
/* If it is the rule l->completing, reads what is wanted into that; else does nothing. */
void load_further(struct loading *l, const struct node *node);
/* Adds a copy of the rule or replaces the one of its id; two of one load are a problem at
 * node. */
void rule_base_add(struct loading *l, const struct rule *rule, const struct node *node);
/* The bytes of a rule file, and one more than is allowed at most; the caller frees them. NULL:
 * *ret_why says why. */
char *rule_file_read(const char *path, size_t *ret_len, const char **ret_why);
/*
 * Reads what the rule says (LOAD_TO_TELL), if that was not done yet: its file is read again.
 * False, with a problem told: that failed, and the rule is as good as not there.
 */
bool rule_complete(struct rule_base *base, const struct rule *rule);
/* False: enough problems were told already. */
bool rule_base_problem(struct rule_base *base, const struct rule_problem *problem);

#endif
