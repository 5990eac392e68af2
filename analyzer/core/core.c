// SPDX-License-Identifier: GPL-2.0-or-later
//
// What an open dump answers: virtual memory, VMCOREINFO's values, CPU registers, names.
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "core/inside.h"
#include "core/regs.h"
#include "core/vmcoreinfo.h"

enum status core_virt_to_phys(struct core *core, uint64_t addr, uint64_t *ret, struct err *err)
{
	return xlat_translate(&core->xlat, core, &core->probe[0], addr, ret, err);
}

enum status core_read_virt(struct core *core, uint64_t addr, void *buf, size_t len,
			   struct err *err)
{
	uint8_t *to = buf;

	if (len && addr + (len - 1) < addr)
		return err_set(err, STATUS_ABSENT,
			       "%zu bytes at %#" PRIx64 " pass the end of memory", len, addr);
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

enum status core_number(const struct core *core, const char *name, int64_t *ret,
			struct err *err)
{
	struct slice value;
	enum status st = find_value(core, "NUMBER", name, &value, err);

	if (!st && !vmcoreinfo_number(value, ret))
		st = bad_value("NUMBER", name, value, err);
	return st;
}

enum status core_symbol(const struct core *core, const char *name, uint64_t *ret,
			struct err *err)
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

enum status core_size(const struct core *core, const char *type, uint64_t *ret,
		      struct err *err)
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
