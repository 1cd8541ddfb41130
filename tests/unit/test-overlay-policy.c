/* Policies: what each attribute may say, what stands in for what cannot be used, and which policy governs whom. */
#include "support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policy.h"

#define ATTRIBUTES_MAX 16
#define VALUES_MAX 9

/* Attributes from lines of "name: value"; consecutive lines of one name are one attribute. */
struct source {
	char text[4096];
	struct lk_policy_attribute attributes[ATTRIBUTES_MAX];
	struct berval values[ATTRIBUTES_MAX][VALUES_MAX + 1];
	size_t count;
};

static void add_line(struct source *source, size_t *values, const char *name, char *value)
{
	if (source->count == 0 || strcmp(source->attributes[source->count - 1].name, name) != 0) {
		assert_true(source->count < ATTRIBUTES_MAX);
		source->attributes[source->count] = (struct lk_policy_attribute){name, source->values[source->count]};
		source->count++;
		*values = 0;
	}
	assert_true(*values < VALUES_MAX);
	source->values[source->count - 1][(*values)++] = (struct berval){strlen(value), value};
}

static void read_source(struct source *source, const char *lines)
{
	size_t values = 0;
	char *save = NULL;
	memset(source, 0, sizeof *source);
	assert_true(strlen(lines) < sizeof source->text);
	strcpy(source->text, lines);
	for (char *line = strtok_r(source->text, "\n", &save); line != NULL; line = strtok_r(NULL, "\n", &save)) {
		char *colon = strstr(line, ": ");
		assert_non_null(colon);
		*colon = '\0';
		add_line(source, &values, line, colon + 2);
	}
}

/* Keeps the names of the attributes that were warned of, in order. */
static void note_warning(void *context, const char *attribute, const char *text)
{
	char *warnings = context;
	assert_true(strlen(text) > 10);
	assert_true(strlen(warnings) + strlen(attribute) < 1000);
	if (*warnings != '\0')
		strcat(warnings, " ");
	strcat(warnings, attribute);
}

static struct lk_policy *parse(const char *dn, const char *lines, char *warnings)
{
	struct source source;
	struct berval name = {strlen(dn), (char *)dn};
	read_source(&source, lines);
	struct lk_policy *policy =
		lk_policy_parse(&name, source.attributes, source.count, warnings == NULL ? NULL : note_warning, warnings);
	memset(&source, 'x', sizeof source); /* a policy holds copies */
	assert_non_null(policy);
	return policy;
}

static void print_string(FILE *out, const struct berval *value)
{
	assert_int_equal(strlen(value->bv_val), value->bv_len);
	fputs(value->bv_val, out);
}

static void print_list(FILE *out, const struct berval *list)
{
	for (size_t i = 0; list != NULL && list[i].bv_val != NULL; i++) {
		fputs(i == 0 ? "" : "|", out);
		print_string(out, &list[i]);
	}
}

enum field {
	MODE,
	OBSERVE,
	SCOPES,
	GLOBALS,
	PASSWORDS,
	AUDITORS,
	LOGINS,
	ADDRESSES,
	INSIDE,
	METHODS,
	NUMBERS,
	TEXTS,
	TELL,
	DAYS,
	CONTACT
};

static void print_field(FILE *out, const struct lk_policy *policy, enum field field)
{
	const struct berval *const lists[] = {[SCOPES] = policy->scopes,
		[GLOBALS] = policy->global_admins,
		[PASSWORDS] = policy->password_admins,
		[AUDITORS] = policy->auditors,
		[LOGINS] = policy->login_attributes,
		[ADDRESSES] = policy->address_attributes,
		[INSIDE] = policy->inside_domains};
	switch (field) {
	case MODE:
		fputs(policy->mode == LK_MODE_ADMIN_RESET ? "adminReset" : "selfServiceOnly", out);
		fputs(policy->reset_by_code ? " by code" : "", out);
		return;
	case OBSERVE:
		fputs(policy->observe ? "observe" : "enforce", out);
		return;
	case METHODS:
		fprintf(out, "%u of %d", policy->methods, policy->methods_required);
		return;
	case NUMBERS:
		fprintf(out, "%ld %ld %ld %ld %d %d", (long)policy->code_lifetime, (long)policy->temporary_lifetime,
			(long)policy->welcome_lifetime, (long)policy->address_cooldown, policy->live_codes,
			policy->temporary_length);
		return;
	case TELL:
		fprintf(out, "%x", policy->tell);
		return;
	case CONTACT:
		print_string(out, &policy->contact);
		return;
	case DAYS:
		for (size_t i = 0; i < policy->expiry_days.count; i++)
			fprintf(out, " %u", policy->expiry_days.days[i]);
		return;
	case TEXTS:
		print_list(out,
			(struct berval[]){policy->language, policy->time_zone, policy->organization, policy->portal, {0, NULL}});
		return;
	default:
		print_list(out, lists[field]);
	}
}

static void expect_field(const struct lk_policy *policy, enum field field, const char *expected)
{
	char *text = NULL;
	size_t length;
	FILE *out = open_memstream(&text, &length);
	print_field(out, policy, field);
	fclose(out);
	if (strcmp(text, expected) != 0)
		fail_msg("got \"%s\", expected \"%s\"", text, expected);
	free(text);
}

/* Lines that every row has, so that it is warned of its own matter alone. */
#define SOUND "latchkeyScope: dc=x\nlatchkeyResetMode: selfServiceOnly\n"
#define DEFAULT_NUMBERS "900 86400 1209600 259200 3 16"

struct row {
	const char *lines;
	enum field field;
	const char *expected;
	const char *warnings;
};

static const struct row rows[] = {
	/* Defaults. */
	{SOUND, MODE, "selfServiceOnly", ""},
	{SOUND, OBSERVE, "enforce", ""},
	{SOUND, SCOPES, "dc=x", ""},
	{SOUND, GLOBALS, "", ""},
	{SOUND, LOGINS, "uid|mail", ""},
	{SOUND, ADDRESSES, "latchkeyRecoveryAddress|mail", ""},
	{SOUND, INSIDE, "", ""},
	{SOUND, METHODS, "1 of 1", ""},
	{SOUND, NUMBERS, DEFAULT_NUMBERS, ""},
	{SOUND "latchkeyResetDelivery: temporarypassword\n", MODE, "selfServiceOnly", ""},
	{SOUND "latchkeyResetDelivery: CODE\n", MODE, "selfServiceOnly by code", ""},
	{SOUND "latchkeyResetDelivery: pigeon\n", MODE, "selfServiceOnly by code", "latchkeyResetDelivery"},
	{SOUND "latchkeyResetDelivery: code\nlatchkeyResetDelivery: temporaryPassword\n", MODE, "selfServiceOnly by code",
		"latchkeyResetDelivery"},
	{SOUND, TEXTS, "en|||", ""},
	{SOUND, TELL, "3f", ""},

	/* The mode: once and in so many words, or the strict one. */
	{"latchkeyScope: dc=x\n", MODE, "selfServiceOnly", "latchkeyResetMode"},
	{"latchkeyScope: dc=x\nlatchkeyResetMode: adminreset\nlatchkeyGlobalAdmins: cn=g\n", MODE, "adminReset", ""},
	{"latchkeyScope: dc=x\nlatchkeyResetMode: adminReset\nlatchkeyPasswordAdmins: cn=p\n", PASSWORDS, "cn=p", ""},
	{"latchkeyScope: dc=x\nLATCHKEYRESETMODE: SELFSERVICEONLY\n", MODE, "selfServiceOnly", ""},
	{"latchkeyScope: dc=x\nlatchkeyResetMode: adminResets\n", MODE, "selfServiceOnly", "latchkeyResetMode"},
	{"latchkeyScope: dc=x\nlatchkeyResetMode: \n", MODE, "selfServiceOnly", "latchkeyResetMode"},
	{"latchkeyScope: dc=x\nlatchkeyResetMode: adminReset\nlatchkeyResetMode: adminReset\n", MODE, "selfServiceOnly",
		"latchkeyResetMode"},
	{"latchkeyResetMode: adminReset\nlatchkeyScope: dc=x\nlatchkeyResetMode: adminReset\n", MODE, "selfServiceOnly",
		"latchkeyResetMode"}, /* a second attribute of the name, as one with options would be */
	{"latchkeyScope: dc=x\nlatchkeyResetMode: adminReset\n", MODE, "adminReset", "latchkeyResetMode"},

	{SOUND "latchkeyEnforcement: Observe\n", OBSERVE, "observe", ""},
	{SOUND "latchkeyEnforcement: enforce\n", OBSERVE, "enforce", ""},
	{SOUND "latchkeyEnforcement: off\n", OBSERVE, "enforce", "latchkeyEnforcement"},
	{SOUND "latchkeyEnforcement: observe\nlatchkeyEnforcement: enforce\n", OBSERVE, "enforce", "latchkeyEnforcement"},

	{"latchkeyResetMode: selfServiceOnly\n", SCOPES, "", "latchkeyScope"},
	{SOUND "latchkeyScope: \nlatchkeyScope: ou=a,dc=x\n", SCOPES, "dc=x||ou=a,dc=x", ""},
	{SOUND "latchkeyGlobalAdmins: cn=a\nlatchkeyGlobalAdmins: cn=b\n", GLOBALS, "cn=a|cn=b", ""},
	{SOUND "latchkeyAuditors: cn=c\ncn: name\ndescription: text\n", AUDITORS, "cn=c", ""},

	/* Lists of attributes. */
	{SOUND "latchkeyLoginAttribute: employeeNumber\n", LOGINS, "employeeNumber", ""},
	{SOUND "latchkeyLoginAttribute: u id\nlatchkeyLoginAttribute: mail\n", LOGINS, "mail", "latchkeyLoginAttribute"},
	{SOUND "latchkeyLoginAttribute: (uid=*)\n", LOGINS, "", "latchkeyLoginAttribute"},
	{SOUND "latchkeyLoginAttribute: ;binary\n", LOGINS, "", "latchkeyLoginAttribute"},
	{SOUND "latchkeyAddressAttribute: {1}mail\nlatchkeyAddressAttribute: {0}privateMail\n", ADDRESSES,
		"privateMail|mail", ""},
	{SOUND "latchkeyAddressAttribute: {10}c\nlatchkeyAddressAttribute: z\nlatchkeyAddressAttribute: {2}b\n"
		   "latchkeyAddressAttribute: y\nlatchkeyAddressAttribute: {2}a\n",
		ADDRESSES, "b|a|c|z|y", ""},
	{SOUND "latchkeyAddressAttribute: {}a\nlatchkeyAddressAttribute: {1a\nlatchkeyAddressAttribute: {x}a\n"
		   "latchkeyAddressAttribute: {1}\nlatchkeyAddressAttribute: {1}{2}a\nlatchkeyAddressAttribute: {1\n"
		   "latchkeyAddressAttribute: {99999999999999999999}a\nlatchkeyAddressAttribute: {0}2.5.4.3\n",
		ADDRESSES, "2.5.4.3",
		"latchkeyAddressAttribute latchkeyAddressAttribute latchkeyAddressAttribute latchkeyAddressAttribute "
		"latchkeyAddressAttribute latchkeyAddressAttribute latchkeyAddressAttribute"},

	{SOUND
		"latchkeyInsideDomain: example.com\nlatchkeyInsideDomain: @Example.net\nlatchkeyInsideDomain: *.example.org.\n",
		INSIDE, "example.com|Example.net|example.org", ""},
	{SOUND "latchkeyInsideDomain: @\nlatchkeyInsideDomain: a@b.example\nlatchkeyInsideDomain: \xea\xb9\x80.example\n",
		INSIDE, "\xea\xb9\x80.example", "latchkeyInsideDomain latchkeyInsideDomain"},
	{SOUND "latchkeyInsideDomain: ...\nlatchkeyInsideDomain: \xff.example\n", INSIDE, "",
		"latchkeyInsideDomain latchkeyInsideDomain"},

	/* Methods: mail 1, totp 2, recoveryCode 4. */
	{SOUND "latchkeyMethod: TOTP\nlatchkeyMethod: mail\n", METHODS, "3 of 1", ""},
	{SOUND "latchkeyMethod: recoveryCode\n", METHODS, "4 of 1", ""},
	{SOUND "latchkeyMethod: sms\nlatchkeyMethod: mail\n", METHODS, "1 of 1", "latchkeyMethod"},
	{SOUND "latchkeyMethod: sms\n", METHODS, "0 of 1", "latchkeyMethod latchkeyMethod"},
	{SOUND "latchkeyMethodsRequired: 2\n", METHODS, "1 of 2", "latchkeyMethodsRequired"},
	{SOUND "latchkeyMethodsRequired: 2\nlatchkeyMethod: mail\nlatchkeyMethod: recoveryCode\n", METHODS, "5 of 2", ""},
	{SOUND "latchkeyMethodsRequired: 1\n", METHODS, "1 of 1", ""},
	{SOUND "latchkeyMethodsRequired: 3\nlatchkeyMethod: mail\nlatchkeyMethod: totp\n", METHODS, "3 of 2",
		"latchkeyMethodsRequired"},
	{SOUND "latchkeyMethodsRequired: 0\nlatchkeyMethod: mail\nlatchkeyMethod: totp\n", METHODS, "3 of 2",
		"latchkeyMethodsRequired"},

	/* What is told; a word that is not known leaves out nothing. */
	{SOUND "latchkeyTell: nothing\n", TELL, "0", ""},
	{SOUND "latchkeyTell: PASSWORDCHANGED\nlatchkeyTell: administratorReset\n", TELL, "11", ""},
	{SOUND "latchkeyTell: accountUnlocked\nlatchkeyTell: addressChanged\nlatchkeyTell: resentElsewhere\n", TELL, "e",
		""},
	{SOUND "latchkeyTell: nothing\nlatchkeyTell: addressChanged\n", TELL, "4", ""},
	{SOUND "latchkeyTell: passwordChange\n", TELL, "3f", "latchkeyTell"},
	{SOUND "latchkeyTell: nothing\nlatchkeyTell: \n", TELL, "3f", "latchkeyTell"},
	{SOUND "latchkeyTell: misuseReported\n", TELL, "20", ""},

	{SOUND, CONTACT, "", ""},
	{SOUND "latchkeyContact: help@example.org\n", CONTACT, "help@example.org", ""},
	{SOUND "latchkeyContact: help@example.org\nlatchkeyContact: desk@example.org\n", CONTACT, "", "latchkeyContact"},
	{SOUND "latchkeyContact: Help <help@example.org>\n", CONTACT, "", "latchkeyContact"},
	{SOUND "latchkeyContact: tel:+82-10-1234-5678\n", CONTACT, "", "latchkeyContact"},

	/* The days before an expiry: none unless they are listed, and in order. */
	{SOUND, DAYS, "", ""},
	{SOUND "latchkeyExpiryNotice: Default\n", DAYS, " 1 3 14", ""},
	{SOUND "latchkeyExpiryNotice: 30\nlatchkeyExpiryNotice: 7\nlatchkeyExpiryNotice: 30\n", DAYS, " 7 30", ""},
	{SOUND "latchkeyExpiryNotice: 2\nlatchkeyExpiryNotice: default\nlatchkeyExpiryNotice: 365\n", DAYS, " 1 2 3 14 365",
		""},
	{SOUND "latchkeyExpiryNotice: 0\nlatchkeyExpiryNotice: 366\nlatchkeyExpiryNotice: 7\nlatchkeyExpiryNotice: -1\n",
		DAYS, " 7", "latchkeyExpiryNotice latchkeyExpiryNotice latchkeyExpiryNotice"},
	{SOUND "latchkeyExpiryNotice: 14 days\nlatchkeyExpiryNotice: \n", DAYS, "",
		"latchkeyExpiryNotice latchkeyExpiryNotice"},
	{SOUND "latchkeyExpiryNotice: 9\nlatchkeyExpiryNotice: 8\nlatchkeyExpiryNotice: 7\nlatchkeyExpiryNotice: 6\n"
		   "latchkeyExpiryNotice: 5\nlatchkeyExpiryNotice: 4\nlatchkeyExpiryNotice: 3\nlatchkeyExpiryNotice: 2\n"
		   "latchkeyExpiryNotice: 1\n",
		DAYS, " 2 3 4 5 6 7 8 9", "latchkeyExpiryNotice"},

	/* Numbers, at their bounds and beyond. */
	{SOUND "latchkeyCodeLifetime: 60\nlatchkeyTemporaryLifetime: 300\nlatchkeyWelcomeLifetime: 3600\n"
		   "latchkeyLiveCodes: 1\nlatchkeyTemporaryLength: 12\nlatchkeyAddressCooldown: 0\n",
		NUMBERS, "60 300 3600 0 1 12", ""},
	{SOUND "latchkeyCodeLifetime: 86400\nlatchkeyTemporaryLifetime: 2592000\nlatchkeyWelcomeLifetime: 7776000\n"
		   "latchkeyLiveCodes: 10\nlatchkeyTemporaryLength: 64\nlatchkeyAddressCooldown: 2592000\n",
		NUMBERS, "86400 2592000 7776000 2592000 10 64", ""},
	{SOUND "latchkeyCodeLifetime: 59\nlatchkeyTemporaryLifetime: 299\nlatchkeyWelcomeLifetime: 3599\n"
		   "latchkeyLiveCodes: 0\nlatchkeyTemporaryLength: 11\n",
		NUMBERS, DEFAULT_NUMBERS,
		"latchkeyCodeLifetime latchkeyTemporaryLifetime latchkeyWelcomeLifetime latchkeyLiveCodes "
		"latchkeyTemporaryLength"},
	{SOUND "latchkeyCodeLifetime: 86401\nlatchkeyTemporaryLifetime: 2592001\nlatchkeyWelcomeLifetime: 7776001\n"
		   "latchkeyLiveCodes: 11\nlatchkeyTemporaryLength: 65\n",
		NUMBERS, DEFAULT_NUMBERS,
		"latchkeyCodeLifetime latchkeyTemporaryLifetime latchkeyWelcomeLifetime latchkeyLiveCodes "
		"latchkeyTemporaryLength"},
	{SOUND "latchkeyCodeLifetime: -60\nlatchkeyTemporaryLifetime: 18446744073709552516\nlatchkeyWelcomeLifetime: 1e6\n"
		   "latchkeyLiveCodes: \nlatchkeyTemporaryLength: 20\nlatchkeyTemporaryLength: 24\n",
		NUMBERS, DEFAULT_NUMBERS,
		"latchkeyCodeLifetime latchkeyTemporaryLifetime latchkeyWelcomeLifetime latchkeyLiveCodes "
		"latchkeyTemporaryLength"},

	{SOUND "latchkeyAddressCooldown: 2592001\n", NUMBERS, DEFAULT_NUMBERS, "latchkeyAddressCooldown"},
	{SOUND "latchkeyAddressCooldown: -1\n", NUMBERS, DEFAULT_NUMBERS, "latchkeyAddressCooldown"},
	{SOUND "latchkeyAddressCooldown: 0\nlatchkeyAddressCooldown: 1\n", NUMBERS, DEFAULT_NUMBERS,
		"latchkeyAddressCooldown"},

	/* Texts. */
	{SOUND "latchkeyDefaultLanguage: ko-KR\nlatchkeyTimeZone: Asia/Seoul\nlatchkeyOrganization: \xea\xb9\x80 & Co.\n"
		   "latchkeyPortal: https://login.example.com/\n",
		TEXTS, "ko-KR|Asia/Seoul|\xea\xb9\x80 & Co.|https://login.example.com/", ""},
	{SOUND "latchkeyDefaultLanguage: ko_KR\nlatchkeyTimeZone: ../../etc/passwd\nlatchkeyOrganization: a\tb\n"
		   "latchkeyPortal: javascript:alert(1)\n",
		TEXTS, "en|||", "latchkeyDefaultLanguage latchkeyTimeZone latchkeyOrganization latchkeyPortal"},
	{SOUND "latchkeyDefaultLanguage: -ko\nlatchkeyTimeZone: /etc/localtime\nlatchkeyOrganization: \xff\n"
		   "latchkeyPortal: https://\n",
		TEXTS, "en|||", "latchkeyDefaultLanguage latchkeyTimeZone latchkeyOrganization latchkeyPortal"},
	{SOUND "latchkeyDefaultLanguage: \nlatchkeyTimeZone: \nlatchkeyPortal: https://a b\n", TEXTS, "en|||",
		"latchkeyDefaultLanguage latchkeyTimeZone latchkeyPortal"},
	{SOUND "latchkeyDefaultLanguage: en-aaaaaaaa-aaaaaaaa-aaaaaaaa-aaaaaa\nlatchkeyTimeZone: Etc/GMT+9\n"
		   "latchkeyPortal: HTTP://intranet\n",
		TEXTS, "en|Etc/GMT+9||HTTP://intranet", "latchkeyDefaultLanguage"},
	{SOUND "latchkeyOrganization: A\nlatchkeyOrganization: B\nlatchkeyPortal: https://a\nlatchkeyPortal: https://b\n",
		TEXTS, "en|||", "latchkeyOrganization latchkeyPortal"},
};

static void test_rows(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		char warnings[1024] = "";
		struct lk_policy *policy = parse("cn=p,dc=x", rows[i].lines, warnings);
		expect_field(policy, rows[i].field, rows[i].expected);
		if (strcmp(warnings, rows[i].warnings) != 0)
			fail_msg("row %zu: warned of \"%s\", expected \"%s\"", i, warnings, rows[i].warnings);
		lk_policy_free(policy);
	}
}

static void test_empty_entry(void **state)
{
	(void)state;
	struct lk_policy_attribute without_values = {"latchkeyScope", NULL};
	struct berval dn = {9, "cn=p,dc=x"};
	char warnings[1024] = "";
	struct lk_policy *policy = lk_policy_parse(&dn, &without_values, 1, note_warning, warnings);
	assert_string_equal(warnings, "latchkeyResetMode latchkeyScope");
	assert_string_equal(policy->dn.bv_val, "cn=p,dc=x");
	assert_null(policy->scopes);
	lk_policy_free(policy);
	policy = lk_policy_parse(&dn, NULL, 0, NULL, NULL);
	assert_non_null(policy);
	lk_policy_free(policy);
	lk_policy_free(NULL);
}

static void test_long_texts_are_left_out(void **state)
{
	(void)state;
	static const struct {
		size_t length;
		bool kept;
	} cases[] = {{1024, true}, {1025, false}};
	char text[1026];
	memset(text, 'a', sizeof text);
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct berval dn = {0, ""}, values[] = {{cases[i].length, text}, {0, NULL}};
		struct lk_policy_attribute attribute = {"latchkeyOrganization", values};
		struct lk_policy *policy = lk_policy_parse(&dn, &attribute, 1, NULL, NULL);
		assert_int_equal(policy->organization.bv_len, cases[i].kept ? cases[i].length : 0);
		lk_policy_free(policy);
	}
}

static void test_values_with_a_nul(void **state)
{
	(void)state;
	struct berval dn = {0, ""};
	static const char *const names[] = {"latchkeyResetMode", "latchkeyInsideDomain", "latchkeyAddressAttribute",
		"latchkeyDefaultLanguage", "latchkeyTimeZone", "latchkeyPortal"};
	static struct berval values[] = {{11, "adminReset\0"}, {3, "\0.a"}, {3, "a\0b"}, {0, NULL}};
	for (size_t i = 0; i < COUNT(names); i++) {
		struct lk_policy_attribute attribute = {names[i], values};
		struct lk_policy *policy = lk_policy_parse(&dn, &attribute, 1, NULL, NULL);
		assert_int_equal(policy->mode, LK_MODE_SELF_SERVICE_ONLY);
		assert_null(policy->inside_domains);
		expect_field(policy, TEXTS, "en|||");
		if (strcmp(names[i], "latchkeyAddressAttribute") == 0)
			assert_null(policy->address_attributes);
		lk_policy_free(policy);
	}
}

static void test_dn_is_within(void **state)
{
	(void)state;
	static const struct {
		const char *dn, *ancestor;
		bool within;
	} cases[] = {
		{"dc=x", "dc=x", true},
		{"ou=a,dc=x", "dc=x", true},
		{"cn=b,ou=a,dc=x", "dc=x", true},
		{"ou=a,dc=x", "ou=a,dc=x", true},
		{"dc=x", "ou=a,dc=x", false},
		{"ou=b,dc=x", "ou=a,dc=x", false},
		{"ou=ba,dc=x", "a,dc=x", false},
		{"adc=x", "dc=x", false},
		{"cn=a\\2Cdc=x", "dc=x", false},
		{"cn=a\\2Cb,dc=x", "dc=x", true},
		{"cn=a\\2Cb,dc=x", "b,dc=x", false},
		{"cn=a\\2Cb,dc=x", "cn=a\\2Cb,dc=x", true},
		{"uid=k+cn=a,dc=x", "cn=a,dc=x", false},
		{"dc=X", "dc=x", false}, /* both are normalized by whoever asks */
		{"", "", true},
		{"dc=x", "", true},
		{"", "dc=x", false},
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct berval dn = {strlen(cases[i].dn), (char *)cases[i].dn};
		struct berval ancestor = {strlen(cases[i].ancestor), (char *)cases[i].ancestor};
		if (lk_dn_is_within(&dn, &ancestor) != cases[i].within)
			fail_msg("\"%s\" within \"%s\"", cases[i].dn, cases[i].ancestor);
	}
}

static void test_dn_is_among(void **state)
{
	const struct berval some[] = {BV("cn=a,dc=x"), BV("dc=x"), NONE}, empty[] = {BV(""), NONE};
	const struct {
		const struct berval *dns;
		struct berval dn;
		bool among;
	} cases[] = {
		{some, BV("cn=a,dc=x"), true},
		{some, BV("dc=x"), true},
		{some, BV("cn=b,dc=x"), false},
		{some, BV("cn=b,cn=a,dc=x"), false},
		{some, BV("c=x"), false},
		{some, NONE, false},
		{some + 2, BV("dc=x"), false},
		{empty, BV(""), true},
		{empty, NONE, true},
		{NULL, BV("dc=x"), false},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		if (lk_dn_is_among(cases[i].dns, &cases[i].dn) != cases[i].among)
			fail_msg("case %zu", i);
	}
}

#define ADMIN_OF(group) "latchkeyResetMode: adminReset\nlatchkeyGlobalAdmins: " group "\n"
#define SELF "latchkeyResetMode: selfServiceOnly\n"

static const struct {
	const char *dn, *lines;
} directory[] = {
	{"cn=top", ADMIN_OF("cn=g") "latchkeyScope: dc=x\n"},
	{"cn=people", SELF "latchkeyScope: ou=people,dc=x\nlatchkeyScope: ou=staff,dc=x\n"},
	{"cn=deep", ADMIN_OF("cn=g") "latchkeyScope: ou=people,dc=x\nlatchkeyScope: ou=lab,ou=people,dc=x\n"},
	{"cn=nothing", SELF},
	{"cn=a-watch", ADMIN_OF("cn=g") "latchkeyScope: ou=trial,dc=x\nlatchkeyEnforcement: observe\n"},
	{"cn=act", ADMIN_OF("cn=g") "latchkeyScope: ou=trial,dc=x\n"},
	{"cn=b", SELF "latchkeyScope: ou=twins,dc=x\n"},
	{"cn=aa", SELF "latchkeyScope: ou=twins,dc=x\n"},
	{"cn=a", SELF "latchkeyScope: ou=twins,dc=x\n"},
	{"cn=loose", SELF "latchkeyScope: ou=mixed,dc=x\nlatchkeyEnforcement: observe\n"},
	{"cn=firm", ADMIN_OF("cn=g") "latchkeyScope: ou=mixed,dc=x\n"},
};

static const struct {
	const char *dn, *policy;
} governed[] = {
	{"dc=x", "cn=top"},
	{"uid=kim,dc=x", "cn=top"},
	{"ou=people2,dc=x", "cn=top"},
	{"uid=kim,ou=people,dc=x", "cn=people"}, /* of two with one scope the self-service one */
	{"ou=staff,dc=x", "cn=people"},
	{"uid=kim,ou=lab,ou=people,dc=x", "cn=deep"}, /* the nearest, also within a stricter one */
	{"uid=kim,ou=trial,dc=x", "cn=act"}, /* enforcing before observing */
	{"uid=kim,ou=twins,dc=x", "cn=a"}, /* the lesser DN */
	{"uid=kim,ou=mixed,dc=x", "cn=loose"}, /* the mode counts before the enforcement */
	{"uid=kim\\2Cou=staff,dc=x", "cn=top"},
	{"dc=y", NULL},
	{"adc=x", NULL},
	{"", NULL},
};

static void expect_governed(struct lk_policy *const *policies, size_t count)
{
	for (size_t i = 0; i < COUNT(governed); i++) {
		struct berval dn = {strlen(governed[i].dn), (char *)governed[i].dn};
		const struct lk_policy *policy = lk_policy_for(policies, count, &dn);
		const char *name = policy == NULL ? "none" : policy->dn.bv_val;
		const char *expected = governed[i].policy == NULL ? "none" : governed[i].policy;
		if (strcmp(name, expected) != 0)
			fail_msg("%s: governed by %s, expected %s", governed[i].dn, name, expected);
	}
}

static void test_policy_for(void **state)
{
	(void)state;
	struct lk_policy *policies[COUNT(directory)];
	size_t count = COUNT(directory);
	for (size_t i = 0; i < count; i++)
		policies[i] = parse(directory[i].dn, directory[i].lines, NULL);
	for (size_t turn = 0; turn < count; turn++) { /* the order in which they stand never counts */
		struct lk_policy *first = policies[0];
		memmove(policies, policies + 1, (count - 1) * sizeof *policies);
		policies[count - 1] = first;
		expect_governed(policies, count);
	}
	struct berval dn = {4, "dc=x"};
	assert_null(lk_policy_for(policies, 0, &dn));
	assert_null(lk_policy_for(NULL, 0, &dn));
	for (size_t i = 0; i < count; i++)
		lk_policy_free(policies[i]);
}

static void test_root_scope_governs_all(void **state)
{
	(void)state;
	struct lk_policy *all = parse("cn=all", SELF "latchkeyScope: \n", NULL);
	struct berval dns[] = {{0, ""}, {4, "dc=y"}, {9, "cn=a,dc=z"}};
	for (size_t i = 0; i < COUNT(dns); i++)
		assert_ptr_equal(lk_policy_for(&all, 1, &dns[i]), all);
	lk_policy_free(all);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_empty_entry),
		cmocka_unit_test(test_long_texts_are_left_out),
		cmocka_unit_test(test_values_with_a_nul),
		cmocka_unit_test(test_dn_is_within),
		cmocka_unit_test(test_dn_is_among),
		cmocka_unit_test(test_policy_for),
		cmocka_unit_test(test_root_scope_governs_all),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
