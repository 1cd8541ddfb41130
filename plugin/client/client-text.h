/* Text that a person typed, on its way into the protocol. */
#pragma once

#include <lber.h>

/* Brings TEXT into Unicode's normalization form C, without which one and the same password typed on two machines can
 * be two. *ret_text is NUL-terminated and freed with lk_text_free(). Returns LK_OK, LK_ERR_NOT_UTF8,
 * LK_ERR_NO_MEMORY, or LK_ERR_MALFORMED where TEXT is NULL or empty. */
int lk_text_compose(const char *text, struct berval *ret_text);

/* The same, but leaves *ret_text absent (bv_val NULL) where TEXT is NULL. */
int lk_text_compose_optional(const char *text, struct berval *ret_text);

/* Erases and frees; takes an absent one. */
void lk_text_free(struct berval *text);
