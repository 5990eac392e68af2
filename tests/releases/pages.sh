# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Sourced by check: every line of RHEL.md and SUSE.md, on a clean system where kdumpctl and mkdumprd are
# played, dracut and lsinitrd are real.
: "${here:?}" "${root:=}" "${release:=}" "${source:=}"

# play DRACUT-MODULE PROGRAM...
play() {
	local program
	rm -rf "$root"/usr/lib/dracut/modules.d/99kdump{,base} "$root"/usr/sbin/{kdumpctl,mkdumprd,systemctl}
	cp -r "$here/play/$1" "$root/usr/lib/dracut/modules.d"
	shift
	for program; do
		place "$program" <"$here/play/$program"
	done
}

is_kdump_image() {
	image_has "$1" "etc/kdump/$2/50-kdump-verdict.sh -> .*kdump-verdict-hook" && image_works "$1"
}

# hook_works DIR COMMAND: in the image as is_kdump_image left it unpacked, with the image's own programs. DIR
# is that of the dump; /proc is made of files.
hook_works() {
	# shellcheck disable=SC2016 # for the inner shell
	in_root sh -e -c '
		cd /tmp/image
		[ ! -d root/usr ] || cd root
		mkdir -p ".$1" dev proc/self
		echo "a log" >".$1/vmcore-dmesg.txt"
		[ -e dev/null ] || mknod -m 666 dev/null c 1 3
		cp sample proc/vmcore
		: >proc/cmdline
		: >proc/self/oom_score_adj
		echo "btime $(($(date +%s) - 60))" >proc/stat
		echo "60.00 60.00" >proc/uptime
		chroot . /bin/sh -c "$2"
		grep -A 2 "NULL pointer dereference in kdv_null_inner" ".$1/vmcore-verdict.txt"
		grep "dump_exit_status" ".$1/vmcore-verdict.json"' sh "$@"
}

doctor_says() {
	in_root kdump-verdict doctor
	in_root kdump-verdict doctor | grep -q -F -e "$1"
}

check_rhel_page() {
	local image=/boot/initramfs-${release}kdump.img
	play 99kdumpbase kdumpctl systemctl
	echo "path /var/crash" >"$root/etc/kdump.conf"
	check "RHEL.md: install, rebuild, look" in_source "$(page_block RHEL.md "make install")" || return
	check "RHEL.md: the image has all that is needed" is_kdump_image "$image" post.d
	check "RHEL.md: the hook works with what is in it" hook_works \
		"/sysroot/var/crash/127.0.0.1-$(date +%Y-%m-%d-%H:%M:%S)" "/etc/kdump/post.d/50-kdump-verdict.sh 0"
	check "RHEL.md: doctor finds it in order" doctor_says "$image has the analyzer, rules and configuration that are installed"
	touch -d yesterday "$root$image"
	check "RHEL.md: on RHEL 7" in_source "$(page_block RHEL.md "make install" | sed -n 's/.*# RHEL 7: //p')"
	check "RHEL.md: ... makes the image again" test -n "$(find "$root$image" -mmin -30)"

	page_block RHEL.md kdump_post >>"$root/etc/kdump.conf"
	page_block RHEL.md kdump_pre >>"$root/etc/kdump.conf"
	check "RHEL.md: with kdump_post and kdump_pre" in_root kdumpctl rebuild
	check "RHEL.md: ... doctor sees them" doctor_says "kdump.conf names the hook"
	check "RHEL.md: to take it out" in_source "$(page_block RHEL.md "rm -r")"
	check "RHEL.md: ... leaves nothing in the image" image_has_nothing_of_ours "$image"
}

# The page's line as kdump-save evaluates it.
# shellcheck disable=SC2016 # it is for the image's shell
suse_postscript() {
	page_block SUSE.md KDUMP_POSTSCRIPT
	echo 'DIR=$(echo /kdump/mnt/var/crash/*) VMCORE_STATUS="saved successfully"'
	echo 'eval "$KDUMP_POSTSCRIPT"'
}

check_suse_page() {
	play 99kdump mkdumprd
	rm -f "$root/etc/kdump.conf"
	mkdir -p "$root/etc/sysconfig"
	echo "KDUMP_SAVEDIR=/var/crash" >"$root/etc/sysconfig/kdump"
	check "SUSE.md: install" in_source "$(page_block SUSE.md "make install")"
	page_block SUSE.md KDUMP_POSTSCRIPT >>"$root/etc/sysconfig/kdump"
	check "SUSE.md: build and look" in_source "$(page_block SUSE.md mkdumprd)" || return
	check "SUSE.md: the image has all that is needed" is_kdump_image /var/lib/kdump/initrd post.d
	check "SUSE.md: the hook works with what is in it" hook_works \
		"/kdump/mnt/var/crash/$(date +%Y-%m-%d-%H-%M)" "$(suse_postscript)"
	check "SUSE.md: doctor finds it in order" doctor_says "initrd has the analyzer, rules and configuration that are installed"
	check "SUSE.md: ... and the lines" doctor_says "/etc/sysconfig/kdump names the hook"
}

check_pages() {
	check_rhel_page
	check_suse_page
}
