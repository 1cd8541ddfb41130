/* What the end of a delivery means, and mails that become files. */
#include "support.h"

#include <glib.h>
#include <glib/gstdio.h>
#include <sodium.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "answer.h"
#include "maildir.h"
#include "outcome.h"
#include "smtp-verdict.h"

static void verdicts_tell_the_message_from_the_server(void **state)
{
	static const struct {
		enum lk_smtp_stage stage;
		long code;
		enum lk_state verdict;
		bool is_away;
	} cases[] = {
		{LK_SMTP_CONNECTING, 0, LK_STATE_DEFERRED, true}, /* nobody there */
		{LK_SMTP_CONNECTING, 421, LK_STATE_DEFERRED, true},
		{LK_SMTP_CONNECTING, 554, LK_STATE_DEFERRED, true}, /* it does not want us, whatever we bring */
		{LK_SMTP_CONNECTING, 535, LK_STATE_DEFERRED, true}, /* wrong password */
		{LK_SMTP_ENVELOPE, 0, LK_STATE_DEFERRED, true}, /* silence, or the connection broke */
		{LK_SMTP_ENVELOPE, 421, LK_STATE_DEFERRED, true},
		{LK_SMTP_ENVELOPE, 450, LK_STATE_DEFERRED, false},
		{LK_SMTP_ENVELOPE, 530, LK_STATE_DEFERRED, true},
		{LK_SMTP_ENVELOPE, 550, LK_STATE_FAILED, false},
		{LK_SMTP_ENVELOPE, 552, LK_STATE_FAILED, false},
		{LK_SMTP_CONTENT, 0, LK_STATE_DEFERRED, true},
		{LK_SMTP_CONTENT, 451, LK_STATE_DEFERRED, false},
		{LK_SMTP_CONTENT, 554, LK_STATE_FAILED, false},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		assert_int_equal(lk_smtp_verdict(cases[i].stage, cases[i].code, false), cases[i].verdict);
		assert_int_equal(lk_smtp_is_away(cases[i].stage, cases[i].code, false), cases[i].is_away);
	}
	assert_int_equal(lk_smtp_verdict(LK_SMTP_CONTENT, 0, true), LK_STATE_SENT);
	assert_false(lk_smtp_is_away(LK_SMTP_CONTENT, 0, true));
}

static void answers_are_one_clean_line(void **state)
{
	static const struct {
		const char *answer, *secret, *clean;
	} cases[] = {
		{"250 2.0.0 Ok: queued", "", "250 2.0.0 Ok: queued"},
		{" 550 no\r\n\tsuch\x01user ", "", "550 no   such user"},
		{"550 \xec\x97\x86\xec\x9d\x8c\xc2\x85", "", "550 없음"},
		{"550 \xff", "", "550 \xef\xbf\xbd"},
		{"554 spam: K7QF-2M9X-4TRB is K7QF-2M9X-4TRB", "K7QF-2M9X-4TRB", "554 spam: ... is ..."},
		{"554 K7QF-2M9X-4TR", "K7QF-2M9X-4TRB", "554 K7QF-2M9X-4TR"},
		{"", "x", ""},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		char clean[LK_ANSWER_MAX + 1];
		struct berval secret = text_bv(cases[i].secret);
		lk_answer_clean(cases[i].answer, &secret, clean);
		assert_string_equal(clean, cases[i].clean);
	}
}

static void long_answers_are_cut_between_characters(void **state)
{
	char answer[3 * LK_ANSWER_MAX + 1], clean[LK_ANSWER_MAX + 1];

	(void)state;
	for (size_t i = 0; i < LK_ANSWER_MAX; i++)
		memcpy(answer + 3 * i, "\xea\xb9\x80", 4);
	lk_answer_clean(answer, &NONE, clean);
	assert_int_equal(strlen(clean), LK_ANSWER_MAX / 3 * 3);
	assert_true(g_utf8_validate(clean, -1, NULL));
}

static struct lk_mail a_mail(void)
{
	static const char bytes[] = "Subject: x\r\n\r\n.\r\nend\r\n";

	return (struct lk_mail){
		.id = "00112233445566778899aabbccddeeff",
		.from = "a@example.com",
		.to = "b@example.com",
		.bytes = bytes,
		.length = sizeof bytes - 1,
	};
}

/* The one file in FOLDER of PATH, whole. */
static char *only_file(const char *path, const char *folder)
{
	char *place = g_build_filename(path, folder, NULL);
	GDir *directory = g_dir_open(place, 0, NULL);
	char *name = g_strdup(g_dir_read_name(directory));
	char *text = NULL;

	assert_non_null(name);
	assert_null(g_dir_read_name(directory));
	assert_true(g_str_has_suffix(name, ".00112233445566778899aabbccddeeff.eml"));
	char *file = g_build_filename(place, name, NULL);
	assert_true(g_file_get_contents(file, &text, NULL, NULL));
	g_unlink(file);
	g_dir_close(directory);
	g_free(file);
	g_free(name);
	g_free(place);
	return text;
}

static void remove_maildir(const char *path)
{
	static const char *const folders[] = {"/tmp", "/new", "/cur", ""};

	for (size_t i = 0; i < COUNT(folders); i++) {
		char *folder = g_strconcat(path, folders[i], NULL);
		assert_int_equal(g_rmdir(folder), 0);
		g_free(folder);
	}
}

static void a_maildir_takes_mails_whole(void **state)
{
	char *path = g_dir_make_tmp("latchkey-XXXXXX", NULL);
	struct lk_mail mail = a_mail();
	struct lk_transport *transport;
	struct lk_complaint complaint;
	struct lk_delivery delivery = {.is_away = true};

	(void)state;
	assert_int_equal(lk_maildir_new(path, &transport, &complaint), 0);
	transport->deliver(transport, &mail, &delivery);
	assert_int_equal(delivery.state, LK_STATE_SENT);
	assert_false(delivery.is_away);
	char *text = only_file(path, "new");
	assert_string_equal(text, "Subject: x\n\n.\nend\n");
	g_free(text);
	transport->free(transport);
	remove_maildir(path);
	g_free(path);
}

static void a_maildir_that_is_gone_defers(void **state)
{
	char *path = g_dir_make_tmp("latchkey-XXXXXX", NULL);
	struct lk_mail mail = a_mail();
	struct lk_transport *transport;
	struct lk_complaint complaint;
	struct lk_delivery delivery = {0};

	(void)state;
	assert_int_equal(lk_maildir_new(path, &transport, &complaint), 0);
	remove_maildir(path);
	transport->deliver(transport, &mail, &delivery);
	assert_int_equal(delivery.state, LK_STATE_DEFERRED);
	assert_true(delivery.is_away);
	assert_string_equal(delivery.answer, "the maildir cannot be written: No such file or directory");
	transport->free(transport);
	assert_int_equal(lk_maildir_new("/dev/null/x", &transport, &complaint), -1);
	assert_string_equal(complaint.text, "/dev/null/x/tmp: Not a directory");
	g_free(path);
}

static void add(struct lk_outcomes *outcomes, const char *holder, const char *id)
{
	struct lk_outcome outcome = {.holder = g_strdup(holder)};

	strcpy(outcome.id, id);
	lk_outcomes_add(outcomes, &outcome);
}

static void outcomes_are_kept_until_written_down(void **state)
{
	static const bool keep[] = {false, true, false};
	struct lk_outcomes outcomes = {0};

	(void)state;
	add(&outcomes, "cn=a", "1");
	add(&outcomes, "cn=b", "2");
	add(&outcomes, "cn=c", "3");
	add(&outcomes, "cn=d", "4");
	assert_true(lk_outcomes_have(&outcomes, "cn=a", "1"));
	assert_false(lk_outcomes_have(&outcomes, "cn=a", "2"));
	lk_outcomes_drop(&outcomes, keep, COUNT(keep));
	assert_int_equal(outcomes.count, 2);
	assert_true(lk_outcomes_have(&outcomes, "cn=b", "2"));
	assert_true(lk_outcomes_have(&outcomes, "cn=d", "4"));
	lk_outcomes_clear(&outcomes);
	assert_int_equal(outcomes.count, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(verdicts_tell_the_message_from_the_server),
		cmocka_unit_test(answers_are_one_clean_line),
		cmocka_unit_test(long_answers_are_cut_between_characters),
		cmocka_unit_test(a_maildir_takes_mails_whole),
		cmocka_unit_test(a_maildir_that_is_gone_defers),
		cmocka_unit_test(outcomes_are_kept_until_written_down),
	};

	return sodium_init() < 0 ? 1 : cmocka_run_group_tests(tests, NULL, NULL);
}
