#include "client-text.h"

#include <glib.h>
#include <sodium.h>
#include <string.h>

#include "error.h"

int lk_text_compose(const char *text, struct berval *ret_text)
{
	if (text == NULL || *text == '\0')
		return LK_ERR_MALFORMED;

	/* g_utf8_normalize() makes something of what is not UTF-8, too. */
	if (!g_utf8_validate(text, -1, NULL))
		return LK_ERR_NOT_UTF8;
	/* ASCII is its own normal form; so GLib's work area, which it does not erase, sees as few passwords as can be. */
	char *composed = g_str_is_ascii(text) ? g_strdup(text) : g_utf8_normalize(text, -1, G_NORMALIZE_NFC);
	if (composed == NULL)
		return LK_ERR_NO_MEMORY;
	*ret_text = (struct berval){.bv_len = strlen(composed), .bv_val = composed};
	return LK_OK;
}

int lk_text_compose_optional(const char *text, struct berval *ret_text)
{
	if (text != NULL)
		return lk_text_compose(text, ret_text);
	*ret_text = (struct berval){0};
	return LK_OK;
}

void lk_text_free(struct berval *text)
{
	if (text->bv_val == NULL)
		return;
	sodium_memzero(text->bv_val, text->bv_len);
	g_free(text->bv_val);
	*text = (struct berval){0};
}
