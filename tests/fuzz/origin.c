/* The address of a client, as slapd names a peer or as a front end writes it: what is understood is written so that it
 * is understood as the same again. */
#include "fuzz.h"

#include <string.h>

#include "origin.h"
#include "throttle.h"

static void require_same_when_written(const struct lk_origin *origin)
{
	char text[LK_ORIGIN_TEXT + 2];
	struct berval peer = {0, text};
	struct lk_origin again;

	lk_origin_format(origin, text);
	FUZZ_REQUIRE(strlen(text) < LK_ORIGIN_TEXT);
	strcat(text, ":1");
	peer.bv_len = strlen(text);
	lk_origin_of_peer(&peer, &again);
	FUZZ_REQUIRE(again.kind == origin->kind);
	FUZZ_REQUIRE(memcmp(again.octets, origin->octets, sizeof again.octets) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct berval text = fuzz_place(data, size);
	struct lk_origin origin;
	struct lk_rate rate;

	lk_origin_of_peer(&text, &origin);
	if (origin.kind != LK_ORIGIN_LOCAL_SOCKET)
		require_same_when_written(&origin);
	if (lk_origin_of_address(&text, &origin)) {
		FUZZ_REQUIRE(!origin.local);
		require_same_when_written(&origin);
	}
	if (lk_rate_parse(&text, &rate))
		FUZZ_REQUIRE(rate.count <= LK_RATE_COUNT_MAX && rate.seconds <= LK_RATE_SECONDS_MAX);
	return 0;
}
