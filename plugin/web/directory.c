#include "directory.h"

#include <glib.h>
#include <sodium.h>
#include <string.h>
#include <time.h>

#include "error.h"
#include "handle.h"
#include "log.h"
#include "wire-session.h"

#define CONNECT_SECONDS 5
#define ANSWER_SECONDS 15
/* The directory takes few attempts at once, and says so before it looks at them; a moment later there is a place. */
#define BUSY_TRIES 8
#define BUSY_MILLISECONDS 50
/* Signing in takes a good password's hash and what slapo-ppolicy writes; an unknown user takes neither. */
#define SIGN_IN_MILLISECONDS 1000

/* --- connecting --------------------------------------------------------------------------------------------------- */

static void set_file(LDAP *ld, int option, const char *file)
{
	if (file != NULL)
		ldap_set_option(ld, option, file);
}

static int prepare(const struct lk_web_config *config, LDAP **ret_ld)
{
	static const int demand = LDAP_OPT_X_TLS_DEMAND, client = 0;
	int rc = lk_handle_open(config->uri, ret_ld);
	if (rc != LDAP_SUCCESS)
		return rc;

	LDAP *ld = *ret_ld;
	lk_handle_set_seconds(ld, LDAP_OPT_NETWORK_TIMEOUT, CONNECT_SECONDS);
	lk_handle_set_seconds(ld, LDAP_OPT_TIMEOUT, ANSWER_SECONDS);
	set_file(ld, LDAP_OPT_X_TLS_CACERTFILE, config->ca_file);
	set_file(ld, LDAP_OPT_X_TLS_CERTFILE, config->cert_file);
	set_file(ld, LDAP_OPT_X_TLS_KEYFILE, config->cert_key_file);
	ldap_set_option(ld, LDAP_OPT_X_TLS_REQUIRE_CERT, &demand);
	if (config->ca_file != NULL || config->cert_file != NULL)
		ldap_set_option(ld, LDAP_OPT_X_TLS_NEWCTX, &client);
	return LDAP_SUCCESS;
}

static int identify(LDAP *ld)
{
	struct berval nothing = {0, (char *)""}, *answer = NULL;
	int rc = ldap_sasl_bind_s(ld, "", "EXTERNAL", &nothing, NULL, NULL, &answer);

	ber_bvfree(answer);
	return rc;
}

int lk_web_directory_open(const struct lk_web_config *config, LDAP **ret_ld, bool *ret_identified)
{
	*ret_ld = NULL;
	*ret_identified = false;
	int rc = prepare(config, ret_ld);
	if (rc == LDAP_SUCCESS && config->starttls && g_str_has_prefix(config->uri, "ldap://"))
		rc = ldap_start_tls_s(*ret_ld, NULL, NULL);
	if (rc != LDAP_SUCCESS || !config->is_external)
		return rc;
	rc = identify(*ret_ld);
	*ret_identified = rc == LDAP_SUCCESS;
	/* Refused is not unreachable: nobody is signed in then, and that is enough. */
	return rc > 0 ? LDAP_SUCCESS : rc;
}

static void name_client(LDAP *ld, const char *client)
{
	struct lk_session session = {.source_ip = {strlen(client), (char *)client},
		.format = {strlen(LK_SESSION_FORMAT_USERNAME), (char *)LK_SESSION_FORMAT_USERNAME}};
	struct berval *value = NULL;

	if (lk_wire_encode_session(&session, &value) != LK_OK)
		return;
	LDAPControl control = {.ldctl_oid = (char *)LK_CONTROL_SESSION, .ldctl_value = *value};
	LDAPControl *controls[] = {&control, NULL};
	ldap_set_option(ld, LDAP_OPT_SERVER_CONTROLS, controls);
	lk_wire_free(value);
}

static int begin(const struct lk_web_visit *visit, LDAP **ret_ld)
{
	bool identified;
	int rc = lk_web_directory_open(visit->config, ret_ld, &identified);

	if (rc == LDAP_SUCCESS && identified && visit->client != NULL)
		name_client(*ret_ld, visit->client);
	if (rc == LDAP_SUCCESS && visit->config->is_external && !identified)
		lk_log("anonymous", "reason", "the directory does not take our identity", NULL);
	return rc;
}

static void end(LDAP *ld)
{
	if (ld != NULL)
		ldap_unbind_ext(ld, NULL, NULL);
}

/* Names are left out: people type passwords for them. */
static enum lk_web_text judge(
	const struct lk_web_visit *visit, enum lk_web_operation operation, const char *event, LDAP *ld, int rc)
{
	char *diagnostic = rc == LDAP_SUCCESS ? NULL : lk_client_diagnostic(ld), code[16];
	enum lk_web_text text = lk_web_outcome(operation, rc, diagnostic);

	g_snprintf(code, sizeof code, "%d", rc);
	lk_log(event, "result", code, "client", visit->client, "text", diagnostic, NULL);
	ldap_memfree(diagnostic);
	return text;
}

/* Before anything was sent, a connection that failed changed nothing. */
static enum lk_web_text judge_connection(const struct lk_web_visit *visit, LDAP *ld, int rc)
{
	judge(visit, LK_WEB_SIGN_IN, "connect", ld, rc);
	end(ld);
	return LK_WEB_TEXT_UNREACHABLE;
}

/* --- the operations ----------------------------------------------------------------------------------------------- */

enum lk_web_text lk_web_directory_request(const struct lk_web_visit *visit, const char *user)
{
	LDAP *ld;
	int rc = begin(visit, &ld);
	if (rc != LDAP_SUCCESS)
		return judge_connection(visit, ld, rc);

	rc = lk_client_recovery_request(ld, user, lk_web_language_tag(visit->language));
	enum lk_web_text text = judge(visit, LK_WEB_REQUEST, "request", ld, rc);
	end(ld);
	return text;
}

enum lk_web_text lk_web_directory_complete(const struct lk_web_visit *visit, const char *user,
	const struct lk_client_proof *proofs, size_t count, const char *new_password)
{
	LDAP *ld;
	int rc = begin(visit, &ld);
	if (rc != LDAP_SUCCESS)
		return judge_connection(visit, ld, rc);

	rc = lk_client_recovery_complete(ld, user, proofs, count, new_password);
	for (int i = 0; rc == LDAP_BUSY && i < BUSY_TRIES; i++) {
		g_usleep(BUSY_MILLISECONDS * 1000 + randombytes_uniform(BUSY_MILLISECONDS * 1000));
		rc = lk_client_recovery_complete(ld, user, proofs, count, new_password);
	}
	enum lk_web_text text = judge(visit, LK_WEB_COMPLETE, "complete", ld, rc);
	end(ld);
	return text;
}

/* The template with the name in it, as an attribute's value is written in a DN (RFC 4514, section 2.4). */
static char *fill_dn(const char *template, const char *user)
{
	LDAPAVA ava = {
		.la_attr = {3, (char *)"uid"}, .la_value = {strlen(user), (char *)user}, .la_flags = LDAP_AVA_STRING};
	LDAPAVA *rdn[] = {&ava, NULL};
	char *text = NULL, *dn;

	if (ldap_rdn2str(rdn, &text, LDAP_DN_FORMAT_LDAPV3) != LDAP_SUCCESS)
		return NULL;
	char **parts = g_strsplit(template, "{user}", -1);
	char *joined = g_strjoinv(strchr(text, '=') + 1, parts);
	dn = ldap_strdup(joined);
	g_free(joined);
	g_strfreev(parts);
	ldap_memfree(text);
	return dn;
}

static int find_user(const struct lk_web_visit *visit, LDAP *ld, const char *user, char **ret_dn)
{
	if (visit->config->user_dn == NULL)
		return lk_client_find(ld, user, visit->config->base, ret_dn);
	*ret_dn = fill_dn(visit->config->user_dn, user);
	return *ret_dn == NULL ? LDAP_INVALID_DN_SYNTAX : LDAP_SUCCESS;
}

static int sign_in(const struct lk_web_visit *visit, LDAP *ld, const char *user, const char *password)
{
	char *dn = NULL;
	int rc = find_user(visit, ld, user, &dn);

	if (rc == LDAP_SUCCESS)
		rc = lk_client_sign_in(ld, dn, password);
	ldap_memfree(dn);
	return rc;
}

static void wait_until(const struct timespec *begin)
{
	struct timespec until = {.tv_sec = begin->tv_sec + SIGN_IN_MILLISECONDS / 1000,
		.tv_nsec = begin->tv_nsec + SIGN_IN_MILLISECONDS % 1000 * 1000000L};

	while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL) != 0)
		continue;
}

enum lk_web_text lk_web_directory_change(
	const struct lk_web_visit *visit, const char *user, const char *old_password, const char *new_password)
{
	struct timespec begun;
	LDAP *ld;

	clock_gettime(CLOCK_MONOTONIC, &begun);
	int rc = begin(visit, &ld);
	if (rc != LDAP_SUCCESS)
		return judge_connection(visit, ld, rc);

	rc = sign_in(visit, ld, user, old_password);
	enum lk_web_text text = judge(visit, LK_WEB_SIGN_IN, "sign-in", ld, rc);
	if (rc == LDAP_SUCCESS) {
		rc = lk_client_change_password(ld, old_password, new_password);
		text = judge(visit, LK_WEB_CHANGE, "change", ld, rc);
	} else {
		wait_until(&begun);
	}
	end(ld);
	return text;
}
