// SPDX-License-Identifier: GPL-2.0-or-later
//
// verdict: what do we tell, and how sure are we? From facts and findings to the one answer: the
// summary sentence, the cause, what to do, and the signature under which the same crash is
// known again. Takes the findings already ranked; how it looks is write/'s business.
#ifndef KDV_VERDICT_VERDICT_H
#define KDV_VERDICT_VERDICT_H

#include "fact/fact.h"
#include "rule/rule.h"

/*
 * The same crash gives the same id on every boot: no address, no compiler suffix, no offset
 * goes into it. The grains go from "same kind of crash in the same function" to "same trace".
 */
struct signature {
	const char *text;	/* "null-pointer-dereference:_raw_spin_lock<d_delete<vfs_rmdir" */
	char id[17];		/* of the text */
	char coarse[17];	/* class and function */
	char fine[17];		/* class, function, module and up to 16 reliable frames */
};

struct verdict {
	const struct fact_set *facts;
	const struct finding *findings; /* matched ones first, best first; then near misses */
	size_t finding_count;
	const struct finding *main;	/* the finding that the verdict follows; NULL */

	const char *summary;		/* one sentence or two a person can act on; never NULL */
	const char *cause;		/* plain words; NULL */
	const char *category;
	enum confidence confidence;
	const char *known_issue;	/* NULL: none */
	enum affected affected;		/* valid with known_issue */
	struct signature signature;	/* text NULL: no crash */

	size_t rule_count;
	const char *rule_digest;
};

/* Strings live in the facts' arena or in the rule base; both must outlive *ret. */
void verdict_form(struct verdict *ret, struct fact_set *facts, const struct finding *findings,
		  size_t count, struct rule_base *rules);

/* verdict/signature.c */
void verdict_signature(struct signature *ret, struct fact_set *facts);

#endif
