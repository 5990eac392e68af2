// SPDX-License-Identifier: GPL-2.0-or-later
//
// The child's side of analyze: reads a source stage by stage, judges what it has after each, and
// sends the document.
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "write/write.h"

#include "cmd/judge.h"

struct clock {
	struct timespec start;
};

static void stage_begin(struct clock *c)
{
	clock_gettime(CLOCK_MONOTONIC, &c->start);
}

static void stage_end(const struct clock *c, struct fact_set *facts, const char *name)
{
	struct stage *s;
	struct timespec now;
	struct rusage usage;

	if (facts->stage_count == FACT_MAX_STAGES)
		return;
	clock_gettime(CLOCK_MONOTONIC, &now);
	getrusage(RUSAGE_SELF, &usage);
	s = &facts->stages[facts->stage_count++];
	*s = (struct stage){
		.stage = name,
		.ms = (double)(now.tv_sec - c->start.tv_sec) * 1e3 +
		      (double)(now.tv_nsec - c->start.tv_nsec) / 1e6,
		.peak_kib = usage.ru_maxrss,
	};
	log_debug("%s: %.1f ms, %ld KiB", name, s->ms, s->peak_kib);
}

static void begin(struct fact_set *facts, const struct judge_options *options)
{
	fact_init(facts);
	if (!rule_base_count(options->rules))
		fact_degraded(facts, "rules", "none could be loaded: known causes were not looked for");
}

static bool is_noted(const struct fact_set *facts, const char *why)
{
	for (size_t i = 0; i < facts->degraded_count; i++)
		if (!strcmp(facts->degraded[i].why, why))
			return true;
	return false;
}

/* Rules that match and yet cannot be told; the others' problems were said when they were loaded. */
static void note_left_out(struct fact_set *facts, const struct rule_base *rules)
{
	size_t count;
	const struct rule_problem *p = rule_base_problems(rules, &count);

	for (size_t i = 0; i < count; i++) {
		const char *why = arena_printf(&facts->arena,
					       "a rule that matches was left out: %s:%u:%u: %s",
					       p[i].file, p[i].line, p[i].column, p[i].why);

		if (p[i].when_matched && !is_noted(facts, why))
			fact_degraded(facts, "rules", why);
	}
}

/* What the hook was told about the dump; no part of what we read. */
static void add_dump_status(json_t *document, int status)
{
	if (status >= 0)
		(void)json_object_set_new(json_object_get(document, "source"), "dump_exit_status",
					  json_integer(status));
}

/* Judges the facts as they stand and sends the document. pending: as for report_send(). */
static bool publish(struct report_pipe *pipe, const struct judge_options *options,
		    struct fact_set *facts, struct klog *klog, const char *pending)
{
	struct finding *findings = calloc(RULE_MAX_FINDINGS, sizeof(*findings));
	struct verdict verdict;
	struct clock c;
	json_t *document;
	char *text;
	size_t count;
	bool sent;

	if (!findings)
		return false;
	stage_begin(&c);
	count = rule_match(options->rules, facts, klog, &facts->arena, findings, RULE_MAX_FINDINGS);
	note_left_out(facts, options->rules);
	verdict_form(&verdict, facts, findings, count, options->rules);
	stage_end(&c, facts, "rules");
	if (pending[0])
		fact_degraded(facts, pending, WHY_NOT_REACHED);
	document = write_json(&verdict, options->stages);
	add_dump_status(document, options->dump_status);
	if (pending[0])
		facts->degraded_count--;
	text = document ? json_dumps(document, JSON_COMPACT | JSON_REAL_PRECISION(15)) : NULL;
	sent = text && report_send(pipe, FRAME_DOCUMENT, pending, text, strlen(text));
	free(text);
	json_decref(document);
	free(findings);
	return sent;
}

/* What is behind one name of the list of stages. */
struct memory_stage {
	const char *name;
	void (*run)(struct fact_set *facts, struct fact_kernel *fk);
};

static void from_memory(struct fact_set *facts, struct core *core,
			const struct judge_options *options)
{
	static const struct memory_stage stages[] = {
		{"cpus", fact_from_cpus}, {"tasks", fact_from_tasks}, {"memory", fact_from_memory},
	};
	struct fact_kernel fk;
	struct clock c;

	stage_begin(&c);
	fact_from_core(facts, core);
	fact_from_kernel(facts, &fk, core, &options->symbols);
	stage_end(&c, facts, "symbols");
	for (size_t i = 0; i < ARRAY_SIZE(stages); i++) {
		stage_begin(&c);
		stages[i].run(facts, &fk);
		stage_end(&c, facts, stages[i].name);
	}
}

static void fail(struct report_pipe *pipe, const struct err *err)
{
	(void)report_send(pipe, FRAME_ERROR, "", err->text, strlen(err->text));
}

/* Nothing is closed: the child ends after one dump, and freeing a damaged one is a risk. */
static void judge_dump(struct report_pipe *pipe, const struct source *source,
		       const struct judge_options *options)
{
	struct fact_set facts;
	struct core *core;
	struct klog *klog;
	struct clock c;
	struct err err;

	begin(&facts, options);
	stage_begin(&c);
	if (core_open(&core, (const char *const *)source->files, source->file_count,
		      &cmd_core_limits, &err)) {
		fail(pipe, &err);
		return;
	}
	stage_end(&c, &facts, "open");
	stage_begin(&c);
	if (klog_open_core(&klog, core, &err)) {
		klog = NULL; /* memory tells of the crash without it */
		fact_degraded(&facts, "log", err.text);
	} else {
		fact_from_log(&facts, klog);
		stage_end(&c, &facts, "log");
		if (!publish(pipe, options, &facts, klog, "memory"))
			return;
	}
	from_memory(&facts, core, options);
	(void)publish(pipe, options, &facts, klog, ""); /* or the parent is gone */
}

static void judge_log(struct report_pipe *pipe, const struct source *source,
		       const struct judge_options *options)
{
	struct fact_set facts;
	struct klog *klog;
	struct clock c;
	struct err err;

	begin(&facts, options);
	stage_begin(&c);
	if (klog_open_text(&klog, source->files[0], &err)) {
		fail(pipe, &err);
	} else {
		facts.boot = options->boot;
		fact_from_log(&facts, klog);
		stage_end(&c, &facts, "log");
		if (options->boot > (int)facts.log.boots) {
			(void)err_set(&err, STATUS_ABSENT, "the log holds %u boots (lines \"Linux version ...\"), there is no boot %d",
				      facts.log.boots, options->boot);
			fail(pipe, &err);
		} else {
			(void)publish(pipe, options, &facts, klog, "");
		}
		klog_free(klog);
	}
	fact_done(&facts);
}

void judge_source(struct report_pipe *pipe, const struct source *source,
		  const struct judge_options *options)
{
	if (source->kind == SOURCE_DUMP)
		judge_dump(pipe, source, options);
	else
		judge_log(pipe, source, options);
}
