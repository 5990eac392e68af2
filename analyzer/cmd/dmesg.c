// SPDX-License-Identifier: GPL-2.0-or-later
//
// `kdump-verdict dmesg VMCORE`: the kernel log of a dump, as vmcore-dmesg prints it.
#include <stdio.h>
#include <string.h>

#include "cmd/cmd.h"

static void help(void)
{
	puts("usage: kdump-verdict dmesg VMCORE [PART...]\n"
	     "\n"
	     "Prints the kernel log that VMCORE holds, byte for byte as vmcore-dmesg prints it.\n"
	     "VMCORE may be a crash directory, and further PARTs of a --split dump may follow.");
}

static int print_log(struct core *core, const char *name)
{
	struct err err = {{0}};
	enum status st = klog_print(core, stdout, &err);

	if (!st && fflush(stdout))
		st = err_set(&err, STATUS_BROKEN, "cannot write the log to standard output");
	/* a text without a failure: the log was printed, but it is not whole */
	if (st || err.text[0])
		cmd_complain("%s: %s", name, err.text);
	return st ? EXIT_FAILED : EXIT_DONE;
}

int cmd_dmesg(int argc, char **argv)
{
	struct source source;
	struct core *core;
	int ret;

	if (argc > 1 && (!strcmp(argv[1], "-h") || !strcmp(argv[1], "--help"))) {
		help();
		return EXIT_DONE;
	}
	if (argc < 2 || argv[1][0] == '-') {
		cmd_complain("dmesg: give one VMCORE (try kdump-verdict dmesg --help)");
		return EXIT_USAGE;
	}
	core = source_open_dump(&source, argv + 1, (size_t)argc - 1);
	ret = core ? print_log(core, argv[1]) : EXIT_FAILED;
	source_done(&source);
	return ret;
}
