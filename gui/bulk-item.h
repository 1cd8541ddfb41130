/* One of several accounts that are reset: a row of LkBulk. */
#pragma once

#include <glib-object.h>

#include "bulk-queue.h"
#include "person.h"
#include "secret.h"

G_BEGIN_DECLS

#define LK_TYPE_BULK_ITEM (lk_bulk_item_get_type())
G_DECLARE_FINAL_TYPE(LkBulkItem, lk_bulk_item, LK, BULK_ITEM, GObject)

/* GIVEN is the name in the list. Takes over PERSON, who may be NULL: nobody was found. */
LkBulkItem *lk_bulk_item_new(const char *given, struct lk_person *person);

const char *lk_bulk_item_get_given(LkBulkItem *item);

/* As last looked at; or NULL. */
const struct lk_person *lk_bulk_item_get_person(LkBulkItem *item);

/* What the account showed before a reset that may have been done; NULL before the first. */
const struct lk_person *lk_bulk_item_get_before(LkBulkItem *item);

/* Takes over PERSON. */
void lk_bulk_item_set_before(LkBulkItem *item, struct lk_person *person);

/* WHY is a sentence that takes the place of the one for STATE; or NULL. BUSY: something is under way with it. */
void lk_bulk_item_set_state(LkBulkItem *item, enum lk_bulk_state state, gboolean busy, const char *why);

enum lk_bulk_state lk_bulk_item_get_state(LkBulkItem *item);

/* What came of its reset. Takes over RESULT; the password is kept as a secret. */
void lk_bulk_item_take_result(LkBulkItem *item, struct lk_reset_result *result);

/* NULL where there is none, or it was concealed. */
struct lk_secret *lk_bulk_item_get_password(LkBulkItem *item);

/* Until when the password or code works; 0: it does not expire, or none is known. */
time_t lk_bulk_item_get_expires(LkBulkItem *item);

/* Whether property "password" says it. */
void lk_bulk_item_set_revealed(LkBulkItem *item, gboolean revealed);

/* Whether it was reset, for a table: "yes", "no" or "unknown" in the reader's language. Constant. */
const char *lk_bulk_item_get_verdict(LkBulkItem *item);

/* Its columns: properties "given", "name", "login", "apart", "result" and "password", strings that are never NULL. */

G_END_DECLS
