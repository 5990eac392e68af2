// SPDX-License-Identifier: GPL-2.0-or-later
//
// One rule of a file as YAML gives it: scalars, lists and mappings, each with its place.
#ifndef KDV_RULE_NODE_H
#define KDV_RULE_NODE_H

#include "rule/language.h"

enum node_kind { NODE_SCALAR, NODE_LIST, NODE_MAP };

struct node {
	enum node_kind kind;
	unsigned line, column; /* 1-based */
	bool quoted;	       /* scalar in quotes or as a block: never null */
	struct slice text;     /* scalar; ends with NUL, holds none */
	struct node *key;      /* in a mapping */
	struct node *first, *last, *next;
	size_t count;
};

/*
 * Reads the rules of a file's text, one after the other, and hands each to rule(). What is not
 * YAML is told as a problem with its place, and reading goes on at the next line that begins a
 * rule ("- " in the first column), so that one broken rule does not hide the others.
 */
void nodes_read(struct loading *l, const char *text, size_t len,
		void (*rule)(struct loading *l, const struct node *node));

/* The value of a key; NULL. */
const struct node *node_get(const struct node *map, const char *key);

#endif
