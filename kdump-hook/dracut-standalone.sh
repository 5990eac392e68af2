# shellcheck shell=sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Sourced by dracut before it would enter the root file system, or where it cannot: the hand-over in
# images without a kdump package.

[ ! -s /proc/vmcore ] || /usr/lib/kdump-verdict/kdump-verdict-hook standalone
