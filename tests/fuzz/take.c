/* What the mailer sends to be given due messages. */
#include "fuzz.h"

#include "wire.h"

static int decode(const struct berval *octets, void *ret_value)
{
	return lk_wire_decode_take(octets, ret_value);
}

static int encode(const void *value, struct berval **ret_octets)
{
	return lk_wire_encode_take(value, ret_octets);
}

static bool same(const void *a, const void *b)
{
	const struct lk_take *first = a, *second = b;

	return first->most == second->most && first->lease == second->lease;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct fuzz_format format = {sizeof(struct lk_take), decode, encode, same, NULL};

	fuzz_round_trip(&format, data, size);
	return 0;
}
