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
	     "VMCORE may be a crash directory; further PARTs belong to a --split dump.");
}

static int print_log(const struct source *source)
{
	struct core *core;
	struct err err = {{0}};
	enum status st = core_open(&core, (const char *const *)source->files, source->file_count,
				   &cmd_core_limits, &err);

	if (!st)
		st = klog_print(core, stdout, &err);
	if (!st && fflush(stdout))
		st = err_set(&err, STATUS_BROKEN, "cannot write the log to standard output");
	/* a text without a failure: the log was printed, but it is not whole */
	if (st || err.text[0])
		cmd_complain("%s: %s", source->name, err.text);
	return st ? EXIT_FAILED : EXIT_DONE;
}

int cmd_dmesg(int argc, char **argv)
{
	struct source source;
	struct err err;
	int ret;

	if (argc > 1 && (!strcmp(argv[1], "-h") || !strcmp(argv[1], "--help"))) {
		help();
		return EXIT_DONE;
	}
	if (argc < 2 || argv[1][0] == '-') {
		cmd_complain("dmesg: give one VMCORE (try kdump-verdict dmesg --help)");
		return EXIT_USAGE;
	}
	if (source_find(&source, argv[1], &err)) {
		cmd_complain("%s: %s", argv[1], err.text);
		source_done(&source);
		return EXIT_FAILED;
	}
	for (int i = 2; i < argc && source.file_count < SOURCE_MAX_FILES; i++)
		source.files[source.file_count++] = strdup(argv[i]);
	if (source.kind != SOURCE_DUMP) {
		cmd_complain("%s: not a dump: neither ELF, kdump-compressed nor flattened",
			     argv[1]);
		ret = EXIT_FAILED;
	} else {
		ret = print_log(&source);
	}
	source_done(&source);
	return ret;
}
