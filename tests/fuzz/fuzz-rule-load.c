// SPDX-License-Identifier: GPL-2.0-or-later
//
// Fuzzes the rule loader, and with what it accepts the matcher, its patterns and templates.
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/base.h"
#include "rule/rule.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char log_text[] =
	"[    1.000000] Linux version 5.4.0-122-generic\n"
	"[   41.000000] aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!\n"
	"[   49.800000] BUG: unable to handle kernel NULL pointer dereference\n"
	"[   49.800004] ---[ end trace 4e652b8aa299aa2d ]---\n";

static struct frame trace[] = {
	{.function = "d_delete", .reliable = true, .line = 3},
	{.function = "vfs_rmdir.part.3", .module = "overlay", .line = 3},
	{.address = 0xffffffff81000000, .reliable = true},
};
static struct oops_reg regs[] = {{"rip", 0x88}, {"rcx", 0xdead000000000122}};
static struct fact_module modules[] = {{.name = "overlay", .taints = ""}, {.name = "eudp", .taints = "OE"}};
static struct event crash = {
	.class = CLASS_NULL_POINTER_DEREFERENCE,
	.line = 3,
	.last_line = 4,
	.has_time = true,
	.time_ns = 49800000000,
	.title = "BUG: unable to handle kernel NULL pointer dereference",
	.message = "at 0000000000000088",
	.is_panic = true,
	.pid = 1234,
	.comm = "$(reboot)",
	.workqueue = "events free_work",
	.has_where = true,
	.where = {.function = "_raw_spin_lock",
		  .module = "x;reboot",
		  .line = 3,
		  .reliable = true},
	.has_fault_address = true,
	.fault_address = 0x88,
	.regs = regs,
	.reg_count = ARRAY_SIZE(regs),
	.trace = trace,
	.frame_count = ARRAY_SIZE(trace),
};

static struct klog *open_log(void)
{
	static int fd = -1;
	struct klog *klog = NULL;
	char path[32];

	if (fd < 0) {
		fd = memfd_create("log", 0);
		if (write(fd, log_text, sizeof(log_text) - 1) < 0)
			abort();
	}
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	if (klog_open_text(&klog, path, NULL))
		abort();
	return klog;
}

/* No command may carry what the log brought. */
static void check_finding(const struct finding *f)
{
	for (size_t i = 0; i < f->action_count; i++)
		for (const char *const *command = f->actions[i].commands; *command; command++)
			if (strstr(*command, "$(reboot)") || strstr(*command, "x;reboot"))
				abort();
	if (f->matched != !f->missing_count || !f->title || !f->cause)
		abort();
}

static void match(struct rule_base *base)
{
	struct fact_set facts = {
		.release = "5.4.0-122-generic",
		.version = "#138-Ubuntu SMP",
		.machine = "x86_64",
		.hardware = "QEMU",
		.cmdline = "root=/dev/vda1",
		.distro = DISTRO_UBUNTU,
		.uptime = -1,
		.taint = "GOE",
		.state = {.modules = modules, .module_count = ARRAY_SIZE(modules)},
		.crash = &crash,
	};
	static struct finding findings[RULE_MAX_FINDINGS];
	struct klog *klog = open_log();
	size_t count;

	arena_init(&facts.arena, 1 << 20);
	count = rule_match(base, &facts, klog, &facts.arena, findings, RULE_MAX_FINDINGS);
	for (size_t i = 0; i < count; i++)
		check_finding(&findings[i]);
	for (size_t i = 0; i < rule_base_count(base) && i < 8; i++) {
		rule_explain(base, i, &facts, klog, &facts.arena, findings);
		check_finding(findings);
	}
	arena_done(&facts.arena);
	klog_free(klog);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct rule_base *base = rule_base_new();

	// The text of a rule can spell such a command by itself; that is not the log's doing.
	if (memmem(data, size, "reboot", 6)) {
		rule_base_free(base);
		return 0;
	}
	rule_base_load_text(base, "fuzz.yaml", (const char *)data, size);
	match(base);
	rule_base_check(base);
	match(base);
	rule_base_free(base);
	return 0;
}
