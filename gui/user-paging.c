#include "user-paging.h"

#include "person-order.h"

/* What a window shows, and some rows more. */
#define FIRST_PAGE_SIZE 30

/* The pages after it. A view makes widgets for as many rows as there are, up to MOST_WIDGETS, and
 * takes a millisecond for two of them: so many at once are not felt. After that it uses the same widgets again. */
#define SMALL_PAGE 50
#define MOST_WIDGETS 210

/* Later pages. */
#define PAGE 200

/* Whoever goes on to the end of more than LK_PAGING_MOST_ANEW looks at few of those in between: of such pages only the
 * UUIDs are read. This takes slapd some fifty milliseconds. */
#define UNREAD_PAGE 5000

void lk_paging_clear(struct lk_paging *paging)
{
	lk_paging_forget_cookie(paging);
	g_free(paging->typed);
	g_free(paging->base);
	*paging = (struct lk_paging){0};
}

gboolean lk_paging_is_for(
	const struct lk_paging *paging, const char *typed, enum lk_filter_state state, const char *base)
{
	return g_strcmp0(typed, paging->typed) == 0 && state == paging->state && g_strcmp0(base, paging->base) == 0;
}

void lk_paging_search(struct lk_paging *paging, const char *typed, enum lk_filter_state state, const char *base)
{
	char *new_typed = g_strdup(typed), *new_base = g_strdup(base);

	g_free(paging->typed);
	g_free(paging->base);
	paging->typed = new_typed;
	paging->base = new_base;
	paging->state = state;
	paging->tells_uuids = TRUE;
	paging->complete = FALSE;
}

gboolean lk_paging_sort(struct lk_paging *paging, const char *column, gboolean descending)
{
	if (g_strcmp0(column, paging->column) == 0 && descending == paging->descending)
		return FALSE;
	paging->column = column == NULL ? NULL : g_intern_string(column);
	paging->descending = descending;
	paging->complete = FALSE;
	return TRUE;
}

void lk_paging_forget_cookie(struct lk_paging *paging)
{
	g_free(paging->cookie.bv_val);
	paging->cookie = (struct berval){0};
}

static void ask_next(const struct lk_paging *paging, guint there, struct lk_list_request *request)
{
	request->only_uuids = paging->tells_uuids && there >= LK_PAGING_MOST_ANEW;
	request->size = request->only_uuids ? UNREAD_PAGE : there < MOST_WIDGETS ? SMALL_PAGE : PAGE;
	if (paging->cookie.bv_val != NULL)
		request->cookie = paging->cookie;
	else
		request->skip = there;
}

struct lk_list_request lk_paging_request(const struct lk_paging *paging, enum lk_page which, guint there)
{
	struct lk_list_request request = {.base = paging->base,
		.filter = lk_filter_users(paging->typed, paging->state),
		.generation = paging->generation};

	switch (which) {
	case LK_PAGE_FIRST:
		request.size = paging->column == NULL ? FIRST_PAGE_SIZE : LK_PAGING_MOST_SORTED + 1;
		break;
	case LK_PAGE_NEXT:
		ask_next(paging, there, &request);
		break;
	case LK_PAGE_ANEW:
		request.size = (int)MAX(paging->complete ? there + PAGE : there, SMALL_PAGE);
		break;
	}
	return request;
}

/* What a search has found is in the reader's order where it is one page. slapd could sort for us (RFC 2891,
 * slapo-sssvlv), but reads and sorts all for it, seconds for a million, and only where somebody has loaded that: so
 * what is read anyway is sorted here, and more than that is in no order. */
static void put_in_order(struct lk_paging *paging, GPtrArray *people)
{
	paging->sorted = paging->column != NULL && paging->complete && people->len <= LK_PAGING_MOST_SORTED;
	if (paging->sorted)
		lk_person_sort(people, paging->column, paging->descending);
	else if (paging->complete && people->len <= FIRST_PAGE_SIZE)
		lk_person_sort(people, "name", FALSE);
}

void lk_paging_take(struct lk_paging *paging, enum lk_page which, struct lk_list_page *page)
{
	lk_paging_forget_cookie(paging);
	paging->cookie = page->cookie;
	page->cookie = (struct berval){0};
	paging->generation = page->generation;
	paging->complete = paging->cookie.bv_len == 0;
	paging->limited = page->cut;
	if (which != LK_PAGE_NEXT)
		put_in_order(paging, page->people);
}

/* slapd knows one cookie of a connection: that of the paged search that it answered last. */
gboolean lk_paging_lost_cookie(const struct lk_paging *paging, const GError *error)
{
	return paging->cookie.bv_val != NULL && (g_error_matches(error, LK_ERROR, LDAP_PROTOCOL_ERROR) ||
												g_error_matches(error, LK_ERROR, LDAP_UNWILLING_TO_PERFORM));
}

gboolean lk_paging_lacks_uuids(const struct lk_list_page *page)
{
	static const unsigned char none[LK_UUID_SIZE];

	for (guint at = 0; page->uuids != NULL && at < page->uuids->len; at += LK_UUID_SIZE) {
		if (lk_uuid_equal(page->uuids->data + at, none))
			return TRUE;
	}
	return FALSE;
}

gboolean lk_paging_is_short(const struct lk_paging *paging, guint there)
{
	return paging->complete && there <= PAGE;
}
