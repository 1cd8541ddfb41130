/* A mailer's key pair that is the same in each run, so that a corpus can hold what is sealed to it. */
#pragma once

#include "key.h"

/* What crypto_box_seed_keypair() makes of 32 zeros. */
const struct lk_key_pair *fuzz_key_pair(void);
