// SPDX-License-Identifier: GPL-2.0-or-later
//
// Files that are whole or not there: written under a temporary name, synced, renamed.
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "write/write.h"

enum status write_file(const char *dir, const char *name, const char *data, size_t len,
		       struct err *err)
{
	_cleanup_close_ int dirfd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	enum status st = STATUS_FOUND;
	char temp[256];
	int fd;

	if (dirfd < 0)
		return err_set(err, STATUS_BROKEN, "%s: %s", dir, strerror(errno));
	/* A fixed name: what a killed writer left behind is overwritten, never collected. */
	snprintf(temp, sizeof(temp), ".%s.new", name);
	(void)unlinkat(dirfd, temp, 0); /* usually not there */
	fd = openat(dirfd, temp, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return err_set(err, STATUS_BROKEN, "cannot create %s in %s: %s", temp, dir,
			       strerror(errno));
	if (!write_all(fd, data, len) || fsync(fd))
		st = err_set(err, STATUS_BROKEN, "cannot write %s/%s: %s", dir, name,
			     strerror(errno));
	if (close(fd) && !st)
		st = err_set(err, STATUS_BROKEN, "cannot write %s/%s: %s", dir, name,
			     strerror(errno));
	if (!st && renameat(dirfd, temp, dirfd, name))
		st = err_set(err, STATUS_BROKEN, "cannot rename %s to %s in %s: %s", temp, name,
			     dir, strerror(errno));
	if (st)
		(void)unlinkat(dirfd, temp, 0);
	else
		(void)fsync(dirfd); /* not every file system can; the file itself is synced */
	return st;
}
