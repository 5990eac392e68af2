// SPDX-License-Identifier: GPL-2.0-or-later
//
// The table of function groups. Names are without compiler suffix; '*' at the front or the end
// of a pattern stands for any text. The first row that fits decides. Learned from kernels
// 2.6.32 to 7.2: a function that is missing here is merely blamed too early.
#include <string.h>

#include "oops/group.h"
#include "oops/marker.h"
#include "oops/oops.h"

static const char *const titles[GROUP_COUNT] = {
	// clang-format off
	[GROUP_NONE] = "ordinary code",
	[GROUP_REPORT] = "report machinery",
	[GROUP_SANITIZER] = "sanitizer hook",
	[GROUP_ENTRY] = "trap or interrupt entry",
	[GROUP_LOCKDEP] = "lock debugging",
	[GROUP_LOCK] = "locking primitive",
	[GROUP_SCHED] = "scheduler",
	[GROUP_WAIT] = "wait primitive",
	[GROUP_ALLOC] = "allocator",
	[GROUP_LIST] = "list or tree helper",
	[GROUP_REFCOUNT] = "reference count or atomic helper",
	[GROUP_COPY] = "copy between kernel and user memory",
	[GROUP_STRING] = "memory or string helper",
	[GROUP_OBJECT] = "object debugging or generic object",
	[GROUP_RCU] = "RCU",
	[GROUP_IPI] = "cross-CPU call",
	[GROUP_TIMER] = "timer interrupt",
	[GROUP_IDLE] = "idle loop",
	[GROUP_WAIT_FOR] = "wait for a page, a lock or RCU",
	[GROUP_WORK] = "work queue or timer helper",
	[GROUP_MAKER] = "constructor",
	[GROUP_HELPER] = "small helper",
	[GROUP_SYSCALL] = "generic system call layer",
	[GROUP_DISPATCH] = "dispatcher of other code",
	// clang-format on
};

struct row {
	enum frame_group group;
	const char *pattern;
};

// clang-format off
static const struct row rows[] = {
	/* Printing a report. */
	{GROUP_REPORT, "__printk*"}, {GROUP_REPORT, "rcu_print_*"}, {GROUP_REPORT, "_sched_show_task*"}, {GROUP_REPORT, "dump_stack*"}, {GROUP_REPORT, "__dump_stack*"}, {GROUP_REPORT, "show_stack*"},
	{GROUP_REPORT, "show_trace*"}, {GROUP_REPORT, "dump_trace"}, {GROUP_REPORT, "dump_backtrace*"},
	{GROUP_REPORT, "unwind_backtrace"}, {GROUP_REPORT, "walk_stackframe"}, {GROUP_REPORT, "show_regs*"},
	{GROUP_REPORT, "save_stack*"}, {GROUP_REPORT, "stack_trace_*"}, {GROUP_REPORT, "panic"},
	{GROUP_REPORT, "vpanic"}, {GROUP_REPORT, "nmi_panic*"}, {GROUP_REPORT, "__warn*"},
	{GROUP_REPORT, "warn_slowpath*"}, {GROUP_REPORT, "report_bug*"}, {GROUP_REPORT, "__report_bug"},
	{GROUP_REPORT, "fixup_bug*"}, {GROUP_REPORT, "handle_bug"}, {GROUP_REPORT, "bug_handler"},
	{GROUP_REPORT, "bug_brk_handler"}, {GROUP_REPORT, "die"}, {GROUP_REPORT, "__die*"},
	{GROUP_REPORT, "die_*"}, {GROUP_REPORT, "oops_*"}, {GROUP_REPORT, "arm_notify_die"},
	{GROUP_REPORT, "no_context*"}, {GROUP_REPORT, "page_fault_oops"}, {GROUP_REPORT, "bad_page"},
	{GROUP_REPORT, "kernelmode_fixup_or_oops"}, 
	{GROUP_REPORT, "do_kernel_fault"}, {GROUP_REPORT, "__do_kernel_fault*"}, {GROUP_REPORT, "die_kernel_fault"},
	{GROUP_REPORT, "warn_alloc*"}, {GROUP_REPORT, "warn_bogus_irq_restore"}, {GROUP_REPORT, "dump_page*"},
	{GROUP_REPORT, "__dump_page*"}, {GROUP_REPORT, "bad_page*"}, {GROUP_REPORT, "check_new_page*"}, {GROUP_REPORT, "free_page_is_bad*"},
	{GROUP_REPORT, "print_bad_pte*"}, {GROUP_REPORT, "check_preemption_disabled"},
	{GROUP_REPORT, "debug_smp_processor_id"}, {GROUP_REPORT, "__this_cpu_preempt_check"},
	{GROUP_REPORT, "__might_sleep*"}, {GROUP_REPORT, "___might_sleep*"}, {GROUP_REPORT, "__might_resched*"},
	{GROUP_REPORT, "might_resched"}, {GROUP_REPORT, "might_sleep*"}, {GROUP_REPORT, "might_fault"},
	{GROUP_REPORT, "__might_fault*"}, {GROUP_REPORT, "__schedule_bug*"}, {GROUP_REPORT, "sched_show_task*"},
	{GROUP_REPORT, "show_state_filter*"}, {GROUP_REPORT, "print_*"}, {GROUP_REPORT, "__print_*"},
	{GROUP_REPORT, "printk*"}, {GROUP_REPORT, "vprintk*"}, {GROUP_REPORT, "_printk*"},
	{GROUP_REPORT, "console_unlock*"}, {GROUP_REPORT, "trigger_*backtrace"}, {GROUP_REPORT, "nmi_cpu_backtrace*"},
	{GROUP_REPORT, "nmi_trigger_*"}, {GROUP_REPORT, "arch_trigger_*"}, {GROUP_REPORT, "rcu_dump_cpu_stacks*"},
	{GROUP_REPORT, "dump_cpu_task"}, {GROUP_REPORT, "dump_header*"}, {GROUP_REPORT, "check_panic_on_oom*"},
	{GROUP_REPORT, "check_panic_on_warn"}, {GROUP_REPORT, "__stack_chk_fail*"}, {GROUP_REPORT, "usercopy_abort*"},
	{GROUP_REPORT, "usercopy_warn*"}, {GROUP_REPORT, "report_usercopy*"}, {GROUP_REPORT, "skb_panic*"},
	{GROUP_REPORT, "skb_over_panic*"}, {GROUP_REPORT, "skb_under_panic*"}, {GROUP_REPORT, "fortify_panic"},
	{GROUP_REPORT, "__fortify_*"}, {GROUP_REPORT, "rust_begin_unwind"}, {GROUP_REPORT, "_RNv*panic*"},
	{GROUP_REPORT, "*rust_begin_unwind"}, {GROUP_REPORT, "rust_helper_BUG"}, {GROUP_REPORT, "core::panicking::*"},
	{GROUP_REPORT, "ubsan_epilogue*"}, {GROUP_REPORT, "__ubsan_handle*"}, {GROUP_REPORT, "handle_overflow"},
	{GROUP_REPORT, "ubsan_type_mismatch*"}, {GROUP_REPORT, "val_to_string*"}, {GROUP_REPORT, "watchdog_*"},
	{GROUP_REPORT, "hungtask*"}, {GROUP_REPORT, "check_hung_*"}, {GROUP_REPORT, "spin_dump*"}, {GROUP_REPORT, "spin_bug*"},
	{GROUP_REPORT, "rwlock_bug*"}, {GROUP_REPORT, "__report_bad_irq"}, {GROUP_REPORT, "note_interrupt"},
	{GROUP_REPORT, "lockdep_rcu_suspicious*"}, {GROUP_REPORT, "object_err*"}, {GROUP_REPORT, "slab_err*"},
	{GROUP_REPORT, "check_bytes_and_report"}, {GROUP_REPORT, "__slab_err*"}, {GROUP_REPORT, "slab_pad_check"},
	{GROUP_REPORT, "check_slab"}, {GROUP_REPORT, "check_object"}, {GROUP_REPORT, "slab_fix"},
	{GROUP_REPORT, "cfi_*"}, {GROUP_REPORT, "__cfi_*"}, {GROUP_REPORT, "report_cfi_failure"},
	{GROUP_REPORT, "handle_cfi_failure"}, {GROUP_REPORT, "mce_panic*"}, {GROUP_REPORT, "ghes_*panic*"},
	{GROUP_REPORT, "machine_kexec"}, {GROUP_REPORT, "__crash_kexec"}, {GROUP_REPORT, "crash_kexec"},
	{GROUP_REPORT, "ex_handler_*"}, {GROUP_REPORT, "fixup_exception*"}, {GROUP_REPORT, "force_sig_info*"},

	/* Sanitizers. */
	{GROUP_SANITIZER, "__hwasan_check*"}, {GROUP_SANITIZER, "kasan_*"}, {GROUP_SANITIZER, "__kasan_*"}, {GROUP_SANITIZER, "____kasan_*"},
	{GROUP_SANITIZER, "*_asan_*"}, {GROUP_SANITIZER, "__asan_*"}, {GROUP_SANITIZER, "__hwasan_*"},
	{GROUP_SANITIZER, "kmsan_*"}, {GROUP_SANITIZER, "__msan_*"}, {GROUP_SANITIZER, "kcsan_*"},
	{GROUP_SANITIZER, "__kcsan_*"}, {GROUP_SANITIZER, "__tsan_*"}, {GROUP_SANITIZER, "__sanitizer_*"},
	{GROUP_SANITIZER, "kfence_*"}, {GROUP_SANITIZER, "__kfence_*"}, {GROUP_SANITIZER, "check_memory_region*"},
	{GROUP_SANITIZER, "check_region_inline*"}, {GROUP_SANITIZER, "memory_is_*"}, {GROUP_SANITIZER, "bytes_is_nonzero"},
	{GROUP_SANITIZER, "instrument_*"}, {GROUP_SANITIZER, "read_word_at_a_time"}, {GROUP_SANITIZER, "__read_once*"},
	{GROUP_SANITIZER, "__write_once*"}, {GROUP_SANITIZER, "kcov_*"}, {GROUP_SANITIZER, "write_comp_data"},
	{GROUP_SANITIZER, "check_kcov_mode"}, {GROUP_SANITIZER, "__cyg_profile*"}, {GROUP_SANITIZER, "addr_has_metadata"},
	{GROUP_SANITIZER, "check_canary*"}, {GROUP_SANITIZER, "stack_depot_*"}, {GROUP_SANITIZER, "__stack_depot*"},
	{GROUP_SANITIZER, "set_track*"}, {GROUP_SANITIZER, "poison_slab_object"}, {GROUP_SANITIZER, "unpoison_slab_object"},

	/* Traps. */
	{GROUP_ENTRY, "smp_apic_timer_interrupt*"}, {GROUP_ENTRY, "smp_trace_apic_timer_interrupt"}, {GROUP_ENTRY, "trace_apic_timer_interrupt"}, {GROUP_ENTRY, "asm_exc_*"}, {GROUP_ENTRY, "asm_sysvec_*"}, {GROUP_ENTRY, "asm_common_*"}, {GROUP_ENTRY, "asm_call_*"}, {GROUP_ENTRY, "exc_*"}, {GROUP_ENTRY, "sysvec_*"}, {GROUP_ENTRY, "__sysvec_*"},
	{GROUP_ENTRY, "instr_sysvec_*"}, {GROUP_ENTRY, "do_error_trap"}, {GROUP_ENTRY, "do_trap*"}, {GROUP_ENTRY, "do_invalid_op"},
	{GROUP_ENTRY, "invalid_op"}, {GROUP_ENTRY, "do_general_protection"}, {GROUP_ENTRY, "general_protection"},
	{GROUP_ENTRY, "do_divide_error"}, {GROUP_ENTRY, "divide_error"}, {GROUP_ENTRY, "do_int3"}, {GROUP_ENTRY, "int3"},
	{GROUP_ENTRY, "do_debug"}, {GROUP_ENTRY, "debug"}, {GROUP_ENTRY, "do_double_fault"}, {GROUP_ENTRY, "double_fault"},
	{GROUP_ENTRY, "do_stack_segment"}, {GROUP_ENTRY, "stack_segment"}, {GROUP_ENTRY, "do_page_fault"},
	{GROUP_ENTRY, "__do_page_fault"}, {GROUP_ENTRY, "do_async_page_fault"}, {GROUP_ENTRY, "async_page_fault"},
	{GROUP_ENTRY, "page_fault"}, {GROUP_ENTRY, "do_user_addr_fault"}, {GROUP_ENTRY, "do_kern_addr_fault"},
	{GROUP_ENTRY, "handle_page_fault"}, {GROUP_ENTRY, "spurious_kernel_fault*"}, {GROUP_ENTRY, "trace_do_page_fault"},
	{GROUP_ENTRY, "trace_page_fault"}, {GROUP_ENTRY, "error_code"}, {GROUP_ENTRY, "error_entry"}, {GROUP_ENTRY, "common_exception*"},
	{GROUP_ENTRY, "handle_exception*"}, {GROUP_ENTRY, "apic_timer_interrupt"}, 
	{GROUP_ENTRY, "local_apic_timer_interrupt"}, {GROUP_ENTRY, "nmi*"}, {GROUP_ENTRY, "do_nmi*"}, {GROUP_ENTRY, "default_do_nmi"},
	{GROUP_ENTRY, "end_repeat_nmi"}, {GROUP_ENTRY, "do_mem_abort"}, {GROUP_ENTRY, "do_translation_fault"},
	{GROUP_ENTRY, "do_tag_check_fault"}, {GROUP_ENTRY, "do_alignment_fault"}, {GROUP_ENTRY, "do_bad_area"},
	{GROUP_ENTRY, "do_sea"}, {GROUP_ENTRY, "do_bad"}, {GROUP_ENTRY, "do_debug_exception"}, {GROUP_ENTRY, "do_undefinstr"},
	{GROUP_ENTRY, "do_DataAbort"}, {GROUP_ENTRY, "do_PrefetchAbort"}, {GROUP_ENTRY, "__dabt_*"}, {GROUP_ENTRY, "__pabt_*"},
	{GROUP_ENTRY, "__und_*"}, {GROUP_ENTRY, "__irq_svc"}, {GROUP_ENTRY, "__irq_usr"}, {GROUP_ENTRY, "call_break_hook"},
	{GROUP_ENTRY, "brk_handler"}, {GROUP_ENTRY, "do_el1_*"}, {GROUP_ENTRY, "el1_*"}, {GROUP_ENTRY, "el1h_*"},
	{GROUP_ENTRY, "el1t_*"}, {GROUP_ENTRY, "__el1_*"}, {GROUP_ENTRY, "arm64_serror_panic"}, {GROUP_ENTRY, "do_serror"},
	{GROUP_ENTRY, "__bad_stack"}, {GROUP_ENTRY, "handle_bad_stack"}, {GROUP_ENTRY, "panic_bad_stack"},
	{GROUP_ENTRY, "program_check_exception"}, {GROUP_ENTRY, "data_access_*"}, {GROUP_ENTRY, "bad_page_fault"},
	{GROUP_ENTRY, "ret_from_except*"}, {GROUP_ENTRY, "interrupt_return*"}, {GROUP_ENTRY, "pgm_check_handler"},
	{GROUP_ENTRY, "do_dat_exception"}, {GROUP_ENTRY, "trap_handler"}, {GROUP_ENTRY, "irqentry_*"},
	{GROUP_ENTRY, "irq_enter*"}, {GROUP_ENTRY, "irq_exit*"}, {GROUP_ENTRY, "__irq_exit*"}, {GROUP_ENTRY, "invoke_softirq"},
	{GROUP_ENTRY, "common_interrupt"}, {GROUP_ENTRY, "do_IRQ"}, {GROUP_ENTRY, "ret_from_intr"}, {GROUP_ENTRY, "retint_*"},
	{GROUP_ENTRY, "restore_regs_and_return_to_kernel"}, {GROUP_ENTRY, "reschedule_interrupt"}, {GROUP_ENTRY, "call_on_irq_stack"},
	{GROUP_ENTRY, "call_on_stack"}, {GROUP_ENTRY, "common_spurious"}, {GROUP_ENTRY, "gic_handle_irq"},
	{GROUP_ENTRY, "arm64_preempt_schedule_irq"}, {GROUP_ENTRY, "do_interrupt_handler"}, {GROUP_ENTRY, "bsp_*interrupt"},

	/* Lock debugging. */
	{GROUP_LOCKDEP, "lockdep_*"}, {GROUP_LOCKDEP, "__lockdep_*"}, {GROUP_LOCKDEP, "lock_acquire*"},
	{GROUP_LOCKDEP, "__lock_acquire*"}, {GROUP_LOCKDEP, "lock_release*"}, {GROUP_LOCKDEP, "__lock_release*"},
	{GROUP_LOCKDEP, "lock_acquired*"}, {GROUP_LOCKDEP, "lock_contended*"}, {GROUP_LOCKDEP, "lock_is_held*"},
	{GROUP_LOCKDEP, "__lock_is_held"}, {GROUP_LOCKDEP, "lock_set_class"}, {GROUP_LOCKDEP, "lock_downgrade"},
	{GROUP_LOCKDEP, "check_prev*"}, {GROUP_LOCKDEP, "check_noncircular"}, {GROUP_LOCKDEP, "check_irq_usage"},
	{GROUP_LOCKDEP, "check_usage*"}, {GROUP_LOCKDEP, "check_deadlock"}, {GROUP_LOCKDEP, "check_chain_key"},
	{GROUP_LOCKDEP, "validate_chain*"}, {GROUP_LOCKDEP, "mark_lock*"}, {GROUP_LOCKDEP, "mark_held_locks"},
	{GROUP_LOCKDEP, "mark_usage"}, {GROUP_LOCKDEP, "__mark_*"}, {GROUP_LOCKDEP, "trace_hardirqs_*"},
	{GROUP_LOCKDEP, "trace_softirqs_*"}, {GROUP_LOCKDEP, "register_lock_class*"}, {GROUP_LOCKDEP, "look_up_lock_class*"},
	{GROUP_LOCKDEP, "assign_lock_key*"}, {GROUP_LOCKDEP, "debug_check_no_locks_*"}, {GROUP_LOCKDEP, "debug_locks_off*"},
	{GROUP_LOCKDEP, "debug_lockdep_rcu_enabled"}, {GROUP_LOCKDEP, "reacquire_held_locks"}, {GROUP_LOCKDEP, "lookup_chain_cache*"},
	{GROUP_LOCKDEP, "add_chain_cache*"}, {GROUP_LOCKDEP, "find_held_lock"}, {GROUP_LOCKDEP, "match_held_lock"},
	{GROUP_LOCKDEP, "rcu_lock_acquire"}, {GROUP_LOCKDEP, "rcu_lock_release"}, {GROUP_LOCKDEP, "hlock_class"},
	{GROUP_LOCKDEP, "rcu_read_lock*"}, {GROUP_LOCKDEP, "rcu_read_unlock*"}, {GROUP_LOCKDEP, "__rcu_read_*"},
	{GROUP_LOCKDEP, "rcu_is_watching"}, {GROUP_LOCKDEP, "valid_state"}, {GROUP_LOCKDEP, "perf_trace_lock*"},
	{GROUP_LOCKDEP, "local_lock_*"}, {GROUP_LOCKDEP, "seqcount_lockdep_*"}, {GROUP_LOCKDEP, "__seqprop_*"},
	{GROUP_LOCKDEP, "find_lock_to_acquire"}, {GROUP_LOCKDEP, "hardirqs_on*"}, {GROUP_LOCKDEP, "hardirqs_off*"},
	{GROUP_LOCKDEP, "lock_sync"}, {GROUP_LOCKDEP, "lock_pin_lock"}, {GROUP_LOCKDEP, "lock_unpin_lock"},

	/* Locks. */
	{GROUP_LOCK, "bit_spin_*"}, {GROUP_LOCK, "hlist_bl_lock"}, {GROUP_LOCK, "__bit_spin_*"}, {GROUP_LOCK, "console_lock"}, {GROUP_LOCK, "console_trylock*"}, {GROUP_LOCK, "lock_sock*"}, {GROUP_LOCK, "__lock_sock*"}, {GROUP_LOCK, "release_sock"}, {GROUP_LOCK, "__task_rq_lock"}, {GROUP_LOCK, "task_rq_lock"}, {GROUP_LOCK, "rq_lock*"}, {GROUP_LOCK, "raw_spin_rq_lock*"}, {GROUP_LOCK, "double_rq_lock"}, {GROUP_LOCK, "reiserfs_write_lock*"}, {GROUP_LOCK, "_spin_*"}, {GROUP_LOCK, "__spin_*"}, {GROUP_LOCK, "spin_*"}, {GROUP_LOCK, "_raw_*lock*"},
	{GROUP_LOCK, "__raw_*lock*"}, {GROUP_LOCK, "raw_spin_*"}, {GROUP_LOCK, "do_raw_*"}, {GROUP_LOCK, "_raw_spin_*"},
	{GROUP_LOCK, "queued_spin_*"}, {GROUP_LOCK, "queued_read_*"}, {GROUP_LOCK, "queued_write_*"},
	{GROUP_LOCK, "native_queued_spin_*"}, {GROUP_LOCK, "__pv_queued_spin_*"}, {GROUP_LOCK, "pv_queued_spin_*"},
	{GROUP_LOCK, "pv_wait*"}, {GROUP_LOCK, "kvm_wait"}, {GROUP_LOCK, "kvm_lock_spinning"}, {GROUP_LOCK, "virt_spin_lock"},
	{GROUP_LOCK, "_raw_read_*"}, {GROUP_LOCK, "_raw_write_*"}, {GROUP_LOCK, "ticket_spin_*"}, {GROUP_LOCK, "__ticket_spin_*"},
	{GROUP_LOCK, "arch_spin_*"}, {GROUP_LOCK, "_atomic_dec_and_lock*"}, {GROUP_LOCK, "mutex_*"}, {GROUP_LOCK, "__mutex_*"},
	{GROUP_LOCK, "ww_mutex_*"}, {GROUP_LOCK, "__ww_mutex*"}, {GROUP_LOCK, "rt_mutex_*"}, {GROUP_LOCK, "__rt_mutex_*"},
	{GROUP_LOCK, "rtlock_*"}, {GROUP_LOCK, "rt_spin_*"}, {GROUP_LOCK, "rt_read_*"}, {GROUP_LOCK, "rt_write_*"},
	{GROUP_LOCK, "rwbase_*"}, {GROUP_LOCK, "down"}, {GROUP_LOCK, "__down*"}, {GROUP_LOCK, "down_read*"},
	{GROUP_LOCK, "down_write*"}, {GROUP_LOCK, "down_interruptible"}, {GROUP_LOCK, "down_killable"},
	{GROUP_LOCK, "down_timeout"}, {GROUP_LOCK, "down_trylock"}, {GROUP_LOCK, "up"}, {GROUP_LOCK, "__up"},
	{GROUP_LOCK, "up_read*"}, {GROUP_LOCK, "up_write*"}, {GROUP_LOCK, "__up_read"}, {GROUP_LOCK, "__up_write"},
	{GROUP_LOCK, "call_rwsem_*"}, {GROUP_LOCK, "rwsem_*"}, {GROUP_LOCK, "__rwsem_*"}, {GROUP_LOCK, "downgrade_write"},
	{GROUP_LOCK, "percpu_down_*"}, {GROUP_LOCK, "percpu_up_*"}, {GROUP_LOCK, "__percpu_down_*"}, {GROUP_LOCK, "__percpu_up_*"},
	{GROUP_LOCK, "percpu_rwsem_*"}, {GROUP_LOCK, "ldsem_*"}, {GROUP_LOCK, "__ldsem_*"}, {GROUP_LOCK, "osq_*"},
	{GROUP_LOCK, "seqcount_*"}, {GROUP_LOCK, "read_seq*"}, {GROUP_LOCK, "write_seq*"}, {GROUP_LOCK, "class_*_constructor"},
	{GROUP_LOCK, "class_*_destructor"}, {GROUP_LOCK, "atomic_dec_and_mutex_lock"}, {GROUP_LOCK, "rwlock_*"},
	{GROUP_LOCK, "__write_lock_failed"}, {GROUP_LOCK, "__read_lock_failed"}, {GROUP_LOCK, "__lock_text_start"},
	{GROUP_LOCK, "lock_page*"}, {GROUP_LOCK, "__lock_page*"},

	/* Scheduler. */
	{GROUP_SCHED, "schedule"}, {GROUP_SCHED, "_schedule"}, {GROUP_SCHED, "__schedule*"}, {GROUP_SCHED, "schedule_*timeout*"},
	{GROUP_SCHED, "schedule_preempt_disabled"}, {GROUP_SCHED, "schedule_idle"}, {GROUP_SCHED, "schedule_rtlock"},
	{GROUP_SCHED, "schedule_hrtimeout*"}, {GROUP_SCHED, "io_schedule*"}, {GROUP_SCHED, "preempt_schedule*"},
	{GROUP_SCHED, "__switch_to*"}, {GROUP_SCHED, "context_switch"}, {GROUP_SCHED, "__cond_resched*"},
	{GROUP_SCHED, "_cond_resched"}, {GROUP_SCHED, "cond_resched*"}, {GROUP_SCHED, "finish_task_switch*"},
	{GROUP_SCHED, "preempt_count_*"}, {GROUP_SCHED, "switch_to"}, {GROUP_SCHED, "_switch"}, {GROUP_SCHED, "resume"},
	{GROUP_SCHED, "thread_return"}, {GROUP_SCHED, "raw_irqentry_exit_cond_resched"}, {GROUP_SCHED, "preempt_latency_*"},
	{GROUP_SCHED, "yield"}, {GROUP_SCHED, "do_sched_yield"}, {GROUP_SCHED, "sched_clock*"},

	/* Waiting. */
	{GROUP_WAIT, "wake_up_process"}, {GROUP_WAIT, "wake_up_q"}, {GROUP_WAIT, "wake_up_state"}, {GROUP_WAIT, "wake_up_bit"}, {GROUP_WAIT, "wake_up_var"}, {GROUP_WAIT, "wait_for_completion*"}, {GROUP_WAIT, "__wait_for_common"}, {GROUP_WAIT, "wait_for_common*"},
	{GROUP_WAIT, "do_wait_for_common"}, {GROUP_WAIT, "wait_for_common_io"}, {GROUP_WAIT, "__wait_on_bit*"},
	{GROUP_WAIT, "wait_on_bit*"}, {GROUP_WAIT, "out_of_line_wait_on_bit*"}, {GROUP_WAIT, "bit_wait*"},
	{GROUP_WAIT, "__wait_on_buffer"}, {GROUP_WAIT, "wait_on_buffer"}, {GROUP_WAIT, "sleep_on_*"}, {GROUP_WAIT, "wait_woken"},
	{GROUP_WAIT, "prepare_to_wait*"}, {GROUP_WAIT, "prepare_to_swait*"}, {GROUP_WAIT, "finish_wait"}, {GROUP_WAIT, "finish_swait"},
	{GROUP_WAIT, "autoremove_wake_function"}, {GROUP_WAIT, "var_wake_function"}, {GROUP_WAIT, "msleep*"},
	{GROUP_WAIT, "__wait_rcu_gp"}, {GROUP_WAIT, "wait_rcu_gp*"}, {GROUP_WAIT, "do_wait_intr*"}, {GROUP_WAIT, "__wake_up*"},
	{GROUP_WAIT, "complete"}, {GROUP_WAIT, "complete_all"}, {GROUP_WAIT, "complete_with_flags"}, {GROUP_WAIT, "swake_up_*"},
	{GROUP_WAIT, "try_to_wake_up"}, {GROUP_WAIT, "default_wake_function"},
	{GROUP_WAIT, "io_wait_event"}, {GROUP_WAIT, "closure_sync*"}, {GROUP_WAIT, "__closure_sync*"},

	/* Allocators. */
	{GROUP_ALLOC, "pcpu_*"}, {GROUP_ALLOC, "kmalloc*"}, {GROUP_ALLOC, "__kmalloc*"}, {GROUP_ALLOC, "__do_kmalloc*"}, {GROUP_ALLOC, "kzalloc*"},
	{GROUP_ALLOC, "kcalloc*"}, {GROUP_ALLOC, "kvmalloc*"}, {GROUP_ALLOC, "kvzalloc*"}, {GROUP_ALLOC, "kvcalloc*"},
	{GROUP_ALLOC, "__kvmalloc*"}, {GROUP_ALLOC, "krealloc*"}, {GROUP_ALLOC, "__krealloc*"}, {GROUP_ALLOC, "kmemdup*"},
	{GROUP_ALLOC, "kstrdup*"}, {GROUP_ALLOC, "kstrndup"}, {GROUP_ALLOC, "kvasprintf*"}, {GROUP_ALLOC, "kasprintf"},
	{GROUP_ALLOC, "kmem_cache_*alloc*"}, {GROUP_ALLOC, "kmem_cache_zalloc"}, {GROUP_ALLOC, "kmem_cache_free*"},
	{GROUP_ALLOC, "__kmem_cache_*"}, {GROUP_ALLOC, "kfree"}, {GROUP_ALLOC, "kvfree"}, {GROUP_ALLOC, "__kfree"},
	{GROUP_ALLOC, "kfree_sensitive"}, {GROUP_ALLOC, "kzfree"}, {GROUP_ALLOC, "kfree_const"}, {GROUP_ALLOC, "slab_*"},
	{GROUP_ALLOC, "__slab_*"}, {GROUP_ALLOC, "___slab_*"}, {GROUP_ALLOC, "do_slab_free"}, {GROUP_ALLOC, "cache_alloc*"},
	{GROUP_ALLOC, "____cache_alloc*"}, {GROUP_ALLOC, "__cache_*"}, {GROUP_ALLOC, "___cache_free"}, {GROUP_ALLOC, "cache_grow*"},
	{GROUP_ALLOC, "cache_free*"}, {GROUP_ALLOC, "new_slab*"}, {GROUP_ALLOC, "allocate_slab"}, {GROUP_ALLOC, "alloc_slab_page"},
	{GROUP_ALLOC, "get_partial*"}, {GROUP_ALLOC, "get_freepointer*"}, {GROUP_ALLOC, "deactivate_slab*"},
	{GROUP_ALLOC, "unfreeze_partials*"}, {GROUP_ALLOC, "put_cpu_partial"}, {GROUP_ALLOC, "flush_cpu_slab"},
	{GROUP_ALLOC, "discard_slab"}, {GROUP_ALLOC, "free_slab"}, {GROUP_ALLOC, "__free_slab"}, {GROUP_ALLOC, "qlist_free*"},
	{GROUP_ALLOC, "quarantine_*"}, {GROUP_ALLOC, "setup_object*"}, {GROUP_ALLOC, "alloc_debug_processing"},
	{GROUP_ALLOC, "free_debug_processing"}, {GROUP_ALLOC, "alloc_pages*"}, {GROUP_ALLOC, "__alloc_pages*"},
	{GROUP_ALLOC, "alloc_page*"}, {GROUP_ALLOC, "get_page_from_freelist"}, {GROUP_ALLOC, "prep_new_page"},
	{GROUP_ALLOC, "post_alloc_hook"}, {GROUP_ALLOC, "__get_free_page*"}, {GROUP_ALLOC, "get_zeroed_page*"},
	{GROUP_ALLOC, "folio_alloc*"}, {GROUP_ALLOC, "__folio_alloc*"}, {GROUP_ALLOC, "vma_alloc_folio*"},
	{GROUP_ALLOC, "filemap_alloc_folio*"}, {GROUP_ALLOC, "__page_cache_alloc"}, {GROUP_ALLOC, "alloc_frozen_pages*"},
	{GROUP_ALLOC, "__alloc_frozen_pages*"}, {GROUP_ALLOC, "kmalloc_large*"}, {GROUP_ALLOC, "___kmalloc_large*"},
	{GROUP_ALLOC, "kmalloc_order*"}, {GROUP_ALLOC, "vmalloc*"}, {GROUP_ALLOC, "__vmalloc*"}, {GROUP_ALLOC, "vzalloc*"},
	{GROUP_ALLOC, "vfree*"}, {GROUP_ALLOC, "__vfree*"}, {GROUP_ALLOC, "kmemleak_*"}, {GROUP_ALLOC, "create_object"},
	{GROUP_ALLOC, "__create_object"}, {GROUP_ALLOC, "free_pages*"}, {GROUP_ALLOC, "__free_pages*"}, {GROUP_ALLOC, "__free_page*"},
	{GROUP_ALLOC, "free_pcppages*"}, {GROUP_ALLOC, "free_pcp_*"}, {GROUP_ALLOC, "free_hot_cold_page"}, {GROUP_ALLOC, "free_unref_*"},
	{GROUP_ALLOC, "free_frozen_page*"}, {GROUP_ALLOC, "__free_one_page"}, {GROUP_ALLOC, "free_one_page"},
	{GROUP_ALLOC, "mempool_alloc*"}, {GROUP_ALLOC, "mempool_kmalloc"}, {GROUP_ALLOC, "mempool_init*"}, {GROUP_ALLOC, "mempool_create*"},
	{GROUP_ALLOC, "pcpu_alloc*"}, {GROUP_ALLOC, "__alloc_percpu*"}, {GROUP_ALLOC, "devm_kmalloc*"}, {GROUP_ALLOC, "devm_kzalloc"},
	{GROUP_ALLOC, "idr_alloc*"}, {GROUP_ALLOC, "ida_alloc*"}, {GROUP_ALLOC, "should_fail*"}, {GROUP_ALLOC, "__should_fail*"},
	{GROUP_ALLOC, "should_failslab"}, {GROUP_ALLOC, "fail_dump"}, {GROUP_ALLOC, "fault_create_debugfs*"}, {GROUP_ALLOC, "memdup_*"},
	{GROUP_ALLOC, "might_alloc"}, {GROUP_ALLOC, "fs_reclaim_*"}, {GROUP_ALLOC, "__fs_reclaim_*"}, {GROUP_ALLOC, "prepare_alloc_pages*"},
	{GROUP_ALLOC, "page_frag_*"}, {GROUP_ALLOC, "__page_frag_*"}, {GROUP_ALLOC, "try_charge*"}, {GROUP_ALLOC, "memcg_slab_*"},
	{GROUP_ALLOC, "__dma_alloc*"}, {GROUP_ALLOC, "dma_alloc_*"},
	{GROUP_ALLOC, "dma_direct_alloc*"}, {GROUP_ALLOC, "dma_generic_alloc_coherent"}, {GROUP_ALLOC, "alloc_large_system_hash"}, {GROUP_ALLOC, "radix_tree_node_alloc*"}, {GROUP_ALLOC, "fault_*inject*"},

	/* Lists and trees. */
	{GROUP_LIST, "percpu_counter_*"}, {GROUP_LIST, "__percpu_counter_*"}, {GROUP_LIST, "bsearch"}, {GROUP_LIST, "sort"}, {GROUP_LIST, "sort_r"}, {GROUP_LIST, "__list_*"}, {GROUP_LIST, "list_*add*"}, {GROUP_LIST, "list_del*"}, {GROUP_LIST, "list_move*"},
	{GROUP_LIST, "list_splice*"}, {GROUP_LIST, "list_empty*"}, {GROUP_LIST, "hlist_*"}, {GROUP_LIST, "__hlist_*"},
	{GROUP_LIST, "llist_*"}, {GROUP_LIST, "plist_*"}, {GROUP_LIST, "klist_*"}, {GROUP_LIST, "rb_*"}, {GROUP_LIST, "__rb_*"},
	{GROUP_LIST, "____rb_*"}, {GROUP_LIST, "radix_tree_*"}, {GROUP_LIST, "__radix_tree_*"},
	{GROUP_LIST, "xa_*"}, {GROUP_LIST, "__xa_*"}, {GROUP_LIST, "xas_*"}, {GROUP_LIST, "idr_*"}, {GROUP_LIST, "mas_*"},
	{GROUP_LIST, "mtree_*"}, {GROUP_LIST, "__skb_unlink"}, {GROUP_LIST, "skb_unlink"}, {GROUP_LIST, "__skb_queue_*"},
	{GROUP_LIST, "__skb_dequeue*"}, {GROUP_LIST, "__skb_insert"}, {GROUP_LIST, "__list_lru_*"},

	/* Counters. */
	{GROUP_REFCOUNT, "refcount_*"}, {GROUP_REFCOUNT, "__refcount_*"}, {GROUP_REFCOUNT, "kref_*"}, {GROUP_REFCOUNT, "atomic_*"},
	{GROUP_REFCOUNT, "arch_atomic*"}, {GROUP_REFCOUNT, "raw_atomic*"}, {GROUP_REFCOUNT, "atomic64_*"}, {GROUP_REFCOUNT, "atomic_long_*"},
	{GROUP_REFCOUNT, "arch_*bit"}, {GROUP_REFCOUNT, "test_bit"}, {GROUP_REFCOUNT, "_test_bit"}, {GROUP_REFCOUNT, "const_test_bit"},
	{GROUP_REFCOUNT, "set_bit"}, {GROUP_REFCOUNT, "clear_bit*"}, {GROUP_REFCOUNT, "test_and_*"}, {GROUP_REFCOUNT, "___set_bit"},
	{GROUP_REFCOUNT, "constant_test_bit"}, {GROUP_REFCOUNT, "variable_test_bit"}, {GROUP_REFCOUNT, "_find_*bit*"},
	{GROUP_REFCOUNT, "find_*_bit"}, {GROUP_REFCOUNT, "ref_tracker_*"}, {GROUP_REFCOUNT, "percpu_ref_*"}, {GROUP_REFCOUNT, "cmpxchg*"},
	{GROUP_REFCOUNT, "queued_fetch*"}, {GROUP_REFCOUNT, "rcuref_*"}, {GROUP_REFCOUNT, "lockref_*"}, {GROUP_REFCOUNT, "page_ref_*"},
	{GROUP_REFCOUNT, "folio_ref_*"}, {GROUP_REFCOUNT, "get_page*"}, {GROUP_REFCOUNT, "put_page*"}, {GROUP_REFCOUNT, "__put_page"},

	/* Copies. */
	{GROUP_COPY, "iterate_and_advance*"}, {GROUP_COPY, "iterate_iovec"}, {GROUP_COPY, "iterate_bvec"}, {GROUP_COPY, "iterate_kvec"}, {GROUP_COPY, "iterate_xarray"}, {GROUP_COPY, "check_zeroed_user"}, {GROUP_COPY, "copy_struct_from_user"}, {GROUP_COPY, "simple_copy_to_iter"}, {GROUP_COPY, "*copy_from_user*"}, {GROUP_COPY, "*copy_to_user*"}, {GROUP_COPY, "copy_user_*"}, {GROUP_COPY, "__copy_user*"},
	{GROUP_COPY, "copy_in_user*"}, {GROUP_COPY, "raw_copy_*"}, {GROUP_COPY, "_copy_*_iter*"}, {GROUP_COPY, "copy_*_iter*"},
	{GROUP_COPY, "__copy_*_iter*"}, {GROUP_COPY, "copyin"}, {GROUP_COPY, "copyout"}, {GROUP_COPY, "copy_page_*iter*"},
	{GROUP_COPY, "__get_user*"}, {GROUP_COPY, "__put_user*"}, {GROUP_COPY, "get_user*_nocheck*"},
	{GROUP_COPY, "strncpy_from_user"}, {GROUP_COPY, "strnlen_user"}, {GROUP_COPY, "__check_object_size*"},
	{GROUP_COPY, "check_object_size*"}, {GROUP_COPY, "check_heap_object"}, {GROUP_COPY, "__check_heap_object"},
	{GROUP_COPY, "check_copy_size"}, {GROUP_COPY, "check_bogus_address"}, {GROUP_COPY, "check_stack_object"},
	{GROUP_COPY, "iov_iter_*"}, {GROUP_COPY, "fault_in_*"}, {GROUP_COPY, "csum_and_copy_*"}, {GROUP_COPY, "csum_partial_copy*"},
	{GROUP_COPY, "copy_mc_*"}, {GROUP_COPY, "rep_movs_alternative"}, {GROUP_COPY, "rep_stos_alternative"}, {GROUP_COPY, "clear_user*"},

	/* Memory and strings. */
	{GROUP_STRING, "bitmap_*"}, {GROUP_STRING, "__bitmap_*"}, {GROUP_STRING, "memcpy*"}, {GROUP_STRING, "__memcpy*"}, {GROUP_STRING, "memmove*"}, {GROUP_STRING, "__memmove*"},
	{GROUP_STRING, "memset*"}, {GROUP_STRING, "__memset*"}, {GROUP_STRING, "memcmp*"}, {GROUP_STRING, "__memcmp"},
	{GROUP_STRING, "memchr*"}, {GROUP_STRING, "memscan"}, {GROUP_STRING, "bcmp"}, {GROUP_STRING, "strcmp"},
	{GROUP_STRING, "strncmp"}, {GROUP_STRING, "strcasecmp"}, {GROUP_STRING, "strncasecmp"}, {GROUP_STRING, "strlen"},
	{GROUP_STRING, "strnlen"}, {GROUP_STRING, "strcpy"}, {GROUP_STRING, "strncpy"}, {GROUP_STRING, "strlcpy"},
	{GROUP_STRING, "strscpy*"}, {GROUP_STRING, "sized_strscpy"}, {GROUP_STRING, "strcat"}, {GROUP_STRING, "strncat"},
	{GROUP_STRING, "strlcat"}, {GROUP_STRING, "strchr*"}, {GROUP_STRING, "strnchr"}, {GROUP_STRING, "strrchr"},
	{GROUP_STRING, "strstr"}, {GROUP_STRING, "strnstr"}, {GROUP_STRING, "strsep"}, {GROUP_STRING, "strspn"},
	{GROUP_STRING, "strcspn"}, {GROUP_STRING, "sprintf"}, {GROUP_STRING, "snprintf"}, {GROUP_STRING, "scnprintf"},
	{GROUP_STRING, "vsnprintf"}, {GROUP_STRING, "vscnprintf"}, {GROUP_STRING, "vsprintf"}, {GROUP_STRING, "string"},
	{GROUP_STRING, "string_nocheck"}, {GROUP_STRING, "crc32*"}, {GROUP_STRING, "crc16"}, {GROUP_STRING, "__crc32*"},
	{GROUP_STRING, "hex_dump_to_buffer"}, {GROUP_STRING, "get_unaligned*"}, {GROUP_STRING, "__get_unaligned*"},
	{GROUP_STRING, "put_unaligned*"}, {GROUP_STRING, "jhash*"}, {GROUP_STRING, "siphash*"}, {GROUP_STRING, "csum_partial*"},
	{GROUP_STRING, "array_index_mask_nospec"},

	/* Generic objects. */
	{GROUP_OBJECT, "device_for_each_child*"}, {GROUP_OBJECT, "__unregister_client"}, {GROUP_OBJECT, "i2c_del_adapter"},
	{GROUP_OBJECT, "dpm_sysfs_*"}, {GROUP_OBJECT, "debug_objects_*"}, {GROUP_OBJECT, "device_add"}, {GROUP_OBJECT, "device_create*"}, {GROUP_OBJECT, "device_register"}, {GROUP_OBJECT, "get_device_parent"}, {GROUP_OBJECT, "get_device"}, {GROUP_OBJECT, "put_device"}, {GROUP_OBJECT, "device_release"}, {GROUP_OBJECT, "device_del"}, {GROUP_OBJECT, "device_unregister"}, {GROUP_OBJECT, "debug_object_*"}, {GROUP_OBJECT, "__debug_object_*"}, {GROUP_OBJECT, "debug_print_object*"},
	{GROUP_OBJECT, "debug_check_no_obj_freed*"}, {GROUP_OBJECT, "__debug_check_no_obj_freed*"}, {GROUP_OBJECT, "debug_timer_*"},
	{GROUP_OBJECT, "debug_assert_init"}, {GROUP_OBJECT, "debug_deactivate"}, {GROUP_OBJECT, "debug_activate"},
	{GROUP_OBJECT, "debug_hrtimer_*"}, {GROUP_OBJECT, "debug_rcu_*"}, {GROUP_OBJECT, "debug_work_*"}, {GROUP_OBJECT, "work_is_static_object"},
	{GROUP_OBJECT, "lookup_object*"}, {GROUP_OBJECT, "kobject_*"}, {GROUP_OBJECT, "__kobject_*"}, {GROUP_OBJECT, "kobj_*"},
	{GROUP_OBJECT, "kset_*"},

	/* RCU. */
	{GROUP_RCU, "call_rcu*"}, {GROUP_RCU, "__call_rcu*"}, {GROUP_RCU, "kfree_rcu*"}, {GROUP_RCU, "kvfree_call_rcu"},
	{GROUP_RCU, "kfree_call_rcu"}, {GROUP_RCU, "rcu_check_callbacks"}, {GROUP_RCU, "rcu_sched_clock_irq"},
	{GROUP_RCU, "rcu_pending"}, {GROUP_RCU, "check_cpu_stall*"}, {GROUP_RCU, "__rcu_pending"}, {GROUP_RCU, "rcu_process_callbacks"},
	{GROUP_RCU, "__rcu_process_callbacks"}, {GROUP_RCU, "rcu_do_batch"}, {GROUP_RCU, "rcu_core*"}, {GROUP_RCU, "rcu_nocb_*"},

	/* Cross-CPU calls. */
	{GROUP_IPI, "smp_call_function*"}, {GROUP_IPI, "on_each_cpu*"}, {GROUP_IPI, "generic_exec_single"}, {GROUP_IPI, "csd_lock*"},
	{GROUP_IPI, "__csd_lock*"}, {GROUP_IPI, "native_send_call_func*"}, {GROUP_IPI, "flush_tlb_*"}, {GROUP_IPI, "native_flush_tlb_*"},
	{GROUP_IPI, "generic_smp_call_function*"}, {GROUP_IPI, "flush_smp_call_function_queue"}, {GROUP_IPI, "__flush_smp_call_function_queue"},
	{GROUP_IPI, "smp_call_function_single_interrupt"}, {GROUP_IPI, "stop_machine*"}, {GROUP_IPI, "stop_one_cpu"}, {GROUP_IPI, "text_poke*"},

	/* Timer interrupt. */
	{GROUP_TIMER, "update_process_times"}, {GROUP_TIMER, "tick_*"}, {GROUP_TIMER, "hrtimer_interrupt"}, {GROUP_TIMER, "scheduler_tick"},
	{GROUP_TIMER, "sched_tick"}, {GROUP_TIMER, "timer_interrupt"}, {GROUP_TIMER, "watchdog_timer_fn"}, {GROUP_TIMER, "arch_timer_handler_*"}, {GROUP_TIMER, "handle_percpu_devid_irq"},
	{GROUP_TIMER, "generic_handle_*"}, {GROUP_TIMER, "__handle_domain_irq"}, {GROUP_TIMER, "handle_domain_irq"},
	{GROUP_TIMER, "__timer_interrupt"}, {GROUP_TIMER, "timer_tick"}, {GROUP_TIMER, "__sysvec_apic_timer_interrupt"},

	/* Idle. */
	{GROUP_IDLE, "*safe_halt"}, {GROUP_IDLE, "default_idle*"}, {GROUP_IDLE, "do_idle"}, {GROUP_IDLE, "cpu_idle*"},
	{GROUP_IDLE, "cpuidle_*"}, {GROUP_IDLE, "call_cpuidle"}, {GROUP_IDLE, "acpi_idle_*"}, {GROUP_IDLE, "intel_idle*"},
	{GROUP_IDLE, "mwait_idle*"}, {GROUP_IDLE, "arch_cpu_idle"}, {GROUP_IDLE, "rcu_gp_kthread"}, {GROUP_IDLE, "rcu_gp_fqs_loop"},
	{GROUP_IDLE, "rcu_gp_wait*"},

	/* Waiting for something in particular: the caller says what for. */
	{GROUP_WAIT_FOR, "do_read_cache_folio"}, {GROUP_WAIT_FOR, "do_read_cache_page"}, {GROUP_WAIT_FOR, "__lock_buffer"}, {GROUP_WAIT_FOR, "lock_buffer"}, {GROUP_WAIT_FOR, "folio_wait_*"}, {GROUP_WAIT_FOR, "__folio_lock*"}, {GROUP_WAIT_FOR, "folio_lock*"}, {GROUP_WAIT_FOR, "wait_on_page_*"},
	{GROUP_WAIT_FOR, "__wait_on_page_*"}, {GROUP_WAIT_FOR, "tty_ldisc_lock*"}, {GROUP_WAIT_FOR, "__filemap_fdatawait*"}, {GROUP_WAIT_FOR, "filemap_fdatawait*"},
	{GROUP_WAIT_FOR, "synchronize_rcu_expedited"}, {GROUP_WAIT_FOR, "synchronize_sched_expedited"}, {GROUP_WAIT_FOR, "exp_funnel_lock"},
	{GROUP_WAIT_FOR, "synchronize_sched"}, {GROUP_WAIT_FOR, "fdatawait_one_bdev"},

	/* The workqueue's side of a caller that queues or waits. */
	{GROUP_WORK, "tasklet_*"}, {GROUP_WORK, "__tasklet_*"}, {GROUP_WORK, "kthread_flush_work*"}, {GROUP_WORK, "kthread_cancel_*"}, {GROUP_WORK, "kthread_queue_*"}, {GROUP_WORK, "flush_work*"}, {GROUP_WORK, "__flush_work*"}, {GROUP_WORK, "start_flush_work"}, {GROUP_WORK, "drain_workqueue"},
	{GROUP_WORK, "destroy_workqueue"}, {GROUP_WORK, "flush_delayed_work"}, {GROUP_WORK, "cancel_work_sync"}, {GROUP_WORK, "cancel_delayed_work*"},
	{GROUP_WORK, "__cancel_work*"}, {GROUP_WORK, "queue_work_on"}, {GROUP_WORK, "__queue_work"}, {GROUP_WORK, "queue_delayed_work_on"},
	{GROUP_WORK, "__queue_delayed_work"}, {GROUP_WORK, "mod_delayed_work_on"}, {GROUP_WORK, "insert_work"}, {GROUP_WORK, "touch_wq_lockdep_map"},
	{GROUP_WORK, "mod_timer*"}, {GROUP_WORK, "__mod_timer"}, {GROUP_WORK, "add_timer*"}, {GROUP_WORK, "lock_timer_base"}, {GROUP_WORK, "del_timer*"},
	{GROUP_WORK, "try_to_del_timer*"}, {GROUP_WORK, "__timer_delete*"}, {GROUP_WORK, "timer_delete*"}, {GROUP_WORK, "__try_to_del_timer*"},

	/* Constructors of one kind of object: a leak is of whoever asked for it. */
	{GROUP_MAKER, "*_map_alloc"}, {GROUP_MAKER, "__alloc_skb*"}, {GROUP_MAKER, "alloc_skb*"}, {GROUP_MAKER, "dev_alloc_skb"}, {GROUP_MAKER, "__netdev_alloc_skb*"},
	{GROUP_MAKER, "__dev_alloc_skb"}, {GROUP_MAKER, "__napi_alloc_skb"}, {GROUP_MAKER, "sock_alloc_send_*"}, {GROUP_MAKER, "alloc_inode"},
	{GROUP_MAKER, "sk_prot_alloc"}, {GROUP_MAKER, "sk_alloc"}, {GROUP_MAKER, "pcpu_mem_zalloc"}, {GROUP_MAKER, "dst_alloc"}, {GROUP_MAKER, "alloc_etherdev*"},
	{GROUP_MAKER, "skb_clone"}, {GROUP_MAKER, "skb_copy"}, {GROUP_MAKER, "sock_wmalloc"}, {GROUP_MAKER, "sock_kmalloc"}, {GROUP_MAKER, "__alloc_file"},
	{GROUP_MAKER, "alloc_empty_file"}, {GROUP_MAKER, "bpf_map_area_alloc"}, {GROUP_MAKER, "__bpf_map_area_alloc"}, {GROUP_MAKER, "d_alloc*"},
	{GROUP_MAKER, "__d_alloc"}, {GROUP_MAKER, "usb_alloc_urb"}, {GROUP_MAKER, "security_*alloc*"},

	/* Small helpers that check what their caller hands them. */
	{GROUP_HELPER, "skb_put_data"}, {GROUP_HELPER, "device_remove_file*"}, {GROUP_HELPER, "cipher_crypt*"}, {GROUP_HELPER, "crypt_*"}, {GROUP_HELPER, "*_compat_ioctl"}, {GROUP_HELPER, "__x86_indirect_thunk_*"}, {GROUP_HELPER, "__x86_return_thunk"}, {GROUP_HELPER, "__indirect_thunk*"}, {GROUP_HELPER, "usb_submit_urb"}, {GROUP_HELPER, "usb_start_wait_urb"}, {GROUP_HELPER, "usb_*_msg"}, {GROUP_HELPER, "sysfs_remove_*"}, {GROUP_HELPER, "rollback_registered*"}, {GROUP_HELPER, "unregister_netdevice_many*"}, {GROUP_HELPER, "unregister_netdevice_queue"}, {GROUP_HELPER, "unregister_netdev"}, {GROUP_HELPER, "devres_release_*"}, {GROUP_HELPER, "device_release_driver*"}, {GROUP_HELPER, "__device_release_driver"}, {GROUP_HELPER, "bus_remove_device"}, {GROUP_HELPER, "kthread_stop*"}, {GROUP_HELPER, "*_panic"}, {GROUP_HELPER, "drop_nlink"}, {GROUP_HELPER, "inc_nlink"}, {GROUP_HELPER, "folio_unlock"}, {GROUP_HELPER, "unlock_page"}, {GROUP_HELPER, "__virt_to_phys*"}, {GROUP_HELPER, "__phys_addr*"}, {GROUP_HELPER, "aes_*"}, {GROUP_HELPER, "aesti_*"}, {GROUP_HELPER, "crypto_*"}, {GROUP_HELPER, "__crypto_*"}, {GROUP_HELPER, "xts_*"}, {GROUP_HELPER, "cbc_*"}, {GROUP_HELPER, "ecb_*"}, {GROUP_HELPER, "skcipher_*"}, {GROUP_HELPER, "lskcipher_*"}, {GROUP_HELPER, "*skb_reason_drop"}, {GROUP_HELPER, "sk_stop_timer*"}, {GROUP_HELPER, "sk_reset_timer*"}, {GROUP_HELPER, "iput"}, {GROUP_HELPER, "kfree_skbmem"}, {GROUP_HELPER, "folios_put*"}, {GROUP_HELPER, "release_pages"}, {GROUP_HELPER, "put_folio*"}, {GROUP_HELPER, "skb_put"}, {GROUP_HELPER, "skb_push"}, {GROUP_HELPER, "skb_pull*"}, {GROUP_HELPER, "__skb_pull"}, {GROUP_HELPER, "kfree_skb*"},
	{GROUP_HELPER, "__kfree_skb"}, {GROUP_HELPER, "consume_skb"}, {GROUP_HELPER, "skb_release_*"}, {GROUP_HELPER, "skb_free_*"}, {GROUP_HELPER, "fast_dput"},
	{GROUP_HELPER, "dput"}, {GROUP_HELPER, "find_lock_entries"}, {GROUP_HELPER, "find_get_entr*"}, {GROUP_HELPER, "truncate_inode_pages*"},
	{GROUP_HELPER, "ida_free"}, {GROUP_HELPER, "ida_destroy"}, {GROUP_HELPER, "ida_simple_*"}, {GROUP_HELPER, "usb_kill_anchored_urbs"},

	/* System call layers. */
	{GROUP_SYSCALL, "__x64_sys_*"}, {GROUP_SYSCALL, "__ia32_sys_*"}, {GROUP_SYSCALL, "__arm64_sys_*"}, {GROUP_SYSCALL, "__s390x_sys_*"}, {GROUP_SYSCALL, "__s390_sys_*"}, {GROUP_SYSCALL, "__riscv_sys_*"}, {GROUP_SYSCALL, "__ia32_compat_sys_*"}, {GROUP_SYSCALL, "__x64_compat_sys_*"}, {GROUP_SYSCALL, "__arm64_compat_sys_*"}, {GROUP_SYSCALL, "sys_*"}, {GROUP_SYSCALL, "SyS_*"}, {GROUP_SYSCALL, "compat_SyS_*"}, {GROUP_SYSCALL, "compat_sys_*"}, {GROUP_SYSCALL, "__sys_sendmsg*"}, {GROUP_SYSCALL, "__sys_sendmmsg"}, {GROUP_SYSCALL, "__sys_recvmsg"}, {GROUP_SYSCALL, "__sys_sendto"}, {GROUP_SYSCALL, "__sys_recvfrom"}, {GROUP_SYSCALL, "__sys_setsockopt"}, {GROUP_SYSCALL, "__sys_getsockopt"}, {GROUP_SYSCALL, "do_sock_setsockopt"}, {GROUP_SYSCALL, "do_sock_getsockopt"}, {GROUP_SYSCALL, "__compat_sys_*"}, {GROUP_SYSCALL, "____sys_sendmsg"}, {GROUP_SYSCALL, "___sys_sendmsg"}, {GROUP_SYSCALL, "____sys_recvmsg"}, {GROUP_SYSCALL, "___sys_recvmsg"}, {GROUP_SYSCALL, "sock_sendmsg*"}, {GROUP_SYSCALL, "__sock_sendmsg*"}, {GROUP_SYSCALL, "sock_recvmsg*"}, {GROUP_SYSCALL, "sock_write_iter"}, {GROUP_SYSCALL, "sock_read_iter"}, {GROUP_SYSCALL, "sock_common_setsockopt"}, {GROUP_SYSCALL, "sock_common_getsockopt"}, {GROUP_SYSCALL, "__vfs_write"}, {GROUP_SYSCALL, "vfs_write"}, {GROUP_SYSCALL, "__vfs_read"}, {GROUP_SYSCALL, "vfs_read"}, {GROUP_SYSCALL, "new_sync_*"}, {GROUP_SYSCALL, "do_iter_*"}, {GROUP_SYSCALL, "vfs_writev"}, {GROUP_SYSCALL, "vfs_readv"}, {GROUP_SYSCALL, "do_writev"}, {GROUP_SYSCALL, "do_readv"}, {GROUP_SYSCALL, "kernel_sendmsg"}, {GROUP_SYSCALL, "vfs_ioctl*"}, {GROUP_SYSCALL, "do_vfs_ioctl"}, {GROUP_SYSCALL, "ksys_*"}, {GROUP_SYSCALL, "__do_sys_*"},
	{GROUP_SYSCALL, "__se_sys_*"}, {GROUP_SYSCALL, "__do_compat_sys_*"}, {GROUP_SYSCALL, "__se_compat_sys_*"},
	{GROUP_SYSCALL, "SYSC_*"}, {GROUP_SYSCALL, "C_SYSC_*"},

	/* Dispatchers. */
	{GROUP_DISPATCH, "x86_64_start_*"}, {GROUP_DISPATCH, "i386_start_kernel"}, {GROUP_DISPATCH, "nfnetlink_rcv_msg"}, {GROUP_DISPATCH, "rtnetlink_rcv_msg"}, {GROUP_DISPATCH, "genl_rcv_msg"}, {GROUP_DISPATCH, "genl_family_rcv_msg*"}, {GROUP_DISPATCH, "task_work_run"}, {GROUP_DISPATCH, "__fput*"}, {GROUP_DISPATCH, "____fput"}, {GROUP_DISPATCH, "delayed_fput"}, {GROUP_DISPATCH, "exit_to_usermode_loop"}, {GROUP_DISPATCH, "prepare_exit_to_usermode"}, {GROUP_DISPATCH, "exit_to_user_mode_*"}, {GROUP_DISPATCH, "syscall_exit_to_user_mode*"}, {GROUP_DISPATCH, "__prepare_exit_to_usermode"}, {GROUP_DISPATCH, "__do_fault"}, {GROUP_DISPATCH, "handle_mm_fault"}, {GROUP_DISPATCH, "__handle_mm_fault"}, {GROUP_DISPATCH, "stub_*"}, {GROUP_DISPATCH, "do_syscall_*"}, {GROUP_DISPATCH, "__do_syscall*"}, {GROUP_DISPATCH, "do_fast_syscall_*"},
	{GROUP_DISPATCH, "__do_fast_syscall_*"}, {GROUP_DISPATCH, "do_SYSENTER*"}, {GROUP_DISPATCH, "do_int80_*"},
	{GROUP_DISPATCH, "entry_*"}, {GROUP_DISPATCH, "system_call*"}, {GROUP_DISPATCH, "sysenter_*"}, {GROUP_DISPATCH, "sysenter*"},
	{GROUP_DISPATCH, "tracesys*"}, {GROUP_DISPATCH, "ia32_sysenter*"}, {GROUP_DISPATCH, "cstar_*"}, {GROUP_DISPATCH, "syscall_*"},
	{GROUP_DISPATCH, "el0_*"}, {GROUP_DISPATCH, "el0t_*"}, {GROUP_DISPATCH, "invoke_syscall*"}, {GROUP_DISPATCH, "__invoke_syscall"},
	{GROUP_DISPATCH, "do_el0_*"}, {GROUP_DISPATCH, "ret_fast_syscall"}, {GROUP_DISPATCH, "__sys_trace*"}, {GROUP_DISPATCH, "x64_sys_call"},
	{GROUP_DISPATCH, "ia32_sys_call"}, {GROUP_DISPATCH, "x32_sys_call"}, {GROUP_DISPATCH, "linux_sparc_syscall*"},
	{GROUP_DISPATCH, "process_one_work"}, {GROUP_DISPATCH, "process_scheduled_works"}, {GROUP_DISPATCH, "worker_thread*"},
	{GROUP_DISPATCH, "kthread"}, {GROUP_DISPATCH, "kthread_worker_fn"}, {GROUP_DISPATCH, "ret_from_*"}, {GROUP_DISPATCH, "child_rip"},
	{GROUP_DISPATCH, "kernel_thread*"}, {GROUP_DISPATCH, "start_kernel_thread"}, {GROUP_DISPATCH, "__do_softirq"},
	{GROUP_DISPATCH, "do_softirq*"}, {GROUP_DISPATCH, "__softirq*"}, {GROUP_DISPATCH, "handle_softirqs"}, {GROUP_DISPATCH, "____do_softirq"},
	{GROUP_DISPATCH, "call_softirq"}, {GROUP_DISPATCH, "__local_bh_enable_ip"}, {GROUP_DISPATCH, "_local_bh_enable*"},
	{GROUP_DISPATCH, "local_bh_enable*"}, {GROUP_DISPATCH, "run_ksoftirqd"}, {GROUP_DISPATCH, "smpboot_thread_fn"},
	{GROUP_DISPATCH, "call_timer_fn*"}, {GROUP_DISPATCH, "expire_timers"}, {GROUP_DISPATCH, "*_run_timers*"},
	{GROUP_DISPATCH, "__run_timer*"}, {GROUP_DISPATCH, "run_timer_*"}, {GROUP_DISPATCH, "__run_hrtimer*"}, {GROUP_DISPATCH, "__hrtimer_run_queues"},
	{GROUP_DISPATCH, "hrtimer_run_*"}, {GROUP_DISPATCH, "tasklet_action*"}, {GROUP_DISPATCH, "__netif_receive_skb*"},
	{GROUP_DISPATCH, "netif_receive_skb*"}, {GROUP_DISPATCH, "process_backlog"}, {GROUP_DISPATCH, "net_rx_action"},
	{GROUP_DISPATCH, "start_secondary*"}, {GROUP_DISPATCH, "secondary_startup_*"}, {GROUP_DISPATCH, "secondary_start_kernel"},
	{GROUP_DISPATCH, "cpu_startup_entry"}, 
	{GROUP_DISPATCH, "__handle_irq_event_percpu"}, {GROUP_DISPATCH, "handle_irq_event*"},

	/* Last, since it is wide: in a leak, whatever allocates did so for its caller. */
	{GROUP_MAKER, "*alloc*"},
};
// clang-format on

static bool fits(struct slice name, const char *pattern)
{
	size_t n = strlen(pattern);

	if (!memchr(pattern, '*', n))
		return slice_eq(name, pattern);
	if (pattern[n - 1] == '*')
		return oops_pattern(name, pattern);
	/* a tail after the last star must be the end of the name */
	return oops_pattern(name, pattern) && slice_ends(name, strrchr(pattern, '*') + 1);
}

struct slice oops_plain_name(const char *function)
{
	static const char *const suffixes[] = {".isra",	 ".cold",      ".part",	    ".constprop",
					       ".llvm",	 ".lto_priv", ".localalias", ".str",
					       ".number"};
	struct slice name = slice_of(function);
	size_t i;

	if (name.n > 1 && name.p[0] == '.')
		name.p++, name.n--;
	if (!name.n || !memchr(name.p, '.', name.n))
		return name; /* nearly always */
	for (i = 0; i < ARRAY_SIZE(suffixes); i++) {
		const char *at = slice_find(name, suffixes[i]);

		if (at && at > name.p)
			name.n = (size_t)(at - name.p);
	}
	return name;
}

enum frame_group oops_group(const char *function)
{
	struct slice name = oops_plain_name(function);
	size_t i;

	if (!name.n)
		return GROUP_NONE;
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		const char *pattern = rows[i].pattern;

		if ((pattern[0] == name.p[0] || pattern[0] == '*') && fits(name, pattern))
			return rows[i].group;
	}
	return GROUP_NONE;
}

const char *oops_group_title(enum frame_group group)
{
	return titles[group < GROUP_COUNT ? group : GROUP_NONE];
}

bool oops_frame_counts(const struct event *ev, const struct frame *f)
{
	return f->function && (f->reliable || ev->guessed);
}

/* The entry of the interrupt stands at most so many frames above the tick. A heuristic. */
enum { TICK_MAX_FRAMES = 12 };

size_t oops_above_tick(const struct event *ev)
{
	uint32_t entry = GROUP_BIT(GROUP_ENTRY) | GROUP_BIT(GROUP_TIMER);
	size_t i, begin = 0;

	for (i = 0; i < ev->frame_count && i <= begin + TICK_MAX_FRAMES; i++) {
		const struct frame *f = &ev->trace[i];

		if (oops_frame_counts(ev, f) && oops_group(f->function) == GROUP_TIMER)
			begin = i + 1;
	}
	while (begin && begin < ev->frame_count) {
		const struct frame *f = &ev->trace[begin];

		if (oops_frame_counts(ev, f) && !(entry & GROUP_BIT(oops_group(f->function))))
			break;
		begin++;
	}
	return begin < ev->frame_count ? begin : 0;
}
