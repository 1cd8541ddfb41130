#include "cli-trail.h"

#include <glib/gi18n.h>
#include <string.h>

#include "cli-output.h"

static const char *describe_event(const char *what)
{
	static const char *const events[][2] = {
		{"reset", N_("password reset")},
		{"recovery", N_("recovery with a new password")},
		{"recoveryKept", N_("recovery, with the password kept")},
		{"resend", N_("mail sent again")},
		{"unlock", N_("unlocked")},
		{"block", N_("sign-in blocked")},
		{"refused", N_("an attempt was refused")},
		{"enrolment", N_("a new way of recovery")},
		{"misuse", N_("misuse reported")},
	};

	for (size_t i = 0; i < G_N_ELEMENTS(events); i++) {
		if (strcmp(events[i][0], what) == 0)
			return _(events[i][1]);
	}
	return what;
}

/* A line where TEXT, which fills {text} of TEMPLATE, says something. */
static void say_detail(const char *template, const char *text)
{
	if (*text != '\0')
		lk_cli_say(template, "text", text, NULL);
}

static void say_event(const struct lk_account_event *event)
{
	char *when = lk_cli_time(event->time);

	if (*event->actor != '\0')
		lk_cli_say(_("  {time}: {event}, by {dn}"), "time", when, "event", describe_event(event->what), "dn",
			event->actor, NULL);
	else
		lk_cli_say(_("  {time}: {event}, by the user"), "time", when, "event", describe_event(event->what), NULL);
	if (strcmp(event->what, "refused") == 0)
		say_detail(_("    Rule: {text}"), event->rule);
	say_detail(_("    Reason: {text}"), event->reason);
	say_detail(_("    Ticket: {text}"), event->ticket);
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
	static const struct {
		const char *verdict, *sentence;
	} sentences[] = {
		{"allowed", N_("You may reset the password of this user.")},
		{"self-service-only", N_("This user recovers by themself only: nobody else can reset the password, global "
								 "administrators included.")},
		{"reset-needs-role", N_("You may not reset the password of this user. That is for password administrators and "
								"global administrators.")},
		{"reset-outranked", N_("Only a global administrator may reset the password of a global administrator.")},
		{"excluded", N_("The policy excludes this account from resets and recoveries.")},
		{"password-elsewhere",
			N_("The password of this account is kept in another system, and has to be changed there.")},
		{"blocked", N_("An administrator has blocked this account. It has to be unlocked first.")},
	};

	if (account->verdict == NULL)
		return;
	for (size_t i = 0; i < G_N_ELEMENTS(sentences); i++) {
		if (strcmp(sentences[i].verdict, account->verdict) == 0) {
			lk_cli_say("{text}", "text", _(sentences[i].sentence), NULL);
			return;
		}
	}
	lk_cli_say(_("You may not reset the password of this user. The rule: {rule}"), "rule", account->verdict, NULL);
}
