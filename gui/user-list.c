#include "user-list.h"

#include <string.h>

#include "user-reading.h"
#include "user-rows.h"

/* Two screens; slapd answers it in a few milliseconds. A view makes widgets for as many rows as there are, up to MOST_WIDGETS, and
 * takes a millisecond for two of them: so many at once are not felt. After that it uses the same widgets again. */
#define FIRST_PAGES 50
#define MOST_WIDGETS 210

/* Later pages. */
#define PAGE 200

/* A row so far down asks for the next page before it is looked at. */
#define AHEAD 50

/* Up to so many rows a view takes others for in one step, with the widgets that it has; with more of them that is slow. */
#define REPLACED_AT_ONCE 2000

/* So many rows are read anew at once where all is; beyond that, what is looked at. */
#define MOST_ANEW 2000

/* A look at some fifty users costs slapd a millisecond. It is no look for newer entries by modifyTimestamp: the locks of
 * slapo-ppolicy change no time stamp. And it is no synchronization (RFC 4533), which costs slapd for each foreign write. */
#define MOST_LOOKED_AT 300

enum awaited {
	FIRST_PAGE, /* of a new search: it takes the place of what is there */
	NEXT_PAGE,
	ANEW, /* all rows, with what has come since */
	QUIETLY_ANEW, /* the same, unasked for */
	CHUNK,
	LOOK,
};

struct _LkUserList {
	GObject parent_instance;

	LkSession *session;
	char *typed;
	char *base; /* or NULL */
	enum lk_filter_state state;
	struct lk_rows *rows;
	GCancellable *pending; /* NULL where nothing is awaited */
	enum awaited awaited;
	guint wish; /* the idle source that asks for what is wanted next; 0 for none */
	guint watch; /* the source that looks again; 0 for none */
	struct berval cookie; /* of the next page; bv_val NULL: what is there has to be passed over */
	unsigned generation;
	gboolean fresh; /* of this search nothing has come yet */
	gboolean hungry; /* the last rows have been looked at */
	gboolean complete;
	gboolean limited;
	GError *error;
};

static void model_init(GListModelInterface *interface);

G_DEFINE_FINAL_TYPE_WITH_CODE(
	LkUserList, lk_user_list, G_TYPE_OBJECT, G_IMPLEMENT_INTERFACE(G_TYPE_LIST_MODEL, model_init))

enum {
	PROP_BUSY = 1,
	PROP_COMPLETE,
	PROP_ERROR,
	N_PROPS,
};

static GParamSpec *properties[N_PROPS];

static void notify_all(LkUserList *self)
{
	for (guint id = 1; id < N_PROPS; id++)
		g_object_notify_by_pspec(G_OBJECT(self), properties[id]);
}

static void wish_for_more(LkUserList *self);

/* -- What has come -- */

static void forget_cookie(LkUserList *self)
{
	g_free(self->cookie.bv_val);
	self->cookie = (struct berval){0};
}

static void take_end(LkUserList *self, struct lk_list_page *page)
{
	forget_cookie(self);
	self->cookie = page->cookie;
	page->cookie = (struct berval){0};
	self->generation = page->generation;
	self->complete = self->cookie.bv_len == 0;
	self->limited = page->cut;
}

static int compare_names(gconstpointer a, gconstpointer b)
{
	const struct lk_person *one = *(struct lk_person *const *)a, *other = *(struct lk_person *const *)b;

	return g_utf8_collate(lk_person_name(one), lk_person_name(other));
}

/* What a search has found is in the reader's order where it is one page; there is no order that more than that could be brought
 * into without reading all of it. */
static void put_in_order(LkUserList *self, GPtrArray *people)
{
	if (self->complete && people->len <= FIRST_PAGES)
		g_ptr_array_sort(people, compare_names);
}

static void append(LkUserList *self, GPtrArray *people)
{
	guint first = lk_rows_count(self->rows);

	lk_rows_append(self->rows, people);
	g_list_model_items_changed(G_LIST_MODEL(self), first, 0, people->len);
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
	take_end(self, page);
	self->fresh = FALSE;
	self->hungry = self->hungry && page->people->len == 0;
	if (self->awaited == NEXT_PAGE) {
		append(self, page->people);
		return;
	}
	put_in_order(self, page->people);
	if (self->awaited == FIRST_PAGE)
		replace(self, page->people);
	else
		lk_rows_merge(self->rows, page->people, changed_cb, self);
}

/* -- Asking -- */

static gboolean is_quiet(enum awaited awaited)
{
	return awaited == QUIETLY_ANEW || awaited == LOOK;
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
	wish_for_more(self);
	notify_all(self);
}

static void fetch(LkUserList *self, enum awaited awaited);

/* slapd knows one cookie of a connection: that of the paged search that it answered last. */
static gboolean is_of_cookie(LkUserList *self, const GError *error)
{
	return self->cookie.bv_val != NULL && self->awaited == NEXT_PAGE &&
		   (g_error_matches(error, LK_ERROR, LDAP_PROTOCOL_ERROR) ||
			   g_error_matches(error, LK_ERROR, LDAP_UNWILLING_TO_PERFORM));
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
	if (is_of_cookie(self, error)) {
		g_error_free(error);
		g_clear_object(&self->pending);
		forget_cookie(self);
		fetch(self, self->awaited);
		return;
	}
	if (page != NULL)
		take_page(self, page);
	else if (self->awaited == FIRST_PAGE)
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

static void begin(LkUserList *self, enum awaited awaited)
{
	self->awaited = awaited;
	self->pending = g_cancellable_new();
}

static void fetch(LkUserList *self, enum awaited awaited)
{
	guint count = lk_rows_count(self->rows);
	char *filter = lk_filter_users(self->typed, self->state);
	struct lk_list_request request = {.base = self->base,
		.filter = filter,
		.generation = self->generation,
		.size = awaited == FIRST_PAGE || count < MOST_WIDGETS ? FIRST_PAGES : PAGE};

	if (awaited == NEXT_PAGE && self->cookie.bv_val != NULL)
		request.cookie = self->cookie;
	else if (awaited == NEXT_PAGE)
		request.skip = count;
	else if (awaited != FIRST_PAGE)
		request.size = (int)MAX(self->complete ? count + PAGE : count, FIRST_PAGES);
	begin(self, awaited);
	lk_session_list_async(self->session, &request, self->pending, page_cb, self);
	g_free(filter);
}

/* Takes over USERS. */
static void read_users(LkUserList *self, GPtrArray *users, enum awaited awaited)
{
	begin(self, awaited);
	lk_users_read_async(self->session, users, awaited == LOOK, self->pending, users_cb, self);
	g_ptr_array_unref(users);
}

static void abandon(LkUserList *self)
{
	g_clear_handle_id(&self->wish, g_source_remove);
	if (self->pending != NULL && self->awaited == NEXT_PAGE)
		forget_cookie(self); /* nobody knows how far the directory has got */
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
		read_users(self, users, CHUNK);
	} else if (self->hungry && !self->complete) {
		fetch(self, NEXT_PAGE);
		notify_all(self);
	}
	return G_SOURCE_REMOVE;
}

/* Not at once: a view that looks at its rows is laying them out, and must not be told of anything new. */
static void wish_for_more(LkUserList *self)
{
	if (self->wish == 0 && self->pending == NULL && self->error == NULL)
		self->wish = g_idle_add(wish_cb, self);
}

/* -- Watching -- */

static void look(LkUserList *self)
{
	GPtrArray *users = lk_rows_shown(self->rows, MOST_LOOKED_AT);

	/* Without anything to read there is no answer either, by which an error would be over. */
	if (users->len > 0)
		read_users(self, users, LOOK);
	else
		g_ptr_array_unref(users);
}

/* A search that has failed is tried again. */
static gboolean watch_cb(gpointer user_data)
{
	LkUserList *self = user_data;
	guint count = lk_rows_count(self->rows);

	if (self->pending != NULL || self->wish != 0)
		return G_SOURCE_CONTINUE;
	if (self->fresh)
		fetch(self, FIRST_PAGE);
	else if (self->complete && count <= PAGE)
		fetch(self, QUIETLY_ANEW);
	else
		look(self);
	return G_SOURCE_CONTINUE;
}

/* -- The model -- */

static GType get_item_type(GListModel *model)
{
	(void)model;
	return LK_TYPE_USER;
}

static guint get_n_items(GListModel *model)
{
	return lk_rows_count(LK_USER_LIST(model)->rows);
}

static gpointer get_item(GListModel *model, guint position)
{
	LkUserList *self = LK_USER_LIST(model);
	guint count = lk_rows_count(self->rows);

	if (position >= count)
		return NULL;
	LkUser *user = lk_rows_get(self->rows, position);
	self->hungry = self->hungry || position + AHEAD >= count;
	if (!lk_user_is_settled(user) || (self->hungry && !self->complete))
		wish_for_more(self);
	return g_object_ref(user);
}

static void model_init(GListModelInterface *interface)
{
	interface->get_item_type = get_item_type;
	interface->get_n_items = get_n_items;
	interface->get_item = get_item;
}

static void lk_user_list_get_property(GObject *object, guint id, GValue *value, GParamSpec *spec)
{
	LkUserList *self = LK_USER_LIST(object);

	switch (id) {
	case PROP_BUSY:
		g_value_set_boolean(value, lk_user_list_get_busy(self));
		break;
	case PROP_COMPLETE:
		g_value_set_boolean(value, self->complete);
		break;
	case PROP_ERROR:
		g_value_set_boxed(value, self->error);
		break;
	default:
		G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, spec);
	}
}

static void lk_user_list_dispose(GObject *object)
{
	LkUserList *self = LK_USER_LIST(object);

	g_clear_handle_id(&self->watch, g_source_remove);
	abandon(self);
	g_clear_object(&self->session);
	G_OBJECT_CLASS(lk_user_list_parent_class)->dispose(object);
}

static void lk_user_list_finalize(GObject *object)
{
	LkUserList *self = LK_USER_LIST(object);

	forget_cookie(self);
	g_free(self->typed);
	g_free(self->base);
	lk_rows_free(self->rows);
	g_clear_error(&self->error);
	G_OBJECT_CLASS(lk_user_list_parent_class)->finalize(object);
}

static void lk_user_list_class_init(LkUserListClass *class)
{
	GObjectClass *object_class = G_OBJECT_CLASS(class);
	const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

	object_class->get_property = lk_user_list_get_property;
	object_class->dispose = lk_user_list_dispose;
	object_class->finalize = lk_user_list_finalize;
	properties[PROP_BUSY] = g_param_spec_boolean("busy", NULL, NULL, FALSE, flags);
	properties[PROP_COMPLETE] = g_param_spec_boolean("complete", NULL, NULL, FALSE, flags);
	properties[PROP_ERROR] = g_param_spec_boxed("error", NULL, NULL, G_TYPE_ERROR, flags);
	g_object_class_install_properties(object_class, N_PROPS, properties);
}

static void lk_user_list_init(LkUserList *self)
{
	self->rows = lk_rows_new();
}

/* -- Public -- */

LkUserList *lk_user_list_new(LkSession *session)
{
	LkUserList *self = g_object_new(LK_TYPE_USER_LIST, NULL);

	self->session = g_object_ref(session);
	return self;
}

static void begin_anew(LkUserList *self)
{
	abandon(self);
	g_clear_error(&self->error);
	fetch(self, FIRST_PAGE);
	notify_all(self);
}

void lk_user_list_search(LkUserList *self, const char *typed, enum lk_filter_state state, const char *base)
{
	gboolean same = g_strcmp0(typed, self->typed) == 0 && state == self->state && g_strcmp0(base, self->base) == 0;

	if (same && self->error == NULL)
		return;
	char *new_typed = g_strdup(typed), *new_base = g_strdup(base);
	g_free(self->typed);
	g_free(self->base);
	self->typed = new_typed;
	self->base = new_base;
	self->state = state;
	self->fresh = TRUE;
	self->complete = FALSE;
	begin_anew(self);
}

/* What has been added to a long list is at its end: that is read when one comes there. */
static void refresh_shown(LkUserList *self)
{
	lk_rows_forget(self->rows);
	if (self->complete)
		forget_cookie(self);
	self->complete = FALSE;
	look(self);
}

void lk_user_list_refresh(LkUserList *self)
{
	guint count = lk_rows_count(self->rows);

	if (count == 0 || self->fresh) {
		begin_anew(self);
		return;
	}
	abandon(self);
	g_clear_error(&self->error);
	if (count > MOST_ANEW)
		refresh_shown(self);
	else
		fetch(self, ANEW);
	notify_all(self);
}

LkUser *lk_user_list_peek(LkUserList *self, guint position)
{
	return position < lk_rows_count(self->rows) ? lk_rows_peek(self->rows, position) : NULL;
}

void lk_user_list_watch(LkUserList *self, guint seconds)
{
	g_clear_handle_id(&self->watch, g_source_remove);
	if (seconds > 0)
		self->watch = g_timeout_add_seconds(seconds, watch_cb, self);
}

gboolean lk_user_list_get_busy(LkUserList *self)
{
	return self->pending != NULL && self->awaited != CHUNK && !is_quiet(self->awaited);
}

gboolean lk_user_list_get_complete(LkUserList *self)
{
	return self->complete;
}

gboolean lk_user_list_is_limited(LkUserList *self)
{
	return self->limited;
}

const GError *lk_user_list_get_error(LkUserList *self)
{
	return self->error;
}
