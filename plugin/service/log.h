/* One line an event on standard error:  event=sent id=… to=kim@example.net answer="250 2.0.0 accepted"
 * Never hand a code, a password or the text of a mail to it. */
#pragma once

/* Pairs of a key and a value (NULL values are left out), ended by NULL. A value with anything but letters, digits and
 * harmless punctuation is put into quotes; quotes, backslashes and control characters in it are escaped. */
void lk_log(const char *event, ...) __attribute__((sentinel));
