/* Whose request it is: the address of who connected, or, where that is a proxy of ours, what the proxy says in
 * X-Forwarded-For.
 *
 * Each proxy appends whom it was asked by, so the list is read from its end, and only as far as what stands there is
 * believed: what a stranger wrote into the header before the first proxy of ours saw it is never looked at. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#define LK_WEB_ADDRESS_TEXT 46 /* the longest IPv6 address and a NUL */

struct lk_web_network {
	unsigned char octets[16]; /* IPv4 as ::ffff:a.b.c.d */
	unsigned bits;
};

/* "192.0.2.7", "192.0.2.0/24", "2001:db8::/32". False where TEXT is none. */
bool lk_web_network_parse(const char *text, struct lk_web_network *ret_network);

/* PEER is the address of who connected, or NULL for a local socket, whose other end is always a proxy. FORWARDED is all
 * of the header, or NULL. False where nobody says whose it is. */
bool lk_web_client_find(const char *peer, const char *forwarded, const struct lk_web_network *proxies, size_t count,
	char ret_address[LK_WEB_ADDRESS_TEXT]);
