#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# An analyzer that eats all memory it gets.
eaten=0123456789abcdef
while :; do
	eaten=$eaten$eaten
done
