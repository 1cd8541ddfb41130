/* Reading UTF-8 one character at a time; for the files of this folder. */
#pragma once

#include <lber.h>
#include <stddef.h>
#include <stdint.h>

/* The number of octets (1 to 4) of the character at OFFSET of TEXT, or 0 where none stands there: RFC 3629, so no
 * overlong form, no surrogate, nothing beyond U+10FFFF. */
size_t lk_utf8_read(const struct berval *text, size_t offset, uint32_t *ret_character);
