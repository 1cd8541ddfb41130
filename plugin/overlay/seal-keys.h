/* Seal keys made ahead, so that a request that queues a message does not wait for them: pure, and safe for threads.
 * They are kept in memory that is neither swapped nor dumped; each is handed out once, and erased here then. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "../protocol/envelope.h"

#define LK_SEAL_KEYS_LEAST 256
#define LK_SEAL_KEYS_MOST 4096

struct lk_seal_keys;

/* Empty, for no recipient yet. NULL when memory is short: then every key is made when it is asked for. */
struct lk_seal_keys *lk_seal_keys_new(void);
void lk_seal_keys_free(struct lk_seal_keys *keys); /* takes NULL */

/* Makes keys for RECIPIENT as long as some are wanted and MAY_GO_ON() says so: LK_SEAL_KEYS_LEAST, and twice as many
 * each time when too few had been made, up to LK_SEAL_KEYS_MOST. Those for another recipient are erased. For one thread
 * at a time; takes NULL. */
void lk_seal_keys_fill(struct lk_seal_keys *keys, const unsigned char recipient[LK_KEY_BYTES], bool (*may_go_on)(void));

/* Hands out one for RECIPIENT; where there is none, makes it, as lk_seal_key_make() does. KEYS may be NULL. */
int lk_seal_keys_take(
	struct lk_seal_keys *keys, const unsigned char recipient[LK_KEY_BYTES], struct lk_seal_key *ret_key);

/* Whether there is anything for lk_seal_keys_fill() to do; KEYS may be NULL. */
bool lk_seal_keys_are_wanted(struct lk_seal_keys *keys);

/* How many there are. */
size_t lk_seal_keys_count(struct lk_seal_keys *keys);
