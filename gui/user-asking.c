#include "user-asking.h"

#include "user-reading.h"

/* Up to so many rows a view takes others for in one step, with the widgets that it has; with more of them that is
 * slow. */
#define REPLACED_AT_ONCE 2000

/* A look at some fifty users costs slapd a millisecond. It is no look for newer entries by modifyTimestamp: the locks
 * of slapo-ppolicy change no time stamp. And it is no synchronization (RFC 4533), which costs slapd for each foreign
 * write. */
#define MOST_LOOKED_AT 300

/* -- What has come -- */

static enum lk_page page_of(enum lk_asked awaited)
{
	switch (awaited) {
	case LK_ASK_FIRST:
		return LK_PAGE_FIRST;
	case LK_ASK_NEXT:
		return LK_PAGE_NEXT;
	default:
		return LK_PAGE_ANEW;
	}
}

static guint count_of(const struct lk_list_page *page)
{
	return page->uuids == NULL ? page->people->len : page->uuids->len / LK_UUID_SIZE;
}

static void append(LkUserList *self, struct lk_list_page *page)
{
	guint first = lk_rows_count(self->rows);

	if (page->uuids == NULL)
		lk_rows_append(self->rows, page->people);
	else
		lk_rows_append_unread(self->rows, page->uuids->data, count_of(page));
	g_list_model_items_changed(G_LIST_MODEL(self), first, 0, lk_rows_count(self->rows) - first);
}

static void replace(LkUserList *self, GPtrArray *people)
{
	guint count = lk_rows_count(self->rows);

	lk_rows_reset(self->rows, 0);
	if (count > REPLACED_AT_ONCE) {
		g_list_model_items_changed(G_LIST_MODEL(self), 0, count, 0);
		count = 0;
	}
	lk_rows_append(self->rows, people);
	g_list_model_items_changed(G_LIST_MODEL(self), 0, count, people->len);
}

/* What an earlier search has found is no answer to one that has failed. */
static void clear(LkUserList *self)
{
	guint count = lk_rows_count(self->rows);

	lk_rows_reset(self->rows, 0);
	if (count > 0)
		g_list_model_items_changed(G_LIST_MODEL(self), 0, count, 0);
}

static void changed_cb(gpointer data, guint position, guint removed, guint added)
{
	g_list_model_items_changed(G_LIST_MODEL(data), position, removed, added);
}

static void take_page(LkUserList *self, struct lk_list_page *page)
{
	lk_paging_take(&self->paging, page_of(self->awaited), page);
	self->fresh = FALSE;
	/* Before a view hears of the rows, and looks at the last of them. */
	self->hungry = self->hungry && count_of(page) == 0;
	if (self->awaited == LK_ASK_NEXT)
		append(self, page);
	else if (self->awaited == LK_ASK_FIRST)
		replace(self, page->people);
	else
		lk_rows_merge(self->rows, page->people, changed_cb, self);
}

/* -- Asking -- */

static gboolean is_quiet(enum lk_asked awaited)
{
	return awaited == LK_ASK_QUIETLY || awaited == LK_ASK_LOOK;
}

/* Takes over ERROR, of what was awaited, or NULL. Nobody has asked for a look that has failed. */
static void settle(LkUserList *self, GError *error)
{
	gboolean quiet = is_quiet(self->awaited);

	g_clear_object(&self->pending);
	if (error != NULL && quiet) {
		g_error_free(error);
		return;
	}
	g_clear_error(&self->error);
	self->error = error;
	lk_asking_wish(self);
	lk_user_list_notify(self);
}

/* The page that was awaited, once more: what is there is passed over. */
static void fetch_again(LkUserList *self)
{
	g_clear_object(&self->pending);
	lk_paging_forget_cookie(&self->paging);
	lk_asking_fetch(self, self->awaited);
}

static void page_cb(GObject *source, GAsyncResult *result, gpointer user_data)
{
	GError *error = NULL;
	struct lk_list_page *page = lk_session_list_finish(LK_SESSION(source), result, &error);
	LkUserList *self = user_data;

	/* A later search has taken its place, and SELF may be gone. */
	if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED)) {
		g_error_free(error);
		return;
	}
	if (self->awaited == LK_ASK_NEXT && lk_paging_lost_cookie(&self->paging, error)) {
		g_error_free(error);
		fetch_again(self);
		return;
	}
	/* What has no UUID could not be found again: it has to be read now. */
	if (page != NULL && lk_paging_lacks_uuids(page)) {
		lk_list_page_free(page);
		self->paging.tells_uuids = FALSE;
		fetch_again(self);
		return;
	}
	if (page != NULL)
		take_page(self, page);
	else if (self->awaited == LK_ASK_FIRST)
		clear(self);
	lk_list_page_free(page);
	settle(self, error);
}

static void users_cb(GObject *source, GAsyncResult *result, gpointer user_data)
{
	GError *error = NULL;

	(void)source;
	lk_users_read_finish(result, &error);
	if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED)) {
		g_error_free(error);
		return;
	}
	settle(user_data, error);
}

static void begin(LkUserList *self, enum lk_asked awaited)
{
	self->awaited = awaited;
	self->pending = g_cancellable_new();
}

void lk_asking_fetch(LkUserList *self, enum lk_asked awaited)
{
	struct lk_list_request request = lk_paging_request(&self->paging, page_of(awaited), lk_rows_count(self->rows));

	begin(self, awaited);
	lk_session_list_async(self->session, &request, self->pending, page_cb, self);
	g_free(request.filter);
}

/* Takes over USERS. */
static void read_users(LkUserList *self, GPtrArray *users, enum lk_asked awaited)
{
	begin(self, awaited);
	lk_users_read_async(self->session, users, awaited == LK_ASK_LOOK, self->pending, users_cb, self);
	g_ptr_array_unref(users);
}

void lk_asking_abandon(LkUserList *self)
{
	g_clear_handle_id(&self->wish, g_source_remove);
	if (self->pending != NULL && self->awaited == LK_ASK_NEXT)
		lk_paging_forget_cookie(&self->paging);
	g_cancellable_cancel(self->pending);
	g_clear_object(&self->pending);
}

/* What is looked at goes before what might be. */
static gboolean wish_cb(gpointer user_data)
{
	LkUserList *self = user_data;

	self->wish = 0;
	lk_rows_trim(self->rows);
	GPtrArray *users = lk_rows_wanted(self->rows);
	if (users != NULL) {
		read_users(self, users, LK_ASK_CHUNK);
	} else if (self->hungry && !self->paging.complete) {
		lk_asking_fetch(self, LK_ASK_NEXT);
		lk_user_list_notify(self);
	}
	return G_SOURCE_REMOVE;
}

void lk_asking_wish(LkUserList *self)
{
	if (self->wish == 0 && self->pending == NULL && self->error == NULL)
		self->wish = g_idle_add(wish_cb, self);
}

/* -- Watching -- */

void lk_asking_look(LkUserList *self)
{
	GPtrArray *users = lk_rows_shown(self->rows, MOST_LOOKED_AT);

	/* Without anything to read there is no answer either, by which an error would be over. */
	if (users->len > 0)
		read_users(self, users, LK_ASK_LOOK);
	else
		g_ptr_array_unref(users);
}

/* A search that has failed is tried again. */
static gboolean watch_cb(gpointer user_data)
{
	LkUserList *self = user_data;

	if (self->pending != NULL || self->wish != 0)
		return G_SOURCE_CONTINUE;
	if (self->fresh)
		lk_asking_fetch(self, LK_ASK_FIRST);
	else if (lk_paging_is_short(&self->paging, lk_rows_count(self->rows)))
		lk_asking_fetch(self, LK_ASK_QUIETLY);
	else
		lk_asking_look(self);
	return G_SOURCE_CONTINUE;
}

void lk_user_list_watch(LkUserList *self, guint seconds)
{
	g_clear_handle_id(&self->watch, g_source_remove);
	if (seconds > 0)
		self->watch = g_timeout_add_seconds(seconds, watch_cb, self);
}

gboolean lk_user_list_get_busy(LkUserList *self)
{
	return self->pending != NULL && self->awaited != LK_ASK_CHUNK && !is_quiet(self->awaited);
}
