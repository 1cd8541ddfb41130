#include "directory.h"

#include <glib.h>
#include <string.h>

#include "log.h"
#include "private-file.h"
#include "secret.h"
#include "wire.h"

#define CONNECT_SECONDS 10
#define ANSWER_SECONDS 30
#define KEEPALIVE_SECONDS 60

struct lk_directory {
	const struct lk_directory_config *config;
	const char *uri; /* of config: where the connection is, or was tried last */
	LDAP *ldap; /* NULL while there is no connection */
	char *reason;
};

struct lk_directory *lk_directory_new(const struct lk_directory_config *config)
{
	struct lk_directory *directory = g_new0(struct lk_directory, 1);

	directory->config = config;
	directory->uri = config->uris[0];
	directory->reason = g_strdup("");
	return directory;
}

static void disconnect(struct lk_directory *directory)
{
	if (directory->ldap)
		ldap_unbind_ext_s(directory->ldap, NULL, NULL);
	directory->ldap = NULL;
}

void lk_directory_free(struct lk_directory *directory)
{
	if (!directory)
		return;
	disconnect(directory);
	g_free(directory->reason);
	g_free(directory);
}

const char *lk_directory_reason(const struct lk_directory *directory)
{
	return directory->reason;
}

/* Keeps the reason, drops the connection, and returns false. WHAT was tried with RESULT as its outcome. */
static bool fail(struct lk_directory *directory, const char *what, int result)
{
	char *words = directory->ldap ? lk_client_diagnostic(directory->ldap) : NULL;

	g_free(directory->reason);
	directory->reason = g_strconcat(what, ": ", ldap_err2string(result), words ? ": " : NULL, words, NULL);
	ldap_memfree(words);
	disconnect(directory);
	return false;
}

static void set_options(LDAP *ldap, const struct lk_directory_config *config)
{
	static const int version = LDAP_VERSION3, demand = LDAP_OPT_X_TLS_DEMAND, idle = KEEPALIVE_SECONDS, client = 0;
	static const struct timeval connecting = {.tv_sec = CONNECT_SECONDS}, answering = {.tv_sec = ANSWER_SECONDS};

	ldap_set_option(ldap, LDAP_OPT_PROTOCOL_VERSION, &version);
	ldap_set_option(ldap, LDAP_OPT_REFERRALS, LDAP_OPT_OFF);
	ldap_set_option(ldap, LDAP_OPT_NETWORK_TIMEOUT, &connecting);
	ldap_set_option(ldap, LDAP_OPT_TIMEOUT, &answering);
	ldap_set_option(ldap, LDAP_OPT_X_KEEPALIVE_IDLE, &idle);
	ldap_set_option(ldap, LDAP_OPT_X_TLS_REQUIRE_CERT, &demand);
	if (config->ca_file)
		ldap_set_option(ldap, LDAP_OPT_X_TLS_CACERTFILE, config->ca_file);
	/* Makes the settings above count for this connection. */
	ldap_set_option(ldap, LDAP_OPT_X_TLS_NEWCTX, &client);
}

/* EXTERNAL asks nothing. */
static int no_questions_cb(LDAP *ldap, unsigned flags, void *defaults, void *questions)
{
	(void)ldap, (void)flags, (void)defaults, (void)questions;
	return LDAP_SUCCESS;
}

static bool bind_external(struct lk_directory *directory)
{
	int result = ldap_sasl_interactive_bind_s(
		directory->ldap, NULL, "EXTERNAL", NULL, NULL, LDAP_SASL_QUIET, no_questions_cb, NULL);

	return result == LDAP_SUCCESS || fail(directory, "sign-in", result);
}

/* The file is read each time, so that a password can be changed without a restart. */
static bool bind_simple(struct lk_directory *directory)
{
	struct lk_secret password = {0};
	struct lk_complaint complaint;

	if (lk_private_file_read(directory->config->password_file, &password, &complaint) < 0)
		return fail(directory, complaint.text, LDAP_LOCAL_ERROR);
	struct berval credentials = {.bv_val = password.text, .bv_len = password.length};
	int result =
		ldap_sasl_bind_s(directory->ldap, directory->config->bind_dn, LDAP_SASL_SIMPLE, &credentials, NULL, NULL, NULL);
	lk_secret_wipe(&password);
	return result == LDAP_SUCCESS || fail(directory, "sign-in", result);
}

bool lk_directory_connect_to(struct lk_directory *directory, const char *uri)
{
	const struct lk_directory_config *config = directory->config;

	disconnect(directory);
	directory->uri = uri;
	int result = ldap_initialize(&directory->ldap, uri);
	if (result != LDAP_SUCCESS)
		return fail(directory, "uri", result);
	set_options(directory->ldap, config);
	if (config->starttls && !ldap_is_ldapi_url(uri) && !ldap_is_ldaps_url(uri) &&
		(result = ldap_start_tls_s(directory->ldap, NULL, NULL)) != LDAP_SUCCESS)
		return fail(directory, "StartTLS", result);
	return config->is_external ? bind_external(directory) : bind_simple(directory);
}

bool lk_directory_connect(struct lk_directory *directory)
{
	if (directory->ldap)
		return true;
	for (char **uri = directory->config->uris; *uri; uri++)
		if (lk_directory_connect_to(directory, *uri))
			return true;
	return false;
}

const char *lk_directory_uri(const struct lk_directory *directory)
{
	return directory->uri;
}

int lk_directory_bounce(
	struct lk_directory *directory, const struct lk_sending *sending, bool has_failed, const char *words)
{
	struct lk_bounced bounced = {.attempt = sending->attempt, .failed = has_failed, .answer = words};

	memcpy(bounced.entry_uuid, sending->entry, sizeof bounced.entry_uuid);
	memcpy(bounced.id, sending->id, sizeof bounced.id);
	return lk_client_bounce(directory->ldap, &bounced);
}

/* Nobody is anybody's message: only whether we may ask is answered. */
int lk_directory_try_to_settle(struct lk_directory *directory)
{
	const struct lk_settling nothing = {
		.holder = "cn=nobody", .id = "00000000000000000000000000000000", .state = lk_state_name(LK_STATE_SENT)};
	int *results;
	int result = lk_client_settle(directory->ldap, &nothing, 1, &results);

	if (result == LDAP_SUCCESS)
		lk_client_results_free(results);
	else
		fail(directory, "settle", result);
	return result;
}

char *lk_directory_identity(struct lk_directory *directory)
{
	struct berval *who = NULL;
	char *identity = NULL;

	/* An authzId (RFC 4513, 5.2.1.8): what stands in cn=config is the DN within. */
	if (ldap_whoami_s(directory->ldap, &who, NULL, NULL) == LDAP_SUCCESS && who && who->bv_len > strlen("dn:"))
		identity = g_strndup(who->bv_val + strlen("dn:"), who->bv_len - strlen("dn:"));
	ber_bvfree(who);
	return identity ? identity : g_strdup("");
}

bool lk_directory_overview(struct lk_directory *directory, struct lk_overview *ret_overview)
{
	int result = lk_client_overview(directory->ldap, ret_overview);

	return result == LDAP_SUCCESS || fail(directory, "overview", result);
}

static char *first_value(LDAP *ldap, LDAPMessage *entry, const char *name)
{
	struct berval **values = ldap_get_values_len(ldap, entry, name);
	char *text = values && values[0] ? g_strndup(values[0]->bv_val, values[0]->bv_len) : NULL;

	ldap_value_free_len(values);
	return text;
}

static void add_policies(LDAP *ldap, const char *base, GPtrArray *policies)
{
	static const char *wanted[] = {"latchkeyPortal", "latchkeyOrganization", NULL};
	LDAPMessage *found = NULL;

	ldap_search_ext_s(ldap, base, LDAP_SCOPE_SUBTREE, "(objectClass=latchkeyPolicy)", (char **)wanted, 0, NULL, NULL,
		NULL, LDAP_NO_LIMIT, &found);
	for (LDAPMessage *entry = ldap_first_entry(ldap, found); entry; entry = ldap_next_entry(ldap, entry)) {
		struct lk_policy_view *policy = g_new0(struct lk_policy_view, 1);
		char *dn = ldap_get_dn(ldap, entry);
		policy->dn = g_strdup(dn);
		policy->portal = first_value(ldap, entry, wanted[0]);
		policy->organization = first_value(ldap, entry, wanted[1]);
		ldap_memfree(dn);
		g_ptr_array_add(policies, policy);
	}
	ldap_msgfree(found);
}

static void free_policy(void *data)
{
	struct lk_policy_view *policy = data;

	g_free(policy->dn);
	g_free(policy->portal);
	g_free(policy->organization);
	g_free(policy);
}

GPtrArray *lk_directory_policies(struct lk_directory *directory)
{
	static const char *wanted[] = {"namingContexts", NULL};
	GPtrArray *policies = g_ptr_array_new_with_free_func(free_policy);
	LDAPMessage *root = NULL;

	ldap_search_ext_s(
		directory->ldap, "", LDAP_SCOPE_BASE, "(objectClass=*)", (char **)wanted, 0, NULL, NULL, NULL, 1, &root);
	LDAPMessage *entry = ldap_first_entry(directory->ldap, root);
	struct berval **contexts = entry ? ldap_get_values_len(directory->ldap, entry, wanted[0]) : NULL;
	for (size_t i = 0; contexts && contexts[i]; i++)
		add_policies(directory->ldap, contexts[i]->bv_val, policies);
	ldap_value_free_len(contexts);
	ldap_msgfree(root);
	return policies;
}

bool lk_directory_take(
	struct lk_directory *directory, int most, int lease_seconds, struct lk_notification **ret_items, size_t *ret_count)
{
	int result = lk_client_take(directory->ldap, most, lease_seconds, ret_items, ret_count);

	return result == LDAP_SUCCESS || fail(directory, "take", result);
}

/* Whether reporting again could never help: it is written, or there is nothing left to write it to. */
static bool is_over(int result)
{
	return result == LDAP_SUCCESS || result == LDAP_NO_SUCH_OBJECT || result == LDAP_NO_SUCH_ATTRIBUTE;
}

static void log_unsettled(const struct lk_outcome *outcome, int result)
{
	lk_log(is_over(result) ? "message-gone" : "settle-failed", "id", outcome->id, "holder", outcome->holder, "state",
		lk_state_name(outcome->state), "error", ldap_err2string(result), NULL);
}

/* Removes what is over from the first COUNT outcomes. */
static void keep_the_rest(struct lk_outcomes *outcomes, const int *results, size_t count)
{
	bool *keep = g_new(bool, count);

	for (size_t i = 0; i < count; i++) {
		keep[i] = !is_over(results[i]);
		if (results[i] != LDAP_SUCCESS)
			log_unsettled(&outcomes->items[i], results[i]);
	}
	lk_outcomes_drop(outcomes, keep, count);
	g_free(keep);
}

static int settle_first(struct lk_directory *directory, struct lk_outcomes *outcomes, size_t count)
{
	struct lk_settling *items = g_new0(struct lk_settling, count);
	int *results;

	for (size_t i = 0; i < count; i++)
		items[i] = (struct lk_settling){
			.holder = outcomes->items[i].holder,
			.id = outcomes->items[i].id,
			.state = lk_state_name(outcomes->items[i].state),
			.answer = outcomes->items[i].answer,
			.retry_at = outcomes->items[i].retry_at,
		};
	int result = lk_client_settle(directory->ldap, items, count, &results);
	g_free(items);
	if (result != LDAP_SUCCESS)
		return result;
	keep_the_rest(outcomes, results, count);
	lk_client_results_free(results);
	return LDAP_SUCCESS;
}

bool lk_directory_settle(struct lk_directory *directory, struct lk_outcomes *outcomes, size_t *ret_left)
{
	size_t count = MIN(outcomes->count, LK_TAKE_MAX);

	if (count) {
		int result = settle_first(directory, outcomes, count);
		if (result != LDAP_SUCCESS)
			return fail(directory, "settle", result);
	}
	*ret_left = outcomes->count;
	return true;
}
