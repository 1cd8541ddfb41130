#include "words.h"

#include <glib/gi18n.h>
#include <string.h>

#include "text.h"

const char *lk_words_state(enum lk_state state)
{
	static const char *const words[] = {
		[LK_PERSON_BLOCKED] = N_("Sign-in blocked"),
		[LK_PERSON_LOCKED] = N_("Locked"),
		[LK_PERSON_CLOSED] = N_("Closed"),
		[LK_PERSON_TEMPORARY] = N_("Temporary password in use"),
		[LK_PERSON_MUST_CHANGE] = N_("Must change password"),
		[LK_PERSON_EXPIRED] = N_("Expired"),
		[LK_PERSON_EXPIRING] = N_("Expires soon"),
		[LK_PERSON_NO_ADDRESS] = N_("No recovery address"),
		[LK_PERSON_NORMAL] = N_("Normal"),
	};

	return _(words[state]);
}

static void add_block(GString *lines, const struct lk_account *account)
{
	if (account->blocked && account->blocked_since != 0)
		lk_text_add_time(lines, _("An administrator has blocked sign-in since {time}."), account->blocked_since);
	else if (account->blocked)
		lk_text_add_line(lines, g_strdup(_("An administrator has blocked sign-in.")));
}

static void add_lock(GString *lines, const struct lk_account *account)
{
	add_block(lines, account);
	if (account->lock == LK_ACCOUNT_OPEN && !account->blocked)
		lk_text_add_line(lines, g_strdup(_("The account is not locked.")));
	else if (account->lock == LK_ACCOUNT_CLOSED)
		lk_text_add_line(
			lines, g_strdup(_("An administrator has closed the account. Only an administrator can open it.")));
	else if (account->lock == LK_ACCOUNT_LOCKED && account->unlocks != 0)
		lk_text_add_time(lines, _("The account is locked after failed sign-ins, until {time}."), account->unlocks);
	else if (account->lock == LK_ACCOUNT_LOCKED)
		lk_text_add_line(lines, g_strdup(_("The account is locked after failed sign-ins.")));
}

static void add_expiry(GString *lines, const struct lk_account *account)
{
	char number[16];

	if (!account->expiry_known)
		return;
	g_snprintf(number, sizeof number, "%d", account->grace);
	if (account->expired && account->grace > 0)
		lk_text_add_line(lines,
			lk_text_fill(_("The password has expired. Sign-ins left with it: {number}."), "number", number, NULL));
	else if (account->expired)
		lk_text_add_line(lines, g_strdup(_("The password has expired.")));
	else if (account->expires != 0)
		lk_text_add_time(lines, _("The password expires on {time}."), account->expires);
	else if (account->temporary_until == 0)
		lk_text_add_line(lines, g_strdup(_("The password does not expire.")));
}

const char *lk_words_role(enum lk_role role)
{
	static const char *const names[] = {
		[LK_ROLE_NOBODYS] = "",
		[LK_ROLE_OF_AUDITOR] = N_("Auditor"),
		[LK_ROLE_OF_PASSWORD_ADMIN] = N_("Password administrator"),
		[LK_ROLE_OF_GLOBAL_ADMIN] = N_("Global administrator"),
	};

	return *names[role] == '\0' ? "" : _(names[role]);
}

static void add_role(GString *lines, enum lk_role role)
{
	if (role != LK_ROLE_NOBODYS)
		lk_text_add_line(lines, lk_text_fill(_("Role: {role}"), "role", lk_words_role(role), NULL));
}

char *lk_words_account(const struct lk_person *person, time_t now)
{
	const struct lk_account *account = person->account;
	GString *lines = g_string_new(NULL);

	add_role(lines, person->role);
	add_lock(lines, account);
	if (account->changed != 0)
		lk_text_add_time(lines, _("The password was set on {time}."), account->changed);
	if (account->temporary_until > now)
		lk_text_add_time(lines,
			_("The user has yet to choose a password. The temporary password or the code works until {time}."),
			account->temporary_until);
	else if (account->temporary_until != 0)
		lk_text_add_time(lines,
			_("The user has yet to choose a password. The temporary password or the code stopped working on {time}."),
			account->temporary_until);
	else if (account->must_change)
		lk_text_add_line(lines, g_strdup(_("At the next sign-in the user has to choose a new password.")));
	add_expiry(lines, account);
	if (person->last_sign_in != 0)
		lk_text_add_time(lines, _("The last sign-in was on {time}."), person->last_sign_in);
	return g_string_free(lines, FALSE);
}

/* METHOD is a value of latchkeyMethodState: a method, and of printed codes how many are left. */
static char *describe_method(const char *method)
{
	static const char codes[] = "recoveryCode";

	if (strcmp(method, "totp") == 0)
		return g_strdup(_("Authenticator app"));
	if (!g_str_has_prefix(method, codes))
		return lk_text_clean(method);
	char *left = g_strdup(method + strlen(codes));
	char *text = lk_text_fill(_("Recovery codes left: {number}"), "number", g_strstrip(left), NULL);
	g_free(left);
	return text;
}

static char *describe_more_addresses(unsigned count)
{
	char number[16];

	g_snprintf(number, sizeof number, "%u", count);
	return lk_text_fill(_("More recovery addresses: {number}"), "number", number, NULL);
}

char *lk_words_methods(const struct lk_person *person)
{
	GString *lines = g_string_new(NULL);

	for (size_t i = 0; person->addresses[i] != NULL; i++)
		lk_text_add_line(lines, lk_text_fill(_("Recovery address: {address}"), "address", person->addresses[i], NULL));
	if (person->more_addresses > 0)
		lk_text_add_line(lines, describe_more_addresses(person->more_addresses));
	for (size_t i = 0; person->methods[i] != NULL; i++)
		lk_text_add_line(lines, describe_method(person->methods[i]));
	if (lines->len == 0)
		lk_text_add_line(lines, g_strdup(_("None that you may see.")));
	return g_string_free(lines, FALSE);
}

char *lk_words_apart(const struct lk_person *person)
{
	const char *parts[] = {person->department, person->title, person->number};
	GString *text = g_string_new(NULL);

	for (size_t i = 0; i < G_N_ELEMENTS(parts); i++) {
		if (*parts[i] == '\0')
			continue;
		g_string_append(text, text->len > 0 ? " · " : "");
		g_string_append(text, parts[i]);
	}
	return g_string_free(text, FALSE);
}

char *lk_words_last_message(const struct lk_person *person)
{
	const struct lk_account_message *message = lk_person_last_message(person);

	if (message == NULL)
		return g_strdup("");
	/* TRANSLATORS: a mail and what became of it, in a list: "temporary password: sent". */
	return lk_text_fill(_("{kind}: {state}"), "kind", lk_words_kind(message->kind), "state",
		lk_words_delivery_short(message->state), NULL);
}

const char *lk_words_matter(enum lk_matter_kind kind)
{
	static const char *const words[] = {
		[LK_MATTER_FAILED] = N_("The mail could not be delivered"),
		[LK_MATTER_LAPSED] = N_("The temporary password has lapsed unused"),
		[LK_MATTER_LAPSING] = N_("The temporary password is about to lapse"),
		[LK_MATTER_DEFERRED] = N_("The mail is to be tried again"),
		[LK_MATTER_WAITING] = N_("The mail waits to be sent"),
		[LK_MATTER_UNCHANGED] = N_("Sent, and the password not changed yet"),
	};

	return _(words[kind]);
}

static void add_detail(GString *lines, const char *template, const char *text)
{
	if (*text != '\0')
		lk_text_add_line(lines, lk_text_fill(template, "text", text, NULL));
}

char *lk_words_event_details(const struct lk_account_event *event)
{
	GString *lines = g_string_new(NULL);

	if (*event->actor != '\0')
		add_detail(lines, _("By {text}"), event->actor);
	else
		lk_text_add_line(lines, g_strdup(_("By the user")));
	if (!lk_words_event_is_of_the_user(event->what))
		add_detail(lines, _("Rule: {text}"), event->rule);
	add_detail(lines, _("Reason: {text}"), event->reason);
	add_detail(lines, _("Ticket: {text}"), event->ticket);
	add_detail(lines, _("Changed: {text}"), event->changed);
	add_detail(lines, _("From: {text}"), event->client);
	return g_string_free(lines, FALSE);
}
