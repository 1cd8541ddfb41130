/* One of the mailer's keys, as text. */
#include "fuzz.h"

#include <string.h>

#include "key.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct berval text = fuzz_place(data, size);
	unsigned char key[LK_KEY_BYTES];
	char again[LK_KEY_TEXT + 1];

	if (lk_key_parse(&text, key) != LK_OK)
		return 0;
	lk_key_format(key, again);
	FUZZ_REQUIRE(text.bv_len == LK_KEY_TEXT && memcmp(again, text.bv_val, LK_KEY_TEXT) == 0);
	return 0;
}
