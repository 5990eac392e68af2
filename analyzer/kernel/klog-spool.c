// SPDX-License-Identifier: GPL-2.0-or-later
//
// Makes any source of text a file that can be read at any place: pipes and gzip files are written
// to an unlinked temporary file first, so that reading the log twice costs no memory.
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "kernel/klog-source.h"

/*
 * A gzip file can unpack to a thousand times its size, and a pipe need not end. What comes
 * after this is not read, and that is said.
 */
#define SPOOL_MAX_BYTES (UINT64_C(1) << 30)
enum { SPOOL_BUFFER = 32 * 1024 };

static bool is_gzip(int fd)
{
	unsigned char magic[2];

	return pread(fd, magic, 2, 0) == 2 && magic[0] == 0x1f && magic[1] == 0x8b;
}

static int temporary_file(void)
{
	const char *const dirs[] = {getenv("TMPDIR"), "/var/tmp", "/tmp"};

	for (size_t i = 0; i < ARRAY_SIZE(dirs); i++) {
		int fd = dirs[i] ? open(dirs[i], O_TMPFILE | O_RDWR | O_CLOEXEC, 0600) : -1;

		if (fd >= 0)
			return fd;
	}
	/* An initramfs may have no such directory; its files are memory anyway. */
	return memfd_create("kernel log", MFD_CLOEXEC);
}

/* *zerr keeps an error that zlib 1.3.2 forgets at the next call: that the data ended too early. */
static int unpack(gzFile from, char *buffer, int *zerr)
{
	int n = gzread(from, buffer, SPOOL_BUFFER), now;

	(void)gzerror(from, &now);
	if (now)
		*zerr = now;
	return n;
}

/* gzread() passes through what is not gzip, so a pipe of either kind is read alike. */
static enum status copy(int to, gzFile from, char *ret_cut, struct err *err)
{
	char buffer[SPOOL_BUFFER];
	uint64_t total = 0;
	int n, zerr = Z_OK;

	while ((n = unpack(from, buffer, &zerr)) > 0) {
		total += (uint64_t)n;
		if (total > SPOOL_MAX_BYTES) {
			snprintf(ret_cut, KLOG_WHY_CUT, "only its first %" PRIu64 " MiB were read",
				 SPOOL_MAX_BYTES >> 20);
			return STATUS_FOUND;
		}
		if (!write_all(to, buffer, (size_t)n))
			return err_set(err, STATUS_BROKEN, "cannot write a temporary copy: %s",
				       strerror(errno));
	}
	/* Where nothing unpacks, zlib 1.3.2 has no error either. */
	if (!zerr && !total && !gzdirect(from))
		return err_set(err, STATUS_BROKEN, "cannot unpack: empty or damaged gzip data");
	if (!zerr)
		return STATUS_FOUND;
	if (!total)
		return err_set(err, STATUS_BROKEN, "cannot unpack: %s",
			       zerr == Z_ERRNO ? strerror(errno) : "damaged gzip data");
	snprintf(ret_cut, KLOG_WHY_CUT, "the gzip data is %s",
		 zerr == Z_BUF_ERROR ? "cut short" : "damaged");
	return STATUS_FOUND;
}

/* Takes fd over. */
static enum status spool(int *ret_fd, char *ret_cut, int fd, struct err *err)
{
	_cleanup_close_ int to = -1;
	gzFile from = gzdopen(fd, "rb");
	enum status st;

	if (!from) {
		close(fd);
		return err_set(err, STATUS_BROKEN, "out of memory");
	}
	to = temporary_file();
	st = to < 0 ? err_set(err, STATUS_BROKEN, "cannot make a temporary file: %s",
			      strerror(errno))
		    : copy(to, from, ret_cut, err);
	(void)gzclose_r(from); /* only read from: what it has to say, gzerror() said */
	if (st)
		return st;
	*ret_fd = to;
	to = -1;
	return STATUS_FOUND;
}

enum status klog_spool(int *ret_fd, char ret_cut[static KLOG_WHY_CUT], const char *path,
		       struct err *err)
{
	bool is_stdin = !strcmp(path, "-");
	int fd = is_stdin ? dup(STDIN_FILENO) : open(path, O_RDONLY | O_CLOEXEC);
	struct stat sb;

	ret_cut[0] = '\0';
	if (fd < 0)
		return err_set(err, STATUS_BROKEN, "cannot open: %s", strerror(errno));
	if (fstat(fd, &sb) < 0 || S_ISDIR(sb.st_mode)) {
		close(fd);
		return err_set(err, STATUS_BROKEN, "is a directory");
	}
	/* Files of /proc say size 0 and yet have text. Standard input may be read half way. */
	if (!is_stdin && S_ISREG(sb.st_mode) && sb.st_size && !is_gzip(fd)) {
		*ret_fd = fd;
		return STATUS_FOUND;
	}
	return spool(ret_fd, ret_cut, fd, err);
}
