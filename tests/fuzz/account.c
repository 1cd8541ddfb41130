/* What an administrator sends to unlock or block an account. */
#include "fuzz.h"

#include "wire-admin.h"

static int decode(const struct berval *octets, void *ret_value)
{
	return lk_wire_decode_account(octets, ret_value);
}

static int encode(const void *value, struct berval **ret_octets)
{
	return lk_wire_encode_account(value, ret_octets);
}

static bool same(const void *a, const void *b)
{
	const struct lk_account_request *first = a, *second = b;

	return fuzz_same_text(&first->user, &second->user) && fuzz_same_text(&first->reason, &second->reason) &&
		   fuzz_same_text(&first->ticket, &second->ticket);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct fuzz_format format = {sizeof(struct lk_account_request), decode, encode, same, NULL};

	fuzz_round_trip(&format, data, size);
	return 0;
}
