/* Catalogues, languages and dates. */
#include "support.h"

#include <glib.h>
#include <glib/gstdio.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "catalog.h"
#include "date.h"
#include "language.h"

#define KOREAN LK_TEST_CATALOGS "/ko/LC_MESSAGES/latchkey.mo"

static struct lk_languages *languages;

static int load_languages(void **state)
{
	struct lk_complaint complaint = {""};

	(void)state;
	lk_languages_load(LK_TEST_TEMPLATES, LK_TEST_CATALOGS, &languages, &complaint);
	assert_string_equal(complaint.text, "");
	return 0;
}

static int free_languages(void **state)
{
	(void)state;
	lk_languages_free(languages);
	return 0;
}

static const struct lk_language *language(const char *tag)
{
	struct berval value = text_bv(tag);

	return lk_languages_find(languages, &value);
}

static void catalogues_are_looked_up_by_context(void **state)
{
	struct lk_complaint complaint;
	struct lk_catalog *catalog;

	(void)state;
	assert_int_equal(lk_catalog_load(KOREAN, &catalog, &complaint), 0);
	assert_string_equal(lk_catalog_find(catalog, "mail", "PM"), "오후");
	assert_string_equal(lk_catalog_find(catalog, "elsewhere", "PM"), "PM");
	assert_string_equal(lk_catalog_find(catalog, "mail", "never said"), "never said");
	assert_string_equal(lk_catalog_find(NULL, "mail", "PM"), "PM");
	lk_catalog_free(catalog);
}

static char *scratch;

/* A damaged catalogue is refused, or answers from inside its own octets: valgrind and the sanitizers look on. */
static void try_catalog(const struct berval *damaged, void *data)
{
	struct lk_complaint complaint;
	struct lk_catalog *catalog;

	(void)data;
	FILE *file = fopen(scratch, "w");
	assert_non_null(file);
	assert_int_equal(fwrite(damaged->bv_val, 1, damaged->bv_len, file), damaged->bv_len);
	fclose(file);
	if (lk_catalog_load(scratch, &catalog, &complaint) < 0)
		return;
	assert_non_null(lk_catalog_find(catalog, "mail", "PM"));
	lk_catalog_free(catalog);
}

/* One string, "a" in the context "mail", which is "b". */
#define SMALL                                                                                                          \
	"\xde\x12\x04\x95\0\0\0\0\1\0\0\0\x1c\0\0\0\x24\0\0\0\0\0\0\0\0\0\0\0\6\0\0\0\x2c\0\0\0\1\0\0\0\x33\0\0\0mail\4"   \
	"a\0b"

static void damaged_catalogues_do_no_harm(void **state)
{
	struct berval small = {sizeof SMALL, SMALL};
	int file = memfd_create("catalogue", MFD_CLOEXEC); /* thousands of files would keep a disk busy */

	(void)state;
	assert_true(file >= 0);
	scratch = g_strdup_printf("/proc/self/fd/%d", file);
	for_each_damage(&small, try_catalog, NULL);
	close(file);
	g_free(scratch);
}

static void the_first_subtag_chooses_the_language(void **state)
{
	static const struct {
		const char *tag;
		const char *language;
	} cases[] = {
		{"ko", "ko"},
		{"ko-KR", "ko"},
		{"KO-kr", "ko"},
		{"ko-Kore-KR", "ko"},
		{"en", "en"},
		{"en-GB", "en"},
		{"kok", "en"},
		{"k", "en"},
		{"ko_KR", "en"},
		{"fr", "en"},
		{"", "en"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		assert_string_equal(lk_language_tag(language(cases[i].tag)), cases[i].language);
}

static void dates_are_written_as_people_read_them(void **state)
{
	static const struct {
		time_t when;
		const char *zone;
		const char *english;
		const char *korean;
	} cases[] = {
		{1795237320, "Asia/Seoul", "Saturday, 21 November 2026, 2:02 PM (Korea Standard Time)",
			"2026년 11월 21일(토) 오후 2:02(한국 표준시)"},
		{1795186800, "Asia/Seoul", "Saturday, 21 November 2026, 12:00 AM (Korea Standard Time)",
			"2026년 11월 21일(토) 오전 12:00(한국 표준시)"},
		{1795230000, "Asia/Seoul", "Saturday, 21 November 2026, 12:00 PM (Korea Standard Time)",
			"2026년 11월 21일(토) 오후 12:00(한국 표준시)"},
		{1795237320, "", "Saturday, 21 November 2026, 5:02 AM (UTC)", "2026년 11월 21일(토) 오전 5:02(UTC)"},
		{1795237320, "No/Where", "Saturday, 21 November 2026, 5:02 AM (UTC)", "2026년 11월 21일(토) 오전 5:02(UTC)"},
		{1795237320, "../../etc/passwd", "Saturday, 21 November 2026, 5:02 AM (UTC)",
			"2026년 11월 21일(토) 오전 5:02(UTC)"},
		{1795237320, "Europe/Berlin", "Saturday, 21 November 2026, 6:02 AM (CET, UTC+01:00)",
			"2026년 11월 21일(토) 오전 6:02(CET, UTC+01:00)"},
		{1795237320, "Asia/Singapore", "Saturday, 21 November 2026, 1:02 PM (UTC+08:00)",
			"2026년 11월 21일(토) 오후 1:02(UTC+08:00)"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct berval zone = text_bv(cases[i].zone);
		char *english = lk_date_write(language("en"), cases[i].when, &zone);
		char *korean = lk_date_write(language("ko"), cases[i].when, &zone);
		assert_string_equal(english, cases[i].english);
		assert_string_equal(korean, cases[i].korean);
		g_free(english);
		g_free(korean);
	}
}

static void a_missing_template_is_named(void **state)
{
	struct lk_complaint complaint;
	struct lk_languages *none = NULL;

	(void)state;
	assert_int_equal(lk_languages_load("/nowhere", LK_TEST_CATALOGS, &none, &complaint), -1);
	assert_non_null(strstr(complaint.text, "/nowhere/recoveryCode.en.txt"));
	assert_int_equal(lk_languages_load(LK_TEST_TEMPLATES, "/nowhere", &none, &complaint), -1);
	assert_non_null(strstr(complaint.text, "/nowhere/ko/LC_MESSAGES/latchkey.mo"));
	assert_null(none);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(catalogues_are_looked_up_by_context),
		cmocka_unit_test(damaged_catalogues_do_no_harm),
		cmocka_unit_test(the_first_subtag_chooses_the_language),
		cmocka_unit_test(dates_are_written_as_people_read_them),
		cmocka_unit_test(a_missing_template_is_named),
	};

	return sodium_init() < 0 ? 1 : cmocka_run_group_tests(tests, load_languages, free_languages);
}
