#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Stands for kdump-utils' kdump.sh: saves the dump and calls the hooks in its order, with its names,
# arguments and consequences.
#
# Kernel command line: kdv.format=cp|c|l|F     how vmcore is written
#                      kdv.target=ext4|raw|ssh which kdump.conf
#                      kdv.ssh=USER,DIRECTORY  where ssh leads
#                      kdv.pre=yes             kdump.conf names kdump_pre
# and what faults.sh reads.
set -u

CONF=/etc/kdump.conf
MOUNTPOINT=/kdumproot
status=0
dir=

# shellcheck source=tests/vm/capture/faults.sh
. /usr/lib/kdv/faults.sh

conf() {
	sed -n "s/^$1 //p" $CONF
}

write_conf() {
	target=$(option target)
	ssh=$(option ssh)
	sed -e "s|@USER@|${ssh%%,*}|; s|@PATH@|${ssh#*,}|" "/usr/lib/kdv/kdump-${target:-ext4}.conf" >$CONF
	[ -z "$(option pre)" ] || echo "kdump_pre /usr/lib/kdump-verdict/kdump-verdict-pre" >>$CONF
}

prepare_target() {
	HOST_IP=127.0.0.1
	modprobe -a virtio_pci virtio_blk
	tries=0
	while [ ! -b /dev/vda ] && [ $tries -lt 50 ]; do
		sleep 0.1
		tries=$((tries + 1))
	done
	if [ -n "$(conf ssh)" ]; then
		HOST_IP=10.0.2.15
		network_up
		SSH="ssh -q -i $(conf sshkey) -o BatchMode=yes -o StrictHostKeyChecking=yes $(conf ssh)"
	elif [ -n "$(conf ext4)" ] && [ "$(option fault)" != nomount ]; then
		device=$(conf ext4)
		mkdir -p "${device%/*}" $MOUNTPOINT
		ln -s ../../vda "$device" # udev does this in a real image
		mount -t ext4 "$device" $MOUNTPOINT
	fi
}

collect() {
	case $(option format) in
	c) makedumpfile -c --message-level 1 -d 31 /proc/vmcore "$1" ;;
	l) makedumpfile -l --message-level 1 -d 31 /proc/vmcore "$1" ;;
	F) makedumpfile -F -l --message-level 1 -d 31 /proc/vmcore >"$1" ;;
	*) cp /proc/vmcore "$1" ;;
	esac
}

save_dmesg() {
	/sbin/vmcore-dmesg /proc/vmcore >"$dir/vmcore-dmesg-incomplete.txt" || return 1
	mv "$dir/vmcore-dmesg-incomplete.txt" "$dir/vmcore-dmesg.txt"
	chmod 600 "$dir/vmcore-dmesg.txt"
	sync
}

dump_fs() {
	# findmnt answers for a device that is mounted, as kdump.sh asks it
	findmnt -k "$(conf ext4)" >/dev/null || return 1
	dir=$MOUNTPOINT$(conf path)/$HOST_IP-$(date +%Y-%m-%d-%T)
	say "saving to $dir"
	mkdir -p "$dir" || return 1
	save_dmesg || say "saving vmcore-dmesg.txt failed"
	collect "$dir/vmcore-incomplete" || return 1
	sync -f "$dir/vmcore-incomplete" && mv "$dir/vmcore-incomplete" "$dir/vmcore"
}

dump_raw() {
	say "saving to raw disk $(conf raw)"
	makedumpfile -F -l --message-level 1 -d 31 /proc/vmcore | dd of="$(conf raw)" bs=512 2>/dev/null
	sync
}

# shellcheck disable=SC2029 # here is where it shall be expanded
dump_ssh() {
	there=$(conf path)/$HOST_IP-$(date +%Y-%m-%d-%T)
	say "saving to $(conf ssh):$there"
	$SSH mkdir -p "$there" || return 1
	/sbin/vmcore-dmesg /proc/vmcore | $SSH "umask 0077 && dd of=$there/vmcore-dmesg-incomplete.txt 2>/dev/null"
	$SSH mv "$there/vmcore-dmesg-incomplete.txt" "$there/vmcore-dmesg.txt"
	makedumpfile -F -l --message-level 1 -d 31 /proc/vmcore |
		$SSH "umask 0077 && dd bs=512 of=$there/vmcore-incomplete 2>/dev/null" || return 1
	$SSH mv "$there/vmcore-incomplete" "$there/vmcore.flat"
}

dump() {
	case $(option target) in
	raw) dump_raw ;;
	ssh) dump_ssh ;;
	*) dump_fs ;;
	esac || return 1
	say "saving vmcore complete"
}

do_kdump_pre() {
	pre=$(conf kdump_pre)
	if [ -n "$pre" ] && ! "$pre"; then
		return 1
	fi
	for hook in /etc/kdump/pre.d/*; do
		"$hook" || say "$hook exited with a status other than 0"
	done
	return 0
}

do_kdump_post() {
	for hook in /etc/kdump/post.d/* "$(conf kdump_post)"; do
		[ ! -x "$hook" ] || "$hook" "$1" || say "$hook exited with a status other than 0"
	done
	say "hooks done"
}

do_final_action() {
	[ -z "$dir" ] || [ "$(option fault)" = frozen ] || dmesg >"$dir/kexec-dmesg.log"
	finish $MOUNTPOINT
}

main() {
	plant_fault
	write_conf
	prepare_target
	if ! do_kdump_pre; then
		say "kdump_pre exited with a status other than 0"
		do_final_action
		exit 1
	fi
	dump || status=1
	[ $status = 0 ] || say "saving vmcore failed"
	plant_late_fault $MOUNTPOINT
	do_kdump_post $status
	do_final_action
}

main
