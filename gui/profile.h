/* A directory that one signs in to: where it is and how. Plain values, never a secret. */
#pragma once

#include <glib.h>
#include <stdbool.h>

enum lk_auth {
	LK_AUTH_PASSWORD, /* a name and a password */
	LK_AUTH_KERBEROS, /* SASL GSSAPI with the desktop's ticket */
	LK_AUTH_EXTERNAL, /* SASL EXTERNAL: who runs the app, over ldapi:// */
};

struct lk_profile {
	char *id; /* never shown; names the group in the file and the password in the keyring */
	char *name;
	char *uris; /* separated by spaces, tried in this order */
	char *base; /* "" to ask the directory for its first naming context */
	char *ca_file; /* whom to trust; "" for the system's choice */
	enum lk_auth auth;
	bool start_tls; /* with ldap:// */
	char *user; /* who signed in last; "" for nobody */
	bool remember; /* the password, in the keyring */
};

struct lk_profile *lk_profile_new(const char *name, const char *uris);
struct lk_profile *lk_profile_copy(const struct lk_profile *profile);

/* Takes NULL. */
void lk_profile_free(struct lk_profile *profile);

/* What is wrong with a profile that a person has entered, as a sentence to be translated; NULL where nothing is. */
const char *lk_profile_fault(const struct lk_profile *profile);

/* Reads the profiles of FILE (a keyfile), or makes the first one of what ldap.conf says. Never NULL or empty; its
 * elements are freed with it. A file that cannot be read is left as it is. */
GPtrArray *lk_profiles_load(const char *file);

/* Writes them. The folder is made where it is not there. */
bool lk_profiles_save(GPtrArray *profiles, const char *file, GError **error);

/* Where they are kept: $XDG_CONFIG_HOME/latchkey/profiles.ini. Free it with g_free(). */
char *lk_profiles_file(void);
