// SPDX-License-Identifier: GPL-2.0-or-later
//
// Flattened dumps, rearranged on demand.
//
// A dump writer that cannot seek (a pipe, ssh) sends a 4096-byte header that begins with
// "makedumpfile", and then records: where in the real file, how many bytes, and the bytes.
// Header and records are big-endian on every machine; a record with offset and size -1 ends
// the stream. A later record overwrites what an earlier one wrote.
//
// libkdumpfile reads the compressed kind from 0.5.3 and the ELF kind from 0.5.5, and wants a
// descriptor. We index the records instead of writing the whole dump a second time: reads of
// our own go through the index, and the library gets a sparse temporary file into which we
// copy, page by page, just what it is about to read. So one way serves every version.
#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/file.h"
#include "core/flattened.h"

enum {
	FLAT_HEADER = 4096,
	/* makedumpfile flushes about 1 MiB a record, QEMU some pages: this is a huge dump. */
	FLAT_MAX_RECORDS = 1 << 20,
	/* The library reads by its host's page; a larger one here is right for all of them. */
	FLAT_CHUNK = 64 * 1024,
};

static const char flat_signature[] = "makedumpfile";

/* One record: size bytes that stand at source in the stream belong at offset in the dump. */
struct flat_record {
	uint64_t offset, size, source;
	uint64_t reach; /* largest end of this and all records before it in the sorted array */
};

struct flattened {
	int fd;
	int temp_fd; /* -1: none yet */
	bool complete;
	uint64_t size;
	struct flat_record *records; /* sorted by offset */
	size_t count, cap;
	uint8_t *filled; /* a bit per FLAT_CHUNK of the temporary file */
};

bool flattened_is(const void *head, size_t len)
{
	return len >= sizeof(flat_signature) &&
	       !memcmp(head, flat_signature, sizeof(flat_signature));
}

static bool add_record(struct flattened *flat, uint64_t offset, uint64_t size, uint64_t source)
{
	if (flat->count == flat->cap) {
		size_t cap = flat->cap ? flat->cap * 2 : 64;
		void *more = realloc(flat->records, cap * sizeof(*flat->records));

		if (!more)
			return false;
		flat->records = more;
		flat->cap = cap;
	}
	flat->records[flat->count++] = (struct flat_record){offset, size, source, 0};
	if (offset + size > flat->size)
		flat->size = offset + size;
	return true;
}

/* Reads all record heads. A stream that just stops is not an error: what is there is used. */
static enum status read_index(struct flattened *flat, uint64_t file_bytes, struct err *err)
{
	uint64_t at = FLAT_HEADER;

	for (;;) {
		uint64_t head[2], offset, size;

		if (!core_pread(flat->fd, head, sizeof(head), at))
			return STATUS_FOUND;
		at += sizeof(head);
		offset = be64toh(head[0]);
		size = be64toh(head[1]);
		if (offset == UINT64_MAX && size == UINT64_MAX) {
			flat->complete = true;
			return STATUS_FOUND;
		}
		if (offset > INT64_MAX || size > INT64_MAX - offset || !size)
			return err_set(err, STATUS_BROKEN,
				       "record at %" PRIu64 " has offset %#" PRIx64
				       ", size %#" PRIx64,
				       at - sizeof(head), offset, size);
		if (flat->count == FLAT_MAX_RECORDS)
			return err_set(err, STATUS_BROKEN, "more than %d records",
				       FLAT_MAX_RECORDS);
		if (size > file_bytes - at)
			size = file_bytes - at;
		if (size && !add_record(flat, offset, size, at))
			return err_set(err, STATUS_BROKEN, "out of memory");
		at += size;
	}
}

static int by_offset(const void *pa, const void *pb)
{
	const struct flat_record *a = pa, *b = pb;

	if (a->offset != b->offset)
		return a->offset < b->offset ? -1 : 1;
	return a->source < b->source ? -1 : a->source > b->source;
}

static int by_source(const void *pa, const void *pb)
{
	const struct flat_record *a = *(const struct flat_record *const *)pa;
	const struct flat_record *b = *(const struct flat_record *const *)pb;

	return a->source < b->source ? -1 : a->source > b->source;
}

static void sort_index(struct flattened *flat)
{
	uint64_t reach = 0;

	qsort(flat->records, flat->count, sizeof(*flat->records), by_offset);
	for (size_t i = 0; i < flat->count; i++) {
		struct flat_record *r = &flat->records[i];

		if (r->offset + r->size > reach)
			reach = r->offset + r->size;
		r->reach = reach;
	}
}

enum status flattened_new(struct flattened **ret, int fd, uint64_t file_bytes, struct err *err)
{
	struct flattened *flat = calloc(1, sizeof(*flat));
	enum status st;

	if (!flat)
		return err_set(err, STATUS_BROKEN, "out of memory");
	flat->fd = fd;
	flat->temp_fd = -1;
	st = read_index(flat, file_bytes, err);
	if (!st && !flat->count)
		st = err_set(err, STATUS_BROKEN, "it holds no record");
	if (st) {
		flattened_free(flat);
		return st;
	}
	sort_index(flat);
	*ret = flat;
	return STATUS_FOUND;
}

void flattened_free(struct flattened *flat)
{
	if (!flat)
		return;
	if (flat->temp_fd >= 0)
		close(flat->temp_fd);
	free(flat->filled);
	free(flat->records);
	free(flat);
}

uint64_t flattened_size(const struct flattened *flat)
{
	return flat->size;
}

bool flattened_is_complete(const struct flattened *flat)
{
	return flat->complete;
}

uint64_t flattened_memory(const struct flattened *flat)
{
	return flat->cap * sizeof(*flat->records) + flat->size / FLAT_CHUNK / 8;
}

/* Index of the first record that begins behind offset. */
static size_t first_behind(const struct flattened *flat, uint64_t offset)
{
	size_t lo = 0, hi = flat->count;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (flat->records[mid].offset > offset)
			hi = mid;
		else
			lo = mid + 1;
	}
	return lo;
}

/* Index of the first record that may reach beyond offset, looking back from end. */
static size_t first_touching(const struct flattened *flat, uint64_t offset, size_t end)
{
	while (end && flat->records[end - 1].reach > offset)
		end--;
	return end;
}

bool flattened_has(const struct flattened *flat, uint64_t offset, uint64_t len)
{
	uint64_t at = offset, end = offset + len;
	size_t last = first_behind(flat, len ? end - 1 : offset);

	for (size_t i = first_touching(flat, offset, last); i < last && at < end; i++) {
		const struct flat_record *r = &flat->records[i];

		if (r->offset > at)
			return false;
		if (r->offset + r->size > at)
			at = r->offset + r->size;
	}
	return at >= end;
}

static bool copy_part(const struct flattened *flat, const struct flat_record *r,
		      uint64_t offset, char *buf, size_t len)
{
	uint64_t from = r->offset > offset ? r->offset : offset;
	uint64_t to = r->offset + r->size < offset + len ? r->offset + r->size : offset + len;

	if (from >= to)
		return true;
	return core_pread(flat->fd, buf + (from - offset), (size_t)(to - from),
			  r->source + (from - r->offset));
}

/* The records that touch the range, in the order of the stream: the last writer wins. */
static enum status copy_range(const struct flattened *flat, uint64_t offset, char *buf,
			      size_t len, struct err *err)
{
	size_t end = first_behind(flat, offset + len - 1);
	size_t begin = first_touching(flat, offset, end);
	_cleanup_free_ const struct flat_record **part = NULL;

	part = calloc(end - begin + 1, sizeof(*part));
	if (!part)
		return err_set(err, STATUS_BROKEN, "out of memory");
	for (size_t i = begin; i < end; i++)
		part[i - begin] = &flat->records[i];
	qsort(part, end - begin, sizeof(*part), by_source);
	for (size_t i = 0; i < end - begin; i++) {
		if (!copy_part(flat, part[i], offset, buf, len))
			return err_set(err, STATUS_BROKEN,
				       "cannot read the flattened file: %s", strerror(errno));
	}
	return STATUS_FOUND;
}

enum status flattened_read(const struct flattened *flat, uint64_t offset, void *buf,
			   size_t len, struct err *err)
{
	memset(buf, 0, len);
	return len ? copy_range(flat, offset, buf, len, err) : STATUS_FOUND;
}

/* In TMPDIR if that is set, else where large temporary files belong. */
static int open_temp(const char **ret_dir)
{
	const char *env = getenv("TMPDIR");
	const char *dirs[] = {env && *env ? env : "/var/tmp", "/tmp"};
	int fd = -1;

	for (size_t i = 0; i < ARRAY_SIZE(dirs) && fd < 0; i++) {
		char name[4096];

		*ret_dir = dirs[i];
		if (snprintf(name, sizeof(name), "%s/kdump-verdict-XXXXXX", dirs[i]) >=
		    (int)sizeof(name))
			continue;
		fd = mkostemp(name, O_CLOEXEC);
		if (fd >= 0)
			unlink(name);
	}
	return fd;
}

static enum status no_room(const char *what, struct err *err)
{
	return err_set(err, STATUS_BROKEN,
		       "cannot %s a temporary file for the flattened dump: %s (set TMPDIR, or "
		       "rearrange it first: makedumpfile -R OUT < FILE)",
		       what, strerror(errno));
}

enum status flattened_fd(struct flattened *flat, int *ret, struct err *err)
{
	const char *dir = NULL;

	flat->temp_fd = open_temp(&dir);
	if (flat->temp_fd < 0)
		return no_room("make", err);
	if (ftruncate(flat->temp_fd, (off_t)flat->size))
		return no_room("size", err);
	flat->filled = calloc(flat->size / FLAT_CHUNK / 8 + 1, 1);
	if (!flat->filled)
		return err_set(err, STATUS_BROKEN, "out of memory");
	log_debug("flattened dump: %zu records, rearranged on demand in %s", flat->count, dir);
	*ret = flat->temp_fd;
	return STATUS_FOUND;
}

static enum status fill_chunk(struct flattened *flat, uint64_t chunk, struct err *err)
{
	static char buf[FLAT_CHUNK];
	uint64_t offset = chunk * FLAT_CHUNK;
	size_t len =
	    flat->size - offset < FLAT_CHUNK ? (size_t)(flat->size - offset) : FLAT_CHUNK;
	size_t end = first_behind(flat, offset + len - 1);
	enum status st;

	flat->filled[chunk / 8] |= (uint8_t)(1 << chunk % 8);
	if (first_touching(flat, offset, end) == end)
		return STATUS_FOUND; /* no record: the hole stays one */
	st = flattened_read(flat, offset, buf, len, err);
	if (st)
		return st;
	for (size_t done = 0; done < len;) {
		ssize_t n =
		    pwrite(flat->temp_fd, buf + done, len - done, (off_t)(offset + done));

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return no_room("fill", err);
		done += (size_t)n;
	}
	return STATUS_FOUND;
}

enum status flattened_fill(struct flattened *flat, uint64_t offset, uint64_t len,
			   struct err *err)
{
	uint64_t end =
	    offset > flat->size || len > flat->size - offset ? flat->size : offset + len;

	for (uint64_t chunk = offset / FLAT_CHUNK; chunk * FLAT_CHUNK < end; chunk++) {
		enum status st = STATUS_FOUND;

		if (!(flat->filled[chunk / 8] & 1 << chunk % 8))
			st = fill_chunk(flat, chunk, err);
		if (st)
			return st;
	}
	return STATUS_FOUND;
}
