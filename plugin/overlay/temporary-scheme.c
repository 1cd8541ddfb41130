/* {LATCHKEY-TEMP}: a password hash with the time at which it stops working. Where this module is gone slapd knows no
 * such scheme and the password fails: closed, not open. */
#include "overlay.h"

static int check(const struct berval *scheme, const struct berval *stored, const struct berval *cred, const char **text)
{
	struct berval hash;
	time_t expires;

	(void)scheme;
	if (lk_temporary_parse(stored, &expires, &hash) != LK_OK ||
		LK_GUARD("temporary-password-lapses", slap_get_time() >= expires))
		return LUTIL_PASSWD_ERR;
	return lutil_passwd(&hash, cred, NULL, text);
}

/* {LATCHKEY-BLOCKED}: any stored password of an account whose sign-in an administrator has blocked, kept behind the
 * scheme. */
static int check_blocked(
	const struct berval *scheme, const struct berval *stored, const struct berval *cred, const char **text)
{
	(void)scheme;
	(void)stored;
	(void)cred;
	(void)text;
	return LUTIL_PASSWD_ERR;
}

int lk_temporary_scheme_register(void)
{
	static struct berval temporary = BER_BVC(LK_TEMPORARY_SCHEME), blocked = BER_BVC(LK_BLOCKED_SCHEME);

	return lutil_passwd_add(&temporary, check, NULL) || lutil_passwd_add(&blocked, check_blocked, NULL) ? -1 : 0;
}
