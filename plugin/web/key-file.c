#include <glib.h>
#include <sodium.h>

#include "config.h"
#include "error.h"
#include "key.h"
#include "private-file.h"

G_STATIC_ASSERT(LK_KEY_BYTES == LK_WEB_KEY_BYTES);

int lk_web_key_load(
	const struct lk_web_config *config, unsigned char ret_key[LK_WEB_KEY_BYTES], struct lk_complaint *ret_complaint)
{
	struct lk_secret text = {0};

	if (config->key_file == NULL) {
		randombytes_buf(ret_key, LK_WEB_KEY_BYTES);
		return 0;
	}
	if (lk_private_file_read(config->key_file, &text, ret_complaint) < 0)
		return -1;
	struct berval typed = {.bv_len = text.length, .bv_val = text.text};
	int error = lk_key_parse(&typed, ret_key);
	lk_secret_wipe(&text);
	return error == LK_OK
			   ? 0
			   : lk_complain(ret_complaint, "%s holds no key; make one: head -c 32 /dev/urandom | base64 > %s",
					 config->key_file, config->key_file);
}
