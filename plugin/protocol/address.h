/* Mail addresses that come from the directory or from a client, before they go anywhere near an SMTP server. */
#pragma once

#include <lber.h>
#include <stdbool.h>

/* LK_OK if ADDRESS is exactly one Mailbox of RFC 5321 section 4.1.2 in its dot-string form, with the UTF-8 that RFC
 * 6531 adds: no quoted local part, no address literal, no display name, group, comment, space, control character,
 * leading, trailing or doubled dot; a local part of 1 to 64 octets, a domain of at least two labels with LDH or UTF-8
 * letters, the last of which is no number. Beyond ASCII, what is no letter, invisible, or another way to write ASCII
 * (full-width letters, the ideographic full stop) is refused as well: a mail server may read it as the plain form.
 * LK_ERR_ADDRESS, LK_ERR_TOO_LONG (over LK_ADDRESS_MAX), LK_ERR_NOT_UTF8. */
int lk_address_check(const struct berval *address);

#define LK_SCHEME_MOST 16

/* Whether ADDRESS is one of another kind, for which a site has a way of its own: scheme ":" rest, the scheme 1 to
 * LK_SCHEME_MOST of a-z, 0-9, "+", "." and "-" with a letter first, the rest of the letters, digits and "+-._~@/" of
 * ASCII; LK_ADDRESS_MAX octets at most. No mail address is one. */
bool lk_address_has_scheme(const struct berval *address, char ret_scheme[LK_SCHEME_MOST + 1]);

/* LK_OK for what lk_address_check() passes, and for a telephone number: "tel:+" and 7 to 15 digits, with single "-" or
 * "." between them (RFC 3966, global numbers without parameters). Otherwise as lk_address_check(). */
int lk_address_check_reachable(const struct berval *address);

/* Whether ADDRESS (checked) belongs to DOMAIN or a domain below it, without regard to ASCII case. An internationalized
 * domain has two names, in letters and with "xn--": each counts for itself alone. */
bool lk_address_in_domain(const struct berval *address, const struct berval *domain);

/* Whether two addresses are one, without regard to ASCII case. */
bool lk_address_equal(const struct berval *a, const struct berval *b);
