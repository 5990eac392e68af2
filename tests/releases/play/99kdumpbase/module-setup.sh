#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Plays kdump-utils' own dracut module: what marks the image, kdump.conf, and the hooks that it names.

check() {
	[[ ${IN_KDUMP-} && -f /etc/kdump.conf ]]
}

depends() {
	echo "base"
}

install() {
	local hook
	inst_multiple awk cat cut date dd dirname findmnt head sed stat sync timeout makedumpfile
	inst_simple /etc/kdump.conf
	while read -r _ hook; do
		dracut_install "$hook"
	done < <(grep '^kdump_\(pre\|post\)' /etc/kdump.conf)
}
