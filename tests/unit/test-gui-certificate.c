/* Why a certificate was refused, as far as it can be seen from the certificate itself. */
#include "support.h"

#include <gnutls/x509.h>
#include <string.h>

#include "certificate.h"

#define NOW 1800000000
#define DAY 86400

#define HOST "ldap.example.org"
static const unsigned char address[] = {192, 0, 2, 7};

/* One for HOST and 192.0.2.7, that holds from two days before NOW to two days after it. */
static void make_certificate(gnutls_datum_t *ret_der)
{
	gnutls_x509_crt_t certificate;
	gnutls_x509_privkey_t key;

	assert_int_equal(gnutls_x509_crt_init(&certificate), 0);
	assert_int_equal(gnutls_x509_privkey_init(&key), 0);
	assert_int_equal(
		gnutls_x509_privkey_generate(key, GNUTLS_PK_ECDSA, GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP256R1), 0), 0);
	gnutls_x509_crt_set_version(certificate, 3);
	gnutls_x509_crt_set_serial(certificate, "\1", 1);
	gnutls_x509_crt_set_activation_time(certificate, NOW - 2 * DAY);
	gnutls_x509_crt_set_expiration_time(certificate, NOW + 2 * DAY);
	gnutls_x509_crt_set_subject_alt_name(certificate, GNUTLS_SAN_DNSNAME, HOST, strlen(HOST), GNUTLS_FSAN_SET);
	gnutls_x509_crt_set_subject_alt_name(
		certificate, GNUTLS_SAN_IPADDRESS, address, sizeof address, GNUTLS_FSAN_APPEND);
	gnutls_x509_crt_set_key(certificate, key);
	assert_int_equal(gnutls_x509_crt_sign2(certificate, certificate, key, GNUTLS_DIG_SHA256, 0), 0);
	assert_int_equal(gnutls_x509_crt_export2(certificate, GNUTLS_X509_FMT_DER, ret_der), 0);
	gnutls_x509_crt_deinit(certificate);
	gnutls_x509_privkey_deinit(key);
}

static const struct {
	const char *host;
	time_t now;
	const char *fault;
} cases[] = {
	{HOST, NOW, LK_CERTIFICATE_UNTRUSTED},
	{"LDAP.example.ORG", NOW, LK_CERTIFICATE_UNTRUSTED},
	{"192.0.2.7", NOW, LK_CERTIFICATE_UNTRUSTED},
	{"example.org", NOW, LK_CERTIFICATE_OTHER_NAME},
	{"192.0.2.8", NOW, LK_CERTIFICATE_OTHER_NAME},
	{"", NOW, LK_CERTIFICATE_OTHER_NAME},
	{HOST, NOW + 3 * DAY, LK_CERTIFICATE_EXPIRED},
	{"example.org", NOW + 3 * DAY, LK_CERTIFICATE_EXPIRED},
	{HOST, NOW - 3 * DAY, LK_CERTIFICATE_EARLY},
};

static void test_what_is_wrong_with_it(void **state)
{
	gnutls_datum_t der;

	(void)state;
	make_certificate(&der);
	struct berval octets = {.bv_val = (char *)der.data, .bv_len = der.size};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		assert_string_equal(lk_certificate_fault(&octets, cases[i].host, cases[i].now), cases[i].fault);
	for (octets.bv_len = 0; octets.bv_len < der.size; octets.bv_len += 7)
		assert_string_equal(lk_certificate_fault(&octets, HOST, NOW), LK_CERTIFICATE_UNTRUSTED);
	gnutls_free(der.data);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_what_is_wrong_with_it)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
