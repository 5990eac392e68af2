// SPDX-License-Identifier: GPL-2.0-or-later
//
// What the user named: a dump, the parts of one, a log, or the directory of a crash.
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <libgen.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cmd/cmd.h"

/*
 * Names under which kdump environments leave a dump and its log, best first. Sources: kdump.sh
 * of kexec-tools and kdump-utils, SUSE's kdump-save, Debian's kdump-config, kdumpst.
 */
static const char *const dump_names[] = {"vmcore", "vmcore.flat", "vmcore.[0-9]*",
					 "dump.[0-9]*", "vmcore.compressed", "vmcore.kdump",
					 "vmcore-incomplete", "dump-incomplete"};
static const char *const log_names[] = {"vmcore-dmesg.txt", "vmcore-dmesg.txt.gz",
					"dmesg.[0-9]*", "dmesg.txt", "dmesg",
					"vmcore-dmesg-incomplete.txt"};
/* --split writes the parts that its caller names; SUSE calls them vmcore1, vmcore2, ... */
static const char part_pattern[] = "vmcore[0-9]*";

void source_done(struct source *source)
{
	free(source->name);
	for (size_t i = 0; i < source->file_count; i++)
		free(source->files[i]);
	free(source->dir);
	free(source->log);
	memset(source, 0, sizeof(*source));
}

static char *join(const char *dir, const char *name)
{
	char *path;

	return asprintf(&path, "%s/%s", dir, name) < 0 ? NULL : path;
}

static int is_candidate(const struct dirent *entry)
{
	return entry->d_name[0] != '.' && entry->d_type != DT_DIR &&
	       fnmatch("vmcore-verdict.*", entry->d_name, 0);
}

struct listing {
	struct dirent **entries;
	int count;
};

static void listing_done(struct listing *l)
{
	for (int i = 0; i < l->count; i++)
		free(l->entries[i]);
	free(l->entries);
}

/* The path of the first entry that fits the first fitting pattern; NULL: none. */
static char *first_of(const char *dir, const struct listing *l, const char *const *patterns,
		      size_t pattern_count)
{
	for (size_t p = 0; p < pattern_count; p++)
		for (int i = 0; i < l->count; i++)
			if (!fnmatch(patterns[p], l->entries[i]->d_name, 0))
				return join(dir, l->entries[i]->d_name);
	return NULL;
}

static void take_parts(struct source *s, const struct listing *l)
{
	for (int i = 0; i < l->count && s->file_count < SOURCE_MAX_FILES; i++)
		if (!fnmatch(part_pattern, l->entries[i]->d_name, 0))
			s->files[s->file_count++] = join(s->dir, l->entries[i]->d_name);
}

static enum status find_in_directory(struct source *s, struct err *err)
{
	_cleanup_(listing_done) struct listing l = {0};
	char *dump;

	s->dir = strdup(s->name);
	l.count = scandir(s->name, &l.entries, is_candidate, alphasort);
	if (l.count < 0) {
		l.count = 0;
		return err_set(err, STATUS_BROKEN, "cannot list: %s", strerror(errno));
	}
	s->log = first_of(s->name, &l, log_names, ARRAY_SIZE(log_names));
	dump = first_of(s->name, &l, dump_names, ARRAY_SIZE(dump_names));
	if (dump)
		s->files[s->file_count++] = dump;
	else
		take_parts(s, &l);
	if (s->file_count) {
		s->kind = SOURCE_DUMP;
		return STATUS_FOUND;
	}
	if (!s->log)
		return err_set(err, STATUS_ABSENT,
			       "no dump and no log in this directory (looked for vmcore, vmcore.flat, dump.*, vmcore-dmesg.txt, dmesg.*, dmesg): name the file itself");
	s->kind = SOURCE_LOG;
	s->files[s->file_count++] = strdup(s->log);
	return STATUS_FOUND;
}

/* The text log that kdump left beside a dump. */
static char *log_beside(const char *dir)
{
	_cleanup_(listing_done) struct listing l = {0};

	l.count = scandir(dir, &l.entries, is_candidate, alphasort);
	if (l.count < 0) {
		l.count = 0;
		return NULL;
	}
	return first_of(dir, &l, log_names, ARRAY_SIZE(log_names));
}

static char *directory_of(const char *file)
{
	_cleanup_free_ char *copy = strdup(file);

	return copy ? strdup(dirname(copy)) : NULL;
}

static enum status find_file(struct source *s, struct err *err)
{
	_cleanup_close_ int fd = open(s->name, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct stat st;

	if (fd < 0 || fstat(fd, &st))
		return err_set(err, errno == ENOENT ? STATUS_ABSENT : STATUS_BROKEN,
			       "cannot open: %s", strerror(errno));
	if (S_ISDIR(st.st_mode))
		return find_in_directory(s, err);
	s->files[s->file_count++] = strdup(s->name);
	s->kind = core_is_dump(fd) ? SOURCE_DUMP : SOURCE_LOG;
	/* The capture kernel's own view of memory: nothing can be written beside it. */
	if (!strncmp(s->name, "/proc/", 6) || !S_ISREG(st.st_mode))
		return STATUS_FOUND;
	s->dir = directory_of(s->name);
	if (s->kind == SOURCE_DUMP && s->dir)
		s->log = log_beside(s->dir);
	return STATUS_FOUND;
}

enum status source_find(struct source *ret, const char *name, struct err *err)
{
	memset(ret, 0, sizeof(*ret));
	ret->name = strdup(name);
	if (!ret->name)
		return err_set(err, STATUS_BROKEN, "out of memory");
	if (!strcmp(name, "-")) {
		ret->kind = SOURCE_LOG;
		ret->files[ret->file_count++] = strdup(name);
		return STATUS_FOUND;
	}
	return find_file(ret, err);
}

void source_add_parts(struct source *source, char *const *names, size_t count)
{
	for (size_t i = 0; i < count && source->file_count < SOURCE_MAX_FILES; i++)
		source->files[source->file_count++] = strdup(names[i]);
}

struct core *source_open_dump(struct source *source, char *const *names, size_t count)
{
	struct core *core = NULL;
	struct err err;
	enum status st = source_find(source, names[0], &err);

	if (!st && source->kind != SOURCE_DUMP)
		st = err_set(&err, STATUS_BROKEN,
			     "not a dump: neither ELF, kdump-compressed nor flattened");
	source_add_parts(source, names + 1, count - 1);
	if (!st)
		st = core_open(&core, (const char *const *)source->files, source->file_count,
			       &cmd_core_limits, &err);
	if (st)
		cmd_complain("%s: %s", names[0], err.text);
	return st ? NULL : core;
}
