# shellcheck shell=sh
# SPDX-License-Identifier: GPL-2.0-or-later
# What the capture drivers share: options, faults to plant, the end.
#
# Kernel command line: kdv.set=KEY=VALUE,...   lines for kdump-verdict.conf
#                      kdv.rule=NAME           rule-NAME.yaml is a local rule
#                      kdv.fault=NAME
#	segv killed memory hang   the analyzer is replaced by fault-NAME.sh
#	rules                     no rule file can be read
#	clock                     it is the year 2001
#	nomount                   the target is not mounted
#	notarget nonet            the target, or the network, does not come, and nothing waits for it
# and, once the dump is made:
#	garbage                   /proc/vmcore is noise
#	readonly frozen           the target takes nothing more; whoever writes to it hangs
#	sshhang                   the server accepts, and then says nothing
#	nfsgone                   the server no longer answers

CONF=/etc/kdump.conf
# shellcheck disable=SC2034 # boot.sh and kdv-capture.sh share it
JOURNAL=/run/journal

say() {
	echo "kdv-capture: $*" >/dev/kmsg
}

# argument NAME: its value on the kernel command line.
argument() {
	sed -n "s/.*\<$1=\([^ ]*\).*/\1/p" /proc/cmdline
}

option() {
	argument "kdv\.$1"
}

MOUNTPOINT=$(option mount)
MOUNTPOINT=${MOUNTPOINT:-/kdumproot}

# conf DIRECTIVE: its value in kdump.conf; the last one counts.
conf() {
	sed -n "s/^$1 //p" $CONF | tail -n 1
}

settings() {
	option set | tr , '\n' >>/etc/kdump-verdict/kdump-verdict.conf
	[ -n "$(option rule)" ] || return 0
	mkdir -p /etc/kdump-verdict/rules.d
	cp "/usr/lib/kdv/rule-$(option rule).yaml" /etc/kdump-verdict/rules.d
}

plant_fault() {
	[ ! -d /etc/kdump-verdict ] || settings
	case $(option fault) in
	'') return ;;
	segv | killed | memory | hang) cp "/usr/lib/kdv/fault-$(option fault).sh" /usr/bin/kdump-verdict ;;
	rules)
		for file in /usr/share/kdump-verdict/rules/*; do
			echo ': [ {' >"$file"
		done
		;;
	clock) date -s "2001-02-03 04:05:06" >/dev/null ;;
	esac
	say "planted the fault $(option fault)"
}

# plant_late_fault MOUNTPOINT
plant_late_fault() {
	case $(option fault) in
	garbage)
		dd if=/dev/urandom of=/run/garbage bs=1M count=4 2>/dev/null
		mount --bind /run/garbage /proc/vmcore
		;;
	readonly) mount -o remount,ro "$1" ;;
	frozen) fsfreeze -f "$1" ;;
	sshhang) on_server touch "$(conf path)/hang" ;;
	nfsgone)
		: >"$1/gone" & # the server may see it before it has answered
		sleep 3
		;;
	esac
}

# wait_for FILE: five seconds at most.
wait_for() {
	tries=0
	while [ ! -e "$1" ] && [ $tries -lt 50 ]; do
		sleep 0.1
		tries=$((tries + 1))
	done
}

wait_for_disk() {
	modprobe -a virtio_pci virtio_blk
	wait_for /dev/vda
}

network_up() {
	modprobe -a virtio_pci virtio_net
	wait_for /sys/class/net/eth0
	ip addr add 10.0.2.15/24 dev eth0
	ip link set eth0 up
}

target_hangs() {
	case $(option fault) in
	frozen | sshhang | nfsgone) ;;
	*) return 1 ;;
	esac
}

# go_down reboot|halt|poweroff: what systemd sees to when it is asked for that.
go_down() {
	if ! target_hangs; then
		sed -n 's#^\(/dev/vda\|[0-9.]*:/crash\) \([^ ]*\) .*#\2#p' /proc/mounts | while read -r at; do
			umount "$at"
		done
		sync
	fi
	say "going down: $1"
	case $1 in
	poweroff) echo o >/proc/sysrq-trigger ;;
	reboot) echo b >/proc/sysrq-trigger ;;
	esac
	sleep 1000
}
