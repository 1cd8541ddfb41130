/* What happened to somebody's own account, in sentences. Pure but for the translation. */
#pragma once

#include "person.h"

/* Constant, translated. DN is who reads. */
const char *lk_own_words_event(const struct lk_account_event *event, const char *dn);

/* When it was, seen from NOW, and why where that was given, a line each. Free it with g_free(). */
char *lk_own_words_event_details(const struct lk_account_event *event, time_t now);

/* The password: since when and until when. Free it with g_free(). */
char *lk_own_words_password(const struct lk_account *account);
