// SPDX-License-Identifier: GPL-2.0-or-later
//
// The CPUs of made kernels: where their task is kept in each release, whose registers are whose
// when one did not answer, and what damage leaves of it.
#include <string.h>

#include "dumps/mkkernel.h"
#include "kernel/cpus.h"
#include "unit/test-kernel.h"
#include "unit/test-rows.h"

/* Three CPUs, and no CPU 1: so that the k-th of anything is not CPU k's. */
static const unsigned numbers[] = {0, 2, 3};
enum { CPUS = 3, PRESENT = 1 << 0 | 1 << 2 | 1 << 3 };

#define AREA(cpu) (MKDUMP_DIRECT + 0x100000 + (uint64_t)(cpu) * 0x10000)
#define TASK(cpu) (MKDUMP_DIRECT + 0x200000 + (uint64_t)(cpu) * 0x1000)
#define PRESENT_MASK (MKKERNEL_DATA + 0x1000)
#define OFFSETS	  (MKKERNEL_DATA + 0x2000)
#define IP(cpu)	  (MKDUMP_TEXT + 0x100 * ((cpu) + 1))
#define NOTE(cpu) (AREA(cpu) + NOTES)
enum {
	CURRENT = 0x100, HOT = 0x200, RUNQUEUES = 0x800, /* in a per-CPU area */
	NOTES = 0x4000,	 /* what crash_notes points at */
	DESC = 20, PR_REG = DESC + 112, NOTE_BYTES = 336,
	RBP = 4, RIP = 16, CS = 17, RSP = 19, /* words of pr_reg */
	SUMMARY = 0x400,
};

enum current { IN_CURRENT_TASK, IN_PCPU_HOT, IN_RUNQUEUES };

static const char *const task_symbols[] = {"current_task", "pcpu_hot", "runqueues"};
static const uint64_t task_at[] = {CURRENT, HOT, RUNQUEUES};
static const unsigned task_member[] = {0, 8, 0x18};

static void put_note(struct mkdump *d, unsigned cpu, uint64_t cs)
{
	uint64_t at = NOTE(cpu);

	mkdump_uint(d, at, 4, 5);
	mkdump_uint(d, at + 4, 4, NOTE_BYTES);
	mkdump_uint(d, at + 8, 4, 1);
	mkdump_virt(d, at + 12, "CORE", 5);
	mkdump_uint(d, at + DESC + 32, 4, 100 + cpu);
	mkdump_uint(d, at + PR_REG + 8 * RBP, 8, 0xb0 + cpu);
	mkdump_uint(d, at + PR_REG + 8 * RIP, 8, IP(cpu));
	mkdump_uint(d, at + PR_REG + 8 * CS, 8, cs);
	mkdump_uint(d, at + PR_REG + 8 * RSP, 8, 0x50 + cpu);
	mkdump_uint(d, at + DESC + NOTE_BYTES, 4, 0);
}

/* CPU 3 is idle. */
static void put_cpu(struct mkdump *d, unsigned cpu, enum current where)
{
	mkdump_uint(d, OFFSETS + 8 * cpu, 8, AREA(cpu));
	mkdump_uint(d, AREA(cpu) + task_at[where] + task_member[where], 8, TASK(cpu));
	mkdump_uint(d, NOTE(cpu) + DESC + NOTE_BYTES, 4, 0);
	mkdump_uint(d, TASK(cpu) + 0x10, 4, cpu == 3 ? 0 : 100 + cpu);
	mkdump_virt(d, TASK(cpu) + 0x20, "sixteen letters!", 16);
}

static struct mkbtf *make_types(void)
{
	static const struct mkkernel_member task[] = {{"pid", 0x10, 4, 0}, {"comm", 0x20, 1, 16}};
	static const struct mkkernel_member hot[] = {{"current_task", 8, 8, 0}};
	static const struct mkkernel_member rq[] = {{"curr", 0x18, 8, 0}};
	struct mkbtf *types = mkbtf_new(false, 1, 0);

	mkkernel_struct(types, "task_struct", 0x40, task, ARRAY_SIZE(task));
	mkkernel_struct(types, "pcpu_hot", 0x40, hot, ARRAY_SIZE(hot));
	mkkernel_struct(types, "rq", 0x40, rq, ARRAY_SIZE(rq));
	return types;
}

static struct mkdump *make(enum current where)
{
	const struct mkkallsyms_symbol symbols[] = {
		{task_at[where], 'A', task_symbols[where]},
		{MKKERNEL_DATA, 'D', "nr_cpu_ids"},
		{MKKERNEL_DATA + 0x10, 'D', "crash_notes"},
		{MKKERNEL_DATA + 0x20, 'D', "panic_cpu"},
		{MKKERNEL_DATA + 0x30, 'D', "crashing_cpu"},
		{MKKERNEL_DATA + 0x40, 'D', "die_counter"},
		{MKKERNEL_DATA + 0x100, 'D', "__cpu_online_mask"},
		{MKKERNEL_DATA + 0x200, 'D', "__cpu_possible_mask"},
		{MKKERNEL_DATA + SUMMARY, 'd', "exec_summary_regs"},
		{PRESENT_MASK, 'D', "__cpu_present_mask"},
		{OFFSETS, 'D', "__per_cpu_offset"},
	};
	struct mkdump *d = mkdump_new(MKDUMP_X86_64);

	mkkernel(d, make_types(), symbols, ARRAY_SIZE(symbols));
	mkdump_uint(d, MKKERNEL_DATA, 4, 6);
	mkdump_uint(d, MKKERNEL_DATA + 0x10, 8, NOTES);
	mkdump_uint(d, MKKERNEL_DATA + 0x20, 4, 2);
	mkdump_uint(d, MKKERNEL_DATA + 0x30, 4, (uint32_t)-1);
	mkdump_uint(d, MKKERNEL_DATA + 0x100, 8, 1 << 2);
	mkdump_uint(d, MKKERNEL_DATA + 0x200, 8, 0x3f);
	mkdump_uint(d, PRESENT_MASK, 8, PRESENT);
	for (unsigned i = 0; i < CPUS; i++)
		put_cpu(d, numbers[i], where);
	return d;
}

struct opened {
	struct core *core;
	struct kernel kernel;
	struct cpus *cpus;
	struct err err;
};

static enum status open_all(struct opened *o, struct mkdump *d)
{
	*o = (struct opened){.core = open_dump(d)};
	kernel_open(&o->kernel, o->core, NULL);
	return cpus_open(&o->cpus, &o->kernel, &o->err);
}

static void close_all(struct opened *o, struct mkdump *d)
{
	cpus_close(o->cpus);
	kernel_close(&o->kernel);
	core_close(o->core);
	mkdump_free(d);
}

/* ---- what runs -------------------------------------------------------------------------- */

static const struct row {
	const char *name;
	enum current where;
} rows[] = {
	{"current_task", IN_CURRENT_TASK},
	{"v6.2: pcpu_hot", IN_PCPU_HOT},
	{"run queues", IN_RUNQUEUES},
};

static void read_row(void **state)
{
	const struct row *row = *state;
	struct mkdump *d = make(row->where);
	struct opened o;
	struct core_regs regs;
	uint64_t value;

	for (unsigned i = 0; i < CPUS; i++)
		put_note(d, numbers[i], i ? 0x10 : 0x33);
	if (open_all(&o, d))
		fail_msg("%s", o.err.text);
	assert_int_equal(cpus_count(o.cpus), CPUS);
	assert_int_equal(cpus_possible(o.cpus), 6);
	assert_int_equal(cpus_online(o.cpus), 1);
	assert_int_equal(cpus_panic_cpu(o.cpus), 2);
	assert_null(cpus_numbered(o.cpus, 1));
	for (unsigned i = 0; i < CPUS; i++) {
		const struct cpu *cpu = cpus_numbered(o.cpus, numbers[i]);

		assert_true(cpu == cpus_get(o.cpus, i));
		assert_int_equal(cpu->online, numbers[i] == 2);
		assert_true(cpu->task == TASK(numbers[i]));
		assert_int_equal(cpu->is_idle, numbers[i] == 3);
		assert_int_equal(cpu->pid, numbers[i] == 3 ? 0 : 100 + numbers[i]);
		assert_string_equal(cpu->comm, "sixteen letters");
		assert_int_equal(cpu->regs_from, CPU_REGS_OWN_NOTE);
		assert_true(cpu->ip == IP(numbers[i]));
		assert_int_equal(cpu->sp, 0x50 + numbers[i]);
		assert_int_equal(cpu->fp, 0xb0 + numbers[i]);
		assert_int_equal(cpu->in_user, i == 0);
		assert_int_equal(cpus_regs(o.cpus, cpu, &regs, &o.err), STATUS_FOUND);
		assert_true(regs_get(&regs, "rip", &value) && value == IP(numbers[i]));
		assert_false(regs_get(&regs, "ripple", &value));
	}
	close_all(&o, d);
}

/* ---- whose registers -------------------------------------------------------------------- */

static const struct notes {
	const char *name;
	unsigned own;	  /* mask of CPUs whose own buffer is filled */
	uint32_t file[4]; /* pids of the file's notes, up to 0xffff */
	enum cpu_regs_from from[CPUS];
	int ip[CPUS];	  /* the k-th note of the file, where it is from there */
} notes[] = {
	{"CPU 2 did not answer", 1 << 0 | 1 << 3, {100, 103, 0xffff},
	 {CPU_REGS_OWN_NOTE, CPU_REGS_NONE, CPU_REGS_OWN_NOTE}, {0}},
	{"an emulator's notes, in order", 0, {1, 2, 3, 0xffff},
	 {CPU_REGS_FILE_NOTE, CPU_REGS_FILE_NOTE, CPU_REGS_FILE_NOTE}, {0, 1, 2}},
	{"too few notes: by pid", 0, {102, 55, 0xffff},
	 {CPU_REGS_NONE, CPU_REGS_FILE_NOTE, CPU_REGS_NONE}, {0, 0, 0}},
	{"no notes", 0, {0xffff}, {CPU_REGS_NONE, CPU_REGS_NONE, CPU_REGS_NONE}, {0}},
};

static void match_notes(void **state)
{
	const struct notes *row = *state;
	struct mkdump *d = make(IN_CURRENT_TASK);
	struct core_regs regs;
	struct opened o;

	for (unsigned i = 0; i < CPUS; i++) {
		if (row->own & 1u << numbers[i])
			put_note(d, numbers[i], 0x10);
	}
	for (unsigned i = 0; row->file[i] != 0xffff; i++) {
		uint64_t pr_reg[27] = {[RIP] = 0x1000 + i};

		mkdump_cpu(d, row->file[i], pr_reg, ARRAY_SIZE(pr_reg));
	}
	if (open_all(&o, d))
		fail_msg("%s", o.err.text);
	for (unsigned i = 0; i < CPUS; i++) {
		const struct cpu *cpu = cpus_get(o.cpus, i);

		assert_int_equal(cpu->regs_from, row->from[i]);
		assert_int_equal(cpus_regs(o.cpus, cpu, &regs, &o.err),
				 row->from[i] == CPU_REGS_NONE ? STATUS_ABSENT : STATUS_FOUND);
		if (row->from[i] == CPU_REGS_FILE_NOTE)
			assert_int_equal(cpu->ip, 0x1000 + row->ip[i]);
	}
	close_all(&o, d);
}

/* ---- damage ----------------------------------------------------------------------------- */

static const struct damage {
	const char *name;
	struct {
		uint64_t at;
		unsigned size;
		uint64_t value;
	} write;
	uint64_t drop; /* a page; 0: none */
	enum status status;
	size_t count;
	enum cpu_regs_from from; /* of CPU 2 */
	bool has_task;		 /* the same */
} damages[] = {
	{"a note of all ones", {NOTE(2) + 4, 4, UINT32_MAX}, 0, STATUS_FOUND, 3, CPU_REGS_NONE, true},
	{"a note too short", {NOTE(2) + 4, 4, 8}, 0, STATUS_FOUND, 3, CPU_REGS_NONE, true},
	{"a note of another type", {NOTE(2) + 8, 4, 3}, 0, STATUS_FOUND, 3, CPU_REGS_NONE, true},
	{"a note filtered", {0}, NOTE(2), STATUS_FOUND, 3, CPU_REGS_NONE, true},
	{"an area that is nowhere", {OFFSETS + 16, 8, 0xdead000000000000}, 0, STATUS_FOUND, 3,
	 CPU_REGS_NONE, false},
	{"a task that is nowhere", {AREA(2) + CURRENT, 8, 0x10}, 0, STATUS_FOUND, 3,
	 CPU_REGS_OWN_NOTE, false},
	{"offsets filtered", {0}, OFFSETS, STATUS_FOUND, 3, CPU_REGS_NONE, false},
	{"more CPUs than there can be", {MKKERNEL_DATA, 4, UINT32_MAX}, 0, STATUS_FOUND, 3,
	 CPU_REGS_OWN_NOTE, true},
	{"no CPU present", {PRESENT_MASK, 8, 0}, 0, STATUS_BROKEN, 0, CPU_REGS_NONE, false},
	{"the mask filtered", {0}, PRESENT_MASK, STATUS_ABSENT, 0, CPU_REGS_NONE, false},
};

static void read_damaged(void **state)
{
	const struct damage *damage = *state;
	struct mkdump *d = make(IN_CURRENT_TASK);
	struct opened o;

	for (unsigned i = 0; i < CPUS; i++)
		put_note(d, numbers[i], 0x10);
	if (damage->write.size)
		mkdump_uint(d, damage->write.at, damage->write.size, damage->write.value);
	if (damage->drop)
		mkdump_drop(d, mkdump_translate(d, damage->drop) & ~(uint64_t)(MKDUMP_PAGE - 1));
	assert_int_equal(open_all(&o, d), damage->status);
	if (!damage->status) {
		const struct cpu *cpu = cpus_numbered(o.cpus, 2);

		assert_int_equal(cpus_count(o.cpus), damage->count);
		assert_int_equal(cpu->regs_from, damage->from);
		assert_int_equal(cpu->task != 0, damage->has_task);
	} else {
		assert_non_null(strstr(o.err.text, "__cpu_present_mask"));
	}
	close_all(&o, d);
}

/* ---- the first oops --------------------------------------------------------------------- */

static void oops_regs(void **state)
{
	struct core_regs regs;
	uint64_t value;

	(void)state;
	for (uint32_t oopses = 0; oopses < 2; oopses++) {
		struct mkdump *d = make(IN_CURRENT_TASK);
		struct opened o;

		mkdump_uint(d, MKKERNEL_DATA + 0x40, 4, oopses);
		mkdump_uint(d, MKKERNEL_DATA + SUMMARY + 8 * RIP, 8, IP(1));
		mkdump_uint(d, MKKERNEL_DATA + SUMMARY + 8 * CS, 8, 0xabcd00000010); /* FRED */
		mkdump_uint(d, MKKERNEL_DATA + SUMMARY + 168, 8, 0x1111111111111111);
		assert_int_equal(open_all(&o, d), STATUS_FOUND);
		assert_int_equal(cpus_oops_regs(o.cpus, &regs, &o.err),
				 oopses ? STATUS_FOUND : STATUS_ABSENT);
		if (oopses) {
			assert_true(regs_get(&regs, "rip", &value) && value == IP(1));
			assert_true(regs_get(&regs, "cs", &value) && value == 0x10);
			assert_false(regs_get(&regs, "fs_base", &value)); /* not in pt_regs */
		}
		close_all(&o, d);
	}
}

int main(void)
{
	static const struct CMUnitTest others[] = {cmocka_unit_test(oops_regs)};
	struct CMUnitTest tests[ARRAY_SIZE(rows) + ARRAY_SIZE(notes) + ARRAY_SIZE(damages) +
				ARRAY_SIZE(others)];
	size_t n = 0;

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		tests[n++] = row_test(rows[i].name, read_row, &rows[i]);
	for (size_t i = 0; i < ARRAY_SIZE(notes); i++)
		tests[n++] = row_test(notes[i].name, match_notes, &notes[i]);
	for (size_t i = 0; i < ARRAY_SIZE(damages); i++)
		tests[n++] = row_test(damages[i].name, read_damaged, &damages[i]);
	memcpy(&tests[n], others, sizeof(others));
	return cmocka_run_group_tests_name("cpus", tests, NULL, NULL);
}
