// SPDX-License-Identifier: GPL-2.0-or-later
//
// Is this text a kernel log at all? One line is enough that only a kernel prints, but it has
// to be a clean line: program files hold every message of the kernel too, between NUL bytes.
//
// Evidence is a boot-time stamp or another prefix of the kernel's, or, since mails quote
// reports bare, a line that begins as a message of the kernel does or that names a place in
// code as only the kernel writes it. Ordinary prose has none of these.
#include <string.h>

#include "kernel/klog-source.h"

enum { JUDGE_HEAD = 64 * 1024, JUDGE_LINE = 1024 };

/*
 * How messages of the kernel begin, blanks before them aside: reports first, then what a boot
 * or a mount says. A word that prose may begin with stands here with what the kernel puts
 * behind it.
 */
// clang-format off
static const char *const openings[] = {
	"------------[ cut here ]------------", "---[ end trace ", "---[ end Kernel panic",
	"BUG: ", "Oops: ", "Oops - ", "Oops#", "Call Trace:", "Call trace:", "Backtrace:",
	"Kernel panic - not syncing", "Kernel panic:", "kernel BUG at ", "Kernel BUG at ",
	"kernel tried to execute ", "Kernel stack overflow", "Kernel stack is corrupted",
	"WARNING: CPU: ", "WARNING: at ", "WARNING: possible ", "WARNING: suspicious ",
	"WARNING: inconsistent ", "WARNING: bad unlock ", "WARNING: lock held ",
	"INFO: task ", "INFO: rcu", "INFO: possible ", "INFO: trying to register ",
	"INFO: suspicious ", "INFO: inconsistent ", "INFO: lockdep ", "[ INFO: ", "[ BUG: ",
	"watchdog: BUG", "NMI watchdog: ", "NMI backtrace for cpu", "Uhhuh. NMI ", "rcu: INFO",
	"Sending NMI ", "general protection fault", "General protection fault",
	"divide error: ", "double fault: ", "invalid opcode: ", "stack segment: ",
	"PANIC: double fault", "int3: ", "traps: PANIC", "unchecked MSR access",
	"Internal error: ", "Fatal exception", "Unable to handle kernel ", "Unhandled fault: ",
	"Bad mode in ", "Bad page state ", "Insufficient stack space ", "SError Interrupt ",
	"Synchronous External Abort", "Unable to mount root fs", "[Hardware Error]", "mce: [",
	"Out of memory: Kill", "Memory cgroup out of memory", "oom-kill:", "Modules linked in:",
	"Hardware name: ", "CPU: ", "Pid: ", "RIP: ", "RIP  [", "EIP: ", "EIP is at ", "IP: [<",
	"PC is at ", "pc : ", "LR is at ", "NIP: ", "NIP [", "epc : ", "Krnl PSW", "TPC: <",
	"era   : ", "Code: ", "SysRq : ", "sysrq: ", "unregister_netdevice: ",
	"list_add corruption", "list_del corruption", "refcount_t: ", "usercopy: ", "UBSAN: ",
	"kasan: ", "irq event stamp: ", "unreferenced object 0x",

	"Linux version ", "Command line: ", "Kernel command line: ", "Booting Linux on ",
	"Freeing unused kernel ", "Kernel Offset: ", "VFS: ", "XFS (", "EXT4-fs", "EXT3-fs",
	"BTRFS", "JBD2: ", "usb 1-", "usb 2-", "usb 3-", "usb 4-", "usb 5-", "pci 0000:",
	"ACPI: ", "x86/fpu: ", "Spectre V", "BIOS-provided physical RAM map", "e820: ", "audit(",
};
// clang-format on

static bool is_stray(unsigned char ch)
{
	return ch < ' ' && !memchr("\t\n\r\f\b\a\033", ch, 7);
}

static size_t count_stray(struct slice s)
{
	size_t count = 0;

	for (size_t i = 0; i < s.n; i++)
		count += is_stray((unsigned char)s.p[i]);
	return count;
}

static bool opens_message(struct slice text)
{
	while (text.n && (*text.p == ' ' || *text.p == '\t'))
		text.p++, text.n--;
	if (!text.n)
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(openings); i++)
		if (*openings[i] == *text.p && slice_starts(text, openings[i]))
			return true;
	return false;
}

/* "function+0x1a/0x60" */
static bool names_place(struct slice text)
{
	struct cursor c = cursor_of(text);
	uint64_t number;

	while (cursor_past(&c, "+0x", NULL))
		if (cursor_hex(&c, &number) && cursor_char(&c, '/') && cursor_0x(&c, &number))
			return true;
	return false;
}

/* A stamp further in: consoles and syslog write into each other's lines. */
static bool holds_stamp(struct slice text)
{
	struct cursor c = cursor_of(text);

	while (cursor_past(&c, "[", NULL)) {
		struct klog_line line = {0};
		struct cursor from = {c.p - 1, c.end};

		(void)klog_prefix_strip(cursor_rest(&from), &line);
		if (line.has_time)
			return true;
	}
	return false;
}

bool klog_is_evidence(struct slice raw, bool is_binary)
{
	struct klog_line line = {.level = -1, .facility = KLOG_FACILITY_UNKNOWN};

	if (!raw.n || raw.n > JUDGE_LINE)
		return false;
	(void)klog_prefix_strip(raw, &line);
	if (count_stray(raw))
		return false;
	if (line.has_time || line.facility == KLOG_FACILITY_KERN)
		return line.text.n > 0;
	if (is_binary)
		return false;
	return opens_message(line.text) || names_place(line.text) || holds_stamp(line.text);
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

enum status klog_judge_head(struct slice head, bool *ret_is_binary, struct err *err)
{
	const char *known = known_format(head);

	if (!head.n)
		return err_set(err, STATUS_BROKEN, "no kernel log: the file is empty");
	if (known)
		return err_set(err, STATUS_BROKEN, "no kernel log: %s", known);
	if (head.n > JUDGE_HEAD)
		head.n = JUDGE_HEAD;
	*ret_is_binary = count_stray(head) > head.n / 8;
	return STATUS_FOUND;
}

enum status klog_judge_without(bool is_binary, struct err *err)
{
	if (is_binary)
		return err_set(err, STATUS_BROKEN, "no kernel log: binary data");
	return err_set(err, STATUS_BROKEN,
		       "no kernel log: no line has a kernel's time stamp or begins as a kernel's message does");
}
