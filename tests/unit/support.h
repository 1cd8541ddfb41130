/* What the unit tests share: cmocka with its includes, strings as bervals, numbers that come out the same in each run,
 * and the ways in which a value can arrive damaged. */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <lber.h>
#include <stdbool.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
/* A string literal, NULs inside it included. */
#define BV(literal) ((struct berval){sizeof(literal) - 1, (char *)(literal)})
#define NONE ((struct berval){0, NULL})

/* "김정현" in NFC, and in NFD as macOS types it. */
#define KIM_NFC "\xea\xb9\x80\xec\xa0\x95\xed\x98\x84"
#define KIM_NFD                                                                                                        \
	"\xe1\x84\x80\xe1\x85\xb5\xe1\x86\xb7\xe1\x84\x8c\xe1\x85\xa5\xe1\x86\xbc\xe1\x84\x92\xe1\x85\xa7\xe1\x86\xab"

struct berval text_bv(const char *text);
void assert_bv_equal(const struct berval *a, const struct berval *b);
bool bv_equal(const struct berval *a, const struct berval *b);

/* A string of LENGTH times OCTET, freed with free(). */
struct berval repeated(char octet, size_t length);

/* A number below BOUND; the sequence is the same in each run. */
uint32_t draw(uint32_t bound);
/* Fills TEXT with up to MOST octets of valid UTF-8 of all lengths, control characters only where CONTROLS; no NUL
 * inside. Returns how many octets; a NUL follows. */
size_t draw_text(char *text, size_t most, bool controls);

/* Calls TRY with each beginning of VALID, with VALID and each octet after it, and with each octet of VALID changed to
 * each other value (the last in steps for long ones). Each in a heap block of exactly its size, so that a sanitizer
 * sees a read outside. */
void for_each_damage(const struct berval *valid, void (*try)(const struct berval *damaged, void *data), void *data);
