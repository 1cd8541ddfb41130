/* The verb `bounce`: a mail that came back, as a mail server hands it over. */
#pragma once

/* Who the mail server says that the mail is for and from; NULL where it said so in the environment, or not at all. */
struct lk_bounce_envelope {
	const char *recipient;
	const char *sender;
};

/* Reads the mail from standard input and reports it; CONFIG_PATH may be NULL, which is an error like others. An exit
 * status of sysexits.h; one line on standard error says why. */
int lk_bounce(const char *config_path, const struct lk_bounce_envelope *envelope);
