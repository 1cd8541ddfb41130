/* The Notify control of a request. */
#include "fuzz.h"

#include "wire.h"

static int decode(const struct berval *octets, void *ret_value)
{
	return lk_wire_decode_notify(octets, ret_value);
}

static int encode(const void *value, struct berval **ret_octets)
{
	return lk_wire_encode_notify(value, ret_octets);
}

static bool same(const void *a, const void *b)
{
	const struct lk_notify *first = a, *second = b;

	return fuzz_same_text(&first->to, &second->to) && fuzz_same_text(&first->locale, &second->locale) &&
		   first->must_change == second->must_change && first->conceal == second->conceal &&
		   fuzz_same_text(&first->reason, &second->reason) && fuzz_same_text(&first->ticket, &second->ticket);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct fuzz_format format = {sizeof(struct lk_notify), decode, encode, same, NULL};

	fuzz_round_trip(&format, data, size);
	return 0;
}
