#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Plays SUSE's own dracut module: asked for by name, it has the image's configuration.

check() {
	return 255
}

depends() {
	echo "base"
}

install() {
	inst_multiple date sleep makedumpfile
	inst_simple /etc/sysconfig/kdump /etc/kdump.conf
}
