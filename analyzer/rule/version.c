// SPDX-License-Identifier: GPL-2.0-or-later
//
// The three orders of kernel versions, and the version in a kernel's uname strings.
//
// RPM (rpm's rpmvercmp, described in its documentation of dependencies): version and release
// are each cut into runs of digits and runs of letters, everything else only separates. Digits
// compare as numbers, letters as text, digits are newer than letters, more runs are newer than
// fewer; '~' is older than the end of the text, '^' newer than the end and older than the
// rest.
//
// dpkg (Debian policy, 5.6.12): up to the last '-' the upstream version, then the revision.
// Text and numbers take turns; in text '~' comes before the end, the end before letters,
// letters before everything else.
//
// Upstream: the numbers, then -rcN, which is older than none. What follows is local.
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/base.h"
#include "rule/rule.h"

#include "rule/version.h"

static bool is_digit(const struct cursor *c)
{
	return isdigit((unsigned char)cursor_peek(c));
}

static bool is_letter(const struct cursor *c)
{
	return isalpha((unsigned char)cursor_peek(c));
}

static struct slice take(struct cursor *c, bool (*want)(const struct cursor *))
{
	struct slice run = {c->p, 0};

	while (!cursor_at_end(c) && want(c))
		c->p++, run.n++;
	return run;
}

static int compare_text(struct slice a, struct slice b)
{
	int order = memcmp(a.p, b.p, a.n < b.n ? a.n : b.n);

	return order ? order : (a.n > b.n) - (a.n < b.n);
}

/* Runs of digits of any length, so that no number overflows. */
static int compare_numbers(struct slice a, struct slice b)
{
	while (a.n && *a.p == '0')
		a.p++, a.n--;
	while (b.n && *b.p == '0')
		b.p++, b.n--;
	if (a.n != b.n)
		return a.n > b.n ? 1 : -1;
	return a.n ? memcmp(a.p, b.p, a.n) : 0;
}

/* "5:" before a version; packages of kernels have none, but a table of versions may. */
static struct slice take_epoch(struct cursor *c)
{
	struct cursor was = *c;
	struct slice epoch = take(c, is_digit);

	if (epoch.n && cursor_char(c, ':'))
		return epoch;
	*c = was;
	return (struct slice){c->p, 0};
}

/* ---- RPM ---- */

static bool is_rpm_separator(const struct cursor *c)
{
	char p = cursor_peek(c);

	return !isalnum((unsigned char)p) && p != '~' && p != '^';
}

/* '~' and '^' in front. True: *ret_order decides, or both had it and moved on if it is 0. */
static bool compare_rpm_mark(struct cursor *a, struct cursor *b, char mark, int *ret_order)
{
	bool in_a = cursor_peek(a) == mark, in_b = cursor_peek(b) == mark;
	bool other_ended = in_a ? cursor_at_end(b) : cursor_at_end(a);

	if (!in_a && !in_b)
		return false;
	*ret_order = 0;
	if (in_a && in_b)
		return cursor_char(a, mark) && cursor_char(b, mark);
	*ret_order = in_a ? -1 : 1;
	if (mark == '^' && other_ended)
		*ret_order = -*ret_order;
	return true;
}

static int compare_rpm_part(struct cursor a, struct cursor b)
{
	for (;;) {
		struct slice run_a, run_b;
		int order;

		take(&a, is_rpm_separator);
		take(&b, is_rpm_separator);
		if (compare_rpm_mark(&a, &b, '~', &order) ||
		    compare_rpm_mark(&a, &b, '^', &order)) {
			if (order)
				return order;
			continue;
		}
		if (cursor_at_end(&a) || cursor_at_end(&b))
			return cursor_at_end(&b) - cursor_at_end(&a);
		if (is_digit(&a) != is_digit(&b))
			return is_digit(&a) ? 1 : -1;
		if (is_digit(&a)) {
			run_a = take(&a, is_digit);
			run_b = take(&b, is_digit);
			order = compare_numbers(run_a, run_b);
		} else {
			run_a = take(&a, is_letter);
			run_b = take(&b, is_letter);
			order = compare_text(run_a, run_b);
		}
		if (order)
			return order;
	}
}

/* version-release; a kernel's version has no '-', so the first one parts them. */
static void split_rpm(const char *text, struct slice *ret_epoch, struct cursor *ret_version,
		      struct cursor *ret_release)
{
	struct cursor c = cursor_of(slice_of(text));
	const char *dash;

	*ret_epoch = take_epoch(&c);
	dash = memchr(c.p, '-', (size_t)(c.end - c.p));
	*ret_version = (struct cursor){c.p, dash ? dash : c.end};
	*ret_release = (struct cursor){dash ? dash + 1 : c.end, c.end};
}

static int compare_rpm(const char *a, const char *b)
{
	struct slice epoch_a, epoch_b;
	struct cursor version_a, version_b, release_a, release_b;
	int order;

	split_rpm(a, &epoch_a, &version_a, &release_a);
	split_rpm(b, &epoch_b, &version_b, &release_b);
	order = compare_numbers(epoch_a, epoch_b);
	if (!order)
		order = compare_rpm_part(version_a, version_b);
	return order ? order : compare_rpm_part(release_a, release_b);
}

/* ---- dpkg ---- */

static int dpkg_weight(const struct cursor *c)
{
	char p = cursor_peek(c);

	if (p == '~')
		return -1;
	if (cursor_at_end(c) || isdigit((unsigned char)p))
		return 0;
	return isalpha((unsigned char)p) ? (unsigned char)p : (unsigned char)p + 256;
}

static int compare_dpkg_part(struct cursor a, struct cursor b)
{
	while (!cursor_at_end(&a) || !cursor_at_end(&b)) {
		int order;

		while ((!cursor_at_end(&a) && !is_digit(&a)) ||
		       (!cursor_at_end(&b) && !is_digit(&b))) {
			order = dpkg_weight(&a) - dpkg_weight(&b);
			if (order)
				return order;
			a.p++, b.p++; // equal weights: neither is at its end
		}
		struct slice run_a = take(&a, is_digit), run_b = take(&b, is_digit);

		order = compare_numbers(run_a, run_b);
		if (order)
			return order;
	}
	return 0;
}

static void split_dpkg(const char *text, struct slice *ret_epoch, struct cursor *ret_version,
		       struct cursor *ret_revision)
{
	struct cursor c = cursor_of(slice_of(text));
	const char *dash;

	*ret_epoch = take_epoch(&c);
	dash = memrchr(c.p, '-', (size_t)(c.end - c.p));
	*ret_version = (struct cursor){c.p, dash ? dash : c.end};
	*ret_revision = (struct cursor){dash ? dash + 1 : c.end, c.end};
}

static int compare_dpkg(const char *a, const char *b)
{
	struct slice epoch_a, epoch_b;
	struct cursor version_a, version_b, revision_a, revision_b;
	int order;

	split_dpkg(a, &epoch_a, &version_a, &revision_a);
	split_dpkg(b, &epoch_b, &version_b, &revision_b);
	order = compare_numbers(epoch_a, epoch_b);
	if (!order)
		order = compare_dpkg_part(version_a, version_b);
	return order ? order : compare_dpkg_part(revision_a, revision_b);
}

/* ---- upstream ---- */

enum { UPSTREAM_PARTS = 4, NO_RC = 1 << 20 };

static void read_upstream(const char *text, uint64_t ret[UPSTREAM_PARTS + 1])
{
	struct cursor c = cursor_of(slice_of(text));
	int parts = 0;

	memset(ret, 0, (UPSTREAM_PARTS + 1) * sizeof(*ret));
	do
		if (!cursor_dec(&c, &ret[parts]))
			break;
	while (++parts < UPSTREAM_PARTS && cursor_char(&c, '.'));
	ret[UPSTREAM_PARTS] = NO_RC;
	if (cursor_text(&c, "-rc"))
		cursor_dec(&c, &ret[UPSTREAM_PARTS]);
}

static int compare_upstream(const char *a, const char *b)
{
	uint64_t in_a[UPSTREAM_PARTS + 1], in_b[UPSTREAM_PARTS + 1];

	read_upstream(a, in_a);
	read_upstream(b, in_b);
	for (int i = 0; i <= UPSTREAM_PARTS; i++)
		if (in_a[i] != in_b[i])
			return in_a[i] > in_b[i] ? 1 : -1;
	return 0;
}

int rule_version_cmp(enum distro distro, const char *a, const char *b)
{
	switch (distro) {
	case DISTRO_UNKNOWN:
	case DISTRO_UPSTREAM:
		return compare_upstream(a, b);
	case DISTRO_DEBIAN:
	case DISTRO_UBUNTU:
		return compare_dpkg(a, b);
	default:
		return compare_rpm(a, b);
	}
}

/* ---- the version in uname's strings ---- */

static bool cut_tail(char *text, const char *tail)
{
	size_t n = strlen(text), m = strlen(tail);

	if (n <= m || strcmp(text + n - m, tail))
		return false;
	text[n - m] = '\0';
	return true;
}

/* "5.14.0-427.13.1.el9_4.x86_64+debug" -> "5.14.0-427.13.1.el9_4" */
static void cut_architecture(char *text)
{
	static const char *const tails[] = {
		".x86_64",  ".aarch64", ".ppc64le", ".ppc64",	".s390x",
		".i686",    ".i586",	".i386",    ".riscv64", ".loongarch64",
		".armv7hl", ".noarch",	".debug",   ".PAE",
	};
	char *plus = strchr(text, '+');

	if (plus)
		*plus = '\0';
	for (size_t i = 0; i < ARRAY_SIZE(tails); i++)
		if (cut_tail(text, tails[i]))
			i = (size_t)-1; // ".x86_64.debug": look again
}

/* "5.3.18-24.9-default" -> "5.3.18-24.9" */
static void cut_flavour(char *text)
{
	char *dash = strrchr(text, '-');

	if (dash && isalpha((unsigned char)dash[1]) && strncmp(dash, "-rc", 3) &&
	    strncmp(dash, "-lp", 3))
		*dash = '\0';
}

/* "5.4.0-122-generic", "#138~18.04.1-Ubuntu SMP" -> "5.4.0-122.138~18.04.1" */
static void ubuntu_package(char *text, size_t size, const char *version)
{
	char *dash = strchr(text, '-');
	size_t n;

	dash = dash ? strchr(dash + 1, '-') : NULL;
	if (dash)
		*dash = '\0';
	if (!version || *version != '#' || !isdigit((unsigned char)version[1]))
		return;
	version++;
	n = strcspn(version, "- ");
	if (strncmp(version + n, "-Ubuntu", 7))
		return;
	snprintf(text + strlen(text), size - strlen(text), ".%.*s", (int)n, version);
}

/* "#1 SMP Debian 5.10.162-1 (2023-01-21)" -> "5.10.162-1" */
static bool debian_package(char *text, size_t size, const char *version)
{
	const char *mark = version ? strstr(version, " Debian ") : NULL;

	if (!mark || !isdigit((unsigned char)mark[8])) {
		text[strspn(text, "0123456789.")] = '\0';
		return false;
	}
	mark += strlen(" Debian ");
	snprintf(text, size, "%.*s", (int)strcspn(mark, " "), mark);
	return true;
}

bool kernel_version_of(struct kernel_version *ret, enum distro distro, const char *release,
		       const char *version)
{
	if (!release || !isdigit((unsigned char)*release))
		return false;
	ret->distro = distro;
	ret->package_known = true;
	snprintf(ret->text, sizeof(ret->text), "%s", release);
	switch (distro) {
	case DISTRO_UNKNOWN:
	case DISTRO_UPSTREAM:
		break;
	case DISTRO_UBUNTU:
		ubuntu_package(ret->text, sizeof(ret->text), version);
		break;
	case DISTRO_DEBIAN:
		ret->package_known = debian_package(ret->text, sizeof(ret->text), version);
		break;
	case DISTRO_SUSE:
		cut_flavour(ret->text);
		break;
	default:
		cut_architecture(ret->text);
	}
	return true;
}

/* longer is shorter and a further part: "-957" and "-957.el7", "-123.139" and "...~18.04.1".
 */
static bool is_further(const char *longer, const char *shorter, bool (*part)(const char *))
{
	size_t n = strlen(shorter);

	return !strncmp(longer, shorter, n) && longer[n] && part(longer + n);
}

static bool is_distribution_mark(const char *rest)
{
	return *rest == '.' && isalpha((unsigned char)rest[1]);
}

static bool is_package_release(const char *rest)
{
	return *rest == '-';
}

static bool is_rebuild_number(const char *rest)
{
	return *rest == '.' && isdigit((unsigned char)rest[1]);
}

static bool is_backport_mark(const char *rest)
{
	return *rest == '~';
}

/* Whether one of the two just says less than the other, and they agree in what both say. */
static bool is_same(const struct kernel_version *kernel, const char *named)
{
	const char *text = kernel->text;

	switch (kernel->distro) {
	case DISTRO_UNKNOWN:
	case DISTRO_UPSTREAM:
		return false;
	case DISTRO_UBUNTU: // the upload number may be missing on either side
		return is_further(text, named, is_rebuild_number) ||
		       is_further(named, text, is_rebuild_number) ||
		       is_further(text, named, is_backport_mark) ||
		       is_further(text, named, is_package_release);
	case DISTRO_DEBIAN:
		return is_further(text, named, is_backport_mark) ||
		       is_further(text, named, is_package_release);
	case DISTRO_SUSE: // uname -r leaves out the package's last number
		return is_further(named, text, is_rebuild_number) ||
		       is_further(text, named, is_package_release);
	default:
		return is_further(text, named, is_distribution_mark) ||
		       is_further(text, named, is_package_release);
	}
}

/* x.y of both, as numbers. */
static int compare_series(const char *a, const char *b)
{
	uint64_t in_a[UPSTREAM_PARTS + 1], in_b[UPSTREAM_PARTS + 1];

	read_upstream(a, in_a);
	read_upstream(b, in_b);
	for (int i = 0; i < 2; i++)
		if (in_a[i] != in_b[i])
			return in_a[i] > in_b[i] ? 1 : -1;
	return 0;
}

int kernel_version_against(const struct kernel_version *kernel, const char *named,
			   bool *ret_unsure)
{
	if (!kernel->package_known) {
		int order = compare_series(kernel->text, named);

		*ret_unsure = order == 0;
		return order;
	}
	*ret_unsure = false;
	if (is_same(kernel, named))
		return 0;
	return rule_version_cmp(kernel->distro, kernel->text, named);
}
