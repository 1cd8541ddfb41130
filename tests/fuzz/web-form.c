/* The forms that browsers send to the web pages, and the language and the addresses in the headers beside them. */
#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "form.h"
#include "forwarded.h"

/* The same octets as a body and as X-Forwarded-For. A field that was found lies within the body, and is text. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct lk_web_network loopback = {.octets = {[10] = 0xff, [11] = 0xff, [12] = 127}, .bits = 104};
	char *body = malloc(size + 1), *header = malloc(size + 1), address[LK_WEB_ADDRESS_TEXT];
	struct lk_web_form form;

	memcpy(body, data, size);
	memcpy(header, data, size);
	header[size] = '\0';
	if (lk_web_form_read(body, size, &form)) {
		char *const fields[] = {
			form.token, form.user, form.code, form.second, form.old, form.new, form.repeated, form.go};

		for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
			FUZZ_REQUIRE(fields[i] == NULL || (fields[i] >= body && fields[i] + strlen(fields[i]) <= body + size));
	}
	if (lk_web_client_find("127.0.0.1", header, &loopback, 1, address))
		FUZZ_REQUIRE(strlen(address) < sizeof address);
	free(body);
	free(header);
	return 0;
}
