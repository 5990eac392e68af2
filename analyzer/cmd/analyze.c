// SPDX-License-Identifier: GPL-2.0-or-later
//
// `kdump-verdict analyze SOURCE...`: the main job. A child reads and judges and sends a better
// document after every stage; this process publishes each, and when the child dies says in the
// last one why the rest is missing. One child judges many logs; a dump has a child of its own.
#include <errno.h>
#include <getopt.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "write/write.h"

#include "cmd/judge.h"

enum output { OUTPUT_FILES, OUTPUT_JSON, OUTPUT_TEXT };

struct options {
	enum output output;
	const char *dir;	/* -o; NULL: beside the source */
	bool summary;		/* print just one line, for a console */
	bool split;		/* the sources are parts of one dump */
	bool many;		/* several sources: JSON is printed a document a line */
	struct supervise_limits limits;
	struct judge_options judge;
};

/* One source on its way to a verdict. */
struct job {
	const struct options *options;
	struct source source;
	const char *dir;	/* where the files go; NULL: to standard output */

	char *text;		/* the best document so far, as the child sent it; NULL */
	json_t *document;	/* the same, where it was needed; see document_of() */
	char pending[PENDING_MAX]; /* the stage that the document waits for; "" */
	bool written;		/* the document stands in dir */
	char write_error[512];	/* why it does not; "" */
	char error[512];	/* why there can be no document; "" */
	bool killed;		/* because reading it ended the child */
	bool is_fallback;	/* the log in place of a dump: told of by the dump's job */
	bool showed_progress;
};

/* Logs are judged so many by one child: the batch that the child and this process walk along. */
enum { BATCH_MAX = 256 };

struct batch {
	const struct options *options;
	size_t count, at, room;
	char *last_dir;		/* where the last verdict of the batches before went; NULL */
	bool failed;		/* some source has no verdict */
	struct job jobs[];
};

/* For so many sources, or BATCH_MAX at a time; NULL: out of memory. */
static struct batch *batch_new(size_t sources)
{
	size_t room = sources < BATCH_MAX ? sources : BATCH_MAX;
	struct batch *batch = calloc(1, sizeof(*batch) + room * sizeof(batch->jobs[0]));

	if (batch)
		batch->room = room;
	return batch;
}

static const size_t json_flags = JSON_INDENT(2) | JSON_REAL_PRECISION(15);

/* In the child. */
static int work(struct report_pipe *pipe, void *ctx)
{
	const struct batch *batch = ctx;

	for (size_t i = batch->at; i < batch->count; i++) {
		judge_source(pipe, &batch->jobs[i].source, &batch->options->judge);
		if (!report_send(pipe, FRAME_NEXT, "", "", 0))
			return EXIT_FAILED;
	}
	return EXIT_DONE;
}

/* The document, parsed when somebody needs to look into it; NULL: there is none. */
static json_t *document_of(struct job *job)
{
	if (!job->document && job->text)
		job->document = json_loads(job->text, 0, NULL);
	return job->document;
}

static void write_both(struct job *job)
{
	json_t *document = document_of(job);
	char *json = document ? json_dumps(document, json_flags) : NULL;
	struct buf text;
	struct err err;
	enum status st = STATUS_FOUND;

	buf_init(&text, 1024 * 1024);
	write_text(document, &text);
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

static void take_document(struct job *job, const struct frame_in *frame)
{
	free(job->text);
	json_decref(job->document);
	job->text = strdup(frame->data);
	job->document = NULL;
	memcpy(job->pending, frame->pending, PENDING_MAX);
	if (job->dir && job->text)
		write_both(job);
}

static void clear_progress(struct job *job)
{
	if (job->showed_progress)
		fprintf(stderr, "\r\033[K");
	job->showed_progress = false;
}

static void deliver(struct batch *batch);

static void got(const struct frame_in *frame, void *ctx)
{
	struct batch *batch = ctx;
	struct job *job = &batch->jobs[batch->at];

	if (batch->at == batch->count)
		return;
	clear_progress(job);
	switch (frame->kind) {
	case FRAME_DOCUMENT:
		take_document(job, frame);
		break;
	case FRAME_ERROR:
		snprintf(job->error, sizeof(job->error), "%s", frame->data);
		break;
	case FRAME_NEXT:
		deliver(batch);
		break;
	}
}

/* A line that is drawn over, for people who wait at a terminal. */
static void idle(void *ctx)
{
	struct batch *batch = ctx;
	struct job *job = &batch->jobs[batch->at];

	if (batch->at == batch->count || !isatty(STDERR_FILENO))
		return;
	fprintf(stderr, "\r%s: reading %s... ", job->source.name,
		job->pending[0] ? job->pending : "the log");
	job->showed_progress = true;
}

static void say_degraded(struct job *job, const char *part, const char *why)
{
	json_t *list = json_object_get(document_of(job), "degraded"), *entry;
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

/* The child died with a document half way: the document says so. */
static void finish_partial(struct job *job, const struct supervise_end *end)
{
	char why[256];

	snprintf(why, sizeof(why), WHY_STOPPED "%s before it could read this", end->why);
	say_degraded(job, job->pending[0] ? job->pending : "analysis", why);
	if (job->dir)
		write_both(job);
}

static void run(struct batch *batch);

/*
 * No document from the dump: the log that kdump wrote beside it is the next best witness, in a
 * batch of its own. False if there is none, or if it tells nothing either.
 */
static bool fall_back(struct job *job)
{
	bool was_directory = job->source.dir && !strcmp(job->source.dir, job->source.name);
	struct batch *batch;
	struct job *again;
	char why[1200];

	/* A file that the user named is answered for itself, unless reading it killed us. */
	if (job->source.kind != SOURCE_DUMP || !job->source.log ||
	    (!was_directory && !job->killed))
		return false;
	batch = batch_new(1);
	if (!batch)
		return false;
	snprintf(why, sizeof(why), "%s: %s; this verdict rests on %s alone", job->source.files[0],
		 job->error, job->source.log);
	again = &batch->jobs[0];
	*again = (struct job){.options = job->options, .dir = job->dir, .is_fallback = true};
	again->source.kind = SOURCE_LOG;
	again->source.name = job->source.name;
	again->source.files[0] = job->source.log;
	batch->options = job->options;
	batch->count = 1;
	run(batch);
	job->text = again->text;
	job->document = again->document;
	free(batch);
	if (!document_of(job))
		return false;
	say_degraded(job, "vmcore", why);
	if (job->dir)
		write_both(job);
	return true;
}

static void print_summary(const char *before, const json_t *document)
{
	const char *text = json_string_value(
		json_object_get(json_object_get(document, "verdict"), "summary"));

	fputs(before, stdout);
	cmd_print(text ? text : "");
	putchar('\n');
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

/* One document is printed to be read; of many each is a line, as the child sent it. */
static void print_json(struct job *job)
{
	if (job->options->many && !job->document)
		fputs(job->text, stdout);
	else
		json_dumpf(document_of(job), stdout,
			   job->options->many ? JSON_COMPACT | JSON_REAL_PRECISION(15) : json_flags);
	putchar('\n');
}

static bool complain_of_error(const struct job *job)
{
	unsigned mib = job->options->limits.memory_mib;

	if (mib && (strstr(job->error, "out of memory") || strstr(job->error, "annot allocate")))
		cmd_complain("%s: %s (the limit is %u MiB: raise --memory-limit)",
			     job->source.name, job->error, mib);
	else
		cmd_complain("%s: %s", job->source.name, job->error);
	return false;
}

/* The text goes to standard output where files were meant to be; true if that is good enough. */
static bool deliver_unwritten(struct job *job)
{
	const struct options *o = job->options;

	if (job->write_error[0])
		cmd_complain("%s: %s; the verdict goes to standard output", job->source.name,
			     job->write_error);
	else if (strcmp(job->source.name, "-"))
		cmd_complain("%s: nothing can be written beside it (use -o DIR); the verdict goes to standard output",
			     job->source.name);
	if (!o->summary)
		print_text(document_of(job));
	/* A folder that is read-only has the text instead; a full disk, or a folder that the user
	 * named, was meant to get the files: whoever counts on them must hear of it. */
	return !o->dir && !strstr(job->write_error, strerror(ENOSPC));
}

/* Tells the user of one source; false if there is no verdict where it was wanted. */
static bool tell(struct job *job)
{
	const struct options *o = job->options;

	if (!job->text && !job->document && !fall_back(job))
		return complain_of_error(job);
	if (o->summary)
		print_summary("kdump-verdict: ", document_of(job));
	if (job->written) {
		if (!o->summary) {
			print_summary("", document_of(job));
			printf("Written: %s/vmcore-verdict.txt and vmcore-verdict.json\n", job->dir);
		}
		return true;
	}
	if (o->output == OUTPUT_FILES)
		return deliver_unwritten(job);
	if (o->output == OUTPUT_JSON)
		print_json(job);
	else if (!o->summary)
		print_text(document_of(job));
	return true;
}

static void job_done(struct job *job)
{
	free(job->text);
	json_decref(job->document);
	source_done(&job->source);
}

static void deliver(struct batch *batch)
{
	struct job *job = &batch->jobs[batch->at++];

	if (job->is_fallback)
		return; /* its first try tells of it */
	if (!tell(job))
		batch->failed = true;
	job_done(job);
}

/* Walks the batch to its end, with a new child where one died. */
static void run(struct batch *batch)
{
	while (batch->at < batch->count) {
		struct supervise_end end;
		struct job *job;

		supervise(&batch->options->limits, work, got, idle, batch, &end);
		if (batch->at == batch->count)
			return;
		job = &batch->jobs[batch->at];
		clear_progress(job);
		if (job->text) {
			finish_partial(job, &end);
		} else {
			job->killed = true;
			snprintf(job->error, sizeof(job->error), WHY_STOPPED "%s", end.why);
		}
		deliver(batch);
	}
}

/* Whether the verdict of an earlier source of this call lies in dir already. */
static bool is_taken(const struct batch *batch, const char *dir)
{
	for (size_t i = 0; i < batch->count; i++)
		if (batch->jobs[i].dir && !strcmp(batch->jobs[i].dir, dir))
			return true;
	return batch->last_dir && !strcmp(batch->last_dir, dir);
}

/* Makes a job of a source; false if that cannot be (told already). */
static bool add_job(struct batch *batch, const char *name)
{
	struct job *job = &batch->jobs[batch->count];
	const struct options *o = batch->options;
	const char *dir;
	struct err err;

	*job = (struct job){.options = o};
	if (source_find(&job->source, name, &err)) {
		cmd_complain("%s: %s", name, err.text);
		source_done(&job->source);
		return false;
	}
	dir = o->output == OUTPUT_FILES ? o->dir ? o->dir : job->source.dir : NULL;
	if (dir && is_taken(batch, dir)) {
		cmd_complain("%s: the verdict of another SOURCE goes into %s too: use --stdout json, or one call each with -o DIR",
			     name, dir);
		source_done(&job->source);
		return false;
	}
	job->dir = dir;
	batch->count++;
	return true;
}

/* A dump needs a process of its own (see judge_dump()), and limits are for one source. */
static bool batch_is_full(const struct batch *batch)
{
	return batch->count == batch->room || batch->options->limits.seconds ||
	       batch->options->limits.memory_mib ||
	       (batch->count && batch->jobs[batch->count - 1].source.kind == SOURCE_DUMP);
}

static void flush(struct batch *batch)
{
	const char *dir = batch->count ? batch->jobs[batch->count - 1].dir : NULL;

	free(batch->last_dir);
	batch->last_dir = dir ? strdup(dir) : NULL;
	run(batch);
	batch->count = batch->at = 0;
}

static int analyze(const struct options *options, char *const *names, size_t count)
{
	struct batch *batch = batch_new(count);
	int ret;

	if (!batch)
		return EXIT_FAILED;
	batch->options = options;
	for (size_t i = 0; i < count; i++) {
		if (!add_job(batch, names[i]))
			batch->failed = true;
		else if (options->split)
			break;
		else if (batch_is_full(batch))
			flush(batch);
	}
	if (options->split && batch->count)
		source_add_parts(&batch->jobs[0].source, names + 1, count - 1);
	flush(batch);
	ret = batch->failed ? EXIT_FAILED : EXIT_DONE;
	free(batch->last_dir);
	free(batch);
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
	     "      --boot N           judge the Nth boot of a log, not the last that crashed\n"
	     "      --rules PATH       use this rule file or directory (may be repeated)\n"
	     "      --dump-status N    how the dump of this crash ended, for the verdict to tell\n"
	     "      --deadline SECONDS give up after this; what is known by then is written\n"
	     "      --memory-limit MIB address space that the analysis may use\n"
	     "      --stages           put times and memory of each stage into the JSON\n"
	     "      --system-map FILE  take the symbols of a dump from this System.map\n"
	     "      --vmlinux FILE     or from this vmlinux or its debug file (same build id)\n"
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
	       OPT_DEADLINE, OPT_MEMORY, OPT_BOOT, OPT_STAGES, OPT_DUMP_STATUS,
	       OPT_SYSTEM_MAP, OPT_VMLINUX };
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
		{"boot", required_argument, NULL, OPT_BOOT},
		{"stages", no_argument, NULL, OPT_STAGES},
		{"dump-status", required_argument, NULL, OPT_DUMP_STATUS},
		{"system-map", required_argument, NULL, OPT_SYSTEM_MAP},
		{"vmlinux", required_argument, NULL, OPT_VMLINUX},
		{"verbose", no_argument, NULL, 'v'},
		{"help", no_argument, NULL, 'h'},
		{0},
	};
	struct options o = {.judge = {.boot = OOPS_LAST_CRASH, .dump_status = -1}};
	unsigned number;
	int opt, ret;

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
		case OPT_BOOT:
			if (!take_number(optarg, &number))
				return usage("--boot takes the number of a boot, 1 for the first, not ", optarg);
			o.judge.boot = (int)number;
			break;
		case OPT_DUMP_STATUS:
			if (strcmp(optarg, "0") && (!take_number(optarg, &number) || number > 255))
				return usage("--dump-status takes an exit status, 0 to 255, not ", optarg);
			o.judge.dump_status = atoi(optarg);
			break;
		case OPT_STAGES:
			o.judge.stages = true;
			break;
		case OPT_SYSTEM_MAP:
			o.judge.symbols.system_map = optarg;
			break;
		case OPT_VMLINUX:
			o.judge.symbols.vmlinux = optarg;
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
	o.judge.rules = cmd_rule_base();
	if (!o.judge.rules)
		return EXIT_FAILED;
	o.many = argc - optind > 1 && !o.split;
	ret = analyze(&o, argv + optind, (size_t)(argc - optind));
	rule_base_free(o.judge.rules);
	return ret;
}
