/* The Notify control of a response. */
#include "fuzz.h"

#include <string.h>

#include "wire.h"

static int decode(const struct berval *octets, void *ret_value)
{
	return lk_wire_decode_notify_response(octets, ret_value);
}

static int encode(const void *value, struct berval **ret_octets)
{
	return lk_wire_encode_notify_response(value, ret_octets);
}

static bool same(const void *a, const void *b)
{
	const struct lk_notify_response *first = a, *second = b;

	return strcmp(first->id, second->id) == 0 && first->expires == second->expires &&
		   first->must_change == second->must_change && first->code == second->code;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct fuzz_format format = {sizeof(struct lk_notify_response), decode, encode, same, NULL};

	fuzz_round_trip(&format, data, size);
	return 0;
}
