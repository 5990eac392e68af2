// SPDX-License-Identifier: GPL-2.0-or-later
//
// Symbols: the same list in every format of kallsyms, found through VMCOREINFO and by searching;
// System.map and vmlinux; damage.
#include <elf.h>
#include <string.h>

#include "dumps/mkkallsyms.h"
#include "kernel/symbols.h"
#include "unit/test-kernel.h"
#include "unit/test-rows.h"

#define TEXT MKDUMP_TEXT
#define PPC_TEXT 0xc000000000100000ull

enum {
	FUNCTIONS = 700,
	SPACING = 0x40,
	SMALL = 2, /* symbols at the start whose values are offsets of per-CPU variables */
	MAX_SYMBOLS = FUNCTIONS + 20,
	TABLES = 0x100000,
	DATA = 0x200000,
	END = 0x300000,
	LONG_NAME = 300,
};

struct list {
	struct mkkallsyms_symbol symbol[MAX_SYMBOLS];
	size_t count;
	char name[FUNCTIONS][32];
	char long_name[LONG_NAME + 1];
};

static void add(struct list *l, uint64_t addr, char type, const char *name)
{
	l->symbol[l->count++] = (struct mkkallsyms_symbol){addr, type, name};
}

static struct list *make_list(uint64_t text)
{
	struct list *l = calloc(1, sizeof(*l));

	assert_non_null(l);
	memset(l->long_name, '~', LONG_NAME);
	add(l, 0, 'A', "__per_cpu_start");
	add(l, 0x31980, 'A', "runqueues");
	add(l, text, 'T', "_stext");
	add(l, text, 'T', "_text");
	for (unsigned i = 0; i < FUNCTIONS; i++) {
		static const char *const stems[] = {"kmem_cache", "sched_tick", "do_it", "x"};

		snprintf(l->name[i], sizeof(l->name[i]), "%s_%u", stems[i % 4], i);
		add(l, text + 0x100 + i * SPACING, i % 2 ? 't' : 'T',
		    i == 5 || i == 600 ? "twice" : l->name[i]);
	}
	add(l, text + 0x20000, 't', l->long_name);
	add(l, text + 0x20100, 'T', "_etext");
	add(l, text + 0x40000, 'T', "_sinittext");
	add(l, text + 0x40100, 'T', "_einittext");
	add(l, text + DATA, 'D', "init_uts_ns");
	add(l, text + END, 'B', "_end");
	return l;
}

/* ---- whole tables ----------------------------------------------------------------------- */

static const struct row {
	const char *name;
	struct mkkallsyms_spec spec;
	enum mkdump_arch arch;
} rows[] = {
	{"2.6.32: absolute, 8-byte numbers",
	 {.addresses = MKKALLSYMS_ABSOLUTE, .wide_numbers = true, .hidden = true}, 0},
	{"4.19: per-CPU absolute, 8-byte numbers",
	 {.addresses = MKKALLSYMS_PERCPU, .wide_numbers = true, .hidden = true}, 0},
	{"5.10: per-CPU absolute", {.addresses = MKKALLSYMS_PERCPU, .hidden = true}, 0},
	{"5.10: base-relative", {.addresses = MKKALLSYMS_BASE, .hidden = true}, 0},
	{"6.1: per-CPU absolute, named", {.addresses = MKKALLSYMS_PERCPU}, 0},
	{"6.1: absolute, named", {.addresses = MKKALLSYMS_ABSOLUTE}, 0},
	{"6.12: new order", {.addresses = MKKALLSYMS_PERCPU, .addresses_last = true}, 0},
	{"6.12: new order, not named",
	 {.addresses = MKKALLSYMS_PERCPU, .addresses_last = true, .hidden = true}, 0},
	{"6.16: base-relative", {.addresses = MKKALLSYMS_BASE, .addresses_last = true}, 0},
	{"7.2: place-relative",
	 {.addresses = MKKALLSYMS_PLACE, .addresses_last = true, .align_4 = true}, 0},
	{"7.2: place-relative, not named",
	 {.addresses = MKKALLSYMS_PLACE, .addresses_last = true, .align_4 = true, .hidden = true},
	 0},
	{"big-endian: absolute, 8-byte numbers",
	 {.addresses = MKKALLSYMS_ABSOLUTE, .wide_numbers = true, .hidden = true}, MKDUMP_PPC64},
	{"big-endian: base-relative, not named",
	 {.addresses = MKKALLSYMS_BASE, .hidden = true}, MKDUMP_PPC64},
	{"big-endian: place-relative",
	 {.addresses = MKKALLSYMS_PLACE, .addresses_last = true, .align_4 = true}, MKDUMP_PPC64},
};

/* The dump of a list; whichever addresses can not have small values begins behind them. */
static struct mkdump *make_dump(const struct mkkallsyms_spec *spec, enum mkdump_arch arch,
				struct list *l, struct mkkallsyms_places *places, size_t *first)
{
	struct mkdump *d = mkdump_new(arch);
	uint64_t text = l->symbol[SMALL].addr;

	*first = spec->addresses == MKKALLSYMS_BASE || spec->addresses == MKKALLSYMS_PLACE ? SMALL
											     : 0;
	mkdump_info(d, "SYMBOL(_stext)=%" PRIx64, text);
	mkdump_info(d, "SYMBOL(init_uts_ns)=%" PRIx64, text + DATA);
	mkkallsyms(d, text, text + TABLES, spec, l->symbol + *first, l->count - *first, places);
	return d;
}

struct expected {
	const struct mkkallsyms_symbol *symbol;
	size_t left;
};

static bool is_next(const struct symbol *symbol, void *ctx)
{
	struct expected *e = ctx;

	assert_true(e->left > 0);
	assert_string_equal(symbol->name, e->symbol->name);
	assert_true(symbol->addr == e->symbol->addr);
	assert_int_equal(symbol->type, e->symbol->type);
	e->symbol++;
	e->left--;
	return true;
}

static void check_address(struct symbols *s, uint64_t addr, const char *name, uint64_t offset,
			  uint64_t size)
{
	struct symbol symbol;
	struct err err = {""};

	if (symbols_at(s, addr, &symbol, &err))
		fail_msg("%#" PRIx64 ": %s", addr, err.text);
	assert_string_equal(symbol.name, name);
	assert_int_equal(symbol.offset, offset);
	assert_int_equal(symbol.size, size);
	assert_string_equal(symbol.module, "");
}

/* What every source of this list must answer. */
static void check_lookups(struct symbols *s, const struct list *l, uint64_t text)
{
	struct symbol symbol;
	uint64_t addr;

	assert_int_equal(symbols_find(s, "twice", &addr, NULL), STATUS_FOUND);
	assert_true(addr == text + 0x100 + 5 * SPACING);
	assert_int_equal(symbols_find_nth(s, "twice", 1, &addr, NULL), STATUS_FOUND);
	assert_true(addr == text + 0x100 + 600 * SPACING);
	assert_int_equal(symbols_find_nth(s, "twice", 2, &addr, NULL), STATUS_ABSENT);
	assert_int_equal(symbols_find(s, "no_such", &addr, NULL), STATUS_ABSENT);
	assert_int_equal(symbols_find(s, l->long_name, &addr, NULL), STATUS_FOUND);
	for (unsigned i = 0; i < FUNCTIONS; i += 13)
		check_address(s, text + 0x100 + i * SPACING + 3, l->name[i], 3, SPACING);
	check_address(s, text + 8, "_stext", 8, 0x100); /* the first of two */
	check_address(s, text + END - 1, "init_uts_ns", END - DATA - 1, END - DATA);
	assert_int_equal(symbols_at(s, text + END, &symbol, NULL), STATUS_ABSENT);
	assert_int_equal(symbols_at(s, text - 1, &symbol, NULL), STATUS_ABSENT);
	assert_int_equal(symbols_at(s, 0x31980, &symbol, NULL), STATUS_ABSENT);
	assert_true(symbols_is_text(s, text + 0x100));
	assert_true(symbols_is_text(s, text + 0x40010));
	assert_false(symbols_is_text(s, text + 0x20100));
	assert_false(symbols_is_text(s, text + DATA));
}

static void read_row(void **state)
{
	const struct row *row = *state;
	uint64_t text = row->arch == MKDUMP_PPC64 ? PPC_TEXT : TEXT;
	struct list *l = make_list(text);
	struct mkkallsyms_places places;
	struct symbols *s;
	struct err err = {""};
	size_t first;
	struct mkdump *d = make_dump(&row->spec, row->arch, l, &places, &first);
	struct core *core = open_dump(d);
	struct expected e = {l->symbol + first, l->count - first};
	uint64_t addr;

	if (symbols_open(&s, core, NULL, &err))
		fail_msg("%s", err.text);
	assert_string_equal(symbols_source(s), "kallsyms");
	assert_int_equal(symbols_count(s), e.left);
	assert_null(symbols_why_cut(s));
	assert_int_equal(symbols_each(s, is_next, &e, &err), STATUS_FOUND);
	assert_int_equal(e.left, 0);
	check_lookups(s, l, text);
	if (!first) {
		assert_int_equal(symbols_find(s, "runqueues", &addr, NULL), STATUS_FOUND);
		assert_int_equal(addr, 0x31980);
	}
	symbols_close(s);
	core_close(core);
	mkdump_free(d);
	free(l);
}

/* ---- damage ----------------------------------------------------------------------------- */

enum damage {
	COUNT_HUGE, COUNT_ZERO, INDEX_OUT, TABLES_SWAPPED, STEXT_ELSEWHERE, NO_STEXT_NAME,
	NAME_EMPTY, NAME_ENDLESS, COUNT_TOO_GREAT, TOKENS_DROPPED, ADDRESSES_DROPPED,
	NAMES_DROPPED, MARKERS_ODD,
};

static const struct damage_row {
	const char *name;
	enum damage damage;
	bool hidden;
	enum status status;
	uint32_t count; /* of a table that is cut */
} damages[] = {
	{"count of all ones", COUNT_HUGE, false, STATUS_BROKEN, 0},
	{"count of zero", COUNT_ZERO, false, STATUS_BROKEN, 0},
	{"token index out of the table", INDEX_OUT, false, STATUS_BROKEN, 0},
	{"index before the tokens", TABLES_SWAPPED, true, STATUS_BROKEN, 0},
	{"no formula gives _stext", STEXT_ELSEWHERE, false, STATUS_BROKEN, 0},
	{"_stext is no name", NO_STEXT_NAME, false, STATUS_BROKEN, 0},
	{"a name of no tokens", NAME_EMPTY, false, STATUS_FOUND, 10},
	{"a name that passes the end", NAME_ENDLESS, false, STATUS_FOUND, 10},
	{"more symbols than names", COUNT_TOO_GREAT, false, STATUS_FOUND, MAX_SYMBOLS},
	{"tokens filtered", TOKENS_DROPPED, false, STATUS_ABSENT, 0},
	{"tokens filtered, searched for", TOKENS_DROPPED, true, STATUS_ABSENT, 0},
	{"addresses filtered", ADDRESSES_DROPPED, false, STATUS_BROKEN, 0},
	{"names filtered from the second page on", NAMES_DROPPED, false, STATUS_FOUND, MAX_SYMBOLS},
	{"markers that do not rise", MARKERS_ODD, true, STATUS_BROKEN, 0},
};

static uint64_t page_of(struct mkdump *d, uint64_t addr)
{
	return mkdump_translate(d, addr) & ~(uint64_t)(MKDUMP_PAGE - 1);
}

/* Behind the names so far: the 10th, whose length byte is found by passing over the others. */
static uint64_t tenth_name(struct mkdump *d, const struct mkkallsyms_places *p)
{
	struct core *core = open_dump(d);
	uint64_t at = p->names, len;

	for (unsigned i = 0; i < 10; i++) {
		assert_int_equal(core_read_uint(core, at, 1, &len, NULL), STATUS_FOUND);
		at += 1 + len;
	}
	core_close(core);
	return at;
}

static void do_damage(struct mkdump *d, const struct mkkallsyms_places *p, enum damage damage)
{
	switch (damage) {
	case COUNT_HUGE:
		mkdump_uint(d, p->num_syms, 4, UINT32_MAX);
		break;
	case COUNT_ZERO:
		mkdump_uint(d, p->num_syms, 8, 0);
		break;
	case COUNT_TOO_GREAT:
		mkdump_uint(d, p->num_syms, 4, MAX_SYMBOLS + 1000);
		break;
	case INDEX_OUT:
		mkdump_uint(d, p->token_index + 2 * 200, 2, 0xffff);
		break;
	case TABLES_SWAPPED:
		mkdump_info(d, "SYMBOL(kallsyms_num_syms)=%" PRIx64, p->num_syms);
		mkdump_info(d, "SYMBOL(kallsyms_names)=%" PRIx64, p->names);
		mkdump_info(d, "SYMBOL(kallsyms_token_table)=%" PRIx64, p->token_index);
		mkdump_info(d, "SYMBOL(kallsyms_token_index)=%" PRIx64, p->token_table);
		break;
	case STEXT_ELSEWHERE:
		mkdump_uint(d, p->relative_base, 8, TEXT + 0x1000);
		break;
	case NO_STEXT_NAME:
		mkdump_uint(d, p->token_table + 2 * '_', 1, '-');
		for (unsigned i = 0; i < 512; i++)
			mkdump_uint(d, p->names + i, 1, 'x' - 'a');
		break;
	case NAME_EMPTY:
		mkdump_uint(d, tenth_name(d, p), 1, 0);
		break;
	case NAME_ENDLESS:
		mkdump_uint(d, tenth_name(d, p), 2, 0xffff);
		break;
	case TOKENS_DROPPED:
		mkdump_drop(d, page_of(d, p->token_table));
		mkdump_drop(d, page_of(d, p->token_index));
		break;
	case ADDRESSES_DROPPED:
		mkdump_drop(d, page_of(d, p->offsets));
		break;
	case NAMES_DROPPED:
		mkdump_drop(d, page_of(d, p->names) + MKDUMP_PAGE);
		break;
	case MARKERS_ODD:
		mkdump_uint(d, p->markers + 8, 4, 1);
		break;
	}
}

static void read_damaged(void **state)
{
	const struct damage_row *row = *state;
	const struct mkkallsyms_spec spec = {
		.addresses = MKKALLSYMS_PERCPU,
		.hidden = row->hidden,
	};
	struct list *l = make_list(TEXT);
	struct mkkallsyms_places places;
	struct symbols *s = NULL;
	struct err err = {""};
	size_t first;
	struct mkdump *d = make_dump(&spec, MKDUMP_X86_64, l, &places, &first);
	struct core *core;

	do_damage(d, &places, row->damage);
	core = open_dump(d);
	assert_int_equal(symbols_open(&s, core, NULL, &err), row->status);
	if (row->status) {
		assert_string_not_equal(err.text, "");
	} else {
		uint64_t addr;

		assert_non_null(symbols_why_cut(s));
		assert_true(symbols_count(s) >= 10 && symbols_count(s) <= row->count);
		assert_int_equal(symbols_find(s, "_text", &addr, NULL), STATUS_FOUND);
		assert_true(addr == TEXT);
		assert_int_equal(symbols_find(s, "no_such", &addr, &err), STATUS_ABSENT);
		assert_non_null(strstr(err.text, "not whole"));
	}
	symbols_close(s);
	core_close(core);
	mkdump_free(d);
	free(l);
}

/* ---- files ------------------------------------------------------------------------------ */

/* All linked 0x4000000 below where the kernel ran. */
#define LINKED(addr) ((addr) < 0x100000 ? (addr) : (addr) - 0x4000000)

static struct core *open_core_without_tables(const char *build_id)
{
	struct mkdump *d = mkdump_new(MKDUMP_X86_64);
	struct core *core;

	mkdump_info(d, "SYMBOL(_stext)=%" PRIx64, (uint64_t)TEXT);
	mkdump_info(d, "SYMBOL(init_uts_ns)=%" PRIx64, (uint64_t)TEXT + DATA);
	if (build_id)
		mkdump_info(d, "BUILD-ID=%s", build_id);
	mkdump_uint(d, TEXT, 8, 0);
	core = open_dump(d);
	mkdump_free(d);
	return core;
}

static void temporary_path(int *ret_fd, char path[32])
{
	FILE *f = tmpfile();

	assert_non_null(f);
	*ret_fd = dup(fileno(f));
	fclose(f);
	snprintf(path, 32, "/proc/self/fd/%d", *ret_fd);
}

/* Lines of a System.map, in the list's order; `moved` puts one of them elsewhere. */
static void write_map(int fd, const struct list *l, const char *moved, bool swap)
{
	FILE *f = fdopen(dup(fd), "w");

	for (size_t i = 0; i < l->count; i++) {
		const struct mkkallsyms_symbol *s = &l->symbol[swap && i > 300 ? l->count - 1 - i : i];
		uint64_t addr = LINKED(s->addr);

		if (moved && !strcmp(moved, s->name))
			addr += 0x40;
		fprintf(f, "%016" PRIx64 " %c %s\n", addr, s->type, s->name);
	}
	fclose(f);
}

static void read_system_map(void **state)
{
	struct list *l = make_list(TEXT);
	struct core *core = open_core_without_tables(NULL);
	struct expected e = {l->symbol, l->count};
	struct symbols *s;
	struct err err = {""};
	char path[32];
	int fd;

	(void)state;
	temporary_path(&fd, path);
	write_map(fd, l, NULL, false);
	if (symbols_open(&s, core, &(struct symbols_files){.system_map = path}, &err))
		fail_msg("%s", err.text);
	assert_string_equal(symbols_source(s), "System.map");
	assert_int_equal(symbols_each(s, is_next, &e, &err), STATUS_FOUND);
	assert_int_equal(e.left, 0);
	check_lookups(s, l, TEXT);
	symbols_close(s);
	close(fd);
	core_close(core);
	free(l);
}

static void refuse_map(const char *text, const struct list *l, const char *moved, bool swap,
		       const char *why)
{
	struct core *core = open_core_without_tables(NULL);
	struct symbols *s;
	struct err err = {""};
	char path[32];
	int fd;

	temporary_path(&fd, path);
	if (text)
		assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	else
		write_map(fd, l, moved, swap);
	assert_int_equal(symbols_open(&s, core, &(struct symbols_files){.system_map = path}, &err),
			 STATUS_BROKEN);
	if (!strstr(err.text, why))
		fail_msg("%s", err.text);
	close(fd);
	core_close(core);
}

static void refuse_system_maps(void **state)
{
	struct list *l = make_list(TEXT);

	(void)state;
	refuse_map(NULL, l, "init_uts_ns", false, "of another kernel: init_uts_ns");
	refuse_map("ffffffff81000040 T _stext\n", l, NULL, false, "of another kernel: its _stext");
	refuse_map(NULL, l, NULL, true, "out of order");
	refuse_map("ffffffff81000000 T _text\n", l, NULL, false, "no _stext");
	refuse_map("hello\n", l, NULL, false, "line 1 is not one of a System.map");
	refuse_map("", l, NULL, false, "no _stext");
	free(l);
}

enum { ELF_NOTE = 1, ELF_SYMTAB, ELF_STRTAB, ELF_SECTIONS };

/* A vmlinux of nothing but its note and symbols, the last one first. */
static void write_vmlinux(int fd, const struct list *l)
{
	static const struct {
		Elf64_Nhdr head;
		char name[4];
		unsigned char id[4];
	} note = {{4, 4, NT_GNU_BUILD_ID}, "GNU", {0xde, 0xad, 0xbe, 0xef}};
	Elf64_Ehdr eh = {
		.e_ident = {0x7f, 'E', 'L', 'F', ELFCLASS64, ELFDATA2LSB, EV_CURRENT},
		.e_type = ET_EXEC, .e_machine = EM_X86_64, .e_version = EV_CURRENT,
		.e_shoff = sizeof(eh), .e_ehsize = sizeof(eh),
		.e_shentsize = sizeof(Elf64_Shdr), .e_shnum = ELF_SECTIONS,
	};
	Elf64_Shdr sh[ELF_SECTIONS] = {{0}};
	Elf64_Sym sym[MAX_SYMBOLS + 1] = {{0}};
	char strings[1 << 16] = "";
	size_t used = 1;
	FILE *f = fdopen(dup(fd), "w");

	for (size_t i = 0; i < l->count; i++) {
		const struct mkkallsyms_symbol *s = &l->symbol[l->count - 1 - i];
		bool second = !strcmp(s->name, "_text");

		sym[i + 1] = (Elf64_Sym){
			.st_name = (Elf64_Word)used,
			.st_info = ELF64_ST_INFO(second ? STB_WEAK : STB_GLOBAL, STT_FUNC),
			.st_shndx = ELF_NOTE,
			.st_value = LINKED(s->addr),
		};
		strcpy(strings + used, s->name);
		used += strlen(s->name) + 1;
	}
	sh[ELF_NOTE] = (Elf64_Shdr){.sh_type = SHT_NOTE, .sh_offset = sizeof(eh) + sizeof(sh),
				    .sh_size = sizeof(note), .sh_addralign = 4};
	sh[ELF_SYMTAB] = (Elf64_Shdr){.sh_type = SHT_SYMTAB, .sh_link = ELF_STRTAB,
				      .sh_offset = sh[ELF_NOTE].sh_offset + sizeof(note),
				      .sh_size = (l->count + 1) * sizeof(*sym),
				      .sh_entsize = sizeof(*sym), .sh_addralign = 8};
	sh[ELF_STRTAB] = (Elf64_Shdr){.sh_type = SHT_STRTAB,
				      .sh_offset = sh[ELF_SYMTAB].sh_offset + sh[ELF_SYMTAB].sh_size,
				      .sh_size = used, .sh_addralign = 1};
	fwrite(&eh, sizeof(eh), 1, f);
	fwrite(sh, sizeof(sh), 1, f);
	fwrite(&note, sizeof(note), 1, f);
	fwrite(sym, sizeof(*sym), l->count + 1, f);
	fwrite(strings, 1, used, f);
	fclose(f);
}

static void read_vmlinux(void **state)
{
	struct list *l = make_list(TEXT);
	struct core *core = open_core_without_tables("deadbeef");
	struct symbols *s;
	struct err err = {""};
	uint64_t addr;
	char path[32];
	int fd;

	(void)state;
	temporary_path(&fd, path);
	write_vmlinux(fd, l);
	if (symbols_open(&s, core, &(struct symbols_files){.vmlinux = path}, &err))
		fail_msg("%s", err.text);
	assert_string_equal(symbols_source(s), "vmlinux");
	assert_int_equal(symbols_count(s), l->count);
	check_lookups(s, l, TEXT);
	assert_int_equal(symbols_find(s, "runqueues", &addr, NULL), STATUS_FOUND);
	assert_int_equal(addr, 0x31980);
	symbols_close(s);
	core_close(core);
	core = open_core_without_tables("0badf00d");
	assert_int_equal(symbols_open(&s, core, &(struct symbols_files){.vmlinux = path}, &err),
			 STATUS_BROKEN);
	assert_non_null(strstr(err.text, "its build id is deadbeef, the dump's 0badf00d"));
	core_close(core);
	close(fd);
	free(l);
}

int main(void)
{
	static const struct CMUnitTest others[] = {
		cmocka_unit_test(read_system_map),
		cmocka_unit_test(refuse_system_maps),
		cmocka_unit_test(read_vmlinux),
	};
	struct CMUnitTest tests[ARRAY_SIZE(rows) + ARRAY_SIZE(damages) + ARRAY_SIZE(others)];
	size_t n = 0;

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		tests[n++] = row_test(rows[i].name, read_row, &rows[i]);
	for (size_t i = 0; i < ARRAY_SIZE(damages); i++)
		tests[n++] = row_test(damages[i].name, read_damaged, &damages[i]);
	memcpy(&tests[n], others, sizeof(others));
	return cmocka_run_group_tests_name("kallsyms", tests, NULL, NULL);
}
