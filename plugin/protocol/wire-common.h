/* What the files that write wire.h's values share. */
#pragma once

#include <lber.h>

#include "encoder.h"

/* Ends ENCODER and gives the value to *ret_ber if CHECK, which decodes it, returns LK_OK: so an encoder and its decoder
 * cannot come to differ about a bound. What is refused is erased. */
int lk_wire_finish(struct lk_encoder *encoder, int (*check)(const struct berval *ber), struct berval **ret_ber);
