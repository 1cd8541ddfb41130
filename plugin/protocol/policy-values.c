#include "policy-values.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "address.h"
#include "error.h"
#include "text.h"

void lk_policy_complain(const struct lk_policy_values *values, const char *name, const char *text)
{
	if (values->warn != NULL)
		values->warn(values->context, name, text);
}

const struct berval *lk_policy_value_at(const struct lk_policy_values *values, const char *name, size_t index)
{
	for (size_t i = 0; i < values->attributes_count; i++) {
		const struct lk_policy_attribute *attribute = &values->attributes[i];
		if (attribute->values == NULL || strcasecmp(attribute->name, name) != 0)
			continue;
		for (const struct berval *value = attribute->values; value->bv_val != NULL; value++) {
			if (index-- == 0)
				return value;
		}
	}
	return NULL;
}

bool lk_policy_is_absent(const struct lk_policy_values *values, const char *name)
{
	return lk_policy_value_at(values, name, 0) == NULL;
}

const struct berval *lk_policy_only_value(const struct lk_policy_values *values, const char *name)
{
	return lk_policy_value_at(values, name, 1) == NULL ? lk_policy_value_at(values, name, 0) : NULL;
}

bool lk_policy_is_word(const struct berval *value, const char *word)
{
	return value != NULL && value->bv_len == strlen(word) && strncasecmp(value->bv_val, word, value->bv_len) == 0;
}

struct berval lk_policy_copy(struct lk_policy_values *values, const struct berval *from)
{
	struct berval to = {0, malloc(from->bv_len + 1)};
	if (to.bv_val == NULL) {
		values->out_of_memory = true;
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

static void append(struct lk_policy_values *values, lk_strings *list, size_t *count, const struct berval *value)
{
	lk_strings longer = realloc(*list, (*count + 2) * sizeof *longer);
	if (longer == NULL) {
		values->out_of_memory = true;
		return;
	}
	*list = longer;
	longer[*count] = lk_policy_copy(values, value);
	longer[*count + 1] = (struct berval){0, NULL};
	if (longer[*count].bv_val != NULL)
		(*count)++;
}

lk_strings lk_policy_list(struct lk_policy_values *values, const struct lk_policy_list_rule *rule)
{
	lk_strings list = NULL;
	size_t count = 0;
	const struct berval *value;
	for (size_t i = 0; (value = lk_policy_value_at(values, rule->name, i)) != NULL; i++) {
		struct berval part = *value;
		if (rule->take == NULL || rule->take(value, &part))
			append(values, &list, &count, &part);
		else
			lk_policy_complain(values, rule->name, rule->complaint);
	}
	for (size_t i = 0; lk_policy_is_absent(values, rule->name) && rule->defaults[i] != NULL; i++) {
		struct berval preset = from_text(rule->defaults[i]);
		append(values, &list, &count, &preset);
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
void lk_policy_apply_order(lk_strings list)
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
bool lk_policy_take_attribute(const struct berval *value, struct berval *ret_part)
{
	*ret_part = *value;
	return consists_of(value, "-.;") && isalnum((unsigned char)value->bv_val[0]);
}

bool lk_policy_take_ordered_attribute(const struct berval *value, struct berval *ret_part)
{
	long order;
	size_t prefix = read_order(value, &order);
	struct berval bare = {value->bv_len - prefix, value->bv_val + prefix};
	*ret_part = *value;
	return lk_policy_take_attribute(&bare, &bare);
}

/* "@example.com", "*.example.com" and "example.com." are how people write the domain example.com. */
bool lk_policy_take_domain(const struct berval *value, struct berval *ret_part)
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

bool lk_policy_is_language(const struct berval *value)
{
	return consists_of(value, "-") && isalpha((unsigned char)value->bv_val[0]);
}

/* A name of the time zone database and never a path out of it. */
bool lk_policy_is_time_zone(const struct berval *value)
{
	return consists_of(value, "_+-/") && isalpha((unsigned char)value->bv_val[0]);
}

bool lk_policy_is_url(const struct berval *value)
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

bool lk_policy_is_address(const struct berval *value)
{
	return lk_address_check(value) == LK_OK;
}

struct berval lk_policy_text(struct lk_policy_values *values, const struct lk_policy_text_rule *rule)
{
	struct berval otherwise = from_text(rule->otherwise);
	const struct berval *value = lk_policy_only_value(values, rule->name);
	if (value != NULL && value->bv_len <= rule->most && rule->usable(value))
		return lk_policy_copy(values, value);
	if (!lk_policy_is_absent(values, rule->name))
		lk_policy_complain(values, rule->name, rule->complaint);
	return lk_policy_copy(values, &otherwise);
}

bool lk_policy_read_number(const struct berval *value, long *ret_number)
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

long lk_policy_number(const struct lk_policy_values *values, const struct lk_policy_number_rule *rule)
{
	long number;
	if (lk_policy_is_absent(values, rule->name))
		return rule->absent;
	const struct berval *value = lk_policy_only_value(values, rule->name);
	if (value != NULL && lk_policy_read_number(value, &number) && number >= rule->least && number <= rule->most)
		return number;
	lk_policy_complain(values, rule->name, rule->complaint);
	return rule->bad;
}
