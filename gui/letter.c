#include "letter.h"

#include <glib/gi18n.h>
#include <sodium.h>

#include "print.h"
#include "spell.h"

/* As much room from the beginning as a name for each letter needs: a string that grows leaves what it held behind. */
#define ROOM 8192

static GString *spell(const char *password)
{
	GString *text = g_string_sized_new(ROOM);

	for (const char *at = password; *at != '\0'; at = g_utf8_next_char(at)) {
		char *name = lk_spell_letter(g_utf8_get_char(at));
		g_string_append(text, text->len > 0 ? " · " : "");
		g_string_append(text, name);
		lk_secret_wipe(name);
	}
	return text;
}

static char *explain(const char *validity)
{
	return g_strjoin(*validity == '\0' ? "" : "\n\n",
		_("With this password you can sign in. Nobody needs to know it but you: tell it to nobody, and destroy this "
		  "letter "
		  "once you have chosen a password of your own."),
		validity, NULL);
}

void lk_letter_print(GtkWindow *parent, const char *who, struct lk_secret *password, const char *validity)
{
	const char *value = lk_secret_open(password, NULL);
	char *lines[] = {(char *)value, NULL};
	GString *foot = spell(value);
	g_autofree char *text = explain(validity);
	struct lk_print_page page = {.title = _("Your temporary password for signing in"),
		.who = who,
		.text = text,
		.lines = lines,
		.foot = foot->str};

	lk_print(parent, &page);
	lk_secret_close(password);
	sodium_memzero(foot->str, foot->allocated_len);
	g_string_free(foot, TRUE);
}
