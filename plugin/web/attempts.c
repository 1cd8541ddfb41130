#include "attempts.h"

#include <arpa/inet.h>
#include <glib.h>
#include <pthread.h>
#include <sodium.h>
#include <string.h>

#define PLACES 4096

struct place {
	time_t began;
	unsigned count;
};

struct lk_web_attempts {
	pthread_mutex_t mutex; /* guards the places */
	unsigned char key[crypto_shorthash_KEYBYTES];
	struct place places[PLACES];
};

struct lk_web_attempts *lk_web_attempts_new(void)
{
	struct lk_web_attempts *attempts = g_new0(struct lk_web_attempts, 1);

	pthread_mutex_init(&attempts->mutex, NULL);
	randombytes_buf(attempts->key, sizeof attempts->key);
	return attempts;
}

void lk_web_attempts_free(struct lk_web_attempts *attempts)
{
	if (attempts == NULL)
		return;
	pthread_mutex_destroy(&attempts->mutex);
	g_free(attempts);
}

/* Of an IPv6 address the network alone. */
static size_t place_of(const struct lk_web_attempts *attempts, const char *client)
{
	unsigned char octets[16] = {0}, hash[crypto_shorthash_BYTES];
	size_t length = 4, place;

	if (client != NULL && inet_pton(AF_INET, client, octets) != 1)
		length = inet_pton(AF_INET6, client, octets) == 1 ? 8 : 0;
	crypto_shorthash(hash, octets, length, attempts->key);
	memcpy(&place, hash, sizeof place);
	return place % PLACES;
}

static struct place *current(struct lk_web_attempts *attempts, const char *client, time_t now)
{
	struct place *place = &attempts->places[place_of(attempts, client)];

	if (now - place->began >= LK_WEB_ATTEMPTS_SECONDS || now < place->began)
		*place = (struct place){.began = now};
	return place;
}

bool lk_web_attempts_take(struct lk_web_attempts *attempts, const char *client, time_t now)
{
	pthread_mutex_lock(&attempts->mutex);
	struct place *place = current(attempts, client, now);
	bool may = place->count < LK_WEB_ATTEMPTS;
	if (may)
		place->count++;
	pthread_mutex_unlock(&attempts->mutex);
	return may;
}

void lk_web_attempts_forgive(struct lk_web_attempts *attempts, const char *client, time_t now)
{
	pthread_mutex_lock(&attempts->mutex);
	struct place *place = current(attempts, client, now);
	if (place->count > 0)
		place->count--;
	pthread_mutex_unlock(&attempts->mutex);
}
