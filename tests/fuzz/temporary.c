/* A temporary password, as it is stored, with its scheme or without. */
#include "fuzz.h"

#include "password.h"

struct temporary {
	time_t expires;
	struct berval hash;
};

static int decode(const struct berval *octets, void *ret_value)
{
	struct temporary *temporary = ret_value;

	return lk_temporary_parse(octets, &temporary->expires, &temporary->hash);
}

static int encode(const void *value, struct berval **ret_octets)
{
	const struct temporary *temporary = value;
	struct berval octets;

	return fuzz_box(lk_temporary_format(&temporary->hash, temporary->expires, &octets), &octets, ret_octets);
}

static bool same(const void *a, const void *b)
{
	const struct temporary *first = a, *second = b;

	return first->expires == second->expires && fuzz_same_text(&first->hash, &second->hash);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct fuzz_format format = {sizeof(struct temporary), decode, encode, same, NULL};

	fuzz_round_trip(&format, data, size);
	return 0;
}
