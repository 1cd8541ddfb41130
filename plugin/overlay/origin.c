/* Addresses as slapd and front ends write them. */
#include "origin.h"

#include <arpa/inet.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

static const char ip[] = "IP=";
#define IP_LENGTH (sizeof ip - 1)
#define ADDRESS_MAX (INET6_ADDRSTRLEN - 1)

static const unsigned char mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};

static bool parse_address(const char *text, size_t length, struct lk_origin *ret_origin)
{
	struct lk_origin origin = {.kind = LK_ORIGIN_IPV4};
	char ended[ADDRESS_MAX + 1];

	if (length == 0 || length > ADDRESS_MAX || memchr(text, '\0', length) != NULL)
		return false;
	memcpy(ended, text, length);
	ended[length] = '\0';
	if (inet_pton(AF_INET, ended, origin.octets) != 1) {
		if (inet_pton(AF_INET6, ended, origin.octets) != 1)
			return false;
		origin.kind = LK_ORIGIN_IPV6;
	}
	if (origin.kind == LK_ORIGIN_IPV6 && memcmp(origin.octets, mapped, sizeof mapped) == 0) {
		origin.kind = LK_ORIGIN_IPV4;
		memmove(origin.octets, origin.octets + sizeof mapped, 4);
		memset(origin.octets + 4, 0, sizeof origin.octets - 4);
	}
	*ret_origin = origin;
	return true;
}

static bool is_loopback(const struct lk_origin *origin)
{
	static const unsigned char one[LK_ORIGIN_OCTETS] = {[LK_ORIGIN_OCTETS - 1] = 1};

	if (origin->kind == LK_ORIGIN_IPV4)
		return origin->octets[0] == 127;
	return memcmp(origin->octets, one, sizeof one) == 0;
}

bool lk_origin_of_address(const struct berval *text, struct lk_origin *ret_origin)
{
	return parse_address(text->bv_val, text->bv_len, ret_origin);
}

/* What stands between "IP=" and the port, without the brackets. */
static bool parse_peer(const struct berval *peer, struct lk_origin *ret_origin)
{
	const char *begin = peer->bv_val + IP_LENGTH, *colon;

	if (peer->bv_len <= IP_LENGTH || memcmp(peer->bv_val, ip, IP_LENGTH) != 0)
		return false;
	colon = memrchr(begin, ':', peer->bv_len - IP_LENGTH);
	if (colon == NULL)
		return false;
	if (colon - begin >= 2 && begin[0] == '[' && colon[-1] == ']')
		return parse_address(begin + 1, (size_t)(colon - begin - 2), ret_origin);
	return parse_address(begin, (size_t)(colon - begin), ret_origin);
}

void lk_origin_of_peer(const struct berval *peer, struct lk_origin *ret_origin)
{
	if (parse_peer(peer, ret_origin))
		ret_origin->local = is_loopback(ret_origin);
	else
		*ret_origin = (struct lk_origin){.kind = LK_ORIGIN_LOCAL_SOCKET, .local = true};
}

void lk_origin_of_identity(const struct berval *ndn, struct lk_origin *ret_origin)
{
	*ret_origin = (struct lk_origin){.kind = LK_ORIGIN_IDENTITY};
	crypto_generichash(
		ret_origin->octets, sizeof ret_origin->octets, (const unsigned char *)ndn->bv_val, ndn->bv_len, NULL, 0);
}

void lk_origin_format(const struct lk_origin *origin, char ret_text[LK_ORIGIN_TEXT])
{
	char address[INET6_ADDRSTRLEN];

	ret_text[0] = '\0';
	if (origin->kind == LK_ORIGIN_IPV4 && inet_ntop(AF_INET, origin->octets, address, sizeof address) != NULL)
		snprintf(ret_text, LK_ORIGIN_TEXT, "IP=%s", address);
	else if (origin->kind == LK_ORIGIN_IPV6 && inet_ntop(AF_INET6, origin->octets, address, sizeof address) != NULL)
		snprintf(ret_text, LK_ORIGIN_TEXT, "IP=[%s]", address);
}

struct lk_origin lk_origin_prefix(const struct lk_origin *origin, unsigned bits)
{
	struct lk_origin prefix = *origin;

	for (unsigned octet = 0; octet < LK_ORIGIN_OCTETS; octet++) {
		unsigned kept = bits > 8 * octet ? bits - 8 * octet : 0;

		if (kept < 8)
			prefix.octets[octet] &= (unsigned char)(0xFF00u >> kept);
	}
	return prefix;
}

struct lk_origin lk_origin_client(const struct lk_origin *origin)
{
	return origin->kind == LK_ORIGIN_IPV6 && !origin->local ? lk_origin_prefix(origin, 64) : *origin;
}

bool lk_origin_equal(const struct lk_origin *a, const struct lk_origin *b)
{
	return a->kind == b->kind && memcmp(a->octets, b->octets, sizeof a->octets) == 0;
}
