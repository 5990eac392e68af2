#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# kdump-verdict.conf is read with patience, and what it says reaches the analyzer.

# shellcheck source=tests/shell/lib.sh
. "$(dirname "$0")/lib.sh"

# with CONFIG: runs the hook with it; printf escapes are understood.
with() {
	usual_image
	# shellcheck disable=SC2059
	printf "$1" >"$root/etc/kdump-verdict/kdump-verdict.conf"
	run_hook 0
}

# The analyzer got these arguments. Of a deadline it gets what is left when 9 seconds are put aside;
# on a busy machine some pass before.
called_with() {
	grep -q -E -e "$1" "$tmp/calls"
}

called_never() {
	[ ! -s "$tmp/calls" ]
}

with ''
check "empty file: defaults" called_with '^analyze --deadline (1[0-9]|2[01]) --memory-limit 64 --stages --dump-status 0 --summary -o'

with 'deadline=100\nmemory_limit=128\n'
check "plain settings" called_with '--deadline [89][0-9] --memory-limit 128 '

with '  deadline = "100"  # seconds\r\n\tmemory_limit=\t128'
check "blanks, quotes, comments, carriage returns, no newline" \
	called_with '--deadline [89][0-9] --memory-limit 128 '

with 'deadline=soon\nmemory_limit=-1\n'
check "nonsense: defaults" called_with '--deadline (1[0-9]|2[01]) --memory-limit 64 '
check "nonsense: said" console_said "kdump-verdict.conf: deadline=soon: not a number of seconds"

with 'deadline=010\nmemory_limit=99999999999999999999\n'
check "octal and huge numbers: defaults" called_with '--deadline (1[0-9]|2[01]) --memory-limit 64 '

# shellcheck disable=SC2016
with 'deadline=$(touch ${HOOK_ROOT}/pwned)\nexit 3\n[section]\nunknown=1\n=\nenabled=yes\n'
check "not a script: nothing in it is run" [ ! -e "$root/pwned" ]
check "strange lines do no harm" has_verdict vmcore "$dump"

with 'enabled=no\n'
check "disabled: the analyzer is not called" called_never
check "disabled: said" said "disabled in kdump-verdict.conf"
check "disabled: ends well" [ "$status" -eq 0 ]

with 'enabled=Off\n'
check "other words for no" called_never

with 'enabled=maybe\n'
check "neither yes nor no: the default" has_verdict vmcore "$dump"

with 'console=no\n'
check "console=no: the console stays clean" [ ! -s "$root/dev/kmsg" ]
check "console=no: the journal has the verdict" said "NULL dereference in kdv_inner"

with 'console=no\n'
rm -rf "$root/run/kdump-verdict" "$root/kdumproot"
run_hook 0
check "console=no and no directory: the journal has it whole" said "verdict of vmcore"
check "console=no and no directory: nothing on the console" [ ! -s "$root/dev/console" ]

usual_image
cp "$top/kdump-hook/kdump-verdict.conf" "$root/etc/kdump-verdict/kdump-verdict.conf"
sed -i 's/^#\([a-z_]*=\)/\1/' "$root/etc/kdump-verdict/kdump-verdict.conf"
run_hook 0
check "the shipped file shows the defaults" \
	called_with '^analyze --deadline (1[0-9]|2[01]) --memory-limit 64 --stages --dump-status 0 --summary -o'
check "the shipped file is accepted whole" [ "$(grep -c 'kdump-verdict.conf' "$log")" -eq 0 ]
