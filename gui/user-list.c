#include "user-list.h"

/* Some three screens; slapd answers it in a few milliseconds. */
#define PAGE 100

/* A row so far down asks for the next page before it is looked at. */
#define AHEAD 50

struct _LkUserList {
	GObject parent_instance;

	LkSession *session;
	char *typed;
	enum lk_filter_state state;
	GPtrArray *users; /* of LkUser */
	GCancellable *pending; /* NULL where nothing is awaited */
	guint wish; /* the idle source that asks for the next page; 0 for none */
	struct berval cookie;
	unsigned generation;
	gboolean fresh; /* what is awaited takes the place of what is there */
	gboolean complete;
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

static void append(LkUserList *self, GPtrArray *people)
{
	guint first = self->users->len, removed = 0;

	if (self->fresh && first > 0) {
		removed = first;
		first = 0;
		g_ptr_array_set_size(self->users, 0);
		/* In two steps, because one that replaces all is slow with many rows. */
		g_list_model_items_changed(G_LIST_MODEL(self), 0, removed, 0);
	}
	self->fresh = FALSE;
	for (guint i = 0; i < people->len; i++) {
		LkUser *user = lk_user_new();
		lk_user_take_person(user, people->pdata[i]);
		people->pdata[i] = NULL;
		g_ptr_array_add(self->users, user);
	}
	g_list_model_items_changed(G_LIST_MODEL(self), first, 0, people->len);
}

static void forget_cookie(LkUserList *self)
{
	g_free(self->cookie.bv_val);
	self->cookie = (struct berval){0};
}

static void take_page(LkUserList *self, struct lk_list_page *page)
{
	forget_cookie(self);
	self->cookie = page->cookie;
	page->cookie = (struct berval){0};
	self->generation = page->generation;
	self->complete = self->cookie.bv_len == 0;
	append(self, page->people);
	lk_list_page_free(page);
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
	g_clear_object(&self->pending);
	g_clear_error(&self->error);
	if (page != NULL) {
		take_page(self, page);
	} else if (g_error_matches(error, LK_ERROR, LDAP_PROTOCOL_ERROR) && !self->fresh) {
		g_error_free(error);
		lk_user_list_refresh(self);
	} else {
		self->error = error;
	}
	notify_all(self);
}

static void fetch(LkUserList *self)
{
	char *filter = lk_filter_users(self->typed, self->state);
	struct lk_list_request request = {.filter = filter, .generation = self->generation, .size = PAGE};

	if (!self->fresh)
		request.cookie = self->cookie;
	self->pending = g_cancellable_new();
	lk_session_list_async(self->session, &request, self->pending, page_cb, self);
	g_free(filter);
	notify_all(self);
}

static void abandon(LkUserList *self)
{
	g_clear_handle_id(&self->wish, g_source_remove);
	g_cancellable_cancel(self->pending);
	g_clear_object(&self->pending);
}

static gboolean wish_cb(gpointer user_data)
{
	LkUserList *self = user_data;

	self->wish = 0;
	fetch(self);
	return G_SOURCE_REMOVE;
}

/* Not at once: a view that looks at its rows is laying them out, and must not be told of anything new. */
static void wish_for_more(LkUserList *self)
{
	if (self->wish == 0 && self->pending == NULL && !self->complete && self->error == NULL)
		self->wish = g_idle_add(wish_cb, self);
}

static GType get_item_type(GListModel *model)
{
	(void)model;
	return LK_TYPE_USER;
}

static guint get_n_items(GListModel *model)
{
	return LK_USER_LIST(model)->users->len;
}

static gpointer get_item(GListModel *model, guint position)
{
	LkUserList *self = LK_USER_LIST(model);

	if (position >= self->users->len)
		return NULL;
	if (position + AHEAD >= self->users->len)
		wish_for_more(self);
	return g_object_ref(self->users->pdata[position]);
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
		g_value_set_boolean(value, self->pending != NULL);
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

	abandon(self);
	g_clear_object(&self->session);
	G_OBJECT_CLASS(lk_user_list_parent_class)->dispose(object);
}

static void lk_user_list_finalize(GObject *object)
{
	LkUserList *self = LK_USER_LIST(object);

	forget_cookie(self);
	g_free(self->typed);
	g_ptr_array_unref(self->users);
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
	self->users = g_ptr_array_new_with_free_func(g_object_unref);
	self->fresh = TRUE;
}

LkUserList *lk_user_list_new(LkSession *session)
{
	LkUserList *self = g_object_new(LK_TYPE_USER_LIST, NULL);

	self->session = g_object_ref(session);
	return self;
}

void lk_user_list_search(LkUserList *self, const char *typed, enum lk_filter_state state)
{
	char *copy = g_strdup(typed);

	g_free(self->typed);
	self->typed = copy;
	self->state = state;
	lk_user_list_refresh(self);
}

void lk_user_list_refresh(LkUserList *self)
{
	abandon(self);
	g_clear_error(&self->error);
	self->fresh = TRUE;
	self->complete = FALSE;
	fetch(self);
}

gboolean lk_user_list_get_busy(LkUserList *self)
{
	return self->pending != NULL;
}

gboolean lk_user_list_get_complete(LkUserList *self)
{
	return self->complete;
}

const GError *lk_user_list_get_error(LkUserList *self)
{
	return self->error;
}
