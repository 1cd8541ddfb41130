/* The tables. Bounds and presets are those of slapo-latchkey(5) and slapo-ppolicy(5); a test asks Latchkey's
 * parser about them. */
#include "policy-fields.h"

#include <glib/gi18n.h>
#include <stdlib.h>
#include <string.h>

#include "text.h"

#define MINUTE 60L
#define HOUR 3600L
#define DAY 86400L
#define YEARS (3650 * DAY)

static const struct lk_field_word modes[] = {
	{"selfServiceOnly", N_("only its owner, by recovery; nobody else, global administrators included")},
	{"adminReset", N_("its owner, and administrators")},
	{NULL, NULL},
};

static const struct lk_field_word enforcements[] = {
	{"enforce", N_("what they forbid is refused")},
	{"observe", N_("what they forbid is only logged, and let through")},
	{NULL, NULL},
};

static const struct lk_field_word deliveries[] = {
	{"temporaryPassword", N_("a temporary password")},
	{"code", N_("a code, with which the user chooses a password")},
	{NULL, NULL},
};

static const struct lk_field_word methods[] = {
	{"mail", N_("a code by mail")},
	{"totp", N_("an authenticator app")},
	{"recoveryCode", N_("printed recovery codes")},
	{NULL, NULL},
};

static const struct lk_field_word news[] = {
	{"passwordChanged", N_("the user, of a changed password")},
	{"accountUnlocked", N_("the user, of an unlocked account")},
	{"addressChanged", N_("the user, of changed recovery addresses")},
	{"resentElsewhere", N_("the user, of a password sent to another address")},
	{"administratorReset", N_("global administrators, of a reset of an administrator")},
	{"misuseReported", N_("global administrators, of misuse that a user reports")},
	{NULL, NULL},
};

static const struct lk_field_word qualities[] = {
	{"0", N_("not checked")},
	{"1", N_("checked where the directory can")},
	{"2", N_("checked; what cannot be checked is refused")},
	{NULL, NULL},
};

static const struct lk_policy_field recovery[] = {
	{"latchkeyScope", LK_FIELD_NAMES, LK_PART_SCOPE, N_("Subtrees"), .preset = "",
		.hint = N_("A policy needs at least one subtree that it governs.")},
	{"latchkeyResetMode", LK_FIELD_CHOICE, LK_PART_RESETS, N_("Who sets a new password"), .preset = "selfServiceOnly",
		.words = modes, .hint = N_("Administrators are to reset passwords, but no group of administrators is named.")},
	{"latchkeyEnforcement", LK_FIELD_CHOICE, LK_PART_RESETS, N_("The rules"), .preset = "enforce",
		.words = enforcements},
	{"latchkeyResetDelivery", LK_FIELD_CHOICE, LK_PART_RESETS, N_("A reset sends"), .preset = "temporaryPassword",
		.words = deliveries},
	{"latchkeyReasonRequired", LK_FIELD_SWITCH, LK_PART_RESETS, N_("A reason for each reset"), .preset = "FALSE"},
	{"latchkeyExclude", LK_FIELD_TEXT, LK_PART_RESETS, N_("Accounts that are left out, as an LDAP filter"),
		.preset = "",
		.hint = N_("The accounts that are left out are given as one LDAP filter, such as (employeeType=service).")},
	{"latchkeyGlobalAdmins", LK_FIELD_NAMES, LK_PART_ROLES, N_("Groups of global administrators"), .preset = ""},
	{"latchkeyPasswordAdmins", LK_FIELD_NAMES, LK_PART_ROLES, N_("Groups of password administrators"), .preset = ""},
	{"latchkeyAuditors", LK_FIELD_NAMES, LK_PART_ROLES, N_("Groups of auditors"), .preset = ""},
	{"latchkeyMethod", LK_FIELD_FLAGS, LK_PART_RECOVERY, N_("Methods of recovery"), .preset = "mail", .words = methods,
		.hint = N_("At least one method of recovery is needed.")},
	{"latchkeyMethodsRequired", LK_FIELD_NUMBER, LK_PART_RECOVERY, N_("Methods that a recovery needs"), .least = 1,
		.most = 2, .preset = "1",
		.hint = N_("Two methods are needed where only one is offered: nobody could recover.")},
	{"latchkeyAddressAttribute", LK_FIELD_LINES, LK_PART_RECOVERY,
		N_("Attributes that hold recovery addresses, in this order"), .preset = "latchkeyRecoveryAddress mail",
		.hint = N_("Recovery addresses stand in attributes, given by their names.")},
	{"latchkeyLoginAttribute", LK_FIELD_LINES, LK_PART_RECOVERY, N_("Attributes by which users name themselves"),
		.preset = "uid mail", .hint = N_("Users name themselves by attributes, given by their names.")},
	{"latchkeyInsideDomain", LK_FIELD_LINES, LK_PART_RECOVERY, N_("Mail domains that the lost password itself opens"),
		.preset = "", .hint = N_("A mail domain is given as example.org.")},
	{"latchkeyCodeLifetime", LK_FIELD_SECONDS, LK_PART_RECOVERY, N_("How long a code is good"),
		N_("How long a code is good, in minutes"), MINUTE, 60, DAY, "900"},
	{"latchkeyLiveCodes", LK_FIELD_NUMBER, LK_PART_RECOVERY, N_("Codes of one user that are good at once"), .least = 1,
		.most = 10, .preset = "3"},
	{"latchkeyAddressCooldown", LK_FIELD_SECONDS, LK_PART_RECOVERY,
		N_("How long an address that somebody else gave waits"),
		N_("How long an address that somebody else gave waits, in days"), DAY, 0, 30 * DAY, "259200",
		N_("it counts at once")},
	{"latchkeyTemporaryLifetime", LK_FIELD_SECONDS, LK_PART_TEMPORARY, N_("How long one works after a reset"),
		N_("How long one works after a reset, in hours"), HOUR, 300, 30 * DAY, "86400"},
	{"latchkeyWelcomeLifetime", LK_FIELD_SECONDS, LK_PART_TEMPORARY, N_("How long the first one of a new user works"),
		N_("How long the first one of a new user works, in days"), DAY, 3600, 90 * DAY, "1209600"},
	{"latchkeyTemporaryLength", LK_FIELD_NUMBER, LK_PART_TEMPORARY, N_("Characters of a generated password"),
		.least = 12, .most = 64, .preset = "16"},
	{"latchkeyOrganization", LK_FIELD_TEXT, LK_PART_MAILS, N_("Name of the organization"), .preset = "",
		.hint = N_("The name of the organization is one short text.")},
	{"latchkeyPortal", LK_FIELD_TEXT, LK_PART_MAILS, N_("Where users sign in"), .preset = "",
		.hint = N_("Where users sign in is given as one address that begins with https:// or http://.")},
	{"latchkeyDefaultLanguage", LK_FIELD_TEXT, LK_PART_MAILS, N_("Language of who has chosen none"), .preset = "en",
		.hint = N_("The language is given as one tag, such as ko or en-US.")},
	{"latchkeyTimeZone", LK_FIELD_TEXT, LK_PART_MAILS, N_("Time zone"), .preset = "UTC",
		.hint = N_("The time zone is given by one name, such as Asia/Seoul.")},
	{"latchkeyTell", LK_FIELD_FLAGS, LK_PART_MAILS, N_("Who is told of what"),
		.preset = "passwordChanged accountUnlocked addressChanged resentElsewhere administratorReset misuseReported",
		.words = news, .none = "nothing"},
	{"latchkeyExpiryNotice", LK_FIELD_LINES, LK_PART_MAILS,
		N_("Days before a password expires at which its owner is told"), .preset = "",
		.hint = N_("The days before a password expires are at most eight numbers from 1 to 365, or “default”.")},
	{"latchkeyContact", LK_FIELD_TEXT, LK_PART_MAILS, N_("Who is told that mails have failed"), .preset = "",
		.hint = N_("Who is told that mails have failed is given as one plain mail address.")},
};

static const struct lk_policy_field passwords[] = {
	{"pwdMinLength", LK_FIELD_NUMBER, LK_PART_PASSWORDS, N_("Characters of a password, at least"), .most = 512,
		.preset = "0", .zero = N_("any number")},
	{"pwdCheckQuality", LK_FIELD_CHOICE, LK_PART_PASSWORDS, N_("Length and quality"), .preset = "0",
		.words = qualities},
	{"pwdInHistory", LK_FIELD_NUMBER, LK_PART_PASSWORDS, N_("Passwords of before that are refused"), .most = 100,
		.preset = "0", .zero = N_("none")},
	{"pwdMustChange", LK_FIELD_SWITCH, LK_PART_PASSWORDS, N_("A password that an administrator set has to be changed"),
		.preset = "FALSE"},
	{"pwdMinAge", LK_FIELD_SECONDS, LK_PART_PASSWORDS, N_("How long before a password can be changed again"),
		N_("How long before a password can be changed again, in hours"), HOUR, 0, YEARS, "0", N_("it can be at once")},
	{"pwdMaxAge", LK_FIELD_SECONDS, LK_PART_EXPIRY, N_("How long a password works"),
		N_("How long a password works, in days"), DAY, 0, YEARS, "0", N_("for ever")},
	{"pwdExpireWarning", LK_FIELD_SECONDS, LK_PART_EXPIRY, N_("How long before that users are warned at sign-in"),
		N_("How long before that users are warned at sign-in, in days"), DAY, 0, YEARS, "0", N_("they are not")},
	{"pwdGraceAuthNLimit", LK_FIELD_NUMBER, LK_PART_EXPIRY, N_("Sign-ins with an expired password"), .most = 100,
		.preset = "0", .zero = N_("none")},
	{"pwdLockout", LK_FIELD_SWITCH, LK_PART_LOCKS, N_("Failed sign-ins lock an account"), .preset = "FALSE"},
	{"pwdMaxFailure", LK_FIELD_NUMBER, LK_PART_LOCKS, N_("Failed sign-ins before that"), .most = 1000, .preset = "0",
		.zero = N_("no number of them locks it")},
	{"pwdFailureCountInterval", LK_FIELD_SECONDS, LK_PART_LOCKS, N_("How long a failed sign-in counts"),
		N_("How long a failed sign-in counts, in minutes"), MINUTE, 0, YEARS, "0", N_("until the next that succeeds")},
	{"pwdLockoutDuration", LK_FIELD_SECONDS, LK_PART_LOCKS, N_("How long an account stays locked"),
		N_("How long an account stays locked, in minutes"), MINUTE, 0, YEARS, "0",
		N_("until an administrator unlocks it, or its owner recovers")},
};

const struct lk_policy_kind lk_policy_of_recovery = {"latchkeyPolicy", recovery, G_N_ELEMENTS(recovery)};
const struct lk_policy_kind lk_policy_of_passwords = {"pwdPolicy", passwords, G_N_ELEMENTS(passwords)};

int lk_policy_field_of(const struct lk_policy_kind *kind, const char *attribute)
{
	for (size_t i = 0; i < kind->count; i++) {
		if (g_ascii_strcasecmp(kind->fields[i].attribute, attribute) == 0)
			return (int)i;
	}
	return -1;
}

const char *lk_policy_part_title(enum lk_policy_part part)
{
	static const char *const titles[LK_PARTS] = {
		[LK_PART_SCOPE] = N_("Whom it governs"),
		[LK_PART_RESETS] = N_("Resets"),
		[LK_PART_ROLES] = N_("Administrators"),
		[LK_PART_RECOVERY] = N_("Recovery"),
		[LK_PART_TEMPORARY] = N_("Temporary passwords"),
		[LK_PART_MAILS] = N_("Mails"),
		[LK_PART_PASSWORDS] = N_("New passwords"),
		[LK_PART_EXPIRY] = N_("Expiry"),
		[LK_PART_LOCKS] = N_("Locks"),
	};

	return _(titles[part]);
}

/* -- Values in words -- */

/* TEMPLATE with {number}. */
static char *count(const char *template, long number)
{
	char text[24];

	g_snprintf(text, sizeof text, "%ld", number);
	return lk_text_fill(template, "number", text, NULL);
}

/* The greatest unit of which it is a whole number. */
char *lk_policy_duration(long seconds)
{
	gulong days = (gulong)(seconds / DAY), hours = (gulong)(seconds / HOUR), minutes = (gulong)(seconds / MINUTE);

	if (seconds != 0 && seconds % DAY == 0)
		return count(g_dngettext(GETTEXT_PACKAGE, "{number} day", "{number} days", days), (long)days);
	if (seconds != 0 && seconds % HOUR == 0)
		return count(g_dngettext(GETTEXT_PACKAGE, "{number} hour", "{number} hours", hours), (long)hours);
	if (seconds != 0 && seconds % MINUTE == 0)
		return count(g_dngettext(GETTEXT_PACKAGE, "{number} minute", "{number} minutes", minutes), (long)minutes);
	return count(g_dngettext(GETTEXT_PACKAGE, "{number} second", "{number} seconds", (gulong)seconds), seconds);
}

char **lk_policy_field_effective(const struct lk_policy_field *field, const char *const *values)
{
	if (values[0] != NULL)
		return g_strdupv((char **)values);
	return *field->preset == '\0' ? g_new0(char *, 1) : g_strsplit(field->preset, " ", -1);
}

static const char *word_of(const struct lk_policy_field *field, const char *value)
{
	for (const struct lk_field_word *word = field->words; word->value != NULL; word++) {
		if (g_ascii_strcasecmp(word->value, value) == 0)
			return _(word->words);
	}
	return NULL;
}

/* What is no word of a choice counts as the first, which is the strictest. */
static char *choice_words(const struct lk_policy_field *field, const char *value)
{
	const char *word = word_of(field, value);

	if (word != NULL)
		return g_strdup(word);
	return lk_text_fill(
		_("{value}, which is not known; so {words}"), "value", value, "words", _(field->words->words), NULL);
}

static char *one_value(const struct lk_policy_field *field, const char *value)
{
	bool is_zero = strcmp(value, "0") == 0;

	if (is_zero && field->zero != NULL)
		return g_strdup(_(field->zero));
	switch (field->type) {
	case LK_FIELD_CHOICE:
		return choice_words(field, value);
	case LK_FIELD_FLAGS:
		return field->none != NULL && g_ascii_strcasecmp(value, field->none) == 0
				   ? g_strdup(_("nobody, of nothing"))
				   : lk_text_clean(word_of(field, value) == NULL ? value : word_of(field, value));
	case LK_FIELD_SWITCH:
		return g_strdup(g_ascii_strcasecmp(value, "TRUE") == 0 ? _("yes") : _("no"));
	case LK_FIELD_SECONDS:
		return lk_policy_duration(atol(value));
	default:
		return lk_text_clean(value);
	}
}

char *lk_policy_field_words(const struct lk_policy_field *field, const char *const *values)
{
	g_auto(GStrv) effective = lk_policy_field_effective(field, values);
	GString *lines = g_string_new(NULL);

	for (size_t i = 0; effective[i] != NULL; i++)
		lk_text_add_line(lines, one_value(field, effective[i]));
	return g_string_free(lines, FALSE);
}

/* One value stands behind its title, several below it. */
static void add_field(GString *lines, const struct lk_policy_field *field, const char *const *values)
{
	g_autofree char *words = lk_policy_field_words(field, values);
	const char *end = strchr(words, '\n');

	if (*words == '\0')
		return;
	if (end == NULL) {
		lk_text_add_line(lines, lk_text_fill(_("{field}: {value}"), "field", _(field->title), "value", words, NULL));
		return;
	}
	lk_text_add_line(lines, lk_text_fill(_("{field}:"), "field", _(field->title), NULL));
	g_auto(GStrv) each = g_strsplit(words, "\n", -1);
	for (size_t i = 0; each[i] != NULL; i++)
		lk_text_add_line(lines, lk_text_fill(_("• {value}"), "value", each[i], NULL));
}

char *lk_policy_part_words(const struct lk_policy_kind *kind, enum lk_policy_part part, char *const *const *values)
{
	GString *lines = g_string_new(NULL);

	for (size_t i = 0; i < kind->count; i++) {
		if (kind->fields[i].part == part)
			add_field(lines, &kind->fields[i], (const char *const *)values[i]);
	}
	return g_string_free(lines, FALSE);
}
