/* What a front end says of whom it speaks for. */
#include "fuzz.h"

#include "wire-session.h"

static int decode(const struct berval *octets, void *ret_value)
{
	return lk_wire_decode_session(octets, ret_value);
}

static int encode(const void *value, struct berval **ret_octets)
{
	return lk_wire_encode_session(value, ret_octets);
}

static bool same(const void *a, const void *b)
{
	const struct lk_session *first = a, *second = b;

	return fuzz_same_text(&first->source_ip, &second->source_ip) &&
		   fuzz_same_text(&first->source_name, &second->source_name) &&
		   fuzz_same_text(&first->format, &second->format) && fuzz_same_text(&first->identifier, &second->identifier);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct fuzz_format format = {sizeof(struct lk_session), decode, encode, same, NULL};

	fuzz_round_trip(&format, data, size);
	return 0;
}
