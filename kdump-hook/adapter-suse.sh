# shellcheck shell=sh disable=SC2034,SC2154 # shares the variables of the hook that sources it
# SPDX-License-Identifier: GPL-2.0-or-later
# Finds this crash's directory as SUSE's kdump lays it out.
#
# KDUMP_POSTSCRIPT names the directory itself where kdump-save evaluates it (2.1.1 and later): "$DIR".
# Older ones do not, and then its own way is gone again here. The target is mounted at /kdump/mnt, a
# local one below its mount point of the running system; the image's configuration, /etc/kdump.conf
# (before 2.0 /etc/sysconfig/kdump), has lines like
#
#	KDUMP_SAVEDIR='file:///var/crash'
#
# The directory is SAVEDIR/YYYY-MM-DD-HH-MM, over the network SAVEDIR/HOSTNAME-YYYY-MM-DD-HH-MM.
#
# Offers dump_directory and dump_base as adapter-kdump-conf.sh does.

read_savedir() {
	savedir=/var/crash
	for file in "$HOOK_ROOT/etc/kdump.conf" "$HOOK_ROOT/etc/sysconfig/kdump"; do
		[ -r "$file" ] || continue
		while IFS='=' read -r key value; do
			value=${value#[\"\']}
			value=${value%[\"\']}
			[ "$key" != KDUMP_SAVEDIR ] || [ -z "$value" ] || savedir=$value
		done <"$file"
		return
	done
}

# user:password@host/path: a password is nothing that can be given to ssh.
split_ssh_savedir() {
	rest=${savedir#ssh://}
	path=/${rest#*/}
	host=${rest%%/*}
	user=${host%@*}
	case $host in
	*@*) ssh_target=ssh://${user%%:*}@${host##*@} ;;
	*) ssh_target=ssh://$host ;;
	esac
}

# Sets base, or where the dump goes over ssh, ssh_target and path.
find_target() {
	ssh_target=
	read_savedir
	case $savedir in
	/*) base=$HOOK_ROOT/kdump/mnt$savedir ;;
	file://*) base=$HOOK_ROOT/kdump/mnt${savedir#file://} ;;
	nfs://* | smb://* | cifs://*) base=$HOOK_ROOT/kdump/mnt ;;
	ssh://*) split_ssh_savedir ;;
	*)
		why="the dump goes to ${savedir%%:*}"
		return 1
		;;
	esac
}

# A local directory has no host before the date; one over the network ours.
is_our_name() {
	hostname=
	[ ! -r "$HOOK_ROOT/etc/hostname.kdump" ] || read -r hostname <"$HOOK_ROOT/etc/hostname.kdump"
	case $1 in
	'' | "$hostname") return 0 ;;
	esac
	return 1
}

dump_directory() {
	find_target || return 1
	if [ -n "$ssh_target" ]; then
		why="no directory of this boot in $path on $ssh_target"
		name=$(remote_names "$path" | newest_since_boot %Y-%m-%d-%H-%M is_our_name) || return 1
		remote_dir=${path%/}/$name
		return
	fi
	why="no directory of this boot in $base"
	name=$(local_names "$base" | newest_since_boot %Y-%m-%d-%H-%M is_our_name) || return 1
	dump_dir=$base/$name
}

dump_base() {
	find_target || return 1
	why="the dump goes over ssh"
	[ -z "$ssh_target" ] || return 1
	why="there is no $base"
	[ -d "$base" ]
}
