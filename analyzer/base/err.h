// SPDX-License-Identifier: GPL-2.0-or-later
//
// The three outcomes of reading a damaged witness, and the error text that grows clause by
// clause on its way up.
#ifndef KDV_BASE_ERR_H
#define KDV_BASE_ERR_H

/*
 * ABSENT: this kernel or this dump has no such thing (a filtered page, a symbol of another
 * kernel). Normal; the reason is worth a line in the verdict's `degraded`.
 * BROKEN: corrupt, unsupported, out of memory, I/O error.
 */
enum status {
	STATUS_FOUND = 0,
	STATUS_ABSENT,
	STATUS_BROKEN,
};

/* A fixed buffer, so that the story survives running out of memory. */
struct err {
	char text[512];
};

/*
 * Sets the text and gives st back, so that failing is one statement:
 *	return err_set(err, STATUS_BROKEN, "wrong magic %#x", magic);
 * err may be NULL when the caller does not want the story. (Macros, so that the compiler sees
 * which status comes back.)
 */
#define err_set(err, st, ...) (err_write((err), __VA_ARGS__), (st))

/*
 * Puts one clause and ": " in front of the text while the status travels up:
 *	return err_add(err, st, "cannot read the module list at %#" PRIx64, head);
 */
#define err_add(err, st, ...) (err_prefix((err), __VA_ARGS__), (st))

void err_write(struct err *err, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void err_prefix(struct err *err, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

#endif
