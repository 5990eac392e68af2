// SPDX-License-Identifier: GPL-2.0-or-later
//
// `kdump-verdict notify`, which kdump-verdict-notify.service runs at boot: makes the verdict of a new
// crash whole, and tells its one line once, to the journal and to whoever logs in.
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <limits.h>
#include <spawn.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <sys/vfs.h>
#include <sys/wait.h>

#include "write/write.h"

#include "cmd/cmd.h"
#include "cmd/last.h"

/*
 * At most so many crashes are judged and told at one boot, the newest; older ones are old news. With
 * the limits of each analysis that is less than the TimeoutStartSec= of the service.
 */
enum { NOTIFY_MAX = 8 };
#define ANALYSIS_SECONDS "60"
#define ANALYSIS_MIB "512"

/* Bytes in the list of what was told: when it has grown beyond, crashes that are gone leave it. */
enum { TOLD_FULL = 256 * 1024, TOLD_MAX = STORED_MAX * PATH_MAX };

static const char state_dir[] = "/var/lib/kdump-verdict";
/* pam_motd shows what lies there (Linux-PAM 1.3.1); gone with the next boot, as it should be. */
static const char motd_dir[] = "/run/motd.d";
static const char motd_name[] = "50-kdump-verdict";

struct notify {
	const char *root;
	struct buf told;	/* the crashes that were told of, "\nNAME\nNAME\n", see name_of() */
	struct buf motd;
	bool failed;
};

static void help(void)
{
	puts("usage: kdump-verdict notify [OPTION...]\n"
	     "\n"
	     "Tells of each stored crash once: the verdict's one line on standard output and in the\n"
	     "message of the day. A verdict that is missing or unfinished is made first.\n"
	     "kdump-verdict-notify.service runs it at boot.\n"
	     "\n"
	     "      --no-motd   no message of the day\n"
	     "      --clear     end the message of the day; nothing else\n"
	     "      --root DIR  of the system that is mounted at DIR\n"
	     "\n"
	     "exit status: 0 done, 1 something could not be read or written, 2 wrong usage");
}

static void complain(struct notify *n, const char *what, const char *why)
{
	cmd_complain("%s: %s", what, why);
	n->failed = true;
}

/* ---- what was told ---- */

enum { NAME_SIZE = PATH_MAX + 64 };

/*
 * The directory; with the time where there is just a verdict, for in KDUMP_COREDIR itself the next
 * one takes its place.
 */
static const char *name_of(const struct stored *crash, char ret[NAME_SIZE])
{
	snprintf(ret, NAME_SIZE, "%s%s%s\n", crash->dir, crash->has_source ? "" : " ",
		 crash->has_source ? "" : crash->time);
	return ret;
}

static bool is_told(const struct notify *n, const struct stored *crash)
{
	char line[NAME_SIZE + 1] = "\n";

	name_of(crash, line + 1);
	return n->told.data && strstr(n->told.data, line);
}

static void read_told(struct notify *n)
{
	char path[PATH_MAX], part[4096];
	_cleanup_fclose_ FILE *in = NULL;
	size_t len;

	buf_init(&n->told, TOLD_MAX);
	buf_str(&n->told, "\n");
	snprintf(path, sizeof(path), "%s%s/told", n->root, state_dir);
	in = fopen(path, "re");
	while (in && (len = fread(part, 1, sizeof(part), in)))
		buf_add(&n->told, part, len);
}

/* dir and those above it that are missing. */
static bool make_dir(const char *dir)
{
	char path[PATH_MAX];

	if ((size_t)snprintf(path, sizeof(path), "%s", dir) >= sizeof(path))
		return false;
	for (char *p = strchr(path + 1, '/'); p; p = strchr(p + 1, '/')) {
		*p = '\0';
		(void)mkdir(path, 0755); /* the last one tells */
		*p = '/';
	}
	return !mkdir(path, 0755) || errno == EEXIST;
}

/* Also those that are not to be seen now, as on a share that is not mounted. */
static void write_told(struct notify *n, const struct stored_list *list)
{
	char dir[PATH_MAX], name[NAME_SIZE];
	struct buf told;
	struct err err;

	buf_init(&told, TOLD_MAX);
	if (n->told.len > 1 && n->told.len < TOLD_FULL)
		buf_add(&told, n->told.data + 1, n->told.len - 1);
	for (size_t i = 0; i < list->count; i++)
		if (n->told.len >= TOLD_FULL || !is_told(n, &list->crashes[i]))
			buf_str(&told, name_of(&list->crashes[i], name));
	snprintf(dir, sizeof(dir), "%s%s", n->root, state_dir);
	if (!make_dir(dir))
		complain(n, dir, strerror(errno));
	else if (write_file(dir, "told", told.data ? told.data : "", told.len, &err))
		complain(n, dir, err.text);
	buf_done(&told);
}

/* ---- which crashes ---- */

static bool is_on_nfs(const char *dir)
{
	enum { NFS_SUPER_MAGIC = 0x6969 };
	struct statfs fs;

	return !statfs(dir, &fs) && fs.f_type == NFS_SUPER_MAGIC;
}

/* On a share lie the crashes of other machines too; there the verdict must name this one. */
static bool is_of_this_machine(const struct stored *crash)
{
	struct utsname uts;

	if (!is_on_nfs(crash->dir))
		return true;
	return crash->node && !uname(&uts) && !strcmp(crash->node, uts.nodename);
}

/* Where others can write, there is nothing to read as root, and nobody to believe. */
static bool is_news(const struct notify *n, const struct stored *crash)
{
	return crash->is_roots && !is_told(n, crash) && is_of_this_machine(crash);
}

/* ---- the analysis ---- */

/* In a process of its own, whose report on standard output nobody needs. */
static void analyze(const struct stored *crash)
{
	char status[16];
	char *argv[12] = {"kdump-verdict", "analyze", "--deadline", ANALYSIS_SECONDS,
			  "--memory-limit", ANALYSIS_MIB};
	size_t argc = 6;
	posix_spawn_file_actions_t actions;
	pid_t pid;

	if (crash->dump_status >= 0) {
		snprintf(status, sizeof(status), "%d", crash->dump_status);
		argv[argc++] = "--dump-status";
		argv[argc++] = status;
	}
	argv[argc++] = crash->dir;
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
	if (!posix_spawn(&pid, "/proc/self/exe", &actions, NULL, argv, environ))
		while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
			;
	posix_spawn_file_actions_destroy(&actions);
}

/* What it complains of is told on standard error; the crash is told of in any case. */
static void complete(struct stored *crash)
{
	struct stored again;

	if (crash->state == STORED_JUDGED || !crash->has_source)
		return;
	analyze(crash);
	if (!stored_read(&again, crash->dir))
		return;
	stored_done(crash);
	*crash = again;
}

/* ---- telling ---- */

static void add_news(struct buf *b, const struct stored *crash)
{
	buf_str(b, "Kernel crash");
	if (crash->node) {
		buf_str(b, " of ");
		write_clean(b, crash->node);
	}
	buf_str(b, " at ");
	write_clean(b, crash->time);
	buf_str(b, ": ");
	write_clean(b, crash->summary ? crash->summary : "no verdict could be made.");
	if (crash->state == STORED_UNJUDGED)
		buf_str(b, " See ");
	else
		buf_str(b, crash->has_source ? " Verdict: " : " No dump is here, but the verdict: ");
	write_clean(b, crash->dir);
	buf_str(b, crash->state == STORED_UNJUDGED ? "\n" : "/vmcore-verdict.txt\n");
}

static void tell(struct notify *n, const struct stored *crash)
{
	struct buf line;

	buf_init(&line, 16384);
	add_news(&line, crash);
	if (line.data) {
		fputs(line.data, stdout);
		buf_str(&n->motd, line.data);
	}
	buf_done(&line);
	fflush(stdout);
}

static void motd_path(const struct notify *n, char ret[PATH_MAX])
{
	snprintf(ret, PATH_MAX, "%s%s/%s", n->root, motd_dir, motd_name);
}

/* For all to read, unlike the verdict: it is one line without addresses. */
static void write_motd(struct notify *n)
{
	char dir[PATH_MAX], path[PATH_MAX];
	struct err err;

	buf_str(&n->motd, "(kdump-verdict notify --clear ends this message.)\n");
	snprintf(dir, sizeof(dir), "%s%s", n->root, motd_dir);
	motd_path(n, path);
	if (!make_dir(dir))
		complain(n, dir, strerror(errno));
	else if (write_file(dir, motd_name, n->motd.data, n->motd.len, &err))
		complain(n, dir, err.text);
	else if (chmod(path, 0644))
		complain(n, path, strerror(errno));
}

static void clear_motd(struct notify *n)
{
	char path[PATH_MAX];

	motd_path(n, path);
	if (unlink(path) && errno != ENOENT)
		complain(n, path, strerror(errno));
}

static void notify(struct notify *n, bool motd)
{
	struct stored_list list;
	struct places places;
	size_t news = 0;

	places_find(&places, n->root);
	stored_find(&list, places.dirs, places.count, false);
	read_told(n);
	buf_init(&n->motd, 256 * 1024);
	for (size_t i = 0; i < list.count && news < NOTIFY_MAX; i++) {
		if (!is_news(n, &list.crashes[i]))
			continue;
		complete(&list.crashes[i]);
		tell(n, &list.crashes[i]);
		news++;
	}
	if (news && motd)
		write_motd(n);
	write_told(n, &list);
	n->failed |= list.failed;
	buf_done(&n->motd);
	buf_done(&n->told);
	stored_list_done(&list);
	places_done(&places);
}

int cmd_notify(int argc, char **argv)
{
	enum { OPT_NO_MOTD = 256, OPT_CLEAR, OPT_ROOT };
	static const struct option longs[] = {
		{"no-motd", no_argument, NULL, OPT_NO_MOTD},
		{"clear", no_argument, NULL, OPT_CLEAR},
		{"root", required_argument, NULL, OPT_ROOT},
		{"help", no_argument, NULL, 'h'},
		{0},
	};
	struct notify n = {.root = ""};
	bool motd = true, clear = false;
	int opt;

	while ((opt = getopt_long(argc, argv, "h", longs, NULL)) != -1) {
		switch (opt) {
		case OPT_NO_MOTD:
			motd = false;
			break;
		case OPT_CLEAR:
			clear = true;
			break;
		case OPT_ROOT:
			n.root = optarg;
			break;
		case 'h':
			help();
			return EXIT_DONE;
		default:
			return EXIT_USAGE;
		}
	}
	if (optind < argc) {
		cmd_complain("notify: takes no argument (try kdump-verdict notify --help)");
		return EXIT_USAGE;
	}
	if (clear)
		clear_motd(&n);
	else
		notify(&n, motd);
	return n.failed ? EXIT_FAILED : EXIT_DONE;
}
