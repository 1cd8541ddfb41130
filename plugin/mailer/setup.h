/* All that a configuration file leads to. It is replaced as a whole when the mailer reloads. */
#pragma once

#include "config.h"
#include "mailer.h"

struct lk_setup {
	struct lk_config *config;
	struct lk_mailer mailer;
};

int lk_setup_load(const char *path, struct lk_setup *ret_setup, struct lk_complaint *ret_complaint);
void lk_setup_free(struct lk_setup *setup); /* takes a zeroed one */
