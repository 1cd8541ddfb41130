/* What a stranger sends to be sent a code. */
#include "fuzz.h"

#include "wire.h"

static int decode(const struct berval *octets, void *ret_value)
{
	return lk_wire_decode_recovery_request(octets, ret_value);
}

static int encode(const void *value, struct berval **ret_octets)
{
	return lk_wire_encode_recovery_request(value, ret_octets);
}

static bool same(const void *a, const void *b)
{
	const struct lk_recovery_request *first = a, *second = b;

	return fuzz_same_text(&first->user, &second->user) && fuzz_same_text(&first->locale, &second->locale);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct fuzz_format format = {sizeof(struct lk_recovery_request), decode, encode, same, NULL};

	fuzz_round_trip(&format, data, size);
	return 0;
}
