#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# An image without a kdump package: log, verdict and dump are saved in any order of misfortunes.

# shellcheck source=tests/shell/lib.sh
. "$(dirname "$0")/lib.sh"

stub mount <<-END
	#!/bin/sh
	echo "\$*" >>$tmp/mount-calls
END
stub umount <<-END
	#!/bin/sh
	echo "umount \$*" >>$tmp/mount-calls
END
stub makedumpfile <<-'END'
	#!/bin/sh
	for to; do :; done
	echo dump >"$to"
END

standalone_image() {
	new_image
	rm "$root/etc/kdump.conf" "$tmp/mount-calls"
	mkdir -p "$root/sysroot"
	echo "/dev/vda /sysroot ext4 ro 0 0" >"$root/proc/mounts"
	: >"$root/proc/sysrq-trigger"
} 2>/dev/null

saved_dir() {
	dump=$(find "$root/sysroot/var/crash" -name '127.0.0.1-*' 2>/dev/null)
}

rebooted() {
	check "$1: reboots" [ "$(cat "$root/proc/sysrq-trigger")" = b ]
	check "$1: ends well" [ "$status" -eq 0 ]
}

standalone_image
run_hook standalone
saved_dir
rebooted "all well"
check "all well: the log" grep -q "the log of" "$dump/vmcore-dmesg.txt"
check "all well: the verdict" has_verdict vmcore "$dump"
check "all well: the dump" grep -q dump "$dump/vmcore"
check "all well: the analyzer is told how the dump ended" grep -q -e '--dump-status 0' "$tmp/calls"
# busybox prefers its own mount and umount to the stubs.
if [ "$HOOK_SH" != "busybox sh" ]; then
	check "all well: the root was made writable" grep -q "remount,rw $root/sysroot" "$tmp/mount-calls"
	check "all well: and unmounted" grep -q "umount $root/sysroot" "$tmp/mount-calls"
fi

standalone_image
rm "$root/proc/vmcore"
run_hook standalone
check "an ordinary boot: nothing happens" [ ! -s "$root/proc/sysrq-trigger" ]
check "an ordinary boot: nothing is written" [ ! -e "$root/sysroot/var" ]

standalone_image
configure standalone_dump=no
run_hook standalone
saved_dir
rebooted "no dump wanted"
check "no dump wanted: none" [ ! -e "$dump/vmcore" ]
check "no dump wanted: the verdict" has_verdict vmcore "$dump"

standalone_image
: >"$root/proc/mounts"
run_hook standalone
rebooted "not mounted"
check "not mounted: the console has the verdict" grep -q "verdict of vmcore" "$root/dev/console"
check "not mounted: said" console_said "there is no root file system to save to"
check "not mounted: nothing is written into memory" [ ! -e "$root/sysroot/var" ]

standalone_image
rm -r "$root/sysroot"
echo file >"$root/sysroot"
run_hook standalone
rebooted "not writable"
check "not writable: the console has the verdict" grep -q "verdict of vmcore" "$root/dev/console"
check "not writable: said" console_said "cannot write to $root/sysroot/var/crash"

stub makedumpfile <<-'END'
	#!/bin/sh
	echo half >"$6"
	exit 1
END
standalone_image
run_hook standalone
saved_dir
rebooted "failed dump"
check "failed dump: told to the analyzer" grep -q -e '--dump-status 1' "$tmp/calls"
check "failed dump: the verdict" has_verdict vmcore "$dump"

stub kdump-verdict <<-'END'
	#!/bin/sh
	kill -SEGV $$
END
standalone_image
run_hook standalone
rebooted "analyzer dies"

stub makedumpfile <<-'END'
	#!/bin/sh
	exec sleep 30
END
analyzer_does :
standalone_image
configure standalone_deadline=10
run_hook standalone &
hook=$!
sleep 20
check "dump hangs: reboots all the same" [ "$(cat "$root/proc/sysrq-trigger")" = b ]
saved_dir
check "dump hangs: the verdict was there before" has_verdict vmcore "$dump"
kill "$hook"
