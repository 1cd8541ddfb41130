/* A row of a list of users: a place for which a person may still have to be read. */
#pragma once

#include <glib-object.h>

#include "person.h"

G_BEGIN_DECLS

#define LK_TYPE_USER (lk_user_get_type())
G_DECLARE_FINAL_TYPE(LkUser, lk_user, LK, USER, GObject)

/* With nothing in it. */
LkUser *lk_user_new(void);

/* Takes over PERSON, and notifies of every property that changed. */
void lk_user_take_person(LkUser *user, struct lk_person *person);

/* NULL as long as nothing was read. */
const struct lk_person *lk_user_get_person(LkUser *user);

/* The columns: properties of type string that are never NULL. */
extern const char *const lk_user_columns[];

G_END_DECLS
