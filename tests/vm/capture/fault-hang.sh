#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# An analyzer that never ends and does not listen to a polite request to.
trap '' TERM INT HUP
while :; do
	sleep 1
done
