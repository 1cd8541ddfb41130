/* The Session Tracking control (draft-wahl-ldap-session-03): for whom a front end acts. Its OID is LK_CONTROL_SESSION, and
 * its value
 *
 *   SessionIdentifierControlValue ::= SEQUENCE {
 *        sessionSourceIp            LDAPString (SIZE (0..LK_SESSION_IP_MAX)),     -- textual, of the client
 *        sessionSourceName          LDAPString (SIZE (0..LK_SESSION_NAME_MAX)),
 *        formatOID                  LDAPOID (SIZE (0..LK_SESSION_FORMAT_MAX)),    -- of the next one
 *        sessionTrackingIdentifier  LDAPString (SIZE (0..LK_SESSION_NAME_MAX)) }
 *
 * with universal tags. slapd takes it with a non-empty formatOID and without criticality only. Only the address must be text
 * here: a client's name may come from a resolver that the client commands, and must not make the whole unreadable.
 *
 * Bounds, lifetimes and errors are those of wire.h. */
#pragma once

#include "wire.h"

#define LK_CONTROL_SESSION "1.3.6.1.4.1.21008.108.63.1"
#define LK_SESSION_FORMAT_USERNAME LK_CONTROL_SESSION ".3"

#define LK_SESSION_IP_MAX 128
#define LK_SESSION_NAME_MAX 65536
#define LK_SESSION_FORMAT_MAX 1024

/* Empty strings are there, and empty. */
struct lk_session {
	struct berval source_ip;
	struct berval source_name;
	struct berval format;
	struct berval identifier;
};

int lk_wire_encode_session(const struct lk_session *value, struct berval **ret_ber);
int lk_wire_decode_session(const struct berval *ber, struct lk_session *ret_value);
