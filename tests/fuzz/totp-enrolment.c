/* What a user is sent to tell an authenticator app. */
#include "fuzz.h"

#include "wire-enrol.h"

static int decode(const struct berval *octets, void *ret_value)
{
	return lk_wire_decode_totp_enrolment(octets, ret_value);
}

static int encode(const void *value, struct berval **ret_octets)
{
	return lk_wire_encode_totp_enrolment(value, ret_octets);
}

static bool same(const void *a, const void *b)
{
	const struct lk_totp_enrolment *first = a, *second = b;

	return fuzz_same_text(&first->secret, &second->secret) && fuzz_same_text(&first->issuer, &second->issuer) &&
		   fuzz_same_text(&first->account, &second->account) && first->digits == second->digits &&
		   first->period == second->period;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct fuzz_format format = {sizeof(struct lk_totp_enrolment), decode, encode, same, NULL};

	fuzz_round_trip(&format, data, size);
	return 0;
}
