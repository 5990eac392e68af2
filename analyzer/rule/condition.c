// SPDX-License-Identifier: GPL-2.0-or-later
//
// The conditions of the language: a table, one row each, with how its value is read, how it is
// tested on the facts, and what it tells as evidence. A new condition is one row and its test.
#include <stdarg.h>
#include <stdio.h>

#include "base/base.h"

#include "rule/language.h"
#include "rule/node.h"

/* ---- telling ---- */

__attribute__((format(printf, 4, 5))) static void tell(struct matcher *m, struct evidence *ret,
						       uint32_t line, const char *fmt, ...)
{
	char text[512];
	va_list ap;

	if (!ret)
		return;
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	ret->log_line = line;
	ret->text = arena_str(m->arena, slice_of(text));
}

static void add_frame(struct buf *b, const struct frame *f)
{
	if (b->len)
		buf_str(b, ", ");
	buf_printf(b, f->reliable ? "%s" : "? %s", f->function);
	if (f->has_offset)
		buf_printf(b, "+%#x/%#x", f->offset, f->size);
	if (f->module)
		buf_printf(b, " [%s]", f->module);
}

static enum met said(bool met)
{
	return met ? MET : NOT_MET;
}

/* ---- globs on one text ---- */

static bool any_glob(const struct condition *c, struct slice text)
{
	for (size_t i = 0; i < c->count; i++)
		if (glob_match(c->globs[i], text))
			return true;
	return false;
}

static enum met test_glob(struct matcher *m, const struct condition *c, const char *text,
			  uint32_t line, struct evidence *ret)
{
	if (!text)
		return NOT_MET;
	tell(m, ret, line, "%s", text);
	return said(any_glob(c, slice_of(text)));
}

static enum met test_class(struct matcher *m, const struct condition *c, struct evidence *ret)
{
	bool met = c->classes >> m->crash->class & 1;

	tell(m, ret, m->crash->line, "%s",
	     met && m->crash->title ? m->crash->title : class_name(m->crash->class));
	return said(met);
}

static enum met test_arch(struct matcher *m, const struct condition *c, struct evidence *ret)
{
	return test_glob(m, c, m->facts->machine, 0, ret);
}

static enum met test_comm(struct matcher *m, const struct condition *c, struct evidence *ret)
{
	return test_glob(m, c, m->crash->comm, 0, ret);
}

static enum met test_workqueue(struct matcher *m, const struct condition *c,
			       struct evidence *ret)
{
	return test_glob(m, c, m->crash->workqueue, 0, ret);
}

static enum met test_last_unloaded(struct matcher *m, const struct condition *c,
				   struct evidence *ret)
{
	return test_glob(m, c, m->facts->state.last_unloaded, 0, ret);
}

static enum met test_function(struct matcher *m, const struct condition *c,
			      struct evidence *ret)
{
	const struct frame *f = &m->crash->where;
	struct buf b;

	if (!m->crash->has_where || !f->function)
		return NOT_MET;
	if (ret) {
		buf_init(&b, 512);
		add_frame(&b, f);
		tell(m, ret, f->line, "%s", b.data ? b.data : "");
		buf_done(&b);
	}
	return said(any_glob(c, oops_plain_name(f->function)));
}

static enum met test_module(struct matcher *m, const struct condition *c, struct evidence *ret)
{
	const struct frame *f = &m->crash->where;

	return test_glob(m, c, m->crash->has_where ? f->module : NULL, f->line, ret);
}

static enum met test_loaded(struct matcher *m, const struct condition *c, struct evidence *ret)
{
	const struct fact_state *state = &m->facts->state;

	for (size_t i = 0; i < state->module_count; i++) {
		const struct fact_module *module = &state->modules[i];

		if (!any_glob(c, slice_of(module->name)))
			continue;
		tell(m, ret, 0, *module->taints ? "%s(%s)" : "%s", module->name, module->taints);
		return MET;
	}
	return NOT_MET;
}

/* ---- taint, numbers, versions ---- */

static bool has_letters(const char *taint, const char *letters)
{
	for (; *letters; letters++)
		if (!strchr(taint, *letters))
			return false;
	return true;
}

static enum met test_taint(struct matcher *m, const struct condition *c, struct evidence *ret)
{
	const char *taint = m->facts->taint ? m->facts->taint : m->crash->taint;

	if (!taint)
		return NOT_MET;
	tell(m, ret, 0, *taint ? "%s" : "not tainted", taint);
	for (size_t i = 0; i < c->count; i++)
		if (has_letters(taint, c->globs[i]))
			return MET;
	return NOT_MET;
}

static enum met test_fault_address(struct matcher *m, const struct condition *c,
				   struct evidence *ret)
{
	if (!m->crash->has_fault_address)
		return NOT_MET;
	tell(m, ret, m->crash->line, "%#llx", (unsigned long long)m->crash->fault_address);
	return said(number_holds(c->numbers, c->count, m->crash->fault_address));
}

static bool instruction_pointer(const struct matcher *m, uint64_t *ret)
{
	static const char *const names[] = {"rip", "eip", "pc", "nip", "epc", "era", "iaoq"};

	if (m->crash->has_where && m->crash->where.address) {
		*ret = m->crash->where.address;
		return true;
	}
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (fact_register(m->facts, names[i], ret))
			return true;
	return false;
}

static enum met test_fault_is(struct matcher *m, const struct condition *c,
			      struct evidence *ret)
{
	uint64_t ip;

	(void)c; // rip is all it can ask for
	if (!m->crash->has_fault_address || !instruction_pointer(m, &ip))
		return NOT_MET;
	tell(m, ret, m->crash->line, "fault address %#llx, instruction pointer %#llx",
	     (unsigned long long)m->crash->fault_address, (unsigned long long)ip);
	return said(ip == m->crash->fault_address);
}

static bool any_register(const struct matcher *m, const struct register_test *test,
			 const struct oops_reg **ret)
{
	for (size_t i = 0; i < m->crash->reg_count; i++) {
		const struct oops_reg *reg = &m->crash->regs[i];

		if ((!strcmp(test->name, "any") || !strcmp(test->name, reg->name)) &&
		    number_holds(test->any, test->count, reg->value)) {
			*ret = reg;
			return true;
		}
	}
	return false;
}

static enum met test_registers(struct matcher *m, const struct condition *c,
			       struct evidence *ret)
{
	const struct oops_reg *reg = NULL;

	for (size_t i = 0; i < c->count; i++)
		if (!any_register(m, &c->registers[i], &reg)) {
			uint64_t value;

			if (fact_register(m->facts, c->registers[i].name, &value))
				tell(m, ret, 0, "%s: %#llx", c->registers[i].name,
				     (unsigned long long)value);
			return NOT_MET;
		}
	tell(m, ret, 0, "%s: %#llx", reg->name, (unsigned long long)reg->value);
	return MET;
}

/* ---- what only the memory of a dump tells ---- */

bool rule_memory_share(const struct memory *memory, const char *name, uint64_t *ret)
{
	static const struct memory none;
	const struct memory *m = memory ? memory : &none;
	const struct {
		const char *name;
		int64_t kib, total;
	} shares[] = {
		{"free", m->free, m->total},
		{"available", m->available, m->total},
		{"anon", m->anon, m->total},
		{"page_cache", m->page_cache, m->total},
		{"shmem", m->shmem, m->total},
		{"slab", m->slab_reclaimable < 0 || m->slab_unreclaimable < 0
				 ? -1
				 : m->slab_reclaimable + m->slab_unreclaimable, m->total},
		{"slab_unreclaimable", m->slab_unreclaimable, m->total},
		{"page_tables", m->page_tables, m->total},
		{"kernel_stacks", m->kernel_stacks, m->total},
		{"hugetlb", m->hugetlb, m->total},
		{"swap_free", m->swap_free, m->swap_total},
	};

	for (size_t i = 0; i < ARRAY_SIZE(shares); i++) {
		if (strcmp(name, shares[i].name))
			continue;
		if (!memory)
			return true;
		if (shares[i].kib < 0 || shares[i].total <= 0 ||
		    shares[i].kib > INT64_MAX / 100)
			return false;
		*ret = (uint64_t)shares[i].kib * 100 / (uint64_t)shares[i].total;
		return true;
	}
	return false;
}

static enum met test_memory(struct matcher *m, const struct condition *c, struct evidence *ret)
{
	uint64_t percent = 0;

	for (size_t i = 0; m->facts->state.memory && i < c->count; i++) {
		const struct register_test *test = &c->registers[i];

		if (!rule_memory_share(m->facts->state.memory, test->name, &percent))
			return NOT_MET;
		tell(m, ret, 0, "%s: %llu%% of memory", test->name, (unsigned long long)percent);
		if (!number_holds(test->any, test->count, percent))
			return NOT_MET;
	}
	return said(m->facts->state.memory && c->count);
}

static enum met test_sysctl(struct matcher *m, const struct condition *c, struct evidence *ret)
{
	const struct settings *settings = m->facts->state.settings;
	int64_t value;

	for (size_t i = 0; settings && i < c->count; i++) {
		const struct register_test *test = &c->registers[i];

		if (!settings_get(settings, test->name, &value))
			return NOT_MET;
		tell(m, ret, 0, "%s: %lld", test->name, (long long)value);
		if (!number_holds(test->any, test->count, (uint64_t)value))
			return NOT_MET;
	}
	return said(settings && c->count);
}

static bool any_range(const struct condition *c, const char *version)
{
	struct kernel_version kernel;
	bool unsure;

	if (!kernel_version_of(&kernel, DISTRO_UPSTREAM, version, NULL))
		return false;
	for (size_t i = 0; i < c->count; i++)
		if (range_holds(&c->ranges[i], &kernel, &unsure))
			return true;
	return false;
}

static enum met test_uptime(struct matcher *m, const struct condition *c, struct evidence *ret)
{
	uint64_t seconds;
	char text[32];

	if (m->facts->uptime >= 0 && m->facts->uptime < 1e15)
		seconds = (uint64_t)m->facts->uptime;
	else if (m->crash->has_time)
		seconds = m->crash->time_ns / 1000000000;
	else
		return NOT_MET;
	snprintf(text, sizeof(text), "%llu", (unsigned long long)seconds);
	tell(m, ret, 0, "up for %s seconds", text);
	return said(any_range(c, text));
}

static enum met test_release(struct matcher *m, const struct condition *c,
			     struct evidence *ret)
{
	if (!m->facts->release)
		return NOT_MET;
	tell(m, ret, 0, "%s", m->facts->release);
	return said(any_range(c, m->facts->release));
}

/* ---- the trace ---- */

static bool choice_fits(const struct trace_choice *choice, const struct frame *f)
{
	if (!f->function || (!f->reliable && !choice->unreliable_too))
		return false;
	if (choice->module && (!f->module || !glob_match(choice->module, slice_of(f->module))))
		return false;
	return glob_match(choice->function, oops_plain_name(f->function));
}

static bool step_fits(const struct trace_step *step, const struct frame *f)
{
	for (size_t i = 0; i < step->count; i++)
		if (choice_fits(&step->any[i], f))
			return true;
	return false;
}

/*
 * The faulting function counts as the innermost frame: whether the kernel prints it again at
 * the head of the trace differs from one to the other.
 */
static const struct frame *frame_at(const struct event *crash, size_t i)
{
	if (crash->has_where && crash->where.function) {
		if (!i)
			return &crash->where;
		i--;
	}
	return i < crash->frame_count ? &crash->trace[i] : NULL;
}

static enum met test_trace(struct matcher *m, const struct condition *c, struct evidence *ret)
{
	const struct frame *f;
	size_t step = 0;
	uint32_t line = 0;
	struct buf b;

	buf_init(&b, 512);
	for (size_t i = 0; step < c->count && (f = frame_at(m->crash, i)); i++) {
		struct frame where = *f;

		where.reliable |= f == &m->crash->where;
		if (!step_fits(&c->steps[step], &where))
			continue;
		if (!step++)
			line = f->line;
		if (ret)
			add_frame(&b, &where);
	}
	if (step == c->count)
		tell(m, ret, line, "%s", b.data ? b.data : "");
	else
		tell(m, ret, line, "no %s%s%s", c->steps[step].any[0].function,
		     b.len ? " behind " : "", b.len ? b.data : "");
	buf_done(&b);
	return said(step == c->count);
}

/* ---- patterns on one text ---- */

static enum met test_patterns(struct matcher *m, const struct condition *c, const char *text,
			      uint32_t line, struct evidence *ret)
{
	if (!text)
		return NOT_MET;
	tell(m, ret, line, "%s", text);
	for (size_t i = 0; i < c->count; i++)
		if (pattern_match(c->patterns[i], slice_of(text)))
			return MET;
	return NOT_MET;
}

static enum met test_panic(struct matcher *m, const struct condition *c, struct evidence *ret)
{
	const struct event *panic = m->facts->panic;

	if (!panic && m->crash->is_panic)
		panic = m->crash;
	return panic ? test_patterns(m, c, panic->message, panic->line, ret) : NOT_MET;
}

static enum met test_title(struct matcher *m, const struct condition *c, struct evidence *ret)
{
	const struct event *crash = m->crash;
	char at[320];

	if (test_patterns(m, c, crash->message, crash->line, ret) == MET)
		return MET;
	if (crash->file) {
		snprintf(at, sizeof(at), "kernel BUG at %.256s:%u!", crash->file,
			 crash->file_line);
		if (crash->class != CLASS_WARNING &&
		    test_patterns(m, c, at, crash->line, ret) == MET)
			return MET;
	}
	return test_patterns(m, c, crash->title, crash->line, ret);
}

static enum met test_hardware(struct matcher *m, const struct condition *c,
			      struct evidence *ret)
{
	return test_patterns(m, c, m->facts->hardware, 0, ret);
}

static enum met test_cmdline(struct matcher *m, const struct condition *c,
			     struct evidence *ret)
{
	return test_patterns(m, c, m->facts->cmdline, 0, ret);
}

/* ---- groups ---- */

static void value_group(struct loading *l, const struct node *value, struct condition *ret);

// clang-format off
static const struct condition_type types[] = {
	{"class", CONDITION_FACT, value_classes, test_class, 5,
	 "The class of the crash, or a list of classes, or a glob."},
	{"arch", CONDITION_FACT, value_globs, test_arch, 1,
	 "The machine as uname -m names it: x86_64, aarch64, s390x..."},
	{"taint", CONDITION_FACT, value_letters, test_taint, 2,
	 "Letters that must all be among the kernel's taint flags: O, OE, P."},
	{"fault_is", CONDITION_FACT, value_rip, test_fault_is, 6,
	 "rip: the fault address is the instruction pointer, a jump into nothing."},
	{"fault_address", CONDITION_FACT, value_numbers, test_fault_address, 10,
	 "The address that could not be accessed: a number, a range, or hex digits with ?."},
	{"uptime", CONDITION_FACT, value_seconds, test_uptime, 3,
	 "Seconds since boot at the crash, compared: \"< 60\"."},
	{"release", CONDITION_FACT, value_ranges, test_release, 3,
	 "The upstream version that the release begins with, compared; rarely right, see kernel."},
	{"comm", CONDITION_FACT, value_globs, test_comm, 4,
	 "The name of the crashing task."},
	{"function", CONDITION_FACT, value_functions, test_function, 20,
	 "The faulting function; of a panic, the function that called it."},
	{"module", CONDITION_FACT, value_globs, test_module, 10,
	 "The module that the faulting function belongs to."},
	{"workqueue", CONDITION_FACT, value_globs, test_workqueue, 10,
	 "The text of the report's Workqueue line."},
	{"loaded", CONDITION_FACT, value_globs, test_loaded, 5,
	 "A module that was loaded."},
	{"last_unloaded", CONDITION_FACT, value_globs, test_last_unloaded, 5,
	 "The module that was unloaded last."},
	{"registers", CONDITION_FACT, value_registers, test_registers, 8,
	 "Registers and their values, all of which must hold; the name any stands for one of all."},
	{"memory", CONDITION_FACT, value_memory, test_memory, 8,
	 "What memory was used for, in percent of all: {slab_unreclaimable: 50..100}. Dumps only."},
	{"sysctl", CONDITION_FACT, value_sysctl, test_sysctl, 3,
	 "Settings of the crashed kernel by sysctl name: {vm.panic_on_oom: 1}. Dumps only."},
	{"trace", CONDITION_FACT, value_trace, test_trace, 8,
	 "Functions of the trace in this order, innermost first; others may lie between."},
	{"panic", CONDITION_FACT, value_patterns, test_panic, 15,
	 "A pattern on the panic message behind \"not syncing: \"."},
	{"title", CONDITION_FACT, value_patterns, test_title, 12,
	 "A pattern on the headline of the crash report."},
	{"hardware", CONDITION_FACT, value_patterns, test_hardware, 3,
	 "A pattern on the Hardware name line."},
	{"cmdline", CONDITION_FACT, value_patterns, test_cmdline, 3,
	 "A pattern on the kernel command line."},
	{"all", CONDITION_ALL, value_group, NULL, 0,
	 "A list of mappings of conditions that must all hold."},
	{"any", CONDITION_ANY, value_group, NULL, 0,
	 "A list of mappings of conditions of which one must hold."},
	{"not", CONDITION_NOT, value_group, NULL, 1,
	 "Conditions that must not hold together."},
	{"log", CONDITION_LOG, value_log, match_log, 12,
	 "A pattern on any line that the kernel logged, or {pattern: P, where: before|crash|any}."},
};
// clang-format on

/* What stands in an item of `any:` or `all:` when it has several conditions. */
static const struct condition_type all_type = {"all", CONDITION_ALL, value_group, NULL, 0, ""};

const struct rule_key *rule_language_conditions(size_t *ret_count)
{
	static struct rule_key keys[ARRAY_SIZE(types)];

	for (size_t i = 0; i < ARRAY_SIZE(types); i++)
		keys[i] = (struct rule_key){types[i].name, types[i].doc};
	*ret_count = ARRAY_SIZE(types);
	return keys;
}

static const struct condition_type *type_of(struct slice name)
{
	for (size_t i = 0; i < ARRAY_SIZE(types); i++)
		if (slice_eq(name, types[i].name))
			return &types[i];
	return NULL;
}

/* ---- the text of a condition ---- */

static void add_value(struct buf *b, const struct node *value);

static void add_children(struct buf *b, const struct node *value, const char *between)
{
	for (const struct node *n = value->first; n; n = n->next) {
		if (n != value->first)
			buf_str(b, between);
		if (n->key)
			buf_printf(b, "%s: ", n->key->text.p);
		add_value(b, n);
	}
}

static void add_value(struct buf *b, const struct node *value)
{
	if (value->kind == NODE_SCALAR) {
		buf_add(b, value->text.p, value->text.n);
	} else if (value->kind == NODE_MAP) {
		buf_str(b, "{");
		add_children(b, value, ", ");
		buf_str(b, "}");
	} else {
		add_children(b, value, ", ");
	}
}

static const char *text_of(struct loading *l, const char *name, const struct node *value)
{
	struct buf b;
	const char *text;

	buf_init(&b, RULE_MAX_TEXT);
	buf_printf(&b, "%s: ", name);
	add_value(&b, value);
	text = arena_str(l->arena, slice_of(b.data));
	buf_done(&b);
	return text;
}

/* ---- reading conditions ---- */

static void condition_problem(struct loading *l, const struct node *key)
{
	const char *names[ARRAY_SIZE(types) + 1] = {NULL};
	char hint[160];

	for (size_t i = 0; i < ARRAY_SIZE(types); i++)
		names[i] = types[i].name;
	load_problem(l, key, "no condition '%.60s'%s", key->text.p,
		     load_hint(key->text, names, hint, sizeof(hint)));
}

static bool is_twice(const struct node *map, const struct node *item)
{
	for (const struct node *n = map->first; n != item; n = n->next)
		if (slice_eq(n->key->text, item->key->text.p))
			return true;
	return false;
}

struct condition *conditions_parse(struct loading *l, const struct node *map,
				   size_t *ret_count)
{
	struct condition *conditions;

	*ret_count = 0;
	if (map->kind != NODE_MAP || !map->count) {
		load_problem(
			l, map,
			"conditions are a mapping such as {class: kernel-bug, function: f}");
		return NULL;
	}
	conditions = load_alloc(l, map->count, sizeof(*conditions));
	if (!conditions)
		return NULL;
	for (const struct node *n = map->first; n; n = n->next) {
		if (!type_of(n->key->text))
			condition_problem(l, n->key);
		else if (is_twice(map, n))
			load_problem(l, n->key, "'%s' stands here twice; use all: or a list",
				     n->key->text.p);
	}
	for (size_t i = 0; i < ARRAY_SIZE(types); i++) {
		const struct node *value = node_get(map, types[i].name);
		struct condition *c = &conditions[*ret_count];

		if (!value)
			continue;
		c->type = &types[i];
		c->text = text_of(l, types[i].name, value);
		types[i].parse(l, value, c);
		++*ret_count;
	}
	return conditions;
}

static void parse_item(struct loading *l, const struct node *item, struct condition *ret)
{
	size_t count;
	struct condition *conditions = conditions_parse(l, item, &count);

	if (!conditions)
		return;
	if (count == 1) {
		*ret = *conditions;
		return;
	}
	*ret = (struct condition){.type = &all_type,
				  .text = text_of(l, "all", item),
				  .children = conditions,
				  .count = count};
}

/* all: and any: take a list of mappings; not: one mapping or a list, of which none may hold.
 */
static void value_group(struct loading *l, const struct node *value, struct condition *ret)
{
	bool list = value->kind == NODE_LIST;

	if ((!list && ret->type->kind != CONDITION_NOT) || !value->count) {
		load_problem(l, value,
			     "%s takes a list of mappings such as [{function: a}, {trace: b}]",
			     ret->type->name);
		return;
	}
	ret->children = load_alloc(l, list ? value->count : 1, sizeof(*ret->children));
	if (!ret->children)
		return;
	if (!list)
		parse_item(l, value, &ret->children[ret->count++]);
	for (const struct node *n = list ? value->first : NULL; n; n = n->next)
		parse_item(l, n, &ret->children[ret->count++]);
}

static bool has_patterns(const struct condition *c)
{
	return c->type->kind == CONDITION_LOG || c->type->parse == value_patterns;
}

void conditions_each_pattern(const struct condition *c, size_t count,
			     void (*f)(struct pattern *, void *), void *data)
{
	for (size_t i = 0; i < count; i++) {
		if (has_patterns(&c[i]))
			for (size_t j = 0; j < c[i].count; j++)
				f(c[i].patterns[j], data);
		else if (!c[i].type->test)
			conditions_each_pattern(c[i].children, c[i].count, f, data);
	}
}
