// SPDX-License-Identifier: GPL-2.0-or-later
//
// The sample of a rule's `test:`: the facts of a crash in short, and the kernel log that a
// machine with these facts would have left.
#ifndef KDV_RULE_SAMPLE_H
#define KDV_RULE_SAMPLE_H

#include "fact/fact.h"

struct buf;

struct sample_register {
	const char *name; /* lower case, as for rule conditions */
	uint64_t value;
};

/* Strings and lists are borrowed and may be NULL; lists of strings end with NULL. */
struct sample {
	enum crash_class class;	      /* CLASS_NONE: a log without crash */
	const char *release, *version; /* NULL: a release of SAMPLE_RELEASE, "#1 SMP ..." */
	const char *title;	      /* the headline, where the usual one of the class is not enough */
	const char *function, *module; /* the faulting one */
	const char *const *trace;     /* innermost first: "f", "f [module]", "? f" */
	bool has_fault_address;
	uint64_t fault_address;
	const struct sample_register *registers;
	size_t register_count;
	const char *comm, *workqueue, *panic;
	const char *const *log; /* lines ahead of the crash */
	const char *modules, *last_unloaded, *taint, *hardware, *cmdline;
	uint64_t uptime; /* seconds; 0: some */
};

/* What `test:` of a rule says. */
struct rule_test {
	struct sample match;
	bool has_near;
	struct sample near; /* match with what differs laid over it */
	unsigned line;
};

#define SAMPLE_RELEASE "5.14.0-427.13.1.el9_4.x86_64"

/*
 * Appends the log of such a crash, as `dmesg` prints it, in the form of the release's kernel
 * version. Registers are those of x86_64, unless the release ends in another architecture.
 */
void sample_write(const struct sample *sample, struct buf *ret);

#endif
