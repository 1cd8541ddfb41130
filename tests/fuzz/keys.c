/* See keys.h. */
#include "keys.h"

#include <sodium.h>
#include <stdbool.h>

const struct lk_key_pair *fuzz_key_pair(void)
{
	static const unsigned char seed[crypto_box_SEEDBYTES];
	static struct lk_key_pair pair;
	static bool made;

	if (!made)
		crypto_box_seed_keypair(pair.public_key, pair.secret_key, seed);
	made = true;
	return &pair;
}
