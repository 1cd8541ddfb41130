/* What people type and paste where a code is asked for: the code is found, or what it was is told apart. */
#include "support.h"

#include <stdlib.h>
#include <string.h>

#include "code.h"
#include "hangul.h"
#include "typed-code.h"

#define CODE "K7QF-2M9X-4TRB"
#define PRINTED "K7QF-2M9X-4TRB-0HVN-8E3C-WJ5D"

static struct lk_typed read_text(const char *text)
{
	struct berval typed = text_bv(text);
	struct lk_typed result;

	lk_typed_read(&typed, &result);
	return result;
}

static const struct {
	const char *typed;
	enum lk_typed_kind kind;
	const char *code;
	bool from_hangul, from_text;
} cases[] = {
	/* nothing */
	{"", LK_TYPED_NOTHING, "", false, false},
	{" \t\r\n\u3000\u00a0", LK_TYPED_NOTHING, "", false, false},
	{"\ufeff\u200b", LK_TYPED_NOTHING, "", false, false},
	/* the code alone */
	{CODE, LK_TYPED_MAILED, CODE, false, false},
	{"k7qf2m9x4trb", LK_TYPED_MAILED, CODE, false, false},
	{"  K7QF 2M9X\t4TRB\r\n", LK_TYPED_MAILED, CODE, false, false},
	{"K7-QF2M-9X4-TRB", LK_TYPED_MAILED, CODE, false, false},
	{"k7qf_2m9x_4trb", LK_TYPED_MAILED, CODE, false, false},
	{"\"K7QF.2M9X.4TRB\".", LK_TYPED_MAILED, CODE, false, false},
	{"“K7QF–2M9X—4TRB”", LK_TYPED_MAILED, CODE, false, false},
	{"「K7QF‑2M9X−4TRB」", LK_TYPED_MAILED, CODE, false, false},
	{"Ｋ７ＱＦ－２Ｍ９Ｘ－４ＴＲＢ", LK_TYPED_MAILED, CODE, false, false},
	{"ｋ７ｑｆ　２ｍ９ｘ　４ｔｒｂ", LK_TYPED_MAILED, CODE, false, false},
	{"K7QFー2M9Xー4TRB", LK_TYPED_MAILED, CODE, false, false},
	{"K7QF\u200b-\u00ad2M9X-4TRB\u200e", LK_TYPED_MAILED, CODE, false, false},
	{"OOOO-IIII-LLLL", LK_TYPED_MAILED, "0000-1111-1111", false, false},
	{PRINTED, LK_TYPED_PRINTED, PRINTED, false, false},
	{"k7qf 2m9x 4trb ohvn 8e3c wj5d", LK_TYPED_PRINTED, PRINTED, false, false},
	{"123456", LK_TYPED_TOTP, "123456", false, false},
	{" 123 456 ", LK_TYPED_TOTP, "123456", false, false},
	{"１２３４５６", LK_TYPED_TOTP, "123456", false, false},
	/* typed as Hangul: composed, as single letters, as macOS writes them, with Shift */
	{"ㅏ7ㅂㄹ-2ㅡ9ㅌ-4ㅅ규", LK_TYPED_MAILED, CODE, true, false},
	{"ㅏ7ㅂㄹ2ㅡ9ㅌ4ㅅㄱㅠ", LK_TYPED_MAILED, CODE, true, false},
	{"ㅏ7ㅃㄹ-2ㅡ9ㅌ-4ㅆㄲㅠ", LK_TYPED_MAILED, CODE, true, false},
	{"\u1161"
	 "7\u1107\u1105-2\u1173"
	 "9\u1110-4\u1109\u1100\u1172",
		LK_TYPED_MAILED, CODE, true, false},
	{"ㅏ７ㅂㄹ－２ㅡ９ㅌ－４ㅅ규", LK_TYPED_MAILED, CODE, true, false},
	/* within a text */
	{"확인 코드: " CODE, LK_TYPED_MAILED, CODE, false, true},
	{"Hello,\n\n    " CODE "\n\nType it on the screen where you asked for it.", LK_TYPED_MAILED, CODE, false, true},
	{"계정으로 돌아가기 위한 확인 코드를 보내 드립니다.    " CODE "코드를 요청하신 화면에", LK_TYPED_MAILED, CODE,
		false, true},
	{"the account kim:    " CODE "Type it on the screen", LK_TYPED_MAILED, CODE, false, true},
	{"my code is k7qf-2m9x-4trb.", LK_TYPED_MAILED, CODE, false, true},
	{"> " CODE "\n> > " CODE " again", LK_TYPED_MAILED, CODE, false, true},
	{"codes: " PRINTED " and nothing else", LK_TYPED_PRINTED, PRINTED, false, true},
	{"a read-only-mode and then " CODE "!", LK_TYPED_MAILED, CODE, false, true},
	{"well-used-door " CODE, LK_TYPED_MAILED, CODE, false, true},
	{"first " CODE ", then 1111-2222-3333", LK_TYPED_SEVERAL, "", false, false},
	/* nothing of ours */
	{"K7QF-2M9X-4TR", LK_TYPED_UNKNOWN, "", false, false},
	{"K7QF-2M9X-4TRB1", LK_TYPED_UNKNOWN, "", false, false},
	{"K7QF-2M9X-4TRU", LK_TYPED_UNKNOWN, "", false, false},
	{"12345", LK_TYPED_UNKNOWN, "", false, false},
	{"not a code at all", LK_TYPED_UNKNOWN, "", false, false},
	{"이 코드가 왜 안 되나요", LK_TYPED_UNKNOWN, "", false, false},
	{"5f2b1a9c-0d3e-4f6a-8b7c-1d2e3f405162 was the id", LK_TYPED_UNKNOWN, "", false, false},
	{"read-only-mode again", LK_TYPED_UNKNOWN, "", false, false},
	{"\xff\xfeK7QF", LK_TYPED_UNKNOWN, "", false, false},
	{"Qm7x-4Kpt-Rw9d-hT3n", LK_TYPED_TEMPORARY, "", false, false},
	{" Qm7x-4Kpt-Rw9d-hT3n\n", LK_TYPED_TEMPORARY, "", false, false},
};

static void test_what_was_typed_is_told_apart(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct lk_typed result = read_text(cases[i].typed);

		if (result.kind != cases[i].kind || strcmp(result.code, cases[i].code) != 0 ||
			result.from_hangul != cases[i].from_hangul)
			fail_msg("“%s”: kind %d, code “%s”, from Hangul %d", cases[i].typed, (int)result.kind, result.code,
				result.from_hangul);
		if (cases[i].kind != LK_TYPED_SEVERAL)
			assert_int_equal(result.from_text, cases[i].from_text);
	}
}

static void test_how_much_is_missing_is_told(void **state)
{
	(void)state;
	assert_int_equal(read_text("K7QF-2M9X-4TR").symbols, 11);
	assert_int_equal(read_text("K7QF 2M9X 4TRB 99").symbols, 14);
	assert_int_equal(read_text("ㅏ7ㅂㄹ-2ㅡ9ㅌ-4ㅅㄱ").symbols, 11);
}

/* --- a keyboard whose input method was left on, written apart from what undoes it --------------------------------- */

/* Letters by their index in the compatibility block; the keys of each, small ones and capitals with Shift. */
static const char *const keyboard[51] = {"r", "R", NULL, "s", NULL, NULL, "e", "E", "f", NULL, NULL, NULL, NULL, NULL,
	NULL, NULL, "a", "q", "Q", NULL, "t", "T", "d", "w", "W", "c", "z", "x", "v", "g", "k", "o", "i", "O", "j", "p",
	"u", "P", "h", NULL, NULL, NULL, "y", "n", NULL, NULL, NULL, "b", "m", NULL, "l"};

static size_t letter_of(char key)
{
	for (int turn = 0; turn < 2; turn++)
		for (size_t i = 0; i < COUNT(keyboard); i++) {
			/* Shift changes nothing on a key that has one letter. */
			char wanted = turn == 0 || key < 'A' || key > 'Z' ? key : (char)(key - 'A' + 'a');
			if (keyboard[i] != NULL && keyboard[i][0] == wanted)
				return i;
		}
	return COUNT(keyboard);
}

static char *put_character(char *at, uint32_t character)
{
	*at++ = (char)(0xe0 | character >> 12);
	*at++ = (char)(0x80 | (character >> 6 & 0x3f));
	*at++ = (char)(0x80 | (character & 0x3f));
	return at;
}

/* Syllables of a consonant and a vowel where they come in this order, as an input method composes them; finals are left
 * out, and have rows of their own above and below. */
static void type_as_hangul(const char *keys, char *ret_text)
{
	static const int leading_of[] = {
		0, 1, -1, 2, -1, -1, 3, 4, 5, -1, -1, -1, -1, -1, -1, -1, 6, 7, 8, -1, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18};
	char *at = ret_text;

	for (; *keys != '\0'; keys++) {
		size_t first = letter_of(keys[0]), second = letter_of(keys[1]);

		if (first == COUNT(keyboard)) {
			*at++ = *keys;
		} else if (first < 30 && second >= 30 && second < COUNT(keyboard)) {
			at = put_character(at, 0xac00 + ((uint32_t)leading_of[first] * 21 + (uint32_t)(second - 30)) * 28);
			keys++;
		} else {
			at = put_character(at, 0x3131 + (uint32_t)first);
		}
	}
	*at = '\0';
}

static void test_any_code_typed_as_hangul_is_read(void **state)
{
	char code[LK_CODE_TEXT + 1], printed[LK_PRINTED_TEXT + 1], typed[4 * LK_PRINTED_TEXT + 1];

	(void)state;
	for (int i = 0; i < 5000; i++) {
		lk_code_generate(code);
		type_as_hangul(code, typed);
		assert_string_equal(read_text(typed).code, code);
		lk_printed_generate(printed);
		for (char *letter = printed; i % 2 && *letter != '\0'; letter++)
			if (*letter >= 'A' && *letter <= 'Z')
				*letter = (char)(*letter - 'A' + 'a');
		type_as_hangul(printed, typed);
		struct lk_typed result = read_text(typed);
		assert_int_equal(result.kind, LK_TYPED_PRINTED);
		for (char *letter = printed; *letter != '\0'; letter++)
			if (*letter >= 'a')
				*letter = (char)(*letter - 'a' + 'A');
		assert_string_equal(result.code, printed);
	}
}

static void test_any_code_is_found_in_any_text(void **state)
{
	static const char *const texts[][2] = {{"", ""}, {"코드는 ", "입니다"}, {"Code: ", "\r\nbye"}, {"    ", "Type it"},
		{"(", ")"}, {"a-b ", " c-d"}, {"<b>", "</b>"}};
	char code[LK_CODE_TEXT + 1], text[64];

	(void)state;
	for (int i = 0; i < 20000; i++) {
		lk_code_generate(code);
		strcpy(text, texts[i % 7][0]);
		strcat(strcat(text, code), texts[i % 7][1]);
		struct lk_typed result = read_text(text);
		assert_int_equal(result.kind, LK_TYPED_MAILED);
		assert_string_equal(result.code, code);
	}
}

static void test_syllables_with_finals(void **state)
{
	static const struct {
		uint32_t character;
		const char *keys;
	} rows[] = {{0xae40, "rla"}, {0xc815, "wjd"}, {0xd604, "gus"}, {0xac12, "rkqt"}, {0xad00, "rhks"}, {0xb10b, "sjrt"},
		{0xd7a3, "glg"}, {0x3133, "rt"}, {0x3158, "hk"}, {0x11aa, "rt"}, {0xbfb3, "Qyrt"}};
	char keys[LK_HANGUL_KEYS_MOST + 1];

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		assert_true(lk_hangul_keys(rows[i].character, keys));
		assert_string_equal(keys, rows[i].keys);
	}
	assert_false(lk_hangul_keys('k', keys) || lk_hangul_keys(0xd7a4, keys) || lk_hangul_keys(0x3164, keys));
	assert_true(lk_hangul_is_lone(0x3131) && lk_hangul_is_lone(0x3163));
	assert_false(lk_hangul_is_lone(0x3130) || lk_hangul_is_lone(0x3164) || lk_hangul_is_lone(0xac00));
}

/* Whatever the octets: nothing is read beyond them, and what is found is a code. */
static void test_anything_can_be_typed(void **state)
{
	char *text = malloc(2 * LK_TYPED_MOST);

	(void)state;
	for (int i = 0; i < 3000; i++) {
		struct berval typed = {draw_text(text, i % 10 == 0 ? 2 * LK_TYPED_MOST - 1 : 200, true), text};
		struct lk_typed result;

		if (i % 3 == 0 && typed.bv_len > 0)
			text[draw((uint32_t)typed.bv_len)] = (char)draw(256);
		lk_typed_read(&typed, &result);
		assert_int_equal(result.code[0] != '\0',
			result.kind == LK_TYPED_MAILED || result.kind == LK_TYPED_PRINTED || result.kind == LK_TYPED_TOTP);
	}
	free(text);
}

static void test_what_is_too_long_is_cut(void **state)
{
	struct berval text = repeated(' ', LK_TYPED_MOST + 100);

	(void)state;
	memcpy(text.bv_val + LK_TYPED_MOST - 20, CODE, LK_CODE_TEXT);
	struct lk_typed result;
	lk_typed_read(&text, &result);
	assert_string_equal(result.code, CODE);
	memset(text.bv_val, ' ', text.bv_len);
	memcpy(text.bv_val + LK_TYPED_MOST - 10, CODE, LK_CODE_TEXT);
	lk_typed_read(&text, &result);
	assert_int_equal(result.kind, LK_TYPED_UNKNOWN);
	free(text.bv_val);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_was_typed_is_told_apart),
		cmocka_unit_test(test_how_much_is_missing_is_told),
		cmocka_unit_test(test_any_code_typed_as_hangul_is_read),
		cmocka_unit_test(test_any_code_is_found_in_any_text),
		cmocka_unit_test(test_syllables_with_finals),
		cmocka_unit_test(test_anything_can_be_typed),
		cmocka_unit_test(test_what_is_too_long_is_cut),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
