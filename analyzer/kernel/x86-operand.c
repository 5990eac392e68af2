// SPDX-License-Identifier: GPL-2.0-or-later
//
// Decodes as much of an x86_64 instruction as tells its length and its memory operand:
//
//	prefixes, REX or VEX, opcode (1 to 3 bytes), ModRM, SIB, displacement, immediate
//
// ModRM is mod:2 reg:3 rm:3. mod 3 is a register operand; rm 4 means a SIB byte (scale:2
// index:3 base:3) follows; mod 0 with rm 5 is an address relative to rip. Source: volume 2,
// chapter 2 and appendix A of Intel's Software Developer's Manual.
#include <string.h>

#include "kernel/x86-operand.h"

enum map { MAP_ONE, MAP_0F, MAP_0F38, MAP_0F3A };

struct decoder {
	const uint8_t *p;
	size_t n, at;
	bool cut;		 /* a byte beyond n was asked for */
	bool op16, addr32, rep, repne, is_vex;
	const char *segment;
	bool w, r, x, b;	 /* of REX or VEX: larger operand, and 4th bits of registers */
	enum map map;
	uint8_t op;
	unsigned mod, reg, rm;	 /* of ModRM */
};

static const char *const registers[16] = {
	"rax", "rcx", "rdx", "rbx", "rsp", "rbp", "rsi", "rdi",
	"r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15",
};

static uint8_t next(struct decoder *d)
{
	if (d->at >= d->n) {
		d->cut = true;
		return 0;
	}
	return d->p[d->at++];
}

static uint64_t next_number(struct decoder *d, unsigned size)
{
	uint64_t value = 0;

	for (unsigned i = 0; i < size; i++)
		value |= (uint64_t)next(d) << 8 * i;
	return value;
}

/* One legacy prefix; false: this byte is none. */
static bool take_prefix(struct decoder *d, uint8_t byte)
{
	switch (byte) {
	case 0x66:
		d->op16 = true;
		return true;
	case 0x67:
		d->addr32 = true;
		return true;
	case 0xf2:
		d->repne = true;
		return true;
	case 0xf3:
		d->rep = true;
		return true;
	case 0x64:
		d->segment = "fs";
		return true;
	case 0x65:
		d->segment = "gs";
		return true;
	case 0xf0: /* lock, and segments that mean nothing in 64-bit mode */
	case 0x26:
	case 0x2e:
	case 0x36:
	case 0x3e:
		return true;
	}
	return false;
}

/* C5: RvvvvLpp; C4: RXBmmmmm WvvvvLpp. R, X and B are inverted. */
static bool take_vex(struct decoder *d, uint8_t byte)
{
	uint8_t first = next(d), last = byte == 0xc4 ? next(d) : first;

	d->is_vex = true;
	d->r = !(first & 0x80);
	d->map = MAP_0F;
	if (byte == 0xc4) {
		d->x = !(first & 0x40);
		d->b = !(first & 0x20);
		d->w = last & 0x80;
		if ((first & 0x1f) < 1 || (first & 0x1f) > 3)
			return false;
		d->map = (enum map)(first & 0x1f);
	}
	d->op16 = (last & 3) == 1;
	d->rep = (last & 3) == 2;
	d->repne = (last & 3) == 3;
	d->op = next(d);
	return true;
}

static bool take_opcode(struct decoder *d)
{
	uint8_t byte = next(d);

	while (!d->cut && take_prefix(d, byte))
		byte = next(d);
	if (byte >> 4 == 4) { /* REX: 0100WRXB */
		d->w = byte & 8;
		d->r = byte & 4;
		d->x = byte & 2;
		d->b = byte & 1;
		byte = next(d);
	}
	if (byte == 0xc4 || byte == 0xc5)
		return take_vex(d, byte);
	if (byte == 0x0f) {
		d->map = MAP_0F;
		byte = next(d);
		if (byte == 0x38 || byte == 0x3a) {
			d->map = byte == 0x38 ? MAP_0F38 : MAP_0F3A;
			byte = next(d);
		}
	}
	d->op = byte;
	return byte != 0x62 || d->map != MAP_ONE; /* EVEX scales its displacement */
}

static bool between(uint8_t op, uint8_t first, uint8_t last)
{
	return op >= first && op <= last;
}

static bool has_modrm(const struct decoder *d)
{
	uint8_t op = d->op;

	switch (d->map) {
	case MAP_ONE:
		return (op < 0x40 && (op & 7) < 4) || op == 0x63 || op == 0x69 || op == 0x6b ||
		       between(op, 0x80, 0x8f) || op == 0xc0 || op == 0xc1 || op == 0xc6 ||
		       op == 0xc7 || between(op, 0xd0, 0xd3) || between(op, 0xd8, 0xdf) ||
		       op == 0xf6 || op == 0xf7 || op >= 0xfe;
	case MAP_0F:
		return !(between(op, 0x04, 0x0c) || op == 0x0e || between(op, 0x30, 0x37) ||
			 op == 0x77 || between(op, 0x80, 0x8f) || between(op, 0xa0, 0xa2) ||
			 between(op, 0xa8, 0xaa) || between(op, 0xc8, 0xcf));
	default:
		return true;
	}
}

/* Of an opcode of one byte. z: bytes of an operand that has no 8-byte form. */
static unsigned immediate_one(const struct decoder *d, unsigned z)
{
	uint8_t op = d->op;

	if (op < 0x40)
		return (op & 7) == 4 ? 1 : (op & 7) == 5 ? z : 0;
	if (between(op, 0xa0, 0xa3)) /* an address of 8 bytes, kept in the displacement */
		return 0;
	if (between(op, 0xb8, 0xbf))
		return d->w ? 8 : z;
	if (op == 0x68 || op == 0x69 || op == 0x81 || op == 0xa9 || op == 0xc7)
		return z;
	if (op == 0x6a || op == 0x6b || between(op, 0x70, 0x7f) || op == 0x80 || op == 0x83 ||
	    op == 0xa8 || between(op, 0xb0, 0xb7) || op == 0xc0 || op == 0xc1 || op == 0xc6 ||
	    op == 0xcd || between(op, 0xe0, 0xe7) || op == 0xeb)
		return 1;
	if (op == 0xe8 || op == 0xe9)
		return 4;
	if (op == 0xc2 || op == 0xca)
		return 2;
	if (op == 0xc8)
		return 3;
	if ((op == 0xf6 || op == 0xf7) && d->reg < 2) /* test */
		return op == 0xf6 ? 1 : z;
	return 0;
}

static unsigned immediate(const struct decoder *d)
{
	uint8_t op = d->op;

	switch (d->map) {
	case MAP_ONE:
		return immediate_one(d, d->op16 && !d->w ? 2 : 4);
	case MAP_0F:
		if (between(op, 0x80, 0x8f))
			return 4;
		return between(op, 0x70, 0x73) || op == 0xa4 || op == 0xac || op == 0xba ||
		       op == 0xc2 || between(op, 0xc4, 0xc6);
	case MAP_0F38:
		return 0;
	case MAP_0F3A:
		return 1;
	}
	return 0;
}

/* Whether the memory operand of an opcode of one byte is written. */
static bool writes_one(const struct decoder *d)
{
	uint8_t op = d->op;

	if (op < 0x38)
		return (op & 7) < 2; /* add, or, adc, sbb, and, sub, xor; cmp is 38 to 3b */
	switch (op) {
	case 0x80:
	case 0x81:
	case 0x83:
		return d->reg != 7; /* cmp */
	case 0x86:
	case 0x87:
	case 0x88:
	case 0x89:
	case 0x8c:
	case 0x8f:
	case 0xa2:
	case 0xa3:
	case 0xaa:
	case 0xab:
	case 0xc0:
	case 0xc1:
	case 0xc6:
	case 0xc7:
	case 0xd0:
	case 0xd1:
	case 0xd2:
	case 0xd3:
		return true;
	case 0xf6:
	case 0xf7:
		return d->reg == 2 || d->reg == 3; /* not, neg */
	case 0xfe:
	case 0xff:
		return d->reg < 2; /* inc, dec */
	}
	return false;
}

static bool writes_0f(const struct decoder *d)
{
	uint8_t op = d->op;

	if (between(op, 0x90, 0x9f)) /* setcc */
		return !d->is_vex;
	switch (op) {
	case 0x01:
		return d->reg < 2 || d->reg == 4; /* sgdt, sidt, smsw */
	case 0x7e:
		return !d->rep; /* movq reads then */
	case 0xae:
		return !(d->reg & 3) || d->reg == 3 || d->reg == 6; /* fxsave, stmxcsr, xsave* */
	case 0xba:
		return d->reg > 4; /* bts, btr, btc */
	case 0xc7:
		return d->reg == 1 || d->reg == 4 || d->reg == 5; /* cmpxchg16b, xsavec, xsaves */
	case 0x11: /* stores of vector registers */
	case 0x13:
	case 0x17:
	case 0x29:
	case 0x2b:
	case 0x7f:
	case 0xd6:
	case 0xe7:
	case 0xa4: /* shld, shrd, bts, btr, btc, cmpxchg, xadd, movnti */
	case 0xa5:
	case 0xab:
	case 0xac:
	case 0xad:
	case 0xb0:
	case 0xb1:
	case 0xb3:
	case 0xbb:
	case 0xc0:
	case 0xc1:
	case 0xc3:
		return true;
	}
	return false;
}

static bool writes(const struct decoder *d)
{
	switch (d->map) {
	case MAP_ONE:
		return writes_one(d);
	case MAP_0F:
		return writes_0f(d);
	case MAP_0F38:
		return d->op == 0xf1 && !d->repne; /* movbe; else crc32 */
	case MAP_0F3A:
		return between(d->op, 0x14, 0x17) || d->op == 0x39; /* pextr, vextracti128 */
	}
	return false;
}

/* Those that name an address but do not touch it, so that a fault is not theirs. */
static bool touches_memory(const struct decoder *d)
{
	if (d->map == MAP_ONE)
		return d->op != 0x8d; /* lea */
	if (d->map != MAP_0F)
		return true;
	if (d->op == 0x01)
		return d->reg != 7; /* invlpg */
	return !between(d->op, 0x18, 0x1f) && d->op != 0x0d; /* prefetch, long nop */
}

/* ModRM with what follows it. */
static void take_modrm(struct decoder *d, struct x86_operand *ret)
{
	uint8_t modrm = next(d);
	bool no_base;

	d->mod = modrm >> 6;
	d->reg = modrm >> 3 & 7;
	d->rm = modrm & 7;
	if (d->mod == 3)
		return;
	ret->has_memory = true;
	ret->scale = 1;
	no_base = d->mod == 0 && d->rm == 5;
	ret->base = no_base ? "rip" : registers[d->rm | d->b << 3];
	if (d->rm == 4) {
		uint8_t sib = next(d);
		unsigned index = (sib >> 3 & 7) | d->x << 3;

		no_base = d->mod == 0 && (sib & 7) == 5;
		ret->base = no_base ? NULL : registers[(sib & 7) | d->b << 3];
		ret->index = index == 4 ? NULL : registers[index]; /* rsp is no index */
		ret->scale = 1u << (sib >> 6);
	}
	if (d->mod == 1)
		ret->displacement = (int8_t)next(d);
	else if (d->mod == 2 || no_base)
		ret->displacement = (int32_t)next_number(d, 4);
}

/* Instructions whose address is in a register by definition, or in the place of an immediate. */
static void take_implicit(struct decoder *d, struct x86_operand *ret)
{
	if (d->map != MAP_ONE)
		return;
	switch (d->op) {
	case 0xa0:
	case 0xa1:
	case 0xa2:
	case 0xa3:
		ret->displacement = (int64_t)next_number(d, 8);
		break;
	case 0xa4: /* movs, cmps */
	case 0xa5:
	case 0xa6:
	case 0xa7:
		ret->base = "rsi";
		ret->second = "rdi";
		break;
	case 0xac: /* lods */
	case 0xad:
		ret->base = "rsi";
		break;
	case 0xaa: /* stos, scas */
	case 0xab:
	case 0xae:
	case 0xaf:
		ret->base = "rdi";
		break;
	default:
		return;
	}
	ret->has_memory = true;
	ret->scale = 1;
}

bool x86_operand_decode(const uint8_t *code, size_t n, struct x86_operand *ret)
{
	struct decoder d = {.p = code, .n = n < X86_MAX_INSTRUCTION ? n : X86_MAX_INSTRUCTION};
	struct x86_operand found = {0};

	if (!take_opcode(&d))
		return false;
	if (has_modrm(&d))
		take_modrm(&d, &found);
	else
		take_implicit(&d, &found);
	next_number(&d, immediate(&d));
	if (d.cut || (found.has_memory && d.addr32))
		return false;
	if (found.has_memory && d.map == MAP_ONE && between(d.op, 0xd8, 0xdf)) /* x87 */
		return false;
	found.length = (unsigned)d.at;
	found.has_memory &= touches_memory(&d);
	found.is_write = writes(&d);
	found.segment = d.segment;
	if (d.map == MAP_0F && !d.is_vex &&
	    (d.op == 0xa3 || d.op == 0xab || d.op == 0xb3 || d.op == 0xbb)) {
		found.bit = registers[d.reg | d.r << 3];
		found.bit_word = d.w ? 8 : d.op16 ? 2 : 4;
	}
	*ret = found;
	return true;
}
