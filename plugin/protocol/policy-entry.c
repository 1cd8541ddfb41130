/* A policy from the values of its entry. What each value may be, and what stands in for one that cannot be used, is in
 * the tables below. Values that come out of the directory were written by people: nothing here fails on them. */
#include "policy-entry.h"

#include <stdlib.h>
#include <string.h>

#include "address.h"
#include "envelope.h"
#include "message.h"
#include "password.h"
#include "policy-values.h"
#include "text.h"

static enum lk_mode parse_mode(const struct lk_policy_values *values)
{
	static const char name[] = "latchkeyResetMode";
	const struct berval *value = lk_policy_only_value(values, name);
	if (lk_policy_is_word(value, "adminReset"))
		return LK_MODE_ADMIN_RESET;
	if (!lk_policy_is_word(value, "selfServiceOnly"))
		lk_policy_complain(values, name, "neither selfServiceOnly nor adminReset: selfServiceOnly is used");
	return LK_MODE_SELF_SERVICE_ONLY;
}

static bool parse_observe(const struct lk_policy_values *values)
{
	static const char name[] = "latchkeyEnforcement";
	const struct berval *value = lk_policy_only_value(values, name);
	if (lk_policy_is_word(value, "observe"))
		return true;
	if (!lk_policy_is_absent(values, name) && !lk_policy_is_word(value, "enforce"))
		lk_policy_complain(values, name, "neither enforce nor observe: enforce is used");
	return false;
}

static bool parse_reason_required(const struct lk_policy_values *values)
{
	static const char name[] = "latchkeyReasonRequired";
	const struct berval *value = lk_policy_only_value(values, name);
	if (lk_policy_is_absent(values, name) || lk_policy_is_word(value, "FALSE"))
		return false;
	if (!lk_policy_is_word(value, "TRUE"))
		lk_policy_complain(values, name, "neither TRUE nor FALSE: a reason is required");
	return true;
}

static bool parse_reset_by_code(const struct lk_policy_values *values)
{
	static const char name[] = "latchkeyResetDelivery";
	const struct berval *value = lk_policy_only_value(values, name);
	if (lk_policy_is_absent(values, name) || lk_policy_is_word(value, "temporaryPassword"))
		return false;
	if (!lk_policy_is_word(value, "code"))
		lk_policy_complain(values, name, "neither temporaryPassword nor code: a code is sent");
	return true;
}

static const char methods_name[] = "latchkeyMethod";

static unsigned method_of(const struct berval *value)
{
	if (lk_policy_is_word(value, "mail"))
		return LK_POLICY_MAIL;
	if (lk_policy_is_word(value, "totp"))
		return LK_POLICY_TOTP;
	return lk_policy_is_word(value, "recoveryCode") ? LK_POLICY_RECOVERY_CODE : 0;
}

static unsigned parse_methods(const struct lk_policy_values *values)
{
	unsigned methods = 0;
	const struct berval *value;
	if (lk_policy_is_absent(values, methods_name))
		return LK_POLICY_MAIL;
	for (size_t i = 0; (value = lk_policy_value_at(values, methods_name, i)) != NULL; i++) {
		unsigned method = method_of(value);
		if (method == 0)
			lk_policy_complain(values, methods_name, "none of mail, totp and recoveryCode: skipped");
		methods |= method;
	}
	return methods;
}

static const struct {
	const char *name;
	unsigned tell;
} tells[] = {
	{"nothing", 0},
	{"passwordChanged", LK_TELL_PASSWORD_CHANGED},
	{"accountUnlocked", LK_TELL_ACCOUNT_UNLOCKED},
	{"addressChanged", LK_TELL_ADDRESS_CHANGED},
	{"resentElsewhere", LK_TELL_RESENT_ELSEWHERE},
	{"administratorReset", LK_TELL_ADMINISTRATOR_RESET},
	{"misuseReported", LK_TELL_MISUSE_REPORTED},
};

static bool read_tell(const struct berval *value, unsigned *tell)
{
	for (size_t i = 0; i < sizeof tells / sizeof *tells; i++) {
		if (!lk_policy_is_word(value, tells[i].name))
			continue;
		*tell |= tells[i].tell;
		return true;
	}
	return false;
}

/* A word that was misspelt leaves out nothing: telling too much is the lesser harm. */
static unsigned parse_tell(const struct lk_policy_values *values)
{
	static const char name[] = "latchkeyTell";
	unsigned tell = 0;
	bool known = !lk_policy_is_absent(values, name);
	const struct berval *value;

	for (size_t i = 0; (value = lk_policy_value_at(values, name, i)) != NULL; i++) {
		if (read_tell(value, &tell))
			continue;
		lk_policy_complain(values, name, "no known kind of news: everything is told");
		known = false;
	}
	return known ? tell : LK_TELL_ALL;
}

static const unsigned usual_days[] = {14, 3, 1};

/* Keeps DAYS in order, each once. False where there is no room. */
static bool add_day(struct lk_expiry_days *days, unsigned day)
{
	size_t at = 0;

	while (at < days->count && days->days[at] < day)
		at++;
	if (at < days->count && days->days[at] == day)
		return true;
	if (days->count == LK_EXPIRY_DAYS_LISTED)
		return false;
	memmove(&days->days[at + 1], &days->days[at], (days->count - at) * sizeof *days->days);
	days->days[at] = day;
	days->count++;
	return true;
}

static bool add_usual_days(struct lk_expiry_days *days)
{
	bool added = true;

	for (size_t i = 0; i < sizeof usual_days / sizeof *usual_days; i++)
		added = add_day(days, usual_days[i]) && added;
	return added;
}

static void parse_expiry_days(const struct lk_policy_values *values, struct lk_expiry_days *days)
{
	static const char name[] = "latchkeyExpiryNotice";
	const struct berval *value;

	for (size_t i = 0; (value = lk_policy_value_at(values, name, i)) != NULL; i++) {
		bool is_usual = lk_policy_is_word(value, "default");
		long day = 0;

		if (!is_usual && (!lk_policy_read_number(value, &day) || day < 1 || day > LK_EXPIRY_DAYS_MOST))
			lk_policy_complain(values, name, "neither default nor 1 to 365 days: skipped");
		else if (is_usual ? !add_usual_days(days) : !add_day(days, (unsigned)day))
			lk_policy_complain(values, name, "more than eight: some are skipped");
	}
}

static void parse_lists(struct lk_policy_values *values, struct lk_policy *policy)
{
	static const struct lk_policy_list_rule scopes = {"latchkeyScope", NULL, {NULL}, NULL};
	static const struct lk_policy_list_rule global_admins = {"latchkeyGlobalAdmins", NULL, {NULL}, NULL};
	static const struct lk_policy_list_rule password_admins = {"latchkeyPasswordAdmins", NULL, {NULL}, NULL};
	static const struct lk_policy_list_rule auditors = {"latchkeyAuditors", NULL, {NULL}, NULL};
	static const struct lk_policy_list_rule logins = {
		"latchkeyLoginAttribute", lk_policy_take_attribute, {"uid", "mail", NULL}, "no name of an attribute: skipped"};
	static const struct lk_policy_list_rule addresses = {"latchkeyAddressAttribute", lk_policy_take_ordered_attribute,
		{"latchkeyRecoveryAddress", "mail", NULL}, "no name of an attribute: skipped"};
	static const struct lk_policy_list_rule inside = {
		"latchkeyInsideDomain", lk_policy_take_domain, {NULL}, "no mail domain: skipped"};

	policy->scopes = lk_policy_list(values, &scopes);
	policy->global_admins = lk_policy_list(values, &global_admins);
	policy->password_admins = lk_policy_list(values, &password_admins);
	policy->auditors = lk_policy_list(values, &auditors);
	policy->login_attributes = lk_policy_list(values, &logins);
	policy->address_attributes = lk_policy_list(values, &addresses);
	lk_policy_apply_order(policy->address_attributes);
	policy->inside_domains = lk_policy_list(values, &inside);
}

static void parse_numbers(const struct lk_policy_values *values, struct lk_policy *policy)
{
	static const struct lk_policy_number_rule required = {
		"latchkeyMethodsRequired", 1, 2, 1, 2, "neither 1 nor 2: 2 are required"};
	static const struct lk_policy_number_rule code = {
		"latchkeyCodeLifetime", 60, 86400, 900, 900, "not from 60 to 86400 seconds: 900 are used"};
	static const struct lk_policy_number_rule temporary = {
		"latchkeyTemporaryLifetime", 300, 2592000, 86400, 86400, "not from 300 to 2592000 seconds: 86400 are used"};
	static const struct lk_policy_number_rule welcome = {"latchkeyWelcomeLifetime", 3600, 7776000, 1209600, 1209600,
		"not from 3600 to 7776000 seconds: 1209600 are used"};
	static const struct lk_policy_number_rule cooldown = {"latchkeyAddressCooldown", 0, LK_COOLDOWN_MAX, LK_COOLDOWN,
		LK_COOLDOWN, "not from 0 to 2592000 seconds: 259200 are used"};
	static const struct lk_policy_number_rule live = {"latchkeyLiveCodes", 1, 10, 3, 3, "not from 1 to 10: 3 are used"};
	static const struct lk_policy_number_rule length = {"latchkeyTemporaryLength", LK_PASSWORD_LENGTH_MIN,
		LK_PASSWORD_LENGTH_MAX, 16, 16, "not from 12 to 64 characters: 16 are used"};

	policy->methods_required = (int)lk_policy_number(values, &required);
	policy->code_lifetime = lk_policy_number(values, &code);
	policy->temporary_lifetime = lk_policy_number(values, &temporary);
	policy->welcome_lifetime = lk_policy_number(values, &welcome);
	policy->address_cooldown = lk_policy_number(values, &cooldown);
	policy->live_codes = (int)lk_policy_number(values, &live);
	policy->temporary_length = (int)lk_policy_number(values, &length);
}

static void parse_texts(struct lk_policy_values *values, struct lk_policy *policy)
{
	static const struct lk_policy_text_rule language = {
		"latchkeyDefaultLanguage", lk_policy_is_language, LK_LOCALE_TEXT, "en", "not one language tag: en is used"};
	static const struct lk_policy_text_rule time_zone = {
		"latchkeyTimeZone", lk_policy_is_time_zone, 64, "", "not one name of a time zone: UTC is used"};
	static const struct lk_policy_text_rule organization = {"latchkeyOrganization", lk_text_is_clean,
		LK_ENVELOPE_TEXT_MAX, "", "not one short text without control characters: left out"};
	static const struct lk_policy_text_rule portal = {
		"latchkeyPortal", lk_policy_is_url, LK_ENVELOPE_TEXT_MAX, "", "not one http or https URL: left out"};

	static const struct lk_policy_text_rule exclude = {
		"latchkeyExclude", lk_text_is_clean, LK_ENVELOPE_TEXT_MAX, "", "not one filter: left out"};

	static const struct lk_policy_text_rule contact = {
		"latchkeyContact", lk_policy_is_address, LK_ADDRESS_MAX, "", "not one plain mail address: left out"};

	policy->contact = lk_policy_text(values, &contact);
	policy->exclude = lk_policy_text(values, &exclude);
	policy->language = lk_policy_text(values, &language);
	policy->time_zone = lk_policy_text(values, &time_zone);
	policy->organization = lk_policy_text(values, &organization);
	policy->portal = lk_policy_text(values, &portal);
}

static void check_contradictions(const struct lk_policy_values *values, const struct lk_policy *policy)
{
	unsigned methods = policy->methods;
	bool several = (methods & (methods - 1)) != 0;
	if (policy->scopes == NULL)
		lk_policy_complain(values, "latchkeyScope", "no scope: this policy governs nothing");
	if (methods == 0)
		lk_policy_complain(values, methods_name, "no known method: nobody can recover");
	else if (policy->methods_required > 1 && !several)
		lk_policy_complain(
			values, "latchkeyMethodsRequired", "two methods are required where one is offered: nobody can recover");
	if (policy->mode == LK_MODE_ADMIN_RESET && policy->global_admins == NULL && policy->password_admins == NULL)
		lk_policy_complain(values, "latchkeyResetMode", "adminReset without administrators: only the rootdn may reset");
}

struct lk_policy *lk_policy_parse(const struct berval *normalized_dn, const struct lk_policy_attribute *attributes,
	size_t attributes_count, lk_policy_warning *warn, void *context)
{
	struct lk_policy_values values = {attributes, attributes_count, warn, context, false};
	struct lk_policy *policy = calloc(1, sizeof *policy);
	if (policy == NULL)
		return NULL;
	policy->dn = lk_policy_copy(&values, normalized_dn);
	policy->mode = parse_mode(&values);
	policy->observe = parse_observe(&values);
	policy->methods = parse_methods(&values);
	policy->reset_by_code = parse_reset_by_code(&values);
	policy->reason_required = parse_reason_required(&values);
	policy->tell = parse_tell(&values);
	parse_expiry_days(&values, &policy->expiry_days);
	parse_lists(&values, policy);
	parse_numbers(&values, policy);
	parse_texts(&values, policy);
	if (values.out_of_memory) {
		lk_policy_free(policy);
		return NULL;
	}
	check_contradictions(&values, policy);
	return policy;
}

static void free_strings(lk_strings strings)
{
	if (strings == NULL)
		return;
	for (struct berval *each = strings; each->bv_val != NULL; each++)
		free(each->bv_val);
	free(strings);
}

void lk_policy_free(struct lk_policy *policy)
{
	if (policy == NULL)
		return;
	free_strings(policy->scopes);
	free_strings(policy->global_admins);
	free_strings(policy->password_admins);
	free_strings(policy->auditors);
	free_strings(policy->login_attributes);
	free_strings(policy->address_attributes);
	free_strings(policy->inside_domains);
	free(policy->dn.bv_val);
	free(policy->language.bv_val);
	free(policy->time_zone.bv_val);
	free(policy->organization.bv_val);
	free(policy->portal.bv_val);
	free(policy->contact.bv_val);
	free(policy->exclude.bv_val);
	free(policy);
}
