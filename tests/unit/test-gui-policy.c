/* What is said of a change of a policy before it is saved; and the tables of fields beside Latchkey's own parser. */
#include "support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dn.h"
#include "policy-check.h"
#include "policy-faults.h"
#include "policy-without.h"
#include "schema-generated.h"

#define MOST_LINES 6

/* A card from lines "attribute: value". */
static struct lk_policy_card *card_of(const struct lk_policy_kind *kind, const char *const *lines)
{
	struct lk_policy_card *card = lk_policy_card_new(kind);

	for (; *lines != NULL; lines++) {
		const char *colon = strchr(*lines, ':');
		g_autofree char *attribute = g_strndup(*lines, (gsize)(colon - *lines));
		int field = lk_policy_field_of(kind, attribute);
		assert_true(field >= 0);
		GStrvBuilder *values = g_strv_builder_new();
		g_strv_builder_addv(values, (const char **)card->values[field]);
		g_strv_builder_add(values, colon + 2);
		g_auto(GStrv) all = g_strv_builder_end(values);
		g_strv_builder_unref(values);
		lk_policy_card_set(card, (size_t)field, (const char *const *)all);
	}
	return card;
}

#define SCOPE "latchkeyScope: ou=people,dc=example,dc=org"

/* -- Faults -- */

static const struct {
	const char *name;
	const char *lines[MOST_LINES];
	const char *fault; /* the beginning; NULL: nothing speaks against it */
} faulty[] = {
	{"the least", {SCOPE}, NULL},
	{"no subtree", {"latchkeyResetMode: selfServiceOnly"}, "A policy needs at least one subtree"},
	{"nobody to reset", {SCOPE, "latchkeyResetMode: adminReset"}, "Administrators are to reset"},
	{"somebody to reset", {SCOPE, "latchkeyResetMode: adminReset", "latchkeyPasswordAdmins: cn=x"}, NULL},
	{"an unknown mode", {SCOPE, "latchkeyResetMode: x"}, "The directory would not take latchkeyResetMode as it stands"},
	{"no method", {SCOPE, "latchkeyMethod: "}, "At least one method"},
	{"two of one", {SCOPE, "latchkeyMethodsRequired: 2"}, "Two methods are needed"},
	{"two of two", {SCOPE, "latchkeyMethodsRequired: 2", "latchkeyMethod: mail", "latchkeyMethod: totp"}, NULL},
	{"no attribute", {SCOPE, "latchkeyAddressAttribute: a b"}, "Recovery addresses stand in attributes"},
	{"no login", {SCOPE, "latchkeyLoginAttribute: (uid)"}, "Users name themselves"},
	{"no domain", {SCOPE, "latchkeyInsideDomain: kim@example.org"}, "A mail domain"},
	{"no portal", {SCOPE, "latchkeyPortal: portal.example.org"}, "Where users sign in"},
	{"no language", {SCOPE, "latchkeyDefaultLanguage: 한국어"}, "The language"},
	{"no time zone", {SCOPE, "latchkeyTimeZone: ../etc/passwd"}, "The time zone"},
	{"no days", {SCOPE, "latchkeyExpiryNotice: soon"}, "The days before"},
	{"no contact", {SCOPE, "latchkeyContact: nobody"}, "Who is told that mails have failed"},
	{"no organization", {SCOPE, "latchkeyOrganization: a\tb"}, "The name of the organization"},
};

static char *faults_of(const struct lk_policy_kind *kind, const char *const *lines, const struct lk_findings *findings)
{
	struct lk_policy_card *card = card_of(kind, lines);
	char *faults = lk_policy_faults_of(card, findings);

	lk_policy_card_free(card);
	return faults;
}

static void test_what_the_parser_would_not_take(void **state)
{
	struct lk_findings findings = {.all = g_ptr_array_new(), .somebody = true, .oneself = true};

	(void)state;
	for (size_t i = 0; i < COUNT(faulty); i++) {
		g_autofree char *faults = faults_of(&lk_policy_of_recovery, faulty[i].lines, &findings);
		const char *fault = faulty[i].fault == NULL ? "" : faulty[i].fault;
		if (!g_str_has_prefix(faults, fault) || (*fault == '\0') != (*faults == '\0') || strchr(faults, '\n') != NULL)
			fail_msg("%s: %s", faulty[i].name, faults);
	}
	g_ptr_array_unref(findings.all);
}

static void test_what_the_directory_lacks(void **state)
{
	static const char *const lines[] = {SCOPE, NULL};
	struct lk_findings *findings = lk_findings_new();

	(void)state;
	lk_findings_add(findings, LK_FINDING_NO_DN, "people", NULL);
	lk_findings_add(findings, LK_FINDING_NO_ENTRY, "ou=gone", NULL);
	lk_findings_add(findings, LK_FINDING_NO_GROUP, "cn=empty", NULL);
	lk_findings_add(findings, LK_FINDING_NO_ATTRIBUTE, "mial", NULL);
	lk_findings_add(findings, LK_FINDING_TAKEN, "ou=people", "office");
	lk_findings_add(findings, LK_FINDING_NO_FILTER, "(", NULL);
	g_autofree char *faults = faults_of(&lk_policy_of_recovery, lines, findings);
	assert_string_equal(faults,
		"“people” is not the DN of an entry.\n"
		"There is no entry “ou=gone”, or none that you may see.\n"
		"“cn=empty” is not a group with members.\n"
		"The directory knows no attribute “mial”.\n"
		"The policy “office” governs “ou=people” already, and no two can govern one subtree.\n"
		"The accounts that are left out are given as one LDAP filter, such as (employeeType=service).\n"
		"Nobody would be left who can change this policy: its groups of global administrators have no members.");
	lk_findings_free(findings);
}

static const struct {
	const char *name;
	const char *lines[MOST_LINES];
	const char *fault;
} contradictions[] = {
	{"nothing", {NULL}, ""},
	{"length without a check", {"pwdMinLength: 8"}, "A least number of characters"},
	{"length with one", {"pwdMinLength: 8", "pwdCheckQuality: 1"}, ""},
	{"a lock without a number", {"pwdLockout: TRUE"}, "Failed sign-ins are to lock"},
	{"a lock with one", {"pwdLockout: TRUE", "pwdMaxFailure: 5"}, ""},
	{"too young for ever", {"pwdMaxAge: 100", "pwdMinAge: 100"}, "A password would expire"},
	{"warned at once", {"pwdMaxAge: 100", "pwdExpireWarning: 100"}, "Users would be warned"},
	{"never expires", {"pwdMinAge: 100", "pwdExpireWarning: 100"}, ""},
};

static void test_contradictions_of_passwords(void **state)
{
	struct lk_findings findings = {.all = g_ptr_array_new()};

	(void)state;
	for (size_t i = 0; i < COUNT(contradictions); i++) {
		g_autofree char *faults = faults_of(&lk_policy_of_passwords, contradictions[i].lines, &findings);
		if (!g_str_has_prefix(faults, contradictions[i].fault) ||
			(*contradictions[i].fault == '\0') != (*faults == '\0'))
			fail_msg("%s: %s", contradictions[i].name, faults);
	}
	g_ptr_array_unref(findings.all);
}

/* -- Consequences -- */

static const struct {
	const char *name;
	const char *before[MOST_LINES], *after[MOST_LINES];
	const char *said;
} consequences[] = {
	{"the same", {SCOPE}, {"latchkeyScope: OU=people, dc=example,dc=org"}, ""},
	{"the default, written out", {SCOPE}, {SCOPE, "latchkeyLiveCodes: 3"}, ""},
	{"the order of groups", {"latchkeyAuditors: cn=a", "latchkeyAuditors: cn=b"},
		{"latchkeyAuditors: cn=b", "latchkeyAuditors: cn=a"}, ""},
	{"to self-service", {"latchkeyResetMode: adminReset"}, {"latchkeyResetMode: selfServiceOnly"},
		"Nobody resets a password of these users any more, global administrators included: they recover by themselves "
		"only."},
	{"another delivery", {"latchkeyResetDelivery: code"}, {NULL},
		"A reset sends: so far a code, with which the user chooses a password, from then on a temporary password"},
	{"another subtree", {SCOPE}, {"latchkeyScope: ou=others"},
		"This policy governs everybody below ou=others from then on.\n"
		"This policy governs nobody below ou=people,dc=example,dc=org any more: there, what slapd allows holds, or the "
		"next policy "
		"above."},
	{"another group", {"latchkeyGlobalAdmins: cn=a"}, {"latchkeyGlobalAdmins: cn=b"},
		"The members of cn=b become global administrators.\nThe members of cn=a are global administrators no more."},
	{"a lifetime", {"latchkeyCodeLifetime: 600"}, {NULL},
		"How long a code is good: so far 10 minutes, from then on 15 minutes"},
	{"the order of attributes", {"latchkeyAddressAttribute: a", "latchkeyAddressAttribute: b"},
		{"latchkeyAddressAttribute: b", "latchkeyAddressAttribute: a"},
		"Attributes that hold recovery addresses, in this order: so far a, b, from then on b, a"},
};

static char *said(const struct lk_policy_kind *kind, const char *const *before, const char *const *after, bool oneself)
{
	struct lk_policy_card *was = card_of(kind, before), *is = card_of(kind, after);
	struct lk_findings findings = {.oneself = oneself};
	char *lines = lk_policy_consequences(was, is, &findings);

	lk_policy_card_free(was);
	lk_policy_card_free(is);
	return lines;
}

static void test_consequences(void **state)
{
	static const char *const nothing[] = {NULL};

	(void)state;
	for (size_t i = 0; i < COUNT(consequences); i++) {
		g_autofree char *lines = said(&lk_policy_of_recovery, consequences[i].before, consequences[i].after, true);
		if (strcmp(lines, consequences[i].said) != 0)
			fail_msg("%s: %s", consequences[i].name, lines);
	}
	g_autofree char *lost = said(&lk_policy_of_recovery, nothing, nothing, false);
	assert_string_equal(lost, "You yourself cannot change this policy afterwards.");
}

static void test_consequences_of_passwords(void **state)
{
	static const char *const none[] = {NULL}, *const old[] = {"pwdMaxAge: 7776000", "pwdMinLength: 8", NULL};

	(void)state;
	g_autofree char *shorter = said(&lk_policy_of_passwords, none, old, false);
	assert_string_equal(shorter,
		"Characters of a password, at least: so far any number, from then on 8\n"
		"How long a password works: so far for ever, from then on 90 days\n"
		"Passwords that are older than that expire at once, and their users have to choose another.\n"
		"Passwords that are shorter stay until they are changed.");
	g_autofree char *longer = said(&lk_policy_of_passwords, old, none, false);
	assert_null(strstr(longer, "expire at once"));
}

/* -- The tables -- */

static void count_fault(void *context, const char *name, const char *text)
{
	(void)text;
	if (strcmp(name, "latchkeyScope") != 0 && strcmp(name, "latchkeyMethodsRequired") != 0)
		++*(int *)context;
}

static int faults_with(const char *attribute, const char *value)
{
	const char *const values[] = {value, NULL}, *const mode[] = {"selfServiceOnly", NULL},
					  *const group[] = {"cn=x", NULL};
	const struct lk_policy_texts texts[] = {
		{attribute, values}, {"latchkeyGlobalAdmins", group}, {"latchkeyResetMode", mode}};
	int faults = 0;

	assert_true(lk_policy_faults(
		texts, strcmp(attribute, "latchkeyResetMode") == 0 ? COUNT(texts) - 1 : COUNT(texts), count_fault, &faults));
	return faults;
}

static void check_bounds(const struct lk_policy_field *field)
{
	const struct {
		long number;
		bool fits;
	} cases[] = {{field->least, true}, {field->most, true}, {field->least - 1, false}, {field->most + 1, false}};

	for (size_t i = 0; i < COUNT(cases); i++) {
		g_autofree char *text = g_strdup_printf("%ld", cases[i].number);
		if (strcmp(field->attribute, "latchkeyMethodsRequired") != 0 &&
			(faults_with(field->attribute, text) == 0) != cases[i].fits)
			fail_msg("%s: %s", field->attribute, text);
	}
}

static void check_words(const struct lk_policy_field *field)
{
	for (const struct lk_field_word *word = field->words; word->value != NULL; word++)
		assert_int_equal(faults_with(field->attribute, word->value), 0);
	assert_int_not_equal(faults_with(field->attribute, "anything else"), 0);
	if (field->none != NULL)
		assert_int_equal(faults_with(field->attribute, field->none), 0);
}

/* Bounds, words and presets are the overlay's. */
static void test_fields_are_what_the_parser_knows(void **state)
{
	(void)state;
	for (size_t i = 0; i < lk_policy_of_recovery.count; i++) {
		const struct lk_policy_field *field = &lk_policy_of_recovery.fields[i];
		if (field->type == LK_FIELD_NUMBER || field->type == LK_FIELD_SECONDS)
			check_bounds(field);
		if (field->words != NULL)
			check_words(field);
	}
}

/* Each attribute that the class allows, but for the description. */
static void test_no_attribute_is_left_out(void **state)
{
	const char *class = NULL;
	size_t found = 0;

	(void)state;
	for (size_t i = 0; lk_class_definitions[i] != NULL; i++) {
		if (strstr(lk_class_definitions[i], "'latchkeyPolicy'") != NULL)
			class = strstr(lk_class_definitions[i], "MAY");
	}
	assert_non_null(class);
	g_auto(GStrv) words = g_strsplit_set(class, " $()\n\t", -1);
	for (size_t i = 0; words[i] != NULL; i++) {
		if (!g_str_has_prefix(words[i], "latchkey"))
			continue;
		found++;
		if (lk_policy_field_of(&lk_policy_of_recovery, words[i]) < 0)
			fail_msg("%s is no field", words[i]);
	}
	assert_int_equal(found, lk_policy_of_recovery.count);
}

static const struct {
	long seconds;
	const char *words;
} durations[] = {{0, "0 seconds"}, {1, "1 second"}, {60, "1 minute"}, {90, "90 seconds"}, {900, "15 minutes"},
	{3600, "1 hour"}, {86400, "1 day"}, {90000, "25 hours"}, {1209600, "14 days"}};

static void test_durations(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(durations); i++) {
		g_autofree char *words = lk_policy_duration(durations[i].seconds);
		assert_string_equal(words, durations[i].words);
	}
}

static void test_a_part_in_words(void **state)
{
	static const char *const lines[] = {"latchkeyResetMode: unheard of", "latchkeyExclude: <b>&\xe2\x80\xae", NULL};
	struct lk_policy_card *card = card_of(&lk_policy_of_recovery, lines);

	(void)state;
	g_autofree char *words = lk_policy_part_words(card->kind, LK_PART_RESETS, (char *const *const *)card->values);
	assert_string_equal(words,
		"Who sets a new password: unheard of, which is not known; so only its owner, by recovery; nobody else, global "
		"administrators included\n"
		"The rules: what they forbid is refused\n"
		"A reset sends: a temporary password\n"
		"A reason for each reset: no\n"
		"Accounts that are left out, as an LDAP filter: <b>&\xef\xbf\xbd");
	lk_policy_card_free(card);
}

/* -- Without a policy -- */

#define HERE "latchkeyScope: ou=a,ou=people,dc=x"
#define NOBODY "No policy governs anybody below ou=a,ou=people,dc=x any more: "
#define NEXT "Everybody below ou=a,ou=people,dc=x is governed by the policy “next” from then on."
#define LAST "It is the last policy: "
#define OPENED "\nAdministrators may reset the passwords of these users."
#define SHUT "\nNobody resets a password of these users any more"

static const struct {
	const char *name;
	const char *gone[MOST_LINES];
	const char *other[MOST_LINES]; /* without lines there is no other */
	const char *begins, *holds, *lacks; /* HOLDS and LACKS may be NULL */
} removals[] = {
	{"the last", {HERE}, {NULL}, NOBODY, LAST, "Everybody"},
	{"another is beside it", {HERE}, {"latchkeyScope: ou=b,ou=people,dc=x"}, NOBODY, NULL, LAST},
	{"another is below it", {HERE}, {"latchkeyScope: ou=c,ou=a,ou=people,dc=x"}, NOBODY, NULL, LAST},
	{"another is above it", {HERE}, {"latchkeyScope: OU=People, dc=x"}, NEXT, NULL, "\n"},
	{"it opens resets", {HERE}, {"latchkeyScope: dc=x", "latchkeyResetMode: adminReset"}, NEXT OPENED, NULL, LAST},
	{"it shuts resets", {HERE, "latchkeyResetMode: adminReset"}, {"latchkeyScope: dc=x"}, NEXT SHUT, NULL, OPENED},
	{"it has roles", {HERE, "latchkeyAuditors: cn=a"}, {"latchkeyScope: dc=x"}, NEXT, "\nIts administrators", LAST},
	{"two subtrees", {HERE, "latchkeyScope: ou=b,dc=x"}, {"latchkeyScope: ou=people,dc=x"}, NEXT,
		"\nNo policy governs anybody below ou=b,dc=x any more: ", LAST},
};

static struct lk_policy_card *named_card(const char *name, const char *const *lines)
{
	struct lk_policy_card *card = card_of(&lk_policy_of_recovery, lines);

	card->name = g_strdup(name);
	card->dn = g_strdup_printf("cn=%s,dc=x", name);
	return card;
}

static void test_without_a_policy(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(removals); i++) {
		struct lk_policy_card *gone = named_card("gone", removals[i].gone), *other = NULL;
		struct lk_policy_card *of_passwords = lk_policy_card_new(&lk_policy_of_passwords);
		GPtrArray *cards = g_ptr_array_new();

		of_passwords->dn = g_strdup("cn=passwords,dc=x");
		g_ptr_array_add(cards, gone);
		g_ptr_array_add(cards, of_passwords);
		if (removals[i].other[0] != NULL)
			g_ptr_array_add(cards, other = named_card("next", removals[i].other));
		g_autofree char *words = lk_policy_without(gone, cards);
		if (!g_str_has_prefix(words, removals[i].begins) ||
			(removals[i].holds != NULL && strstr(words, removals[i].holds) == NULL) ||
			(removals[i].lacks != NULL && strstr(words, removals[i].lacks) != NULL))
			fail_msg("%s: %s", removals[i].name, words);
		g_ptr_array_unref(cards);
		lk_policy_card_free(gone);
		lk_policy_card_free(other);
		lk_policy_card_free(of_passwords);
	}
}

/* -- Names of entries -- */

static void test_names_below(void **state)
{
	(void)state;
	g_autofree char *plain = lk_dn_below("cn", "office", "ou=p,dc=x"),
					*odd = lk_dn_below("cn", " a,b=\"c\"+#; ", "dc=x");
	assert_string_equal(plain, "cn=office,ou=p,dc=x");
	assert_string_equal(odd, "cn=\\20a\\2Cb\\3D\\22c\\22\\2B\\23\\3B\\20,dc=x");
	assert_string_equal(lk_dn_parent(plain), "ou=p,dc=x");
	assert_string_equal(lk_dn_parent("cn=a\\,b,dc=x"), "dc=x");
	assert_string_equal(lk_dn_parent("dc=x"), "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_the_parser_would_not_take),
		cmocka_unit_test(test_what_the_directory_lacks),
		cmocka_unit_test(test_contradictions_of_passwords),
		cmocka_unit_test(test_consequences),
		cmocka_unit_test(test_consequences_of_passwords),
		cmocka_unit_test(test_fields_are_what_the_parser_knows),
		cmocka_unit_test(test_no_attribute_is_left_out),
		cmocka_unit_test(test_durations),
		cmocka_unit_test(test_a_part_in_words),
		cmocka_unit_test(test_without_a_policy),
		cmocka_unit_test(test_names_below),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
