/* What a person's account says, in words of the reader's language. Pure but for the translation. */
#pragma once

#include "account-words.h"
#include "matters.h"

/* Constant, translated; "" for no role. */
const char *lk_words_state(enum lk_state state);
const char *lk_words_role(enum lk_role role);
const char *lk_words_matter(enum lk_matter_kind kind);

/* Sentences about the state of the account, one a line, for NOW. Free it with g_free(). */
char *lk_words_account(const struct lk_person *person, time_t now);

/* The recovery methods and addresses that somebody has, one a line. Free it with g_free(). */
char *lk_words_methods(const struct lk_person *person);

/* What tells people of one name apart: department, title, employee number. "" where nothing does. Free it with g_free(). */
char *lk_words_apart(const struct lk_person *person);

/* The last message and its state, for a list; "" for none. Free it with g_free(). */
char *lk_words_last_message(const struct lk_person *person);

/* Who did what EVENT tells of, why and from where, one a line. Free it with g_free(). */
char *lk_words_event_details(const struct lk_account_event *event);
