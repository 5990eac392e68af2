#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# kdump-verdict-doctor on healthy systems of each family, and with one thing wrong at a time.

# The variables of stubs are for them to expand.
# shellcheck disable=SC2016
# shellcheck source=tests/shell/lib.sh
. "$(dirname "$0")/lib.sh"

stub uname <<-'END'
	#!/bin/sh
	echo 6.1.0-test
END

# An image is a directory; the stub cannot list a squashed one, as the real one cannot.
stub lsinitrd <<-'END'
	#!/bin/sh
	if [ "$1" = -f ]; then
		exec cat "$3.d/$2"
	fi
	(cd "$1.d" && find .)
END
stub unsquashfs <<-'END'
	#!/bin/sh
	[ "$1" = -cat ] && [ "$(cat "$2")" = squashed ] && exec cat "$SQUASHED/$3"
END

analyzer() {
	cat >"$root/usr/bin/kdump-verdict" <<-END
		#!/bin/sh
		case \$1 in
		analyze) $1 ;;
		rules) ${2-exit 0} ;;
		esac
	END
	chmod +x "$root/usr/bin/kdump-verdict"
}

# What `make install` puts there, with few rules, and a loaded capture kernel.
new_system() {
	rm -rf "$root"
	mkdir -p "$root/usr/bin" "$root/usr/lib/kdump-verdict" "$root/usr/share/kdump-verdict/rules" \
		"$root/etc/kdump-verdict/rules.d" "$root/etc/sysconfig" "$root/etc/default" "$root/boot" \
		"$root/sys/kernel" "$root/var/crash" "$root/var/lib/kdump" \
		"$root/etc/systemd/system/multi-user.target.wants"
	cp "$top"/kdump-hook/kdump-verdict-hook "$top"/kdump-hook/*.sh "$root/usr/lib/kdump-verdict"
	cp "$top/kdump-hook/kdump-verdict.conf" "$root/etc/kdump-verdict"
	echo "[]" >"$root/usr/share/kdump-verdict/rules/shipped.yaml"
	echo sample >"$root/usr/share/kdump-verdict/sample-1.kdump"
	analyzer 'echo "  \"class\": \"null-pointer-dereference\","'
	echo 1 >"$root/sys/kernel/kexec_crash_loaded"
	echo $((256 * 1048576)) >"$root/sys/kernel/kexec_crash_size"
	echo kernel >"$root/boot/vmlinuz-6.1.0-test"
	ln -s /nowhere "$root/etc/systemd/system/multi-user.target.wants/kdump-verdict-notify.service"
	: >"$tmp/mounts"
}

# make_image PATH: with the stamp of what is installed now.
make_image() {
	image=$root$1
	mkdir -p "$image.d/usr/lib/kdump-verdict"
	echo image >"$image"
	: >"$image.d/usr/lib/kdump-verdict/kdump-verdict-hook"
	(cd "$root" && sha256sum usr/bin/kdump-verdict usr/lib/kdump-verdict/* \
		usr/share/kdump-verdict/rules/* etc/kdump-verdict/*.conf) \
		>"$image.d/usr/lib/kdump-verdict/stamp"
}

kdump_conf_system() {
	new_system
	printf '%s\n' "$@" >"$root/etc/kdump.conf"
	make_image /boot/initramfs-6.1.0-testkdump.img
}

suse_system() {
	new_system
	printf '%s\n' "KDUMP_SAVEDIR=\"${1-/var/crash}\"" \
		"KDUMP_POSTSCRIPT='/usr/lib/kdump-verdict/kdump-verdict-hook after'" >"$root/etc/sysconfig/kdump"
	make_image /var/lib/kdump/initrd
}

debian_system() {
	new_system
	printf '%s\n' USE_KDUMP=1 "$@" >"$root/etc/default/kdump-tools"
	echo image >"$root/var/lib/kdump/initrd.img-6.1.0-test"
	mkdir "$root/etc/systemd/system/kdump-tools-dump.service.wants"
	ln -s /nowhere "$root/etc/systemd/system/kdump-tools-dump.service.wants/kdump-verdict-capture.service"
}

doctor() {
	set -- "$top/kdump-hook/kdump-verdict-doctor" "$@"
	[ "$HOOK_SH" = "${HOOK_SH#* }" ] || set -- "${HOOK_SH#* }" "$@"
	KDUMP_VERDICT_ROOT=$root PATH=$bin:$PATH "$shell" "$@" >"$log" 2>&1
	status=$?
}

# healthy NAME: only findings that are ok.
healthy() {
	doctor
	check "$1: status 0" [ "$status" -eq 0 ]
	check "$1: all is ok" [ -z "$(grep -v '^ok ' "$log")" ]
}

# one_finding KIND NAME PATTERN [COMMAND-PATTERN]: just this one is not ok.
one_finding() {
	doctor
	check "$2: one finding" [ "$(grep -c -v -e '^ok ' -e '^  ' "$log")" -eq 1 ]
	check "$2: a command that mends it" said "^ \{13\}[^ ]"
	check "$2: said" said "^$1 *$3"
	[ $# -lt 4 ] || check "$2: how to mend it" said "^ \{13\}$4"
	check "$2: status" [ "$status" -eq "$([ "$1" = problem ] && echo 1 || echo 0)" ]
}

has_problem() { one_finding problem "$@"; }
has_warning() { one_finding warning "$@"; }

kdump_conf_system "path /var/crash"
healthy "kdump.conf"
check "kdump.conf: says what it found" said "the family kdump.conf"
echo 0 >"$root/sys/kernel/kexec_crash_loaded"
has_problem "not loaded" "no capture kernel is loaded" "systemctl enable --now kdump"
echo 0 >"$root/sys/kernel/kexec_crash_size"
has_problem "nothing reserved" "no memory is reserved" "grubby .*crashkernel=256M"

kdump_conf_system "path /var/crash"
echo $((24 * 1048576)) >"$root/sys/kernel/kexec_crash_size"
has_warning "little reserved" "24 MiB are reserved; .* need some 28" "grubby .*crashkernel=128M"

kdump_conf_system "path /var/crash"
rm "$root/boot/initramfs-6.1.0-testkdump.img"
has_problem "no image" "there is no kdump image" "touch /etc/kdump.conf && systemctl restart kdump"
make_image /var/lib/kdump/initramfs-6.1.0-testkdump.img
healthy "image in /var/lib/kdump"

kdump_conf_system "path /var/crash"
echo 'KDUMP_KERNELVER="6.2-other"' >"$root/etc/sysconfig/kdump"
has_problem "another kernel is asked for" "there is no kdump image .*6.2-otherkdump.img"

kdump_conf_system "path /var/crash"
echo "deadline=60" >>"$root/etc/kdump-verdict/kdump-verdict.conf"
has_problem "configuration changed" "/boot/.* differs from what is installed: /etc/kdump-verdict/kdump-verdict.conf$" "touch"
kdump_conf_system "path /var/crash"
echo "[]" >"$root/etc/kdump-verdict/rules.d/local.yaml"
has_problem "a rule came" "/boot/.* differs .*: /etc/kdump-verdict/rules.d/local.yaml"
kdump_conf_system "path /var/crash"
rm "$root/usr/share/kdump-verdict/rules/shipped.yaml"
has_problem "a rule went" "/boot/.* differs .*: /usr/share/kdump-verdict/rules/shipped.yaml"
kdump_conf_system "path /var/crash"
echo "# new version" >>"$root/usr/bin/kdump-verdict"
has_problem "the analyzer is another" "/boot/.* differs .*: /usr/bin/kdump-verdict"

echo "[]" >"$root/etc/kdump-verdict/rules.d/local.yaml"
has_problem "two files changed" "/boot/.* differs .*: /usr/bin/kdump-verdict and 1 more"

kdump_conf_system "path /var/crash"
SQUASHED=$tmp/squashed
export SQUASHED
rm -rf "$SQUASHED"
mv "$image.d" "$SQUASHED"
mkdir "$image.d"
echo squashed >"$image.d/squash-root.img"
healthy "squashed image"
mv "$image.d/squash-root.img" "$image.d/squashfs-root.img"
healthy "squashed image of a newer dracut"
rm -r "$image.d"
mkdir "$image.d"
has_problem "not in the image" "/boot/.* does not have the analyzer" "touch"
mkdir -p "$image.d/usr/lib/kdump-verdict"
: >"$image.d/usr/lib/kdump-verdict/kdump-verdict-hook"
has_warning "an image without a stamp" "/boot/.* has the analyzer, but does not tell which" "touch"
mv "$bin/lsinitrd" "$bin/no-lsinitrd"
if ! command -v lsinitrd >/dev/null; then
	has_warning "no lsinitrd" "cannot look into" "dnf install dracut"
fi
mv "$bin/no-lsinitrd" "$bin/lsinitrd"

kdump_conf_system "path /var/crash"
mkdir -p "$root/usr/lib/dracut/modules.d/99kdumpbase"
echo 'for hook in /etc/kdump/post.d/*; do' >"$root/usr/lib/dracut/modules.d/99kdumpbase/kdump.sh"
healthy "kdump.sh with post.d"
echo 'do_kdump_post' >"$root/usr/lib/dracut/modules.d/99kdumpbase/kdump.sh"
has_problem "kdump.sh without post.d" "this kdump knows no /etc/kdump/post.d" \
	"echo kdump_post /usr/lib/kdump-verdict/kdump-verdict-hook >>/etc/kdump.conf"
echo "kdump_post /usr/lib/kdump-verdict/kdump-verdict-hook" >>"$root/etc/kdump.conf"
healthy "kdump_post instead"
echo "dump_policy=advised" >>"$root/etc/kdump-verdict/kdump-verdict.conf"
make_image /boot/initramfs-6.1.0-testkdump.img
has_warning "a policy without kdump_pre" "dump_policy=advised has no effect: .* no kdump_pre" \
	"echo kdump_pre /usr/lib/kdump-verdict/kdump-verdict-pre >>/etc/kdump.conf"
echo "#kdump_pre /usr/lib/kdump-verdict/kdump-verdict-pre" >>"$root/etc/kdump.conf"
has_warning "a policy with a comment for kdump_pre" "dump_policy=advised has no effect"
echo "kdump_pre /usr/lib/kdump-verdict/kdump-verdict-pre" >>"$root/etc/kdump.conf"
has_warning "a policy with an old kdump.sh" "dump_policy=advised has no effect: this kdump" "dnf update kexec-tools"
printf '%s\n' 'if ! do_kdump_pre; then' 'do_final_action' 'exit 1' 'fi' \
	>>"$root/usr/lib/dracut/modules.d/99kdumpbase/kdump.sh"
healthy "a policy with kdump_pre"

kdump_conf_system "path /var/crash" "ext4 /dev/vda"
has_warning "target not mounted" "dumps go to /dev/vda, which is not mounted" "mount /dev/vda /mnt"
echo "/dev/vda /mnt" >"$tmp/mounts"
healthy "target mounted"
check "target mounted: the directory on it" said "dumps go to /mnt/var/crash,"
kdump_conf_system "path /var/crash" "raw /dev/vdb"
has_warning "raw target" "dumps go to the raw partition /dev/vdb: the verdict only to the console" \
	"in /etc/kdump.conf"
kdump_conf_system "path /var/crash" "ssh root@host" "sshkey /root/key"
stub ssh <<-'END'
	#!/bin/sh
	case "$*" in
	*"-i /root/key "*BatchMode=yes*"root@host mkdir -p '/var/crash' && test -w '/var/crash'") exit "${SSH_STATUS-0}" ;;
	esac
	exit 9
END
healthy "ssh target"
export SSH_STATUS=255
has_problem "ssh target refuses" "dumps go over ssh to root@host, but" "kdumpctl propagate"

# A file in the directory's place stands for what root cannot write to.
kdump_conf_system "path /var/crash"
mkdir "$root/var/crash/.kdump-verdict-probe"
has_problem "target not writable" "dumps go to /var/crash, where nothing can be written" "df -h"
kdump_conf_system "path /var/new/crash"
healthy "a target that kdump will make"
check "a target that kdump will make: is not made now" [ ! -e "$root/var/new" ]
check "no probe stays" [ -z "$(find "$root" -name '.kdump-verdict-probe')" ]

kdump_conf_system "path /var/crash"
analyzer 'echo "kdump-verdict: out of memory" >&2; exit 1'
make_image /boot/initramfs-6.1.0-testkdump.img
has_problem "analyzer fails" "the analyzer does not judge the sample dump within 64 MiB: kdump-verdict: out of memory" \
	".*analyze --memory-limit 64"
analyzer "ulimit -v >$tmp/limit; echo '\"class\": \"null-pointer-dereference\"'" "exit 1"
echo "memory_limit = '48'" >>"$root/etc/kdump-verdict/kdump-verdict.conf"
make_image /boot/initramfs-6.1.0-testkdump.img
has_problem "bad rule" "a rule is not in order" "kdump-verdict rules check"
check "the analyzer is tried within the hook's memory" [ "$(cat "$tmp/limit")" = $((48 * 1024)) ]

kdump_conf_system "path /var/crash"
echo "enabled=no" >>"$root/etc/kdump-verdict/kdump-verdict.conf"
make_image /boot/initramfs-6.1.0-testkdump.img
has_problem "disabled" "enabled=no in " "sed -i .*enabled.*kdump-verdict.conf"

kdump_conf_system "path /var/crash"
rm "$root"/etc/systemd/system/multi-user.target.wants/*
has_warning "no notify" "no crash will be told of" "systemctl enable kdump-verdict-notify.service"

suse_system
healthy SUSE
suse_system file:///data
healthy "SUSE, file URL"
suse_system ftp://host/x
has_warning "SUSE, ftp" "dumps go to ftp://.*: the verdict only to the console" "in /etc/sysconfig/kdump"
suse_system nfs://host/x
has_warning "SUSE, nfs" "dumps go to nfs://.*: it was not tried" "mount that share"
suse_system ssh://me:secret@host/x
stub ssh <<-'END'
	#!/bin/sh
	case "$*" in
	*-i\ * | *secret*) exit 9 ;;
	*BatchMode=yes*"ssh://me@host mkdir -p '/x' && test -w '/x'") exit "${SSH_STATUS-0}" ;;
	esac
	exit 9
END
has_problem "SUSE, ssh refuses" "dumps go over ssh to ssh://me@host, but" "ssh-copy-id me@host && mkdumprd"
SSH_STATUS=0
healthy "SUSE, ssh"
suse_system
echo "dump_policy=advised" >>"$root/etc/kdump-verdict/kdump-verdict.conf"
make_image /var/lib/kdump/initrd
has_warning "SUSE, a policy" "dump_policy=advised has no effect here" "sed -i .*kdump-verdict.conf"
suse_system
sed -i '/POSTSCRIPT/d' "$root/etc/sysconfig/kdump"
has_problem "SUSE, no postscript" "KDUMP_POSTSCRIPT in /etc/sysconfig/kdump does not name the hook" \
	"write there: KDUMP_POSTSCRIPT='/usr/lib/kdump-verdict/kdump-verdict-hook after"
suse_system
echo "#" >>"$root/etc/kdump-verdict/kdump-verdict.conf"
has_problem "SUSE, old image" "/var/lib/kdump/initrd differs" "mkdumprd -f && systemctl restart kdump"

debian_system
healthy Debian
debian_system KDUMP_COREDIR=/data/dumps
healthy "Debian, KDUMP_COREDIR"
check "Debian, KDUMP_COREDIR: is tried" said "dumps go to /data/dumps,"
debian_system NFS=host:/export
has_warning "Debian, nfs" "dumps go to host:/export: it was not tried" "mount -t nfs host:/export"
debian_system FTP=host
has_warning "Debian, ftp" "dumps go to host by ftp: the verdict stays in /var/crash here" "write NFS="
debian_system SSH=me@host SSH_KEY=/root/key
stub ssh <<-'END'
	#!/bin/sh
	case "$*" in
	*"-i /root/key "*"me@host mkdir -p '/var/crash' && test -w '/var/crash'") exit "$SSH_STATUS" ;;
	esac
	exit 9
END
healthy "Debian, ssh"
SSH_STATUS=255
has_problem "Debian, ssh refuses" "dumps go over ssh to me@host, but" "kdump-config propagate"
debian_system
rm -r "$root/etc/systemd/system/kdump-tools-dump.service.wants"
has_problem "Debian, not enabled" "kdump-verdict-capture.service is not enabled" \
	"systemctl enable kdump-verdict-capture.service"

new_system
has_problem "no kdump" "no kdump is installed here" "dnf install"

doctor --help
check "--help" [ "$status" -eq 0 ]
doctor now
check "wrong usage: status 2" [ "$status" -eq 2 ]
