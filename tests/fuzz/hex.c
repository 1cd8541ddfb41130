/* Hexadecimal digits, as ids, salts and hashes are stored. */
#include "fuzz.h"

#include <string.h>

#include "text.h"

#define OCTETS 16

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct berval text = fuzz_place(data, size);
	unsigned char octets[OCTETS];
	char again[2 * OCTETS + 1];

	if (lk_hex_parse(&text, octets, OCTETS) != LK_OK)
		return 0;
	lk_hex_format(octets, OCTETS, again);
	FUZZ_REQUIRE(text.bv_len == 2 * OCTETS && memcmp(again, text.bv_val, text.bv_len) == 0);
	return 0;
}
