#include "own-words.h"

#include <glib/gi18n.h>
#include <string.h>

#include "dn.h"
#include "text.h"

enum actor { ANYBODY, SELF, OTHER };

/* The first row that fits counts. */
static const struct {
	const char *what;
	const char *rule; /* NULL: any */
	enum actor actor;
	const char *sentence;
} table[] = {
	{"reset", NULL, OTHER, N_("An administrator reset your password.")},
	{"reset", NULL, ANYBODY, N_("Your password was set anew.")},
	{"recovery", NULL, ANYBODY, N_("The account was recovered with a code, and a new password was chosen.")},
	{"recoveryKept", NULL, ANYBODY, N_("The account was recovered with a code, and the password was kept.")},
	{"resend", NULL, ANYBODY, N_("An administrator had a mail to you sent again.")},
	{"unlock", NULL, ANYBODY, N_("An administrator unlocked your account.")},
	{"block", NULL, ANYBODY, N_("An administrator blocked sign-in to your account.")},
	{"refused", NULL, ANYBODY, N_("Something that a rule forbids was tried with your account.")},
	{"enrolment", "address", ANYBODY, N_("A recovery address was added.")},
	{"enrolment", "totp", ANYBODY, N_("An authenticator app was set up.")},
	{"enrolment", "codes", ANYBODY, N_("New recovery codes were made.")},
	{"enrolment", NULL, ANYBODY, N_("A way of recovery was added.")},
	{"welcome", NULL, ANYBODY, N_("Your account was created.")},
	{"misuse", NULL, ANYBODY, N_("You reported that something was not you.")},
	{"credential", NULL, ANYBODY, N_("Another way to sign in to your account was changed.")},
	{"move", NULL, ANYBODY, N_("Your account was moved to where another policy governs.")},
};

static enum actor actor_of(const struct lk_account_event *event, const char *dn)
{
	if (*event->actor == '\0')
		return SELF;
	char *actor = lk_dn_fold(event->actor), *reader = lk_dn_fold(dn);
	enum actor who = strcmp(actor, reader) == 0 ? SELF : OTHER;
	g_free(actor);
	g_free(reader);
	return who;
}

const char *lk_own_words_event(const struct lk_account_event *event, const char *dn)
{
	enum actor actor = actor_of(event, dn);

	for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
		if (strcmp(table[i].what, event->what) != 0 ||
			(table[i].rule != NULL && strcmp(table[i].rule, event->rule) != 0))
			continue;
		if (table[i].actor == ANYBODY || table[i].actor == actor)
			return _(table[i].sentence);
	}
	return _("Something else happened to your account.");
}

static void add_line(GString *lines, char *line)
{
	g_string_append(lines, lines->len > 0 ? "\n" : "");
	g_string_append(lines, line);
	g_free(line);
}

char *lk_own_words_event_details(const struct lk_account_event *event, time_t now)
{
	GString *lines = g_string_new(NULL);

	add_line(lines, lk_text_when(event->time, now));
	if (*event->reason != '\0')
		add_line(lines, lk_text_fill(_("Reason: {text}"), "text", event->reason, NULL));
	return g_string_free(lines, FALSE);
}

static void add_time(GString *lines, const char *template, time_t when)
{
	char *time = lk_text_time(when);

	add_line(lines, lk_text_fill(template, "time", time, NULL));
	g_free(time);
}

char *lk_own_words_password(const struct lk_account *account)
{
	GString *lines = g_string_new(NULL);

	if (account->changed != 0)
		add_time(lines, _("The password was set on {time}."), account->changed);
	if (account->expiry_known && account->expired)
		add_line(lines, g_strdup(_("The password has expired.")));
	else if (account->expiry_known && account->expires != 0)
		add_time(lines, _("The password expires on {time}."), account->expires);
	return g_string_free(lines, FALSE);
}
