#include "certificate.h"

#include <gnutls/x509.h>

static const char *find_fault(gnutls_x509_crt_t certificate, const char *host, time_t now)
{
	if (gnutls_x509_crt_get_expiration_time(certificate) < now)
		return LK_CERTIFICATE_EXPIRED;
	if (gnutls_x509_crt_get_activation_time(certificate) > now)
		return LK_CERTIFICATE_EARLY;
	if (!gnutls_x509_crt_check_hostname(certificate, host))
		return LK_CERTIFICATE_OTHER_NAME;
	return LK_CERTIFICATE_UNTRUSTED;
}

const char *lk_certificate_fault(const struct berval *der, const char *host, time_t now)
{
	gnutls_datum_t octets = {.data = (unsigned char *)der->bv_val, .size = (unsigned)der->bv_len};
	const char *fault = LK_CERTIFICATE_UNTRUSTED;
	gnutls_x509_crt_t certificate;

	if (gnutls_x509_crt_init(&certificate) != GNUTLS_E_SUCCESS)
		return fault;
	if (gnutls_x509_crt_import(certificate, &octets, GNUTLS_X509_FMT_DER) == GNUTLS_E_SUCCESS)
		fault = find_fault(certificate, host, now);
	gnutls_x509_crt_deinit(certificate);
	return fault;
}
