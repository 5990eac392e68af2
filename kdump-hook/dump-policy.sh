# shellcheck shell=sh disable=SC2034,SC2154 # shares the variables of the hook that sources it
# SPDX-License-Identifier: GPL-2.0-or-later
# dump_policy=advised: a known issue whose rule says so makes do with a small dump, or with none.
#
# Only kdump_pre of /etc/kdump.conf can keep kdump.sh from dumping, by a status other than 0; and only
# those kdump.sh (since mid-2020) that then end. Older ones go on while the machine is shut down, and
# would leave a torn dump. Whatever is in doubt, the dump is made as ever.

# heeds_kdump_pre SCRIPT: that kdump.sh ends where kdump_pre fails.
heeds_kdump_pre() {
	called=no
	while read -r line; do
		case $line in
		do_kdump_pre*'('*) ;;
		*do_kdump_pre*) called=yes ;;
		fi) called=no ;;
		'exit 1') [ "$called" = no ] || return 0 ;;
		esac
	done <"$1"
	return 1
} 2>/dev/null

kdump_pre_is_obeyed() {
	case $0 in
	*/kdump-verdict-pre) heeds_kdump_pre "$HOOK_ROOT/bin/kdump.sh" ;;
	*) return 1 ;;
	esac
}

# Prints small or skip where the verdict names a known issue, is certain of it, the kernel is in its
# range, and the rule gives that advice. Of the document these lines are read, as the analyzer
# indents it; text of a log cannot stand at the beginning of a line there.
advice() {
	inside=no issue=no certain=no affected=no advised=keep
	while IFS= read -r line; do
		case $inside,$line in
		no,'  "verdict": {') inside=yes ;;
		yes,'  }'*) break ;;
		yes,'    "known_issue": '*) issue=yes ;;
		yes,'    "confidence": "certain"'*) certain=yes ;;
		yes,'    "affected": "yes"'*) affected=yes ;;
		yes,'    "dump_advice": "small"'*) advised=small ;;
		yes,'    "dump_advice": "skip"'*) advised=skip ;;
		esac
	done <"$work/vmcore-verdict.json"
	[ "$issue$certain$affected" != yesyesyes ] || echo "$advised"
}

time_left() {
	left=$((end - $(uptime_seconds)))
	[ "$left" -ge 1 ] && echo "$left"
}

# The log, whole, beside the early verdict; false unless it is safe on the disk.
keep_log() {
	left=$(time_left) || return 1
	limited "$left" kdump-verdict dmesg "$vmcore" >"$work/log" 2>/dev/null || return 1
	[ -s "$work/log" ] && put "$early_dir" vmcore-dmesg.txt <"$work/log"
}

# The pages that the verdict rests on.
keep_small_dump() {
	left=$(time_left) || return 1
	limited "$left" kdump-verdict mini "$vmcore" "$early_dir/vmcore-incomplete" >/dev/null 2>&1 || return 1
	sync -f "$early_dir" && mv "$early_dir/vmcore-incomplete" "$early_dir/vmcore"
}

# The marker is the last thing that is made: without it the dump goes on.
apply_dump_policy() {
	[ "$dump_policy" = advised ] || return 0
	advice=$(advice)
	case $advice in
	small | skip) ;;
	*) return 0 ;;
	esac
	if ! kdump_pre_is_obeyed; then
		say "dump_policy=advised needs kdump_pre in kdump.conf, of 2020 or later: dumping as ever"
	elif ! keep_log || { [ "$advice" = small ] && ! keep_small_dump; }; then
		rm -f "$early_dir"/vmcore-dmesg.txt "$early_dir"/vmcore-incomplete
		say "dump_policy=advised: the log or the small dump cannot be saved: dumping as ever"
	elif sync -f "$early_dir"; then
		say "a known issue, dump_policy=advised: no full dump; what is kept is in $early_dir"
		: >"$work/no-dump"
	fi
}
