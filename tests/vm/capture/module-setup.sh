#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# dracut module of the VM lab: a capture side that keeps the contract of the kdump.conf family.
#
# Installs what kdump-utils' own module would (its programs, a rewritten /etc/kdump.conf, the
# dump tools) and no more, so that a hook calling a program it may not rely on fails here too.

check() {
	return 255
}

depends() {
	echo "base dash"
}

installkernel() {
	hostonly='' instmods virtio_pci virtio_blk ext4
}

# shellcheck disable=SC2154 # dracut sets moddir
install() {
	inst_multiple awk blkid cat chmod chown cp cut date dd dirname dmesg findmnt flock head \
		ln ls mkdir mount mv nproc readlink rm sed sleep stat sync tail timeout tr \
		umount makedumpfile
	inst_binary /usr/sbin/vmcore-dmesg /sbin/vmcore-dmesg
	inst_simple "$moddir/kdump.conf" /etc/kdump.conf
	inst_script "$moddir/kdv-capture.sh" /bin/kdv-capture.sh
	for fault in "$moddir"/fault-*.sh; do
		inst_script "$fault" "/usr/lib/kdv/${fault##*/}"
	done
	inst_hook cmdline 99 "$moddir/start-capture.sh"
}
