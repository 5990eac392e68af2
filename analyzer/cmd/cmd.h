// SPDX-License-Identifier: GPL-2.0-or-later
//
// cmd: what did the user ask? One file per command; main.c is their table. Only this room and
// main.c speak to the user, in one line: "kdump-verdict: FILE: what: why".
#ifndef KDV_CMD_CMD_H
#define KDV_CMD_CMD_H

#include "core/core.h"
#include "fact/fact.h"
#include "kernel/kernel.h"
#include "rule/rule.h"

enum { EXIT_DONE = 0, EXIT_FAILED = 1, EXIT_USAGE = 2 };

/* Each command gets its own name as argv[0] and gives back the exit status. */
int cmd_analyze(int argc, char **argv);
int cmd_dmesg(int argc, char **argv);
int cmd_doctor(int argc, char **argv);
int cmd_facts(int argc, char **argv);
int cmd_last(int argc, char **argv);
int cmd_mini(int argc, char **argv);
int cmd_notify(int argc, char **argv);
int cmd_rules(int argc, char **argv);

/* Text of a dump, a log or a rule on stdout, made harmless for a terminal. */
void cmd_print(const char *text);
/* "kdump-verdict: ..." and a newline on stderr, likewise harmless. */
void cmd_complain(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* ---- cmd/source.c: what the user named ---- */

enum { SOURCE_MAX_FILES = 64 };

enum source_kind { SOURCE_DUMP, SOURCE_LOG };

struct source {
	enum source_kind kind;
	char *name;			/* as the user gave it */
	char *files[SOURCE_MAX_FILES];	/* more than one: a --split set */
	size_t file_count;
	char *dir;			/* where a verdict belongs; NULL: nowhere */
	char *log;			/* text log beside a dump, to fall back on; NULL: none */
};

/* name: a dump, a log, "-", or a crash directory. Free with source_done(), also on failure. */
enum status source_find(struct source *ret, const char *name, struct err *err);
void source_done(struct source *source);

/*
 * For commands that take one dump: finds and opens it; on failure says why and gives back NULL.
 * names: the dump, or the count parts of a --split one. source is to be ended by the caller in
 * both cases.
 */
struct core *source_open_dump(struct source *source, char *const *names, size_t count);

/* Adds the further parts of a --split dump. */
void source_add_parts(struct source *source, char *const *names, size_t count);

/* ---- cmd/facts.c: from a source to facts ---- */

/* The rules in force: --rules if any was given, else the shipped and the local directory.
 * Problems are told on stderr once. The caller frees. */
struct rule_base *cmd_rule_base(void);
/* The same with the rules' own tests, for `rules check` and `rules test`. */
struct rule_base *cmd_rule_base_with_tests(void);
/* Adds PATH of a --rules option. */
void cmd_add_rules(const char *path);

/*
 * The facts of a source, in this process. *klog is left open for rules that read it again; the
 * caller ends both (fact_done, klog_free), also on failure (then *klog is NULL).
 */
enum status cmd_facts_of(const char *source, struct fact_set *facts, struct klog **klog,
			 struct err *err);

/* Everything that the memory of a dump tells, after its log. fk is left open. */
void cmd_facts_of_memory(struct fact_set *facts, struct fact_kernel *fk, struct core *core,
			 const struct symbols_files *files);

/* Limits on what opening a dump may cost; from --memory-limit. */
extern struct core_limits cmd_core_limits;

#endif
