/* Reading BER without copying it and without reading an octet that is not part of it; for the files of this folder. */
#pragma once

#include <lber.h>
#include <stdbool.h>
#include <stddef.h>
#include <time.h>

#include "message.h"

#define LK_TAG_CONTEXT(number) (LBER_CLASS_CONTEXT | (ber_tag_t)(number))
#define LK_TAG_CONTEXT_CONSTRUCTED(number) (LK_TAG_CONTEXT(number) | LBER_CONSTRUCTED)

/* What is left to read of one constructed element. The scanner is liblber's, shared by the decoders of one value. */
struct lk_decoder {
	BerElement *scanner;
	struct berval rest;
};

struct lk_bounds {
	size_t least, most;
};

/* Enters the one SEQUENCE that BER must consist of. The caller ends a decoder that was opened with
 * lk_decoder_close(), whatever it has read. LK_ERR_MALFORMED, LK_ERR_NO_MEMORY. */
int lk_decoder_open(const struct berval *ber, struct lk_decoder *ret_decoder);
/* Passes STATUS on, but LK_OK only where nothing is left; frees the scanner. */
int lk_decoder_close(struct lk_decoder *decoder, int status);

/* Enters the next element, which must have TAG; *ret_inside ends with it and borrows the scanner. */
int lk_decoder_enter(struct lk_decoder *decoder, ber_tag_t tag, struct lk_decoder *ret_inside);
/* Passes STATUS on, but LK_OK only where nothing is left. */
int lk_decoder_leave(const struct lk_decoder *inside, int status);

bool lk_decoder_next_is(const struct lk_decoder *decoder, ber_tag_t tag);
/* How many elements are left. LK_ERR_MALFORMED, LK_ERR_TOO_LONG where there are more than MOST. */
int lk_decoder_count(const struct lk_decoder *decoder, size_t most, size_t *ret_count);

/* Each reads the next element, which must have TAG; *ret_octets and *ret_text point into the input.
 * LK_ERR_MALFORMED (also for fewer octets than the bound allows), LK_ERR_TOO_LONG, LK_ERR_NOT_UTF8. */
int lk_decoder_octets(struct lk_decoder *decoder, ber_tag_t tag, struct lk_bounds bounds, struct berval *ret_octets);
int lk_decoder_text(struct lk_decoder *decoder, ber_tag_t tag, struct lk_bounds bounds, struct berval *ret_text);
/* A text that is left untouched where the next element has another tag. */
int lk_decoder_optional_text(
	struct lk_decoder *decoder, ber_tag_t tag, struct lk_bounds bounds, struct berval *ret_text);
int lk_decoder_number(struct lk_decoder *decoder, ber_tag_t tag, int least, int most, int *ret_number);
int lk_decoder_boolean(struct lk_decoder *decoder, ber_tag_t tag, bool *ret_boolean);
int lk_decoder_time(struct lk_decoder *decoder, ber_tag_t tag, time_t *ret_when);
/* A message's id, 32 lower-case hexadecimal digits. */
int lk_decoder_id(struct lk_decoder *decoder, ber_tag_t tag, char ret_id[LK_ID_TEXT + 1]);
