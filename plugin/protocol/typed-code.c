/* Codes in what people type and paste. */
#include "typed-code.h"

#include <sodium.h>
#include <stdint.h>
#include <string.h>

#include "error.h"
#include "hangul.h"
#include "symbols.h"
#include "totp.h"
#include "utf8.h"

#define GROUP 4
#define GROUPS_MAILED (LK_CODE_SYMBOLS / GROUP)
#define GROUPS_PRINTED (LK_PRINTED_SYMBOLS / GROUP)
#define GROUPS_TEMPORARY 4
#define FOREIGN '\001' /* a character that no code has */

/* --- to ASCII ----------------------------------------------------------------------------------------------------- */

static bool is_one_of(uint32_t character, const uint32_t (*ranges)[2], size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (character >= ranges[i][0] && character <= ranges[i][1])
			return true;
	return false;
}
#define IS_ONE_OF(character, ranges) is_one_of(character, ranges, sizeof(ranges) / sizeof((ranges)[0]))

/* The ASCII character that CHARACTER looks like, NUL where it cannot be seen at all. */
static char fold_character(uint32_t character)
{
	static const uint32_t dashes[][2] = {
		{0x2010, 0x2015}, {0x2043, 0x2043}, {0x2212, 0x2212}, {0x30fc, 0x30fc}, {0xfe58, 0xfe58}, {0xfe63, 0xfe63}};
	static const uint32_t spaces[][2] = {{'\t', '\r'}, {0x85, 0x85}, {0xa0, 0xa0}, {0x2000, 0x200a}, {0x2028, 0x2029},
		{0x202f, 0x202f}, {0x205f, 0x205f}, {0x3000, 0x3000}};
	static const uint32_t unseen[][2] = {{0xad, 0xad}, {0x200b, 0x200f}, {0x202a, 0x202e}, {0x2060, 0x2064},
		{0x2066, 0x2069}, {0xfe00, 0xfe0f}, {0xfeff, 0xfeff}};
	static const uint32_t quotes[][2] = {
		{0x2018, 0x201f}, {0x2039, 0x203a}, {0xab, 0xab}, {0xbb, 0xbb}, {0x3001, 0x3002}, {0x3008, 0x3011}};

	if (character >= 0xff01 && character <= 0xff5e) /* full-width forms */
		return (char)(character - 0xff01 + '!');
	if (IS_ONE_OF(character, dashes))
		return '-';
	if (IS_ONE_OF(character, spaces))
		return ' ';
	if (IS_ONE_OF(character, unseen))
		return '\0';
	if (IS_ONE_OF(character, quotes))
		return '"';
	return character > ' ' - 1 && character < 0x7f ? (char)character : FOREIGN;
}

struct folded {
	char text[LK_TYPED_MOST + 1];
	size_t length;
	bool has_hangul;
};

static void put(struct folded *folded, char character)
{
	if (character != '\0' && folded->length < LK_TYPED_MOST)
		folded->text[folded->length++] = character;
}

/* With HANGUL as its keys, without as what no code has. */
static void fold(const struct berval *typed, bool hangul, struct folded *ret_folded)
{
	char keys[LK_HANGUL_KEYS_MOST + 1];
	uint32_t character;
	size_t length;

	ret_folded->length = 0;
	ret_folded->has_hangul = false;
	for (size_t at = 0; at < typed->bv_len && ret_folded->length < LK_TYPED_MOST; at += length) {
		length = lk_utf8_read(typed, at, &character);
		if (length == 0) {
			length = 1;
			put(ret_folded, FOREIGN);
		} else if (lk_hangul_keys(character, keys)) {
			ret_folded->has_hangul = true;
			for (const char *key = hangul ? keys : "\001"; *key != '\0'; key++)
				put(ret_folded, *key);
		} else {
			put(ret_folded, fold_character(character));
		}
	}
	ret_folded->text[ret_folded->length] = '\0';
	sodium_memzero(keys, sizeof(keys));
}

/* --- a code alone ------------------------------------------------------------------------------------------------- */

static void set_code(struct lk_typed *typed, enum lk_typed_kind kind, const char *symbols, size_t count)
{
	char *at = typed->code;

	for (size_t i = 0; i < count; i++) {
		if (i > 0 && i % GROUP == 0 && kind != LK_TYPED_TOTP)
			*at++ = '-';
		*at++ = symbols[i];
	}
	*at = '\0';
	typed->kind = kind;
}

static bool is_letter_or_digit(char character)
{
	return (character >= '0' && character <= '9') || (character >= 'A' && character <= 'Z') ||
		   (character >= 'a' && character <= 'z');
}

/* What stands between and around symbols and means nothing. */
static bool is_punctuation(char character)
{
	return character != '\0' && strchr(" -_./:;,'\"`()[]<>{}*=#", character) != NULL;
}

/* The letters and digits of TEXT, MOST of them at most; false where something else than punctuation is among them. */
static bool squeeze(const char *text, size_t length, char *ret_symbols, size_t most, size_t *ret_count)
{
	bool is_clean = true;
	size_t count = 0;

	for (size_t i = 0; i < length; i++) {
		if (is_letter_or_digit(text[i])) {
			if (count < most)
				ret_symbols[count] = text[i];
			count++;
		} else if (!is_punctuation(text[i])) {
			is_clean = false;
		}
	}
	*ret_count = count;
	return is_clean;
}

static bool is_made_of_digits(const char *symbols, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (symbols[i] < '0' || symbols[i] > '9')
			return false;
	return true;
}

/* Whether COUNT characters are a code of their own kind. */
static bool judge_symbols(char *symbols, size_t count, struct lk_typed *typed)
{
	struct berval text = {count, symbols};
	char canonical[LK_SYMBOLS_MAX + 1];
	bool is_code = false;

	if (count == LK_TOTP_DIGITS && is_made_of_digits(symbols, count)) {
		set_code(typed, LK_TYPED_TOTP, symbols, count);
		return true;
	}
	if (count == LK_CODE_SYMBOLS || count == LK_PRINTED_SYMBOLS)
		is_code = lk_symbols_read(&text, count, canonical) == LK_OK;
	if (is_code)
		set_code(typed, count == LK_CODE_SYMBOLS ? LK_TYPED_MAILED : LK_TYPED_PRINTED, canonical, count);
	sodium_memzero(canonical, sizeof(canonical));
	return is_code;
}

static bool read_alone(const char *text, size_t length, struct lk_typed *typed)
{
	char symbols[LK_SYMBOLS_MAX];
	bool is_code = squeeze(text, length, symbols, sizeof(symbols), &typed->symbols) &&
				   typed->symbols <= sizeof(symbols) && judge_symbols(symbols, typed->symbols, typed);

	sodium_memzero(symbols, sizeof(symbols));
	return is_code;
}

/* --- a code in a text --------------------------------------------------------------------------------------------- */

/* How strictly a text is searched: mails have capitals; what was copied by hand need not, and has a digit to be told
 * from words joined by hyphens; and something may follow at once. */
enum search { CAPITALS, WITH_DIGIT, GLUED };

static bool is_symbol(char character, enum search search)
{
	static const char letters[] = "ABCDEFGHJKMNPQRSTVWXYZ";
	char capital = character >= 'a' && character <= 'z' ? (char)(character - 'a' + 'A') : character;

	if (character >= '0' && character <= '9')
		return true;
	return capital != '\0' && strchr(letters, capital) != NULL && (search == WITH_DIGIT || capital == character);
}

static bool is_group(const struct folded *folded, size_t at, enum search search)
{
	if (at + GROUP > folded->length)
		return false;
	for (size_t i = 0; i < GROUP; i++)
		if (!is_symbol(folded->text[at + i], search))
			return false;
	return true;
}

/* How many groups, joined by hyphens, begin at AT. */
static size_t count_groups(const struct folded *folded, size_t at, enum search search)
{
	size_t count = 0;

	while (is_group(folded, at, search)) {
		count++;
		at += GROUP;
		if (folded->text[at] != '-')
			break;
		at++;
	}
	return count;
}

static bool has_digit(const char *text, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if (text[i] >= '0' && text[i] <= '9')
			return true;
	return false;
}

/* Whether the beginning of another word stands at AT, "Type" or "A". */
static bool begins_word(const struct folded *folded, size_t at)
{
	char first = folded->text[at], second = first == '\0' ? first : folded->text[at + 1];

	return first >= 'A' && first <= 'Z' && (second == ' ' || (second >= 'a' && second <= 'z'));
}

/* Whether a code begins at AT, and neither goes on before nor behind. *ret_groups is its length. */
static bool begins_code(const struct folded *folded, size_t at, enum search search, size_t *ret_groups)
{
	size_t groups = count_groups(folded, at, search), length = LK_SYMBOLS_TEXT(groups * GROUP);
	char before = at == 0 ? ' ' : folded->text[at - 1], after;

	if (groups != GROUPS_MAILED && groups != GROUPS_PRINTED)
		return false;
	after = folded->text[at + length];
	if (is_letter_or_digit(before) || before == '-' || after == '-')
		return false;
	if (search == WITH_DIGIT && !has_digit(folded->text + at, length))
		return false;
	*ret_groups = groups;
	return !is_letter_or_digit(after) || (search == GLUED && begins_word(folded, at + length));
}

/* True where there is a code, or several that differ. */
static bool search_text(const struct folded *folded, enum search search, struct lk_typed *typed)
{
	struct lk_typed found = {.kind = LK_TYPED_NOTHING}, one = found;
	size_t groups;

	for (size_t at = 0; at < folded->length && found.kind != LK_TYPED_SEVERAL; at++) {
		if (!begins_code(folded, at, search, &groups))
			continue;
		one = (struct lk_typed){.kind = LK_TYPED_NOTHING};
		read_alone(folded->text + at, LK_SYMBOLS_TEXT(groups * GROUP), &one);
		if (found.kind == LK_TYPED_NOTHING)
			found = one;
		else if (strcmp(found.code, one.code) != 0)
			found = (struct lk_typed){.kind = LK_TYPED_SEVERAL};
	}
	if (found.kind != LK_TYPED_NOTHING)
		*typed = found;
	sodium_memzero(&one, sizeof(one));
	return found.kind != LK_TYPED_NOTHING;
}

static bool read_within(const struct folded *folded, struct lk_typed *typed)
{
	static const enum search searches[] = {CAPITALS, WITH_DIGIT, GLUED};

	for (size_t i = 0; i < sizeof(searches) / sizeof(searches[0]); i++) {
		if (!search_text(folded, searches[i], typed))
			continue;
		typed->from_text = true;
		return true;
	}
	return false;
}

/* --- what is no code ---------------------------------------------------------------------------------------------- */

/* Small and capital letters in four groups of four, as no code has them. */
static bool is_temporary_password(const struct folded *folded)
{
	size_t length = folded->length, begin = 0, small = 0;

	while (begin < length && folded->text[begin] == ' ')
		begin++;
	while (length > begin && folded->text[length - 1] == ' ')
		length--;
	if (length - begin != LK_SYMBOLS_TEXT(GROUPS_TEMPORARY * GROUP))
		return false;
	for (size_t i = 0; i < length - begin; i++) {
		char character = folded->text[begin + i];
		bool is_hyphen = i % (GROUP + 1) == GROUP;

		if (is_hyphen ? character != '-' : !is_letter_or_digit(character))
			return false;
		small += character >= 'a' && character <= 'z';
	}
	return small > 0;
}

void lk_typed_read(const struct berval *typed, struct lk_typed *ret_typed)
{
	struct folded folded;

	*ret_typed = (struct lk_typed){.kind = LK_TYPED_UNKNOWN};
	fold(typed, false, &folded);
	if (folded.length == strspn(folded.text, " "))
		ret_typed->kind = LK_TYPED_NOTHING;
	else if (!read_alone(folded.text, folded.length, ret_typed) && !read_within(&folded, ret_typed)) {
		if (is_temporary_password(&folded))
			ret_typed->kind = LK_TYPED_TEMPORARY;
		else if (folded.has_hangul) {
			fold(typed, true, &folded);
			ret_typed->from_hangul = read_alone(folded.text, folded.length, ret_typed);
		}
	}
	sodium_memzero(&folded, sizeof(folded));
}
