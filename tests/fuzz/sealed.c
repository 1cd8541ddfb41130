/* A sealed message, as it is stored: its header, and the box. What is inside the box is the target "envelope". */
#include "fuzz.h"

#include <string.h>

#include "envelope.h"
#include "keys.h"

static void open_with(const struct berval *sealed, const struct lk_key_pair *pair, size_t pairs_count, const char *id)
{
	struct lk_envelope envelope;
	struct berval plain;

	if (lk_envelope_open(sealed, pair, pairs_count, &plain, &envelope) != LK_OK)
		return;
	FUZZ_REQUIRE(pairs_count > 0);
	FUZZ_REQUIRE(strcmp(envelope.id, id) == 0);
	lk_envelope_wipe(&plain, &envelope);
	FUZZ_REQUIRE(plain.bv_val == NULL && envelope.secret.bv_val == NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct berval sealed = fuzz_place(data, size);
	unsigned char key_id[LK_KEY_ID_BYTES];
	char id[LK_ID_TEXT + 1] = "";
	int status = lk_sealed_header(&sealed, id, key_id);

	FUZZ_REQUIRE((status == LK_OK) == (strlen(id) == LK_ID_TEXT));
	open_with(&sealed, fuzz_key_pair(), 1, id);
	open_with(&sealed, NULL, 0, id);
	return 0;
}
