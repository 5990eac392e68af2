// SPDX-License-Identifier: GPL-2.0-or-later
//
// All rules against one crash. First everything but the log, where nearly every rule falls out
// at its class or function; then the log is read once for the patterns of those that are left;
// then what matched, and what nearly did, is ranked and told with its evidence.
#include <stdio.h>
#include <stdlib.h>

#include "base/base.h"

#include "rule/language.h"

enum {
	MAX_NEAR_MISSES = 8, /* told of one crash */
	MIN_NEAR_CONDITIONS = 3,
	MIN_NEAR_WEIGHT = 20, /* of what held: a class and an address alone make no near miss */
	MAX_FINDS = 4096,     /* log conditions of one crash */
	KERNEL_WEIGHT = 10,
	MAX_LINE_TOLD = 512,
	SCRATCH_LIMIT = 4 << 20,
	MAX_JOINED = 64 << 10,
};

/* ---- the log ---- */

struct log_find {
	const struct condition *condition;
	bool found;
	uint32_t line;
	const char *text;
};

enum met match_log(struct matcher *m, const struct condition *c, struct evidence *ret)
{
	for (size_t i = 0; i < m->find_count; i++) {
		const struct log_find *find = &m->finds[i];

		if (find->condition != c)
			continue;
		if (!m->log_known)
			return PENDING;
		if (ret && find->found)
			*ret = (struct evidence){.log_line = find->line, .text = find->text};
		return find->found ? MET : NOT_MET;
	}
	if (m->log_known || m->find_count == MAX_FINDS)
		return NOT_MET;
	if (m->find_count == m->find_cap) {
		size_t cap = m->find_cap ? m->find_cap * 2 : 32;
		struct log_find *finds = realloc(m->finds, cap * sizeof(*finds));

		if (!finds)
			return NOT_MET;
		m->finds = finds;
		m->find_cap = cap;
	}
	m->finds[m->find_count++] = (struct log_find){.condition = c};
	return PENDING;
}

static bool is_in_scope(const struct matcher *m, enum log_where where, uint32_t line)
{
	switch (where) {
	case LOG_BEFORE:
		return line < m->crash->line;
	case LOG_CRASH:
		return line >= m->crash->line && line <= m->crash->last_line;
	case LOG_ANY:
		break;
	}
	return true;
}

/* The last line that any condition still wants to see. */
static uint32_t last_line_wanted(const struct matcher *m)
{
	uint32_t last = 0;

	for (size_t i = 0; i < m->find_count; i++) {
		enum log_where where = m->finds[i].condition->where;

		if (where == LOG_ANY)
			return UINT32_MAX;
		if (where == LOG_CRASH && m->crash->last_line > last)
			last = m->crash->last_line;
		if (where == LOG_BEFORE && m->crash->line > last)
			last = m->crash->line;
	}
	return last;
}

static bool any_pattern(const struct condition *c, struct slice text)
{
	for (size_t i = 0; i < c->count; i++)
		if (pattern_match(c->patterns[i], text))
			return true;
	return false;
}

/* Returns how many conditions found what they look for in this line. */
static size_t look_at_line(struct matcher *m, const struct klog_line *line)
{
	size_t found = 0;

	for (size_t i = 0; i < m->find_count; i++) {
		struct log_find *find = &m->finds[i];
		struct slice told = line->text;

		if (find->found || !is_in_scope(m, find->condition->where, line->number) ||
		    !any_pattern(find->condition, line->text))
			continue;
		if (told.n > MAX_LINE_TOLD)
			told.n = MAX_LINE_TOLD;
		find->found = true;
		find->line = line->number;
		find->text = arena_str(m->arena, told);
		found++;
	}
	return found;
}

/* Text that user space wrote into the log is no evidence. */
static bool is_kernel_line(const struct klog_line *line)
{
	return line->facility == KLOG_FACILITY_KERN || line->facility == KLOG_FACILITY_UNKNOWN;
}

static void read_log(struct matcher *m, struct klog *klog)
{
	size_t left = m->find_count;
	uint32_t last = last_line_wanted(m);
	struct klog_line line;

	m->log_known = true;
	if (!klog || !left)
		return;
	klog_seek(klog, &m->facts->log.boot_mark);
	while (left && klog_next(klog, &line) && line.number <= last)
		/* an earlier boot is no witness of this crash */
		if (line.number >= m->facts->log.boot_line && is_kernel_line(&line))
			left -= look_at_line(m, &line);
}

/* ---- conditions ---- */

static void add_evidence(struct finding *f, const char *condition,
			 const struct evidence *evidence)
{
	if (f->evidence_count == RULE_MAX_EVIDENCE)
		return;
	f->evidence[f->evidence_count] = *evidence;
	f->evidence[f->evidence_count++].condition = condition;
}

static void add_missing(struct matcher *m, struct finding *f, const char *condition,
			const char *instead)
{
	if (f->missing_count == RULE_MAX_EVIDENCE)
		return;
	if (instead)
		condition = arena_printf(m->arena, "%s (here: %s)", condition, instead);
	f->missing[f->missing_count++] = condition;
}

static enum met evaluate(struct matcher *m, const struct condition *c, struct finding *ret);

static enum met evaluate_all(struct matcher *m, const struct condition *c, struct finding *ret)
{
	enum met all = MET;

	for (size_t i = 0; i < c->count; i++) {
		enum met met = evaluate(m, &c->children[i], ret);

		if (met == NOT_MET && !ret)
			return NOT_MET;
		if (met == NOT_MET || all == MET)
			all = met;
	}
	return all;
}

/* The first that is met, else whether one may be. */
static enum met find_any(struct matcher *m, const struct condition *c,
			 const struct condition **ret)
{
	enum met any = NOT_MET;

	for (size_t i = 0; i < c->count; i++) {
		enum met met = evaluate(m, &c->children[i], NULL);

		if (met == MET) {
			*ret = &c->children[i];
			return MET;
		}
		if (met == PENDING)
			any = PENDING;
	}
	return any;
}

static enum met evaluate_any(struct matcher *m, const struct condition *c, struct finding *ret)
{
	const struct condition *which = NULL;
	enum met met = find_any(m, c, &which);

	if (ret && met == MET)
		evaluate(m, which, ret);
	else if (ret)
		add_missing(m, ret, c->text, NULL);
	return met;
}

static enum met evaluate_not(struct matcher *m, const struct condition *c, struct finding *ret)
{
	const struct condition *which = NULL;
	enum met met = find_any(m, c, &which);

	if (met == PENDING)
		return PENDING;
	if (ret && met == MET)
		add_missing(m, ret, c->text, which->text);
	else if (ret)
		add_evidence(ret, c->text, &(struct evidence){.text = "nothing of the kind"});
	return met == MET ? NOT_MET : MET;
}

/* Whether c holds; what it rests on, or what is missing, goes to ret (may be NULL). */
static enum met evaluate(struct matcher *m, const struct condition *c, struct finding *ret)
{
	struct evidence evidence = {0};
	enum met met;

	switch (c->type->kind) {
	case CONDITION_ALL:
		return evaluate_all(m, c, ret);
	case CONDITION_ANY:
		return evaluate_any(m, c, ret);
	case CONDITION_NOT:
		return evaluate_not(m, c, ret);
	case CONDITION_FACT:
	case CONDITION_LOG:
		break;
	}
	met = c->type->test(m, c, ret ? &evidence : NULL);
	if (ret && met == MET)
		add_evidence(ret, c->text, &evidence);
	else if (ret)
		add_missing(m, ret, c->text, evidence.text);
	return met;
}

/* ---- how much a rule narrows ---- */

static bool takes_globs(const struct condition *c)
{
	return c->type->parse == value_globs || c->type->parse == value_functions;
}

static unsigned weight_of(const struct condition *c)
{
	unsigned weight = 0;

	if (c->type->parse == value_trace || c->type->parse == value_registers)
		return c->type->weight * (unsigned)c->count;
	if (takes_globs(c) && c->count && !strcmp(c->globs[0], "*"))
		return 1;
	for (size_t i = 0; c->type->kind == CONDITION_ALL && i < c->count; i++)
		weight += weight_of(&c->children[i]);
	for (size_t i = 0; c->type->kind == CONDITION_ANY && i < c->count; i++) {
		unsigned child = weight_of(&c->children[i]);

		weight = !i || child < weight ? child : weight;
	}
	return weight + c->type->weight;
}

/* "softlockup: hung tasks" behind a soft lockup says nothing that its class does not. */
static unsigned weight_here(const struct matcher *m, const struct condition *c)
{
	enum { CONSEQUENCE_WEIGHT = 2 };
	const struct event *panic = m->facts->panic;

	if (!strcmp(c->type->name, "panic") && panic && panic->is_consequence)
		return CONSEQUENCE_WEIGHT;
	return weight_of(c);
}

/* ---- one rule ---- */

struct candidate {
	const struct rule *rule;
	unsigned score, failed;
	enum affected affected;
	bool dropped; /* another rule supersedes it */
};

/*
 * Whether the crashed kernel has what the rule tells of; false: it never had. A bug of the kernel
 * of which no range is recorded may have been mended in this one long ago.
 */
static bool ask_kernel(const struct rule *rule, const struct fact_set *facts, struct arena *arena,
		       enum affected *ret, const char **ret_why)
{
	if (!rule->kernel_count && !rule->info.general && !strcmp(rule->info.category, "kernel-bug")) {
		*ret = AFFECTED_CANNOT_TELL;
		*ret_why = "which kernels have this bug is not recorded";
		return true;
	}
	return range_affected(rule->kernel, rule->kernel_count, facts, arena, ret, ret_why);
}

/* False: neither a match nor a near miss, as far as is known yet. */
static bool try_rule(struct matcher *m, struct arena *scratch, struct candidate *ret)
{
	const struct rule *rule = ret->rule;
	bool near = !rule->info.general &&
		    rule->condition_count + (rule->kernel_count > 0) >= MIN_NEAR_CONDITIONS;
	const char *why;

	ret->score = ret->failed = 0;
	for (size_t i = 0; i < rule->condition_count; i++) {
		const struct condition *c = &rule->conditions[i];

		// A log is read for what may match, and not for what has missed already.
		if (ret->failed && !m->log_known && c->type->kind == CONDITION_LOG)
			break;
		if (evaluate(m, c, NULL) != NOT_MET)
			ret->score += weight_here(m, c);
		else if (++ret->failed > near)
			return false;
	}
	if (!ask_kernel(rule, m->facts, scratch, &ret->affected, &why) && ++ret->failed > near)
		return false;
	if (ret->failed)
		return ret->score >= MIN_NEAR_WEIGHT;
	if (rule->kernel_count && ret->affected == AFFECTED_YES)
		ret->score += KERNEL_WEIGHT;
	return true;
}

/* ---- ranking ---- */

/* A kernel in a recorded range speaks for the rule; a rule that knows no range gains nothing. */
static int affected_rank(const struct candidate *c)
{
	if (c->affected == AFFECTED_YES && c->rule->kernel_count)
		return 2;
	return c->affected == AFFECTED_YES || c->affected == AFFECTED_CANNOT_TELL;
}

static int by_rank(const void *left, const void *right)
{
	const struct candidate *a = left, *b = right;

	if (!a->failed != !b->failed)
		return a->failed ? 1 : -1;
	if (a->rule->info.general != b->rule->info.general)
		return a->rule->info.general ? 1 : -1;
	if (!a->failed && affected_rank(a) != affected_rank(b))
		return affected_rank(b) - affected_rank(a);
	if (a->score != b->score)
		return a->score < b->score ? 1 : -1;
	if (a->rule->info.confidence != b->rule->info.confidence)
		return (int)b->rule->info.confidence - (int)a->rule->info.confidence;
	return strcmp(a->rule->info.id, b->rule->info.id);
}

/* A matching rule that cannot be told supersedes none that can. Returns how many are left. */
static size_t drop_broken(struct rule_base *base, struct candidate *candidates, size_t count)
{
	size_t kept = 0;

	for (size_t i = 0; i < count; i++)
		if (candidates[i].failed || rule_complete(base, candidates[i].rule))
			candidates[kept++] = candidates[i];
	return kept;
}

static bool supersedes(const struct candidate *a, const struct candidate *b)
{
	if (a->failed || a == b || !affected_rank(a))
		return false;
	for (const char *const *id = a->rule->supersedes; *id; id++)
		if (glob_match(*id, slice_of(b->rule->info.id)))
			return true;
	return false;
}

static void drop_superseded(struct candidate *candidates, size_t count)
{
	for (size_t i = 0; i < count; i++)
		for (size_t j = 0; *candidates[i].rule->supersedes && j < count; j++)
			if (!candidates[i].dropped &&
			    supersedes(&candidates[i], &candidates[j]))
				candidates[j].dropped = true;
}

/* ---- telling ---- */

static const char *join(struct arena *arena, const char *a, const char *b)
{
	struct buf text;
	const char *joined;

	buf_init(&text, MAX_JOINED);
	buf_str(&text, a);
	buf_str(&text, b);
	joined = text.data ? arena_str(arena, (struct slice){text.data, text.len}) : "";
	buf_done(&text);
	return joined;
}

/* "On rhel: ", "If the kernel is < 4.19.91-19.1.al7: " for what the facts leave open. */
static const char *when_text(const struct action *action, struct arena *arena)
{
	const char *text = "", *between = "";

	if (action->when_release.count)
		return arena_printf(arena, "If the kernel is %s: ",
				    range_text(&action->when_release, arena));
	for (int d = DISTRO_UNKNOWN + 1; d < DISTRO_COUNT; d++)
		if (action->when_distros >> d & 1) {
			text = arena_printf(arena, "%s%s%s", text, between, distro_name(d));
			between = ", ";
		}
	return arena_printf(arena, "On %s: ", text);
}

/* Whether an action is for this kernel; *ret_when is what to say if the facts do not tell. */
static bool is_for_kernel(struct matcher *m, const struct action *action,
			  const char **ret_when)
{
	struct kernel_version kernel;
	bool unsure = false;

	*ret_when = "";
	if (!action->when_distros && !action->when_release.count)
		return true;
	if (!range_kernel(m->facts, &kernel)) {
		*ret_when = when_text(action, m->arena);
		return true;
	}
	if (action->when_distros && !(action->when_distros >> kernel.distro & 1))
		return false;
	if (!action->when_release.count ||
	    range_holds(&action->when_release, &kernel, &unsure))
		return true;
	if (unsure)
		*ret_when = when_text(action, m->arena);
	return unsure;
}

static void fill_action(struct matcher *m, const struct action *action, const char *when,
			struct rule_action *ret)
{
	const char *refused = NULL;
	size_t count = 0;
	static const char *const none[] = {NULL};
	const char **commands;

	while (action->commands[count])
		count++;
	commands = arena_alloc(m->arena, (count + 1) * sizeof(*commands));
	ret->text = template_fill(m->arena, m->facts, action->text, TEMPLATE_TEXT, &refused);
	if (*when)
		ret->text = join(m->arena, when, ret->text);
	ret->commands = commands ? commands : none;
	for (size_t i = 0, n = 0; commands && i < count; i++) {
		commands[n] = template_fill(m->arena, m->facts, action->commands[i],
					    TEMPLATE_COMMAND, &refused);
		n += commands[n] != NULL;
	}
	if (refused)
		ret->text = join(
			m->arena, ret->text,
			arena_printf(
				m->arena,
				" (A command is left out: the log does not tell %s, or tells "
				"what is not safe to paste into a shell.)",
				refused));
}

static void fill_texts(struct matcher *m, const struct rule *rule, struct finding *ret)
{
	const struct rule_info *info = &rule->info;
	const char *refused, *when;

	ret->title = template_fill(m->arena, m->facts, info->title, TEMPLATE_TEXT, &refused);
	ret->cause = template_fill(m->arena, m->facts, info->cause, TEMPLATE_TEXT, &refused);
	if (info->suspect_name) {
		ret->suspect_name = template_fill(m->arena, m->facts, info->suspect_name,
						  TEMPLATE_TEXT, &refused);
		ret->suspect_why = template_fill(m->arena, m->facts, info->suspect_why,
						 TEMPLATE_TEXT, &refused);
	}
	ret->actions = arena_alloc(m->arena, (rule->action_count + 1) * sizeof(*ret->actions));
	for (size_t i = 0; ret->actions && i < rule->action_count; i++)
		if (is_for_kernel(m, &rule->actions[i], &when))
			fill_action(m, &rule->actions[i], when,
				    &ret->actions[ret->action_count++]);
}

static enum confidence confidence_of(const struct rule *rule, enum affected affected)
{
	enum confidence most = affected == AFFECTED_YES		  ? CONFIDENCE_CERTAIN
			       : affected == AFFECTED_CANNOT_TELL ? CONFIDENCE_LIKELY
								  : CONFIDENCE_POSSIBLE;

	return rule->info.confidence < most ? rule->info.confidence : most;
}

/* Needs the log to have been read. */
static void fill_finding(struct matcher *m, const struct rule *rule, unsigned score,
			 struct finding *ret)
{
	bool matched = true;

	*ret = (struct finding){.rule = &rule->info, .score = score};
	for (size_t i = 0; i < rule->condition_count; i++)
		matched &= evaluate(m, &rule->conditions[i], ret) == MET;
	if (!ask_kernel(rule, m->facts, m->arena, &ret->affected, &ret->affected_why)) {
		add_missing(m, ret, "kernel: one that can have the fault", ret->affected_why);
		matched = false;
	}
	ret->matched = matched;
	ret->confidence = matched ? confidence_of(rule, ret->affected) : CONFIDENCE_NONE;
	fill_texts(m, rule, ret);
}

/* ---- all rules ---- */

static size_t fill_findings(struct matcher *m, struct rule_base *base,
			    const struct candidate *candidates, size_t count, struct finding *ret,
			    size_t max)
{
	size_t filled = 0, near = 0;

	for (size_t i = 0; i < count && filled < max; i++) {
		if (candidates[i].dropped ||
		    (candidates[i].failed && near++ == MAX_NEAR_MISSES) ||
		    !rule_complete(base, candidates[i].rule))
			continue;
		fill_finding(m, candidates[i].rule, candidates[i].score, &ret[filled++]);
	}
	return filled;
}

/* Keeps of count candidates those that may still match; returns how many. */
static size_t sift(struct matcher *m, struct arena *scratch, struct candidate *candidates,
		   size_t count)
{
	size_t kept = 0;

	for (size_t i = 0; i < count; i++)
		if (try_rule(m, scratch, &candidates[i]))
			candidates[kept++] = candidates[i];
	return kept;
}

size_t rule_match(struct rule_base *base, const struct fact_set *facts,
		  struct klog *klog, struct arena *arena, struct finding *ret, size_t max)
{
	struct matcher m = {.facts = facts, .crash = facts->crash, .arena = arena};
	size_t count = rule_base_count(base), filled;
	_cleanup_free_ struct candidate *candidates = NULL;
	struct arena scratch;

	if (!facts->crash || !count)
		return 0;
	candidates = calloc(count, sizeof(*candidates));
	if (!candidates)
		return 0;
	for (size_t i = 0; i < count; i++)
		candidates[i].rule = rule_base_rule(base, i);
	arena_init(&scratch, SCRATCH_LIMIT);
	count = sift(&m, &scratch, candidates, count);
	read_log(&m, klog);
	count = sift(&m, &scratch, candidates, count);
	arena_done(&scratch);
	count = drop_broken(base, candidates, count);
	qsort(candidates, count, sizeof(*candidates), by_rank);
	drop_superseded(candidates, count);
	filled = fill_findings(&m, base, candidates, count, ret, max);
	free(m.finds);
	return filled;
}

void rule_explain(struct rule_base *base, size_t i, const struct fact_set *facts,
		  struct klog *klog, struct arena *arena, struct finding *ret)
{
	struct matcher m = {.facts = facts, .crash = facts->crash, .arena = arena};
	const struct rule *rule = rule_base_rule(base, i);
	unsigned score = 0;

	*ret = (struct finding){.rule = rule ? &rule->info : NULL};
	if (!rule)
		return;
	if (!facts->crash) {
		ret->missing[ret->missing_count++] = "a crash: the log tells of none";
		return;
	}
	if (!rule_complete(base, rule)) {
		ret->missing[ret->missing_count++] = "a rule that can be read";
		return;
	}
	for (size_t j = 0; j < rule->condition_count; j++)
		evaluate(&m, &rule->conditions[j], NULL);
	read_log(&m, klog);
	for (size_t j = 0; j < rule->condition_count; j++)
		if (evaluate(&m, &rule->conditions[j], NULL) == MET)
			score += weight_here(&m, &rule->conditions[j]);
	fill_finding(&m, rule, score, ret);
	free(m.finds);
}
