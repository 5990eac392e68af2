// SPDX-License-Identifier: GPL-2.0-or-later
//
// kdump-verdict: the table of its commands.
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cmd/cmd.h"

static const struct command {
	const char *name;
	int (*run)(int argc, char **argv);
	const char *what;
} commands[] = {
	{"analyze", cmd_analyze, "SOURCE...        why the kernel crashed: verdict beside SOURCE"},
	{"facts", cmd_facts, "VMCORE [PART]    modules, CPUs, traces, tasks, memory ... of a dump"},
	{"dmesg", cmd_dmesg, "VMCORE           the kernel log, as vmcore-dmesg prints it"},
	{"rules", cmd_rules, "check|list|show|explain ...  the rule author's workbench"},
	{"mini", cmd_mini, "VMCORE OUT       a small dump that gives the same verdict"},
	{"last", cmd_last, "[DIR...]         the crashes that are stored here, newest first"},
	{"doctor", cmd_doctor, "                 whether the next crash will be dumped and judged"},
	{"notify", cmd_notify, "                 tell of new crashes in journal and motd, at boot"},
};

static void help(FILE *out)
{
	fputs("usage: kdump-verdict COMMAND ...\n"
	      "       kdump-verdict SOURCE          short for kdump-verdict analyze SOURCE\n"
	      "\n"
	      "Says why a Linux kernel crashed, from its vmcore or its log, without debuginfo.\n"
	      "\n", out);
	for (size_t i = 0; i < ARRAY_SIZE(commands); i++)
		fprintf(out, "  %-8s %s\n", commands[i].name, commands[i].what);
	fputs("\nkdump-verdict COMMAND --help tells more; the manual is kdump-verdict(8).\n", out);
}

static const struct command *find(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(commands); i++)
		if (!strcmp(commands[i].name, name))
			return &commands[i];
	return NULL;
}

int main(int argc, char **argv)
{
	const struct command *command;

	if (argc < 2) {
		help(stderr);
		return EXIT_USAGE;
	}
	if (!strcmp(argv[1], "-h") || !strcmp(argv[1], "--help") || !strcmp(argv[1], "help")) {
		help(stdout);
		return EXIT_DONE;
	}
	if (!strcmp(argv[1], "-V") || !strcmp(argv[1], "--version")) {
		puts("kdump-verdict " KDV_VERSION);
		return EXIT_DONE;
	}
	command = find(argv[1]);
	if (command)
		return command->run(argc - 1, argv + 1);
	/* An option or a file where a command is wanted: the one obvious command. */
	if (argv[1][0] == '-' || !access(argv[1], F_OK))
		return cmd_analyze(argc, argv);
	cmd_complain("no command and no file is called %s (try kdump-verdict --help)", argv[1]);
	return EXIT_USAGE;
}
