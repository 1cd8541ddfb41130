/* Codes and passwords on their way in: from the terminal without echo, from files, from standard input. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* Longer lines are refused. */
#define LK_CLI_SECRET_MAX 4096

struct lk_cli_secret {
	char text[LK_CLI_SECRET_MAX + 1]; /* NUL-terminated UTF-8; after lk_cli_secret_read_whole() any octets */
	size_t length;
};

void lk_cli_secret_clear(struct lk_cli_secret *secret);

/* Brings what was typed into Unicode's normalization form C, as passwords are set. False where it is too long then. */
bool lk_cli_secret_compose(struct lk_cli_secret *secret);

/* Asks on the controlling terminal, whatever standard input and output are. The terminal shows nothing of what is
 * typed. False, and a complaint was printed, where there is no terminal, or it was left with Ctrl-C or Ctrl-D. */
bool lk_cli_secret_ask(const char *prompt, struct lk_cli_secret *ret_secret);

/* The same for a code, for which people may paste the whole mail: all lines that come at once are taken, and its line
 * ends stay in it. */
bool lk_cli_secret_ask_text(const char *prompt, struct lk_cli_secret *ret_secret);

/* Asks for a new password twice. False, and a complaint was printed, where the two differ. */
bool lk_cli_secret_ask_twice(struct lk_cli_secret *ret_secret);

/* The first line of FILE, which must be its only one. False, and a complaint was printed. */
bool lk_cli_secret_read_file(const char *path, struct lk_cli_secret *ret_secret);

/* The next line of standard input; LINE is its number, for the complaint. */
bool lk_cli_secret_read_stdin(int line, struct lk_cli_secret *ret_secret);

/* The whole contents of FILE, as ldapsearch(1) takes them. A file that others may read is warned of. */
bool lk_cli_secret_read_whole(const char *path, struct lk_cli_secret *ret_secret);
