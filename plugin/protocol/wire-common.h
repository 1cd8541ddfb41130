/* What the files that write wire.h's values share. */
#pragma once

#include <lber.h>

#include "encoder.h"

/* Decodes BER; CONTEXT is the caller's. */
typedef int lk_wire_check(const struct berval *ber, const void *context);

/* Ends ENCODER and gives the value to *ret_ber if CHECK, which decodes it, returns LK_OK: so an encoder and its decoder
 * cannot come to differ about a bound. What is refused is erased. */
int lk_wire_finish(struct lk_encoder *encoder, lk_wire_check *check, const void *context, struct berval **ret_ber);
