/* See fuzz.h. */
#include "fuzz.h"

#include <sanitizer/asan_interface.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "wire.h"

#define PLACE_OCTETS ((size_t)1 << 20)
#define UNTOUCHED 0xA5

static char *place; /* PLACE_OCTETS, and behind them a page that cannot be read */

void fuzz_fail(const char *file, int line, const char *condition)
{
	fprintf(stderr, "%s:%d: this does not hold: %s\n", file, line, condition);
	abort();
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);

	(void)argc;
	(void)argv;
	place = mmap(NULL, PLACE_OCTETS + page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	FUZZ_REQUIRE(place != MAP_FAILED);
	FUZZ_REQUIRE(mprotect(place + PLACE_OCTETS, page, PROT_NONE) == 0);
	FUZZ_REQUIRE(lk_protocol_init() == LK_OK);
	return 0;
}

struct berval fuzz_place(const uint8_t *data, size_t size)
{
	struct berval input = {size, place + PLACE_OCTETS - size};

	FUZZ_REQUIRE(size < PLACE_OCTETS);
	ASAN_UNPOISON_MEMORY_REGION(place, PLACE_OCTETS);
	if (size > 0)
		memcpy(input.bv_val, data, size);
	ASAN_POISON_MEMORY_REGION(place, PLACE_OCTETS - size);
	return input;
}

static void *new_value(const struct fuzz_format *format)
{
	void *value = malloc(format->size);

	FUZZ_REQUIRE(value != NULL);
	return memset(value, UNTOUCHED, format->size);
}

static bool is_untouched(const struct fuzz_format *format, const void *value)
{
	const unsigned char *octets = value;
	size_t i = 0;

	while (i < format->size && octets[i] == UNTOUCHED)
		i++;
	return i == format->size;
}

static bool are_same(const struct fuzz_format *format, const void *a, const void *b)
{
	return format->same != NULL ? format->same(a, b) : memcmp(a, b, format->size) == 0;
}

static void release(const struct fuzz_format *format, void *value)
{
	if (format->release != NULL)
		format->release(value);
}

static void encode_and_decode_again(const struct fuzz_format *format, const void *value)
{
	struct berval *octets = NULL;
	void *again = new_value(format);

	FUZZ_REQUIRE(format->encode(value, &octets) == LK_OK);
	FUZZ_REQUIRE(format->decode(octets, again) == LK_OK);
	FUZZ_REQUIRE(are_same(format, value, again));
	release(format, again);
	free(again);
	lk_wire_free(octets);
}

void fuzz_round_trip(const struct fuzz_format *format, const uint8_t *data, size_t size)
{
	struct berval input = fuzz_place(data, size);
	void *value = new_value(format);
	int status = format->decode(&input, value);

	if (status == LK_OK) {
		encode_and_decode_again(format, value);
		release(format, value);
	} else {
		FUZZ_REQUIRE(strcmp(lk_strerror(status), lk_strerror(1)) != 0);
		FUZZ_REQUIRE(is_untouched(format, value));
	}
	free(value);
}

int fuzz_box(int status, const struct berval *octets, struct berval **ret_octets)
{
	if (status != LK_OK)
		return status;
	*ret_octets = ber_memalloc(sizeof **ret_octets);
	FUZZ_REQUIRE(*ret_octets != NULL);
	**ret_octets = *octets;
	return LK_OK;
}

bool fuzz_same_text(const struct berval *a, const struct berval *b)
{
	if (a->bv_val == NULL || b->bv_val == NULL)
		return a->bv_val == b->bv_val;
	return a->bv_len == b->bv_len && memcmp(a->bv_val, b->bv_val, a->bv_len) == 0;
}
