/* `latchkey-mailer check`: tries everything that the mailer will need, and says what is wrong and what to do. */
#pragma once

/* Writes to standard output, in the reader's language. Returns the exit status: 0 where the mailer can serve, 1 where
 * it cannot. No message is taken and no mail is sent. */
int lk_check(const char *path, const char *metrics);
