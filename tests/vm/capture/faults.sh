# shellcheck shell=sh
# SPDX-License-Identifier: GPL-2.0-or-later
# What the capture drivers share: options, faults to plant, the end.
#
# Kernel command line: kdv.set=KEY=VALUE,...   lines for kdump-verdict.conf
#                      kdv.fault=NAME
#	segv killed memory hang   the analyzer is replaced by fault-NAME.sh
#	rules                     no rule file can be read
#	clock                     it is the year 2001
#	nomount                   the target cannot be mounted
# and, once the dump is made:
#	garbage                   /proc/vmcore is noise
#	readonly frozen           the target takes nothing more; whoever writes to it hangs
#	sshhang                   the server accepts, and then says nothing

say() {
	echo "kdv-capture: $*" >/dev/kmsg
}

option() {
	sed -n "s/.*kdv\.$1=\([^ ]*\).*/\1/p" /proc/cmdline
}

settings() {
	option set | tr , '\n' >>/etc/kdump-verdict/kdump-verdict.conf
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
	sshhang) $SSH touch "$(conf path)/hang" ;;
	esac
}

network_up() {
	modprobe -a virtio_net
	tries=0
	while [ ! -e /sys/class/net/eth0 ] && [ $tries -lt 50 ]; do
		sleep 0.1
		tries=$((tries + 1))
	done
	ip addr add 10.0.2.15/24 dev eth0
	ip link set eth0 up
}

# finish MOUNTPOINT: what `systemctl reboot -f` sees to; the reboot itself is start-capture.sh's.
finish() {
	if [ "$(option fault)" != frozen ]; then
		umount "$1" 2>/dev/null || say "nothing to unmount, or busy"
		sync
	fi
	say "rebooting"
}
