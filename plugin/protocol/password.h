/* Temporary passwords: made here, and stored so that they stop working by themselves. */
#pragma once

#include <lber.h>
#include <stddef.h>
#include <time.h>

#define LK_TEMPORARY_SCHEME "{LATCHKEY-TEMP}"
#define LK_BLOCKED_SCHEME "{LATCHKEY-BLOCKED}" /* before the stored password of a blocked account, whatever that is */
#define LK_PASSWORD_LENGTH_MIN 12
#define LK_PASSWORD_LENGTH_MAX 64
/* LENGTH characters, a hyphen after every fourth but the last. */
#define LK_PASSWORD_TEXT(length) ((length) + ((length)-1) / 4)
#define LK_PASSWORD_TEXT_MAX LK_PASSWORD_TEXT(LK_PASSWORD_LENGTH_MAX)

/* A random password of LENGTH characters (LK_PASSWORD_LENGTH_MIN to LK_PASSWORD_LENGTH_MAX, others are brought to the
 * nearer bound) in groups of four joined by hyphens, e.g. "Qm7x-4Kpt-Rw9d-hT3n". The alphabet has no two characters
 * that look alike (no 0 O o, 1 I i l L); small and capital letters and digits each occur, and the hyphen is the
 * fourth class. Random numbers come from libsodium, without modulo bias. NUL-terminated. */
void lk_password_generate(size_t length, char ret_password[LK_PASSWORD_TEXT(LK_PASSWORD_LENGTH_MAX) + 1]);

/* A stored temporary password:  "{LATCHKEY-TEMP}" GeneralizedTime hash
 * where hash is a value as slapd would store it, scheme included, e.g. {LATCHKEY-TEMP}20261122050200Z{SSHA}…
 * LK_ERR_MALFORMED for a HASH without a scheme (a password in the clear) or that is temporary itself, LK_ERR_NO_MEMORY.
 * Free *ret_value with ber_memfree(ret_value->bv_val). */
int lk_temporary_format(const struct berval *hash, time_t expires, struct berval *ret_value);

/* VALUE with or without the scheme in front. *ret_hash points into VALUE. LK_ERR_MALFORMED. */
int lk_temporary_parse(const struct berval *value, time_t *ret_expires, struct berval *ret_hash);
