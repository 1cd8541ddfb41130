/* What people type, before it is sent. */
#include "latchkey.h"

#include <glib.h>
#include <sodium.h>
#include <string.h>

#include "hangul.h"
#include "typed-code.h"

G_STATIC_ASSERT(LK_CLIENT_TYPED_TEXT_MAX == LK_PRINTED_TEXT);

void lk_client_typed_read(const char *typed, struct lk_client_typed *ret_typed)
{
	struct berval text = {strlen(typed), (char *)typed};
	struct lk_typed found;

	lk_typed_read(&text, &found);
	*ret_typed = (struct lk_client_typed){
		.kind = (enum lk_client_typed_kind)found.kind,
		.from_hangul = found.from_hangul,
		.from_text = found.from_text,
		.symbols = found.symbols,
	};
	memcpy(ret_typed->code, found.code, sizeof ret_typed->code);
	sodium_memzero(&found, sizeof found);
}

static bool has_lone_letter(const char *text)
{
	for (; *text != '\0'; text = g_utf8_next_char(text))
		if (lk_hangul_is_lone(g_utf8_get_char(text)))
			return true;
	return false;
}

char *lk_client_typed_keys(const char *typed)
{
	char keys[LK_HANGUL_KEYS_MOST + 1];

	if (!g_utf8_validate(typed, -1, NULL) || !has_lone_letter(typed))
		return NULL;
	GString *text = g_string_new(NULL);
	for (; *typed != '\0'; typed = g_utf8_next_char(typed)) {
		if (lk_hangul_keys(g_utf8_get_char(typed), keys))
			g_string_append(text, keys);
		else
			g_string_append_unichar(text, g_utf8_get_char(typed));
	}
	char *copy = ldap_strdup(text->str);
	g_string_free(text, TRUE);
	return copy;
}
