/* How the messages stand that a mailer serves. */
#include "fuzz.h"

#include "wire-overview.h"

static int decode(const struct berval *octets, void *ret_value)
{
	return lk_wire_decode_overview(octets, ret_value);
}

static int encode(const void *value, struct berval **ret_octets)
{
	return lk_wire_encode_overview(value, ret_octets);
}

static bool same(const void *a, const void *b)
{
	const struct lk_wire_overview *first = a, *second = b;

	return first->failed == second->failed && first->open == second->open && first->durable == second->durable;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct fuzz_format format = {sizeof(struct lk_wire_overview), decode, encode, same, NULL};

	fuzz_round_trip(&format, data, size);
	return 0;
}
