// SPDX-License-Identifier: GPL-2.0-or-later
//
// NT_PRSTATUS is struct elf_prstatus: signal data, pids and times, then pr_reg, which is the
// machine's registers in an order of its own, and pr_fpvalid. The 64-bit machines have pr_pid
// at 32 and pr_reg at 112. Names are those the kernel prints, in small letters.
#include <inttypes.h>
#include <string.h>

#include "core/probe.h"
#include "core/regs.h"

struct layout {
	enum core_arch arch;
	bool big_endian_only;
	unsigned note_size; /* 0: not usable to guess the machine */
	unsigned pid_at, reg_at, word;
	const char *names; /* in the order of the note, separated by blanks */
};

// clang-format off
static const struct layout layouts[] = {
	{CORE_ARCH_X86_64, false, 336, 32, 112, 8,
	 "r15 r14 r13 r12 rbp rbx r11 r10 r9 r8 rax rcx rdx rsi rdi orig_rax rip cs eflags rsp ss "
	 "fs_base gs_base ds es fs gs"},
	{CORE_ARCH_I386, false, 144, 24, 72, 4,
	 "ebx ecx edx esi edi ebp eax ds es fs gs orig_eax eip cs eflags esp ss"},
	{CORE_ARCH_AARCH64, false, 392, 32, 112, 8,
	 "x0 x1 x2 x3 x4 x5 x6 x7 x8 x9 x10 x11 x12 x13 x14 x15 x16 x17 x18 x19 x20 x21 x22 x23 "
	 "x24 x25 x26 x27 x28 x29 lr sp pc pstate"},
	{CORE_ARCH_PPC64, false, 504, 32, 112, 8,
	 "r0 r1 r2 r3 r4 r5 r6 r7 r8 r9 r10 r11 r12 r13 r14 r15 r16 r17 r18 r19 r20 r21 r22 r23 "
	 "r24 r25 r26 r27 r28 r29 r30 r31 nip msr orig_gpr3 ctr lr xer cr softe trap dar dsisr "
	 "result"},
	{CORE_ARCH_RISCV64, false, 376, 32, 112, 8,
	 "epc ra sp gp tp t0 t1 t2 s0 s1 a0 a1 a2 a3 a4 a5 a6 a7 s2 s3 s4 s5 s6 s7 s8 s9 s10 s11 "
	 "t3 t4 t5 t6"},
	{CORE_ARCH_S390X, true, 336, 32, 112, 8,
	 "psw_mask psw_addr r0 r1 r2 r3 r4 r5 r6 r7 r8 r9 r10 r11 r12 r13 r14 r15"},
};
// clang-format on

/* The kernel's notes are read over and over: the names are cut apart once for each machine. */
static const char *const *names_of(const struct layout *lay, unsigned *ret_count)
{
	enum { TEXT = 400 };
	static char text[ARRAY_SIZE(layouts)][TEXT];
	static const char *name[ARRAY_SIZE(layouts)][CORE_MAX_REGS];
	static unsigned count[ARRAY_SIZE(layouts)];
	size_t which = (size_t)(lay - layouts);
	char *p = text[which], *next;

	if (!count[which]) {
		memcpy(p, lay->names, strlen(lay->names) + 1);
		while ((next = strsep(&p, " ")) && count[which] < CORE_MAX_REGS)
			name[which][count[which]++] = next;
	}
	*ret_count = count[which];
	return name[which];
}

static const struct layout *find_layout(enum core_arch arch)
{
	for (size_t i = 0; i < ARRAY_SIZE(layouts); i++) {
		if (layouts[i].arch == arch)
			return &layouts[i];
	}
	return NULL;
}

enum status regs_parse(struct core_regs *ret, enum core_arch arch, bool big_endian,
		       const void *desc, size_t size, struct err *err)
{
	const struct layout *lay = find_layout(arch);
	const uint8_t *p = desc;
	const char *const *names;
	unsigned count;

	if (!lay)
		return err_set(err, STATUS_ABSENT,
			       "the registers of this machine are not known");
	names = names_of(lay, &count);
	if (size < lay->reg_at + count * lay->word)
		return err_set(err, STATUS_BROKEN, "its NT_PRSTATUS note has only %zu bytes",
			       size);
	ret->pid = (uint32_t)probe_uint(big_endian, p + lay->pid_at, 4);
	ret->count = count;
	for (unsigned i = 0; i < count; i++) {
		ret->reg[i].name = names[i];
		ret->reg[i].value =
		    probe_uint(big_endian, p + lay->reg_at + i * lay->word, lay->word);
	}
	return STATUS_FOUND;
}

enum core_arch regs_guess_arch(size_t note_size, bool big_endian)
{
	for (size_t i = 0; i < ARRAY_SIZE(layouts); i++) {
		const struct layout *lay = &layouts[i];
		bool can_be_big = lay->big_endian_only || lay->arch == CORE_ARCH_PPC64;

		if (lay->note_size != note_size || (big_endian && !can_be_big) ||
		    (!big_endian && lay->big_endian_only))
			continue;
		return lay->arch;
	}
	return CORE_ARCH_UNKNOWN;
}
