// SPDX-License-Identifier: GPL-2.0-or-later
//
// What the dump is and whether it is whole.
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

#include "core/flattened.h"
#include "core/inside.h"
#include "core/kdump-format.h"

static const char *compression(const struct probe *probe)
{
	static const struct {
		uint32_t bit;
		const char *name;
	} kinds[] = {
	    {DH_ZLIB, "zlib"},
	    {DH_LZO, "lzo"},
	    {DH_SNAPPY, "snappy"},
	    {DH_ZSTD, "zstd"},
	};

	for (size_t i = 0; !probe->is_elf && i < ARRAY_SIZE(kinds); i++) {
		if (probe->kdump.status & kinds[i].bit)
			return kinds[i].name;
	}
	return "none";
}

static void incomplete(struct core_info *info, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

static void incomplete(struct core_info *info, const char *fmt, ...)
{
	va_list ap;

	if (!info->complete)
		return; /* the first reason is enough */
	info->complete = false;
	va_start(ap, fmt);
	vsnprintf(info->why_incomplete, sizeof(info->why_incomplete), fmt, ap);
	va_end(ap);
}

static void judge_file(struct core_info *info, const struct core_file *file,
		       const struct probe *probe)
{
	info->file_bytes += file->disk_bytes;
	info->expected_bytes += file->flat ? 0 : probe->expected_bytes;
	info->dumped_bytes += probe->dumped_bytes;
	if (file->flat && !flattened_is_complete(file->flat))
		incomplete(info, "the flattened stream ends without its end mark");
	if (probe->expected_bytes > file->size)
		incomplete(info, "cut short: %" PRIu64 " of %" PRIu64 " bytes are there",
			   file->size, probe->expected_bytes);
	if (probe->incomplete)
		incomplete(info, "its writer marked it incomplete");
}

/* A split set is whole when its files' page ranges cover all pages. */
static void judge_set(struct core *core)
{
	uint64_t next = 0;

	for (size_t i = 0; i < core->files; i++) {
		for (size_t j = 0; j < core->files; j++) {
			const struct probe_kdump *k = &core->probe[j].kdump;

			if (k->start_pfn <= next && k->end_pfn > next)
				next = k->end_pfn;
		}
	}
	if (next < core->probe[0].kdump.max_pfn)
		incomplete(&core->info, "%zu of the files of a split set, others are missing",
			   core->files);
}

void core_judge(struct core *core)
{
	struct core_info *info = &core->info;
	const char *kind = core->probe[0].is_elf ? "elf" : "kdump";

	info->complete = true;
	info->format = core->file[0].flat ? "flattened" : kind;
	info->inner = core->file[0].flat ? kind : NULL;
	info->compression = compression(&core->probe[0]);
	info->split_files = core->probe[0].kdump.split ? (unsigned)core->files : 0;
	for (size_t i = 0; i < core->files; i++)
		judge_file(info, &core->file[i], &core->probe[i]);
	if (!core->probe[0].is_elf)
		judge_set(core);
}
