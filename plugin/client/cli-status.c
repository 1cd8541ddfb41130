#include "cli-commands.h"

#include <glib/gi18n.h>
#include <string.h>
#include <time.h>

#include "account-words.h"
#include "cli-errors.h"
#include "cli-output.h"
#include "cli-status.h"
#include "cli-trail.h"
#include "latchkey.h"

/* Fills {time} of TEMPLATE. */
static void say_time(const char *template, time_t when)
{
	char *text = lk_cli_time(when);

	lk_cli_say(template, "time", text, NULL);
	g_free(text);
}

static void say_number(const char *template, size_t number)
{
	char *text = g_strdup_printf("%zu", number);

	lk_cli_say(template, "number", text, NULL);
	g_free(text);
}

static void say_who(const struct lk_account *account)
{
	if (account->name != NULL && account->login != NULL)
		lk_cli_say("{name} ({login})", "name", account->name, "login", account->login, NULL);
	else if (account->name != NULL || account->login != NULL)
		lk_cli_say("{name}", "name", account->name != NULL ? account->name : account->login, NULL);
	lk_cli_say("{dn}", "dn", account->dn, NULL);
}

static void say_block(const struct lk_account *account)
{
	if (account->blocked && account->blocked_since != 0)
		say_time(_("An administrator has blocked sign-in since {time}."), account->blocked_since);
	else if (account->blocked)
		lk_cli_say(_("An administrator has blocked sign-in."), NULL);
}

static void say_lock(const struct lk_account *account)
{
	say_block(account);
	if (account->blocked && account->lock == LK_ACCOUNT_OPEN)
		return;
	switch (account->lock) {
	case LK_ACCOUNT_OPEN:
		lk_cli_say(_("The account is not locked."), NULL);
		break;
	case LK_ACCOUNT_LOCKED:
		if (account->unlocks != 0)
			say_time(_("The account is locked after failed sign-ins, until {time}."), account->unlocks);
		else
			lk_cli_say(_("The account is locked after failed sign-ins."), NULL);
		break;
	case LK_ACCOUNT_CLOSED:
		lk_cli_say(_("An administrator has closed the account. Only an administrator can open it."), NULL);
		break;
	}
}

static void say_expiry(const struct lk_account *account)
{
	if (!account->expiry_known)
		return;
	if (account->expired && account->grace > 0)
		say_number(_("The password has expired. Sign-ins left with it: {number}."), (size_t)account->grace);
	else if (account->expired)
		lk_cli_say(_("The password has expired."), NULL);
	else if (account->expires != 0)
		say_time(_("The password expires on {time}."), account->expires);
	else
		lk_cli_say(_("The password does not expire."), NULL);
}

static void say_temporary(const struct lk_account *account)
{
	if (account->temporary_until == 0)
		return;
	if (account->temporary_until > time(NULL))
		say_time(_("The user has yet to choose a password. The temporary password or the code works until {time}."),
			account->temporary_until);
	else
		say_time(
			_("The user has yet to choose a password. The temporary password or the code stopped working on {time}."),
			account->temporary_until);
}

static void say_password(const struct lk_account *account)
{
	if (account->changed != 0)
		say_time(_("The password was set on {time}."), account->changed);
	if (account->must_change)
		lk_cli_say(_("At the next sign-in the user has to choose a new password."), NULL);
	say_temporary(account);
	say_expiry(account);
	if (account->policy != NULL)
		lk_cli_say(_("Password policy: {dn}"), "dn", account->policy, NULL);
}

static void say_message(const struct lk_account_message *message)
{
	char *created = lk_cli_time(message->created);

	lk_cli_say(_("  {time}: {kind}, to {address}: {state}"), "time", created, "kind", lk_words_kind(message->kind),
		"address", message->to, "state", lk_words_delivery(message->state), NULL);
	if (strcmp(message->state, "deferred") == 0)
		say_time(_("    Next try: {time}"), message->due);
	if (*message->answer != '\0')
		lk_cli_say(_("    The mail server said: {text}"), "text", message->answer, NULL);
	if (message->expires != 0)
		say_time(_("    What it holds can be used until {time}."), message->expires);
	if (*message->actor != '\0')
		lk_cli_say(_("    Asked for by {dn}"), "dn", message->actor, NULL);
	lk_cli_say(_("    ID: {id}"), "id", message->id, NULL);
	g_free(created);
}

static void say_messages(const struct lk_account *account)
{
	if (account->messages_count == 0)
		lk_cli_say(_("There are no mails about this account that you may see."), NULL);
	else
		lk_cli_say(_("Mails about this account:"), NULL);
	for (size_t i = 0; i < account->messages_count; i++)
		say_message(&account->messages[i]);
	if (account->messages_failed > 0)
		say_number(_("Mails that could not be delivered, and of which nothing has come yet: {number}."),
			account->messages_failed);
	if (account->damaged > 0)
		say_number(_("Stored mails that are damaged and cannot be shown: {number}."), account->damaged);
}

void lk_cli_status_say_account(const struct lk_account *account)
{
	say_who(account);
	say_lock(account);
	say_password(account);
}

static void print_sentences(const struct lk_account *account)
{
	lk_cli_status_say_account(account);
	lk_cli_verdict_say(account);
	say_messages(account);
	lk_cli_trail_say(account);
}

static void add_message(JsonBuilder *builder, const struct lk_account_message *message)
{
	json_builder_begin_object(builder);
	lk_cli_json_text(builder, "id", message->id);
	lk_cli_json_text(builder, "kind", message->kind);
	lk_cli_json_text(builder, "state", message->state);
	lk_cli_json_number(builder, "tries", message->tries);
	lk_cli_json_when(builder, "created", message->created);
	lk_cli_json_when(builder, "due", message->due);
	lk_cli_json_when(builder, "expires", message->expires);
	lk_cli_json_text(builder, "language", message->language);
	lk_cli_json_text(builder, "to", message->to);
	lk_cli_json_text(builder, "actor", *message->actor == '\0' ? NULL : message->actor);
	lk_cli_json_text(builder, "answer", *message->answer == '\0' ? NULL : message->answer);
	json_builder_end_object(builder);
}

static void add_expiry(JsonBuilder *builder, const struct lk_account *account)
{
	json_builder_set_member_name(builder, "expired");
	if (account->expiry_known)
		json_builder_add_boolean_value(builder, account->expired);
	else
		json_builder_add_null_value(builder);
	lk_cli_json_when(builder, "expires", account->expires);
	json_builder_set_member_name(builder, "grace");
	if (account->grace >= 0)
		json_builder_add_int_value(builder, account->grace);
	else
		json_builder_add_null_value(builder);
}

void lk_cli_status_add_account(JsonBuilder *builder, const struct lk_account *account)
{
	static const char *const locks[] = {
		[LK_ACCOUNT_OPEN] = "open", [LK_ACCOUNT_LOCKED] = "locked", [LK_ACCOUNT_CLOSED] = "closed"};

	lk_cli_json_text(builder, "dn", account->dn);
	lk_cli_json_text(builder, "login", account->login);
	lk_cli_json_text(builder, "name", account->name);
	lk_cli_json_text(builder, "lock", locks[account->lock]);
	lk_cli_json_when(builder, "locked", account->locked);
	lk_cli_json_when(builder, "unlocks", account->unlocks);
	lk_cli_json_flag(builder, "blocked", account->blocked);
	lk_cli_json_when(builder, "blockedSince", account->blocked_since);
	lk_cli_json_when(builder, "passwordChanged", account->changed);
	lk_cli_json_flag(builder, "mustChange", account->must_change);
	lk_cli_json_when(builder, "temporaryUntil", account->temporary_until);
	add_expiry(builder, account);
	lk_cli_json_text(builder, "passwordPolicy", account->policy);
}

static void print_json(const struct lk_account *account)
{
	JsonBuilder *builder = lk_cli_json_begin(true);

	lk_cli_status_add_account(builder, account);
	json_builder_set_member_name(builder, "messages");
	json_builder_begin_array(builder);
	for (size_t i = 0; i < account->messages_count; i++)
		add_message(builder, &account->messages[i]);
	json_builder_end_array(builder);
	lk_cli_json_number(builder, "messagesFailed", (gint64)account->messages_failed);
	lk_cli_json_number(builder, "damaged", (gint64)account->damaged);
	lk_cli_trail_add(builder, account);
	lk_cli_json_text(builder, "resetVerdict", account->verdict);
	lk_cli_json_end(builder);
}

int lk_cli_status(const struct lk_cli_options *options, LDAP *ld)
{
	struct lk_account *account = NULL;
	int rc = lk_client_status(ld, options->user, options->base, &account);
	if (rc != LDAP_SUCCESS)
		return lk_cli_fail(options, LK_CLI_STEP_STATUS, ld, rc);

	if (options->json)
		print_json(account);
	else
		print_sentences(account);
	lk_client_account_free(account);
	return LK_CLI_DONE;
}
