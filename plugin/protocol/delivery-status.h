/* What a mail server says of a mail that another host had taken already: the body of a message/delivery-status (RFC 3464
 * section 2.1), as anybody may have written it.
 *
 *   status    = fields 1*( empty-line fields )        ; the first of the message, one more for each recipient
 *   fields    = 1*( name ":" text line-end *( white-space text line-end ) )
 *
 * Of these only Final-Recipient, Action, Status, Diagnostic-Code and Remote-MTA are read, and only of recipients. Lines end with LF or CRLF;
 * what is no field is passed over. */
#pragma once

#include <lber.h>

#define LK_STATUS_TEXT_MAX 512

/* The later ones matter more: of several recipients the worst counts. */
enum lk_delivery_action {
	LK_DELIVERY_DONE, /* delivered, relayed or expanded */
	LK_DELIVERY_DELAYED,
	LK_DELIVERY_FAILED
};

/* Texts are NUL-terminated, "" where there was none, cut at LK_STATUS_TEXT_MAX; any octets but line ends and NUL. */
struct lk_delivery_status {
	enum lk_delivery_action action;
	char recipient[LK_STATUS_TEXT_MAX + 1]; /* Final-Recipient, without its type */
	char code[LK_STATUS_TEXT_MAX + 1]; /* Status: 5.1.1 */
	char words[LK_STATUS_TEXT_MAX + 1]; /* Diagnostic-Code, without its type */
	char host[LK_STATUS_TEXT_MAX + 1]; /* Remote-MTA, without its type */
};

/* LK_ERR_MALFORMED where no recipient has an action that RFC 3464 section 2.3.3 knows. */
int lk_delivery_status_parse(const struct berval *body, struct lk_delivery_status *ret_status);
