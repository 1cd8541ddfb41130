/* What a mail server says of a mail that came back. */
#include "fuzz.h"

#include <string.h>

#include "delivery-status.h"

static void check_text(const char *text)
{
	FUZZ_REQUIRE(strlen(text) <= LK_STATUS_TEXT_MAX);
	FUZZ_REQUIRE(!strpbrk(text, "\r\n"));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct berval body = fuzz_place(data, size);
	struct lk_delivery_status status;

	memset(&status, 0xFF, sizeof(status));
	if (lk_delivery_status_parse(&body, &status) != LK_OK)
		return 0;
	FUZZ_REQUIRE(status.action <= LK_DELIVERY_FAILED);
	check_text(status.recipient);
	check_text(status.code);
	check_text(status.words);
	check_text(status.host);
	return 0;
}
