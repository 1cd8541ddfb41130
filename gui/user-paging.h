/* How the search of a list goes on: which page is asked for next, and what the pages that came say of the whole.
 * Pure. */
#pragma once

#include "filter.h"
#include "session.h"

/* More users than this are in no order: they would all have to be read for it. */
#define LK_PAGING_MOST_SORTED 2000

/* So many rows are read anew at once where all is; beyond that, what is looked at. */
#define LK_PAGING_MOST_ANEW 2000

enum lk_page {
	LK_PAGE_FIRST, /* of a new search */
	LK_PAGE_NEXT,
	LK_PAGE_ANEW, /* all that is there, with what has come since */
};

struct lk_paging {
	char *typed;
	char *base; /* or NULL */
	enum lk_filter_state state;
	const char *column; /* that it is to be sorted by; constant, or NULL */
	gboolean descending;

	struct berval cookie; /* of the next page; bv_val NULL: what is there has to be passed over */
	unsigned generation; /* of the connection that gave it */
	gboolean tells_uuids; /* each entry so far has told its own */
	gboolean sorted; /* as COLUMN wants it */
	gboolean complete; /* there are no more */
	gboolean limited; /* there are, which the directory does not give to who is signed in */
};

/* Frees what is in PAGING. */
void lk_paging_clear(struct lk_paging *paging);

/* Whether this is what PAGING, zero before the first search, searches for. */
gboolean lk_paging_is_for(
	const struct lk_paging *paging, const char *typed, enum lk_filter_state state, const char *base);

/* Begins another search. What came of the one before, its cookie too, is as it was until the first page has come. */
void lk_paging_search(struct lk_paging *paging, const char *typed, enum lk_filter_state state, const char *base);

/* Begins it anew, with what it finds in the order of COLUMN, or of none (NULL). FALSE: it was to be in that order
 * before. */
gboolean lk_paging_sort(struct lk_paging *paging, const char *column, gboolean descending);

/* The next page has to pass over what is there: nobody knows how far the directory has got. */
void lk_paging_forget_cookie(struct lk_paging *paging);

/* What is to be asked for where THERE rows are there. Its filter is to be freed with g_free(); the rest is PAGING's. */
struct lk_list_request lk_paging_request(const struct lk_paging *paging, enum lk_page which, guint there);

/* Takes the cookie out of PAGE, which was asked for as WHICH, and puts its people in their order unless rows come
 * before them. */
void lk_paging_take(struct lk_paging *paging, enum lk_page which, struct lk_list_page *page);

/* Whether the next page failed with ERROR for its cookie. */
gboolean lk_paging_lost_cookie(const struct lk_paging *paging, const GError *error);

/* Whether some entry of PAGE, of which only UUIDs were asked, has not told its own: it could not be found again. */
gboolean lk_paging_lacks_uuids(const struct lk_list_page *page);

/* Whether THERE rows are all, and read anew as quickly as a page. */
gboolean lk_paging_is_short(const struct lk_paging *paging, guint there);
