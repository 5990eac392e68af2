// SPDX-License-Identifier: GPL-2.0-or-later
//
// Reads the CPUs: the masks tell which there are, a per-CPU variable the task, and the CPU's
// buffer in crash_notes its registers.
//
// crash_notes is a per-CPU pointer to one buffer for each CPU. Before a crash a buffer is all
// zeros; the crashing kernel writes an ELF note into it on the CPU itself:
//
//	u32 namesz = 5, descsz = 336 (x86_64), type = 1 (NT_PRSTATUS)
//	"CORE\0" padded to 8 bytes
//	struct elf_prstatus, then a header of zeros
//
// /proc/vmcore joins the buffers that are not empty, so once a CPU did not answer, the k-th
// note of the file is not CPU k's. A file that an emulator wrote has notes of its own making,
// one for each CPU in order, and the buffers in memory are empty.
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "core/regs.h"

#include "kernel/cpus.h"

enum {
	NOTE_HEADER = 20, /* three words and "CORE" */
	NT_PRSTATUS = 1,
	NO_NOTE = -1,
};

struct slot {
	struct cpu cpu;
	int note; /* CPU_REGS_FILE_NOTE: which */
};

struct cpus {
	struct kernel *kernel;
	struct slot *slot; /* in order of their numbers */
	size_t count;
	unsigned possible, online;
	int panic_cpu;
	uint64_t offsets; /* __per_cpu_offset; 0: unknown */
	uint64_t notes;	  /* crash_notes: per-CPU pointer; 0: unknown */
};

struct mask {
	uint8_t bits[CPUS_MAX / 8];
	unsigned count; /* of CPUs in bits */
};

/* What is looked up once, for all CPUs. */
struct readers {
	bool have_current, have_pid, have_comm;
	uint64_t current_at; /* per-CPU address of the pointer to the task */
	struct member pid, comm;
};

/* --- registers ---------------------------------------------------------------------------- */

bool regs_get(const struct core_regs *regs, const char *name, uint64_t *ret)
{
	for (unsigned i = 0; i < regs->count; i++) {
		if (!strcmp(regs->reg[i].name, name)) {
			*ret = regs->reg[i].value;
			return true;
		}
	}
	return false;
}

/* What tells user space in a saved state: some bits of a register have a certain value. */
static const struct machine_regs {
	enum core_arch arch;
	const char *ip, *sp, *fp, *mode;
	uint64_t mode_bits, user_mode;
} machines[] = {
	{CORE_ARCH_X86_64, "rip", "rsp", "rbp", "cs", 3, 3},
	{CORE_ARCH_I386, "eip", "esp", "ebp", "cs", 3, 3},
	{CORE_ARCH_AARCH64, "pc", "sp", "x29", "pstate", 0xf, 0}, /* exception level 0 */
	{CORE_ARCH_PPC64, "nip", "r1", "r1", "msr", 0x4000, 0x4000},	 /* MSR_PR */
	{CORE_ARCH_RISCV64, "epc", "sp", "s0", "epc", UINT64_C(1) << 63, 0}, /* no status there */
	{CORE_ARCH_S390X, "psw_addr", "r15", "r15", "psw_mask", UINT64_C(1) << 48,
	 UINT64_C(1) << 48}, /* PSW_MASK_PSTATE */
};

bool regs_place(enum core_arch arch, const struct core_regs *regs, struct regs_place *ret)
{
	struct regs_place place;
	uint64_t mode;

	for (size_t i = 0; i < ARRAY_SIZE(machines); i++) {
		const struct machine_regs *m = &machines[i];

		if (m->arch != arch || !regs_get(regs, m->ip, &place.ip) ||
		    !regs_get(regs, m->sp, &place.sp) || !regs_get(regs, m->fp, &place.fp))
			continue;
		place.in_user = regs_get(regs, m->mode, &mode) &&
				(mode & m->mode_bits) == m->user_mode;
		*ret = place;
		return true;
	}
	return false;
}

static void set_regs(struct cpu *cpu, enum core_arch arch, const struct core_regs *regs,
		     enum cpu_regs_from from)
{
	struct regs_place place;

	if (!regs_place(arch, regs, &place))
		return;
	cpu->ip = place.ip;
	cpu->sp = place.sp;
	cpu->fp = place.fp;
	cpu->in_user = place.in_user;
	cpu->regs_from = from;
}

static enum status percpu_at(const struct cpus *cpus, uint64_t base, unsigned cpu,
			     uint64_t *ret, struct err *err)
{
	unsigned word = core_is_64bit(cpus->kernel->core) ? 8 : 4;
	uint64_t offset;
	enum status st;

	if (!cpus->offsets)
		return err_set(err, STATUS_ABSENT, "no __per_cpu_offset");
	st = core_read_uint(cpus->kernel->core, cpus->offsets + (uint64_t)word * cpu, word,
			    &offset, err);
	if (st)
		return err_add(err, st, "__per_cpu_offset[%u]", cpu);
	*ret = base + offset; /* modulo the word: the offset may be "negative" */
	if (word == 4)
		*ret = (uint32_t)*ret;
	return STATUS_FOUND;
}

static enum status read_own_note(const struct cpus *cpus, unsigned cpu, struct core_regs *ret,
				 struct err *err)
{
	struct core *core = cpus->kernel->core;
	uint8_t note[NOTE_HEADER + REGS_MAX_NOTE];
	uint64_t addr, size;
	enum status st;

	if (!cpus->notes)
		return err_set(err, STATUS_ABSENT, "no crash_notes");
	st = percpu_at(cpus, cpus->notes, cpu, &addr, err);
	if (!st)
		st = core_read_virt(core, addr, note, NOTE_HEADER, err);
	if (st)
		return err_add(err, st, "crash_notes of CPU %u", cpu);
	if (!core_uint(core, note, 4))
		return err_set(err, STATUS_ABSENT, "crash_notes of CPU %u are empty", cpu);
	size = core_uint(core, note + 4, 4);
	if (core_uint(core, note, 4) != 5 || core_uint(core, note + 8, 4) != NT_PRSTATUS ||
	    memcmp(note + 12, "CORE", 5) || size > REGS_MAX_NOTE)
		return err_set(err, STATUS_BROKEN, "crash_notes of CPU %u hold no NT_PRSTATUS",
			       cpu);
	st = core_read_virt(core, addr + NOTE_HEADER, note, size, err);
	if (st)
		return err_add(err, st, "crash_notes of CPU %u", cpu);
	memset(ret, 0, sizeof(*ret));
	return regs_parse(ret, core_arch(core), core_is_big_endian(core), note, size, err);
}

static bool set_own_notes(struct cpus *cpus)
{
	bool any = false;
	struct core_regs regs;

	for (size_t i = 0; i < cpus->count; i++) {
		struct cpu *cpu = &cpus->slot[i].cpu;

		if (read_own_note(cpus, cpu->cpu, &regs, NULL))
			continue;
		set_regs(cpu, core_arch(cpus->kernel->core), &regs, CPU_REGS_OWN_NOTE);
		any = true;
	}
	return any;
}

/* The one CPU that ran the task of that pid; NULL: none or several, as with the idle tasks. */
static struct slot *slot_of_pid(struct cpus *cpus, uint32_t pid)
{
	struct slot *found = NULL;

	for (size_t i = 0; i < cpus->count; i++) {
		struct slot *slot = &cpus->slot[i];

		if (!slot->cpu.task || (uint32_t)slot->cpu.pid != pid)
			continue;
		if (found)
			return NULL;
		found = slot;
	}
	return found;
}

/* As many notes as CPUs: they are in order. Else only a pid tells whose a note is. */
static void set_file_notes(struct cpus *cpus)
{
	struct core *core = cpus->kernel->core;
	unsigned notes = core_cpu_notes(core);
	struct core_regs regs;

	for (unsigned i = 0; i < notes && i < CPUS_MAX; i++) {
		struct slot *slot;

		if (core_cpu_regs(core, i, &regs, NULL))
			continue;
		slot = notes == cpus->count ? &cpus->slot[i] : slot_of_pid(cpus, regs.pid);
		if (!slot || slot->note != NO_NOTE)
			continue;
		set_regs(&slot->cpu, core_arch(core), &regs, CPU_REGS_FILE_NOTE);
		slot->note = (int)i;
	}
}

enum status cpus_regs(struct cpus *cpus, const struct cpu *cpu, struct core_regs *ret,
		      struct err *err)
{
	const struct slot *slot = (const struct slot *)cpu; /* its first member */

	switch (cpu->regs_from) {
	case CPU_REGS_OWN_NOTE:
		return read_own_note(cpus, cpu->cpu, ret, err);
	case CPU_REGS_FILE_NOTE:
		return core_cpu_regs(cpus->kernel->core, (unsigned)slot->note, ret, err);
	case CPU_REGS_NONE:
		break;
	}
	return err_set(err, STATUS_ABSENT, "no registers of CPU %u were saved", cpu->cpu);
}

/*
 * elf_gregset_t, pr_reg of a note, begins with struct pt_regs on x86_64 (user_regs_struct is
 * the ABI of ptrace): so it is read as a note that has the segment bases 0, and cut off there.
 */
enum status cpus_oops_regs(struct cpus *cpus, struct core_regs *ret, struct err *err)
{
	enum { PR_REG = 112, PT_REGS = 168, WORDS = PT_REGS / 8, NOTE = 336 };
	struct kernel *kernel = cpus->kernel;
	uint8_t note[NOTE] = {0};
	uint64_t addr, size;
	int32_t oopses;
	enum status st;

	if (core_arch(kernel->core) != CORE_ARCH_X86_64)
		return err_set(err, STATUS_ABSENT, "only x86_64 keeps the registers of an oops");
	if (kernel->types && !types_size(kernel->types, "pt_regs", &size, NULL) &&
	    size != PT_REGS)
		return err_set(err, STATUS_ABSENT, "struct pt_regs has %" PRIu64 " bytes", size);
	st = kernel_int(kernel, "die_counter", &oopses, err);
	if (st)
		return st;
	if (oopses <= 0)
		return err_set(err, STATUS_ABSENT, "no oops: die_counter is %" PRId32, oopses);
	st = kernel_find(kernel, "exec_summary_regs", &addr, err);
	if (!st)
		st = core_read_virt(kernel->core, addr, note + PR_REG, PT_REGS, err);
	if (st)
		return err_add(err, st, "exec_summary_regs");
	memset(ret, 0, sizeof(*ret));
	st = regs_parse(ret, CORE_ARCH_X86_64, false, note, sizeof(note), err);
	if (st)
		return st;
	ret->count = WORDS;
	for (unsigned i = 0; i < ret->count; i++) {
		/* FRED (v6.9) keeps more above the selectors. */
		if (!strcmp(ret->reg[i].name, "cs") || !strcmp(ret->reg[i].name, "ss"))
			ret->reg[i].value &= 0xffff;
	}
	return STATUS_FOUND;
}

/* --- masks -------------------------------------------------------------------------------- */

static bool mask_has(const struct core *core, const struct mask *mask, unsigned cpu)
{
	unsigned word = core_is_64bit(core) ? 8 : 4, bits = word * 8;

	return cpu < mask->count &&
	       (core_uint(core, mask->bits + cpu / bits * word, word) >> cpu % bits) & 1;
}

static unsigned mask_weight(const struct core *core, const struct mask *mask)
{
	unsigned n = 0;

	for (unsigned cpu = 0; cpu < mask->count; cpu++)
		n += mask_has(core, mask, cpu);
	return n;
}

/* count: nr_cpu_ids. The names with __ are those since v4.5. */
static enum status read_mask(struct kernel *kernel, const char *name, const char *old_name,
			     unsigned count, struct mask *ret, struct err *err)
{
	unsigned word_bits = core_is_64bit(kernel->core) ? 64 : 32;
	uint64_t addr;
	enum status st = kernel_find(kernel, name, &addr, err);

	if (st)
		st = kernel_find(kernel, old_name, &addr, err);
	if (!st)
		st = core_read_virt(kernel->core, addr, ret->bits,
				    (count + word_bits - 1) / word_bits * (word_bits / 8), err);
	if (st)
		return err_add(err, st, "cannot read %s", name);
	ret->count = count;
	return STATUS_FOUND;
}

/* nr_cpu_ids bounds the CPU numbers; it is a constant where the kernel was built so. */
static unsigned read_count(struct kernel *kernel)
{
	uint64_t count, size;

	if (!kernel_var(kernel, "nr_cpu_ids", 4, &count, NULL) && count && count <= CPUS_MAX)
		return (unsigned)count;
	if (kernel->types && !types_size(kernel->types, "cpumask", &size, NULL) && size &&
	    size <= CPUS_MAX / 8)
		return (unsigned)size * 8;
	return core_is_64bit(kernel->core) ? 64 : 32; /* a mask has one word at least */
}

static enum status read_masks(struct cpus *cpus, struct err *err)
{
	struct kernel *kernel = cpus->kernel;
	struct core *core = kernel->core;
	unsigned count = read_count(kernel);
	struct mask present, mask;
	enum status st =
	    read_mask(kernel, "__cpu_present_mask", "cpu_present_bits", count, &present, err);

	if (st)
		return st;
	cpus->slot = calloc(mask_weight(core, &present) + 1, sizeof(*cpus->slot));
	if (!cpus->slot)
		return err_set(err, STATUS_BROKEN, "out of memory");
	for (unsigned i = 0; i < count; i++) {
		if (!mask_has(core, &present, i))
			continue;
		cpus->slot[cpus->count].note = NO_NOTE;
		cpus->slot[cpus->count++].cpu.cpu = i;
	}
	if (!cpus->count)
		return err_set(err, STATUS_BROKEN, "__cpu_present_mask is empty");
	if (!read_mask(kernel, "__cpu_possible_mask", "cpu_possible_bits", count, &mask, NULL))
		cpus->possible = mask_weight(core, &mask);
	if (read_mask(kernel, "__cpu_online_mask", "cpu_online_bits", count, &mask, NULL))
		return STATUS_FOUND;
	cpus->online = mask_weight(core, &mask);
	for (size_t i = 0; i < cpus->count; i++)
		cpus->slot[i].cpu.online = mask_has(core, &mask, cpus->slot[i].cpu.cpu);
	return STATUS_FOUND;
}

/* --- what runs ---------------------------------------------------------------------------- */

/*
 * Where a CPU keeps its task: in its run queue on every machine; x86 has current_task too, in
 * pcpu_hot from v6.2 to v6.14, which needs no BTF.
 */
static bool find_current(struct kernel *kernel, uint64_t *ret)
{
	struct member member;

	if (core_arch(kernel->core) == CORE_ARCH_X86_64 &&
	    !kernel_find(kernel, "current_task", ret, NULL))
		return true;
	if (!kernel->types)
		return false;
	if (!kernel_find(kernel, "pcpu_hot", ret, NULL) &&
	    !types_member(kernel->types, "pcpu_hot.current_task", &member, NULL)) {
		*ret += member.offset;
		return true;
	}
	if (kernel_find(kernel, "runqueues", ret, NULL) ||
	    types_member(kernel->types, "rq.curr", &member, NULL))
		return false;
	*ret += member.offset;
	return true;
}

static void find_readers(struct kernel *kernel, struct readers *ret)
{
	ret->have_current = find_current(kernel, &ret->current_at);
	if (!kernel->types)
		return;
	ret->have_pid = !types_member(kernel->types, "task_struct.pid", &ret->pid, NULL);
	ret->have_comm = !types_member(kernel->types, "task_struct.comm", &ret->comm, NULL);
}

static void read_current(struct cpus *cpus, const struct readers *readers, struct cpu *cpu)
{
	struct core *core = cpus->kernel->core;
	uint64_t at, task, pid;

	if (!readers->have_current ||
	    percpu_at(cpus, readers->current_at, cpu->cpu, &at, NULL) ||
	    core_read_ptr(core, at, &task, NULL) || !readers->have_pid ||
	    types_read(core, task, &readers->pid, &pid, NULL))
		return;
	cpu->task = task;
	cpu->pid = (int32_t)pid;
	cpu->is_idle = !pid;
	if (!readers->have_comm || core_read_virt(core, task + readers->comm.offset, cpu->comm,
						  sizeof(cpu->comm), NULL))
		cpu->comm[0] = '\0';
	cpu->comm[sizeof(cpu->comm) - 1] = '\0';
}

int cpus_read_panic_cpu(struct kernel *kernel)
{
	static const char *const names[] = {"panic_cpu", "crashing_cpu"};
	int32_t cpu;

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		if (!kernel_int(kernel, names[i], &cpu, NULL) && cpu >= 0 && cpu < CPUS_MAX)
			return cpu;
	}
	return -1;
}

/* --- the room's view ---------------------------------------------------------------------- */

size_t cpus_count(const struct cpus *cpus)
{
	return cpus->count;
}

const struct cpu *cpus_get(const struct cpus *cpus, size_t i)
{
	return &cpus->slot[i].cpu;
}

const struct cpu *cpus_numbered(const struct cpus *cpus, unsigned cpu)
{
	for (size_t i = 0; i < cpus->count; i++) {
		if (cpus->slot[i].cpu.cpu == cpu)
			return &cpus->slot[i].cpu;
	}
	return NULL;
}

unsigned cpus_possible(const struct cpus *cpus)
{
	return cpus->possible;
}

unsigned cpus_online(const struct cpus *cpus)
{
	return cpus->online;
}

int cpus_panic_cpu(const struct cpus *cpus)
{
	return cpus->panic_cpu;
}

void cpus_close(struct cpus *cpus)
{
	if (!cpus)
		return;
	free(cpus->slot);
	free(cpus);
}

enum status cpus_open(struct cpus **ret, struct kernel *kernel, struct err *err)
{
	struct cpus *cpus = calloc(1, sizeof(*cpus));
	struct readers readers = {0};
	uint64_t crash_notes;
	enum status st;

	if (!cpus)
		return err_set(err, STATUS_BROKEN, "out of memory");
	cpus->kernel = kernel;
	st = read_masks(cpus, err);
	if (st) {
		cpus_close(cpus);
		return err_add(err, st, "cannot tell the CPUs");
	}
	(void)kernel_find(kernel, "__per_cpu_offset", &cpus->offsets, NULL); /* 0 then */
	if (!kernel_find(kernel, "crash_notes", &crash_notes, NULL))
		(void)core_read_ptr(kernel->core, crash_notes, &cpus->notes, NULL); /* 0 then */
	cpus->panic_cpu = cpus_read_panic_cpu(kernel);
	find_readers(kernel, &readers);
	for (size_t i = 0; i < cpus->count; i++)
		read_current(cpus, &readers, &cpus->slot[i].cpu);
	if (!set_own_notes(cpus))
		set_file_notes(cpus);
	*ret = cpus;
	return STATUS_FOUND;
}
