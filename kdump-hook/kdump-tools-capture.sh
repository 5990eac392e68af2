#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Has the crash judged before kdump-tools saves it, and brings the verdict to where the dump goes.
#
# kdump-verdict-capture.service runs it in Debian's and Ubuntu's capture kernel. kdump-tools starts when
# it has ended; what it leaves in the background then looks out for the dump's directory. There is no
# moment after the dump: kdump-tools reboots as soon as it is saved.
#
# HOOK_ROOT (empty but in tests) stands before every local path.

set -u

HOOK_ROOT=${HOOK_ROOT-}
lib=$HOOK_ROOT/usr/lib/kdump-verdict
work=$HOOK_ROOT/run/kdump-verdict

# How often the background looks, five times a second: for an hour, which a dump to a dead NFS server
# may take to fail.
looks=18000

# shellcheck source=kdump-hook/adapter-kdump-tools.sh
. "$lib/adapter-kdump-tools.sh"

# An earlier crash's verdict that found no directory must not be taken for this one's.
remove_old_verdict() {
	rm -f "$HOOK_ROOT$coredir/vmcore-verdict.json" "$HOOK_ROOT$coredir/vmcore-verdict.txt"
}

# Goes to where the verdict waits, and stays: with nfs, kdump-tools will mount over it. In memory, if
# KDUMP_COREDIR could not be written.
enter_waiting_room() {
	for room in "$HOOK_ROOT$coredir" "$work"; do
		[ -s "$room/vmcore-verdict.txt" ] && cd "$room" && return
	done
	return 1
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

# push STAMP: over ssh as kdump-tools does it, but never asking and never for long. What is here stays.
push() {
	remote=$coredir/$(host_tag)-$1
	for file in vmcore-verdict.json vmcore-verdict.txt; do
		[ -e "$file" ] || continue
		timeout -k 1 60 ssh -i "$ssh_key" -o BatchMode=yes -o ConnectTimeout=10 "$ssh" \
			"umask 077; cat >'$remote/.$file.new' && mv '$remote/.$file.new' '$remote/$file'" \
			<"$file" || return 1
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
	"$lib/kdump-verdict-hook"
	if enter_waiting_room; then
		watch </dev/null &
	fi
}

main
exit 0
