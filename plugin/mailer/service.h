/* The mailer at work: take, handle, settle, until told to end or until nothing is left. */
#pragma once

#include "config.h"
#include "mailer.h"

/* Serves until SIGTERM or SIGINT (lk_stop_init() comes first). Returns the exit status: 0. */
int lk_service_run(const struct lk_config *config, struct lk_mailer *mailer);

/* Handles what is due now. 0: all of it was sent. 1: some was not, or the directory was away. */
int lk_service_once(const struct lk_config *config, struct lk_mailer *mailer);
