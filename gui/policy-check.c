#include "policy-check.h"

#include <glib/gi18n.h>
#include <stdlib.h>
#include <string.h>

#include "policy-faults.h"
#include "text.h"

/* -- Findings -- */

static void finding_free(gpointer data)
{
	struct lk_finding *finding = data;

	g_free(finding->text);
	g_free(finding->more);
	g_free(finding);
}

struct lk_findings *lk_findings_new(void)
{
	struct lk_findings *findings = g_new0(struct lk_findings, 1);

	findings->all = g_ptr_array_new_with_free_func(finding_free);
	return findings;
}

void lk_findings_add(struct lk_findings *findings, enum lk_finding_kind kind, const char *text, const char *more)
{
	struct lk_finding *finding = g_new0(struct lk_finding, 1);

	*finding = (struct lk_finding){kind, g_strdup(text), g_strdup(more)};
	g_ptr_array_add(findings->all, finding);
}

void lk_findings_free(struct lk_findings *findings)
{
	if (findings == NULL)
		return;
	g_ptr_array_unref(findings->all);
	g_free(findings);
}

/* -- What speaks against it -- */

static const char *const *values_of(const struct lk_policy_card *card, size_t field)
{
	return (const char *const *)card->values[field];
}

static char *finding_words(const struct lk_finding *finding)
{
	switch (finding->kind) {
	case LK_FINDING_NO_DN:
		return lk_text_fill(_("“{text}” is not the DN of an entry."), "text", finding->text, NULL);
	case LK_FINDING_NO_ENTRY:
		return lk_text_fill(_("There is no entry “{text}”, or none that you may see."), "text", finding->text, NULL);
	case LK_FINDING_NO_GROUP:
		return lk_text_fill(_("“{text}” is not a group with members."), "text", finding->text, NULL);
	case LK_FINDING_NO_ATTRIBUTE:
		return lk_text_fill(_("The directory knows no attribute “{text}”."), "text", finding->text, NULL);
	case LK_FINDING_TAKEN:
		return lk_text_fill(_("The policy “{name}” governs “{text}” already, and no two can govern one subtree."),
			"name", finding->more, "text", finding->text, NULL);
	case LK_FINDING_NO_FILTER:
		return g_strdup(
			_("The accounts that are left out are given as one LDAP filter, such as (employeeType=service)."));
	}
	return g_strdup("");
}

struct telling {
	const struct lk_policy_card *card;
	GString *lines;
	guint64 told; /* a bit for each field */
};

/* What a choice says that is not known is no matter of how it has to be. */
static bool has_hint(const struct lk_policy_card *card, int field)
{
	const struct lk_policy_field *is = &card->kind->fields[field];
	const char *value = card->values[field][0];

	if (is->hint == NULL || is->type != LK_FIELD_CHOICE || value == NULL)
		return is->hint != NULL;
	for (const struct lk_field_word *word = is->words; word->value != NULL; word++) {
		if (g_ascii_strcasecmp(word->value, value) == 0)
			return true;
	}
	return false;
}

/* An lk_policy_fault: the hint of the field says how it has to be. */
static void tell_fault(void *context, const char *attribute, const char *text)
{
	struct telling *telling = context;
	int field = lk_policy_field_of(telling->card->kind, attribute);
	guint64 bit = field < 0 ? 0 : G_GUINT64_CONSTANT(1) << field;

	if ((telling->told & bit) != 0)
		return;
	telling->told |= bit;
	if (field >= 0 && has_hint(telling->card, field))
		lk_text_add_line(telling->lines, g_strdup(_(telling->card->kind->fields[field].hint)));
	else
		lk_text_add_line(telling->lines, lk_text_fill(_("The directory would not take {field} as it stands: {text}"),
											 "field", attribute, "text", text, NULL));
}

/* Latchkey's own parser has the word. It warns of a mode that is left out, too, but it takes it as it is shown here. */
static void ask_parser(const struct lk_policy_card *card, GString *lines)
{
	struct lk_policy_texts texts[LK_POLICY_FIELDS_MOST];
	struct lk_policy_card *complete = lk_policy_card_copy(card);
	struct telling telling = {card, lines, 0};

	lk_policy_card_complete(complete);
	for (size_t i = 0; i < card->kind->count; i++)
		texts[i] = (struct lk_policy_texts){card->kind->fields[i].attribute, values_of(complete, i)};
	lk_policy_faults(texts, card->kind->count, tell_fault, &telling);
	lk_policy_card_free(complete);
}

static const char *text_of(const struct lk_policy_card *card, const char *attribute)
{
	int field = lk_policy_field_of(card->kind, attribute);
	const char *value = field < 0 ? NULL : card->values[field][0];

	return value != NULL ? value : field < 0 ? "" : card->kind->fields[field].preset;
}

static long number_of(const struct lk_policy_card *card, const char *attribute)
{
	return atol(text_of(card, attribute));
}

static bool is_true(const struct lk_policy_card *card, const char *attribute)
{
	return g_ascii_strcasecmp(text_of(card, attribute), "TRUE") == 0;
}

/* slapo-ppolicy takes all of these, and then does not what one would think. */
static void check_passwords(const struct lk_policy_card *card, GString *lines)
{
	long age = number_of(card, "pwdMaxAge");

	if (number_of(card, "pwdMinLength") > 0 && number_of(card, "pwdCheckQuality") == 0)
		lk_text_add_line(lines, g_strdup(_("A least number of characters is kept only where passwords are checked.")));
	if (is_true(card, "pwdLockout") && number_of(card, "pwdMaxFailure") == 0)
		lk_text_add_line(lines, g_strdup(_("Failed sign-ins are to lock an account, but no number of them does.")));
	if (age > 0 && number_of(card, "pwdMinAge") >= age)
		lk_text_add_line(lines, g_strdup(_("A password would expire before it can be changed.")));
	if (age > 0 && number_of(card, "pwdExpireWarning") >= age)
		lk_text_add_line(
			lines, g_strdup(_("Users would be warned of the expiry of a password from its first day on.")));
}

char *lk_policy_faults_of(const struct lk_policy_card *after, const struct lk_findings *findings)
{
	GString *lines = g_string_new(NULL);

	for (guint i = 0; i < findings->all->len; i++)
		lk_text_add_line(lines, finding_words(findings->all->pdata[i]));
	if (after->kind == &lk_policy_of_passwords) {
		check_passwords(after, lines);
		return g_string_free(lines, FALSE);
	}
	ask_parser(after, lines);
	if (!findings->somebody)
		lk_text_add_line(lines, g_strdup(_("Nobody would be left who can change this policy: its groups of global "
										   "administrators have no members.")));
	return g_string_free(lines, FALSE);
}

/* -- What it will do -- */

static void add_each(GString *lines, const char *template, const struct lk_policy_field *field,
	const char *const *values, const char *const *others)
{
	for (; *values != NULL; values++) {
		if (!lk_policy_has_value(field, others, *values))
			lk_text_add_line(lines, lk_text_fill(template, "name", *values, NULL));
	}
}

struct change {
	const char *attribute;
	const char *added, *removed; /* of LK_FIELD_NAMES */
	const char *value; /* of the others: to which SENTENCE belongs */
	const char *sentence;
};

static const struct change changes[] = {
	{"latchkeyScope", N_("This policy governs everybody below {name} from then on."),
		N_("This policy governs nobody below {name} any more: there, what slapd allows holds, or the next policy "
		   "above."),
		NULL, NULL},
	{"latchkeyGlobalAdmins", N_("The members of {name} become global administrators."),
		N_("The members of {name} are global administrators no more."), NULL, NULL},
	{"latchkeyPasswordAdmins", N_("The members of {name} become password administrators."),
		N_("The members of {name} are password administrators no more."), NULL, NULL},
	{"latchkeyAuditors", N_("The members of {name} become auditors, who see the state and events of these users."),
		N_("The members of {name} are auditors no more."), NULL, NULL},
	{"latchkeyResetMode", NULL, NULL, "selfServiceOnly",
		N_("Nobody resets a password of these users any more, global administrators included: they recover by "
		   "themselves only.")},
	{"latchkeyResetMode", NULL, NULL, "adminReset", N_("Administrators may reset the passwords of these users.")},
	{"latchkeyEnforcement", NULL, NULL, "enforce", N_("What the rules forbid is refused, and not only logged.")},
	{"latchkeyEnforcement", NULL, NULL, "observe",
		N_("What the rules forbid is let through from then on: whoever slapd lets write a password resets it.")},
	{"latchkeyResetDelivery", NULL, NULL, "code",
		N_("No administrator gives or sees a password of these users any more.")},
};

/* Whether there was something to say. */
static bool add_change(
	GString *lines, const struct lk_policy_field *field, const char *const *before, const char *const *after)
{
	g_auto(GStrv) counts = lk_policy_field_effective(field, after);
	gsize so_far = lines->len;

	for (size_t i = 0; i < G_N_ELEMENTS(changes); i++) {
		const struct change *change = &changes[i];
		if (strcmp(change->attribute, field->attribute) != 0)
			continue;
		if (change->added != NULL) {
			add_each(lines, _(change->added), field, after, before);
			add_each(lines, _(change->removed), field, before, after);
		} else if (counts[0] != NULL && g_ascii_strcasecmp(counts[0], change->value) == 0) {
			lk_text_add_line(lines, g_strdup(_(change->sentence)));
		}
	}
	return lines->len > so_far;
}

/* The values on one line. */
static char *joined(const struct lk_policy_field *field, const char *const *values)
{
	g_autofree char *words = lk_policy_field_words(field, values);
	g_auto(GStrv) each = g_strsplit(words, "\n", -1);

	return *words == '\0' ? g_strdup(_("nothing")) : g_strjoinv(", ", each);
}

static void add_values(
	GString *lines, const struct lk_policy_field *field, const char *const *before, const char *const *after)
{
	g_autofree char *was = joined(field, before), *is = joined(field, after);

	if (strcmp(was, is) != 0)
		lk_text_add_line(lines, lk_text_fill(_("{field}: so far {before}, from then on {after}"), "field",
									_(field->title), "before", was, "after", is, NULL));
}

static bool is_shorter(long after, long before)
{
	return after > 0 && (before == 0 || after < before);
}

static void add_of_passwords(GString *lines, const struct lk_policy_card *before, const struct lk_policy_card *after)
{
	if (is_shorter(number_of(after, "pwdMaxAge"), number_of(before, "pwdMaxAge")))
		lk_text_add_line(lines,
			g_strdup(_("Passwords that are older than that expire at once, and their users have to choose another.")));
	if (number_of(after, "pwdMinLength") > number_of(before, "pwdMinLength"))
		lk_text_add_line(lines, g_strdup(_("Passwords that are shorter stay until they are changed.")));
}

char *lk_policy_consequences(
	const struct lk_policy_card *before, const struct lk_policy_card *after, const struct lk_findings *findings)
{
	GString *lines = g_string_new(NULL);

	for (size_t i = 0; i < after->kind->count; i++) {
		const struct lk_policy_field *field = &after->kind->fields[i];
		const char *const *was = values_of(before, i), *const *is = values_of(after, i);
		if (lk_policy_same(field, was, is))
			continue;
		if (!add_change(lines, field, was, is))
			add_values(lines, field, was, is);
	}
	if (after->kind == &lk_policy_of_passwords)
		add_of_passwords(lines, before, after);
	else if (!findings->oneself)
		lk_text_add_line(lines, g_strdup(_("You yourself cannot change this policy afterwards.")));
	return g_string_free(lines, FALSE);
}
