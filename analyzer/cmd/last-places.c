// SPDX-License-Identifier: GPL-2.0-or-later
//
// Where kdump saves its dumps, as the configuration of each family says: kdump.conf of kexec-tools
// and kdump-utils, SUSE's sysconfig, Debian's and Ubuntu's kdump-tools.
#include <limits.h>
#include <mntent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/cmd.h"
#include "cmd/last.h"

static const char default_dir[] = "/var/crash";

enum { LINE_MAX_LEN = 4096 };

static FILE *open_under(const char *root, const char *name)
{
	char path[PATH_MAX];

	if ((size_t)snprintf(path, sizeof(path), "%s%s", root, name) >= sizeof(path))
		return NULL;
	return fopen(path, "re");
}

/* Adds root/mount/path once. */
static void add(struct places *p, const char *root, const char *mount, const char *path)
{
	char dir[PATH_MAX];
	size_t len;

	path += strspn(path, "/");
	if (p->count == PLACES_MAX || (size_t)snprintf(dir, sizeof(dir), "%s%s/%s", root,
		strcmp(mount, "/") ? mount : "", path) >= sizeof(dir))
		return;
	len = strlen(dir);
	while (len > 1 && dir[len - 1] == '/')
		dir[--len] = '\0';
	for (size_t i = 0; i < p->count; i++)
		if (!strcmp(p->dirs[i], dir))
			return;
	p->dirs[p->count] = strdup(dir);
	if (p->dirs[p->count])
		p->count++;
}

/* ---- kdump.conf ---- */

struct target {
	char source[LINE_MAX_LEN];	/* "": the root file system, or none that is mounted here */
	char path[LINE_MAX_LEN];
	bool elsewhere;			/* ssh or raw */
};

static bool is_file_system(const char *key)
{
	static const char *const types[] = {"ext2", "ext3", "ext4", "xfs", "btrfs", "minix", "nfs",
					    "virtiofs"};

	for (size_t i = 0; i < ARRAY_SIZE(types); i++)
		if (!strcmp(key, types[i]))
			return true;
	return false;
}

/* dracut_args ... --mount "SOURCE MOUNTPOINT FSTYPE OPTIONS" ... */
static void read_dracut_args(const char *line, struct target *ret)
{
	const char *mount = strstr(line, "--mount");
	char source[LINE_MAX_LEN];

	if (mount && sscanf(mount, "--mount%*[= \t\"']%4095[^ \t\"']", source) == 1)
		strcpy(ret->source, source);
}

/* Lines `KEY VALUE # comment`; as in kdump.sh the last of a key wins. */
static void read_kdump_conf(FILE *in, struct target *ret)
{
	char line[LINE_MAX_LEN], key[32], value[LINE_MAX_LEN];

	while (fgets(line, sizeof(line), in)) {
		line[strcspn(line, "#\n")] = '\0';
		value[0] = '\0';
		if (sscanf(line, " %31s %4095s", key, value) < 1)
			continue;
		if (!strcmp(key, "path"))
			strcpy(ret->path, value);
		else if (is_file_system(key))
			strcpy(ret->source, value);
		else if (!strcmp(key, "dracut_args"))
			read_dracut_args(line, ret);
		else if (!strcmp(key, "ssh") || !strcmp(key, "raw"))
			ret->elsewhere = true;
	}
}

/* The device node of UUID=..., LABEL=...; else the name itself. */
static void device_path(const char *name, char *ret, size_t size)
{
	static const struct { const char *tag, *dir; } tags[] = {
		{"UUID=", "/dev/disk/by-uuid"},
		{"LABEL=", "/dev/disk/by-label"},
		{"PARTUUID=", "/dev/disk/by-partuuid"},
		{"PARTLABEL=", "/dev/disk/by-partlabel"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(tags); i++)
		if (!strncmp(name, tags[i].tag, strlen(tags[i].tag))) {
			snprintf(ret, size, "%s/%s", tags[i].dir, name + strlen(tags[i].tag));
			return;
		}
	snprintf(ret, size, "%s", name);
}

/* Two names of one device; an nfs export may be written with a slash at its end. */
static bool is_same_source(const char *a, const char *b)
{
	_cleanup_free_ char *real_a = realpath(a, NULL), *real_b = realpath(b, NULL);
	size_t len = strlen(a);

	if (real_a && real_b)
		return !strcmp(real_a, real_b);
	while (len > 1 && a[len - 1] == '/')
		len--;
	return !strncmp(a, b, len) && b[len + strspn(b + len, "/")] == '\0';
}

static void add_mounted(struct places *p, const char *root, const struct target *target)
{
	_cleanup_fclose_ FILE *mounts = open_under(root, "/proc/self/mounts");
	char source[LINE_MAX_LEN + 32], names[2 * LINE_MAX_LEN];
	struct mntent entry;

	device_path(target->source, source, sizeof(source));
	while (mounts && getmntent_r(mounts, &entry, names, sizeof(names)))
		if (is_same_source(source, entry.mnt_fsname))
			add(p, root, entry.mnt_dir, target->path);
}

static void add_kdump_conf(struct places *p, const char *root)
{
	_cleanup_fclose_ FILE *in = open_under(root, "/etc/kdump.conf");
	struct target target = {.path = "/var/crash"};

	if (!in)
		return;
	read_kdump_conf(in, &target);
	if (target.source[0])
		add_mounted(p, root, &target);
	else if (!target.elsewhere)
		add(p, root, "", target.path);
}

/* ---- the families whose configuration is a shell file ---- */

/* The last NAME="value" of the file; ret is untouched where there is none. */
static void read_variable(FILE *in, const char *name, char ret[LINE_MAX_LEN])
{
	char line[LINE_MAX_LEN];
	size_t len = strlen(name);

	while (fgets(line, sizeof(line), in)) {
		const char *value = line + strspn(line, " \t");
		char quote;

		if (strncmp(value, name, len) || value[len] != '=')
			continue;
		value += len + 1;
		quote = *value == '"' || *value == '\'' ? *value++ : '\0';
		snprintf(ret, LINE_MAX_LEN, "%.*s",
			 (int)strcspn(value, quote ? (char[]){quote, '\n', '\0'} : " \t#\n"), value);
	}
}

/* One or more of /DIR, file:///DIR and URLs of other machines. */
static void add_savedir(struct places *p, const char *root)
{
	_cleanup_fclose_ FILE *in = open_under(root, "/etc/sysconfig/kdump");
	char value[LINE_MAX_LEN] = "", *rest = value, *word;

	if (!in)
		return;
	read_variable(in, "KDUMP_SAVEDIR", value);
	while ((word = strsep(&rest, " \t"))) {
		if (!strncmp(word, "file://", 7))
			word += 7;
		if (word[0] == '/')
			add(p, root, "", word);
	}
}

static void add_coredir(struct places *p, const char *root)
{
	_cleanup_fclose_ FILE *in = open_under(root, "/etc/default/kdump-tools");
	char value[LINE_MAX_LEN] = "";

	if (!in)
		return;
	read_variable(in, "KDUMP_COREDIR", value);
	if (value[0] == '/')
		add(p, root, "", value);
}

void places_done(struct places *places)
{
	for (size_t i = 0; i < places->count; i++)
		free(places->dirs[i]);
	places->count = 0;
}

void places_find(struct places *ret, const char *root)
{
	ret->count = 0;
	add_kdump_conf(ret, root);
	add_savedir(ret, root);
	add_coredir(ret, root);
	add(ret, root, "", default_dir);
}
