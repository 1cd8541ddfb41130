/* A row of a list of users: a place for which a person may still have to be read. */
#pragma once

#include <glib-object.h>

#include "person.h"

G_BEGIN_DECLS

#define LK_TYPE_USER (lk_user_get_type())
G_DECLARE_FINAL_TYPE(LkUser, lk_user, LK, USER, GObject)

/* With nothing in it. */
LkUser *lk_user_new(void);

/* The same, for the entry with this UUID of LK_UUID_SIZE octets, by which it can be read. */
LkUser *lk_user_new_for(const unsigned char *uuid);

/* All zero where it is not known. */
const unsigned char *lk_user_get_uuid(LkUser *user);

/* Takes over PERSON, and notifies of every property that changed. */
void lk_user_take_person(LkUser *user, struct lk_person *person);

/* NULL as long as nothing was read. */
const struct lk_person *lk_user_get_person(LkUser *user);

/* The directory has no such entry any more: what was read before stays, and the state says so. */
void lk_user_set_gone(LkUser *user);

/* Whether there is nothing to be read for it: it was read, or is gone. */
gboolean lk_user_is_settled(LkUser *user);

/* The columns: properties of type string that are never NULL. */
extern const char *const lk_user_columns[];

G_END_DECLS
