// SPDX-License-Identifier: GPL-2.0-or-later
//
// One report of each architecture and kind: place, registers, trace, task. Each log is one
// event unless the row says otherwise; the row tells what that event must hold.
#include "unit/test-oops.h"
#include "unit/test-rows.h"

struct row {
	const char *name, *log;
	enum crash_class class;
	const char *where, *module;
	const char *reg;	/* NULL: no register is looked at */
	uint64_t value;
	size_t frames;
	const char *first, *last; /* functions of the trace */
	const char *comm;
	long pid;
	int cpu;
};

// clang-format off
static const struct row rows[] = {
	{"x86_64, since 5.1",
	 "BUG: kernel NULL pointer dereference, address: 0000000000000028\n"
	 "#PF: supervisor write access in kernel mode\n"
	 "#PF: error_code(0x0002) - not-present page\n"
	 "PGD 0 P4D 0\n"
	 "Oops: 0002 [#1] PREEMPT SMP NOPTI\n"
	 "CPU: 1 PID: 77 Comm: insmod Kdump: loaded Tainted: G           OE      6.1.0-13-amd64 #1  Debian 6.1.55-1\n"
	 "Hardware name: QEMU Standard PC (Q35 + ICH9, 2009), BIOS 1.16.2\n"
	 "RIP: 0010:inner+0x6/0x10 [demo]\n"
	 "Code: 90 90 <c7> 04 25\n"
	 "RSP: 0018:ffffc90000123d50 EFLAGS: 00010246\n"
	 "RAX: 0000000000000000 RBX: ffff888100000000 RCX: 0000000000000003\n"
	 "CR2: 0000000000000028 CR3: 0000000101234000 CR4: 00000000000006e0\n"
	 "Call Trace:\n"
	 " <TASK>\n"
	 " outer+0x12/0x20 [demo]\n"
	 " ? guess+0x1/0x2\n"
	 " do_one_initcall+0x56/0x230\n"
	 " </TASK>\n"
	 "Modules linked in: demo(OE+)\n"
	 "CR2: 0000000000000028\n"
	 "---[ end trace 0000000000000000 ]---\n",
	 CLASS_NULL_POINTER_DEREFERENCE, "inner", "demo", "rbx", 0xffff888100000000, 3, "outer", "do_one_initcall", "insmod", 77, 1},

	{"x86_64, to 4.9",
	 "BUG: unable to handle kernel paging request at ffffc90000001000\n"
	 "IP: [<ffffffffa0001006>] inner+0x6/0x10 [demo]\n"
	 "PGD 1001067 PUD 1002067 PMD 0 \n"
	 "Oops: 0002 [#1] SMP \n"
	 "Modules linked in: demo(OE)\n"
	 "CPU: 1 PID: 77 Comm: insmod Tainted: G           OE  ------------   3.10.0-957.el7.x86_64 #1\n"
	 "task: ffff880012345678 ti: ffff880012340000 task.ti: ffff880012340000\n"
	 "RIP: 0010:[<ffffffffa0001006>]  [<ffffffffa0001006>] inner+0x6/0x10 [demo]\n"
	 "RSP: 0018:ffff880012343d50  EFLAGS: 00010246\n"
	 "RAX: 0000000000000000 RBX: 0000000000000001 RCX: 0000000000000003\n"
	 "Stack:\n"
	 " ffff880012343d60 ffffffffa0001034 0000000000000000 ffffffff81000000\n"
	 "Call Trace:\n"
	 " <IRQ>  [<ffffffffa0001034>] outer+0x14/0x20 [demo]\n"
	 " [<ffffffff81002000>] ? guess+0x1/0x2\n"
	 " <EOI>  [<ffffffff81003000>] do_one_initcall+0xba/0x240\n"
	 "Code: 90 90 <c7> 04 25\n"
	 "RIP  [<ffffffffa0001006>] inner+0x6/0x10 [demo]\n"
	 " RSP <ffff880012343d50>\n",
	 CLASS_PAGE_FAULT, "inner", "demo", "rip", 0xffffffffa0001006, 3, "outer", "do_one_initcall", "insmod", 77, 1},

	{"i386",
	 "kernel BUG at fs/demo.c:12!\n"
	 "invalid opcode: 0000 [#1] SMP \n"
	 "Modules linked in: demo\n"
	 "Pid: 77, comm: insmod Not tainted (2.6.32.26-175.fc12.i686.PAE #1) \n"
	 "EIP: 0060:[<c0598bd2>] EFLAGS: 00210286 CPU: 0\n"
	 "EIP is at demo_get+0x26/0x55\n"
	 "EAX: f6021060 EBX: 00000840 ECX: 00000780 EDX: 8000000a\n"
	 "Call Trace:\n"
	 " [<c059b02b>] ? demo_open+0x4b/0x1b8\n"
	 " [<c0403d18>] ? sysenter_do_call+0x12/0x22\n",
	 CLASS_KERNEL_BUG, "demo_get", NULL, "ebx", 0x840, 2, "demo_open", "sysenter_do_call", "insmod", 77, 0},

	{"jump to address 0: the caller",
	 "BUG: kernel NULL pointer dereference, address: 0000000000000000\n"
	 "#PF: supervisor instruction fetch in kernel mode\n"
	 "Oops: 0010 [#1] SMP\n"
	 "CPU: 0 PID: 5 Comm: cat Not tainted 6.1.0 #1\n"
	 "RIP: 0010:0x0\n"
	 "Code: Unable to access opcode bytes at 0xffffffffffffffd6.\n"
	 "Call Trace:\n"
	 " <TASK>\n"
	 " ? __die+0x1/0x2\n"
	 " demo_poll+0x30/0x60\n"
	 " vfs_read+0x1/0x2\n",
	 CLASS_NULL_POINTER_DEREFERENCE, "demo_poll", NULL, NULL, 0, 3, "__die", "vfs_read", "cat", 5, 0},

	{"arm64",
	 "Unable to handle kernel paging request at virtual address ffff000812345678\n"
	 "Mem abort info:\n"
	 "  ESR = 0x0000000096000046\n"
	 "  EC = 0x25: DABT (current EL), IL = 32 bits\n"
	 "Internal error: Oops: 0000000096000046 [#1] SMP\n"
	 "Modules linked in: demo(OE)\n"
	 "CPU: 1 UID: 0 PID: 77 Comm: insmod Tainted: G           OE      6.12.1-arm64 #1\n"
	 "pstate: 60400005 (nZCv daif +PAN -UAO -TCO -DIT -SSBS BTYPE=--)\n"
	 "pc : inner+0x4/0x10 [demo]\n"
	 "lr : outer+0x24/0x3c [demo]\n"
	 "sp : ffff80008123bb30\n"
	 "x29: ffff80008123bb30 x28: 0000000000000000 x27: ffffd000c0001000\n"
	 "Call trace:\n"
	 " inner+0x4/0x10 [demo] (P)\n"
	 " outer+0x24/0x3c [demo]\n"
	 " do_one_initcall+0x58/0x318\n"
	 "Code: aa0103e1 d503233f a9bf7bfd 910003fd (b9002801) \n"
	 "---[ end trace 0000000000000000 ]---\n",
	 CLASS_PAGE_FAULT, "inner", "demo", "x27", 0xffffd000c0001000, 3, "inner", "do_one_initcall", "insmod", 77, 1},

	{"arm",
	 "8<--- cut here ---\n"
	 "Unable to handle kernel NULL pointer dereference at virtual address 00000028\n"
	 "pgd = (ptrval)\n"
	 "[00000028] *pgd=00000000\n"
	 "Internal error: Oops: 805 [#1] SMP ARM\n"
	 "CPU: 0 PID: 77 Comm: insmod Tainted: G           O      5.10.0 #1\n"
	 "PC is at inner+0x8/0x14 [demo]\n"
	 "LR is at outer+0x18/0x30 [demo]\n"
	 "pc : [<bf000008>]    lr : [<bf000030>]    psr: 60000013\n"
	 "sp : c2345e40  ip : 00000000  fp : c2345e4c\n"
	 "r10: 00000000  r9 : c0c04048  r8 : c0c04048\n"
	 "Process insmod (pid: 77, stack limit = 0x12345678)\n"
	 "Backtrace: \n"
	 "[<bf000000>] (inner [demo]) from [<bf000030>] (outer+0x18/0x30 [demo])\n"
	 "[<bf000018>] (outer [demo]) from [<c0102000>] (do_one_initcall+0x50/0x200)\n"
	 "---[ end trace 0123456789abcdef ]---\n",
	 CLASS_NULL_POINTER_DEREFERENCE, "inner", "demo", "r9", 0xc0c04048, 2, "inner", "outer", "insmod", 77, 0},

	{"powerpc64",
	 "Kernel attempted to write user page (28) - exploit attempt? (uid: 0)\n"
	 "BUG: Unable to handle kernel data access on write at 0x7fff00000028\n"
	 "Faulting instruction address: 0xc008000000360008\n"
	 "Oops: Kernel access of bad area, sig: 11 [#1]\n"
	 "LE PAGE_SIZE=64K MMU=Radix SMP NR_CPUS=2048 NUMA pSeries\n"
	 "Modules linked in: demo(OE)\n"
	 "CPU: 3 PID: 77 Comm: insmod Tainted: G           OE      6.1.0-powerpc64le #1\n"
	 "NIP:  c008000000360008 LR: c00800000036004c CTR: c000000000123450\n"
	 "REGS: c000000003227390 TRAP: 0300   Tainted: G           OE       (6.1.0-powerpc64le)\n"
	 "MSR:  8000000000009033 <SF,EE,ME,IR,DR,RI,LE>  CR: 24000282  XER: 0000011e\n"
	 "CFAR: c008000000360048 DAR: 00007fff00000028 DSISR: 42000000 IRQMASK: 0 \n"
	 "GPR00: c0080000003601ec c000000003227630 c008000000376600 00007fff00000000 \n"
	 "GPR04: 0000000000000001 0000000000000002 0000000000000003 0000000000000004 \n"
	 "NIP [c008000000360008] inner+0x8/0x24 [demo]\n"
	 "LR [c00800000036004c] outer+0x28/0x50 [demo]\n"
	 "Call Trace:\n"
	 "[c000000003227630] [c0000000001237a8] printk+0x1/0x2 (unreliable)\n"
	 "[c000000003227660] [c00800000036004c] outer+0x28/0x50 [demo]\n"
	 "[c000000003227690] [c000000000012345] do_one_initcall+0x60/0x2c0\n"
	 "--- interrupt: 3000 at 0x7fff12345678\n"
	 "NIP:  00007fff12345678 LR: 0000000000000000 CTR: 0000000000000000\n"
	 "GPR00: 0000000000000080 00007fffc0000000 0000000000000000 0000000000000000 \n"
	 "---[ end trace 0000000000000000 ]---\n",
	 CLASS_PAGE_FAULT, "inner", "demo", "r3", 0x7fff00000000, 3, "printk", "do_one_initcall", "insmod", 77, 3},

	{"s390x",
	 "Unable to handle kernel pointer dereference in virtual kernel address space\n"
	 "Failing address: 0000000000000000 TEID: 0000000000000483\n"
	 "Fault in home space mode while using kernel ASCE.\n"
	 "Oops: 0004 ilc:3 [#1] SMP \n"
	 "Modules linked in: demo(OE)\n"
	 "CPU: 0 PID: 77 Comm: insmod Tainted: G           OE      6.1.0-s390x #1\n"
	 "Hardware name: QEMU 8561 QEMU (KVM/Linux)\n"
	 "Krnl PSW : 0704c00180000000 000003ff80001008 (inner+0x0/0x8 [demo])\n"
	 "           R:0 T:1 IO:1 EX:1 Key:0 M:1 W:0 P:0 AS:3 CC:0 PM:0 RI:0 EA:3\n"
	 "Krnl GPRS: 000003ff00000000 000000000074c290 0000000000000000 000000000074c291\n"
	 "           0000000000000004 0000000000000005 0000000000000006 0000000000000007\n"
	 "Krnl Code: 000003ff80001002: 0707\t\tbcr\t0,%r7\n"
	 "Call Trace:\n"
	 " [<000003ff80001008>] inner+0x0/0x8 [demo]\n"
	 "([<000003ff80001036>] outer+0x26/0x40 [demo])\n"
	 " [<0000000000100123>] do_one_initcall+0x3a/0x1f8\n"
	 "Last Breaking-Event-Address:\n"
	 " [<000003ff80001036>] outer+0x26/0x40 [demo]\n",
	 CLASS_PAGE_FAULT, "inner", "demo", "r5", 5, 3, "inner", "do_one_initcall", "insmod", 77, 0},

	{"riscv64, frames without a header",
	 "Unable to handle kernel NULL pointer dereference at virtual address 0000000000000028\n"
	 "Oops [#1]\n"
	 "Modules linked in: demo(OE)\n"
	 "CPU: 0 PID: 77 Comm: insmod Tainted: G           OE      6.1.0-riscv64 #1\n"
	 "epc : inner+0x6/0x16 [demo]\n"
	 " ra : outer+0x1c/0x2e [demo]\n"
	 "epc : ffffffff01ea2006 ra : ffffffff01ea2032 sp : ff20000000303890\n"
	 " gp : ffffffff81500000 tp : ff60000001000000 t0 : 0000000000000001\n"
	 "status: 0000000200000120 badaddr: 0000000000000028 cause: 000000000000000f\n"
	 "[<ffffffff01ea2006>] inner+0x6/0x16 [demo]\n"
	 "[<ffffffff80002000>] do_one_initcall+0x5c/0x1ce\n"
	 "Code: Unable to access instruction at 0xffffffff01ea1ff2.\n",
	 CLASS_NULL_POINTER_DEREFERENCE, "inner", "demo", "sp", 0xff20000000303890, 2, "inner", "do_one_initcall", "insmod", 77, 0},

	{"sparc64",
	 "Unable to handle kernel NULL pointer dereference\n"
	 "tsk->{mm,active_mm}->context = 000000000000009e\n"
	 "insmod(77): Oops [#1]\n"
	 "CPU: 0 PID: 77 Comm: insmod Not tainted 5.6.0-sparc64 #1\n"
	 "TSTATE: 0000009911001604 TPC: 00000000005506d8 TNPC: 00000000005506dc Y: 00000000    Not tainted\n"
	 "TPC: <inner+0x38/0xe0>\n"
	 "g0: 0000000002000000 g1: 0000000000000001 g2: 0000000000000002 g3: 0000000000000003\n"
	 "I7: <outer+0x70/0x1e0>\n"
	 "Call Trace:\n"
	 " [0000000000550a70] outer+0x70/0x1e0\n"
	 " [000000000055fe58] do_one_initcall+0x18/0x1c0\n"
	 "Caller[0000000000550a70]: outer+0x70/0x1e0\n",
	 CLASS_NULL_POINTER_DEREFERENCE, "inner", NULL, "g3", 3, 2, "outer", "do_one_initcall", "insmod", 77, 0},

	{"mips",
	 "CPU 0 Unable to handle kernel paging request at virtual address 00000028, epc == 80012008, ra == 80012034\n"
	 "Oops[#1]:\n"
	 "CPU: 0 PID: 77 Comm: insmod Not tainted 5.10.0 #1\n"
	 "$ 0   : 00000000 10008400 00000001 80012345\n"
	 "Hi    : 00000001\n"
	 "epc   : 80012008 inner+0x8/0x20 [demo]\n"
	 "ra    : 80012034 outer+0x14/0x30 [demo]\n"
	 "Status: 10008403\tKERNEL EXL IE \n"
	 "BadVA : 00000028\n"
	 "Call Trace:\n"
	 "[<80012008>] inner+0x8/0x20 [demo]\n"
	 "[<80012034>] outer+0x14/0x30 [demo]\n",
	 CLASS_PAGE_FAULT, "inner", "demo", "r3", 0x80012345, 2, "inner", "outer", "insmod", 77, 0},

	{"loongarch",
	 "CPU 0 Unable to handle kernel paging request at virtual address 0000000000000028, era == 9000000000012008, ra == 9000000000012034\n"
	 "Oops[#1]:\n"
	 "CPU: 0 PID: 77 Comm: insmod Not tainted 6.6.0 #1\n"
	 "pc 9000000000012008 ra 9000000000012034 tp 9000000100000000 sp 9000000100003d50\n"
	 "a0 0000000000000000 a1 0000000000000001 a2 0000000000000002 a3 0000000000000003\n"
	 "   ra: 9000000000012034 outer+0x14/0x30\n"
	 "  ERA: 9000000000012008 inner+0x8/0x20\n"
	 " BADV: 0000000000000028\n"
	 "Call Trace:\n"
	 "[<9000000000012008>] inner+0x8/0x20\n"
	 "[<9000000000012034>] outer+0x14/0x30\n",
	 CLASS_PAGE_FAULT, "inner", NULL, "a2", 2, 2, "inner", "outer", "insmod", 77, 0},

	{"m68k",
	 "Unable to handle kernel NULL pointer dereference at virtual address 00000028\n"
	 "Oops: 00000000\n"
	 "PC: [<00012008>] inner+0x8/0x20\n"
	 "SR: 2000  SP: 00abcdef  a2: 00123456\n"
	 "d0: 00000000    d1: 00000001    d2: 00000002    d3: 00000003\n"
	 "Process insmod (pid: 77, task=00123456)\n"
	 "Call Trace: [<00012034>] outer+0x14/0x30\n"
	 " [<00012034>] outer+0x14/0x30\n"
	 " [<00013000>] do_one_initcall+0x1/0x2\n",
	 CLASS_NULL_POINTER_DEREFERENCE, "inner", NULL, "d3", 3, 2, "outer", "do_one_initcall", "insmod", 77, -1},

	{"WARNING: the header names the place",
	 "------------[ cut here ]------------\n"
	 "demo went wrong\n"
	 "WARNING: CPU: 2 PID: 88 at net/demo.c:12 demo_warn+0x5/0x10 [demo]\n"
	 "Modules linked in: demo\n"
	 "CPU: 2 PID: 88 Comm: cat Not tainted 5.10.0 #1\n"
	 "RIP: 0010:demo_warn+0x5/0x10 [demo]\n"
	 "Call Trace:\n"
	 " demo_ioctl+0x1/0x2 [demo]\n"
	 "---[ end trace 0123456789abcdef ]---\n",
	 CLASS_WARNING, "demo_warn", "demo", NULL, 0, 1, "demo_ioctl", "demo_ioctl", "cat", 88, 2},

	{"narrow beats wide: the list before its BUG",
	 "list_del corruption, ffff888000000000->next is LIST_POISON1 (dead000000000100)\n"
	 "------------[ cut here ]------------\n"
	 "kernel BUG at lib/list_debug.c:45!\n"
	 "invalid opcode: 0000 [#1] SMP\n"
	 "CPU: 0 PID: 9 Comm: kworker/0:1 Not tainted 5.10.0 #1\n"
	 "RIP: 0010:__list_del_entry_valid.cold+0xf/0x55\n"
	 "Call Trace:\n"
	 " demo_release+0x1/0x2\n",
	 CLASS_LIST_CORRUPTION, "__list_del_entry_valid.cold", NULL, NULL, 0, 1, "demo_release", "demo_release", "kworker/0:1", 9, 0},

	{"narrow beats wide: refcount inside a WARNING",
	 "------------[ cut here ]------------\n"
	 "refcount_t: underflow; use-after-free.\n"
	 "WARNING: CPU: 0 PID: 9 at lib/refcount.c:28 refcount_warn_saturate+0xa6/0xf0\n"
	 "CPU: 0 PID: 9 Comm: cat Not tainted 5.10.0 #1\n"
	 "Call Trace:\n"
	 " demo_put+0x1/0x2\n",
	 CLASS_REFCOUNT_ERROR, "refcount_warn_saturate", NULL, NULL, 0, 1, "demo_put", "demo_put", "cat", 9, 0},

	{"a KASAN line only explains the fault before it",
	 "general protection fault, probably for non-canonical address 0xdffffc0000000005: 0000 [#1] SMP KASAN\n"
	 "KASAN: null-ptr-deref in range [0x0000000000000028-0x000000000000002f]\n"
	 "CPU: 0 PID: 9 Comm: cat Not tainted 5.10.0 #1\n"
	 "RIP: 0010:demo_read+0x1/0x2\n"
	 "Call Trace:\n"
	 " vfs_read+0x1/0x2\n",
	 CLASS_GENERAL_PROTECTION_FAULT, "demo_read", NULL, NULL, 0, 1, "vfs_read", "vfs_read", "cat", 9, 0},

	{"KASAN: only the access's own trace",
	 "==================================================================\n"
	 "BUG: KASAN: use-after-free in demo_read+0x10/0x20 [demo]\n"
	 "Read of size 8 at addr ffff888000001000 by task cat/9\n"
	 "CPU: 0 PID: 9 Comm: cat Not tainted 5.10.0 #1\n"
	 "Call Trace:\n"
	 " dump_stack+0x1/0x2\n"
	 " demo_read+0x10/0x20 [demo]\n"
	 "Allocated by task 8:\n"
	 " demo_alloc+0x1/0x2\n"
	 "Freed by task 7:\n"
	 " demo_free+0x1/0x2\n"
	 "==================================================================\n",
	 CLASS_KASAN_USE_AFTER_FREE, "demo_read", "demo", NULL, 0, 2, "dump_stack", "demo_read", "cat", 9, 0},

	{"hung task: whoever waits, above scheduler, lock and wait",
	 "INFO: task cat:99 blocked for more than 120 seconds.\n"
	 "      Not tainted 5.10.0 #1\n"
	 "\"echo 0 > /proc/sys/kernel/hung_task_timeout_secs\" disables this message.\n"
	 "task:cat             state:D stack:    0 pid:   99 ppid:     1 flags:0x00000000\n"
	 "Call Trace:\n"
	 " __schedule+0x282/0x870\n"
	 " schedule+0x46/0xb0\n"
	 " schedule_preempt_disabled+0xa/0x10\n"
	 " __mutex_lock.constprop.0+0x135/0x460\n"
	 " demo_write+0x1/0x2\n",
	 CLASS_HUNG_TASK, "demo_write", NULL, NULL, 0, 5, "__schedule", "demo_write", "cat", 99, -1},

	{"soft lockup: the interrupted code, not the tick",
	 "watchdog: BUG: soft lockup - CPU#3 stuck for 22s! [cat:99]\n"
	 "CPU: 3 PID: 99 Comm: cat Not tainted 5.10.0 #1\n"
	 "Call trace:\n"
	 " dump_backtrace+0x0/0x1a0\n"
	 " watchdog_timer_fn+0x254/0x3f8\n"
	 " __hrtimer_run_queues+0x11c/0x380\n"
	 " hrtimer_interrupt+0xfc/0x2f8\n"
	 " el1_irq+0xcc/0x180\n"
	 " demo_spin+0x1d8/0x320\n"
	 " demo_write+0x1/0x2\n",
	 CLASS_SOFT_LOCKUP, "demo_spin", NULL, NULL, 0, 7, "dump_backtrace", "demo_write", "cat", 99, 3},

	{"RCU stall: not the grace-period thread, not the idle loop",
	 "rcu: INFO: rcu_sched detected stalls on CPUs/tasks:\n"
	 "\t(detected by 0, t=5252 jiffies, g=1, q=2)\n"
	 "NMI backtrace for cpu 1\n"
	 "CPU: 1 PID: 0 Comm: swapper/1 Not tainted 5.10.0 #1\n"
	 "RIP: 0010:native_safe_halt+0xe/0x10\n"
	 "Call Trace:\n"
	 " default_idle+0xa/0x20\n"
	 " do_idle+0x1/0x2\n"
	 "rcu: RCU grace-period kthread stack dump:\n"
	 "task:rcu_sched       state:R stack:    0 pid:   10 ppid:     2\n"
	 "Call Trace:\n"
	 " __schedule+0x1/0x2\n"
	 " rcu_gp_kthread+0x1/0x2\n"
	 "NMI backtrace for cpu 2\n"
	 "CPU: 2 PID: 99 Comm: cat Not tainted 5.10.0 #1\n"
	 "RIP: 0010:demo_loop+0x1/0x2\n"
	 "Call Trace:\n"
	 " demo_write+0x1/0x2\n",
	 CLASS_RCU_STALL, "demo_loop", NULL, NULL, 0, 1, "demo_write", "demo_write", "swapper/1", 0, 1},

	{"RCU stall: what another CPU printed of itself is no trace of it",
	 "rcu: INFO: rcu_preempt detected stalls on CPUs/tasks:\n"
	 "Call Trace:\n"
	 " <IRQ>\n"
	 " dump_stack+0x1/0x2\n"
	 "Sending NMI from CPU 1 to CPUs 0:\n"
	 "NMI backtrace for cpu 0\n"
	 "CPU: 0 PID: 99 Comm: cat Not tainted 5.3.0 #1\n"
	 "RIP: 0010:demo_loop+0x1/0x2\n"
	 "Call Trace:\n"
	 " demo_write+0x1/0x2\n",
	 CLASS_RCU_STALL, "demo_loop", NULL, NULL, 0, 1, "demo_write", "demo_write", "cat", 99, 0},

	{"lockdep: where the lock was asked for",
	 "WARNING: possible recursive locking detected\n"
	 "5.10.0 #1 Not tainted\n"
	 "cat/99 is trying to acquire lock:\n"
	 "ffff888000001000 (&d->lock){+.+.}-{3:3}, at: demo_second+0x1/0x2\n"
	 "but task is already holding lock:\n"
	 "ffff888000002000 (&d->lock){+.+.}-{3:3}, at: demo_first+0x1/0x2\n"
	 "stack backtrace:\n"
	 "CPU: 0 PID: 99 Comm: cat Not tainted 5.10.0 #1\n"
	 "Call Trace:\n"
	 " dump_stack+0x1/0x2\n"
	 " demo_second+0x1/0x2\n",
	 CLASS_LOCKDEP_DEADLOCK, "demo_second", NULL, NULL, 0, 2, "dump_stack", "demo_second", "cat", 99, 0},

	{"traces without offsets, as mails have them",
	 "general protection fault, probably for non-canonical address 0xdead000000000100: 0000 [#1] SMP\n"
	 "CPU: 0 PID: 9 Comm: cat Not tainted 5.10.0 #1\n"
	 "RIP: 0010:demo_read\n"
	 "Call Trace:\n"
	 " <TASK>\n"
	 " ? guess\n"
	 " vfs_read\n"
	 " and this is prose\n",
	 CLASS_GENERAL_PROTECTION_FAULT, "demo_read", NULL, NULL, 0, 2, "guess", "vfs_read", "cat", 9, 0},

	{"user space below a time stamp's line",
	 "host login: [   12.345678] BUG: kernel NULL pointer dereference, address: 0000000000000008\n"
	 "[   12.345679] Oops: 0000 [#1] SMP\n"
	 "[   12.345680] CPU: 0 PID: 9 Comm: cat Not tainted 5.10.0 #1\n"
	 "[   12.345681] RIP: 0010:demo_read+0x1/0x2\n"
	 "[   12.345682] Call Trace:\n"
	 "[   12.345683]  vfs_read+0x1/0x2\n",
	 CLASS_NULL_POINTER_DEREFERENCE, "demo_read", NULL, NULL, 0, 1, "vfs_read", "vfs_read", "cat", 9, 0},
};
// clang-format on

static void check_trace(const struct row *row, const struct event *ev)
{
	assert_int_equal(ev->frame_count, row->frames);
	assert_string_equal(or_none(ev->trace[0].function), row->first);
	assert_string_equal(or_none(ev->trace[ev->frame_count - 1].function), row->last);
}

static void check_register(const struct row *row, const struct event *ev)
{
	for (size_t i = 0; i < ev->reg_count; i++) {
		if (strcmp(ev->regs[i].name, row->reg))
			continue;
		assert_int_equal(ev->regs[i].value, row->value);
		return;
	}
	fail_msg("no register %s", row->reg);
}

static void read_report(void **state)
{
	const struct row *row = *state;
	const struct event *ev;
	struct fact_set facts;
	struct buf log;

	buf_init(&log, 1 << 20);
	buf_str(&log, row->log);
	buf_str(&log, "---[ end trace 0000000000000000 ]---\n");
	assert_non_null(log.data);
	facts_of(&facts, log.data);
	buf_done(&log);
	assert_int_equal(facts.log.count, 1);
	ev = &facts.log.events[0];
	assert_string_equal(class_name(ev->class), class_name(row->class));
	assert_true(ev->has_where);
	assert_string_equal(or_none(ev->where.function), row->where);
	assert_string_equal(or_none(ev->where.module), or_none(row->module));
	check_trace(row, ev);
	if (row->reg)
		check_register(row, ev);
	assert_string_equal(or_none(ev->comm), row->comm);
	assert_int_equal(ev->pid, row->pid);
	assert_int_equal(ev->cpu, row->cpu);
	assert_false(ev->cut);
	fact_done(&facts);
}

int main(void)
{
	struct CMUnitTest tests[ARRAY_SIZE(rows)];

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		tests[i] = row_test(rows[i].name, read_report, &rows[i]);
	return cmocka_run_group_tests_name("oops-report", tests, NULL, NULL);
}
