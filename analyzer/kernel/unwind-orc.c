// SPDX-License-Identifier: GPL-2.0-or-later
//
// Unwinds by ORC. From a frame's code its entry tells where the frame begins; the return address,
// or the registers that an exception saved, lie there, and they are the next frame. Switching
// stacks needs nothing special: it is in the entries.
#include <inttypes.h>

#include "kernel/unwind-inside.h"

enum { WORD = 8 };

/* By rbp, as the kernel does for code that came later (BPF, trampolines). */
static const struct orc_entry by_frame_pointer = {
	.sp_reg = ORC_REG_BP, .sp_offset = 2 * WORD, .bp_reg = ORC_REG_PREV_SP,
	.bp_offset = -2 * WORD, .type = ORC_TYPE_CALL,
};
/* A call to an address without code has pushed the return address and done no more. */
static const struct orc_entry just_called = {
	.sp_reg = ORC_REG_SP, .sp_offset = WORD, .bp_reg = ORC_REG_UNDEFINED, .type = ORC_TYPE_CALL,
};

/* --- where the frame begins ---------------------------------------------------------------- */

static const struct saved_reg {
	enum orc_reg reg;
	const char *name, *member;
} saved_regs[] = {
	{ORC_REG_AX, "rax", "pt_regs.ax"},    {ORC_REG_DX, "rdx", "pt_regs.dx"},
	{ORC_REG_DI, "rdi", "pt_regs.di"},    {ORC_REG_R10, "r10", "pt_regs.r10"},
	{ORC_REG_R13, "r13", "pt_regs.r13"},
};

/* A register that is known only where all of them were saved. */
static bool saved_reg(struct walk *walk, enum orc_reg reg, uint64_t *ret)
{
	struct kernel *kernel = unwinder_kernel(walk->unwinder);
	struct member member;

	for (size_t i = 0; i < ARRAY_SIZE(saved_regs); i++) {
		const struct saved_reg *saved = &saved_regs[i];

		if (saved->reg != reg)
			continue;
		if (walk->regs && regs_get(walk->regs, saved->name, ret))
			return true;
		if (walk->pt_regs && !types_member(kernel->types, saved->member, &member, NULL) &&
		    !types_read(walk->core, walk->pt_regs, &member, ret, NULL))
			return true;
	}
	return walk_broken(walk, "%#" PRIx64 " needs a register that was not saved", walk->ip);
}

static bool frame_begin(struct walk *walk, const struct orc_entry *entry, uint64_t *ret)
{
	const struct unwind_orc *orc = unwinder_orc(walk->unwinder);
	uint64_t offset = (uint64_t)(int64_t)entry->sp_offset;

	switch (entry->sp_reg) {
	case ORC_REG_SP:
		*ret = walk->sp + offset;
		return true;
	case ORC_REG_BP:
		*ret = walk->fp + offset;
		return true;
	case ORC_REG_BP_INDIRECT:
		return walk_read(walk, walk->fp + offset, ret);
	case ORC_REG_SP_INDIRECT:
		if (orc->indirect_adds_first)
			return walk_read(walk, walk->sp + offset, ret);
		if (!walk_read(walk, walk->sp, ret))
			return false;
		*ret += offset;
		return true;
	case ORC_REG_AX:
	case ORC_REG_DX:
	case ORC_REG_DI:
	case ORC_REG_R10:
	case ORC_REG_R13:
		return saved_reg(walk, entry->sp_reg, ret);
	case ORC_REG_UNDEFINED:
	case ORC_REG_PREV_SP:
	case ORC_REG_UNKNOWN:
		break;
	}
	return walk_broken(walk, "the ORC entry of %#" PRIx64 " is damaged", walk->ip);
}

/* --- what lies there ---------------------------------------------------------------- */

/* After the caller's rip and rsp are known: its rbp. */
static bool caller_fp(struct walk *walk, const struct orc_entry *entry, uint64_t begin)
{
	uint64_t offset = (uint64_t)(int64_t)entry->bp_offset;

	switch (entry->bp_reg) {
	case ORC_REG_UNDEFINED:
		return true; /* it is the same */
	case ORC_REG_PREV_SP:
		return walk_read(walk, begin + offset, &walk->fp);
	case ORC_REG_BP:
		return walk_read(walk, walk->fp + offset, &walk->fp);
	default:
		return walk_broken(walk, "the ORC entry of %#" PRIx64 " is damaged", walk->ip);
	}
}

/* After a call only rip, rsp and rbp are known. */
static bool go_to_caller(struct walk *walk, uint64_t ip, uint64_t sp)
{
	walk->ip = ip;
	walk->sp = sp;
	walk->regs = NULL;
	walk->pt_regs = 0;
	return true;
}

static bool through_call(struct walk *walk, const struct orc_entry *entry, uint64_t begin)
{
	uint64_t ip;

	if (!walk_read(walk, begin - WORD, &ip) || !caller_fp(walk, entry, begin))
		return false;
	return go_to_caller(walk, ip, begin);
}

/* Selectors are 16 bits; FRED (v6.9) keeps more in the word. */
static bool read_regs(struct walk *walk, uint64_t at, uint64_t *ret_ip, uint64_t *ret_sp,
		      bool *ret_user)
{
	const struct unwind_orc *orc = unwinder_orc(walk->unwinder);
	struct err err = {""};
	uint64_t cs;

	if (types_read(walk->core, at, &orc->regs_ip, ret_ip, &err) ||
	    types_read(walk->core, at, &orc->regs_sp, ret_sp, &err) ||
	    types_read(walk->core, at, &orc->regs_cs, &cs, &err))
		return walk_broken(walk, "saved registers: %s", err.text);
	*ret_user = (cs & 3) == 3;
	return true;
}

static bool through_regs(struct walk *walk, const struct orc_entry *entry, uint64_t begin)
{
	const struct unwind_orc *orc = unwinder_orc(walk->unwinder);
	bool whole = entry->type == ORC_TYPE_REGS, user;
	uint64_t at = whole ? begin : begin - orc->regs_ip.offset; /* where pt_regs would begin */
	uint64_t ip, sp;
	struct err err = {""};

	if (!read_regs(walk, at, &ip, &sp, &user))
		return false;
	if (user) {
		walk->trace->user_ip = ip;
		return walk_end(walk, UNWIND_USER);
	}
	if (whole) {
		if (types_read(walk->core, at, &orc->regs_bp, &walk->fp, &err))
			return walk_broken(walk, "saved registers: %s", err.text);
		walk->regs = NULL;
		walk->pt_regs = at;
	} else if (!caller_fp(walk, entry, begin)) {
		return false;
	}
	walk->ip = ip;
	walk->sp = sp;
	return true;
}

/* --- code without unwind data ---------------------------------------------------------------- */

/* Whether ip follows a call of the function that begins at start: e8 and a distance. */
static bool calls(struct walk *walk, uint64_t ip, uint64_t start)
{
	/* With call depth tracking (v6.2) calls go to the padding before a function. */
	enum { CALL = 0xe8, CALL_BYTES = 5, PADDING = 64 };
	uint8_t code[CALL_BYTES];
	uint64_t target;

	if (!unwinder_is_code(walk->unwinder, ip) ||
	    core_read_virt(walk->core, ip - CALL_BYTES, code, sizeof(code), NULL) ||
	    code[0] != CALL)
		return false;
	target = ip + (uint64_t)(int64_t)(int32_t)core_uint(walk->core, code + 1, 4);
	return target <= start && start - target <= PADDING;
}

/*
 * Which of the words that a function pushes at its start is rbp: 1 is the first; 0: it keeps
 * rbp as it was, or this cannot be told.
 */
static unsigned place_of_rbp(struct walk *walk, uint64_t start)
{
	enum { ENDBR = 4, FENTRY = 5, PUSHES = 12, PUSH_RAX = 0x50, PUSH_RBP = 0x55, REX_B = 0x41 };
	uint8_t code[ENDBR + FENTRY + PUSHES];
	size_t i = 0;

	if (core_read_virt(walk->core, start, code, sizeof(code), NULL))
		return 0;
	if (code[0] == 0xf3 && code[1] == 0x0f && code[2] == 0x1e)
		i += ENDBR;
	if (code[i] == 0xe8 || (code[i] == 0x0f && code[i + 1] == 0x1f))
		i += FENTRY; /* a call of the tracer, or the 5 bytes that do nothing */
	for (unsigned pushes = 1; i + 1 < sizeof(code); i++, pushes++) {
		if (code[i] == PUSH_RBP)
			return pushes;
		if (code[i] == REX_B)
			i++;
		if ((code[i] & 0xf8) != PUSH_RAX)
			break;
	}
	return 0;
}

/*
 * Of a few functions the kernel keeps no data, above all of __crash_kexec(), in which every panic
 * ends. Such a frame begins above the first word on its stack that is where this very function
 * was called.
 */
static bool through_found_call(struct walk *walk)
{
	enum { MAX_WORDS = 128 };
	uint64_t pc = walk->interrupted ? walk->ip : walk->ip - 1, ip;
	struct symbol function;
	unsigned rbp;

	if (kernel_symbolize(unwinder_kernel(walk->unwinder), pc, &function, NULL))
		return walk_broken(walk, "the kernel keeps no unwind data for %#" PRIx64, walk->ip);
	for (unsigned i = 0; i < MAX_WORDS; i++) {
		uint64_t at = walk->sp + UINT64_C(8) * i;

		if (!walk_read(walk, at, &ip))
			return false;
		if (!calls(walk, ip, function.addr))
			continue;
		rbp = place_of_rbp(walk, function.addr);
		if (rbp && !walk_read(walk, at - UINT64_C(8) * rbp, &walk->fp))
			return false;
		walk->interrupted = false;
		return go_to_caller(walk, ip, at + WORD);
	}
	return walk_broken(walk, "the kernel keeps no unwind data for %.60s()", function.name);
}

/* --- one step ---------------------------------------------------------------- */

/*
 * A call through a bad pointer leaves an address that is no code; the caller is on the stack
 * then. Other code that no table has was made by the kernel as it ran.
 */
static bool entry_without_table(struct walk *walk, struct orc_entry *ret)
{
	uint64_t caller;

	if (walk->interrupted && !unwinder_is_code(walk->unwinder, walk->ip)) {
		if (!walk_read(walk, walk->sp, &caller))
			return false;
		if (!unwinder_is_code(walk->unwinder, caller))
			return walk_broken(walk, "%#" PRIx64 " is no code, and was not called",
					   walk->ip);
		*ret = just_called;
		return true;
	}
	walk->reliable = false;
	*ret = by_frame_pointer;
	return true;
}

static bool find_entry(struct walk *walk, struct orc_entry *ret)
{
	struct unwind_orc *orc = unwinder_orc(walk->unwinder);
	/* A call may be the last instruction of its function. */
	uint64_t pc = walk->interrupted ? walk->ip : walk->ip - 1;
	struct err err = {""};
	enum status st = orc_find(orc->orc, pc, ret, &err);

	if (st == STATUS_BROKEN)
		return walk_broken(walk, "%s", err.text);
	return !st || entry_without_table(walk, ret);
}

static bool step(struct walk *walk)
{
	struct orc_entry entry;
	uint64_t begin;

	if (!find_entry(walk, &entry))
		return false;
	if (entry.type == ORC_TYPE_END)
		return walk_end(walk, UNWIND_WHOLE);
	if (entry.type == ORC_TYPE_UNDEFINED)
		return through_found_call(walk);
	if (!frame_begin(walk, &entry, &begin))
		return false;
	walk->interrupted = entry.signal;
	if (entry.type == ORC_TYPE_CALL)
		return through_call(walk, &entry, begin);
	return through_regs(walk, &entry, begin);
}

/*
 * __switch_to_asm() pushes struct inactive_task_frame and keeps rsp in the task. One that has not
 * run yet returns to ret_from_fork(), which nobody called.
 */
static enum status start(struct walk *walk, uint64_t task, struct err *err)
{
	const struct unwind_orc *orc = unwinder_orc(walk->unwinder);
	uint64_t sp;
	enum status st;

	if (!orc->thread_sp.size)
		return err_set(err, STATUS_ABSENT,
			       "it is not known where tasks keep their registers");
	st = types_read(walk->core, task, &orc->thread_sp, &sp, err);
	if (!st)
		st = types_read(walk->core, sp, &orc->frame_ip, &walk->ip, err);
	if (!st)
		st = types_read(walk->core, sp, &orc->frame_bp, &walk->fp, err);
	if (st)
		return st;
	walk->sp = sp + orc->frame_size;
	walk->interrupted = walk->ip && (walk->ip == orc->ret_from_fork[0] ||
					 walk->ip == orc->ret_from_fork[1]);
	return STATUS_FOUND;
}

const struct unwind_method unwind_by_orc = {"orc", start, step};

/* --- what is found once ---------------------------------------------------------------- */

static enum status find_members(struct unwind_orc *orc, struct types *types, struct err *err)
{
	const struct {
		const char *path;
		struct member *member;
	} wanted[] = {
		{"pt_regs.ip", &orc->regs_ip},
		{"pt_regs.sp", &orc->regs_sp},
		{"pt_regs.bp", &orc->regs_bp},
		{"pt_regs.cs", &orc->regs_cs},
	};

	for (size_t i = 0; i < ARRAY_SIZE(wanted); i++) {
		enum status st = types_member(types, wanted[i].path, wanted[i].member, err);

		if (st)
			return st;
	}
	/* These only for tasks that sleep: size 0 then. */
	if (types_member(types, "task_struct.thread.sp", &orc->thread_sp, NULL) ||
	    types_member(types, "inactive_task_frame.bp", &orc->frame_bp, NULL) ||
	    types_member(types, "inactive_task_frame.ret_addr", &orc->frame_ip, NULL))
		orc->thread_sp.size = 0;
	orc->frame_size = orc->frame_ip.offset + WORD;
	return STATUS_FOUND;
}

enum status unwind_orc_open(struct unwind_orc *ret, struct kernel *kernel, struct stacks *stacks,
			    struct err *err)
{
	/* The second since v6.5. */
	static const char *const names[ARRAY_SIZE(ret->ret_from_fork)] = {"ret_from_fork",
									  "ret_from_fork_asm"};
	enum status st;

	if (!kernel->types)
		return err_set(err, STATUS_ABSENT, "no types");
	st = find_members(ret, kernel->types, err);
	if (!st)
		st = orc_open(&ret->orc, kernel, err);
	if (st)
		return st;
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		if (kernel_find(kernel, names[i], &ret->ret_from_fork[i], NULL))
			ret->ret_from_fork[i] = 0;
	}
	ret->indirect_adds_first = !stacks_irq_pointer_inside(stacks);
	return STATUS_FOUND;
}

void unwind_orc_close(struct unwind_orc *orc)
{
	orc_close(orc->orc);
}
