/* Writing BER into one buffer that is large enough from the start, so that no octet of a secret stays behind in memory
 * that a growing buffer gave back; for the files of this folder. */
#pragma once

#include <lber.h>
#include <stdbool.h>
#include <stddef.h>
#include <time.h>

/* Enough for the tag and the length of one element, and for its contents where these are a number or a time. */
#define LK_ELEMENT_SPACE 24

struct lk_encoder {
	BerElement *ber;
	struct berval space;
	bool failed; /* the functions that write do nothing then */
};

/* Room for that many ELEMENTS and OCTETS of their strings, and begins the outermost SEQUENCE. LK_ERR_NO_MEMORY. */
int lk_encoder_open(struct lk_encoder *ret_encoder, size_t elements, size_t octets);

/* Ends the outermost SEQUENCE, and always the encoder. *ret_ber holds the value alone; whoever has it erases and frees
 * ret_ber->bv_val with ber_memfree(). LK_ERR_NO_MEMORY. */
int lk_encoder_close(struct lk_encoder *encoder, struct berval *ret_ber);

void lk_encoder_begin(struct lk_encoder *encoder, ber_tag_t tag);
void lk_encoder_end(struct lk_encoder *encoder);
void lk_encoder_octets(struct lk_encoder *encoder, ber_tag_t tag, const struct berval *octets);
/* Nothing for an absent one (bv_val NULL). */
void lk_encoder_optional_octets(struct lk_encoder *encoder, ber_tag_t tag, const struct berval *octets);
void lk_encoder_number(struct lk_encoder *encoder, ber_tag_t tag, int number);
void lk_encoder_boolean(struct lk_encoder *encoder, ber_tag_t tag, bool boolean);
void lk_encoder_time(struct lk_encoder *encoder, ber_tag_t tag, time_t when);
