/* A recovery code, mailed or printed, as people type it. */
#include "fuzz.h"

#include <string.h>

#include "code.h"
#include "printed-code.h"

typedef int read_code(const struct berval *typed, char *ret_symbols);

static struct berval text_of(char *text)
{
	return (struct berval){strlen(text), text};
}

/* However a code is typed, its symbols are one code. */
static void require_same(read_code *read, struct berval typed, const char *symbols)
{
	char again[LK_PRINTED_SYMBOLS + 1];

	FUZZ_REQUIRE(read(&typed, again) == LK_OK);
	FUZZ_REQUIRE(strcmp(again, symbols) == 0);
}

static void type_otherwise(read_code *read, const char *symbols)
{
	char typed[2 * LK_PRINTED_SYMBOLS + 1] = "", *at = typed;

	for (size_t i = 0; symbols[i] != '\0'; i++) {
		*at++ = i % 2 ? '-' : ' ';
		*at++ = symbols[i] >= 'A' ? (char)(symbols[i] - 'A' + 'a') : symbols[i] == '0' ? 'o' : symbols[i];
	}
	require_same(read, text_of(typed), symbols);
}

static void read_as(read_code *read, const struct berval *typed, size_t length)
{
	char symbols[LK_PRINTED_SYMBOLS + 1] = "";

	if (read(typed, symbols) != LK_OK) {
		FUZZ_REQUIRE(symbols[0] == '\0');
		return;
	}
	FUZZ_REQUIRE(strlen(symbols) == length);
	FUZZ_REQUIRE(strspn(symbols, "0123456789ABCDEFGHJKMNPQRSTVWXYZ") == length);
	require_same(read, text_of(symbols), symbols);
	type_otherwise(read, symbols);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct berval typed = fuzz_place(data, size);

	read_as(lk_code_canonical, &typed, LK_CODE_SYMBOLS);
	read_as(lk_printed_canonical, &typed, LK_PRINTED_SYMBOLS);
	return 0;
}
