/* What the end of an SMTP transaction means for its message. Pure. */
#pragma once

#include <stdbool.h>

#include "message.h"

/* How far a transaction came. */
enum lk_smtp_stage {
	LK_SMTP_CONNECTING, /* up to the end of EHLO, STARTTLS and AUTH: nothing was said about the message */
	LK_SMTP_ENVELOPE, /* MAIL, RCPT and DATA */
	LK_SMTP_CONTENT, /* the mail itself, and the answer to its final dot */
};

/* CODE is the reply that refused (4xx or 5xx), 0 where none came; IS_ACCEPTED, whether the transaction succeeded. A
 * refusal for good counts against the message only if it was about the message: a server that wants another sign-in,
 * or none of us at all, is for the administrator to put right, and the mail waits. */
enum lk_state lk_smtp_verdict(enum lk_smtp_stage stage, long code, bool is_accepted);

/* Whether the next message would fare no better at this server now. */
bool lk_smtp_is_away(enum lk_smtp_stage stage, long code, bool is_accepted);
