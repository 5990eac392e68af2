// SPDX-License-Identifier: GPL-2.0-or-later
//
// libkdumpfile 0.5.1 to 0.5.6, and nothing of it outside of this file. Only what all of these
// versions agree on is used: attributes are set by number or string (0.5.5 changed how typed
// ones are read), reads go to machine physical addresses (which need no architecture, no
// VMCOREINFO and no translation to be set up), and flattened files never arrive here.
#include <inttypes.h>
#include <libkdumpfile/kdumpfile.h>
#include <stdlib.h>
#include <string.h>

#include "core/kdumpfile.h"

enum {
	/* Pages kept decompressed. The default of 1024 is slow, below 16 the library fails. */
	LIB_CACHE_PAGES = 64,
	/* Damaged pages that are met before the file is given up; see replace_context(). */
	LIB_MAX_DAMAGED = 16,
	LIB_MAX_FILES = 64,
};

struct kdumpfile {
	kdump_ctx_t *ctx;
	bool is_elf;
	int fd[LIB_MAX_FILES]; /* borrowed */
	size_t fds;
	const char *arch;
	uint64_t damaged[LIB_MAX_DAMAGED];
	unsigned damages;
};

/* Contexts that cannot be freed; reachable from here, so that no tool calls them leaked. */
struct kept {
	struct kept *next;
	kdump_ctx_t *ctx;
};

static enum status from_library(kdump_status code)
{
	switch (code) {
	case KDUMP_OK:
		return STATUS_FOUND;
	case KDUMP_ERR_NODATA:
	case KDUMP_ERR_NOKEY:
		return STATUS_ABSENT;
	default:
		return STATUS_BROKEN;
	}
}

/* Some failures of the library leave no text. */
static enum status failed(struct kdumpfile *lib, kdump_status code, struct err *err)
{
	const char *text = kdump_get_err(lib->ctx);

	return err_set(err, from_library(code), "%s", text ? text : kdump_strerror(code));
}

static kdump_status set_up(struct kdumpfile *lib)
{
	/* Mapped, a truncated file kills us with SIGBUS. */
	kdump_status code =
	    kdump_set_number_attr(lib->ctx, "file.mmap_policy", KDUMP_MMAP_NEVER);

	if (code == KDUMP_OK)
		code = kdump_set_number_attr(lib->ctx, "cache.size", LIB_CACHE_PAGES);
	if (code == KDUMP_OK && lib->arch)
		code = kdump_set_string_attr(lib->ctx, KDUMP_ATTR_ARCH_NAME, lib->arch);
	if (code == KDUMP_OK)
		code = kdump_open_fdset(lib->ctx, (unsigned)lib->fds, lib->fd);
	return code;
}

/*
 * 0.5.1 uses memory it has freed when a kdump-compressed context is freed, also a healthy one.
 * 0.5.2 mended that, with the same soname: only a build against 0.5.5, which has another one,
 * cannot meet the old library when it runs. Such a context stays until the process ends.
 */
static void drop_context(struct kdumpfile *lib)
{
	static struct kept *list;
	struct kept *kept;

	if (!lib->ctx)
		return;
	if (lib->is_elf || KDUMPFILE_VERSION >= KDUMPFILE_MKVER(0, 5, 5)) {
		kdump_free(lib->ctx);
	} else if ((kept = malloc(sizeof(*kept)))) {
		*kept = (struct kept){list, lib->ctx};
		list = kept;
	}
	lib->ctx = NULL;
}

static enum status open_context(struct kdumpfile *lib, struct err *err)
{
	kdump_status code;

	lib->ctx = kdump_new();
	if (!lib->ctx)
		return err_set(err, STATUS_BROKEN, "out of memory");
	code = set_up(lib);
	if (code == KDUMP_OK)
		return STATUS_FOUND;
	(void)failed(lib, code, err);
	drop_context(lib);
	return err_add(err, STATUS_BROKEN, "libkdumpfile cannot open it");
}

enum status kdumpfile_open(struct kdumpfile **ret, const int *fds, size_t count, bool is_elf,
			   const char *arch, struct err *err)
{
	struct kdumpfile *lib;
	enum status st;

	if (count > LIB_MAX_FILES)
		return err_set(err, STATUS_BROKEN, "%zu files", count);
	lib = calloc(1, sizeof(*lib));
	if (!lib)
		return err_set(err, STATUS_BROKEN, "out of memory");
	memcpy(lib->fd, fds, count * sizeof(*fds));
	lib->fds = count;
	lib->is_elf = is_elf;
	lib->arch = arch;
	st = open_context(lib, err);
	if (st) {
		free(lib);
		return st;
	}
	*ret = lib;
	return STATUS_FOUND;
}

void kdumpfile_close(struct kdumpfile *lib)
{
	if (!lib)
		return;
	drop_context(lib);
	free(lib);
}

/*
 * After pages that could not be decompressed the page cache of 0.5.1 hands out entries without
 * memory: reading on crashed after 61 to 900 failures, in 30 of 30 runs on a damaged file. So
 * a context that failed is not used again, and the page is remembered rather than tried twice.
 */
static void replace_context(struct kdumpfile *lib, uint64_t paddr)
{
	lib->damaged[lib->damages++] = paddr;
	drop_context(lib);
	if (lib->damages < LIB_MAX_DAMAGED)
		(void)open_context(lib, NULL); /* without one, all reads fail from now on */
}

static bool is_damaged(const struct kdumpfile *lib, uint64_t paddr)
{
	for (unsigned i = 0; i < lib->damages; i++) {
		if (lib->damaged[i] == paddr)
			return true;
	}
	return false;
}

enum status kdumpfile_read(struct kdumpfile *lib, uint64_t paddr, void *buf, size_t len,
			   struct err *err)
{
	size_t done = len;
	kdump_status code;
	enum status st;

	if (is_damaged(lib, paddr))
		return err_set(err, STATUS_BROKEN, "damaged");
	if (!lib->ctx)
		return err_set(err, STATUS_BROKEN, "given up after %u damaged pages",
			       lib->damages);
	code = kdump_read(lib->ctx, KDUMP_MACHPHYSADDR, paddr, buf, &done);
	if (code == KDUMP_OK && done == len)
		return STATUS_FOUND;
	st = code == KDUMP_OK ? err_set(err, STATUS_BROKEN, "got %zu bytes of %zu", done, len)
			      : failed(lib, code, err);
	if (!lib->is_elf)
		replace_context(lib, paddr);
	return st;
}
