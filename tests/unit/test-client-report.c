/* The report of what would have been refused: how logs are read, and how requests are counted. */
#include "support.h"

#include <glib.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "log-reader.h"
#include "report.h"

#define NOW 1795320000
#define STAMP "6921a0b5.1b2c3d4e 0x7f1e5c0a6700 "
#define HEAD "conn=1003 op=1 latchkey event=modify verdict=observed rule=self-service-only"
#define ACTOR " actor=\"cn=portal\""
#define REST " changes=password result=0 client=\"IP=192.0.2.7\""
#define LINE HEAD ACTOR " target=\"uid=han\"" REST

struct fed {
	struct lk_log_reader reader;
	struct lk_report *report;
};

static void begin(struct fed *fed, time_t since)
{
	*fed = (struct fed){.report = lk_report_new(since)};
	fed->reader.seen = lk_report_add;
	fed->reader.context = fed->report;
	fed->reader.now = NOW;
}

static void feed(struct fed *fed, const char *text)
{
	lk_log_reader_feed(&fed->reader, text, strlen(text));
}

/* The kind at PLACE, which must be there. */
static const struct lk_report_kind *kind_at(const struct fed *fed, guint place)
{
	GPtrArray *kinds = lk_report_kinds(fed->report);
	const struct lk_report_kind *kind;

	assert_in_range(kinds->len, place + 1, LK_REPORT_KINDS);
	kind = g_ptr_array_index(kinds, place);
	g_ptr_array_unref(kinds);
	return kind;
}

static guint count_kinds(const struct fed *fed)
{
	GPtrArray *kinds = lk_report_kinds(fed->report);
	guint count = kinds->len;

	g_ptr_array_unref(kinds);
	return count;
}

static void test_requests_are_counted_by_who_did_what_from_where(void **state)
{
	struct fed fed;

	(void)state;
	begin(&fed, 0);
	feed(&fed, "6921a0b5 " LINE "\n6921a0b9 " LINE "\n6921a0b1 " HEAD ACTOR " target=\"uid=song\"" REST "\n");
	feed(&fed, STAMP HEAD " actor=\"cn=other\" target=\"uid=han\"" REST "\n");
	feed(&fed, STAMP HEAD ACTOR " target=\"uid=han\" changes=password result=0 client=\"IP=192.0.2.8\"\n");
	lk_log_reader_end(&fed.reader);
	assert_int_equal(count_kinds(&fed), 3);
	const struct lk_report_kind *kind = kind_at(&fed, 0);
	assert_string_equal(kind->actor, "cn=portal");
	assert_string_equal(kind->client, "IP=192.0.2.7");
	assert_string_equal(kind->event, "modify");
	assert_string_equal(kind->changes, "password");
	assert_string_equal(kind->rule, "self-service-only");
	assert_int_equal(kind->count, 3);
	assert_int_equal(kind->targets, 2);
	assert_int_equal(kind->first, 0x6921a0b1);
	assert_int_equal(kind->last, 0x6921a0b9);
	assert_string_equal(kind->examples[0], "uid=han");
	assert_string_equal(kind->examples[1], "uid=song");
	assert_null(kind->examples[2]);
	lk_report_free(fed.report);
}

static void test_what_does_not_count(void **state)
{
	static const char *const lines[] = {
		"conn=1 op=1 latchkey event=modify verdict=allowed rule=rootdn",
		"conn=1 op=1 latchkey event=modify verdict=refused rule=self-service-only",
		"conn=1 op=1 latchkey event=modify verdict=observed rule=self-service-only result=50",
		"conn=1 op=1 latchkey event=member verdict=observed rule=rules-need-global-administrator",
	};
	struct fed fed;

	(void)state;
	begin(&fed, 0);
	for (size_t i = 0; i < COUNT(lines); i++) {
		feed(&fed, lines[i]);
		feed(&fed, "\n");
	}
	assert_int_equal(count_kinds(&fed), 0);
	assert_int_equal(fed.reader.ours, COUNT(lines));
	lk_report_free(fed.report);
}

static void test_since(void **state)
{
	struct fed fed;

	(void)state;
	begin(&fed, 0x6921a0b5);
	feed(&fed, "6921a0b4 " LINE "\n6921a0b5 " LINE "\n" LINE "\n");
	assert_int_equal(kind_at(&fed, 0)->count, 1);
	assert_int_equal(lk_report_undated(fed.report), 1);
	lk_report_free(fed.report);
}

static void test_damage_is_counted_and_passed_over(void **state)
{
	char *too_long = g_strnfill(100000, 'x');
	struct fed fed;

	(void)state;
	begin(&fed, 0);
	feed(&fed, STAMP HEAD " actor=\"cn=cut\n" STAMP LINE "\n\n\n");
	feed(&fed, too_long);
	feed(&fed, "\n" STAMP LINE "\r\n" STAMP LINE);
	lk_log_reader_end(&fed.reader);
	assert_int_equal(fed.reader.damaged, 1);
	assert_int_equal(kind_at(&fed, 0)->count, 3);
	lk_report_free(fed.report);
	g_free(too_long);
}

/* What the journal exports: a text, and a message that holds a line break, in which somebody forges a line. */
#define EXPORT_HEAD "__CURSOR=s=1;i=2\n__REALTIME_TIMESTAMP=1763811509123456\n_HOSTNAME=ldap1\n"
#define FORGED "conn=7 op=0 do_bind: invalid dn (x\nconn=1 op=1 latchkey event=modify verdict=observed rule=forged)"

static void append_binary(GString *text, const char *data)
{
	guint64 size = GUINT64_TO_LE((guint64)strlen(data));

	g_string_append(text, "MESSAGE\n");
	g_string_append_len(text, (const char *)&size, sizeof(size));
	g_string_append_printf(text, "%s\n", data);
}

static void test_the_journals_export(void **state)
{
	GString *text = g_string_new(EXPORT_HEAD "MESSAGE=" LINE "\n\n" EXPORT_HEAD);

	(void)state;
	append_binary(text, FORGED);
	g_string_append(text, "\n" EXPORT_HEAD "MESSAGE=" STAMP LINE "\n\n");
	/* However the octets come. */
	for (size_t piece = 1; piece <= text->len; piece += piece < 20 ? 1 : 97) {
		struct fed fed;

		begin(&fed, 0);
		for (size_t at = 0; at < text->len; at += piece)
			lk_log_reader_feed(&fed.reader, text->str + at, MIN(piece, text->len - at));
		lk_log_reader_end(&fed.reader);
		assert_int_equal(count_kinds(&fed), 1);
		assert_int_equal(kind_at(&fed, 0)->count, 2);
		assert_int_equal(kind_at(&fed, 0)->first, 0x6921a0b5);
		assert_int_equal(fed.reader.ours, 2);
		lk_report_free(fed.report);
	}
	g_string_free(text, TRUE);
}

static void test_only_the_first_line_makes_it_an_export(void **state)
{
	struct fed fed;

	(void)state;
	begin(&fed, 0);
	feed(&fed, STAMP "slapd starting\n__CURSOR=forged\n" STAMP LINE "\n");
	assert_int_equal(kind_at(&fed, 0)->count, 1);
	lk_log_reader_end(&fed.reader);
	feed(&fed, EXPORT_HEAD "MESSAGE=" LINE "\n\n");
	lk_log_reader_end(&fed.reader);
	feed(&fed, STAMP LINE "\n");
	assert_int_equal(kind_at(&fed, 0)->count, 3);
	lk_report_free(fed.report);
}

static void test_more_than_can_be_kept(void **state)
{
	struct fed fed;
	char line[400];

	(void)state;
	begin(&fed, 0);
	for (int i = 0; i < LK_REPORT_TARGETS + 10; i++) {
		snprintf(line, sizeof(line), STAMP HEAD ACTOR " target=\"uid=%d\"" REST "\n", i);
		feed(&fed, line);
	}
	for (int i = 0; i < LK_REPORT_KINDS + 10; i++) {
		snprintf(line, sizeof(line), STAMP HEAD " actor=\"cn=%d\" target=\"uid=0\"" REST "\n", i);
		feed(&fed, line);
	}
	assert_int_equal(count_kinds(&fed), LK_REPORT_KINDS);
	assert_int_equal(lk_report_others(fed.report), 11);
	assert_int_equal(kind_at(&fed, 0)->count, LK_REPORT_TARGETS + 10);
	assert_int_equal(kind_at(&fed, 0)->targets, LK_REPORT_TARGETS);
	assert_true(kind_at(&fed, 0)->more_targets);
	lk_report_free(fed.report);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_requests_are_counted_by_who_did_what_from_where),
		cmocka_unit_test(test_what_does_not_count),
		cmocka_unit_test(test_since),
		cmocka_unit_test(test_damage_is_counted_and_passed_over),
		cmocka_unit_test(test_the_journals_export),
		cmocka_unit_test(test_only_the_first_line_makes_it_an_export),
		cmocka_unit_test(test_more_than_can_be_kept),
	};

	return sodium_init() < 0 ? 1 : cmocka_run_group_tests(tests, NULL, NULL);
}
