/* The mailer's configuration file (GKeyFile syntax; latchkey-mailer(8) is its reference). */
#pragma once

#include <stdbool.h>

#include "complaint.h"

/* Strings are NULL where the file does not say. */
struct lk_directory_config {
	char *uri;
	char *bind_dn; /* with password_file, unless is_external */
	char *password_file;
	char *ca_file;
	bool is_external; /* SASL EXTERNAL: the directory knows us by our user or certificate */
	bool starttls;
};

struct lk_smtp_config {
	char *url; /* NULL: mails go to the maildir */
	char *user; /* with password_file */
	char *password_file;
	char *ca_file;
	bool starttls;
	bool accepts_any_certificate;
};

struct lk_config {
	struct lk_directory_config directory;
	struct lk_smtp_config smtp;
	char *maildir; /* NULL: mails go to smtp.url */
	char *from; /* a checked address */
	char *templates;
	char *catalogs;
	char **key_files; /* at least one; ends with NULL */
};

/* Reads and checks PATH; secrets are read later, each from its own file. Free *ret_config with lk_config_free(). */
int lk_config_load(const char *path, struct lk_config **ret_config, struct lk_complaint *ret_complaint);
void lk_config_free(struct lk_config *config); /* takes NULL */
