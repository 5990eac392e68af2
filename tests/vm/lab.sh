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

# Hold PATH.lock until this script ends: several runs share the cache.
lock() {
	mkdir -p "$(dirname "$1")"
	exec 9>"$1.lock"
	flock 9
}
