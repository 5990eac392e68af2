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
	hostonly='' instmods virtio_pci virtio_blk virtio_net ext4 nfsv4
}

# The network's share of kdump-utils' module; $KDV_SSH has a key and what it may trust.
install_ssh() {
	inst_multiple ip ssh
	inst_simple /etc/nsswitch.conf
	inst_libdir_file 'libnss_files*'
	inst_simple "$KDV_SSH/key" /root/.ssh/kdump_id_rsa
	inst_simple "$KDV_SSH/known_hosts" /root/.ssh/known_hosts
	chmod -R go= "${initdir:?}/root"
}

# shellcheck disable=SC2154 # dracut sets moddir
install() {
	inst_multiple awk blkid cat chmod chown cp cut date dd dirname dmesg findmnt flock head \
		ln ls mkdir mount mv nproc readlink rm sed sleep stat sync tail timeout tr \
		umount makedumpfile
	inst_multiple df fsfreeze # not of kdump-utils: df is SUSE's, a fault needs fsfreeze
	inst_binary /usr/sbin/vmcore-dmesg /sbin/vmcore-dmesg
	install_ssh
	inst_script "$moddir/kdv-capture.sh" /bin/kdump.sh
	for file in "$moddir"/kdump-*.conf "$moddir"/rule-*.yaml "$moddir"/fault*.sh \
		"$moddir/suse-capture.sh" "$moddir/boot.sh"; do
		inst_simple "$file" "/usr/lib/kdv/${file##*/}"
	done
	inst_hook cmdline 99 "$moddir/start-capture.sh"
}
