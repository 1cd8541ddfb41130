/* Add (RFC 4511, section 4.7) with the Notify control. */
#include <glib.h>

#include "client-call.h"
#include "client-notify.h"
#include "oid.h"
#include "wire.h"

static int read_answer(LDAP *ld, LDAPMessage *message, struct lk_reset_result **ret_result)
{
	struct lk_reset_result *result = g_new0(struct lk_reset_result, 1);
	LDAPControl **controls = NULL;
	int code = LDAP_OTHER;
	int rc = ldap_parse_result(ld, message, &code, NULL, NULL, NULL, &controls, 0);

	if (rc == LDAP_SUCCESS)
		rc = code;
	if (rc == LDAP_SUCCESS) {
		int error = lk_notify_read(controls, true, result);
		rc = error == 0 ? LDAP_SUCCESS : lk_call_fail_answer(ld, error);
	}
	ldap_controls_free(controls);
	if (rc == LDAP_SUCCESS)
		*ret_result = result;
	else
		lk_client_reset_result_free(result);
	return rc;
}

static int send_add(
	LDAP *ld, const char *dn, LDAPMod **attributes, struct berval *notify, struct lk_reset_result **ret_result)
{
	LDAPControl control = {.ldctl_oid = (char *)LK_CONTROL_NOTIFY, .ldctl_value = *notify, .ldctl_iscritical = 1};
	LDAPControl *controls[] = {&control, NULL};
	LDAPMessage *message = NULL;
	int msgid;
	int rc = ldap_add_ext(ld, dn, attributes, controls, NULL, &msgid);

	if (rc == LDAP_SUCCESS)
		rc = lk_call_wait(ld, msgid, &message);
	if (rc != LDAP_SUCCESS)
		return rc;
	rc = read_answer(ld, message, ret_result);
	ldap_msgfree(message);
	return rc;
}

int lk_client_welcome(LDAP *ld, const char *dn, LDAPMod **attributes, const struct lk_reset_options *options,
	struct lk_reset_result **ret_result)
{
	static const struct lk_reset_options by_default = LK_RESET_OPTIONS_INIT;
	struct berval *notify = NULL;

	if (options == NULL)
		options = &by_default;
	if (dn == NULL || attributes == NULL || !options->notify || options->conceal || options->new_password != NULL)
		return lk_call_fail(ld, LDAP_PARAM_ERROR, "a welcome is a mail, with what the directory makes");
	int error = lk_notify_compose(options, &notify);
	int rc = error == 0 ? send_add(ld, dn, attributes, notify, ret_result) : lk_call_fail_request(ld, error);
	lk_wire_free(notify);
	return rc;
}
