// SPDX-License-Identifier: GPL-2.0-or-later
//
// The table of function groups: which functions tell little about the cause of a crash by
// standing in its trace, and why. Names are without compiler suffix; '*' at the front or the
// end of a pattern stands for any text. Learned from the sources of kernels 2.6.32 to 7.2, file
// by file: a function that is missing here is merely blamed too early.
#include <stddef.h>

#include "oops/group.h"

// clang-format off
/*
 * Prints or raises the report. These stand above every crash of their class, whatever
 * crashed.
 */
static const char *const report[] = {
	/* panic, oops, WARN, BUG */
	"panic", "vpanic", "nmi_panic*", "check_panic_on_warn", "die", "die_*", "__die*",
	"___die*", "oops_*", "arm_notify_die", "arm64_notify_die", "bust_spinlocks",
	"add_taint", "__warn*", "warn_slowpath*", "warn_bogus_irq_restore", "warn_thunk_thunk",
	"__WARN_trap*", "report_bug*", "__report_bug", "fixup_bug*", "handle_bug",
	"bug_handler", "bug_brk_handler", "ubsan_handler", "cfi_handler",
	"reserved_fault_brk_handler", "do_handle_cfi*", "is_valid_bugaddr", "machine_kexec",
	"__crash_kexec", "crash_kexec", "kmsg_dump*", "notify_die", "force_sig_info*",
	"rewind_stack_*", "make_task_dead", "__stack_chk_fail*", "fortify_panic",
	"__fortify_*", "__read_overflow*", "__write_overflow*", "__copy_overflow",
	"*rust_begin_unwind", "_RNv*panic*", "rust_helper_BUG", "core::panicking::*",
	/* the fault was not repaired */
	"no_context*", "page_fault_oops", "kernelmode_fixup_or_oops", "do_kernel_fault",
	"__do_kernel_fault*", "die_kernel_fault", "ex_handler_*", "fixup_exception*",
	"show_fault_oops*", "bad_kernel_fault", "parisc_terminate", "do_no_context",
	/* stacks, registers, messages */
	"dump_stack*", "__dump_stack*", "show_stack*", "show_trace*", "dump_trace",
	"dump_backtrace*", "unwind_backtrace", "walk_stackframe", "arch_stack_walk*",
	"show_regs*", "__show_regs*", "show_registers", "show_backtrace*", "show_stacktrace",
	"show_raw_backtrace", "save_stack*", "__save_stack*", "stack_trace_*", "print_*",
	"__print_*", "printk*", "_printk*", "__printk*", "vprintk*", "console_unlock*",
	"console_flush_*", "console_emit_*", "call_console_drivers*", "trigger_*backtrace",
	"nmi_cpu_backtrace*", "nmi_trigger_*", "arch_trigger_*", "show_state_filter*",
	"sched_show_task*", "_sched_show_task*", "dump_cpu_task",
	/* lock-ups and stalls, as they are noticed */
	"watchdog", "watchdog_overflow_callback*", "watchdog_hardlockup_*", "watchdog_check_*",
	"watchdog_timer_interrupt", "watchdog_smp_panic", "watchdog_nmi_*", "hungtask*",
	"check_hung_*", "rcu_dump_cpu_stacks*", "rcu_print_*", "is_hardlockup",
	"*_pmu_handle_irq*", "*perf_event_overflow", "perf_event_nmi_handler",
	"handle_pmi_common", "perf_ibs_handle_irq", "perf_ibs_nmi_handler",
	/* checks that complain of their caller */
	"check_preemption_disabled", "debug_smp_processor_id", "__this_cpu_preempt_check",
	"__might_sleep*", "___might_sleep*", "__might_resched*", "might_resched",
	"might_sleep*", "might_fault", "__might_fault*", "__cant_sleep*", "__cant_migrate",
	"__schedule_bug*", "spin_dump*", "spin_bug*", "rwlock_bug*", "__report_bad_irq",
	"note_interrupt", "lockdep_rcu_suspicious*", "usercopy_abort*", "usercopy_warn*",
	"report_usercopy*", "skb_panic*", "skb_over_panic*", "skb_under_panic*", "bad_page",
	"check_new_page*", "free_page_is_bad*", "print_bad_pte*", "dump_page*", "__dump_page*",
	"dump_header*", "check_panic_on_oom*", "warn_alloc*", "object_err*", "slab_err*",
	"__slab_err*", "slab_bug", "slab_fix", "slab_pad_check", "check_bytes_and_report",
	"check_pad_bytes", "check_slab", "check_object", "warn_free_bad_obj", "ubsan_*",
	"__ubsan_*", "handle_overflow", "val_to_string*", "cfi_*", "__cfi_*",
	"report_cfi_failure", "handle_cfi_failure", "mce_panic*", "ghes_*panic*",
	NULL,
};

/*
 * Hooks that the compiler or a tracer puts into every function: they check or count what
 * their caller does.
 */
static const char *const sanitizer[] = {
	"kasan_*", "__kasan_*", "____kasan_*", "*_asan_*", "__asan_*", "__hwasan_*", "kmsan_*",
	"__kmsan_*", "__msan_*", "kcsan_*", "__kcsan_*", "__tsan_*", "__sanitizer_*",
	"kfence_*", "__kfence_*", "kcov_*", "__kcov_*", "write_comp_data", "check_kcov_mode",
	"__cyg_profile*", "check_memory_region*", "check_region_inline*", "memory_is_*",
	"bytes_is_nonzero", "instrument_*", "read_word_at_a_time", "__read_once*",
	"__write_once*", "addr_has_metadata", "check_canary*", "stack_depot_*",
	"__stack_depot*", "set_track*", "poison_slab_object", "unpoison_slab_object",
	"quarantine_*", "qlist_free*", "rcu_guarded_free", "__traceiter_*",
	"trace_event_raw_event_*", "__bpf_trace_*", "perf_trace_*", "__fentry__",
	"ftrace_caller", "ftrace_regs_caller", "ftrace_call", "function_trace_call",
	"ftrace_ops_*", "arch_ftrace_ops_list_func", "trace_preempt_*", "tracer_preempt_*",
	"tracer_hardirqs_*", "start_critical_timing*", "stop_critical_timing*",
	NULL,
};

/* The CPU's way into the kernel for a trap, a fault or an interrupt, and out again. */
static const char *const entry[] = {
	/* x86 */
	"asm_exc_*", "asm_sysvec_*", "asm_common_*", "asm_call_*", "asm_spurious_*",
	"asm_xenpv_*", "asm_fred_*", "asm_int80*", "exc_*", "sysvec_*", "__sysvec_*",
	"instr_sysvec_*", "fred_*", "do_error_trap", "do_trap*", "do_invalid_op", "invalid_op",
	"do_general_protection", "general_protection", "do_divide_error", "divide_error",
	"do_int3", "int3", "do_debug", "debug", "do_double_fault", "double_fault",
	"do_stack_segment", "stack_segment", "do_simd_coprocessor_error",
	"simd_coprocessor_error", "do_bounds", "do_page_fault", "__do_page_fault",
	"___do_page_fault", "do_async_page_fault", "async_page_fault", "page_fault",
	"trace_do_page_fault", "trace_page_fault", "do_user_addr_fault", "do_kern_addr_fault",
	"handle_page_fault", "spurious_kernel_fault*", "error_code", "error_entry",
	"error_exit", "error_return", "paranoid_*", "common_exception*", "nmi", "nmi_handle*",
	"nmi_restore", "nmi_stack*", "nmi_exit*", "nmi_enter*", "nmi_longest_ns", "do_nmi*",
	"default_do_nmi", "end_repeat_nmi", "first_nmi", "repeat_nmi", "apic_timer_interrupt",
	"smp_apic_timer_interrupt*", "smp_trace_apic_timer_interrupt",
	"trace_apic_timer_interrupt", "local_apic_timer_interrupt", "common_interrupt",
	"__common_interrupt", "do_IRQ", "ret_from_intr", "retint_*", "reschedule_interrupt",
	"smp_reschedule_interrupt", "call_function_interrupt",
	"call_function_single_interrupt", "restore_regs_and_return_to_kernel", "restore_all*",
	"common_spurious", "bsp_*interrupt", "xen_*callback*", "xen_do_upcall",
	"xen_evtchn_do_upcall", "__xen_evtchn_do_upcall", "xen_hvm_evtchn_do_upcall",
	"evtchn_*_handle_events", "xen_error_entry",
	/* arm, arm64 */
	"do_mem_abort", "do_translation_fault", "do_tag_check_fault", "do_alignment_fault",
	"do_bad_area", "__do_bad_area", "do_sea", "do_bad", "do_sect_fault",
	"do_debug_exception", "do_undefinstr", "do_DataAbort", "do_PrefetchAbort", "__dabt_*",
	"__pabt_*", "__und_*", "__irq_svc", "__irq_usr", "asm_do_IRQ", "handle_IRQ",
	"handle_fiq*", "call_break_hook", "brk_handler", "do_el1_*", "el1_*", "el1h_*",
	"el1t_*", "__el1_*", "arm64_serror_panic", "do_serror", "__bad_stack",
	"handle_bad_stack", "panic_bad_stack", "__panic_unhandled", "bad_mode_sync",
	"bad_el0_sync", "gic_handle_irq", "gic_*_handle_irq", "__gic_handle_irq*",
	"call_on_irq_stack", "call_on_stack", "do_interrupt_handler",
	"arm64_preempt_schedule_irq", "arm64_exit_nmi", "arm64_enter_nmi",
	/* powerpc */
	"program_check_*", "data_access_*", "instruction_access_*", "alignment_common*",
	"alignment_exception", "bad_page_fault", "__bad_page_fault", "do_bad_slb_fault",
	"hash__do_page_fault", "hardware_interrupt_common*", "decrementer_common*",
	"h_virt_irq_common*", "ret_from_except*", "interrupt_return*", "fast_exception_return",
	"fast_interrupt_return*", "interrupt_exit_*", "replay_soft_interrupts*",
	"arch_local_irq_restore*", "system_reset_*", "machine_check_common*",
	"machine_check_exception", "_exception*", "soft_nmi_*",
	/* s390 */
	"pgm_check_handler", "__do_pgm_check", "do_dat_exception", "do_protection_exception",
	"do_exception", "handle_fault_error*", "do_fault_error", "ext_int_handler",
	"io_int_handler", "mcck_int_handler", "do_ext_irq", "do_io_irq", "do_irq_async",
	"do_ext_interrupt", "do_cio_interrupt", "restart_int_handler",
	/* riscv, mips, sparc, loongarch, parisc */
	"handle_exception*", "riscv_intc_irq", "handle_riscv_irq", "do_irq", "do_ade",
	"do_ale", "do_bp", "do_ri", "do_tr", "do_be", "do_fpe", "do_watch", "do_reserved",
	"handle_int", "handle_vint*", "handle_adel_int", "handle_ades_int", "handle_ri_int",
	"handle_bp_int", "tlb_do_page_fault_*", "except_vec_*", "ret_from_irq",
	"plat_irq_dispatch", "do_vint", "handle_loongarch_irq", "do_sparc64_fault",
	"sparc64_realfault_common", "unhandled_fault", "tl0_*", "tl1_*", "rtrap_*",
	"handler_irq", "handle_interruption", "intr_return",
	/* all */
	"trap_handler", "irqentry_*", "irq_enter*", "irq_exit*", "__irq_exit*",
	"invoke_softirq", "enter_from_*", "context_tracking_*", "__context_tracking_*",
	"user_exit_*", "user_enter_*", "ct_idle_*", "ct_irq_*", "ct_kernel_*", "ct_nmi_*",
	"ct_user_*", "__ct_user_*", "handle_irq", "__handle_irq", "handle_edge_irq",
	"handle_fasteoi_*", "handle_level_irq", "handle_percpu_irq", "handle_simple_irq",
	"handle_nested_irq", "handle_irq_desc",
	NULL,
};

/* Lock debugging. It reports what its caller does with a lock. */
static const char *const lockdep[] = {
	"lockdep_*", "__lockdep_*", "lock_acquire*", "__lock_acquire*", "lock_release*",
	"__lock_release*", "lock_acquired*", "lock_contended*", "lock_is_held*",
	"__lock_is_held", "lock_set_class", "lock_downgrade", "lock_sync", "lock_pin_lock",
	"lock_unpin_lock", "lock_repin_lock", "check_prev*", "check_noncircular",
	"check_irq_usage", "check_usage*", "check_deadlock", "check_chain_key",
	"check_wait_context*", "check_redundant", "check_path", "check_lock_chain*",
	"check_flags*", "validate_chain*", "mark_lock*", "mark_held_locks", "mark_usage",
	"__mark_*", "valid_state", "trace_hardirqs_*", "trace_softirqs_*", "hardirqs_on*",
	"hardirqs_off*", "register_lock_class*", "look_up_lock_class*", "assign_lock_key*",
	"debug_check_no_locks_*", "__debug_check_no_locks*", "debug_locks_off*",
	"debug_lockdep_rcu_enabled", "reacquire_held_locks", "lookup_chain_cache*",
	"add_chain_cache*", "add_lock_to_list*", "find_held_lock", "match_held_lock",
	"find_lock_to_acquire", "find_usage_*", "__bfs*", "save_trace", "graph_lock",
	"graph_unlock", "hlock_class", "static_obj", "__static_obj", "is_dynamic_key",
	"rcu_lock_acquire", "rcu_lock_release", "rcu_read_lock*", "rcu_read_unlock*",
	"__rcu_read_*", "rcu_is_watching", "rcu_lockdep_*", "local_lock_*", "__local_lock_*",
	"seqcount_lockdep_*", "__seqprop_*", "debug_mutex_*", "debug_spin_*", "debug_write_*",
	"debug_rt_mutex_*", "debug_rwsem_*",
	NULL,
};

/* Locks. What waits or spins in one, or finds it damaged, was handed it by its caller. */
static const char *const lock[] = {
	/* spinning */
	"_spin_*", "__spin_*", "spin_*", "raw_spin_*", "_raw_spin_*", "_raw_read_*",
	"_raw_write_*", "_raw_*lock*", "__raw_*lock*", "do_raw_*", "arch_spin_*",
	"arch_read_*", "arch_write_*", "queued_spin_*", "_read_lock*", "_read_unlock*",
	"_read_trylock*", "_write_lock*", "_write_unlock*", "_write_trylock*", "read_lock*",
	"read_unlock*", "read_trylock*", "write_lock*", "write_unlock*", "write_trylock*",
	"queued_read_*", "queued_write_*", "native_queued_spin_*", "__pv_*",
	"pv_queued_spin_*", "pv_wait*", "pv_kick*", "pv_hash*", "__raw_callee_save_*",
	"virt_spin_lock", "kvm_wait", "kvm_lock_spinning", "xen_spin_*", "xen_qlock_*",
	"xen_poll_irq*", "__xen_spin_*", "hv_qlock_*", "ticket_spin_*", "__ticket_spin_*",
	"mcs_spin_*", "__write_lock_failed", "__read_lock_failed", "__lock_text_start",
	"in_lock_functions", "splpar_spin_*", "__spin_yield", "__rw_yield", "bit_spin_*",
	"__bit_spin_*", "hlist_bl_lock", "hlist_bl_unlock", "rwlock_*", "seqcount_*",
	"read_seq*", "write_seq*", "_atomic_dec_and_lock*", "atomic_dec_and_mutex_lock",
	/* sleeping */
	"mutex_*", "__mutex_*", "ww_mutex_*", "__ww_mutex*", "rt_mutex_*", "__rt_mutex_*",
	"rtlock_*", "rt_spin_*", "__rt_spin_*", "rt_read_*", "rt_write_*", "rwbase_*",
	"task_blocks_on_rt_mutex", "try_to_take_rt_mutex", "mark_wakeup_next_waiter", "down",
	"__down*", "down_read*", "down_write*", "down_interruptible", "down_killable",
	"down_timeout", "down_trylock", "up", "__up", "up_read*", "up_write*", "__up_read",
	"__up_write", "downgrade_write", "call_rwsem_*", "rwsem_*", "__rwsem_*",
	"__init_rwsem", "percpu_down_*", "percpu_up_*", "__percpu_down_*", "__percpu_up_*",
	"percpu_rwsem_*", "__percpu_rwsem_*", "__percpu_init_rwsem", "percpu_free_rwsem",
	"ldsem_*", "__ldsem_*", "osq_*", "lock_kernel", "unlock_kernel", "_lock_kernel",
	"_unlock_kernel", "class_*_constructor", "class_*_destructor",
	/* of one kind of object, and no more than its lock */
	"console_lock", "console_trylock*", "__down_trylock_console_sem*", "__up_console_sem*",
	"up_console_sem", "lock_sock*", "__lock_sock*", "release_sock", "__release_sock",
	"task_rq_lock", "__task_rq_lock", "___task_rq_lock", "_task_rq_lock", "rq_lock*",
	"raw_spin_rq_*", "double_rq_lock", "double_lock_balance", "lock_page*", "__lock_page*",
	"trylock_page", "folio_trylock*", "inode_lock*", "inode_unlock*", "inode_trylock*",
	"mmap_read_*", "mmap_write_*", "mmap_lock_*", "__mmap_lock_*", "reiserfs_write_lock*",
	NULL,
};

/*
 * The way out of a CPU: whoever sleeps or is preempted goes it. The scheduler's own
 * classes are not here.
 */
static const char *const sched[] = {
	"schedule", "_schedule", "__schedule*", "schedule_*timeout*",
	"schedule_preempt_disabled", "schedule_idle", "schedule_rtlock", "schedule_hrtimeout*",
	"io_schedule*", "preempt_schedule*", "__switch_to*", "context_switch", "switch_to",
	"_switch", "resume", "thread_return", "finish_task_switch*", "__cond_resched*",
	"_cond_resched", "cond_resched*", "preempt_count_*", "preempt_latency_*",
	"raw_irqentry_exit_cond_resched", "yield", "do_sched_yield", "sched_clock*",
	"native_sched_clock*", "local_clock*", "__sched_text_start",
	NULL,
};

/* Waiting, and waking those who wait. */
static const char *const wait[] = {
	"wait_for_completion*", "__wait_for_common", "wait_for_common*", "do_wait_for_common",
	"try_wait_for_completion", "completion_done", "complete", "complete_all",
	"complete_with_flags", "complete_on_current_cpu", "wait_on_bit*", "__wait_on_bit*",
	"out_of_line_wait_on_bit*", "bit_wait*", "__wait_on_buffer", "wait_on_buffer",
	"sleep_on_*", "wait_woken", "prepare_to_wait*", "prepare_to_swait*",
	"__prepare_to_swait", "finish_wait", "finish_swait", "__finish_swait", "do_wait_intr*",
	"autoremove_wake_function", "var_wake_function", "default_wake_function",
	"wake_up_process", "wake_up_q", "wake_up_state", "wake_up_bit", "wake_up_var",
	"wake_q_add*", "__wake_up*", "swake_up_*", "try_to_wake_up", "wait_rcu_gp*",
	"__wait_rcu_gp", "io_wait_event", "closure_sync*", "__closure_sync*", "msleep*",
	"usleep_range*", "__delay", "__udelay", "__ndelay", "__const_udelay", "delay_tsc*",
	"delay_loop", "delay_halt*", "delay_mwait*", "__loop_delay", "__timer_delay",
	NULL,
};

/*
 * Allocators, of memory and of numbers. A damaged heap is found by whoever allocates next;
 * what is freed wrongly, by the caller of free.
 */
static const char *const alloc[] = {
	/* kmalloc and its caches: SLUB, SLAB, SLOB */
	"*kmalloc*", "*kzalloc*", "*kcalloc*", "*vmalloc*", "*vzalloc*", "*vcalloc*",
	"krealloc*", "__krealloc*", "__do_krealloc", "kvrealloc*", "vrealloc*", "*kmem_cache*",
	"kmemdup*", "kvmemdup*", "kstrdup*", "kstrndup", "kvasprintf*", "kasprintf",
	"memdup_*", "vmemdup_user", "strndup_user", "kmem_*", "__kmem_*", "kfree", "kvfree",
	"__kfree", "kfree_sensitive", "kfree_const", "kfree_nolock", "kfree_bulk", "kzfree",
	"kvfree_sensitive", "kvfree_atomic", "ksize", "__ksize", "slab_*", "__slab_*",
	"___slab_*", "do_slab_free", "*sheaf*", "barn_*", "__pcs_*", "free_to_pcs*",
	"refill_objects", "__refill_objects*", "free_deferred_objects",
	"build_detached_freelist", "build_slab_freelist", "new_slab*", "allocate_slab",
	"alloc_slab_page", "setup_object*", "init_object", "init_tracking", "next_slab_obj",
	"get_partial*", "get_from_partial*", "get_any_partial*", "get_freepointer*",
	"deactivate_slab*", "unfreeze_partials*", "__unfreeze_partials", "__put_partials",
	"put_cpu_partial", "flush_cpu_slab", "free_to_partial_list", "discard_slab",
	"free_slab", "__free_slab", "rcu_free_slab", "remove_full", "restore_bytes",
	"alloc_debug_processing", "free_debug_processing", "alloc_consistency_checks",
	"free_consistency_checks", "on_freelist", "memcg_slab_*", "__memcg_slab_*",
	"obj_cgroup_*", "try_charge*", "cache_alloc*", "____cache_alloc*", "__cache_*",
	"___cache_free", "__do_cache_alloc", "cache_grow*", "cache_free*", "cache_flusharray",
	"cache_init_objs*", "cache_from_obj", "free_block", "drain_array*", "fallback_alloc",
	"alternate_node_alloc", "slob_*",
	/* pages */
	"alloc_pages*", "__alloc_pages*", "alloc_page*", "__alloc_page*",
	"alloc_frozen_pages*", "__alloc_frozen_pages*", "get_page_from_freelist", "rmqueue*",
	"__rmqueue*", "prep_new_page", "prep_compound_*", "post_alloc_hook",
	"prepare_alloc_pages*", "__get_free_page*", "get_zeroed_page*", "folio_alloc*",
	"__folio_alloc*", "vma_alloc_folio*", "filemap_alloc_folio*", "__page_cache_alloc",
	"free_pages*", "__free_pages*", "__free_page*", "free_pcppages*", "free_pcp_*",
	"free_hot_cold_page", "free_unref_*", "free_frozen_page*", "__free_frozen_page*",
	"__free_one_page", "free_one_page", "free_large_kmalloc", "free_compound_page",
	"destroy_compound_page", "destroy_large_folio", "page_frag_*", "__page_frag_*",
	/* addresses, memory of CPUs, of devices */
	"vfree*", "__vfree*", "pcpu_*", "alloc_percpu*", "__alloc_percpu*", "free_percpu",
	"mempool_*", "__dma_alloc*", "dma_alloc_*", "dma_direct_alloc*",
	"dma_generic_alloc_coherent", "alloc_large_system_hash", "radix_tree_node_alloc*",
	"devm_kmalloc*", "devm_kzalloc",
	/* numbers; what makes allocations fail or counts them */
	"idr_alloc*", "ida_alloc*", "should_fail*", "__should_fail*", "should_failslab",
	"fail_dump", "fault_create_debugfs*", "fault_*inject*", "might_alloc", "fs_reclaim_*",
	"__fs_reclaim_*", "kmemleak_*", "create_object*", "__create_object*",
	"delete_object_*", "__delete_object",
	NULL,
};

/*
 * Lists, trees and other containers. They show that an element was damaged or linked
 * twice, not by whom.
 */
static const char *const list[] = {
	"list_*add*", "list_del*", "list_move*", "list_splice*", "list_empty*",
	"list_replace*", "list_swap*", "list_rotate*", "__list_*", "hlist_*", "__hlist_*",
	"llist_*", "plist_*", "klist_*", "__klist_*", "bsearch", "sort", "sort_r", "rb_*",
	"__rb_*", "____rb_*", "radix_tree_*", "__radix_tree_*", "xa_*", "__xa_*", "xas_*",
	"__xas_*", "idr_*", "mas_*", "mtree_*", "percpu_counter_*", "__percpu_counter_*",
	"__skb_unlink", "skb_unlink", "__skb_queue_*", "__skb_dequeue*", "__skb_insert",
	NULL,
};

/* Counts and bits in an object of the caller. */
static const char *const refcount[] = {
	"refcount_*", "__refcount_*", "kref_*", "atomic_*", "arch_atomic*", "raw_atomic*",
	"atomic64_*", "atomic_long_*", "cmpxchg*", "rcuref_*", "lockref_*", "percpu_ref_*",
	"__percpu_ref_*", "ref_tracker_*", "queued_fetch*", "arch_*bit", "test_bit",
	"_test_bit", "const_test_bit", "constant_test_bit", "variable_test_bit", "test_and_*",
	"_test_and_*", "set_bit", "_set_bit", "__set_bit", "___set_bit", "clear_bit*",
	"_clear_bit", "__clear_bit", "change_bit", "_change_bit", "_find_*bit*",
	"__find_*bit*", "find_*_bit", "hweight*", "__sw_hweight*", "page_ref_*", "folio_ref_*",
	"get_page*", "put_page*", "__put_page*", "folio_put*", "__folio_put*",
	"put_pages_list",
	NULL,
};

/* Copies between memory of the kernel and of a process, or through an iterator. */
static const char *const copy[] = {
	"*copy_from_user*", "*copy_to_user*", "copy_user_*", "__copy_user*", "copy_in_user*",
	"raw_copy_*", "__raw_copy_*", "__copy_tofrom_user*", "copy_struct_from_user",
	"check_zeroed_user", "copyin", "copyout", "probe_kernel_*", "__probe_kernel_*",
	"__arch_copy_*", "__asm_copy_*", "fallback_scalar_usercopy*", "__get_user*",
	"__put_user*", "get_user*_nocheck*", "strncpy_from_*", "strnlen_user*", "clear_user*",
	"__clear_user*", "__arch_clear_user", "fault_in_*", "rep_movs_alternative",
	"rep_stos_alternative", "_copy_*_iter*", "copy_*_iter*", "__copy_*_iter*",
	"copy_page_*iter*", "iov_iter_*", "import_iovec", "__import_iovec", "iovec_from_user",
	"copy_iovec_from_user", "iterate_and_advance*", "iterate_iovec", "iterate_bvec",
	"iterate_kvec", "iterate_xarray", "simple_copy_to_iter", "copy_mc_*",
	"csum_and_copy_*", "csum_partial_copy*", "__check_object_size*", "check_object_size*",
	"check_heap_object", "__check_heap_object", "check_copy_size", "check_bogus_address",
	"check_stack_object",
	NULL,
};

/* Bytes and strings: they touch what their caller points at. */
static const char *const string[] = {
	"memcpy*", "__memcpy*", "memmove*", "__memmove*", "memset*", "__memset*", "memcmp*",
	"__memcmp", "memchr*", "memscan", "memzero*", "__memzero", "bcmp", "strcmp", "strncmp",
	"strcasecmp", "strncasecmp", "strlen", "strnlen", "strcpy", "strncpy", "strlcpy",
	"strscpy*", "sized_strscpy", "stpcpy", "strcat", "strncat", "strlcat", "strchr*",
	"strnchr*", "strrchr", "strpbrk", "strstr", "strnstr", "strsep", "strspn", "strcspn",
	"strim", "skip_spaces", "strreplace", "match_string", "__match_string", "sysfs_streq",
	"sprintf", "snprintf", "scnprintf", "vsnprintf", "vscnprintf", "vsprintf",
	"vbin_printf", "bstr_printf", "string", "string_nocheck", "format_decode", "number",
	"pointer", "va_format", "widen_string", "hex_string", "mac_address_string",
	"ip4_*string*", "ip6_*string*", "uuid_string", "resource_string", "symbol_string",
	"dentry_name", "file_dentry_name", "bdev_name", "device_node_string", "fwnode_string",
	"netdev_bits", "flags_string", "check_pointer", "restricted_pointer", "sscanf",
	"vsscanf", "simple_strto*", "kstrto*", "_kstrto*", "_parse_integer*", "bitmap_*",
	"__bitmap_*", "crc32*", "crc16", "crc_*", "crc64_*", "__crc32*", "hex_dump_to_buffer",
	"bin2hex", "hex2bin", "get_unaligned*", "__get_unaligned*", "put_unaligned*", "jhash*",
	"siphash*", "hsiphash*", "__siphash*", "csum_partial*", "ip_compute_csum",
	"ip_fast_csum", "array_index_mask_nospec",
	NULL,
};

/*
 * Generic objects and their debugging: they undo or check for the driver whose object it
 * is.
 */
static const char *const object[] = {
	"debug_object_*", "__debug_object_*", "debug_objects_*", "debug_print_object*",
	"debug_check_no_obj_freed*", "__debug_check_no_obj_freed*", "debug_timer_*",
	"debug_assert_init", "debug_deactivate", "debug_activate", "debug_hrtimer_*",
	"debug_rcu_*", "debug_work_*", "work_is_static_object", "timer_is_static_object",
	"timer_fixup_*", "work_fixup_*", "stub_timer", "lookup_object*", "kobject_*",
	"__kobject_*", "kobj_*", "kset_*", "device_add", "device_create*", "device_register",
	"device_unregister", "device_initialize", "device_destroy", "device_del",
	"device_release", "bus_remove_device", "device_for_each_child*", "get_device",
	"put_device", "get_device_parent", "dpm_sysfs_*", "__unregister_client",
	"i2c_del_adapter",
	NULL,
};

/* A CPU or a thread of RCU that has nothing to do. */
static const char *const idle[] = {
	"*safe_halt", "default_idle*", "do_idle", "cpu_idle*", "cpuidle_*", "call_cpuidle",
	"acpi_idle_*", "acpi_processor_ffh_*", "intel_idle*", "mwait_idle*", "poll_idle",
	"arch_cpu_idle*", "cpu_do_idle", "cpu_*_do_idle", "r4k_wait*", "__r4k_wait",
	"psw_idle*", "enabled_wait", "snooze_loop", "stop_loop", "nap_loop",
	"shared_cede_loop", "dedicated_cede_loop", "wait_for_interrupt", "cpu_yield",
	"amd_e400_idle", "rcu_gp_kthread", "rcu_gp_fqs_loop", "rcu_gp_wait*",
	NULL,
};

/* RCU: it runs or refuses what was queued. */
static const char *const rcu[] = {
	"call_rcu*", "__call_rcu*", "kfree_rcu*", "kvfree_rcu*", "kvfree_call_rcu",
	"kfree_call_rcu", "rcu_check_callbacks", "rcu_sched_clock_irq", "rcu_pending",
	"check_cpu_stall*", "__rcu_pending", "rcu_process_callbacks",
	"__rcu_process_callbacks", "rcu_do_batch", "rcu_core*", "rcu_nocb_*", "rcu_dynticks_*",
	"rcu_nmi_*", "rcu_irq_*", "rcu_eqs_*", "rcu_idle_*",
	NULL,
};

/* Calls to other CPUs, and waiting for their answer. */
static const char *const ipi[] = {
	"smp_call_function*", "on_each_cpu*", "generic_exec_single", "__smp_call_single_queue",
	"csd_lock*", "__csd_lock*", "csd_unlock", "generic_smp_call_function*",
	"flush_smp_call_function_queue", "__flush_smp_call_function_queue",
	"smp_call_function_single_interrupt", "smp_call_on_cpu", "kick_all_cpus_sync",
	"stop_machine*", "stop_one_cpu", "text_poke*", "smp_text_poke*", "flush_tlb_*",
	"native_flush_tlb_*", "kvm_flush_tlb_*", "hyperv_flush_tlb_*", "xen_flush_tlb_*",
	"native_send_call_func*", "native_smp_send_*", "smp_cross_call", "arch_send_call_*",
	"x2apic_send_*", "__x2apic_send_*", "default_send_IPI_*", "__default_send_IPI_*",
	"physflat_send_*", "flat_send_*", "apic_send_IPI_*", "apic_mem_wait_icr_idle*",
	"native_apic_wait_icr_idle*", "kvm_send_ipi_*", "__send_ipi_mask", "xen_send_IPI_*",
	NULL,
};

/* The timer interrupt, which only took the time. */
static const char *const timer[] = {
	"update_process_times", "tick_*", "hrtimer_interrupt", "scheduler_tick", "sched_tick",
	"timer_interrupt", "__timer_interrupt", "timer_tick", "watchdog_timer_fn",
	"arch_timer_handler_*", "handle_percpu_devid_irq", "generic_handle_*",
	"__handle_domain_irq", "handle_domain_irq", "xtime_update", "do_timer",
	NULL,
};

/* Waits for something in particular, and the caller says what for. */
static const char *const wait_for[] = {
	"do_read_cache_folio", "do_read_cache_page", "__lock_buffer", "lock_buffer",
	"folio_wait_*", "__folio_lock*", "folio_lock*", "wait_on_page_*", "__wait_on_page_*",
	"tty_ldisc_lock*", "__filemap_fdatawait*", "filemap_fdatawait*", "fdatawait_one_bdev",
	"synchronize_rcu_expedited", "synchronize_sched_expedited", "exp_funnel_lock",
	"synchronize_sched", "synchronize_rcu*", "synchronize_srcu*", "__synchronize_srcu",
	NULL,
};

/* The work queue's and the timers' side of a caller that queues, changes or cancels. */
static const char *const work[] = {
	"queue_work_on", "queue_delayed_work_on", "queue_work_node", "queue_rcu_work",
	"__queue_work", "__queue_delayed_work", "mod_delayed_work_on", "insert_work",
	"try_to_grab_pending*", "flush_work*", "__flush_work*", "flush_delayed_work",
	"flush_rcu_work", "start_flush_work", "check_flush_dependency", "drain_workqueue",
	"destroy_workqueue", "cancel_work*", "__cancel_work*", "cancel_delayed_work*",
	"disable_work*", "disable_delayed_work*", "enable_work", "enable_delayed_work",
	"touch_wq_lockdep_map", "delayed_work_timer_fn", "kthread_flush_work*",
	"kthread_cancel_*", "kthread_queue_*", "kthread_stop*", "tasklet_init",
	"tasklet_setup", "tasklet_kill", "tasklet_unlock*", "tasklet_disable*",
	"tasklet_schedule", "tasklet_hi_schedule", "__tasklet_*", "mod_timer*", "__mod_timer",
	"add_timer*", "lock_timer_base", "del_timer*", "try_to_del_timer*", "__timer_delete*",
	"timer_delete*", "timer_shutdown*", "__try_to_del_timer*",
	NULL,
};

/* Small functions that only do or check what their caller hands them. */
static const char *const helper[] = {
	/* speculation barriers, addresses; wrappers */
	"__x86_indirect_thunk_*", "__x86_indirect_*_thunk_*", "__x86_return_thunk",
	"*_return_thunk", "__indirect_thunk*", "__virt_to_phys*", "__phys_addr*",
	"__virt_addr_valid", "*_panic", "*_compat_ioctl",
	/* file systems: inodes, dentries, pages of the cache */
	"dput", "fast_dput", "iput", "drop_nlink", "inc_nlink", "clear_nlink", "set_nlink",
	"find_lock_entries", "find_get_entr*", "truncate_inode_pages*", "folio_unlock",
	"unlock_page", "folios_put*", "release_pages", "put_folio*",
	/* sockets and packets */
	"skb_put", "skb_put_data", "skb_push", "skb_pull*", "__skb_pull", "kfree_skb*",
	"__kfree_skb", "consume_skb", "kfree_skbmem", "skb_release_*", "skb_free_*",
	"*skb_reason_drop", "sk_stop_timer*", "sk_reset_timer*", "rollback_registered*",
	"unregister_netdevice_many*", "unregister_netdevice_queue", "unregister_netdev",
	/* devices */
	"sysfs_remove_*", "sysfs_create_*", "sysfs_add_*", "sysfs_warn_dup",
	"device_remove_file*", "device_release_driver*", "__device_release_driver",
	"devres_release_*", "release_nodes", "usb_submit_urb", "usb_start_wait_urb",
	"usb_*_msg", "usb_kill_anchored_urbs", "usb_poison_anchored_urbs",
	"usb_unlink_anchored_urbs",
	/* ciphers on the caller's buffers */
	"crypto_*", "__crypto_*", "skcipher_*", "lskcipher_*", "cipher_crypt_*", "crypt_done",
	"aes_*", "aesti_*", "xts_*", "cbc_*", "ecb_*", "ctr_*", "chacha_*", "sha1_*",
	"sha256_*", "sha512_*",
	/* numbers */
	"ida_free", "ida_destroy", "ida_simple_*",
	NULL,
};

/* Makes one kind of object for its caller, whose it is when it leaks. */
static const char *const maker[] = {
	"*_map_alloc", "__alloc_skb*", "alloc_skb*", "dev_alloc_skb", "__netdev_alloc_skb*",
	"__dev_alloc_skb", "__napi_alloc_skb", "sock_alloc_send_*", "sock_wmalloc",
	"sk_prot_alloc", "sk_alloc", "skb_clone", "skb_copy", "alloc_inode", "alloc_etherdev*",
	"dst_alloc", "__alloc_file", "alloc_empty_file", "bpf_map_area_alloc",
	"__bpf_map_area_alloc", "d_alloc*", "__d_alloc", "usb_alloc_urb", "security_*alloc*",
	NULL,
};

/*
 * The layers that every system call goes through before it comes to a file system, a
 * protocol or a driver.
 */
static const char *const syscall[] = {
	"__x64_sys_*", "__ia32_sys_*", "__x32_sys_*", "__arm64_sys_*", "__s390x_sys_*",
	"__s390_sys_*", "__riscv_sys_*", "__powerpc_sys_*", "__x64_compat_sys_*",
	"__ia32_compat_sys_*", "__x32_compat_sys_*", "__arm64_compat_sys_*",
	"__s390_compat_sys_*", "__riscv_compat_sys_*", "sys_*", "SyS_*", "compat_sys_*",
	"compat_SyS_*", "__compat_sys_*", "ksys_*", "__do_sys_*", "__se_sys_*",
	"__do_compat_sys_*", "__se_compat_sys_*", "SYSC_*", "C_SYSC_*", "__sys_sendmsg*",
	"__sys_sendmmsg", "__sys_recvmsg", "__sys_recvmmsg", "__sys_sendto", "__sys_recvfrom",
	"__sys_setsockopt", "__sys_getsockopt", "do_sock_setsockopt", "do_sock_getsockopt",
	"____sys_sendmsg", "___sys_sendmsg", "____sys_recvmsg", "___sys_recvmsg",
	"sock_sendmsg*", "__sock_sendmsg*", "sock_recvmsg*", "sock_write_iter",
	"sock_read_iter", "sock_common_setsockopt", "sock_common_getsockopt", "kernel_sendmsg",
	"kernel_recvmsg", "vfs_read", "__vfs_read", "vfs_readv", "vfs_write", "__vfs_write",
	"vfs_writev", "new_sync_*", "do_iter_*", "do_sync_read", "do_sync_write", "do_writev",
	"do_readv", "vfs_ioctl*", "do_vfs_ioctl",
	NULL,
};

/* Runs the work of others: what it called last is the work. */
static const char *const dispatch[] = {
	/* system calls, and what is done on the way back from them */
	"entry_*", "do_syscall_*", "__do_syscall*", "do_fast_syscall_*", "__do_fast_syscall_*",
	"do_SYSENTER*", "do_int80_*", "int80_emulation", "system_call*", "sysenter_*",
	"sysenter*", "tracesys*", "ia32_sysenter*", "cstar_*", "syscall_*", "stub_*",
	"x64_sys_call", "ia32_sys_call", "x32_sys_call", "el0_*", "el0t_*", "invoke_syscall*",
	"__invoke_syscall", "do_el0_*", "ret_fast_syscall", "__sys_trace*", "handle_syscall*",
	"handle_sys", "handle_sys_*", "linux_sparc_syscall*", "system_call_exception",
	"exit_to_usermode_loop", "prepare_exit_to_usermode", "__prepare_exit_to_usermode",
	"exit_to_user_mode_*", "syscall_exit_to_user_mode*", "do_notify_resume*",
	"do_work_pending", "work_pending", "int_signal", "task_work_run", "__fput*",
	"____fput", "delayed_fput",
	/* faults of processes */
	"__do_fault", "handle_mm_fault", "__handle_mm_fault",
	/* threads, work items, boot */
	"process_one_work", "process_scheduled_works", "worker_thread*", "rescuer_thread",
	"bh_worker", "workqueue_softirq_action", "kthread", "kthread_worker_fn",
	"smpboot_thread_fn", "cpu_stopper_thread", "irq_thread", "irq_thread_fn",
	"irq_forced_thread_fn", "async_run_entry_fn", "ret_from_*", "child_rip",
	"kernel_thread*", "start_kernel_thread", "x86_64_start_*", "i386_start_kernel",
	"start_secondary*", "secondary_startup_*", "secondary_start_kernel",
	"cpu_startup_entry",
	/* soft interrupts, timers, interrupt handlers */
	"__do_softirq", "do_softirq*", "__softirq*", "handle_softirqs", "____do_softirq",
	"call_softirq", "__local_bh_enable*", "_local_bh_enable*", "local_bh_enable*",
	"run_ksoftirqd", "ksoftirqd", "call_timer_fn*", "expire_timers", "*_run_timers*",
	"__run_timer*", "run_timer_*", "__run_hrtimer*", "__hrtimer_run_queues",
	"hrtimer_run_*", "tasklet_action*", "tasklet_hi_action", "irq_work_run*",
	"irq_work_single", "run_irq_workd", "__handle_irq_event_percpu", "handle_irq_event*",
	/* packets and netlink messages */
	"net_rx_action", "__napi_poll", "napi_poll", "process_backlog", "__netif_receive_skb*",
	"netif_receive_skb*", "nfnetlink_rcv_msg", "rtnetlink_rcv_msg", "genl_rcv_msg",
	"genl_family_rcv_msg*",
	NULL,
};

/* Last, since it is wide: in a leak, whatever allocates did so for its caller. */
static const char *const maker_wide[] = {
	"*alloc*",
	NULL,
};

/* The first group with a pattern that fits decides: the narrow ones stand before the wide. */
const struct group_patterns oops_groups[] = {
	{GROUP_REPORT, report}, {GROUP_SANITIZER, sanitizer}, {GROUP_ENTRY, entry},
	{GROUP_LOCKDEP, lockdep}, {GROUP_LOCK, lock}, {GROUP_SCHED, sched}, {GROUP_WAIT, wait},
	{GROUP_ALLOC, alloc}, {GROUP_LIST, list}, {GROUP_REFCOUNT, refcount},
	{GROUP_COPY, copy}, {GROUP_STRING, string}, {GROUP_OBJECT, object}, {GROUP_IDLE, idle},
	{GROUP_RCU, rcu}, {GROUP_IPI, ipi}, {GROUP_TIMER, timer}, {GROUP_WAIT_FOR, wait_for},
	{GROUP_WORK, work}, {GROUP_HELPER, helper}, {GROUP_MAKER, maker},
	{GROUP_SYSCALL, syscall}, {GROUP_DISPATCH, dispatch}, {GROUP_MAKER, maker_wide},
	{GROUP_NONE, NULL},
};
// clang-format on
