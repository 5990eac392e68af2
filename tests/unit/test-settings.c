// SPDX-License-Identifier: GPL-2.0-or-later
//
// Settings and identity of made kernels: found where each release keeps them, and unknown where
// this one has none.
#include <string.h>

#include "dumps/mkkernel.h"
#include "kernel/settings.h"
#include "unit/test-kernel.h"
#include "unit/test-rows.h"

#define AT(offset) (MKKERNEL_DATA + (offset))
#define CMDLINE	   (MKDUMP_DIRECT + 0x100000)

/* Different in each row: where the date and the tick come from. */
enum clock { TK_CORE, TK_DATA, OLD_TIMEKEEPER, NO_CLOCK };

static const char *const clock_symbols[] = {"tk_core", "timekeeper_data", "timekeeper", "none"};
static const unsigned timekeeper_at[] = {8, 16, 0, 0};
enum { XTIME_SEC = 0x38, CLOCK = 0x800 };

static const struct row {
	const char *name;
	enum clock clock;
	uint64_t tick_nsec; /* 0: by clocksource_jiffies */
	uint32_t mult, shift;
	uint64_t jiffies, xtime;
	const char *crashtime;
	double uptime;
	int64_t wall_time;
} rows[] = {
	{"v3.17: tk_core, 250 Hz", TK_CORE, 4000000, 0, 0, (uint32_t)-75000 + 500, 1700000000, NULL,
	 2, 1700000000},
	{"v6.17: timekeeper_data, 100 Hz", TK_DATA, 0, 10000000u << 8, 8, (uint32_t)-30000 + 250,
	 1700000001, NULL, 2.5, 1700000001},
	{"v3.10: timekeeper, 1000 Hz", OLD_TIMEKEEPER, 1000000, 0, 0, (uint32_t)-300000 + 7000,
	 1700000002, NULL, 7, 1700000002},
	{"300 Hz is no whole number of ns", TK_CORE, 3333333, 0, 0, (uint32_t)-90000 + 600, 0, NULL, 2,
	 0},
	{"past the overflow", TK_CORE, 4000000, 0, 0, UINT64_C(0x100000000), 0, NULL, 300, 0},
	{"kdump's own date", TK_CORE, 4000000, 0, 0, (uint32_t)-75000, 1700000000, "1700000003", 0,
	 1700000003},
	{"a clock never set", TK_CORE, 4000000, 0, 0, (uint32_t)-75000, 12, NULL, 0, 0},
	{"a date that is none", TK_CORE, 4000000, 0, 0, (uint32_t)-75000, UINT64_MAX, NULL, 0, 0},
	{"a tick of nothing", TK_CORE, 1, 0, 0, (uint32_t)-75000, 0, NULL, -1, 0},
	{"a shift beyond the number", NO_CLOCK, 0, 1, 255, 1 << 30, 0, NULL, -1, 0},
	{"before the kernel began", TK_CORE, 4000000, 0, 0, 5, 0, NULL, -1, 0},
};

static struct mkbtf *make_types(const struct row *row)
{
	static const struct mkkernel_member timekeeper[] = {{"xtime_sec", XTIME_SEC, 8, 0}};
	static const struct mkkernel_member tk_data[] = {{"timekeeper", 16, 1, 0x100}};
	static const struct mkkernel_member clock[] = {{"mult", 0x10, 4, 0}, {"shift", 0x14, 4, 0}};
	static const struct mkbtf_value hypervisors[] = {
		{"X86_HYPER_NATIVE", 0}, {"X86_HYPER_KVM", 5}, {"X86_HYPER_VMWARE", 1}};
	struct mkbtf *types = mkbtf_new(false, 1, 0);

	mkkernel_struct(types, "timekeeper", 0x100, timekeeper, ARRAY_SIZE(timekeeper));
	if (row->clock == TK_DATA)
		mkkernel_struct(types, "tk_data", 0x200, tk_data, ARRAY_SIZE(tk_data));
	mkkernel_struct(types, "seqcount_raw_spinlock_t", 4, NULL, 0);
	mkkernel_struct(types, "clocksource", 0x20, clock, ARRAY_SIZE(clock));
	mkbtf_enum(types, "x86_hypervisor_type", 4, false, hypervisors, ARRAY_SIZE(hypervisors));
	return types;
}

static struct mkdump *make(const struct row *row)
{
	const struct mkkallsyms_symbol symbols[] = {
		{AT(0x00), 'D', "panic_timeout"},
		{AT(0x08), 'D', "panic_on_oops"},
		{AT(0x10), 'D', "sysctl_panic_on_oom"},
		{AT(0x18), 'D', "sysctl_hung_task_timeout_secs"},
		{AT(0x20), 'D', "nmi_watchdog_user_enabled"},
		{AT(0x28), 'D', "tainted_mask"},
		{AT(0x30), 'D', "die_counter"},
		{AT(0x38), 'D', "x86_hyper_type"},
		{AT(0x40), 'D', "saved_command_line"},
		{AT(0x48), 'D', "jiffies_64"},
		{AT(0x50), 'D', row->tick_nsec ? "tick_nsec" : "no_tick_nsec"},
		{AT(0x58), 'D', "panic_cpu"},
		{AT(0x60), 'D', "crashing_cpu"},
		{AT(0x100), 'D', "dump_stack_arch_desc_str"},
		{AT(0x200), 'D', "clocksource_jiffies"},
		{AT(CLOCK), 'D', clock_symbols[row->clock]},
	};
	struct mkdump *d = mkdump_new(MKDUMP_X86_64);

	mkkernel(d, make_types(row), symbols, ARRAY_SIZE(symbols));
	mkdump_uint(d, AT(0x00), 4, (uint32_t)-1);
	mkdump_uint(d, AT(0x08), 4, 1);
	mkdump_uint(d, AT(0x10), 4, 2);
	mkdump_uint(d, AT(0x18), 8, UINT64_C(0x100000078));
	mkdump_uint(d, AT(0x20), 4, 1);
	mkdump_uint(d, AT(0x28), 8, 0x3000);
	mkdump_uint(d, AT(0x30), 4, 1);
	mkdump_uint(d, AT(0x38), 4, 5);
	mkdump_uint(d, AT(0x40), 8, CMDLINE);
	mkdump_virt(d, CMDLINE, "root=/dev/sda1 crashkernel=160M", 32);
	mkdump_uint(d, AT(0x48), 8, row->jiffies);
	mkdump_uint(d, AT(0x50), 8, row->tick_nsec);
	mkdump_uint(d, AT(0x58), 4, (uint32_t)-1);
	mkdump_uint(d, AT(0x60), 4, 3);
	mkdump_virt(d, AT(0x100), "Maker Model, BIOS 1", 20);
	mkdump_uint(d, AT(0x210), 4, row->mult);
	mkdump_uint(d, AT(0x214), 4, row->shift);
	mkdump_uint(d, AT(CLOCK) + timekeeper_at[row->clock] + XTIME_SEC, 8, row->xtime);
	if (row->crashtime)
		mkdump_info(d, "CRASHTIME=%s", row->crashtime);
	return d;
}

static void read_made(struct mkdump *d, struct settings *ret)
{
	struct core *core = open_dump(d);
	struct kernel kernel;

	kernel_open(&kernel, core, NULL);
	settings_read(&kernel, ret);
	kernel_close(&kernel);
	core_close(core);
	mkdump_free(d);
}

static void check_setting(const struct settings *settings, const char *name, int64_t expected)
{
	int64_t value;

	assert_true(settings_get(settings, name, &value));
	assert_true(value == expected);
}

static void read_row(void **state)
{
	const struct row *row = *state;
	struct settings settings;
	int64_t value;

	read_made(make(row), &settings);
	assert_true(settings.uptime == row->uptime);
	assert_true(settings.wall_time == row->wall_time);
	check_setting(&settings, "kernel.panic", -1);
	check_setting(&settings, "kernel.panic_on_oops", 1);
	check_setting(&settings, "vm.panic_on_oom", 2);
	check_setting(&settings, "kernel.hung_task_timeout_secs", INT64_C(0x100000078));
	check_setting(&settings, "kernel.nmi_watchdog", 1); /* by its older name */
	assert_false(settings_get(&settings, "kernel.panic_on_warn", &value));
	assert_int_equal(settings.count, 5);
	assert_string_equal(settings.cmdline, "root=/dev/sda1 crashkernel=160M");
	assert_string_equal(settings.hardware, "Maker Model, BIOS 1");
	assert_string_equal(settings.hypervisor, "KVM");
	assert_true(settings.taint_known && settings.taint == 0x3000);
	assert_int_equal(settings.oopses, 1);
	assert_int_equal(settings.panic_cpu, 3); /* no panic(), but kexec */
}

static void nothing_known(void **state)
{
	struct settings settings;

	(void)state;
	read_made(mkdump_new(MKDUMP_X86_64), &settings);
	assert_int_equal(settings.count, 0);
	assert_string_equal(settings.cmdline, "");
	assert_string_equal(settings.hardware, "");
	assert_null(settings.hypervisor);
	assert_false(settings.taint_known);
	assert_true(settings.uptime < 0);
	assert_true(settings.wall_time == 0);
	assert_int_equal(settings.oopses, -1);
	assert_int_equal(settings.panic_cpu, -1);
}

static void damaged_strings(void **state)
{
	struct mkdump *d = make(&rows[0]);
	struct settings settings;
	char full[161];

	(void)state;
	memset(full, 'x', sizeof(full));
	mkdump_uint(d, AT(0x40), 8, 0x10);
	mkdump_virt(d, AT(0x100), full, sizeof(full));
	mkdump_uint(d, AT(0x38), 4, 77);
	read_made(d, &settings);
	assert_string_equal(settings.cmdline, "");
	assert_int_equal(strlen(settings.hardware), sizeof(settings.hardware) - 1);
	assert_null(settings.hypervisor);
}

int main(void)
{
	static const struct CMUnitTest others[] = {
		cmocka_unit_test(nothing_known),
		cmocka_unit_test(damaged_strings),
	};
	struct CMUnitTest tests[ARRAY_SIZE(rows) + ARRAY_SIZE(others)];
	size_t n = 0;

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		tests[n++] = row_test(rows[i].name, read_row, &rows[i]);
	memcpy(&tests[n], others, sizeof(others));
	return cmocka_run_group_tests_name("settings", tests, NULL, NULL);
}
