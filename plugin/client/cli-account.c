/* What users see and change of their own account: "My account" for terminals and screen readers. What they enrol is in
 * cli-enrol.c, and "that was not me" in cli-misuse.c. */
#include "cli-commands.h"

#include <glib/gi18n.h>
#include <string.h>

#include "cli-errors.h"
#include "cli-output.h"
#include "cli-secret.h"
#include "cli-session.h"
#include "cli-status.h"
#include "cli-trail.h"
#include "latchkey.h"

#define ADDRESS "latchkeyRecoveryAddress"
#define LANGUAGE "preferredLanguage"
#define STATE "latchkeyMethodState"

/* The ways back in that the directory shows their owner. */
struct ways {
	char **addresses; /* ended by NULL */
	bool totp;
	guint64 codes; /* printed ones that are left */
	char *language; /* of mails; or NULL */
};

static void clear_ways(struct ways *ways)
{
	g_strfreev(ways->addresses);
	g_free(ways->language);
	*ways = (struct ways){NULL};
}

/* --- reading ------------------------------------------------------------------------------------------------------ */

/* The DN of whoever is signed in; NULL, and a complaint was printed, where that is nobody with an entry. */
static char *own_dn(const struct lk_cli_options *options, LDAP *ld, int *ret_exit)
{
	static const char prefix[] = "dn:";
	struct berval *answer = NULL;
	int rc = ldap_whoami_s(ld, &answer, NULL, NULL);
	char *dn = NULL;

	if (rc != LDAP_SUCCESS)
		*ret_exit = lk_cli_fail(options, (enum lk_cli_step)options->command, ld, rc);
	else if (answer == NULL || answer->bv_len <= strlen(prefix) || memcmp(answer->bv_val, prefix, strlen(prefix)) != 0)
		*ret_exit = lk_cli_refuse(options, LK_CLI_CREDENTIALS, _("The directory wants you to sign in; use -D or -Y."));
	else
		dn = g_strndup(answer->bv_val + strlen(prefix), answer->bv_len - strlen(prefix));
	ber_bvfree(answer);
	return dn;
}

static char **read_values(LDAP *ld, LDAPMessage *entry, const char *attribute)
{
	struct berval **values = ldap_get_values_len(ld, entry, attribute);
	GPtrArray *texts = g_ptr_array_new();

	for (size_t i = 0; values != NULL && values[i] != NULL; i++)
		g_ptr_array_add(texts, g_strndup(values[i]->bv_val, values[i]->bv_len));
	g_ptr_array_add(texts, NULL);
	ldap_value_free_len(values);
	return (char **)g_ptr_array_free(texts, FALSE);
}

/* The state has a value for each method: "totp", and "recoveryCode" with how many are left. */
static void read_methods(LDAP *ld, LDAPMessage *entry, struct ways *ways)
{
	static const char printed[] = "recoveryCode ";
	char **states = read_values(ld, entry, STATE);

	for (char **state = states; *state != NULL; state++) {
		ways->totp = ways->totp || strcmp(*state, "totp") == 0;
		if (g_str_has_prefix(*state, printed))
			ways->codes = g_ascii_strtoull(*state + strlen(printed), NULL, 10);
	}
	g_strfreev(states);
}

static int read_ways(LDAP *ld, const char *dn, struct ways *ret_ways)
{
	static char *wanted[] = {(char *)ADDRESS, (char *)LANGUAGE, (char *)STATE, NULL};
	LDAPMessage *found = NULL;
	int rc = ldap_search_ext_s(ld, dn, LDAP_SCOPE_BASE, "(objectClass=*)", wanted, 0, NULL, NULL, NULL, 1, &found);
	LDAPMessage *entry = rc == LDAP_SUCCESS ? ldap_first_entry(ld, found) : NULL;

	if (rc == LDAP_SUCCESS && entry == NULL)
		rc = LDAP_NO_SUCH_OBJECT;
	if (rc == LDAP_SUCCESS) {
		char **languages = read_values(ld, entry, LANGUAGE);
		*ret_ways = (struct ways){.addresses = read_values(ld, entry, ADDRESS), .language = g_strdup(languages[0])};
		read_methods(ld, entry, ret_ways);
		g_strfreev(languages);
	}
	ldap_msgfree(found);
	return rc;
}

/* --- showing ------------------------------------------------------------------------------------------------------ */

static void say_ways(const struct ways *ways)
{
	char *codes = g_strdup_printf("%" G_GUINT64_FORMAT, ways->codes);

	lk_cli_say(_("Ways back in, should you lose your password:"), NULL);
	if (ways->addresses[0] == NULL)
		lk_cli_say(_("  No recovery address of your own. “latchkey enrol address ADDRESS” adds one."), NULL);
	for (char **address = ways->addresses; *address != NULL; address++)
		lk_cli_say(_("  Recovery address: {address}"), "address", *address, NULL);
	lk_cli_say(ways->totp ? _("  Authenticator app: it is set up.")
						  : _("  Authenticator app: none. “latchkey enrol totp” sets one up."),
		NULL);
	lk_cli_say(ways->codes > 0 ? _("  Printed recovery codes that are left: {number}")
							   : _("  Printed recovery codes: none. “latchkey enrol codes” makes ten."),
		"number", codes, NULL);
	if (ways->language != NULL)
		lk_cli_say(_("Language of mails: {language}"), "language", ways->language, NULL);
	g_free(codes);
}

static void print_sentences(const struct lk_account *account, const struct ways *ways)
{
	lk_cli_status_say_account(account);
	say_ways(ways);
	lk_cli_trail_say(account);
	if (account->events_count > 0)
		lk_cli_say(_("If one of these was not you: “latchkey misuse” tells the administrators, and “latchkey account "
					 "password” "
					 "changes your password."),
			NULL);
}

static void print_json(const struct lk_account *account, const struct ways *ways)
{
	JsonBuilder *builder = lk_cli_json_begin(true);

	lk_cli_status_add_account(builder, account);
	json_builder_set_member_name(builder, "recoveryAddresses");
	json_builder_begin_array(builder);
	for (char **address = ways->addresses; *address != NULL; address++)
		json_builder_add_string_value(builder, *address);
	json_builder_end_array(builder);
	lk_cli_json_flag(builder, "authenticatorApp", ways->totp);
	lk_cli_json_number(builder, "recoveryCodesLeft", (gint64)ways->codes);
	lk_cli_json_text(builder, "language", ways->language);
	lk_cli_trail_add(builder, account);
	lk_cli_json_end(builder);
}

static int show(const struct lk_cli_options *options, LDAP *ld, const char *dn)
{
	struct lk_account *account = NULL;
	struct ways ways = {NULL};
	int rc = lk_client_status(ld, dn, NULL, &account);

	if (rc == LDAP_SUCCESS)
		rc = read_ways(ld, dn, &ways);
	if (rc != LDAP_SUCCESS) {
		lk_client_account_free(account);
		return lk_cli_fail(options, LK_CLI_STEP_ACCOUNT, ld, rc);
	}
	if (options->json)
		print_json(account, &ways);
	else
		print_sentences(account, &ways);
	clear_ways(&ways);
	lk_client_account_free(account);
	return LK_CLI_DONE;
}

int lk_cli_account(const struct lk_cli_options *options, LDAP *ld)
{
	int exit_status = LK_CLI_FAILED;
	char *dn = own_dn(options, ld, &exit_status);

	if (dn != NULL)
		exit_status = show(options, ld, dn);
	g_free(dn);
	return exit_status;
}

/* --- changing ----------------------------------------------------------------------------------------------------- */

static void say_done(const struct lk_cli_options *options, const char *sentence, const char *value)
{
	if (options->json)
		lk_cli_json_end(lk_cli_json_begin(true));
	else
		lk_cli_say(sentence, "value", value == NULL ? "" : value, NULL);
}

struct passwords {
	struct lk_cli_secret old, new;
};

static bool read_passwords(const struct lk_cli_options *options, struct passwords *ret_passwords)
{
	if (options->from_stdin)
		return lk_cli_secret_read_stdin(1, &ret_passwords->old) && lk_cli_secret_read_stdin(2, &ret_passwords->new);
	if (!lk_cli_secret_ask(_("Password that you have now: "), &ret_passwords->old))
		return false;
	if (options->password_file != NULL)
		return lk_cli_secret_read_file(options->password_file, &ret_passwords->new);
	return lk_cli_secret_ask_twice(&ret_passwords->new);
}

int lk_cli_account_password(const struct lk_cli_options *options, LDAP *ld)
{
	struct passwords passwords;
	int exit_status = lk_cli_session_check_protected(options, ld);
	if (exit_status != LK_CLI_DONE)
		return exit_status;

	exit_status = LK_CLI_USAGE;
	if (read_passwords(options, &passwords)) {
		int rc = lk_client_change_password(ld, passwords.old.text, passwords.new.text);
		exit_status = rc == LDAP_SUCCESS ? LK_CLI_DONE : lk_cli_fail(options, LK_CLI_STEP_ACCOUNT_PASSWORD, ld, rc);
	}
	explicit_bzero(&passwords, sizeof passwords);
	if (exit_status == LK_CLI_DONE)
		say_done(options, _("Your password was changed."), NULL);
	return exit_status;
}

static int modify(LDAP *ld, const char *dn, int operation, const char *attribute, const char *value)
{
	char *values[] = {(char *)value, NULL};
	LDAPMod mod = {.mod_op = operation, .mod_type = (char *)attribute, .mod_values = values};
	LDAPMod *mods[] = {&mod, NULL};

	return ldap_modify_ext_s(ld, dn, mods, NULL, NULL);
}

/* ADDRESS as it is stored: letters may be typed in another case. */
static const char *find_address(const struct ways *ways, const char *address)
{
	for (char **each = ways->addresses; *each != NULL; each++)
		if (g_ascii_strcasecmp(*each, address) == 0)
			return *each;
	return NULL;
}

static int remove_address(const struct lk_cli_options *options, LDAP *ld, const char *dn, const struct ways *ways)
{
	const char *address = find_address(ways, options->address);

	if (address == NULL)
		return lk_cli_refuse(options, LK_CLI_NO_SUCH_USER,
			_("This is not one of your recovery addresses. “latchkey account” lists them."));
	int rc = modify(ld, dn, LDAP_MOD_DELETE, ADDRESS, address);
	if (rc != LDAP_SUCCESS)
		return lk_cli_fail(options, LK_CLI_STEP_ACCOUNT_REMOVE, ld, rc);
	say_done(options, _("This is no recovery address of yours any more: {value}"), address);
	return LK_CLI_DONE;
}

int lk_cli_account_remove(const struct lk_cli_options *options, LDAP *ld)
{
	int exit_status = LK_CLI_FAILED;
	struct ways ways = {NULL};
	char *dn = own_dn(options, ld, &exit_status);
	if (dn == NULL)
		return exit_status;

	int rc = read_ways(ld, dn, &ways);
	exit_status = rc == LDAP_SUCCESS ? remove_address(options, ld, dn, &ways)
									 : lk_cli_fail(options, LK_CLI_STEP_ACCOUNT_REMOVE, ld, rc);
	clear_ways(&ways);
	g_free(dn);
	return exit_status;
}

int lk_cli_account_language(const struct lk_cli_options *options, LDAP *ld)
{
	int exit_status = LK_CLI_FAILED;
	char *dn = own_dn(options, ld, &exit_status);
	if (dn == NULL)
		return exit_status;

	int rc = modify(ld, dn, LDAP_MOD_REPLACE, LANGUAGE, options->address);
	g_free(dn);
	if (rc != LDAP_SUCCESS)
		return lk_cli_fail(options, LK_CLI_STEP_ACCOUNT_LANGUAGE, ld, rc);
	say_done(options, _("Mails to you are in this language now: {value}"), options->address);
	return LK_CLI_DONE;
}
