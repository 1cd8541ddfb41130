/* The stored text as a whole: its version, its fields, each of them once. */
#include "fields.h"

#include <stdint.h>
#include <string.h>

#include "error.h"

#define VERSION "1"

static bool is_digit(char octet)
{
	return octet >= '0' && octet <= '9';
}

static bool is_hex_digit(char octet)
{
	return is_digit(octet) || (octet >= 'A' && octet <= 'F') || (octet >= 'a' && octet <= 'f');
}

/* Takes the octets up to the next space, or all, from the front of REST. */
static struct berval take_word(struct berval *rest)
{
	struct berval word = {0, rest->bv_val};

	while (word.bv_len < rest->bv_len && rest->bv_val[word.bv_len] != ' ')
		word.bv_len++;
	rest->bv_val += word.bv_len;
	rest->bv_len -= word.bv_len;
	return word;
}

static int take_version(struct berval *rest)
{
	struct berval version = take_word(rest);

	if (version.bv_len == 0)
		return LK_ERR_MALFORMED;
	for (size_t i = 0; i < version.bv_len; i++) {
		if (!is_digit(version.bv_val[i]))
			return LK_ERR_MALFORMED;
	}
	if (version.bv_len != strlen(VERSION) || memcmp(version.bv_val, VERSION, version.bv_len) != 0)
		return LK_ERR_VERSION;
	return rest->bv_len > 0 ? LK_OK : LK_ERR_MALFORMED;
}

static bool word_is_escaped(const struct berval *word)
{
	for (size_t i = 0; i < word->bv_len; i++) {
		unsigned char octet = (unsigned char)word->bv_val[i];

		if (octet <= ' ' || octet == 0x7f)
			return false;
		if (octet != '%')
			continue;
		if (word->bv_len - i < 3 || !is_hex_digit(word->bv_val[i + 1]) || !is_hex_digit(word->bv_val[i + 2]))
			return false;
	}
	return true;
}

static int take_field(struct berval *rest, struct berval *ret_key, struct berval *ret_text)
{
	struct berval word;
	const char *equals;

	rest->bv_val++; /* the space at which the word before it ended */
	rest->bv_len--;
	word = take_word(rest);
	equals = word.bv_len > 0 ? memchr(word.bv_val, '=', word.bv_len) : NULL;
	if (equals == NULL || equals == word.bv_val || !word_is_escaped(&word))
		return LK_ERR_MALFORMED;
	ret_key->bv_val = word.bv_val;
	ret_key->bv_len = (size_t)(equals - word.bv_val);
	ret_text->bv_val = word.bv_val + ret_key->bv_len + 1;
	ret_text->bv_len = word.bv_len - ret_key->bv_len - 1;
	return LK_OK;
}

static size_t find_rule(const struct berval *key, const struct lk_field_rule *rules, size_t rules_count)
{
	size_t i = 0;

	while (
		i < rules_count && (strlen(rules[i].key) != key->bv_len || memcmp(rules[i].key, key->bv_val, key->bv_len) != 0))
		i++;
	return i;
}

static bool all_required_seen(uint32_t seen, const struct lk_field_rule *rules, size_t rules_count)
{
	for (size_t i = 0; i < rules_count; i++) {
		if (rules[i].required && !(seen >> i & 1))
			return false;
	}
	return true;
}

int lk_fields_parse(const struct berval *value, const struct lk_field_rule *rules, size_t rules_count, void *object)
{
	struct berval rest = *value, key, text;
	uint32_t seen = 0;
	int status = take_version(&rest);

	while (status == LK_OK && rest.bv_len > 0) {
		size_t i;

		status = take_field(&rest, &key, &text);
		if (status != LK_OK)
			break;
		i = find_rule(&key, rules, rules_count);
		if (i == rules_count)
			continue;
		if (seen >> i & 1)
			return LK_ERR_MALFORMED;
		seen |= UINT32_C(1) << i;
		status = rules[i].type->read(&text, &rules[i], (char *)object + rules[i].offset);
	}
	if (status != LK_OK)
		return status;
	return all_required_seen(seen, rules, rules_count) ? LK_OK : LK_ERR_MALFORMED;
}

int lk_fields_put(BerElement *out, const char *text)
{
	return ber_write(out, text, strlen(text), 0) < 0 ? LK_ERR_NO_MEMORY : LK_OK;
}

static int put_field(BerElement *out, const struct lk_field_rule *rule, const void *field)
{
	int status;

	if (rule->type->is_absent != NULL && rule->type->is_absent(field))
		return rule->required ? LK_ERR_MALFORMED : LK_OK;
	status = lk_fields_put(out, " ");
	if (status == LK_OK)
		status = lk_fields_put(out, rule->key);
	if (status == LK_OK)
		status = lk_fields_put(out, "=");
	return status == LK_OK ? rule->type->write(out, rule, field) : status;
}

int lk_fields_format(
	const void *object, const struct lk_field_rule *rules, size_t rules_count, struct berval *ret_value)
{
	BerElement *out = ber_alloc_t(0);
	struct berval value;
	int status;

	if (out == NULL)
		return LK_ERR_NO_MEMORY;
	status = lk_fields_put(out, VERSION);
	for (size_t i = 0; i < rules_count && status == LK_OK; i++)
		status = put_field(out, &rules[i], (const char *)object + rules[i].offset);
	if (status == LK_OK && ber_flatten2(out, &value, 1) < 0)
		status = LK_ERR_NO_MEMORY;
	if (status == LK_OK)
		*ret_value = value;
	ber_free(out, 1);
	return status;
}
