/* The mailer at work: take, handle, settle, until told to end or until nothing is left. */
#pragma once

#include "setup.h"

/* Serves until SIGTERM or SIGINT (lk_stop_init() comes first). SIGHUP reads PATH and all that it names again; where
 * that fails, SETUP goes on being used. METRICS is a file for monitoring that takes the place of the configuration's,
 * or NULL. SETUP is the caller's to free, whatever it then holds. Returns the exit status: 0. */
int lk_service_run(const char *path, const char *metrics, struct lk_setup *setup);

/* Handles what is due now. 0: all of it was sent. 1: some was not, or the directory was away. */
int lk_service_once(const char *path, const char *metrics, struct lk_setup *setup);
