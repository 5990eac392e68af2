# SPDX-License-Identifier: GPL-2.0-or-later
# Sourced by dracut's /init: hand the machine to the capture script, and reboot it after that.
# shellcheck shell=sh

cd / || true
case $(cat /proc/cmdline) in
*kdv.family=suse*) /usr/lib/kdv/suse-capture.sh </dev/null ;;
*) /bin/kdump.sh </dev/null ;;
esac
echo b >/proc/sysrq-trigger
