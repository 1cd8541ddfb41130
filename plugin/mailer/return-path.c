#include "return-path.h"

#include <glib.h>
#include <string.h>

#include "error.h"
#include "text.h"

int lk_return_path_keys(const struct lk_config *config, struct lk_keys *ret_keys, struct lk_complaint *ret_complaint)
{
	*ret_keys = (struct lk_keys){0};
	if (!config->bounces.domain)
		return 0;
	return lk_keys_load((const char *const *)config->bounces.key_files, ret_keys, ret_complaint);
}

static bool describe(const struct berval *entry_uuid, const struct lk_message *message, struct lk_sending *ret_sending)
{
	struct berval id = {.bv_val = (char *)message->id, .bv_len = 2 * LK_SENDING_ID_BYTES};

	if (entry_uuid->bv_len != LK_UUID_BYTES || lk_hex_parse(&id, ret_sending->id, LK_SENDING_ID_BYTES) != LK_OK)
		return false;
	memcpy(ret_sending->entry, entry_uuid->bv_val, LK_UUID_BYTES);
	ret_sending->attempt = (unsigned char)message->tries;
	return true;
}

void lk_return_path_write(const struct lk_config *config, const struct lk_keys *keys, const struct berval *entry_uuid,
	const struct lk_message *message, char ret_address[LK_ADDRESS_MAX + 1])
{
	const struct lk_bounces_config *bounces = &config->bounces;
	char token[LK_BOUNCE_TEXT + 1];
	struct lk_sending sending;

	if (!keys->count || !describe(entry_uuid, message, &sending)) {
		g_strlcpy(ret_address, config->from, LK_ADDRESS_MAX + 1);
		return;
	}
	lk_bounce_address_format(&sending, keys->pairs[0].secret_key, token);
	g_snprintf(ret_address, LK_ADDRESS_MAX + 1, "%s%s%s@%s", bounces->mailbox ? bounces->mailbox : "",
		bounces->mailbox ? "+" : "", token, bounces->domain);
}

/* What stands before the domain, less the mailbox; empty where the mailbox is another. */
static struct berval token_in(const char *mailbox, const char *address)
{
	struct berval token = {.bv_val = (char *)address, .bv_len = strcspn(address, "@")};
	size_t head = mailbox ? strlen(mailbox) : 0;

	if (!mailbox)
		return token;
	if (token.bv_len <= head || g_ascii_strncasecmp(address, mailbox, head) != 0 || address[head] != '+')
		return (struct berval){0};
	token.bv_val += head + 1;
	token.bv_len -= head + 1;
	return token;
}

bool lk_return_path_read(
	const struct lk_config *config, const struct lk_keys *keys, const char *address, struct lk_sending *ret_sending)
{
	struct berval token = token_in(config->bounces.mailbox, address);

	for (size_t i = 0; i < keys->count; i++)
		if (lk_bounce_address_parse(&token, keys->pairs[i].secret_key, ret_sending) == LK_OK)
			return true;
	return false;
}
