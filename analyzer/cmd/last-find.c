// SPDX-License-Identifier: GPL-2.0-or-later
//
// The stored crashes: directories with a dump, a log or a verdict in them. What lies there need not
// be ours: Ubuntu lets every user write to /var/crash.
//
// A verdict without a dump is what a dump over ssh, to a full disk or to nowhere leaves: on Debian in
// KDUMP_COREDIR itself, elsewhere in a directory kdump-verdict-TIME beside the dumps.
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "cmd/judge.h"
#include "cmd/last.h"

enum { DOCUMENT_MAX = 16 * 1024 * 1024 };

static char *copy_of(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text ? strdup(text) : NULL;
}

/* The verdict of the directory; NULL: there is none that can be read. */
static json_t *load_document(int dirfd, struct stat *ret_st)
{
	_cleanup_close_ int fd = openat(dirfd, "vmcore-verdict.json",
					O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);

	if (fd < 0 || fstat(fd, ret_st) || !S_ISREG(ret_st->st_mode) ||
	    ret_st->st_size > DOCUMENT_MAX)
		return NULL;
	return json_loadfd(fd, 0, NULL);
}

/* Whether the analysis was cut short, or read the log where a dump is that it does not speak of. */
static bool is_unfinished(const json_t *document, bool has_dump)
{
	const char *kind = json_string_value(json_object_get(json_object_get(document, "source"), "kind"));
	const json_t *list = json_object_get(document, "degraded");
	bool from_log = kind && !strcmp(kind, "log");
	size_t i;
	json_t *entry;

	json_array_foreach(list, i, entry) {
		const char *part = json_string_value(json_object_get(entry, "part"));
		const char *why = json_string_value(json_object_get(entry, "why"));

		if (why && (!strcmp(why, WHY_NOT_REACHED) ||
			    !strncmp(why, WHY_STOPPED, strlen(WHY_STOPPED))))
			return true;
		if (part && !strcmp(part, "vmcore"))
			from_log = false;
	}
	return from_log && has_dump;
}

/* "(none)": the kernel was never given a name. */
static char *node_of(const json_t *system)
{
	const char *node = json_string_value(json_object_get(system, "node"));

	return node && node[0] != '(' ? strdup(node) : NULL;
}

static void take_document(struct stored *crash, const json_t *document, bool has_dump)
{
	const json_t *system = json_object_get(document, "system");
	const json_t *verdict = json_object_get(document, "verdict");
	const json_t *status = json_object_get(json_object_get(document, "source"), "dump_exit_status");
	const char *when = json_string_value(json_object_get(system, "crash_time"));

	crash->state = is_unfinished(document, has_dump) ? STORED_UNFINISHED : STORED_JUDGED;
	crash->node = node_of(system);
	crash->class = copy_of(json_object_get(document, "crash"), "class");
	crash->summary = copy_of(verdict, "summary");
	crash->known_issue = copy_of(verdict, "known_issue");
	if (json_is_integer(status) && json_integer_value(status) >= 0 && json_integer_value(status) <= 255)
		crash->dump_status = (int)json_integer_value(status);
	if (when && strlen(when) < sizeof(crash->time))
		strcpy(crash->time, when);
}

static void set_time(struct stored *crash, time_t when)
{
	struct tm tm;

	if (gmtime_r(&when, &tm))
		strftime(crash->time, sizeof(crash->time), "%Y-%m-%dT%H:%M:%SZ", &tm);
}

/* The newest of the files; a directory changes again when something is written beside them. */
static time_t time_of_files(const struct source *source, const struct stat *dir)
{
	struct stat st;

	return source->file_count && !stat(source->files[0], &st) ? st.st_mtime : dir->st_mtime;
}

static bool is_roots(const struct stat *st)
{
	return (!st->st_uid || st->st_uid == geteuid()) && !(st->st_mode & 022);
}

/* Where all can write but only root take away, as in Ubuntu's /var/crash, a file of root's is root's. */
static bool is_roots_in(const struct stat *file, const struct stat *dir)
{
	return is_roots(file) && file->st_nlink == 1 &&
	       (is_roots(dir) || (!dir->st_uid && (dir->st_mode & S_ISVTX)));
}

void stored_done(struct stored *crash)
{
	free(crash->dir);
	free(crash->node);
	free(crash->class);
	free(crash->summary);
	free(crash->known_issue);
	memset(crash, 0, sizeof(*crash));
}

/* is_place: see stored_find(). */
static bool read_crash(struct stored *ret, const char *dir, bool is_place)
{
	_cleanup_close_ int fd = open(dir, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	struct stat dir_st, document_st;
	struct source source;
	json_t *document;
	struct err err;

	*ret = (struct stored){.state = STORED_UNJUDGED, .dump_status = -1};
	if (fd < 0 || fstat(fd, &dir_st))
		return false;
	ret->has_source = !source_find(&source, dir, &err);
	document = load_document(fd, &document_st);
	if (document && is_place)
		ret->has_source = false;
	if (ret->has_source || document)
		ret->dir = strdup(dir);
	if (ret->has_source) {
		ret->is_roots = is_roots(&dir_st);
		set_time(ret, time_of_files(&source, &dir_st));
	} else if (document) {
		ret->is_roots = is_roots_in(&document_st, &dir_st);
		set_time(ret, document_st.st_mtime);
	}
	if (document)
		take_document(ret, document, ret->has_source && source.kind == SOURCE_DUMP);
	json_decref(document);
	source_done(&source);
	return ret->dir;
}

bool stored_read(struct stored *ret, const char *dir)
{
	return read_crash(ret, dir, false);
}

static bool is_listed(const struct stored_list *list, const char *dir)
{
	for (size_t i = 0; i < list->count; i++)
		if (!strcmp(list->crashes[i].dir, dir))
			return true;
	return false;
}

static void add(struct stored_list *list, const char *dir, bool is_place)
{
	if (list->count < STORED_MAX && !is_listed(list, dir) &&
	    read_crash(&list->crashes[list->count], dir, is_place))
		list->count++;
}

static int is_visible(const struct dirent *entry)
{
	return entry->d_name[0] != '.' && (entry->d_type == DT_DIR || entry->d_type == DT_UNKNOWN);
}

/* The crash in dir itself, and those in the directories below. */
static bool add_all(struct stored_list *list, const char *dir, bool is_place)
{
	struct dirent **entries;
	int count = scandir(dir, &entries, is_visible, alphasort);

	if (count < 0)
		return false;
	add(list, dir, is_place);
	/* Names begin with, or end in, the date: from the end, the latest come first. */
	for (int i = count - 1; i >= 0; i--) {
		char *path;

		if (asprintf(&path, "%s/%s", dir, entries[i]->d_name) >= 0) {
			add(list, path, false);
			free(path);
		}
		free(entries[i]);
	}
	free(entries);
	return true;
}

static int newest_first(const void *a, const void *b)
{
	const struct stored *left = a, *right = b;
	int order = strcmp(right->time, left->time);

	return order ? order : strcmp(right->dir, left->dir);
}

void stored_list_done(struct stored_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		stored_done(&list->crashes[i]);
	free(list->crashes);
	list->crashes = NULL;
	list->count = 0;
}

void stored_find(struct stored_list *ret, char *const *dirs, size_t count, bool named)
{
	*ret = (struct stored_list){.crashes = calloc(STORED_MAX, sizeof(*ret->crashes))};
	if (!ret->crashes) {
		cmd_complain("out of memory");
		ret->failed = true;
		return;
	}
	for (size_t i = 0; i < count; i++) {
		if (add_all(ret, dirs[i], !named) || (errno == ENOENT && !named))
			continue;
		cmd_complain("%s: cannot list: %s", dirs[i], strerror(errno));
		ret->failed = true;
	}
	if (ret->count == STORED_MAX)
		cmd_complain("more than %d crashes are stored: the others are left out", STORED_MAX - 1);
	qsort(ret->crashes, ret->count, sizeof(*ret->crashes), newest_first);
}
