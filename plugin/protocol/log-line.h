/* The overlay's lines in slapd's log: one line an event, written by the overlay and read by `latchkey report`.
 *
 *   line    = [ stamp ] "conn=" number " op=" number " latchkey event=" word *( " " field )
 *   field   = key "=" ( word / quoted )              ; each key at most once, "verdict" first
 *   key     = 1*ALPHA
 *   word    = 1*VCHAR, but no DQUOTE and no "\"
 *   quoted  = DQUOTE *( octet / "\" HEX HEX ) DQUOTE ; whatever comes from outside
 *   octet   = of valid UTF-8, but no DQUOTE, no "\" and no control character (U+0000–U+001F, U+007F–U+009F)
 *
 * A quoted value has at most LK_LOG_QUOTED_MAX octets; one that was cut ends in \2E\2E\2E. The stamp is what slapd, syslog or
 * the journal put before the line:
 *
 *   6921a0b5.1b2c3d4e 0x7f1e5c0a6700                      slapd -d and its logfile: seconds since 1970 in hexadecimal
 *   Nov 22 04:01:59 host slapd[77]:                       syslog, journalctl; local time, and no year
 *   2026-11-22T04:01:59.123456+09:00 host slapd[77]:      syslog, journalctl -o short-iso
 *
 * Example, after the stamp, in one line:
 *   conn=1003 op=1 latchkey event=modify verdict=observed rule=self-service-only actor="cn=portal,dc=example,dc=org"
 *   target="uid=han,dc=example,dc=org" changes=password result=0 client="IP=192.0.2.7" */
#pragma once

#include <lber.h>
#include <stdbool.h>
#include <stddef.h>
#include <time.h>

#define LK_LOG_QUOTED_MAX 600 /* octets, with the quotes */
#define LK_LOG_NO_NUMBER (-1L)

/* Writes VALUE as it stands in a line, quotes included and NUL-terminated; returns the length. */
size_t lk_log_quote(const struct berval *value, char ret_text[LK_LOG_QUOTED_MAX + 1]);

/* bv_val is NULL where the line has no such field; what is there points into the line, and is not NUL-terminated. */
struct lk_log_line {
	time_t time; /* 0: the line does not say */
	struct berval event, verdict, rule, changes, actor, target, policy, client;
	long result; /* an LDAP result code, or LK_LOG_NO_NUMBER */
};

/* Takes apart a line (without its end), in place: quoted values are decoded where they stand. NOW serves for stamps
 * without a year, which are at most a day ahead of it. *ret_ours says whether the line is one of Latchkey's; LK_OK
 * where it is not, too. LK_ERR_MALFORMED: it is, but not in this form. A decoded value may hold anything, control
 * characters too. */
int lk_log_line_parse(struct berval *line, time_t now, bool *ret_ours, struct lk_log_line *ret_line);
/* The same for what follows the stamp. */
int lk_log_message_parse(struct berval *message, bool *ret_ours, struct lk_log_line *ret_line);
