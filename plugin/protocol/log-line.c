/* One of the overlay's log lines: how a value is quoted, and how a line is taken apart. */
#include "log-line.h"

#include <stdint.h>
#include <string.h>

#include "error.h"
#include "log-stamp.h"
#include "utf8.h"

/* --- writing ------------------------------------------------------------------------------------------------------- */

static const char cut_mark[] = "\\2E\\2E\\2E\"";

static bool stands_for_itself(uint32_t character)
{
	return character >= 0x20 && character != '"' && character != '\\' && (character < 0x7F || character > 0x9F);
}

static void append_escaped(char *text, size_t *length, unsigned char octet)
{
	static const char digits[] = "0123456789ABCDEF";

	text[(*length)++] = '\\';
	text[(*length)++] = digits[octet >> 4];
	text[(*length)++] = digits[octet & 15];
}

/* Appends the character at OFFSET of VALUE, or the octet there where it is none; returns how many octets it took. */
static size_t append_character(const struct berval *value, size_t offset, char *text, size_t *length)
{
	uint32_t character;
	size_t octets = lk_utf8_read(value, offset, &character);
	bool plain = octets > 0 && stands_for_itself(character);

	if (octets == 0)
		octets = 1;
	for (size_t i = 0; i < octets; i++) {
		if (plain)
			text[(*length)++] = value->bv_val[offset + i];
		else
			append_escaped(text, length, (unsigned char)value->bv_val[offset + i]);
	}
	return octets;
}

size_t lk_log_quote(const struct berval *value, char ret_text[LK_LOG_QUOTED_MAX + 1])
{
	const size_t room = LK_LOG_QUOTED_MAX - (sizeof(cut_mark) - 1);
	size_t length = 1, offset = 0, fitting = 1;

	ret_text[0] = '"';
	/* The longest thing that one step appends is an escaped character of two octets: six. */
	while (offset < value->bv_len && length + 6 < LK_LOG_QUOTED_MAX) {
		offset += append_character(value, offset, ret_text, &length);
		if (length <= room)
			fitting = length;
	}
	if (offset < value->bv_len) {
		memcpy(ret_text + fitting, cut_mark, sizeof(cut_mark));
		return fitting + sizeof(cut_mark) - 1;
	}
	ret_text[length++] = '"';
	ret_text[length] = '\0';
	return length;
}

/* --- reading ------------------------------------------------------------------------------------------------------- */

static const struct {
	const char *key;
	size_t offset;
} keys[] = {
	{"verdict", offsetof(struct lk_log_line, verdict)},
	{"rule", offsetof(struct lk_log_line, rule)},
	{"changes", offsetof(struct lk_log_line, changes)},
	{"actor", offsetof(struct lk_log_line, actor)},
	{"target", offsetof(struct lk_log_line, target)},
	{"policy", offsetof(struct lk_log_line, policy)},
	{"client", offsetof(struct lk_log_line, client)},
};

static int hex_digit(char digit)
{
	if (digit >= '0' && digit <= '9')
		return digit - '0';
	return digit >= 'A' && digit <= 'F' ? digit - 'A' + 10 : -1;
}

static bool is_alpha(char octet)
{
	return (octet >= 'a' && octet <= 'z') || (octet >= 'A' && octet <= 'Z');
}

/* Decodes the value that begins after its opening quote, and takes it off REST. */
static int take_quoted(struct berval *rest, struct berval *ret_value)
{
	struct berval value = {0, rest->bv_val};
	size_t i = 0;

	for (; i < rest->bv_len && rest->bv_val[i] != '"'; i++) {
		char octet = rest->bv_val[i];

		if ((unsigned char)octet < 0x20 || octet == 0x7F)
			return LK_ERR_MALFORMED;
		if (octet == '\\') {
			int high = i + 2 < rest->bv_len ? hex_digit(rest->bv_val[i + 1]) : -1;
			int low = high >= 0 ? hex_digit(rest->bv_val[i + 2]) : -1;

			if (low < 0)
				return LK_ERR_MALFORMED;
			octet = (char)(high << 4 | low);
			i += 2;
		}
		value.bv_val[value.bv_len++] = octet;
	}
	if (i == rest->bv_len)
		return LK_ERR_MALFORMED;
	rest->bv_val += i + 1;
	rest->bv_len -= i + 1;
	*ret_value = value;
	return LK_OK;
}

static int take_word(struct berval *rest, struct berval *ret_word)
{
	struct berval word = {0, rest->bv_val};

	while (word.bv_len < rest->bv_len && word.bv_val[word.bv_len] != ' ') {
		char octet = word.bv_val[word.bv_len++];

		if (octet < '!' || octet > '~' || octet == '"' || octet == '\\')
			return LK_ERR_MALFORMED;
	}
	if (word.bv_len == 0)
		return LK_ERR_MALFORMED;
	rest->bv_val += word.bv_len;
	rest->bv_len -= word.bv_len;
	*ret_word = word;
	return LK_OK;
}

static int take_key(struct berval *rest, struct berval *ret_key)
{
	struct berval key = {0, rest->bv_val};

	while (key.bv_len < rest->bv_len && is_alpha(key.bv_val[key.bv_len]))
		key.bv_len++;
	if (key.bv_len == 0 || key.bv_len == rest->bv_len || key.bv_val[key.bv_len] != '=')
		return LK_ERR_MALFORMED;
	rest->bv_val += key.bv_len + 1;
	rest->bv_len -= key.bv_len + 1;
	*ret_key = key;
	return LK_OK;
}

static bool is_word(const struct berval *value, const char *word)
{
	return value->bv_len == strlen(word) && memcmp(value->bv_val, word, value->bv_len) == 0;
}

static int read_number(const struct berval *text, long *ret_number)
{
	long number = 0;

	if (text->bv_len == 0 || text->bv_len > 9)
		return LK_ERR_MALFORMED;
	for (size_t i = 0; i < text->bv_len; i++) {
		if (text->bv_val[i] < '0' || text->bv_val[i] > '9')
			return LK_ERR_MALFORMED;
		number = number * 10 + (text->bv_val[i] - '0');
	}
	*ret_number = number;
	return LK_OK;
}

/* Other keys than these may come with other versions. */
static int keep_field(const struct berval *key, const struct berval *value, struct lk_log_line *line)
{
	if (is_word(key, "result"))
		return line->result == LK_LOG_NO_NUMBER ? read_number(value, &line->result) : LK_ERR_MALFORMED;
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		struct berval *field = (struct berval *)((char *)line + keys[i].offset);

		if (!is_word(key, keys[i].key))
			continue;
		if (field->bv_val != NULL)
			return LK_ERR_MALFORMED;
		*field = *value;
	}
	return LK_OK;
}

static int take_field(struct berval *rest, struct lk_log_line *line)
{
	struct berval key, value;
	int status;

	if (rest->bv_val[0] != ' ')
		return LK_ERR_MALFORMED;
	rest->bv_val++;
	rest->bv_len--;
	status = take_key(rest, &key);
	if (status != LK_OK)
		return status;
	if (rest->bv_len > 0 && rest->bv_val[0] == '"') {
		rest->bv_val++;
		rest->bv_len--;
		status = take_quoted(rest, &value);
	} else {
		status = take_word(rest, &value);
	}
	return status == LK_OK ? keep_field(&key, &value, line) : status;
}

static bool take_text(struct berval *rest, const char *text)
{
	size_t length = strlen(text);

	if (rest->bv_len < length || memcmp(rest->bv_val, text, length) != 0)
		return false;
	rest->bv_val += length;
	rest->bv_len -= length;
	return true;
}

static bool take_digits(struct berval *rest)
{
	size_t digits = 0;

	take_text(rest, "-");
	while (digits < rest->bv_len && rest->bv_val[digits] >= '0' && rest->bv_val[digits] <= '9')
		digits++;
	rest->bv_val += digits;
	rest->bv_len -= digits;
	return digits > 0;
}

int lk_log_message_parse(struct berval *message, bool *ret_ours, struct lk_log_line *ret_line)
{
	struct lk_log_line line = {.result = LK_LOG_NO_NUMBER};
	struct berval rest = *message;
	int status;

	/* Only here: other lines of slapd's repeat what clients say. */
	*ret_ours = take_text(&rest, "conn=") && take_digits(&rest) && take_text(&rest, " op=") && take_digits(&rest) &&
				take_text(&rest, " latchkey event=");
	if (!*ret_ours)
		return LK_OK;
	status = take_word(&rest, &line.event);
	while (status == LK_OK && rest.bv_len > 0)
		status = take_field(&rest, &line);
	if (status == LK_OK && line.verdict.bv_val == NULL)
		status = LK_ERR_MALFORMED;
	if (status == LK_OK)
		*ret_line = line;
	return status;
}

int lk_log_line_parse(struct berval *line, time_t now, bool *ret_ours, struct lk_log_line *ret_line)
{
	time_t when = 0;
	struct berval message = *line;
	int status;

	lk_log_stamp_take(&message, now, &when);
	status = lk_log_message_parse(&message, ret_ours, ret_line);
	if (*ret_ours && status == LK_OK)
		ret_line->time = when;
	return status;
}
