/* The rows of a list of users: for each what finds its entry again, and for those that somebody looks at, or looked at lately, the
 * entry. So a list of a million costs the memory of some thousand users. Rows are held in chunks of LK_ROWS_CHUNK, and are read
 * and let go by the chunk. It knows no session: the list asks what is to be read, and puts in what came. For the main loop's thread. */
#pragma once

#include "user.h"

#define LK_ROWS_CHUNK 100

struct lk_rows;

struct lk_rows *lk_rows_new(void);

/* Takes NULL. */
void lk_rows_free(struct lk_rows *rows);

guint lk_rows_count(const struct lk_rows *rows);

/* The user at POSITION, which is there; its person may have to be read yet, and is then among what is wanted. Valid until the rows
 * are trimmed; whoever holds a reference keeps it. */
LkUser *lk_rows_get(struct lk_rows *rows, guint position);

/* The same with a reference, and nothing is wanted by it: rows that are not held stay so. */
LkUser *lk_rows_peek(struct lk_rows *rows, guint position);

/* Makes COUNT rows, of which nothing is known, of what was there. */
void lk_rows_reset(struct lk_rows *rows, guint count);

/* PEOPLE (struct lk_person, taken over) as further rows. */
void lk_rows_append(struct lk_rows *rows, GPtrArray *people);

/* COUNT further rows, of whom only their UUIDS are known, LK_UUID_SIZE octets each: they are read when they are looked at. */
void lk_rows_append_unread(struct lk_rows *rows, const unsigned char *uuids, guint count);

/* What changes in a list: at POSITION, so many rows go and come. */
typedef void lk_rows_changed(gpointer data, guint position, guint removed, guint added);

/* Has the rows be PEOPLE (taken over): who was there before stays the same user. CHANGED is called after each step on the way
 * there, with DATA; as few rows as possible go and come, so that a view keeps its place and its selection. */
void lk_rows_merge(struct lk_rows *rows, GPtrArray *people, lk_rows_changed *changed, gpointer data);

/* The users of the chunk that was looked at last of those that are still looked at and not read: those that are not. NULL where
 * there is none; free it with g_ptr_array_unref(). */
GPtrArray *lk_rows_wanted(struct lk_rows *rows);

/* What is looked at now, at most MOST of it, read or not. Free it with g_ptr_array_unref(). */
GPtrArray *lk_rows_shown(struct lk_rows *rows, guint most);

/* Lets go of what nobody has looked at lately. */
void lk_rows_trim(struct lk_rows *rows);

/* Lets go of all that is not looked at now: it is read again when it is. */
void lk_rows_forget(struct lk_rows *rows);
