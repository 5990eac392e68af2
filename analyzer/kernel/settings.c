// SPDX-License-Identifier: GPL-2.0-or-later
//
// Reads the settings and the identity of the crashed kernel out of its variables.
#include <stdlib.h>
#include <string.h>

#include "kernel/cpus.h"
#include "kernel/settings.h"

/* Where each is; a sysctl whose variable was renamed has a line for each name. */
static const struct place {
	const char *name, *symbol;
	unsigned size; /* 8: unsigned long, which 32-bit kernels have 4 bytes of */
} places[] = {
	{"kernel.panic", "panic_timeout", 4},
	{"kernel.panic_on_oops", "panic_on_oops", 4},
	{"kernel.panic_on_warn", "panic_on_warn", 4},
	{"kernel.panic_on_io_nmi", "panic_on_io_nmi", 4},
	{"kernel.panic_on_unrecovered_nmi", "panic_on_unrecovered_nmi", 4},
	{"kernel.unknown_nmi_panic", "unknown_nmi_panic", 4},
	{"kernel.panic_on_rcu_stall", "sysctl_panic_on_rcu_stall", 4},
	{"kernel.max_rcu_stall_to_panic", "sysctl_max_rcu_stall_to_panic", 4},
	{"kernel.hung_task_panic", "sysctl_hung_task_panic", 4},
	{"kernel.hung_task_timeout_secs", "sysctl_hung_task_timeout_secs", 8},
	{"kernel.softlockup_panic", "softlockup_panic", 4},
	{"kernel.hardlockup_panic", "hardlockup_panic", 4},
	{"kernel.watchdog", "watchdog_user_enabled", 4},
	{"kernel.nmi_watchdog", "watchdog_hardlockup_user_enabled", 4}, /* since v6.5 */
	{"kernel.nmi_watchdog", "nmi_watchdog_user_enabled", 4},
	{"kernel.watchdog_thresh", "watchdog_thresh", 4},
	{"kernel.oops_limit", "oops_limit", 4},
	{"kernel.warn_limit", "warn_limit", 4},
	{"kernel.sysrq", "sysrq_enabled", 4},
	{"kernel.kexec_load_disabled", "kexec_load_disabled", 4},
	{"kernel.modules_disabled", "modules_disabled", 4},
	{"vm.panic_on_oom", "sysctl_panic_on_oom", 4},
	{"vm.oom_kill_allocating_task", "sysctl_oom_kill_allocating_task", 4},
	{"vm.overcommit_memory", "sysctl_overcommit_memory", 4},
	{"vm.overcommit_ratio", "sysctl_overcommit_ratio", 4},
	{"vm.swappiness", "vm_swappiness", 4},
	{"vm.min_free_kbytes", "min_free_kbytes", 4},
	{"vm.max_map_count", "sysctl_max_map_count", 4},
};
_Static_assert(ARRAY_SIZE(places) <= SETTINGS_MAX, "all settings have room");

bool settings_get(const struct settings *settings, const char *name, int64_t *ret)
{
	for (unsigned i = 0; i < settings->count; i++) {
		if (!strcmp(settings->setting[i].name, name)) {
			*ret = settings->setting[i].value;
			return true;
		}
	}
	return false;
}

static void read_settings(struct kernel *kernel, struct settings *ret)
{
	int64_t known;

	for (size_t i = 0; i < ARRAY_SIZE(places); i++) {
		const struct place *place = &places[i];
		unsigned size = core_is_64bit(kernel->core) ? place->size : 4;
		uint64_t value;

		if (settings_get(ret, place->name, &known) ||
		    kernel_var(kernel, place->symbol, size, &value, NULL))
			continue;
		ret->setting[ret->count++] = (struct setting){
			.name = place->name,
			.value = size == 4 ? (int32_t)value : (int64_t)value,
		};
	}
}

static void read_strings(struct kernel *kernel, struct settings *ret)
{
	uint64_t addr;

	if (kernel_find(kernel, "saved_command_line", &addr, NULL) ||
	    core_read_ptr(kernel->core, addr, &addr, NULL) ||
	    core_read_str(kernel->core, addr, ret->cmdline, sizeof(ret->cmdline), NULL))
		ret->cmdline[0] = '\0';
	if (kernel_find(kernel, "dump_stack_arch_desc_str", &addr, NULL) ||
	    core_read_str(kernel->core, addr, ret->hardware, sizeof(ret->hardware), NULL))
		ret->hardware[0] = '\0';
}

/* In the words of its log line "Hypervisor detected: ". x86_hyper_type is there since v4.15. */
static const char *read_hypervisor(struct kernel *kernel)
{
	static const struct {
		const char *value, *name;
	} types[] = {
		{"X86_HYPER_KVM", "KVM"},
		{"X86_HYPER_VMWARE", "VMware"},
		{"X86_HYPER_MS_HYPERV", "Microsoft Hyper-V"},
		{"X86_HYPER_XEN_PV", "Xen PV"},
		{"X86_HYPER_XEN_HVM", "Xen HVM"},
		{"X86_HYPER_JAILHOUSE", "Jailhouse"},
		{"X86_HYPER_ACRN", "ACRN"},
		{"X86_HYPER_BHYVE", "Bhyve"},
	};
	int32_t type;
	int64_t value;

	if (!kernel->types || kernel_int(kernel, "x86_hyper_type", &type, NULL))
		return NULL;
	for (size_t i = 0; i < ARRAY_SIZE(types); i++) {
		if (!types_enum(kernel->types, "x86_hypervisor_type", types[i].value, &value,
				NULL) &&
		    value == type)
			return types[i].name;
	}
	return NULL;
}

/* --- time --------------------------------------------------------------------------------- */

/*
 * HZ is a constant that no table tells, but the tick's length in nanoseconds is a variable
 * (tick_nsec up to v6.12, before it became per clock), and the clock source that counts ticks
 * multiplies by it.
 */
static enum status read_hz(struct kernel *kernel, uint64_t *ret, struct err *err)
{
	uint64_t addr, nsec, mult, shift;
	enum status st = kernel_var(kernel, "tick_nsec", 8, &nsec, err);

	if (st) {
		st = kernel_find(kernel, "clocksource_jiffies", &addr, err);
		if (!st)
			st = types_read_path(kernel->types, addr, "clocksource.mult", &mult, err);
		if (!st)
			st = types_read_path(kernel->types, addr, "clocksource.shift", &shift, err);
		if (st)
			return st;
		nsec = shift < 32 ? mult >> shift : 0;
	}
	if (nsec < 100000 || nsec > 50000000) /* HZ is 24 to 1200 in all configurations */
		return err_set(err, STATUS_BROKEN, "a tick of %llu ns", (unsigned long long)nsec);
	*ret = (1000000000 + nsec / 2) / nsec;
	return STATUS_FOUND;
}

/* jiffies begin 300 s before the 32-bit counter overflows, so that bugs with it show early. */
static double read_uptime(struct kernel *kernel)
{
	uint64_t jiffies, hz;

	if (!kernel->types || !core_is_64bit(kernel->core) ||
	    kernel_var(kernel, "jiffies_64", 8, &jiffies, NULL) || read_hz(kernel, &hz, NULL))
		return -1;
	jiffies -= (uint32_t)(-300 * (int32_t)hz);
	return jiffies >> 63 ? -1 : (double)jiffies / (double)hz;
}

/*
 * struct timekeeper: `timekeeper` up to v3.16; in tk_core after a sequence counter, in a struct
 * without a name; in a struct tk_data (v6.13), called timekeeper_data[0] since v6.17.
 */
static enum status find_timekeeper(struct kernel *kernel, uint64_t *ret, struct err *err)
{
	static const char *const counters[] = {"seqcount_raw_spinlock_t", "seqcount_t"}; /* v5.10 */
	uint64_t offset, size;
	enum status st;

	if (!kernel_find(kernel, "timekeeper", ret, err))
		return STATUS_FOUND;
	st = kernel_find(kernel, "timekeeper_data", ret, err);
	if (st)
		st = kernel_find(kernel, "tk_core", ret, err);
	if (st)
		return st;
	if (!types_offset(kernel->types, "tk_data.timekeeper", &offset, err)) {
		*ret += offset;
		return STATUS_FOUND;
	}
	for (size_t i = 0; i < ARRAY_SIZE(counters); i++) {
		st = types_size(kernel->types, counters[i], &size, err);
		if (st || size > 256) /* lockdep's part makes it larger than 8 */
			continue;
		*ret += (size + 7) / 8 * 8; /* timekeeper begins with a pointer */
		return STATUS_FOUND;
	}
	return err_set(err, STATUS_ABSENT, "no type of a sequence counter");
}

/* CRASHTIME is there when kdump ran; the last tick is at most a few milliseconds older. */
static int64_t read_wall_time(struct kernel *kernel)
{
	enum { YEAR = 31556952 };
	struct slice line;
	uint64_t addr, seconds = 0;
	char text[24] = "";

	if (!core_info_line(kernel->core, "CRASHTIME", &line, NULL) && line.n < sizeof(text)) {
		memcpy(text, line.p, line.n);
		seconds = strtoull(text, NULL, 10);
	} else if (!kernel->types || find_timekeeper(kernel, &addr, NULL) ||
		   types_read_path(kernel->types, addr, "timekeeper.xtime_sec", &seconds, NULL)) {
		return 0;
	}
	/* A clock that was never set counts from 1970: no date. */
	if (seconds < UINT64_C(30) * YEAR || seconds > UINT64_C(230) * YEAR)
		return 0;
	return (int64_t)seconds;
}

/* --- all of it ---------------------------------------------------------------------------- */

void settings_read(struct kernel *kernel, struct settings *ret)
{
	unsigned word = core_is_64bit(kernel->core) ? 8 : 4;

	memset(ret, 0, sizeof(*ret));
	read_settings(kernel, ret);
	read_strings(kernel, ret);
	ret->hypervisor = read_hypervisor(kernel);
	ret->taint_known = !kernel_var(kernel, "tainted_mask", word, &ret->taint, NULL);
	ret->uptime = read_uptime(kernel);
	ret->wall_time = read_wall_time(kernel);
	if (kernel_int(kernel, "die_counter", &ret->oopses, NULL))
		ret->oopses = -1;
	ret->panic_cpu = cpus_read_panic_cpu(kernel);
}
