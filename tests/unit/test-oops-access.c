// SPDX-License-Identifier: GPL-2.0-or-later
//
// What the faulting access was: from error codes, syndromes and words, and unknown where the
// line leaves it open.
#include "unit/test-oops.h"
#include "unit/test-rows.h"

struct row {
	const char *name, *log;
	enum access_kind access;
};

#define X86 "BUG: unable to handle page fault for address: ffffc90000001000\n"
#define ARM "Unable to handle kernel paging request at virtual address ffff000812345678\n"
#define PPC "Unable to handle kernel paging request for unknown fault\n"
#define S390 "Unable to handle kernel pointer dereference in virtual kernel address space\n"
#define MIPS "CPU 0 Unable to handle kernel paging request at virtual address 00000028, epc == 80012008, ra == 80012034\n"

// clang-format off
static const struct row rows[] = {
	{"x86: error code, write", X86 "Oops: 0002 [#1] SMP\n", ACCESS_WRITE},
	{"x86: error code, fetch", X86 "Oops: 0010 [#1] SMP\n", ACCESS_EXEC},
	{"x86: words", X86 "#PF: supervisor read access in kernel mode\n", ACCESS_READ},
	{"arm64: data abort, write", ARM "Mem abort info:\n  ESR = 0x0000000096000046\n", ACCESS_WRITE},
	{"arm64: data abort, read", ARM "Mem abort info:\n  ESR = 0x96000006\n", ACCESS_READ},
	{"arm64: instruction abort", ARM "Mem abort info:\n  ESR = 0x0000000086000004\n", ACCESS_EXEC},
	{"arm64: cache maintenance is no write", ARM "Mem abort info:\n  ESR = 0x0000000096000146\n", ACCESS_UNKNOWN},
	{"arm64: WnR, where the syndrome's line is lost", ARM "Data abort info:\n  CM = 0, WnR = 1\n", ACCESS_WRITE},
	{"arm64: the number of the trap", ARM "Internal error: Oops: 0000000096000046 [#1] SMP\n", ACCESS_WRITE},
	{"arm64: the number of the trap, fetch", ARM "Internal error: Oops: 86000004 [#1] SMP\n", ACCESS_EXEC},
	{"arm: fault status, write", ARM "Internal error: Oops: 805 [#1] SMP ARM\n", ACCESS_WRITE},
	{"arm: fault status, prefetch abort", ARM "Internal error: Oops: 80000005 [#1] SMP ARM\n", ACCESS_EXEC},
	{"arm: fault status without the write bit", ARM "Internal error: Oops: 5 [#1] SMP ARM\n", ACCESS_UNKNOWN},
	{"arm: words", "Unable to handle kernel NULL pointer dereference at virtual address 00000028 when write\n", ACCESS_WRITE},
	{"powerpc: store", PPC "REGS: c000000003227390 TRAP: 0300   Not tainted  (6.1.0)\nDAR: 0000000000000028 DSISR: 42000000 IRQMASK: 0\n", ACCESS_WRITE},
	{"powerpc: load", PPC "REGS: c000000003227390 TRAP: 0300   Not tainted  (6.1.0)\nDAR: 0000000000000028 DSISR: 40000000 IRQMASK: 0\n", ACCESS_READ},
	{"powerpc: fetch", PPC "REGS: c000000003227390 TRAP: 0400   Not tainted  (6.1.0)\n", ACCESS_EXEC},
	{"powerpc: DSISR of an alignment interrupt", PPC "REGS: c000000003227390 TRAP: 0600   Not tainted  (6.1.0)\nDAR: 0000000000000028 DSISR: 42000000 IRQMASK: 0\n", ACCESS_UNKNOWN},
	{"s390: store", S390 "Failing address: 0000000000000000 TEID: 0000000000000483\n", ACCESS_WRITE},
	{"s390: fetch of either kind", S390 "Failing address: 0000000000000000 TEID: 0000000000000883\n", ACCESS_UNKNOWN},
	{"riscv: load", ARM "Oops [#1]\nstatus: 0000000200000120 badaddr: 0000000000000028 cause: 000000000000000d\n", ACCESS_READ},
	{"riscv: store", ARM "Oops [#1]\nstatus: 0000000200000120 badaddr: 0000000000000028 cause: 000000000000000f\n", ACCESS_WRITE},
	{"riscv: fetch", ARM "Oops [#1]\nstatus: 0000000200000120 badaddr: 0000000000000028 cause: 000000000000000c\n", ACCESS_EXEC},
	{"riscv: illegal instruction", ARM "Oops [#1]\nstatus: 0000000200000120 badaddr: 0000000000000028 cause: 0000000000000002\n", ACCESS_UNKNOWN},
	{"mips: store", MIPS "Oops[#1]:\nCause : 0080000c (ExcCode 03)\n", ACCESS_WRITE},
	{"mips: load or fetch", MIPS "Oops[#1]:\nCause : 00800008 (ExcCode 02)\n", ACCESS_UNKNOWN},
	{"loongarch: store", ARM "Oops[#1]:\nESTAT: 00020000 [PIS] (IS= ECode=2 EsubCode=0)\n", ACCESS_WRITE},
};
// clang-format on

static void read_access(void **state)
{
	const struct row *row = *state;
	struct fact_set facts;

	facts_of(&facts, row->log);
	assert_int_equal(facts.log.count, 1);
	assert_int_equal(facts.log.events[0].access, row->access);
	fact_done(&facts);
}

int main(void)
{
	struct CMUnitTest tests[ARRAY_SIZE(rows)];

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		tests[i] = row_test(rows[i].name, read_access, &rows[i]);
	return cmocka_run_group_tests_name("oops-access", tests, NULL, NULL);
}
