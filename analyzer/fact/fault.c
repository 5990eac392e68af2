// SPDX-License-Identifier: GPL-2.0-or-later
//
// How the address that the crash faulted at reads: what an expert sees in it at once.
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "kernel/pointers.h"

#include "fact/fact.h"

/* A kernel maps nothing into the first page: what faults there went through NULL. */
enum { FIRST_PAGE = 4096 };

static void read_null(uint64_t addr, char ret[POINTER_READING])
{
	if (addr)
		snprintf(ret, POINTER_READING, "field at offset %#" PRIx64 " of a NULL structure", addr);
	else
		snprintf(ret, POINTER_READING, "a NULL pointer itself");
}

void fact_read_fault(struct fact_set *facts, const char *in_memory)
{
	const struct event *crash = facts->crash;
	char text[POINTER_READING] = "";

	if (!crash || !crash->has_fault_address)
		return;
	if (crash->fault_address < FIRST_PAGE)
		read_null(crash->fault_address, text);
	else if (in_memory)
		snprintf(text, sizeof(text), "%s", in_memory);
	else if (facts->machine)
		(void)pointer_reading(crash->fault_address, facts->machine, text);
	if (text[0])
		facts->state.fault_reading = arena_printf(
			&facts->arena, "%s%s", text,
			strncmp(text, "error code", 10) ? "" : ", used as a pointer");
}
