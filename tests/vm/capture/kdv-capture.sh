#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Save the dump and call the hooks in the order and with the names kdump-utils uses.
#
# Kernel command line: kdv.format=cp|c|l|F   how vmcore is written
#                      kdv.fault=NAME        replace the analyzer by /usr/lib/kdv/fault-NAME.sh
set -u

CONF=/etc/kdump.conf
MOUNTPOINT=/kdumproot

say() {
	echo "kdv-capture: $*" >/dev/kmsg
}

option() {
	sed -n "s/.*kdv\.$1=\([^ ]*\).*/\1/p" /proc/cmdline
}

conf() {
	sed -n "s/^$1 //p" $CONF
}

mount_target() {
	modprobe -a virtio_pci virtio_blk
	tries=0
	while [ ! -b /dev/vda ] && [ $tries -lt 50 ]; do
		sleep 0.1
		tries=$((tries + 1))
	done
	device=$(conf ext4)
	mkdir -p "${device%/*}" $MOUNTPOINT
	ln -s ../../vda "$device" # udev does this in a real image
	mount -t ext4 "$device" $MOUNTPOINT
}

save_dmesg() {
	/sbin/vmcore-dmesg /proc/vmcore >"$1/vmcore-dmesg-incomplete.txt" || return 1
	mv "$1/vmcore-dmesg-incomplete.txt" "$1/vmcore-dmesg.txt"
	chmod 600 "$1/vmcore-dmesg.txt"
	sync
}

collect() {
	case $(option format) in
	c) makedumpfile -c --message-level 1 -d 31 /proc/vmcore "$1" ;;
	l) makedumpfile -l --message-level 1 -d 31 /proc/vmcore "$1" ;;
	F) makedumpfile -F -l --message-level 1 -d 31 /proc/vmcore >"$1" ;;
	*) cp /proc/vmcore "$1" ;;
	esac
}

save_core() {
	collect "$1/vmcore-incomplete" || return 1
	sync -f "$1/vmcore-incomplete" && mv "$1/vmcore-incomplete" "$1/vmcore"
}

dump() {
	dir=$MOUNTPOINT$(conf path)/127.0.0.1-$(date +%Y-%m-%d-%T)
	say "saving to $dir"
	mkdir -p "$dir" || return 1
	save_dmesg "$dir" || say "saving vmcore-dmesg.txt failed"
	save_core "$dir" || return 1
	say "saving vmcore complete"
}

run_hook() {
	"$1" "$2" || say "$1 exited with status $?"
}

run_post_hooks() {
	for hook in /etc/kdump/post.d/* "$(conf kdump_post)"; do
		[ ! -x "$hook" ] || [ -d "$hook" ] || run_hook "$hook" "$1"
	done
}

plant_fault() {
	fault=$(option fault)
	[ -n "$fault" ] || return 0
	cp "/usr/lib/kdv/fault-$fault.sh" /usr/bin/kdump-verdict
	[ "$fault" != hang ] || echo deadline=10 >>/etc/kdump-verdict/kdump-verdict.conf
	say "the analyzer is now one that makes the fault '$fault'"
}

main() {
	plant_fault
	mount_target || say "cannot mount the dump target"
	dump
	status=$?
	[ $status = 0 ] || say "saving vmcore failed"
	run_post_hooks $status
	say "hooks done"
	dmesg >"$dir/kexec-dmesg.log"
	umount $MOUNTPOINT || say "the dump target is busy"
	sync
	say "rebooting"
}

main
