// SPDX-License-Identifier: GPL-2.0-or-later
//
// The rule base: which rules there are, from which files, under which digest, and what was
// wrong with the files.
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>

#include "base/base.h"
#include "base/sha256.h"

#include "rule/language.h"
#include "rule/node.h"

enum { RULE_BASE_LIMIT = 64 << 20, MAX_FILES = 1000, PATH_SIZE = 4096 };

struct rule_base {
	struct arena arena;
	struct rule **rules;
	size_t count, cap;
	struct rule_problem *problems;
	size_t problem_count, problem_cap;
	struct sha256 sha;
	char digest[sizeof("sha256:") + SHA256_HEX_SIZE];
	unsigned load;
	bool with_tests;
};

static const char *const confidences[] = {
	[CONFIDENCE_NONE] = "none",
	[CONFIDENCE_POSSIBLE] = "possible",
	[CONFIDENCE_LIKELY] = "likely",
	[CONFIDENCE_CERTAIN] = "certain",
};

const char *confidence_name(enum confidence c)
{
	return (unsigned)c < ARRAY_SIZE(confidences) ? confidences[c]
						     : confidences[CONFIDENCE_NONE];
}

static const char *const affecteds[] = {
	[AFFECTED_CANNOT_TELL] = "cannot-tell",
	[AFFECTED_YES] = "yes",
	[AFFECTED_FIXED_HERE] = "fixed-here",
	[AFFECTED_NOT_IN_RANGE] = "not-in-range",
};

const char *affected_name(enum affected a)
{
	return (unsigned)a < ARRAY_SIZE(affecteds) ? affecteds[a]
						   : affecteds[AFFECTED_CANNOT_TELL];
}

struct rule_base *rule_base_new(void)
{
	struct rule_base *base = calloc(1, sizeof(*base));

	if (!base)
		return NULL;
	arena_init(&base->arena, RULE_BASE_LIMIT);
	sha256_init(&base->sha);
	return base;
}

void rule_base_want_tests(struct rule_base *base)
{
	base->with_tests = true;
}

bool rule_base_has_tests(const struct rule_base *base)
{
	return base->with_tests;
}

static void free_pattern(struct pattern *pattern, void *data)
{
	(void)data;
	pattern_done(pattern);
}

static void forget_patterns(const struct rule *rule)
{
	conditions_each_pattern(rule->conditions, rule->condition_count, free_pattern, NULL);
}

void rule_base_free(struct rule_base *base)
{
	if (!base)
		return;
	for (size_t i = 0; i < base->count; i++)
		forget_patterns(base->rules[i]);
	arena_done(&base->arena);
	free(base->rules);
	free(base->problems);
	free(base);
}

/* The array with room for one more, which doubles when it is full; NULL: out of memory, and
 * the array is as it was. */
static void *grow(void *array, size_t *cap, size_t count, size_t size)
{
	size_t more = *cap ? *cap * 2 : 16;

	if (count < *cap)
		return array;
	array = realloc(array, more * size);
	if (array)
		*cap = more;
	return array;
}

static bool grow_problems(struct rule_base *base)
{
	struct rule_problem *problems = grow(base->problems, &base->problem_cap,
					     base->problem_count, sizeof(*base->problems));

	if (problems)
		base->problems = problems;
	return problems;
}

static bool grow_rules(struct rule_base *base)
{
	struct rule **rules = grow(base->rules, &base->cap, base->count, sizeof(*base->rules));

	if (rules)
		base->rules = rules;
	return rules;
}

bool rule_base_problem(struct rule_base *base, const struct rule_problem *problem)
{
	if (base->problem_count == RULE_MAX_PROBLEMS || !grow_problems(base))
		return false;
	base->problems[base->problem_count++] = *problem;
	if (base->problem_count == RULE_MAX_PROBLEMS)
		snprintf(base->problems[base->problem_count - 1].why, sizeof(problem->why),
			 "more problems than are told; the rest is left out");
	return true;
}

/* FNV-1a, to compare ids quickly. */
static uint32_t hash(const char *text)
{
	uint32_t h = 2166136261u;

	for (; *text; text++)
		h = (h ^ (unsigned char)*text) * 16777619u;
	return h;
}

static struct rule **find_rule(const struct rule_base *base, const char *id, uint32_t id_hash)
{
	for (size_t i = 0; i < base->count; i++)
		if (base->rules[i]->id_hash == id_hash && !strcmp(base->rules[i]->info.id, id))
			return &base->rules[i];
	return NULL;
}

void rule_base_add(struct loading *l, const struct rule *rule, const struct node *node)
{
	struct rule_base *base = l->base;
	uint32_t id_hash = hash(rule->info.id);
	struct rule **old = find_rule(base, rule->info.id, id_hash), *copy;

	if (old && (*old)->load == base->load) {
		load_problem(l, node, "the id %s is taken already, in %.100s line %u",
			     rule->info.id, (*old)->info.file, (*old)->info.line);
		return;
	}
	if (!old && (base->count == RULE_MAX_RULES || !grow_rules(base))) {
		load_problem(l, node, "there are too many rules");
		return;
	}
	copy = load_alloc(l, 1, sizeof(*copy));
	if (!copy)
		return;
	*copy = *rule;
	copy->id_hash = id_hash;
	copy->load = base->load;
	if (old)
		forget_patterns(*old);
	*(old ? old : &base->rules[base->count++]) = copy;
}

/* ---- files ---- */

static void load_bytes(struct rule_base *base, const char *name, const char *text, size_t len,
		       unsigned wanted)
{
	struct loading l = {.base = base,
			    .arena = &base->arena,
			    .wanted = base->with_tests ? LOAD_ALL : wanted};

	l.file = arena_str(&base->arena, slice_of(name));
	sha256_add(&base->sha, text, len);
	base->digest[0] = '\0';
	if (len > RULE_MAX_FILE)
		load_problem(&l, NULL, "the file is larger than 8 MiB, too large for rules");
	else
		nodes_read(&l, text, len, load_rule);
}

void rule_base_load_text(struct rule_base *base, const char *name, const char *text,
			 size_t len)
{
	base->load++;
	load_bytes(base, name, text, len, LOAD_TO_MATCH | LOAD_TO_TELL); // no file to come back to
}

static void file_problem(struct rule_base *base, const char *path, const char *why)
{
	struct loading l = {.base = base, .arena = &base->arena, .file = path};

	load_problem(&l, NULL, "%s", why);
}

/* The bytes of a file up to one more than is allowed; NULL with errno. */
static char *read_bytes(int fd, size_t size, size_t *ret_len)
{
	size_t room = size > RULE_MAX_FILE ? RULE_MAX_FILE + 1 : size + 1, len = 0;
	char *text = malloc(room);

	while (text && len < room) {
		ssize_t n = read(fd, text + len, room - len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0) {
			free(text);
			return NULL;
		}
		if (!n)
			break;
		len += (size_t)n;
	}
	*ret_len = len;
	return text;
}

char *rule_file_read(const char *path, size_t *ret_len, const char **ret_why)
{
	// O_NONBLOCK: a FIFO among the rules must not stop us.
	_cleanup_close_ int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct stat st;
	char *text;

	if (fd < 0 || fstat(fd, &st) < 0) {
		*ret_why = strerror(errno);
		return NULL;
	}
	if (!S_ISREG(st.st_mode)) {
		*ret_why = "not a regular file";
		return NULL;
	}
	text = read_bytes(fd, st.st_size < 0 ? 0 : (size_t)st.st_size, ret_len);
	if (!text)
		*ret_why = strerror(errno);
	return text;
}

static void load_file(struct rule_base *base, const char *path)
{
	_cleanup_free_ char *text = NULL;
	const char *why;
	size_t len;

	text = rule_file_read(path, &len, &why);
	if (text)
		load_bytes(base, path, text, len, LOAD_TO_MATCH);
	else
		file_problem(base, path, why);
}

/* From the line of that number on; empty if there are fewer. */
static struct slice from_line(struct slice text, unsigned line)
{
	while (--line && text.n) {
		const char *eol = memchr(text.p, '\n', text.n);
		size_t n = eol ? (size_t)(eol - text.p) + 1 : text.n;

		text = (struct slice){text.p + n, text.n - n};
	}
	return text;
}

/* Up to the next line that begins a rule of a list that is not indented. */
static struct slice first_rule(struct slice text)
{
	const char *next = text.n ? memmem(text.p + 1, text.n - 1, "\n- ", 3) : NULL;

	return next ? (struct slice){text.p, (size_t)(next - text.p) + 1} : text;
}

bool rule_complete(struct rule_base *base, const struct rule *rule)
{
	struct rule *found = *find_rule(base, rule->info.id, rule->id_hash);
	struct loading l = {.base = base,
			    .arena = &base->arena,
			    .file = rule->info.file,
			    .lines_before = rule->info.line - 1,
			    .wanted = LOAD_TO_TELL,
			    .completing = found};
	_cleanup_free_ char *text = NULL;
	const char *why = "the rule is no longer here";
	struct slice own;
	size_t len = 0;

	if (found->is_complete || found->is_broken)
		return found->is_complete;
	found->is_broken = true;
	text = rule_file_read(found->info.file, &len, &why);
	own = first_rule(from_line((struct slice){text, text ? len : 0}, found->info.line));
	nodes_read(&l, own.p, own.n, load_further);
	if (!found->is_complete && !l.failed)
		load_problem_at(&l, found->info.line, 1, "%s", why);
	found->is_broken = !found->is_complete;
	return found->is_complete;
}

static int is_rule_file(const struct dirent *entry)
{
	return entry->d_name[0] != '.' && slice_ends(slice_of(entry->d_name), ".yaml");
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name); // the same order in every locale
}

static enum status load_directory(struct rule_base *base, const char *path, struct err *err)
{
	struct dirent **entries;
	int count = scandir(path, &entries, is_rule_file, by_name);
	char name[PATH_SIZE];

	if (count < 0)
		return err_set(err, STATUS_BROKEN, "cannot list the directory: %s",
			       strerror(errno));
	for (int i = 0; i < count; i++) {
		int n = snprintf(name, sizeof(name), "%s/%s", path, entries[i]->d_name);

		if (i < MAX_FILES && n > 0 && (size_t)n < sizeof(name))
			load_file(base, name);
		free(entries[i]);
	}
	free(entries);
	if (count > MAX_FILES)
		file_problem(base, path, "more than 1000 rule files; the rest is not read");
	return STATUS_FOUND;
}

enum status rule_base_load(struct rule_base *base, const char *path, struct err *err)
{
	struct stat st;

	if (stat(path, &st) < 0)
		return err_set(err,
			       errno == ENOENT || errno == ENOTDIR ? STATUS_ABSENT
								   : STATUS_BROKEN,
			       "cannot read the rules: %s", strerror(errno));
	base->load++;
	if (S_ISDIR(st.st_mode))
		return load_directory(base, path, err);
	load_file(base, path);
	return STATUS_FOUND;
}

/* ---- what was loaded ---- */

size_t rule_base_count(const struct rule_base *base)
{
	return base->count;
}

const char *rule_base_digest(struct rule_base *base)
{
	struct sha256 sha = base->sha; // more files may follow

	memcpy(base->digest, "sha256:", sizeof("sha256:"));
	sha256_hex(&sha, base->digest + strlen("sha256:"));
	return base->digest;
}

const struct rule_problem *rule_base_problems(const struct rule_base *base, size_t *ret_count)
{
	*ret_count = base->problem_count;
	return base->problems;
}

const struct rule *rule_base_rule(const struct rule_base *base, size_t i)
{
	return i < base->count ? base->rules[i] : NULL;
}

const struct rule_info *rule_base_at(const struct rule_base *base, size_t i)
{
	return i < base->count ? &base->rules[i]->info : NULL;
}

const struct rule_test *rule_base_test(const struct rule_base *base, size_t i)
{
	return i < base->count ? base->rules[i]->test : NULL;
}
