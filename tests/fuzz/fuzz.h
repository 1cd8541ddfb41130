/* What the fuzz targets share. A target is one program for one decoder: whatever octets it is given, the decoder
 * neither crashes nor hangs nor leaks nor reads an octet beyond them, leaves its results untouched where it fails, and
 * what it accepts is encoded to octets that decode to the same again. */
#pragma once

#include <lber.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "error.h"

/* libFuzzer's entry points: each target has the first one, fuzz.c the second. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerInitialize(int *argc, char ***argv);

/* Ends the program with a finding where CONDITION does not hold. */
#define FUZZ_REQUIRE(condition) ((condition) ? (void)0 : fuzz_fail(__FILE__, __LINE__, #condition))
_Noreturn void fuzz_fail(const char *file, int line, const char *condition);

/* A copy of the input that ends where readable memory ends, so that libraries that were built without a sanitizer are
 * watched too; what stands before it is poisoned. It stays until the next call. */
struct berval fuzz_place(const uint8_t *data, size_t size);

/* A format that can be read and written. A value is plain memory of SIZE octets. */
struct fuzz_format {
	size_t size;
	int (*decode)(const struct berval *octets, void *ret_value);
	int (*encode)(const void *value, struct berval **ret_octets);
	bool (*same)(const void *a, const void *b); /* NULL: their memory is the same */
	void (*release)(void *value); /* NULL where a value owns nothing */
};

void fuzz_round_trip(const struct fuzz_format *format, const uint8_t *data, size_t size);

/* A berval of its own for *OCTETS, which it takes over, where STATUS is LK_OK; for encoders that fill one. Returns
 * STATUS. */
int fuzz_box(int status, const struct berval *octets, struct berval **ret_octets);

/* Whether both are absent, or both are there with the same octets. */
bool fuzz_same_text(const struct berval *a, const struct berval *b);
