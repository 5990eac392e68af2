// SPDX-License-Identifier: GPL-2.0-or-later
//
// The parts of `kdump-verdict rules` that have files of their own; each gives back the exit
// status.
#ifndef KDV_CMD_RULES_H
#define KDV_CMD_RULES_H

#include "cmd/cmd.h"

/* Runs the tests of the rules of paths (NULL at the end; none: the rules in force). */
int cmd_rules_test(char **paths);
/* Prints the log that a rule's test stands for, or its near miss. */
int cmd_rules_log(const char *id, bool near);
/* Prints a rule's skeleton made of the crash of a source. */
int cmd_rules_new(const char *source);

/* NULL, told, if no rule is called so. */
const struct rule_info *cmd_rules_find(const struct rule_base *base, const char *id,
				       size_t *ret_index);

#endif
