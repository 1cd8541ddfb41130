/* The secret of an authenticator app, as it is stored. That it opens to nobody but its user is tried too. */
#include "fuzz.h"

#include "totp.h"

static int decode(const struct berval *octets, void *ret_value)
{
	return lk_stored_totp_parse(octets, ret_value);
}

static int encode(const void *value, struct berval **ret_octets)
{
	struct berval octets;

	return fuzz_box(lk_stored_totp_format(value, &octets), &octets, ret_octets);
}

/* The key and the user are not those that it was sealed for. */
static void require_closed(const struct berval *stored)
{
	static const unsigned char key[LK_KEY_BYTES];
	unsigned char secret[LK_TOTP_SECRET_BYTES];
	struct berval nobody = {0, NULL};
	struct lk_stored_totp totp;

	if (lk_stored_totp_parse(stored, &totp) == LK_OK)
		FUZZ_REQUIRE(lk_totp_open(&totp, key, &nobody, secret) == LK_ERR_SEALED);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct fuzz_format format = {sizeof(struct lk_stored_totp), decode, encode, NULL, NULL};
	struct berval stored = fuzz_place(data, size);

	require_closed(&stored);
	fuzz_round_trip(&format, data, size);
	return 0;
}
