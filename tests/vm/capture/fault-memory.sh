#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# An analyzer that eats all memory it gets: a line without an end.
exec tail -n 1 /dev/zero
