#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Whatever goes wrong, the hook ends in time with status 0 and says why in one line.

# The variables of stubs are for them to expand.
# shellcheck disable=SC2016
# shellcheck source=tests/shell/lib.sh
. "$(dirname "$0")/lib.sh"

# The shortest deadline the configuration takes.
hasty_image() {
	usual_image
	echo "deadline=10" >"$root/etc/kdump-verdict/kdump-verdict.conf"
}

ends_well_saying() {
	check "$1: ends well" [ "$status" -eq 0 ]
	check "$1: says why" console_said "$2"
}

usual_image
run_hook 0
check "the verdict is one line on the console" \
	[ "$(cat "$root/dev/kmsg")" = "<3>kdump-verdict: NULL dereference in kdv_inner" ]
check "and in the journal" said "^kdump-verdict: NULL dereference in kdv_inner$"
check "with the place of the verdict" said "^kdump-verdict: see $dump/vmcore-verdict.txt$"
check "the analyzer is the first to go when memory is short" \
	[ "$(cat "$root/proc/self/oom_score_adj")" = 1000 ]
check "only its owner may read the verdict" [ "$(stat -c %a "$dump/vmcore-verdict.txt")" = 600 ]
check "nothing else is left there" holds_files 3 "$dump"
run_hook 0
check "a second call in one boot does nothing" [ "$(grep -c analyze "$tmp/calls")" -eq 1 ]

usual_image
run_hook 1
ends_well_saying "dump failed" "the dump itself failed (status 1)"
check "dump failed: verdict all the same" has_verdict vmcore "$dump"

usual_image
run_hook
check "no argument: verdict all the same" has_verdict vmcore "$dump"
check "no argument: no word on how the dump ended" [ "$(grep -c -e --dump-status "$tmp/calls")" -eq 0 ]

# As emergency.d has it, where the target could not be mounted and kdump.sh never ran.
new_image "path /var/crash" "nfs srv:/export"
run_hook
ends_well_saying "no target at all" "console only: srv:/export is not mounted"
check "no target at all: console has the verdict" grep -q "verdict of vmcore" "$root/dev/console"
check "no target at all: nothing but a pstore that is there gets it" [ ! -e "$root/dev/pmsg0" ]

new_image "path /var/crash" "raw /dev/vdb"
: >"$root/dev/pmsg0"
run_hook 0
check "pstore: has the verdict, too" grep -q "verdict of vmcore" "$root/dev/pmsg0"

usual_image
rm "$root/proc/vmcore"
run_hook 0
ends_well_saying "no vmcore" "/proc/vmcore is not there"
check "no vmcore: verdict from the log" has_verdict vmcore-dmesg.txt "$dump"

usual_image
rm "$root/proc/vmcore"
mv "$dump/vmcore-dmesg.txt" "$dump/vmcore-dmesg-incomplete.txt"
run_hook 1
check "unfinished log: verdict from it" has_verdict vmcore-dmesg-incomplete.txt "$dump"

usual_image
rm "$root/proc/vmcore" "$dump/vmcore-dmesg.txt"
run_hook 1
ends_well_saying "neither vmcore nor log" "no verdict was written"

analyzer_does 'case $source in */vmcore) kill -SEGV $$ ;; esac'
usual_image
run_hook 0
ends_well_saying "analyzer crashes" "/proc/vmcore: the analyzer died of signal 11"
check "analyzer crashes: verdict from the log" has_verdict vmcore-dmesg.txt "$dump"

analyzer_does 'echo "kdump-verdict: $source: notes: truncated" >&2; exit 1'
usual_image
run_hook 0
ends_well_saying "analyzer gives up" "/proc/vmcore: the analyzer ended with status 1: .*/vmcore: notes: truncated"
check "analyzer gives up: one line for each source, one for the end" \
	[ "$(wc -l <"$root/dev/kmsg")" -eq 3 ]

analyzer_does 'case $source in */vmcore) exec sleep 300 ;; esac'
hasty_image
run_hook 0
# on a machine so busy that the hook gets no second of its ten, it says that instead
ends_well_saying "analyzer hangs" "/proc/vmcore\(: the analyzer took too long\| is not analyzed: no time left\)"
check "analyzer hangs: verdict from the log" has_verdict vmcore-dmesg.txt "$dump"

analyzer_does 'echo stage | tee "$dir/vmcore-verdict.json" >"$dir/vmcore-verdict.txt"; trap "" TERM; while :; do sleep 1; done'
hasty_image
run_hook 0
ends_well_saying "analyzer cannot be stopped politely" "the analyzer was killed"
check "analyzer killed: its last stage is kept" grep -q stage "$dump/vmcore-verdict.txt"

analyzer_does 'echo "kdump-verdict: all is well"; exit 0'
usual_image
run_hook 0
ends_well_saying "analyzer writes nothing" "no verdict was written"
check "analyzer writes nothing: no file is promised" [ "$(grep -c ' see ' "$log")" -eq 0 ]

analyzer_does 'trap "" TERM; while :; do sleep 1; done'
hasty_image
run_hook 0
ends_well_saying "analyzer hangs on all" "no verdict was written"
check "analyzer hangs on all: the log had its turn" console_said "vmcore-dmesg.txt: the analyzer was killed"

analyzer_does 'case $source in */vmcore) exec awk "BEGIN { s = \"x\"; while (1) s = s s }" ;; esac'
usual_image
run_hook 0
check "analyzer eats memory: stopped" said "/proc/vmcore: the analyzer "
check "analyzer eats memory: verdict from the log" has_verdict vmcore-dmesg.txt "$dump"

analyzer_does 'yes "kdump-verdict: chatter" | head -c 10000000; printf "\033[2J\001\n" >&2'
usual_image
run_hook 0
check "chatter: one line of it" [ "$(wc -l <"$root/dev/kmsg")" -eq 1 ]
check "chatter: no control characters" [ -z "$(tr -d '\n -~' <"$root/dev/kmsg")" ]

usual_image
rm "$bin/kdump-verdict"
run_hook 0
ends_well_saying "no analyzer" "the analyzer is not in this image"
analyzer_does :

stub findmnt <<-'END'
	#!/bin/sh
	exec sleep 300
END
hasty_image
run_hook 0
ends_well_saying "target hangs" "gave up after 10 seconds"
stub_commands

usual_image
rm "$root/usr/lib/kdump-verdict"/adapter-*
run_hook 0
ends_well_saying "no adapter" "console only: no environment that is known here"
check "no adapter: console has the verdict" grep -q "verdict of vmcore" "$root/dev/console"

usual_image
echo "if" >>"$root/usr/lib/kdump-verdict/adapter-kdump-conf.sh"
run_hook 0
ends_well_saying "broken adapter" "the hook failed"
check "broken adapter: console has the verdict" grep -q "verdict of vmcore" "$root/dev/console"

full_disk() {
	# Writes half of it, as a full disk does.
	stub dd <<-'END'
		#!/bin/sh
		head -c 3 >"${1#of=}"
		exit 1
	END
	usual_image
	run_hook 1
	ends_well_saying "disk full" "console only: nothing can be written to $dump"
	check "disk full: console has the verdict" grep -q "verdict of vmcore" "$root/dev/console"
	check "disk full: nothing half-written is left" holds_files 1 "$dump"
	rm "$bin/dd"
}

# busybox prefers its own dd to the stub.
if [ "$HOOK_SH" != "busybox sh" ]; then
	full_disk
fi

usual_image
echo file >"$root/run/file"
rm -rf "$root/run"
echo file >"$root/run"
run_hook 0
ends_well_saying "nowhere to work" "cannot make"
