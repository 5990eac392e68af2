// SPDX-License-Identifier: GPL-2.0-or-later
//
// Is this kernel affected? Comparisons with the bounds a rule names, one entry per
// distribution, and the answer with its reason.
#include <ctype.h>
#include <stdio.h>

#include "base/base.h"

#include "rule/language.h"

enum { RANGE_TOLD = 400 }; /* bytes of a range that are told */

static const struct {
	const char *text;
	enum range_op op;
} operators[] = {
	{"<=", OP_LE}, {">=", OP_GE}, {"!=", OP_NE}, {"==", OP_EQ},
	{"<", OP_LT},  {">", OP_GT},  {"=", OP_EQ},
};

/* The last that fits: "=", not "==". */
static const char *operator_text(enum range_op op)
{
	size_t i = ARRAY_SIZE(operators) - 1;

	while (i && operators[i].op != op)
		i--;
	return operators[i].text;
}

static enum range_op take_operator(struct cursor *c)
{
	for (size_t i = 0; i < ARRAY_SIZE(operators); i++)
		if (cursor_text(c, operators[i].text))
			return operators[i].op;
	return OP_EQ;
}

static const char *parse_bound(struct arena *arena, struct slice text, struct bound *ret)
{
	struct cursor c = cursor_of(slice_trim(text));
	struct slice version;

	ret->op = take_operator(&c);
	cursor_blanks(&c);
	version = cursor_rest(&c);
	if (!version.n)
		return "a version is missing; write for instance \"< 4.18.0-305.12.1.el8_4\"";
	if (!isdigit((unsigned char)*version.p))
		return "a version begins with a digit; an operator is one of < <= = != >= >";
	if (version.n >= KERNEL_VERSION_SIZE)
		return "the version is too long";
	for (size_t i = 0; i < version.n; i++)
		if (!isalnum((unsigned char)version.p[i]) && !strchr("._+:~^-", version.p[i]))
			return "a version has no blanks; part comparisons with commas";
	ret->version = arena_str(arena, version);
	return NULL;
}

const char *range_parse(struct arena *arena, const char *text, struct range *ret)
{
	struct cursor c = cursor_of(slice_of(text));
	size_t count = 1;
	const char *why = NULL;

	for (const char *p = text; *p; p++)
		count += *p == ',';
	ret->bounds = arena_alloc(arena, count * sizeof(*ret->bounds));
	if (!ret->bounds)
		return "out of memory";
	for (ret->count = 0; ret->count < count && !why; ret->count++) {
		struct slice part = {c.p, 0};

		cursor_until(&c, ",", &part);
		cursor_char(&c, ',');
		why = parse_bound(arena, part, &ret->bounds[ret->count]);
	}
	return why;
}

static bool op_holds(enum range_op op, int order)
{
	switch (op) {
	case OP_LT:
		return order < 0;
	case OP_LE:
		return order <= 0;
	case OP_EQ:
		return order == 0;
	case OP_NE:
		return order != 0;
	case OP_GE:
		return order >= 0;
	case OP_GT:
		return order > 0;
	}
	return false;
}

bool range_holds(const struct range *range, const struct kernel_version *kernel,
		 bool *ret_unsure)
{
	*ret_unsure = false;
	for (size_t i = 0; i < range->count; i++) {
		bool unsure;
		int order = kernel_version_against(kernel, range->bounds[i].version, &unsure);

		if (unsure)
			*ret_unsure = true;
		else if (!op_holds(range->bounds[i].op, order))
			return *ret_unsure = false;
	}
	return !*ret_unsure;
}

bool range_kernel(const struct fact_set *facts, struct kernel_version *ret)
{
	return kernel_version_of(ret, facts->distro, facts->release, facts->version);
}

/* "3.10.0-957" speaks for 3.10.0-957.el7, and not for 3.10.0-9571. */
static bool is_of_branch(const char *branch, const char *release)
{
	size_t n = strlen(branch);

	return !strncmp(release, branch, n) &&
	       !(isdigit((unsigned char)branch[n - 1]) && isdigit((unsigned char)release[n]));
}

static bool speaks_for(const struct kernel_entry *entry, const struct kernel_version *kernel)
{
	return entry->distros & UINT32_C(1) << kernel->distro &&
	       (!entry->branch || is_of_branch(entry->branch, kernel->text));
}

const char *range_text(const struct range *range, struct arena *arena)
{
	const char *text = "";

	for (size_t i = 0; i < range->count && strlen(text) < RANGE_TOLD; i++)
		text = arena_printf(arena, "%s%s%s %s", text, i ? ", " : "",
				    operator_text(range->bounds[i].op),
				    range->bounds[i].version);
	return text;
}

/* "<= 4.19.91-22.2.al7"; several ranges are parted by "or". */
static const char *ranges_text(const struct kernel_entry *entry, struct arena *arena)
{
	const char *text = "";

	for (size_t i = 0; i < entry->range_count && strlen(text) < RANGE_TOLD; i++)
		text = arena_printf(arena, "%s%s%s", text, i ? " or " : "",
				    range_text(&entry->ranges[i], arena));
	return text;
}

static bool in_ranges(const struct kernel_entry *entry, const struct kernel_version *kernel,
		      bool *ret_unsure)
{
	bool unsure = false;

	*ret_unsure = false;
	for (size_t i = 0; i < entry->range_count; i++) {
		if (range_holds(&entry->ranges[i], kernel, &unsure))
			return true;
		*ret_unsure |= unsure;
	}
	return false;
}

/* Above the upper bound of every range: who says where a bug ends says that it was mended. */
static bool is_above(const struct kernel_entry *entry, const struct kernel_version *kernel)
{
	for (size_t i = 0; i < entry->range_count; i++) {
		const struct range *range = &entry->ranges[i];
		bool above = false;

		for (size_t k = 0; k < range->count; k++) {
			bool unsure;
			int order = kernel_version_against(kernel, range->bounds[k].version, &unsure);
			enum range_op op = range->bounds[k].op;

			above |= (op == OP_LT || op == OP_LE) && !unsure && !op_holds(op, order);
		}
		if (!above)
			return false;
	}
	return entry->range_count > 0;
}

static enum affected cannot_tell(const struct kernel_version *kernel, struct arena *arena,
				 const char **ret_why)
{
	*ret_why = arena_printf(
		arena, "the log does not tell the package version of kernel %s (uname -v)",
		kernel->text);
	return AFFECTED_CANNOT_TELL;
}

static enum affected ask_entry(const struct kernel_entry *entry,
			       const struct kernel_version *kernel, struct arena *arena,
			       const char **ret_why)
{
	bool unsure;

	if (entry->fixed) {
		int order = kernel_version_against(kernel, entry->fixed, &unsure);

		if (!unsure && order >= 0) {
			*ret_why = arena_printf(arena, "release %s >= %s, which has the fix",
						kernel->text, entry->fixed);
			return AFFECTED_FIXED_HERE;
		}
		if (unsure)
			return cannot_tell(kernel, arena, ret_why);
	}
	if (entry->affected == RANGE_ALL && entry->fixed)
		*ret_why = arena_printf(arena, "release %s < %s, the first with the fix",
					kernel->text, entry->fixed);
	else if (entry->affected == RANGE_ALL)
		*ret_why = arena_printf(arena, "every %s kernel%s%s is taken as affected",
					distro_name(kernel->distro), entry->branch ? " " : "",
					entry->branch ? entry->branch : "");
	if (entry->affected == RANGE_ALL)
		return AFFECTED_YES;
	bool inside = in_ranges(entry, kernel, &unsure);

	if (!inside && unsure)
		return cannot_tell(kernel, arena, ret_why);
	*ret_why = arena_printf(arena, "release %s is %s the affected range %s", kernel->text,
				inside ? "in" : is_above(entry, kernel) ? "above" : "outside",
				ranges_text(entry, arena));
	if (inside)
		return AFFECTED_YES;
	return is_above(entry, kernel) ? AFFECTED_FIXED_HERE : AFFECTED_NOT_IN_RANGE;
}

bool range_affected(const struct kernel_entry *entries, size_t count,
		    const struct fact_set *facts, struct arena *arena, enum affected *ret,
		    const char **ret_why)
{
	struct kernel_version kernel;

	*ret_why = NULL;
	*ret = AFFECTED_YES;
	if (!count)
		return true;
	*ret = AFFECTED_CANNOT_TELL;
	if (!range_kernel(facts, &kernel)) {
		*ret_why = "the log does not tell the kernel's release";
		return true;
	}
	for (size_t i = 0; i < count; i++) {
		if (!speaks_for(&entries[i], &kernel))
			continue;
		if (entries[i].affected == RANGE_NONE) {
			*ret = AFFECTED_NOT_IN_RANGE;
			*ret_why = arena_printf(arena, "%s kernel %s never had it",
						distro_name(kernel.distro), kernel.text);
			return false;
		}
		*ret = ask_entry(&entries[i], &kernel, arena, ret_why);
		return true;
	}
	*ret_why = arena_printf(arena, "nothing is known of %s kernel %s",
				kernel.distro == DISTRO_UNKNOWN ? "an unrecognized"
								: distro_name(kernel.distro),
				kernel.text);
	return true;
}
