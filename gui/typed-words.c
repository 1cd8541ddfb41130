#include "typed-words.h"

#include <glib.h>
#include <glib/gi18n.h>

#include "text.h"

#define GROUP 4
/* A printed code; more than that is no code that is being typed. */
#define MOST 24

static char *fault_of_unknown(const struct lk_client_typed *typed)
{
	char count[24];

	if (typed->symbols == 0)
		return g_strdup(
			_("This is no code. It looks like K7QF-2M9X-4TRB and has no U; it may help to copy it from the mail."));
	g_snprintf(count, sizeof count, "%zu", typed->symbols);
	return lk_text_fill(
		_("A code from a mail has 12 letters and digits, a printed one 24. This has {count}; compare it "
		  "with the mail."),
		"count", count, NULL);
}

char *lk_typed_fault(const struct lk_client_typed *typed, bool second)
{
	switch (typed->kind) {
	case LK_CLIENT_TYPED_MAILED:
	case LK_CLIENT_TYPED_PRINTED:
		return NULL;
	case LK_CLIENT_TYPED_TOTP:
		return second ? NULL
					  : g_strdup(_("Six digits are what an authenticator app shows. They count as the second proof; "
								   "here goes the code from the mail."));
	case LK_CLIENT_TYPED_NOTHING:
		return g_strdup(second ? _("Enter what your authenticator app shows, or a printed recovery code.")
							   : _("Enter the code from the mail, or a printed recovery code."));
	case LK_CLIENT_TYPED_TEMPORARY:
		return g_strdup(
			_("This is a temporary password, and no code. Sign in with it; you are asked for a new password then."));
	case LK_CLIENT_TYPED_SEVERAL:
		return g_strdup(
			_("There are several codes in what you pasted. Enter one of them alone, the one from the newest mail."));
	case LK_CLIENT_TYPED_UNKNOWN:
		break;
	}
	return second ? g_strdup(_("An authenticator app shows six digits, and a printed recovery code has 24 letters and "
							   "digits."))
				  : fault_of_unknown(typed);
}

char *lk_typed_note(const struct lk_client_typed *typed)
{
	if (!typed->from_hangul || *typed->code == '\0')
		return NULL;
	return lk_text_fill(_("The code was typed with the Korean input method on. It was understood as {code}."), "code",
		typed->code, NULL);
}

char *lk_typed_groups(const char *text)
{
	GString *groups = g_string_sized_new(MOST + MOST / GROUP);
	int count = 0;

	for (; *text != '\0' && count < MOST; text++) {
		if (!g_ascii_isalnum(*text))
			continue;
		if (count > 0 && count % GROUP == 0)
			g_string_append_c(groups, '-');
		g_string_append_c(groups, g_ascii_toupper(*text));
		count++;
	}
	return g_string_free(groups, FALSE);
}
