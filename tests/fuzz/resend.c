/* What an administrator sends to have a message sent again. */
#include "fuzz.h"

#include <string.h>

#include "wire-admin.h"

static int decode(const struct berval *octets, void *ret_value)
{
	return lk_wire_decode_resend(octets, ret_value);
}

static int encode(const void *value, struct berval **ret_octets)
{
	return lk_wire_encode_resend(value, ret_octets);
}

static bool same(const void *a, const void *b)
{
	const struct lk_resend *first = a, *second = b;

	return fuzz_same_text(&first->user, &second->user) && strcmp(first->id, second->id) == 0 &&
		   fuzz_same_text(&first->to, &second->to);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct fuzz_format format = {sizeof(struct lk_resend), decode, encode, same, NULL};

	fuzz_round_trip(&format, data, size);
	return 0;
}
