// SPDX-License-Identifier: GPL-2.0-or-later
//
// `kdump-verdict last`: the crashes that are stored here, newest first, a verdict's one line each.
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "write/write.h"

#include "cmd/cmd.h"
#include "cmd/last.h"

static void help(void)
{
	puts("usage: kdump-verdict last [OPTION...] [DIR...]\n"
	     "\n"
	     "Lists the crashes that kdump stored, newest first: when, which machine, where, and the\n"
	     "verdict's one line. DIR holds crash directories, or is one; without it they are looked\n"
	     "for where the configuration of kdump says, and in /var/crash.\n"
	     "\n"
	     "  -n, --number N  the latest N crashes\n"
	     "      --json      a JSON array, for programs\n"
	     "      --root DIR  of the system that is mounted at DIR\n"
	     "\n"
	     "exit status: 0 listed, even if there are none, 1 a directory cannot be read, 2 wrong usage");
}

static const char *const states[] = {"judged", "unfinished", "unjudged"};

static void print_crash(const struct stored *crash)
{
	cmd_print(crash->time);
	fputs("  ", stdout);
	cmd_print(crash->node ? crash->node : "-");
	fputs("  ", stdout);
	cmd_print(crash->dir);
	fputs("\n    ", stdout);
	if (crash->state == STORED_UNJUDGED) {
		fputs("no verdict yet: kdump-verdict ", stdout);
		cmd_print(crash->dir);
	} else {
		cmd_print(crash->summary ? crash->summary : crash->class ? crash->class : "");
	}
	if (crash->state == STORED_UNFINISHED)
		fputs(" (unfinished)", stdout);
	if (!crash->has_source)
		fputs(" (no dump here)", stdout);
	putchar('\n');
}

static void add_text(json_t *object, const char *key, const char *text)
{
	if (text)
		(void)json_object_set_new(object, key, json_string(text));
}

static json_t *as_json(const struct stored *crash)
{
	json_t *object = json_object();

	add_text(object, "directory", crash->dir);
	add_text(object, "time", crash->time);
	add_text(object, "state", states[crash->state]);
	(void)json_object_set_new(object, "verdict_only", json_boolean(!crash->has_source));
	add_text(object, "node", crash->node);
	add_text(object, "class", crash->class);
	add_text(object, "known_issue", crash->known_issue);
	add_text(object, "summary", crash->summary);
	return object;
}

static void print_json(const struct stored_list *list, size_t count)
{
	json_t *array = json_array();

	for (size_t i = 0; i < count; i++)
		(void)json_array_append_new(array, as_json(&list->crashes[i]));
	json_dumpf(array, stdout, JSON_INDENT(2));
	putchar('\n');
	json_decref(array);
}

static int list_crashes(char *const *dirs, size_t dir_count, bool named, bool json, size_t number)
{
	struct stored_list list;
	size_t count;
	int ret;

	stored_find(&list, dirs, dir_count, named);
	count = number && number < list.count ? number : list.count;
	if (json)
		print_json(&list, count);
	for (size_t i = 0; !json && i < count; i++)
		print_crash(&list.crashes[i]);
	for (size_t i = 0; !json && !list.count && !list.failed && i < dir_count; i++)
		printf("No crash is stored in %s.\n", dirs[i]);
	ret = list.failed ? EXIT_FAILED : EXIT_DONE;
	stored_list_done(&list);
	return ret;
}

int cmd_last(int argc, char **argv)
{
	enum { OPT_JSON = 256, OPT_ROOT };
	static const struct option longs[] = {
		{"number", required_argument, NULL, 'n'},
		{"json", no_argument, NULL, OPT_JSON},
		{"root", required_argument, NULL, OPT_ROOT},
		{"help", no_argument, NULL, 'h'},
		{0},
	};
	const char *root = "";
	struct places places;
	bool json = false;
	char *end = NULL;
	size_t number = 0;
	int opt, ret;

	while ((opt = getopt_long(argc, argv, "n:h", longs, NULL)) != -1) {
		switch (opt) {
		case 'n':
			number = strtoul(optarg, &end, 10);
			if (*end || !number) {
				cmd_complain("last: -n takes a number, not %s", optarg);
				return EXIT_USAGE;
			}
			break;
		case OPT_JSON:
			json = true;
			break;
		case OPT_ROOT:
			root = optarg;
			break;
		case 'h':
			help();
			return EXIT_DONE;
		default:
			return EXIT_USAGE;
		}
	}
	if (optind < argc)
		return list_crashes(argv + optind, (size_t)(argc - optind), true, json, number);
	places_find(&places, root);
	ret = list_crashes(places.dirs, places.count, false, json, number);
	places_done(&places);
	return ret;
}
