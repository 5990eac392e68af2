// SPDX-License-Identifier: GPL-2.0-or-later
//
// `kdump-verdict rules new`: a rule to begin with, from the crash of a source. It has what the
// crash shows; what it means is for its author to say, where TODO stands.
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/base.h"

#include "cmd/rules.h"

enum { MAX_FRAMES = 3 };

/* In single quotes, where only the quote itself means something. */
static void quoted(const char *text)
{
	putchar('\'');
	for (; text && *text; text++) {
		if (*text == '\'')
			putchar('\'');
		putchar((unsigned char)*text < 0x20 || *text == 0x7f ? '?' : *text);
	}
	putchar('\'');
}

static void name(struct slice text)
{
	for (size_t i = 0; i < text.n; i++) {
		unsigned char c = (unsigned char)text.p[i];

		putchar(isalnum(c) || strchr("_.$-", c) ? c : '?');
	}
}

static void id(const struct event *crash)
{
	struct slice function = {0};

	if (crash->has_where && crash->where.function)
		function = oops_plain_name(crash->where.function);
	printf("- id: %s", class_name(crash->class));
	for (size_t i = 0; i < function.n && i < 40; i++) {
		unsigned char c = (unsigned char)tolower((unsigned char)function.p[i]);

		if (!i)
			putchar('-');
		putchar(isalnum(c) ? c : '-');
	}
	putchar('\n');
}

static void frame(const struct frame *f, const char *between)
{
	printf("%s\"", between);
	name(oops_plain_name(f->function));
	if (f->module) {
		printf(" [");
		name(slice_of(f->module));
		putchar(']');
	}
	putchar('"');
}

/* The index above the faulting function, where the trace repeats it. */
static size_t above_place(const struct event *crash)
{
	struct slice place;

	if (!crash->has_where || !crash->where.function)
		return 0;
	place = oops_plain_name(crash->where.function);
	for (size_t i = 0; i < crash->frame_count; i++) {
		const char *function = crash->trace[i].function;
		struct slice plain = oops_plain_name(function ? function : "");

		if (plain.n == place.n && !memcmp(plain.p, place.p, plain.n))
			return i + 1;
	}
	return 0;
}

/* The innermost frames that are sure. */
static void trace(const struct event *crash, const char *indent)
{
	size_t told = 0;

	for (size_t i = above_place(crash); i < crash->frame_count && told < MAX_FRAMES; i++) {
		const struct frame *f = &crash->trace[i];

		if (!f->function || !oops_frame_counts(crash, f))
			continue;
		if (!told)
			printf("%strace: [", indent);
		frame(f, told++ ? ", " : "");
	}
	if (told)
		puts("]");
}

/* What is true of the crash, as conditions and as a test take it. */
static void facts_of_crash(const struct event *crash, const char *indent)
{
	printf("%sclass: %s\n", indent, class_name(crash->class));
	if (crash->has_where && crash->where.function) {
		printf("%sfunction: ", indent);
		name(oops_plain_name(crash->where.function));
		putchar('\n');
		if (crash->where.module) {
			printf("%smodule: ", indent);
			name(slice_of(crash->where.module));
			putchar('\n');
		}
	}
	trace(crash, indent);
	if (crash->has_fault_address && crash->fault_address < 0x1000)
		printf("%sfault_address: %#llx\n", indent,
		       (unsigned long long)crash->fault_address);
	if (crash->is_panic && crash->message) {
		printf("%s# panic: ", indent);
		quoted(crash->message);
		putchar('\n');
	}
}

static void skeleton(const struct fact_set *facts)
{
	const struct event *crash = facts->crash;

	id(crash);
	puts("  title: TODO what goes wrong, in one line");
	puts("  category: kernel-bug");
	puts("  confidence: likely");
	puts("  match:");
	facts_of_crash(crash, "    ");
	if (facts->release && facts->distro != DISTRO_UNKNOWN) {
		printf("  kernel:\n    - distro: %s\n      affected: all # TODO \"<= 1.2.3-4\"; seen in ",
		       distro_name(facts->distro));
		name(slice_of(facts->release));
		putchar('\n');
	}
	puts("  cause: TODO what went wrong and why, in plain words.\n"
	     "  actions:\n"
	     "    - text: TODO what to do now.\n"
	     "  source: TODO where this is known from\n"
	     "  test:\n"
	     "    match:");
	if (facts->release) {
		printf("      release: ");
		quoted(facts->release);
		putchar('\n');
	}
	if (facts->version && (facts->distro == DISTRO_DEBIAN || facts->distro == DISTRO_UBUNTU)) {
		printf("      version: ");
		quoted(facts->version);
		putchar('\n');
	}
	facts_of_crash(crash, "      ");
	puts("    near: # TODO what is different where the rule must not match");
	puts("      function: another_function");
}

int cmd_rules_new(const char *source)
{
	struct fact_set facts;
	struct klog *klog;
	struct err err;
	int ret = EXIT_FAILED;

	if (cmd_facts_of(source, &facts, &klog, &err)) {
		cmd_complain("%s: %s", source, err.text);
	} else if (!facts.crash) {
		cmd_complain("%s: no crash to make a rule of", source);
	} else {
		skeleton(&facts);
		ret = EXIT_DONE;
	}
	klog_free(klog);
	fact_done(&facts);
	return ret;
}
