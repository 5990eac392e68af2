#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# An analyzer that dies of a segmentation fault.
kill -SEGV $$
