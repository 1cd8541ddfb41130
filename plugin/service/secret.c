#include "secret.h"

#include <glib.h>
#include <pthread.h>
#include <sodium.h>
#include <string.h>

/* A mail fits, so that most texts never move; sodium_malloc() hands out whole pages anyway. */
#define FIRST_ROOM 16384
#define KEPT_MOST 32

/* Erased rooms of FIRST_ROOM octets, to be used again: to lock and unlock pages for each text would cost more than all
 * else that is done with a mail, and stop the other threads each time. */
static pthread_mutex_t kept_mutex = PTHREAD_MUTEX_INITIALIZER; /* guards what follows */
static char *kept[KEPT_MOST];
static size_t kept_count;

static char *take_room(size_t room)
{
	char *text = NULL;

	if (room == FIRST_ROOM) {
		pthread_mutex_lock(&kept_mutex);
		text = kept_count ? kept[--kept_count] : NULL;
		pthread_mutex_unlock(&kept_mutex);
	}
	return text ? text : sodium_malloc(room);
}

static void give_room_back(char *text, size_t room)
{
	if (room == FIRST_ROOM) {
		sodium_memzero(text, room);
		pthread_mutex_lock(&kept_mutex);
		if (kept_count < KEPT_MOST)
			kept[kept_count++] = g_steal_pointer(&text);
		pthread_mutex_unlock(&kept_mutex);
	}
	sodium_free(text); /* erases; takes NULL */
}

static void grow(struct lk_secret *secret, size_t needed)
{
	size_t room = secret->room ? secret->room : FIRST_ROOM;
	while (room < needed)
		room *= 2;

	char *text = take_room(room);
	if (!text)
		g_error("out of memory for a text of %zu octets", room);
	if (secret->text)
		memcpy(text, secret->text, secret->length + 1);
	give_room_back(secret->text, secret->room);
	secret->text = text;
	secret->room = room;
	text[secret->length] = '\0';
}

char *lk_secret_reserve(struct lk_secret *secret, size_t length)
{
	size_t needed = secret->length + length + 1;

	if (needed > secret->room)
		grow(secret, needed);
	return secret->text + secret->length;
}

void lk_secret_append(struct lk_secret *secret, const char *bytes, size_t length)
{
	char *place = lk_secret_reserve(secret, length);

	if (length)
		memcpy(place, bytes, length);
	place[length] = '\0';
	secret->length += length;
}

void lk_secret_append_text(struct lk_secret *secret, const char *text)
{
	lk_secret_append(secret, text, strlen(text));
}

const char *lk_secret_text(const struct lk_secret *secret)
{
	return secret->text ? secret->text : "";
}

void lk_secret_wipe(struct lk_secret *secret)
{
	give_room_back(secret->text, secret->room);
	*secret = (struct lk_secret){0};
}
