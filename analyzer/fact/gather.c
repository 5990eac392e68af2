// SPDX-License-Identifier: GPL-2.0-or-later
//
// Joins what the log and the dump say into one set of facts, each kept with its source.
#include <stdio.h>
#include <string.h>

#include "core/core.h"

#include "fact/fact.h"

/* Events, frames and strings of one log; hitting it is told in `degraded`. */
enum { FACT_ARENA_LIMIT = 4 * 1024 * 1024 };

void fact_init(struct fact_set *facts)
{
	memset(facts, 0, sizeof(*facts));
	arena_init(&facts->arena, FACT_ARENA_LIMIT);
	facts->uptime = -1;
	facts->cpus = -1;
	facts->memory_kib = -1;
	facts->boot = OOPS_LAST_CRASH;
	facts->state.panic_cpu = -1;
	facts->state.tasks = -1;
}

void fact_done(struct fact_set *facts)
{
	arena_done(&facts->arena);
}

void fact_degraded(struct fact_set *facts, const char *part, const char *why)
{
	struct degraded *d;

	if (facts->degraded_count == FACT_MAX_DEGRADED)
		return;
	d = &facts->degraded[facts->degraded_count++];
	d->part = arena_str(&facts->arena, slice_of(part));
	d->why = arena_str(&facts->arena, slice_of(why));
}

void fact_check(struct fact_set *facts, const char *check, bool agrees)
{
	struct check *c;

	if (facts->check_count == FACT_MAX_CHECKS)
		return;
	c = &facts->checks[facts->check_count++];
	c->check = check;
	c->result = agrees ? CHECK_AGREES : CHECK_DIFFERS;
}

/* "G           OE" -> "GOE": the kernel prints one column a bit, blank where it is clear. */
static const char *printed_letters(struct arena *arena, const char *printed)
{
	char letters[64];
	size_t n = 0;

	for (; *printed && n < sizeof(letters) - 1; printed++)
		if (*printed != ' ' && *printed != '-')
			letters[n++] = *printed;
	return arena_str(arena, (struct slice){letters, n});
}

static void take_taint(struct fact_set *facts)
{
	const struct event *e = facts->crash ? facts->crash : facts->panic;

	if (!e)
		return;
	if (e->not_tainted)
		facts->taint = "";
	else if (e->taint)
		facts->taint = printed_letters(&facts->arena, e->taint);
}

/* x86_64 in "4.19.91-22.2.al7.x86_64": vmcore-dmesg.txt has no other word on the machine. */
static const char *machine_of_release(const char *release)
{
	static const char *const machines[] = {"x86_64", "aarch64", "ppc64le", "s390x",
					       "riscv64", "i686", "ppc64", "loongarch64"};
	static const struct {
		const char *suffix, *machine;
	} debian[] = {{"-amd64", "x86_64"},   {"-arm64", "aarch64"},  {"-686-pae", "i686"},
		      {"-686", "i686"},       {"-riscv64", "riscv64"}, {"-powerpc64le", "ppc64le"},
		      {"-s390x", "s390x"}};
	struct slice s = slice_of(release);

	for (size_t i = 0; i < ARRAY_SIZE(machines); i++)
		if (slice_find(s, machines[i]))
			return machines[i];
	for (size_t i = 0; i < ARRAY_SIZE(debian); i++)
		if (slice_ends(s, debian[i].suffix))
			return debian[i].machine;
	return NULL;
}

/* Registers are the surest witness of the architecture that a log has. */
static const char *machine_of_registers(const struct event *e)
{
	static const struct {
		const char *reg, *machine;
	} hints[] = {{"rip", "x86_64"}, {"rsp", "x86_64"}, {"eip", "i686"}, {"pstate", "aarch64"},
		     {"nip", "ppc64le"}, {"psw", "s390x"}, {"epc", "riscv64"}};

	for (size_t i = 0; e && i < e->reg_count; i++)
		for (size_t k = 0; k < ARRAY_SIZE(hints); k++)
			if (!strcmp(e->regs[i].name, hints[k].reg))
				return hints[k].machine;
	return NULL;
}

static void take_modules(struct fact_set *facts)
{
	const struct oops_log *log = &facts->log;
	struct fact_state *m = &facts->state;

	m->last_unloaded = log->last_unloaded;
	m->modules = arena_alloc(&facts->arena, log->module_count * sizeof(*m->modules));
	for (size_t i = 0; m->modules && i < log->module_count; i++)
		m->modules[m->module_count++] = (struct fact_module){
			.name = log->modules[i].name,
			.taints = log->modules[i].flags,
			.refcount = -1,
		};
}

static void take_log_troubles(struct fact_set *facts)
{
	if (facts->log_info.why_degraded[0])
		fact_degraded(facts, "log", facts->log_info.why_degraded);
	if (facts->log.dropped)
		fact_degraded(facts, "log", "more events than are kept: those in the middle were left out");
	if (facts->crash && facts->crash->cut)
		fact_degraded(facts, "crash", "the report is cut short or mixed with other lines");
	if (facts->arena.exhausted)
		fact_degraded(facts, "log", "the reports are larger than the limit: part was left out");
}

void fact_from_log(struct fact_set *facts, struct klog *klog)
{
	struct oops_log *log = &facts->log;

	oops_scan(klog, facts->boot, &facts->arena, log);
	facts->log_info = *klog_info(klog);
	fact_choose(facts);
	fact_blame(facts);

	if (!facts->release)
		facts->release = facts->crash && facts->crash->release ? facts->crash->release
								       : log->release;
	if (!facts->version)
		facts->version = log->version;
	if (!facts->machine)
		facts->machine = machine_of_registers(facts->crash);
	if (!facts->machine && facts->release)
		facts->machine = machine_of_release(facts->release);
	facts->hardware = log->hardware;
	facts->hypervisor = log->hypervisor;
	facts->cmdline = log->cmdline;
	facts->distro = distro_of_kernel(facts->release, facts->version);
	facts->crash_source = facts->crash ? FROM_LOG : FROM_NOWHERE;
	if (log->has_last_time)
		facts->uptime = (double)log->last_time_ns / 1e9;
	take_taint(facts);
	take_modules(facts);
	take_log_troubles(facts);
	fact_read_fault(facts, NULL);
}

static const char *info_line(struct fact_set *facts, struct core *core, const char *key)
{
	struct slice value;

	if (core_info_line(core, key, &value, NULL))
		return NULL;
	return arena_str(&facts->arena, slice_trim(value));
}

static void take_uts(struct fact_set *facts, struct core *core)
{
	struct core_utsname uts;
	struct err err;

	if (core_utsname(core, &uts, &err)) {
		fact_degraded(facts, "system", err.text);
		return;
	}
	facts->node = arena_str(&facts->arena, slice_of(uts.nodename));
	if (facts->log.release)
		fact_check(facts, "the release in the log equals the one in memory",
			  !strcmp(facts->log.release, uts.release));
	facts->release = arena_str(&facts->arena, slice_of(uts.release));
	facts->version = arena_str(&facts->arena, slice_of(uts.version));
	facts->machine = arena_str(&facts->arena, slice_of(uts.machine));
}

static void take_crash_time(struct fact_set *facts, struct core *core)
{
	struct slice value;
	struct cursor c;
	uint64_t seconds;

	if (core_info_line(core, "CRASHTIME", &value, NULL))
		return;
	c = cursor_of(slice_trim(value));
	if (cursor_dec(&c, &seconds) && seconds < INT64_MAX)
		facts->crash_time = (int64_t)seconds;
}

/*
 * kdump hands the fault's pt_regs to crash_kexec(), so the instruction pointer that the log
 * prints stands in one CPU's note too. A report that user space pasted has none.
 */
static void check_registers(struct fact_set *facts, struct core *core)
{
	struct core_regs regs;
	uint64_t ip;

	if (!facts->crash || !fact_register(facts, "rsp", &ip))
		return;
	for (unsigned n = 0; n < core_cpu_notes(core); n++) {
		if (core_cpu_regs(core, n, &regs, NULL))
			continue;
		for (unsigned i = 0; i < regs.count; i++) {
			if (!strcmp(regs.reg[i].name, "rsp") && regs.reg[i].value == ip) {
				fact_check(facts, "the crash's stack pointer in the log is one CPU's in memory", true);
				facts->crash_source = FROM_BOTH;
				return;
			}
		}
	}
}

void fact_from_core(struct fact_set *facts, struct core *core)
{
	facts->is_vmcore = true;
	facts->core = *core_info(core);
	if (!facts->core.complete)
		fact_degraded(facts, "vmcore", facts->core.why_incomplete);
	take_uts(facts, core);
	if (!facts->release)
		facts->release = info_line(facts, core, "OSRELEASE");
	facts->build_id = info_line(facts, core, "BUILD-ID");
	if (!facts->machine)
		facts->machine = core_machine(core);
	facts->distro = distro_of_kernel(facts->release, facts->version);
	take_crash_time(facts, core);
	check_registers(facts, core);
}

bool fact_is_in_crash(const struct fact_set *facts, const char *module)
{
	const struct event *e = facts->crash;

	if (!e)
		return false;
	if (e->has_where && e->where.module && !strcmp(e->where.module, module))
		return true;
	for (size_t i = 0; i < e->frame_count; i++)
		if (e->trace[i].module && !strcmp(e->trace[i].module, module))
			return true;
	return false;
}

bool fact_register(const struct fact_set *facts, const char *name, uint64_t *ret)
{
	const struct event *e = facts->crash;

	for (size_t i = 0; e && i < e->reg_count; i++) {
		if (!strcmp(e->regs[i].name, name)) {
			*ret = e->regs[i].value;
			return true;
		}
	}
	return false;
}
