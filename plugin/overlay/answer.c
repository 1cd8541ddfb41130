/* Saying no: an extended operation's handler fills its reply in and returns, since slapd sends it; a hook sends it
 * itself. */
#include "overlay.h"

const char lk_race_text[] = "the entry was changed at the same time: try again";
const char lk_unread_text[] = "the policies of this directory cannot be read now";

int lk_fail(SlapReply *rs, int result, const char *text)
{
	rs->sr_text = text;
	return rs->sr_err = result;
}

int lk_refuse(Operation *op, SlapReply *rs, int result, const char *text)
{
	send_ldap_error(op, rs, result, text);
	return rs->sr_err;
}
