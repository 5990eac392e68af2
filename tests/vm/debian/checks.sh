# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Sourced by check-vm: what has to hold of a Debian guest that crashed.
: "${lab:?}"

# Of one crash there is one directory, named to the minute; its files are named after it. Other files
# in /var/crash are notes of kdump-tools.
one_directory() {
	local dirs
	dirs=$(cd "$1/crash" && echo */)
	[[ $dirs =~ ^[0-9]{12}/$ ]] || { echo "directories: $dirs"; return 1; }
}

has_files() {
	local dir=$1 files
	shift
	files=$(find "$dir" -type f -printf '%f\n' | sort | xargs)
	[ "$files" = "$*" ] || { echo "files: $files"; return 1; }
}

# Flattened, as kdump-tools always has it; what is cut short lacks the mark of its end. Debian 13's
# makedumpfile prints who logged each line, and indents more; Debian 12's does not.
flattened_is_complete() {
	makedumpfile -R --message-level 4 "$1/rearranged" <"$2" &&
		makedumpfile --dump-dmesg --message-level 4 "$1/rearranged" "$1/again" &&
		diff -b <(sed 's/\] \[ *[CT][0-9]*\]/]/' "$1/again") <(sed 's/\] \[ *[CT][0-9]*\]/]/' "$3")
}

# The verdict that the guest made from /proc/vmcore, and that of the dump it saved.
dump_agrees() {
	mkdir -p "$1/stored"
	analyze -o "$1/stored" "$2" && same_verdict "$1/vmcore-verdict.json" "$1/stored/vmcore-verdict.json"
}

came_back() {
	grep -a 'kdv-lab: back after the crash, kdump is loaded: 1' "$1/serial.log" || return 1
	[ ! -s "$1/root/failed-units" ] || { cat "$1/root/failed-units"; return 1; }
}

# Who logs in at the next boot, on the serial console, is told of the crash and where the verdict is.
login_says() {
	tr -d '\r' <"$1/serial.log" | grep -aE "^Kernel crash of kdv-debian at .*kdv_null_inner.* $2\$"
}

# One crash, judged, with or without its dump.
last_lists() {
	jq -e "length == 1 and .[0].state == \"judged\" and .[0].verdict_only == $2" "$1/root/last" ||
		{ cat "$1/root/last"; return 1; }
}

page_worked() {
	! grep -a 'a command of DEBIAN.md failed' "$1/serial.log"
}

# The analyzer's end as the hook has to tell it.
reason_for() {
	case $1 in
	hang) echo 'took too long|out of time|gave up' ;;
	segv) echo 'signal 11' ;;
	memory) echo 'status|memory|signal' ;;
	esac
}

# check_debian_crash RELEASE
check_debian_crash() {
	local name="debian, $1" out=$KDV_WORK/debian/$1 dir stamp
	rm -rf "$out"
	check "$name: crashed and ended" env KDV_RELEASE="$1" "$lab/debian/run-crash" null "$out" || return
	check "$name: it came back up, with no failed unit" came_back "$out"
	check "$name: the commands of DEBIAN.md work" page_worked "$out"
	check "$name: one crash, one directory" one_directory "$out" || return
	dir=$(echo "$out"/crash/*/)
	stamp=$(basename "$dir")
	check "$name: dump, log and verdict, and no more" has_files "$dir" "dmesg.$stamp" "dump.$stamp" \
		vmcore-verdict.json vmcore-verdict.txt
	check "$name: the dump is complete" flattened_is_complete "$dir" "$dir/dump.$stamp" "$dir/dmesg.$stamp"
	check "$name: the verdict is right" verdict_is_right "$dir" null
	check "$name: the console has its summary" grep -a '] kdump-verdict: ' "$out/serial.log"
	check "$name: whoever logs in is told" login_says "$out" \
		"Verdict: /var/crash/$stamp/vmcore-verdict.txt"
	check "$name: last lists it" last_lists "$out" false
	check "$name: the dump gives the same verdict" dump_agrees "$dir" "$dir/dump.$stamp"
	[ -n "${KDV_KEEP-}" ] || rm -f "$dir/dump.$stamp" "$dir/rearranged"
}

check_debian_fault() {
	local name="debian, analyzer with $1" out=$KDV_WORK/debian/fault-$1 dir stamp
	rm -rf "$out"
	check "$name: saved and rebooted" env KDV_FAULT="$1" "$lab/debian/run-crash" sysrq "$out" || return
	check "$name: one crash, one directory" one_directory "$out" || return
	dir=$(echo "$out"/crash/*/)
	stamp=$(basename "$dir")
	check "$name: dump and log are there" has_files "$dir" "dmesg.$stamp" "dump.$stamp"
	check "$name: the dump is complete" flattened_is_complete "$dir" "$dir/dump.$stamp" "$dir/dmesg.$stamp"
	check "$name: the console says why there is no verdict" console_says "$out" "$(reason_for "$1")"
	rm -f "$dir/dump.$stamp" "$dir/rearranged"
}

# The dump goes to another machine; here stays a copy of the verdict, of which the next boot tells.
check_debian_ssh() {
	local name="debian, ssh" out=$KDV_WORK/debian/ssh dir stamp
	rm -rf "$out"
	if ! "$lab/sshd" --fetch; then
		echo "ok - $name # skip: no ssh server to be had"
		return
	fi
	check "$name: saved and came back" env KDV_TARGET=ssh "$lab/debian/run-crash" null "$out" ||
		return
	dir=$(echo "$out"/server/*/)
	stamp=$(basename "$dir")
	check "$name: the directory is this machine's" [ "${stamp%-*}" = 10.0.2.15 ] || return
	stamp=${stamp##*-}
	check "$name: the other machine has dump, log and verdict, and no more" has_files "$dir" \
		"dmesg.$stamp" "dump.$stamp" vmcore-verdict.json vmcore-verdict.txt || return
	check "$name: the dump is complete" flattened_is_complete "$dir" "$dir/dump.$stamp" "$dir/dmesg.$stamp"
	check "$name: the verdict is right" verdict_is_right "$dir" null
	check "$name: it is its owner's only" [ "$(stat -c %a "$dir/vmcore-verdict.txt")" = 600 ]
	check "$name: the same verdict stays here" cmp "$dir/vmcore-verdict.json" "$out/crash/vmcore-verdict.json"
	check "$name: whoever logs in is told" login_says "$out" \
		"No dump is here, but the verdict: .*/vmcore-verdict.txt"
	check "$name: last lists it" last_lists "$out" true
	check "$name: the dump gives the same verdict" dump_agrees "$dir" "$dir/dump.$stamp"
	[ -n "${KDV_KEEP-}" ] || rm -f "$dir/dump.$stamp" "$dir/rearranged"
}

# kdump-tools tries twice, by makedumpfile and by cp, and both fill the disk to the last block.
check_debian_full() {
	local name="debian, disk full" out=$KDV_WORK/debian/full dir
	rm -rf "$out"
	check "$name: rebooted" env KDV_FAULT=full "$lab/debian/run-crash" null "$out" || return
	check "$name: one crash, one directory" one_directory "$out" || return
	dir=$(echo "$out"/crash/*/)
	check "$name: the dump failed" test -e "$dir/vmcore-incomplete"
	check "$name: the verdict is right" verdict_is_right "$dir" null
	check "$name: so is its text" test -s "$dir/vmcore-verdict.txt"
}

check_debian() {
	local scenario
	for scenario in bookworm trixie ssh full hang segv memory; do
		case " ${SCENARIOS-$scenario} " in *" $scenario "*) ;; *) continue ;; esac
		case $scenario in
		bookworm | trixie) check_debian_crash "$scenario" ;;
		ssh | full) "check_debian_$scenario" ;;
		*) check_debian_fault "$scenario" ;;
		esac
	done
}
