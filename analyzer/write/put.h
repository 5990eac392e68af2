// SPDX-License-Identifier: GPL-2.0-or-later
//
// How values come into the document. What is NULL is left out; so is what there is no memory for.
#ifndef KDV_WRITE_PUT_H
#define KDV_WRITE_PUT_H

#include <jansson.h>

#include "fact/fact.h"

/* Text of a log or a dump as a JSON string: bytes that are no UTF-8 are shown as \xNN. */
json_t *put_text(const char *text);

/* Takes over the reference to value. */
void put(json_t *object, const char *key, json_t *value);
void put_str(json_t *object, const char *key, const char *text);
void put_int(json_t *object, const char *key, int64_t value);
/* "0x..." */
void put_addr(json_t *object, const char *key, uint64_t addr);
/* list ends with NULL. */
void put_strings(json_t *object, const char *key, const char *const *list);
json_t *put_trace(const struct frame *frames, size_t count);

/* write/json-state.c: panic, modules, cpus, tasks, memory of the document. */
void put_state(json_t *document, const struct fact_set *facts);

#endif
