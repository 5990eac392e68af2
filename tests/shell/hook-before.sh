#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The verdict that is made before the dump, how it joins the dump, and what may make the dump needless.

# shellcheck source=tests/shell/lib.sh
. "$(dirname "$0")/lib.sh"

# An image before its dump: the directory of the dumps is there, this dump's is not.
image_before_dump() {
	usual_image
	rm -r "$dump"
	configure "$@"
	mkdir -p "$root/etc/kdump/pre.d" "$root/bin"
	ln -s /usr/lib/kdump-verdict/kdump-verdict-hook "$root/etc/kdump/pre.d/50-kdump-verdict.sh"
	cp "$top/kdump-hook/kdump-verdict-hook" "$root/usr/lib/kdump-verdict/kdump-verdict-pre"
}

early_directories() {
	find "$root/kdumproot/var/crash" -name 'kdump-verdict-*'
}

no_early_directory() {
	[ -z "$(early_directories)" ]
}

never_called() {
	[ ! -s "$tmp/calls" ]
}

# kdump.sh around its call of kdump_pre; $1 is what ends that. older_kdump_sh: its form until 2021.
older_kdump_sh() {
	# shellcheck disable=SC2016 # the variables are its own
	printf '%s\n' 'do_kdump_pre()' '{' 'return 1' '}' do_kdump_pre 'if [ $? -ne 0 ]; then' \
		'    echo "pre failed"' '    do_final_action' "    $1" "fi" 'if [ $DUMP_RETVAL -ne 0 ]; then' \
		'    exit 1' "fi" >"$root/bin/kdump.sh"
}

kdump_sh() {
	printf '%s\n' 'do_kdump_pre() {' 'return 1' '}' 'if ! do_kdump_pre; then' \
		'	derror "pre failed"' '	do_final_action' "$1" "fi" >"$root/bin/kdump.sh"
}

document() {
	cat >"$tmp/document" <<-END
		{
		  "schema": "kdump-verdict/1",
		  "verdict": {
		    "confidence": "${1-certain}",
		    "known_issue": "a-rule",
		    "affected": "${2-yes}",
		    "dump_advice": "${3-skip}"
		  },
		  "findings": []
		}
	END
}

image_before_dump ""
run_hook before
check "not wanted: ends well" [ "$status" -eq 0 ]
check "not wanted: nothing is read" never_called

image_before_dump before_dump=yes
run_hook before
check "before: ends well" [ "$status" -eq 0 ]
check "before: the console has the line" console_said "^<3>kdump-verdict: NULL dereference"
early=$(early_directories)
check "before: the verdict waits beside the dumps" has_verdict vmcore "$early"
check "before: only its owner may look" [ "$(stat -c %a "$early")" = 700 ]
run_hook before
check "before: once is enough" [ "$(grep -c analyze "$tmp/calls")" -eq 1 ]
make_dump /kdumproot/var/crash "$(dump_name 10)"
run_hook 0
check "after: the verdict is beside the dump" has_verdict vmcore "$dump"
check "after: no directory is left over" no_early_directory
check "after: the analyzer is told how the dump ended" grep -q -e '--dump-status 0' "$tmp/calls"
check "after: the console is told once" [ "$(wc -l <"$root/dev/kmsg")" -eq 1 ]

image_before_dump before_dump=yes
run_hook before
run_hook 1
check "no dump directory: the early verdict stays" has_verdict vmcore "$(early_directories)"
check "no dump directory: said where" console_said "see $(early_directories)/vmcore-verdict.txt, written before the dump"

full_disk() {
	image_before_dump before_dump=yes
	run_hook before
	make_dump /kdumproot/var/crash "$(dump_name 10)"
	stub dd <<-'END'
		#!/bin/sh
		exit 1
	END
	run_hook 1
	rm "$bin/dd"
	check "full disk: the early verdict moves beside the dump" has_verdict vmcore "$dump"
	check "full disk: no directory is left over" no_early_directory
}

# busybox prefers its own dd to the stub.
if [ "$HOOK_SH" != "busybox sh" ]; then
	full_disk
fi

image_before_dump before_dump=yes
run_hook before
make_dump /kdumproot/var/crash "$(dump_name 10)"
stub kdump-verdict <<-'END'
	#!/bin/sh
	kill -SEGV $$
END
run_hook 0
check "analyzer dies after the dump: the early verdict is there" has_verdict vmcore "$dump"
analyzer_does :

image_before_dump before_dump=yes
hook_file=etc/kdump/pre.d/50-kdump-verdict.sh
rm "$root/$hook_file"
cp "$top/kdump-hook/kdump-verdict-hook" "$root/$hook_file"
run_hook
check "pre.d: known by its folder" has_verdict vmcore "$(early_directories)"
hook_file=

image_before_dump before_dump=yes
rm -r "$root/kdumproot"
run_hook before
check "target not there yet: in memory" has_verdict vmcore "$root/run/kdump-verdict"
check "target not there yet: said" said "kept in memory until after the dump"

image_before_dump before_dump=yes deadline=10
stub findmnt <<-'END'
	#!/bin/sh
	exec sleep 300
END
run_hook before
stub_commands
check "target hangs: the dump goes on" [ "$status" -eq 0 ]
check "target hangs: said" console_said "gave up after 10 seconds"

# policy NAME STATUS: with kdump_pre.
policy() {
	hook_file=usr/lib/kdump-verdict/kdump-verdict-pre
	run_hook
	hook_file=
	check "dump_policy: $1" [ "$status" -eq "$2" ]
}

image_before_dump dump_policy=advised
kdump_sh "exit 1"
document certain yes skip
policy "advised to skip: no dump" 1
early=$(early_directories)
check "dump_policy: the verdict is kept" has_verdict vmcore "$early"
check "dump_policy: the log is kept" grep -q "the log of" "$early/vmcore-dmesg.txt"
check "dump_policy: the console is told" console_said "a known issue, dump_policy=advised: no full dump"

image_before_dump dump_policy=advised
kdump_sh "exit 1"
document certain yes small
policy "advised to keep little: no full dump" 1
check "dump_policy: a small one" grep -q "some pages of" "$(early_directories)/vmcore"

for row in "likely yes skip" "certain not-in-range skip" "certain fixed-here small" "certain yes keep"; do
	image_before_dump dump_policy=advised
	kdump_sh "exit 1"
	# shellcheck disable=SC2086 # three words
	document $row
	policy "$row: dump" 0
done

image_before_dump dump_policy=advised
kdump_sh "exit 1"
policy "nothing known: dump" 0

image_before_dump dump_policy=always before_dump=yes
kdump_sh "exit 1"
document
policy "always: dump" 0

image_before_dump dump_policy=advised
kdump_sh ":"
document
policy "a kdump.sh that would go on: dump" 0
check "dump_policy: said" console_said "needs kdump_pre in kdump.conf, of 2020 or later"

image_before_dump dump_policy=advised
older_kdump_sh "exit 1"
document
policy "an older kdump.sh that stops: no dump" 1

image_before_dump dump_policy=advised
older_kdump_sh ":"
document
policy "an older kdump.sh that goes on: dump" 0

image_before_dump dump_policy=advised
document
policy "no kdump.sh to look at: dump" 0

image_before_dump dump_policy=advised
kdump_sh "exit 1"
document
run_hook before
check "dump_policy: pre.d is not obeyed: dump" [ "$status" -eq 0 ]

image_before_dump dump_policy=advised
kdump_sh "exit 1"
document
rm -r "$root/kdumproot"
policy "nowhere to keep anything: dump" 0

image_before_dump dump_policy=advised
kdump_sh "exit 1"
cat >"$tmp/document" <<-'END'
	{
	  "verdict": {
	    "summary": "text \"dump_advice\": \"skip\" and \"known_issue\": \"x\"",
	    "confidence": "none"
	  },
	  "findings": [
	    "known_issue": "x",
	    "confidence": "certain",
	    "affected": "yes",
	    "dump_advice": "skip"
	  ]
	}
END
policy "words of other places do not count: dump" 0

analyzer_does 'kill -SEGV $$'
image_before_dump dump_policy=advised
kdump_sh "exit 1"
policy "the analyzer dies: dump" 0
