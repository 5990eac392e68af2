// SPDX-License-Identifier: GPL-2.0-or-later
//
// Values read aloud, without a dump and with one; and which memory an x86_64 instruction touches.
#include <string.h>

#include "base/base.h"
#include "dumps/mkkernel.h"
#include "kernel/pointers.h"
#include "kernel/x86-operand.h"
#include "unit/test-kernel.h"
#include "unit/test-rows.h"

/* ---- without a dump --------------------------------------------------------------------- */

static const struct plain {
	const char *name;
	uint64_t value;
	const char *machine, *reading;
	bool telling;
} plains[] = {
	{"NULL", 0, "x86_64", "NULL", false},
	{"a member of NULL", 0x88, "x86_64", "NULL + 0x88", false},
	{"a small number", 0x1000, "x86_64", "", false},
	{"ENOMEM", (uint64_t)-12, "x86_64", "error code -12 (ENOMEM)", true},
	{"ENOMEM on 32 bits", 0xfffffff4, "i686", "error code -12 (ENOMEM)", true},
	{"the same number on 64 bits", 0xfffffff4, "x86_64", "user space", false},
	{"before NULL", (uint64_t)-0x701, "x86_64", "NULL - 0x701", false},
	{"4096 before NULL", (uint64_t)-4096, "x86_64", "", false},
	{"LIST_POISON1", 0xdead000000000100, "x86_64",
	 "list poison 1 (LIST_POISON1): an entry already deleted", true},
	{"LIST_POISON2", 0xdead000000000122, "aarch64",
	 "list poison 2 (LIST_POISON2): an entry already deleted", true},
	{"LIST_POISON2 of v4.19", 0xdead000000000200, "x86_64",
	 "list poison 2 (LIST_POISON2 as in v4.19): an entry already deleted", true},
	{"LIST_POISON1 of v3.10", 0xdead000000100100, "x86_64",
	 "list poison 1 (LIST_POISON1 as in v3.10): an entry already deleted", true},
	{"LIST_POISON1 without its delta", 0x100, "s390x", "NULL + 0x100", false},
	{"beyond LIST_POISON1", 0xdead000000000128, "x86_64",
	 "list poison 1 (LIST_POISON1) + 0x28: through an entry already deleted", true},
	{"beyond LIST_POISON2", 0xdead00000000012a, "x86_64",
	 "list poison 2 (LIST_POISON2) + 0x8: through an entry already deleted", true},
	{"the struct around LIST_POISON1", 0xdeacffffffffffe0, "x86_64",
	 "list poison 1 (LIST_POISON1) - 0x120: through an entry already deleted", true},
	{"LIST_POISON1, a bit changed", 0xdead040000000100, "x86_64",
	 "one bit (bit 42) away from list poison 1 (LIST_POISON1)", true},
	{"far beyond list poison", 0xdead000000009000, "x86_64",
	 "non-canonical: no address of this machine", false},
	{"slab poison", 0x6b6b6b6b6b6b6b6b, "x86_64", "slab poison 0x6b: freed memory", true},
	{"slab poison, 32 bits", 0x6b6b6b6b, "armv7l", "slab poison 0x6b: freed memory", true},
	{"half of slab poison", 0x6b6b6b6b, "x86_64", "four bytes of slab poison 0x6b: freed memory",
	 true},
	{"beyond slab poison", 0x6b6b6b6b6b6b6b83, "x86_64",
	 "slab poison 0x6b + 0x18: through freed memory", true},
	{"slab poison, a bit changed", 0x6b6b6b7b6b6b6b6b, "x86_64",
	 "one bit (bit 36) away from slab poison 0x6b", true},
	{"the end of slab poison", 0xa56b6b6b6b6b6b6b, "x86_64",
	 "end of slab poison (0x6b and 0xa5): freed memory", true},
	{"never initialised", 0x5a5a5a5a5a5a5a5a, "x86_64",
	 "slab poison 0x5a: memory never initialised", true},
	{"KASAN's shadow", 0xdffffc0000000011, "x86_64", "KASAN shadow of NULL + 0x88", true},
	{"letters", 0x216f6c6c65682e2e, "x86_64", "text: \"..hello!\"", true},
	{"letters, the other way", 0x2e2e68656c6c6f21, "s390x", "text: \"..hello!\"", true},
	{"no letters", 0x216f6c6c0a682e2e, "x86_64", "non-canonical: no address of this machine",
	 false},
	{"user space", 0x7ffe6e0c94d8, "x86_64", "user space", false},
	{"user space of five levels", 0x00ff000000000000, "x86_64",
	 "non-canonical, unless the kernel uses five-level page tables", false},
	{"non-canonical", 0x4000000000000000, "x86_64", "non-canonical: no address of this machine",
	 false},
	{"the kernel's half", 0xffff888000001000, "x86_64", "", false},
	{"s390x: user and kernel alike", 0x7f0000, "s390x", "", false},
	{"no machine known", 0x88, NULL, "NULL + 0x88", false},
};

static void read_plain(void **state)
{
	const struct plain *row = *state;
	char reading[POINTER_READING] = "left over";

	assert_int_equal(pointer_reading(row->value, row->machine, reading), row->reading[0] != 0);
	assert_string_equal(reading, row->reading);
	assert_int_equal(pointer_is_telling(reading), row->telling);
}

/* ---- with a dump ------------------------------------------------------------------------ */

#define DIRECT	   MKDUMP_DIRECT
#define VMALLOC	   UINT64_C(0xffffc90000000000)
#define VMEMMAP	   UINT64_C(0xffffea0000000000)
#define TASK	   (DIRECT + 0x200000)
#define STACK	   (VMALLOC + 0x8000)
#define OFFSETS	   (MKKERNEL_DATA + 0x100)
#define AREA(cpu)  (DIRECT + 0x300000 + (uint64_t)(cpu) * 0x10000)
#define CODE	   (MKDUMP_TEXT + 0x1000)
enum { FRAMES = 0x2000, STACK_BYTES = 0x4000, PERCPU_END = 0x8000 };

static const struct dumped {
	const char *name;
	uint64_t value;
	const char *reading;
} dumped[] = {
	{"NULL", 0x10, "NULL + 0x10"},
	{"text", CODE + 6, "text: made_function+0x6"},
	{"data", MKKERNEL_DATA + 0x804, "data: made_data+0x4"},
	{"the stack", STACK + 0x3ff8, "this task's stack"},
	{"above the stack", STACK + STACK_BYTES, "vmalloc, not mapped"},
	{"below the stack", STACK - 8, "just below this task's stack"},
	{"the task", TASK + 0x20, "this task's task_struct + 0x20"},
	{"per-CPU data", AREA(1) + 0x7ff8, "per-CPU data of CPU 1"},
	{"above per-CPU data", AREA(1) + PERCPU_END, "direct map: physical 0x318000"},
	{"direct map", DIRECT + 0x1234, "direct map: physical 0x1234"},
	{"beyond memory", DIRECT + (uint64_t)FRAMES * 4096, ""},
	{"vmalloc", VMALLOC + 0x20000, "vmalloc"},
	{"struct page", VMEMMAP + 0x48, "vmemmap: struct page of physical 0x1000"},
	{"exception stacks", 0xfffffe0000001000, "CPU entry area: descriptor tables and exception stacks"},
	{"a module that went", 0xffffffffc0123000,
	 "module area, in no module that is loaded: not mapped"},
	{"text, a bit changed", (CODE + 6) ^ UINT64_C(1) << 52,
	 "one bit (bit 52) away from text: made_function+0x6"},
	{"direct map, a bit changed", (DIRECT + 0x201000) ^ UINT64_C(1) << 40,
	 "one bit (bit 40) away from direct map: physical 0x201000"},
	{"two bits changed", (CODE + 6) ^ UINT64_C(3) << 52, "non-canonical: no address of this machine"},
	{"a low bit of text changed", CODE ^ 1 << 29, ""},
	{"user space", 0x7ffe6e0c94d8, "user space"},
};

static struct mkdump *make(void)
{
	static const struct mkkernel_member task[] = {{"stack", 0x18, 8, 0}};
	static const struct mkkernel_member page[] = {{"flags", 0, 8, 0}};
	const struct mkkallsyms_symbol symbols[] = {
		{0, 'A', "__per_cpu_start"},
		{PERCPU_END, 'A', "__per_cpu_end"},
		{CODE, 'T', "made_function"},
		{CODE + 0x100, 'T', "next_function"},
		{MKKERNEL_DATA, 'D', "page_offset_base"},
		{MKKERNEL_DATA + 8, 'D', "vmalloc_base"},
		{MKKERNEL_DATA + 16, 'D', "vmemmap_base"},
		{MKKERNEL_DATA + 24, 'D', "max_pfn"},
		{MKKERNEL_DATA + 32, 'D', "nr_cpu_ids"},
		{OFFSETS, 'D', "__per_cpu_offset"},
		{MKKERNEL_DATA + 0x800, 'D', "made_data"},
	};
	struct mkdump *d = mkdump_new(MKDUMP_X86_64);
	struct mkbtf *types = mkbtf_new(false, 1, 0);

	mkkernel_struct(types, "task_struct", 0x40, task, 1);
	mkkernel_struct(types, "page", 64, page, 1);
	mkkernel_struct(types, "thread_union", STACK_BYTES, NULL, 0);
	mkkernel(d, types, symbols, ARRAY_SIZE(symbols));
	mkdump_info(d, "SIZE(page)=64");
	mkdump_info(d, "NUMBER(KERNEL_IMAGE_SIZE)=1073741824");
	mkdump_uint(d, MKKERNEL_DATA, 8, DIRECT);
	mkdump_uint(d, MKKERNEL_DATA + 8, 8, VMALLOC);
	mkdump_uint(d, MKKERNEL_DATA + 16, 8, VMEMMAP);
	mkdump_uint(d, MKKERNEL_DATA + 24, 8, FRAMES);
	mkdump_uint(d, MKKERNEL_DATA + 32, 4, 2);
	mkdump_uint(d, OFFSETS, 8, AREA(0));
	mkdump_uint(d, OFFSETS + 8, 8, AREA(1));
	mkdump_uint(d, TASK + 0x18, 8, STACK);
	mkdump_uint(d, TASK + 0x1000, 8, 0);
	mkdump_uint(d, CODE, 8, 0);
	mkdump_uint(d, VMALLOC + 0x20000, 8, 0);
	return d;
}

struct opened {
	struct core *core;
	struct kernel kernel;
};

static void open_all(struct opened *o, struct mkdump *d)
{
	o->core = open_dump(d);
	kernel_open(&o->kernel, o->core, NULL);
	mkdump_free(d);
}

static void close_all(struct opened *o)
{
	kernel_close(&o->kernel);
	core_close(o->core);
}

static void read_dumped(void **state)
{
	const struct dumped *row = *state;
	char reading[POINTER_READING] = "left over";
	struct opened o;

	open_all(&o, make());
	assert_int_equal(kernel_pointer_reading(&o.kernel, row->value, TASK, reading),
			 row->reading[0] != 0);
	assert_string_equal(reading, row->reading);
	close_all(&o);
}

/* Without symbols and types, what needs none is said all the same. */
static void read_bare(void **state)
{
	char reading[POINTER_READING];
	struct opened o;

	(void)state;
	open_all(&o, mkdump_new(MKDUMP_X86_64));
	assert_true(kernel_pointer_reading(&o.kernel, 0x6b6b6b6b6b6b6b6b, TASK, reading));
	assert_false(kernel_pointer_reading(&o.kernel, DIRECT + 0x1000, TASK, reading));
	assert_string_equal(reading, "");
	close_all(&o);
}

/* ---- instructions ----------------------------------------------------------------------- */

static const struct instruction {
	const char *name; /* as objdump prints it */
	uint8_t code[X86_MAX_INSTRUCTION];
	struct x86_operand operand; /* length 0: not decoded */
} instructions[] = {
	{"mov 0x88(%rdi),%rax", {0x48, 0x8b, 0x87, 0x88, 0, 0, 0},
	 {.length = 7, .has_memory = true, .base = "rdi", .scale = 1, .displacement = 0x88}},
	{"mov %rax,-0x8(%r12)", {0x49, 0x89, 0x44, 0x24, 0xf8},
	 {.length = 5, .has_memory = true, .is_write = true, .base = "r12", .scale = 1,
	  .displacement = -8}},
	{"mov (%rax,%r9,8),%rax", {0x4a, 0x8b, 0x04, 0xc8},
	 {.length = 4, .has_memory = true, .base = "rax", .index = "r9", .scale = 8}},
	{"mov -0x7d3e0(,%rax,8),%rdx", {0x48, 0x8b, 0x14, 0xc5, 0x20, 0x2c, 0xf8, 0xff},
	 {.length = 8, .has_memory = true, .index = "rax", .scale = 8, .displacement = -0x7d3e0}},
	{"movl $0x1,0x10(%rip)", {0xc7, 0x05, 0x10, 0, 0, 0, 1, 0, 0, 0},
	 {.length = 10, .has_memory = true, .is_write = true, .base = "rip", .scale = 1,
	  .displacement = 0x10}},
	{"cmpl $0x0,(%rsp)", {0x83, 0x3c, 0x24, 0},
	 {.length = 4, .has_memory = true, .base = "rsp", .scale = 1}},
	{"lock incl (%rbx)", {0xf0, 0xff, 0x03},
	 {.length = 3, .has_memory = true, .is_write = true, .base = "rbx", .scale = 1}},
	{"call *0x18(%rax)", {0xff, 0x50, 0x18},
	 {.length = 3, .has_memory = true, .base = "rax", .scale = 1, .displacement = 0x18}},
	{"mov %gs:0x1ad40,%rax", {0x65, 0x48, 0x8b, 0x04, 0x25, 0x40, 0xad, 1, 0},
	 {.length = 9, .has_memory = true, .segment = "gs", .scale = 1, .displacement = 0x1ad40}},
	{"movzwl 0x2(%rsi),%eax", {0x0f, 0xb7, 0x46, 2},
	 {.length = 4, .has_memory = true, .base = "rsi", .scale = 1, .displacement = 2}},
	{"lock bts %rax,(%rdi)", {0xf0, 0x48, 0x0f, 0xab, 0x07},
	 {.length = 5, .has_memory = true, .is_write = true, .base = "rdi", .scale = 1, .bit = "rax",
	  .bit_word = 8}},
	{"rep movsb", {0xf3, 0xa4},
	 {.length = 2, .has_memory = true, .base = "rsi", .scale = 1, .second = "rdi"}},
	{"rep stos %rax", {0xf3, 0x48, 0xab},
	 {.length = 3, .has_memory = true, .is_write = true, .base = "rdi", .scale = 1}},
	{"testb $0x1,(%rdx)", {0xf6, 0x02, 1},
	 {.length = 3, .has_memory = true, .base = "rdx", .scale = 1}},
	{"notb (%rdx)", {0xf6, 0x12},
	 {.length = 2, .has_memory = true, .is_write = true, .base = "rdx", .scale = 1}},
	{"movabs %al,0x1122334455667788",
	 {0xa2, 0x88, 0x77, 0x66, 0x55, 0x44, 0x33, 0x22, 0x11},
	 {.length = 9, .has_memory = true, .is_write = true, .scale = 1,
	  .displacement = 0x1122334455667788}},
	{"vmovdqu %ymm0,(%rdi)", {0xc5, 0xfe, 0x7f, 0x07},
	 {.length = 4, .has_memory = true, .is_write = true, .base = "rdi", .scale = 1}},
	{"vpbroadcastb 0x4(%r8),%ymm1", {0xc4, 0xc2, 0x7d, 0x78, 0x48, 4},
	 {.length = 6, .has_memory = true, .base = "r8", .scale = 1, .displacement = 4}},
	{"lea 0x8(%rax),%rdx", {0x48, 0x8d, 0x50, 8}, {.length = 4}},
	{"nopw 0x0(%rax,%rax,1)", {0x66, 0x0f, 0x1f, 0x44, 0, 0}, {.length = 6}},
	{"mov %rax,%rbx", {0x48, 0x89, 0xc3}, {.length = 3}},
	{"ud2", {0x0f, 0x0b}, {.length = 2}},
	{"movabs $0x1,%rax", {0x48, 0xb8, 1}, {.length = 10}},
	{"fildl (%rdi)", {0xdb, 0x07}, {0}},
	{"vmovdqu64 (%rdi),%zmm0", {0x62, 0xf1, 0xfe, 0x48, 0x6f, 0x07}, {0}},
	{"mov (%edi),%eax", {0x67, 0x8b, 0x07}, {0}},
	{"nothing but prefixes",
	 {0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66},
	 {0}},
};

static void same(const char *a, const char *b)
{
	assert_string_equal(a ? a : "none", b ? b : "none");
}

static void decode(void **state)
{
	const struct instruction *row = *state;
	const struct x86_operand *want = &row->operand;
	struct x86_operand got;

	assert_int_equal(x86_operand_decode(row->code, sizeof(row->code), &got), want->length != 0);
	if (!want->length)
		return;
	assert_int_equal(got.length, want->length);
	assert_int_equal(got.has_memory, want->has_memory);
	for (size_t n = 0; n < want->length; n++) /* cut short: never taken for another */
		assert_false(x86_operand_decode(row->code, n, &got));
	assert_true(x86_operand_decode(row->code, want->length, &got));
	if (!want->has_memory)
		return;
	assert_int_equal(got.is_write, want->is_write);
	same(got.segment, want->segment);
	same(got.base, want->base);
	same(got.index, want->index);
	same(got.second, want->second);
	same(got.bit, want->bit);
	assert_int_equal(got.bit_word, want->bit_word);
	assert_int_equal(got.scale, want->scale);
	assert_true(got.displacement == want->displacement);
}

/* ---- the faulting instruction ----------------------------------------------------------- */

static const struct fault {
	const char *name;
	uint8_t code[X86_MAX_INSTRUCTION];
	enum status status;
	uint64_t address;
} faults[] = {
	{"base and displacement", {0x48, 0x8b, 0x87, 0x88, 0, 0, 0}, STATUS_FOUND, 0x1088},
	{"base and index", {0x8b, 0x04, 0xc7}, STATUS_FOUND, 0x1000 + 8 * 0x47},
	{"after the instruction", {0x8b, 0x05, 0x10, 0, 0, 0}, STATUS_FOUND, CODE + 6 + 0x10},
	{"a bit of 64", {0x48, 0x0f, 0xab, 0x07}, STATUS_FOUND, 0x1008},
	{"a bit of 32", {0x0f, 0xab, 0x07}, STATUS_FOUND, 0x1008},
	{"a bit before", {0x48, 0x0f, 0xab, 0x17}, STATUS_FOUND, 0xff8},
	{"no operand", {0x0f, 0x0b}, STATUS_ABSENT, 0},
	{"not known", {0xdb, 0x07}, STATUS_ABSENT, 0},
};

static void dereference(void **state)
{
	const struct fault *row = *state;
	struct core_regs regs = {
		.count = 4,
		.reg = {{"rip", CODE}, {"rdi", 0x1000}, {"rax", 0x47}, {"rdx", (uint64_t)-1}},
	};
	struct mkdump *d = make();
	struct dereference got = {0};
	struct opened o;
	struct err err = {""};

	mkdump_virt(d, CODE, row->code, sizeof(row->code));
	open_all(&o, d);
	assert_int_equal(pointer_dereference(&o.kernel, &regs, &got, &err), row->status);
	if (!row->status)
		assert_true(got.address == row->address);
	close_all(&o);
}

/* The next page is not in the dump: the instruction ends before it. */
static void at_a_page_end(void **state)
{
	static const uint8_t code[] = {0x48, 0x8b, 0x07};
	struct core_regs regs = {.count = 2, .reg = {{"rdi", 0x40}}};
	struct mkdump *d = make();
	struct dereference got = {0};
	struct opened o;

	(void)state;
	regs.reg[1] = (struct core_reg){"rip", VMALLOC + 0x20ffd};
	mkdump_virt(d, VMALLOC + 0x20ffd, code, sizeof(code));
	open_all(&o, d);
	assert_int_equal(pointer_dereference(&o.kernel, &regs, &got, NULL), STATUS_FOUND);
	assert_int_equal(got.address, 0x40);
	regs.reg[1].value = VMALLOC + 0x30000;
	assert_int_equal(pointer_dereference(&o.kernel, &regs, &got, NULL), STATUS_ABSENT);
	close_all(&o);
}

int main(void)
{
	static const struct CMUnitTest others[] = {
		cmocka_unit_test(read_bare),
		cmocka_unit_test(at_a_page_end),
	};
	struct CMUnitTest tests[ARRAY_SIZE(plains) + ARRAY_SIZE(dumped) + ARRAY_SIZE(instructions) +
				ARRAY_SIZE(faults) + ARRAY_SIZE(others)];
	size_t n = 0;

	for (size_t i = 0; i < ARRAY_SIZE(plains); i++)
		tests[n++] = row_test(plains[i].name, read_plain, &plains[i]);
	for (size_t i = 0; i < ARRAY_SIZE(dumped); i++)
		tests[n++] = row_test(dumped[i].name, read_dumped, &dumped[i]);
	for (size_t i = 0; i < ARRAY_SIZE(instructions); i++)
		tests[n++] = row_test(instructions[i].name, decode, &instructions[i]);
	for (size_t i = 0; i < ARRAY_SIZE(faults); i++)
		tests[n++] = row_test(faults[i].name, dereference, &faults[i]);
	memcpy(&tests[n], others, sizeof(others));
	return cmocka_run_group_tests_name("pointers", tests, NULL, NULL);
}
