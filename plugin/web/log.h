/* One line an event on standard error:  event=complete result=49 client=192.0.2.7
 * Never hand it a code, a password, or a name that a stranger typed. */
#pragma once

/* Pairs of a key and a value (NULL values are left out), ended by NULL. Values with anything but letters, digits and harmless
 * punctuation are put into quotes, and what could break the line is escaped. */
void lk_web_log(const char *event, ...) __attribute__((sentinel));
