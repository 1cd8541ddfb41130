/* A letter as a mail: MIME, headers, encodings. */
#pragma once

#include <time.h>

#include "letter.h"
#include "secret.h"

/* Once, before the first mail. */
void lk_compose_init(void);
void lk_compose_end(void);

/* FROM is a checked address. The mail is From the organization's name, in UTF-8 throughout, with lines that end with
 * CRLF and are short enough for every server, and the same Message-ID whenever ID is the same. *ret_mail is appended
 * to. */
void lk_compose(
	const struct lk_letter *letter, const char *id, const char *from, time_t now, struct lk_secret *ret_mail);
