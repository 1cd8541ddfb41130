/* Choosing a directory and signing in to it. Signals "signed-in" (LkSession) and "recover", for who cannot
 * sign in. */
#pragma once

#include <adwaita.h>

#include "session.h"

G_BEGIN_DECLS

#define LK_TYPE_SIGN_IN_PAGE (lk_sign_in_page_get_type())
G_DECLARE_FINAL_TYPE(LkSignInPage, lk_sign_in_page, LK, SIGN_IN_PAGE, AdwBin)

LkSignInPage *lk_sign_in_page_new(void);

/* Signs in with what the page offers and PASSWORD, which stays the caller's. */
void lk_sign_in_page_try(LkSignInPage *page, struct lk_secret *password);

/* What is chosen and typed. */
const struct lk_profile *lk_sign_in_page_get_profile(LkSignInPage *page);
const char *lk_sign_in_page_get_user(LkSignInPage *page);

/* Signs USER in with PASSWORD, which stays the caller's; where it is NULL, waits until one is typed. */
void lk_sign_in_page_resume(LkSignInPage *page, const char *user, struct lk_secret *password);

/* Shows SENTENCE where errors are shown, until the next sign-in. */
void lk_sign_in_page_say(LkSignInPage *page, const char *sentence);

G_END_DECLS
