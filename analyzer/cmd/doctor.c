// SPDX-License-Identifier: GPL-2.0-or-later
//
// `kdump-verdict doctor`: a shell script does it, for it asks the tools of the system.
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "cmd/cmd.h"

int cmd_doctor(int argc, char **argv)
{
	(void)argc;
	execv(KDV_LIB_DIR "/kdump-verdict-doctor", argv);
	cmd_complain("%s: cannot run: %s", KDV_LIB_DIR "/kdump-verdict-doctor", strerror(errno));
	return EXIT_FAILED;
}
