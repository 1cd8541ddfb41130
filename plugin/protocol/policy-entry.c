/* A policy from the values of its entry. What each value may be, and what stands in for one that cannot be used, is in
 * the tables below. Values that come out of the directory were written by people: nothing here fails on them. */
#include "policy-entry.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "address.h"
#include "envelope.h"
#include "error.h"
#include "message.h"
#include "password.h"
#include "text.h"

struct parser {
	const struct lk_policy_attribute *attributes;
	size_t attributes_count;
	lk_policy_warning *warn;
	void *context;
	bool out_of_memory;
};

/* Points *ret_part at the part of VALUE that counts, or returns false where it cannot be used. */
typedef bool take_part(const struct berval *value, struct berval *ret_part);

struct list_rule {
	const char *name;
	take_part *take;
	const char *defaults[3];
	const char *complaint;
};

struct number_rule {
	const char *name;
	long least, most;
	long absent; /* the default */
	long bad; /* where it is doubled, no number or out of range */
	const char *complaint;
};

struct text_rule {
	const char *name;
	bool (*usable)(const struct berval *value);
	size_t most; /* octets */
	const char *otherwise;
	const char *complaint;
};

static void complain(const struct parser *parser, const char *name, const char *text)
{
	if (parser->warn != NULL)
		parser->warn(parser->context, name, text);
}

/* The value of that index over all attributes of the name: one with options (";lang-ko") counts with the one without. */
static const struct berval *value_at(const struct parser *parser, const char *name, size_t index)
{
	for (size_t i = 0; i < parser->attributes_count; i++) {
		const struct lk_policy_attribute *attribute = &parser->attributes[i];
		if (attribute->values == NULL || strcasecmp(attribute->name, name) != 0)
			continue;
		for (const struct berval *value = attribute->values; value->bv_val != NULL; value++) {
			if (index-- == 0)
				return value;
		}
	}
	return NULL;
}

static bool is_absent(const struct parser *parser, const char *name)
{
	return value_at(parser, name, 0) == NULL;
}

/* NULL where there is none, or several. */
static const struct berval *only_value(const struct parser *parser, const char *name)
{
	return value_at(parser, name, 1) == NULL ? value_at(parser, name, 0) : NULL;
}

static bool is_word(const struct berval *value, const char *word)
{
	return value != NULL && value->bv_len == strlen(word) && strncasecmp(value->bv_val, word, value->bv_len) == 0;
}

static struct berval copy(struct parser *parser, const struct berval *from)
{
	struct berval to = {0, malloc(from->bv_len + 1)};
	if (to.bv_val == NULL) {
		parser->out_of_memory = true;
		return to;
	}
	if (from->bv_len != 0)
		memcpy(to.bv_val, from->bv_val, from->bv_len);
	to.bv_val[from->bv_len] = '\0';
	to.bv_len = from->bv_len;
	return to;
}

static struct berval from_text(const char *text)
{
	return (struct berval){strlen(text), (char *)text};
}

static void append(struct parser *parser, lk_strings *list, size_t *count, const struct berval *value)
{
	lk_strings longer = realloc(*list, (*count + 2) * sizeof *longer);
	if (longer == NULL) {
		parser->out_of_memory = true;
		return;
	}
	*list = longer;
	longer[*count] = copy(parser, value);
	longer[*count + 1] = (struct berval){0, NULL};
	if (longer[*count].bv_val != NULL)
		(*count)++;
}

static lk_strings parse_list(struct parser *parser, const struct list_rule *rule)
{
	lk_strings list = NULL;
	size_t count = 0;
	const struct berval *value;
	for (size_t i = 0; (value = value_at(parser, rule->name, i)) != NULL; i++) {
		struct berval part = *value;
		if (rule->take == NULL || rule->take(value, &part))
			append(parser, &list, &count, &part);
		else
			complain(parser, rule->name, rule->complaint);
	}
	for (size_t i = 0; is_absent(parser, rule->name) && rule->defaults[i] != NULL; i++) {
		struct berval preset = from_text(rule->defaults[i]);
		append(parser, &list, &count, &preset);
	}
	return list;
}

/* The length of an X-ORDERED prefix such as "{10}", 0 where there is none; *ret_order is its number. */
static size_t read_order(const struct berval *value, long *ret_order)
{
	long order = 0;
	size_t at = 1;
	if (value->bv_len < 3 || value->bv_val[0] != '{')
		return 0;
	for (; at < value->bv_len && at <= 6 && isdigit((unsigned char)value->bv_val[at]); at++)
		order = order * 10 + (value->bv_val[at] - '0');
	if (at == 1 || at == value->bv_len || value->bv_val[at] != '}')
		return 0;
	*ret_order = order;
	return at + 1;
}

/* Values without a prefix stay behind those with one. */
static long order_of(const struct berval *value)
{
	long order = 0;
	return read_order(value, &order) != 0 ? order : 1000000;
}

static void strip_order(struct berval *value)
{
	long order;
	size_t prefix = read_order(value, &order);
	value->bv_len -= prefix;
	memmove(value->bv_val, value->bv_val + prefix, value->bv_len + 1);
}

/* An insertion sort, because it keeps the order of equals and the list has a few values. */
static void apply_order(lk_strings list)
{
	if (list == NULL)
		return;
	for (size_t i = 1; list[i].bv_val != NULL; i++) {
		struct berval moved = list[i];
		size_t to = i;
		for (; to > 0 && order_of(&list[to - 1]) > order_of(&moved); to--)
			list[to] = list[to - 1];
		list[to] = moved;
	}
	for (struct berval *each = list; each->bv_val != NULL; each++)
		strip_order(each);
}

static bool consists_of(const struct berval *value, const char *others)
{
	for (size_t i = 0; i < value->bv_len; i++) {
		unsigned char c = (unsigned char)value->bv_val[i];
		if (c >= 0x80 || c == '\0' || (!isalnum(c) && strchr(others, c) == NULL))
			return false;
	}
	return value->bv_len != 0;
}

/* An attribute description of RFC 4512 section 2.5, loosely: slapd looks it up and has the last word. */
static bool take_attribute(const struct berval *value, struct berval *ret_part)
{
	*ret_part = *value;
	return consists_of(value, "-.;") && isalnum((unsigned char)value->bv_val[0]);
}

static bool take_ordered_attribute(const struct berval *value, struct berval *ret_part)
{
	long order;
	size_t prefix = read_order(value, &order);
	struct berval bare = {value->bv_len - prefix, value->bv_val + prefix};
	*ret_part = *value;
	return take_attribute(&bare, &bare);
}

/* "@example.com", "*.example.com" and "example.com." are how people write the domain example.com. */
static bool take_domain(const struct berval *value, struct berval *ret_part)
{
	struct berval part = *value;
	while (part.bv_len != 0 && memchr("@*.", part.bv_val[0], 3) != NULL) {
		part.bv_val++;
		part.bv_len--;
	}
	while (part.bv_len != 0 && part.bv_val[part.bv_len - 1] == '.')
		part.bv_len--;
	*ret_part = part;
	return part.bv_len != 0 && memchr(part.bv_val, '@', part.bv_len) == NULL && lk_text_is_clean(&part);
}

static bool is_language(const struct berval *value)
{
	return consists_of(value, "-") && isalpha((unsigned char)value->bv_val[0]);
}

/* A name of the time zone database and never a path out of it. */
static bool is_time_zone(const struct berval *value)
{
	return consists_of(value, "_+-/") && isalpha((unsigned char)value->bv_val[0]);
}

static bool is_url(const struct berval *value)
{
	static const char *const schemes[] = {"https://", "http://"};
	if (!lk_text_is_clean(value) || memchr(value->bv_val, ' ', value->bv_len) != NULL)
		return false;
	for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++) {
		size_t length = strlen(schemes[i]);
		if (value->bv_len > length && strncasecmp(value->bv_val, schemes[i], length) == 0)
			return true;
	}
	return false;
}

static bool is_address(const struct berval *value)
{
	return lk_address_check(value) == LK_OK;
}

static struct berval parse_text(struct parser *parser, const struct text_rule *rule)
{
	struct berval otherwise = from_text(rule->otherwise);
	const struct berval *value = only_value(parser, rule->name);
	if (value != NULL && value->bv_len <= rule->most && rule->usable(value))
		return copy(parser, value);
	if (!is_absent(parser, rule->name))
		complain(parser, rule->name, rule->complaint);
	return copy(parser, &otherwise);
}

/* Nine digits hold every bound and overflow nothing. */
static bool read_number(const struct berval *value, long *ret_number)
{
	long number = 0;
	if (value->bv_len == 0 || value->bv_len > 9)
		return false;
	for (size_t i = 0; i < value->bv_len; i++) {
		if (!isdigit((unsigned char)value->bv_val[i]))
			return false;
		number = number * 10 + (value->bv_val[i] - '0');
	}
	*ret_number = number;
	return true;
}

static long parse_number(const struct parser *parser, const struct number_rule *rule)
{
	long number;
	if (is_absent(parser, rule->name))
		return rule->absent;
	const struct berval *value = only_value(parser, rule->name);
	if (value != NULL && read_number(value, &number) && number >= rule->least && number <= rule->most)
		return number;
	complain(parser, rule->name, rule->complaint);
	return rule->bad;
}

static enum lk_mode parse_mode(const struct parser *parser)
{
	static const char name[] = "latchkeyResetMode";
	const struct berval *value = only_value(parser, name);
	if (is_word(value, "adminReset"))
		return LK_MODE_ADMIN_RESET;
	if (!is_word(value, "selfServiceOnly"))
		complain(parser, name, "neither selfServiceOnly nor adminReset: selfServiceOnly is used");
	return LK_MODE_SELF_SERVICE_ONLY;
}

static bool parse_observe(const struct parser *parser)
{
	static const char name[] = "latchkeyEnforcement";
	const struct berval *value = only_value(parser, name);
	if (is_word(value, "observe"))
		return true;
	if (!is_absent(parser, name) && !is_word(value, "enforce"))
		complain(parser, name, "neither enforce nor observe: enforce is used");
	return false;
}

static bool parse_reason_required(const struct parser *parser)
{
	static const char name[] = "latchkeyReasonRequired";
	const struct berval *value = only_value(parser, name);
	if (is_absent(parser, name) || is_word(value, "FALSE"))
		return false;
	if (!is_word(value, "TRUE"))
		complain(parser, name, "neither TRUE nor FALSE: a reason is required");
	return true;
}

static bool parse_reset_by_code(const struct parser *parser)
{
	static const char name[] = "latchkeyResetDelivery";
	const struct berval *value = only_value(parser, name);
	if (is_absent(parser, name) || is_word(value, "temporaryPassword"))
		return false;
	if (!is_word(value, "code"))
		complain(parser, name, "neither temporaryPassword nor code: a code is sent");
	return true;
}

static const char methods_name[] = "latchkeyMethod";

static unsigned method_of(const struct berval *value)
{
	if (is_word(value, "mail"))
		return LK_POLICY_MAIL;
	if (is_word(value, "totp"))
		return LK_POLICY_TOTP;
	return is_word(value, "recoveryCode") ? LK_POLICY_RECOVERY_CODE : 0;
}

static unsigned parse_methods(const struct parser *parser)
{
	unsigned methods = 0;
	const struct berval *value;
	if (is_absent(parser, methods_name))
		return LK_POLICY_MAIL;
	for (size_t i = 0; (value = value_at(parser, methods_name, i)) != NULL; i++) {
		unsigned method = method_of(value);
		if (method == 0)
			complain(parser, methods_name, "none of mail, totp and recoveryCode: skipped");
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
		if (!is_word(value, tells[i].name))
			continue;
		*tell |= tells[i].tell;
		return true;
	}
	return false;
}

/* A word that was misspelt leaves out nothing: telling too much is the lesser harm. */
static unsigned parse_tell(const struct parser *parser)
{
	static const char name[] = "latchkeyTell";
	unsigned tell = 0;
	bool known = !is_absent(parser, name);
	const struct berval *value;

	for (size_t i = 0; (value = value_at(parser, name, i)) != NULL; i++) {
		if (read_tell(value, &tell))
			continue;
		complain(parser, name, "no known kind of news: everything is told");
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

static void parse_expiry_days(const struct parser *parser, struct lk_expiry_days *days)
{
	static const char name[] = "latchkeyExpiryNotice";
	const struct berval *value;

	for (size_t i = 0; (value = value_at(parser, name, i)) != NULL; i++) {
		bool is_usual = is_word(value, "default");
		long day = 0;

		if (!is_usual && (!read_number(value, &day) || day < 1 || day > LK_EXPIRY_DAYS_MOST))
			complain(parser, name, "neither default nor 1 to 365 days: skipped");
		else if (is_usual ? !add_usual_days(days) : !add_day(days, (unsigned)day))
			complain(parser, name, "more than eight: some are skipped");
	}
}

static void parse_lists(struct parser *parser, struct lk_policy *policy)
{
	static const struct list_rule scopes = {"latchkeyScope", NULL, {NULL}, NULL};
	static const struct list_rule global_admins = {"latchkeyGlobalAdmins", NULL, {NULL}, NULL};
	static const struct list_rule password_admins = {"latchkeyPasswordAdmins", NULL, {NULL}, NULL};
	static const struct list_rule auditors = {"latchkeyAuditors", NULL, {NULL}, NULL};
	static const struct list_rule logins = {
		"latchkeyLoginAttribute", take_attribute, {"uid", "mail", NULL}, "no name of an attribute: skipped"};
	static const struct list_rule addresses = {"latchkeyAddressAttribute", take_ordered_attribute,
		{"latchkeyRecoveryAddress", "mail", NULL}, "no name of an attribute: skipped"};
	static const struct list_rule inside = {"latchkeyInsideDomain", take_domain, {NULL}, "no mail domain: skipped"};

	policy->scopes = parse_list(parser, &scopes);
	policy->global_admins = parse_list(parser, &global_admins);
	policy->password_admins = parse_list(parser, &password_admins);
	policy->auditors = parse_list(parser, &auditors);
	policy->login_attributes = parse_list(parser, &logins);
	policy->address_attributes = parse_list(parser, &addresses);
	apply_order(policy->address_attributes);
	policy->inside_domains = parse_list(parser, &inside);
}

static void parse_numbers(const struct parser *parser, struct lk_policy *policy)
{
	static const struct number_rule required = {
		"latchkeyMethodsRequired", 1, 2, 1, 2, "neither 1 nor 2: 2 are required"};
	static const struct number_rule code = {
		"latchkeyCodeLifetime", 60, 86400, 900, 900, "not from 60 to 86400 seconds: 900 are used"};
	static const struct number_rule temporary = {
		"latchkeyTemporaryLifetime", 300, 2592000, 86400, 86400, "not from 300 to 2592000 seconds: 86400 are used"};
	static const struct number_rule welcome = {"latchkeyWelcomeLifetime", 3600, 7776000, 1209600, 1209600,
		"not from 3600 to 7776000 seconds: 1209600 are used"};
	static const struct number_rule cooldown = {"latchkeyAddressCooldown", 0, LK_COOLDOWN_MAX, LK_COOLDOWN, LK_COOLDOWN,
		"not from 0 to 2592000 seconds: 259200 are used"};
	static const struct number_rule live = {"latchkeyLiveCodes", 1, 10, 3, 3, "not from 1 to 10: 3 are used"};
	static const struct number_rule length = {"latchkeyTemporaryLength", LK_PASSWORD_LENGTH_MIN, LK_PASSWORD_LENGTH_MAX,
		16, 16, "not from 12 to 64 characters: 16 are used"};

	policy->methods_required = (int)parse_number(parser, &required);
	policy->code_lifetime = parse_number(parser, &code);
	policy->temporary_lifetime = parse_number(parser, &temporary);
	policy->welcome_lifetime = parse_number(parser, &welcome);
	policy->address_cooldown = parse_number(parser, &cooldown);
	policy->live_codes = (int)parse_number(parser, &live);
	policy->temporary_length = (int)parse_number(parser, &length);
}

static void parse_texts(struct parser *parser, struct lk_policy *policy)
{
	static const struct text_rule language = {
		"latchkeyDefaultLanguage", is_language, LK_LOCALE_TEXT, "en", "not one language tag: en is used"};
	static const struct text_rule time_zone = {
		"latchkeyTimeZone", is_time_zone, 64, "", "not one name of a time zone: UTC is used"};
	static const struct text_rule organization = {"latchkeyOrganization", lk_text_is_clean, LK_ENVELOPE_TEXT_MAX, "",
		"not one short text without control characters: left out"};
	static const struct text_rule portal = {
		"latchkeyPortal", is_url, LK_ENVELOPE_TEXT_MAX, "", "not one http or https URL: left out"};

	static const struct text_rule exclude = {
		"latchkeyExclude", lk_text_is_clean, LK_ENVELOPE_TEXT_MAX, "", "not one filter: left out"};

	static const struct text_rule contact = {
		"latchkeyContact", is_address, LK_ADDRESS_MAX, "", "not one plain mail address: left out"};

	policy->contact = parse_text(parser, &contact);
	policy->exclude = parse_text(parser, &exclude);
	policy->language = parse_text(parser, &language);
	policy->time_zone = parse_text(parser, &time_zone);
	policy->organization = parse_text(parser, &organization);
	policy->portal = parse_text(parser, &portal);
}

static void check_contradictions(const struct parser *parser, const struct lk_policy *policy)
{
	unsigned methods = policy->methods;
	bool several = (methods & (methods - 1)) != 0;
	if (policy->scopes == NULL)
		complain(parser, "latchkeyScope", "no scope: this policy governs nothing");
	if (methods == 0)
		complain(parser, methods_name, "no known method: nobody can recover");
	else if (policy->methods_required > 1 && !several)
		complain(
			parser, "latchkeyMethodsRequired", "two methods are required where one is offered: nobody can recover");
	if (policy->mode == LK_MODE_ADMIN_RESET && policy->global_admins == NULL && policy->password_admins == NULL)
		complain(parser, "latchkeyResetMode", "adminReset without administrators: only the rootdn may reset");
}

struct lk_policy *lk_policy_parse(const struct berval *normalized_dn, const struct lk_policy_attribute *attributes,
	size_t attributes_count, lk_policy_warning *warn, void *context)
{
	struct parser parser = {attributes, attributes_count, warn, context, false};
	struct lk_policy *policy = calloc(1, sizeof *policy);
	if (policy == NULL)
		return NULL;
	policy->dn = copy(&parser, normalized_dn);
	policy->mode = parse_mode(&parser);
	policy->observe = parse_observe(&parser);
	policy->methods = parse_methods(&parser);
	policy->reset_by_code = parse_reset_by_code(&parser);
	policy->reason_required = parse_reason_required(&parser);
	policy->tell = parse_tell(&parser);
	parse_expiry_days(&parser, &policy->expiry_days);
	parse_lists(&parser, policy);
	parse_numbers(&parser, policy);
	parse_texts(&parser, policy);
	if (parser.out_of_memory) {
		lk_policy_free(policy);
		return NULL;
	}
	check_contradictions(&parser, policy);
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
