// SPDX-License-Identifier: GPL-2.0-or-later
//
// Frames of a trace, in the forms of all architectures and ages:
//
//	 [<ffffffff81012345>] ? f+0x1/0x2 [mod]		x86 to 4.9, s390, sparc, mips...
//	 f+0x1/0x2 [mod 0123abcd...]			since 4.10; build id since 5.14
//	 f+0x1/0x2 lib/x.c:12 [inline]			decoded by a script
//	[c000000012345670] [c000000000012345] f+0x1/0x2 (unreliable)	powerpc
//	[<c0012345>] (f+0x1/0x2) from [<c0012346>] (g+0x1/0x2)		arm to 6.1
//	 f from g+0x1/0x2						arm since 5.18
//	([<0000000000123456>] f+0x1/0x2)		s390, not certain
//	 <IRQ>  <NMI>  <TASK>  </IRQ>  <<EOE>>		where the stack changes
#include "oops/report.h"

static const struct {
	const char *text;
	enum stack_kind stack;
} stack_markers[] = {
	// clang-format off
	{"<IRQ>", STACK_IRQ}, {"</IRQ>", STACK_TASK}, {"<EOI>", STACK_TASK},
	{"<TASK>", STACK_TASK}, {"</TASK>", STACK_TASK},
	{"<NMI>", STACK_NMI}, {"</NMI>", STACK_TASK}, {"<<EOE>>", STACK_TASK}, {"<EOE>", STACK_TASK},
	{"<SOFTIRQ>", STACK_IRQ}, {"</SOFTIRQ>", STACK_TASK},
	{"<#DF>", STACK_EXCEPTION}, {"</#DF>", STACK_TASK}, {"#DF ", STACK_EXCEPTION},
	{"<#DB>", STACK_EXCEPTION}, {"</#DB>", STACK_TASK}, {"<#DB[1]>", STACK_EXCEPTION},
	{"<#MC>", STACK_EXCEPTION}, {"</#MC>", STACK_TASK}, {"<#VC>", STACK_EXCEPTION},
	{"</#VC>", STACK_TASK}, {"<#VC2>", STACK_EXCEPTION}, {"</#VC2>", STACK_TASK},
	{"<ENTRY_TRAMPOLINE>", STACK_EXCEPTION}, {"</ENTRY_TRAMPOLINE>", STACK_TASK},
	{"<UNKNOWN>", STACK_EXCEPTION}, {"</UNKNOWN>", STACK_TASK},
	// clang-format on
};

static bool read_stack_marker(struct cursor *c, enum stack_kind *ret)
{
	size_t i;

	cursor_blanks(c);
	for (i = 0; i < ARRAY_SIZE(stack_markers); i++) {
		if (cursor_text(c, stack_markers[i].text)) {
			*ret = stack_markers[i].stack;
			return true;
		}
	}
	return false;
}

/* [<c0012345>] or [c0012345], also with its first byte lost */
static bool read_bracketed(struct cursor *c, uint64_t *ret)
{
	struct cursor try = *c;
	bool bracket = cursor_char(&try, '[');
	bool angle = cursor_char(&try, '<');

	if ((!bracket && !angle) || !cursor_hex(&try, ret))
		return false;
	if (angle && !cursor_char(&try, '>'))
		return false;
	if (!cursor_char(&try, ']'))
		return false;
	*c = try;
	return true;
}

struct read_frame {
	struct oops_symbol symbol;
	uint64_t address;
	bool reliable, certain; /* certain: can be nothing else than a frame */
};

static bool read_frame(struct slice line, struct read_frame *ret)
{
	struct cursor c = cursor_of(line);
	struct read_frame frame = {.reliable = true};
	bool bracketed, parenthesis;
	uint64_t text_address;

	cursor_blanks(&c);
	parenthesis = cursor_char(&c, '(');
	bracketed = read_bracketed(&c, &frame.address);
	cursor_blanks(&c);
	if (bracketed && read_bracketed(&c, &text_address)) {
		frame.address = text_address; /* powerpc: the stack came first */
		cursor_blanks(&c);
	}
	if (parenthesis)
		frame.reliable = false;
	if (cursor_text(&c, "? "))
		frame.reliable = false;
	cursor_blanks(&c);
	if (bracketed)
		cursor_char(&c, '(');
	if (!oops_read_name(&c, &frame.symbol))
		return false;
	if (!bracketed && !frame.symbol.has_offset && !frame.symbol.file.n &&
	    !frame.symbol.address && !cursor_at_end(&c))
		return false; /* a bare name must be all there is */
	if (frame.symbol.address)
		frame.address = frame.symbol.address;
	if (slice_find(cursor_rest(&c), "(unreliable)"))
		frame.reliable = false;
	frame.certain = frame.symbol.has_offset || frame.symbol.file.n ||
			slice_find(cursor_rest(&c), ") from [<");
	*ret = frame;
	return true;
}

/* arm since 5.18: " f from g+0x1/0x2": the place in f is told by the line before */
static bool read_from_frame(struct slice line, struct read_frame *ret)
{
	struct cursor c = cursor_of(line);
	struct read_frame frame = {.reliable = true};

	cursor_blanks(&c);
	if (!oops_read_name(&c, &frame.symbol) || !frame.symbol.function.n ||
	    !cursor_text(&c, " from "))
		return false;
	*ret = frame;
	return true;
}

/* A runaway recursion: its beginning and its end tell more than its middle. */
enum { KEEP_INNERMOST = OOPS_MAX_FRAMES * 3 / 4 };

/* Of the outer part a frame that the kernel doubts goes first. */
static void drop_middle_frame(struct report *r)
{
	size_t i, drop = KEEP_INNERMOST;

	for (i = KEEP_INNERMOST; i < OOPS_MAX_FRAMES; i++) {
		if (!r->frames[i].reliable) {
			drop = i;
			break;
		}
	}
	memmove(&r->frames[drop], &r->frames[drop + 1],
		(OOPS_MAX_FRAMES - drop - 1) * sizeof(r->frames[0]));
	r->event.frame_count--;
}

static void add_frame(struct report *r, const struct read_frame *frame, uint32_t number)
{
	struct event *ev = &r->event;
	struct frame *f;

	if (ev->frame_count == OOPS_MAX_FRAMES) {
		drop_middle_frame(r);
		ev->frames_dropped = true;
	}
	f = &r->frames[ev->frame_count++];
	*f = (struct frame){
		.address = frame->address,
		.offset = frame->symbol.offset,
		.size = frame->symbol.size,
		.has_offset = frame->symbol.has_offset,
		.reliable = frame->reliable,
		.stack = r->stack,
		.line = number,
	};
	if (frame->symbol.function.n)
		f->function = report_string(r, frame->symbol.function);
	if (frame->symbol.module.n)
		f->module = report_string(r, frame->symbol.module);
}

bool report_read_frame(struct report *r, struct slice line, uint32_t number)
{
	struct cursor c = cursor_of(line);
	struct read_frame frame;
	enum stack_kind stack = r->stack;
	bool marked = false;

	while (cursor_text(&c, "\xc2\xa0") || cursor_char(&c, ' '))
		; /* mailers make no-break spaces of the indentation */
	while (read_stack_marker(&c, &stack))
		marked = true;
	line = cursor_rest(&c);
	if (!read_frame(line, &frame) && !read_from_frame(line, &frame)) {
		if (marked && r->section == SECTION_TRACE)
			r->stack = stack;
		return marked;
	}
	if (!r->trace_begun && !frame.certain)
		return false;
	if (r->section == SECTION_TRACE) {
		r->stack = stack;
		add_frame(r, &frame, number);
	} else {
		report_hint_frame(r, frame.symbol.function);
	}
	return true;
}
