/* What people type and paste where a code is asked for. */
#include "fuzz.h"

#include <string.h>

#include "typed-code.h"

/* What is found is a code in the form in which it is shown, so that reading it again gives the same. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct berval typed = fuzz_place(data, size);
	struct lk_typed found, again;
	struct berval code;

	lk_typed_read(&typed, &found);
	code = (struct berval){strlen(found.code), found.code};
	FUZZ_REQUIRE((code.bv_len > 0) ==
				 (found.kind == LK_TYPED_MAILED || found.kind == LK_TYPED_PRINTED || found.kind == LK_TYPED_TOTP));
	if (code.bv_len == 0)
		return 0;
	lk_typed_read(&code, &again);
	FUZZ_REQUIRE(again.kind == found.kind && strcmp(again.code, found.code) == 0);
	FUZZ_REQUIRE(!again.from_hangul && !again.from_text);
	return 0;
}
