#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Stands for SUSE's kdump-save: mounts, names, order and the ways it calls its scripts.
#
# Kernel command line: kdv.form=eval|plain|sh  as 2.1.1 and later, as 1.9 to 2.1.0, as before
#                      kdv.savedir=SAVEDIR     /var/crash unless given
# and what faults.sh reads.
set -u

MNT=/kdump/mnt
hook=/usr/lib/kdump-verdict/kdump-verdict-hook

# shellcheck source=tests/vm/capture/faults.sh
. /usr/lib/kdv/faults.sh

# As the administrator writes it, and mkdumprd quotes it into the image.
write_conf() {
	savedir=$(option savedir)
	cat >/etc/kdump.conf <<-END
		KDUMP_CONTINUE_ON_ERROR='true'
		KDUMP_DUMPFORMAT='compressed'
		KDUMP_DUMPLEVEL='31'
		KDUMP_POSTSCRIPT='$hook after "\$DIR" "\$VMCORE_STATUS"'
		KDUMP_PRESCRIPT='$hook before'
		KDUMP_SAVEDIR='${savedir:-/var/crash}'
		KDUMP_PROTO=file
	END
	echo kdv-guest >/etc/hostname.kdump
}

mount_target() {
	modprobe -a virtio_pci virtio_blk
	tries=0
	while [ ! -b /dev/vda ] && [ $tries -lt 50 ]; do
		sleep 0.1
		tries=$((tries + 1))
	done
	mkdir -p $MNT
	mount -t ext4 /dev/vda $MNT
}

run_script() {
	[ -n "$1" ] || return 0
	case $(option form) in
	sh) sh -c "$1" ;;
	plain) $1 ;;
	*) eval "$1" ;;
	esac || say "$1: failed"
}

readme() {
	printf '%s\n' "$@" >"$DIR/README.txt"
}

save() {
	DIR=$MNT${KDUMP_SAVEDIR#file://}/$(date +%Y-%m-%d-%H-%M)
	umask 077
	mkdir -p "$DIR"
	say "saving to $DIR"
	readme "The dump is being made; this file will be replaced when it is done."
	makedumpfile -F --message-level 1 --dump-dmesg /proc/vmcore >"$DIR/dmesg"
	if makedumpfile -F -c --message-level 1 -d "$KDUMP_DUMPLEVEL" /proc/vmcore >"$DIR/vmcore"; then
		VMCORE_STATUS="saved successfully"
	else
		VMCORE_STATUS="error while saving, return code: 1"
	fi
	readme "dmesg status: saved successfully" "vmcore status: $VMCORE_STATUS"
	say "saving vmcore: $VMCORE_STATUS"
}

main() {
	plant_fault
	mkdir /kdump
	write_conf
	mount_target
	# shellcheck disable=SC1091 # just written
	. /etc/kdump.conf
	run_script "$KDUMP_PRESCRIPT"
	save
	plant_late_fault $MNT
	run_script "$KDUMP_POSTSCRIPT"
	say "hooks done"
	finish $MNT
}

main
