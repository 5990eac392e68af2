// SPDX-License-Identifier: GPL-2.0-or-later
//
// `kdump-verdict rules`: the rule author's workbench. Checks rule files, lists and shows
// rules, and explains why a rule matches a source or does not.
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"

#include "cmd/rules.h"

static void help(void)
{
	puts("usage: kdump-verdict rules [--rules PATH]... COMMAND\n"
	     "\n"
	     "  check [PATH...]    what is wrong with rule files; exit status 1 if anything "
	     "is\n"
	     "  list               the rules in force: id, category, title\n"
	     "  show ID            one rule as its file has it\n"
	     "  test [PATH...]     each rule against its own test and those of the others; "
	     "status 1\n"
	     "                     if one fails\n"
	     "  log ID [near]      the log of a rule's test, or of its near miss\n"
	     "  new SOURCE         a rule to begin with, from the crash of SOURCE\n"
	     "  explain ID SOURCE  each condition of a rule, met by SOURCE or not, and why\n"
	     "\n"
	     "      --rules PATH   this rule file or directory instead of the installed ones\n"
	     "\n"
	     "SOURCE is a vmcore, a crash directory, a log, or - for standard input. The "
	     "language of\n"
	     "rules is described in kdump-verdict-rules(5).");
}

static int usage(const char *why)
{
	cmd_complain("rules: %s (try kdump-verdict rules --help)", why);
	return EXIT_USAGE;
}

/* ---- check ---- */

static size_t print_problems(const struct rule_base *base, size_t from)
{
	size_t count;
	const struct rule_problem *p = rule_base_problems(base, &count);

	for (size_t i = from; i < count; i++) {
		cmd_print(p[i].file);
		if (p[i].line)
			printf(":%u:%u", p[i].line, p[i].column);
		printf(": ");
		cmd_print(p[i].why);
		putchar('\n');
	}
	return count;
}

/* Loads what was named; false after a path that cannot be read, which was told. */
static bool load_paths(struct rule_base *base, char **paths)
{
	bool all = true;
	struct err err;

	for (; *paths; paths++)
		if (rule_base_load(base, *paths, &err)) {
			cmd_complain("%s: %s", *paths, err.text);
			all = false;
		}
	return all;
}

static int check(char **paths)
{
	struct rule_base *base = *paths ? rule_base_new() : cmd_rule_base_with_tests();
	size_t told = 0, count;
	bool all;

	if (!base)
		return EXIT_FAILED;
	rule_base_want_tests(base);
	if (!*paths)
		rule_base_problems(base, &told); // cmd_rule_base() told these
	all = load_paths(base, paths);
	rule_base_check(base);
	count = print_problems(base, told);
	printf("%zu rules, %zu problem%s\n", rule_base_count(base), count,
	       count == 1 ? "" : "s");
	rule_base_free(base);
	return all && !count ? EXIT_DONE : EXIT_FAILED;
}

/* ---- list, show ---- */

static int list(void)
{
	struct rule_base *base = cmd_rule_base();

	if (!base)
		return EXIT_FAILED;
	for (size_t i = 0; i < rule_base_count(base); i++) {
		const struct rule_info *info = rule_base_at(base, i);

		printf("%-40s %-18s ", info->id, info->category);
		cmd_print(info->title);
		putchar('\n');
	}
	rule_base_free(base);
	return EXIT_DONE;
}

const struct rule_info *cmd_rules_find(const struct rule_base *base, const char *id,
				       size_t *ret_index)
{
	for (size_t i = 0; i < rule_base_count(base); i++) {
		const struct rule_info *info = rule_base_at(base, i);

		if (strcmp(info->id, id))
			continue;
		*ret_index = i;
		return info;
	}
	cmd_complain("rules: no rule is called %s (kdump-verdict rules list shows them)", id);
	return NULL;
}

/* The column in which a list item's '-' stands; -1: the line begins none. */
static int item_column(const char *line)
{
	int column = (int)strspn(line, " ");

	return line[column] == '-' && line[column + 1] == ' ' ? column : -1;
}

static int print_rule(const struct rule_info *info)
{
	_cleanup_fclose_ FILE *file = fopen(info->file, "re");
	_cleanup_free_ char *line = NULL;
	size_t cap = 0;
	int column = -1;

	if (!file) {
		cmd_complain("%s: cannot read the file again: %m", info->file);
		return EXIT_FAILED;
	}
	printf("# %s line %u\n", info->file, info->line);
	for (unsigned n = 1; getline(&line, &cap, file) >= 0; n++) {
		if (n < info->line)
			continue;
		if (n == info->line)
			column = item_column(line);
		else if (item_column(line) == column || (*line == '#' && column == 0))
			break;
		fputs(line, stdout);
	}
	return EXIT_DONE;
}

static int show(const char *id)
{
	struct rule_base *base = cmd_rule_base();
	const struct rule_info *info = base ? cmd_rules_find(base, id, &(size_t){0}) : NULL;
	int ret = info ? print_rule(info) : EXIT_FAILED;

	rule_base_free(base);
	return ret;
}

/* ---- explain ---- */

static void print_finding(const struct finding *f)
{
	for (size_t i = 0; i < f->evidence_count; i++) {
		const struct evidence *e = &f->evidence[i];

		printf("met      ");
		cmd_print(e->condition);
		if (e->log_line)
			printf("\n         line %u: ", e->log_line);
		else if (e->text)
			printf("\n         ");
		cmd_print(e->text ? e->text : "");
		putchar('\n');
	}
	for (size_t i = 0; i < f->missing_count; i++) {
		printf("not met  ");
		cmd_print(f->missing[i]);
		putchar('\n');
	}
	if (!f->matched) {
		puts("\nThe rule does not match.");
		return;
	}
	printf("\nThe rule matches: affected %s, confidence %s, score %u.\n",
	       affected_name(f->affected), confidence_name(f->confidence), f->score);
	if (f->affected_why) {
		cmd_print(f->affected_why);
		putchar('\n');
	}
}

static int explain_source(struct rule_base *base, size_t index, const char *source)
{
	struct fact_set facts;
	struct klog *klog;
	struct finding finding;
	struct err err;
	int ret = EXIT_FAILED;

	if (cmd_facts_of(source, &facts, &klog, &err)) {
		cmd_complain("%s: %s", source, err.text);
	} else {
		rule_explain(base, index, &facts, klog, &facts.arena, &finding);
		print_finding(&finding);
		ret = EXIT_DONE;
	}
	klog_free(klog);
	fact_done(&facts);
	return ret;
}

static int explain(const char *id, const char *source)
{
	struct rule_base *base = cmd_rule_base();
	size_t index;
	int ret = EXIT_FAILED;

	if (base && cmd_rules_find(base, id, &index))
		ret = explain_source(base, index, source);
	rule_base_free(base);
	return ret;
}

int cmd_rules(int argc, char **argv)
{
	static const struct option options[] = {{"rules", required_argument, NULL, 'r'},
						{"help", no_argument, NULL, 'h'},
						{0}};
	int option;

	opterr = 0;
	while ((option = getopt_long(argc, argv, ":h", options, NULL)) != -1) {
		if (option == 'h') {
			help();
			return EXIT_DONE;
		}
		if (option != 'r')
			return usage(option == ':' ? "an option wants an argument"
						   : "no such option");
		cmd_add_rules(optarg);
	}
	argc -= optind;
	argv += optind;
	if (argc >= 1 && !strcmp(argv[0], "check"))
		return check(argv + 1);
	if (argc >= 1 && !strcmp(argv[0], "test"))
		return cmd_rules_test(argv + 1);
	if (argc == 2 && !strcmp(argv[0], "new"))
		return cmd_rules_new(argv[1]);
	if (argc == 2 && !strcmp(argv[0], "log"))
		return cmd_rules_log(argv[1], false);
	if (argc == 3 && !strcmp(argv[0], "log") && !strcmp(argv[2], "near"))
		return cmd_rules_log(argv[1], true);
	if (argc == 1 && !strcmp(argv[0], "list"))
		return list();
	if (argc == 2 && !strcmp(argv[0], "show"))
		return show(argv[1]);
	if (argc == 3 && !strcmp(argv[0], "explain"))
		return explain(argv[1], argv[2]);
	return usage(argc ? "no such command, or not with these arguments" : "give a command");
}
