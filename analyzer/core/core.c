// SPDX-License-Identifier: GPL-2.0-or-later
//
// An open dump: reads of physical and virtual memory through a small page cache, VMCOREINFO's
// values, CPU registers. Every page is first looked for in the file by our own reading of its
// headers (probe.h), and only then asked from libkdumpfile, which cannot tell bytes that are
// lost from zeros.
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/core.h"
#include "core/file.h"
#include "core/flattened.h"
#include "core/kdump-format.h"
#include "core/kdumpfile.h"
#include "core/probe.h"
#include "core/regs.h"
#include "core/translate.h"
#include "core/vmcoreinfo.h"

enum {
	CACHE_PAGES = 64,
	CACHE_BYTES = 1 << 20, /* fewer pages of 64 KiB */
};

/* A page in the cache, or the part of it that the dump holds. */
struct page {
	uint64_t start, end; /* physical; empty if equal */
	uint64_t used;	     /* when last, in reads */
};

struct core {
	struct core_info info;
	struct core_file file[PROBE_MAX_FILES];
	struct probe probe[PROBE_MAX_FILES];
	size_t files;
	struct kdumpfile *lib; /* NULL: an ELF file that it refuses; we read it ourselves */
	const struct xlat_arch *arch;
	char machine[CORE_UTS_FIELD];
	unsigned page_size;
	char *vmcoreinfo; /* owned if it was not in the notes, else borrowed from probe[0] */
	size_t vmcoreinfo_len;
	bool own_vmcoreinfo;
	struct xlat xlat;
	struct page page[CACHE_PAGES];
	unsigned pages;
	uint64_t clock;
	uint8_t *bytes; /* of page[], page_size each */
	void (*seen)(uint64_t page, void *ctx);
	void *seen_ctx;
};

bool core_is_dump(int fd)
{
	char head[16];

	return core_pread(fd, head, sizeof(head), 0) && probe_is_magic(head, sizeof(head));
}

/* --- one page ---------------------------------------------------------------------------- */

static enum status find_in_split_set(struct core *core, uint64_t addr, size_t *ret,
				     struct err *err)
{
	uint64_t pfn = addr / core->page_size;

	for (size_t i = 0; i < core->files; i++) {
		const struct probe_kdump *k = &core->probe[i].kdump;

		if (pfn >= k->start_pfn && pfn < k->end_pfn) {
			*ret = i;
			return STATUS_FOUND;
		}
	}
	if (pfn < core->probe[0].kdump.max_pfn)
		return err_set(err, STATUS_ABSENT,
			       "page %#" PRIx64 " is in a file of the split set that was not given",
			       pfn * core->page_size);
	return err_set(err, STATUS_ABSENT, "physical address %#" PRIx64 " is not in the dump", addr);
}

static enum status find_extent(struct core *core, uint64_t addr, size_t *ret_file,
			       struct probe_extent *ret, struct err *err)
{
	enum status st;

	*ret_file = 0;
	if (core->probe[0].is_elf)
		return probe_find_elf(&core->probe[0], &core->file[0], addr, core->page_size, ret,
				      err);
	st = find_in_split_set(core, addr, ret_file, err);
	if (st)
		return st;
	return probe_find_kdump(&core->probe[*ret_file], &core->file[*ret_file], addr, ret, err);
}

/*
 * The library reads what the probe found, but for ELF files that it refuses or that are cut:
 * of two PT_LOADs over one page it may choose the one that is lost, and then reads zeros.
 */
static enum status load_extent(struct core *core, size_t file, const struct probe_extent *ext,
			       void *buf, struct err *err)
{
	struct core_file *f = &core->file[file];
	size_t len = (size_t)(ext->end - ext->start);
	enum status st = STATUS_FOUND;

	if (!core->lib || (core->probe[0].is_elf && !core->info.complete))
		return core_file_read(f, ext->offset, buf, len, err);
	if (f->flat)
		st = flattened_fill(f->flat, ext->descriptor, ext->descriptor_bytes, err);
	if (!st && f->flat)
		st = flattened_fill(f->flat, ext->offset, ext->length, err);
	if (!st)
		st = kdumpfile_read(core->lib, ext->start, buf, len, err);
	return st ? err_add(err, st, "page %#" PRIx64, ext->start) : STATUS_FOUND;
}

static uint8_t *page_bytes(struct core *core, const struct page *page)
{
	return core->bytes + (size_t)(page - core->page) * core->page_size;
}

static struct page *find_cached(struct core *core, uint64_t addr)
{
	for (unsigned i = 0; i < core->pages; i++) {
		if (addr >= core->page[i].start && addr < core->page[i].end)
			return &core->page[i];
	}
	return NULL;
}

static struct page *longest_unused(struct core *core)
{
	struct page *oldest = &core->page[0];

	for (unsigned i = 1; i < core->pages; i++) {
		if (core->page[i].used < oldest->used)
			oldest = &core->page[i];
	}
	return oldest;
}

/* The cached page that holds the byte at addr. */
static enum status get_page(struct core *core, uint64_t addr, struct page **ret, struct err *err)
{
	struct page *page = find_cached(core, addr);
	struct probe_extent ext;
	size_t file;
	enum status st;

	if (!page) {
		st = find_extent(core, addr, &file, &ext, err);
		if (st)
			return st;
		page = longest_unused(core);
		page->end = page->start;
		st = load_extent(core, file, &ext, page_bytes(core, page), err);
		if (st)
			return st;
		page->start = ext.start;
		page->end = ext.end;
		if (core->seen)
			core->seen(addr & ~(uint64_t)(core->page_size - 1), core->seen_ctx);
	}
	page->used = ++core->clock;
	*ret = page;
	return STATUS_FOUND;
}

static void forget_pages(struct core *core)
{
	memset(core->page, 0, sizeof(core->page));
	xlat_forget(&core->xlat);
}

void core_observe(struct core *core, void (*seen)(uint64_t page, void *ctx), void *ctx)
{
	core->seen = seen;
	core->seen_ctx = ctx;
	forget_pages(core); /* so that a page read before is loaded, and seen, once more */
}

/* --- reading ----------------------------------------------------------------------------- */

enum status core_read_phys(struct core *core, uint64_t addr, void *buf, size_t len,
			   struct err *err)
{
	uint8_t *to = buf;

	while (len) {
		struct page *page;
		size_t part;
		enum status st = get_page(core, addr, &page, err);

		if (st)
			return st;
		part = (size_t)(page->end - addr) < len ? (size_t)(page->end - addr) : len;
		memcpy(to, page_bytes(core, page) + (addr - page->start), part);
		to += part;
		addr += part;
		len -= part;
	}
	return STATUS_FOUND;
}

enum status core_virt_to_phys(struct core *core, uint64_t addr, uint64_t *ret, struct err *err)
{
	return xlat_translate(&core->xlat, core, &core->probe[0], addr, ret, err);
}

enum status core_read_virt(struct core *core, uint64_t addr, void *buf, size_t len,
			   struct err *err)
{
	uint8_t *to = buf;

	if (len && addr + (len - 1) < addr)
		return err_set(err, STATUS_ABSENT, "%zu bytes at %#" PRIx64 " pass the end of memory",
			       len, addr);
	while (len) {
		size_t left = core->page_size - (addr & (core->page_size - 1));
		size_t part = left < len ? left : len;
		uint64_t paddr;
		enum status st = core_virt_to_phys(core, addr, &paddr, err);

		if (!st)
			st = core_read_phys(core, paddr, to, part, err);
		if (st)
			return err_add(err, st, "address %#" PRIx64, addr);
		to += part;
		addr += part;
		len -= part;
	}
	return STATUS_FOUND;
}

uint64_t core_uint(const struct core *core, const void *p, unsigned size)
{
	return probe_uint(core_is_big_endian(core), p, size);
}

enum status core_read_uint(struct core *core, uint64_t addr, unsigned size, uint64_t *ret,
			   struct err *err)
{
	uint8_t raw[8];
	enum status st;

	if (size > sizeof(raw))
		return err_set(err, STATUS_BROKEN, "a number of %u bytes", size);
	st = core_read_virt(core, addr, raw, size, err);
	if (!st)
		*ret = core_uint(core, raw, size);
	return st;
}

enum status core_read_ptr(struct core *core, uint64_t addr, uint64_t *ret, struct err *err)
{
	return core_read_uint(core, addr, core->probe[0].is_64 ? 8 : 4, ret, err);
}

/* In small pieces that end with a page: what lies behind the string need not be there. */
enum status core_read_str(struct core *core, uint64_t addr, char *buf, size_t cap,
			  struct err *err)
{
	enum { PIECE = 64 };
	size_t done = 0;

	buf[0] = '\0';
	while (done + 1 < cap) {
		size_t part = PIECE - (addr & (PIECE - 1));
		enum status st;

		if (part > cap - 1 - done)
			part = cap - 1 - done;
		st = core_read_virt(core, addr, buf + done, part, err);
		buf[st ? done : done + part] = '\0';
		if (st)
			return st;
		if (memchr(buf + done, '\0', part))
			return STATUS_FOUND;
		addr += part;
		done += part;
	}
	return STATUS_FOUND;
}

/* --- VMCOREINFO -------------------------------------------------------------------------- */

struct slice core_vmcoreinfo(const struct core *core)
{
	return (struct slice){core->vmcoreinfo, core->vmcoreinfo_len};
}

static enum status find_value(const struct core *core, const char *key, const char *name,
			      struct slice *ret, struct err *err)
{
	if (vmcoreinfo_find(core_vmcoreinfo(core), key, name, ret))
		return STATUS_FOUND;
	return err_set(err, STATUS_ABSENT, "VMCOREINFO has no %s(%s)", key, name);
}

static enum status bad_value(const char *key, const char *name, struct slice value,
			     struct err *err)
{
	return err_set(err, STATUS_BROKEN, "VMCOREINFO says %s(%s)=%.*s", key, name,
		       value.n > 32 ? 32 : (int)value.n, value.p);
}

enum status core_number(const struct core *core, const char *name, int64_t *ret, struct err *err)
{
	struct slice value;
	enum status st = find_value(core, "NUMBER", name, &value, err);

	if (!st && !vmcoreinfo_number(value, ret))
		st = bad_value("NUMBER", name, value, err);
	return st;
}

enum status core_symbol(const struct core *core, const char *name, uint64_t *ret, struct err *err)
{
	struct slice value;
	enum status st = find_value(core, "SYMBOL", name, &value, err);

	if (!st && !vmcoreinfo_hex(value, ret))
		st = bad_value("SYMBOL", name, value, err);
	return st;
}

static enum status find_unsigned(const struct core *core, const char *key, const char *name,
				 uint64_t *ret, struct err *err)
{
	struct slice value;
	int64_t number;
	enum status st = find_value(core, key, name, &value, err);

	if (st)
		return st;
	if (!vmcoreinfo_number(value, &number) || number < 0)
		return bad_value(key, name, value, err);
	*ret = (uint64_t)number;
	return STATUS_FOUND;
}

enum status core_offset(const struct core *core, const char *member, uint64_t *ret,
			struct err *err)
{
	return find_unsigned(core, "OFFSET", member, ret, err);
}

enum status core_size(const struct core *core, const char *type, uint64_t *ret, struct err *err)
{
	return find_unsigned(core, "SIZE", type, ret, err);
}

enum status core_info_line(const struct core *core, const char *key, struct slice *ret,
			   struct err *err)
{
	if (vmcoreinfo_find(core_vmcoreinfo(core), key, NULL, ret))
		return STATUS_FOUND;
	return err_set(err, STATUS_ABSENT, "VMCOREINFO has no %s", key);
}

/* --- CPUs -------------------------------------------------------------------------------- */

unsigned core_cpu_notes(const struct core *core)
{
	return (unsigned)core->probe[0].notes.cpus;
}

enum status core_cpu_note(const struct core *core, unsigned note, void *buf, size_t cap,
			  size_t *ret_size, struct err *err)
{
	const struct probe_notes *notes = &core->probe[0].notes;

	if (note >= notes->cpus)
		return err_set(err, STATUS_ABSENT, "the dump has %zu CPU notes", notes->cpus);
	if (notes->cpu[note].size > cap)
		return err_set(err, STATUS_BROKEN, "CPU note %u has %" PRIu32 " bytes", note,
			       notes->cpu[note].size);
	*ret_size = notes->cpu[note].size;
	return core_file_read(&core->file[0], notes->cpu[note].offset, buf, *ret_size, err);
}

enum status core_cpu_regs(struct core *core, unsigned note, struct core_regs *ret,
			  struct err *err)
{
	uint8_t desc[REGS_MAX_NOTE];
	size_t size;
	enum status st = core_cpu_note(core, note, desc, sizeof(desc), &size, err);

	if (st)
		return st;
	ret->note = note;
	return regs_parse(ret, core_arch(core), core_is_big_endian(core), desc, size, err);
}

/* --- names -------------------------------------------------------------------------------- */

/*
 * In struct uts_namespace. Kernels that do not give the offset (5.10 and before) have the name
 * behind a reference count; those that do (5.14 and after) have it first.
 */
static enum status read_uts(struct core *core, uint64_t addr, uint64_t offset,
			    struct core_utsname *ret, struct err *err)
{
	struct core_utsname uts;
	enum status st = core_read_virt(core, addr + offset, &uts, sizeof(uts), err);

	if (st)
		return st;
	core_utsname_close(&uts);
	if (strcmp(uts.sysname, "Linux"))
		return err_set(err, STATUS_BROKEN, "init_uts_ns is not Linux's");
	*ret = uts;
	return STATUS_FOUND;
}

enum status core_utsname(struct core *core, struct core_utsname *ret, struct err *err)
{
	const struct probe *probe = &core->probe[0];
	uint64_t addr, offset = 4;
	enum status st = core_symbol(core, "init_uts_ns", &addr, err);

	(void)core_offset(core, "uts_namespace.name", &offset, NULL);
	if (!st)
		st = read_uts(core, addr, offset, ret, err);
	if (!st || probe->is_elf || strcmp(probe->kdump.uts.sysname, "Linux"))
		return st;
	*ret = probe->kdump.uts;
	return STATUS_FOUND;
}

/* --- what it is -------------------------------------------------------------------------- */

const struct core_info *core_info(const struct core *core)
{
	return &core->info;
}

enum core_arch core_arch(const struct core *core)
{
	return core->arch ? core->arch->id : CORE_ARCH_UNKNOWN;
}

const char *core_machine(const struct core *core)
{
	return core->machine;
}

bool core_is_big_endian(const struct core *core)
{
	return core->probe[0].big_endian;
}

bool core_is_64bit(const struct core *core)
{
	return core->probe[0].is_64;
}

unsigned core_page_size(const struct core *core)
{
	return core->page_size;
}

/* --- opening ----------------------------------------------------------------------------- */

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
		if (k->max_pfn != first->max_pfn || k->block_size != first->block_size)
			return err_set(err, STATUS_BROKEN, "file %zu of %zu is of another dump", i + 1,
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
		       "opening it takes about %" PRIu64 " MiB of memory, the limit is %" PRIu64
		       " MiB: raise the limit, or save the dump as ELF (makedumpfile -E, or /proc/vmcore itself), which takes none",
		       need >> 20, limits->open_bytes >> 20);
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

	if (probe->is_elf && core->file[0].flat)
		return STATUS_FOUND; /* our index reads it without a temporary file */
	if (!probe->is_elf && !*probe->kdump.uts.machine && core->arch)
		arch = core->arch->lib_name;
	for (size_t i = 0; !st && i < core->files; i++) {
		/* makedumpfile leaves members of a small dump empty; the library mixes them up. */
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

static enum status set_page_size(struct core *core, unsigned size, struct err *err)
{
	uint8_t *bytes;

	core->page_size = size;
	core->pages = CACHE_BYTES / size < CACHE_PAGES ? CACHE_BYTES / size : CACHE_PAGES;
	bytes = realloc(core->bytes, (size_t)core->pages * size);
	if (!bytes)
		return err_set(err, STATUS_BROKEN, "out of memory");
	core->bytes = bytes;
	forget_pages(core);
	return STATUS_FOUND;
}

/* s390x: the lowcore points at an ELF note: 12 bytes of sizes, the name in 12, the text. */
static enum status read_lowcore_info(struct core *core, struct err *err)
{
	enum { NOTE_HEAD = 24 };
	uint8_t pointer[8], head[NOTE_HEAD];
	uint64_t addr, size;
	enum status st = core_read_phys(core, core->arch->vmcoreinfo_at, pointer, sizeof(pointer), err);

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
		return err_set(err, STATUS_BROKEN,
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
	return set_page_size(core, (unsigned)size, err);
}

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
		incomplete(info, "cut short: %" PRIu64 " of %" PRIu64 " bytes are there", file->size,
			   probe->expected_bytes);
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

static void fill_info(struct core *core)
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
	fill_info(core);
	st = open_library(core, err);
	if (!st)
		st = set_page_size(core, core->probe[0].is_elf ? 4096 : core->probe[0].kdump.block_size,
				   err);
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
