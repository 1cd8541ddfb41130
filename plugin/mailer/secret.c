#include "secret.h"

#include <glib.h>
#include <sodium.h>
#include <string.h>

/* A mail fits, so that most texts never move; sodium_malloc() hands out whole pages anyway. */
#define FIRST_ROOM 16384

static void grow(struct lk_secret *secret, size_t needed)
{
	size_t room = secret->room ? secret->room : FIRST_ROOM;
	while (room < needed)
		room *= 2;

	char *text = sodium_malloc(room);
	if (!text)
		g_error("out of memory for a text of %zu octets", room);
	if (secret->text)
		memcpy(text, secret->text, secret->length + 1);
	sodium_free(secret->text);
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
	sodium_free(secret->text); /* erases; takes NULL */
	*secret = (struct lk_secret){0};
}
