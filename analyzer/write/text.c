// SPDX-License-Identifier: GPL-2.0-or-later
//
// The verdict for a person, written from the document: what happened, why we think so, what to
// do, then the crash itself. One screen of 80 columns.
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "write/write.h"

enum { COLUMNS = 80, MAX_EVIDENCE = 6, MAX_FRAMES = 10, MAX_CHAIN = 6, MAX_OTHERS = 3 };

/*
 * Lets through printable ASCII and ordinary UTF-8; shows the rest as '?': escape sequences and
 * the characters that reorder text (bidi controls) would let a log repaint this page.
 */
static void add_clean(struct buf *b, const char *text, size_t n)
{
	for (size_t i = 0; i < n;) {
		const unsigned char *p = (const unsigned char *)text + i;
		size_t len = p[0] < 0x80 ? 1 : p[0] < 0xe0 ? 2 : p[0] < 0xf0 ? 3 : 4;
		bool steers = p[0] < 0x20 || p[0] == 0x7f || (p[0] == 0xc2 && p[1] < 0xa0);

		if (len == 3 && i + 2 < n && p[0] == 0xe2)
			steers = (p[1] == 0x80 && p[2] >= 0x8b) ||	/* zero width, bidi, separators */
				 (p[1] == 0x81 && p[2] >= 0xa0 && p[2] <= 0xaf);
		if (i + len > n)
			len = n - i;
		if (steers)
			buf_str(b, p[0] == '\t' || p[0] == '\n' ? " " : "?");
		else
			buf_add(b, text + i, len);
		i += len;
	}
}

void write_clean(struct buf *ret, const char *text)
{
	add_clean(ret, text, strlen(text));
}

/* Shown as a blank at which no line ends. */
#define NO_BREAK "\t"

/* Words of text, wrapped; the first line after first, the others after rest. */
static void add_wrapped(struct buf *b, const char *first, const char *rest, const char *text)
{
	size_t column = strlen(first);
	bool at_start = true;

	buf_str(b, first);
	while (*text) {
		size_t word = strcspn(text, " \n");

		if (!at_start && column + 1 + word > COLUMNS) {
			buf_printf(b, "\n%s", rest);
			column = strlen(rest);
			at_start = true;
		}
		if (!at_start) {
			buf_str(b, " ");
			column++;
		}
		add_clean(b, text, word);
		column += word;
		at_start = false;
		text += word;
		text += strspn(text, " \n");
	}
	buf_str(b, "\n");
}

static const char *str(const json_t *o, const char *key)
{
	return json_string_value(json_object_get(o, key));
}

static json_int_t num(const json_t *o, const char *key)
{
	return json_integer_value(json_object_get(o, key));
}

static void title(struct buf *b, const char *text)
{
	buf_printf(b, "\n%s\n", text);
}

/* One line, cut at the margin so that log lines stay lines. */
static void add_line(struct buf *b, const char *indent, const char *text)
{
	size_t room = COLUMNS - strlen(indent), n = strlen(text);

	buf_str(b, indent);
	if (n > room) {
		add_clean(b, text, room - 3);
		buf_str(b, "...");
	} else {
		add_clean(b, text, n);
	}
	buf_str(b, "\n");
}

static void say_head(struct buf *b, const json_t *doc)
{
	const json_t *system = json_object_get(doc, "system");
	const char *node = str(system, "node");
	/* "(none)": the kernel was never given a name */
	const char *parts[] = {node && node[0] != '(' ? node : NULL, str(system, "release"),
			       str(system, "crash_time")};
	struct buf line;

	buf_init(&line, 1024);
	buf_str(&line, "kdump-verdict:");
	for (size_t i = 0; i < ARRAY_SIZE(parts); i++)
		if (parts[i] && parts[i][0])
			buf_printf(&line, "%s %s%s", i && line.len > 14 ? "," : "",
				   i == 2 ? "crashed " : "", parts[i]);
	add_line(b, "", line.data ? line.data : "");
	buf_done(&line);
}

static const char *affected_words(const char *affected)
{
	static const char *const words[][2] = {
		{"yes", "this kernel is affected"},
		{"fixed-here", "this kernel already has the fix"},
		{"not-in-range", "this kernel is not known to be affected"},
		{"cannot-tell", "cannot tell whether this kernel is affected"},
	};

	for (size_t i = 0; affected && i < ARRAY_SIZE(words); i++)
		if (!strcmp(affected, words[i][0]))
			return words[i][1];
	return "";
}

/* The finding that the verdict follows is the first matched one of its rule. */
static const json_t *main_finding(const json_t *doc)
{
	const char *known = str(json_object_get(doc, "verdict"), "known_issue");
	const json_t *findings = json_object_get(doc, "findings");
	size_t i;
	json_t *f;

	json_array_foreach(findings, i, f) {
		if (!json_is_true(json_object_get(f, "matched")))
			continue;
		if (!known || !strcmp(str(f, "rule"), known))
			return f;
	}
	return NULL;
}

static void say_verdict(struct buf *b, const json_t *doc)
{
	const json_t *v = json_object_get(doc, "verdict");
	const char *known = str(v, "known_issue"), *cause = str(v, "cause");

	buf_str(b, "\n");
	add_wrapped(b, "  ", "  ", str(v, "summary") ? str(v, "summary") : "");
	if (known) {
		struct buf line;

		buf_init(&line, 1024);
		buf_printf(&line, "Known issue %s; %s.", known,
			   !strcmp(str(v, "affected"), "yes") && !str(main_finding(doc), "affected_why") ?
				   "it is not bound to a kernel version" :
				   affected_words(str(v, "affected")));
		buf_str(b, "\n");
		add_wrapped(b, "  ", "  ", line.data ? line.data : "");
		buf_done(&line);
	}
	if (strcmp(str(v, "confidence"), "none"))
		buf_printf(b, "%s  Kind: %s. Confidence: %s.\n", known ? "" : "\n",
			   str(v, "category"), str(v, "confidence"));
	if (cause) {
		title(b, "CAUSE");
		add_wrapped(b, "  ", "  ", cause);
	}
}

static void say_evidence(struct buf *b, const json_t *doc)
{
	const json_t *finding = main_finding(doc);
	const json_t *list = json_object_get(finding, "evidence");
	size_t i, told = 0;
	json_t *e;

	if (!json_array_size(list))
		return;
	title(b, "WHY WE THINK SO");
	json_array_foreach(list, i, e) {
		char where[32] = "";
		struct buf line;

		if (told++ == MAX_EVIDENCE)
			break;
		if (num(e, "log_line"))
			snprintf(where, sizeof(where), "log line %" JSON_INTEGER_FORMAT ": ",
				 num(e, "log_line"));
		buf_init(&line, 4096);
		buf_printf(&line, "%s%s", where, str(e, "text") ? str(e, "text") : "");
		add_wrapped(b, "  - ", "    ", str(e, "condition") ? str(e, "condition") : "");
		if (line.len && str(e, "text"))
			add_line(b, "      ", line.data);
		buf_done(&line);
	}
	if (str(finding, "affected_why"))
		add_wrapped(b, "  - ", "    ", str(finding, "affected_why"));
}

static void say_actions(struct buf *b, const json_t *v)
{
	const json_t *actions = json_object_get(v, "actions"), *fixed = json_object_get(v, "fixed_in");
	size_t i, k;
	json_t *a, *c;

	if (json_array_size(actions))
		title(b, "WHAT TO DO");
	json_array_foreach(actions, i, a) {
		char number[32];

		snprintf(number, sizeof(number), "  %zu. ", i + 1);
		add_wrapped(b, number, "     ", str(a, "text") ? str(a, "text") : "");
		json_array_foreach(json_object_get(a, "commands"), k, c) {
			/* never wrapped or cut: it is there to be pasted */
			buf_str(b, "       ");
			add_clean(b, json_string_value(c), json_string_length(c));
			buf_str(b, "\n");
		}
	}
	json_array_foreach(fixed, i, c)
		add_wrapped(b, i ? "            " : "  Fixed in: ", "            ",
			    json_string_value(c));
	json_array_foreach(json_object_get(v, "references"), i, c) {
		buf_str(b, "  See: ");
		add_clean(b, json_string_value(c), json_string_length(c));
		buf_str(b, "\n");
	}
}

/* "kdv_inner+0x6/0x20 [kdv_crash]" */
static void add_place(struct buf *b, const json_t *o)
{
	const char *function = str(o, "function"), *module = str(o, "module");

	buf_str(b, function ? function : str(o, "address") ? str(o, "address") : "?");
	if (json_object_get(o, "offset"))
		buf_printf(b, "+%#" PRIx64, (uint64_t)num(o, "offset"));
	if (json_object_get(o, "size"))
		buf_printf(b, "/%#" PRIx64, (uint64_t)num(o, "size"));
	if (module)
		buf_printf(b, " [%s]", module);
}

/* What stands between the parts of a sentence. */
static const char *comma(const struct buf *line)
{
	return line->len ? ", " : "";
}

static void say_who(struct buf *b, const json_t *crash)
{
	const char *comm = str(crash, "comm");
	struct buf line;

	buf_init(&line, 4096);
	if (str(crash, "function") || str(crash, "address")) {
		buf_str(&line, "in ");
		add_place(&line, crash);
	}
	if (str(crash, "at"))
		buf_printf(&line, "%sat %s", comma(&line), str(crash, "at"));
	if (json_object_get(crash, "cpu"))
		buf_printf(&line, "%sCPU %d", comma(&line), (int)num(crash, "cpu"));
	if (comm)
		buf_printf(&line, "%stask" NO_BREAK "%s", comma(&line), comm);
	if (json_object_get(crash, "pid"))
		buf_printf(&line, "%spid" NO_BREAK "%" JSON_INTEGER_FORMAT "%s", comm ? NO_BREAK "(" : comma(&line),
			   num(crash, "pid"), comm ? ")" : "");
	if (str(crash, "workqueue"))
		buf_printf(&line, "%sworkqueue %s", comma(&line), str(crash, "workqueue"));
	if (json_object_get(crash, "time"))
		buf_printf(&line, "%s%.6f s after boot", comma(&line),
			   json_real_value(json_object_get(crash, "time")));
	if (line.len)
		add_wrapped(b, "  ", "  ", line.data);
	buf_done(&line);
}

/* Whether frame is in function, whose compiler suffixes (.cold, .isra.0) are cut off. */
static bool is_in(const json_t *frame, const char *function)
{
	const char *name = str(frame, "function");
	size_t n = function ? strlen(function) : 0;

	return n && name && !strncmp(name, function, n) && (!name[n] || name[n] == '.');
}

/*
 * Where the trace begins to tell: at the crash's own function, where it is in there. What stands
 * above it is how a panic or a warning prints itself.
 */
static size_t first_telling(const json_t *trace, const char *function)
{
	size_t i;
	json_t *f;

	json_array_foreach(trace, i, f)
		if (json_is_true(json_object_get(f, "reliable")) && is_in(f, function))
			return i;
	return 0;
}

static void say_trace(struct buf *b, const json_t *crash)
{
	const json_t *trace = json_object_get(crash, "trace");
	const json_t *before = NULL;
	size_t i, told = 0, repeats = 0, first = first_telling(trace, str(crash, "function"));
	json_t *f;

	json_array_foreach(trace, i, f) {
		struct buf line;

		if (i < first || !json_is_true(json_object_get(f, "reliable")))
			continue;
		if (before && json_equal(before, f)) {
			repeats++; /* a recursion would fill the screen */
			continue;
		}
		if (repeats)
			buf_printf(b, "    ... and %zu times more\n", repeats);
		repeats = 0;
		before = f;
		if (told++ == MAX_FRAMES) {
			buf_str(b, "    ... the rest is in the JSON document\n");
			break;
		}
		buf_init(&line, 1024);
		add_place(&line, f);
		if (strcmp(str(f, "stack"), "task"))
			buf_printf(&line, "  (%s)", str(f, "stack"));
		add_line(b, "    ", line.data ? line.data : "");
		buf_done(&line);
	}
	if (repeats)
		buf_printf(b, "    ... and %zu times more\n", repeats);
}

/*
 * Who to blame is worth a line only where it is not the place of the crash itself; what the
 * report tells of others (behind the semicolon) always is.
 */
static void say_blame(struct buf *b, const json_t *crash, const json_t *blame)
{
	const char *function = str(blame, "function"), *why = str(blame, "why"), *others;
	struct buf line;

	if (!function)
		return;
	if (str(crash, "function") && !strcmp(function, str(crash, "function"))) {
		others = why ? strstr(why, "; ") : NULL;
		if (others)
			add_wrapped(b, "  ", "  ", others + strlen("; "));
		return;
	}
	buf_init(&line, 1024);
	buf_str(&line, "to look at first: ");
	add_place(&line, blame);
	if (why)
		buf_printf(&line, " (%s)", why);
	add_wrapped(b, "  ", "  ", line.data ? line.data : "");
	buf_done(&line);
}

static void say_crash(struct buf *b, const json_t *crash)
{
	const json_t *fault = json_object_get(crash, "fault");

	if (!str(crash, "title"))
		return;
	title(b, "THE CRASH");
	add_line(b, "  ", str(crash, "title"));
	say_who(b, crash);
	if (str(fault, "reading")) {
		struct buf line;

		buf_init(&line, 512);
		buf_printf(&line, "address %s: %s", str(crash, "fault_address"),
			   str(fault, "reading"));
		if (str(fault, "through"))
			buf_printf(&line, " (the instruction used %s)", str(fault, "through"));
		add_wrapped(b, "  ", "  ", line.data ? line.data : "");
		buf_done(&line);
	}
	say_blame(b, crash, json_object_get(crash, "blame"));
	say_trace(b, crash);
}

static void say_chain(struct buf *b, const json_t *doc)
{
	const json_t *chain = json_object_get(doc, "chain");
	size_t i, n = json_array_size(chain);
	json_t *e;

	if (n < 2)
		return;
	title(b, "WHAT LED THERE");
	json_array_foreach(chain, i, e) {
		struct buf line;

		if (i == MAX_CHAIN && n > MAX_CHAIN + 1) {
			buf_printf(b, "  ... and %zu more events\n", n - i);
			break;
		}
		buf_init(&line, 4096);
		if (json_object_get(e, "time"))
			buf_printf(&line, "[%12.6f] ", json_real_value(json_object_get(e, "time")));
		buf_printf(&line, "%s: %s", str(e, "role"), str(e, "title"));
		add_line(b, "  ", line.data ? line.data : "");
		buf_done(&line);
	}
}

static double mib(const json_t *o, const char *key)
{
	return (double)num(o, key) / 1024;
}

/* Memory is worth its lines when it was the trouble, or nearly gone. */
static void say_memory(struct buf *b, const json_t *doc)
{
	const json_t *m = json_object_get(doc, "memory");
	const char *class = str(json_object_get(doc, "crash"), "class");
	const json_t *process = json_array_get(json_object_get(m, "largest"), 0);
	const json_t *cgroup = json_object_get(m, "cgroup");
	bool short_of = num(m, "available_kib") * 20 < num(m, "total_kib");
	struct buf line;

	if (!m || !(short_of || (class && !strcmp(class, "oom"))))
		return;
	buf_init(&line, 1024);
	buf_printf(&line, "memory: %.0f MiB in all, %.0f available; processes' own %.0f, page cache %.0f, slab %.0f (%.0f of it cannot be freed), huge pages %.0f",
		   mib(m, "total_kib"), mib(m, "available_kib"), mib(m, "anon_kib"),
		   mib(m, "page_cache_kib"),
		   mib(m, "slab_reclaimable_kib") + mib(m, "slab_unreclaimable_kib"),
		   mib(m, "slab_unreclaimable_kib"), mib(m, "hugetlb_kib"));
	if (process)
		buf_printf(&line, "; largest process: %s (pid %lld) with %.0f MiB",
			   str(process, "comm"), (long long)num(process, "pid"),
			   mib(process, "rss_kib"));
	if (json_object_get(process, "oom_score_adj"))
		buf_printf(&line, ", oom_score_adj %lld", (long long)num(process, "oom_score_adj"));
	if (json_object_get(cgroup, "limit_kib"))
		buf_printf(&line, "; the cgroup %s may use %.0f MiB and uses %.0f",
			   str(cgroup, "name"), mib(cgroup, "limit_kib"), mib(cgroup, "usage_kib"));
	add_wrapped(b, "  - ", "    ", line.data ? line.data : "");
	buf_done(&line);
}

static void say_blocked_group(struct buf *b, const json_t *group)
{
	const json_t *owner = json_object_get(group, "owner");
	struct buf line;

	buf_init(&line, 2048);
	buf_printf(&line, "blocked: %s (pid %lld)", str(group, "comm"),
		   (long long)json_integer_value(json_array_get(json_object_get(group, "pids"), 0)));
	if (num(group, "tasks") > 1)
		buf_printf(&line, " and %lld like it", (long long)num(group, "tasks") - 1);
	if (json_object_get(group, "seconds"))
		buf_printf(&line, " for %.0f s", json_real_value(json_object_get(group, "seconds")));
	if (str(group, "waits_for"))
		buf_printf(&line, ", waits for a %s", str(group, "waits_for"));
	if (owner)
		buf_printf(&line, " held by %s (pid %lld)", str(owner, "comm"),
			   (long long)num(owner, "pid"));
	if (str(group, "function"))
		buf_printf(&line, ", in %s", str(group, "function"));
	add_wrapped(b, "  - ", "    ", line.data ? line.data : "");
	buf_done(&line);
}

/* Some task waits for a disk at any moment: that is none of the story. */
static bool is_stuck(const json_t *group)
{
	const json_t *seconds = json_object_get(group, "seconds");

	return !seconds || json_real_value(seconds) >= 1;
}

/* What the busy CPUs did, where a CPU would not give way. */
static void say_cpus(struct buf *b, const json_t *doc)
{
	const char *class = str(json_object_get(doc, "crash"), "class");
	size_t i, told = 0;
	json_t *cpu;

	if (!class || !(strstr(class, "lockup") || strstr(class, "stall")))
		return;
	json_array_foreach(json_object_get(doc, "cpus"), i, cpu) {
		const char *state = str(cpu, "state"), *function = str(cpu, "function");
		struct buf line;

		if (!state || !strcmp(state, "idle") || told++ == MAX_OTHERS)
			continue;
		buf_init(&line, 1024);
		buf_printf(&line, "CPU %lld (%s): %s", (long long)num(cpu, "cpu"), state,
			   str(cpu, "comm") ? str(cpu, "comm") : "unknown task");
		if (function)
			buf_printf(&line, " in %s", function);
		add_wrapped(b, "  - ", "    ", line.data ? line.data : "");
		buf_done(&line);
	}
}

/* What memory tells of the rest of the machine, as far as it may matter. */
static void say_machine(struct buf *b, const json_t *doc)
{
	const json_t *tasks = json_object_get(doc, "tasks");
	struct buf told;
	size_t i;
	json_t *group;

	buf_init(&told, 16 * 1024);
	say_memory(&told, doc);
	say_cpus(&told, doc);
	json_array_foreach(json_object_get(tasks, "uninterruptible"), i, group)
		if (i < MAX_OTHERS && is_stuck(group))
			say_blocked_group(&told, group);
	if (told.len) {
		title(b, "THE MACHINE");
		buf_add(b, told.data, told.len);
	}
	buf_done(&told);
}

static void say_suspect(struct buf *b, const json_t *v)
{
	const json_t *s = json_object_get(v, "suspect");
	struct buf line;

	if (!s)
		return;
	title(b, "SUSPECT");
	buf_init(&line, 2048);
	buf_printf(&line, "%s %s", str(s, "kind"), str(s, "name"));
	if (str(s, "why"))
		buf_printf(&line, ": %s", str(s, "why"));
	add_wrapped(b, "  ", "  ", line.data ? line.data : "");
	buf_done(&line);
}

/* Specific rules beside the one told: other matches first, then near misses. */
static void say_others(struct buf *b, const json_t *doc)
{
	const json_t *findings = json_object_get(doc, "findings"), *told = main_finding(doc);
	size_t i, n = 0;
	json_t *f;

	json_array_foreach(findings, i, f) {
		bool matched = json_is_true(json_object_get(f, "matched"));
		const json_t *missing = json_array_get(json_object_get(f, "missing"), 0);
		struct buf line;

		if (f == told || !strncmp(str(f, "rule"), "class-", 6))
			continue;
		if (n == MAX_OTHERS)
			break;
		if (!n++)
			title(b, "ALSO LOOKED AT");
		buf_init(&line, 4096);
		buf_printf(&line, "%s (%s): %s", str(f, "rule"), str(f, "title"),
			   matched ? "matches too" : "does not fit, for want of ");
		if (!matched && json_string_value(missing))
			buf_str(&line, json_string_value(missing));
		add_wrapped(b, "  - ", "    ", line.data ? line.data : "");
		buf_done(&line);
	}
}

static void say_dump(struct buf *b, const json_t *source)
{
	if (num(source, "dump_exit_status"))
		buf_printf(b, "\nThe dump failed (exit status %d): vmcore is missing or not whole.\n",
			   (int)num(source, "dump_exit_status"));
}

static void say_troubles(struct buf *b, const json_t *doc)
{
	size_t i;
	json_t *o;
	bool any = false;

	json_array_foreach(json_object_get(doc, "consistency"), i, o) {
		if (!str(o, "result") || strcmp(str(o, "result"), "differs"))
			continue;
		if (!any)
			title(b, "BE CAREFUL");
		any = true;
		add_wrapped(b, "  - not so: ", "    ", str(o, "check") ? str(o, "check") : "");
	}
	if (!json_array_size(json_object_get(doc, "degraded")))
		return;
	title(b, "WHAT COULD NOT BE READ");
	json_array_foreach(json_object_get(doc, "degraded"), i, o) {
		struct buf line;

		buf_init(&line, 1024);
		buf_printf(&line, "%s: %s", str(o, "part"), str(o, "why"));
		add_wrapped(b, "  - ", "    ", line.data ? line.data : "");
		buf_done(&line);
	}
}

void write_text(const json_t *document, struct buf *ret)
{
	const json_t *verdict = json_object_get(document, "verdict");

	say_head(ret, document);
	say_verdict(ret, document);
	say_evidence(ret, document);
	say_actions(ret, verdict);
	say_suspect(ret, verdict);
	say_crash(ret, json_object_get(document, "crash"));
	say_chain(ret, document);
	say_machine(ret, document);
	say_others(ret, document);
	say_troubles(ret, document);
	say_dump(ret, json_object_get(document, "source"));
}
