/* What a mail will say. The input is the plain text of a box: it is sealed, so that lk_envelope_open() comes to read
 * it. */
#include "fuzz.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "envelope.h"
#include "keys.h"

struct opened {
	struct berval plain;
	struct lk_envelope envelope;
};

/* The id outside is the one inside, where the input has it where an Envelope has: in the first element of
 * a SEQUENCE. */
static void copy_id(const struct berval *plain, unsigned char ret_id[LK_ID_BYTES])
{
	size_t long_length = plain->bv_len > 1 && plain->bv_val[1] & 0x80 ? plain->bv_val[1] & 0x7f : 0;
	size_t at = 2 + long_length + 2;

	memset(ret_id, 0, LK_ID_BYTES);
	if (plain->bv_len >= at + LK_ID_BYTES)
		memcpy(ret_id, plain->bv_val + at, LK_ID_BYTES);
}

static struct berval seal(const struct berval *plain)
{
	const unsigned char *public_key = fuzz_key_pair()->public_key;
	struct berval sealed = {LK_SEALED_HEADER + crypto_box_SEALBYTES + plain->bv_len, NULL};
	unsigned char *octets = malloc(sealed.bv_len);

	FUZZ_REQUIRE(octets != NULL);
	octets[0] = 1;
	copy_id(plain, octets + 1);
	lk_key_id(public_key, octets + 1 + LK_ID_BYTES);
	crypto_box_seal(octets + LK_SEALED_HEADER, (const unsigned char *)plain->bv_val, plain->bv_len, public_key);
	sealed.bv_val = (char *)octets;
	return sealed;
}

/* What is read points into memory of its own, so the box need not outlive it. */
static int decode(const struct berval *plain, void *ret_value)
{
	struct opened *opened = ret_value;
	struct berval sealed = seal(plain);
	int status = lk_envelope_open(&sealed, fuzz_key_pair(), 1, &opened->plain, &opened->envelope);

	free(sealed.bv_val);
	return status;
}

/* Sealed again and opened once more, it is plain text again. */
static int encode(const void *value, struct berval **ret_octets)
{
	const struct lk_key_pair *pair = fuzz_key_pair();
	const struct opened *opened = value;
	struct berval sealed, plain;
	unsigned char *octets;
	int status = lk_envelope_seal(&opened->envelope, pair->public_key, &sealed);

	if (status != LK_OK)
		return status;
	plain.bv_len = sealed.bv_len - LK_SEALED_HEADER - crypto_box_SEALBYTES;
	octets = ber_memalloc(plain.bv_len);
	FUZZ_REQUIRE(octets != NULL);
	FUZZ_REQUIRE(crypto_box_seal_open(octets, (unsigned char *)sealed.bv_val + LK_SEALED_HEADER,
					 sealed.bv_len - LK_SEALED_HEADER, pair->public_key, pair->secret_key) == 0);
	plain.bv_val = (char *)octets;
	ber_memfree(sealed.bv_val);
	return fuzz_box(LK_OK, &plain, ret_octets);
}

static bool same(const void *a, const void *b)
{
	const struct lk_envelope *first = &((const struct opened *)a)->envelope;
	const struct lk_envelope *second = &((const struct opened *)b)->envelope;

	return strcmp(first->id, second->id) == 0 && first->kind == second->kind && first->expires == second->expires &&
		   first->must_change == second->must_change && fuzz_same_text(&first->to, &second->to) &&
		   fuzz_same_text(&first->language, &second->language) && fuzz_same_text(&first->name, &second->name) &&
		   fuzz_same_text(&first->login, &second->login) && fuzz_same_text(&first->secret, &second->secret) &&
		   fuzz_same_text(&first->organization, &second->organization) &&
		   fuzz_same_text(&first->portal, &second->portal) && fuzz_same_text(&first->time_zone, &second->time_zone) &&
		   fuzz_same_text(&first->actor, &second->actor) && fuzz_same_text(&first->about, &second->about);
}

static void release(void *value)
{
	struct opened *opened = value;

	lk_envelope_wipe(&opened->plain, &opened->envelope);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct fuzz_format format = {sizeof(struct opened), decode, encode, same, release};

	fuzz_round_trip(&format, data, size);
	return 0;
}
