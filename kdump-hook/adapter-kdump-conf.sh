# shellcheck shell=sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Finds this crash's directory as kdump-utils and kexec-tools lay it out (RHEL, Fedora and kin).
#
# kdump.sh tells its hooks the dump's status and nothing else, so its own way is gone again here. The
# image's /etc/kdump.conf is a rewritten one: at most one target, at its end `FSTYPE DEVICE` and a
# `path` relative to that file system, which may well be empty:
#
#	ext4 /dev/disk/by-uuid/...
#	path
#
# The directory is MOUNTPOINT/PATH/HOSTIP-YYYY-MM-DD-HH:MM:SS in local time, or, in a `kdumpctl test`,
# MOUNTPOINT/PATH/kdump-test-ID.
#
# Offers dump_directory: sets dump_dir, or else sets why and fails. Reads HOOK_ROOT.

# Like kdump.sh, the last line that names a target or a path wins. Sets target_type, target, path and
# for dracut_args also target_mount.
read_kdump_conf() {
	target_type=none
	target=
	target_mount=
	path=/var/crash
	while read -r key value || [ -n "$key" ]; do
		value=${value%%#*}
		word=${value%%[ 	]*}
		case $key in
		path) path=$word ;;
		ext[234] | xfs | btrfs | minix | virtiofs | nfs | raw | ssh)
			target_type=$key
			target=$word
			;;
		dracut_args) read_dracut_args "$value" ;;
		esac
	done <"$HOOK_ROOT/etc/kdump.conf"
}

# dracut_args ... --mount "SOURCE MOUNTPOINT FSTYPE OPTIONS" ...
read_dracut_args() {
	case $1 in
	*--mount[=\ ]*) mount=${1#*--mount?} ;;
	*) return 0 ;;
	esac
	set -f
	# Splitting is meant: the fields of a mount line.
	# shellcheck disable=SC2046
	set -- $(printf '%s\n' "$mount" | tr "\"'" '  ')
	set +f
	target=${1-}
	target_mount=${2-}
	target_type=${3-}
}

# mount_points_of SOURCE: there may be more than one, as with btrfs subvolumes. An nfs export may be
# written with a slash at its end, which the kernel drops.
mount_points_of() {
	findmnt -k -n -o TARGET --source "$1" && return
	[ "$1" != "${1%/}" ] && findmnt -k -n -o TARGET --source "${1%/}"
}

# Sets mount_points, one a line. Without any target line the dump went to the root file system.
find_mount_points() {
	case $target_type in
	none)
		mount_points=/sysroot
		return
		;;
	raw)
		why="the dump went to the raw partition $target"
		return 1
		;;
	ssh)
		why="the dump went over ssh to $target"
		return 1
		;;
	esac
	mount_points=$(mount_points_of "$target") || mount_points=$target_mount
	why="$target is not mounted"
	[ -n "$mount_points" ]
}

# The moment the capture kernel started, in seconds since the epoch.
boot_time() {
	while read -r key value; do
		if [ "$key" = btime ]; then
			echo "$value"
			return
		fi
	done <"$HOOK_ROOT/proc/stat"
	return 1
}

# Several hosts may share an nfs target, and crash in the same minute.
is_our_address() {
	case $target_type in
	nfs*) ;;
	*) return 0 ;;
	esac
	addresses=$(ip -o addr show 2>/dev/null) || return 0
	case $addresses in
	*" $1/"*) return 0 ;;
	esac
	return 1
}

# Sets dump_dir to the newest directory below $1 whose name gives a time since boot and not after now.
# Names and not mtimes, for an nfs server has a clock of its own; an upper bound, for a machine whose
# clock fell back years must not take an older dump's directory for its own. Dots in the date are
# those of early RHEL 7.
newest_since_boot() {
	boot=$(boot_time) || return 1
	newest=$(date -d "@$boot" +%Y%m%d%H%M%S) || return 1
	now=$(date +%Y%m%d%H%M%S)
	for entry in "$1"/*-[0-9][0-9][0-9][0-9][-.][0-9][0-9][-.][0-9][0-9]-[0-9][0-9]:[0-9][0-9]:[0-9][0-9]; do
		[ -d "$entry" ] || continue
		name=${entry##*/}
		host=${name%-????[-.]??[-.]??-??:??:??}
		stamp=$(printf '%s' "${name#"$host"-}" | tr -d ':.-')
		if [ "$stamp" -ge "$newest" ] && [ "$stamp" -le "$now" ] && is_our_address "$host"; then
			newest=$stamp
			dump_dir=$entry
		fi
	done
	[ -n "$dump_dir" ]
}

# The ID of a `kdumpctl test`, or nothing.
test_id() {
	read -r cmdline <"$HOOK_ROOT/proc/cmdline" || return 1
	case " $cmdline" in
	*" kdump_test_id="*) ;;
	*) return 1 ;;
	esac
	id=${cmdline##*kdump_test_id=}
	id=${id%% *}
	case $id in
	'' | */*) return 1 ;;
	esac
	echo "$id"
}

# Sets dump_dir to this dump's directory below $1.
search() {
	if id=$(test_id); then
		dump_dir=$1/kdump-test-$id
		[ -d "$dump_dir" ]
	else
		newest_since_boot "$1"
	fi
}

# Both variables are the hook's to read.
# shellcheck disable=SC2034
dump_directory() {
	dump_dir=
	read_kdump_conf
	find_mount_points || return 1
	while read -r mount_point; do
		base=$HOOK_ROOT$mount_point/${path#/}
		search "${base%/}" && return
	done <<-END
		$mount_points
	END
	why="no directory of this boot in ${base%/}"
	dump_dir=
	return 1
}
