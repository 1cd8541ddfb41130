#include "keys.h"

#include <errno.h>
#include <sodium.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "durable.h"
#include "error.h"
#include "private-file.h"
#include "secret.h"

#define HEAD "# Private key of latchkey-mailer: whoever has it can read every mail that was sealed to it.\n"
#define BOUNCES_HEAD "# Key of latchkey-mailer's bounce addresses: whoever has it can say that a mail came back.\n"

/* The one line that is neither empty nor a comment; NULL where there is none, or another after it. */
static const char *key_line(const char *text, size_t *ret_length)
{
	const char *found = NULL;

	while (*text) {
		size_t length = strcspn(text, "\n");
		if (length && *text != '#') {
			if (found)
				return NULL;
			found = text;
			*ret_length = length;
		}
		text += length + (text[length] == '\n');
	}
	return found;
}

static int load_one(const char *path, struct lk_key_pair *pair, struct lk_complaint *ret_complaint)
{
	struct lk_secret text = {0};
	struct berval key = {0};

	if (lk_private_file_read(path, &text, ret_complaint) < 0)
		return -1;
	const char *line = key_line(lk_secret_text(&text), &key.bv_len);
	key.bv_val = (char *)line;
	bool parsed = line && lk_key_parse(&key, pair->secret_key) == LK_OK;
	lk_secret_wipe(&text);
	if (!parsed || crypto_scalarmult_base(pair->public_key, pair->secret_key) != 0)
		return lk_complain(ret_complaint, "%s holds no key as `latchkey-mailer keygen` writes it", path);
	return 0;
}

int lk_keys_load(const char *const *files, struct lk_keys *ret_keys, struct lk_complaint *ret_complaint)
{
	struct lk_keys keys = {0};

	while (files[keys.count])
		keys.count++;
	keys.pairs = sodium_allocarray(keys.count, sizeof *keys.pairs);
	if (!keys.pairs)
		return lk_complain(ret_complaint, "no memory for %zu keys", keys.count);
	for (size_t i = 0; i < keys.count; i++)
		if (load_one(files[i], &keys.pairs[i], ret_complaint) < 0) {
			lk_keys_free(&keys);
			return -1;
		}
	sodium_mprotect_readonly(keys.pairs);
	*ret_keys = keys;
	return 0;
}

void lk_keys_free(struct lk_keys *keys)
{
	sodium_free(keys->pairs);
	*keys = (struct lk_keys){0};
}

static void format_file(const char *head, const unsigned char key[LK_KEY_BYTES], struct lk_secret *ret_text)
{
	char line[LK_KEY_TEXT + 1];

	lk_key_format(key, line);
	lk_secret_append_text(ret_text, head);
	lk_secret_append_text(ret_text, line);
	lk_secret_append_text(ret_text, "\n");
	sodium_memzero(line, sizeof line);
}

/* Nothing stays behind that might not survive a power cut. */
static int store(const char *path, const struct lk_secret *text, struct lk_complaint *ret_complaint)
{
	if (lk_durable_create(path, lk_secret_text(text), text->length) < 0)
		return lk_complain(ret_complaint, "%s: %s", path,
			errno == EEXIST ? "it exists already, and a key is never written over" : strerror(errno));
	if (lk_durable_sync_parent(path) < 0) {
		lk_complain(ret_complaint, "%s: %s", path, strerror(errno));
		unlink(path);
		return -1;
	}
	return 0;
}

/* Writes a new pair's secret half to PATH, after HEAD. */
static int generate(
	const char *path, const char *head, unsigned char ret_public[LK_KEY_BYTES], struct lk_complaint *ret_complaint)
{
	struct lk_secret text = {0};
	struct lk_key_pair pair;

	crypto_box_keypair(pair.public_key, pair.secret_key);
	format_file(head, pair.secret_key, &text);
	sodium_memzero(pair.secret_key, sizeof pair.secret_key);
	int result = store(path, &text, ret_complaint);
	lk_secret_wipe(&text);
	memcpy(ret_public, pair.public_key, LK_KEY_BYTES);
	return result;
}

int lk_keys_generate(const char *path, char ret_public[LK_KEY_TEXT + 1], struct lk_complaint *ret_complaint)
{
	unsigned char public_key[LK_KEY_BYTES];

	if (generate(path, HEAD, public_key, ret_complaint) < 0)
		return -1;
	lk_key_format(public_key, ret_public);
	return 0;
}

int lk_keys_generate_for_bounces(const char *path, struct lk_complaint *ret_complaint)
{
	unsigned char unused[LK_KEY_BYTES];

	return generate(path, BOUNCES_HEAD, unused, ret_complaint);
}
