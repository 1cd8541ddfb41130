#include "forwarded.h"

#include <arpa/inet.h>
#include <glib.h>
#include <string.h>

static const unsigned char mapped[12] = {[10] = 0xff, [11] = 0xff};

static bool parse_address(const char *text, unsigned char ret_octets[16])
{
	struct in_addr four;

	if (inet_pton(AF_INET, text, &four) == 1) {
		memcpy(ret_octets, mapped, sizeof mapped);
		memcpy(ret_octets + sizeof mapped, &four, sizeof four);
		return true;
	}
	return inet_pton(AF_INET6, text, ret_octets) == 1;
}

static void format_address(const unsigned char octets[16], char ret_text[LK_WEB_ADDRESS_TEXT])
{
	if (memcmp(octets, mapped, sizeof mapped) == 0)
		inet_ntop(AF_INET, octets + sizeof mapped, ret_text, LK_WEB_ADDRESS_TEXT);
	else
		inet_ntop(AF_INET6, octets, ret_text, LK_WEB_ADDRESS_TEXT);
}

bool lk_web_network_parse(const char *text, struct lk_web_network *ret_network)
{
	struct lk_web_network network = {.bits = 128};
	const char *slash = strchr(text, '/');
	char *address = slash == NULL ? g_strdup(text) : g_strndup(text, (gsize)(slash - text));
	unsigned most = strchr(address, ':') == NULL ? 32 : 128;
	guint64 bits = most;
	bool is_network = parse_address(address, network.octets) &&
					  (slash == NULL || g_ascii_string_to_unsigned(slash + 1, 10, 0, most, &bits, NULL));

	g_free(address);
	network.bits = (unsigned)bits + 128 - most;
	if (is_network)
		*ret_network = network;
	return is_network;
}

static bool contains(const struct lk_web_network *network, const unsigned char octets[16])
{
	unsigned whole = network->bits / 8, rest = network->bits % 8;

	if (memcmp(network->octets, octets, whole) != 0)
		return false;
	return rest == 0 || (network->octets[whole] ^ octets[whole]) >> (8 - rest) == 0;
}

static bool is_proxy(const unsigned char octets[16], const struct lk_web_network *proxies, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (contains(&proxies[i], octets))
			return true;
	return false;
}

/* An address as proxies write it: alone, with a port behind a colon, or in brackets. */
static bool parse_item(const char *item, size_t length, unsigned char ret_octets[16])
{
	char text[LK_WEB_ADDRESS_TEXT];
	const char *colon = memchr(item, ':', length);

	if (length > 0 && item[0] == '[') {
		const char *bracket = memchr(item, ']', length);
		if (bracket == NULL)
			return false;
		length = (size_t)(bracket - ++item);
	} else if (colon != NULL && memchr(colon + 1, ':', length - (size_t)(colon + 1 - item)) == NULL) {
		length = (size_t)(colon - item);
	}
	if (length >= sizeof text)
		return false;
	memcpy(text, item, length);
	text[length] = '\0';
	return parse_address(text, ret_octets);
}

static bool is_blank(char character)
{
	return character == ' ' || character == '\t';
}

/* Takes the last item off LIST, of which *LEFT characters are left. */
static const char *take_last(const char *list, size_t *left, size_t *ret_length)
{
	size_t end = *left, begin;

	while (end > 0 && is_blank(list[end - 1]))
		end--;
	for (begin = end; begin > 0 && list[begin - 1] != ',';)
		begin--;
	*left = begin > 0 ? begin - 1 : 0;
	while (begin < end && is_blank(list[begin]))
		begin++;
	*ret_length = end - begin;
	return list + begin;
}

bool lk_web_client_find(const char *peer, const char *forwarded, const struct lk_web_network *proxies, size_t count,
	char ret_address[LK_WEB_ADDRESS_TEXT])
{
	size_t left = forwarded == NULL ? 0 : strlen(forwarded), length;
	bool is_known = peer != NULL;
	unsigned char octets[16];

	if (is_known && !parse_address(peer, octets))
		return false;
	while (left > 0 && (!is_known || is_proxy(octets, proxies, count))) {
		const char *item = take_last(forwarded, &left, &length);

		if (!parse_item(item, length, octets))
			return false;
		is_known = true;
	}
	if (is_known)
		format_address(octets, ret_address);
	return is_known;
}
