/* Why something that an administrator wrote down cannot be used: one sentence for a person, handed up to whoever has a
 * place to say it. Functions that take one return 0, or -1 with the sentence filled in. */
#pragma once

struct lk_complaint {
	char text[512];
};

/* Fills in the sentence and returns -1, so that a caller can write `return lk_complain(…)`. */
int lk_complain(struct lk_complaint *ret_complaint, const char *format, ...) __attribute__((format(printf, 2, 3)));
