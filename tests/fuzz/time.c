/* A time, as it is stored. */
#include "fuzz.h"

#include <string.h>

#include "text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct berval text = fuzz_place(data, size);
	char again[LK_TIME_TEXT + 1];
	time_t when;

	if (lk_time_parse(&text, &when) != LK_OK)
		return 0;
	lk_time_format(when, again);
	FUZZ_REQUIRE(text.bv_len == LK_TIME_TEXT && memcmp(again, text.bv_val, LK_TIME_TEXT) == 0);
	return 0;
}
