/* Mail addresses. */
#include "support.h"

#include <stdlib.h>
#include <string.h>

#include "address.h"
#include "error.h"
#include "message.h"

#define LOCAL_64 "aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffff1234"
#define LABEL_63 "aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffff123"

static void test_plain_addresses_pass(void **state)
{
	static const char *const right[] = {
		"kim@example.net",
		"a@b.co",
		"a@b.c",
		"Kim.Jeong-Hyeon@mail.example.co.kr",
		"kim+latchkey@example.net",
		"!#$%&'*+-/=?^_`{|}~@example.net",
		"1@2.net",
		"a@1-2.3com",
		"kim@xn--9n2bp8q.xn--9t4b11yi5a",
		KIM_NFC "@example.net",
		KIM_NFD "@example.net",
		"kim@\xeb\xa9\x94\xec\x9d\xbc.\xed\x95\x9c\xea\xb5\xad",
		"andr\xc3\xa9@example.net",
		"andre\xcc\x81@example.net",
		"\xe9\x87\x91@\xe4\xbe\x8b\xe3\x81\x88.jp",
		"\xf0\xa0\xae\xb7@example.jp",
		LOCAL_64 "@example.net",
		"a@" LABEL_63 ".net",
	};
	(void)state;
	for (size_t i = 0; i < COUNT(right); i++) {
		struct berval address = text_bv(right[i]);

		assert_int_equal(lk_address_check(&address), LK_OK);
	}
}

static const struct {
	struct berval address;
	int status;
} wrong[] = {
	{NONE, LK_ERR_ADDRESS},
	{BV("kim"), LK_ERR_ADDRESS},
	{BV("@"), LK_ERR_ADDRESS},
	{BV("@example.net"), LK_ERR_ADDRESS},
	{BV("kim@"), LK_ERR_ADDRESS},
	{BV("kim@localhost"), LK_ERR_ADDRESS},
	{BV("kim@@example.net"), LK_ERR_ADDRESS},
	{BV("kim@lee@example.net"), LK_ERR_ADDRESS},
	/* dots and hyphens */
	{BV(".kim@example.net"), LK_ERR_ADDRESS},
	{BV("kim.@example.net"), LK_ERR_ADDRESS},
	{BV("kim..lee@example.net"), LK_ERR_ADDRESS},
	{BV("kim@.example.net"), LK_ERR_ADDRESS},
	{BV("kim@example.net."), LK_ERR_ADDRESS},
	{BV("kim@example..net"), LK_ERR_ADDRESS},
	{BV("kim@-example.net"), LK_ERR_ADDRESS},
	{BV("kim@example-.net"), LK_ERR_ADDRESS},
	{BV("kim@exa_mple.net"), LK_ERR_ADDRESS},
	/* several, groups, names, comments, quotes, literals, routes */
	{BV("kim@example.net,lee@example.net"), LK_ERR_ADDRESS},
	{BV("kim@example.net, lee@example.net"), LK_ERR_ADDRESS},
	{BV("kim@example.net;lee@example.net"), LK_ERR_ADDRESS},
	{BV("kim@example.net lee@example.net"), LK_ERR_ADDRESS},
	{BV("all:kim@example.net,lee@example.net;"), LK_ERR_ADDRESS},
	{BV("undisclosed-recipients:;"), LK_ERR_ADDRESS},
	{BV("Kim <kim@example.net>"), LK_ERR_ADDRESS},
	{BV("<kim@example.net>"), LK_ERR_ADDRESS},
	{BV("kim(comment)@example.net"), LK_ERR_ADDRESS},
	{BV("\"kim\"@example.net"), LK_ERR_ADDRESS},
	{BV("\"kim lee\"@example.net"), LK_ERR_ADDRESS},
	{BV("kim\\@lee@example.net"), LK_ERR_ADDRESS},
	{BV("kim@[192.0.2.1]"), LK_ERR_ADDRESS},
	{BV("kim@192.0.2.1"), LK_ERR_ADDRESS},
	{BV("@relay.example:kim@example.net"), LK_ERR_ADDRESS},
	{BV("mailto:kim@example.net"), LK_ERR_ADDRESS},
	/* spaces and controls */
	{BV(" kim@example.net"), LK_ERR_ADDRESS},
	{BV("kim@example.net "), LK_ERR_ADDRESS},
	{BV("kim @example.net"), LK_ERR_ADDRESS},
	{BV("kim@example.net\r"), LK_ERR_NOT_UTF8},
	{BV("kim@example.net\n"), LK_ERR_NOT_UTF8},
	{BV("kim@example.net\r\nRCPT TO:<lee@example.net>"), LK_ERR_NOT_UTF8},
	{BV("kim\r\n@example.net"), LK_ERR_NOT_UTF8},
	{BV("kim@example.net\0"), LK_ERR_NOT_UTF8},
	{BV("kim@exam\0ple.net"), LK_ERR_NOT_UTF8},
	{BV("kim\t@example.net"), LK_ERR_NOT_UTF8},
	{BV("kim\x7f@example.net"), LK_ERR_NOT_UTF8},
	{BV("kim\xc2\x8d@example.net"), LK_ERR_NOT_UTF8},
	/* not UTF-8 */
	{BV("kim\xff@example.net"), LK_ERR_NOT_UTF8},
	{BV("kim\xc0\x8d\xc0\x8a@example.net"), LK_ERR_NOT_UTF8},
	{BV("kim\xed\xa0\x80@example.net"), LK_ERR_NOT_UTF8},
	{BV("kim@example.ne\xea\xb9"), LK_ERR_NOT_UTF8},
	/* other ways to write ASCII, what is invisible, and what is no letter */
	{BV("kim\xef\xbc\xa0"
		"example.net"),
		LK_ERR_ADDRESS},
	{BV("kim@example\xe3\x80\x82net.example"), LK_ERR_ADDRESS},
	{BV("kim@example\xef\xbd\xa1net.example"), LK_ERR_ADDRESS},
	{BV("kim@\xef\xbd\x85xample.net"), LK_ERR_ADDRESS},
	{BV("kim@\xe2\x84\xaa"
		"elvin.net"),
		LK_ERR_ADDRESS},
	{BV("kim@\xf0\x9d\x90\x9e"
		"xample.net"),
		LK_ERR_ADDRESS},
	{BV("kim@exam\xc2\xad"
		"ple.net"),
		LK_ERR_ADDRESS},
	{BV("kim@exam\xe2\x80\x8bple.net"), LK_ERR_ADDRESS},
	{BV("kim@exam\xe2\x80\xaeple.net"), LK_ERR_ADDRESS},
	{BV("kim@\xef\xbb\xbf"
		"example.net"),
		LK_ERR_ADDRESS},
	{BV("kim\xe3\x80\x80@example.net"), LK_ERR_ADDRESS},
	{BV("kim\xc2\xa0@example.net"), LK_ERR_ADDRESS},
	{BV("kim\xe3\x85\xa4@example.net"), LK_ERR_ADDRESS},
	{BV("\xf0\x9f\x94\x91@example.net"), LK_ERR_ADDRESS},
	/* too long */
	{BV(LOCAL_64 "5@example.net"), LK_ERR_ADDRESS},
	{BV("a@" LABEL_63 "4.net"), LK_ERR_ADDRESS},
};

static void test_everything_else_is_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(wrong); i++) {
		int status = lk_address_check(&wrong[i].address);

		if (status != wrong[i].status)
			print_message("# %s\n", wrong[i].address.bv_val);
		assert_int_equal(status, wrong[i].status);
	}
}

static void test_the_greatest_length(void **state)
{
	struct berval address = repeated('a', LK_ADDRESS_MAX + 1);

	(void)state;
	address.bv_val[1] = '@';
	for (size_t at = 60; at < 252; at += 60)
		address.bv_val[at] = '.';
	assert_int_equal(lk_address_check(&address), LK_ERR_TOO_LONG);
	address.bv_len = LK_ADDRESS_MAX;
	assert_int_equal(lk_address_check(&address), LK_OK);
	free(address.bv_val);
}

static void check_one(const struct berval *damaged, void *data)
{
	(void)data;
	if (lk_address_check(damaged) != LK_OK)
		return;
	assert_null(memchr(damaged->bv_val, ' ', damaged->bv_len));
	assert_null(memchr(damaged->bv_val, ',', damaged->bv_len));
	assert_null(memchr(damaged->bv_val, '\r', damaged->bv_len));
	assert_null(memchr(damaged->bv_val, '\n', damaged->bv_len));
	assert_non_null(memchr(damaged->bv_val, '@', damaged->bv_len));
	lk_address_in_domain(damaged, &BV("example.net"));
}

static void test_no_damage_does_harm(void **state)
{
	(void)state;
	for_each_damage(&BV("kim.jh@mail.example.net"), check_one, NULL);
	for_each_damage(&BV(KIM_NFD "@\xeb\xa9\x94\xec\x9d\xbc.\xed\x95\x9c\xea\xb5\xad"), check_one, NULL);
	for (size_t i = 0; i < COUNT(wrong); i++)
		check_one(&wrong[i].address, NULL);
}

static void test_domains_hold_their_subdomains(void **state)
{
	static const struct {
		struct berval address, domain;
		bool inside;
	} rows[] = {
		{BV("kim@example.net"), BV("example.net"), true},
		{BV("kim@EXAMPLE.Net"), BV("example.net"), true},
		{BV("kim@example.net"), BV("Example.NET"), true},
		{BV("kim@mail.example.net"), BV("example.net"), true},
		{BV("kim@a.b.example.net"), BV("example.net"), true},
		{BV("kim@example.net"), BV("mail.example.net"), false},
		{BV("kim@notexample.net"), BV("example.net"), false},
		{BV("kim@example.net.example.org"), BV("example.net"), false},
		{BV("kim.example.net@example.org"), BV("example.net"), false},
		{BV("kim@example.net"), BV("net"), true},
		{BV("kim@example.net"), BV("kim@example.net"), false},
		{BV("kim.a@example.net"), BV("a@example.net"), false},
		{BV("kim@example.net"), NONE, false},
		{BV("kim@\xed\x95\x9c.kr"), BV("\xed\x95\x9c.kr"), true},
	};
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		assert_int_equal(lk_address_in_domain(&rows[i].address, &rows[i].domain), rows[i].inside);
}

static void test_equality_minds_no_ascii_case(void **state)
{
	(void)state;
	assert_true(lk_address_equal(&BV("Kim@Example.NET"), &BV("kim@example.net")));
	assert_false(lk_address_equal(&BV("kim@example.net"), &BV("kim@example.ne")));
	assert_false(lk_address_equal(&BV("kim@example.net"), &BV("lee@example.net")));
	assert_false(lk_address_equal(&BV("[@example.net"), &BV("{@example.net")));
	assert_false(lk_address_equal(&BV("\xc3\x89@example.net"), &BV("\xc3\xa9@example.net")));
	assert_true(lk_address_equal(&NONE, &NONE));
}

static void test_telephone_numbers_can_be_reached(void **state)
{
	static const struct {
		struct berval address;
		int result;
	} rows[] = {
		{BV("tel:+821012345678"), LK_OK},
		{BV("tel:+82-10-1234-5678"), LK_OK},
		{BV("tel:+82.10.1234.5678"), LK_OK},
		{BV("tel:+1234567"), LK_OK},
		{BV("kim@example.net"), LK_OK},
		{BV("tel:+123456"), LK_ERR_ADDRESS},
		{BV("tel:+1234567890123456"), LK_ERR_ADDRESS},
		{BV("tel:01012345678"), LK_ERR_ADDRESS},
		{BV("tel:+82--101234567"), LK_ERR_ADDRESS},
		{BV("tel:+-821012345678"), LK_ERR_ADDRESS},
		{BV("tel:+821012345678-"), LK_ERR_ADDRESS},
		{BV("tel:+821012345678;ext=1"), LK_ERR_ADDRESS},
		{BV("tel:+82 1012345678"), LK_ERR_ADDRESS},
		{BV("TEL:+821012345678"), LK_ERR_ADDRESS},
		{BV("tel:+"), LK_ERR_ADDRESS},
		{BV("kakao:kim"), LK_ERR_ADDRESS},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		assert_int_equal(lk_address_check_reachable(&rows[i].address), rows[i].result);
}

static void test_schemes_are_told_from_mail_addresses(void **state)
{
	static const struct {
		struct berval address;
		const char *scheme; /* NULL: none */
	} rows[] = {
		{BV("tel:+821012345678"), "tel"},
		{BV("kakao:kim@office"), "kakao"},
		{BV("x+y-1.0:a"), "x+y-1.0"},
		{BV("kim@example.net"), NULL},
		{BV("tel:"), NULL},
		{BV(":a"), NULL},
		{BV("1tel:1"), NULL},
		{BV("TEL:1"), NULL},
		{BV("tel:1\n2"), NULL},
		{BV("tel:1 2"), NULL},
		{BV("tel:a:b"), NULL},
		{BV("tel:'x'"), NULL},
		{BV("abcdefghijklmnopq:a"), NULL},
		{BV("tel:\xea\xb9\x80"), NULL},
		{NONE, NULL},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		char scheme[LK_SCHEME_MOST + 1] = "";
		assert_int_equal(lk_address_has_scheme(&rows[i].address, scheme), rows[i].scheme != NULL);
		assert_string_equal(scheme, rows[i].scheme ? rows[i].scheme : "");
		assert_true(!rows[i].scheme || lk_address_check(&rows[i].address) != LK_OK);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_plain_addresses_pass),
		cmocka_unit_test(test_everything_else_is_refused),
		cmocka_unit_test(test_the_greatest_length),
		cmocka_unit_test(test_no_damage_does_harm),
		cmocka_unit_test(test_domains_hold_their_subdomains),
		cmocka_unit_test(test_telephone_numbers_can_be_reached),
		cmocka_unit_test(test_schemes_are_told_from_mail_addresses),
		cmocka_unit_test(test_equality_minds_no_ascii_case),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
