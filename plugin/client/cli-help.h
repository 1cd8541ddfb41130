/* The commands, and what --help says about them. */
#pragma once

#include <glib.h>

#include "cli-options.h"

/* The command that begins with these words (each may be NULL), or 0. */
enum lk_cli_command lk_cli_command_find(const char *first, const char *second);

/* As it is typed, for example "recover request". */
const char *lk_cli_command_words(enum lk_cli_command command);

/* Prints TEMPLATE with its {command} filled: how COMMAND is typed for USER, quoted for a shell where that is needed. */
void lk_cli_say_command(const char *template, enum lk_cli_command command, const char *user);

/* Prints the help of COMMAND, or of all for 0. CONTEXT has the options to list. */
void lk_cli_help_print(GOptionContext *context, unsigned command);
