/* latchkey report: it asks no directory. */
#pragma once

#include "cli-options.h"

/* Reads the files of OPTIONS, or standard input, and shows what would have been refused. An exit status: LK_CLI_REFUSED
 * where anything would have been. */
int lk_cli_report(const struct lk_cli_options *options);
