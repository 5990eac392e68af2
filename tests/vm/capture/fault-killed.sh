#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# An analyzer that somebody kills.
kill -KILL $$
