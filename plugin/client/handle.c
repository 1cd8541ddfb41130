#include "handle.h"

#include <pthread.h>
#include <sys/time.h>

/* libldap sets itself up at its first call, and two threads at once get in each other's way there. */
static void set_up_library(void)
{
	int version;

	ldap_get_option(NULL, LDAP_OPT_PROTOCOL_VERSION, &version);
}

int lk_handle_open(const char *uri, LDAP **ret_ld)
{
	static const int version = LDAP_VERSION3;
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	LDAP *ld = NULL;
	int rc;

	pthread_once(&once, set_up_library);
	rc = ldap_initialize(&ld, uri);
	if (rc != LDAP_SUCCESS)
		return rc;
	ldap_set_option(ld, LDAP_OPT_PROTOCOL_VERSION, &version);
	/* Nobody has said that the server behind a referral may see the secret. */
	ldap_set_option(ld, LDAP_OPT_REFERRALS, LDAP_OPT_OFF);
	/* libldap 2.5 spins for ever on a TLS peer that stays silent unless this and both limits are set. */
	ldap_set_option(ld, LDAP_OPT_CONNECT_ASYNC, LDAP_OPT_ON);
	*ret_ld = ld;
	return LDAP_SUCCESS;
}

void lk_handle_set_seconds(LDAP *ld, int option, int seconds)
{
	struct timeval limit = {.tv_sec = seconds};

	ldap_set_option(ld, option, &limit);
}
