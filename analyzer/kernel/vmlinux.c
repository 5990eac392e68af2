// SPDX-License-Identifier: GPL-2.0-or-later
//
// Symbols from a vmlinux, stripped of code or not: the ELF symbol table, put in order of address.
// A build id tells whether it is the crashed kernel's. The table is held in memory (about 10 MiB),
// so this is for an analysis at the desk and not for the capture kernel.
#include <fcntl.h>
#include <gelf.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kernel/symbols-table.h"

enum {
	MAX_BUILD_ID = 64,
	MAX_SYMBOL_BYTES = 256 << 20, /* of a section that is held in memory */
};

struct vmlinux {
	struct symbols_table table; /* first: it is what the others see */
	int fd;
	Elf *elf;
	Elf_Data *symtab;
	size_t strtab; /* section number of the names */
	struct sorted {
		uint64_t addr;
		uint32_t index; /* in symtab */
		bool weak;
	} *sorted;
};

/* --- which symbols ----------------------------------------------------------------------- */

static const char *name_of(struct vmlinux *v, const GElf_Sym *sym)
{
	const char *name = elf_strptr(v->elf, v->strtab, sym->st_name);

	return name ? name : "";
}

/* As the kernel's own table: no files, sections, nor marks between code and data. */
static bool is_wanted(struct vmlinux *v, const GElf_Sym *sym)
{
	unsigned type = GELF_ST_TYPE(sym->st_info);
	const char *name;

	if (sym->st_shndx == SHN_UNDEF || type == STT_FILE || type == STT_SECTION)
		return false;
	name = name_of(v, sym);
	return *name && *name != '$' && strncmp(name, ".L", 2) && strlen(name) < SYMBOL_NAME;
}

static int by_address(const void *a, const void *b)
{
	const struct sorted *x = a, *y = b;

	if (x->addr != y->addr)
		return x->addr < y->addr ? -1 : 1;
	if (x->weak != y->weak)
		return x->weak ? 1 : -1;
	return x->index < y->index ? -1 : 1;
}

static enum status collect(struct vmlinux *v, uint64_t *ret_stext, struct err *err)
{
	GElf_Sym sym;
	bool found = false;
	size_t n = v->symtab->d_size / gelf_fsize(v->elf, ELF_T_SYM, 1, EV_CURRENT);

	if (n > SYMBOLS_MAX)
		return err_set(err, STATUS_BROKEN, "%zu symbols", n);
	v->sorted = calloc(n + 1, sizeof(*v->sorted));
	if (!v->sorted)
		return err_set(err, STATUS_BROKEN, "out of memory");
	for (size_t i = 1; i < n; i++) {
		if (!gelf_getsym(v->symtab, (int)i, &sym) || !is_wanted(v, &sym))
			continue;
		v->sorted[v->table.count++] = (struct sorted){
			.addr = sym.st_value,
			.index = (uint32_t)i,
			.weak = GELF_ST_BIND(sym.st_info) == STB_WEAK,
		};
		if (!strcmp(name_of(v, &sym), "_stext")) {
			*ret_stext = sym.st_value;
			found = true;
		}
	}
	return found ? STATUS_FOUND : err_set(err, STATUS_BROKEN, "no _stext in its symbol table");
}

static enum status relocate(struct vmlinux *v, struct core *core, uint64_t stext,
			    struct err *err)
{
	struct symbols_relocation relocation;
	enum status st = symbols_relocation(core, stext, &relocation, err);

	for (uint32_t i = 0; !st && i < v->table.count; i++) {
		struct sorted *s = &v->sorted[i];
		GElf_Sym sym;

		s->addr = symbols_relocate(&relocation, s->addr);
		if (gelf_getsym(v->symtab, (int)s->index, &sym))
			st = symbols_check_known(core, name_of(v, &sym), s->addr, err);
	}
	return st;
}

/* --- sections ---------------------------------------------------------------------------- */

static enum status find_symtab(struct vmlinux *v, struct err *err)
{
	Elf_Scn *scn = NULL;
	GElf_Shdr sh;

	while ((scn = elf_nextscn(v->elf, scn))) {
		if (!gelf_getshdr(scn, &sh) || sh.sh_type != SHT_SYMTAB)
			continue;
		if (sh.sh_size > MAX_SYMBOL_BYTES)
			return err_set(err, STATUS_BROKEN, "a symbol table of %" PRIu64 " bytes",
				       (uint64_t)sh.sh_size);
		v->symtab = elf_getdata(scn, NULL);
		v->strtab = sh.sh_link;
		if (!v->symtab || !v->symtab->d_buf)
			return err_set(err, STATUS_BROKEN, "its symbol table: %s", elf_errmsg(-1));
		return STATUS_FOUND;
	}
	return err_set(err, STATUS_BROKEN, "no symbol table: a stripped vmlinux");
}

/* The build id among the notes of one section, in hex. */
static bool build_id_in(Elf_Data *notes, char *ret, size_t cap)
{
	size_t at = 0, name, desc;
	GElf_Nhdr note;

	while ((at = gelf_getnote(notes, at, &note, &name, &desc)) > 0) {
		const unsigned char *id = (const unsigned char *)notes->d_buf + desc;
		size_t used = 0;

		if (note.n_type != NT_GNU_BUILD_ID || note.n_namesz != sizeof("GNU") ||
		    memcmp((const char *)notes->d_buf + name, "GNU", sizeof("GNU")))
			continue;
		for (size_t i = 0; i < note.n_descsz && used + 2 < cap; i++)
			used += (size_t)snprintf(ret + used, cap - used, "%02x", id[i]);
		return used;
	}
	return false;
}

static bool find_build_id(struct vmlinux *v, char *ret, size_t cap)
{
	Elf_Scn *scn = NULL;
	GElf_Shdr sh;

	while ((scn = elf_nextscn(v->elf, scn))) {
		Elf_Data *notes;

		if (!gelf_getshdr(scn, &sh) || sh.sh_type != SHT_NOTE || sh.sh_size > MAX_SYMBOL_BYTES)
			continue;
		notes = elf_getdata(scn, NULL);
		if (notes && notes->d_buf && build_id_in(notes, ret, cap))
			return true;
	}
	return false;
}

/* VMCOREINFO has one since v5.14; before, the addresses alone must do. */
static enum status check_build_id(struct vmlinux *v, struct core *core, struct err *err)
{
	char ours[2 * MAX_BUILD_ID + 1] = "";
	struct slice theirs;

	if (core_info_line(core, "BUILD-ID", &theirs, NULL) ||
	    !find_build_id(v, ours, sizeof(ours)) || slice_eq(theirs, ours))
		return STATUS_FOUND;
	return err_set(err, STATUS_BROKEN, "of another kernel: its build id is %s, the dump's %.*s",
		       ours, (int)theirs.n, theirs.p);
}

/* --- the table --------------------------------------------------------------------------- */

/* Coarse: what matters is whether it is code, and absolute. */
static char type_of(const GElf_Sym *sym)
{
	if (sym->st_shndx == SHN_ABS)
		return 'A';
	if (GELF_ST_BIND(sym->st_info) == STB_WEAK)
		return 'W';
	if (GELF_ST_TYPE(sym->st_info) == STT_OBJECT)
		return GELF_ST_BIND(sym->st_info) == STB_LOCAL ? 'd' : 'D';
	return GELF_ST_BIND(sym->st_info) == STB_LOCAL ? 't' : 'T';
}

static enum status vmlinux_next(struct symbols_table *table, struct symbols_place *place,
				struct symbol *ret, struct err *err)
{
	struct vmlinux *v = (struct vmlinux *)table;
	const struct sorted *s = &v->sorted[place->index];
	GElf_Sym sym;

	if (!gelf_getsym(v->symtab, (int)s->index, &sym))
		return err_set(err, STATUS_BROKEN, "symbol %" PRIu32 ": %s", s->index, elf_errmsg(-1));
	ret->addr = s->addr;
	ret->type = type_of(&sym);
	snprintf(ret->name, sizeof(ret->name), "%s", name_of(v, &sym));
	place->index++;
	return STATUS_FOUND;
}

static enum status vmlinux_next_addr(struct symbols_table *table, struct symbols_place *place,
				     uint64_t *ret, struct err *err)
{
	(void)err; /* it is in memory */
	*ret = ((struct vmlinux *)table)->sorted[place->index++].addr;
	return STATUS_FOUND;
}

static void vmlinux_close(struct symbols_table *table)
{
	struct vmlinux *v = (struct vmlinux *)table;

	free(v->sorted);
	if (v->elf)
		elf_end(v->elf);
	if (v->fd >= 0)
		close(v->fd);
	free(v);
}

static enum status load(struct vmlinux *v, struct core *core, const char *path, struct err *err)
{
	uint64_t stext = 0;
	enum status st;

	v->fd = open(path, O_RDONLY | O_CLOEXEC);
	if (v->fd < 0)
		return err_set(err, STATUS_BROKEN, "cannot open it: %m");
	if (elf_version(EV_CURRENT) == EV_NONE || !(v->elf = elf_begin(v->fd, ELF_C_READ, NULL)) ||
	    elf_kind(v->elf) != ELF_K_ELF)
		return err_set(err, STATUS_BROKEN, "not an ELF file");
	st = check_build_id(v, core, err);
	if (!st)
		st = find_symtab(v, err);
	if (!st)
		st = collect(v, &stext, err);
	if (!st)
		st = relocate(v, core, stext, err);
	if (!st)
		qsort(v->sorted, v->table.count, sizeof(*v->sorted), by_address);
	return st;
}

enum status vmlinux_open(struct symbols_table **ret, struct core *core, const char *path,
			 struct err *err)
{
	struct vmlinux *v = calloc(1, sizeof(*v));
	enum status st;

	if (!v)
		return err_set(err, STATUS_BROKEN, "out of memory");
	v->fd = -1;
	v->table = (struct symbols_table){
		.source = "vmlinux",
		.next = vmlinux_next,
		.next_addr = vmlinux_next_addr,
		.close = vmlinux_close,
	};
	st = load(v, core, path, err);
	if (st) {
		vmlinux_close(&v->table);
		return err_add(err, STATUS_BROKEN, "%s", path);
	}
	*ret = &v->table;
	return STATUS_FOUND;
}
