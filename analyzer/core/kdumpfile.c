// SPDX-License-Identifier: GPL-2.0-or-later
//
// libkdumpfile 0.5.1 to 0.5.6, and nothing of it outside of this file. Only what all of these
// versions agree on is used: attributes are set by number or string (0.5.5 changed how typed
// ones are read), reads go to machine physical addresses (which need no architecture, no
// VMCOREINFO and no translation to be set up), and flattened files never arrive here.
#include <inttypes.h>
#include <libkdumpfile/kdumpfile.h>
#include <stdlib.h>

#include "core/kdumpfile.h"

/* Pages kept decompressed. The default of 1024 is slow, below 16 the library fails. */
enum { LIB_CACHE_PAGES = 64 };

struct kdumpfile {
	kdump_ctx_t *ctx;
	struct kdumpfile *next; /* of those that cannot be freed */
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

static kdump_status set_up(struct kdumpfile *lib, const int *fds, size_t count, const char *arch)
{
	/* Mapped, a truncated file kills us with SIGBUS. */
	kdump_status code = kdump_set_number_attr(lib->ctx, "file.mmap_policy", KDUMP_MMAP_NEVER);

	if (code == KDUMP_OK)
		code = kdump_set_number_attr(lib->ctx, "cache.size", LIB_CACHE_PAGES);
	if (code == KDUMP_OK && arch)
		code = kdump_set_string_attr(lib->ctx, KDUMP_ATTR_ARCH_NAME, arch);
	if (code == KDUMP_OK)
		code = kdump_open_fdset(lib->ctx, (unsigned)count, fds);
	return code;
}

enum status kdumpfile_open(struct kdumpfile **ret, const int *fds, size_t count, const char *arch,
			   struct err *err)
{
	struct kdumpfile *lib = calloc(1, sizeof(*lib));
	kdump_status code;

	if (!lib)
		return err_set(err, STATUS_BROKEN, "out of memory");
	lib->ctx = kdump_new();
	if (!lib->ctx) {
		free(lib);
		return err_set(err, STATUS_BROKEN, "out of memory");
	}
	code = set_up(lib, fds, count, arch);
	if (code != KDUMP_OK) {
		(void)failed(lib, code, err);
		kdumpfile_close(lib, false);
		return err_add(err, STATUS_BROKEN, "libkdumpfile cannot open it");
	}
	*ret = lib;
	return STATUS_FOUND;
}

/*
 * 0.5.1 uses memory it has freed when a kdump-compressed context is freed, also a healthy one.
 * 0.5.2 mended that, with the same soname: only a build against 0.5.5, which has another one,
 * cannot meet the old library when it runs. Such a context stays until the process ends.
 */
void kdumpfile_close(struct kdumpfile *lib, bool is_elf)
{
	static struct kdumpfile *kept;

	if (!lib)
		return;
	if (!is_elf && KDUMPFILE_VERSION < KDUMPFILE_MKVER(0, 5, 5)) {
		lib->next = kept;
		kept = lib;
		return;
	}
	kdump_free(lib->ctx);
	free(lib);
}

enum status kdumpfile_read(struct kdumpfile *lib, uint64_t paddr, void *buf, size_t len,
			   struct err *err)
{
	size_t done = len;
	kdump_status code = kdump_read(lib->ctx, KDUMP_MACHPHYSADDR, paddr, buf, &done);

	if (code != KDUMP_OK)
		return failed(lib, code, err);
	if (done != len)
		return err_set(err, STATUS_BROKEN, "got %zu bytes of %zu", done, len);
	return STATUS_FOUND;
}
