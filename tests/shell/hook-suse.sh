#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The hook as KDUMP_PRESCRIPT and KDUMP_POSTSCRIPT of SUSE's kdump, evaluated and plain.

# shellcheck source=tests/shell/lib.sh
. "$(dirname "$0")/lib.sh"

# suse_image SAVEDIR: as mkdumprd leaves it.
suse_image() {
	new_image "KDUMP_CONTINUE_ON_ERROR='true'" "KDUMP_POSTSCRIPT='hook after \"\$DIR\"'" "KDUMP_SAVEDIR='$1'"
	mkdir -p "$root/kdump/mnt"
	echo node7 >"$root/etc/hostname.kdump"
}

# suse_name SECONDS-AGO
suse_name() {
	date -d "-$1 seconds" +%Y-%m-%d-%H-%M
}

# suse_dump BASE [NAME]
suse_dump() {
	make_dump "/kdump/mnt$1" "${2:-$(suse_name 0)}"
	mv "$dump/vmcore-dmesg.txt" "$dump/dmesg"
}

suse_image /var/crash
suse_dump /var/crash
run_hook after "$dump" "saved successfully"
check "evaluated: beside the dump" has_verdict vmcore "$dump"
check "evaluated: the dump is known to be good" grep -q -e '--dump-status 0' "$tmp/calls"
check "evaluated: ends well" [ "$status" -eq 0 ]

suse_image /var/crash
suse_dump /var/crash
run_hook after "$dump" "error while saving, return code: 0"
check "a failed dump: beside what there is" has_verdict vmcore "$dump"
check "a failed dump: said" console_said "the dump itself failed (status 1)"

suse_image /var/crash
suse_dump /var/crash
run_hook after "$dump" skipped
check "KDUMP_DUMPFORMAT=none: no word on the dump" [ "$(grep -c dump-status "$tmp/calls")" -eq 0 ]

suse_image /var/crash
suse_dump /var/crash
# shellcheck disable=SC2016 # as they arrive
run_hook after '"$DIR"' '"$VMCORE_STATUS"'
check "plain: the directory is found" has_verdict vmcore "$dump"

suse_image file:///var/log/crash
suse_dump /var/log/crash
run_hook after "" ""
check "by sh -c: the directory is found" has_verdict vmcore "$dump"

suse_image /var/crash
suse_dump /var/crash "$(suse_name 7200)"
old=$dump
suse_dump /var/crash "$(date +%Y-%m-%d-%H:%M)"
run_hook after
check "1.0: a colon in the name" has_verdict vmcore "$dump"
check "older dumps are left alone" no_verdict_in "$old"

suse_image nfs://srv/export
suse_dump "" "node8-$(suse_name 0)"
other=$dump
suse_dump "" "node7-$(suse_name 0)"
run_hook after
check "nfs: our host's" has_verdict vmcore "$dump"
check "nfs: not another's" no_verdict_in "$other"

suse_image ftp://srv/crash
run_hook after /crash/node7-2026 "saved successfully"
check "ftp: the console has it" grep -q "verdict of vmcore" "$root/dev/console"
check "ftp: said" console_said "console only: the dump goes to ftp"

suse_image /var/crash
mkdir -p "$root/kdump/mnt/var/crash"
configure before_dump=yes
run_hook before
check "before: waits beside the dumps" has_verdict vmcore "$root/kdump/mnt/var/crash/kdump-verdict-"*
suse_dump /var/crash
run_hook after
check "before: joins the dump" has_verdict vmcore "$dump"
check "before: nothing left over" [ "$(find "$root/kdump/mnt/var/crash" -name 'kdump-verdict-*' | wc -l)" -eq 0 ]

suse_image /var/crash
rm "$root/proc/vmcore"
suse_dump /var/crash
run_hook after
check "no vmcore: from the log, whose name is dmesg" has_verdict dmesg "$dump"

rm "$root/etc/kdump.conf"
mkdir -p "$root/etc/sysconfig"
echo 'KDUMP_SAVEDIR="/dumps"' >"$root/etc/sysconfig/kdump"
echo memory >"$root/proc/vmcore"
rm -r "$root/run/kdump-verdict"
suse_dump /dumps
run_hook after
check "1.0: /etc/sysconfig/kdump" has_verdict vmcore "$dump"
