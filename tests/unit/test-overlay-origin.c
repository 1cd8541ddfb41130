/* Whose request it is: what slapd and front ends write for an address, and which addresses are one client. */
#include "support.h"

#include <stdlib.h>
#include <string.h>

#include "origin.h"

static void test_peers(void **state)
{
	static const struct {
		const char *peer, *shown;
		enum lk_origin_kind kind;
		bool local;
	} peers[] = {
		{"IP=192.0.2.7:51234", "IP=192.0.2.7", LK_ORIGIN_IPV4, false},
		{"IP=127.0.0.2:1", "IP=127.0.0.2", LK_ORIGIN_IPV4, true},
		{"IP=128.0.0.1:1", "IP=128.0.0.1", LK_ORIGIN_IPV4, false},
		{"IP=[2001:db8::7]:51234", "IP=[2001:db8::7]", LK_ORIGIN_IPV6, false},
		{"IP=[::1]:51234", "IP=[::1]", LK_ORIGIN_IPV6, true},
		{"IP=[::2]:51234", "IP=[::2]", LK_ORIGIN_IPV6, false},
		{"IP=[::ffff:192.0.2.7]:5", "IP=192.0.2.7", LK_ORIGIN_IPV4, false},
		{"IP=[::ffff:127.0.0.1]:5", "IP=127.0.0.1", LK_ORIGIN_IPV4, true},
		{"PATH=/run/slapd/ldapi", "", LK_ORIGIN_LOCAL_SOCKET, true},
		{"PATH=/run/IP=192.0.2.7:5", "", LK_ORIGIN_LOCAL_SOCKET, true},
		{"IP=", "", LK_ORIGIN_LOCAL_SOCKET, true},
		{"IP=192.0.2.7", "", LK_ORIGIN_LOCAL_SOCKET, true},
		{"IP=[]:5", "", LK_ORIGIN_LOCAL_SOCKET, true},
		{"", "", LK_ORIGIN_LOCAL_SOCKET, true},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(peers); i++) {
		struct berval peer = text_bv(peers[i].peer);
		char shown[LK_ORIGIN_TEXT];
		struct lk_origin origin;

		lk_origin_of_peer(&peer, &origin);
		lk_origin_format(&origin, shown);
		assert_string_equal(shown, peers[i].shown);
		assert_int_equal(origin.kind, peers[i].kind);
		assert_int_equal(origin.local, peers[i].local);
	}
}

static void test_no_peer_at_all(void **state)
{
	struct lk_origin origin;

	(void)state;
	lk_origin_of_peer(&NONE, &origin);
	assert_int_equal(origin.kind, LK_ORIGIN_LOCAL_SOCKET);
}

/* What a front end writes; an address that came from outside is nobody's on this machine. */
static void test_addresses(void **state)
{
	static const char *const good[] = {"192.0.2.7", "127.0.0.1", "2001:db8::7", "::1", "::", "::ffff:192.0.2.7",
		"2001:0DB8:0000:0000:0000:0000:0000:0007", "255.255.255.255"};
	static const char *const bad[] = {"", " 192.0.2.7", "192.0.2.7 ", "192.0.2", "192.0.2.256", "192.0.2.7:80",
		"192.0.2.07/32", "[2001:db8::7]", "fe80::1%eth0", "2001:db8::7/64", "example.org", "1::2::3", "0x7f.1",
		"localhost", "2001:0db8:0000:0000:0000:0000:255.255.255.255.255"};
	struct lk_origin origin;

	(void)state;
	for (size_t i = 0; i < COUNT(good); i++) {
		struct berval text = text_bv(good[i]);

		assert_true(lk_origin_of_address(&text, &origin));
		assert_false(origin.local);
	}
	for (size_t i = 0; i < COUNT(bad); i++) {
		struct berval text = text_bv(bad[i]);

		if (lk_origin_of_address(&text, &origin))
			fail_msg("%s was taken for an address", bad[i]);
	}
	assert_false(lk_origin_of_address(&BV("192.0.2.7\0"), &origin));
	assert_false(lk_origin_of_address(&BV("192.0.2.7\0junk"), &origin));
	assert_false(lk_origin_of_address(&NONE, &origin));
}

static void test_one_address_in_many_spellings_is_one(void **state)
{
	static const char *const spellings[] = {"2001:db8::7", "2001:DB8::7", "2001:0db8:0:0:0:0:0:7", "2001:db8::0.0.0.7"};
	struct lk_origin first, other;

	(void)state;
	assert_true(lk_origin_of_address(&BV("2001:db8::7"), &first));
	for (size_t i = 0; i < COUNT(spellings); i++) {
		struct berval text = text_bv(spellings[i]);

		assert_true(lk_origin_of_address(&text, &other));
		assert_memory_equal(first.octets, other.octets, sizeof first.octets);
	}
}

static void test_prefixes(void **state)
{
	struct lk_origin origin, prefix;

	(void)state;
	memset(&origin, 0xFF, sizeof origin);
	for (unsigned bits = 0; bits <= 128; bits++) {
		unsigned set = 0;

		prefix = lk_origin_prefix(&origin, bits);
		for (unsigned bit = 0; bit < 128; bit++) {
			bool is_set = prefix.octets[bit / 8] >> (7 - bit % 8) & 1;

			assert_int_equal(is_set, bit < bits);
			set += is_set;
		}
		assert_int_equal(set, bits);
	}
}

static void test_identities_are_told_apart(void **state)
{
	struct lk_origin kim, lee, again;

	(void)state;
	lk_origin_of_identity(&BV("uid=kim,dc=example"), &kim);
	lk_origin_of_identity(&BV("uid=lee,dc=example"), &lee);
	lk_origin_of_identity(&BV("uid=kim,dc=example"), &again);
	assert_memory_equal(kim.octets, again.octets, sizeof kim.octets);
	assert_memory_not_equal(kim.octets, lee.octets, sizeof kim.octets);
	assert_int_equal(kim.kind, LK_ORIGIN_IDENTITY);
}

static void try_damaged(const struct berval *damaged, void *data)
{
	char shown[LK_ORIGIN_TEXT];
	struct lk_origin origin;

	(void)data;
	lk_origin_of_peer(damaged, &origin);
	lk_origin_format(&origin, shown);
	if (lk_origin_of_address(damaged, &origin))
		lk_origin_format(&origin, shown);
}

static void test_damage_is_read_within_its_octets(void **state)
{
	(void)state;
	for_each_damage(&BV("IP=[2001:db8::7]:51234"), try_damaged, NULL);
	for_each_damage(&BV("192.0.2.7"), try_damaged, NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_peers),
		cmocka_unit_test(test_no_peer_at_all),
		cmocka_unit_test(test_addresses),
		cmocka_unit_test(test_one_address_in_many_spellings_is_one),
		cmocka_unit_test(test_prefixes),
		cmocka_unit_test(test_identities_are_told_apart),
		cmocka_unit_test(test_damage_is_read_within_its_octets),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
