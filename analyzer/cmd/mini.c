// SPDX-License-Identifier: GPL-2.0-or-later
//
// `kdump-verdict mini VMCORE OUT`: runs the analysis while core/ notes which pages it touches,
// and writes these as a dump of their own.
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/mini.h"

#include "cmd/cmd.h"

static void help(void)
{
	puts("usage: kdump-verdict mini VMCORE OUT\n"
	     "\n"
	     "Writes OUT, a small kdump-compressed dump that holds just the pages an analysis of\n"
	     "VMCORE reads, and gives the same verdict. Note that the kernel log is among them.");
}

/* An analysis reads a few thousand pages at most. */
enum { MINI_MAX_PAGES = 1 << 20 };

/* Everything an analysis reads, and what `dmesg` reads besides. */
static enum status read_all(struct core *core, struct err *err)
{
	struct fact_kernel fk;
	struct fact_set facts;
	struct klog *klog;
	enum status st = klog_open_core(&klog, core, err);

	if (st)
		return st;
	fact_init(&facts);
	fact_from_log(&facts, klog);
	cmd_facts_of_memory(&facts, &fk, core, NULL);
	fact_kernel_close(&fk);
	fact_done(&facts);
	klog_free(klog);
	return STATUS_FOUND;
}

static enum status write_out(struct core *core, struct page_set *pages, const char *path,
			     struct err *err)
{
	enum status st;
	int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

	if (fd < 0)
		return err_set(err, STATUS_BROKEN, "cannot create: %s", strerror(errno));
	st = core_write_mini(core, pages, fd, err);
	if (close(fd) && !st)
		st = err_set(err, STATUS_BROKEN, "cannot write: %s", strerror(errno));
	if (st)
		(void)unlink(path);
	return st;
}

static int mini(struct core *core, const char *name, const char *out)
{
	struct page_set pages;
	struct stat info;
	struct err err;
	enum status st;

	page_set_init(&pages, MINI_MAX_PAGES);
	core_observe(core, page_set_seen, &pages);
	st = read_all(core, &err);
	if (st) {
		cmd_complain("%s: %s", name, err.text);
		return EXIT_FAILED;
	}
	st = write_out(core, &pages, out, &err);
	if (st) {
		cmd_complain("%s: %s", out, err.text);
		return EXIT_FAILED;
	}
	if (!stat(out, &info))
		printf("%s: %zu pages in %lld KiB\n", out, pages.count,
		       (long long)(info.st_size + 1023) / 1024);
	page_set_done(&pages);
	core_close(core);
	return EXIT_DONE;
}

int cmd_mini(int argc, char **argv)
{
	struct source source;
	struct core *core;
	int ret;

	if (argc > 1 && (!strcmp(argv[1], "-h") || !strcmp(argv[1], "--help"))) {
		help();
		return EXIT_DONE;
	}
	if (argc != 3) {
		cmd_complain("mini: give a VMCORE and the file to write (try kdump-verdict mini --help)");
		return EXIT_USAGE;
	}
	core = source_open_dump(&source, argv + 1, 1);
	ret = core ? mini(core, argv[1], argv[2]) : EXIT_FAILED;
	source_done(&source);
	return ret;
}
