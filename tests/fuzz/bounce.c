/* What the mailer says of a mail that came back. */
#include "fuzz.h"

#include <string.h>

#include "wire-bounce.h"

static int decode(const struct berval *octets, void *ret_value)
{
	return lk_wire_decode_bounce(octets, ret_value);
}

static int encode(const void *value, struct berval **ret_octets)
{
	return lk_wire_encode_bounce(value, ret_octets);
}

static bool same(const void *a, const void *b)
{
	const struct lk_bounce *first = a, *second = b;

	return memcmp(&first->sending, &second->sending, sizeof(first->sending)) == 0 && first->state == second->state &&
		   fuzz_same_text(&first->answer, &second->answer);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct fuzz_format format = {sizeof(struct lk_bounce), decode, encode, same, NULL};

	fuzz_round_trip(&format, data, size);
	return 0;
}
