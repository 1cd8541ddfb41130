/* One SMS, and the fields for a command. */
#include "support.h"

#include <glib.h>
#include <sodium.h>
#include <string.h>

#include "json.h"
#include "short-text.h"

static struct lk_languages *languages;

static int set_up(void **state)
{
	struct lk_complaint complaint = {""};

	(void)state;
	lk_languages_load(LK_TEST_TEMPLATES, LK_TEST_CATALOGS, &languages, &complaint);
	assert_string_equal(complaint.text, "");
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	lk_languages_free(languages);
	return 0;
}

static size_t octets(const char *text)
{
	gsize length = 0;
	char *converted = g_convert(text, -1, "EUC-KR", "UTF-8", NULL, &length, NULL);

	assert_non_null(converted);
	g_free(converted);
	return length;
}

static void try(
	enum lk_kind kind, const char *language, const char *organization, const char *secret, const char *expected)
{
	struct berval tag = text_bv(language);
	const struct lk_envelope envelope = {
		.kind = kind, .organization = text_bv(organization), .secret = text_bv(secret), .language = tag};
	struct lk_secret text = {0};

	lk_short_text_write(lk_languages_find(languages, &tag), &envelope, "Your password was changed", &text);
	assert_true(octets(text.text) <= LK_SHORT_MOST);
	assert_string_equal(text.text, expected);
	lk_secret_wipe(&text);
}

#define HUNDRED "0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789"

static void a_short_text_fits_into_one_sms(void **state)
{
	(void)state;
	try(LK_KIND_RECOVERY_CODE, "en", "Aurora", "K7QF-2M9X-4TRB", "[Aurora] Code: K7QF-2M9X-4TRB");
	try(LK_KIND_RECOVERY_CODE, "ko", "오로라", "K7QF-2M9X-4TRB", "[오로라] 확인 코드: K7QF-2M9X-4TRB");
	try(LK_KIND_WELCOME, "ko", "오로라", "abcd", "[오로라] 임시 암호: abcd");
	try(LK_KIND_WELCOME, "ko", "오로라", "", "[오로라] Your password was changed");
	try(LK_KIND_RECOVERY_CODE, "en", "", "K7QF-2M9X-4TRB", "Code: K7QF-2M9X-4TRB");
	try(LK_KIND_RECOVERY_CODE, "en", HUNDRED, "K7QF-2M9X-4TRB",
		"[0123456789012345678901234567890123456789012345678901234567890123456] Code: K7QF-2M9X-4TRB");
	try(LK_KIND_RECOVERY_CODE, "en", "한한한한한한한한한한한한한한한한한한한한한한한한한한한한한한한한한한한한한한한한",
		"x", "[한한한한한한한한한한한한한한한한한한한한한한한한한한한한한한한한한한한한한한한한] Code: x");
	try(LK_KIND_RECOVERY_CODE, "en", "똠방 🗝", "x", "[?방 ?] Code: x");
	try(LK_KIND_TEMPORARY_PASSWORD, "en", "Aurora", HUNDRED,
		"Temporary password: 0123456789012345678901234567890123456789012345678901234567890123456789");
}

static void fields_are_json(void **state)
{
	const struct lk_envelope envelope = {
		.id = "00112233445566778899aabbccddeeff",
		.kind = LK_KIND_PASSWORD_CHANGED,
		.to = BV("tel:+821012345678"),
		.name = BV("a \"b\" \\ c\n"),
		.language = BV("en"),
		.expires = 1795238220,
	};
	struct lk_secret json = {0};

	(void)state;
	lk_json_write(languages, &envelope, 1795237320, 1795238160, &json);
	assert_string_equal(json.text,
		"{\"id\":\"00112233445566778899aabbccddeeff\",\"kind\":\"passwordChanged\",\"address\":\"tel:+821012345678\","
		"\"person\":\"a \\\"b\\\" \\\\ "
		"c\",\"login\":\"\",\"organization\":\"\",\"language\":\"en\",\"portal\":\"\",\"actor\":\"\","
		"\"text\":\"Your password was changed\",\"mustChange\":false,"
		"\"expires\":\"2026-11-21T05:17:00Z\",\"lifetime\":60}\n");
	lk_secret_wipe(&json);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_short_text_fits_into_one_sms),
		cmocka_unit_test(fields_are_json),
	};

	return sodium_init() < 0 ? 1 : cmocka_run_group_tests(tests, set_up, tear_down);
}
