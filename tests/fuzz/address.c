/* A mail address, as it stands in the directory or comes from a client. */
#include "fuzz.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "address.h"
#include "message.h"
#include "text.h"

/* What would end an argument of SMTP, or begin another thing in a mail's header. */
static void require_harmless(const struct berval *address)
{
	static const char harmful[] = " \t\r\n\\\"<>()[],;:";

	FUZZ_REQUIRE(address->bv_len <= LK_ADDRESS_MAX);
	FUZZ_REQUIRE(lk_text_is_clean(address));
	for (size_t i = 0; i < address->bv_len; i++)
		FUZZ_REQUIRE(memchr(harmful, address->bv_val[i], sizeof harmful) == NULL);
}

static struct berval domain_of(const struct berval *address)
{
	char *at = memchr(address->bv_val, '@', address->bv_len);
	struct berval domain;

	FUZZ_REQUIRE(at != NULL && at > address->bv_val);
	domain.bv_val = at + 1;
	domain.bv_len = address->bv_len - (size_t)(domain.bv_val - address->bv_val);
	FUZZ_REQUIRE(memchr(domain.bv_val, '@', domain.bv_len) == NULL);
	return domain;
}

/* The same address in the other case is the same address, in the same domains. */
static void require_same_in_capitals(const struct berval *address, const struct berval *domain)
{
	struct berval capitals = {address->bv_len, malloc(address->bv_len)};

	FUZZ_REQUIRE(capitals.bv_val != NULL);
	for (size_t i = 0; i < address->bv_len; i++)
		capitals.bv_val[i] = (char)toupper((unsigned char)address->bv_val[i]);
	FUZZ_REQUIRE(lk_address_check(&capitals) == LK_OK);
	FUZZ_REQUIRE(lk_address_equal(address, &capitals));
	FUZZ_REQUIRE(lk_address_in_domain(&capitals, domain));
	free(capitals.bv_val);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct berval address = fuzz_place(data, size), domain, below;
	char scheme[LK_SCHEME_MOST + 1];

	/* Nobody can take one kind for the other. */
	if (lk_address_has_scheme(&address, scheme))
		FUZZ_REQUIRE(lk_text_is_clean(&address) && lk_address_check(&address) != LK_OK);
	else
		FUZZ_REQUIRE(lk_address_check_reachable(&address) == lk_address_check(&address));
	if (lk_address_check(&address) != LK_OK)
		return 0;
	require_harmless(&address);
	domain = domain_of(&address);
	FUZZ_REQUIRE(lk_address_in_domain(&address, &domain));
	below = (struct berval){domain.bv_len - 1, domain.bv_val + 1};
	FUZZ_REQUIRE(!lk_address_in_domain(&address, &below) || domain.bv_val[0] == '.');
	require_same_in_capitals(&address, &domain);
	return 0;
}
