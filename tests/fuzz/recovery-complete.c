/* What a stranger sends to complete a recovery. */
#include "fuzz.h"

#include "wire.h"

static int decode(const struct berval *octets, void *ret_value)
{
	return lk_wire_decode_recovery_complete(octets, ret_value);
}

static int encode(const void *value, struct berval **ret_octets)
{
	return lk_wire_encode_recovery_complete(value, ret_octets);
}

static bool same_proofs(const struct lk_recovery_complete *first, const struct lk_recovery_complete *second)
{
	if (first->proofs_count != second->proofs_count)
		return false;
	for (size_t i = 0; i < first->proofs_count; i++) {
		if (first->proofs[i].method != second->proofs[i].method ||
			!fuzz_same_text(&first->proofs[i].proof, &second->proofs[i].proof))
			return false;
	}
	return true;
}

static bool same(const void *a, const void *b)
{
	const struct lk_recovery_complete *first = a, *second = b;

	return fuzz_same_text(&first->user, &second->user) && same_proofs(first, second) &&
		   fuzz_same_text(&first->new_password, &second->new_password);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct fuzz_format format = {sizeof(struct lk_recovery_complete), decode, encode, same, NULL};

	fuzz_round_trip(&format, data, size);
	return 0;
}
