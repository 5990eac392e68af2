// SPDX-License-Identifier: GPL-2.0-or-later
//
// A backtrace out of memory as frames like those of the log.
#include "fact/fact.h"

static void name_frame(struct fact_set *facts, struct unwinder *unwinder,
		       const struct unwind_frame *from, struct frame *ret)
{
	struct symbol symbol;

	*ret = (struct frame){
		.address = from->ip,
		.reliable = from->reliable,
		/* one whose bounds are a guess is the task's, most likely */
		.stack = from->stack == STACK_UNKNOWN ? STACK_TASK : from->stack,
	};
	if (unwind_symbolize(unwinder, from, &symbol, NULL))
		return;
	ret->function = arena_str(&facts->arena, slice_of(symbol.name));
	if (symbol.module[0])
		ret->module = arena_str(&facts->arena, slice_of(symbol.module));
	ret->offset = (uint32_t)symbol.offset;
	ret->size = (uint32_t)symbol.size;
	ret->has_offset = symbol.offset <= UINT32_MAX;
}

void fact_trace_of(struct fact_set *facts, struct unwinder *unwinder,
		   const struct backtrace *backtrace, struct fact_trace *ret)
{
	size_t count = backtrace->count < FACT_MAX_TRACE ? backtrace->count : FACT_MAX_TRACE;

	*ret = (struct fact_trace){
		.frame = arena_alloc(&facts->arena, count * sizeof(*ret->frame)),
	};
	for (size_t i = 0; ret->frame && i < count; i++)
		name_frame(facts, unwinder, &backtrace->frame[i], &ret->frame[ret->count++]);
	if (backtrace->end == UNWIND_BROKEN)
		ret->why_cut = arena_str(&facts->arena, slice_of(backtrace->why));
	else if (backtrace->end == UNWIND_FULL || count < backtrace->count)
		ret->why_cut = "longer than is kept";
}
