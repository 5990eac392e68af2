// SPDX-License-Identifier: GPL-2.0-or-later
//
// What the letters after "Tainted:" mean. Linux Documentation/admin-guide/tainted-kernels.rst
// to 7.2, and the letters that Red Hat and SUSE add.
#include "base/base.h"

#include "oops/oops.h"

static const struct {
	char letter;
	const char *meaning;
} meanings[] = {
	// clang-format off
	{'P', "proprietary module"},
	{'F', "module loaded by force"},
	{'S', "CPU or system out of specification"},
	{'R', "module unloaded by force"},
	{'M', "machine check happened"},
	{'B', "bad page found"},
	{'U', "taint requested by user space"},
	{'D', "kernel died before (oops or BUG)"},
	{'A', "ACPI table overridden by user"},
	{'W', "kernel warned before"},
	{'C', "staging driver"},
	{'I', "workaround for a firmware bug"},
	{'O', "out-of-tree module"},
	{'E', "unsigned module"},
	{'L', "soft lockup happened before"},
	{'K', "live patched"},
	{'X', "auxiliary taint of the distribution"},
	{'T', "randomised structures, or technology preview (Red Hat)"},
	{'N', "kernel test ran, or unsupported module (SUSE)"},
	{'J', "firmware control call used"},
	{'H', "unsupported hardware (Red Hat)"},
	{'Z', "unsupported module (Red Hat 6)"},
	{'r', "hardware support removed (Red Hat)"},
	{'h', "hardware support removed (Red Hat)"},
	{'t', "technology preview (Red Hat)"},
	{'u', "unprivileged BPF allowed (Red Hat)"},
	{'p', "partner-supported module (Red Hat)"},
	{'n', "unsupported module (SUSE)"},
	// clang-format on
};

const char *oops_taint_meaning(char letter)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(meanings); i++) {
		if (meanings[i].letter == letter)
			return meanings[i].meaning;
	}
	return NULL;
}
