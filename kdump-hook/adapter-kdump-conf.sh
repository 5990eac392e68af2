# shellcheck shell=sh disable=SC2034,SC2154 # shares the variables of the hook that sources it
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
# Offers dump_directory, after the dump: sets dump_dir, or remote_dir and how to get there over ssh;
# and dump_base, before it: sets base, where the directory will be made. Both else set why and fail.
# Reads HOOK_ROOT; dump-names.sh and target-ssh.sh have the rest.

# Like kdump.sh, the last line that names a target or a path wins. Sets target_type, target, path and
# for dracut_args also target_mount.
read_kdump_conf() {
	target_type=none
	target=
	target_mount=
	path=/var/crash
	ssh_key=/root/.ssh/kdump_id_rsa
	while read -r key value || [ -n "$key" ]; do
		value=${value%%#*}
		word=${value%%[ 	]*}
		case $key in
		path) path=$word ;;
		sshkey) ssh_key=$word ;;
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
		why="the dump goes to the raw partition $target"
		return 1
		;;
	ssh)
		why="the dump goes over ssh to $target"
		return 1
		;;
	esac
	mount_points=$(mount_points_of "$target") || mount_points=$target_mount
	why="$target is not mounted"
	[ -n "$mount_points" ]
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
	'' | */* | *\'*) return 1 ;;
	esac
	echo "$id"
}

# Directories of ours, made before the dump, look like one of a host.
is_our_name() {
	case $1 in
	kdump-verdict | *[!0-9A-Za-z:.%_-]*) return 1 ;;
	esac
	is_our_address "$1"
}

# Of the names on standard input the one that this dump's directory has.
pick_name() {
	if id=$(test_id); then
		echo "kdump-test-$id"
	else
		newest_since_boot %Y-%m-%d-%H:%M:%S is_our_name
	fi
}

remote_directory() {
	ssh_target=$target
	why="no directory of this boot in $path on $target"
	name=$(remote_names "$path" | pick_name) || return 1
	remote_dir=${path%/}/$name
}

dump_directory() {
	read_kdump_conf
	shared=no
	case $target_type in
	nfs* | ssh) shared=yes ;;
	esac
	if [ "$target_type" = ssh ]; then
		remote_directory
		return
	fi
	find_mount_points || return 1
	while read -r mount_point; do
		base=$HOOK_ROOT$mount_point/${path#/}
		base=${base%/}
		name=$(local_names "$base" | pick_name) || continue
		dump_dir=$base/$name
		[ ! -d "$dump_dir" ] || return 0
	done <<-END
		$mount_points
	END
	why="no directory of this boot in $base"
	dump_dir=
	return 1
}

dump_base() {
	read_kdump_conf
	find_mount_points || return 1
	while read -r mount_point; do
		base=$HOOK_ROOT$mount_point/${path#/}
		base=${base%/}
		[ ! -d "$base" ] || return 0
	done <<-END
		$mount_points
	END
	why="there is no $base"
	return 1
}
