/* The words of a mail: what an envelope says, in its reader's language. It knows neither MIME nor who sends it. */
#pragma once

#include <time.h>

#include "envelope.h"
#include "expand.h"
#include "language.h"
#include "secret.h"

struct lk_letter {
	const char *language; /* RFC 5646 */
	char *from_name; /* the organization; "" where it has no name */
	char *to_name; /* of the person; may be "" */
	char *to;
	const char *subject; /* says nothing that is secret: mail servers log it */
	struct lk_secret text;
	struct lk_secret html;
};

/* The names that templates may use, without texts. */
const struct lk_value *lk_letter_names(void);

/* CREATED is when the thing happened that the mail tells of. Free *ret_letter with lk_letter_wipe(). */
void lk_letter_write(const struct lk_languages *languages, const struct lk_envelope *envelope, time_t created,
	struct lk_letter *ret_letter);
void lk_letter_wipe(struct lk_letter *letter);
