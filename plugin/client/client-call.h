/* One extended operation on the caller's handle, and what the library's functions do with its errors. */
#pragma once

#include <ldap.h>
#include <stdbool.h>

/* What came back besides the result code. Zero it before the first use; clear it with lk_answer_clear(). */
struct lk_answer {
	struct berval *value; /* NULL where there was none */
	LDAPControl **controls;
};

/* Sends and waits as long as the handle's LDAP_OPT_TIMEOUT allows. CONTROLS may be NULL. The result code is the
 * directory's, or libldap's own. *ret_answer is filled on LDAP_SUCCESS only. */
int lk_call_extended(
	LDAP *ld, const char *oid, struct berval *value, LDAPControl **controls, struct lk_answer *ret_answer);

/* As lk_call_extended(), for operations whose answer is the result code alone. */
int lk_call_plain(LDAP *ld, const char *oid, struct berval *value);

/* Erases and frees. */
void lk_answer_clear(struct lk_answer *answer);

/* Waits for the whole answer to MSGID; on failure the request is abandoned. Free *ret_message with ldap_msgfree(). */
int lk_call_wait(LDAP *ld, int msgid, LDAPMessage **ret_message);

/* Takes over BER, which holds passwords, and erases it. *ret_value is what was WRITTEN into it, all of it or (false)
 * not; free it with lk_wire_free(). LK_ERR_NO_MEMORY. */
int lk_call_flatten(BerElement *ber, bool written, struct berval **ret_value);

/* Puts RC and TEXT (may be NULL) where the handle keeps the last error, and returns RC. */
int lk_call_fail(LDAP *ld, int rc, const char *text);

/* The same for a protocol error (enum lk_error, negative) of what was to be sent, or of what came back. */
int lk_call_fail_request(LDAP *ld, int error);
int lk_call_fail_answer(LDAP *ld, int error);
