/* What is wrong with the certificate of a server. Pure. */
#pragma once

#include <lber.h>
#include <time.h>

/* The faults, as words for lk_error_new(). */
#define LK_CERTIFICATE_EXPIRED "certificate: expired"
#define LK_CERTIFICATE_EARLY "certificate: not valid yet"
#define LK_CERTIFICATE_OTHER_NAME "certificate: for another server"
#define LK_CERTIFICATE_UNTRUSTED "certificate: from nobody who is trusted"

/* Why libldap refused at NOW to speak to HOST, a name or an address, which had shown the certificate DER (X.509): one of the faults. One
 * that has no fault of its own, or cannot be read, comes from nobody who is trusted. Constant. */
const char *lk_certificate_fault(const struct berval *der, const char *host, time_t now);
