#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Stands for kdump-utils' kdump.sh: saves the dump and calls the hooks in its order, with its names,
# arguments and consequences. systemd, which starts it, is boot.sh.
#
# Kernel command line: kdv.format=cp|c|l|F     how vmcore is written
#                      kdv.age=7               RHEL 7's: no drop-in folders, output to the console
#                      kdump_test_id=ID        `kdumpctl test`
# and what faults.sh reads.

HOST_IP=127.0.0.1
DATEDIR=$(date +%Y-%m-%d-%T) # now, so that the hooks before the dump come later than this
log=/run/initramfs/kexec-dmesg.log
dir=
test_id=
save_log_to=

# shellcheck source=tests/vm/capture/faults.sh
. /usr/lib/kdv/faults.sh

# Waits ten minutes for a route, really.
get_host_ip() {
	[ -n "$(conf ssh)$(conf nfs)" ] || return 0
	HOST_IP=$(ip -o -4 addr show dev eth0 | sed -n 's|.* inet \([0-9.]*\)/.*|\1|p')
	[ -n "$HOST_IP" ]
}

on_server() {
	ssh -q -i "$(conf sshkey)" -o BatchMode=yes -o StrictHostKeyChecking=yes "$(conf ssh)" "$@"
}

# ---- the dump -----------------------------------------------------------------------------------

collect() {
	case $(option format) in
	c) makedumpfile -c --message-level 1 -d 31 /proc/vmcore "$1" ;;
	l) makedumpfile -l --message-level 1 -d 31 /proc/vmcore "$1" ;;
	F) makedumpfile -F -l --message-level 1 -d 31 /proc/vmcore >"$1" ;;
	*) cp /proc/vmcore "$1" ;;
	esac
}

# HOSTIP-DATE in the path of kdump.conf, or in a test just kdump-test-ID there.
directory_name() {
	echo "$path/${test_id:-$HOST_IP-$DATEDIR}"
}

# A log that cannot be had does not keep from dumping.
save_dmesg() {
	if /sbin/vmcore-dmesg /proc/vmcore >"$dir/vmcore-dmesg-incomplete.txt"; then
		mv "$dir/vmcore-dmesg-incomplete.txt" "$dir/vmcore-dmesg.txt"
		chmod 600 "$dir/vmcore-dmesg.txt"
		sync
	else
		chmod 600 "$dir/vmcore-dmesg-incomplete.txt"
		say "saving vmcore-dmesg.txt failed"
	fi
}

# mount_point: of the file system that kdump.conf names.
mount_point() {
	findmnt -k -n -o TARGET --source "$(conf ext4)$(conf nfs)" | head -n 1
}

# dump_fs MOUNTPOINT
dump_fs() {
	if [ -z "$1" ] || ! findmnt -k -n "$1" >/dev/null; then
		say "failed to dump to '$1', it is not a mount point"
		return 1
	fi
	dir=$(echo "$1/$(directory_name)/" | tr -s /)
	say "saving to $dir"
	case $(findmnt -k -n -o OPTIONS "$1") in
	ro*) mount -o remount,rw "$1" || return 1 ;;
	esac
	mkdir -p "$dir" || return 1
	save_dmesg
	save_log_to=$dir
	collect "$dir/vmcore-incomplete" || return 1
	sync -f "$dir/vmcore-incomplete" && mv "$dir/vmcore-incomplete" "$dir/vmcore"
}

dump_raw() {
	[ -b "$1" ] || return 1
	say "saving to raw disk $1"
	makedumpfile -F -l --message-level 1 -d 31 /proc/vmcore | dd of="$1" bs=512 2>/dev/null || return 1
	sync
}

dump_ssh() {
	there=$(directory_name)
	say "saving to $(conf ssh):$there"
	on_server mkdir -p "$there" || return 1
	if /sbin/vmcore-dmesg /proc/vmcore | on_server "umask 0077 && dd of='$there/vmcore-dmesg-incomplete.txt'"; then
		on_server mv "$there/vmcore-dmesg-incomplete.txt" "$there/vmcore-dmesg.txt"
	fi
	save_log_to=ssh
	makedumpfile -F -l --message-level 1 -d 31 /proc/vmcore |
		on_server "umask 0077 && dd bs=512 of='$there/vmcore-incomplete'" || return 1
	on_server "mv '$there/vmcore-incomplete' '$there/vmcore.flat'"
} 2>/dev/null

# The target is the last that kdump.conf names.
dump() {
	if [ -n "$(conf ssh)" ]; then
		dump_ssh
	elif [ -n "$(conf raw)" ]; then
		dump_raw "$(conf raw)"
	else
		dump_fs "$(mount_point)"
	fi || {
		say "saving vmcore failed"
		return 1
	}
	say "saving vmcore complete"
}

# dump_to_rootfs of failure_action; no hook follows.
dump_to_rootfs() {
	mount -t ext4 /dev/vda /sysroot
	path=/var/crash
	dump_fs /sysroot
}

# ---- hooks --------------------------------------------------------------------------------------

# run_folder FOLDER [STATUS]
run_folder() {
	[ "$(option age)" != 7 ] && [ -d "/etc/kdump/$1" ] || return 0
	for hook in "/etc/kdump/$1"/*; do
		"$hook" ${2:+"$2"} || say "$hook exited with status $?"
	done
}

# run_named DIRECTIVE [STATUS]
run_named() {
	hook=$(conf "$1")
	[ -n "$hook" ] || return 0
	"$hook" ${2:+"$2"} && return
	say "$hook exited with a status other than 0"
	return 1
}

do_kdump_pre() {
	run_named kdump_pre || return 1
	run_folder pre.d
}

do_kdump_post() {
	run_folder post.d "$1"
	run_named kdump_post "$1"
	say "hooks done"
}

do_kdump_emergency() {
	run_folder emergency.d
	run_named kdump_emergency
}

# ---- the end ------------------------------------------------------------------------------------

# RHEL 7 has none; and a target that hangs would hold kdump.sh itself for ever here.
save_log() {
	[ -n "$save_log_to" ] && [ "$(option age)" != 7 ] && ! target_hangs || return 0
	mkdir -p "${log%/*}"
	{ dmesg -T; cat $JOURNAL; } >$log
	chmod 600 $log
	if [ "$save_log_to" = ssh ]; then
		on_server "umask 0077 && dd of='$there/kexec-dmesg.log'" <$log 2>/dev/null
	else
		mv $log "$save_log_to"
	fi
}

# action DIRECTIVE: reboot unless kdump.conf has another.
action() {
	named=$(conf "$1")
	echo "${named:-reboot}"
}

do_final_action() {
	go_down "$(action final_action)"
}

# default is the name that failure_action had.
do_failure_action() {
	case $(action failure_action),$(conf default) in
	dump_to_rootfs* | *,dump_to_rootfs) dump_to_rootfs ;;
	*) go_down "$(action failure_action)" ;;
	esac
}

kdump_test_init() {
	test_id=$(argument kdump_test_id)
	[ -n "$test_id" ] || return 0
	test_id=kdump-test-$test_id
	test_set_status fail
}

test_set_status() {
	[ -n "$test_id" ] || return 0
	base=$(mount_point)/$path/$test_id
	mkdir -p "$base"
	echo "$1 kdump_test_id=${test_id##*-}" >"$base/vmcore-creation.status"
}

error_handler() {
	do_kdump_emergency
	do_failure_action
	save_log
	do_final_action
}

main() {
	if ! get_host_ip; then
		say "get_host_ip failed"
		exit 1
	fi
	kdump_test_init
	if ! do_kdump_pre; then
		do_final_action
		exit 1
	fi
	dump
	status=$?
	plant_late_fault "$MOUNTPOINT"
	do_kdump_post $status
	save_log
	[ $status = 0 ] || exit 1
	test_set_status success
	do_final_action
}

path=$(conf path)
case ${1-} in
--error-handler) error_handler ;;
*) main ;;
esac
