// SPDX-License-Identifier: GPL-2.0-or-later
//
// The first stage of memory: symbols, types, modules and settings of the crashed kernel.
#include <string.h>

#include "fact/fact.h"

static const char *text_or_null(struct fact_set *facts, const char *text)
{
	return text && text[0] ? arena_str(&facts->arena, slice_of(text)) : NULL;
}

/* A list that breaks off at once tells less than the log's line: that stays. */
static void take_modules(struct fact_set *facts, struct kernel *kernel)
{
	struct fact_state *m = &facts->state;
	struct fact_module *list;
	size_t count;

	if (!kernel->modules) {
		fact_degraded(facts, "modules", kernel->why_no_modules);
		return;
	}
	count = modules_count(kernel->modules);
	if (modules_why_cut(kernel->modules))
		fact_degraded(facts, "modules", modules_why_cut(kernel->modules));
	if (count < m->module_count && modules_why_cut(kernel->modules))
		return;
	list = arena_alloc(&facts->arena, count * sizeof(*list));
	if (!list)
		return;
	for (size_t i = 0; i < count; i++) {
		const struct module *from = modules_get(kernel->modules, i);

		list[i] = (struct fact_module){
			.name = arena_str(&facts->arena, slice_of(from->name)),
			.taints = arena_str(&facts->arena, slice_of(from->taint)),
			.address = from->base,
			.size = from->size,
			.version = text_or_null(facts, from->version),
			.srcversion = text_or_null(facts, from->srcversion),
			.refcount = from->refcount,
		};
	}
	m->modules = list;
	m->module_count = count;
	m->modules_from_memory = true;
	if (modules_last_unloaded(kernel->modules)[0])
		m->last_unloaded = text_or_null(facts, modules_last_unloaded(kernel->modules));
}

static void take_settings(struct fact_set *facts, struct kernel *kernel)
{
	struct settings *s = arena_alloc(&facts->arena, sizeof(*s));
	char letters[TAINT_LETTERS];

	if (!s || !kernel->symbols)
		return;
	settings_read(kernel, s);
	facts->state.settings = s;
	if (s->cmdline[0])
		facts->cmdline = s->cmdline;
	if (s->hardware[0])
		facts->hardware = s->hardware;
	if (s->hypervisor)
		facts->hypervisor = s->hypervisor;
	if (s->uptime >= 0)
		facts->uptime = s->uptime;
	if (!facts->crash_time && s->wall_time > 0)
		facts->crash_time = s->wall_time;
	if (s->taint_known) {
		taint_letters(s->taint, slice_of(facts->release ? facts->release : ""), letters);
		facts->state.taint = arena_str(&facts->arena, slice_of(letters));
		if (!facts->taint)
			facts->taint = facts->state.taint;
	}
}

/* One reason for all that hangs on it. */
static const char *without(struct fact_set *facts, const char *why, const char *what)
{
	return arena_printf(&facts->arena, "%s: %s", what, why);
}

void fact_from_kernel(struct fact_set *facts, struct fact_kernel *fk, struct core *core,
		      const struct symbols_files *files)
{
	memset(fk, 0, sizeof(*fk));
	kernel_open(&fk->kernel, core, files);
	if (!fk->kernel.symbols) {
		fact_degraded(facts, "memory", without(facts, fk->kernel.why_no_symbols,
						       "modules, CPUs, tasks and memory are found by symbols"));
		return;
	}
	if (symbols_why_cut(fk->kernel.symbols))
		fact_degraded(facts, "symbols", symbols_why_cut(fk->kernel.symbols));
	if (fk->kernel.types && types_why_no_btf(fk->kernel.types))
		fact_degraded(facts, "memory", without(facts, types_why_no_btf(fk->kernel.types),
						       "tasks and memory are read by BTF"));
	take_modules(facts, &fk->kernel);
	take_settings(facts, &fk->kernel);
}

void fact_kernel_close(struct fact_kernel *fk)
{
	unwinder_close(fk->unwinder);
	cpus_close(fk->cpus);
	kernel_close(&fk->kernel);
}
