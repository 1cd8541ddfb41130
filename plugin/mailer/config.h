/* The mailer's configuration file (GKeyFile syntax; latchkey-mailer(8) is its reference). */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "complaint.h"

/* Strings are NULL where the file does not say. */
struct lk_directory_config {
	char **uris; /* at least one, in the order in which they are tried; ends with NULL */
	char *bind_dn; /* with password_file, unless is_external */
	char *password_file;
	char *ca_file;
	bool is_external; /* SASL EXTERNAL: the directory knows us by our user or certificate */
	bool starttls;
};

/* A mail server. */
struct lk_relay_config {
	char *url;
	char *user; /* with password_file */
	char *password_file;
	char *ca_file;
	long timeout; /* seconds that it has for each answer */
	bool starttls;
	bool accepts_any_certificate;
};

#define LK_TIMEOUT_MOST 30
#define LK_CONNECTIONS_MOST 64

/* A command for addresses of one kind. */
struct lk_hook_config {
	char *scheme; /* what such an address begins with, without its colon */
	char *command; /* a program and its arguments, as a shell reads them */
	long timeout; /* seconds that it may take */
};

#define LK_BOUNCE_MAILBOX_MOST 7 /* octets: with a plus sign and a token, a local part is full */

/* Where mails that another host cannot deliver come back to. */
struct lk_bounces_config {
	char *domain; /* NULL: nowhere in particular, and nothing else here is set */
	char *mailbox; /* what stands before the plus sign; or NULL: the token is all of the local part */
	char **key_files; /* at least one; ends with NULL */
	char *metrics; /* the file that is kept for monitoring; or NULL */
};

struct lk_config {
	struct lk_directory_config directory;
	struct lk_bounces_config bounces;
	struct lk_relay_config *relays; /* in order of preference; none: mails go to the maildir */
	size_t relays_count;
	struct lk_hook_config *hooks;
	size_t hooks_count;
	char *maildir; /* NULL: mails go to the relays */
	char *from; /* a checked address */
	char *templates;
	char *replacements; /* of templates; or NULL */
	char *catalogs;
	long connections; /* how many mails are under way at once */
	char *metrics; /* the file that is kept for monitoring; or NULL */
	char **key_files; /* at least one; ends with NULL */
};

/* Reads and checks PATH; secrets are read later, each from its own file. Free *ret_config with lk_config_free(). */
int lk_config_load(const char *path, struct lk_config **ret_config, struct lk_complaint *ret_complaint);
void lk_config_free(struct lk_config *config); /* takes NULL */
