// SPDX-License-Identifier: GPL-2.0-or-later
//
// `kdump-verdict facts VMCORE [PART]`: what was read from memory, as tables for people or JSON for
// programs. Each part is made as JSON first; a table is a way to print it, so both say the same.
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "write/put.h"
#include "write/write.h"

#include "cmd/cmd.h"

enum { MAX_COLUMNS = 10 };

struct column {
	const char *key, *title;
	bool right; /* numbers */
};

struct part {
	const char *name, *what;
	/* Where a verdict's document has it, or, as it is in none, how it is made. */
	const char *key, *member;
	json_t *(*make)(struct fact_set *facts, struct fact_kernel *fk);
	bool is_long; /* shown only when asked for */
	void (*print)(const json_t *value, const struct part *part);
	struct column columns[MAX_COLUMNS]; /* ends with key NULL */
};

/* --- printing ------------------------------------------------------------------------------ */

/* The value as a cell; the caller frees. */
static char *cell(const json_t *value)
{
	struct buf b;
	char *ret;

	buf_init(&b, 4096);
	if (json_is_string(value))
		write_clean(&b, json_string_value(value));
	else if (json_is_integer(value))
		buf_printf(&b, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
	else if (json_is_real(value))
		buf_printf(&b, "%.1f", json_real_value(value));
	else if (json_is_true(value))
		buf_str(&b, "yes");
	ret = strdup(b.data && b.len ? b.data : "-");
	buf_done(&b);
	return ret;
}

static void print_row(const struct part *part, const size_t *width, char **cells)
{
	for (size_t c = 0; part->columns[c].key; c++) {
		bool last = !part->columns[c + 1].key;
		int pad = last && !part->columns[c].right ? 0 : (int)width[c];

		printf(part->columns[c].right ? "%s%*s" : "%s%-*s", c ? "  " : "", pad, cells[c]);
	}
	putchar('\n');
}

/* Columns as wide as their widest cell. value: an array of objects. */
static void print_table(const json_t *value, const struct part *part)
{
	size_t rows = json_array_size(value), width[MAX_COLUMNS] = {0}, count = 0;
	char *(*cells)[MAX_COLUMNS] = calloc(rows + 1, sizeof(*cells));

	if (!cells)
		return;
	for (; part->columns[count].key; count++)
		cells[0][count] = strdup(part->columns[count].title);
	for (size_t r = 0; r < rows; r++)
		for (size_t c = 0; c < count; c++)
			cells[r + 1][c] = cell(json_object_get(json_array_get(value, r),
							       part->columns[c].key));
	for (size_t r = 0; r <= rows; r++)
		for (size_t c = 0; c < count; c++)
			if (cells[r][c] && strlen(cells[r][c]) > width[c])
				width[c] = strlen(cells[r][c]);
	for (size_t r = 0; r <= rows; r++) {
		print_row(part, width, cells[r]);
		for (size_t c = 0; c < count; c++)
			free(cells[r][c]);
	}
	free(cells);
}

/* One "name value" line each. value: an object; nested ones are tables of other parts. */
static void print_pairs(const json_t *value, const struct part *part)
{
	const char *key;
	size_t width = 0;
	json_t *v;

	(void)part;
	json_object_foreach((json_t *)value, key, v)
		if (strlen(key) > width)
			width = strlen(key);
	json_object_foreach((json_t *)value, key, v) {
		char *text = json_is_array(v) || json_is_object(v) ? NULL : cell(v);

		if (text)
			printf("%-*s  %s\n", (int)width, key, text);
		free(text);
	}
}

static void print_frames(const json_t *trace)
{
	size_t i;
	json_t *f;

	json_array_foreach(trace, i, f) {
		const char *stack = json_string_value(json_object_get(f, "stack"));
		const char *function = json_string_value(json_object_get(f, "function"));
		const char *module = json_string_value(json_object_get(f, "module"));
		struct buf b;

		buf_init(&b, 2048);
		buf_str(&b, json_is_true(json_object_get(f, "reliable")) ? "    " : "    ? ");
		write_clean(&b, function ? function
					 : json_string_value(json_object_get(f, "address")));
		if (json_object_get(f, "offset"))
			buf_printf(&b, "+0x%" PRIx64,
				   (uint64_t)json_integer_value(json_object_get(f, "offset")));
		if (module) {
			buf_str(&b, " [");
			write_clean(&b, module);
			buf_str(&b, "]");
		}
		if (stack && strcmp(stack, "task"))
			buf_printf(&b, "  (%s)", stack);
		puts(b.data ? b.data : "");
		buf_done(&b);
	}
}

/* A line for each, its trace below. */
static void print_traces(const json_t *value, const struct part *part)
{
	size_t i;
	json_t *o;

	json_array_foreach(value, i, o) {
		for (size_t c = 0; part->columns[c].key; c++) {
			char *text = cell(json_object_get(o, part->columns[c].key));

			printf("%s%s %s", c ? "  " : "", part->columns[c].title, text);
			free(text);
		}
		putchar('\n');
		print_frames(json_object_get(o, "trace"));
		if (i + 1 < json_array_size(value))
			putchar('\n');
	}
}

/* --- the parts ----------------------------------------------------------------------------- */

/* All registers, in JSON only: a table has no room for them. */
static json_t *registers_of(struct fact_kernel *fk, const struct cpu *cpu)
{
	struct core_regs regs;
	json_t *o;

	if (cpus_regs(fk->cpus, cpu, &regs, NULL))
		return NULL;
	o = json_object();
	for (unsigned i = 0; i < regs.count; i++)
		put_addr(o, regs.reg[i].name, regs.reg[i].value);
	return o;
}

static json_t *make_cpus(struct fact_set *facts, struct fact_kernel *fk)
{
	json_t *array = json_array();

	for (size_t i = 0; fk->cpus && i < cpus_count(fk->cpus); i++) {
		static const char *const from[] = {NULL, "crash_notes", "file"};
		const struct cpu *cpu = cpus_get(fk->cpus, i);
		json_t *o = json_object();

		put_int(o, "cpu", cpu->cpu);
		put_str(o, "state", i < facts->state.cpu_count && facts->state.cpus[i].cpu == cpu->cpu
					    ? fact_cpu_state_name(facts->state.cpus[i].state)
					    : NULL);
		if (cpu->task)
			put_int(o, "pid", cpu->pid);
		put_str(o, "comm", cpu->comm);
		if (cpu->regs_from != CPU_REGS_NONE) {
			put_addr(o, "ip", cpu->ip);
			put_addr(o, "sp", cpu->sp);
		}
		put_str(o, "registers", from[cpu->regs_from]);
		put(o, "values", registers_of(fk, cpu));
		if ((int)cpu->cpu == facts->state.panic_cpu)
			put(o, "panicked", json_true());
		(void)json_array_append_new(array, o);
	}
	return array;
}

struct task_list {
	json_t *array;
	struct fact_kernel *fk;
};

static bool add_task(const struct task *task, void *ctx)
{
	struct task_list *list = ctx;
	json_t *o = json_object();
	char letter[2] = {task->letter, '\0'};

	put_int(o, "pid", task->pid);
	put_int(o, "tgid", task->tgid);
	put_int(o, "ppid", task->ppid);
	if (task->cpu >= 0)
		put_int(o, "cpu", task->cpu);
	put_str(o, "state", letter);
	put(o, "kernel", json_boolean(task->is_kernel));
	put_str(o, "comm", task->comm);
	put_addr(o, "task", task->addr);
	(void)json_array_append_new(list->array, o);
	return true;
}

static json_t *make_tasks(struct fact_set *facts, struct fact_kernel *fk)
{
	struct task_list list = {json_array(), fk};
	char why_cut[256];
	struct err err;

	(void)facts;
	if (tasks_each(&fk->kernel, add_task, &list, NULL, why_cut, &err))
		cmd_complain("tasks: %s", err.text);
	return list.array;
}

static bool add_sleeper(const struct task *task, void *ctx)
{
	struct task_list *list = ctx;
	struct fact_trace trace;
	struct backtrace backtrace;
	struct fact_set scratch;
	char letter[2] = {task->letter, '\0'};
	json_t *o;

	if (task->on_cpu || unwind_task(list->fk->unwinder, task->addr, &backtrace, NULL))
		return true;
	fact_init(&scratch);
	fact_trace_of(&scratch, list->fk->unwinder, &backtrace, &trace);
	o = json_object();
	put_int(o, "pid", task->pid);
	put_str(o, "state", letter);
	put_str(o, "comm", task->comm);
	put(o, "trace", put_trace(trace.frame, trace.count));
	put_str(o, "trace_ends", trace.why_cut);
	(void)json_array_append_new(list->array, o);
	fact_done(&scratch);
	return true;
}

static json_t *make_sleepers(struct fact_set *facts, struct fact_kernel *fk)
{
	struct task_list list = {json_array(), fk};
	char why_cut[256];

	(void)facts;
	if (fk->unwinder)
		(void)tasks_each(&fk->kernel, add_sleeper, &list, NULL, why_cut, NULL);
	return list.array;
}

static json_t *make_settings(struct fact_set *facts, struct fact_kernel *fk)
{
	json_t *o = json_object();
	const struct settings *s = facts->state.settings;

	(void)fk;
	put_str(o, "release", facts->release);
	put_str(o, "version", facts->version);
	put_str(o, "node", facts->node);
	put_str(o, "build_id", facts->build_id);
	put_str(o, "hardware", facts->hardware);
	put_str(o, "hypervisor", facts->hypervisor);
	put_str(o, "cmdline", facts->cmdline);
	if (facts->uptime >= 0)
		put(o, "uptime_seconds", json_real(facts->uptime));
	put_str(o, "taint", facts->state.taint);
	if (facts->state.panic_cpu >= 0)
		put_int(o, "panic_cpu", facts->state.panic_cpu);
	if (s && s->oopses >= 0)
		put_int(o, "oopses", s->oopses);
	for (unsigned i = 0; s && i < s->count; i++)
		put_int(o, s->setting[i].name, s->setting[i].value);
	return o;
}

static bool add_symbol(const struct symbol *symbol, void *ctx)
{
	json_t *o = json_object();
	char type[2] = {symbol->type, '\0'};

	put_addr(o, "address", symbol->addr);
	put_str(o, "type", type);
	put_str(o, "name", symbol->name);
	if (symbol->module[0])
		put_str(o, "module", symbol->module);
	(void)json_array_append_new(ctx, o);
	return true;
}

static void add_module_symbols(struct kernel *kernel, json_t *array)
{
	struct err err;

	for (size_t i = 0; kernel->modules && i < modules_count(kernel->modules); i++) {
		const struct module *module = modules_get(kernel->modules, i);

		if (modules_each_symbol(kernel->modules, module, add_symbol, array, &err))
			cmd_complain("symbols of %s: %s", module->name, err.text);
	}
}

static json_t *make_symbols(struct fact_set *facts, struct fact_kernel *fk)
{
	json_t *array = json_array();
	struct err err;

	(void)facts;
	if (!fk->kernel.symbols)
		cmd_complain("symbols: %s", fk->kernel.why_no_symbols);
	else if (symbols_each(fk->kernel.symbols, add_symbol, array, &err))
		cmd_complain("symbols: %s", err.text);
	add_module_symbols(&fk->kernel, array);
	return array;
}

// clang-format off
static const struct part parts[] = {
	{"modules", "loaded modules", "modules", NULL, NULL, false, print_table,
	 {{"name", "MODULE", false}, {"address", "ADDRESS", true}, {"size", "SIZE", true}, {"taints", "TAINT", false}, {"version", "VERSION", false}, {"srcversion", "SRCVERSION", false}}},
	{"cpus", "what each CPU did", NULL, NULL, make_cpus, false, print_table,
	 {{"cpu", "CPU", true}, {"state", "STATE", false}, {"pid", "PID", true}, {"comm", "COMM", false}, {"ip", "IP", false}, {"sp", "SP", false}, {"registers", "REGISTERS", false}, {"panicked", "PANIC", false}}},
	{"bt", "the trace of each CPU", "cpus", NULL, NULL, false, print_traces,
	 {{"cpu", "CPU", true}, {"state", "state", false}, {"pid", "PID", true}, {"comm", "command", false}}},
	{"tasks", "every task and thread", NULL, NULL, make_tasks, true, print_table,
	 {{"pid", "PID", true}, {"tgid", "TGID", true}, {"ppid", "PPID", true}, {"cpu", "CPU", true}, {"state", "ST", false}, {"kernel", "KERNEL", false}, {"task", "TASK", false}, {"comm", "COMM", false}}},
	{"blocked", "tasks in uninterruptible sleep, equal traces once", "tasks", "uninterruptible", NULL, false, print_traces,
	 {{"tasks", "tasks", true}, {"comm", "command", false}, {"seconds", "seconds", true}, {"waits_for", "waits for", false}}},
	{"traces", "the trace of every sleeping task", NULL, NULL, make_sleepers, true, print_traces,
	 {{"pid", "PID", true}, {"state", "state", false}, {"comm", "command", false}}},
	{"memory", "where the memory was, KiB", "memory", NULL, NULL, false, print_pairs, {{0}}},
	{"processes", "the largest processes, KiB", "memory", "largest", NULL, false, print_table,
	 {{"pid", "PID", true}, {"rss_kib", "RSS", true}, {"oom_score_adj", "OOM ADJ", true}, {"comm", "COMM", false}}},
	{"slab", "the largest slab caches", "memory", "slab_caches", NULL, false, print_table,
	 {{"name", "CACHE", false}, {"kib", "KIB", true}, {"objects", "OBJECTS", true}, {"object_bytes", "BYTES EACH", true}}},
	{"settings", "identity, command line, sysctls", NULL, NULL, make_settings, false, print_pairs, {{0}}},
	{"symbols", "all symbols of the kernel and its modules", NULL, NULL, make_symbols, true, print_table,
	 {{"address", "ADDRESS", false}, {"type", "T", false}, {"name", "NAME", false}, {"module", "MODULE", false}}},
};
// clang-format on

static void help(void)
{
	puts("usage: kdump-verdict facts VMCORE [PART...] [--json]\n"
	     "\n"
	     "Shows what the memory of a dump tells, without debuginfo. Without PART, all but tasks,\n"
	     "traces and symbols.\n");
	for (size_t i = 0; i < ARRAY_SIZE(parts); i++)
		printf("  %-10s %s\n", parts[i].name, parts[i].what);
	puts("\n"
	     "      --json             one object, a member for each PART\n"
	     "      --system-map FILE  take symbols from this System.map\n"
	     "      --vmlinux FILE     take symbols from this vmlinux or its debug file\n"
	     "  -h, --help");
}

static const struct part *find_part(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(parts); i++)
		if (!strcmp(parts[i].name, name))
			return &parts[i];
	return NULL;
}

static json_t *value_of(const struct part *part, const json_t *state, struct fact_set *facts,
			struct fact_kernel *fk)
{
	const json_t *value;

	if (part->make)
		return part->make(facts, fk);
	value = json_object_get(state, part->key);
	return json_incref(part->member ? json_object_get(value, part->member) : (json_t *)value);
}

/* Takes over value. */
static void show_part(const struct part *part, json_t *value, json_t *all, bool alone)
{
	if (all) {
		put(all, part->name, value ? value : json_null());
		return;
	}
	if (!alone)
		printf("%s: %s\n", part->name, part->what);
	if (value)
		part->print(value, part);
	else
		puts("not known");
	if (!alone)
		putchar('\n');
	json_decref(value);
}

static void show(struct core *core, char *const *names, size_t count, bool json,
		 const struct symbols_files *files)
{
	json_t *all = json ? json_object() : NULL, *state = json_object();
	struct fact_kernel fk;
	struct fact_set facts;
	struct klog *klog = NULL;

	fact_init(&facts);
	if (!klog_open_core(&klog, core, NULL))
		fact_from_log(&facts, klog);
	cmd_facts_of_memory(&facts, &fk, core, files);
	put_state(state, &facts);
	for (size_t i = 0; i < count; i++) {
		const struct part *part = find_part(names[i]);

		show_part(part, value_of(part, state, &facts, &fk), all, count == 1);
	}
	for (size_t i = 0; !count && i < ARRAY_SIZE(parts); i++)
		if (!parts[i].is_long)
			show_part(&parts[i], value_of(&parts[i], state, &facts, &fk), all, false);
	json_decref(state);
	if (all) {
		(void)json_dumpf(all, stdout, JSON_INDENT(1));
		putchar('\n');
	}
	json_decref(all);
	for (size_t i = 0; i < facts.degraded_count; i++)
		cmd_complain("%s: %s", facts.degraded[i].part, facts.degraded[i].why);
	fact_kernel_close(&fk);
	if (klog)
		klog_free(klog);
	fact_done(&facts);
}

int cmd_facts(int argc, char **argv)
{
	enum { OPT_JSON = 256, OPT_SYSTEM_MAP, OPT_VMLINUX };
	static const struct option longs[] = {
		{"json", no_argument, NULL, OPT_JSON},
		{"system-map", required_argument, NULL, OPT_SYSTEM_MAP},
		{"vmlinux", required_argument, NULL, OPT_VMLINUX},
		{"help", no_argument, NULL, 'h'},
		{0},
	};
	struct symbols_files files = {NULL, NULL};
	struct source source;
	struct core *core;
	bool json = false;
	int opt;

	while ((opt = getopt_long(argc, argv, "h", longs, NULL)) != -1) {
		switch (opt) {
		case OPT_JSON:
			json = true;
			break;
		case OPT_SYSTEM_MAP:
			files.system_map = optarg;
			break;
		case OPT_VMLINUX:
			files.vmlinux = optarg;
			break;
		case 'h':
			help();
			return EXIT_DONE;
		default:
			return EXIT_USAGE;
		}
	}
	if (optind == argc) {
		cmd_complain("facts: no VMCORE given (try kdump-verdict facts --help)");
		return EXIT_USAGE;
	}
	for (int i = optind + 1; i < argc; i++)
		if (!find_part(argv[i])) {
			cmd_complain("facts: there is no part %s (try kdump-verdict facts --help)", argv[i]);
			return EXIT_USAGE;
		}
	core = source_open_dump(&source, argv + optind, 1);
	if (core)
		show(core, argv + optind + 1, (size_t)(argc - optind - 1), json, &files);
	core_close(core);
	source_done(&source);
	return core ? EXIT_DONE : EXIT_FAILED;
}
