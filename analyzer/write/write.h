// SPDX-License-Identifier: GPL-2.0-or-later
//
// write: how does it look? The verdict becomes one JSON document; the text for people is
// written from that document, so the two can never disagree, and a supervisor that holds only
// the document can still write both. Log bytes are hostile: the JSON writer makes them valid
// UTF-8, the text writer lets nothing through that could steer a terminal.
#ifndef KDV_WRITE_WRITE_H
#define KDV_WRITE_WRITE_H

#include <jansson.h>

#include "verdict/verdict.h"

/* The verdict as a document of schema kdump-verdict/1 (write/verdict.schema.json); NULL when
 * out of memory. The caller drops the reference. with_stages: also times and memory used. */
json_t *write_json(const struct verdict *v, bool with_stages);

/* The document for a person: 80 columns, one screen, no colour. */
void write_text(const json_t *document, struct buf *ret);

/* Text of a log or a dump as one line that cannot steer a terminal. */
void write_clean(struct buf *ret, const char *text);

/*
 * Puts data into dir/name: a temporary name, fsync, rename, mode 0600. What was there before
 * stays until the new file is whole, and stays for good on any failure.
 */
enum status write_file(const char *dir, const char *name, const char *data, size_t len,
		       struct err *err);

#endif
