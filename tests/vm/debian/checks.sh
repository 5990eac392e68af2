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

# Flattened, as kdump-tools always has it; what is cut short lacks the mark of its end.
flattened_is_complete() {
	makedumpfile -R --message-level 4 "$1/rearranged" <"$2" &&
		makedumpfile --dump-dmesg --message-level 4 "$1/rearranged" "$1/again" &&
		cmp "$1/again" "$3"
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

check_debian_crash() {
	local name="debian $1" out=$KDV_WORK/debian/$1 dir stamp
	rm -rf "$out"
	check "$name: crashed and ended" env KDV_FAULT= "$lab/debian/run-crash" "$1" "$out" || return
	check "$name: it came back up, with no failed unit" came_back "$out"
	check "$name: the commands of DEBIAN.md work" page_worked "$out"
	check "$name: one crash, one directory" one_directory "$out" || return
	dir=$(echo "$out"/crash/*/)
	stamp=$(basename "$dir")
	check "$name: dump, log and verdict, and no more" has_files "$dir" "dmesg.$stamp" "dump.$stamp" \
		vmcore-verdict.json vmcore-verdict.txt
	check "$name: the dump is complete" flattened_is_complete "$dir" "$dir/dump.$stamp" "$dir/dmesg.$stamp"
	check "$name: the verdict is right" verdict_is_right "$dir" "$1"
	check "$name: the console has its summary" grep -a '] kdump-verdict: ' "$out/serial.log"
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
	local crash fault
	for crash in ${DEBIAN_CRASHES-null}; do
		check_debian_crash "$crash"
	done
	for fault in $FAULTS; do
		check_debian_fault "$fault"
	done
	[ -z "$FAULTS" ] || check_debian_full
}
