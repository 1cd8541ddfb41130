/* See seal-keys.h. */
#include "seal-keys.h"

#include <pthread.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "../protocol/error.h"

struct lk_seal_keys {
	pthread_mutex_t mutex; /* guards all that follows; no key is made under it */
	unsigned char recipient[LK_KEY_BYTES];
	size_t count, wanted;
	bool ran_out; /* since they were last filled up */
	struct lk_seal_key *keys; /* LK_SEAL_KEYS_MOST, from sodium_allocarray() */
};

struct lk_seal_keys *lk_seal_keys_new(void)
{
	struct lk_seal_keys *keys = calloc(1, sizeof(*keys));

	if (keys == NULL)
		return NULL;
	keys->wanted = LK_SEAL_KEYS_LEAST;
	keys->keys = sodium_allocarray(LK_SEAL_KEYS_MOST, sizeof(*keys->keys));
	if (keys->keys == NULL || pthread_mutex_init(&keys->mutex, NULL) != 0) {
		sodium_free(keys->keys);
		free(keys);
		return NULL;
	}
	return keys;
}

void lk_seal_keys_free(struct lk_seal_keys *keys)
{
	if (keys == NULL)
		return;
	sodium_free(keys->keys);
	pthread_mutex_destroy(&keys->mutex);
	free(keys);
}

static bool are_for(const struct lk_seal_keys *keys, const unsigned char recipient[LK_KEY_BYTES])
{
	return memcmp(keys->recipient, recipient, LK_KEY_BYTES) == 0;
}

/* Erases what is for another recipient, and sees how many are wanted. */
static void begin(struct lk_seal_keys *keys, const unsigned char recipient[LK_KEY_BYTES])
{
	pthread_mutex_lock(&keys->mutex);
	if (!are_for(keys, recipient)) {
		sodium_memzero(keys->keys, keys->count * sizeof(*keys->keys));
		keys->count = 0;
		memcpy(keys->recipient, recipient, LK_KEY_BYTES);
	}
	if (keys->ran_out && keys->wanted < LK_SEAL_KEYS_MOST)
		keys->wanted *= 2;
	keys->ran_out = false;
	pthread_mutex_unlock(&keys->mutex);
}

static void put(struct lk_seal_keys *keys, const struct lk_seal_key *key)
{
	pthread_mutex_lock(&keys->mutex);
	keys->keys[keys->count++] = *key;
	pthread_mutex_unlock(&keys->mutex);
}

bool lk_seal_keys_are_wanted(struct lk_seal_keys *keys)
{
	bool wanted;

	if (keys == NULL)
		return false;
	pthread_mutex_lock(&keys->mutex);
	wanted = keys->ran_out || keys->count < keys->wanted;
	pthread_mutex_unlock(&keys->mutex);
	return wanted;
}

void lk_seal_keys_fill(struct lk_seal_keys *keys, const unsigned char recipient[LK_KEY_BYTES], bool (*may_go_on)(void))
{
	struct lk_seal_key key;

	if (keys == NULL)
		return;
	begin(keys, recipient);
	while (lk_seal_keys_count(keys) < keys->wanted && may_go_on() && lk_seal_key_make(recipient, &key) == LK_OK)
		put(keys, &key);
	sodium_memzero(&key, sizeof(key));
}

int lk_seal_keys_take(
	struct lk_seal_keys *keys, const unsigned char recipient[LK_KEY_BYTES], struct lk_seal_key *ret_key)
{
	bool taken;

	if (keys == NULL)
		return lk_seal_key_make(recipient, ret_key);
	pthread_mutex_lock(&keys->mutex);
	taken = keys->count > 0 && are_for(keys, recipient);
	if (taken) {
		*ret_key = keys->keys[--keys->count];
		sodium_memzero(&keys->keys[keys->count], sizeof(*ret_key));
	}
	keys->ran_out = keys->ran_out || !taken;
	pthread_mutex_unlock(&keys->mutex);
	return taken ? LK_OK : lk_seal_key_make(recipient, ret_key);
}

size_t lk_seal_keys_count(struct lk_seal_keys *keys)
{
	size_t count;

	pthread_mutex_lock(&keys->mutex);
	count = keys->count;
	pthread_mutex_unlock(&keys->mutex);
	return count;
}
