/* The local part of a bounce address. */
#include "fuzz.h"

#include <string.h>
#include <strings.h>

#include "bounce-address.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const unsigned char key[LK_KEY_BYTES] = {7};
	struct berval text = fuzz_place(data, size);
	char again[LK_BOUNCE_TEXT + 1];
	struct lk_sending sending;

	if (lk_bounce_address_parse(&text, key, &sending) != LK_OK)
		return 0;
	lk_bounce_address_format(&sending, key, again);
	FUZZ_REQUIRE(text.bv_len == LK_BOUNCE_TEXT && strncasecmp(again, text.bv_val, LK_BOUNCE_TEXT) == 0);
	return 0;
}
