/* Whose request it is, as far as throttling goes: pure. A client is an IPv4 address, a /64 of IPv6 (one customer's
 * network) or the local socket; the /48 around a /64 is counted beside it, since many hand out so much at once. A
 * signed-in user is one by name, wherever they are. */
#pragma once

#include <lber.h>
#include <stdbool.h>

/* LOCAL_SOCKET: ldapi, and whatever else has no address. */
enum lk_origin_kind { LK_ORIGIN_LOCAL_SOCKET, LK_ORIGIN_IPV4, LK_ORIGIN_IPV6, LK_ORIGIN_IDENTITY };

#define LK_ORIGIN_OCTETS 16
#define LK_ORIGIN_TEXT 51 /* "IP=[" and "]" around 45 characters, and the end */

struct lk_origin {
	enum lk_origin_kind kind;
	bool local; /* connected from this machine: mostly somebody else's front end, so it may do more */
	unsigned char octets[LK_ORIGIN_OCTETS]; /* the address in network order, or a hash of the name; the rest is zero */
};

/* From slapd's name of a peer: "IP=192.0.2.7:51234", "IP=[2001:db8::7]:51234", "PATH=/run/slapd/ldapi". */
void lk_origin_of_peer(const struct berval *peer, struct lk_origin *ret_origin);
/* From an address as a front end writes it: IPv4 with dots or IPv6, an IPv4 address in IPv6 (::ffff:0:0/96, RFC 4291
 * section 2.5.5.2) counts as IPv4. Never local, since it comes from outside. False for anything else. */
bool lk_origin_of_address(const struct berval *text, struct lk_origin *ret_origin);
/* A signed-in user, by normalized DN. */
void lk_origin_of_identity(const struct berval *ndn, struct lk_origin *ret_origin);

/* An address in slapd's spelling of a peer without its port, ended by a zero; "" for the others. */
void lk_origin_format(const struct lk_origin *origin, char ret_text[LK_ORIGIN_TEXT]);
/* What of the address is one client's: the /64 of IPv6, else all of it. */
struct lk_origin lk_origin_client(const struct lk_origin *origin);
bool lk_origin_equal(const struct lk_origin *a, const struct lk_origin *b);
/* The first BITS of the address; the others are cleared. */
struct lk_origin lk_origin_prefix(const struct lk_origin *origin, unsigned bits);
