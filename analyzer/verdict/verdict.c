// SPDX-License-Identifier: GPL-2.0-or-later
//
// Chooses the finding that the verdict follows and says it in a sentence to act on.
#include <stdio.h>
#include <string.h>

#include "verdict/verdict.h"

/* The first sentence of a text: up to a full stop that a blank or the end follows. */
static struct slice first_sentence(const char *text)
{
	struct slice s = slice_trim(slice_of(text ? text : ""));

	for (size_t i = 0; i + 1 < s.n; i++)
		if (s.p[i] == '.' && (s.p[i + 1] == ' ' || s.p[i + 1] == '\n') &&
		    !(i && s.p[i - 1] == '.'))
			return (struct slice){s.p, i + 1};
	return s;
}

static void add_slice(struct buf *b, struct slice s)
{
	for (size_t i = 0; i < s.n; i++)
		buf_add(b, s.p[i] == '\n' ? " " : &s.p[i], 1);
}

/* "Install the hotfix; no reboot is needed: `yum install ...`" */
static void add_action(struct buf *b, const struct rule_action *action, bool with_command)
{
	struct slice text = first_sentence(action->text);
	bool one_command = with_command && action->commands && action->commands[0] &&
			   !action->commands[1];

	if (one_command && text.n && text.p[text.n - 1] == '.')
		text.n--;
	buf_str(b, " ");
	add_slice(b, text);
	if (one_command)
		buf_printf(b, ": `%s`", action->commands[0]);
}

/* Whether there is a function that the trouble was in; of an interrupt's line, its only handler. */
static bool has_place(const struct event *e)
{
	const char *handlers = e->hints[OOPS_HANDLERS];

	return !class_place_is_messenger(e->class) || (handlers && !strchr(handlers, ','));
}

/* Where it happened, for classes whose general rule cannot know: " in f (module m)". */
static void add_place(struct buf *b, const struct fact_set *facts)
{
	const struct event *e = facts->crash;
	const struct frame *f = e->has_where && e->where.function ? &e->where : NULL;
	struct slice name;

	if (!has_place(e))
		return;
	/* helpers, locks and lists are the kernel's own: a module's function speaks for itself */
	if (facts->blame.function && !(f && f->module))
		f = &facts->blame;
	if (!f)
		return;
	name = oops_plain_name(f->function);
	buf_printf(b, " in %.*s", (int)name.n, name.p);
	if (f->module)
		buf_printf(b, " (module %s)", f->module);
}

static void say_known(struct buf *b, const struct verdict *v)
{
	/* A broad rule knows the kind of trouble; the place is what tells this one from others. */
	if (v->confidence == CONFIDENCE_POSSIBLE) {
		buf_str(b, class_title(v->facts->crash->class));
		add_place(b, v->facts);
		buf_str(b, ". ");
	}
	add_slice(b, first_sentence(v->cause ? v->cause : v->main->title));
	if (v->main->action_count)
		add_action(b, &v->main->actions[0], true);
}

/* The trace fits but the kernel does not: never promise what an update cannot give. */
static void say_elsewhere(struct buf *b, const struct verdict *v)
{
	const char *release = v->facts->release ? v->facts->release : "this kernel";

	if (v->affected == AFFECTED_FIXED_HERE)
		buf_printf(b, "This crash looks like \"%s\", but %s already has that fix: "
			      "suspect another bug in the same place and report it to the vendor.",
			   v->main->title, release);
	else
		buf_printf(b, "This crash looks like \"%s\", but %s is not among the kernels "
			      "known to have that bug: treat the match as a hint.",
			   v->main->title, release);
}

static void say_general(struct buf *b, const struct verdict *v)
{
	const struct event *e = v->facts->crash;

	buf_printf(b, "%s", class_title(e->class));
	add_place(b, v->facts);
	if (e->class == CLASS_PANIC && e->message)
		buf_printf(b, ": %s", e->message);
	buf_str(b, "; no known issue matches.");
	if (v->main && v->main->action_count)
		add_action(b, &v->main->actions[0], false);
}

static const char *summary(const struct verdict *v, struct arena *arena)
{
	struct buf b;
	const char *ret;

	if (!v->facts->crash)
		return v->facts->log_info.lost || v->facts->log_info.truncated ?
			       "No kernel crash was found in what could be read of this log; part of it is lost." :
			       "No kernel crash was found in this log.";
	buf_init(&b, 4096);
	if (!v->known_issue)
		say_general(&b, v);
	else if (v->affected == AFFECTED_YES || v->affected == AFFECTED_CANNOT_TELL)
		say_known(&b, v);
	else
		say_elsewhere(&b, v);
	if (b.data && b.data[0] >= 'a' && b.data[0] <= 'z')
		b.data[0] -= 'a' - 'A';
	ret = arena_str(arena, slice_trim(slice_of(b.data ? b.data : "")));
	buf_done(&b);
	return ret;
}

/* Findings come ranked: the first specific match, else the first general one. */
static const struct finding *choose(const struct finding *findings, size_t count)
{
	const struct finding *general = NULL;

	for (size_t i = 0; i < count; i++) {
		if (!findings[i].matched)
			continue;
		if (!findings[i].rule->general)
			return &findings[i];
		if (!general)
			general = &findings[i];
	}
	return general;
}

void verdict_form(struct verdict *ret, struct fact_set *facts, const struct finding *findings,
		  size_t count, struct rule_base *rules)
{
	const struct finding *main = choose(findings, count);

	*ret = (struct verdict){
		.facts = facts,
		.findings = findings,
		.finding_count = count,
		.main = facts->crash ? main : NULL,
		.category = "unknown",
		.rule_count = rule_base_count(rules),
		.rule_digest = rule_base_digest(rules),
	};
	if (ret->main) {
		ret->cause = ret->main->cause;
		ret->category = ret->main->rule->category;
		ret->confidence = ret->main->confidence;
		if (!ret->main->rule->general) {
			ret->known_issue = ret->main->rule->id;
			ret->affected = ret->main->affected;
		}
	}
	verdict_signature(&ret->signature, facts);
	ret->summary = summary(ret, &facts->arena);
}
