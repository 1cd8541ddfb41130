#include "short-text.h"

#include <glib/gi18n.h>
#include <string.h>

#include "expand.h"

static const char with_code[] = NC_("mail", "Code: {secret}");
static const char with_password[] = NC_("mail", "Temporary password: {secret}");

/* Octets in EUC-KR; 0 where it has no such character. */
static size_t width_of(gunichar character)
{
	char utf8[6];
	gsize length = 0;

	if (character < 0x80)
		return g_unichar_iscntrl(character) ? 0 : 1;
	char *octets = g_convert(utf8, g_unichar_to_utf8(character, utf8), "EUC-KR", "UTF-8", NULL, &length, NULL);
	g_free(octets);
	return length;
}

/* Appends as much of TEXT as fits into ROOM octets; returns how many are left. */
static size_t append_fitting(struct lk_secret *out, const char *text, size_t room)
{
	for (const char *at = text; *at; at = g_utf8_next_char(at)) {
		size_t width = width_of(g_utf8_get_char(at));
		if (MAX(1, width) > room)
			break;
		lk_secret_append(out, width ? at : "?", width ? (size_t)(g_utf8_next_char(at) - at) : 1);
		room -= MAX(1, width);
	}
	return room;
}

static const char *pattern_of(const struct lk_envelope *envelope)
{
	bool is_password = envelope->kind == LK_KIND_TEMPORARY_PASSWORD || envelope->kind == LK_KIND_WELCOME;

	if (!envelope->secret.bv_len)
		return NULL;
	return is_password ? with_password : with_code;
}

static void write_news(const struct lk_language *language, const struct lk_envelope *envelope, const char *subject,
	struct lk_secret *ret_news)
{
	const char *pattern = pattern_of(envelope);
	struct lk_secret secret = {0}, news = {0};

	lk_secret_append(&secret, envelope->secret.bv_val, envelope->secret.bv_len);
	const struct lk_value values[] = {{"secret", lk_secret_text(&secret)}, {NULL}};
	const char *words = pattern ? lk_language_phrase(language, pattern) : subject;
	lk_expand(words, strlen(words), values, LK_FORM_TEXT, &news);
	append_fitting(ret_news, lk_secret_text(&news), LK_SHORT_MOST);
	lk_secret_wipe(&news);
	lk_secret_wipe(&secret);
}

static size_t octets_in(const char *text)
{
	size_t octets = 0;

	for (const char *at = text; *at; at = g_utf8_next_char(at))
		octets += MAX(1, width_of(g_utf8_get_char(at)));
	return octets;
}

void lk_short_text_write(const struct lk_language *language, const struct lk_envelope *envelope, const char *subject,
	struct lk_secret *ret_text)
{
	static const size_t frame = 3; /* brackets and a space */
	struct lk_secret news = {0};

	write_news(language, envelope, subject, &news);
	size_t used = octets_in(lk_secret_text(&news));
	if (envelope->organization.bv_len && used + frame + 2 <= LK_SHORT_MOST) {
		char *name = g_utf8_make_valid(envelope->organization.bv_val, (gssize)envelope->organization.bv_len);
		lk_secret_append_text(ret_text, "[");
		append_fitting(ret_text, name, LK_SHORT_MOST - used - frame);
		lk_secret_append_text(ret_text, "] ");
		g_free(name);
	}
	lk_secret_append(ret_text, lk_secret_text(&news), news.length);
	lk_secret_wipe(&news);
}
