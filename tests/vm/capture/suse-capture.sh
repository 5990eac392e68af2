#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Stands for SUSE's kdump-save: mounts, names, order and the ways it calls its scripts.
#
# Kernel command line: kdv.form=eval|plain|sh  as 2.1.1 and later, as 1.9 to 2.1.0, as 1.0, whose names
#                                              and place of the configuration are other ones, too
#                      kdv.savedir=SAVEDIR     /var/crash unless given; nfs:// is played by the disk
#                      kdv.target=ssh          and kdv.ssh=USER,DIRECTORY: KDUMP_SAVEDIR is an ssh:// URL
#                      kdv.keep=MIB            KDUMP_FREE_DISK_SIZE, 64 unless given
# and what faults.sh reads.

MNT=/kdump/mnt
FORMAT=%Y-%m-%d-%H-%M
DMESG=dmesg
hook=/usr/lib/kdump-verdict/kdump-verdict-hook

# shellcheck source=tests/vm/capture/faults.sh
. /usr/lib/kdv/faults.sh

if [ "$(option form)" = sh ]; then
	CONF=/etc/sysconfig/kdump
	FORMAT=%Y-%m-%d-%H:%M
	DMESG=dmesg.txt
fi

# As the administrator writes it; mkdumprd puts all keys into the image, quoted, and the protocol.
write_conf() {
	savedir=$(option savedir)
	savedir=${savedir:-/var/crash}
	if [ "$(option target)" = ssh ]; then
		ssh=$(option ssh)
		savedir=ssh://${ssh%%,*}@10.0.2.100${ssh#*,}
	fi
	protocol="file"
	case $savedir in
	nfs://* | ssh://*) protocol=${savedir%%:*} ;;
	esac
	keep=$(option keep)
	mkdir -p ${CONF%/*}
	cat >$CONF <<-END
		KDUMP_CONTINUE_ON_ERROR='true'
		KDUMP_DUMPFORMAT='compressed'
		KDUMP_DUMPLEVEL='31'
		KDUMP_FREE_DISK_SIZE='${keep:-64}'
		KDUMP_IMMEDIATE_REBOOT='true'
		KDUMP_POSTSCRIPT='$hook after "\$DIR" "\$VMCORE_STATUS"'
		KDUMP_PRESCRIPT='$hook before'
		KDUMP_SAVEDIR='$savedir'
		KDUMP_PROTO=$protocol
	END
	echo kdv-guest >/etc/hostname.kdump
}

# A local target is the mount point of the running system, here the root, below $MNT; an export is
# $MNT itself. mkdumprd has copied root's key and known hosts.
prepare_target() {
	if [ "$KDUMP_PROTO" = ssh ]; then
		network_up
		mv /root/.ssh/kdump_id_rsa /root/.ssh/id_ed25519
		return
	fi
	wait_for_disk
	mkdir -p $MNT
	if [ "$KDUMP_PROTO" = nfs ]; then
		mkdir /run/server
		mount -t ext4 /dev/vda /run/server
		mount --bind "/run/server/${KDUMP_SAVEDIR#nfs://*/}" $MNT
	else
		mount -t ext4 /dev/vda $MNT
	fi
}

run_script() {
	[ -n "$1" ] || return 0
	case $(option form) in
	sh) sh -c "$1" ;;
	plain) $1 ;;
	*) eval "$1" ;;
	esac || say "$1: failed"
}

# Sets the variables that an evaluated script can see. The mode of what follows is set here, too.
find_directory() {
	read -r HOSTNAME </etc/hostname.kdump
	SUBDIR=$HOSTNAME-$(date +$FORMAT)
	case $KDUMP_PROTO in
	ssh)
		rest=${KDUMP_SAVEDIR#*://}
		URL=ssh://${rest%%/*}
		DIR=/${rest#*/}/$SUBDIR
		return
		;;
	nfs) FILE_PATH=$MNT ;;
	*)
		FILE_PATH=$MNT${KDUMP_SAVEDIR#file://}
		SUBDIR=${SUBDIR#"$HOSTNAME"-}
		;;
	esac
	DIR=$FILE_PATH/$SUBDIR
	umask 077
}

# save FILENAME: writes standard input there.
# shellcheck disable=SC2029 # here is where it shall be expanded
save() {
	if [ "$KDUMP_PROTO" = ssh ]; then
		ssh "$URL" "umask 077; mkdir -p $DIR && cat > $DIR/$1"
	else
		mkdir -p "$DIR" && cat >"$DIR/$1"
	fi
}

# save_output FILENAME COMMAND...: false where either fails.
save_output() {
	name=$1
	shift
	rm -f /tmp/failed
	{
		"$@" || : >/tmp/failed
	} | save "$name" && [ ! -e /tmp/failed ]
}

save_vmcore() {
	VMCORE_STATUS="saved successfully"
	save_output vmcore makedumpfile -F -c --message-level 1 -d "$KDUMP_DUMPLEVEL" /proc/vmcore ||
		VMCORE_STATUS="error while saving, return code: 1"
	[ "$KDUMP_PROTO" = file ] || return
	free=$(df --output=avail --block-size=1M "$DIR" | tail -n 1)
	if [ "$free" -lt "$KDUMP_FREE_DISK_SIZE" ]; then
		rm "$DIR/vmcore"
		VMCORE_STATUS="deleted ($free < KDUMP_FREE_DISK_SIZE $KDUMP_FREE_DISK_SIZE)"
	fi
}

save_dump() {
	find_directory
	say "saving to $DIR"
	printf 'The dump is being made; this file will be replaced when it is done.\n' | save README.txt
	DMESG_STATUS="saved successfully"
	save_output $DMESG makedumpfile -F --message-level 1 --dump-dmesg /proc/vmcore ||
		DMESG_STATUS="error while saving, return code: 1"
	save_vmcore
	printf '%s\n' "dmesg status: $DMESG_STATUS" "vmcore status: $VMCORE_STATUS" | save README.txt
	say "saving vmcore: $VMCORE_STATUS"
}

main() {
	plant_fault
	mkdir /kdump
	write_conf
	# shellcheck disable=SC1090 # just written
	. $CONF
	prepare_target
	run_script "$KDUMP_PRESCRIPT"
	save_dump
	plant_late_fault $MNT
	run_script "$KDUMP_POSTSCRIPT"
	say "hooks done"
	go_down reboot
}

main
