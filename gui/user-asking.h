/* For the files of LkUserList: what it holds, and what asks the directory for it. user-list.c is what others see,
 * user-asking.c asks and puts in what has come. One thing is awaited at a time. */
#pragma once

#include "user-list.h"
#include "user-paging.h"
#include "user-rows.h"

enum lk_asked {
	LK_ASK_FIRST, /* page of a new search: it takes the place of what is there */
	LK_ASK_NEXT, /* page */
	LK_ASK_ANEW, /* all rows, with what has come since */
	LK_ASK_QUIETLY, /* the same, unasked for */
	LK_ASK_CHUNK, /* rows that are looked at and were not read yet */
	LK_ASK_LOOK, /* at rows that were, again */
};

struct _LkUserList {
	GObject parent_instance;

	LkSession *session;
	struct lk_rows *rows;
	struct lk_paging paging;
	GCancellable *pending; /* NULL where nothing is awaited */
	enum lk_asked awaited;
	guint wish; /* the idle source that asks for what is wanted next; 0 for none */
	guint watch; /* the source that looks again; 0 for none */
	gboolean fresh; /* of this search nothing has come yet */
	gboolean hungry; /* the last rows have been looked at */
	GError *error;
};

/* Notifies of all properties. */
void lk_user_list_notify(LkUserList *list);

/* Asks for a page: WHAT is none of LK_ASK_CHUNK and LK_ASK_LOOK. Nothing must be awaited. */
void lk_asking_fetch(LkUserList *list, enum lk_asked what);

/* Reads anew what is looked at, unless that is nothing. Nothing must be awaited. */
void lk_asking_look(LkUserList *list);

/* Asks for what is wanted, soon: a view that looks at its rows is laying them out, and must not be told of anything
 * new. */
void lk_asking_wish(LkUserList *list);

/* Awaits nothing any more, and wishes for nothing. */
void lk_asking_abandon(LkUserList *list);
