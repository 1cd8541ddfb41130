#include "cli-trail.h"

#include <glib/gi18n.h>
#include <string.h>

#include "cli-output.h"

/* WHAT, and where it is given RULE, as in slapo-latchkey(5). */
static const char *describe_event(const char *what, const char *rule)
{
	static const struct {
		const char *what, *rule, *words;
	} events[] = {
		{"reset", NULL, N_("password reset")},
		{"recovery", NULL, N_("recovery with a new password")},
		{"recoveryKept", NULL, N_("recovery, with the password kept")},
		{"resend", NULL, N_("mail sent again")},
		{"unlock", NULL, N_("unlocked")},
		{"block", NULL, N_("sign-in blocked")},
		{"refused", NULL, N_("an attempt was refused")},
		{"enrolment", "address", N_("a new recovery address")},
		{"enrolment", "totp", N_("a new authenticator app")},
		{"enrolment", "codes", N_("new recovery codes")},
		{"enrolment", NULL, N_("a new way of recovery")},
		{"welcome", NULL, N_("account created")},
		{"misuse", NULL, N_("misuse reported")},
		{"credential", NULL, N_("another way to sign in was changed")},
		{"policy", NULL, N_("the policy was changed")},
		{"group", NULL, N_("the role group was changed")},
		{"move", NULL, N_("moved to where another policy governs")},
	};

	for (size_t i = 0; i < G_N_ELEMENTS(events); i++) {
		if (strcmp(events[i].what, what) == 0 && (events[i].rule == NULL || strcmp(events[i].rule, rule) == 0))
			return _(events[i].words);
	}
	return what;
}

/* A line where TEXT, which fills {text} of TEMPLATE, says something. */
static void say_detail(const char *template, const char *text)
{
	if (*text != '\0')
		lk_cli_say(template, "text", text, NULL);
}

static bool is_of_the_user(const struct lk_account_event *event)
{
	return strcmp(event->what, "enrolment") == 0 || strcmp(event->what, "misuse") == 0;
}

static void say_event(const struct lk_account_event *event)
{
	const char *words = describe_event(event->what, event->rule);
	char *when = lk_cli_time(event->time);

	if (*event->actor != '\0')
		lk_cli_say(_("  {time}: {event}, by {dn}"), "time", when, "event", words, "dn", event->actor, NULL);
	else
		lk_cli_say(_("  {time}: {event}, by the user"), "time", when, "event", words, NULL);
	if (!is_of_the_user(event))
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
