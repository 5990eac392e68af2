#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Real dracut puts all that is needed into a kdump image, and nothing into an ordinary one.
#
# The analyzer is build/kdump-verdict ($KDUMP_VERDICT_BIN names another), or, before there is one, any
# program stands for it.

# shellcheck source=tests/shell/lib.sh
HOOK_SH=dracut
. "$(dirname "$0")/lib.sh"

if ! command -v dracut >/dev/null; then
	echo "ok dracut # skip: no dracut"
	exit
fi

PATH=$PATH:/usr/sbin:/sbin
binary=${KDUMP_VERDICT_BIN:-$top/build/kdump-verdict}
real=yes
if [ ! -x "$binary" ]; then
	real=no
	binary=$(command -v findmnt)
fi

# What `make install` would have put there.
stage=$tmp/stage
mkdir -p "$stage/usr/bin" "$stage/usr/lib/kdump-verdict" "$stage/usr/share/kdump-verdict/rules" \
	"$stage/etc/kdump-verdict/rules.d"
cp "$binary" "$stage/usr/bin/kdump-verdict"
cp "$top"/kdump-hook/kdump-verdict-hook "$top"/kdump-hook/*.sh "$stage/usr/lib/kdump-verdict"
cp "$top/kdump-hook/kdump-verdict.conf" "$stage/etc/kdump-verdict"
echo "[]" >"$stage/usr/share/kdump-verdict/rules/shipped.yaml"
echo "[]" >"$stage/etc/kdump-verdict/rules.d/local.yaml"

# dracut with few modules, so that it is quick, but left to choose from them as it does by default.
base=$tmp/dracut
mkdir -p "$base/modules.d"
for file in /usr/lib/dracut/*; do
	case $file in
	*/modules.d) cp -r "$file"/*base "$file"/*udev-rules "$file"/*dash "$base/modules.d" ;;
	*) cp -r "$file" "$base" ;;
	esac
done
cp -r "$top/dracut/55kdump-verdict" "$base/modules.d"

# The module that marks SUSE's kdump image.
mkdir "$base/modules.d/99kdump"
echo 'check() { return 255; }' >"$base/modules.d/99kdump/module-setup.sh"

# build IMAGE [OPTION...]
build() {
	image=$tmp/$1
	shift
	mkdir -p "$tmp/conf"
	dracutbasedir=$base KDUMP_VERDICT_ROOT=$stage \
		dracut --force --stdlog 4 --no-kernel --no-hostonly --no-compress --tmpdir "$tmp" \
		--confdir "$tmp/conf" --conf /dev/null "$@" "$image" >"$log" 2>&1
	status=$?
	lsinitrd "$image" >"$image.list" 2>/dev/null
	lsinitrd -m "$image" >"$image.modules" 2>/dev/null
}

in_image() {
	grep -q -E -e " $1( ->.*)?\$" "$image.list"
}

same_in_image() {
	lsinitrd -f "$1" "$image" | cmp -s - "$2"
}

export IN_KDUMP=1
build kdump.img
check "the kdump image is built" [ "$status" -eq 0 ]
check "the module is listed" grep -q -x kdump-verdict "$image.modules"
for file in usr/bin/kdump-verdict usr/lib/kdump-verdict/kdump-verdict-hook \
	usr/lib/kdump-verdict/adapter-kdump-conf.sh etc/kdump-verdict/kdump-verdict.conf \
	usr/share/kdump-verdict/rules/shipped.yaml etc/kdump-verdict/rules.d/local.yaml \
	usr/lib/kdump-verdict/adapter-suse.sh usr/lib/kdump-verdict/target-ssh.sh \
	usr/lib/kdump-verdict/dump-names.sh usr/lib/kdump-verdict/dump-policy.sh \
	usr/lib/kdump-verdict/kdump-verdict-pre \
	etc/kdump/pre.d/50-kdump-verdict.sh etc/kdump/post.d/50-kdump-verdict.sh \
	etc/kdump/emergency.d/50-kdump-verdict.sh; do
	check "has $file" in_image "$file"
done
for program in date dd findmnt head mkdir mv nice rm sleep sync tail timeout tr; do
	check "has the program $program" in_image "(usr/)?s?bin/$program"
done
for library in $(ldd "$binary" | sed -n 's/.*=> .*\/\([^/ ]*\) (.*/\1/p'); do
	check "has the library $library" grep -q -F "/$library" "$image.list"
done
check "the hook is the one of the source" same_in_image \
	usr/lib/kdump-verdict/kdump-verdict-hook "$top/kdump-hook/kdump-verdict-hook"
check "no standalone hook in it" [ "$(grep -c 'hooks/.*standalone' "$image.list")" -eq 0 ]
check "post.d leads to the hook" grep -q \
	'50-kdump-verdict.sh -> .*kdump-verdict/kdump-verdict-hook$' "$image.list"
check "the hook may be run" grep -q '^-rwxr-xr-x.* usr/lib/kdump-verdict/kdump-verdict-hook$' "$image.list"
lsinitrd -f usr/lib/kdump-verdict/stamp "$image" >"$tmp/stamp" 2>/dev/null
check "the stamp has the digests of what is installed" sh -c "cd $stage && sha256sum --quiet -c $tmp/stamp"
for file in usr/bin/kdump-verdict usr/lib/kdump-verdict/kdump-verdict-hook \
	usr/share/kdump-verdict/rules/shipped.yaml etc/kdump-verdict/rules.d/local.yaml \
	etc/kdump-verdict/kdump-verdict.conf; do
	check "the stamp covers $file" grep -q "  $file\$" "$tmp/stamp"
done

# doctor_says PATTERN: of the image just built.
doctor_says() {
	mkdir -p "$stage/boot"
	cp "$image" "$stage/boot/initramfs-$(uname -r)kdump.img"
	: >"$stage/etc/kdump.conf"
	KDUMP_VERDICT_ROOT=$stage sh "$top/kdump-hook/kdump-verdict-doctor" >"$tmp/doctor"
	grep -q "kdump.img $1" "$tmp/doctor"
}
check "doctor finds it up to date" doctor_says "has the analyzer, rules and configuration that are installed"
echo "deadline=60" >>"$stage/etc/kdump-verdict/kdump-verdict.conf"
check "doctor finds it outdated" doctor_says "differs .*: /etc/kdump-verdict/kdump-verdict.conf"
cp "$top/kdump-hook/kdump-verdict.conf" "$stage/etc/kdump-verdict"
check "what it adds is said" said 'kdump-verdict: added [1-9][0-9]* KiB'

unset IN_KDUMP
build ordinary.img
check "the ordinary image is built" [ "$status" -eq 0 ]
check "the ordinary image has nothing of ours" [ "$(grep -c kdump "$image.list")" -eq 0 ]

build suse.img --add kdump
check "SUSE's image is known by its module kdump" grep -q -x kdump-verdict "$image.modules"

build standalone.img --add kdump-verdict
check "asked for by name: the image is built" [ "$status" -eq 0 ]
for hook in pre-pivot emergency shutdown-emergency; do
	check "asked for by name: it saves by itself at $hook" in_image \
		"(usr/)?(var/)?lib/dracut/hooks/$hook/01-dracut-standalone.sh"
done
check "asked for by name: it can dump" in_image "(usr/)?s?bin/makedumpfile"
check "asked for by name: no folders of kdump.sh" [ "$(grep -c 'etc/kdump/' "$image.list")" -eq 0 ]

rm "$stage/usr/bin/kdump-verdict"
export IN_KDUMP=1
build without.img
check "no analyzer installed: the image is built all the same" [ "$status" -eq 0 ]
check "no analyzer installed: said" said "left out of the image: there is no /usr/bin/kdump-verdict"
check "no analyzer installed: no hook in the image" [ "$(grep -c kdump "$image.list")" -eq 0 ]

# The module relies on it: a library that dlopen()s would need more than what is linked.
dlopen_users() {
	for library in $(ldd "$binary" | sed -n 's/.*=> \(\/[^ ]*\) (.*/\1/p'); do
		case $library in
		*/libc.so.*) continue ;;
		esac
		objdump -T "$library" | grep -q ' dlopen$' && echo "$library"
	done
}

if [ "$real" = yes ]; then
	check "no library dlopen()s others" [ -z "$(dlopen_users)" ]
fi
