#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The hook finds the directory of this dump, whatever kdump.conf in the image looks like.

# shellcheck source=tests/shell/lib.sh
. "$(dirname "$0")/lib.sh"

# finds NAME MOUNT BASE CONFIG-LINE...: the dump lies in BASE, and MOUNT is what findmnt knows.
finds() {
	name=$1
	mount=$2
	base=$3
	shift 3
	new_image "$@"
	echo "$mount" >"$tmp/mounts"
	make_dump "$base" "${dump_dir_name:-$(dump_name 100)}"
	run_hook 0
	check "$name" has_verdict vmcore "$dump"
}

# Nothing can be written: the verdict goes to the console, and the hook says why.
console_only() {
	name=$1
	why=$2
	shift 2
	new_image "$@"
	make_dump /sysroot/var/crash
	run_hook 0
	check "$name: console has the verdict" grep -q "verdict of vmcore" "$root/dev/console"
	check "$name: says why" said "console only: $why"
	check "$name: other directories are left alone" no_verdict_in "$dump"
	check "$name: ends well" [ "$status" -eq 0 ]
}

# Several hosts share the export; the directory is named after our address on the way to it.
nfs_targets() {
	dump_dir_name=$(dump_name 100 192.0.2.7)
	finds "nfs" "srv:/export /kdumproot" /kdumproot/var/crash \
		"path /var/crash" "nfs srv:/export"
	finds "nfs with a slash at its end" "srv:/export /kdumproot" /kdumproot/var/crash \
		"path /var/crash" "nfs srv:/export/"
	dump_dir_name=$(dump_name 100 2001:db8::7)
	finds "nfs over IPv6" "[2001:db8::1]:/export /kdumproot" /kdumproot/var/crash \
		"nfs [2001:db8::1]:/export"
	dump_dir_name=

	new_image "nfs srv:/export" "path /"
	echo "srv:/export /kdumproot" >"$tmp/mounts"
	make_dump /kdumproot "$(dump_name 80 192.0.2.99)"
	other=$dump
	make_dump /kdumproot "$(dump_name 90 192.0.2.7)"
	run_hook 0
	check "nfs: our dump" has_verdict vmcore "$dump"
	check "nfs: not that of a host that crashed just after us" no_verdict_in "$other"
}

finds "no target: root file system" "/ /" /sysroot/var/crash \
	"path /var/crash"
finds "no target, no path: the default" "/ /" /sysroot/var/crash \
	"core_collector makedumpfile -l -d 31"
finds "ext4" "/dev/disk/by-uuid/1-2 /kdumproot" /kdumproot/var/crash \
	"core_collector makedumpfile -l -d 31" "path /var/crash" "ext4 /dev/disk/by-uuid/1-2"
finds "empty path: the root of the target" "/dev/vdb /kdumproot/var/crash" /kdumproot/var/crash \
	"path /var/crash" "ext4 /dev/vdb" "path "
finds "bare path" "/dev/vdb /kdumproot/var/crash" /kdumproot/var/crash \
	"ext4 /dev/vdb" "path"
finds "the last path wins" "/dev/vdb /kdumproot/var" /kdumproot/var/crash \
	"path /var/crash" "xfs /dev/vdb" "path /crash"
finds "path without its slash" "/dev/vda /kdumproot" /kdumproot/dumps \
	"btrfs /dev/vda" "path dumps"
finds "a device mounted twice" "/dev/vda /kdumproot/home
/dev/vda /kdumproot" /kdumproot/var/crash \
	"path /var/crash" "btrfs /dev/vda"
finds "comments and tabs" "/dev/vda /kdumproot" /kdumproot/dumps \
	"# ext4 /dev/vdz" "	xfs	/dev/vda   # the big one" "path /dumps	# here"
finds "dracut_args with quotes" "/dev/vdc /mnt/dump" /mnt/dump/var/crash \
	"path /var/crash" 'dracut_args --omit-drivers "cfg80211" --mount "/dev/vdc /mnt/dump xfs defaults"'
finds "dracut_args with a UUID" "UUID=1-2 /mnt/dump" /mnt/dump/var/crash \
	"path /var/crash" "dracut_args --mount 'UUID=1-2 /mnt/dump xfs defaults'"
finds "dracut_args, mount not known by its source" "/ /" /mnt/dump/c \
	"path /c" "dracut_args --mount='/dev/vdc /mnt/dump xfs defaults'"
finds "dracut_args without a mount" "/ /" /sysroot/var/crash \
	"path /var/crash" "dracut_args --mount-less --add foo"

# busybox prefers its own `ip` to the stub.
if [ "$HOOK_SH" != "busybox sh" ]; then
	nfs_targets
fi

console_only "raw" "the dump goes to the raw partition /dev/vdb2" "raw /dev/vdb2"
console_only "target not mounted" "/dev/vdq is not mounted" "ext4 /dev/vdq"

usual_image
make_dump /kdumproot/var/crash "$(dump_name 5000)"
older=$dump
make_dump /kdumproot/var/crash "$(dump_name 110)"
first=$dump
make_dump /kdumproot/var/crash "$(dump_name -4000)"
future=$dump
make_dump /kdumproot/var/crash "$(dump_name 20)"
run_hook 0
check "the newest since boot" has_verdict vmcore "$dump"
check "none in one before it" no_verdict_in "$first"
check "none in one older than boot" no_verdict_in "$older"
check "none in one from a time to come (the clock fell back)" no_verdict_in "$future"

new_image "ext4 /dev/vda"
echo "/dev/vda /kdumproot" >"$tmp/mounts"
make_dump /kdumproot/var/crash "$(dump_name 5000)"
run_hook 0
check "only old dumps: none is touched" no_verdict_in "$dump"
check "only old dumps: says so" said "no directory of this boot in"

usual_image
rm -r "$dump"
make_dump /kdumproot/var/crash "127.0.0.1-$(date -d "-50 seconds" +%Y.%m.%d-%H:%M:%S)"
run_hook 0
check "a date with dots" has_verdict vmcore "$dump"

usual_image
mkdir "$root/kdumproot/var/crash/kdump-test-17"
echo "irqpoll kdump_test_id=17 panic=10" >"$root/proc/cmdline"
run_hook 0
check "kdumpctl test" has_verdict vmcore "$root/kdumproot/var/crash/kdump-test-17"

usual_image
echo "kdump_test_id=../../etc" >"$root/proc/cmdline"
run_hook 0
check "a test id with a slash is none" has_verdict vmcore "$dump"
