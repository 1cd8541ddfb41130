/* Mail addresses, taken apart by hand: what passes here goes into an SMTP command and a mail's header. */
#include "address.h"

#include <stdint.h>
#include <string.h>

#include "error.h"
#include "message.h"
#include "text.h"
#include "utf8.h"

#define LOCAL_MAX 64
#define LABEL_MAX 63

/* Beyond ASCII: what is no letter, is invisible, or is only another way to write ASCII. A mail client may take such an
 * address for the plain one ("｡" for "."), so one inside a domain could pass for one outside it. */
static const struct {
	uint32_t first, last;
} refused[] = {
	{0x0080, 0x00bf}, /* controls, no-break space, soft hyphen, superscripts, feminine and masculine ordinals */
	{0x00d7, 0x00d7}, {0x00f7, 0x00f7}, {0x0132, 0x0133}, /* ligatures and digraphs */
	{0x013f, 0x0140}, {0x0149, 0x0149}, {0x017f, 0x017f}, /* long s */
	{0x01c4, 0x01cc}, {0x01f1, 0x01f3}, {0x02b0, 0x02ff}, /* modifier letters */
	{0x034f, 0x034f}, /* combining grapheme joiner */
	{0x061c, 0x061c}, {0x115f, 0x1160}, /* Hangul fillers */
	{0x1680, 0x1680}, {0x17b4, 0x17b5}, {0x180b, 0x180f}, {0x1d2c, 0x1d7f}, /* phonetic modifiers */
	{0x1d9b, 0x1dbf}, {0x1e9a, 0x1e9b},
	{0x2000, 0x2bff}, /* spaces, directions, punctuation, letter-like forms, symbols */
	{0x2c7c, 0x2c7d}, {0x2e00, 0x2e7f}, {0x3000, 0x3004}, /* ideographic space and full stop */
	{0x3008, 0x3030}, {0x3164, 0x3164}, {0x3200, 0x33ff}, /* enclosed and squared */
	{0xa7f1, 0xa7f9}, {0xd800, 0xf8ff}, /* private use */
	{0xfb00, 0xfb06}, /* ligatures */
	{0xfdd0, 0xfdef}, {0xfe00, 0xfe6f}, /* variation selectors, small forms */
	{0xfeff, 0xffff}, /* byte order mark, half-width and full-width forms */
	{0x1bca0, 0x1bca3}, {0x1d000, 0x1fbff}, /* mathematical alphabets, enclosed letters, pictures, segmented digits */
	{0xe0000, 0x10ffff}, /* tags, more variation selectors, private use */
};

static bool is_refused(uint32_t character)
{
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		if (character >= refused[i].first && character <= refused[i].last)
			return true;
	}
	return false;
}

static bool all_letters(const struct berval *address)
{
	uint32_t character;
	size_t length;

	for (size_t offset = 0; offset < address->bv_len; offset += length) {
		length = lk_utf8_read(address, offset, &character);
		if (length == 0 || (character >= 0x80 && is_refused(character)))
			return false;
	}
	return true;
}

static bool is_digit(unsigned char octet)
{
	return octet >= '0' && octet <= '9';
}

/* Let-dig of RFC 5321, or an octet of a character beyond ASCII. */
static bool is_letter_or_digit(unsigned char octet)
{
	unsigned char small = octet | 0x20;

	return octet >= 0x80 || is_digit(octet) || (small >= 'a' && small <= 'z');
}

/* atext of RFC 5322, with the same addition. */
static bool is_atom_octet(unsigned char octet)
{
	return is_letter_or_digit(octet) || (octet != '\0' && strchr("!#$%&'*+-/=?^_`{|}~", octet) != NULL);
}

static bool is_atom(const struct berval *part)
{
	for (size_t i = 0; i < part->bv_len; i++) {
		if (!is_atom_octet((unsigned char)part->bv_val[i]))
			return false;
	}
	return part->bv_len > 0;
}

static bool is_label(const struct berval *part)
{
	if (part->bv_len == 0 || part->bv_len > LABEL_MAX)
		return false;
	for (size_t i = 0; i < part->bv_len; i++) {
		if (!is_letter_or_digit((unsigned char)part->bv_val[i]) && part->bv_val[i] != '-')
			return false;
	}
	return part->bv_val[0] != '-' && part->bv_val[part->bv_len - 1] != '-';
}

/* The octets before the next dot of REST, which loses them and the dot. After the last part REST has no octets left and
 * no pointer. */
static struct berval take_part(struct berval *rest)
{
	const char *dot = rest->bv_len > 0 ? memchr(rest->bv_val, '.', rest->bv_len) : NULL;
	struct berval part = *rest;

	if (dot == NULL) {
		*rest = (struct berval){0, NULL};
		return part;
	}
	part.bv_len = (size_t)(dot - rest->bv_val);
	rest->bv_val += part.bv_len + 1;
	rest->bv_len -= part.bv_len + 1;
	return part;
}

static bool is_local_part(struct berval rest)
{
	if (rest.bv_len > LOCAL_MAX)
		return false;
	while (rest.bv_val != NULL) {
		struct berval part = take_part(&rest);

		if (!is_atom(&part))
			return false;
	}
	return true;
}

static bool all_digits(const struct berval *part)
{
	for (size_t i = 0; i < part->bv_len; i++) {
		if (!is_digit((unsigned char)part->bv_val[i]))
			return false;
	}
	return true;
}

/* No top-level domain is a number: what ends in one is an IP address that lost its brackets. */
static bool is_domain(struct berval rest)
{
	struct berval part = {0, NULL};
	size_t labels = 0;

	while (rest.bv_val != NULL) {
		part = take_part(&rest);
		if (!is_label(&part))
			return false;
		labels++;
	}
	return labels >= 2 && !all_digits(&part);
}

int lk_address_check(const struct berval *address)
{
	struct berval local = *address, domain;
	const char *at;

	if (address->bv_len == 0)
		return LK_ERR_ADDRESS;
	if (address->bv_len > LK_ADDRESS_MAX)
		return LK_ERR_TOO_LONG;
	if (!lk_text_is_clean(address))
		return LK_ERR_NOT_UTF8;
	at = memchr(address->bv_val, '@', address->bv_len);
	if (at == NULL || !all_letters(address))
		return LK_ERR_ADDRESS;
	local.bv_len = (size_t)(at - address->bv_val);
	domain.bv_val = address->bv_val + local.bv_len + 1;
	domain.bv_len = address->bv_len - local.bv_len - 1;
	return is_local_part(local) && is_domain(domain) ? LK_OK : LK_ERR_ADDRESS;
}

static bool equal_octets(const char *a, const char *b, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		unsigned char x = (unsigned char)a[i], y = (unsigned char)b[i];

		if (x >= 'A' && x <= 'Z')
			x |= 0x20;
		if (y >= 'A' && y <= 'Z')
			y |= 0x20;
		if (x != y)
			return false;
	}
	return true;
}

bool lk_address_in_domain(const struct berval *address, const struct berval *domain)
{
	size_t before;

	if (domain->bv_len == 0 || address->bv_len <= domain->bv_len)
		return false;
	before = address->bv_len - domain->bv_len;
	if (address->bv_val[before - 1] != '@' && address->bv_val[before - 1] != '.')
		return false;
	/* A dot before the "@" is one of the local part. */
	if (memchr(address->bv_val, '@', before) == NULL)
		return false;
	return equal_octets(address->bv_val + before, domain->bv_val, domain->bv_len);
}

bool lk_address_equal(const struct berval *a, const struct berval *b)
{
	return a->bv_len == b->bv_len && equal_octets(a->bv_val, b->bv_val, a->bv_len);
}

static bool is_lower(unsigned char octet)
{
	return octet >= 'a' && octet <= 'z';
}

static bool is_of_scheme(unsigned char octet, size_t at)
{
	return is_lower(octet) || (at > 0 && (is_digit(octet) || octet == '+' || octet == '.' || octet == '-'));
}

static bool is_of_rest(unsigned char octet)
{
	return is_lower(octet) || is_digit(octet) || (octet >= 'A' && octet <= 'Z') ||
		   (octet && strchr("+-._~@/", octet) != NULL);
}

bool lk_address_has_scheme(const struct berval *address, char ret_scheme[LK_SCHEME_MOST + 1])
{
	size_t colon = 0;

	if (address->bv_len > LK_ADDRESS_MAX)
		return false;
	while (colon < address->bv_len && colon <= LK_SCHEME_MOST &&
		   is_of_scheme((unsigned char)address->bv_val[colon], colon))
		colon++;
	if (colon == 0 || colon > LK_SCHEME_MOST || colon + 1 >= address->bv_len || address->bv_val[colon] != ':')
		return false;
	for (size_t i = colon + 1; i < address->bv_len; i++)
		if (!is_of_rest((unsigned char)address->bv_val[i]))
			return false;
	memcpy(ret_scheme, address->bv_val, colon);
	ret_scheme[colon] = '\0';
	return true;
}

static bool is_telephone(const struct berval *address)
{
	static const char begin[] = "tel:+";
	size_t digits = 0;
	bool may_separate = false;

	if (address->bv_len < sizeof begin || memcmp(address->bv_val, begin, sizeof begin - 1) != 0)
		return false;
	for (size_t i = sizeof begin - 1; i < address->bv_len; i++) {
		unsigned char octet = (unsigned char)address->bv_val[i];
		if (!is_digit(octet) && !(may_separate && (octet == '-' || octet == '.')))
			return false;
		may_separate = is_digit(octet);
		digits += may_separate;
	}
	return may_separate && digits >= 7 && digits <= 15;
}

int lk_address_check_reachable(const struct berval *address)
{
	return is_telephone(address) ? LK_OK : lk_address_check(address);
}
