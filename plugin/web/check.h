/* `latchkey-web check`. */
#pragma once

/* Tries everything that the configuration at PATH needs and says what is wrong, in the reader's language. Returns an
 * exit status: 0 where all is well. */
int lk_web_check(const char *path);
