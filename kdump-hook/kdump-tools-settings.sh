# shellcheck shell=sh disable=SC2034 # for kdump-tools-capture.sh and the doctor, which source it
# SPDX-License-Identifier: GPL-2.0-or-later
# Where Debian's and Ubuntu's kdump-tools saves a dump, as /etc/default/kdump-tools says. Reads HOOK_ROOT.

# Sets coredir, nfs, ssh, ssh_key, hosttag and ftp as kdump-config has them. The file is shell, and sourced
# there, too; here in a shell of its own, for it may do anything. Then, or without it, defaults hold.
read_kdump_tools() {
	settings=$(
		set +u
		unset KDUMP_COREDIR NFS SSH SSH_KEY HOSTTAG FTP
		# shellcheck disable=SC1091
		. "$HOOK_ROOT/etc/default/kdump-tools" >/dev/null 2>&1
		# shellcheck disable=SC2153 # they are the file's
		printf '%s\n' "$KDUMP_COREDIR" "$NFS" "$SSH" "$SSH_KEY" "$HOSTTAG" "$FTP"
	) || settings=
	{
		read -r coredir
		read -r nfs
		read -r ssh
		read -r ssh_key
		read -r hosttag
		read -r ftp
	} <<-END
		$settings
	END
	coredir=${coredir:-/var/crash}
	ssh_key=${ssh_key:-/root/.ssh/kdump_id_rsa}
}
