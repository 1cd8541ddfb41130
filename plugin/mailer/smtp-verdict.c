#include "smtp-verdict.h"

/* RFC 4954 section 6 and RFC 3207 section 4: it wants authentication, another kind of it, or TLS. */
static bool is_about_access(long code)
{
	return code == 530 || code == 534 || code == 535 || code == 538;
}

enum lk_state lk_smtp_verdict(enum lk_smtp_stage stage, long code, bool is_accepted)
{
	if (is_accepted)
		return LK_STATE_SENT;
	if (stage == LK_SMTP_CONNECTING || is_about_access(code))
		return LK_STATE_DEFERRED;
	return code >= 500 && code <= 599 ? LK_STATE_FAILED : LK_STATE_DEFERRED;
}

/* 421 is the server's word that it closes the connection whatever was asked of it (RFC 5321 section 3.8). */
bool lk_smtp_is_away(enum lk_smtp_stage stage, long code, bool is_accepted)
{
	if (is_accepted)
		return false;
	return stage == LK_SMTP_CONNECTING || !code || code == 421 || is_about_access(code);
}
