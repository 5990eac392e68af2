// SPDX-License-Identifier: GPL-2.0-or-later
//
// fact: what do we hold true, and from where? Joins what the log says (oops/) with what memory
// says (kernel/), chooses the event that was the crash, gives each other event its role, and
// names the function that can be blamed. Rules and writers see this and never a dump.
#ifndef KDV_FACT_FACT_H
#define KDV_FACT_FACT_H

#include "core/core.h"
#include "kernel/kernel.h"
#include "oops/oops.h"

#include "fact/state.h"

enum fact_source { FROM_NOWHERE, FROM_LOG, FROM_MEMORY, FROM_BOTH };

/* The distribution that built the kernel, told by its release string and banner. */
enum distro {
	DISTRO_UNKNOWN,
	DISTRO_UPSTREAM,
	DISTRO_RHEL,	/* elN of RHEL, CentOS, Rocky, Alma, Oracle's RHCK */
	DISTRO_ALINUX2,
	DISTRO_ALINUX3,
	DISTRO_ANOLIS,
	DISTRO_OPENEULER,
	DISTRO_AMAZON,
	DISTRO_FEDORA,
	DISTRO_SUSE,
	DISTRO_DEBIAN,
	DISTRO_UBUNTU,
	DISTRO_AZURELINUX,
	DISTRO_ORACLE_UEK,
	DISTRO_COUNT,
};
const char *distro_name(enum distro d); /* "alinux2"; "unknown" */
enum distro distro_of_name(struct slice name); /* DISTRO_COUNT: no such name */
/* version: uname -v ("#138-Ubuntu SMP ..."), may be NULL. */
enum distro distro_of_kernel(const char *release, const char *version);

enum chain_role {
	ROLE_PRECURSOR,		/* before the crash */
	ROLE_CAUSE,		/* the crash itself */
	ROLE_CONSEQUENCE,	/* after it, on what it left behind */
	ROLE_CONCURRENT,	/* another hang of the same scan: the order tells nothing */
	ROLE_UNRELATED,		/* after its head, but of another task on another CPU */
	ROLE_PANIC,
};

struct chain_link {
	const struct event *event;
	enum chain_role role;
};

struct degraded {
	const char *part, *why;
};

struct check {
	const char *check;
	enum { CHECK_AGREES, CHECK_DIFFERS, CHECK_NOT_CHECKED } result;
};

struct stage {
	const char *stage;
	double ms;
	long peak_kib;
};

enum { FACT_MAX_DEGRADED = 32, FACT_MAX_STAGES = 16, FACT_MAX_CHECKS = 16 };

struct fact_set {
	struct arena arena;	/* owns every string and array below */

	int boot;		/* which boot of the log to judge, as for oops_scan() */

	/* source */
	bool is_vmcore;
	struct core_info core;	/* valid if is_vmcore */
	struct klog_info log_info;

	/* system; NULL or negative: not known */
	const char *node, *release, *version, *machine, *hardware, *hypervisor;
	const char *build_id, *cmdline;
	enum distro distro;
	int64_t crash_time;	/* seconds since 1970, UTC; 0: not known */
	double uptime;		/* seconds; < 0: not known */
	int cpus;		/* < 0: not known */
	int64_t memory_kib;	/* < 0: not known */
	const char *taint;	/* letters without blanks, "GOE"; NULL: not known; "": not tainted */

	struct oops_log log;
	const struct event *crash; /* NULL: no crash in the log */
	enum fact_source crash_source;
	const struct event *panic; /* the panic line that ended the machine; NULL */
	/* The first frame that can be blamed; function NULL: nobody can be. */
	struct frame blame;
	const char *blame_why;
	struct chain_link *chain;
	size_t chain_count;

	struct fact_state state;

	struct degraded degraded[FACT_MAX_DEGRADED];
	size_t degraded_count;
	struct check checks[FACT_MAX_CHECKS];
	size_t check_count;
	struct stage stages[FACT_MAX_STAGES];
	size_t stage_count;
};

void fact_init(struct fact_set *facts);
void fact_done(struct fact_set *facts);

/* The log stage: scans klog and chooses the crash. */
void fact_from_log(struct fact_set *facts, struct klog *klog);
/* The dump itself: who it was, when, and whether the log's crash is this dump's. */
void fact_from_core(struct fact_set *facts, struct core *core);

/*
 * The memory stages, in this order: each thing that cannot be read is `degraded`. kernel and
 * what is opened on it stay open until fact_kernel_close().
 */
struct fact_kernel {
	struct kernel kernel;
	struct cpus *cpus;		/* NULL: not read */
	struct unwinder *unwinder;	/* NULL: no traces */
};
/* Whether there are symbols and types to read tasks and memory by; `degraded` says why not. */
static inline bool fact_has_types(const struct fact_kernel *fk)
{
	return fk->kernel.symbols && fk->kernel.types && !types_why_no_btf(fk->kernel.types);
}
/* The CPU that panicked; NULL: nobody did, or it is not known. */
const struct cpu *fact_panic_cpu(const struct fact_set *facts, const struct fact_kernel *fk);
/* Symbols, types, modules, settings. files: as symbols_open(). */
void fact_from_kernel(struct fact_set *facts, struct fact_kernel *fk, struct core *core,
		      const struct symbols_files *files);
/* What each CPU did; the crash where the log has none; registers read aloud. */
void fact_from_cpus(struct fact_set *facts, struct fact_kernel *fk);
/* Blocked tasks with their traces, and the largest processes. */
void fact_from_tasks(struct fact_set *facts, struct fact_kernel *fk);
/* Memory totals, slab caches, the crashing task's cgroup. */
void fact_from_memory(struct fact_set *facts, struct fact_kernel *fk);
void fact_kernel_close(struct fact_kernel *fk);

/* fact/trace.c: a backtrace with names, in the arena. */
void fact_trace_of(struct fact_set *facts, struct unwinder *unwinder,
		   const struct backtrace *backtrace, struct fact_trace *ret);
/* fact/without-log.c: the crash event by memory alone; facts->crash stays NULL if nobody panicked. */
void fact_crash_from_memory(struct fact_set *facts, struct fact_kernel *fk);
/* fact/cross-check.c: the log against memory. */
void fact_cross_check(struct fact_set *facts, struct fact_kernel *fk);
/* Notes the result of a check (check: a constant). */
void fact_check(struct fact_set *facts, const char *check, bool agrees);

/* Notes that part could not be known and why (copied). */
void fact_degraded(struct fact_set *facts, const char *part, const char *why);

/* fact/choose.c: the crash event and the chain by the rules of design section 3. */
void fact_choose(struct fact_set *facts);
/* fact/fault.c: reads the fault address aloud; in_memory: kernel_pointer_reading() of it, or NULL. */
void fact_read_fault(struct fact_set *facts, const char *in_memory);
/* fact/blame.c: passes over helpers, locks, lists... to the first function to blame. */
void fact_blame(struct fact_set *facts);

/* Whether the crash was in that module, or came through it. */
bool fact_is_in_crash(const struct fact_set *facts, const char *module);

/* Value of a register of the crash by lower-case name. */
bool fact_register(const struct fact_set *facts, const char *name, uint64_t *ret);

#endif
