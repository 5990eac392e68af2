// SPDX-License-Identifier: GPL-2.0-or-later
//
// `kdump-verdict analyze SOURCE...`: the main job. A child reads and judges and sends a better
// document after every stage; this process publishes each, and when the child dies says in the
// last one why the rest is missing.
#include <errno.h>
#include <getopt.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "cmd/cmd.h"
#include "cmd/supervise.h"
#include "write/write.h"

enum output { OUTPUT_FILES, OUTPUT_JSON, OUTPUT_TEXT };

struct options {
	enum output output;
	const char *dir;	/* -o; NULL: beside the source */
	bool summary;		/* print just one line, for a console */
	bool stages;
	bool split;		/* the sources are parts of one dump */
	struct supervise_limits limits;
	struct rule_base *rules;
};

/* One source on its way to a verdict. */
struct job {
	const struct options *options;
	struct source source;
	const char *dir;	/* where the files go; NULL: to standard output */

	json_t *document;	/* the best so far; NULL: none yet */
	char pending[PENDING_MAX]; /* the stage that the document waits for; "" */
	bool written;		/* the document stands in dir */
	char write_error[512];	/* why it does not; "" */
	char error[512];	/* why there can be no document; "" */
	bool showed_progress;
};

static const size_t json_flags = JSON_INDENT(2) | JSON_REAL_PRECISION(15);

/* ---- in the child ---- */

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

/* Judges the facts as they stand and sends the document. pending: as for report_send(). */
static bool publish(struct report_pipe *pipe, const struct options *options,
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
	verdict_form(&verdict, facts, findings, count, options->rules);
	stage_end(&c, facts, "rules");
	if (pending[0])
		fact_degraded(facts, pending, "not reached: the analysis was stopped before it");
	document = write_json(&verdict, options->stages);
	if (pending[0])
		facts->degraded_count--;
	text = document ? json_dumps(document, JSON_COMPACT | JSON_REAL_PRECISION(15)) : NULL;
	sent = text && report_send(pipe, FRAME_DOCUMENT, pending, text, strlen(text));
	free(text);
	json_decref(document);
	free(findings);
	return sent;
}

static int fail(struct report_pipe *pipe, const struct err *err)
{
	(void)report_send(pipe, FRAME_ERROR, "", err->text, strlen(err->text));
	return EXIT_FAILED;
}

static int judge_dump(struct report_pipe *pipe, const struct job *job)
{
	struct fact_set facts;
	struct core *core;
	struct klog *klog;
	struct clock c;
	struct err err;

	fact_init(&facts);
	stage_begin(&c);
	if (core_open(&core, (const char *const *)job->source.files, job->source.file_count,
		      &cmd_core_limits, &err))
		return fail(pipe, &err);
	stage_end(&c, &facts, "open");
	stage_begin(&c);
	if (klog_open_core(&klog, core, &err))
		return fail(pipe, &err);
	fact_from_log(&facts, klog);
	stage_end(&c, &facts, "log");
	if (!publish(pipe, job->options, &facts, klog, "memory"))
		return EXIT_FAILED;
	stage_begin(&c);
	fact_from_core(&facts, core);
	stage_end(&c, &facts, "memory");
	return publish(pipe, job->options, &facts, klog, "") ? EXIT_DONE : EXIT_FAILED;
}

static int judge_log(struct report_pipe *pipe, const struct job *job)
{
	struct fact_set facts;
	struct klog *klog;
	struct clock c;
	struct err err;

	fact_init(&facts);
	stage_begin(&c);
	if (klog_open_text(&klog, job->source.files[0], &err))
		return fail(pipe, &err);
	fact_from_log(&facts, klog);
	stage_end(&c, &facts, "log");
	return publish(pipe, job->options, &facts, klog, "") ? EXIT_DONE : EXIT_FAILED;
}

static int work(struct report_pipe *pipe, void *ctx)
{
	const struct job *job = ctx;

	return job->source.kind == SOURCE_DUMP ? judge_dump(pipe, job) : judge_log(pipe, job);
}

/* ---- in the parent ---- */

static void write_both(struct job *job)
{
	char *json = json_dumps(job->document, json_flags);
	struct buf text;
	struct err err;
	enum status st = STATUS_FOUND;

	buf_init(&text, 1024 * 1024);
	write_text(job->document, &text);
	if (!json || text.failed)
		st = err_set(&err, STATUS_BROKEN, "out of memory");
	if (!st)
		st = write_file(job->dir, "vmcore-verdict.json", json, strlen(json), &err);
	if (!st)
		st = write_file(job->dir, "vmcore-verdict.txt", text.data, text.len, &err);
	job->written = !st;
	snprintf(job->write_error, sizeof(job->write_error), "%s", st ? err.text : "");
	buf_done(&text);
	free(json);
}

static void got(const struct frame_in *frame, void *ctx)
{
	struct job *job = ctx;
	json_t *document;

	if (frame->kind == FRAME_ERROR) {
		snprintf(job->error, sizeof(job->error), "%s", frame->data);
		return;
	}
	document = json_loadb(frame->data, frame->len, 0, NULL);
	if (!document)
		return;
	json_decref(job->document);
	job->document = document;
	memcpy(job->pending, frame->pending, PENDING_MAX);
	if (job->dir)
		write_both(job);
}

/* A line that is drawn over, for people who wait at a terminal. */
static void idle(void *ctx)
{
	struct job *job = ctx;

	if (!isatty(STDERR_FILENO))
		return;
	fprintf(stderr, "\r%s: reading %s... ", job->source.name,
		job->pending[0] ? job->pending : "the log");
	job->showed_progress = true;
}

static void clear_progress(struct job *job)
{
	if (job->showed_progress)
		fprintf(stderr, "\r\033[K");
	job->showed_progress = false;
}

static void say_degraded(struct job *job, const char *part, const char *why)
{
	json_t *list = json_object_get(job->document, "degraded"), *entry;
	size_t i;

	json_array_foreach(list, i, entry) {
		const char *name = json_string_value(json_object_get(entry, "part"));

		if (name && !strcmp(name, part)) {
			(void)json_object_set_new(entry, "why", json_string(why));
			return;
		}
	}
	(void)json_array_append_new(list, json_pack("{s:s, s:s}", "part", part, "why", why));
}

static void run(struct job *job, struct supervise_end *end)
{
	job->error[0] = '\0';
	supervise(&job->options->limits, work, got, idle, job, end);
	clear_progress(job);
}

/* The child died with a document half way: the document says so. */
static void finish_partial(struct job *job, const struct supervise_end *end)
{
	char why[256];

	snprintf(why, sizeof(why), "the analyzer was %s before it could read this", end->why);
	say_degraded(job, job->pending[0] ? job->pending : "analysis", why);
	if (job->dir)
		write_both(job);
}

/* No document from the dump: the log that kdump wrote beside it is the next best witness. */
static void fall_back(struct job *job, const char *why_no_dump)
{
	char why[600];
	struct supervise_end end;

	snprintf(why, sizeof(why), "%s: %s; this verdict rests on %s alone", job->source.files[0],
		 why_no_dump, job->source.log);
	job->source.kind = SOURCE_LOG;
	free(job->source.files[0]);
	job->source.files[0] = strdup(job->source.log);
	run(job, &end);
	if (!job->document)
		return;
	say_degraded(job, "vmcore", why);
	if (job->dir)
		write_both(job);
}

static void judge(struct job *job)
{
	bool was_directory = job->source.dir && !strcmp(job->source.dir, job->source.name);
	struct supervise_end end;

	run(job, &end);
	if (job->document && !end.ok)
		finish_partial(job, &end);
	if (job->document)
		return;
	if (!job->error[0])
		snprintf(job->error, sizeof(job->error), "the analyzer was %s", end.why);
	/* A file that the user named is answered for itself; in a directory the log will do. */
	if (job->source.kind == SOURCE_DUMP && job->source.log &&
	    (was_directory || strstr(job->error, "the analyzer was"))) {
		char why[512];

		memcpy(why, job->error, sizeof(why));
		fall_back(job, why);
	}
}

static void print_summary(const char *before, const json_t *document)
{
	const char *text = json_string_value(
		json_object_get(json_object_get(document, "verdict"), "summary"));
	struct buf line;

	buf_init(&line, 8192);
	write_clean(&line, text ? text : "");
	printf("%s%s\n", before, line.data ? line.data : "");
	buf_done(&line);
}

static void print_text(const json_t *document)
{
	struct buf text;

	buf_init(&text, 1024 * 1024);
	write_text(document, &text);
	if (text.data)
		fwrite(text.data, 1, text.len, stdout);
	buf_done(&text);
}

static int deliver(struct job *job)
{
	const struct options *o = job->options;

	if (!job->document) {
		cmd_complain("%s: %s", job->source.name, job->error);
		return EXIT_FAILED;
	}
	if (o->summary)
		print_summary("kdump-verdict: ", job->document);
	if (job->written) {
		if (!o->summary) {
			print_summary("", job->document);
			printf("Written: %s/vmcore-verdict.txt and vmcore-verdict.json\n", job->dir);
		}
		return EXIT_DONE;
	}
	if (o->output == OUTPUT_JSON) {
		json_dumpf(job->document, stdout, json_flags);
		putchar('\n');
		return EXIT_DONE;
	}
	if (o->output == OUTPUT_FILES && job->write_error[0])
		cmd_complain("%s: %s; the verdict goes to standard output", job->source.name,
			     job->write_error);
	else if (o->output == OUTPUT_FILES && strcmp(job->source.name, "-"))
		cmd_complain("%s: nothing can be written beside it (use -o DIR); the verdict goes to standard output",
			     job->source.name);
	if (!o->summary)
		print_text(job->document);
	/* A folder that is read-only has the text instead; a full disk, or a folder that the user
	 * named, was meant to get the files: whoever counts on them must hear of it. */
	return o->dir || strstr(job->write_error, strerror(ENOSPC)) ? EXIT_FAILED : EXIT_DONE;
}

static int analyze(const struct options *options, const char *const *names, size_t count)
{
	struct job job = {.options = options};
	struct err err;
	int ret;

	if (source_find(&job.source, names[0], &err)) {
		cmd_complain("%s: %s", names[0], err.text);
		source_done(&job.source);
		return EXIT_FAILED;
	}
	for (size_t i = 1; i < count && job.source.file_count < SOURCE_MAX_FILES; i++)
		job.source.files[job.source.file_count++] = strdup(names[i]);
	if (options->output == OUTPUT_FILES)
		job.dir = options->dir ? options->dir : job.source.dir;
	judge(&job);
	ret = deliver(&job);
	json_decref(job.document);
	source_done(&job.source);
	return ret;
}

/* ---- the command line ---- */

static void help(void)
{
	puts("usage: kdump-verdict analyze [OPTION...] SOURCE...\n"
	     "\n"
	     "Says why a Linux kernel crashed. SOURCE is a vmcore, the directory of a crash, a\n"
	     "kernel log (plain or .gz), or - for standard input. The verdict is written beside\n"
	     "it as vmcore-verdict.txt (for people) and vmcore-verdict.json (for programs).\n"
	     "\n"
	     "  -o, --output DIR       write into DIR instead\n"
	     "      --stdout json|text write to standard output instead\n"
	     "      --json, --text     short for --stdout json, --stdout text\n"
	     "      --summary          print the verdict's one line, for a console\n"
	     "      --split            the SOURCEs are the parts of one dump (makedumpfile --split)\n"
	     "      --rules PATH       use this rule file or directory (may be repeated)\n"
	     "      --deadline SECONDS give up after this; what is known by then is written\n"
	     "      --memory-limit MIB address space that the analysis may use\n"
	     "      --stages           put times and memory of each stage into the JSON\n"
	     "  -v, --verbose          tell of each stage\n"
	     "\n"
	     "exit status: 0 a verdict was written, 1 none could be, 2 wrong usage");
}

static bool take_number(const char *text, unsigned *ret)
{
	char *end;
	unsigned long value = strtoul(text, &end, 10);

	if (!*text || *end || !value || value > 1000000)
		return false;
	*ret = (unsigned)value;
	return true;
}

static bool take_output(const char *text, enum output *ret)
{
	if (!strcmp(text, "json"))
		*ret = OUTPUT_JSON;
	else if (!strcmp(text, "text"))
		*ret = OUTPUT_TEXT;
	else
		return false;
	return true;
}

static int usage(const char *why, const char *what)
{
	cmd_complain("analyze: %s%s (try kdump-verdict analyze --help)", why, what);
	return EXIT_USAGE;
}

int cmd_analyze(int argc, char **argv)
{
	enum { OPT_STDOUT = 256, OPT_JSON, OPT_TEXT, OPT_SUMMARY, OPT_SPLIT, OPT_RULES,
	       OPT_DEADLINE, OPT_MEMORY, OPT_STAGES };
	static const struct option longs[] = {
		{"output", required_argument, NULL, 'o'},
		{"stdout", required_argument, NULL, OPT_STDOUT},
		{"json", no_argument, NULL, OPT_JSON},
		{"text", no_argument, NULL, OPT_TEXT},
		{"summary", no_argument, NULL, OPT_SUMMARY},
		{"split", no_argument, NULL, OPT_SPLIT},
		{"rules", required_argument, NULL, OPT_RULES},
		{"deadline", required_argument, NULL, OPT_DEADLINE},
		{"memory-limit", required_argument, NULL, OPT_MEMORY},
		{"stages", no_argument, NULL, OPT_STAGES},
		{"verbose", no_argument, NULL, 'v'},
		{"help", no_argument, NULL, 'h'},
		{0},
	};
	struct options o = {0};
	int opt, ret = EXIT_DONE;

	while ((opt = getopt_long(argc, argv, "o:vh", longs, NULL)) != -1) {
		switch (opt) {
		case 'o':
			o.dir = optarg;
			break;
		case OPT_STDOUT:
			if (!take_output(optarg, &o.output))
				return usage("--stdout takes json or text, not ", optarg);
			break;
		case OPT_JSON:
			o.output = OUTPUT_JSON;
			break;
		case OPT_TEXT:
			o.output = OUTPUT_TEXT;
			break;
		case OPT_SUMMARY:
			o.summary = true;
			break;
		case OPT_SPLIT:
			o.split = true;
			break;
		case OPT_RULES:
			cmd_add_rules(optarg);
			break;
		case OPT_DEADLINE:
			if (!take_number(optarg, &o.limits.seconds))
				return usage("--deadline takes a number of seconds, not ", optarg);
			break;
		case OPT_MEMORY:
			if (!take_number(optarg, &o.limits.memory_mib))
				return usage("--memory-limit takes a number of MiB, not ", optarg);
			break;
		case OPT_STAGES:
			o.stages = true;
			break;
		case 'v':
			log_verbose = true;
			break;
		case 'h':
			help();
			return EXIT_DONE;
		default:
			return EXIT_USAGE;
		}
	}
	if (optind == argc)
		return usage("no SOURCE given", "");
	if (o.dir && argc - optind > 1 && !o.split)
		return usage("-o takes one SOURCE: the verdicts of several would overwrite each other", "");
	if (o.limits.memory_mib)
		cmd_core_limits.open_bytes = (uint64_t)o.limits.memory_mib << 20;
	o.rules = cmd_rule_base();
	if (!o.rules)
		return EXIT_FAILED;
	if (o.split)
		return analyze(&o, (const char *const *)argv + optind, (size_t)(argc - optind));
	for (int i = optind; i < argc; i++)
		if (analyze(&o, (const char *const *)&argv[i], 1))
			ret = EXIT_FAILED;
	rule_base_free(o.rules);
	return ret;
}
