// SPDX-License-Identifier: GPL-2.0-or-later
//
// Opening and reading one file of a dump.
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/file.h"
#include "core/flattened.h"

bool core_pread(int fd, void *buf, size_t len, uint64_t offset)
{
	char *p = buf;

	if (offset > INT64_MAX || len > INT64_MAX - offset)
		return false;
	while (len) {
		ssize_t n = pread(fd, p, len, (off_t)offset);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		p += n;
		len -= (size_t)n;
		offset += (uint64_t)n;
	}
	return true;
}

static enum status check_kind(int fd, uint64_t *ret_size, struct err *err)
{
	struct stat st;

	if (fstat(fd, &st))
		return err_set(err, STATUS_BROKEN, "cannot stat: %s", strerror(errno));
	if (S_ISDIR(st.st_mode))
		return err_set(err, STATUS_BROKEN, "is a directory, not a dump");
	if (S_ISFIFO(st.st_mode) || S_ISSOCK(st.st_mode) || S_ISCHR(st.st_mode))
		return err_set(err, STATUS_BROKEN,
			       "is no regular file; a dump needs one to seek in");
	*ret_size = (uint64_t)st.st_size;
	if (S_ISBLK(st.st_mode)) {
		off_t end = lseek(fd, 0, SEEK_END);

		*ret_size = end < 0 ? 0 : (uint64_t)end;
	}
	if (!*ret_size)
		return err_set(err, STATUS_BROKEN, "is empty");
	return STATUS_FOUND;
}

static enum status index_flattened(struct core_file *file, struct err *err)
{
	char head[16];
	enum status st;

	if (!core_pread(file->fd, head, sizeof(head), 0) || !flattened_is(head, sizeof(head)))
		return STATUS_FOUND;
	st = flattened_new(&file->flat, file->fd, file->disk_bytes, err);
	if (st)
		return err_add(err, st, "cannot read the flattened stream");
	file->size = flattened_size(file->flat);
	return STATUS_FOUND;
}

enum status core_file_open(struct core_file *ret, const char *path, struct err *err)
{
	struct core_file file = {.fd = open(path, O_RDONLY | O_CLOEXEC)};
	enum status st;

	if (file.fd < 0)
		return err_set(err, STATUS_BROKEN, "cannot open: %s", strerror(errno));
	st = check_kind(file.fd, &file.disk_bytes, err);
	file.size = file.disk_bytes;
	if (!st)
		st = index_flattened(&file, err);
	if (st) {
		core_file_done(&file);
		return st;
	}
	*ret = file;
	return STATUS_FOUND;
}

void core_file_done(struct core_file *file)
{
	flattened_free(file->flat);
	if (file->fd >= 0)
		close(file->fd);
	*file = (struct core_file){.fd = -1};
}

bool core_file_has(const struct core_file *file, uint64_t offset, uint64_t len)
{
	if (offset > file->size || len > file->size - offset)
		return false;
	return !file->flat || flattened_is_complete(file->flat) ||
	       flattened_has(file->flat, offset, len);
}

enum status core_file_read(const struct core_file *file, uint64_t offset, void *buf,
			   size_t len, struct err *err)
{
	if (!core_file_has(file, offset, len))
		return err_set(err, STATUS_BROKEN,
			       "%zu bytes at file offset %" PRIu64
			       " lie beyond the end of the file",
			       len, offset);
	if (file->flat)
		return flattened_read(file->flat, offset, buf, len, err);
	if (!core_pread(file->fd, buf, len, offset))
		return err_set(err, STATUS_BROKEN,
			       "cannot read %zu bytes at file offset %" PRIu64 ": %s", len,
			       offset, errno ? strerror(errno) : "end of file");
	return STATUS_FOUND;
}
