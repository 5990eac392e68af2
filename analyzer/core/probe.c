// SPDX-License-Identifier: GPL-2.0-or-later
//
// Which kind of dump a file is, and what all kinds share: numbers and notes.
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "core/flattened.h"
#include "core/probe.h"

enum { NT_PRSTATUS = 1 };

uint64_t probe_uint(bool big_endian, const void *p, unsigned size)
{
	const uint8_t *byte = p;
	uint64_t value = 0;

	for (unsigned i = 0; i < size; i++)
		value = value << 8 | byte[big_endian ? i : size - 1 - i];
	return value;
}

void core_utsname_close(struct core_utsname *uts)
{
	char *field[] = {uts->sysname, uts->nodename, uts->release,
			 uts->version, uts->machine,  uts->domainname};

	for (size_t i = 0; i < ARRAY_SIZE(field); i++)
		field[i][CORE_UTS_FIELD - 1] = '\0';
}

bool probe_is_magic(const void *head, size_t len)
{
	static const char *const magic[] = {"\177ELF", "KDUMP   "};

	for (size_t i = 0; i < ARRAY_SIZE(magic); i++) {
		if (len >= strlen(magic[i]) && !memcmp(head, magic[i], strlen(magic[i])))
			return true;
	}
	return flattened_is(head, len);
}

enum status probe_file(struct probe *ret, const struct core_file *file, struct err *err)
{
	char head[8] = "";

	if (core_file_has(file, 0, sizeof(head)))
		(void)core_file_read(file, 0, head, sizeof(head), err); /* else no magic */
	if (!memcmp(head, "\177ELF", 4))
		return probe_elf(ret, file, err);
	if (!memcmp(head, "KDUMP   ", 8))
		return probe_kdump(ret, file, err);
	return err_set(err, STATUS_BROKEN, "%s neither an ELF nor a kdump-compressed dump",
		       file->flat ? "the flattened stream holds" : "is");
}

void probe_done(struct probe *probe)
{
	free(probe->segments);
	free(probe->kdump.rank);
	free(probe->notes.vmcoreinfo);
	free(probe->notes.cpu);
	*probe = (struct probe){0};
}

enum status probe_vmcoreinfo(struct probe_notes *notes, const struct core_file *file,
			     uint64_t offset, uint32_t size, struct err *err)
{
	_cleanup_free_ char *text = NULL;
	enum status st;

	if (notes->vmcoreinfo || !size)
		return STATUS_FOUND;
	text = calloc(1, size + 1);
	if (!text)
		return err_set(err, STATUS_BROKEN, "out of memory");
	st = core_file_read(file, offset, text, size, err);
	if (st)
		return err_add(err, st, "cannot read VMCOREINFO");
	notes->vmcoreinfo_len = strlen(text);
	notes->vmcoreinfo = text;
	text = NULL;
	return STATUS_FOUND;
}

static bool keep_cpu(struct probe_notes *notes, uint64_t offset, uint32_t size)
{
	if (notes->cpus == PROBE_MAX_CPUS)
		return true;
	if (!(notes->cpus & (notes->cpus - 1))) { /* grows at powers of two */
		size_t cap = notes->cpus ? notes->cpus * 2 : 1;
		void *more = realloc(notes->cpu, cap * sizeof(*notes->cpu));

		if (!more)
			return false;
		notes->cpu = more;
	}
	notes->cpu[notes->cpus++] = (struct probe_cpu){offset, size};
	return true;
}

/* A note's head, with as much of its name as any name of interest has. */
struct note {
	uint32_t namesz, descsz, type;
	char name[12];
	uint64_t desc; /* file offset */
	uint64_t next;
};

static bool read_note(const struct core_file *file, uint64_t offset, uint64_t end,
		      bool big_endian, struct note *ret)
{
	struct note note = {0};
	uint8_t head[12];

	if (end - offset < sizeof(head) ||
	    core_file_read(file, offset, head, sizeof(head), NULL))
		return false;
	note.namesz = (uint32_t)probe_uint(big_endian, head, 4);
	note.descsz = (uint32_t)probe_uint(big_endian, head + 4, 4);
	note.type = (uint32_t)probe_uint(big_endian, head + 8, 4);
	note.desc = offset + sizeof(head) + (((uint64_t)note.namesz + 3) & ~3ull);
	note.next = note.desc + (((uint64_t)note.descsz + 3) & ~3ull);
	if (note.desc > end || note.descsz > end - note.desc)
		return false;
	if (note.namesz && note.namesz <= sizeof(note.name) &&
	    core_file_read(file, offset + sizeof(head), note.name, note.namesz, NULL))
		return false;
	note.name[sizeof(note.name) - 1] = '\0';
	*ret = note;
	return true;
}

static enum status keep_note(struct probe_notes *notes, const struct core_file *file,
			     const struct note *note, struct err *err)
{
	if (!strncmp(note->name, "VMCOREINFO", 10) && note->descsz > PROBE_MAX_VMCOREINFO)
		return err_set(err, STATUS_BROKEN,
			       "the VMCOREINFO note has %" PRIu32
			       " bytes, a real one has at most %d",
			       note->descsz, PROBE_MAX_VMCOREINFO);
	if (!strcmp(note->name, "VMCOREINFO"))
		return probe_vmcoreinfo(notes, file, note->desc, note->descsz, err);
	if (!strcmp(note->name, "CORE") && note->type == NT_PRSTATUS &&
	    !keep_cpu(notes, note->desc, note->descsz))
		return err_set(err, STATUS_BROKEN, "out of memory");
	return STATUS_FOUND;
}

enum status probe_notes(struct probe_notes *notes, const struct core_file *file,
			uint64_t offset, uint64_t size, bool big_endian, struct err *err)
{
	uint64_t end = offset + size;

	notes->bytes += size;
	if (end < offset || size > (uint64_t)PROBE_MAX_NOTES_GIB << 30 ||
	    notes->bytes > (uint64_t)PROBE_MAX_NOTES_GIB << 30)
		return err_set(err, STATUS_BROKEN, "notes of %" PRIu64 " bytes", notes->bytes);
	if (end > file->size) {
		notes->cut = true;
		end = file->size;
	}
	for (unsigned i = 0; offset < end; i++) {
		struct note note;
		enum status st;

		if (i == PROBE_MAX_NOTES)
			return err_set(err, STATUS_BROKEN, "more than %d notes",
				       PROBE_MAX_NOTES);
		if (!read_note(file, offset, end, big_endian, &note))
			break; /* padding at the end, or damaged: what came before is kept */
		st = keep_note(notes, file, &note, err);
		if (st)
			return st;
		offset = note.next;
	}
	return STATUS_FOUND;
}
