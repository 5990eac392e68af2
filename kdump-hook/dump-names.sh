# shellcheck shell=sh disable=SC2034,SC2154 # shares the variables of the hook that sources it
# SPDX-License-Identifier: GPL-2.0-or-later
# Which of the directories beside each other is this crash's: told by the time in its name.
#
# Names and not mtimes, for a server has a clock of its own. Reads HOOK_ROOT.

# The moment the capture kernel started, in seconds since the epoch.
boot_time() {
	while read -r key value; do
		if [ "$key" = btime ]; then
			echo "$value"
			return
		fi
	done <"$HOOK_ROOT/proc/stat"
	return 1
}

# The names of the directories in $1, one a line.
local_names() {
	for entry in "$1"/*; do
		[ ! -d "$entry" ] || printf '%s\n' "${entry##*/}"
	done
}

# Several hosts may share a target, and crash in the same minute. $shared says whether this one is.
is_our_address() {
	[ "$shared" = yes ] || return 0
	addresses=$(ip -o addr show 2>/dev/null) || return 0
	case $addresses in
	*" $1/"*) return 0 ;;
	esac
	return 1
}

# newest_since_boot FORMAT OURS: of the names on standard input prints the newest whose end gives, as
# date's FORMAT, a time since boot and not after now, and for whose beginning the command OURS is
# true. An upper bound, for a machine whose clock fell back years must not take an older dump's
# directory for its own.
newest_since_boot() {
	boot=$(boot_time) || return 1
	since=$(date -d "@$boot" "+$1") || return 1
	now=$(date "+$1")
	width=${#now}
	newest_name=
	since=$(digits "$since")
	now=$(digits "$now")
	while read -r name; do
		[ "${#name}" -ge "$width" ] || continue
		host=$name
		while [ "${#host}" -gt "$((${#name} - width))" ]; do
			host=${host%?}
		done
		stamp=$(digits "${name#"$host"}")
		[ "${#stamp}" -eq "${#now}" ] || continue
		if [ "$stamp" -ge "$since" ] && [ "$stamp" -le "$now" ] && "$2" "${host%-}"; then
			since=$stamp
			newest_name=$name
		fi
	done
	[ -n "$newest_name" ] && printf '%s\n' "$newest_name"
}

# A date without its marks, or nothing if there is more in it than those. Dots are those of early RHEL 7.
digits() {
	case $1 in
	*[!0-9:.-]*) ;;
	*) printf '%s' "$1" | tr -d ':.-' ;;
	esac
}
