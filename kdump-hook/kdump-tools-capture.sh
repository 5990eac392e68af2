#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Has the crash judged before kdump-tools saves it, and brings the verdict to where the dump goes.
#
# kdump-verdict-capture.service runs it in Debian's and Ubuntu's capture kernel. kdump-tools starts when
# it has ended; what it leaves in the background then looks out for the dump's directory. There is no
# moment after the dump: kdump-tools has no hooks, and reboots as soon as it is saved.
#
# `kdump-config savecore` names the directory when it starts, to the minute:
#
#	local	KDUMP_COREDIR/202611212240
#	nfs	KDUMP_COREDIR/TAG-202611212240, on a file system that it mounts there and unmounts again
#	ssh	KDUMP_COREDIR/TAG-202611212240 of the other host, and /tmp/dmesg.ssh.202611212240 here
#
# TAG is an address of this host, or with HOSTTAG=hostname its name. Until then the verdict waits in
# KDUMP_COREDIR itself.
#
# HOOK_ROOT (empty but in tests) stands before every local path.

set -u

HOOK_ROOT=${HOOK_ROOT-}
lib=$HOOK_ROOT/usr/lib/kdump-verdict
work=$HOOK_ROOT/run/kdump-verdict

# How often the background looks, five times a second: for an hour, which a dump to a dead NFS server
# may take to fail.
looks=18000

# shellcheck source=kdump-hook/kdump-tools-settings.sh
. "$lib/kdump-tools-settings.sh"

# The name of this host in that of a directory.
host_tag() {
	tag=
	if [ "$hosttag" != hostname ]; then
		tag=$(ip addr show up | sed -n 's/^[[:space:]]*inet[[:space:]]\{1,\}\([^/ ]*\).*/\1/p' |
			tail -n 1)
	fi
	printf '%s\n' "${tag:-$(hostname)}"
}

# All there is that may tell where a dump goes, one path a line: directories, and for ssh the log here.
list_dumps() {
	for entry in "$HOOK_ROOT$coredir"/*[0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9]/ \
		"$HOOK_ROOT"/tmp/dmesg.ssh.[0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9]; do
		[ ! -e "$entry" ] || printf '%s\n' "${entry%/}"
	done
}

# An earlier crash's verdict that found no directory must not be taken for this one's.
remove_old_verdict() {
	rm -f "$HOOK_ROOT$coredir/vmcore-verdict.json" "$HOOK_ROOT$coredir/vmcore-verdict.txt"
}

# Where the verdict waits: on the disk, or in memory where there is none to write to.
choose_waiting_room() {
	room=$HOOK_ROOT$coredir
	mkdir -p "$room" || room=$HOOK_ROOT/run
}

# Goes there, and stays: with nfs, kdump-tools will mount over it. What could not be written there the
# hook has in memory; if no dump comes either that is lost, so it is shown now.
enter_waiting_room() {
	[ -s "$room/vmcore-verdict.txt" ] || room=$work
	cd "$room" && [ -s vmcore-verdict.txt ] || return 1
	[ "$room" = "$HOOK_ROOT$coredir" ] || "$lib/kdump-verdict-hook" show
}

# has_line TEXT LINE
has_line() {
	case "
$1
" in
	*"
$2
"*) return 0 ;;
	esac
	return 1
}

# Whether PATH has come, or was touched again, since the verdict was made; the latter on a machine whose
# clock starts with the same minute every time. The times of a file server tell nothing, but the names
# do: the directories of other hosts, and our own old ones, appear together with the new one.
is_new() {
	if [ -n "$nfs" ] && [ -d "$1" ]; then
		name=${1##*/}
		[ "${name%-*}" = "$(host_tag)" ] && [ "${name##*-}" -ge "$started" ]
		return
	fi
	# Not in POSIX of old, but in dash, bash and busybox.
	# shellcheck disable=SC3013
	! has_line "$old_dumps" "$1" || [ "$1" -nt "$work" ]
}

# place DIRECTORY: within one file system two renames, which need no room on a full disk.
place() {
	for file in vmcore-verdict.json vmcore-verdict.txt; do
		[ -e "$file" ] || continue
		mv -f "$file" "$1/.$file.new" && mv -f "$1/.$file.new" "$1/$file" || return 1
	done
	sync "$1"
	echo "kdump-verdict: the verdict is in $1"
}

# send FILE: into directory $remote over ssh, as kdump-tools does it, but never asking and never for long.
# A server that is busy with the dump may well refuse once.
send() {
	for _ in 1 2 3; do
		timeout -k 1 60 ssh -i "$ssh_key" -o BatchMode=yes -o ConnectTimeout=10 "$ssh" \
			"umask 077; cat >'$remote/.$1.new' && mv '$remote/.$1.new' '$remote/$1'" \
			<"$1" && return
		sleep 3
	done
	return 1
}

# push STAMP: what is here stays.
push() {
	remote=$coredir/$(host_tag)-$1
	for file in vmcore-verdict.json vmcore-verdict.txt; do
		[ ! -e "$file" ] || send "$file" || return 1
	done
	echo "kdump-verdict: the verdict is in $ssh:$remote"
}

deliver() {
	tried="$tried
$1"
	case $1 in
	"$HOOK_ROOT"/tmp/dmesg.ssh.*) push "${1##*.}" ;;
	*) place "$1" ;;
	esac || echo "kdump-verdict: the verdict could not be put beside the dump: $1"
}

# Ends when the verdict has been moved away, or with the reboot.
watch() {
	tried=
	while [ -e vmcore-verdict.txt ] && [ "$looks" -gt 0 ]; do
		looks=$((looks - 1))
		while read -r path; do
			if [ -n "$path" ] && ! has_line "$tried" "$path" && is_new "$path"; then
				deliver "$path"
			fi
		done <<-END
			$(list_dumps)
		END
		sleep 0.2
	done
}

main() {
	read_kdump_tools
	started=$(date +%Y%m%d%H%M)
	old_dumps=$(list_dumps)
	remove_old_verdict
	choose_waiting_room
	"$lib/kdump-verdict-hook" before "$room"
	if enter_waiting_room; then
		watch </dev/null &
	fi
}

main
exit 0
