/* What a user sends to enrol an authenticator app. */
#include "fuzz.h"

#include "wire-enrol.h"

static int decode(const struct berval *octets, void *ret_value)
{
	return lk_wire_decode_totp_enrol(octets, ret_value);
}

static int encode(const void *value, struct berval **ret_octets)
{
	return lk_wire_encode_totp_enrol(value, ret_octets);
}

static bool same(const void *a, const void *b)
{
	return fuzz_same_text(a, b);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct fuzz_format format = {sizeof(struct berval), decode, encode, same, NULL};

	fuzz_round_trip(&format, data, size);
	return 0;
}
