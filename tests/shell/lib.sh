# shellcheck shell=sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A capture kernel's file tree in a temporary directory, with stub commands, to run the hook in.
#
# The shell under test is $HOOK_SH (`dash` unless set, or like `busybox sh`). Each check prints `ok NAME` or `not ok NAME`.

set -u

top=$(cd "$(dirname "$0")/../.." && pwd)
HOOK_SH=${HOOK_SH:-dash}
shell=$(command -v "${HOOK_SH%% *}")
timeout=$(command -v timeout)
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
root=$tmp/root
bin=$tmp/bin
log=$tmp/log

# check NAME COMMAND...; a failure shows what the hook said.
check() {
	name=$1
	shift
	if "$@"; then
		echo "ok $HOOK_SH: $name"
	else
		echo "not ok $HOOK_SH: $name: $*"
		sed 's/^/# /' "$log" | tail -n 12
	fi
}

stub() {
	cat >"$bin/$1"
	chmod +x "$bin/$1"
}

stub_commands() {
	mkdir -p "$bin"
	# Mounts are lines `SOURCE TARGET` in $tmp/mounts.
	stub findmnt <<-END
		#!/bin/sh
		for source; do :; done
		while read -r from target; do
			[ "\$from" = "\$source" ] && echo "\$target" && status=0
		done <$tmp/mounts
		exit "\${status-1}"
	END
	stub ip <<-'END'
		#!/bin/sh
		echo '2: eth0    inet 192.0.2.7/24 brd 192.0.2.255 scope global eth0'
		echo '2: eth0    inet6 2001:db8::7/64 scope global'
	END
	analyzer_does :
}

# An analyzer that notes its arguments, does $1 and then writes its verdict into the -o directory.
analyzer_does() {
	stub kdump-verdict <<-END
		#!/bin/sh
		printf '%s\n' "\$*" >>$tmp/calls
		case \$1 in
		dmesg) echo "the log of \$2"; exit ;;
		mini) echo "some pages of \$2" >"\$3"; exit ;;
		esac
		for source; do :; done
		while [ \$# -gt 1 ]; do
			[ "\$1" = -o ] && dir=\$2
			shift
		done
		$1
		echo "verdict of \${source##*/}" >"\$dir/vmcore-verdict.txt"
		cat $tmp/document >"\$dir/vmcore-verdict.json"
		echo 'kdump-verdict: NULL dereference in kdv_inner'
	END
}

# new_image CONFIG-LINE...: an image as kdump-utils makes it, two minutes after the crash.
new_image() {
	rm -rf "$root" "$tmp/calls"
	echo '{}' >"$tmp/document"
	mkdir -p "$root/etc/kdump-verdict" "$root/usr/lib/kdump-verdict" "$root/run" "$root/dev" \
		"$root/proc/self"
	cp "$top"/kdump-hook/kdump-verdict-hook "$top"/kdump-hook/*.sh \
		"$root/usr/lib/kdump-verdict"
	printf '%s\n' "$@" >"$root/etc/kdump.conf"
	echo "btime $(($(date +%s) - 120))" >"$root/proc/stat"
	echo "irqpoll nr_cpus=1 reset_devices" >"$root/proc/cmdline"
	echo memory >"$root/proc/vmcore"
	: >"$root/proc/self/oom_score_adj"
	: >"$root/dev/kmsg"
	: >"$root/dev/console"
	: >"$tmp/mounts"
	: >"$tmp/calls"
}

# The name of a dump directory, made $1 seconds ago by host $2.
dump_name() {
	echo "${2:-127.0.0.1}-$(date -d "-$1 seconds" +%Y-%m-%d-%H:%M:%S)"
}

# The configuration file's lines.
configure() {
	printf '%s\n' "$@" >"$root/etc/kdump-verdict/kdump-verdict.conf"
}

# make_dump BASE [NAME]: a dump directory in the image; sets dump.
make_dump() {
	dump=$root$1/${2:-$(dump_name 100)}
	mkdir -p "$dump"
	echo "[    0.000000] Linux version 6.1.0" >"$dump/vmcore-dmesg.txt"
}

# The image that most tests begin with.
usual_image() {
	new_image "path /var/crash" "ext4 /dev/vda"
	echo "/dev/vda /kdumproot" >"$tmp/mounts"
	make_dump /kdumproot/var/crash
}

# Runs the hook with the dump status $1; leaves what it says in $log, its exit status in $status. A
# hook that does not come back is ended after two minutes with status 124.
run_hook() {
	set -- "$root/${hook_file:-usr/lib/kdump-verdict/kdump-verdict-hook}" "$@"
	[ "$HOOK_SH" = "${HOOK_SH#* }" ] || set -- "${HOOK_SH#* }" "$@"
	HOOK_ROOT=$root PATH=${hook_path:-$bin:$PATH} "$timeout" 120 "$shell" "$@" >"$log" 2>&1
	# shellcheck disable=SC2034 # for the tests
	status=$?
}

said() {
	grep -q -e "$1" "$log"
}

console_said() {
	grep -q -e "$1" "$root/dev/kmsg"
}

# The verdict of source $1 is in directory $2.
has_verdict() {
	grep -q -x "verdict of $1" "$2/vmcore-verdict.txt"
}

# holds_files NUMBER DIRECTORY
holds_files() {
	[ "$(find "$2" -type f | wc -l)" -eq "$1" ]
}

no_verdict_in() {
	[ ! -e "$1/vmcore-verdict.txt" ]
}

stub_commands
