// SPDX-License-Identifier: GPL-2.0-or-later
//
// kernel: what did the kernel know? Reads the kernel's own structures through core/, and the
// kernel log from either a dump's ring or a text: one type, `struct klog`, for both. A topic
// per file; each file teaches its format above the first struct. What the words of the log
// mean is oops/'s business.
#ifndef KDV_KERNEL_KERNEL_H
#define KDV_KERNEL_KERNEL_H

#include "kernel/cpus.h"
#include "kernel/image.h"
#include "kernel/klog.h"
#include "kernel/memory.h"
#include "kernel/modules.h"
#include "kernel/pointers.h"
#include "kernel/settings.h"
#include "kernel/stacks.h"
#include "kernel/symbols.h"
#include "kernel/tasks.h"
#include "kernel/types.h"
#include "kernel/unwind.h"

#endif
