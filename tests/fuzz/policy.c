/* A policy's entry. The input is its lines, "attribute: value"; a value may hold any octets but a line feed. Whatever
 * they are, there is a policy; it holds what policy-entry.h promises, and written as an entry again it is the same
 * policy. */
#include "fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "envelope.h"
#include "password.h"
#include "policy.h"
#include "text.h"

#define LINES_MAX 2048

/* The values of one attribute stand beside each other, with one more that is nothing at their end. */
struct entry {
	struct lk_policy_attribute attributes[LINES_MAX];
	struct berval values[2 * LINES_MAX];
	size_t count, used;
};

static void add(struct entry *entry, const char *name, struct berval value)
{
	bool same_name = entry->count > 0 && strcmp(entry->attributes[entry->count - 1].name, name) == 0;
	size_t at = same_name ? entry->used - 1 : entry->used;

	if (entry->count == LINES_MAX || at + 2 > 2 * LINES_MAX)
		return;
	entry->values[at] = value;
	entry->values[at + 1] = (struct berval){0, NULL};
	entry->used = at + 2;
	if (!same_name)
		entry->attributes[entry->count++] = (struct lk_policy_attribute){name, &entry->values[at]};
}

/* Ends the names and values of TEXT in place: slapd's values are terminated too. */
static void read_lines(char *text, struct entry *entry)
{
	for (char *line = text, *next; line != NULL; line = next) {
		char *colon;

		next = strchr(line, '\n');
		if (next != NULL)
			*next++ = '\0';
		colon = strstr(line, ": ");
		if (colon == NULL)
			continue;
		*colon = '\0';
		add(entry, line, (struct berval){strlen(colon + 2), colon + 2});
	}
}

static void require_text(const struct berval *text, size_t most)
{
	FUZZ_REQUIRE(text->bv_val != NULL && text->bv_len <= most && text->bv_val[text->bv_len] == '\0');
	FUZZ_REQUIRE(lk_text_is_clean(text));
}

static void require_days(const struct lk_expiry_days *days)
{
	FUZZ_REQUIRE(days->count <= LK_EXPIRY_DAYS_LISTED);
	for (size_t i = 0; i < days->count; i++)
		FUZZ_REQUIRE(days->days[i] > (i ? days->days[i - 1] : 0) && days->days[i] <= LK_EXPIRY_DAYS_MOST);
}

static void require_promises(const struct lk_policy *policy)
{
	FUZZ_REQUIRE(policy->methods_required == 1 || policy->methods_required == 2);
	FUZZ_REQUIRE(policy->code_lifetime >= 60 && policy->code_lifetime <= 86400);
	FUZZ_REQUIRE(policy->temporary_lifetime >= 300 && policy->temporary_lifetime <= 2592000);
	FUZZ_REQUIRE(policy->welcome_lifetime >= 3600 && policy->welcome_lifetime <= 7776000);
	FUZZ_REQUIRE(policy->address_cooldown >= 0 && policy->address_cooldown <= LK_COOLDOWN_MAX);
	FUZZ_REQUIRE((policy->tell & ~(unsigned)LK_TELL_ALL) == 0);
	FUZZ_REQUIRE(policy->live_codes >= 1 && policy->live_codes <= 10);
	FUZZ_REQUIRE(policy->temporary_length >= LK_PASSWORD_LENGTH_MIN);
	FUZZ_REQUIRE(policy->temporary_length <= LK_PASSWORD_LENGTH_MAX);
	require_days(&policy->expiry_days);
	require_text(&policy->language, LK_LOCALE_TEXT);
	require_text(&policy->time_zone, LK_ENVELOPE_TEXT_MAX);
	require_text(&policy->organization, LK_ENVELOPE_TEXT_MAX);
	require_text(&policy->portal, LK_ENVELOPE_TEXT_MAX);
	require_text(&policy->contact, LK_ADDRESS_MAX);
	FUZZ_REQUIRE(memmem(policy->time_zone.bv_val, policy->time_zone.bv_len, "..", 2) == NULL);
}

static bool same_list(lk_strings a, lk_strings b)
{
	if (a == NULL || b == NULL)
		return a == b;
	for (; a->bv_val != NULL && b->bv_val != NULL; a++, b++) {
		if (!fuzz_same_text(a, b))
			return false;
	}
	return a->bv_val == b->bv_val;
}

static bool same(const struct lk_policy *a, const struct lk_policy *b)
{
	return memcmp(&a->expiry_days, &b->expiry_days, sizeof a->expiry_days) == 0 && a->mode == b->mode &&
		   a->observe == b->observe && a->methods == b->methods && a->methods_required == b->methods_required &&
		   a->reset_by_code == b->reset_by_code && a->code_lifetime == b->code_lifetime &&
		   a->temporary_lifetime == b->temporary_lifetime && a->welcome_lifetime == b->welcome_lifetime &&
		   a->address_cooldown == b->address_cooldown && a->live_codes == b->live_codes &&
		   a->temporary_length == b->temporary_length && same_list(a->scopes, b->scopes) &&
		   same_list(a->global_admins, b->global_admins) && same_list(a->password_admins, b->password_admins) &&
		   same_list(a->auditors, b->auditors) && same_list(a->login_attributes, b->login_attributes) &&
		   same_list(a->inside_domains, b->inside_domains) && same_list(a->address_attributes, b->address_attributes) &&
		   fuzz_same_text(&a->language, &b->language) && fuzz_same_text(&a->time_zone, &b->time_zone) &&
		   fuzz_same_text(&a->organization, &b->organization) && fuzz_same_text(&a->portal, &b->portal) &&
		   fuzz_same_text(&a->contact, &b->contact) && a->tell == b->tell;
}

static void add_text(struct entry *entry, const char *name, const struct berval *text)
{
	if (text->bv_len > 0)
		add(entry, name, *text);
}

static void add_list(struct entry *entry, const char *name, lk_strings list)
{
	for (; list != NULL && list->bv_val != NULL; list++)
		add(entry, name, *list);
}

static void add_word(struct entry *entry, const char *name, const char *word)
{
	add(entry, name, (struct berval){strlen(word), (char *)word});
}

static void write_methods(const struct lk_policy *policy, struct entry *entry)
{
	if (policy->methods == 0)
		add_word(entry, "latchkeyMethod", "none");
	if (policy->methods & LK_POLICY_MAIL)
		add_word(entry, "latchkeyMethod", "mail");
	if (policy->methods & LK_POLICY_TOTP)
		add_word(entry, "latchkeyMethod", "totp");
	if (policy->methods & LK_POLICY_RECOVERY_CODE)
		add_word(entry, "latchkeyMethod", "recoveryCode");
}

static void write_tell(const struct lk_policy *policy, struct entry *entry)
{
	static const char *const names[] = {"passwordChanged", "accountUnlocked", "addressChanged", "resentElsewhere",
		"administratorReset", "misuseReported"};

	add_word(entry, "latchkeyTell", "nothing");
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		if (policy->tell & 1u << i)
			add_word(entry, "latchkeyTell", names[i]);
	}
}

#define NUMBERS 7

static void write_numbers(const struct lk_policy *policy, struct entry *entry, char texts[NUMBERS][24])
{
	const struct {
		const char *name;
		long number;
	} numbers[NUMBERS] = {{"latchkeyMethodsRequired", policy->methods_required},
		{"latchkeyCodeLifetime", policy->code_lifetime}, {"latchkeyTemporaryLifetime", policy->temporary_lifetime},
		{"latchkeyWelcomeLifetime", policy->welcome_lifetime}, {"latchkeyLiveCodes", policy->live_codes},
		{"latchkeyTemporaryLength", policy->temporary_length}, {"latchkeyAddressCooldown", policy->address_cooldown}};

	for (size_t i = 0; i < NUMBERS; i++) {
		snprintf(texts[i], 24, "%ld", numbers[i].number);
		add_word(entry, numbers[i].name, texts[i]);
	}
}

static void write_days(const struct lk_policy *policy, struct entry *entry, char texts[LK_EXPIRY_DAYS_LISTED][24])
{
	for (size_t i = 0; i < policy->expiry_days.count; i++) {
		snprintf(texts[i], 24, "%u", policy->expiry_days.days[i]);
		add_word(entry, "latchkeyExpiryNotice", texts[i]);
	}
}

static void write_lists(const struct lk_policy *policy, struct entry *entry)
{
	add_list(entry, "latchkeyScope", policy->scopes);
	add_list(entry, "latchkeyGlobalAdmins", policy->global_admins);
	add_list(entry, "latchkeyPasswordAdmins", policy->password_admins);
	add_list(entry, "latchkeyAuditors", policy->auditors);
	add_list(entry, "latchkeyInsideDomain", policy->inside_domains);
	add_list(entry, "latchkeyLoginAttribute", policy->login_attributes);
	add_list(entry, "latchkeyAddressAttribute", policy->address_attributes);
	/* These two have defaults: what keeps them empty is a value that cannot be used. */
	if (policy->login_attributes == NULL)
		add_word(entry, "latchkeyLoginAttribute", "=");
	if (policy->address_attributes == NULL)
		add_word(entry, "latchkeyAddressAttribute", "=");
}

static void write_texts(const struct lk_policy *policy, struct entry *entry)
{
	add_word(entry, "latchkeyResetMode", policy->mode == LK_MODE_ADMIN_RESET ? "adminReset" : "selfServiceOnly");
	add_word(entry, "latchkeyEnforcement", policy->observe ? "observe" : "enforce");
	add_word(entry, "latchkeyResetDelivery", policy->reset_by_code ? "code" : "temporaryPassword");
	add_text(entry, "latchkeyDefaultLanguage", &policy->language);
	add_text(entry, "latchkeyTimeZone", &policy->time_zone);
	add_text(entry, "latchkeyOrganization", &policy->organization);
	add_text(entry, "latchkeyPortal", &policy->portal);
	add_text(entry, "latchkeyContact", &policy->contact);
}

static struct lk_policy *parse(const struct entry *entry)
{
	static char dn[] = "cn=policy,dc=example,dc=org";
	struct berval name = {sizeof dn - 1, dn};
	struct lk_policy *policy = lk_policy_parse(&name, entry->attributes, entry->count, NULL, NULL);

	FUZZ_REQUIRE(policy != NULL);
	require_promises(policy);
	return policy;
}

/* Each scope is governed, and so is what lies below. */
static void require_governing(struct lk_policy *policy)
{
	for (lk_strings scope = policy->scopes; scope != NULL && scope->bv_val != NULL; scope++)
		FUZZ_REQUIRE(lk_policy_for(&policy, 1, scope) == policy);
}

static void write_and_parse_again(const struct lk_policy *policy)
{
	struct entry *entry = calloc(1, sizeof *entry);
	struct lk_policy *again;
	char numbers[NUMBERS][24], days[LK_EXPIRY_DAYS_LISTED][24];

	FUZZ_REQUIRE(entry != NULL);
	write_methods(policy, entry);
	write_tell(policy, entry);
	write_numbers(policy, entry, numbers);
	write_days(policy, entry, days);
	write_lists(policy, entry);
	write_texts(policy, entry);
	again = parse(entry);
	FUZZ_REQUIRE(same(policy, again));
	lk_policy_free(again);
	free(entry);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct entry *entry = calloc(1, sizeof *entry);
	char *text = malloc(size + 1);
	struct lk_policy *policy;

	FUZZ_REQUIRE(entry != NULL && text != NULL);
	memcpy(text, data, size);
	text[size] = '\0';
	read_lines(text, entry);
	policy = parse(entry);
	require_governing(policy);
	write_and_parse_again(policy);
	lk_policy_free(policy);
	free(text);
	free(entry);
	return 0;
}
