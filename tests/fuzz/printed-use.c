/* That a printed recovery code was used, as it is stored. */
#include "fuzz.h"

#include "printed-code.h"

static int decode(const struct berval *octets, void *ret_value)
{
	return lk_printed_use_parse(octets, ret_value);
}

static int encode(const void *value, struct berval **ret_octets)
{
	struct berval octets;

	return fuzz_box(lk_printed_use_format(value, &octets), &octets, ret_octets);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct fuzz_format format = {sizeof(struct lk_printed_use), decode, encode, NULL, NULL};

	fuzz_round_trip(&format, data, size);
	return 0;
}
