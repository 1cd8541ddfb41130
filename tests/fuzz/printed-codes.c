/* The new printed recovery codes that a user is sent. */
#include "fuzz.h"

#include "wire-enrol.h"

struct codes {
	struct berval codes[LK_PRINTED_CODES];
	size_t count;
};

static int decode(const struct berval *octets, void *ret_value)
{
	struct codes *codes = ret_value;

	return lk_wire_decode_printed_codes(octets, codes->codes, &codes->count);
}

static int encode(const void *value, struct berval **ret_octets)
{
	const struct codes *codes = value;

	return lk_wire_encode_printed_codes(codes->codes, codes->count, ret_octets);
}

static bool same(const void *a, const void *b)
{
	const struct codes *first = a, *second = b;
	size_t i = 0;

	if (first->count != second->count)
		return false;
	while (i < first->count && fuzz_same_text(&first->codes[i], &second->codes[i]))
		i++;
	return i == first->count;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct fuzz_format format = {sizeof(struct codes), decode, encode, same, NULL};

	fuzz_round_trip(&format, data, size);
	return 0;
}
