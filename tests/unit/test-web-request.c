/* What a browser and the proxies before it say: forms, languages, whose request it is. */
#include "support.h"

#include <stdlib.h>
#include <string.h>

#include "form.h"
#include "forwarded.h"
#include "texts.h"

/* --- forms ------------------------------------------------------------------------------------------------------------- */

static void test_forms_are_read(void **state)
{
	struct lk_web_form form;
	char body[] = "user=k+m%21&code=&go=new&other=1&%74oken=a%3Db&&new=%EA%B9%80=x&again";

	(void)state;
	assert_true(lk_web_form_read(body, sizeof body - 1, &form));
	assert_string_equal(form.user, "k m!");
	assert_string_equal(form.code, "");
	assert_string_equal(form.go, "new");
	assert_string_equal(form.token, "a=b");
	assert_string_equal(form.new, "\xea\xb9\x80=x");
	assert_string_equal(form.again, "");
	assert_null(form.old);
	char empty[1];
	assert_true(lk_web_form_read(empty, 0, &form));
	assert_null(form.user);
}

static void test_what_is_no_form(void **state)
{
	static const struct berval bodies[] = {BV("user=%"), BV("user=%4"), BV("user=%4g"), BV("user=%00"), BV("user=\0x"),
		BV("user=%ff"), BV("user=%ed%a0%80"), BV("user=1&user=2"), BV("%=1"), BV("x=%4&1=2"), BV("%FF=1")};

	(void)state;
	for (size_t i = 0; i < COUNT(bodies); i++) {
		char *body = malloc(bodies[i].bv_len + 1);
		struct lk_web_form form = {.user = (char *)"untouched"};

		memcpy(body, bodies[i].bv_val, bodies[i].bv_len);
		assert_false(lk_web_form_read(body, bodies[i].bv_len, &form));
		assert_string_equal(form.user, "untouched");
		free(body);
	}
}

/* --- languages --------------------------------------------------------------------------------------------------------- */

static void test_the_language_that_is_liked_best(void **state)
{
	static const struct {
		const char *accept;
		enum lk_web_language language;
	} cases[] = {
		{NULL, LK_WEB_ENGLISH},
		{"", LK_WEB_ENGLISH},
		{"ko", LK_WEB_KOREAN},
		{"KO-kr", LK_WEB_KOREAN},
		{"en,ko", LK_WEB_ENGLISH},
		{"en;q=0.8,ko;q=0.9", LK_WEB_KOREAN},
		{"en;q=0.8, ko ; q=0.85", LK_WEB_KOREAN},
		{"ko;q=0", LK_WEB_ENGLISH},
		{"ko;q=0.001", LK_WEB_KOREAN},
		{"ko;q=2", LK_WEB_ENGLISH},
		{"ko;q=", LK_WEB_ENGLISH},
		{"ko;x=1", LK_WEB_ENGLISH},
		{"kok,de", LK_WEB_ENGLISH},
		{"k", LK_WEB_ENGLISH},
		{"*", LK_WEB_ENGLISH},
		{",,;,ko", LK_WEB_KOREAN},
		{"fr-CH, fr;q=0.9, ko;q=0.2, *;q=0.5", LK_WEB_KOREAN},
	};
	enum lk_web_language language;

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		assert_int_equal(lk_web_language_choose(cases[i].accept, LK_WEB_ENGLISH), cases[i].language);
	assert_int_equal(lk_web_language_choose("de", LK_WEB_KOREAN), LK_WEB_KOREAN);
	assert_true(lk_web_language_find("ko-KR", &language) && language == LK_WEB_KOREAN);
	assert_false(lk_web_language_find("", &language) || lk_web_language_find("xx", &language));
}

/* --- whose request it is ----------------------------------------------------------------------------------------------- */

static const struct {
	const char *peer, *forwarded, *client; /* client NULL: nobody knows */
} clients[] = {
	{"203.0.113.5", NULL, "203.0.113.5"},
	{"203.0.113.5", "198.51.100.1", "203.0.113.5"}, /* no proxy of ours */
	{"127.0.0.1", NULL, "127.0.0.1"},
	{"127.0.0.1", "", "127.0.0.1"},
	{"127.0.0.1", "203.0.113.5", "203.0.113.5"},
	{"127.0.0.1", "198.51.100.1, 203.0.113.5", "203.0.113.5"},
	{"127.0.0.1", "198.51.100.1,203.0.113.5 ,\t10.1.2.3", "203.0.113.5"},
	{"127.0.0.1", "10.9.9.9, 10.1.2.3", "10.9.9.9"}, /* all are ours */
	{"127.0.0.1", "203.0.113.5, ", NULL},
	{"127.0.0.1", "203.0.113.5,", NULL},
	{"127.0.0.1", ",", NULL},
	{"127.0.0.1", "nonsense", NULL},
	{"127.0.0.1", "nonsense, 203.0.113.5", "203.0.113.5"},
	{"127.0.0.1", "203.0.113.5, nonsense, 10.1.2.3", NULL},
	{"127.0.0.1", "203.0.113.5:80", "203.0.113.5"},
	{"127.0.0.1", "[2001:DB8::7]:80", "2001:db8::7"},
	{"127.0.0.1", "[2001:db8::7]", "2001:db8::7"},
	{"127.0.0.1", "2001:db8::7", "2001:db8::7"},
	{"127.0.0.1", "[2001:db8::7", NULL},
	{"127.0.0.1", "fe80::1%eth0", NULL},
	{"127.0.0.1", "::ffff:203.0.113.5", "203.0.113.5"},
	{"::ffff:127.0.0.1", "203.0.113.5", "203.0.113.5"},
	{"2001:db8:1::5", "203.0.113.5", "203.0.113.5"}, /* within a network of ours */
	{"2001:db8:2::5", "203.0.113.5", "2001:db8:2::5"},
	{NULL, NULL, NULL}, /* a local socket */
	{NULL, "203.0.113.5", "203.0.113.5"},
	{NULL, "198.51.100.1, 203.0.113.5", "203.0.113.5"},
	{"127.0.0.1", "1111111111111111111111111111111111111111111111111111", NULL},
};

static void test_whose_request_it_is(void **state)
{
	static const char *const networks[] = {"127.0.0.0/8", "10.0.0.0/8", "2001:db8:1::/48"};
	struct lk_web_network proxies[COUNT(networks)];
	char address[LK_WEB_ADDRESS_TEXT];

	(void)state;
	for (size_t i = 0; i < COUNT(networks); i++)
		assert_true(lk_web_network_parse(networks[i], &proxies[i]));
	for (size_t i = 0; i < COUNT(clients); i++) {
		bool known = lk_web_client_find(clients[i].peer, clients[i].forwarded, proxies, COUNT(proxies), address);

		assert_int_equal(known, clients[i].client != NULL);
		if (known)
			assert_string_equal(address, clients[i].client);
	}
}

static void test_networks(void **state)
{
	static const char *const wrong[] = {
		"", "/", "10.0.0.0/33", "10.0.0.0/-1", "::/129", "10.0.0", "host", "10.0.0.0/8/8"};
	struct lk_web_network network;

	(void)state;
	for (size_t i = 0; i < COUNT(wrong); i++)
		assert_false(lk_web_network_parse(wrong[i], &network));
	assert_true(lk_web_network_parse("0.0.0.0/0", &network) && network.bits == 96);
	assert_true(lk_web_network_parse("192.0.2.1", &network) && network.bits == 128);
	assert_true(lk_web_network_parse("::/0", &network) && network.bits == 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_forms_are_read),
		cmocka_unit_test(test_what_is_no_form),
		cmocka_unit_test(test_the_language_that_is_liked_best),
		cmocka_unit_test(test_whose_request_it_is),
		cmocka_unit_test(test_networks),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
