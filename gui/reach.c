#include "reach.h"

#include <time.h>

#include "certificate.h"
#include "handle.h"

#define NETWORK_SECONDS 10

static void trust(LDAP *ld, const char *ca_file, int require)
{
	static const int fresh = 0;

	ldap_set_option(ld, LDAP_OPT_X_TLS_REQUIRE_CERT, &require);
	if (*ca_file != '\0')
		ldap_set_option(ld, LDAP_OPT_X_TLS_CACERTFILE, ca_file);
	ldap_set_option(ld, LDAP_OPT_X_TLS_NEWCTX, &fresh);
}

static int initialize(const struct lk_profile *profile, const char *uri, int require, LDAP **ret_ld)
{
	LDAP *ld = NULL;
	int rc = lk_handle_open(uri, &ld);

	if (rc != LDAP_SUCCESS)
		return rc;
	lk_handle_set_seconds(ld, LDAP_OPT_NETWORK_TIMEOUT, NETWORK_SECONDS);
	lk_handle_set_seconds(ld, LDAP_OPT_TIMEOUT, NETWORK_SECONDS);
	trust(ld, profile->ca_file, require);
	*ret_ld = ld;
	return LDAP_SUCCESS;
}

static int read_naming_context(LDAP *ld, char **ret_context)
{
	static char *wanted[] = {"namingContexts", NULL};
	LDAPMessage *message = NULL;
	int rc = ldap_search_ext_s(
		ld, "", LDAP_SCOPE_BASE, "(objectClass=*)", wanted, 0, NULL, NULL, NULL, LDAP_NO_LIMIT, &message);
	struct berval **values = rc == LDAP_SUCCESS && ldap_first_entry(ld, message) != NULL
								 ? ldap_get_values_len(ld, ldap_first_entry(ld, message), wanted[0])
								 : NULL;

	*ret_context = values == NULL || values[0] == NULL ? NULL : g_strndup(values[0]->bv_val, values[0]->bv_len);
	ldap_value_free_len(values);
	ldap_msgfree(message);
	/* Any answer will do: it shows that a directory is there. */
	return rc < 0 ? rc : LDAP_SUCCESS;
}

/* StartTLS goes first: slapd refuses it where another operation is not quite over. */
static int converse(LDAP *ld, const struct lk_profile *profile, const char *uri, char **ret_context)
{
	int rc = LDAP_SUCCESS;

	if (profile->start_tls && g_ascii_strncasecmp(uri, "ldap://", 7) == 0)
		rc = ldap_start_tls_s(ld, NULL, NULL);
	return rc == LDAP_SUCCESS ? read_naming_context(ld, ret_context) : rc;
}

/* -- Why not -- */

/* TLS leaves a diagnostic behind, and a server that is away does not: that one is not waited for twice. */
static gboolean was_refused(LDAP *ld, int rc)
{
	char *diagnostic = NULL;

	ldap_get_option(ld, LDAP_OPT_DIAGNOSTIC_MESSAGE, &diagnostic);
	gboolean said = diagnostic != NULL && *diagnostic != '\0';
	ldap_memfree(diagnostic);
	return said && (rc == LDAP_CONNECT_ERROR || rc == LDAP_SERVER_DOWN);
}

/* As libldap has it: "localhost" is called by the name of the machine. */
static char *host_of(const char *uri)
{
	LDAPURLDesc *parsed = NULL;

	if (ldap_url_parse(uri, &parsed) != LDAP_URL_SUCCESS)
		return g_strdup("");
	const char *host = parsed->lud_host == NULL ? "localhost" : parsed->lud_host;
	char *name = g_strdup(g_ascii_strcasecmp(host, "localhost") == 0 ? g_get_host_name() : host);
	ldap_free_urldesc(parsed);
	return name;
}

/* libldap refuses a certificate without saying why. So it is asked for once more, over a connection on which nothing is sent but what any
 * stranger may ask, and which nobody uses. */
static const char *look_at_certificate(const struct lk_profile *profile, const char *uri)
{
	g_autofree char *host = host_of(uri), *context = NULL;
	struct berval der = {0};
	const char *fault = NULL;
	LDAP *ld = NULL;

	if (initialize(profile, uri, LDAP_OPT_X_TLS_ALLOW, &ld) != LDAP_SUCCESS)
		return NULL;
	if (converse(ld, profile, uri, &context) == LDAP_SUCCESS &&
		ldap_get_option(ld, LDAP_OPT_X_TLS_PEERCERT, &der) == LDAP_OPT_SUCCESS && der.bv_val != NULL)
		fault = lk_certificate_fault(&der, host, time(NULL));
	ldap_memfree(der.bv_val);
	ldap_unbind_ext(ld, NULL, NULL);
	return fault;
}

/* -- Public -- */

int lk_reach(
	const struct lk_profile *profile, const char *uri, LDAP **ret_ld, char **ret_context, const char **ret_fault)
{
	char *context = NULL;
	LDAP *ld = NULL;
	int rc = initialize(profile, uri, LDAP_OPT_X_TLS_DEMAND, &ld);

	*ret_fault = NULL;
	if (rc != LDAP_SUCCESS)
		return rc;
	rc = converse(ld, profile, uri, &context);
	if (rc == LDAP_SUCCESS) {
		*ret_ld = ld;
		*ret_context = context;
		return rc;
	}
	if (was_refused(ld, rc))
		*ret_fault = look_at_certificate(profile, uri);
	ldap_unbind_ext(ld, NULL, NULL);
	return rc;
}
