#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The hook is content with the programs that its dracut module installs, and with fewer.

# shellcheck source=tests/shell/lib.sh
. "$(dirname "$0")/lib.sh"

# A PATH with the programs of the module's list only, the stubs before them.
programs=$(sed -n 's/^\tinst_multiple -o //p' "$top/dracut/55kdump-verdict/module-setup.sh")
few=$tmp/few
mkdir "$few"
for program in $programs; do
	path=$(command -v "$program") && ln -s "$path" "$few/$program"
done
hook_path=$bin:$few

check "the module's list is found" [ -e "$few/tail" ]

usual_image
run_hook 0
check "the module's programs suffice" has_verdict vmcore "$dump"
check "none is missed" [ "$(grep -c 'not found' "$log")" -eq 0 ]

rm "$few/timeout" "$few/nice"
usual_image
run_hook 0
check "neither timeout nor nice: works on" has_verdict vmcore "$dump"

rm -f "$bin/findmnt" "$few/findmnt"
usual_image
run_hook 0
check "no findmnt: to the console" grep -q "verdict of vmcore" "$root/dev/console"
check "no findmnt: ends well" [ "$status" -eq 0 ]
