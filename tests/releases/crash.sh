# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Sourced by check: a guest of the release does what DRACUT.md says, and crashes.

# shellcheck source=tests/vm/debian/checks.sh
. "${lab:?}/debian/checks.sh"
: "${here:?}" "${root:=}" "${work:=}" "${source:=}" "${suite:=}" "${release:=}"

kernel_version() {
	case $release in
	7.*) echo 7.2 ;;
	*) echo "$release" | cut -d. -f1,2 ;;
	esac
}

# A clean system with the source, built, for an emulated machine would take very long for that.
make_guest_disk() {
	local size
	echo "/dev/vda / ext4 defaults 0 1" >"$root/etc/fstab"
	cp "$lab/debian/guest/kdv-lab.service" "$root/etc/systemd/system"
	in_root systemctl enable kdv-lab.service || return 1
	in_root dracut --force --quiet --no-hostonly --add-drivers "virtio_pci virtio_blk ext4" /boot/first.img ||
		return 1
	size=$(($(du -sm "$root" | cut -f1) + 800))
	truncate -s "${size}M" "$guest/disk"
	mke2fs -q -F -t ext4 -E lazy_itable_init=0,nodiscard -d "$root" "$guest/disk" || return 1
	cp "$root/boot/vmlinuz-$release" "$guest/vmlinuz"
	mv "$root/boot/first.img" "$guest/initrd"
	rm "$root/etc/systemd/system/kdv-lab.service" "$root"/etc/systemd/system/*.wants/kdv-lab.service
}

make_guest_scenario() {
	mkdir -p "$guest/parts"
	page_block DRACUT.md "make install" >"$guest/parts/commands"
	cp "$("$lab/build-module" "$(kernel_version)")" "$guest/parts/kdv_crash.ko"
	make_scenario_disk "$guest" "$here/guest" "$guest"/parts/*
}

# The page's reservation; the emulated guest builds its image itself, which takes minutes.
boot_guest() {
	boot "$guest" "$suite" \
		-append "root=/dev/vda rw console=ttyS0 no_timer_check panic=1 crashkernel=256M" "$@"
}

crash_guest() {
	boot_guest -no-reboot
	mv "$guest/serial.log" "$guest/serial-crash.log"
	debugfs -R "rdump /var/crash $guest" "$guest/disk"
	debugfs -R "dump /boot/initramfs-$release-crash.img $guest/initrd" "$guest/disk"
	tail -n 15 "$guest/serial-crash.log"
	grep -q 'kdump-verdict: rebooting' "$guest/serial-crash.log"
}

# Booted with the crash image, as it might be by mistake.
crash_guest_again() {
	boot_guest -no-reboot
	grep -a 'kdv-lab: back after the crash' "$guest/serial.log" &&
		! grep -a 'kdv-lab: the capture kernel was not loaded' "$guest/serial.log"
}

commands_worked() {
	! grep -a -B 5 'kdv-lab: a command of DRACUT.md failed' "$guest/serial-crash.log"
}

is_private() {
	[ -z "$(find "$1" -perm /077 -print -quit)" ] || { ls -la "$1"; return 1; }
}

verdict_is_right() {
	jq -e '.crash.class == "null-pointer-dereference" and .crash.function == "kdv_null_inner" and
		.crash.module == "kdv_crash" and .source.dump_exit_status == 0 and
		.source.format == "elf" and .crash.source == "both"' "$1"
}

# What a verdict says, a value a line, but for how it was made.
leaves() {
	jq -r 'del(.source, .stages) | paths(scalars) as $p | "\($p) \(getpath($p))"' "$1" | sort
}

# form_agrees DIR OPTION: the release's makedumpfile writes the dump in another form, of which its
# libkdumpfile gives the verdict that /proc/vmcore gave. It may know less, for makedumpfile leaves out
# some of the slabs of kernels newer than itself; it may not know otherwise.
form_agrees() {
	mkdir -p "$root/tmp/form"
	cp "$1/vmcore" "$root/tmp/form/from"
	rm -f "$root"/tmp/form/vmcore*
	if [ "$2" = -F ]; then
		in_root sh -c 'makedumpfile -F -c -d 31 --message-level 1 /tmp/form/from >/tmp/form/vmcore'
	else
		in_root makedumpfile "$2" -d 31 --message-level 1 /tmp/form/from /tmp/form/vmcore
	fi || return 1
	in_root "$source/build/kdump-verdict" analyze --rules "$source/rules" -o /tmp/form /tmp/form/vmcore || return 1
	jq -r .source.compression "$root/tmp/form/vmcore-verdict.json"
	comm -13 <(leaves "$1/vmcore-verdict.json") <(leaves "$root/tmp/form/vmcore-verdict.json") >"$work/other"
	cat "$work/other"
	[ ! -s "$work/other" ]
}

check_crash() {
	local guest=$work/guest dir option
	rm -rf "$guest"
	mkdir -p "$guest"
	check "a guest's disk" make_guest_disk || return
	check "what it shall do" make_guest_scenario || return
	check "DRACUT.md: crashed, saved and rebooted" crash_guest || return
	check "DRACUT.md: its commands work" commands_worked
	dir=$(echo "$guest"/crash/127.0.0.1-*)
	check "DRACUT.md: dump, log and verdict, and no more" has_files "$guest/crash" \
		vmcore vmcore-dmesg.txt vmcore-verdict.json vmcore-verdict.txt || return
	check "DRACUT.md: for root only" is_private "$dir"
	check "DRACUT.md: the verdict is right" verdict_is_right "$dir/vmcore-verdict.json"
	for option in -c -l -z -F; do
		check "makedumpfile $option: the same verdict" form_agrees "$dir" "$option"
	done
	check "DRACUT.md: the image boots the system, too" crash_guest_again
	check "DRACUT.md: it tells of the verdict" grep -a 'kdv-lab: told: .*NULL pointer' "$guest/serial.log"
	check "DRACUT.md: no root file system: the console has the verdict" grep -a 'THE CRASH' "$guest/serial.log"
	check "DRACUT.md: ... and says why" grep -a 'there is no root file system to save to' "$guest/serial.log"
	check "DRACUT.md: ... and the machine reboots" grep -a 'kdump-verdict: rebooting' "$guest/serial.log"
}
