// SPDX-License-Identifier: GPL-2.0-or-later
//
// Unwinds by the frame records that every function keeps on arm64, riscv64, ppc64 and s390x.
//
//	arm64	x29 points at { caller's x29, return address }. The registers that an exception
//		saves have a record as well, struct pt_regs.stackframe: { x29, pc } of what was
//		interrupted; since v6.13 { 0, 0, type }, where type 2 is "registers here" and 1 is
//		the last. Before, { 0, 0 } alone was the last.
//	riscv64	s0 points above { caller's s0, return address }. Registers lie where
//		handle_exception's own frame is.
//	ppc64	r1 points at its caller's r1, and the return address into the caller lies 16 above
//		that one. The word "REGS" at 32 says that registers follow at 48.
//	s390x	r15: the caller's at 152, and at 136 above that one its r14, as kernels with packed
//		stacks do. Without a caller registers follow at 160.
//
// The places within pt_regs are those of the user interface, but for stackframe.
#include <inttypes.h>

#include "kernel/unwind-inside.h"

enum { WORD = 8 };

static bool go_to(struct walk *walk, uint64_t ip, uint64_t sp, uint64_t fp, bool interrupted)
{
	walk->ip = ip;
	walk->sp = sp;
	walk->fp = fp;
	walk->interrupted = interrupted;
	walk->regs = NULL;
	return true;
}

static bool end_in_user(struct walk *walk, uint64_t ip)
{
	walk->trace->user_ip = ip;
	return walk_end(walk, UNWIND_USER);
}

static enum status read_thread(struct walk *walk, uint64_t task, const char *path, uint64_t *ret,
			       struct err *err)
{
	struct kernel *kernel = unwinder_kernel(walk->unwinder);

	if (!kernel->types)
		return err_set(err, STATUS_ABSENT, "no types");
	return types_read_path(kernel->types, task, path, ret, err);
}

static enum status start_from(struct walk *walk, uint64_t task, const char *ip, const char *sp,
			      const char *fp, struct err *err)
{
	enum status st = read_thread(walk, task, ip, &walk->ip, err);

	if (!st)
		st = read_thread(walk, task, sp, &walk->sp, err);
	return st ? st : read_thread(walk, task, fp, &walk->fp, err);
}

/* --- arm64 ---------------------------------------------------------------- */

enum {
	ARM64_X29 = 232, ARM64_SP = 248, ARM64_PC = 256,
	ARM64_RECORD = 304, ARM64_META_RECORD = 296, /* stackframe, where no BTF tells */
	ARM64_META_REGS = 2,
};

/* Return addresses are signed where the processor can (PAC): the high bits are not theirs. */
static uint64_t strip_pac(const struct walk *walk, uint64_t ip)
{
	int64_t mask;

	if (!ip || core_number(walk->core, "KERNELPACMASK", &mask, NULL))
		return ip;
	return ip | (uint64_t)mask;
}

static uint64_t arm64_regs_of(struct walk *walk, uint64_t record, bool meta)
{
	struct kernel *kernel = unwinder_kernel(walk->unwinder);
	struct member member;

	if (kernel->types && !types_member(kernel->types, "pt_regs.stackframe", &member, NULL))
		return record - member.offset;
	return record - (meta ? ARM64_META_RECORD : ARM64_RECORD);
}

static bool arm64_last(struct walk *walk, uint64_t regs)
{
	uint64_t pc;

	if (core_read_u64(walk->core, regs + ARM64_PC, &pc, NULL) || !pc || pc >> 63)
		return walk_end(walk, UNWIND_WHOLE);
	return end_in_user(walk, pc);
}

static bool arm64_without_caller(struct walk *walk, uint64_t record)
{
	uint64_t type, regs, pc, sp, fp;

	if (!walk_read(walk, record + 2 * WORD, &type))
		return false;
	regs = arm64_regs_of(walk, record, type != 0);
	if (type != ARM64_META_REGS)
		return arm64_last(walk, regs);
	return walk_read(walk, regs + ARM64_PC, &pc) && walk_read(walk, regs + ARM64_SP, &sp) &&
	       walk_read(walk, regs + ARM64_X29, &fp) && go_to(walk, pc, sp, fp, true);
}

/* Whether this record is the one of saved registers: it says what they say. */
static bool arm64_in_regs(struct walk *walk, uint64_t record, uint64_t fp, uint64_t ip,
			  uint64_t *ret_sp)
{
	uint64_t regs = arm64_regs_of(walk, record, false), pc, x29;

	return !core_read_u64(walk->core, regs + ARM64_PC, &pc, NULL) && pc == ip &&
	       !core_read_u64(walk->core, regs + ARM64_X29, &x29, NULL) && x29 == fp &&
	       !core_read_u64(walk->core, regs + ARM64_SP, ret_sp, NULL);
}

static bool arm64_step(struct walk *walk)
{
	uint64_t fp, ip, sp;

	if (!walk_read(walk, walk->fp, &fp) || !walk_read(walk, walk->fp + WORD, &ip))
		return false;
	if (!fp && !ip)
		return arm64_without_caller(walk, walk->fp);
	if (arm64_in_regs(walk, walk->fp, fp, ip, &sp))
		return go_to(walk, ip, sp, fp, true);
	return go_to(walk, strip_pac(walk, ip), walk->fp + 2 * WORD, fp, false);
}

static enum status arm64_start(struct walk *walk, uint64_t task, struct err *err)
{
	return start_from(walk, task, "task_struct.thread.cpu_context.pc",
			  "task_struct.thread.cpu_context.sp",
			  "task_struct.thread.cpu_context.fp", err);
}

const struct unwind_method unwind_on_arm64 = {"frame pointers", arm64_start, arm64_step};

/* --- riscv64 ---------------------------------------------------------------- */

enum { RISCV_SP = 16, RISCV_S0 = 64 };

static bool riscv_in_exception(struct walk *walk)
{
	struct symbol symbol;

	return !walk->interrupted &&
	       !kernel_symbolize(unwinder_kernel(walk->unwinder), walk->ip - 1, &symbol, NULL) &&
	       (slice_eq(slice_of(symbol.name), "handle_exception") ||
		slice_eq(slice_of(symbol.name), "ret_from_exception"));
}

static bool riscv_step(struct walk *walk)
{
	uint64_t ip, sp, fp;

	if (riscv_in_exception(walk)) {
		if (!walk_read(walk, walk->sp, &ip) || !walk_read(walk, walk->sp + RISCV_SP, &sp) ||
		    !walk_read(walk, walk->sp + RISCV_S0, &fp))
			return false;
		return ip >> 63 ? go_to(walk, ip, sp, fp, true) : end_in_user(walk, ip);
	}
	/* The first code of a CPU has what the firmware left in s0. */
	if (!(walk->fp >> 63))
		return walk_end(walk, UNWIND_WHOLE);
	if (!walk_read(walk, walk->fp - 2 * WORD, &fp) || !walk_read(walk, walk->fp - WORD, &ip))
		return false;
	/* A function that calls none keeps s0 alone, where the return address would be. */
	if (walk->regs && ip > walk->fp && ip - walk->fp < UNWIND_LEAF_BYTES && ip % WORD == 0) {
		fp = ip;
		(void)regs_get(walk->regs, "ra", &ip); /* not there: fails as no code */
	}
	return go_to(walk, ip, walk->fp, fp, false);
}

static enum status riscv_start(struct walk *walk, uint64_t task, struct err *err)
{
	return start_from(walk, task, "task_struct.thread.ra", "task_struct.thread.sp",
			  "task_struct.thread.s[0]", err);
}

const struct unwind_method unwind_on_riscv64 = {"frame pointers", riscv_start, riscv_step};

/* --- ppc64 ---------------------------------------------------------------- */

enum {
	PPC_LINK = 16, PPC_MARKER = 32, PPC_REGS = 48,
	PPC_R1 = 8, PPC_NIP = 256, PPC_MSR = 264,
	PPC_MSR_PR = 0x4000, /* user */
};
#define PPC_MARK UINT64_C(0x52454753) /* "REGS" as a number on a big-endian machine */
#define PPC_MARK_LE UINT64_C(0x53474552)

static bool ppc_through_regs(struct walk *walk, uint64_t regs)
{
	uint64_t ip, sp, msr;

	if (!walk_read(walk, regs + PPC_NIP, &ip) || !walk_read(walk, regs + PPC_R1, &sp) ||
	    !walk_read(walk, regs + PPC_MSR, &msr))
		return false;
	return msr & PPC_MSR_PR ? end_in_user(walk, ip) : go_to(walk, ip, sp, sp, true);
}

/* What was interrupted may not have saved its return address yet: that frame is passed over. */
static bool ppc_step(struct walk *walk)
{
	bool was_interrupted = walk->interrupted;
	uint64_t mark, sp, ip;

	if (!was_interrupted && !core_read_u64(walk->core, walk->sp + PPC_MARKER, &mark, NULL) &&
	    (mark == PPC_MARK || mark == PPC_MARK_LE))
		return ppc_through_regs(walk, walk->sp + PPC_REGS);
	if (!walk_read(walk, walk->sp, &sp))
		return false;
	if (!sp)
		return walk_end(walk, UNWIND_WHOLE);
	if (!walk_read(walk, sp + PPC_LINK, &ip))
		return false;
	if (was_interrupted && !unwinder_is_code(walk->unwinder, ip)) {
		if (sp <= walk->sp || !walk_read(walk, sp, &sp) ||
		    !walk_read(walk, sp + PPC_LINK, &ip))
			return walk_broken(walk, "the back chain at %#" PRIx64 " ends", walk->sp);
	}
	return go_to(walk, ip, sp, sp, false);
}

/* ksp is the frame of _switch(), which was called from where the task stands. */
static enum status ppc_start(struct walk *walk, uint64_t task, struct err *err)
{
	uint64_t ksp;
	enum status st = read_thread(walk, task, "task_struct.thread.ksp", &ksp, err);

	if (!st)
		st = core_read_u64(walk->core, ksp, &walk->sp, err);
	return st ? st : core_read_u64(walk->core, walk->sp + PPC_LINK, &walk->ip, err);
}

const struct unwind_method unwind_on_ppc64 = {"frame pointers", ppc_start, ppc_step};

/* --- s390x ---------------------------------------------------------------- */

enum {
	S390_BACK = 152, S390_R14 = 136, S390_REGS = 160,
	S390_MASK = 8, S390_ADDR = 16, S390_R15 = 144,
};
#define S390_MASK_USER (UINT64_C(1) << 48) /* the problem state */

static bool s390_through_regs(struct walk *walk, uint64_t regs)
{
	uint64_t mask, ip, sp;

	if (!walk_read(walk, regs + S390_MASK, &mask))
		return false;
	if (!mask)
		return walk_end(walk, UNWIND_WHOLE);
	if (!walk_read(walk, regs + S390_ADDR, &ip) || !walk_read(walk, regs + S390_R15, &sp))
		return false;
	return mask & S390_MASK_USER ? end_in_user(walk, ip) : go_to(walk, ip, sp, sp, true);
}

static bool s390_step(struct walk *walk)
{
	uint64_t sp, ip;

	if (!walk_read(walk, walk->sp + S390_BACK, &sp))
		return false;
	if (!sp)
		return s390_through_regs(walk, walk->sp + S390_REGS);
	return walk_read(walk, sp + S390_R14, &ip) && go_to(walk, ip, sp, sp, false);
}

static enum status s390_start(struct walk *walk, uint64_t task, struct err *err)
{
	enum status st = read_thread(walk, task, "task_struct.thread.ksp", &walk->sp, err);

	return st ? st : core_read_u64(walk->core, walk->sp + S390_R14, &walk->ip, err);
}

const struct unwind_method unwind_on_s390x = {"frame pointers", s390_start, s390_step};
