#include "secret.h"

#include <glib.h>
#include <sodium.h>
#include <string.h>

struct lk_secret {
	size_t length;
	char *text; /* pages of their own, made by libsodium */
};

struct lk_secret *lk_secret_new(const char *text)
{
	if (text == NULL || *text == '\0' || sodium_init() < 0)
		return NULL;

	char *composed = g_str_is_ascii(text) ? g_strdup(text) : g_utf8_normalize(text, -1, G_NORMALIZE_NFC);
	if (composed == NULL)
		return NULL;
	size_t length = strlen(composed);
	char *pages = sodium_malloc(length + 1);
	struct lk_secret *secret = NULL;
	if (pages != NULL) {
		memcpy(pages, composed, length + 1);
		sodium_mprotect_noaccess(pages);
		secret = g_new0(struct lk_secret, 1);
		*secret = (struct lk_secret){.length = length, .text = pages};
	}
	lk_secret_wipe(composed);
	return secret;
}

const char *lk_secret_open(struct lk_secret *secret, size_t *ret_length)
{
	sodium_mprotect_readonly(secret->text);
	if (ret_length != NULL)
		*ret_length = secret->length;
	return secret->text;
}

void lk_secret_close(struct lk_secret *secret)
{
	sodium_mprotect_noaccess(secret->text);
}

void lk_secret_free(struct lk_secret *secret)
{
	if (secret == NULL)
		return;
	sodium_free(secret->text);
	g_free(secret);
}

void lk_secret_wipe(char *text)
{
	if (text == NULL)
		return;
	sodium_memzero(text, strlen(text));
	g_free(text);
}
