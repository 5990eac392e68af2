// SPDX-License-Identifier: GPL-2.0-or-later
//
// What memory adds to the log: a log that memory contradicts is not believed without a word, and
// without a log memory alone tells of the crash.
#include <string.h>
#include <sys/mman.h>

#include "dumps/mkkernel.h"
#include "fact/fact.h"
#include "unit/test-kernel.h"
#include "unit/test-rows.h"

enum { CURRENT = 0x100, NOTES = 0x4000, DESC = 20, PR_REG = DESC + 112, NOTE_BYTES = 336 };
enum { RIP = 16, CS = 17, RSP = 19 }; /* words of pr_reg */
#define AREA(cpu) (MKDUMP_DIRECT + 0x100000 + (uint64_t)(cpu) * 0x10000)
#define TASK(cpu) (MKDUMP_DIRECT + 0x200000 + (uint64_t)(cpu) * 0x1000)
#define STACK	  (MKDUMP_DIRECT + 0x300000)
#define PANIC	  (MKDUMP_TEXT + 0x1000)
#define SYSRQ	  (MKDUMP_TEXT + 0x2000)

/* The kernel as it stood: two CPUs, task 100 + n on CPU n. */
struct memory_says {
	int panic_cpu, oopses;
	uint64_t taint;
};

static void put_cpu(struct mkdump *d, unsigned cpu)
{
	uint64_t note = AREA(cpu) + NOTES;

	mkdump_uint(d, MKKERNEL_DATA + 0x2000 + 8 * cpu, 8, AREA(cpu));
	mkdump_uint(d, AREA(cpu) + CURRENT, 8, TASK(cpu));
	mkdump_uint(d, TASK(cpu) + 0x10, 4, 100 + cpu);
	mkdump_virt(d, TASK(cpu) + 0x20, "sh", 3);
	mkdump_uint(d, note, 4, 5);
	mkdump_uint(d, note + 4, 4, NOTE_BYTES);
	mkdump_uint(d, note + 8, 4, 1);
	mkdump_virt(d, note + 12, "CORE", 5);
	mkdump_uint(d, note + PR_REG + 8 * RIP, 8, PANIC + 8);
	mkdump_uint(d, note + PR_REG + 8 * CS, 8, 0x10);
	mkdump_uint(d, note + PR_REG + 8 * RSP, 8, STACK);
	mkdump_uint(d, note + DESC + NOTE_BYTES, 4, 0);
}

static struct mkdump *make(const struct memory_says *says)
{
	static const struct mkkernel_member task[] = {{"pid", 0x10, 4, 0}, {"comm", 0x20, 1, 16}};
	const struct mkkallsyms_symbol symbols[] = {
		{CURRENT, 'A', "current_task"},
		{PANIC, 'T', "panic"},
		{SYSRQ, 't', "sysrq_handle_crash"},
		{SYSRQ + 0x100, 't', "sysrq_handle_other"},
		{MKKERNEL_DATA, 'D', "nr_cpu_ids"},
		{MKKERNEL_DATA + 0x10, 'D', "crash_notes"},
		{MKKERNEL_DATA + 0x20, 'D', "panic_cpu"},
		{MKKERNEL_DATA + 0x40, 'D', "die_counter"},
		{MKKERNEL_DATA + 0x50, 'D', "tainted_mask"},
		{MKKERNEL_DATA + 0x1000, 'D', "__cpu_present_mask"},
		{MKKERNEL_DATA + 0x2000, 'D', "__per_cpu_offset"},
	};
	struct mkbtf *types = mkbtf_new(false, 1, 0);
	struct mkdump *d = mkdump_new(MKDUMP_X86_64);

	mkkernel_struct(types, "task_struct", 0x40, task, ARRAY_SIZE(task));
	mkkernel(d, types, symbols, ARRAY_SIZE(symbols));
	mkdump_uint(d, MKKERNEL_DATA, 4, 2);
	mkdump_uint(d, MKKERNEL_DATA + 0x10, 8, NOTES);
	mkdump_uint(d, MKKERNEL_DATA + 0x20, 4, (uint32_t)says->panic_cpu);
	mkdump_uint(d, MKKERNEL_DATA + 0x40, 4, (uint32_t)says->oopses);
	mkdump_uint(d, MKKERNEL_DATA + 0x50, 8, says->taint);
	mkdump_uint(d, MKKERNEL_DATA + 0x1000, 8, 3);
	put_cpu(d, 0);
	put_cpu(d, 1);
	/* what a scan of the stack finds */
	for (unsigned i = 0; i < 64; i++)
		mkdump_uint(d, STACK + 8 * i, 8, 0);
	mkdump_uint(d, STACK + 16, 8, SYSRQ + 8);
	return d;
}

static void read_log(struct fact_set *facts, const char *text)
{
	int fd = memfd_create("log", 0);
	struct klog *klog;
	struct err err;
	char path[32];

	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	if (klog_open_text(&klog, path, &err))
		fail_msg("%s", err.text);
	fact_from_log(facts, klog);
	klog_free(klog);
	close(fd);
}

static void read_memory(struct fact_set *facts, const struct memory_says *says)
{
	struct mkdump *d = make(says);
	struct core *core = open_dump(d);
	struct fact_kernel fk;

	fact_from_kernel(facts, &fk, core, NULL);
	fact_from_cpus(facts, &fk);
	fact_kernel_close(&fk);
	core_close(core);
	mkdump_free(d);
}

#define BANNER "[    0.000000] Linux version 6.1.0-test (a@b) (gcc) #1 SMP\n"
#define OOPS(cpu, pid, taint)                                                                      \
	BANNER "[    9.000000] BUG: kernel NULL pointer dereference, address: 0000000000000008\n"  \
	       "[    9.000001] Oops: 0000 [#1] SMP\n"                                              \
	       "[    9.000002] CPU: " cpu " PID: " pid " Comm: sh " taint " 6.1.0-test #1\n"       \
	       "[    9.000003] RIP: 0010:f+0x1/0x20\n"

static const struct row {
	const char *name, *log;
	struct memory_says memory;
	const char *check; /* a piece of its text */
	int result;	   /* -1: it is not made */
} rows[] = {
	{"died", OOPS("1", "101", "Not tainted"), {1, 1, 0}, "noted that it crashed", CHECK_AGREES},
	{"an oops pasted into a living kernel", OOPS("1", "101", "Not tainted"), {-1, 0, 0},
	 "noted that it crashed", CHECK_DIFFERS},
	{"a warning claims no death", BANNER "[    9.0] WARNING: CPU: 1 PID: 101 at a/b.c:1 f+0x1/0x20\n",
	 {-1, 0, 0}, "noted that it crashed", -1},
	{"CPU", OOPS("1", "101", "Not tainted"), {1, 1, 0}, "CPU of the crash", CHECK_AGREES},
	{"another CPU", OOPS("1", "101", "Not tainted"), {0, 1, 0}, "CPU of the crash", CHECK_DIFFERS},
	{"task", OOPS("1", "101", "Not tainted"), {1, 1, 0}, "task of the crash", CHECK_AGREES},
	{"another task", OOPS("1", "77", "Not tainted"), {1, 1, 0}, "task of the crash", CHECK_DIFFERS},
	{"no such CPU", OOPS("7", "77", "Not tainted"), {1, 1, 0}, "task of the crash", -1},
	{"taint", OOPS("1", "101", "Tainted: G           OE"), {1, 1, 0x3000}, "taint", CHECK_AGREES},
	{"more taint since", OOPS("1", "101", "Tainted: G           O"), {1, 1, 0x3080}, "taint", CHECK_AGREES},
	{"taint that is not set", OOPS("1", "101", "Tainted: P           O"), {1, 1, 0x1000}, "taint",
	 CHECK_DIFFERS},
	{"oopses", OOPS("1", "101", "Not tainted"), {1, 3, 0}, "counts", CHECK_AGREES},
	{"an oops that was not counted", OOPS("1", "101", "Not tainted"), {1, 0, 0}, "counts",
	 CHECK_DIFFERS},
};

static void check(void **state)
{
	const struct row *row = *state;
	struct fact_set facts;
	int result = -1;

	fact_init(&facts);
	read_log(&facts, row->log);
	read_memory(&facts, &row->memory);
	for (size_t i = 0; i < facts.check_count; i++)
		if (strstr(facts.checks[i].check, row->check))
			result = facts.checks[i].result;
	assert_int_equal(result, row->result);
	fact_done(&facts);
}

static void without_log(void **state)
{
	static const struct memory_says died = {1, 0, 0}, alive = {-1, 0, 0};
	struct fact_set facts;

	(void)state;
	fact_init(&facts);
	read_memory(&facts, &alive);
	assert_null(facts.crash);
	fact_done(&facts);

	fact_init(&facts);
	read_memory(&facts, &died);
	assert_non_null(facts.crash);
	assert_int_equal(facts.crash_source, FROM_MEMORY);
	assert_int_equal(facts.crash->class, CLASS_SYSRQ_CRASH);
	assert_int_equal(facts.crash->cpu, 1);
	assert_int_equal(facts.crash->pid, 101);
	assert_string_equal(facts.crash->comm, "sh");
	fact_done(&facts);
}

/* A kernel without kallsyms: one reason, told once. */
static void nothing_readable(void **state)
{
	struct mkdump *d = mkdump_new(MKDUMP_X86_64);
	struct core *core = open_dump(d);
	struct fact_kernel fk;
	struct fact_set facts;

	(void)state;
	fact_init(&facts);
	fact_from_kernel(&facts, &fk, core, NULL);
	fact_from_cpus(&facts, &fk);
	fact_from_tasks(&facts, &fk);
	fact_from_memory(&facts, &fk);
	assert_int_equal(facts.degraded_count, 1);
	assert_non_null(strstr(facts.degraded[0].why, "found by symbols"));
	assert_null(facts.crash);
	assert_int_equal(facts.state.tasks, -1);
	fact_kernel_close(&fk);
	fact_done(&facts);
	core_close(core);
	mkdump_free(d);
}

int main(void)
{
	struct CMUnitTest tests[ARRAY_SIZE(rows) + 2];
	size_t n = 0;

	for (; n < ARRAY_SIZE(rows); n++)
		tests[n] = row_test(rows[n].name, check, &rows[n]);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(without_log);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(nothing_readable);
	return cmocka_run_group_tests_name("fact-memory", tests, NULL, NULL);
}
