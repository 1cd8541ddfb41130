/* What a user sends to name a recovery address. */
#include "fuzz.h"

#include "wire-enrol.h"

static int decode(const struct berval *octets, void *ret_value)
{
	return lk_wire_decode_address_add(octets, ret_value);
}

static int encode(const void *value, struct berval **ret_octets)
{
	return lk_wire_encode_address_add(value, ret_octets);
}

static bool same(const void *a, const void *b)
{
	const struct lk_address_add *first = a, *second = b;

	return fuzz_same_text(&first->address, &second->address) && fuzz_same_text(&first->locale, &second->locale);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct fuzz_format format = {sizeof(struct lk_address_add), decode, encode, same, NULL};

	fuzz_round_trip(&format, data, size);
	return 0;
}
