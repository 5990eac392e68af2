// SPDX-License-Identifier: GPL-2.0-or-later
//
// Broken rule files: each is refused with the place and the reason, and what is not broken in
// the same file still loads.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/base.h"
#include "rule/rule.h"
#include "unit/test-rows.h"

/* A good rule before and after what is tried. */
#define BEFORE                           \
	"- id: before\n"                 \
	"  title: t\n"                   \
	"  category: unknown\n"          \
	"  confidence: possible\n"       \
	"  match: {class: page-fault}\n" \
	"  cause: c\n"
#define AFTER                            \
	"\n- id: after\n"                \
	"  title: t\n"                   \
	"  category: unknown\n"          \
	"  confidence: possible\n"       \
	"  match: {class: page-fault}\n" \
	"  cause: c\n"
/* A rule that is good up to here: further lines are line 13 on. */
#define RULE                       \
	"- id: tried\n"            \
	"  title: t\n"             \
	"  category: kernel-bug\n" \
	"  confidence: likely\n"   \
	"  cause: c\n"             \
	"  match: {function: f}\n"
#define MATCH                      \
	"- id: tried\n"            \
	"  title: t\n"             \
	"  category: kernel-bug\n" \
	"  confidence: likely\n"   \
	"  cause: c\n"             \
	"  match:\n"

struct row {
	const char *name;
	const char *rule;    /* lines 7 on */
	const char *problem; /* "line:column: part of the reason" */
};

// clang-format off
static const struct row rows[] = {
	{"nothing wrong", RULE "  source: s", NULL},
	{"unknown key", RULE "  causes: x", "13:3: unknown key 'causes'; did you mean 'cause'?"},
	{"unknown key, far from any", RULE "  zzzzzzzzz: x", "13:3: unknown key 'zzzzzzzzz'; one of id, title"},
	{"test not wanted, not read", RULE "  test:\n    match: [\n# so\n\n    near\n  causes: x", "18:3: unknown key 'causes'"},
	{"test not wanted, in braces", RULE "  test: {\n    match: [\n  }\n  causes: x", "16:3: unknown key 'causes'"},
	{"test not wanted, at the end", RULE "  test:\n    match: [", NULL},
	{"no test, deeper", RULE "  actions:\n    - text: a\n      test: x", "15:7: unknown key 'test'"},
	{"key twice", RULE "  title: x", "13:3: 'title' stands here twice"},
	{"no id", "- title: t\n  category: unknown\n  confidence: likely\n  cause: c\n  match: {function: f}", "7:3: a rule has no 'id'"},
	{"no match", "- id: x\n  title: t\n  category: unknown\n  confidence: likely\n  cause: c", "7:3: a rule has no 'match'"},
	{"id taken", "- id: before\n  title: t\n  category: unknown\n  confidence: likely\n  cause: c\n  match: {function: f}", "7:3: the id before is taken already, in t.yaml line 1"},
	{"id with capitals", "- id: Tried\n  title: t\n  category: unknown\n  confidence: likely\n  cause: c\n  match: {function: f}", "7:7: an id has only a-z"},
	{"a rule that is a word", "- tried", "7:3: a rule is a mapping"},
	{"a rule that is a list", "- [a, b]", "7:3: a rule is a mapping"},
	{"empty value", RULE "  source:", "13:10: a value is missing"},
	{"null", RULE "  source: ~", "13:11: a value is missing"},
	{"empty text", RULE "  source: ''", "13:11: a value is missing"},
	{"list for a text", RULE "  source: [a]", "13:11: 'source' takes one text, and no list"},
	{"mapping for a text", RULE "  source: {a: b}", "13:11: 'source' takes one text, and no mapping"},
	{"text for a list", RULE "  references: a", "13:15: 'references' takes a list"},
	{"empty list", RULE "  references: []", "13:15: the list is empty"},
	{"category", "- id: x\n  title: t\n  category: kernelbug\n  confidence: likely\n  cause: c\n  match: {function: f}", "9:13: category is no 'kernelbug'; did you mean 'kernel-bug'?"},
	{"confidence", "- id: x\n  title: t\n  category: unknown\n  confidence: sure\n  cause: c\n  match: {function: f}", "10:15: confidence is no 'sure'; one of certain, likely, possible"},
	{"dump advice", RULE "  dump_advice: burn", "13:16: dump_advice is no 'burn'; one of keep, small, skip"},
	{"template", RULE "  source: s\n  suspect: {kind: module, name: '{modul}', why: w}", "14:33: no template {modul}; did you mean 'module'?"},
	{"suspect without why", RULE "  suspect: {kind: module, name: m}", "13:12: suspect has no 'why'"},
	{"suspect's kind", RULE "  suspect: {kind: modul, name: m, why: w}", "13:19: kind is no 'modul'; did you mean 'module'?"},
	{"action without text", RULE "  actions:\n    - commands: [reboot]", "14:7: an action has no 'text'"},
	{"action with a shell script", RULE "  actions:\n    - text: t\n      commands: [\"a\\nb\"]", "15:18: a command is one line"},
	{"when for a module", RULE "  actions:\n    - text: t\n      when: {module: m}", "15:14: unknown key 'module'"},
	{"when without version", RULE "  actions:\n    - text: t\n      when: {release: '<'}", "15:23: '<': a version is missing"},

	/* conditions */
	{"match is a word", "- id: x\n  title: t\n  category: unknown\n  confidence: likely\n  cause: c\n  match: f", "12:10: conditions are a mapping"},
	{"unknown condition", MATCH "    fuction: f", "13:5: no condition 'fuction'; did you mean 'function'?"},
	{"condition twice", MATCH "    function: f\n    function: g", "14:5: 'function' stands here twice"},
	{"class", MATCH "    class: pagefault", "13:12: no crash class 'pagefault'; did you mean 'page-fault'?"},
	{"class none", MATCH "    class: none", "13:12: no crash class 'none'"},
	{"class glob without any", MATCH "    class: kosan-*", "13:12: no crash class 'kosan-*'"},
	{"taint", MATCH "    taint: oe", "13:12: taint takes capital letters"},
	{"fault_is", MATCH "    fault_is: rsp", "13:15: fault_is takes only rip"},
	{"address", MATCH "    fault_address: 88x", "13:20: '88x' is no number"},
	{"address range backwards", MATCH "    fault_address: 0x10..0x1", "13:20: '0x10..0x1' is no number"},
	{"address too long", MATCH "    fault_address: 0x10000000000000000", "13:20: '0x10000000000000000' is no number"},
	{"mask too long", MATCH "    fault_address: 'dead0000000000000?'", "13:20: 'dead0000000000000?' is no number"},
	{"registers as list", MATCH "    registers: [rdi]", "13:16: registers takes a mapping"},
	{"memory without name", MATCH "    memory: {slub: 1}", "13:14: memory knows free, available"},
	{"memory as number", MATCH "    memory: 50", "13:13: memory takes a mapping"},
	{"sysctl by variable", MATCH "    sysctl: {panic_on_oops: 1}", "13:14: settings are named as sysctl does"},
	{"register in capitals", MATCH "    registers: {RDI: 1}", "13:17: registers have lower-case names"},
	{"uptime", MATCH "    uptime: '< 1.5'", "13:13: uptime takes whole seconds"},
	{"uptime in words", MATCH "    uptime: 'short'", "13:13: 'short': a version begins with a digit"},
	{"release", MATCH "    release: '=> 5.0'", "13:14: '=> 5.0': a version begins with a digit"},
	{"empty trace", MATCH "    trace: []", "13:12: trace is empty"},
	{"trace with an address", MATCH "    trace: ['do_idle+0x1/0x2']", "13:13: 'do_idle+0x1/0x2' is no frame"},
	{"trace with half a module", MATCH "    trace: ['f [ext4']", "13:13: 'f [ext4' is no frame"},
	{"log where", MATCH "    log: {pattern: p, where: after}", "13:30: where is one of before"},
	{"log key", MATCH "    log: {pattern: p, wher: any}", "13:23: log takes pattern and where, and no 'wher'"},
	{"log without pattern", MATCH "    log: {where: any}", "13:10: log has no pattern"},
	{"any as mapping", MATCH "    any: {function: f}", "13:10: any takes a list of mappings"},
	{"unknown condition within any", MATCH "    any: [{function: f}, {moduel: m}]", "13:27: no condition 'moduel'; did you mean 'module'?"},
	{"not within all within any", MATCH "    any: [{all: [{not: {klass: oom}}]}]", "13:25: no condition 'klass'; did you mean 'class'?"},

	/* kernel */
	{"kernel as mapping", RULE "  kernel: {distro: rhel, affected: all}", "13:11: kernel takes a list"},
	{"entry without distro", RULE "  kernel: [{affected: all}]", "13:12: an entry of kernel has no 'distro'"},
	{"entry that says nothing", RULE "  kernel: [{distro: rhel}]", "13:12: an entry of kernel needs affected or fixed"},
	{"distro", RULE "  kernel: [{distro: centos, affected: all}]", "13:21: no distro 'centos'; one of *, upstream, rhel"},
	{"distro misspelt", RULE "  kernel: [{distro: debain, affected: all}]", "13:21: no distro 'debain'; did you mean 'debian'?"},
	{"version with package name", RULE "  kernel: [{distro: rhel, fixed: kernel-3.10.0}]", "13:34: 'kernel-3.10.0' is no version"},
	{"comparison without comma", RULE "  kernel: [{distro: rhel, affected: '>= 3.10 < 4.18'}]", "13:37: '>= 3.10 < 4.18': a version has no blanks"},
	{"comparison that ends early", RULE "  kernel: [{distro: rhel, affected: '>= 3.10,'}]", "13:37: '>= 3.10,': a version is missing"},
	{"fixed what none has", RULE "  kernel: [{distro: rhel, affected: none, fixed: 3.10.0}]", "13:12: affected: none leaves nothing"},

	/* YAML */
	{"alias", RULE "  source: *s", "13:11: an alias (*name) has no place"},
	{"anchor", RULE "  source: &s s", "13:11: an anchor (&name) has no place"},
	{"recursive alias", "- &a [*a, *a]", "7:3: an anchor (&name) has no place"},
	{"tag", RULE "  source: !!str s", "13:11: a tag (!name) has no place"},
	{"merge key", RULE "  <<: {source: s}", "13:3: unknown key '<<'"},
	{"mapping as key", RULE "  {a: b}: c", "13:3: a key must be one word"},
	{"NUL", RULE "  source: \"a\\0b\"", "13:11: the text holds a NUL byte"},
	{"too deep", RULE "  source: [[[[[[[[[[[[[[[[a]]]]]]]]]]]]]]]]", "13:23: lists and mappings lie too deep"},
	{"quote not closed", RULE "  source: 'it", "13:11: not YAML: while scanning a quoted scalar"},
	{"bracket not closed", RULE "  references: [a, b\n", "not YAML: while parsing a flow sequence"},
	{"tab", RULE "\tsource: s", "13:1: not YAML: while scanning for the next token: found character that cannot start any token; indent with blanks"},
	{"colon in text", RULE "  source: a: b", "13:12: not YAML: mapping values are not allowed in this context; quote text that holds"},
	{"backslash in double quotes", RULE "  source: \"a\\.b\"", "13:13: not YAML: while parsing a quoted scalar: found unknown escape character; use 'single quotes'"},
	{"bytes that are no text", RULE "  source: a\xff" "b", "13:12: not YAML: a byte that is no UTF-8"},
	{"control character", RULE "  source: a\x01" "b", "13:12: not YAML: a byte that is no UTF-8"},
};
// clang-format on

static const char *place_and_why(const struct rule_problem *p)
{
	static char text[512];

	snprintf(text, sizeof(text), "%u:%u: %s", p->line, p->column, p->why);
	return text;
}

static bool has_rule(const struct rule_base *base, const char *id)
{
	for (size_t i = 0; i < rule_base_count(base); i++)
		if (!strcmp(rule_base_at(base, i)->id, id))
			return true;
	return false;
}

static struct rule_base *load(const char *text)
{
	struct rule_base *base = rule_base_new();

	assert_non_null(base);
	rule_base_load_text(base, "t.yaml", text, strlen(text));
	return base;
}

static void test_row(void **state)
{
	const struct row *row = *state;
	char text[4096];
	struct rule_base *base;
	const struct rule_problem *problems;
	size_t count;

	snprintf(text, sizeof(text), "%s%s%s", BEFORE, row->rule, AFTER);
	base = load(text);
	problems = rule_base_problems(base, &count);
	if (row->problem) {
		assert_true(count >= 1);
		assert_string_equal(problems[0].file, "t.yaml");
		if (!strstr(place_and_why(&problems[0]), row->problem))
			fail_msg("told '%s'", place_and_why(&problems[0]));
	} else if (count) {
		fail_msg("told '%s'", place_and_why(&problems[0]));
	}
	assert_true(has_rule(base, "before"));
	assert_true(has_rule(base, "after"));
	assert_int_equal(has_rule(base, "tried"), !row->problem);
	assert_int_equal(rule_base_count(base), row->problem ? 2 : 3);
	rule_base_free(base);
}

/* ---- whole files ---- */

static void expect_one(const char *text, const char *expected)
{
	struct rule_base *base = load(text);
	size_t count;
	const struct rule_problem *problems = rule_base_problems(base, &count);

	assert_int_equal(rule_base_count(base), 0);
	assert_int_equal(count, expected ? 1 : 0);
	if (expected && !strstr(place_and_why(problems), expected))
		fail_msg("told '%s'", place_and_why(problems));
	rule_base_free(base);
}

static void test_no_rules(void **state)
{
	(void)state;
	expect_one("", NULL);
	expect_one("# local rules go here\n", NULL);
	expect_one("---\n", NULL);
	expect_one("[]\n", NULL);
	expect_one("just words\n", "1:1: a rule file is a list");
	expect_one("id: x\ntitle: t\n", "1:1: a rule file is a list");
}

/* Every problem of a rule is told, not only the first. */
static void test_all_problems(void **state)
{
	struct rule_base *base = load("- id: X\n"
				      "  titel: t\n"
				      "  match: {clas: oom}\n");
	size_t count;
	const struct rule_problem *problems = rule_base_problems(base, &count);

	(void)state;
	assert_int_equal(count, 7); // id, titel, clas, and four keys that are not there
	assert_int_equal(problems[0].line, 1);
	assert_int_equal(problems[1].line, 2);
	assert_int_equal(problems[2].line, 3);
	assert_int_equal(problems[2].column, 11);
	rule_base_free(base);
}

static char *repeat(const char *unit, size_t count, const char *head, const char *tail)
{
	size_t n = strlen(unit), used;
	char *text = malloc(strlen(head) + n * count + strlen(tail) + 1);

	assert_non_null(text);
	used = (size_t)sprintf(text, "%s", head);
	for (size_t i = 0; i < count; i++, used += n)
		memcpy(text + used, unit, n);
	strcpy(text + used, tail);
	return text;
}

/* Input made to cost time or memory. */
static void test_limits(void **state)
{
	static const struct {
		const char *unit;
		size_t count;
		const char *head, *tail, *problem;
	} files[] = {
		{"x", 1000000, RULE "  source: ", "\n", "the text is longer than 8192 bytes"},
		{"[", 100000, "- ", "", "lie too deep"},
		{"{a: ", 100000, "- ", "", "lie too deep"},
		{"r, ", 3000, RULE "  references: [", "r]\n", "the rule has too many values"},
		{"- '\n", 50001, "", "", "more problems than are told"},
		{"- {\n", 50000, "", "", "not YAML"},
		{"- a: b: c\n", 50000, "", "", "too many rules are broken"},
		{"- x\n", 50000, "", "", "more problems than are told"},
		{"# long\n", 1300000, "", "", "larger than 8 MiB"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		char *text =
			repeat(files[i].unit, files[i].count, files[i].head, files[i].tail);
		struct rule_base *base = load(text);
		size_t count;
		const struct rule_problem *problems = rule_base_problems(base, &count);
		bool told = false;

		for (size_t j = 0; j < count; j++)
			told |= strstr(problems[j].why, files[i].problem) != NULL;
		if (!told)
			fail_msg("file %zu: told '%s'", i,
				 count ? place_and_why(problems) : "nothing");
		assert_true(count <= 100);
		assert_int_equal(rule_base_count(base), 0);
		rule_base_free(base);
		free(text);
	}
}

static void test_patterns_are_checked(void **state)
{
	struct rule_base *base = load(MATCH "    any:\n"
					    "      - log: ['fine', 'ope(n']\n"
					    "      - panic: '*b'\n"
					    "  source: s\n");
	size_t count;
	const struct rule_problem *problems = rule_base_problems(base, &count);

	(void)state;
	assert_int_equal(count, 0);
	rule_base_check(base);
	problems = rule_base_problems(base, &count);
	assert_int_equal(count, 2);
	assert_non_null(strstr(place_and_why(&problems[0]),
			       "8:23: not a pattern: missing closing parenthesis"));
	assert_non_null(
		strstr(place_and_why(&problems[1]), "9:16: not a pattern: quantifier"));
	rule_base_free(base);
}

static void test_check(void **state)
{
	struct rule_base *base = load(RULE "  supersedes: [after, 'cla*-x']" AFTER);
	size_t count;
	const struct rule_problem *problems;

	(void)state;
	rule_base_check(base);
	problems = rule_base_problems(base, &count);
	assert_int_equal(count, 3);
	assert_non_null(strstr(problems[0].why, "tried has no source"));
	assert_non_null(
		strstr(problems[1].why, "supersedes a rule that there is not: cla*-x"));
	assert_non_null(strstr(problems[2].why, "after has no source"));
	rule_base_free(base);
}

/* ---- directories ---- */

static void write_file(const char *dir, const char *name, const char *text)
{
	char path[256];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	file = fopen(path, "w");
	assert_non_null(file);
	fputs(text, file);
	fclose(file);
}

static void test_directories(void **state)
{
	char dir[] = "/tmp/kdv-rules-XXXXXX", path[256], command[300];
	struct rule_base *base = rule_base_new();
	const struct rule_problem *problems;
	size_t count;
	struct err err;

	(void)state;
	assert_non_null(mkdtemp(dir));
	rule_base_want_tests(base);
	write_file(dir, "20-b.yaml", BEFORE);
	write_file(dir, "10-a.yaml", RULE "  source: shipped\n");
	write_file(dir, "30-c.yaml", RULE "  source: twice\n");
	write_file(dir, "40-broken.yaml", "- id: [\n");
	write_file(dir, "note.txt", "no rules\n");
	write_file(dir, ".hidden.yaml", "no rules\n");
	snprintf(path, sizeof(path), "%s/fifo.yaml", dir);
	assert_int_equal(mkfifo(path, 0600), 0);

	assert_int_equal(rule_base_load(base, dir, &err), STATUS_FOUND);
	assert_int_equal(rule_base_count(base), 2);
	assert_string_equal(rule_base_at(base, 0)->id, "tried"); // 10-a before 20-b
	assert_string_equal(rule_base_at(base, 0)->source, "shipped");
	problems = rule_base_problems(base, &count);
	assert_int_equal(count, 3);
	assert_non_null(strstr(problems[0].why, "the id tried is taken already"));
	assert_non_null(strstr(problems[1].file, "40-broken.yaml"));
	assert_non_null(strstr(problems[2].why, "not a regular file"));

	/* local rules replace shipped ones, and add to them */
	snprintf(path, sizeof(path), "%s/local", dir);
	assert_int_equal(mkdir(path, 0700), 0);
	write_file(path, "site.yaml", RULE "  source: local\n" AFTER);
	assert_int_equal(rule_base_load(base, path, &err), STATUS_FOUND);
	assert_int_equal(rule_base_count(base), 3);
	assert_string_equal(rule_base_at(base, 0)->source, "local");

	snprintf(path, sizeof(path), "%s/nowhere", dir);
	assert_int_equal(rule_base_load(base, path, &err), STATUS_ABSENT);
	snprintf(command, sizeof(command), "rm -r %s", dir);
	assert_int_equal(system(command), 0);
	rule_base_free(base);
}

/* The digest is of the bytes, in order, and does not end with the first question. */
static void test_digest(void **state)
{
	struct rule_base *base = rule_base_new();

	(void)state;
	assert_string_equal(
		rule_base_digest(base),
		"sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
	rule_base_load_text(base, "a", "# a", 3);
	rule_base_digest(base);
	rule_base_load_text(base, "b", "bc", 2); // of "# abc"
	assert_string_equal(
		rule_base_digest(base),
		"sha256:ed88ccf8ca7ecff67c780a0dd5a06c8342cd8de02ba5d99d63a48c8ffc83f0ae");
	rule_base_free(base);
}

int main(void)
{
	struct CMUnitTest tests[ARRAY_SIZE(rows) + 7] = {
		cmocka_unit_test(test_no_rules), cmocka_unit_test(test_all_problems),
		cmocka_unit_test(test_limits),	 cmocka_unit_test(test_patterns_are_checked),
		cmocka_unit_test(test_check),	 cmocka_unit_test(test_directories),
		cmocka_unit_test(test_digest),
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		tests[7 + i] = row_test(rows[i].name, test_row, &rows[i]);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
