#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The verdict follows a dump that went over ssh.

# shellcheck source=tests/shell/lib.sh
. "$(dirname "$0")/lib.sh"

# busybox prefers its own `ip` to the stub, and then no address is ours.
if [ "$HOOK_SH" = "busybox sh" ]; then
	echo "ok $HOOK_SH: ssh # skip: no stub of ip"
	exit
fi

# The server is a directory: what ssh is asked to do there happens in it, with paths below it.
server=$tmp/server
stub ssh <<-END
	#!/bin/sh
	printf '%s\n' "\$*" >>$tmp/ssh-calls
	for command; do :; done
	cd $server && eval "\$(printf '%s' "\$command" | sed "s|'/|'$server/|g; s|of='|of='|")"
END

ssh_image() {
	new_image "$@"
	rm -rf "$server" "$tmp/ssh-calls"
	mkdir -p "$server/var/crash"
}

remote_dump() {
	dump=$server/var/crash/$1
	mkdir -p "$dump"
}

ssh_image "path /var/crash" "sshkey /root/.ssh/the_key" "ssh kdump@srv"
remote_dump "$(dump_name 90 192.0.2.99)"
other=$dump
remote_dump "$(dump_name 100 192.0.2.7)"
run_hook 0
check "beside the dump" has_verdict vmcore "$dump"
check "the document, too" [ -s "$dump/vmcore-verdict.json" ]
check "only its owner may read it" [ "$(stat -c %a "$dump/vmcore-verdict.txt")" = 600 ]
check "another host's dump is left alone" no_verdict_in "$other"
check "with the image's key, and without questions" grep -q -e \
	"-i /root/.ssh/the_key -o BatchMode=yes -o StrictHostKeyChecking=yes .* kdump@srv " "$tmp/ssh-calls"
check "said where" said "see /var/crash/.*/vmcore-verdict.txt on kdump@srv"

ssh_image "ssh kdump@srv"
remote_dump "$(dump_name 100 192.0.2.7)"
run_hook 0
check "the key that kdump takes by default" grep -q -e "-i /root/.ssh/kdump_id_rsa " "$tmp/ssh-calls"

ssh_image "ssh kdump@srv"
remote_dump "$(dump_name 9000 192.0.2.7)"
run_hook 0
check "only old dumps: the console has it" grep -q "verdict of vmcore" "$root/dev/console"
check "only old dumps: said" console_said "console only: no directory of this boot in /var/crash on kdump@srv"

ssh_image "ssh kdump@srv"
remote_dump "192.0.2.7';touch pwned;'-$(date +%Y-%m-%d-%H:%M:%S)"
run_hook 0
check "a name with a quote is no dump of ours" [ ! -e "$server/pwned" ]

ssh_image "path /dumps" "ssh kdump@srv"
mkdir "$server/dumps" "$server/dumps/kdump-test-5"
echo "kdump_test_id=5" >"$root/proc/cmdline"
run_hook 0
check "kdumpctl test" has_verdict vmcore "$server/dumps/kdump-test-5"

new_image "KDUMP_SAVEDIR='ssh://kdump:secret@srv:2222/var/crash'"
mkdir -p "$root/kdump/mnt"
echo node7 >"$root/etc/hostname.kdump"
rm -rf "$server"
remote_dump "node7-$(date +%Y-%m-%d-%H-%M)"
run_hook after /var/crash/somewhere "saved successfully"
check "SUSE: beside the dump" has_verdict vmcore "$dump"
check "SUSE: no password goes out" [ "$(grep -c secret "$tmp/ssh-calls")" -eq 0 ]
check "SUSE: the address" grep -q " ssh://kdump@srv:2222 " "$tmp/ssh-calls"

stub ssh <<-'END'
	#!/bin/sh
	echo "kdump@srv: Permission denied (publickey)." >&2
	exit 255
END
ssh_image "ssh kdump@srv"
run_hook 0
check "refused: the console has it" grep -q "verdict of vmcore" "$root/dev/console"
check "refused: ends well" [ "$status" -eq 0 ]

stub ssh <<-'END'
	#!/bin/sh
	exec sleep 300
END
ssh_image "ssh kdump@srv"
configure deadline=10
run_hook 0
check "a server that hangs: ends well" [ "$status" -eq 0 ]
check "a server that hangs: the console has it" grep -q "verdict of vmcore" "$root/dev/console"
