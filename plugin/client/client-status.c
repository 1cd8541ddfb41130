#include "latchkey.h"

#include <glib.h>
#include <string.h>
#include <time.h>

#include "client-account.h"
#include "client-call.h"
#include "client-find.h"
#include "client-text.h"
#include "error.h"
#include "wire.h"

static const char *const attributes[] = {"uid", "displayName", "cn", "latchkeyMessage", "pwdAccountLockedTime",
	"pwdStartTime", "pwdEndTime", "pwdReset", "pwdChangedTime", "pwdPolicySubentry", "latchkeyBlocked", "latchkeyEvent",
	"latchkeyResetVerdict", "latchkeyTemporaryUntil", "latchkeyFailedMessage", NULL};

const char *const *lk_client_account_attributes(void)
{
	return attributes;
}

static char *copy_first(LDAP *ld, LDAPMessage *entry, const char *attribute)
{
	struct berval **values = ldap_get_values_len(ld, entry, attribute);
	char *copy = NULL;

	if (values != NULL && values[0] != NULL)
		copy = g_strndup(values[0]->bv_val, values[0]->bv_len);
	ldap_value_free_len(values);
	return copy;
}

static void read_usability(LDAP *ld, LDAPMessage *entry, struct lk_usability *usability)
{
	LDAPControl **controls = NULL;
	if (ldap_get_entry_controls(ld, entry, &controls) != LDAP_SUCCESS)
		return;

	LDAPControl *control = ldap_control_find(LDAP_CONTROL_X_ACCOUNT_USABILITY, controls, NULL);
	LDAPAccountUsability answer = {0};
	int usable = 0;
	if (control != NULL && ldap_parse_accountusability_control(ld, control, &usable, &answer) == LDAP_SUCCESS) {
		usability->known = true;
		usability->usable = usable;
		usability->expires_in = usable ? answer.seconds_remaining : -1;
		usability->inactive = !usable && answer.more_info.inactive;
		usability->unlocks_in = usable ? 0 : answer.more_info.seconds_before_unlock;
		usability->grace = usable ? -1 : answer.more_info.remaining_grace;
	}
	ldap_controls_free(controls);
}

static void read_facts(LDAP *ld, LDAPMessage *entry, struct lk_account *account)
{
	struct lk_account_facts facts = {0};
	const struct {
		const char *name;
		struct berval *fact;
	} sources[] = {
		{"pwdAccountLockedTime", &facts.locked},
		{"pwdStartTime", &facts.starts},
		{"pwdEndTime", &facts.ends},
		{"pwdChangedTime", &facts.changed},
		{"pwdReset", &facts.reset},
		{"latchkeyBlocked", &facts.blocked},
		{"latchkeyTemporaryUntil", &facts.temporary},
	};

	for (size_t i = 0; i < G_N_ELEMENTS(sources); i++) {
		char *value = copy_first(ld, entry, sources[i].name);
		*sources[i].fact = (struct berval){.bv_len = value == NULL ? 0 : strlen(value), .bv_val = value};
	}
	read_usability(ld, entry, &facts.usability);
	lk_account_judge(&facts, time(NULL), account);
	for (size_t i = 0; i < G_N_ELEMENTS(sources); i++)
		g_free(sources[i].fact->bv_val);
}

static void read_messages(LDAP *ld, LDAPMessage *entry, struct lk_account *account)
{
	struct berval **values = ldap_get_values_len(ld, entry, "latchkeyMessage");

	if (values != NULL)
		lk_account_read_messages((const struct berval *const *)values, (size_t)ldap_count_values_len(values), account);
	ldap_value_free_len(values);
	values = ldap_get_values_len(ld, entry, "latchkeyFailedMessage");
	account->messages_failed = values == NULL ? 0 : (size_t)ldap_count_values_len(values);
	ldap_value_free_len(values);
}

static void read_events(LDAP *ld, LDAPMessage *entry, struct lk_account *account)
{
	struct berval **values = ldap_get_values_len(ld, entry, "latchkeyEvent");

	if (values != NULL)
		lk_account_read_events((const struct berval *const *)values, (size_t)ldap_count_values_len(values), account);
	ldap_value_free_len(values);
}

/* Asks the directory who the caller is: a DN behind "dn:" (RFC 4532). */
static bool is_the_callers_own(LDAP *ld, const char *dn)
{
	static const char prefix[] = "dn:";
	struct lk_answer answer = {0};
	bool own = false;

	if (lk_call_extended(ld, LDAP_EXOP_WHO_AM_I, NULL, NULL, &answer) != LDAP_SUCCESS)
		return false;
	if (answer.value != NULL) {
		char *identity = g_strndup(answer.value->bv_val, answer.value->bv_len);
		own = g_str_has_prefix(identity, prefix) && lk_account_is_named(identity + strlen(prefix), dn);
		g_free(identity);
	}
	lk_answer_clear(&answer);
	return own;
}

struct lk_account *lk_client_account_read(LDAP *ld, LDAPMessage *entry)
{
	struct lk_account *account = g_new0(struct lk_account, 1);
	char *dn = ldap_get_dn(ld, entry);

	account->dn = g_strdup(dn);
	ldap_memfree(dn);
	account->login = copy_first(ld, entry, "uid");
	account->name = copy_first(ld, entry, "displayName");
	if (account->name == NULL)
		account->name = copy_first(ld, entry, "cn");
	account->policy = copy_first(ld, entry, "pwdPolicySubentry");
	read_facts(ld, entry, account);
	read_messages(ld, entry, account);
	read_events(ld, entry, account);
	account->verdict = copy_first(ld, entry, "latchkeyResetVerdict");
	return account;
}

/* Changing one's own password is no reset. */
static void drop_own_verdict(LDAP *ld, struct lk_account *account)
{
	if (account->verdict != NULL && is_the_callers_own(ld, account->dn))
		g_clear_pointer(&account->verdict, g_free);
}

int lk_client_status(LDAP *ld, const char *user, const char *base, struct lk_account **ret_account)
{
	struct berval name = {0};
	int error = lk_text_compose(user, &name);
	if (error == LK_OK && name.bv_len > LK_USER_MAX)
		error = LK_ERR_TOO_LONG;

	LDAPMessage *found = NULL;
	int rc = error == LK_OK ? lk_find(ld, &name, base, (char **)attributes, &found) : lk_call_fail_request(ld, error);
	lk_text_free(&name);
	if (rc != LDAP_SUCCESS)
		return rc;
	struct lk_account *account = lk_client_account_read(ld, ldap_first_entry(ld, found));
	drop_own_verdict(ld, account);
	ldap_msgfree(found);
	*ret_account = account;
	return LDAP_SUCCESS;
}
