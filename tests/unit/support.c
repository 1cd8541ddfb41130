/* See support.h. */
#include "support.h"

#include <stdlib.h>
#include <string.h>

#define LONG_VALUE 160
#define COARSE_STEP 37

struct berval text_bv(const char *text)
{
	return (struct berval){strlen(text), (char *)text};
}

bool bv_equal(const struct berval *a, const struct berval *b)
{
	return a->bv_len == b->bv_len && (a->bv_len == 0 || memcmp(a->bv_val, b->bv_val, a->bv_len) == 0);
}

void assert_bv_equal(const struct berval *a, const struct berval *b)
{
	assert_int_equal(a->bv_len, b->bv_len);
	if (a->bv_len > 0)
		assert_memory_equal(a->bv_val, b->bv_val, a->bv_len);
}

struct berval repeated(char octet, size_t length)
{
	struct berval value = {length, malloc(length + 1)};

	assert_non_null(value.bv_val);
	memset(value.bv_val, octet, length);
	value.bv_val[length] = '\0';
	return value;
}

/* splitmix64 */
uint32_t draw(uint32_t bound)
{
	static uint64_t state = 20261121;
	uint64_t mixed = state += UINT64_C(0x9e3779b97f4a7c15);

	mixed = (mixed ^ mixed >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	mixed = (mixed ^ mixed >> 27) * UINT64_C(0x94d049bb133111eb);
	return (uint32_t)((mixed ^ mixed >> 31) % bound);
}

static uint32_t draw_character(bool controls)
{
	static const struct {
		uint32_t first, last;
	} ranges[] = {{0x20, 0x7e}, {0x20, 0x7e}, {0xa0, 0x7ff}, {0xac00, 0xd7a3}, {0x1100, 0x11ff}, {0x10000, 0x10ffff}};
	size_t i = draw(COUNT(ranges));

	if (controls && draw(4) == 0)
		return draw(2) ? 1 + draw(0x1f) : 0x7f + draw(0x21);
	return ranges[i].first + draw(ranges[i].last - ranges[i].first + 1);
}

static size_t put_character(char *at, uint32_t character)
{
	static const unsigned char leads[] = {0, 0xc0, 0xe0, 0xf0};
	size_t more = character < 0x80 ? 0 : character < 0x800 ? 1 : character < 0x10000 ? 2 : 3;

	for (size_t i = more; i > 0; i--) {
		at[i] = (char)(0x80 | (character & 0x3f));
		character >>= 6;
	}
	at[0] = (char)(leads[more] | character);
	return more + 1;
}

size_t draw_text(char *text, size_t most, bool controls)
{
	size_t wanted = draw((uint32_t)most + 1), length = 0;

	while (wanted - length >= 4)
		length += put_character(text + length, draw_character(controls));
	while (length < wanted)
		text[length++] = 'x';
	text[length] = '\0';
	return length;
}

static void try_copy(
	const char *octets, size_t length, void (*try)(const struct berval *damaged, void *data), void *data)
{
	struct berval damaged = {length, malloc(length)};

	assert_true(damaged.bv_val != NULL || length == 0);
	if (length > 0)
		memcpy(damaged.bv_val, octets, length);
	try(&damaged, data);
	free(damaged.bv_val);
}

void for_each_damage(const struct berval *valid, void (*try)(const struct berval *damaged, void *data), void *data)
{
	unsigned step = valid->bv_len > LONG_VALUE ? COARSE_STEP : 1;
	struct berval copy = repeated('\0', valid->bv_len + 1);

	memcpy(copy.bv_val, valid->bv_val, valid->bv_len);
	for (size_t length = 0; length < valid->bv_len; length++)
		try_copy(copy.bv_val, length, try, data);
	for (unsigned octet = 0; octet < 256; octet++) {
		copy.bv_val[valid->bv_len] = (char)octet;
		try_copy(copy.bv_val, copy.bv_len, try, data);
	}
	for (size_t i = 0; i < valid->bv_len; i++) {
		for (unsigned difference = 1; difference < 256; difference += step) {
			copy.bv_val[i] = (char)(valid->bv_val[i] ^ (char)difference);
			try_copy(copy.bv_val, valid->bv_len, try, data);
		}
		copy.bv_val[i] = valid->bv_val[i];
	}
	free(copy.bv_val);
}
