#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Where kdump-tools saves the dump, the verdict is made before it and finds its way to it.
#
# For dash and bash, which are what /bin/sh is there.

# The variables of stubs are for them to expand.
# shellcheck disable=SC2016
# shellcheck source=tests/shell/lib.sh
. "$(dirname "$0")/lib.sh"

stamp() {
	date -d "$1" +%Y%m%d%H%M
}

# The other host is the directory $tmp/remote.
stub_network() {
	stub ip <<-'END'
		#!/bin/sh
		echo '1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536'
		echo '    inet 127.0.0.1/8 scope host lo'
		echo '2: eth0: <BROADCAST,UP,LOWER_UP> mtu 1500'
		echo '    inet 192.0.2.7/24 brd 192.0.2.255 scope global eth0'
	END
	stub hostname <<-'END'
		#!/bin/sh
		echo web-17
	END
	stub ssh <<-END
		#!/bin/sh
		printf '%s\n' "\$*" >>$tmp/ssh-calls
		! rm $tmp/ssh-refuses 2>/dev/null || exit 255
		for command; do :; done
		sh -c "\$(printf '%s' "\$command" | sed "s|'/var|'$tmp/remote/var|g")"
	END
}

# new_machine SETTING...: a Debian in its capture kernel.
new_machine() {
	new_image
	rm -rf "$root/etc/kdump.conf" "$tmp/remote" "$tmp/ssh-calls"
	mkdir -p "$root/etc/default" "$root/tmp" "$root/var"
	cp "$top"/kdump-hook/kdump-tools-*.sh "$root/usr/lib/kdump-verdict"
	printf '%s\n' 'USE_KDUMP=1' 'KDUMP_COREDIR="/var/crash"' "$@" >"$root/etc/default/kdump-tools"
	crash=$root/var/crash
	# when kdump-tools starts; a minute ahead, for the real one may end at any moment
	now=$(stamp "1 minute")
}

# What systemd does with the unit: kdump-tools goes on when the script has ended.
run_capture() {
	HOOK_ROOT=$root PATH=$bin:$PATH "$timeout" 120 "$shell" \
		"$root/usr/lib/kdump-verdict/kdump-tools-capture.sh" >"$log" 2>&1
	status=$?
}

# Fifteen seconds for what happens in the background.
soon() {
	tries=150
	until "$@" 2>/dev/null; do
		tries=$((tries - 1))
		[ "$tries" -gt 0 ] || return 1
		sleep 0.1
	done
}

exists() {
	[ -e "$1" ]
}

saves_to() {
	mkdir -p "$1"
	echo data >"$1/dump-incomplete"
}

# comes_to NAME DIRECTORY: kdump-tools makes the directory, and soon both files are there, and there only.
comes_to() {
	saves_to "$2"
	check "$1: the verdict comes beside the dump" soon has_verdict vmcore "$2"
	check "$1: in both forms" exists "$2/vmcore-verdict.json"
	check "$1: nothing else comes" [ "$(find "$2" -type f | wc -l)" -eq 3 ]
}

local_targets() {
	new_machine
	run_capture
	check "local: ends well" [ "$status" -eq 0 ]
	check "local: says the verdict" console_said "NULL dereference in kdv_inner"
	check "local: the verdict waits for the dump" has_verdict vmcore "$crash"
	check "local: it is not shown" [ ! -s "$root/dev/console" ]
	check "local: it is its owner's only" [ "$(stat -c %a "$crash/vmcore-verdict.txt")" = 600 ]
	comes_to "local" "$crash/$now"
	check "local: waits no longer" no_verdict_in "$crash"
	check "local: says where it is" soon said "the verdict is in $crash/$now"

	new_machine 'KDUMP_COREDIR="$(echo /srv)/dumps"'
	run_capture
	comes_to "another KDUMP_COREDIR, as the shell reads it" "$root/srv/dumps/$now"

	new_machine 'KDUMP_COREDIR='
	run_capture
	comes_to "an empty KDUMP_COREDIR is the default" "$crash/$now"

	new_machine 'if'
	run_capture
	comes_to "settings with a slip" "$crash/$now"

	new_machine 'exit 7'
	run_capture
	comes_to "settings that end the shell" "$crash/$now"
}

old_dumps() {
	new_machine
	saves_to "$crash/202001010000"
	echo "verdict of another crash" >"$crash/vmcore-verdict.txt"
	touch -d yesterday "$crash/202001010000"
	run_capture
	comes_to "old dumps" "$crash/$now"
	check "old dumps: left alone" no_verdict_in "$crash/202001010000"

	new_machine
	saves_to "$crash/200001010001"
	run_capture
	check "same directory again: not yet" no_verdict_in "$crash/200001010001"
	rm "$crash/200001010001/dump-incomplete"
	comes_to "same directory again: a clock without battery" "$crash/200001010001"

	new_machine
	mkdir -p "$crash/202611212240.d" "$crash/x"
	touch "$crash/202611212240"
	run_capture
	comes_to "other names" "$crash/$now"
}

no_verdict() {
	analyzer_does 'exit 1'
	new_machine
	mkdir -p "$crash"
	echo "verdict of another crash" >"$crash/vmcore-verdict.txt"
	run_capture
	saves_to "$crash/$now"
	check "no verdict: ends well" [ "$status" -eq 0 ]
	check "no verdict: says why" console_said "the analyzer ended with status 1"
	check "no verdict: not an older one instead" no_verdict_in "$crash"
	analyzer_does :

	new_machine
	echo enabled=no >"$root/etc/kdump-verdict/kdump-verdict.conf"
	run_capture
	check "disabled: ends well" [ "$status" -eq 0 ]
	check "disabled: nothing is left behind" no_verdict_in "$crash"

	new_machine
	rm "$root/etc/default/kdump-tools"
	run_capture
	comes_to "no settings: the defaults" "$crash/$now"

	new_machine 'KDUMP_COREDIR=${UNKNOWN}/var/crash'
	run_capture
	comes_to "settings with an unset variable" "$crash/$now"

	new_machine
	mkdir -p "$root/var"
	: >"$crash"
	run_capture
	check "KDUMP_COREDIR cannot be made: ends well" [ "$status" -eq 0 ]
	check "KDUMP_COREDIR cannot be made: shown at once" grep -q "verdict of vmcore" "$root/dev/console"
	rm "$crash"
	comes_to "KDUMP_COREDIR cannot be made: kept in memory" "$crash/$now"
}

# What kdump-tools mounts over KDUMP_COREDIR is a directory put in its place here.
nfs_target() {
	new_machine "$@"
	run_capture
	check "nfs: waits in the local directory" has_verdict vmcore "$crash"
	mv "$crash" "$crash.below"
	saves_to "$tmp/share/$tag-$(stamp yesterday)"
	saves_to "$tmp/share/192.0.2.99-$now"
	ln -s "$tmp/share" "$crash"
	comes_to "nfs ($*)" "$tmp/share/$tag-$now"
	check "nfs: our older dump is left alone" no_verdict_in "$tmp/share/$tag-$(stamp yesterday)"
	check "nfs: so is that of another host" no_verdict_in "$tmp/share/192.0.2.99-$now"
	rm -rf "$crash" "$tmp/share"
}

ssh_target() {
	new_machine 'SSH="kdump@srv"' 'SSH_KEY=/root/key'
	echo old >"$root/tmp/dmesg.ssh.202001010000"
	touch -d yesterday "$root/tmp/dmesg.ssh.202001010000"
	run_capture
	remote=$tmp/remote/var/crash/192.0.2.7-$now
	saves_to "$remote"
	echo log >"$root/tmp/dmesg.ssh.$now"
	comes_to "ssh" "$remote"
	check "ssh: by the key of kdump-tools, asking nothing" \
		grep -q -- '^-i /root/key -o BatchMode=yes .*kdump@srv' "$tmp/ssh-calls"
	check "ssh: stays here as well" has_verdict vmcore "$crash"
	check "ssh: said" soon said "the verdict is in kdump@srv:/var/crash/192.0.2.7-"
	sleep 1
	check "ssh: sent once" [ "$(wc -l <"$tmp/ssh-calls")" -eq 2 ]

	new_machine 'SSH="kdump@srv"'
	run_capture
	: >"$tmp/ssh-refuses"
	saves_to "$remote"
	echo log >"$root/tmp/dmesg.ssh.$now"
	comes_to "ssh that is refused once" "$remote"

	new_machine 'SSH="kdump@srv"'
	run_capture
	echo log >"$root/tmp/dmesg.ssh.$now"
	check "ssh fails: said" soon said "could not be put beside the dump"
	check "ssh fails: stays here" has_verdict vmcore "$crash"
}

stub_network
local_targets
old_dumps
no_verdict
tag=192.0.2.7
nfs_target 'NFS=srv:/crash'
tag=web-17
nfs_target 'NFS=srv:/crash' 'HOSTTAG=hostname'
ssh_target
rm -rf "$root"
