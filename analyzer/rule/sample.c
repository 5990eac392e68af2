// SPDX-License-Identifier: GPL-2.0-or-later
//
// The kernel log of a sample crash: a boot banner, what was logged ahead, and one report in the
// form that kernels of that release print. The forms, by what changed last:
//
//	OLD	to 4.9	"RIP: 0010:[<addr>] [<addr>] f+0x1/0x2", frames with addresses
//	PLAIN	4.10	addresses gone from RIP and frames
//	PF	5.1	"BUG: kernel NULL pointer dereference, address: ", lines "#PF: "
//	OOPS	6.8	"Oops: " before every trap
//
// What each class prints is a row of the table; a class that is missing there reads as none.
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/base.h"

#include "rule/sample.h"

enum form { FORM_OLD, FORM_PLAIN, FORM_PF, FORM_OOPS };

enum body {
	BODY_NONE,  /* the headline is all */
	BODY_STACK, /* CPU line and trace */
	BODY_REGS,  /* registers too: a fault, or an interrupted CPU */
	BODY_TASK,  /* the trace of a task that sleeps */
	BODY_PANIC, /* the panic line is the headline */
};

/*
 * In lines {address}, {where} (f+0x1/0x2 [module]), {function}, {comm}, {pid} and {panic} stand
 * for the sample's; NULL: no such line.
 */
struct shape {
	enum crash_class class;
	enum body body;
	bool cut;	    /* "cut here" ahead */
	const char *before; /* a line ahead of the headline that tells what it is about */
	const char *head, *head_pf; /* head_pf: since 5.1, if it differs */
	const char *after;
	const char *trap; /* the line of the exception */
	const char *panic; /* how it ends; NULL: the machine goes on */
};

#define BUG_TRAP "invalid opcode: 0000 [#1] SMP"
#define BUG_AT "kernel BUG at kernel/sample.c:100!"
#define WARNING_AT "WARNING: CPU: 2 PID: {pid} at kernel/sample.c:100 {where}"
#define FATAL "Fatal exception"

// clang-format off
static const struct shape shapes[] = {
	{CLASS_NULL_POINTER_DEREFERENCE, BODY_REGS, false, NULL,
	 "BUG: unable to handle kernel NULL pointer dereference at {address}",
	 "BUG: kernel NULL pointer dereference, address: {address}", NULL, "Oops: 0000 [#1] SMP", FATAL},
	{CLASS_PAGE_FAULT, BODY_REGS, false, NULL,
	 "BUG: unable to handle kernel paging request at {address}",
	 "BUG: unable to handle page fault for address: {address}", NULL, "Oops: 0000 [#1] SMP", FATAL},
	{CLASS_GENERAL_PROTECTION_FAULT, BODY_REGS, false, NULL,
	 "general protection fault: 0000 [#1] SMP",
	 "general protection fault, probably for non-canonical address 0x{address}: 0000 [#1] SMP", NULL, NULL, FATAL},
	{CLASS_DIVIDE_ERROR, BODY_REGS, false, NULL, "divide error: 0000 [#1] SMP", NULL, NULL, NULL, FATAL},
	{CLASS_INVALID_OPCODE, BODY_REGS, false, NULL, "invalid opcode: 0000 [#1] SMP", NULL, NULL, NULL, FATAL},
	{CLASS_DOUBLE_FAULT, BODY_REGS, false, NULL, "PANIC: double fault, error_code: 0x0", NULL, NULL, NULL, "Machine halted."},
	{CLASS_STACK_OVERFLOW, BODY_REGS, false, NULL,
	 "BUG: stack guard page was hit at 000000003d5b8b6c (stack is 00000000e0a9ff7b..000000007b5f6a11)", NULL, NULL,
	 "kernel stack overflow (double-fault): 0000 [#1] SMP", "Fatal exception in interrupt"},
	{CLASS_EXTERNAL_ABORT, BODY_STACK, false, NULL, "Internal error: synchronous external abort: 96000410 [#1] SMP", NULL, NULL,
	 NULL, FATAL},
	{CLASS_CPU_EXCEPTION, BODY_REGS, false, NULL, "stack segment: 0000 [#1] SMP", NULL, NULL, NULL, FATAL},

	{CLASS_KERNEL_BUG, BODY_REGS, true, NULL, BUG_AT, NULL, NULL, BUG_TRAP, FATAL},
	{CLASS_RUST_PANIC, BODY_REGS, true, "rust_kernel: panicked at samples/rust/sample.rs:31:9:", BUG_AT, NULL, NULL, BUG_TRAP, FATAL},
	{CLASS_WARNING, BODY_REGS, true, NULL, WARNING_AT, NULL, NULL, NULL, NULL},
	{CLASS_LIST_CORRUPTION, BODY_REGS, true,
	 "list_del corruption. prev->next should be ffff8881c2a4d008, but was 0000000000000000",
	 "kernel BUG at lib/list_debug.c:53!", NULL, NULL, BUG_TRAP, FATAL},
	{CLASS_REFCOUNT_ERROR, BODY_REGS, true, NULL, "WARNING: CPU: 2 PID: {pid} at lib/refcount.c:28 {where}", NULL,
	 "refcount_t: underflow; use-after-free.", NULL, NULL},
	{CLASS_BAD_USERCOPY, BODY_REGS, true,
	 "usercopy: Kernel memory exposure attempt detected from SLUB object 'kmalloc-64' (offset 0, size 200)!",
	 "kernel BUG at mm/usercopy.c:103!", NULL, NULL, BUG_TRAP, FATAL},
	{CLASS_STACK_CORRUPTION, BODY_PANIC, false, NULL, NULL, NULL, NULL, NULL,
	 "stack-protector: Kernel stack is corrupted in: {where}"},
	{CLASS_SLAB_CORRUPTION, BODY_STACK, false, NULL, "BUG kmalloc-64 (Not tainted): Poison overwritten", NULL,
	 "-----------------------------------------------------------------------------", NULL, NULL},
	{CLASS_BAD_PAGE, BODY_STACK, false, NULL, "BUG: Bad page state in process {comm}  pfn:1b3c42", NULL,
	 "page dumped because: nonzero _refcount", NULL, NULL},
	{CLASS_VFS_INCONSISTENCY, BODY_STACK, false, NULL,
	 "VFS: Busy inodes after unmount of sdb1. Self-destruct in 5 seconds.  Have a nice day...", NULL, NULL, NULL, NULL},
	{CLASS_CFI_FAILURE, BODY_REGS, false, "CFI failure at {where} (target: sample_target+0x0/0x1c; expected type: 0x7c2e91d4)",
	 BUG_TRAP, NULL, NULL, NULL, FATAL},

	{CLASS_KASAN_USE_AFTER_FREE, BODY_STACK, false, NULL, "BUG: KASAN: use-after-free in {where}", NULL,
	 "Read of size 8 at addr ffff8881c2a4d008 by task {comm}/{pid}", NULL, NULL},
	{CLASS_KASAN_OUT_OF_BOUNDS, BODY_STACK, false, NULL, "BUG: KASAN: slab-out-of-bounds in {where}", NULL,
	 "Read of size 8 at addr ffff8881c2a4d008 by task {comm}/{pid}", NULL, NULL},
	{CLASS_KASAN_INVALID_FREE, BODY_STACK, false, NULL, "BUG: KASAN: double-free or invalid-free in {where}", NULL, NULL, NULL, NULL},
	{CLASS_KASAN_BAD_ACCESS, BODY_STACK, false, NULL, "BUG: KASAN: null-ptr-deref in {where}", NULL,
	 "Read of size 8 at addr {address} by task {comm}/{pid}", NULL, NULL},
	{CLASS_KMSAN, BODY_STACK, false, NULL, "BUG: KMSAN: uninit-value in {where}", NULL, NULL, NULL, NULL},
	{CLASS_KCSAN, BODY_STACK, false, NULL, "BUG: KCSAN: data-race in {function} / sample_other", NULL, NULL, NULL, NULL},
	{CLASS_KFENCE, BODY_STACK, false, NULL, "BUG: KFENCE: use-after-free read in {where}", NULL, NULL, NULL, NULL},
	{CLASS_UBSAN, BODY_STACK, false, NULL, "UBSAN: shift-out-of-bounds in kernel/sample.c:100:17", NULL,
	 "shift exponent 40 is too large for 32-bit type 'int'", NULL, NULL},
	{CLASS_MEMORY_LEAK, BODY_STACK, false, NULL, "BUG: memory leak", NULL, "unreferenced object 0xffff8881c2a4d000 (size 64):", NULL, NULL},

	{CLASS_LOCKDEP_DEADLOCK, BODY_STACK, false, NULL, "WARNING: possible circular locking dependency detected", NULL, NULL, NULL, NULL},
	{CLASS_LOCKDEP_INCONSISTENT_STATE, BODY_STACK, false, NULL, "WARNING: inconsistent lock state", NULL, NULL, NULL, NULL},
	{CLASS_LOCK_USAGE, BODY_STACK, false, NULL, "WARNING: bad unlock balance detected!", NULL, NULL, NULL, NULL},
	{CLASS_SUSPICIOUS_RCU_USAGE, BODY_STACK, false, NULL, "WARNING: suspicious RCU usage", NULL, NULL, NULL, NULL},
	{CLASS_SPINLOCK_BUG, BODY_STACK, false, NULL, "BUG: spinlock bad magic on CPU#2, {comm}/{pid}", NULL, NULL, NULL, NULL},
	{CLASS_SLEEPING_IN_ATOMIC, BODY_STACK, false, NULL,
	 "BUG: sleeping function called from invalid context at kernel/sample.c:100", NULL,
	 "in_atomic(): 1, irqs_disabled(): 0, pid: {pid}, name: {comm}", NULL, NULL},
	{CLASS_SCHEDULING_WHILE_ATOMIC, BODY_STACK, false, NULL, "BUG: scheduling while atomic: {comm}/{pid}/0x00000002", NULL, NULL, NULL, NULL},
	{CLASS_PREEMPTIBLE_PERCPU, BODY_STACK, false, NULL,
	 "BUG: using smp_processor_id() in preemptible [00000000] code: {comm}/{pid}", NULL, "caller is {where}", NULL, NULL},

	{CLASS_SOFT_LOCKUP, BODY_REGS, false, NULL, "NMI watchdog: BUG: soft lockup - CPU#2 stuck for 22s! [{comm}:{pid}]",
	 "watchdog: BUG: soft lockup - CPU#2 stuck for 22s! [{comm}:{pid}]", NULL, NULL, "softlockup: hung tasks"},
	{CLASS_HARD_LOCKUP, BODY_REGS, false, NULL, "NMI watchdog: Watchdog detected hard LOCKUP on cpu 2", NULL, NULL, NULL, "Hard LOCKUP"},
	{CLASS_HUNG_TASK, BODY_TASK, false, NULL, "INFO: task {comm}:{pid} blocked for more than 120 seconds.", NULL, NULL, NULL,
	 "hung_task: blocked tasks"},
	{CLASS_RCU_STALL, BODY_REGS, false, NULL, "INFO: rcu_sched self-detected stall on CPU",
	 "rcu: INFO: rcu_sched self-detected stall on CPU", "\t2-....: (5249 ticks this GP) idle=e4c/1/0x4000000000000000", NULL, NULL},
	{CLASS_WORKQUEUE_LOCKUP, BODY_NONE, false, NULL,
	 "BUG: workqueue lockup - pool cpus=2 node=0 flags=0x0 nice=0 stuck for 38s!", NULL, NULL, NULL, NULL},
	{CLASS_UNREGISTER_NETDEVICE_HANG, BODY_NONE, false, NULL,
	 "unregister_netdevice: waiting for lo to become free. Usage count = 1", NULL, NULL, NULL, NULL},

	{CLASS_MACHINE_CHECK, BODY_NONE, false, NULL,
	 "mce: [Hardware Error]: CPU 2: Machine Check Exception: 5 Bank 7: be00000000010090", NULL,
	 "mce: [Hardware Error]: RIP 10:<ffffffff810c1051> {{where}}", NULL, "Fatal machine check"},
	{CLASS_HARDWARE_ERROR, BODY_NONE, false, NULL,
	 "{1}[Hardware Error]: Hardware error from APEI Generic Hardware Error Source: 4", NULL,
	 "{1}[Hardware Error]: event severity: fatal", NULL, "Fatal hardware error!"},
	{CLASS_NMI, BODY_NONE, false, NULL, "Uhhuh. NMI received for unknown reason 21 on CPU 2.", NULL,
	 "Dazed and confused, but trying to continue", NULL, NULL},
	{CLASS_IRQ_NOBODY_CARED, BODY_STACK, false, NULL, "irq 16: nobody cared (try booting with the \"irqpoll\" option)", NULL, NULL,
	 NULL, NULL},

	{CLASS_OOM, BODY_STACK, false, NULL, "{comm} invoked oom-killer: gfp_mask=0x201da, order=0, oom_score_adj=0", NULL, NULL, NULL, NULL},
	{CLASS_PAGE_ALLOCATION_FAILURE, BODY_STACK, false, NULL, "{comm}: page allocation failure: order:4, mode:0x40d0", NULL, NULL, NULL,
	 NULL},

	{CLASS_INIT_KILLED, BODY_PANIC, false, NULL, NULL, NULL, NULL, NULL, "Attempted to kill init! exitcode=0x00000009"},
	{CLASS_UNABLE_TO_MOUNT_ROOT, BODY_PANIC, false, NULL, NULL, NULL, NULL, NULL, "VFS: Unable to mount root fs on unknown-block(0,0)"},
	{CLASS_SYSRQ_CRASH, BODY_PANIC, false, "sysrq: Trigger a crash", NULL, NULL, NULL, NULL, "sysrq triggered crash"},
	{CLASS_PANIC, BODY_PANIC, false, NULL, NULL, NULL, NULL, NULL, "sample"},
};
// clang-format on

struct writer {
	const struct sample *sample;
	const struct shape *shape;
	struct buf *out;
	enum form form;
	uint64_t time_us;
	char where[200], function[80];
	uint64_t ip;
	const char *comm, *panic;
	const char *machine; /* NULL: x86_64 */
};

/* ---- lines ---- */

static void stamp(struct writer *w)
{
	buf_printf(w->out, "[%5llu.%06llu] ", (unsigned long long)(w->time_us / 1000000),
		   (unsigned long long)(w->time_us % 1000000));
	w->time_us += 37;
}

__attribute__((format(printf, 2, 3))) static void line(struct writer *w, const char *fmt, ...)
{
	char text[2048];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	stamp(w);
	buf_printf(w->out, "%s\n", text);
}

static uint64_t address_of(const struct writer *w)
{
	if (w->sample->has_fault_address)
		return w->sample->fault_address;
	switch (w->shape->class) {
	case CLASS_PAGE_FAULT:
		return UINT64_C(0xffff8a31c7f10e40);
	case CLASS_GENERAL_PROTECTION_FAULT:
		return UINT64_C(0x2f6d6f632e6c7068);
	default:
		return 8;
	}
}

/* One {name} of a line; false: plain text. */
static bool fill(const struct writer *w, struct slice name, struct buf *ret)
{
	if (slice_eq(name, "where"))
		buf_str(ret, w->where);
	else if (slice_eq(name, "function"))
		buf_str(ret, w->function);
	else if (slice_eq(name, "comm"))
		buf_str(ret, w->comm);
	else if (slice_eq(name, "pid"))
		buf_str(ret, w->shape->class == CLASS_INIT_KILLED ? "1" : "1408");
	else if (slice_eq(name, "address"))
		buf_printf(ret, "%016llx", (unsigned long long)address_of(w));
	else
		return false;
	return true;
}

static void expand(const struct writer *w, const char *text, struct buf *ret)
{
	while (*text) {
		size_t n = strcspn(text, "{");
		const char *end = text[n] ? strchr(text + n, '}') : NULL;
		const char *open = text + n;

		buf_add(ret, text, n);
		if (!*open)
			return;
		if (end && fill(w, (struct slice){open + 1, (size_t)(end - open - 1)}, ret)) {
			text = end + 1;
		} else {
			buf_str(ret, "{");
			text = open + 1;
		}
	}
}

/* A line of the table; the sample's own lines are taken as they are. */
static void line_of(struct writer *w, const char *text)
{
	if (!text)
		return;
	stamp(w);
	expand(w, text, w->out);
	buf_str(w->out, "\n");
}

/* ---- places ---- */

static uint32_t hash(const char *text, size_t n)
{
	uint32_t h = 2166136261u;

	while (n--)
		h = (h ^ (unsigned char)*text++) * 16777619u;
	return h;
}

/* Functions lie where their name hashes to, so that one is at one address in the whole log. */
static uint64_t start_of(const char *function, size_t n)
{
	return UINT64_C(0xffffffff81000000) + ((hash(function, n) % 0x700000) & ~UINT64_C(15));
}

/* "f+0x1c/0x80", and its address */
static uint64_t add_place(const char *function, size_t n, struct buf *ret)
{
	unsigned size = 0x80 + hash(function, n) % 32 * 16;
	unsigned offset = 0x1c + hash(function, n) / 64 % 64;

	buf_add(ret, function, n);
	buf_printf(ret, "+%#x/%#x", offset, size);
	return start_of(function, n) + offset;
}

static void frame(struct writer *w, const char *text)
{
	bool unreliable = !strncmp(text, "? ", 2);
	const char *name = unreliable ? text + 2 : text;
	size_t n = strcspn(name, " ");
	uint64_t address;
	struct buf place;

	buf_init(&place, 512);
	address = add_place(name, n, &place);
	if (place.data && w->form == FORM_OLD)
		line(w, " [<%016llx>] %s%s%s", (unsigned long long)address,
		     unreliable ? "? " : "", place.data, name + n);
	else if (place.data)
		line(w, " %s%s%s", unreliable ? "? " : "", place.data, name + n);
	buf_done(&place);
}

/* A jump into nothing has no function: the instruction pointer is the fault address. */
static bool is_jump(const struct sample *sample)
{
	return !sample->function && sample->has_fault_address &&
	       (!sample->fault_address || sample->fault_address >= UINT64_C(0xffffffff80000000));
}

static void find_where(struct writer *w)
{
	const struct sample *sample = w->sample;
	struct buf place;

	if (is_jump(sample)) {
		w->ip = sample->fault_address;
		snprintf(w->where, sizeof(w->where), "0x%llx", (unsigned long long)w->ip);
		return;
	}
	snprintf(w->function, sizeof(w->function), "%s",
		 sample->function ? sample->function : "sample_function");
	buf_init(&place, 256);
	w->ip = add_place(w->function, strlen(w->function), &place);
	if (sample->module)
		buf_printf(&place, " [%s]", sample->module);
	snprintf(w->where, sizeof(w->where), "%s", place.data ? place.data : "");
	buf_done(&place);
}

/* ---- parts of a report ---- */

static bool has_module(const struct buf *list, struct slice name)
{
	return list->data && memmem(list->data, list->len, name.p, name.n);
}

static void add_module(struct buf *list, struct slice name)
{
	if (!name.n || has_module(list, name))
		return;
	buf_str(list, " ");
	buf_add(list, name.p, name.n);
}

/* The modules that the sample names; without, those of the place and the trace. */
static void modules_line(struct writer *w)
{
	const struct sample *sample = w->sample;
	struct buf list;

	buf_init(&list, 4096);
	if (sample->modules) {
		buf_printf(&list, " %s", sample->modules);
	} else {
		if (sample->module)
			add_module(&list, slice_of(sample->module));
		for (size_t i = 0; sample->trace && sample->trace[i]; i++) {
			const char *open = strchr(sample->trace[i], '[');

			if (open)
				add_module(&list,
					   (struct slice){open + 1, strcspn(open + 1, "]")});
		}
		add_module(&list, slice_of("virtio_net"));
	}
	if (sample->last_unloaded)
		buf_printf(&list, " [last unloaded: %s]", sample->last_unloaded);
	line(w, "Modules linked in:%s", list.data ? list.data : "");
	buf_done(&list);
}

/* The kernel prints the letters in places of their own, with G where P is not set. */
static void taint_text(const char *taint, char *ret, size_t size)
{
	if (!taint || !*taint) {
		snprintf(ret, size, "Not tainted");
		return;
	}
	snprintf(ret, size, "Tainted: %c          %s", strchr(taint, 'P') ? 'P' : 'G',
		 taint + strspn(taint, "GP "));
}

static const char *release_of(const struct sample *sample)
{
	return sample->release ? sample->release : SAMPLE_RELEASE;
}

static const char *hardware_of(const struct sample *sample)
{
	return sample->hardware ? sample->hardware
				: "QEMU Standard PC (Q35 + ICH9, 2009), BIOS 1.16.2 04/01/2014";
}

static void task_lines(struct writer *w)
{
	char taint[64];

	taint_text(w->sample->taint, taint, sizeof(taint));
	line(w, "CPU: 2 %sPID: %s Comm: %s %s %s #1", w->form == FORM_OOPS ? "UID: 0 " : "",
	     w->shape->class == CLASS_INIT_KILLED ? "1" : "1408", w->comm, taint,
	     release_of(w->sample));
	line(w, "Hardware name: %s", hardware_of(w->sample));
	if (w->sample->workqueue)
		line(w, "Workqueue: %s", w->sample->workqueue);
}

static uint64_t register_of(const struct writer *w, const char *name)
{
	static const char *const zeros[] = {"rax", "rcx", "r9", "r10", "r14", "r15"};
	const struct sample *sample = w->sample;

	for (size_t i = 0; i < sample->register_count; i++)
		if (!strcmp(sample->registers[i].name, name))
			return sample->registers[i].value;
	if (!strcmp(name, "cr2"))
		return w->shape->class == CLASS_NULL_POINTER_DEREFERENCE ||
				       w->shape->class == CLASS_PAGE_FAULT
			       ? address_of(w)
			       : UINT64_C(0x7f3c0eaa0540);
	for (size_t i = 0; i < ARRAY_SIZE(zeros); i++)
		if (!strcmp(name, zeros[i]))
			return 0;
	return UINT64_C(0xffff8881c2a40000) + (hash(name, strlen(name)) & 0xfff0);
}

static void registers(struct writer *w, const char *a, const char *b, const char *c)
{
	const char *names[] = {a, b, c};
	char text[128] = "", shown[4];
	size_t used = 0;

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		for (size_t k = 0; k < sizeof(shown); k++)
			shown[k] = names[i][k] >= 'a' ? (char)(names[i][k] - 32) : names[i][k];
		shown[3] = '\0';
		used += (size_t)snprintf(text + used, sizeof(text) - used, "%s%3s: %016llx",
					 i ? " " : "", shown,
					 (unsigned long long)register_of(w, names[i]));
	}
	line(w, "%s", text);
}

/* Elsewhere the place and the registers that the sample names must do. */
static void other_register_lines(struct writer *w)
{
	unsigned long long ip = w->ip;

	if (!strcmp(w->machine, "aarch64")) {
		line(w, "pstate: 60400009 (nZCv daif +PAN -UAO)");
		line(w, "pc : %s", w->where);
		line(w, "sp : ffff8000880a6008");
	} else if (!strcmp(w->machine, "s390x")) {
		line(w, "Krnl PSW : 0704c00180000000 %016llx (%s)", ip, w->where);
	} else if (!strncmp(w->machine, "ppc64", 5)) {
		line(w, "NIP [%016llx] %s", ip, w->where);
	} else {
		line(w, "EIP: %s", w->where);
	}
	for (size_t i = 0; i < w->sample->register_count; i++)
		line(w, "%-3s: %016llx", w->sample->registers[i].name,
		     (unsigned long long)w->sample->registers[i].value);
}

static void register_lines(struct writer *w)
{
	unsigned long long ip = w->ip;

	if (w->machine) {
		other_register_lines(w);
		return;
	}

	for (size_t i = 0; i < w->sample->register_count; i++)
		if (!strcmp(w->sample->registers[i].name, "rip"))
			ip = w->sample->registers[i].value;
	if (w->form == FORM_OLD)
		line(w, "RIP: 0010:[<%016llx>]  [<%016llx>] %s", ip, ip, w->where);
	else
		line(w, "RIP: 0010:%s", w->where);
	if (is_jump(w->sample))
		line(w, "Code: Bad RIP value.");
	line(w, "RSP: 0018:%016llx EFLAGS: 00010246",
	     (unsigned long long)register_of(w, "rsp"));
	registers(w, "rax", "rbx", "rcx");
	registers(w, "rdx", "rsi", "rdi");
	registers(w, "rbp", "r08", "r09");
	registers(w, "r10", "r11", "r12");
	registers(w, "r13", "r14", "r15");
	line(w, "FS:  00007f3c0eaa0540(0000) GS:ffff88823bc80000(0000) knlGS:0000000000000000");
	line(w, "CS:  0010 DS: 0000 ES: 0000 CR0: 0000000080050033");
	line(w, "CR2: %016llx CR3: 0000000104a3c000 CR4: 00000000003506f0",
	     (unsigned long long)register_of(w, "cr2"));
}

static void trace_lines(struct writer *w, const char *const *leads, bool with_where)
{
	const struct sample *sample = w->sample;

	line(w, "Call Trace:");
	for (; leads && *leads; leads++)
		frame(w, *leads);
	if (with_where && *w->function) {
		char text[160];

		snprintf(text, sizeof(text), sample->module ? "%s [%s]" : "%s", w->function,
			 sample->module);
		frame(w, text);
	}
	for (size_t i = 0; sample->trace && sample->trace[i]; i++)
		frame(w, sample->trace[i]);
	frame(w, sample->workqueue ? "kthread" : "do_syscall_64");
	frame(w, sample->workqueue		? "ret_from_fork"
		 : w->form == FORM_OLD ? "system_call_fastpath"
				       : "entry_SYSCALL_64_after_hwframe");
}

/* ---- the report ---- */

static bool starts(const char *text, const char *front)
{
	return !strncmp(text, front, strlen(front));
}

/* The lines a report begins with, and the one of them that the sample's title stands for. */
static void headlines(struct writer *w)
{
	const struct shape *shape = w->shape;
	const char *title = w->sample->title, *before = shape->before, *after = shape->after;
	const char *head = w->form >= FORM_PF && shape->head_pf ? shape->head_pf : shape->head;

	if (title && (starts(title, "kernel BUG at ") || starts(title, "WARNING: ")))
		head = title;
	else if (title && (before || shape->class == CLASS_KERNEL_BUG))
		before = title;
	else if (title && (shape->class == CLASS_WARNING || shape->class == CLASS_REFCOUNT_ERROR))
		after = title;
	else if (title && !starts(title, "#PF: ")) // fault_lines() prints that one
		head = title;
	line_of(w, before);
	if (shape->cut)
		line(w, "------------[ cut here ]------------");
	if (shape->cut && w->form > FORM_OLD) { // WARN() came to tell why before where
		line_of(w, after);
		after = NULL;
	}
	line_of(w, head);
	line_of(w, after);
}

static void fault_lines(struct writer *w)
{
	const char *title = w->sample->title;

	if (title && starts(title, "#PF: ")) {
		line(w, "%s", title);
	} else if (w->form >= FORM_PF && (w->shape->class == CLASS_NULL_POINTER_DEREFERENCE ||
				   w->shape->class == CLASS_PAGE_FAULT)) {
		line(w, "#PF: supervisor %s in kernel mode",
		     is_jump(w->sample) ? "instruction fetch" : "read access");
		line(w, "#PF: error_code(0x%s) - not-present page",
		     is_jump(w->sample) ? "0010" : "0000");
	} else if (w->form == FORM_OLD && w->shape->trap && starts(w->shape->trap, "Oops")) {
		line(w, "IP: [<%016llx>] %s", (unsigned long long)w->ip, w->where);
	}
	if (!w->shape->trap)
		return;
	if (w->form == FORM_OOPS)
		line(w, "Oops: %s PTI", w->shape->trap);
	else
		line(w, w->form == FORM_OLD ? "%s" : "%s PTI", w->shape->trap);
}

static void body_task(struct writer *w)
{
	static const char *const leads[] = {"__schedule", "schedule", NULL};
	char taint[64];

	taint_text(w->sample->taint, taint, sizeof(taint));
	line(w, "      %s %s #1", taint, release_of(w->sample));
	line(w, "\"echo 0 > /proc/sys/kernel/hung_task_timeout_secs\" disables this message.");
	if (w->form >= FORM_PF)
		line(w, "task:%-15.15s state:D stack:    0 pid: 1408 ppid:     2 flags:0x00004000",
		     w->comm);
	else
		line(w, "%-15.15s D ffff8881c2a41ac0     0  1408      2 0x00000080", w->comm);
	if (w->sample->workqueue)
		line(w, "Workqueue: %s", w->sample->workqueue);
	trace_lines(w, leads, w->sample->function);
}

static void report(struct writer *w)
{
	static const char *const stack[] = {"dump_stack", NULL};

	headlines(w);
	switch (w->shape->body) {
	case BODY_REGS:
		fault_lines(w);
		modules_line(w);
		task_lines(w);
		register_lines(w);
		trace_lines(w, NULL, false);
		line(w, "---[ end trace 7c2e91d4a30f727c ]---");
		break;
	case BODY_STACK:
		modules_line(w);
		task_lines(w);
		trace_lines(w, stack, w->sample->function);
		break;
	case BODY_TASK:
		body_task(w);
		break;
	case BODY_NONE:
	case BODY_PANIC:
		break;
	}
}

static void panic_lines(struct writer *w)
{
	static const char *const stack[] = {"dump_stack", "panic", NULL};

	if (!w->panic)
		return;
	stamp(w);
	buf_str(w->out, "Kernel panic - not syncing: ");
	expand(w, w->panic, w->out);
	buf_str(w->out, "\n");
	if (w->shape->body != BODY_PANIC && w->shape->body != BODY_NONE)
		return;
	if (w->sample->modules || w->sample->last_unloaded)
		modules_line(w);
	task_lines(w);
	trace_lines(w, stack, w->sample->function);
}

/* ---- the log ---- */

static enum form form_of(const char *release)
{
	unsigned major = 0, minor = 0;

	if (sscanf(release, "%u.%u", &major, &minor) != 2)
		return FORM_PF;
	if (major < 4 || (major == 4 && minor < 10))
		return FORM_OLD;
	if (major < 5 || (major == 5 && minor < 1))
		return FORM_PLAIN;
	return major < 6 || (major == 6 && minor < 8) ? FORM_PF : FORM_OOPS;
}

static const char *other_machine(const char *release)
{
	static const char *const machines[] = {"aarch64", "ppc64le", "ppc64", "s390x", "i686"};

	for (size_t i = 0; i < ARRAY_SIZE(machines); i++)
		if (strstr(release, machines[i]))
			return machines[i];
	return NULL;
}

static const struct shape *shape_of(enum crash_class class)
{
	for (size_t i = 0; i < ARRAY_SIZE(shapes); i++)
		if (shapes[i].class == class)
			return &shapes[i];
	return NULL;
}

static const char *panic_of(const struct sample *sample, const struct shape *shape)
{
	static const char front[] = "Kernel panic - not syncing: ";

	if (sample->panic)
		return sample->panic;
	if (shape->body == BODY_PANIC && sample->title)
		return sample->title + (starts(sample->title, front) ? strlen(front) : 0);
	return shape->panic;
}

static void boot_lines(struct writer *w)
{
	const struct sample *sample = w->sample;

	line(w, "Linux version %s (build@builder.example.org) (gcc (GCC) 11.4.1) %s",
	     release_of(sample), sample->version ? sample->version : "#1 SMP");
	line(w, "Command line: %s",
	     sample->cmdline ? sample->cmdline : "root=/dev/sda2 ro crashkernel=256M");
	line(w, "DMI: %s", hardware_of(sample));
	w->time_us = 410000;
	line(w, "pid_max: default: 32768 minimum: 301");
}

void sample_write(const struct sample *sample, struct buf *ret)
{
	uint64_t seconds = sample->uptime ? sample->uptime : 4242;
	struct writer w = {.sample = sample,
			   .shape = shape_of(sample->class),
			   .out = ret,
			   .form = form_of(release_of(sample)),
			   .machine = other_machine(release_of(sample)),
			   .comm = sample->comm	       ? sample->comm
				   : sample->workqueue ? "kworker/2:1"
				   : sample->class == CLASS_INIT_KILLED ? "init"
							: "sampled"};

	boot_lines(&w);
	w.time_us = seconds * 1000000 > 2000000 ? seconds * 1000000 - 1000000 : 500000;
	for (size_t i = 0; sample->log && sample->log[i]; i++)
		line(&w, "%s", sample->log[i]);
	w.time_us = seconds * 1000000 + 100000;
	if (!w.shape)
		return;
	find_where(&w);
	w.panic = panic_of(sample, w.shape);
	if (w.shape->body != BODY_PANIC)
		report(&w);
	else
		line_of(&w, w.shape->before);
	panic_lines(&w);
}
