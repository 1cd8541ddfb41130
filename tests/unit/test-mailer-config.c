/* What a configuration file may say, and what is said about one that is wrong. */
#include "support.h"

#include <glib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "config.h"

#define DIRECTORY "[directory]\nuri=ldapi:///\nmech=EXTERNAL\n"
#define KEYS "[keys]\nfile=/a.key;/b.key\n"
#define MAIL "[mail]\nfrom=help@example.com\n"
#define MAILDIR "[maildir]\npath=/mails\n"
#define SMTP "[smtp]\nurl=smtp://mx.example.com:587\n"

static int load(const char *text, struct lk_config **ret_config, struct lk_complaint *ret_complaint)
{
	char *path = NULL;
	int file = g_file_open_tmp("latchkey-XXXXXX", &path, NULL);

	assert_true(file >= 0);
	close(file);
	assert_true(g_file_set_contents(path, text, -1, NULL));
	int result = lk_config_load(path, ret_config, ret_complaint);
	g_unlink(path);
	g_free(path);
	return result;
}

static struct lk_config *load_good(const char *text)
{
	struct lk_complaint complaint = {""};
	struct lk_config *config = NULL;

	load(text, &config, &complaint);
	assert_string_equal(complaint.text, "");
	assert_non_null(config);
	return config;
}

static void a_maildir_needs_little(void **state)
{
	struct lk_config *config = load_good(DIRECTORY KEYS MAIL MAILDIR);

	(void)state;
	assert_true(config->directory.is_external);
	assert_false(config->directory.starttls);
	assert_string_equal(config->directory.uris[0], "ldapi:///");
	assert_null(config->directory.uris[1]);
	assert_string_equal(config->key_files[0], "/a.key");
	assert_string_equal(config->key_files[1], "/b.key");
	assert_null(config->key_files[2]);
	assert_string_equal(config->maildir, "/mails");
	assert_int_equal(config->relays_count, 0);
	assert_non_null(config->templates);
	assert_non_null(config->catalogs);
	lk_config_free(config);
}

static void a_mail_server_is_spoken_to_over_tls(void **state)
{
	struct lk_config *config =
		load_good(DIRECTORY KEYS MAIL SMTP "user=latchkey\npassword_file=/pw\nca_file=/ca.pem\n");

	(void)state;
	assert_true(config->relays[0].starttls);
	assert_false(config->relays[0].accepts_any_certificate);
	assert_string_equal(config->relays[0].user, "latchkey");
	assert_string_equal(config->relays[0].password_file, "/pw");
	assert_string_equal(config->relays[0].ca_file, "/ca.pem");
	lk_config_free(config);
}

static void checks_are_turned_off_by_words_that_say_so(void **state)
{
	struct lk_config *config = load_good(DIRECTORY KEYS MAIL SMTP "starttls=no\ninsecure_tls=accept-any-certificate\n");

	(void)state;
	assert_false(config->relays[0].starttls);
	assert_true(config->relays[0].accepts_any_certificate);
	lk_config_free(config);
}

static void several_places_are_tried_in_order(void **state)
{
	struct lk_config *config = load_good("[directory]\nuri=ldaps://a;ldaps://b\nmech=EXTERNAL\n" KEYS MAIL SMTP
										 "[smtp backup]\nurl=smtps://mx2.example.com\nuser=u\npassword_file=pw\n");

	(void)state;
	assert_string_equal(config->directory.uris[1], "ldaps://b");
	assert_int_equal(config->relays_count, 2);
	assert_string_equal(config->relays[0].url, "smtp://mx.example.com:587");
	assert_null(config->relays[0].user);
	assert_string_equal(config->relays[1].url, "smtps://mx2.example.com");
	assert_string_equal(config->relays[1].user, "u");
	assert_true(config->relays[1].starttls);
	assert_int_equal(config->relays[1].timeout, 30);
	assert_int_equal(config->connections, 4);
	lk_config_free(config);
}

static void wrong_files_get_one_clear_sentence(void **state)
{
	static const struct {
		const char *text;
		const char *sentence; /* after the file's name */
	} cases[] = {
		{"", "[directory] uri is missing"},
		{"nonsense", "Key file contains line “nonsense” which is not a key-value pair, group, or comment"},
		{"[directory]\nurl=ldapi:///\n", "[directory] url: there is no such setting"},
		{"[dir]\nuri=ldapi:///\n", "[dir] uri: there is no such setting"},
		{"[directory]\nuri=\n", "[directory] uri has no value"},
		{"[directory]\nuri=ldapi:///\n",
			"[directory] needs bind_dn and password_file to sign in with, or mech = EXTERNAL"},
		{"[directory]\nuri=ldapi:///\nmech=GSSAPI\n", "[directory] mech is \"GSSAPI\"; it can be EXTERNAL or SIMPLE"},
		{DIRECTORY "bind_dn=cn=mailer\n", "[directory] bind_dn and password_file do not go with mech = EXTERNAL"},
		{"[directory]\nuri=ldap://a\nbind_dn=cn=mailer\npassword_file=/pw\n",
			"[directory] a password is not sent over ldap:// without starttls = yes"},
		{"[directory]\nuri=ldaps://a;ldap://b\nbind_dn=cn=mailer\npassword_file=/pw\n",
			"[directory] a password is not sent over ldap:// without starttls = yes"},
		{DIRECTORY KEYS MAIL SMTP "[smtp backup]\nuser=me\npassword_file=/pw\n",
			"[smtp] url is missing: the mail server"},
		{DIRECTORY, "[mail] from is missing: the address that mails come from"},
		{DIRECTORY KEYS MAILDIR "[mail]\nfrom=Help <help@example.com>\n",
			"[mail] from is \"Help <help@example.com>\", which is not one plain mail address"},
		{DIRECTORY MAIL, "[keys] file is missing; `latchkey-mailer keygen` makes one"},
		{DIRECTORY KEYS MAIL, "exactly one of [smtp] url and [maildir] path must say where mails go"},
		{DIRECTORY KEYS MAIL SMTP MAILDIR, "exactly one of [smtp] url and [maildir] path must say where mails go"},
		{DIRECTORY KEYS MAIL "[smtp]\nurl=http://a\n",
			"[smtp] url is \"http://a\"; it must begin with smtp:// or smtps://"},
		{DIRECTORY KEYS MAIL "[smtp]\nurl=smtp://me:pw@a\n",
			"[smtp] url has no place for a user; use user and password_file"},
		{DIRECTORY KEYS MAIL SMTP "user=me\n", "[smtp] user and password_file go together"},
		{DIRECTORY KEYS MAIL SMTP "user=me\npassword_file=/pw\nstarttls=no\n",
			"[smtp] a password is not sent with starttls = no"},
		{DIRECTORY KEYS MAIL SMTP "starttls=maybe\n", "[smtp] starttls is \"maybe\"; it can be required or no"},
		{DIRECTORY KEYS MAIL SMTP "timeout=0\n", "[smtp] timeout is \"0\"; it can be a number from 1 to 30"},
		{DIRECTORY KEYS MAIL SMTP "timeout=31\n", "[smtp] timeout is \"31\"; it can be a number from 1 to 30"},
		{"[service]\nconnections=many\n", "[service] connections is \"many\"; it can be a number from 1 to 64"},
		{DIRECTORY KEYS MAIL SMTP "insecure_tls=yes\n",
			"[smtp] insecure_tls is \"yes\"; it can be accept-any-certificate"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct lk_complaint complaint = {""};
		struct lk_config *config = NULL;
		assert_int_equal(load(cases[i].text, &config, &complaint), -1);
		assert_null(config);
		const char *sentence = strstr(complaint.text, ": ");
		assert_non_null(sentence);
		assert_string_equal(sentence + 2, cases[i].sentence);
	}
}

static void a_missing_file_is_named(void **state)
{
	struct lk_complaint complaint;
	struct lk_config *config = NULL;

	(void)state;
	assert_int_equal(lk_config_load("/nowhere/mailer.conf", &config, &complaint), -1);
	assert_string_equal(complaint.text, "/nowhere/mailer.conf: No such file or directory");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_maildir_needs_little),
		cmocka_unit_test(a_mail_server_is_spoken_to_over_tls),
		cmocka_unit_test(checks_are_turned_off_by_words_that_say_so),
		cmocka_unit_test(several_places_are_tried_in_order),
		cmocka_unit_test(wrong_files_get_one_clear_sentence),
		cmocka_unit_test(a_missing_file_is_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
