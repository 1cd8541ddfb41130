#include "cli-session.h"

#include <glib/gi18n.h>
#include <sasl/sasl.h>
#include <string.h>

#include "cli-errors.h"
#include "cli-output.h"
#include "cli-secret.h"
#include "handle.h"

#define DEFAULT_NETWORK_TIMEOUT 10 /* seconds */
#define DEFAULT_TIMEOUT 60

static char **list_uris(const struct lk_cli_options *options)
{
	char *configured = NULL;

	if (options->uri == NULL)
		ldap_get_option(NULL, LDAP_OPT_URI, &configured);
	const char *list = options->uri != NULL ? options->uri : configured != NULL ? configured : "ldap://localhost";
	char **uris = g_strsplit_set(list, ", ", -1);
	ldap_memfree(configured);
	return uris;
}

static bool uri_is(const char *uri, const char *scheme)
{
	LDAPURLDesc *url = NULL;
	bool same = ldap_url_parse(uri, &url) == LDAP_URL_SUCCESS && g_strcmp0(url->lud_scheme, scheme) == 0;

	ldap_free_urldesc(url);
	return same;
}

static int read_seconds(LDAP *ld, int option, int fallback)
{
	struct timeval *set = NULL;
	int seconds = fallback;

	if (ldap_get_option(ld, option, &set) == LDAP_OPT_SUCCESS && set != NULL && set->tv_sec > 0)
		seconds = (int)set->tv_sec;
	ldap_memfree(set);
	return seconds;
}

/* Any answer will do: it shows that a directory is there. */
static int probe(LDAP *ld)
{
	static char *nothing[] = {(char *)LDAP_NO_ATTRS, NULL};
	LDAPMessage *message = NULL;
	int rc = ldap_search_ext_s(
		ld, "", LDAP_SCOPE_BASE, "(objectClass=*)", nothing, 0, NULL, NULL, NULL, LDAP_NO_LIMIT, &message);

	ldap_msgfree(message);
	return rc < 0 ? rc : LDAP_SUCCESS;
}

/* With a single -Z a directory that has no TLS to offer is taken as it is; no secret will be sent to it then. */
static int start_tls(const struct lk_cli_options *options, LDAP *ld)
{
	int rc = ldap_start_tls_s(ld, NULL, NULL);

	return rc > 0 && options->start_tls == 1 ? LDAP_SUCCESS : rc;
}

/* While connecting the shorter limit holds for answers too, because libldap waits there for the connection. StartTLS
 * goes first: slapd refuses it where another operation is not quite over. */
static int connect_to(const struct lk_cli_options *options, const char *uri, LDAP *ld)
{
	int answer = read_seconds(ld, LDAP_OPT_TIMEOUT, DEFAULT_TIMEOUT);
	int network = options->network_timeout;
	if (network == 0)
		network = read_seconds(ld, LDAP_OPT_NETWORK_TIMEOUT, DEFAULT_NETWORK_TIMEOUT);

	lk_handle_set_seconds(ld, LDAP_OPT_NETWORK_TIMEOUT, network);
	lk_handle_set_seconds(ld, LDAP_OPT_TIMEOUT, network);
	int rc = options->start_tls > 0 && !uri_is(uri, "ldaps") ? start_tls(options, ld) : probe(ld);
	lk_handle_set_seconds(ld, LDAP_OPT_TIMEOUT, answer);
	return rc;
}

/* Says what is wrong with the first that is no LDAP URI. */
static bool uris_are_sound(const struct lk_cli_options *options, char **uris)
{
	for (size_t i = 0; uris[i] != NULL; i++) {
		if (*uris[i] == '\0' || ldap_is_ldap_url(uris[i]))
			continue;
		char *text = lk_cli_fill(
			_("“{uri}” is not the URI of a directory; ldaps://ldap.example.com would be one."), "uri", uris[i], NULL);
		lk_cli_refuse(options, LK_CLI_USAGE, text);
		g_free(text);
		return false;
	}
	return true;
}

/* Tries one server after the other. *ret_ld is set after a failure too where there was a handle. */
static int connect_to_first(const struct lk_cli_options *options, char **uris, LDAP **ret_ld)
{
	int rc = LDAP_SERVER_DOWN;

	for (size_t i = 0; uris[i] != NULL; i++) {
		if (*uris[i] == '\0')
			continue;
		lk_cli_session_close(*ret_ld);
		*ret_ld = NULL;
		rc = lk_handle_open(uris[i], ret_ld);
		if (rc == LDAP_SUCCESS)
			rc = connect_to(options, uris[i], *ret_ld);
		if (rc == LDAP_SUCCESS)
			break;
	}
	return rc;
}

static const char *find_mechanism(const struct lk_cli_options *options, char **ret_configured)
{
	if (options->mechanism != NULL)
		return options->mechanism;
	if (options->simple || options->bind_dn != NULL || options->prompt || options->bind_password_file != NULL)
		return NULL;
	ldap_get_option(NULL, LDAP_OPT_X_SASL_MECH, ret_configured);
	return *ret_configured;
}

/* Takes what libsasl proposes. A mechanism that wants a password is noted in WANTS_PASSWORD and goes no further. */
static int interact(LDAP *ld, unsigned flags, void *wants_password, void *questions)
{
	(void)ld, (void)flags;

	for (sasl_interact_t *question = questions; question->id != SASL_CB_LIST_END; question++) {
		const char *answer = question->defresult == NULL ? "" : question->defresult;
		if (question->id == SASL_CB_PASS || question->id == SASL_CB_ECHOPROMPT || question->id == SASL_CB_NOECHOPROMPT)
			*(bool *)wants_password = true;
		question->result = answer;
		question->len = (unsigned)strlen(answer);
	}
	return *(bool *)wants_password ? LDAP_INAPPROPRIATE_AUTH : LDAP_SUCCESS;
}

static int sign_in_by_sasl(const struct lk_cli_options *options, LDAP *ld, const char *mechanism)
{
	bool wants_password = false;
	int rc = ldap_sasl_interactive_bind_s(ld, NULL, mechanism, NULL, NULL, LDAP_SASL_QUIET, interact, &wants_password);

	if (rc == LDAP_SUCCESS)
		return LK_CLI_DONE;
	if (wants_password)
		return lk_cli_refuse(
			options, LK_CLI_CREDENTIALS, _("This mechanism asks for a password; sign in with -D DN instead."));
	return lk_cli_fail(options, LK_CLI_STEP_SIGN_IN, ld, rc);
}

/* What is typed is brought into the form in which passwords are set; a file is taken to the letter. */
static bool read_bind_password(const struct lk_cli_options *options, struct lk_cli_secret *ret_secret)
{
	if (options->bind_password_file != NULL)
		return lk_cli_secret_read_whole(options->bind_password_file, ret_secret);
	return lk_cli_secret_ask(_("Password to sign in with: "), ret_secret) && lk_cli_secret_compose(ret_secret);
}

static void explain_line_break(const struct lk_cli_options *options, const struct lk_cli_secret *secret)
{
	if (options->bind_password_file != NULL && secret->text[secret->length - 1] == '\n')
		lk_cli_complain(_("{file}: the line break at the end counts as a part of the password; “printf” writes none."),
			"file", options->bind_password_file, NULL);
}

static int sign_in_by_password(const struct lk_cli_options *options, LDAP *ld)
{
	struct lk_cli_secret secret;
	int exit_status = lk_cli_session_check_protected(options, ld);
	if (exit_status != LK_CLI_DONE)
		return exit_status;
	if (!read_bind_password(options, &secret))
		return LK_CLI_USAGE;

	/* Without -D, libldap takes BINDDN of ldap.conf. */
	struct berval password = {.bv_len = secret.length, .bv_val = secret.text};
	int rc = ldap_sasl_bind_s(ld, options->bind_dn, LDAP_SASL_SIMPLE, &password, NULL, NULL, NULL);
	if (rc != LDAP_SUCCESS)
		exit_status = lk_cli_fail(options, LK_CLI_STEP_SIGN_IN, ld, rc);
	if (rc == LDAP_INVALID_CREDENTIALS)
		explain_line_break(options, &secret);
	lk_cli_secret_clear(&secret);
	return exit_status;
}

/* Recovery is for people who cannot sign in; everything else needs somebody. */
static int sign_in(const struct lk_cli_options *options, LDAP *ld)
{
	char *configured = NULL;
	const char *mechanism = find_mechanism(options, &configured);
	int exit_status = LK_CLI_DONE;

	if (options->bind_dn != NULL || options->prompt || options->bind_password_file != NULL)
		exit_status = sign_in_by_password(options, ld);
	else if ((options->command & (LK_CLI_REQUEST | LK_CLI_COMPLETE)) != 0 && options->mechanism == NULL)
		exit_status = LK_CLI_DONE;
	else if (mechanism != NULL)
		exit_status = sign_in_by_sasl(options, ld, mechanism);
	else if (!options->simple)
		exit_status = lk_cli_refuse(options, LK_CLI_USAGE,
			_("Say who you are: -D DN for a password, or -Y MECH, for example -Y EXTERNAL with ldapi:///."));
	ldap_memfree(configured);
	return exit_status;
}

int lk_cli_session_open(const struct lk_cli_options *options, LDAP **ret_ld)
{
	LDAP *ld = NULL;
	char **uris = list_uris(options);
	if (!uris_are_sound(options, uris)) {
		g_strfreev(uris);
		return LK_CLI_USAGE;
	}

	int rc = connect_to_first(options, uris, &ld);
	int exit_status = rc == LDAP_SUCCESS ? sign_in(options, ld) : lk_cli_fail(options, LK_CLI_STEP_CONNECT, ld, rc);
	g_strfreev(uris);
	if (exit_status == LK_CLI_DONE)
		*ret_ld = ld;
	else
		lk_cli_session_close(ld);
	return exit_status;
}

static bool is_protected(LDAP *ld)
{
	char *uri = NULL;
	ber_len_t strength = 0;

	if (ldap_tls_inplace(ld))
		return true;
	if (ldap_get_option(ld, LDAP_OPT_X_SASL_SSF, &strength) == LDAP_OPT_SUCCESS && strength > 1)
		return true;
	ldap_get_option(ld, LDAP_OPT_URI, &uri);
	bool local = uri != NULL && uri_is(uri, "ldapi");
	ldap_memfree(uri);
	return local;
}

int lk_cli_session_check_protected(const struct lk_cli_options *options, LDAP *ld)
{
	if (options->insecure_plain || is_protected(ld))
		return LK_CLI_DONE;
	return lk_cli_refuse(options, LK_CLI_UNPROTECTED,
		_("The connection to the directory is not protected, so no password or code is sent over it. Use ldaps:// or "
		  "-ZZ. "
		  "(--insecure-plain sends it all the same, for everyone on the way to read.)"));
}

void lk_cli_session_close(LDAP *ld)
{
	if (ld != NULL)
		ldap_unbind_ext(ld, NULL, NULL);
}
