# SPDX-License-Identifier: GPL-2.0-or-later
# Sourced by the scripts of the VM lab: where things lie, and what all of them do.
# shellcheck shell=bash

lab=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
top=$(cd "$lab/../.." && pwd)

# What was fetched or depends on nothing else, worth keeping for long: kernels, crash modules.
: "${KDV_CACHE:=${XDG_CACHE_HOME:-$HOME/.cache}/kdump-verdict}"
# What is made from this checkout: images, dumps.
: "${KDV_WORK:=$(cd "$top" && realpath -m "${BUILD:-build}")/vm}"

PATH=$PATH:/usr/sbin:/sbin

die() {
	echo "${0##*/}: $*" >&2
	exit 1
}

# Sets network: qemu's options for a guest at 10.0.2.15 that sees one other machine, 10.0.2.100, which
# is ./sshd with DIRECTORY $1; and 10.0.2.101, if ./nfsd serves at a port $2.
make_network() {
	local ssh="guestfwd=tcp:10.0.2.100:22-cmd:$lab/sshd $KDV_WORK/ssh $1"
	local nfs=${2:+,guestfwd=tcp:10.0.2.101:2049-tcp:127.0.0.1:$2}
	# shellcheck disable=SC2034 # for the caller
	network=(-netdev "user,id=net,restrict=on,$ssh$nfs"
		-device "virtio-net-pci,netdev=net,romfile=")
}

# Hold PATH.lock until this script ends: several runs share the cache.
lock() {
	mkdir -p "$(dirname "$1")"
	exec 9>"$1.lock"
	flock 9
}
