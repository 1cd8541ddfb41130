/* What a mail that came back says. Pure. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "delivery-status.h"
#include "message.h"

/* Reads the delivery status notification (RFC 3464) that the LENGTH octets of MAIL are. False where they are none,
 * whatever else they are. */
bool lk_returned_read(const char *mail, size_t length, struct lk_delivery_status *ret_status);

/* What of it stands with the message: what became of the mail, where, and the host's words as one line. What could be a
 * code, a generated password or a bounce address in them becomes dots, since others than their owner read this. */
void lk_returned_words(const struct lk_delivery_status *status, char ret_words[LK_ANSWER_MAX + 1]);
