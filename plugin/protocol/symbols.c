/* The symbols of codes. */
#include "symbols.h"

#include <sodium.h>
#include <stdbool.h>
#include <string.h>

#include "error.h"

#define GROUP 4

static const char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

void lk_symbols_generate(size_t count, char *ret_text)
{
	char *at = ret_text;

	for (size_t i = 0; i < count; i++) {
		if (i > 0 && i % GROUP == 0)
			*at++ = '-';
		*at++ = alphabet[randombytes_uniform(sizeof(alphabet) - 1)];
	}
	*at = '\0';
}

/* The symbol that TYPED stands for, or NUL. */
static char canonical_symbol(char typed)
{
	char symbol = typed >= 'a' && typed <= 'z' ? (char)(typed - 'a' + 'A') : typed;

	if (symbol == 'O')
		return '0';
	if (symbol == 'I' || symbol == 'L')
		return '1';
	return symbol != '\0' && strchr(alphabet, symbol) != NULL ? symbol : '\0';
}

int lk_symbols_read(const struct berval *typed, size_t count, char *ret_symbols)
{
	char canonical[LK_SYMBOLS_MAX + 1] = {0};
	size_t found = 0;
	bool wrong = false;

	for (size_t i = 0; i < typed->bv_len && !wrong; i++) {
		char symbol;

		if (typed->bv_val[i] == ' ' || typed->bv_val[i] == '-')
			continue;
		symbol = canonical_symbol(typed->bv_val[i]);
		wrong = symbol == '\0' || found == count;
		if (!wrong)
			canonical[found++] = symbol;
	}
	wrong = wrong || found != count;
	if (!wrong)
		memcpy(ret_symbols, canonical, count + 1);
	sodium_memzero(canonical, sizeof(canonical));
	return wrong ? LK_ERR_MALFORMED : LK_OK;
}

void lk_symbols_hash(const unsigned char salt[LK_SALT_BYTES], const char *symbols, size_t count,
	const struct berval *entry_uuid, unsigned char ret_hash[LK_HASH_BYTES])
{
	crypto_generichash_state state;

	crypto_generichash_init(&state, salt, LK_SALT_BYTES, LK_HASH_BYTES);
	crypto_generichash_update(&state, (const unsigned char *)symbols, count);
	if (entry_uuid->bv_len > 0)
		crypto_generichash_update(&state, (const unsigned char *)entry_uuid->bv_val, entry_uuid->bv_len);
	crypto_generichash_final(&state, ret_hash, LK_HASH_BYTES);
	sodium_memzero(&state, sizeof(state));
}
