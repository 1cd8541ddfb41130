#include "spell.h"

#include <glib/gi18n.h>

#include "text.h"

char *lk_spell_letter(gunichar letter)
{
	char text[8] = {0};

	g_unichar_to_utf8(letter, text);
	if (g_unichar_isdigit(letter))
		return lk_text_fill(_("digit {letter}"), "letter", text, NULL);
	if (g_unichar_isupper(letter))
		return lk_text_fill(_("capital {letter}"), "letter", text, NULL);
	if (g_unichar_islower(letter))
		return lk_text_fill(_("small {letter}"), "letter", text, NULL);
	if (letter == '-')
		return g_strdup(_("hyphen -"));
	return lk_text_fill(_("sign {letter}"), "letter", text, NULL);
}

size_t lk_spell_group(const char *text)
{
	const char *at = text;

	for (int count = 0; *at != '\0' && *at != '-' && count < LK_SPELL_GROUP; count++)
		at = g_utf8_next_char(at);
	if (*at == '-')
		at++;
	return (size_t)(at - text);
}
