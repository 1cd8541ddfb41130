#include "client-notify.h"

#include <glib.h>

#include "client-text.h"
#include "error.h"
#include "oid.h"
#include "wire.h"

int lk_notify_compose(const struct lk_reset_options *options, struct berval **ret_value)
{
	struct lk_notify notify = {
		.must_change = options->must_change, .conceal = options->conceal, .no_message = !options->notify};
	int error = lk_text_compose_optional(options->to, &notify.to);

	if (error == LK_OK)
		error = lk_text_compose_optional(options->locale, &notify.locale);
	if (error == LK_OK)
		error = lk_text_compose_optional(options->reason, &notify.reason);
	if (error == LK_OK)
		error = lk_text_compose_optional(options->ticket, &notify.ticket);
	if (error == LK_OK)
		error = lk_wire_encode_notify(&notify, ret_value);
	lk_text_free(&notify.to);
	lk_text_free(&notify.locale);
	lk_text_free(&notify.reason);
	lk_text_free(&notify.ticket);
	return error;
}

int lk_notify_read(LDAPControl **controls, bool mailed, struct lk_reset_result *result)
{
	struct lk_notify_response response;
	LDAPControl *control = ldap_control_find(LK_CONTROL_NOTIFY, controls, NULL);
	int error = control == NULL ? LK_ERR_MALFORMED : lk_wire_decode_notify_response(&control->ldctl_value, &response);

	if (error == LK_OK && mailed != (response.id[0] != '\0'))
		error = LK_ERR_MALFORMED;
	if (error != LK_OK)
		return error;
	result->id = mailed ? g_strdup(response.id) : NULL;
	result->expires = response.expires;
	result->must_change = response.must_change;
	result->code = response.code;
	return LK_OK;
}
