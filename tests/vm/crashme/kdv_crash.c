// SPDX-License-Identifier: GPL-2.0-or-later
// Crash the kernel on demand: echo null|list|bug|panic|softlockup|hungtask > /proc/kdv_crash
//
// Each way goes through a few functions of its own that the compiler may not merge, so that a
// test knows which names stand in the trace, innermost first.

#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/list.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/preempt.h>
#include <linux/proc_fs.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>

struct kdv_item {
	struct list_head link;
	char name[120];
	unsigned long count; /* at 0x88: the address that a NULL item faults on */
};

static struct kdv_item *kdv_missing_item;
static DEFINE_MUTEX(kdv_lock);
static unsigned long kdv_sink;

static noinline void kdv_list_remove(struct kdv_item *item)
{
	list_del(&item->link);
	barrier(); /* no tail call: this function has to stay on the stack */
}

/* The second removal meets the poison that the first one left. */
static noinline void kdv_list_outer(void)
{
	static LIST_HEAD(items);
	struct kdv_item *item = kzalloc(sizeof(*item), GFP_KERNEL);

	if (!item)
		return;
	list_add(&item->link, &items);
	kdv_list_remove(item);
	kdv_list_remove(item);
	kfree(item);
}

static noinline void kdv_bug_inner(unsigned long value)
{
	BUG_ON(value != READ_ONCE(kdv_sink) + 1);
}

static noinline void kdv_bug_outer(void)
{
	kdv_bug_inner(READ_ONCE(kdv_sink));
	barrier();
}

static noinline unsigned long kdv_null_inner(struct kdv_item *item)
{
	return READ_ONCE(item->count) + 1;
}

static noinline unsigned long kdv_null_middle(struct kdv_item *item)
{
	return kdv_null_inner(item) * 3;
}

static noinline void kdv_null_outer(void)
{
	kdv_sink = kdv_null_middle(READ_ONCE(kdv_missing_item)) - 1;
}

static noinline void kdv_panic_outer(void)
{
	panic("kdv_crash: a panic was asked for");
}

static noinline void kdv_spin(void)
{
	while (!READ_ONCE(kdv_missing_item))
		cpu_relax();
}

static noinline void kdv_softlockup_outer(void)
{
	preempt_disable();
	kdv_spin();
	preempt_enable();
}

static int kdv_hung_holder(void *unused)
{
	mutex_lock(&kdv_lock);
	while (!kthread_should_stop())
		msleep_interruptible(1000);
	mutex_unlock(&kdv_lock);
	return 0;
}

static noinline void kdv_hung_waiter(void)
{
	mutex_lock(&kdv_lock);
	kdv_sink++;
	mutex_unlock(&kdv_lock);
}

static noinline void kdv_hungtask_outer(void)
{
	struct task_struct *holder = kthread_run(kdv_hung_holder, NULL, "kdv_holder");

	if (IS_ERR(holder))
		return;
	while (!mutex_is_locked(&kdv_lock))
		msleep(20);
	kdv_hung_waiter();
	barrier();
}

static const struct {
	const char *name;
	void (*crash)(void);
} kdv_ways[] = {
	{ "null", kdv_null_outer },
	{ "list", kdv_list_outer },
	{ "bug", kdv_bug_outer },
	{ "panic", kdv_panic_outer },
	{ "softlockup", kdv_softlockup_outer },
	{ "hungtask", kdv_hungtask_outer },
};

static ssize_t kdv_write(struct file *file, const char __user *user, size_t size, loff_t *pos)
{
	char name[16] = "";
	size_t i;

	if (size >= sizeof(name) || copy_from_user(name, user, size))
		return -EINVAL;
	for (i = 0; i < ARRAY_SIZE(kdv_ways); i++)
		if (sysfs_streq(name, kdv_ways[i].name)) {
			kdv_ways[i].crash();
			return size;
		}
	return -EINVAL;
}

static const struct proc_ops kdv_proc_ops = {
	.proc_write = kdv_write,
};

static int __init kdv_init(void)
{
	return proc_create("kdv_crash", 0200, NULL, &kdv_proc_ops) ? 0 : -ENOMEM;
}

static void __exit kdv_exit(void)
{
	remove_proc_entry("kdv_crash", NULL);
}

module_init(kdv_init);
module_exit(kdv_exit);
MODULE_DESCRIPTION("Crashes the kernel in known ways, for tests of kdump-verdict");
MODULE_VERSION("1.0");
MODULE_LICENSE("GPL");
