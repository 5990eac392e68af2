// SPDX-License-Identifier: GPL-2.0-or-later
//
// The verdict document. Keys in the order of the schema; what is not known is left out.
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "write/put.h"
#include "write/write.h"

/* Seconds with the microseconds that the log has. */
static json_t *seconds_of(uint64_t ns)
{
	return json_real((double)(ns / 1000) / 1e6);
}

static json_t *tool_of(const struct verdict *v)
{
	json_t *o = json_object(), *rules = json_object();

	put_str(o, "version", KDV_VERSION);
	put_int(rules, "count", (int64_t)v->rule_count);
	put_str(rules, "digest", v->rule_digest);
	put(o, "rules", rules);
	return o;
}

static json_t *source_of(const struct fact_set *f)
{
	json_t *o = json_object();

	put_str(o, "kind", f->is_vmcore ? "vmcore" : "log");
	put_str(o, "format", f->is_vmcore ? f->core.format : "text");
	if (f->is_vmcore) {
		put_str(o, "compression", f->core.compression);
		put(o, "complete", json_boolean(f->core.complete));
		if (f->core.dumped_bytes)
			put_int(o, "dumped_bytes", (int64_t)f->core.dumped_bytes);
	} else {
		put(o, "complete", json_boolean(!f->log_info.truncated));
	}
	return o;
}

/* The letters' value as the kernel's own bit mask; bits that distributions redefine stay out. */
static int64_t taint_value(const char *letters)
{
	static const char bits[] = "PFSRMBUDAWCIOELKXTNJ";
	int64_t value = 0;

	for (; *letters; letters++) {
		const char *at = strchr(bits, *letters);

		if (at)
			value |= INT64_C(1) << (at - bits);
	}
	return value;
}

static json_t *taint_of(const char *letters)
{
	json_t *o = json_object(), *meaning = json_array();

	put_int(o, "value", taint_value(letters));
	put_str(o, "flags", letters);
	for (; *letters; letters++) {
		const char *text = oops_taint_meaning(*letters);

		if (text)
			(void)json_array_append_new(meaning, json_string(text));
	}
	put(o, "meaning", meaning);
	return o;
}

static json_t *utc_of(int64_t seconds)
{
	time_t t = (time_t)seconds;
	struct tm tm;
	char text[32];

	if (!gmtime_r(&t, &tm) || !strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &tm))
		return NULL;
	return json_string(text);
}

static json_t *system_of(const struct fact_set *f)
{
	json_t *o = json_object();

	put_str(o, "node", f->node);
	put_str(o, "release", f->release);
	put_str(o, "version", f->version);
	put_str(o, "machine", f->machine);
	put_str(o, "distro", distro_name(f->distro));
	put_str(o, "hardware", f->hardware);
	put_str(o, "hypervisor", f->hypervisor);
	put_str(o, "build_id", f->build_id);
	put_str(o, "cmdline", f->cmdline);
	if (f->crash_time)
		put(o, "crash_time", utc_of(f->crash_time));
	if (f->uptime >= 0)
		put(o, "uptime_seconds", json_real(f->uptime));
	if (f->cpus >= 0)
		put_int(o, "cpus", f->cpus);
	if (f->memory_kib >= 0)
		put_int(o, "memory_kib", f->memory_kib);
	if (f->taint)
		put(o, "taint", taint_of(f->taint));
	return o;
}

static json_t *actions_of(const struct finding *m)
{
	json_t *array = json_array();

	for (size_t i = 0; i < m->action_count; i++) {
		json_t *o = json_object();

		put_str(o, "text", m->actions[i].text);
		put_strings(o, "commands", m->actions[i].commands);
		(void)json_array_append_new(array, o);
	}
	return array;
}

static json_t *suspect_of(const struct finding *m)
{
	json_t *o;

	if (!m->rule->suspect_kind || !m->suspect_name || !m->suspect_name[0])
		return NULL;
	o = json_object();
	put_str(o, "kind", m->rule->suspect_kind);
	put_str(o, "name", m->suspect_name);
	put_str(o, "why", m->suspect_why);
	return o;
}

static json_t *verdict_of(const struct verdict *v)
{
	const struct finding *m = v->main;
	json_t *o = json_object();

	put_str(o, "summary", v->summary);
	put_str(o, "cause", v->cause);
	put_str(o, "category", v->category);
	put_str(o, "confidence", confidence_name(v->confidence));
	if (v->known_issue) {
		put_str(o, "known_issue", v->known_issue);
		put_str(o, "affected", affected_name(v->affected));
	}
	if (!m)
		return o;
	put(o, "suspect", suspect_of(m));
	put_strings(o, "fixed_in", m->rule->fixed_in);
	put(o, "actions", actions_of(m));
	put_str(o, "dump_advice", m->rule->dump_advice);
	put_strings(o, "references", m->rule->references);
	return o;
}

static void put_where(json_t *o, const struct event *e)
{
	if (!e->has_where)
		return;
	if (e->where.function) {
		struct slice name = oops_plain_name(e->where.function);

		put(o, "function", json_sprintf("%.*s", (int)name.n, name.p));
	} else {
		put_addr(o, "address", e->where.address);
	}
	put_str(o, "module", e->where.module);
	if (e->where.has_offset) {
		put_int(o, "offset", e->where.offset);
		if (e->where.size)
			put_int(o, "size", e->where.size);
	}
}

static json_t *fault_of(const struct fact_set *f)
{
	const struct event *e = f->crash;
	static const char *const access[] = {NULL, "read", "write", "exec"};
	json_t *o = json_object();

	put_str(o, "access", access[e->access]);
	put_str(o, "mode", e->from_user_mode ? "user" : "kernel");
	put_str(o, "reading", f->state.fault_reading);
	put_str(o, "through", f->state.dereferenced);
	return o;
}

static json_t *registers_of(const struct event *e)
{
	json_t *o = json_object();

	for (size_t i = 0; i < e->reg_count; i++)
		put(o, e->regs[i].name, json_sprintf("0x%016" PRIx64, e->regs[i].value));
	return o;
}

static json_t *notes_of(const struct fact_state *state)
{
	json_t *o = json_object();

	for (size_t i = 0; i < state->note_count; i++)
		put_str(o, state->notes[i].name, state->notes[i].text);
	return o;
}

static json_t *blame_of(const struct fact_set *f)
{
	struct slice name;
	json_t *o;

	if (!f->blame.function)
		return NULL;
	o = json_object();
	name = oops_plain_name(f->blame.function);
	put(o, "function", json_sprintf("%.*s", (int)name.n, name.p));
	if (f->blame.module)
		put_str(o, "module", f->blame.module);
	else
		put(o, "module", json_null());
	put_str(o, "why", f->blame_why);
	return o;
}

static json_t *crash_of(const struct fact_set *f)
{
	static const char *const sources[] = {NULL, "log", "memory", "both"};
	const struct event *e = f->crash;
	json_t *o = json_object();

	put_str(o, "class", class_name(e ? e->class : CLASS_NONE));
	if (!e)
		return o;
	put_str(o, "title", e->title);
	put_where(o, e);
	if (e->file)
		put(o, "at", json_sprintf("%s:%u", e->file, e->file_line));
	if (e->has_fault_address) {
		put_addr(o, "fault_address", e->fault_address);
		put(o, "fault", fault_of(f));
	}
	put(o, "blame", blame_of(f));
	if (e->cpu >= 0)
		put_int(o, "cpu", e->cpu);
	if (e->pid >= 0)
		put_int(o, "pid", e->pid);
	put_str(o, "comm", e->comm);
	put_str(o, "workqueue", e->workqueue);
	if (e->seconds)
		put_int(o, "stuck_seconds", e->seconds);
	if (e->has_time)
		put(o, "time", seconds_of(e->time_ns));
	if (e->line)
		put_int(o, "log_line", e->line);
	if (e->reg_count)
		put(o, "registers", registers_of(e));
	if (f->state.note_count)
		put(o, "register_notes", notes_of(&f->state));
	put_str(o, "code", e->code);
	put(o, "trace", put_trace(e->trace, e->frame_count));
	put_str(o, "source", sources[f->crash_source]);
	return o;
}

static json_t *chain_of(const struct fact_set *f)
{
	static const char *const roles[] = {
		[ROLE_PRECURSOR] = "precursor", [ROLE_CAUSE] = "cause",
		[ROLE_CONSEQUENCE] = "consequence", [ROLE_CONCURRENT] = "concurrent",
		[ROLE_UNRELATED] = "unrelated", [ROLE_PANIC] = "panic",
	};
	json_t *array = json_array();

	for (size_t i = 0; i < f->chain_count; i++) {
		const struct event *e = f->chain[i].event;
		json_t *o = json_object();

		if (e->has_time)
			put(o, "time", seconds_of(e->time_ns));
		put_str(o, "class", class_name(e->class));
		put_str(o, "title", e->title);
		put_int(o, "log_line", e->line);
		put_str(o, "role", roles[f->chain[i].role]);
		(void)json_array_append_new(array, o);
	}
	return array;
}

static json_t *signature_of(const struct signature *s)
{
	json_t *o, *grains;

	if (!s->text)
		return NULL;
	o = json_object();
	grains = json_object();
	put_str(o, "id", s->id);
	put_str(o, "text", s->text);
	put_str(grains, "coarse", s->coarse);
	put_str(grains, "fine", s->fine);
	put(o, "grains", grains);
	return o;
}

static json_t *evidence_of(const struct finding *m)
{
	json_t *array = json_array();

	for (size_t i = 0; i < m->evidence_count; i++) {
		json_t *o = json_object();

		put_str(o, "condition", m->evidence[i].condition);
		if (m->evidence[i].log_line)
			put_int(o, "log_line", m->evidence[i].log_line);
		put_str(o, "text", m->evidence[i].text);
		(void)json_array_append_new(array, o);
	}
	return array;
}

static json_t *finding_of(const struct finding *m)
{
	json_t *o = json_object(), *missing;

	put_str(o, "rule", m->rule->id);
	put_str(o, "title", m->title ? m->title : m->rule->title);
	put(o, "matched", json_boolean(m->matched));
	put_str(o, "confidence", confidence_name(m->confidence));
	if (!m->rule->general) {
		put_str(o, "affected", affected_name(m->affected));
		put_str(o, "affected_why", m->affected_why);
	}
	put(o, "evidence", evidence_of(m));
	if (!m->missing_count)
		return o;
	missing = json_array();
	for (size_t i = 0; i < m->missing_count; i++)
		(void)json_array_append_new(missing, put_text(m->missing[i]));
	put(o, "missing", missing);
	return o;
}

static json_t *findings_of(const struct verdict *v)
{
	json_t *array = json_array();

	for (size_t i = 0; i < v->finding_count; i++)
		(void)json_array_append_new(array, finding_of(&v->findings[i]));
	return array;
}

static json_t *consistency_of(const struct fact_set *f)
{
	static const char *const results[] = {"agrees", "differs", "not-checked"};
	json_t *array = json_array();

	for (size_t i = 0; i < f->check_count; i++) {
		json_t *o = json_object();

		put_str(o, "check", f->checks[i].check);
		put_str(o, "result", results[f->checks[i].result]);
		(void)json_array_append_new(array, o);
	}
	return array;
}

static json_t *degraded_of(const struct fact_set *f)
{
	json_t *array = json_array();

	for (size_t i = 0; i < f->degraded_count; i++) {
		json_t *o = json_object();

		put_str(o, "part", f->degraded[i].part);
		put_str(o, "why", f->degraded[i].why);
		(void)json_array_append_new(array, o);
	}
	return array;
}

static json_t *stages_of(const struct fact_set *f)
{
	json_t *array = json_array();

	for (size_t i = 0; i < f->stage_count; i++) {
		json_t *o = json_object();

		put_str(o, "stage", f->stages[i].stage);
		put(o, "ms", json_real(f->stages[i].ms));
		put_int(o, "peak_kib", f->stages[i].peak_kib);
		(void)json_array_append_new(array, o);
	}
	return array;
}

json_t *write_json(const struct verdict *v, bool with_stages)
{
	const struct fact_set *f = v->facts;
	json_t *o = json_object();

	if (!o)
		return NULL;
	put_str(o, "schema", "kdump-verdict/1");
	put(o, "tool", tool_of(v));
	put(o, "source", source_of(f));
	put(o, "system", system_of(f));
	put(o, "verdict", verdict_of(v));
	put(o, "crash", crash_of(f));
	put(o, "chain", chain_of(f));
	put(o, "signature", signature_of(&v->signature));
	put(o, "findings", findings_of(v));
	put_state(o, f);
	put(o, "consistency", consistency_of(f));
	put(o, "degraded", degraded_of(f));
	if (with_stages)
		put(o, "stages", stages_of(f));
	return o;
}
