/* How often each client failed to sign in, in this server's memory: a page that signs people in must not be an easier
 * place to try passwords than the directory itself. Recoveries are counted by the directory.
 *
 * A client is an IPv4 address or a /64 of IPv6, and shares its place in a table of fixed size with others, so that
 * nobody can fill it; the place is chosen with a secret, so that nobody can choose whom to share it with. */
#pragma once

#include <stdbool.h>
#include <time.h>

#define LK_WEB_ATTEMPTS 10
#define LK_WEB_ATTEMPTS_SECONDS 600

struct lk_web_attempts;

struct lk_web_attempts *lk_web_attempts_new(void);
void lk_web_attempts_free(struct lk_web_attempts *attempts);

/* Whether CLIENT (NULL: all of whom nobody knows the address) may try. That counts as a failure until
 * lk_web_attempts_forgive(). Any thread. */
bool lk_web_attempts_take(struct lk_web_attempts *attempts, const char *client, time_t now);
void lk_web_attempts_forgive(struct lk_web_attempts *attempts, const char *client, time_t now);
