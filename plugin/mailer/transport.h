/* What the mailer asks of a way to hand mails on, and what it gets back. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "message.h"

/* A composed mail. It belongs to whoever composed it. */
struct lk_mail {
	const char *id; /* the message's: the same for every attempt */
	const char *from; /* checked addresses, for the envelope */
	const char *to;
	const char *bytes; /* lines end with CRLF */
	size_t length;
};

/* More than is kept, so that nothing is cut through a secret that is in it. */
#define LK_WORDS_MAX 1023

struct lk_delivery {
	enum lk_state state; /* LK_STATE_SENT, LK_STATE_DEFERRED or LK_STATE_FAILED */
	bool is_away; /* nobody is there who could take a mail: the next one would fare no better */
	char answer[LK_WORDS_MAX + 1]; /* what the server said, or why there was nobody to ask; any octets */
};

/* Each kind of transport begins with one of these. */
struct lk_transport {
	/* Takes at most LK_DELIVERY_SECONDS. */
	void (*deliver)(struct lk_transport *transport, const struct lk_mail *mail, struct lk_delivery *ret_delivery);
	void (*free)(struct lk_transport *transport);
};

#define LK_DELIVERY_SECONDS 40
