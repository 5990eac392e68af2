#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The lines that the families' pages tell people to copy do what they say.

# shellcheck source=tests/shell/lib.sh
. "$(dirname "$0")/lib.sh"

# Lines of page $1 that begin with the word $2, without the indent of an example.
lines() {
	sed -n "s/^    \($2[ =].*\)/\1/p" "$top/kdump-hook/$1"
}

installed_name() {
	path=${1#/usr/lib/kdump-verdict/}
	[ "$path" != "$1" ] && grep -q "\$(LIBDIR)/$path\$" "$top/Makefile"
}

for key in kdump_pre kdump_post; do
	line=$(lines RHEL.md $key)
	check "RHEL.md: $key names what is installed" installed_name "${line#* }"
done

# The lines as /etc/sysconfig/kdump, read and evaluated.
new_image "KDUMP_SAVEDIR='/var/crash'"
mkdir -p "$root/kdump/mnt"
make_dump /kdump/mnt/var/crash "$(date +%Y-%m-%d-%H-%M)"
lines SUSE.md 'KDUMP_[A-Z]*SCRIPT' >"$tmp/sysconfig"
check "SUSE.md has both scripts" [ "$(grep -c . "$tmp/sysconfig")" -eq 2 ]
# shellcheck disable=SC1091 # just written
. "$tmp/sysconfig"
# shellcheck disable=SC2034 # the evaluated line has it
DIR=$dump VMCORE_STATUS="saved successfully"
hook() {
	shift
	run_hook "$@"
}
command=$(printf '%s' "$KDUMP_POSTSCRIPT" | sed 's|^/usr/lib/kdump-verdict/kdump-verdict-hook|hook &|')
eval "$command"
check "SUSE.md: the postscript puts the verdict beside the dump" has_verdict vmcore "$dump"
check "SUSE.md: and knows how the dump ended" grep -q -e '--dump-status 0' "$tmp/calls"
configure before_dump=yes
eval "$(printf '%s' "$KDUMP_PRESCRIPT" | sed 's|^/usr/lib/kdump-verdict/kdump-verdict-hook|hook &|')"
check "SUSE.md: the prescript is one" [ -d "$root/run/kdump-verdict/before" ]

# Of the keys in the pages and the manual the hook knows each, with that default.
# shellcheck disable=SC2013 # a key is a word
for key in $(sed -n 's/^\.It Cm \([a-z_]*\) Ns = .*/\1/p' "$top/man/kdump-verdict.8"); do
	default=$(sed -n "s/^\.It Cm .*\<$key Ns = Ns Cm \([a-z0-9]*\).*/\1/p" "$top/man/kdump-verdict.8")
	check "the manual's default of $key" grep -q -x "$key=$default" "$top/kdump-hook/kdump-verdict-hook"
	check "the file's default of $key" grep -q -x "#$key=$default" "$top/kdump-hook/kdump-verdict.conf"
done
