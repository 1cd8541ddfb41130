#include "keyring.h"

#include <glib/gi18n.h>
#include <libsecret/secret.h>

static const SecretSchema *schema(void)
{
	static const SecretSchema password = {
		"org.latchkey.Latchkey.Password",
		SECRET_SCHEMA_NONE,
		{
			{"profile", SECRET_SCHEMA_ATTRIBUTE_STRING},
			{"user", SECRET_SCHEMA_ATTRIBUTE_STRING},
			{NULL, 0},
		},
	};

	return &password;
}

void lk_keyring_find_async(
	const struct lk_profile *profile, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
	secret_password_lookup(
		schema(), cancellable, callback, user_data, "profile", profile->id, "user", profile->user, NULL);
}

struct lk_secret *lk_keyring_find_finish(GAsyncResult *result)
{
	char *text = secret_password_lookup_finish(result, NULL);
	struct lk_secret *secret = lk_secret_new(text);

	secret_password_free(text);
	return secret;
}

static void stored_cb(GObject *source, GAsyncResult *result, gpointer user_data)
{
	(void)source, (void)user_data;
	secret_password_store_finish(result, NULL);
}

void lk_keyring_keep(const struct lk_profile *profile, struct lk_secret *password)
{
	char *label = g_strdup_printf("Latchkey: %s (%s)", profile->name, profile->user);

	secret_password_store(schema(), SECRET_COLLECTION_DEFAULT, label, lk_secret_open(password, NULL), NULL, stored_cb,
		NULL, "profile", profile->id, "user", profile->user, NULL);
	lk_secret_close(password);
	g_free(label);
}

static void cleared_cb(GObject *source, GAsyncResult *result, gpointer user_data)
{
	(void)source, (void)user_data;
	secret_password_clear_finish(result, NULL);
}

void lk_keyring_forget(const struct lk_profile *profile)
{
	secret_password_clear(schema(), NULL, cleared_cb, NULL, "profile", profile->id, NULL);
}
