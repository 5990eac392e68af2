# shellcheck shell=sh disable=SC2034,SC2154 # shares the variables of the hook that sources it
# SPDX-License-Identifier: GPL-2.0-or-later
# Takes the verdict to the server that has the dump, the way the dump went there.
#
# An adapter sets ssh_target (user@host, or an ssh:// address) and, where the image has a key of its
# own, ssh_key. Nobody is there to answer questions: BatchMode, and the host's key must be known.

# over_ssh COMMAND: within the time that the hook has left.
over_ssh() {
	left=$((end + 2 - $(uptime_seconds)))
	[ "$left" -ge 1 ] || return 124
	timeout -k 1 "$left" ssh -q ${ssh_key:+-i "$ssh_key"} -o BatchMode=yes \
		-o StrictHostKeyChecking=yes -o ConnectTimeout=10 "$ssh_target" "$1"
}

# Whether $1 can stand between single quotes in a command for the server.
is_plain_path() {
	case $1 in
	'' | *\'* | *[![:print:]]*) return 1 ;;
	esac
}

# The names in directory $1 over there, one a line.
remote_names() {
	is_plain_path "$1" && over_ssh "ls -1 '$1'" </dev/null
}

# The commands are those that kdump.sh itself needs: the account may be held to them.
push_file() {
	over_ssh "umask 0077; dd of='$remote_dir/.$1' && mv '$remote_dir/.$1' '$remote_dir/$1'" \
		<"$work/$1" 2>/dev/null
}

# Sets why on failure.
push() {
	why="cannot write to $remote_dir on $ssh_target"
	is_plain_path "$remote_dir" && push_file vmcore-verdict.json && push_file vmcore-verdict.txt || return 1
	printf 'kdump-verdict: see %s/vmcore-verdict.txt on %s\n' "$remote_dir" "$ssh_target"
}
