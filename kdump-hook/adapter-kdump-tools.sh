# shellcheck shell=sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Where Debian's and Ubuntu's kdump-tools saves a dump. It has no hooks, and reboots by itself.
#
# `kdump-config savecore` names the directory when it starts, to the minute:
#
#	local	KDUMP_COREDIR/202611212240
#	nfs	KDUMP_COREDIR/TAG-202611212240, on a file system that it mounts there and unmounts again
#	ssh	KDUMP_COREDIR/TAG-202611212240 of the other host, and /tmp/dmesg.ssh.202611212240 here
#
# TAG is an address of this host, or with HOSTTAG=hostname its name. The verdict is made before all
# that, and waits in KDUMP_COREDIR itself.
#
# Offers dump_directory, as every adapter does, and the rest to kdump-tools-capture.sh. Reads HOOK_ROOT.

# Sets coredir, nfs, ssh, ssh_key and hosttag as kdump-config has them. The file is shell, and sourced
# there, too; here in a shell of its own, for it may do anything. Then, or without it, defaults hold.
read_kdump_tools() {
	settings=$(
		unset KDUMP_COREDIR NFS SSH SSH_KEY HOSTTAG
		# shellcheck disable=SC1091
		. "$HOOK_ROOT/etc/default/kdump-tools" >/dev/null 2>&1
		printf '%s\n' "${KDUMP_COREDIR-}" "${NFS-}" "${SSH-}" "${SSH_KEY-}" "${HOSTTAG-}"
	) || settings=
	# shellcheck disable=SC2034 # for kdump-tools-capture.sh
	{
		read -r coredir
		read -r nfs
		read -r ssh
		read -r ssh_key
		read -r hosttag
	} <<-END
		$settings
	END
	coredir=${coredir:-/var/crash}
	# shellcheck disable=SC2034 # as above
	ssh_key=${ssh_key:-/root/.ssh/kdump_id_rsa}
}

# kdump-config makes the directory as well, but later.
# shellcheck disable=SC2034 # the hook reads both
dump_directory() {
	read_kdump_tools
	dump_dir=$HOOK_ROOT$coredir
	why="there is no directory $coredir"
	mkdir -p "$dump_dir"
}

# The name of this host in that of a directory.
host_tag() {
	tag=
	if [ "$hosttag" != hostname ]; then
		tag=$(ip addr show up | sed -n 's/^[[:space:]]*inet[[:space:]]\{1,\}\([^/ ]*\).*/\1/p' |
			tail -n 1)
	fi
	printf '%s\n' "${tag:-$(hostname)}"
}

# All there is that may tell where a dump goes, one path a line: directories, and for ssh the log here.
list_dumps() {
	for entry in "$HOOK_ROOT$coredir"/*[0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9]/ \
		"$HOOK_ROOT"/tmp/dmesg.ssh.[0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9]; do
		[ ! -e "$entry" ] || printf '%s\n' "${entry%/}"
	done
}
