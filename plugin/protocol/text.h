/* Small things that the stored and travelling formats share. */
#pragma once

#include <lber.h>
#include <stdbool.h>
#include <stddef.h>
#include <time.h>

#define LK_TIME_TEXT 15 /* YYYYMMDDHHMMSSZ */

/* GeneralizedTime in UTC with seconds (RFC 4517 section 3.3.13), years 1970 to 9999; a time before or after is brought
 * to the nearer end. */
void lk_time_format(time_t when, char ret_text[LK_TIME_TEXT + 1]);
/* Accepts that form alone, and not the beginning of 1970, since 0 stands for no time everywhere. LK_ERR_MALFORMED. */
int lk_time_parse(const struct berval *text, time_t *ret_when);

/* Whether TEXT is valid UTF-8 (RFC 3629: no overlong forms, no surrogates) without control characters
 * (U+0000–U+001F, U+007F–U+009F). */
bool lk_text_is_clean(const struct berval *text);

/* The same, control characters allowed. */
bool lk_text_is_utf8(const struct berval *text);

/* Lower-case hexadecimal, NUL-terminated; ret_text has 2 * length + 1 octets. */
void lk_hex_format(const unsigned char *bytes, size_t length, char *ret_text);
/* Exactly LENGTH octets from 2 * LENGTH lower-case digits. LK_ERR_MALFORMED. */
int lk_hex_parse(const struct berval *text, unsigned char *ret_bytes, size_t length);
