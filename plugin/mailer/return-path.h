/* The sender on the envelope: where a mail comes back to that another host cannot deliver. */
#pragma once

#include <lber.h>

#include "bounce-address.h"
#include "config.h"
#include "keys.h"
#include "message.h"

/* Reads the keys of bounce addresses that CONFIG names, none where it has no bounce domain; free *ret_keys with
 * lk_keys_free(). */
int lk_return_path_keys(const struct lk_config *config, struct lk_keys *ret_keys, struct lk_complaint *ret_complaint);

/* An address for the attempt that is about to be made to send MESSAGE, which the entry ENTRY_UUID holds: made with the
 * first of KEYS, or, without a key or an entryUUID, where mails come from. */
void lk_return_path_write(const struct lk_config *config, const struct lk_keys *keys, const struct berval *entry_uuid,
	const struct lk_message *message, char ret_address[LK_ADDRESS_MAX + 1]);

/* Whether ADDRESS is one that was made with one of KEYS. Its domain may be any: whose mails come here is for the mail
 * server to say. */
bool lk_return_path_read(
	const struct lk_config *config, const struct lk_keys *keys, const char *address, struct lk_sending *ret_sending);
