/* Passwords in the desktop's keyring, one for each profile and user. Without a keyring, or with a locked one, nothing is found
 * and nothing kept; the app goes on. */
#pragma once

#include <gio/gio.h>

#include "profile.h"
#include "secret.h"

void lk_keyring_find_async(
	const struct lk_profile *profile, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);

/* NULL where there is none. */
struct lk_secret *lk_keyring_find_finish(GAsyncResult *result);

/* Keeps PASSWORD for the profile and its user. Nobody is told whether it worked: it only spares typing. */
void lk_keyring_keep(const struct lk_profile *profile, struct lk_secret *password);

/* Forgets what is kept for the profile. */
void lk_keyring_forget(const struct lk_profile *profile);
