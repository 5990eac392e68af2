#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Stands for a kdump image of the kdump.conf family around kdump.sh: the configuration that mkdumprd
# rewrote, network and mounts, kdump-capture.service, and emergency.service where one of them fails.
#
# Kernel command line: kdv.target=ext4|raw|ssh|nfs   which kdump.conf
#                      kdv.ssh=USER,DIRECTORY        where ssh leads
#                      kdv.mount=POINT               of the target, /kdumproot unless given
#                      kdv.options=ro                of that mount
#                      kdv.conf=DIRECTIVE:VALUE,...  other lines of kdump.conf
# and what kdv-capture.sh and faults.sh read.

# shellcheck source=tests/vm/capture/faults.sh
. /usr/lib/kdv/faults.sh

# `path` is relative to the target, which the running system may have mounted below /var or deeper:
# then it is shorter, or empty.
write_conf() {
	target=$(option target)
	ssh=$(option ssh)
	path=/var/crash
	case $target in
	ssh) path=${ssh#*,} ;;
	nfs) path=/ ;;
	esac
	path=${path#"${MOUNTPOINT#/kdumproot}"}
	option conf | tr ',:' '\n ' >$CONF
	sed -e "s|@USER@|${ssh%%,*}|; s|@PATH@|$path|" "/usr/lib/kdv/kdump-${target:-ext4}.conf" >>$CONF
}

mount_target() {
	[ "$(option fault)" != nomount ] || return 0
	[ "$(option fault)" != notarget ] || return 1
	device=$(conf ext4)
	mkdir -p "${device%/*}" "$MOUNTPOINT"
	ln -s ../../vda "$device" # udev does this in a real image
	options=$(option options)
	mount -t ext4 -o "${options:-rw}" "$device" "$MOUNTPOINT"
}

# By the kernel alone: mount.nfs would ask for these addresses.
mount_nfs() {
	modprobe nfsv4
	mkdir -p "$MOUNTPOINT"
	mount -i -t nfs4 -o "vers=4.1,addr=10.0.2.101,clientaddr=10.0.2.15" "$(conf nfs)" "$MOUNTPOINT"
}

prepare_target() {
	wait_for_disk
	if [ -n "$(conf ssh)" ]; then
		[ "$(option fault)" = nonet ] || network_up
	elif [ -n "$(conf nfs)" ]; then
		network_up
		mount_nfs
	elif [ -n "$(conf ext4)" ]; then
		mount_target
	fi
}

# RHEL 7's kdump.sh goes on after a kdump_pre that fails...
age() {
	[ "$(option age)" != 7 ] || sed -i '/^.if ! do_kdump_pre/,/^.fi/s/exit 1/:/' /bin/kdump.sh
}

# ...and talks to the console.
start() {
	if [ "$(option age)" = 7 ]; then
		/bin/kdump.sh "$@" >/dev/console 2>&1
	else
		/bin/kdump.sh "$@" >>$JOURNAL 2>&1
	fi
}

# As systemd 257 has them.
mount_strictly() {
	mount --bind /usr /usr
	mount -o remount,bind,ro /usr
	mount -o remount,nosuid,nodev,noexec /run
}

# What systemd gives a service, and what the kernel gave /init.
export NEWROOT=/sysroot DRACUT_SYSTEMD=1
unset HOME TMPDIR
umask 022
cd /
age
plant_fault
mount_strictly
write_conf
if ! prepare_target || ! start; then
	start --error-handler
fi
go_down reboot
