#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Nothing to find for shellcheck in the hook, the dracut module and these tests.

cd "$(dirname "$0")/../.." || exit 1
if ! command -v shellcheck >/dev/null; then
	echo "ok lint # skip: no shellcheck"
	exit
fi
for file in kdump-hook/kdump-verdict-hook kdump-hook/*.sh dracut/*/*.sh tests/shell/*.sh tests/shell/run; do
	if shellcheck -x "$file"; then
		echo "ok lint: $file"
	else
		echo "not ok lint: $file"
	fi
done
