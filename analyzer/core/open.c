// SPDX-License-Identifier: GPL-2.0-or-later
//
// Opening a dump: its files, what they say about themselves, whether libkdumpfile may have
// them, VMCOREINFO, translation. In this order, because each step is what makes the next safe.
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/flattened.h"
#include "core/inside.h"
#include "core/regs.h"
#include "core/vmcoreinfo.h"

bool core_is_dump(int fd)
{
	char head[16];

	return core_pread(fd, head, sizeof(head), 0) && probe_is_magic(head, sizeof(head));
}

static enum status probe_files(struct core *core, const char *const *paths, size_t npaths,
			       struct err *err)
{
	for (size_t i = 0; i < npaths; i++) {
		enum status st = core_file_open(&core->file[i], paths[i], err);

		if (!st) {
			core->files++;
			st = probe_file(&core->probe[i], &core->file[i], err);
		}
		if (st)
			return npaths > 1 ? err_add(err, st, "%s", paths[i]) : st;
	}
	return STATUS_FOUND;
}

/* Several files must be members of one split set. */
static enum status check_set(const struct core *core, struct err *err)
{
	const struct probe_kdump *first = &core->probe[0].kdump;

	for (size_t i = 0; core->files > 1 && i < core->files; i++) {
		const struct probe_kdump *k = &core->probe[i].kdump;

		if (core->probe[i].is_elf || !k->split)
			return err_set(err, STATUS_BROKEN,
				       "file %zu of %zu is no part of a --split set", i + 1,
				       core->files);
		if (k->max_pfn != first->max_pfn || k->block_size != first->block_size ||
		    core->probe[i].big_endian != core->probe[0].big_endian)
			return err_set(err, STATUS_BROKEN,
				       "file %zu of %zu is of another dump", i + 1,
				       core->files);
	}
	return STATUS_FOUND;
}

static enum status check_memory(const struct core *core, const struct core_limits *limits,
				struct err *err)
{
	uint64_t need = 0;

	for (size_t i = 0; i < core->files; i++) {
		need += core->probe[i].memory_need;
		if (core->file[i].flat)
			need += flattened_memory(core->file[i].flat);
	}
	if (!limits || need <= limits->open_bytes)
		return STATUS_FOUND;
	return err_set(err, STATUS_BROKEN,
		       "opening it takes about %" PRIu64
		       " MiB of memory, the limit is %" PRIu64
		       " MiB: raise the limit, or save the dump as ELF (makedumpfile -E, or "
		       "/proc/vmcore itself), which takes none",
		       (need >> 20) + 1, limits->open_bytes >> 20);
}

static void find_arch(struct core *core)
{
	const struct probe *probe = &core->probe[0];
	const char *name = probe->kdump.uts.machine;
	enum core_arch guess = CORE_ARCH_UNKNOWN;

	if (probe->is_elf)
		core->arch = xlat_by_elf(probe->e_machine);
	else
		core->arch = xlat_by_machine(name);
	if (!core->arch && !probe->is_elf && !*name && probe->notes.cpus)
		guess = regs_guess_arch(probe->notes.cpu[0].size, probe->big_endian);
	if (guess)
		core->arch = xlat_by_arch(guess);
	if (core->arch && !*name)
		name = core->arch == &xlat_ppc64 && probe->big_endian ? "ppc64"
								      : core->arch->machine;
	snprintf(core->machine, sizeof(core->machine), "%s", *name ? name : "unknown");
}

/* What the library reads when it opens the file: headers, bitmaps, notes. */
static enum status fill_headers(struct core_file *file, const struct probe *probe,
				struct err *err)
{
	enum status st = flattened_fill(file->flat, 0, probe->kdump.descriptors, err);

	for (size_t i = 0; !st && i < ARRAY_SIZE(probe->kdump.text); i++)
		st = flattened_fill(file->flat, probe->kdump.text[i].offset,
				    probe->kdump.text[i].size, err);
	return st;
}

static enum status open_library(struct core *core, struct err *err)
{
	const struct probe *probe = &core->probe[0];
	const char *arch = NULL;
	int fd[PROBE_MAX_FILES];
	size_t fds = 0;
	enum status st = STATUS_FOUND;

	/*
	 * Our index reads flattened ELF without a temporary file. Section headers, which no
	 * kernel writes and QEMU gets wrong, crash 0.5.1 when they point nowhere.
	 */
	if (probe->is_elf && (core->file[0].flat || probe->has_sections))
		return STATUS_FOUND;
	if (!probe->is_elf && !*probe->kdump.uts.machine && core->arch)
		arch = core->arch->lib_name;
	for (size_t i = 0; !st && i < core->files; i++) {
		/* makedumpfile leaves members of a small dump empty; the library mixes them
		 * up. */
		if (core->files > 1 && !core->probe[i].kdump.pages)
			continue;
		fd[fds] = core->file[i].fd;
		if (core->file[i].flat)
			st = flattened_fd(core->file[i].flat, &fd[fds], err);
		if (!st && core->file[i].flat)
			st = fill_headers(&core->file[i], &core->probe[i], err);
		fds++;
	}
	if (!st && !fds)
		st = err_set(err, STATUS_BROKEN, "the split set holds no page");
	if (!st)
		st = kdumpfile_open(&core->lib, fd, fds, probe->is_elf, arch, err);
	if (st && probe->is_elf) {
		log_debug("%s; reading the ELF file without it", err ? err->text : "");
		st = STATUS_FOUND;
	}
	return st;
}

/* s390x: the lowcore points at an ELF note: 12 bytes of sizes, the name in 12, the text. */
static enum status read_lowcore_info(struct core *core, struct err *err)
{
	enum { NOTE_HEAD = 24 };
	uint8_t pointer[8], head[NOTE_HEAD];
	uint64_t addr, size;
	enum status st =
	    core_read_phys(core, core->arch->vmcoreinfo_at, pointer, sizeof(pointer), err);

	if (st)
		return st;
	addr = core_uint(core, pointer, sizeof(pointer));
	st = core_read_phys(core, addr, head, sizeof(head), err);
	if (st)
		return st;
	size = core_uint(core, head + 4, 4);
	if (core_uint(core, head, 4) != sizeof("VMCOREINFO") ||
	    memcmp(head + 12, "VMCOREINFO", sizeof("VMCOREINFO")) || !size ||
	    size > PROBE_MAX_VMCOREINFO)
		return err_set(err, STATUS_BROKEN, "no VMCOREINFO note at %#" PRIx64, addr);
	core->vmcoreinfo = calloc(1, size + 1);
	core->own_vmcoreinfo = true;
	if (!core->vmcoreinfo)
		return err_set(err, STATUS_BROKEN, "out of memory");
	st = core_read_phys(core, addr + NOTE_HEAD, core->vmcoreinfo, size, err);
	core->vmcoreinfo_len = strlen(core->vmcoreinfo);
	return st;
}

static enum status find_vmcoreinfo(struct core *core, struct err *err)
{
	const struct probe_notes *notes = &core->probe[0].notes;
	enum status st;

	if (notes->vmcoreinfo) {
		core->vmcoreinfo = notes->vmcoreinfo;
		core->vmcoreinfo_len = notes->vmcoreinfo_len;
		return STATUS_FOUND;
	}
	if (!core->arch || !core->arch->vmcoreinfo_at)
		return err_set(
		    err, STATUS_BROKEN,
		    "no VMCOREINFO note%s, so the kernel's log and tables cannot be found",
		    notes->cut ? " (the file is cut within its notes)" : "");
	st = read_lowcore_info(core, err);
	if (st)
		return err_add(err, STATUS_BROKEN,
			       "no VMCOREINFO note, and the lowcore's pointer does not help");
	return STATUS_FOUND;
}

static enum status find_page_size(struct core *core, struct err *err)
{
	struct slice line;
	int64_t size = core->page_size;

	if (core->probe[0].is_elf && !core_info_line(core, "PAGESIZE", &line, NULL) &&
	    !vmcoreinfo_number(line, &size))
		size = 0;
	if (size < 4096 || size > 65536 || size & (size - 1))
		return err_set(err, STATUS_BROKEN, "VMCOREINFO gives a bad PAGESIZE");
	return core_pages_init(core, (unsigned)size, err);
}

static enum status open_core(struct core *core, const char *const *paths, size_t npaths,
			     const struct core_limits *limits, struct err *err)
{
	enum status st = probe_files(core, paths, npaths, err);

	if (!st)
		st = check_set(core, err);
	if (!st)
		st = check_memory(core, limits, err);
	if (st)
		return st;
	find_arch(core);
	core_judge(core);
	st = open_library(core, err);
	if (!st)
		st = core_pages_init(
		    core, core->probe[0].is_elf ? 4096 : core->probe[0].kdump.block_size, err);
	if (!st)
		st = find_vmcoreinfo(core, err);
	if (!st)
		st = find_page_size(core, err);
	if (!st)
		xlat_init(&core->xlat, core->arch, core, &core->probe[0], core->page_size);
	return st;
}

enum status core_open(struct core **ret, const char *const *paths, size_t npaths,
		      const struct core_limits *limits, struct err *err)
{
	struct core *core;
	enum status st;

	if (!npaths || npaths > PROBE_MAX_FILES)
		return err_set(err, STATUS_BROKEN, "a split set of %zu files", npaths);
	core = calloc(1, sizeof(*core));
	if (!core)
		return err_set(err, STATUS_BROKEN, "out of memory");
	st = open_core(core, paths, npaths, limits, err);
	if (st) {
		core_close(core);
		return STATUS_BROKEN; /* a dump that cannot be opened is never just absent */
	}
	*ret = core;
	return STATUS_FOUND;
}

void core_close(struct core *core)
{
	if (!core)
		return;
	kdumpfile_close(core->lib);
	if (core->own_vmcoreinfo)
		free(core->vmcoreinfo);
	for (size_t i = 0; i < core->files; i++) {
		probe_done(&core->probe[i]);
		core_file_done(&core->file[i]);
	}
	free(core->bytes);
	free(core);
}
