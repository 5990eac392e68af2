// SPDX-License-Identifier: GPL-2.0-or-later
//
// Is this text a kernel log at all? One line is enough that only a kernel prints, but it has
// to be a clean line: program files hold every message of the kernel too, between NUL bytes.
//
// Evidence is a boot-time stamp or another prefix of the kernel's, or, since mails quote
// reports bare, a line that begins as a report of the kernel does. Ordinary prose has neither.
#include <string.h>

#include "kernel/klog-source.h"

/* How far to look: firmware and boot loader can fill a console log before the kernel does. */
enum { JUDGE_BYTES = 16 * 1024 * 1024, JUDGE_HEAD = 64 * 1024, JUDGE_LINE = 1024 };

/*
 * How reports begin, the blanks before it aside. Whole words of prose ("Oops", "BUG") are
 * followed by what the kernel puts behind them.
 */
// clang-format off
static const char *const report_openings[] = {
	"------------[ cut here ]------------", "---[ end trace ", "---[ end Kernel panic",
	"BUG: ", "Oops: ", "Oops - ", "Oops#", "Call Trace:", "Call trace:", "Backtrace:",
	"Kernel panic - not syncing", "Kernel panic:", "kernel BUG at ", "Kernel BUG at ",
	"kernel tried to execute ", "Kernel stack overflow", "Kernel stack is corrupted",
	"Linux version ", "Command line: ", "Kernel command line: ", "Booting Linux on ",
	"WARNING: CPU: ", "WARNING: at ", "WARNING: possible ", "WARNING: suspicious ",
	"WARNING: inconsistent ", "WARNING: bad unlock ", "WARNING: lock held ",
	"WARNING: stack going ", "INFO: task ", "INFO: rcu", "INFO: possible ",
	"INFO: trying to register ", "INFO: suspicious ", "INFO: inconsistent ",
	"[ INFO: ", "[ BUG: ", "=[ BUG", "INFO: NMI handler",
	"watchdog: BUG", "NMI watchdog", "NMI backtrace for cpu", "NMI: ", "Uhhuh. NMI ",
	"rcu: INFO", "INFO: lockdep ", "Sending NMI ",
	"general protection fault", "General protection fault", "divide error", "double fault",
	"invalid opcode", "stack segment", "segment not present", "PANIC: double fault",
	"int3: ", "traps: PANIC", "unchecked MSR access", "Internal error: ", "Fatal exception",
	"Unable to handle ", "Unhandled fault", "Bad mode in ", "Bad page state ",
	"Unable to mount root fs", "VFS: Cannot open root device",
	"Machine check ", "mce: [Hardware Error]", "[Hardware Error]", "HARDWARE ERROR",
	"Synchronous External Abort", "SError Interrupt ", "Insufficient stack space ",
	"Out of memory: ", "Memory cgroup out of memory", "oom-killer", "oom-kill:",
	"page allocation failure", "Modules linked in:", "Hardware name: ", "Tainted: ",
	"CPU: ", "Pid: ", "RIP: ", "RIP  [", "EIP: ", "EIP is at ", "IP: [<", "PC is at ",
	"pc : ", "LR is at ", "NIP: ", "NIP [", "epc : ", "epc   : ", "Krnl PSW", "TPC: <",
	"era   : ", "Code: ", "SysRq : ", "sysrq: ", "sysrq: SysRq", "unregister_netdevice: ",
	"list_add corruption", "list_del corruption", "refcount_t: ", "usercopy: ",
	"UBSAN: ", "kasan: ", "KASAN: ", "KCSAN: ", "page:", "Slab corruption", "slab error",
	"irq event stamp: ", "Freeing unused kernel ", "Kernel Offset: ", "Starting crashdump",
};
// clang-format on

static bool is_stray(unsigned char ch)
{
	return ch < ' ' && !memchr("\t\n\r\f\b\033", ch, 6);
}

static size_t count_stray(struct slice s)
{
	size_t count = 0;

	for (size_t i = 0; i < s.n; i++)
		count += is_stray((unsigned char)s.p[i]);
	return count;
}

static bool opens_report(struct slice text)
{
	while (text.n && (*text.p == ' ' || *text.p == '\t'))
		text.p++, text.n--;
	if (!text.n)
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(report_openings); i++)
		if (*report_openings[i] == *text.p && slice_starts(text, report_openings[i]))
			return true;
	return false;
}

/* strict: in binary data, a report's opening is no evidence. */
static bool is_evidence(struct slice raw, bool strict)
{
	struct klog_line line = {.level = -1, .facility = KLOG_FACILITY_UNKNOWN};

	if (!raw.n || raw.n > JUDGE_LINE)
		return false;
	(void)klog_prefix_strip(raw, &line);
	if (count_stray(raw))
		return false;
	if (line.has_time || line.facility == KLOG_FACILITY_KERN)
		return line.text.n > 0;
	return !strict && opens_report(line.text);
}

static bool has_evidence(struct slice text, bool strict)
{
	const char *end = text.p + text.n;

	for (const char *p = text.p, *eol; p < end; p = eol + 1) {
		eol = memchr(p, '\n', (size_t)(end - p));
		if (!eol)
			eol = end;
		if (is_evidence(slice_trim((struct slice){p, (size_t)(eol - p)}), strict))
			return true;
	}
	return false;
}

/* What the first bytes say the file is, if it is something known that one can act on. */
static const char *known_format(struct slice text)
{
	static const struct {
		const char *magic;
		size_t len;
		const char *what;
	} formats[] = {
		{"\xfd" "7zXZ", 5, "xz-compressed, unpack it first"},
		{"BZh", 3, "bzip2-compressed, unpack it first"},
		{"\x28\xb5\x2f\xfd", 4, "zstd-compressed, unpack it first"},
		{"\x04\x22\x4d\x18", 4, "lz4-compressed, unpack it first"},
		{"PK\x03\x04", 4, "a zip archive, unpack it first"},
		{"LPKSHHRH", 8, "a binary journal, export it with journalctl -k"},
		{"\xff\xfe", 2, "UTF-16 text, convert it to UTF-8 first"},
		{"\xfe\xff", 2, "UTF-16 text, convert it to UTF-8 first"},
		{"\x7f" "ELF", 4, "an ELF file"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(formats); i++)
		if (text.n >= formats[i].len &&
		    !memcmp(text.p, formats[i].magic, formats[i].len))
			return formats[i].what;
	return NULL;
}

enum status klog_judge(struct slice text, struct err *err)
{
	struct slice head = {text.p, text.n < JUDGE_HEAD ? text.n : JUDGE_HEAD};
	const char *known = known_format(text);
	bool is_binary;

	if (!text.n)
		return err_set(err, STATUS_BROKEN, "no kernel log: the file is empty");
	if (known)
		return err_set(err, STATUS_BROKEN, "no kernel log: %s", known);
	is_binary = count_stray(head) > head.n / 8;
	if (text.n > JUDGE_BYTES)
		text.n = JUDGE_BYTES;
	if (has_evidence(text, is_binary))
		return STATUS_FOUND;
	if (is_binary)
		return err_set(err, STATUS_BROKEN, "no kernel log: binary data");
	return err_set(err, STATUS_BROKEN,
		       "no kernel log: no line has a kernel's time stamp or begins as a kernel's report does");
}
