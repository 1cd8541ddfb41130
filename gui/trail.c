#include "trail.h"

#include <glib/gi18n.h>
#include <string.h>

#include "csv.h"
#include "sentence.h"
#include "text.h"
#include "words.h"
#include "wrong-mode.h"

#define DAY 86400
#define CELL_MOST 4096 /* characters: more than any DN here */

const char *const lk_trail_kinds[] = {"reset", "recovery", "recoveryKept", "resend", "unlock", "block", "refused",
	"enrolment", "welcome", "misuse", "credential", "policy", "group", "move", NULL};

const char *const lk_trail_attributes[] = {
	"uid", "displayName", "cn", "departmentNumber", "ou", "title", "employeeNumber", "latchkeyEvent", NULL};

/* Days of UTC all have the same length, as POSIX counts. */
time_t lk_trail_day_begin(time_t when)
{
	return when - when % DAY;
}

void lk_trail_day(time_t when, char ret_text[LK_TRAIL_DAY_TEXT])
{
	g_autoptr(GDateTime) time = g_date_time_new_from_unix_utc(when);
	g_autofree char *text = time == NULL ? NULL : g_date_time_format(time, "%Y%m%d");

	g_strlcpy(ret_text, text == NULL ? "" : text, LK_TRAIL_DAY_TEXT);
}

char *lk_trail_filter(time_t when)
{
	char day[LK_TRAIL_DAY_TEXT];

	lk_trail_day(when, day);
	return g_strdup_printf("(latchkeyEventDay=%s)", day);
}

/* -- Who is looked for -- */

/* Most texts are DNs of ASCII, which need no more than that. */
static char *fold(const char *text)
{
	if (g_str_is_ascii(text))
		return g_ascii_strdown(text, -1);
	g_autofree char *valid = g_utf8_make_valid(text, -1);
	g_autofree char *composed = g_utf8_normalize(valid, -1, G_NORMALIZE_ALL_COMPOSE);

	return g_utf8_casefold(composed, -1);
}

static bool has_text(const char *const *texts, size_t count, const char *wanted)
{
	g_autofree char *folded = fold(wanted);
	bool found = false;

	for (size_t i = 0; i < count && !found; i++) {
		g_autofree char *text = fold(texts[i] == NULL ? "" : texts[i]);
		found = strstr(text, folded) != NULL;
	}
	return found;
}

static bool is_about(const char *typed, const struct lk_person *person, const struct lk_account_event *event)
{
	const struct lk_account *account = person->account;
	const char *const texts[] = {account->name, account->login, account->dn, event->actor};
	g_autofree char *stripped = typed == NULL ? NULL : g_strstrip(g_strdup(typed));

	if (stripped == NULL || *stripped == '\0' || has_text(texts, G_N_ELEMENTS(texts), stripped))
		return true;
	g_autofree char *hangul = lk_hangul_of_keys(stripped);
	return hangul != NULL && has_text(texts, G_N_ELEMENTS(texts), hangul);
}

bool lk_trail_fits(
	const struct lk_trail_wish *wish, const struct lk_person *person, const struct lk_account_event *event)
{
	if (event->time < wish->since || (wish->kind != NULL && strcmp(wish->kind, event->what) != 0))
		return false;
	return is_about(wish->typed, person, event);
}

/* -- Words -- */

char *lk_trail_title(const struct lk_person *person, const struct lk_account_event *event)
{
	/* TRANSLATORS: {name} is whose account it is, and {event} what was done with it. */
	return lk_text_fill(
		_("{name}: {event}"), "name", lk_person_name(person), "event", lk_words_event(event->what, event->rule), NULL);
}

void lk_trail_append_titles(GString *table)
{
	const char *titles[] = {_("Time"), _("Event"), _("Name"), _("User name"), _("DN"), _("By"), _("Rule"), _("Reason"),
		_("Ticket"), _("Changed attributes"), _("From"), NULL};

	lk_csv_append(table, titles);
}

/* In the order in which it sorts; with the zone, since whoever reads the table may sit elsewhere. */
static char *table_time(time_t when)
{
	g_autoptr(GDateTime) time = g_date_time_new_from_unix_local(when);

	return time == NULL ? g_strdup("") : g_date_time_format(time, "%Y-%m-%d %H:%M:%S %z");
}

void lk_trail_append(GString *table, const struct lk_person *person, const struct lk_account_event *event)
{
	g_autofree char *time = table_time(event->time);
	const char *values[] = {lk_words_event(event->what, event->rule), lk_person_name(person), person->account->login,
		person->account->dn, event->actor, event->rule, event->reason, event->ticket, event->changed, event->client};
	char *cells[G_N_ELEMENTS(values) + 2] = {time};

	for (size_t i = 0; i < G_N_ELEMENTS(values); i++)
		cells[i + 1] = lk_sentence_clean(values[i] == NULL ? "" : values[i], CELL_MOST);
	lk_csv_append(table, (const char *const *)cells);
	for (size_t i = 0; i < G_N_ELEMENTS(values); i++)
		g_free(cells[i + 1]);
}
