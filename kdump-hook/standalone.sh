# shellcheck shell=sh disable=SC2034,SC2154 # shares the variables of the hook that sources it
# SPDX-License-Identifier: GPL-2.0-or-later
# An image of plain dracut, without a kdump package: saves log, verdict and dump, and reboots.
#
# The root file system, which dracut has mounted for the capture kernel, takes them, in the directory
# and under the names that kdump-utils would use. Where there is none, the console has the verdict.

root=$HOOK_ROOT${NEWROOT:-/sysroot}
dump_path=/var/crash

reboot_now() {
	echo b >"$HOOK_ROOT/proc/sysrq-trigger"
}

# within SECONDS STEP: a step that does not come back, as on a dead disk, must not hold the machine.
within() {
	(
		sleep "$1"
		say "$2 took more than $1 seconds: rebooting"
		reboot_now
	) >/dev/null &
	watch=$!
	"$2"
	kill "$watch"
}

is_mounted() {
	while read -r _ at _; do
		[ "$at" != "${NEWROOT:-/sysroot}" ] || return 0
	done <"$HOOK_ROOT/proc/mounts"
	return 1
}

make_directory() {
	dir=
	if ! is_mounted; then
		say "there is no root file system to save to"
		return
	fi
	mount -o remount,rw "$root"
	dir=$root$dump_path/127.0.0.1-$(date +%Y-%m-%d-%H:%M:%S)
	if ! mkdir -p "$root$dump_path" || ! mkdir -m 700 "$dir"; then
		dir=
		say "cannot write to $root$dump_path"
	fi
} 2>/dev/null

save_log_and_verdict() {
	make_directory
	[ -z "$dir" ] || limited "$deadline" kdump-verdict dmesg "$vmcore" | put "$dir" vmcore-dmesg.txt
	"$0" before "$dir"
}

# Sets dump_status; stays empty where no dump is wanted.
save_dump() {
	[ -n "$dir" ] && [ "$standalone_dump" = yes ] && command -v makedumpfile >/dev/null || return
	makedumpfile -l -d 31 --message-level 1 "$vmcore" "$dir/vmcore-incomplete" &&
		sync -f "$dir/vmcore-incomplete" && mv "$dir/vmcore-incomplete" "$dir/vmcore"
	dump_status=$?
}

finish() {
	"$0" after "$dir" "$dump_status"
	umount "$root"
	sync
}

standalone() {
	[ -s "$vmcore" ] || return 0
	umask 077
	within "$((3 * deadline))" save_log_and_verdict
	within "$standalone_deadline" save_dump
	within "$((3 * deadline))" finish
	say "rebooting"
	reboot_now
}
