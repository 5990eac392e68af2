# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Sourced: boots a Debian guest from the files of a folder, and makes the disk that brings its scenario.

: "${KDV_TIMEOUT:=1800}" # seconds; a boot takes about 30, a crash and its dump 40, of an idle machine

# make_scenario_disk FOLDER FILE...: the guest runs the first of them at each boot; a folder is copied
# with all that is in it.
make_scenario_disk() {
	local dir=$1 tree=$1/scenario.tree
	shift
	rm -rf "$tree"
	mkdir -p "$tree"
	cp "$1" "$tree/run"
	shift
	[ $# = 0 ] || cp -a "$@" "$tree"
	truncate -s 64M "$dir/scenario"
	mke2fs -q -F -t ext2 -d "$tree" "$dir/scenario"
	rm -r "$tree"
}

# The lab's kernel of a Debian release.
kernel_of() {
	case $1 in
	bookworm) echo 6.1 ;;
	trixie) echo 6.12 ;;
	*) die "$1: no such Debian in the lab (bookworm or trixie)" ;;
	esac
}

# What kdump-tools' own configuration for GRUB reserves.
crashkernel_of() {
	case $1 in
	bookworm) echo 384M-:128M ;;
	trixie) echo 512M-:192M ;;
	esac
}

# boot FOLDER RELEASE [QEMU-OPTION...]: with 1 GiB. One thread for both CPUs, as in run-crash.
boot() {
	local dir=$1 crashkernel
	crashkernel=$(crashkernel_of "$2")
	shift 2
	timeout "$KDV_TIMEOUT" qemu-system-x86_64 -accel tcg,thread=single -machine q35 -cpu max -smp 2 \
		-m 1024 -nodefaults -display none -kernel "$dir/vmlinuz" -initrd "$dir/initrd" \
		-append "root=/dev/vda rw console=ttyS0 crashkernel=$crashkernel" \
		-drive "if=none,id=root,format=raw,cache=unsafe,file=$dir/disk" \
		-device virtio-blk-pci,drive=root \
		-drive "if=none,id=scenario,format=raw,readonly=on,file=$dir/scenario" \
		-device virtio-blk-pci,drive=scenario \
		-serial "file:$dir/serial.log" "$@" </dev/null >"$dir/qemu.log" 2>&1
}
