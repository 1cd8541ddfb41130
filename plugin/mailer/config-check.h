/* Whether what a configuration file says goes together. Pure. */
#pragma once

#include "config.h"

int lk_config_check(const struct lk_config *config, struct lk_complaint *ret_complaint);
