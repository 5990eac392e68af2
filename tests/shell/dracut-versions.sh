#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The dracut module keeps to what dracut has offered from RHEL 7's 033 to 112, played by stand-ins that
# copy into a directory. Run by bash, as dracut runs modules.

top=$(cd "$(dirname "$0")/../.." && pwd)
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

check() {
	local name=$1
	shift
	if "$@"; then
		echo "ok dracut: $name"
	else
		echo "not ok dracut: $name: $*"
		sed 's/^/# /' "$tmp/log"
	fi
}

# ---- the stand-ins; a function that is none of these is one that some dracut lacks ----

inst_simple() { command install -D "$1" "$initdir/${2:-$1}"; }
inst_binary() { inst_simple "$@"; }
inst_script() { inst_simple "$@"; }
# 033 gives up the image at a hook of a kind that it does not have.
inst_hook() {
	case $1 in
	cmdline | pre-udev | pre-trigger | initqueue | pre-mount | mount | pre-pivot | cleanup | \
		emergency | shutdown-emergency) ;;
	*) echo "no such hook: $1" | tee -a "$tmp/missing" ;;
	esac
	inst_simple "$3" "$hooks/$1/$2-${3##*/}"
}
inst_multiple() {
	local program
	[ "$1" != -o ] || shift
	for program; do
		[ -z "$(command -v "$program")" ] || inst_simple "$(command -v "$program")"
	done
}
dinfo() { echo "$*"; }
dwarn() { echo "$*"; }
command_not_found_handle() {
	echo "no such function: $1"
	echo "$1" >>"$tmp/missing"
	return 127
}

stage() {
	mkdir -p "$tmp/stage/usr/bin" "$tmp/stage/usr/lib/kdump-verdict" "$tmp/stage/etc/kdump-verdict/rules.d"
	cp /bin/true "$tmp/stage/usr/bin/kdump-verdict"
	cp "$top"/kdump-hook/kdump-verdict-hook "$top"/kdump-hook/*.sh "$tmp/stage/usr/lib/kdump-verdict"
}

# module FUNCTION...: in a shell of its own, which has what dracut leaves in the environment.
module() {
	(
		# shellcheck source=dracut/55kdump-verdict/module-setup.sh
		. "$top/dracut/55kdump-verdict/module-setup.sh"
		export KDUMP_VERDICT_ROOT=$tmp/stage
		"$@"
	) >"$tmp/log" 2>&1
}

answers() {
	module check
	[ $? -eq "$1" ]
}

installs() {
	rm -rf "$initdir" "$tmp/missing"
	mkdir -p "$initdir"
	module install
	[ ! -e "$tmp/missing" ]
}

stage
initdir=$tmp/image
hooks=/usr/lib/dracut/hooks
export initdir hooks

unset IN_KDUMP dracutmodules add_dracutmodules force_add_dracutmodules
check "an ordinary image: only when asked for" answers 255
add_dracutmodules=" other kdump " check "SUSE: --add kdump" answers 0
dracutmodules="kdump" check "SUSE: --modules kdump" answers 0
add_dracutmodules=" kdump-tool earlykdump " check "names like kdump are not kdump" answers 255
IN_KDUMP=1 check "kdump.conf family: IN_KDUMP" answers 0

for hooks in /usr/lib/dracut/hooks /lib/dracut/hooks /var/lib/dracut/hooks; do
	check "$hooks: installs by itself" installs
	check "$hooks: before the root is entered" [ -e "$initdir$hooks/pre-pivot/01-dracut-standalone.sh" ]
	check "$hooks: and where it cannot be" [ -e "$initdir$hooks/emergency/01-dracut-standalone.sh" ]
	check "$hooks: nor a shell" [ -e "$initdir$hooks/shutdown-emergency/01-dracut-standalone.sh" ]
done

IN_KDUMP=1 check "kdump image: installs" installs
for folder in pre.d post.d emergency.d; do
	link=$initdir/etc/kdump/$folder/50-kdump-verdict.sh
	check "kdump image: $folder leads to the hook" \
		[ "$(readlink "$link")" = /usr/lib/kdump-verdict/kdump-verdict-hook ]
done
check "kdump image: kdump_pre leads to it" \
	cmp -s "$initdir/usr/lib/kdump-verdict/kdump-verdict-pre" "$top/kdump-hook/kdump-verdict-hook"
check "kdump image: its size is said" grep -q 'kdump-verdict: added [1-9][0-9]* KiB' "$tmp/log"
check "kdump image: no standalone hook" [ ! -e "$initdir/var/lib/dracut/hooks" ]

rm "$tmp/stage/usr/bin/kdump-verdict"
IN_KDUMP=1 check "no analyzer: left out" answers 1
check "no analyzer: said" grep -q "left out of the image" "$tmp/log"
