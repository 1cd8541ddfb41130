#include "cli-trail.h"

#include <glib/gi18n.h>
#include <string.h>

#include "account-words.h"
#include "cli-output.h"

/* A line where TEXT, which fills {text} of TEMPLATE, says something. */
static void say_detail(const char *template, const char *text)
{
	if (*text != '\0')
		lk_cli_say(template, "text", text, NULL);
}

static void say_event(const struct lk_account_event *event)
{
	const char *words = lk_words_event(event->what, event->rule);
	char *when = lk_cli_time(event->time);

	if (*event->actor != '\0')
		lk_cli_say(_("  {time}: {event}, by {dn}"), "time", when, "event", words, "dn", event->actor, NULL);
	else
		lk_cli_say(_("  {time}: {event}, by the user"), "time", when, "event", words, NULL);
	if (!lk_words_event_is_of_the_user(event->what))
		say_detail(_("    Rule: {text}"), event->rule);
	say_detail(_("    Reason: {text}"), event->reason);
	say_detail(_("    Ticket: {text}"), event->ticket);
	say_detail(_("    Changed: {text}"), event->changed);
	say_detail(_("    From: {text}"), event->client);
	g_free(when);
}

void lk_cli_trail_say(const struct lk_account *account)
{
	char *damaged = g_strdup_printf("%zu", account->events_damaged);

	if (account->events_count > 0)
		lk_cli_say(_("What was done with this account:"), NULL);
	for (size_t i = 0; i < account->events_count; i++)
		say_event(&account->events[i]);
	if (account->events_damaged > 0)
		lk_cli_say(_("Stored events that are damaged and cannot be shown: {number}."), "number", damaged, NULL);
	g_free(damaged);
}

static void add_event(JsonBuilder *builder, const struct lk_account_event *event)
{
	const struct {
		const char *name, *text;
	} texts[] = {
		{"rule", event->rule},
		{"changed", event->changed},
		{"actor", event->actor},
		{"client", event->client},
		{"reason", event->reason},
		{"ticket", event->ticket},
	};

	json_builder_begin_object(builder);
	lk_cli_json_when(builder, "time", event->time);
	lk_cli_json_text(builder, "what", event->what);
	for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
		lk_cli_json_text(builder, texts[i].name, *texts[i].text == '\0' ? NULL : texts[i].text);
	json_builder_end_object(builder);
}

void lk_cli_trail_add(JsonBuilder *builder, const struct lk_account *account)
{
	json_builder_set_member_name(builder, "events");
	json_builder_begin_array(builder);
	for (size_t i = 0; i < account->events_count; i++)
		add_event(builder, &account->events[i]);
	json_builder_end_array(builder);
	lk_cli_json_number(builder, "eventsDamaged", (gint64)account->events_damaged);
}

void lk_cli_verdict_say(const struct lk_account *account)
{
	const char *sentence;

	if (account->verdict == NULL)
		return;
	sentence = strcmp(account->verdict, "allowed") == 0 ? _("You may reset the password of this user.")
														: lk_words_verdict(account->verdict);
	if (sentence != NULL)
		lk_cli_say("{text}", "text", sentence, NULL);
	else
		lk_cli_say(_("You may not reset the password of this user. The rule: {rule}"), "rule", account->verdict, NULL);
}
