/* The value of an authenticator app, as people type it. */
#include "fuzz.h"

#include "totp.h"

#define NOW ((time_t)1795237320)

/* The secret is all zeros, and the values of three steps count; a step that was used does not. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const unsigned char secret[LK_TOTP_SECRET_BYTES];
	struct berval typed = fuzz_place(data, size);
	unsigned long now = (unsigned long)(NOW / LK_TOTP_PERIOD), step, again;

	if (!lk_totp_accepts(secret, &typed, NOW, 0, &step))
		return 0;
	FUZZ_REQUIRE(lk_totp_is_value(&typed));
	FUZZ_REQUIRE(step >= now - LK_TOTP_WINDOW && step <= now + LK_TOTP_WINDOW);
	FUZZ_REQUIRE(!lk_totp_accepts(secret, &typed, NOW, now + LK_TOTP_WINDOW, &again));
	return 0;
}
