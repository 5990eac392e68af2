// SPDX-License-Identifier: GPL-2.0-or-later
//
// Reads a value aloud without a dump. The poison values are those of include/linux/poison.h:
// a pointer that may not be followed any more gets a number that no address has, made of
// 0xdead000000000000 (on machines where that is no address) and a small number of its own.
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/base.h"

#include "kernel/pointers-inside.h"

#define POISON_DELTA  UINT64_C(0xdead000000000000)
#define KASAN_SHADOW  UINT64_C(0xdffffc0000000000) /* of address 0, on x86_64; a byte for 8 */

enum {
	NEAR = 4096,		 /* a member's offset is rarely larger */
	NEAR_PATTERN = 0x10000,
	LOWEST_USER = 0x10000,	 /* vm.mmap_min_addr */
	LIST_POISON1 = 0x100,
	LIST_POISON2 = 0x122,
};

// clang-format off
static const struct {
	uint16_t code;
	const char *name;
} errors[] = {
	{1, "EPERM"}, {2, "ENOENT"}, {3, "ESRCH"}, {4, "EINTR"}, {5, "EIO"}, {6, "ENXIO"},
	{7, "E2BIG"}, {8, "ENOEXEC"}, {9, "EBADF"}, {10, "ECHILD"}, {11, "EAGAIN"},
	{12, "ENOMEM"}, {13, "EACCES"}, {14, "EFAULT"}, {15, "ENOTBLK"}, {16, "EBUSY"},
	{17, "EEXIST"}, {18, "EXDEV"}, {19, "ENODEV"}, {20, "ENOTDIR"}, {21, "EISDIR"},
	{22, "EINVAL"}, {23, "ENFILE"}, {24, "EMFILE"}, {25, "ENOTTY"}, {26, "ETXTBSY"},
	{27, "EFBIG"}, {28, "ENOSPC"}, {29, "ESPIPE"}, {30, "EROFS"}, {31, "EMLINK"},
	{32, "EPIPE"}, {33, "EDOM"}, {34, "ERANGE"}, {35, "EDEADLK"}, {36, "ENAMETOOLONG"},
	{38, "ENOSYS"}, {39, "ENOTEMPTY"}, {61, "ENODATA"}, {62, "ETIME"}, {71, "EPROTO"},
	{75, "EOVERFLOW"}, {84, "EILSEQ"}, {90, "EMSGSIZE"}, {95, "EOPNOTSUPP"},
	{99, "EADDRNOTAVAIL"}, {100, "ENETDOWN"}, {101, "ENETUNREACH"}, {104, "ECONNRESET"},
	{105, "ENOBUFS"}, {107, "ENOTCONN"}, {108, "ESHUTDOWN"}, {110, "ETIMEDOUT"},
	{111, "ECONNREFUSED"}, {112, "EHOSTDOWN"}, {113, "EHOSTUNREACH"}, {114, "EALREADY"},
	{115, "EINPROGRESS"}, {116, "ESTALE"}, {117, "EUCLEAN"}, {121, "EREMOTEIO"},
	{122, "EDQUOT"}, {125, "ECANCELED"}, {512, "ERESTARTSYS"}, {517, "EPROBE_DEFER"},
	{524, "ENOTSUPP"}, {529, "EIOCBQUEUED"},
};

static const struct {
	uint32_t number;
	const char *text;
} poisons[] = {
	{LIST_POISON1, "list poison 1 (LIST_POISON1): an entry already deleted"},
	{LIST_POISON2, "list poison 2 (LIST_POISON2): an entry already deleted"},
	{0x200, "list poison 2 (LIST_POISON2 as in v4.19): an entry already deleted"},
	{0x100100, "list poison 1 (LIST_POISON1 as in v3.10): an entry already deleted"},
	{0x200200, "list poison 2 (LIST_POISON2 as in v3.10): an entry already deleted"},
	{0x300, "timer poison (TIMER_ENTRY_STATIC)"},
	{0x400, "page poison (TAIL_MAPPING): the mapping of a tail page"},
	{0x500, "mutex poison (MUTEX_POISON_WW_CTX)"},
	{0x800, "socket buffer poison (SKB_LIST_POISON_NEXT)"},
	{0x801, "network poison (NET_PTR_POISON)"},
	{0xf5, "file system poison (VFS_PTR_POISON)"},
	{0xeb9f, "BPF poison (BPF_PTR_POISON)"},
	{0x1091, "io_uring poison (IO_URING_PTR_POISON)"},
};

/* Memory filled with one byte. */
static const struct {
	uint8_t byte;
	const char *text;
} fillings[] = {
	{0x6b, "slab poison 0x6b: freed memory"},
	{0x5a, "slab poison 0x5a: memory never initialised"},
	{0xbb, "slab red zone 0xbb: beside a free object"},
	{0xcc, "0xcc bytes: a slab red zone beside an object in use, or freed init memory"},
	{0xaa, "page poison 0xaa: freed pages"},
};
// clang-format on

static bool __attribute__((format(printf, 2, 3))) say(char ret[POINTER_READING],
						      const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vsnprintf(ret, POINTER_READING, fmt, args);
	va_end(args);
	return true;
}

struct pointer_machine pointer_machine(const char *name)
{
	struct pointer_machine m = {.address_bits = 48};

	if (!name)
		name = "";
	m.is_x86_64 = !strcmp(name, "x86_64");
	m.is_64bit = strstr(name, "64") || !strcmp(name, "s390x");
	m.is_big_endian = !strcmp(name, "s390x") || !strcmp(name, "ppc64");
	m.has_delta = m.is_x86_64 || !strcmp(name, "aarch64") || !strcmp(name, "riscv64");
	return m;
}

bool pointer_is_canonical(const struct pointer_machine *m, uint64_t value)
{
	uint64_t top = value >> (m->address_bits - 1);

	return !m->is_x86_64 || !top || top == UINT64_MAX >> (m->address_bits - 1);
}

/* base + 0x8, base - 0x10 */
static bool say_near(char ret[POINTER_READING], const char *base, int64_t offset,
		     const char *meaning)
{
	if (!offset)
		return say(ret, "%s%s", base, meaning);
	return say(ret, "%s %c %#" PRIx64 "%s", base, offset < 0 ? '-' : '+',
		   offset < 0 ? -(uint64_t)offset : (uint64_t)offset, meaning);
}

static bool read_small(int64_t value, char ret[POINTER_READING])
{
	if (value <= -NEAR || value >= NEAR)
		return false;
	for (size_t i = 0; value < 0 && i < ARRAY_SIZE(errors); i++) {
		if (errors[i].code == -value)
			return say(ret, "error code %" PRId64 " (%s)", value, errors[i].name);
	}
	return say_near(ret, "NULL", value, "");
}

static bool read_poison(uint64_t value, char ret[POINTER_READING])
{
	static const char deleted[] = ": through an entry already deleted";
	int64_t number = (int64_t)(value - POISON_DELTA);

	for (size_t i = 0; i < ARRAY_SIZE(poisons); i++) {
		if (poisons[i].number == number)
			return say(ret, "%s", poisons[i].text);
	}
	if (number <= LIST_POISON1 - NEAR || number >= LIST_POISON2 + NEAR)
		return false;
	/* Pointers lie at multiples of their size: that tells which of the two it was. */
	if ((number & 7) != (LIST_POISON2 & 7))
		return say_near(ret, "list poison 1 (LIST_POISON1)", number - LIST_POISON1, deleted);
	return say_near(ret, "list poison 2 (LIST_POISON2)", number - LIST_POISON2, deleted);
}

static uint64_t repeated(uint8_t byte, unsigned bytes)
{
	return byte * (UINT64_C(0x0101010101010101) >> (64 - 8 * bytes));
}

static bool read_filling(const struct pointer_machine *m, uint64_t value,
			 char ret[POINTER_READING])
{
	unsigned word = m->is_64bit ? 8 : 4;

	for (size_t i = 0; i < ARRAY_SIZE(fillings); i++) {
		uint64_t filled = repeated(fillings[i].byte, word);
		int64_t offset = (int64_t)(value - filled);

		if (!offset)
			return say(ret, "%s", fillings[i].text);
		if (fillings[i].byte == 0x6b && offset > -NEAR && offset < NEAR_PATTERN)
			return say_near(ret, "slab poison 0x6b", offset, ": through freed memory");
		if (word == 8 && value == repeated(fillings[i].byte, 4))
			return say(ret, "four bytes of %s", fillings[i].text);
	}
	if (value == repeated(0x6b, word - 1) + (UINT64_C(0xa5) << (8 * word - 8)))
		return say(ret, "end of slab poison (0x6b and 0xa5): freed memory");
	return false;
}

/* A list or slab poison with one bit changed: of a value that means nothing else. */
static bool read_changed_poison(uint64_t value, char ret[POINTER_READING])
{
	static const struct {
		uint64_t value;
		const char *text;
	} known[] = {
		{0x6b6b6b6b6b6b6b6b, "slab poison 0x6b"},
		{POISON_DELTA + LIST_POISON1, "list poison 1 (LIST_POISON1)"},
		{POISON_DELTA + LIST_POISON2, "list poison 2 (LIST_POISON2)"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(known); i++) {
		uint64_t changed = value ^ known[i].value;

		if (__builtin_popcountll(changed) == 1)
			return say(ret, "one bit (bit %d) away from %s", __builtin_ctzll(changed),
				   known[i].text);
	}
	return false;
}

static bool read_letters(const struct pointer_machine *m, uint64_t value,
			 char ret[POINTER_READING])
{
	char text[9] = "";

	for (unsigned i = 0; i < 8; i++) {
		uint8_t byte = value >> 8 * (m->is_big_endian ? 7 - i : i) & 0xff;

		if (byte < ' ' || byte > '~')
			return false;
		text[i] = (char)byte;
	}
	return say(ret, "text: \"%s\"", text);
}

bool pointer_constant(const struct pointer_machine *m, uint64_t value, char ret[POINTER_READING])
{
	if (read_small(m->is_64bit ? (int64_t)value : (int32_t)value, ret) ||
	    read_filling(m, value, ret))
		return true;
	if (!m->is_64bit)
		return false;
	if (m->has_delta && (read_poison(value, ret) || read_changed_poison(value, ret)))
		return true;
	if (m->is_x86_64 && value - KASAN_SHADOW < NEAR / 8)
		return say(ret, "KASAN shadow of NULL + 0x%" PRIx64, (value - KASAN_SHADOW) * 8);
	return read_letters(m, value, ret);
}

bool pointer_outside(const struct pointer_machine *m, uint64_t value, char ret[POINTER_READING])
{
	if (!m->is_64bit || value < LOWEST_USER)
		return false;
	if (!pointer_is_canonical(m, value))
		return say(ret, "non-canonical: no address of this machine");
	if (m->is_x86_64 ? !(value >> 63) : m->has_delta && !(value >> 48))
		return say(ret, "user space");
	return false;
}

bool pointer_reading(uint64_t value, const char *machine, char ret[POINTER_READING])
{
	struct pointer_machine m = pointer_machine(machine);

	ret[0] = '\0';
	/* Whether the kernel used five levels is not known here. */
	if (!pointer_is_canonical(&m, value))
		m.address_bits = 57;
	if (pointer_constant(&m, value, ret))
		return true;
	if (m.address_bits == 57 && pointer_is_canonical(&m, value))
		return say(ret, "non-canonical, unless the kernel uses five-level page tables");
	return pointer_outside(&m, value, ret);
}

bool pointer_is_telling(const char *reading)
{
	static const char *const plain[] = {"NULL", "user space", "non-canonical"};

	for (size_t i = 0; i < ARRAY_SIZE(plain); i++) {
		if (!strncmp(reading, plain[i], strlen(plain[i])))
			return false;
	}
	return reading[0];
}
