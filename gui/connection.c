#include "connection.h"

#include <sasl/sasl.h>
#include <string.h>

#include "handle.h"
#include "latchkey.h"
#include "reach.h"

#define LONGEST_POLL 250 /* milliseconds; a wait looks at the clock at least this often */

struct lk_connection *lk_connection_new(const struct lk_profile *profile, const char *user, struct lk_secret *password)
{
	struct lk_connection *connection = g_new0(struct lk_connection, 1);

	connection->profile = lk_profile_copy(profile);
	connection->user = g_strdup(user);
	connection->password = password;
	connection->base = g_strdup(profile->base);
	return connection;
}

void lk_connection_drop(struct lk_connection *connection)
{
	if (connection->ld != NULL)
		ldap_unbind_ext(connection->ld, NULL, NULL);
	connection->ld = NULL;
}

void lk_connection_free(struct lk_connection *connection)
{
	if (connection == NULL)
		return;
	lk_connection_drop(connection);
	lk_secret_free(connection->password);
	lk_profile_free(connection->profile);
	g_free(connection->user);
	g_free(connection->dn);
	g_free(connection->base);
	g_free(connection);
}

bool lk_connection_is_lost(int rc)
{
	return rc == LDAP_SERVER_DOWN || rc == LDAP_CONNECT_ERROR || rc == LDAP_UNAVAILABLE;
}

/* -- Waiting -- */

static int code_of(LDAP *ld)
{
	int rc = LDAP_OTHER;

	ldap_get_option(ld, LDAP_OPT_RESULT_CODE, &rc);
	return rc == LDAP_SUCCESS ? LDAP_LOCAL_ERROR : rc;
}

/* What libldap or TLS have read ahead raises no event on the socket. */
static bool has_read_ahead(LDAP *ld)
{
	Sockbuf *buffer = NULL;

	return ldap_get_option(ld, LDAP_OPT_SOCKBUF, &buffer) == LDAP_OPT_SUCCESS && buffer != NULL &&
		   ber_sockbuf_ctrl(buffer, LBER_SB_OPT_DATA_READY, NULL) > 0;
}

static void wait_for_octets(LDAP *ld, GCancellable *cancellable)
{
	GPollFD events[2] = {{.events = G_IO_IN | G_IO_HUP | G_IO_ERR}};
	int socket = -1;
	guint count = 1;

	if (has_read_ahead(ld) || ldap_get_option(ld, LDAP_OPT_DESC, &socket) != LDAP_OPT_SUCCESS)
		return;
	events[0].fd = socket;
	bool wakes = cancellable != NULL && g_cancellable_make_pollfd(cancellable, &events[1]);
	if (wakes)
		count = 2;
	g_poll(events, count, LONGEST_POLL);
	if (wakes)
		g_cancellable_release_fd(cancellable);
}

int lk_connection_wait(LDAP *ld, int msgid, GCancellable *cancellable, LDAPMessage **ret_message)
{
	gint64 deadline = g_get_monotonic_time() + LK_CONNECTION_PATIENCE * G_USEC_PER_SEC;

	for (;;) {
		struct timeval none = {0};
		LDAPMessage *message = NULL;
		int type = ldap_result(ld, msgid, LDAP_MSG_ALL, &none, &message);
		if (type > 0) {
			*ret_message = message;
			return LDAP_SUCCESS;
		}
		if (type < 0)
			return code_of(ld);
		bool cancelled = g_cancellable_is_cancelled(cancellable);
		if (cancelled || g_get_monotonic_time() > deadline) {
			ldap_abandon_ext(ld, msgid, NULL, NULL);
			return cancelled ? LDAP_USER_CANCELLED : LDAP_TIMEOUT;
		}
		wait_for_octets(ld, cancellable);
	}
}

/* Between operations a server says nothing: what can be read is the end, or the notice of it. */
void lk_connection_drop_stale(struct lk_connection *connection)
{
	GPollFD event = {.events = G_IO_IN | G_IO_HUP | G_IO_ERR};
	int socket = -1;

	if (connection->ld == NULL || ldap_get_option(connection->ld, LDAP_OPT_DESC, &socket) != LDAP_OPT_SUCCESS)
		return;
	event.fd = socket;
	if (g_poll(&event, 1, 0) > 0)
		lk_connection_drop(connection);
}

/* -- Connecting -- */

static int connect_to(struct lk_connection *connection, const char *uri, const char **ret_fault)
{
	char *context = NULL;
	int rc = lk_reach(connection->profile, uri, &connection->ld, &context, ret_fault);

	if (rc != LDAP_SUCCESS)
		return rc;
	if (*connection->base == '\0' && context != NULL) {
		g_free(connection->base);
		connection->base = g_steal_pointer(&context);
	}
	g_free(context);
	lk_handle_set_seconds(connection->ld, LDAP_OPT_TIMEOUT, LK_CONNECTION_PATIENCE);
	return rc;
}

/* A server that is away says less than one whose certificate is wrong. */
static int connect_to_first(struct lk_connection *connection, GCancellable *cancellable, const char **ret_fault)
{
	char **uris = g_strsplit_set(connection->profile->uris, " ,", -1);
	int rc = LDAP_SERVER_DOWN;

	*ret_fault = NULL;
	for (size_t i = 0; uris[i] != NULL && connection->ld == NULL && !g_cancellable_is_cancelled(cancellable); i++) {
		const char *fault = NULL;
		if (*uris[i] != '\0')
			rc = connect_to(connection, uris[i], &fault);
		if (fault != NULL)
			*ret_fault = fault;
	}
	g_strfreev(uris);
	if (g_cancellable_is_cancelled(cancellable))
		return LDAP_USER_CANCELLED;
	return rc != LDAP_SUCCESS && *ret_fault != NULL ? LDAP_CONNECT_ERROR : rc;
}

/* -- Signing in -- */

static bool is_protected(LDAP *ld)
{
	char *uri = NULL;

	if (ldap_tls_inplace(ld))
		return true;
	ldap_get_option(ld, LDAP_OPT_URI, &uri);
	bool local = uri != NULL && g_ascii_strncasecmp(uri, "ldapi://", 8) == 0;
	ldap_memfree(uri);
	return local;
}

/* Takes what libsasl proposes; a mechanism that asks for a password goes no further. */
static int interact(LDAP *ld, unsigned flags, void *defaults, void *questions)
{
	(void)ld, (void)flags, (void)defaults;

	for (sasl_interact_t *question = questions; question->id != SASL_CB_LIST_END; question++) {
		if (question->id == SASL_CB_PASS || question->id == SASL_CB_ECHOPROMPT || question->id == SASL_CB_NOECHOPROMPT)
			return LDAP_INAPPROPRIATE_AUTH;
		question->result = question->defresult == NULL ? "" : question->defresult;
		question->len = (unsigned)strlen(question->result);
	}
	return LDAP_SUCCESS;
}

static int find_dn(struct lk_connection *connection)
{
	LDAPDN parsed = NULL;
	struct lk_account *account = NULL;

	g_clear_pointer(&connection->dn, g_free);
	if (ldap_str2dn(connection->user, &parsed, LDAP_DN_FORMAT_LDAPV3) == LDAP_SUCCESS && parsed != NULL) {
		ldap_dnfree(parsed);
		connection->dn = g_strdup(connection->user);
		return LDAP_SUCCESS;
	}
	int rc = lk_client_status(connection->ld, connection->user, connection->base, &account);
	if (rc == LDAP_SUCCESS)
		connection->dn = g_strdup(account->dn);
	lk_client_account_free(account);
	return rc;
}

static void read_policy_answer(struct lk_connection *connection, LDAPMessage *message)
{
	LDAPControl **controls = NULL;
	LDAPPasswordPolicyError error = PP_noError;
	int rc = ldap_parse_result(connection->ld, message, NULL, NULL, NULL, NULL, &controls, 0);
	LDAPControl *answer =
		rc == LDAP_SUCCESS ? ldap_control_find(LDAP_CONTROL_PASSWORDPOLICYRESPONSE, controls, NULL) : NULL;

	connection->said = (struct lk_sign_in){.grace = -1, .expires_in = -1};
	if (answer != NULL && ldap_parse_passwordpolicy_control(connection->ld, answer, &connection->said.expires_in,
							  &connection->said.grace, &error) == LDAP_SUCCESS)
		connection->said.must_change = error == PP_changeAfterReset;
	ldap_controls_free(controls);
}

static int bind_with_password(struct lk_connection *connection, struct berval *password, GCancellable *cancellable)
{
	LDAPControl policy = {.ldctl_oid = (char *)LDAP_CONTROL_PASSWORDPOLICYREQUEST};
	LDAPControl *controls[] = {&policy, NULL};
	LDAPMessage *message = NULL;
	int msgid, code = LDAP_OTHER;
	int rc = ldap_sasl_bind(connection->ld, connection->dn, LDAP_SASL_SIMPLE, password, controls, NULL, &msgid);

	if (rc == LDAP_SUCCESS)
		rc = lk_connection_wait(connection->ld, msgid, cancellable, &message);
	if (rc != LDAP_SUCCESS)
		return rc;
	rc = ldap_parse_result(connection->ld, message, &code, NULL, NULL, NULL, NULL, 0);
	if (rc == LDAP_SUCCESS && code == LDAP_SUCCESS)
		read_policy_answer(connection, message);
	ldap_msgfree(message);
	return rc == LDAP_SUCCESS ? code : rc;
}

/* An empty password would be an anonymous bind that succeeds. */
static int sign_in_by_password(struct lk_connection *connection, GCancellable *cancellable)
{
	if (connection->password == NULL)
		return LDAP_INVALID_CREDENTIALS;
	if (!is_protected(connection->ld))
		return LDAP_CONFIDENTIALITY_REQUIRED;
	int rc = find_dn(connection);
	/* Who must not look for names, or names nobody, learns what a wrong password would say. */
	if (rc != LDAP_SUCCESS)
		return rc == LDAP_NO_SUCH_OBJECT || rc == LDAP_INSUFFICIENT_ACCESS ? LDAP_INVALID_CREDENTIALS : rc;
	if (g_cancellable_is_cancelled(cancellable))
		return LDAP_USER_CANCELLED;

	struct berval password = {0};
	password.bv_val = (char *)lk_secret_open(connection->password, &password.bv_len);
	rc = bind_with_password(connection, &password, cancellable);
	lk_secret_close(connection->password);
	return rc;
}

/* Passwords are to travel over this connection: where it is not protected, the mechanism has to encrypt, as Kerberos
 * does. Older versions of Cyrus SASL count any encryption of Kerberos as 56 bits. */
static int sign_in_by_sasl(struct lk_connection *connection, const char *mechanism)
{
	static const ber_len_t least_bits = 56;

	if (!is_protected(connection->ld))
		ldap_set_option(connection->ld, LDAP_OPT_X_SASL_SSF_MIN, &least_bits);
	int rc = ldap_sasl_interactive_bind_s(connection->ld, NULL, mechanism, NULL, NULL, LDAP_SASL_QUIET, interact, NULL);
	if (rc != LDAP_SUCCESS)
		return rc;

	struct berval *identity = NULL;
	rc = ldap_whoami_s(connection->ld, &identity, NULL, NULL);
	if (rc == LDAP_SUCCESS && identity != NULL && g_ascii_strncasecmp(identity->bv_val, "dn:", 3) == 0) {
		g_free(connection->dn);
		connection->dn = g_strdup(identity->bv_val + 3);
	}
	ber_bvfree(identity);
	connection->said = (struct lk_sign_in){.grace = -1, .expires_in = -1};
	return rc;
}

static int sign_in(struct lk_connection *connection, GCancellable *cancellable)
{
	if (connection->anonymous)
		return is_protected(connection->ld) ? LDAP_SUCCESS : LDAP_CONFIDENTIALITY_REQUIRED;
	switch (connection->profile->auth) {
	case LK_AUTH_PASSWORD:
		return sign_in_by_password(connection, cancellable);
	case LK_AUTH_KERBEROS:
		return sign_in_by_sasl(connection, "GSSAPI");
	case LK_AUTH_EXTERNAL:
		return sign_in_by_sasl(connection, "EXTERNAL");
	}
	return LDAP_AUTH_UNKNOWN;
}

int lk_connection_ready(struct lk_connection *connection, GCancellable *cancellable, enum lk_connection_step *ret_step,
	char **ret_diagnostic)
{
	if (connection->ld != NULL)
		return LDAP_SUCCESS;

	enum lk_connection_step step = LK_CONNECTION_CONNECT;
	const char *fault;
	int rc = connect_to_first(connection, cancellable, &fault);
	if (rc == LDAP_SUCCESS) {
		step = LK_CONNECTION_SIGN_IN;
		rc = sign_in(connection, cancellable);
	}
	if (rc == LDAP_SUCCESS) {
		connection->generation++;
		return rc;
	}
	*ret_step = step;
	if (connection->ld != NULL)
		*ret_diagnostic = lk_client_diagnostic(connection->ld);
	else
		*ret_diagnostic = fault == NULL ? NULL : ber_strdup(fault);
	lk_connection_drop(connection);
	return rc;
}
