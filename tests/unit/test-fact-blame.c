// SPDX-License-Identifier: GPL-2.0-or-later
//
// The function to blame: what is passed over, per class, and the table of groups.
#include "unit/test-oops.h"

#include "oops/group.h"
#include "unit/test-rows.h"

#define OOPS "BUG: unable to handle page fault for address: ffffc90000000000\nOops: 0000 [#1] SMP\n"
#define STALL "watchdog: BUG: soft lockup - CPU#3 stuck for 22s! [cat:99]\n"

#define HUNG "INFO: task cat:9 blocked for more than 120 seconds.\nCall Trace:\n schedule+0x1/0x2\n __mutex_lock+0x1/0x2\n demo_open+0x1/0x2\n"
#define LISTS "\nShowing all locks held in the system:\n"
#define STUCK "=where it is stuck"

struct row {
	const char *name, *log, *blame, *why; /* why: a part, or behind '=' the whole */
};

// clang-format off
static const struct row rows[] = {
	{"the faulting function", OOPS "RIP: 0010:demo_read+0x1/0x2\nCall Trace:\n vfs_read+0x1/0x2\n", "demo_read", "faulting function itself"},
	{"above a lock", OOPS "RIP: 0010:_raw_spin_lock+0xc/0x20\nCall Trace:\n demo_get+0x1/0x2\n", "demo_get", "locking primitive"},
	{"above copy and string helpers", OOPS "RIP: 0010:memcpy_erms+0x6/0x10\nCall Trace:\n _copy_to_iter+0x1/0x2\n demo_read+0x1/0x2\n", "demo_read", "copy between"},
	{"guesses do not count", OOPS "RIP: 0010:kfree+0x1/0x2\nCall Trace:\n ? demo_old+0x1/0x2\n demo_free+0x1/0x2\n", "demo_free", "allocator"},
	{"unless there is nothing else", OOPS "RIP: 0010:kfree+0x1/0x2\nCall Trace:\n ? demo_old+0x1/0x2\n ? vfs_read+0x1/0x2\n", "demo_old", "allocator"},
	{"nothing but helpers: the place itself", OOPS "RIP: 0010:memcpy+0x1/0x2\nCall Trace:\n", "memcpy", "faulting function"},
	{"a stall is of the system call's driver", STALL "RIP: 0010:demo_step+0x1/0x2\nCall Trace:\n demo_step+0x1/0x2\n demo_loop+0x1/0x2\n demo_write+0x1/0x2\n vfs_write+0x1/0x2\n ksys_write+0x1/0x2\n do_syscall_64+0x1/0x2\n", "demo_write", "did not end"},
	{"a stall of a work item", STALL "RIP: 0010:demo_step+0x1/0x2\nCall Trace:\n demo_step+0x1/0x2\n demo_work_fn+0x1/0x2\n process_one_work+0x1/0x2\n worker_thread+0x1/0x2\n", "demo_work_fn", "did not end"},
	{"a stall of a system call itself", STALL "RIP: 0010:d_walk+0x1/0x2\nCall Trace:\n do_rmdir+0x1/0x2\n __x64_sys_rmdir+0x1/0x2\n do_syscall_64+0x1/0x2\n", "__x64_sys_rmdir", "did not end"},
	{"waiting for another CPU", STALL "RIP: 0010:smp_call_function_many+0x1/0x2\nCall Trace:\n smp_call_function_many+0x1/0x2\n demo_flush+0x1/0x2\n", "smp_call_function", "another CPU"},
	{"waiting for RCU", "INFO: task cat:9 blocked for more than 120 seconds.\nCall Trace:\n schedule+0x1/0x2\n synchronize_rcu_expedited+0x1/0x2\n demo_exit+0x1/0x2\n", "synchronize_rcu", "grace period"},
	{"a leak is of whoever had it made", "unreferenced object 0xffff888000001000 (size 64):\n  backtrace:\n    [<ffff>] kmem_cache_alloc+0x1/0x2\n    [<ffff>] demo_node_alloc+0x1/0x2\n    [<ffff>] demo_open+0x1/0x2\n", "demo_open", "constructor"},
	{"above the core that unregisters a device", OOPS "RIP: 0010:sysfs_remove_group+0x1/0x2\nCall Trace:\n dpm_sysfs_remove+0x1/0x2\n device_del+0x1/0x2\n __unregister_client+0x1/0x2\n device_for_each_child+0x1/0x2\n i2c_del_adapter+0x1/0x2\n demo_exit+0x1/0x2\n", "demo_exit", "generic object"},
	{"a worker's trace of layers only: the work item", OOPS "Workqueue: events demo_work_fn [demo]\nCall Trace:\n process_one_work+0x1/0x2\n worker_thread+0x1/0x2\n", "demo_work_fn", "work item"},
	{"a work item of a queue without a name", OOPS "Workqueue:  demo_work_fn [demo] (demo)\nCall Trace:\n worker_thread+0x1/0x2\n", "demo_work_fn", "work item"},
	{"the trace's own function before the work item", OOPS "Workqueue: a queue demo_work_fn\nRIP: 0010:kfree+0x1/0x2\nCall Trace:\n demo_step+0x1/0x2\n process_one_work+0x1/0x2\n", "demo_step", "allocator"},
	{"no work item where the trace is cut", OOPS "Workqueue: events demo_work_fn\nRIP: 0010:kfree+0x1/0x2\nCall Trace:\n", "kfree", "faulting function"},
	{"a work item by its address alone", OOPS "Workqueue: events 0xffffffffc0123456\nCall Trace:\n worker_thread+0x1/0x2\n", "worker_thread", "faulting function"},
	{"a system call that faults itself", OOPS "RIP: 0010:__x64_sys_demo+0x1/0x2\nCall Trace:\n do_syscall_64+0x1/0x2\n entry_SYSCALL_64_after_hwframe+0x1/0x2\n", "__x64_sys_demo", "faulting function"},
	{"the idle loop itself", OOPS "RIP: 0010:default_idle+0x1/0x2\nCall Trace:\n do_idle+0x1/0x2\n cpu_startup_entry+0x1/0x2\n", "default_idle", "faulting function"},
	{"what stands below the place is how it was printed", "WARNING: CPU: 1 PID: 2 at lib/x.c:3 memcpy+0x1/0x2\nCall Trace:\n demo_port_print_trap+0x1/0x2\n memcpy+0x1/0x2\n demo_read+0x1/0x2\n", "demo_read", "string helper"},
	{"who holds the lock", "INFO: task cat:9 blocked for more than 120 seconds.\nCall Trace:\n schedule+0x1/0x2\n mutex_lock+0x1/0x2\n demo_open+0x1/0x2\nINFO: task cat:9 is blocked on a mutex likely owned by task dd:7.\ntask:dd state:S stack:0 pid:7\nCall Trace:\n demo_wait+0x1/0x2\n", "demo_open", "the lock is likely held by task dd:7"},
	{"who held the semaphore last", "INFO: task cat:9 blocked for more than 120 seconds.\nCall Trace:\n down+0x1/0x2\n demo_open+0x1/0x2\nINFO: task cat:9 is blocked on a semaphore likely last held by task d d:7\n", "demo_open", "likely held by task d d:7"},
	{"by the lists: who went on to ask for another lock", HUNG LISTS "1 lock held by cat/9:\n #0: ffff888000000100 (&d->lock){+.+.}, at: demo_open+0x1/0x2\n2 locks held by d/d/7:\n #0: ffff888000000100 (&d->lock){+.+.}, at: demo_write+0x1/0x2\n #1: ffff888000000200 (&d->two){+.+.}, at: demo_two+0x1/0x2\n1 lock held by eel/8:\n #0: ffff888000000100 (&d->lock){+.+.}, at: demo_open+0x1/0x2\n", "demo_open", "held by task d/d:7 (taken in demo_write)"},
	{"by the lists: the only other one, and where that hangs", HUNG "INFO: task dog:7 blocked for more than 120 seconds.\nCall Trace:\n schedule+0x1/0x2\n demo_io+0x1/0x2\n" LISTS "1 lock held by cat/9:\n #0: ffff888000000100 (&d->lock){+.+.}, at: demo_open+0x1/0x2\n1 lock held by dog/7:\n #0: ffff888000000100 (&d->lock){+.+.}, at: mutex_lock+0x1/0x2\n", "demo_open", "held by task dog:7, which itself hangs in demo_io"},
	{"by the lists: several may hold it, none is named", HUNG LISTS "1 lock held by cat/9:\n #0: ffff888000000100 (&d->lock){+.+.}, at: demo_open+0x1/0x2\n1 lock held by dog/7:\n #0: ffff888000000100 (&d->lock){+.+.}, at: demo_open+0x1/0x2\n1 lock held by eel/8:\n #0: ffff888000000100 (&d->lock){+.+.}, at: demo_open+0x1/0x2\n", "demo_open", STUCK},
	{"by the lists: another lock of that name is another lock", HUNG LISTS "1 lock held by cat/9:\n #0: ffff888000000100 (&d->lock){+.+.}, at: demo_open+0x1/0x2\n1 lock held by dog/7:\n #0: ffff888000000300 (&d->lock){+.+.}, at: demo_open+0x1/0x2\n", "demo_open", STUCK},
	{"by the lists: without addresses nothing", HUNG LISTS "1 lock held by cat/9:\n #0:  (&d->lock){+.+.}, at: [<ffffffff81000001>] demo_open+0x1/0x2\n1 lock held by dog/7:\n #0:  (&d->lock){+.+.}, at: [<ffffffff81000001>] demo_open+0x1/0x2\n", "demo_open", STUCK},
	{"by the lists: who waits for something else asks for no lock", "INFO: task cat:9 blocked for more than 120 seconds.\nCall Trace:\n schedule+0x1/0x2\n demo_open+0x1/0x2\n" LISTS "1 lock held by cat/9:\n #0: ffff888000000100 (&d->lock){+.+.}, at: demo_open+0x1/0x2\n1 lock held by dog/7:\n #0: ffff888000000100 (&d->lock){+.+.}, at: demo_open+0x1/0x2\n", "demo_open", STUCK},
	{"who freed the object, and who queued that", "BUG: KASAN: slab-use-after-free in demo_read+0x1/0x2\nCall Trace:\n demo_read+0x1/0x2\n\nAllocated by task 7:\n kasan_save_stack+0x1/0x2\n kmalloc_trace+0x1/0x2\n demo_new+0x1/0x2\n\nFreed by task 0:\n kfree+0x1/0x2\n demo_rcu_free+0x1/0x2\n\nLast potentially related work creation:\n __kasan_record_aux_stack+0x1/0x2\n call_rcu+0x1/0x2\n demo_drop+0x1/0x2\n", "demo_read", "itself; object freed by demo_rcu_free, work or RCU callback last queued by demo_drop"},
	{"out of bounds: who allocated", "BUG: KASAN: slab-out-of-bounds in demo_read+0x1/0x2\nCall Trace:\n demo_read+0x1/0x2\n\nAllocated by task 7:\n __kasan_kmalloc+0x1/0x2\n demo_new+0x1/0x2\n\nFreed by task 0:\n kfree+0x1/0x2\n demo_old+0x1/0x2\n", "demo_read", "itself; object allocated by demo_new"},
	{"SLUB names them in one line", "BUG kmalloc-64 (Not tainted): Poison overwritten\nINFO: Allocated in demo_new+0x1/0x2 age=9 cpu=1 pid=7\nINFO: Freed in demo_old+0x1/0x2 age=3 cpu=1 pid=7\nCall Trace:\n check_bytes_and_report+0x1/0x2\n demo_next+0x1/0x2\n", "demo_new", "object freed by demo_old"},
	{"kfence to 5.12: a foreign trace stays apart", "BUG: KFENCE: out-of-bounds read in demo_read+0x1/0x2\nkfence-#3 [0x1-0x2, size=32, cache=k] allocated by task 9:\n demo_new+0x1/0x2\n", "demo_read", "itself; object allocated by demo_new"},
	{"the only handler of an interrupt", "irq 16: nobody cared (try booting with the \"irqpoll\" option)\nCall Trace:\n note_interrupt+0x1/0x2\n handle_irq_event+0x1/0x2\nhandlers:\n[<0000000000000001>] irq_default_primary_handler threaded [<0000000000000002>] demo_irq [demo]\nDisabling IRQ #16\n", "demo_irq", "only handler"},
	{"two handlers of an interrupt", "irq 16: nobody cared (try booting with the \"irqpoll\" option)\nCall Trace:\n demo_idle+0x1/0x2\nhandlers:\n[<c0000001>] (demo_irq+0x0/0x9 [demo])\n[<c0000002>] other_irq\n", "demo_irq", "one of the handlers of the line: demo_irq [demo], other_irq"},
	{"in flight in the pool that is stuck", "BUG: workqueue lockup - pool cpus=3 node=0 flags=0x0 nice=0 stuck for 38s!\nShowing busy workqueues and worker pools:\nworkqueue events: flags=0x0\n  pwq 4: cpus=2 node=0 flags=0x0 nice=0 active=1/256\n    in-flight: 7:demo_other\n  pwq 6: cpus=3 node=0 flags=0x0 nice=0 active=1/256\n    in-flight: 8(RESCUER):demo_reset [demo] for 38s, 9:demo_third\n", "demo_reset", "the work item"},
	{"who reports a hardware error is not to blame", "Kernel panic - not syncing: Fatal hardware error!\nCall Trace:\n panic+0x1/0x2\n demo_poll+0x1/0x2\n", NULL, NULL},
	{"no event", "all is well\n", NULL, NULL},
};
// clang-format on

static void blame(void **state)
{
	const struct row *row = *state;
	struct fact_set facts;

	facts_of(&facts, row->log);
	assert_string_equal(or_none(facts.blame.function), or_none(row->blame));
	if (row->why && row->why[0] == '=')
		assert_string_equal(facts.blame_why, row->why + 1);
	else if (row->why)
		assert_non_null(strstr(facts.blame_why, row->why));
	else
		assert_null(facts.blame_why);
	fact_done(&facts);
}

/* The table is read from its beginning: no earlier group may take what a pattern is meant for. */
static void no_pattern_is_shadowed(const struct group_patterns *g)
{
	for (const char *const *pattern = g->patterns; *pattern; pattern++) {
		char name[64];
		size_t n = 0;

		assert_true(strlen(*pattern) < sizeof(name) - 1);
		for (const char *p = *pattern; *p; p++)
			if (*p != '*')
				name[n++] = *p;
		name[n] = '\0';
		if (oops_group(name) != g->group)
			fail_msg("%s is a %s, not a %s", *pattern,
				 oops_group_title(oops_group(name)), oops_group_title(g->group));
	}
}

static void groups(void **state)
{
	static const struct {
		const char *function;
		enum frame_group group;
	} names[] = {
		{"mutex_lock_nested", GROUP_LOCK},    {"kmalloc_trace", GROUP_ALLOC},
		{"__list_add_valid.cold", GROUP_LIST}, {"dump_stack", GROUP_REPORT},
		{"process_one_work", GROUP_DISPATCH}, {"schedule", GROUP_SCHED},
		{"schedule_demo", GROUP_NONE},	      {"demo_read", GROUP_NONE},
		{"panicked", GROUP_NONE},	      {"_copy_from_user.part.0", GROUP_COPY},
		/* one function, by its age */
		{"_spin_lock_irqsave", GROUP_LOCK},   {"_raw_spin_lock_irqsave", GROUP_LOCK},
		{"_read_lock_bh", GROUP_LOCK},	      {"__alloc_pages_nodemask", GROUP_ALLOC},
		{"__alloc_frozen_pages_noprof", GROUP_ALLOC}, {"alloc_from_pcs_sheaf", GROUP_ALLOC},
		{"cache_flusharray", GROUP_ALLOC},    {"SyS_write", GROUP_SYSCALL},
		{"__x64_sys_write", GROUP_SYSCALL},   {"run_timer_softirq", GROUP_DISPATCH},
		{"tasklet_action_common.isra.0", GROUP_DISPATCH}, {"do_notify_resume", GROUP_DISPATCH},
		/* by its architecture */
		{"asm_exc_page_fault", GROUP_ENTRY},  {"el1h_64_sync_handler", GROUP_ENTRY},
		{"__do_pgm_check", GROUP_ENTRY},      {"hardware_interrupt_common_virt", GROUP_ENTRY},
		{"xen_hvm_callback_vector", GROUP_ENTRY}, {"handle_adel_int", GROUP_ENTRY},
		{"arm_copy_from_user", GROUP_COPY},   {"psw_idle_exit", GROUP_IDLE},
		/* these only look like it */
		{"copy_page_range", GROUP_NONE},      {"rcu_barrier", GROUP_NONE},
		{"crypt_map", GROUP_NONE},	      {"nmi_event_demo", GROUP_NONE},
		{"lockd_up", GROUP_NONE},	      {"listen", GROUP_NONE},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		assert_string_equal(oops_group_title(oops_group(names[i].function)),
				    oops_group_title(names[i].group));
	for (const struct group_patterns *g = oops_groups; g->patterns; g++)
		no_pattern_is_shadowed(g);
	for (int group = 0; group < GROUP_COUNT; group++)
		assert_non_null(oops_group_title(group));
}

int main(void)
{
	struct CMUnitTest tests[ARRAY_SIZE(rows) + 1];

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		tests[i] = row_test(rows[i].name, blame, &rows[i]);
	tests[ARRAY_SIZE(rows)] = (struct CMUnitTest)cmocka_unit_test(groups);
	return cmocka_run_group_tests_name("fact-blame", tests, NULL, NULL);
}
