# SPDX-License-Identifier: GPL-2.0-or-later
# Sourced by check-vm: one crash for each line of scenarios.tsv. Whatever happens to the hook there, what
# kdump saves is what it would have saved without it, and the machine reboots by itself.
# shellcheck shell=bash
: "${lab:?}"

# A dump as it may lie there, as a file that makedumpfile reads; sets file.
find_dump() {
	file=$1/vmcore
	[ ! -e "$1/vmcore.flat" ] || file=$1/vmcore.flat
	[ -s "$file" ] || { echo "no vmcore"; return 1; }
	if head -c 12 "$file" | grep -q makedumpfile; then
		makedumpfile -R "$1/rearranged" <"$file" || return 1
		file=$1/rearranged
	fi
}

# makedumpfile's own reading finds any hole in the file, whose size the header tells.
dump_whole() {
	[ ! -e "$1/vmcore-incomplete" ] || { echo "vmcore-incomplete is there"; return 1; }
	find_dump "$1" && makedumpfile -c -d 31 --message-level 4 "$file" "$1/again"
}

# A few MiB, beside the whole log, that give the verdict that was given in the capture kernel.
dump_small() {
	mkdir "$1/again"
	[ "$(stat -c %s "$1/vmcore")" -lt 8388608 ] && [ -s "$1/vmcore-dmesg.txt" ] &&
		analyze --rules "$lab/capture/rule-small.yaml" -o "$1/again" "$1/vmcore" &&
		same_verdict "$1/vmcore-verdict.json" "$1/again/vmcore-verdict.json"
}

dump_torn() {
	[ ! -e "$1/vmcore" ] && [ -e "$1/vmcore-incomplete" ]
}

dump_none() {
	[ ! -e "$1/vmcore" ] && [ ! -e "$1/vmcore-incomplete" ]
}

# verdict_beside DIR [STATUS]
verdict_beside() {
	local status
	[ -s "$1/vmcore-verdict.txt" ] || { ls "$1"; return 1; }
	status=$(jq -r 'if .crash.class == "sysrq-crash" then .source.dump_exit_status // "-" else .crash.class end' \
		"$1/vmcore-verdict.json")
	[ "$status" = "${2:--}" ] || { echo "class or status is $status"; return 1; }
	[ "$(wc -l <"$1/directories")" = 1 ] || { cat "$1/directories"; return 1; }
}

verdict_console() {
	[ ! -e "$1/vmcore-verdict.txt" ] && grep -aq 'THE CRASH' "$1/serial.log"
}

# The kernel keeps the end of its log in pstore, where the hook has put the line.
verdict_pstore() {
	verdict_console "$1" && grep -a 'kdump-verdict: .*told the kernel to crash' "$1/pstore.log"
}

verdict_none() {
	[ ! -e "$1/vmcore-verdict.txt" ] && ! grep -aq 'THE CRASH' "$1/serial.log"
}

console_says() {
	grep -aE "\] kdump-verdict: .*($2)" "$1/serial.log" || { grep -a kdump-verdict "$1/serial.log"; return 1; }
}

# What an environment needs and this machine may not have.
can_run() {
	case $1 in
	*KDV_TARGET=ssh*) "$lab/sshd" --fetch ;;
	*KDV_TARGET=nfs*) "$lab/nfsd" --fetch ;;
	esac
}

check_scenario() {
	local kernel=$1 family=$2 scenario=$3 environment=$4 options=$5 dump=$6 verdict=$7 console=$8
	local name="$kernel $family, $scenario" out=$KDV_WORK/$kernel/$scenario
	rm -rf "$out"
	if ! can_run "$environment"; then
		echo "ok - $name # skip: its server is not to be had"
		return
	fi
	# shellcheck disable=SC2086 # words, both
	check "$name: saved and rebooted" env ${environment#-} KDV_OPTIONS="${options#-}" \
		"$lab/run-crash" "$kernel" sysrq cp "$out" || return
	check "$name: the dump is $dump" "dump_$dump" "$out"
	# shellcheck disable=SC2086 # a word or two
	check "$name: verdict: $verdict" "verdict_${verdict%% *}" "$out" ${verdict#"${verdict%% *}"}
	check "$name: the console says so" console_says "$out" "$console"
	[ -n "${KDV_KEEP-}" ] || rm -rf "$out"/vmcore* "$out/again" "$out/rearranged"
}

# check_scenarios FAMILY: all of it, or those in $SCENARIOS, on the first kernel.
check_scenarios() {
	local family scenario rest environment options dump verdict console
	while IFS=$'\t' read -r -u 3 family scenario rest; do
		[ "$family" = "$1" ] || continue
		case " ${SCENARIOS-$scenario} " in *" $scenario "*) ;; *) continue ;; esac
		IFS=$'\t' read -r environment options dump verdict console <<<"$rest"
		check_scenario "${KERNELS%% *}" "$family" "$scenario" "$environment" "$options" "$dump" \
			"$verdict" "$console"
	done 3< <(grep -v '^#' "$lab/scenarios.tsv")
}
