/* What went wrong, in words for the reader, who does not know LDAP. */
#pragma once

#include <gio/gio.h>

/* The code of an error is the LDAP result code, one of libldap's own (negative) included. */
#define LK_ERROR (lk_error_quark())
GQuark lk_error_quark(void);

/* What was being done; the same code says different things. */
enum lk_step {
	LK_STEP_CONNECT = 1 << 0,
	LK_STEP_SIGN_IN = 1 << 1,
	LK_STEP_READ = 1 << 2, /* lists and accounts */
	LK_STEP_RESET = 1 << 3,
	LK_STEP_CHANGE = 1 << 4, /* of one's own password */
	LK_STEP_RESEND = 1 << 5,
	LK_STEP_UNLOCK = 1 << 6,
	LK_STEP_BLOCK = 1 << 7,
	LK_STEP_WELCOME = 1 << 9, /* of a new user */
	LK_STEP_REQUEST = 1 << 16, /* of a code, by somebody who cannot sign in */
	LK_STEP_RECOVER = 1 << 17,
	LK_STEP_ADDRESS_ADD = 1 << 18, /* these for one's own account */
	LK_STEP_ADDRESS_PROVE = 1 << 19,
	LK_STEP_ADDRESS_REMOVE = 1 << 20,
	LK_STEP_TOTP = 1 << 21,
	LK_STEP_CODES = 1 << 22,
	LK_STEP_MISUSE = 1 << 23,
	LK_STEP_LANGUAGE = 1 << 24,
	LK_STEP_POLICY = 1 << 25,
	LK_STEP_POLICY_REMOVE = 1 << 26,
};

/* An error of LK_ERROR. DIAGNOSTIC is what the directory said, or NULL: where one code stands for several things, its words tell
 * them apart, and what is not known by its code is told with them. */
GError *lk_error_new(enum lk_step step, int rc, const char *diagnostic);

/* The sentence for VERDICT, a value of latchkeyResetVerdict (which may also be NULL); NULL where a reset is allowed. Free it with
 * g_free(). */
char *lk_error_verdict(const char *verdict);
